-- What came with the work on truth: states besides gone, blocks held back,
-- events of a source, ignore rules, hourly figures, derived texts.

-- +goose Up

-- Two CHECK constraints learn new words. ALTER TABLE cannot do that, and to build
-- the tables anew would drop rows that others reference, and the triggers that
-- guard them. So their text is edited in place, which SQLite provides for where,
-- as here, no row that was good becomes bad ("Making Other Kinds Of Table Schema
-- Changes"); all in the one transaction of this migration. The guard
-- fails it when a text was not what it should be.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''new'', ''live'', ''gone'', ''duplicate''',
    '''new'', ''live'', ''gone'', ''moved'', ''blocked'', ''paywalled'', ''duplicate''') WHERE type = 'table' AND name = 'article';
UPDATE sqlite_schema SET sql = replace(sql, '''version'', ''gone'', ''returned'', ''moved''',
    '''version'', ''gone'', ''returned'', ''moved'', ''blocked'', ''paywalled''') WHERE type = 'table' AND name = 'change';
PRAGMA writable_schema = RESET;
CREATE TABLE migration_guard (edited INTEGER CHECK (edited = 2)) STRICT;
INSERT INTO migration_guard SELECT count(*) FROM sqlite_schema
    WHERE type = 'table' AND name IN ('article', 'change') AND sql LIKE '%''moved'', ''blocked'', ''paywalled''%';
DROP TABLE migration_guard;

-- state_at: when the state began.
ALTER TABLE article ADD COLUMN state_at INTEGER CHECK (state_at IS NOT NULL OR state NOT IN ('moved', 'blocked', 'paywalled'));
UPDATE article SET state_at = gone_at WHERE state = 'gone';
-- held: blocks held back, those beyond the limit of table held each time anew.
ALTER TABLE article ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0);
ALTER TABLE tally ADD COLUMN held INTEGER NOT NULL DEFAULT 0; -- of its articles

-- grown: a live blog grew, and nothing that stood was edited.
ALTER TABLE change ADD COLUMN grown INTEGER NOT NULL DEFAULT 0 CHECK (grown IN (0, 1) AND (grown = 0 OR type = 'version'));
ALTER TABLE change ADD COLUMN posts INTEGER NOT NULL DEFAULT 0 CHECK (posts >= 0);

-- memory: what is known of the blocks of the page, in the form of who compares;
-- model: the version of the model of furniture that made it.
ALTER TABLE baseline ADD COLUMN memory BLOB CHECK (length(memory) <= 65536);
ALTER TABLE baseline ADD COLUMN model TEXT NOT NULL DEFAULT '';

-- model: as above; screenshot: SHA-256 of a blob.
ALTER TABLE capture ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE capture ADD COLUMN screenshot BLOB CHECK (length(screenshot) = 32);
CREATE INDEX capture_screenshot ON capture (screenshot) WHERE screenshot IS NOT NULL;

-- render: how a browser is used for its pages, '' = not at all.
ALTER TABLE source ADD COLUMN render TEXT NOT NULL DEFAULT '' CHECK (render IN ('', 'dom', 'screenshot'));

-- Blocks held back: they came or went (absent), and that was no edit. A key is a
-- 64-bit hash, written as a signed number.
CREATE TABLE held (
    article_id INTEGER NOT NULL REFERENCES article (id),
    key        INTEGER NOT NULL,
    absent     INTEGER NOT NULL CHECK (absent IN (0, 1)),
    text       TEXT    NOT NULL,
    why        TEXT    NOT NULL,
    times      INTEGER NOT NULL CHECK (times > 0),
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL CHECK (last_at >= first_at),
    PRIMARY KEY (article_id, key, absent)
) STRICT, WITHOUT ROWID;

-- On how many articles of a source a block was; article_id is the latest.
CREATE TABLE recurrence (
    source_id  INTEGER NOT NULL REFERENCES source (id),
    key        INTEGER NOT NULL,
    articles   INTEGER NOT NULL CHECK (articles > 0),
    article_id INTEGER NOT NULL REFERENCES article (id),
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX recurrence_article ON recurrence (article_id);
CREATE INDEX recurrence_once ON recurrence (seen_at) WHERE articles = 1;

CREATE TABLE event (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    kind      TEXT    NOT NULL CHECK (kind IN ('template', 'alarm')),
    subject   TEXT    NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    note      TEXT    NOT NULL,
    articles  INTEGER NOT NULL CHECK (articles >= 0),
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL CHECK (last_at >= first_at),
    ended_at  INTEGER CHECK (ended_at >= last_at)
) STRICT;
CREATE INDEX event_source ON event (source_id, id);
CREATE UNIQUE INDEX event_open ON event (source_id, kind, subject) WHERE ended_at IS NULL;

CREATE TABLE ignore_rule (
    id         INTEGER PRIMARY KEY,
    source_id  INTEGER REFERENCES source (id), -- NULL = all
    selector   TEXT    NOT NULL,
    pattern    TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (selector <> '' OR pattern <> '')
) STRICT;
CREATE INDEX ignore_rule_source ON ignore_rule (source_id);

-- The figures of a source by the hour, and by what happened in it. bins: how many
-- of the pages read had 0, 1, 2-3, 4-7 … words, with commas. furniture: the sum
-- of the shares of their text that is furniture.
CREATE TABLE pulse (
    source_id INTEGER NOT NULL REFERENCES source (id),
    hour      INTEGER NOT NULL CHECK (hour % 3600000000 = 0),
    visits    INTEGER NOT NULL CHECK (visits >= 0),
    seen      INTEGER NOT NULL CHECK (seen >= 0),
    read      INTEGER NOT NULL CHECK (read >= 0),
    empty     INTEGER NOT NULL CHECK (empty BETWEEN 0 AND read),
    blocked   INTEGER NOT NULL CHECK (blocked >= 0),
    failed    INTEGER NOT NULL CHECK (failed >= 0),
    changes   INTEGER NOT NULL CHECK (changes >= 0),
    words     INTEGER NOT NULL CHECK (words >= 0),
    bins      TEXT    NOT NULL,
    furniture REAL    NOT NULL CHECK (furniture >= 0),
    PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX pulse_hour ON pulse (hour);

-- A text as a later extractor reads the capture of the version; the version stays
-- as it was recorded. encoding: as in version.
CREATE TABLE derived (
    version_id INTEGER PRIMARY KEY REFERENCES version (id),
    extractor  TEXT    NOT NULL,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    identity   BLOB    NOT NULL CHECK (length(identity) = 32),
    headline   TEXT    NOT NULL,
    words      INTEGER NOT NULL CHECK (words >= 0),
    encoding   INTEGER NOT NULL CHECK (encoding = 0),
    body       BLOB    NOT NULL,
    made_at    INTEGER NOT NULL
) STRICT;
