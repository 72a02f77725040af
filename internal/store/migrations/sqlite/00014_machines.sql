-- Several machines on one database: which of them crawl, and who keeps the pace of
-- a registrable domain.

-- +goose Up

-- until: when a machine that is not heard of counts as dead.
CREATE TABLE machine (
    token   TEXT    PRIMARY KEY NOT NULL CHECK (length(token) >= 26),
    name    TEXT    NOT NULL,
    seen_at INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT;

-- holder: the machine that visits the hosts of the domain until then; not_before:
-- another machine waits that long; gap: between two requests, as last kept.
CREATE TABLE domain (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    holder     TEXT    NOT NULL DEFAULT '',
    until      INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    gap        INTEGER NOT NULL DEFAULT 0 CHECK (gap >= 0)
) STRICT;

ALTER TABLE host ADD COLUMN domain_id INTEGER REFERENCES domain (id);
ALTER TABLE host ADD COLUMN machine TEXT NOT NULL DEFAULT ''; -- that holds the lease
CREATE INDEX host_domain ON host (domain_id) WHERE lease IS NOT NULL;

-- How many ids of a table were given and never used before its rows came here from
-- another database.
CREATE TABLE gap (
    name TEXT    PRIMARY KEY NOT NULL,
    ids  INTEGER NOT NULL CHECK (ids >= 0)
) STRICT;
