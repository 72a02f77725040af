package store

import (
	"context"
	"strconv"
	"strings"

	"stet/internal/search"
)

// MaxFound is how many articles a search counts: MaxFound+1 means more.
const MaxFound = 1000

// Search finds articles whose texts fit the query, newest article first, and
// gives the newest version of each; total counts what fits, up to MaxFound+1.
// An empty query finds nothing. q.After and q.Before bound when the newest
// version was first seen; q.Version asks that the article have a version of that
// number. With words in the query, only what IndexChanges has taken is found, and
// the language is that of the time when it was taken.
func (s *Store) Search(ctx context.Context, q search.Query, p Page) (rows []VersionRow, total int, err error) {
	if q.Empty() {
		return nil, 0, nil
	}
	err = s.read(ctx, "search "+q.String(), func(t *tx) error {
		x, err := t.asked(ctx, q)
		if err != nil {
			return err
		}
		// Articles alone: the joins would be made for all that fit, not for a page.
		one := s.searching(x)
		err = t.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT a.id FROM `+one.from+one.where.String()+` ORDER BY `+one.id+` DESC LIMIT `+
			strconv.Itoa(MaxFound+1)+`) AS found`, one.where.args...).Scan(&total)
		if err != nil {
			return err
		}
		query, args := s.searchQuery(x, p)
		rows, err = list(ctx, t, scanVersionRow, query, args...)
		return err
	})
	return rows, total, err
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

// A searching is the part of a query that says which articles.
type searching struct {
	from  string // article a, and article_search f when there are words
	id    string // of the article, by which they are put in order
	where *where
}

// searchRows joins each article to its newest version.
const searchRows = ` CROSS JOIN source s CROSS JOIN version v CROSS JOIN seen n CROSS JOIN change c
	LEFT JOIN appraisal p ON p.seq = c.seq`

func (s *Store) searchQuery(q asked, p Page) (query string, args []any) {
	x := s.searching(q)
	x.where.and(`s.id = a.source_id AND v.article_id = a.id AND v.number = a.versions - 1 AND n.version_id = v.id AND c.version_id = v.id`)
	query = `SELECT ` + versionRowColumns + ` FROM ` + x.from + searchRows + x.where.String() + ` ORDER BY ` + x.id + ` DESC` + x.where.page(p)
	return query, x.where.args
}

// searching lets the index lead when there are words: it gives its rows by
// article, so that the newest are found without a look at the others.
func (s *Store) searching(q asked) searching {
	x := searching{from: `article a`, id: `a.id`, where: &where{}}
	if len(q.Terms) > 0 {
		x.id = `f.` + s.d.search.id
		x.from = `article_search f CROSS JOIN article a`
		x.where.and(s.d.search.clause(searchTerms(q), x.where.arg))
		x.where.and(`a.id = ` + x.id)
	} else {
		x.where.origin(q)
	}
	x.where.and(`length(a.hidden) = 0`)
	x.where.and(`a.versions > 0`)
	if !q.After.IsZero() {
		x.where.and(`a.changed_at >= ` + x.where.arg(micros(q.After)))
	}
	if !q.Before.IsZero() {
		x.where.and(`a.changed_at < ` + x.where.arg(micros(q.Before)))
	}
	if q.Version != nil {
		x.where.and(`a.versions > ` + x.where.arg(*q.Version))
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
