-- Raw captures that rest on others, and those that are given up by rule.

-- +goose Up

-- How long raw bytes of captures are kept, in microseconds; NULL = for ever.
ALTER TABLE source ADD COLUMN keep_raw INTEGER CHECK (keep_raw > 0);

-- What an object may rest on: written before the object, so a row may be of one
-- that rests on nothing; and there may be several. No object rests on what is not
-- named here.
CREATE TABLE blob_base (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    base   BLOB NOT NULL CHECK (length(base) = 32 AND base <> digest),
    PRIMARY KEY (digest, base)
) STRICT, WITHOUT ROWID;

CREATE INDEX blob_base_base ON blob_base (base);

-- Blobs that were given up on purpose; captures name them still. gone: 0 = they
-- are about to be deleted, no new object may rest on them; 1 = they are.
CREATE TABLE dropped (
    digest     BLOB    PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    dropped_at INTEGER NOT NULL,
    why        TEXT    NOT NULL CHECK (why <> ''),
    gone       INTEGER NOT NULL CHECK (gone IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX dropped_waiting ON dropped (dropped_at) WHERE gone = 0;

-- The captures of an article whose bytes are named.
CREATE INDEX capture_bytes ON capture (article_id, id) WHERE raw IS NOT NULL;
