package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"stet/internal/news"
)

// MaxHeld is how many different blocks held back are kept of an article; what
// is beyond is only counted.
const MaxHeld = 200

// holdBack adds to what is known of the blocks that were held back, and gives
// by how much the article's count grew: one for each block that was not known,
// and one each time for a block that there is no room for.
func (t *tx) holdBack(ctx context.Context, v Visit) (grown int, err error) {
	if len(v.Held) == 0 {
		return 0, nil
	}
	kept, err := t.id(ctx, `SELECT count(*) FROM held WHERE article_id = $1`, v.ArticleID)
	if err != nil {
		return 0, err
	}
	for _, h := range v.Held {
		known, err := t.holdAgain(ctx, v.ArticleID, heldAt(h, v))
		if err != nil {
			return 0, err
		}
		if known {
			continue
		}
		grown++
		if kept >= MaxHeld {
			continue
		}
		kept++
		if err := t.holdFirst(ctx, v.ArticleID, heldAt(h, v)); err != nil {
			return 0, err
		}
	}
	if grown == 0 {
		return 0, nil
	}
	return grown, t.exec(ctx, `UPDATE article SET held = held + $2 WHERE id = $1`, v.ArticleID, grown)
}

// holdAgain adds to the block, and reports whether it was known.
func (t *tx) holdAgain(ctx context.Context, articleID int64, h news.Held) (known bool, err error) {
	err = t.exec(ctx, `UPDATE held SET times = times + $4, why = $5,
		first_at = CASE WHEN first_at > $6 THEN $6 ELSE first_at END, last_at = CASE WHEN last_at < $7 THEN $7 ELSE last_at END
		WHERE article_id = $1 AND key = $2 AND absent = $3`,
		articleID, int64(h.Key), bit(h.Absent), h.Times, h.Why, micros(h.First), micros(h.Last))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (t *tx) holdFirst(ctx context.Context, articleID int64, h news.Held) error {
	_, err := t.ExecContext(ctx, `INSERT INTO held (article_id, key, absent, text, why, times, first_at, last_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		articleID, int64(h.Key), bit(h.Absent), h.Text, h.Why, h.Times, micros(h.First), micros(h.Last))
	return err
}

// heldAt fills in what the caller left open: once, at the time of the visit; and
// cuts the text to news.MaxHeldText bytes, between characters.
func heldAt(h news.Held, v Visit) news.Held {
	h.Times = max(h.Times, 1)
	if h.First.IsZero() {
		h.First = v.Capture.At
	}
	if h.Last.Before(h.First) {
		h.Last = h.First
	}
	if len(h.Text) > news.MaxHeldText {
		h.Text = h.Text[:news.MaxHeldText]
	}
	h.Text = strings.ToValidUTF8(h.Text, "")
	return h
}

// HeldBlocks lists the blocks that were held back from the versions of an
// article, the last held back first, at most MaxHeld; news.Article.Held counts
// those beyond too.
func (s *Store) HeldBlocks(ctx context.Context, articleID int64) (blocks []news.Held, err error) {
	scan := func(r row) (h news.Held, err error) {
		var key int64
		err = r.Scan(&key, &h.Text, &h.Why, &h.Times, when{&h.First}, when{&h.Last}, &h.Absent)
		h.Key = uint64(key)
		return h, err
	}
	err = s.read(ctx, fmt.Sprintf("blocks held back of article %d", articleID), func(t *tx) (err error) {
		blocks, err = list(ctx, t, scan, `SELECT key, text, why, times, first_at, last_at, absent FROM held
			WHERE article_id = $1 ORDER BY last_at DESC, first_at, key, absent`, articleID)
		return err
	})
	return blocks, err
}
