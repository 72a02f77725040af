package store

import (
	"context"
	"time"
)

// A Lag tells how far visits are behind: how many are due and wait, be it for a
// worker or for the politeness of their host, and for how long the most overdue
// has waited. What counts as due because a wrong clock planned it (see MaxDue) is
// counted, with no wait, for that is not known.
type Lag struct {
	Requests, Feeds, Articles int
	Longest                   time.Duration
}

// Due is how many visits are due.
func (l Lag) Due() int { return l.Requests + l.Feeds + l.Articles }

// add counts n things that are due, the first of them since then.
func (l *Lag) add(now time.Time, part *int, p pile) {
	*part += p.n
	if !p.first.IsZero() && p.first.Before(now) {
		l.Longest = max(l.Longest, now.Sub(p.first))
	}
}

// A pile is what is due of a source on one host; source is 0 for requests.
type pile struct {
	source int64
	n      int
	first  time.Time
}

func scanPile(r row) (p pile, err error) { return p, r.Scan(&p.source, &p.n, when{&p.first}) }

// They list piles, leaping from one to the next along the index; they take now
// and farDue.
var (
	pilesOfFeeds    = piles("feed")
	pilesOfArticles = piles("article")
)

// pilesOfRequests takes now, farDue, and scans few rows: those that are pending.
const pilesOfRequests = `SELECT 0, count(*), min(due) FROM request WHERE due IS NOT NULL AND (due <= $1 OR due > $2)`

func piles(table string) string {
	of := func(what, host, where string) string {
		return `(SELECT ` + what + ` FROM ` + table + ` x WHERE x.host_id = ` + host + ` AND x.due IS NOT NULL` + where + `)`
	}
	due := func(what, until string) string {
		return of(what, "w.host_id", ` AND x.source_id = w.source_id AND x.due`+until)
	}
	return `WITH RECURSIVE waits (host_id, source_id) AS (SELECT w.id, ` + of("min(x.source_id)", "w.id", "") + ` FROM host w UNION ALL
		SELECT w.host_id, ` + of("min(x.source_id)", "w.host_id", " AND x.source_id > w.source_id") + ` FROM waits w WHERE w.source_id IS NOT NULL)
		SELECT w.source_id, ` + due("count(*)", ` <= $1`) + ` + ` + due("count(*)", ` > $2`) + `, ` + due("min(x.due)", ` <= $1`) + `
		FROM waits w WHERE w.source_id IS NOT NULL`
}

// Lag gives the lag of all visits, and that of each source with visits due, by
// id. What is due waits until the visit is recorded, so a visit under way counts.
func (s *Store) Lag(ctx context.Context) (all Lag, sources map[int64]Lag, err error) {
	err = s.read(ctx, "lag", func(t *tx) error {
		all, sources = Lag{}, map[int64]Lag{}
		count := func(query string, part func(*Lag) *int) error {
			found, err := list(ctx, t, scanPile, query, micros(t.now), t.farDue())
			for _, p := range found {
				all.add(t.now, part(&all), p)
				if l := sources[p.source]; p.source > 0 && p.n > 0 {
					l.add(t.now, part(&l), p)
					sources[p.source] = l
				}
			}
			return err
		}
		if err := count(pilesOfRequests, func(l *Lag) *int { return &l.Requests }); err != nil {
			return err
		}
		if err := count(pilesOfFeeds, func(l *Lag) *int { return &l.Feeds }); err != nil {
			return err
		}
		return count(pilesOfArticles, func(l *Lag) *int { return &l.Articles })
	})
	return all, sources, err
}
