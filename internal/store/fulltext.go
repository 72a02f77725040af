package store

import (
	"context"
	"slices"
	"strings"

	"stet/internal/search"
)

// MaxFound is how many articles a search counts: MaxFound+1 means more.
const MaxFound = 1000

// Search finds articles whose texts fit the query, newest article first, and
// gives the newest version of each; cursors of pages are ids of articles. total
// counts what fits, up to MaxFound+1, which stands for more. An empty query finds
// nothing. q.After and q.Before bound when the newest version was first seen;
// q.Version asks that the article have a version of that number. With words in the
// query, only what IndexChanges has taken is found, and the language is that of
// the time when it was taken.
func (s *Store) Search(ctx context.Context, q search.Query, p Page) (rows []VersionRow, total int, ends Ends, err error) {
	if q.Empty() {
		return nil, 0, Ends{}, nil
	}
	err = s.read(ctx, "search "+q.String(), func(t *tx) error {
		x, err := t.asked(ctx, q)
		if err != nil {
			return err
		}
		keys := s.searchKeys(x)
		query, args := foundQuery(keys)
		if err := t.QueryRowContext(ctx, query, args...).Scan(&total); err != nil {
			return err
		}
		var ids []int64
		if ids, ends, err = t.cut(ctx, keys, p); err != nil || len(ids) == 0 {
			return err
		}
		query, args = searchRows(ids)
		rows, err = list(ctx, t, scanVersionRow, query, args...)
		rows = inOrder(ids, rows, func(r VersionRow) int64 { return r.ArticleID })
		return err
	})
	return rows, total, ends, err
}

// foundQuery counts articles alone: the joins would be made for all that fit, not
// for a page.
func foundQuery(k keyset) (query string, args []any) {
	w := where{slices.Clone(k.conds), slices.Clone(k.args)}
	return `SELECT count(*) FROM (SELECT a.id FROM ` + k.from + w.String() + ` ORDER BY ` + k.order + ` DESC LIMIT ` + w.arg(MaxFound+1) + `) AS found`, w.args
}

// searchRows reads the newest version of each article.
func searchRows(ids []int64) (query string, args []any) {
	w := &where{}
	w.and(`a.id IN ` + w.in(ids))
	return `SELECT ` + versionRowColumns + ` FROM article a JOIN source s ON s.id = a.source_id
		JOIN version v ON v.article_id = a.id AND v.number = a.versions - 1
		JOIN seen n ON n.version_id = v.id JOIN change c ON c.version_id = v.id
		LEFT JOIN appraisal p ON p.seq = c.seq` + w.String(), w.args
}

// asked is a query with what the store knows of it.
type asked struct {
	search.Query
	languages []string // in whose words it is to be asked
	source    int64    // 0 = there is no such source, or none was given
}

func (t *tx) asked(ctx context.Context, q search.Query) (x asked, err error) {
	x.Query, x.languages = q, []string{search.Stemmed(q.Language)}
	if q.Language == "" {
		if x.languages, err = list(ctx, t, scanText, `SELECT language FROM search_language ORDER BY language`); err != nil {
			return x, err
		}
	}
	if q.Source != "" {
		x.source, err = t.id(ctx, `SELECT id FROM source WHERE key = $1`, q.Source)
		err = ignore(err, ErrNotFound)
	}
	return x, err
}

// searchKeys are the keys of what a search finds, none of it hidden. The index leads
// when there are words: it gives its rows by article, so that the newest are found
// without a look at the others.
func (s *Store) searchKeys(q asked) keyset {
	x := keyset{from: `article a`, id: `a.id`, order: `a.id`, shown: `1`}
	if len(q.Terms) > 0 {
		x.id = `f.` + s.d.search.id
		x.order = x.id
		x.from = `article_search f CROSS JOIN article a`
		x.and(s.d.search.clause(searchTerms(q), x.arg))
		x.and(`a.id = ` + x.id)
	} else {
		x.where.origin(q)
	}
	x.and(`length(a.hidden) = 0`)
	x.and(`a.versions > 0`)
	if !q.After.IsZero() {
		x.and(`a.changed_at >= ` + x.arg(micros(q.After)))
	}
	if !q.Before.IsZero() {
		x.and(`a.changed_at < ` + x.arg(micros(q.Before)))
	}
	if q.Version != nil {
		x.and(`a.versions > ` + x.arg(*q.Version))
	}
	return x
}

// origin bounds source and language where the index does not.
func (w *where) origin(q asked) {
	if q.Source != "" {
		w.and(`a.source_id = ` + w.arg(q.source))
	}
	if q.Language != "" {
		lang := w.arg(strings.ToLower(q.Language))
		w.and(`(lower(a.language) = ` + lang + ` OR substr(lower(a.language), 1, length(` + lang + `) + 1) = ` + lang + ` || '-')`)
	}
}
