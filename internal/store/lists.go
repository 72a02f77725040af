package store

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Limits of a page of a list.
const (
	MaxPageSize = 500    // lines
	MaxPageWalk = 10_000 // keys that are looked at to find them; beyond that the page ends, and the list goes on
)

// size is how many lines the page may have.
func (p Page) size() int { return min(max(p.Size, 1), MaxPageSize) }

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

// in adds a list of ids, and gives it in brackets.
func (w *where) in(ids []int64) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = w.arg(id)
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// String is the clause, empty without conditions.
func (w *where) String() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

// A keyset is a list as its keys alone, which an index has in its order. What
// readers may not see is told by a column rather than left out by a condition: so
// the walk along the index has an end, however much is hidden.
type keyset struct {
	from  string // tables, the one that leads first; CROSS JOIN keeps SQLite to that
	id    string // column of the key, which is the cursor too
	order string // column that the list goes by, the newest highest
	at    string // what order is compared with, %s being the cursor; empty = the cursor itself
	shown string // 1 = readers may see the line, else 0
	where
}

// query lists limit keys on the far side of the cursor, the nearest first.
func (k keyset) query(cursor int64, newer bool, limit int) (query string, args []any) {
	w := where{slices.Clone(k.conds), slices.Clone(k.args)}
	at := w.arg(cursor)
	if k.at != "" && cursor != math.MaxInt64 {
		at = strings.Replace(k.at, "%s", at, 1)
	}
	side, way := " < ", " DESC"
	if newer {
		side, way = " > ", ""
	}
	w.and(k.order + side + at)
	return `SELECT ` + k.id + `, ` + k.shown + ` FROM ` + k.from + w.String() + ` ORDER BY ` + k.order + way + ` LIMIT ` + w.arg(limit), w.args
}

type key struct {
	id    int64
	shown bool
}

func scanKey(r row) (k key, err error) { return k, r.Scan(&k.id, &k.shown) }

// walk takes up to n ids that may be shown, from the cursor on. end is where the
// list goes on, 0 = nowhere; after MaxPageWalk keys it is where the walk stopped.
func (t *tx) walk(ctx context.Context, k keyset, cursor int64, newer bool, n int) (ids []int64, end int64, err error) {
	end = cursor
	for looked, batch := 0, n+1; looked < MaxPageWalk; batch *= 2 {
		batch = min(batch, MaxPageWalk-looked)
		query, args := k.query(cursor, newer, batch)
		keys, err := list(ctx, t, scanKey, query, args...)
		if err != nil {
			return nil, 0, err
		}
		for _, one := range keys {
			cursor = one.id
			if !one.shown {
				continue
			}
			if len(ids) == n {
				return ids, end, nil
			}
			ids, end = append(ids, one.id), one.id
		}
		if len(keys) < batch {
			return ids, 0, nil
		}
		looked += batch
	}
	return ids, cursor, nil
}

// cut gives the ids of a page, the newest first, and what is beside it.
func (t *tx) cut(ctx context.Context, k keyset, p Page) (ids []int64, ends Ends, err error) {
	if p.Before <= 0 && p.After > 0 {
		return t.cutAbove(ctx, k, p)
	}
	top := int64(math.MaxInt64)
	if p.Before > 0 {
		top = p.Before
	}
	if ids, ends.Older, err = t.walk(ctx, k, top, false, p.size()); err != nil || p.Before <= 0 {
		return ids, ends, err
	}
	if len(ids) > 0 {
		top = ids[0]
	}
	_, ends.Newer, err = t.walk(ctx, k, top, true, 0)
	return ids, ends, err
}

// cutAbove gives the page right above a cursor: the newest page where less than a
// page is above.
func (t *tx) cutAbove(ctx context.Context, k keyset, p Page) (ids []int64, ends Ends, err error) {
	if ids, ends.Newer, err = t.walk(ctx, k, p.After, true, p.size()); err != nil {
		return nil, ends, err
	}
	if ends.Newer == 0 {
		return t.cut(ctx, k, Page{Size: p.Size})
	}
	slices.Reverse(ids)
	ends.Older = p.After
	if len(ids) > 0 {
		ends.Older = ids[len(ids)-1]
	}
	return ids, ends, nil
}

