CREATE TABLE "feed" ("url" VARCHAR(255) NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "created" DATETIME NOT NULL);
CREATE TABLE "entry" ("id" INTEGER NOT NULL PRIMARY KEY, "url" VARCHAR(255) NOT NULL, "created" DATETIME NOT NULL, "checked" DATETIME NOT NULL);
CREATE TABLE "feedentry" ("id" INTEGER NOT NULL PRIMARY KEY, "feed_id" VARCHAR(255) NOT NULL, "entry_id" INTEGER NOT NULL, "created" DATETIME NOT NULL);
CREATE TABLE "entryversion" ("id" INTEGER NOT NULL PRIMARY KEY, "title" VARCHAR(255) NOT NULL, "url" VARCHAR(255) NOT NULL, "summary" VARCHAR(255) NOT NULL, "created" DATETIME NOT NULL, "archive_url" VARCHAR(255), "entry_id" INTEGER NOT NULL);
CREATE INDEX "entryversion_entry_id" ON "entryversion" ("entry_id");
INSERT INTO feed VALUES ('https://daily.example.org/rss', 'The Daily', '2017-01-01 10:00:00'), ('https://daily.example.org/atom', 'The Daily (Atom)', '2017-01-01 10:00:00');
INSERT INTO entry VALUES
 (1, 'https://daily.example.org/ferry?utm_source=rss', '2017-01-02 10:00:00.5', '2017-01-05 12:00:00.25'),
 (2, 'https://short.example.org/f1', '2017-01-02 11:00:00', '2017-01-04 12:00:00'),
 (3, 'https://daily.example.org/empty', '2017-01-02 11:00:00', '2017-01-02 11:00:00'),
 (4, 'https://daily.example.org/snow', '2017-01-02 11:00:00', 'never');
INSERT INTO feedentry VALUES (1, 'https://daily.example.org/rss', 1, '2017-01-02 10:00:00'), (2, 'https://daily.example.org/atom', 2, '2017-01-02 11:00:00'), (3, 'https://daily.example.org/rss', 4, '2017-01-02 11:00:00');
INSERT INTO entryversion VALUES
 (10, 'Ferry runs late', 'https://daily.example.org/ferry', '<div><p>The ferry ran late &amp; full.</p><p>It was  <b>cold</b>.</p></div>', '2017-01-02 10:01:00.123456', 'https://web.example.org/web/2017/ferry', 1),
 (11, 'Snow', 'https://daily.example.org/snow', 'No paragraph<p></p><blockquote><p>Said so</p></blockquote><ul><li>one</li><li><p>two</p></li></ul><h2>More</h2>plain<br>line<br><br>next<script>x()</script><table><tr><td>a</td><td>b</td></tr></table>', '2017-01-02 11:01:00', NULL, 4),
 (12, 'Ferry runs very late', 'https://daily.example.org/ferry', '<p>The ferry ran very late.</p>', '2017-01-03 10:01:00', NULL, 2),
 (13, 'Ferry is back', 'https://daily.example.org/ferry', '<p>The ferry is back.</p>', '2017-01-04 10:01:00', NULL, 1),
 (14, 'Without a time', 'https://daily.example.org/timeless', '<p>x</p>', '', NULL, 4),
 (15, 'Without an entry', 'https://daily.example.org/lost', '<p>x</p>', '2017-01-04 10:01:00', NULL, 77);
