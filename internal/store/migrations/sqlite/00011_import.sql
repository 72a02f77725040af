-- What came from elsewhere: the ids that articles and versions had there, what
-- else their records said, and how far the import of a file has come.

-- +goose Up

-- old_id: unique within a source of that origin only.
CREATE TABLE import_article (
    origin     TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
    old_id     TEXT    NOT NULL CHECK (length(old_id) BETWEEN 1 AND 200),
    source_id  INTEGER NOT NULL REFERENCES source (id),
    article_id INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (origin, old_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_article_article ON import_article (article_id);

-- extra: JSON of the record without what the version holds, '' = nothing. A
-- version without old_id and extra has no row.
CREATE TABLE import_version (
    version_id INTEGER PRIMARY KEY REFERENCES version (id),
    origin     TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
    old_id     TEXT    NOT NULL CHECK (length(old_id) <= 200),
    extra      TEXT    NOT NULL
) STRICT;
CREATE INDEX import_version_old ON import_version (origin, old_id) WHERE old_id <> '';

-- file: digest that names a file by its bytes. A row goes when its import ends.
CREATE TABLE import_position (
    origin   TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
    file     BLOB    NOT NULL CHECK (length(file) = 32),
    name     TEXT    NOT NULL,
    position TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (origin, file)
) STRICT;
