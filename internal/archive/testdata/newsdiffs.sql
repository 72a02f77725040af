CREATE TABLE "Articles" ("id" integer NOT NULL PRIMARY KEY, "url" varchar(255) NOT NULL UNIQUE, "initial_date" datetime NOT NULL, "last_update" datetime NOT NULL, "last_check" datetime NOT NULL, "git_dir" varchar(255) NOT NULL);
CREATE TABLE "version" ("id" integer NOT NULL PRIMARY KEY, "article_id" integer NOT NULL REFERENCES "Articles" ("id"), "v" varchar(255) NOT NULL, "title" varchar(255) NOT NULL, "byline" varchar(255) NOT NULL, "date" datetime NOT NULL, "boring" bool NOT NULL, "diff_json" varchar(255));
CREATE TABLE "upvotes" ("id" integer NOT NULL PRIMARY KEY);
INSERT INTO "Articles" VALUES
 (1, 'http://www.example.org/a/one', '2012-06-01 10:00:00', '2012-06-03 10:00:01', '2012-06-09 10:00:00', 'old'),
 (2, 'http://www.example.org/b two?x=1/', '2012-06-01 10:00:00', '2012-06-04 10:00:01', '2012-06-09 10:00:00', 'old'),
 (3, 'http://www.example.org/c', '2012-06-01 10:00:00', '1901-01-01 00:00:00', '2012-06-09 10:00:00', 'old'),
 (4, 'http://www.example.org/d', '2012-06-01 10:00:00', '1901-01-01 00:00:00', '2012-06-09 10:00:00', '../../etc'),
 (5, 'http://www.example.org/a/one/', '2012-06-01 10:00:00', '1901-01-01 00:00:00', '2012-06-09 10:00:00', 'old');
INSERT INTO "version" VALUES
 (1, 1, '%s', 'Rain is coming', 'By ANN WRITER', '2012-06-01 10:00:01', 0, NULL),
 (2, 1, '%s', 'Rain is coming', 'By ANN WRITER', '2012-06-02 10:00:01', 1, NULL),
 (3, 1, '%s', 'Rain has come', 'By ANN WRITER', '2012-06-03 10:00:01', 0, '{"chars_added": 3}'),
 (4, 2, '%s', 'A title without a date', 'By BOB', '2012-06-04 10:00:01', 0, NULL),
 (5, 3, '%s', 'Not in that commit', 'By BOB', '2012-06-05 10:00:01', 0, NULL),
 (6, 3, '--upload-pack', 'No commit', 'By BOB', '2012-06-05 10:00:01', 0, NULL),
 (7, 3, 'abcdef0123456789abcdef0123456789abcdef01', 'Commit that is not there', 'By BOB', '2012-06-05 10:00:01', 0, NULL),
 (8, 4, 'abcdef0123456789abcdef0123456789abcdef01', 'Elsewhere', 'By BOB', '2012-06-05 10:00:01', 0, NULL);
