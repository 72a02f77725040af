package store

import (
	"context"
	"time"
)

// A tally is by how much the counts of a source grow, and its latest times.
type tally struct {
	feeds, articles, versioned, versions, changes, gone, held int
	lastVisit, lastOK, lastChange                             time.Time
}

// count adds to the counts of a source. Times only move forward.
func (t *tx) count(ctx context.Context, sourceID int64, d tally) error {
	return t.exec(ctx, `UPDATE tally SET feeds = feeds + $2, articles = articles + $3, versioned = versioned + $4,
		versions = versions + $5, changes = changes + $6, gone = gone + $7, held = held + $8,
		last_visit = CASE WHEN last_visit IS NULL OR $9 > last_visit THEN coalesce($9, last_visit) ELSE last_visit END,
		last_ok = CASE WHEN last_ok IS NULL OR $10 > last_ok THEN coalesce($10, last_ok) ELSE last_ok END,
		last_change = CASE WHEN last_change IS NULL OR $11 > last_change THEN coalesce($11, last_change) ELSE last_change END
		WHERE source_id = $1`,
		sourceID, d.feeds, d.articles, d.versioned, d.versions, d.changes, d.gone, d.held,
		micros(d.lastVisit), micros(d.lastOK), micros(d.lastChange))
}

// Totals gives the counts of the whole store, from those of its sources.
func (s *Store) Totals(ctx context.Context) (n Totals, err error) {
	err = s.read(ctx, "totals", func(t *tx) error {
		return t.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(feeds), 0), coalesce(sum(articles), 0), coalesce(sum(versions), 0),
			coalesce(sum(changes), 0), coalesce(sum(gone), 0), max(last_visit), max(last_change) FROM tally`).
			Scan(&n.Sources, &n.Feeds, &n.Articles, &n.Versions, &n.Changes, &n.Gone, when{&n.LastVisit}, when{&n.LastChange})
	})
	return n, err
}

// MaxHealth is up to which number Health counts the articles of a source.
const MaxHealth = 10_000

// healthCounts takes since, MaxHealth.
const healthCounts = `SELECT s.key, (SELECT count(*) FROM (SELECT 1 AS n FROM article a
	WHERE a.source_id = s.id AND a.found_at >= $1 AND a.versions > 0 LIMIT $2) AS f) FROM source s`

// Health gives, for every source, how many articles found since then have a
// version, MaxHealth at most: a source that has none is broken, or asleep.
func (s *Store) Health(ctx context.Context, since time.Time) (found map[string]int, err error) {
	type pair struct {
		key string
		n   int
	}
	from := int64(0)
	if since.After(time.UnixMicro(0)) {
		from = since.UnixMicro()
	}
	err = s.read(ctx, "health", func(t *tx) error {
		pairs, err := list(ctx, t, func(r row) (p pair, err error) { return p, r.Scan(&p.key, &p.n) },
			healthCounts, from, MaxHealth)
		found = make(map[string]int, len(pairs))
		for _, p := range pairs {
			found[p.key] = p.n
		}
		return err
	})
	return found, err
}
