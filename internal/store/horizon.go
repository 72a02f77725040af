package store

import (
	"context"
	"time"
)

// How far ahead times are planned at the most. What lies further ahead was
// written while the clock was wrong, and counts as over: it is due, free, or
// rested now. So after any step of the clock nothing waits longer than this.
const (
	// MaxDue is the longest wait for a visit; a longer one is cut to it.
	MaxDue = 400 * 24 * time.Hour
	// MaxRest is the longest rest of a host; a longer one is cut to it. It is twice
	// what a host can ask for, so that a clock set back by a little ends no rest.
	MaxRest = 48 * time.Hour
)

// farDue, farLease and farRest are the last times that are believed.
func (t *tx) farDue() any   { return micros(t.now.Add(MaxDue)) }
func (t *tx) farLease() any { return micros(t.now.Add(MaxLease)) }
func (t *tx) farRest() any  { return micros(t.now.Add(MaxRest)) }

// planned is a due time as it is written; the zero time is never.
func (t *tx) planned(due time.Time) time.Time { return earlier(due, t.now.Add(MaxDue)) }

// earlier is the earlier of two times; a zero one stays.
func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

// A span is the first and the last of some due times; zero = there are none.
type span struct{ first, last time.Time }

func scanSpan(r row) (s span, err error) { return s, r.Scan(when{&s.first}, when{&s.last}) }

// due is when the first of them is due; what lies too far ahead is due now.
func (s span) due(t *tx) time.Time {
	if s.last.After(t.now.Add(MaxDue)) {
		return earlier(s.first, t.now)
	}
	return s.first
}

// unbelieved are hosts that a wrong clock left: with work planned too far ahead,
// leased for too long, told to rest for too long. now, farDue, farLease and
// farRest are $1 to $4.
var unbelieved = []string{
	`h.ready_at > $2 ORDER BY h.ready_at`,
	`h.lease IS NOT NULL AND h.ready_at > $3 ORDER BY h.ready_at`,
	`h.lease IS NULL AND h.ready_at > $1 AND h.not_before > $4 ORDER BY h.not_before`,
}

// horizonArgs are the parameters of unbelieved.
func (t *tx) horizonArgs() []any {
	return []any{micros(t.now), t.farDue(), t.farLease(), t.farRest()}
}

// nextHost is a selection of the one host to lease: one that a wrong clock left
// first, because nobody knows how long it has waited, then the one that has been
// ready for longest. Its parameters are those of unbelieved.
func nextHost(ready string, first func(where string) string) string {
	query := "coalesce("
	for _, where := range unbelieved {
		query += first(where) + `, `
	}
	return query + ready + ")"
}

// firstHost selects the first of those hosts, whoever holds its domain.
func firstHost(where string) string { return `(SELECT h.id FROM host h WHERE ` + where + ` LIMIT 1)` }

// NextReady is when the next host becomes ready, or the next lease runs out;
// false when nothing is due on any host, ever. What is ready may be on a domain
// that another machine holds.
func (s *Store) NextReady(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.read(ctx, "next ready host", func(t *tx) error {
		left, err := t.id(ctx, `SELECT `+nextHost(`0`, firstHost), t.horizonArgs()...)
		if err != nil {
			return err
		}
		if left > 0 {
			at = t.now
			return nil
		}
		return t.QueryRowContext(ctx, `SELECT min(ready_at) FROM host WHERE ready_at IS NOT NULL`).Scan(when{&at})
	})
	return at, !at.IsZero(), err
}
