-- What came with good manners: what pages reserve, hosts whose 304 is not to be
-- believed, outages.

-- +goose Up

-- As in 00002: a CHECK constraint learns a word, in place; the guard fails the
-- migration when its text was not what it should be.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''template'', ''alarm''', '''template'', ''alarm'', ''outage''')
    WHERE type = 'table' AND name = 'event';
PRAGMA writable_schema = RESET;
CREATE TABLE migration_guard (edited INTEGER CHECK (edited = 1)) STRICT;
INSERT INTO migration_guard SELECT count(*) FROM sqlite_schema
    WHERE type = 'table' AND name = 'event' AND sql LIKE '%''alarm'', ''outage''%';
DROP TABLE migration_guard;

-- reserved: what its page reserved when it was last read, in the order of
-- news.Reservations, with commas; since reserved_at. tdm_policy: an address.
-- hidden_by_page: hidden was not written by hand, but follows from reserved.
ALTER TABLE article ADD COLUMN reserved TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN reserved_at INTEGER CHECK ((reserved = '') = (reserved_at IS NULL));
ALTER TABLE article ADD COLUMN tdm_policy TEXT NOT NULL DEFAULT '' CHECK (tdm_policy = '' OR reserved LIKE '%tdm');
ALTER TABLE article ADD COLUMN hidden_by_page INTEGER NOT NULL DEFAULT 0 CHECK (hidden_by_page IN (0, 1) AND (hidden_by_page = 0 OR hidden <> ''));
CREATE INDEX article_reserved ON article (source_id, reserved) WHERE reserved <> '';

-- Changes of a text found by requests without conditions: lies, of those that came
-- under the very validators that we held, and honest, of those that did not.
ALTER TABLE host ADD COLUMN lies INTEGER NOT NULL DEFAULT 0 CHECK (lies >= 0);
ALTER TABLE host ADD COLUMN honest INTEGER NOT NULL DEFAULT 0 CHECK (honest >= 0);
CREATE INDEX host_lies ON host (id) WHERE lies > 0;
