package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// visitingQuery reads articles with their baseline and the version that they show,
// its frame too, so that a batch is one walk along the index of what is due.
const visitingQuery = `SELECT ` + articleColumns + `, a.etag, a.last_modified, a.body, a.period, a.current_since,
	a.doubt_outcome, a.doubt_count, a.doubt_since, a.trace_found, a.trace_expected, a.streak, a.kind, a.signal,
	EXISTS (SELECT 1 FROM announcement l JOIN feed f ON f.id = l.feed_id
		WHERE l.article_id = a.id AND l.updated IS NOT NULL AND l.listed_at >= f.document_at AND f.failures = 0 AND f.due IS NOT NULL),
	h.name, h.lies, h.honest, coalesce(b.extractor, ''), b.keys, b.memory, coalesce(b.model, ''),
	coalesce(v.id, 0), a.id, coalesce(v.number, 0), coalesce(v.headline, ''), v.digest, coalesce(v.capture_id, 0), coalesce(v.extractor, ''),
	n.first_at, n.last_at, coalesce(n.sightings, 0), coalesce(v.encoding, 0), coalesce(v.dictionary, 0), v.body
	FROM article a JOIN host h ON h.id = a.host_id LEFT JOIN baseline b ON b.article_id = a.id
	LEFT JOIN version v ON v.article_id = a.id AND v.number = a.current LEFT JOIN seen n ON n.version_id = v.id`

// scanVisiting reads what visitingQuery lists.
func (t *tx) scanVisiting(r row) (v Visiting, err error) {
	var alternates string
	var period int64
	var keys []byte
	var x link
	var current news.Version
	into := append(articleInto(&v.Article, &alternates), &v.ETag, &v.LastModified, bytes32{(*[32]byte)(&v.Body)}, &period,
		when{&v.CurrentSince}, &v.Doubt.Outcome, &v.Doubt.Count, when{&v.Doubt.Since},
		&v.Trace.Found, &v.Trace.Expected, &v.Trace.Streak, &v.Kind, &v.Signal, &v.Announced, &v.Honesty.Host, &v.Honesty.Lies, &v.Honesty.Honest, &v.BaselineExtractor, &keys, &v.Memory, &v.Model)
	if err = r.Scan(append(append(into, versionInto(&current)...), &x.encoding, &x.dictionary, &x.body)...); err != nil {
		return v, err
	}
	v.Period = time.Duration(period) * time.Microsecond
	for ; len(keys) >= 8; keys = keys[8:] {
		v.Baseline = append(v.Baseline, binary.BigEndian.Uint64(keys))
	}
	if v.Between, err = parseNumbers(alternates); err == nil && v.Versions > 0 {
		x.id, x.articleID, x.number, x.digest = current.ID, v.ID, current.Number, current.Digest
		v.Current, v.text = &current, &x
	}
	if err != nil {
		err = fmt.Errorf("article %d: %w", v.ID, err)
	}
	return v, err
}

// A sourceNote is what a visit to an article needs to know of its source.
type sourceNote struct {
	key, render string
	budget      float64
	feedOK      time.Time
	articles    []articleOK // the two seen last, so that one is another one
}

type articleOK struct {
	id int64
	at time.Time
}

// lastSeen takes a source.
const lastSeen = `SELECT id, last_ok FROM article WHERE source_id = $1 AND last_ok IS NOT NULL ORDER BY last_ok DESC LIMIT 2`

// sourceFacts takes a source.
const sourceFacts = `SELECT key, render, coalesce(budget, 0), (SELECT max(last_ok) FROM feed WHERE source_id = $1) FROM source WHERE id = $1`

func (t *tx) sourceNote(ctx context.Context, sourceID int64) (n sourceNote, err error) {
	if err = t.QueryRowContext(ctx, sourceFacts, sourceID).Scan(&n.key, &n.render, &n.budget, when{&n.feedOK}); err != nil {
		return n, err
	}
	n.articles, err = list(ctx, t, func(r row) (a articleOK, err error) { return a, r.Scan(&a.id, when{&a.at}) }, lastSeen, sourceID)
	return n, err
}

// fillText reads the text of the version that the article shows, which needs other
// rows than its own: so it is done when the query that listed the articles is over.
func (t *tx) fillText(ctx context.Context, v *Visiting) (err error) {
	if v.text == nil {
		return nil
	}
	content, err := t.content(ctx, *v.text)
	v.text = nil
	switch {
	case err == nil:
		v.Current.Content = content
	case errors.Is(err, ErrDamaged):
		v.Damaged = fmt.Errorf("version %d of article %d: %w", v.Current.Number, v.ID, err)
	default:
		return fmt.Errorf("article %d: %w", v.ID, err)
	}
	return nil
}

// fill adds the texts, and what is known of the sources, each of which is read once.
func (t *tx) fill(ctx context.Context, articles []Visiting) (err error) {
	notes := map[int64]sourceNote{}
	for i := range articles {
		v := &articles[i]
		if err = t.fillText(ctx, v); err != nil {
			return err
		}
		n, known := notes[v.SourceID]
		if !known {
			if n, err = t.sourceNote(ctx, v.SourceID); err != nil {
				return fmt.Errorf("source %d: %w", v.SourceID, err)
			}
			notes[v.SourceID] = n
		}
		v.SourceKey, v.Render, v.Budget, v.FeedOKAt = n.key, n.render, n.budget, n.feedOK
		for _, a := range n.articles {
			if a.id != v.ID {
				v.SourceOKAt = a.at
				break
			}
		}
	}
	return nil
}

// Visiting gives an article with all that a visit to it needs; ErrNotFound when
// there is none.
func (s *Store) Visiting(ctx context.Context, articleID int64) (v Visiting, err error) {
	err = s.read(ctx, fmt.Sprintf("article %d for a visit", articleID), func(t *tx) error {
		found, err := list(ctx, t, t.scanVisiting, visitingQuery+` WHERE a.id = $1`, articleID)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return ErrNotFound
		}
		err = t.fill(ctx, found)
		v = found[0]
		return err
	})
	return v, err
}
