package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

const pulseColumns = `source_id, hour, visits, seen, read, empty, blocked, failed, changes, words, bins, furniture`

func scanPulse(r row) (p news.Pulse, err error) {
	var bins string
	err = r.Scan(&p.SourceID, when{&p.Hour}, &p.Visits, &p.Seen, &p.Read, &p.Empty, &p.Blocked, &p.Failed, &p.Changes, &p.Words, &bins, &p.Furniture)
	if err != nil {
		return p, err
	}
	counts, err := parseNumbers(bins)
	if err == nil && len(counts) != news.WordBins {
		err = fmt.Errorf("%d bins of words, want %d", len(counts), news.WordBins)
	}
	copy(p.Bins[:], counts)
	return p, err
}

// addPulse adds to the figures of the hour.
func (t *tx) addPulse(ctx context.Context, p news.Pulse) error {
	sum, err := one(ctx, t, scanPulse, `SELECT `+pulseColumns+` FROM pulse WHERE source_id = $1 AND hour = $2`, p.SourceID, micros(p.Hour))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	p.Add(sum)
	_, err = t.ExecContext(ctx, `INSERT INTO pulse (`+pulseColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (source_id, hour) DO UPDATE SET visits = excluded.visits, seen = excluded.seen, read = excluded.read, empty = excluded.empty,
			blocked = excluded.blocked, failed = excluded.failed, changes = excluded.changes, words = excluded.words,
			bins = excluded.bins, furniture = excluded.furniture`,
		p.SourceID, micros(p.Hour), p.Visits, p.Seen, p.Read, p.Empty, p.Blocked, p.Failed, p.Changes, p.Words, formatNumbers(p.Bins[:]), p.Furniture)
	return err
}

// Pulses lists the hourly figures of a source since then, in order; hours
// without a visit are left out.
func (s *Store) Pulses(ctx context.Context, sourceID int64, since time.Time) (hours []news.Pulse, err error) {
	from := int64(0)
	if since.After(time.UnixMicro(0)) {
		from = since.UnixMicro()
	}
	err = s.read(ctx, fmt.Sprintf("figures of source %d", sourceID), func(t *tx) (err error) {
		hours, err = list(ctx, t, scanPulse, `SELECT `+pulseColumns+` FROM pulse WHERE source_id = $1 AND hour >= $2 ORDER BY hour`, sourceID, from)
		return err
	})
	return hours, err
}

// visitsSince takes hour.
const visitsSince = `SELECT coalesce(sum(visits), 0), coalesce(sum(seen), 0), coalesce(sum(blocked), 0), coalesce(sum(failed), 0) FROM pulse WHERE hour >= $1`

// VisitsSince adds up, over all sources, the visits to articles since the hour of
// that time: Visits, Seen, Blocked and Failed are set.
func (s *Store) VisitsSince(ctx context.Context, since time.Time) (p news.Pulse, err error) {
	from := int64(0)
	if since.After(time.UnixMicro(0)) {
		from = since.Truncate(time.Hour).UnixMicro()
	}
	err = s.read(ctx, "visits", func(t *tx) error {
		return t.QueryRowContext(ctx, visitsSince, from).Scan(&p.Visits, &p.Seen, &p.Blocked, &p.Failed)
	})
	return p, err
}

// CaptureCount tells how many captures were ever recorded.
func (s *Store) CaptureCount(ctx context.Context) (n int64, err error) {
	err = s.read(ctx, "count captures", func(t *tx) (err error) {
		n, err = t.id(ctx, s.d.given, "capture")
		return err
	})
	return n, err
}
