package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
	"stet/internal/search"
)

// SearchCursor is the name of the search index's cursor.
const SearchCursor = "search"

// errOvertaken means that another follower moved the cursor meanwhile.
var errOvertaken = errors.New("another follower took these entries")

// IndexChanges is a step of the follower that keeps the search index: it takes
// up to limit entries of the change log, makes anew the documents of their
// articles (see search.Draft), and puts them into the index in one transaction
// with its cursor. It gives how many entries it took; 0 = the index is up to date.
// Texts are read and cut before that transaction, so that writers wait for the
// rows alone. An article with a newer version further on in the log is left
// until then, so that a rebuild makes each document once. Hidden articles are
// taken out; articles that are gone stay, with their last text.
func (s *Store) IndexChanges(ctx context.Context, limit int) (n int, err error) {
	for {
		n, err = s.indexStep(ctx, limit)
		if !errors.Is(err, errOvertaken) { // it went on, so this ends
			return n, err
		}
	}
}

// searchEntries takes cursor, limit. due: the article's newest version.
const searchEntries = `SELECT c.seq, c.article_id, CASE WHEN c.type = 'version' AND NOT EXISTS (SELECT 1 FROM change d
	WHERE d.article_id = c.article_id AND d.seq > c.seq AND d.type = 'version') THEN 1 ELSE 0 END
	FROM change c WHERE c.seq > $1 ORDER BY c.seq LIMIT $2`

type searchEntry struct {
	seq, articleID int64
	due            bool
}

func scanSearchEntry(r row) (e searchEntry, err error) {
	return e, r.Scan(&e.seq, &e.articleID, &e.due)
}

func (s *Store) indexStep(ctx context.Context, limit int) (int, error) {
	var from int64
	var log []searchEntry
	var docs []document
	err := s.read(ctx, "index changes", func(t *tx) (err error) {
		log, docs = nil, nil
		if from, err = t.cursor(ctx, SearchCursor); err != nil {
			return err
		}
		if log, err = list(ctx, t, scanSearchEntry, searchEntries, from, max(limit, 0)); err != nil {
			return err
		}
		for _, e := range log {
			if !e.due {
				continue
			}
			d, err := t.document(ctx, e.articleID)
			if err != nil {
				return fmt.Errorf("article %d: %w", e.articleID, err)
			}
			docs = append(docs, d)
		}
		return nil
	})
	if err != nil || len(log) == 0 {
		return 0, err
	}
	return len(log), s.write(ctx, "index changes", func(t *tx) error {
		if at, err := t.cursor(ctx, SearchCursor); err != nil || at != from {
			return errors.Join(err, errOvertaken)
		}
		for _, d := range docs {
			if err := t.putDocument(ctx, d); err != nil {
				return fmt.Errorf("article %d: %w", d.articleID, err)
			}
		}
		return t.setCursor(ctx, SearchCursor, log[len(log)-1].seq)
	})
}

// A document is what the index is to hold of an article, and what it rests on.
type document struct {
	articleID int64
	basis     documentBasis
	language  string // see search.Stemmed
	fields    search.Fields
	facets    []string
}

type documentBasis struct {
	versions int
	shown    bool
}

// document makes the document of an article; of one that may not be found it has
// no words. A version whose text is damaged is left out: Verify tells of it, and
// the others can still be found.
func (t *tx) document(ctx context.Context, articleID int64) (d document, err error) {
	var source int64
	var language string
	d.articleID = articleID
	err = t.QueryRowContext(ctx, `SELECT versions, CASE WHEN versions > 0 AND hidden = '' THEN 1 ELSE 0 END, source_id, language
		FROM article WHERE id = $1`, articleID).Scan(&d.basis.versions, &d.basis.shown, &source, &language)
	if err != nil || !d.basis.shown {
		return d, err
	}
	var draft search.Draft
	said := ""
	err = t.contents(ctx, articleID, func(c news.Content, err error) error {
		if err == nil {
			draft.Add(c)
			said = c.Language
		}
		return ignore(err, ErrDamaged)
	})
	if language == "" {
		language = said
	}
	d.language, d.fields, d.facets = search.Stemmed(language), draft.Fields(language), facets(source, language)
	return d, err
}

// ignore gives no error for one that is to be expected.
func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// contents gives the texts of an article by number; f ends it with an error.
func (t *tx) contents(ctx context.Context, articleID int64, f func(news.Content, error) error) error {
	links, err := list(ctx, t, scanLink, `SELECT `+linkColumns+` FROM version v WHERE v.article_id = $1 ORDER BY v.number`, articleID)
	if err != nil {
		return err
	}
	var w walk
	for _, x := range links {
		if err := f(w.next(ctx, t, x)); err != nil {
			return err
		}
	}
	return nil
}

// index makes the article's row of the search index true.
func (t *tx) index(ctx context.Context, articleID int64) error {
	d, err := t.document(ctx, articleID)
	if err != nil {
		return err
	}
	return t.replaceDocument(ctx, d)
}

// putDocument puts in a document that was made in an earlier transaction, or
// another when the article is not what it was then.
func (t *tx) putDocument(ctx context.Context, d document) error {
	var now documentBasis
	err := t.QueryRowContext(ctx, `SELECT versions, CASE WHEN versions > 0 AND hidden = '' THEN 1 ELSE 0 END FROM article WHERE id = $1`,
		d.articleID).Scan(&now.versions, &now.shown)
	if err != nil {
		return err
	}
	if now != d.basis {
		return t.index(ctx, d.articleID)
	}
	return t.replaceDocument(ctx, d)
}

func (t *tx) replaceDocument(ctx context.Context, d document) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM article_search WHERE `+t.s.d.search.id+` = $1`, d.articleID); err != nil || !d.basis.shown {
		return err
	}
	if _, err := t.ExecContext(ctx, `INSERT INTO search_language (language) VALUES ($1) ON CONFLICT (language) DO NOTHING`, d.language); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, t.s.d.search.put, t.s.d.search.row(d.articleID, d.fields, d.facets)...)
	return err
}

// A SearchLag tells how far the search index is behind the change log.
type SearchLag struct {
	Entries int           // of the log, not yet taken
	Oldest  time.Duration // age of the oldest of them; 0 without any
}

// SearchLag gives the lag of the search index.
func (s *Store) SearchLag(ctx context.Context) (l SearchLag, err error) {
	err = s.read(ctx, "lag of the search index", func(t *tx) error {
		l = SearchLag{}
		at, err := t.cursor(ctx, SearchCursor)
		if err != nil {
			return err
		}
		var head int64
		if err = t.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM change`).Scan(&head); err != nil || head <= at {
			return err
		}
		var since time.Time
		err = t.QueryRowContext(ctx, `SELECT recorded_at FROM change WHERE seq > $1 ORDER BY seq LIMIT 1`, at).Scan(when{&since})
		l.Entries = int(head - at)
		if since.Before(t.now) {
			l.Oldest = t.now.Sub(since)
		}
		return err
	})
	return l, err
}
