package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"stet/internal/news"
)

// recurDay is how exact the time is at which a block was last seen on its
// source: to write it at each visit would be to write all blocks of all pages.
const recurDay = 24 * time.Hour

// recur counts the blocks that are on the article. The latest article is
// remembered and not all of them: a block that two articles show in turn is
// counted anew at each turn, so the count is an upper bound where pages lose
// blocks and get them back.
func (t *tx) recur(ctx context.Context, v Visit, sourceID int64) (err error) {
	if err := t.countBlocks(ctx, v, sourceID, v.Furniture, TemplateArticles); err != nil {
		return err
	}
	return t.countBlocks(ctx, v, sourceID, v.Recur, 1)
}

// TemplateArticles is as how many articles' a block counts that was seen to be
// the source's own.
const TemplateArticles = 1000

// countBlocks counts each block as on so many articles more.
func (t *tx) countBlocks(ctx context.Context, v Visit, sourceID int64, keys []uint64, articles int) (err error) {
	if len(keys) == 0 {
		return nil
	}
	stmt, err := t.PrepareContext(ctx, `INSERT INTO recurrence AS r (source_id, key, articles, article_id, seen_at) VALUES ($1, $2, $6, $3, $4)
		ON CONFLICT (source_id, key) DO UPDATE SET seen_at = excluded.seen_at, article_id = excluded.article_id,
			articles = r.articles + CASE WHEN r.article_id <> excluded.article_id OR excluded.articles > 1 THEN excluded.articles ELSE 0 END
		WHERE r.article_id <> excluded.article_id OR excluded.articles > 1 OR r.seen_at < excluded.seen_at - $5`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stmt.Close()) }()
	at := micros(v.Capture.At)
	for _, k := range keys {
		if _, err := stmt.ExecContext(ctx, sourceID, int64(k), v.ArticleID, at, recurDay.Microseconds(), articles); err != nil {
			return err
		}
	}
	return nil
}

// recurBatch is how many keys one query of Recurring asks for.
const recurBatch = 500

// Recurring gives, for those of the keys that a visit named in Visit.Recur, on how many
// articles of the source the block was; keys that no visit named are left out.
func (s *Store) Recurring(ctx context.Context, sourceID int64, keys []uint64) (articles map[uint64]int, err error) {
	err = s.read(ctx, fmt.Sprintf("recurring blocks of source %d", sourceID), func(t *tx) error {
		articles = make(map[uint64]int)
		for rest := keys; len(rest) > 0; rest = rest[min(recurBatch, len(rest)):] {
			if err := t.recurring(ctx, sourceID, rest[:min(recurBatch, len(rest))], articles); err != nil {
				return err
			}
		}
		return nil
	})
	return articles, err
}

func (t *tx) recurring(ctx context.Context, sourceID int64, keys []uint64, articles map[uint64]int) error {
	w := &where{}
	w.and(`source_id = ` + w.arg(sourceID))
	params := make([]string, len(keys))
	for i, k := range keys {
		params[i] = w.arg(int64(k))
	}
	w.and(`key IN (` + strings.Join(params, ", ") + `)`)
	rows, err := t.QueryContext(ctx, `SELECT key, articles FROM recurrence`+w.String(), w.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key int64
		var n int
		if err := rows.Scan(&key, &n); err != nil {
			return err
		}
		articles[uint64(key)] = n
	}
	return rows.Err()
}

// MaxPrune is the most rows of a kind that one call of Prune deletes, so that no
// visit waits long for it.
const MaxPrune = 10_000

// They take time, limit.
const (
	pruneRecurrence = `DELETE FROM recurrence WHERE (source_id, key) IN (SELECT source_id, key FROM recurrence WHERE articles = 1 AND seen_at < $1 LIMIT $2)`
	prunePulse      = `DELETE FROM pulse WHERE (source_id, hour) IN (SELECT source_id, hour FROM pulse WHERE hour < $1 LIMIT $2)`
)

// Prune forgets blocks that were on one article only and were not seen since
// before, and hourly figures older than news.PulseKept; neither is history. It
// gives how many rows went: while they are MaxPrune or more, call again.
func (s *Store) Prune(ctx context.Context, before time.Time) (n int, err error) {
	err = s.write(ctx, "prune", func(t *tx) error {
		n = 0
		for query, until := range map[string]time.Time{pruneRecurrence: before, prunePulse: t.now.Add(-news.PulseKept)} {
			res, err := t.ExecContext(ctx, query, micros(until), MaxPrune)
			if err != nil {
				return err
			}
			gone, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += int(gone)
		}
		return nil
	})
	return n, err
}
