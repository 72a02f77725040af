-- What a change means, as the rules of package appraise say: derived from the
-- two versions, made anew when rules or weights change, and no part of history.

-- +goose Up

-- weights: digest of the weights that it was made with. kinds: in the order of
-- news.Kinds, with commas. reasons: JSON. findings: a zstd frame of JSON, which is
-- last because lists do not read it.
CREATE TABLE appraisal (
    seq          INTEGER PRIMARY KEY REFERENCES change (seq),
    rules        INTEGER NOT NULL CHECK (rules > 0),
    weights      TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    kinds        TEXT    NOT NULL,
    significance REAL    NOT NULL CHECK (significance BETWEEN 0 AND 100),
    trivial      INTEGER NOT NULL CHECK (trivial IN (0, 1)),
    disclosure   TEXT    NOT NULL CHECK (disclosure IN ('', 'silent', 'disclosed', 'noticed', 'bumped')),
    appraised_at INTEGER NOT NULL,
    reasons      TEXT    NOT NULL,
    findings     BLOB    NOT NULL
) STRICT;
