package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Due gives what is due on the leased host, most overdue first: at most limit
// things in all, requests before others, because somebody waits for them, then
// feeds, because they tell of what is new, then articles.
func (s *Store) Due(ctx context.Context, l Lease, limit int) (w Work, err error) {
	err = s.read(ctx, "due on host "+l.Host, func(t *tx) error {
		w = Work{}
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		w.Requests, err = list(ctx, t, scanRequest, dueRequests, l.HostID, micros(t.now), max(limit, 0))
		if err != nil {
			return err
		}
		rest := max(limit, 0) - len(w.Requests)
		feeds, err := list(ctx, t, scanFeed, dueFeeds, l.HostID, micros(t.now), rest)
		if err != nil {
			return err
		}
		articles, err := list(ctx, t, scanVisiting, dueArticles, l.HostID, micros(t.now), rest)
		if err != nil {
			return err
		}
		w.Feeds = feeds[:min(len(feeds), (rest+1)/2)] // half at the most: no backlog starves feeds, nor they it
		w.Articles = articles[:min(len(articles), rest-len(w.Feeds))]
		for i := range w.Articles {
			if err := t.fill(ctx, &w.Articles[i]); err != nil {
				return fmt.Errorf("article %d: %w", w.Articles[i].ID, err)
			}
		}
		return nil
	})
	return w, err
}

// They take host, now, limit.
const (
	dueRequests = `SELECT ` + requestColumns + ` FROM request r WHERE r.host_id = $1 AND r.due <= $2 ORDER BY r.due, r.id LIMIT $3`
	dueFeeds    = `SELECT ` + feedColumns + ` FROM feed f WHERE f.host_id = $1 AND f.due <= $2 ORDER BY f.due, f.id LIMIT $3`
	dueArticles = `SELECT ` + visitingColumns + ` FROM article a WHERE a.host_id = $1 AND a.due <= $2 ORDER BY a.due, a.id LIMIT $3`
)

const visitingColumns = articleColumns + `, a.etag, a.last_modified, a.body, a.period, a.current_since,
	a.doubt_outcome, a.doubt_count, a.doubt_since,
	(SELECT h.name FROM host h WHERE h.id = a.host_id), (SELECT h.lies FROM host h WHERE h.id = a.host_id), (SELECT h.honest FROM host h WHERE h.id = a.host_id)`

func scanVisiting(r row) (v Visiting, err error) {
	var alternates string
	var period int64
	err = r.Scan(append(articleInto(&v.Article, &alternates), &v.ETag, &v.LastModified, bytes32{(*[32]byte)(&v.Body)}, &period,
		when{&v.CurrentSince}, &v.Doubt.Outcome, &v.Doubt.Count, when{&v.Doubt.Since},
		&v.Honesty.Host, &v.Honesty.Lies, &v.Honesty.Honest)...)
	if err == nil {
		v.Between, err = parseNumbers(alternates)
	}
	v.Period = time.Duration(period) * time.Microsecond
	return v, err
}

// fill adds what other tables know: few rows by their keys, so that the list of
// what is due stays a walk along one index.
func (t *tx) fill(ctx context.Context, v *Visiting) (err error) {
	if v.Versions > 0 {
		current, err := t.version(ctx, `v.article_id = $1 AND v.number = (SELECT current FROM article WHERE id = $1)`, v.ID)
		if err != nil {
			return err
		}
		v.Current = &current
	}
	if err := t.baseline(ctx, v); err != nil {
		return err
	}
	err = t.QueryRowContext(ctx, `SELECT key, render FROM source WHERE id = $1`, v.SourceID).Scan(&v.SourceKey, &v.Render)
	if err != nil {
		return err
	}
	_, err = one(ctx, t, func(r row) (int, error) { return 0, r.Scan(when{&v.SourceOKAt}) }, `SELECT last_ok FROM article
		WHERE source_id = $1 AND id <> $2 AND last_ok IS NOT NULL ORDER BY last_ok DESC LIMIT 1`, v.SourceID, v.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return t.QueryRowContext(ctx, `SELECT max(last_ok) FROM feed WHERE source_id = $1`, v.SourceID).Scan(when{&v.FeedOKAt})
}

// Visiting gives an article with all that a visit to it needs; ErrNotFound when
// there is none.
func (s *Store) Visiting(ctx context.Context, articleID int64) (v Visiting, err error) {
	err = s.read(ctx, fmt.Sprintf("article %d for a visit", articleID), func(t *tx) (err error) {
		if v, err = one(ctx, t, scanVisiting, `SELECT `+visitingColumns+` FROM article a WHERE a.id = $1`, articleID); err != nil {
			return err
		}
		return t.fill(ctx, &v)
	})
	return v, err
}
