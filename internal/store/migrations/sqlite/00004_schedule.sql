-- What the learned policy remembers (package schedule).

-- +goose Up

-- Of an article: changes found and expected, both fading as it ages; visits in a
-- row that found one; and the channel of the signal that came since the last visit.
ALTER TABLE article ADD COLUMN trace_found REAL NOT NULL DEFAULT 0 CHECK (trace_found >= 0);
ALTER TABLE article ADD COLUMN trace_expected REAL NOT NULL DEFAULT 0 CHECK (trace_expected >= 0);
ALTER TABLE article ADD COLUMN streak INTEGER NOT NULL DEFAULT 0 CHECK (streak >= 0);
ALTER TABLE article ADD COLUMN signal TEXT NOT NULL DEFAULT '' CHECK (signal IN ('', 'feed', 'sitemap', 'title', 'push'));
ALTER TABLE article ADD COLUMN kind TEXT NOT NULL DEFAULT '' CHECK (kind IN ('', 'live'));

-- Of a source: visits an hour that it may have. NULL = as many as are polite.
ALTER TABLE source ADD COLUMN budget REAL CHECK (budget > 0);

-- Of a group of articles; source 0 = of all sources. counts: as package track
-- writes them, 8 bytes a number.
CREATE TABLE curve (
    source_id  INTEGER NOT NULL CHECK (source_id >= 0),
    kind       TEXT    NOT NULL,
    section    TEXT    NOT NULL CHECK (length(section) <= 100),
    counts     BLOB    NOT NULL CHECK (length(counts) % 8 = 0),
    learned_at INTEGER NOT NULL,
    PRIMARY KEY (source_id, kind, section)
) STRICT, WITHOUT ROWID;

-- Which articles a feed lists now, and can tell of: those of its newest document that
-- bear a time of update.
ALTER TABLE announcement ADD COLUMN listed_at INTEGER;
ALTER TABLE feed ADD COLUMN document_at INTEGER;