// inOrder puts rows into the order of their ids.
func inOrder[T any](ids []int64, rows []T, id func(T) int64) []T {
	place := make(map[int64]int, len(ids))
	for i, n := range ids {
		place[n] = i
	}
	slices.SortFunc(rows, func(a, b T) int { return place[id(a)] - place[id(b)] })
	return rows
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

// VersionList lists versions, the last recorded first. Cursors are their ids.
// Versions of hidden articles are left out; where more than MaxPageWalk of them
// stand together a page may be short, or empty, and the list goes on after it.
func (s *Store) VersionList(ctx context.Context, q VersionQuery) (rows []VersionRow, ends Ends, err error) {
	err = s.read(ctx, "list versions", func(t *tx) error {
		var ids []int64
		if ids, ends, err = t.cut(ctx, versionKeys(q), q.Page); err != nil || len(ids) == 0 {
			return err
		}
		query, args := versionRows(ids)
		rows, err = list(ctx, t, scanVersionRow, query, args...)
		rows = inOrder(ids, rows, func(r VersionRow) int64 { return r.ID })
		return err
	})
	return rows, ends, err
}

const (
	isShown  = `CASE WHEN a.hidden = '' THEN 1 ELSE 0 END`
	ofSource = `(SELECT id FROM source WHERE key = %s)`
)

// versionKeys are the keys of a list of versions. Lists of all sources are read off
// the change log, whose rows are short.
func versionKeys(q VersionQuery) keyset {
	k := keyset{from: `version v CROSS JOIN article a`, id: `v.id`, order: `v.id`, shown: isShown}
	if q.ArticleID == 0 && q.SourceKey == "" {
		k.from, k.id, k.order = `change c CROSS JOIN article a`, `c.version_id`, `c.version_id`
		k.and(`a.id = c.article_id`)
		if q.ChangedOnly {
			k.and(`c.number > 0`)
		}
		return k
	}
	k.and(`a.id = v.article_id`)
	if q.SourceKey != "" {
		k.and(`v.source_id = ` + strings.Replace(ofSource, "%s", k.arg(q.SourceKey), 1))
	}
	if q.ArticleID != 0 { // by number is the same order, and the index has it
		k.and(`v.article_id = ` + k.arg(q.ArticleID))
		k.order, k.at = `v.number`, `(SELECT number FROM version WHERE id = %s)`
	}
	if q.ChangedOnly {
		k.and(`v.number > 0`)
	}
	return k
}

// versionRows and articleRows read the lines of a page, in no order.
func versionRows(ids []int64) (query string, args []any) {
	w := &where{}
	w.and(`v.id IN ` + w.in(ids))
	return `SELECT ` + versionRowColumns + ` FROM version v JOIN seen n ON n.version_id = v.id
		JOIN article a ON a.id = v.article_id JOIN source s ON s.id = v.source_id JOIN change c ON c.version_id = v.id
		LEFT JOIN appraisal p ON p.seq = c.seq` + w.String(), w.args
}

// ArticleList lists articles, the last found first. Cursors are their ids. Hidden
// articles are left out, as in VersionList.
func (s *Store) ArticleList(ctx context.Context, q ArticleQuery) (rows []ArticleRow, ends Ends, err error) {
	err = s.read(ctx, "list articles", func(t *tx) error {
		var ids []int64
		if ids, ends, err = t.cut(ctx, articleKeys(q), q.Page); err != nil || len(ids) == 0 {
			return err
		}
		query, args := articleRows(ids)
		rows, err = list(ctx, t, scanArticleRow, query, args...)
		rows = inOrder(ids, rows, func(r ArticleRow) int64 { return r.ID })
		return err
	})
	return rows, ends, err
}

// articleKeys are the keys of a list of articles. The indexes by source and state
// are of what is shown alone.
func articleKeys(q ArticleQuery) keyset {
	k := keyset{from: `article a`, id: `a.id`, order: `a.id`, shown: isShown}
	if q.SourceKey != "" || q.State != "" {
		k.and(`a.hidden = ''`)
	}
	if q.SourceKey != "" {
		k.and(`a.source_id = ` + strings.Replace(ofSource, "%s", k.arg(q.SourceKey), 1))
	}
	if q.State != "" {
		k.and(`a.state = ` + k.arg(string(q.State)))
	}
	return k
}

func articleRows(ids []int64) (query string, args []any) {
	w := &where{}
	w.and(`a.id IN ` + w.in(ids))
	return `SELECT ` + articleColumns + `, s.key, s.name, ` + briefColumns + ` FROM article a JOIN source s ON s.id = a.source_id
		LEFT JOIN version v ON v.article_id = a.id AND v.number = a.versions - 1 LEFT JOIN change c ON c.version_id = v.id
		LEFT JOIN appraisal p ON p.seq = c.seq` + w.String(), w.args
}

func scanArticleRow(r row) (a ArticleRow, err error) {
	var alternates string
	var b brief
	if err = r.Scan(append(append(articleInto(&a.Article, &alternates), &a.SourceKey, &a.SourceName), b.into()...)...); err == nil {
		a.Between, err = parseNumbers(alternates)
	}
	a.Appraisal = b.appraisal()
	return a, err
}
