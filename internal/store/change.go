package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

const changeColumns = `c.seq, c.article_id, c.type, coalesce(c.version_id, 0), c.number, c.recorded_at, c.after_at, c.before_at,
	c.headline, c.words_added, c.words_removed, c.silent, c.grown, c.posts, c.note`

func changeInto(c *news.Change) []any {
	return []any{&c.Seq, &c.ArticleID, &c.Type, &c.VersionID, &c.Number, when{&c.RecordedAt}, when{&c.After}, when{&c.Before},
		&c.Headline, &c.WordsAdded, &c.WordsRemoved, &c.Silent, &c.Grown, &c.Posts, &c.Note}
}

func scanChange(r row) (c news.Change, err error) { return c, r.Scan(changeInto(&c)...) }

// appendChanges adds the visit's entries to the change log.
func (t *tx) appendChanges(ctx context.Context, v Visit, versionID int64) ([]news.Change, error) {
	log := make([]news.Change, 0, len(v.Changes))
	if len(v.Changes) == 0 {
		return log, nil
	}
	seq, err := t.growLog(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range v.Changes {
		c.ArticleID, c.RecordedAt, c.VersionID, c.Number = v.ArticleID, t.now, 0, 0
		if c.Type == news.VersionAppeared {
			c.VersionID, c.Number = versionID, v.Version.Number
		}
		if c.Before.IsZero() {
			c.Before = v.Capture.At
		}
		c.After, c.Before = c.After.UTC().Truncate(time.Microsecond), c.Before.UTC().Truncate(time.Microsecond)
		if !c.After.Before(c.Before) {
			c.After = time.Time{}
		}
		seq++
		c.Seq, err = t.id(ctx, `INSERT INTO change (seq, article_id, type, version_id, number, recorded_at, after_at, before_at,
			headline, words_added, words_removed, silent, grown, posts, note)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING seq`,
			seq, c.ArticleID, c.Type, optional(c.VersionID), c.Number, micros(c.RecordedAt), micros(c.After), micros(c.Before),
			bit(c.Headline), c.WordsAdded, c.WordsRemoved, bit(c.Silent), bit(c.Grown), c.Posts, c.Note)
		if err != nil {
			return nil, err
		}
		log = append(log, c)
	}
	return log, nil
}

// growLog makes the transaction the one that appends to the change log, until it
// ends, and gives the head of the log. So entries become visible in the order of
// their numbers, and a follower that has read up to one has missed none.
func (t *tx) growLog(ctx context.Context) (head int64, err error) {
	if t.s.d.appendLog != "" {
		if _, err := t.ExecContext(ctx, t.s.d.appendLog); err != nil {
			return 0, err
		}
	}
	return t.head(ctx)
}

// Changes reads the change log after that place, in order, at most limit
// entries; those of hidden articles too.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (log []news.Change, err error) {
	err = s.read(ctx, "changes", func(t *tx) (err error) {
		log, err = list(ctx, t, scanChange, `SELECT `+changeColumns+` FROM change c WHERE c.seq > $1 ORDER BY c.seq LIMIT $2`, after, max(limit, 0))
		return err
	})
	return log, err
}

// ArticleChanges lists the entries of one article, in order.
func (s *Store) ArticleChanges(ctx context.Context, id int64) (log []news.Change, err error) {
	err = s.read(ctx, fmt.Sprintf("changes of article %d", id), func(t *tx) (err error) {
		log, err = list(ctx, t, scanChange, `SELECT `+changeColumns+` FROM change c WHERE c.article_id = $1 ORDER BY c.seq`, id)
		return err
	})
	return log, err
}

// Head is the place of the last entry of the change log; 0 when it is empty.
func (s *Store) Head(ctx context.Context) (seq int64, err error) {
	err = s.read(ctx, "head of the change log", func(t *tx) (err error) {
		seq, err = t.head(ctx)
		return err
	})
	return seq, err
}

func (t *tx) head(ctx context.Context) (int64, error) {
	return t.id(ctx, `SELECT coalesce(max(seq), 0) FROM change`)
}

// Cursor is how far the follower of that name has read; 0 before its first step.
func (s *Store) Cursor(ctx context.Context, name string) (seq int64, err error) {
	err = s.read(ctx, "cursor "+name, func(t *tx) (err error) {
		seq, err = t.cursor(ctx, name)
		return err
	})
	return seq, err
}

func (t *tx) cursor(ctx context.Context, name string) (int64, error) {
	seq, err := t.id(ctx, `SELECT seq FROM cursor WHERE name = $1`, name)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return seq, err
}

// SetCursor notes that the follower has read up to seq; it may go back, to do
// its work again, but not past the head of the log.
func (s *Store) SetCursor(ctx context.Context, name string, seq int64) error {
	return s.write(ctx, "set cursor "+name, func(t *tx) error { return t.setCursor(ctx, name, seq) })
}

func (t *tx) setCursor(ctx context.Context, name string, seq int64) error {
	head, err := t.head(ctx)
	if err != nil {
		return err
	}
	if seq < 0 || seq > head {
		return fmt.Errorf("place %d in a log of %d", seq, head)
	}
	_, err = t.ExecContext(ctx, `INSERT INTO cursor (name, seq, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, updated_at = excluded.updated_at`, name, seq, micros(t.now))
	return err
}
