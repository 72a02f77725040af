-- Texts as chains of differences, and trained dictionaries for those that begin one.

-- +goose Up

-- Written into frames by its number, so never altered and never deleted.
CREATE TABLE dictionary (
    id         INTEGER PRIMARY KEY CHECK (id > 0),
    language   TEXT    NOT NULL CHECK (length(language) <= 8), -- of the texts it is for; '' = all
    bytes      BLOB    NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1048576),
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    trained_at INTEGER NOT NULL,
    samples    INTEGER NOT NULL CHECK (samples > 0)
) STRICT;
CREATE INDEX dictionary_language ON dictionary (language, id);

-- +goose StatementBegin
CREATE TRIGGER dictionary_is_never_altered BEFORE UPDATE ON dictionary BEGIN
    SELECT RAISE(ABORT, 'a dictionary is never altered');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dictionary_is_never_deleted BEFORE DELETE ON dictionary BEGIN
    SELECT RAISE(ABORT, 'a dictionary is never deleted');
END;
-- +goose StatementEnd

-- encoding: 0 = zstd frame, 1 = zstd frame that needs dictionary, 2 = zstd frame
-- that needs the canonical form of the version before as raw dictionary. The CHECK
-- learns the new numbers in its place; see 00002 for how and why.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (encoding = 0)', 'CHECK (encoding IN (0, 1, 2))') WHERE type = 'table' AND name = 'version';
PRAGMA writable_schema = RESET;
CREATE TABLE migration_guard (edited INTEGER CHECK (edited = 1)) STRICT;
INSERT INTO migration_guard SELECT count(*) FROM sqlite_schema
    WHERE type = 'table' AND name = 'version' AND sql LIKE '%CHECK (encoding IN (0, 1, 2))%';
DROP TABLE migration_guard;

ALTER TABLE version ADD COLUMN dictionary INTEGER REFERENCES dictionary (id) CHECK ((dictionary IS NOT NULL) = (encoding = 1));
