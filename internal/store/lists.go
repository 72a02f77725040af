package store

import (
	"context"
	"strconv"
	"strings"
)

// MaxPageSize is the most lines of a page.
const MaxPageSize = 500

// maxPageNumber keeps offsets within sane numbers.
const maxPageNumber = 1 << 31

// bounds are the limit and the offset of the page.
func (p Page) bounds() (limit, offset int) {
	limit = min(max(p.Size, 1), MaxPageSize)
	return limit, (min(max(p.Number, 1), maxPageNumber) - 1) * limit
}

// A where collects conditions that must all hold, and their parameters.
type where struct {
	conds []string
	args  []any
}

func (w *where) and(cond string) { w.conds = append(w.conds, cond) }

// arg adds a parameter and gives its name.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// String is the clause, empty without conditions.
func (w *where) String() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

// page is the clause that cuts the page out of the list.
func (w *where) page(p Page) string {
	limit, offset := p.bounds()
	return " LIMIT " + w.arg(limit) + " OFFSET " + w.arg(offset)
}

const versionRowColumns = `v.id, v.article_id, v.number, v.headline, v.words, n.first_at, n.last_at, n.sightings,
	s.key, s.name, a.url, a.state, a.hidden, a.versions, ` + changeColumns + `, ` + briefColumns

func scanVersionRow(r row) (v VersionRow, err error) {
	var b brief
	into := append([]any{&v.ID, &v.ArticleID, &v.Number, &v.Headline, &v.Words, when{&v.Seen.First}, when{&v.Seen.Last}, &v.Seen.Sightings,
		&v.SourceKey, &v.SourceName, &v.URL, &v.State, &v.Hidden, &v.Versions}, changeInto(&v.Change)...)
	err = r.Scan(append(into, b.into()...)...)
	v.Appraisal = b.appraisal()
	return v, err
}

// VersionList lists versions, the last recorded first, and counts all that fit.
// Versions of hidden articles are left out.
func (s *Store) VersionList(ctx context.Context, q VersionQuery) (rows []VersionRow, total int, err error) {
	err = s.read(ctx, "list versions", func(t *tx) error {
		if total, err = t.countVersions(ctx, q); err != nil {
			return err
		}
		query, args := versionListQuery(q)
		rows, err = list(ctx, t, scanVersionRow, query, args...)
		return err
	})
	return rows, total, err
}

// versionListQuery and articleListQuery are apart so that a test can look at
// their plans.
func versionListQuery(q VersionQuery) (query string, args []any) {
	w, order := &where{}, `v.id`
	w.and(`length(a.hidden) = 0`) // so written, the small index of what is shown does not lead
	if q.SourceKey != "" {
		w.and(`v.source_id = (SELECT id FROM source WHERE key = ` + w.arg(q.SourceKey) + `)`)
	}
	if q.ArticleID != 0 {
		w.and(`v.article_id = ` + w.arg(q.ArticleID))
		order = `v.number` // the same order, and the index has it
	}
	if q.ChangedOnly {
		w.and(`v.number > 0`)
	}
	query = `SELECT ` + versionRowColumns + ` FROM version v JOIN seen n ON n.version_id = v.id
		JOIN article a ON a.id = v.article_id JOIN source s ON s.id = v.source_id JOIN change c ON c.version_id = v.id
		LEFT JOIN appraisal p ON p.seq = c.seq` +
		w.String() + ` ORDER BY ` + order + ` DESC` + w.page(q.Page)
	return query, w.args
}

// countVersions counts from the tallies, less what is hidden: a count of the
// rows would read the whole table for every page.
func (t *tx) countVersions(ctx context.Context, q VersionQuery) (n int, err error) {
	sum := func(query string) (n int, err error) {
		first := bit(q.ChangedOnly) // how many versions of each article do not count
		return n, t.QueryRowContext(ctx, query, first, q.SourceKey, q.ArticleID).Scan(&n)
	}
	const ofSource = `($2 = '' OR source_id = (SELECT id FROM source WHERE key = $2))`
	if q.ArticleID != 0 {
		return sum(`SELECT coalesce(sum(versions - $1), 0) FROM article WHERE id = $3 AND hidden = '' AND versions > 0 AND ` + ofSource)
	}
	all, err := sum(`SELECT coalesce(sum(versions - $1 * versioned), 0) FROM tally WHERE $3 = 0 AND ` + ofSource)
	if err != nil {
		return 0, err
	}
	hidden, err := sum(`SELECT coalesce(sum(versions - $1), 0) FROM article WHERE $3 = 0 AND hidden <> '' AND versions > 0 AND ` + ofSource)
	return all - hidden, err
}

// ArticleList lists articles, the last found first, and counts all that fit.
// Hidden articles are left out.
func (s *Store) ArticleList(ctx context.Context, q ArticleQuery) (rows []ArticleRow, total int, err error) {
	scan := func(r row) (a ArticleRow, err error) {
		var alternates string
		var b brief
		if err = r.Scan(append(append(articleInto(&a.Article, &alternates), &a.SourceKey, &a.SourceName), b.into()...)...); err == nil {
			a.Between, err = parseNumbers(alternates)
		}
		a.Appraisal = b.appraisal()
		return a, err
	}
	err = s.read(ctx, "list articles", func(t *tx) error {
		w := articleWhere(q)
		err := t.QueryRowContext(ctx, `SELECT count(*) FROM article a`+w.String(), w.args...).Scan(&total)
		if err != nil {
			return err
		}
		query, args := articleListQuery(q)
		rows, err = list(ctx, t, scan, query, args...)
		return err
	})
	return rows, total, err
}

func articleWhere(q ArticleQuery) *where {
	w := &where{}
	w.and(`a.hidden = ''`)
	if q.SourceKey != "" {
		w.and(`a.source_id = (SELECT id FROM source WHERE key = ` + w.arg(q.SourceKey) + `)`)
	}
	if q.State != "" {
		w.and(`a.state = ` + w.arg(string(q.State)))
	}
	return w
}

func articleListQuery(q ArticleQuery) (query string, args []any) {
	w := articleWhere(q)
	query = `SELECT ` + articleColumns + `, s.key, s.name, ` + briefColumns + ` FROM article a JOIN source s ON s.id = a.source_id
		LEFT JOIN version v ON v.article_id = a.id AND v.number = a.versions - 1 LEFT JOIN change c ON c.version_id = v.id
		LEFT JOIN appraisal p ON p.seq = c.seq` +
		w.String() + ` ORDER BY a.id DESC` + w.page(q.Page)
	return query, w.args
}
