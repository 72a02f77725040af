package store

import (
	"context"
	"math"
	"slices"
)

// Due gives what is due on the leased host: at most limit things in all, requests
// before others, because somebody waits for them, then subscriptions, of which
// there are few, then feeds, because they tell of what is new, then articles. Of the sources of the host each has one
// thing in each round, the most overdue, and another begins each time that the
// host is leased: no backlog of one makes another wait. What is planned further
// ahead than MaxDue is due, and comes first.
func (s *Store) Due(ctx context.Context, l Lease, limit int) (w Work, err error) {
	err = s.read(ctx, "due on host "+l.Host, func(t *tx) error {
		w = Work{}
		if err := t.holding(ctx, l, ""); err != nil {
			return err
		}
		rest := max(limit, 0)
		if w.Requests, err = dueNow(ctx, t, scanRequest, dueRequests, true, rest, l.HostID); err != nil {
			return err
		}
		rest -= len(w.Requests)
		if w.Subscriptions, err = list(ctx, t, scanSubscription, dueSubscriptions, l.HostID, micros(t.now), t.farDue(), (rest+1)/2); err != nil {
			return err
		}
		rest -= len(w.Subscriptions)
		// Half at the most: no backlog of articles starves feeds, nor they it.
		if w.Feeds, err = byRounds(ctx, t, scanFeed, waitingFeeds, dueFeeds, l, (rest+1)/2); err != nil {
			return err
		}
		if w.Articles, err = byRounds(ctx, t, t.scanVisiting, waitingArticles, dueArticles, l, rest-len(w.Feeds)); err != nil {
			return err
		}
		return t.fill(ctx, w.Articles)
	})
	return w, err
}

// They take host, for feeds and articles source, then the times after and until,
// and limit.
const (
	dueRequests = `SELECT ` + requestColumns + ` FROM request r WHERE r.host_id = $1 AND r.due > $2 AND r.due <= $3 ORDER BY r.due, r.id LIMIT $4`
	dueFeeds    = `SELECT ` + feedColumns + ` FROM feed f WHERE f.host_id = $1 AND f.source_id = $2 AND f.due > $3 AND f.due <= $4 ORDER BY f.due, f.id LIMIT $5`
	dueArticles = visitingQuery + ` WHERE a.host_id = $1 AND a.source_id = $2 AND a.due > $3 AND a.due <= $4 ORDER BY a.due, a.id LIMIT $5`
)

// They list the sources that have something planned on a host, leaping from one
// to the next along the index, with their first and last due times.
var (
	waitingFeeds    = waiting("feed")
	waitingArticles = waiting("article")
)

func waiting(table string) string {
	of := func(what, where string) string {
		return `(SELECT ` + what + ` FROM ` + table + ` x WHERE x.host_id = $1 AND x.due IS NOT NULL` + where + `)`
	}
	return `WITH RECURSIVE waits (source_id) AS (SELECT ` + of("min(x.source_id)", "") + ` UNION ALL
		SELECT ` + of("min(x.source_id)", " AND x.source_id > w.source_id") + ` FROM waits w WHERE w.source_id IS NOT NULL)
		SELECT w.source_id, ` + of("min(x.due)", " AND x.source_id = w.source_id") + `, ` + of("max(x.due)", " AND x.source_id = w.source_id") + `
		FROM waits w WHERE w.source_id IS NOT NULL`
}

// A wait is a source with its first and last due time on a host.
type wait struct {
	source int64
	span
}

func scanWait(r row) (w wait, err error) {
	return w, r.Scan(&w.source, when{&w.first}, when{&w.last})
}

// byRounds lists what is due on a host, one of each source, then the next of each; waits and due
// are the queries.
func byRounds[T any](ctx context.Context, t *tx, scan func(row) (T, error), waits, due string, l Lease, limit int) ([]T, error) {
	if limit <= 0 {
		return nil, nil
	}
	sources, err := list(ctx, t, scanWait, waits, l.HostID)
	if err != nil {
		return nil, err
	}
	sources = slices.DeleteFunc(sources, func(w wait) bool { return w.due(t).After(t.now) })
	var queues [][]T
	for i := range min(len(sources), limit) {
		next := sources[(l.Round+int64(i))%int64(len(sources))]
		queue, err := dueNow(ctx, t, scan, due, next.last.After(t.now.Add(MaxDue)), limit, l.HostID, next.source)
		if err != nil {
			return nil, err
		}
		queues = append(queues, queue)
	}
	return interleave(queues, limit), nil
}

// dueNow lists what is due: first, if there is such (far), what is planned too far
// ahead, because nobody knows how long it has waited, then the most overdue. The
// query ends with the times after and until, and limit; args are what goes before.
func dueNow[T any](ctx context.Context, t *tx, scan func(row) (T, error), query string, far bool, limit int, args ...any) (out []T, err error) {
	args = slices.Clip(args)
	if far {
		if out, err = list(ctx, t, scan, query, append(args, t.farDue(), math.MaxInt64, limit)...); err != nil || len(out) == limit {
			return out, err
		}
	}
	rest, err := list(ctx, t, scan, query, append(args, math.MinInt64, micros(t.now), limit-len(out))...)
	return append(out, rest...), err
}

// interleave takes the first of each queue, then the second of each, and so on,
// at most limit in all.
func interleave[T any](queues [][]T, limit int) (out []T) {
	for i := 0; ; i++ {
		before := len(out)
		for _, q := range queues {
			if i < len(q) && len(out) < limit {
				out = append(out, q[i])
			}
		}
		if len(out) == before {
			return out
		}
	}
}
