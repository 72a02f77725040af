-- Fairness among the sources of one host, and times that a wrong clock left.

-- +goose Up

-- By source, too: each source of a host is asked for what is due of it, which
-- is counted along the same index.
DROP INDEX article_due;
CREATE INDEX article_due ON article (host_id, source_id, due) WHERE due IS NOT NULL;
DROP INDEX feed_due;
CREATE INDEX feed_due ON feed (host_id, source_id, due) WHERE due IS NOT NULL;

-- rounds: how often it was leased; says which source of it begins.
ALTER TABLE host ADD COLUMN rounds INTEGER NOT NULL DEFAULT 0;

-- They find leases, and rests of free hosts, that end later than any that are given.
CREATE INDEX host_leased ON host (ready_at) WHERE lease IS NOT NULL;
CREATE INDEX host_resting ON host (not_before) WHERE lease IS NULL AND ready_at IS NOT NULL;
