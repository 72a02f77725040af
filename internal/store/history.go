package store

import (
	"context"
	"iter"
	"time"
)

// A History is when an article changed, as far as visits could see it.
type History struct {
	SourceKey string
	URL       string
	Kind      string // of page, as in Visiting
	FoundAt   time.Time
	Published time.Time // by the publisher's word; zero = unknown
	LastOK    time.Time // last visit that showed it; zero = never
	Changes   []Bound   // by which each later version appeared, in order
}

// A Bound is the time of a change: after After, not later than Before.
type Bound struct{ After, Before time.Time }

// historyBatch is how many articles are read at once.
const historyBatch = 5000

// historyArticles takes the last id and the limit; historyChanges the first and
// the last id.
const (
	historyArticles = `SELECT a.id, s.key, a.url, a.kind, a.found_at, a.published, a.last_ok FROM article a JOIN source s ON s.id = a.source_id
		WHERE a.id > $1 AND a.versions > 0 ORDER BY a.id LIMIT $2`
	historyChanges = `SELECT c.article_id, c.after_at, c.before_at FROM change c
		WHERE c.article_id BETWEEN $1 AND $2 AND c.type = 'version' AND c.number > 0 ORDER BY c.article_id, c.seq`
)

// Histories gives the history of every article that has a version, by its id, a
// batch in a transaction. It ends at the first error.
func (s *Store) Histories(ctx context.Context) iter.Seq2[History, error] {
	return func(yield func(History, error) bool) {
		for last := int64(0); ; {
			ids, batch, err := s.histories(ctx, last)
			if err != nil {
				yield(History{}, err)
				return
			}
			for _, h := range batch {
				if !yield(h, nil) {
					return
				}
			}
			if len(ids) < historyBatch {
				return
			}
			last = ids[len(ids)-1]
		}
	}
}

func (s *Store) histories(ctx context.Context, after int64) (ids []int64, batch []History, err error) {
	err = s.read(ctx, "histories", func(t *tx) error {
		at := map[int64]int{}
		batch, err = list(ctx, t, func(r row) (h History, err error) {
			var id int64
			err = r.Scan(&id, &h.SourceKey, &h.URL, &h.Kind, when{&h.FoundAt}, when{&h.Published}, when{&h.LastOK})
			at[id] = len(ids)
			ids = append(ids, id)
			return h, err
		}, historyArticles, after, historyBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		_, err = list(ctx, t, func(r row) (b Bound, err error) {
			var id int64
			if err = r.Scan(&id, when{&b.After}, when{&b.Before}); err != nil {
				return b, err
			}
			if i, ok := at[id]; ok {
				batch[i].Changes = append(batch[i].Changes, b)
			}
			return b, nil
		}, historyChanges, ids[0], ids[len(ids)-1])
		return err
	})
	return ids, batch, err
}
