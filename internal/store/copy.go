package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stet/internal/news"
)

// A keyed is a table that moves with a store, and its primary key.
type keyed struct {
	name string
	key  []string
	text bool // a part of the key is text
}

// moved are the tables that a copy takes along, each after those that it refers to.
var moved = []keyed{
	{name: "source", key: []string{"id"}}, {name: "domain", key: []string{"id"}}, {name: "host", key: []string{"id"}},
	{name: "article", key: []string{"id"}}, {name: "address", key: []string{"key"}, text: true},
	{name: "feed", key: []string{"id"}}, {name: "subscription", key: []string{"id"}},
	{name: "announcement", key: []string{"feed_id", "article_id"}},
	{name: "dictionary", key: []string{"id"}}, {name: "capture", key: []string{"id"}}, {name: "version", key: []string{"id"}}, {name: "seen", key: []string{"version_id"}},
	{name: "change", key: []string{"seq"}}, {name: "appraisal", key: []string{"seq"}}, {name: "baseline", key: []string{"article_id"}},
	{name: "derived", key: []string{"version_id"}}, {name: "cursor", key: []string{"name"}, text: true},
	{name: "curve", key: []string{"source_id", "kind", "section"}, text: true}, {name: "event", key: []string{"id"}},
	{name: "filter", key: []string{"id"}}, {name: "held", key: []string{"article_id", "key", "absent"}},
	{name: "ignore_rule", key: []string{"id"}}, {name: "pulse", key: []string{"source_id", "hour"}},
	{name: "recurrence", key: []string{"source_id", "key"}}, {name: "request", key: []string{"id"}}, {name: "tally", key: []string{"source_id"}},
	{name: "import_article", key: []string{"origin", "old_id", "source_id"}, text: true}, {name: "import_version", key: []string{"version_id"}},
	{name: "import_position", key: []string{"origin", "file"}, text: true},
}

// stays are the tables that a copy leaves out: who crawls on which database, how
// many ids it has skipped, what the search index keeps for itself, and how its blobs
// are kept (see copier.blob).
var stays = []string{"machine", "gap", "search_language", "blob_base", "dropped"}

// copying is the cursor that stands in a store while another is copied into it.
const copying = "copying"

// copyBatch is how many rows are written to the target in one transaction.
const copyBatch = 1000

// A CopyReport counts what a copy found and did, by table.
type CopyReport struct {
	Rows    map[string]int // that both stores have now
	Written int            // rows that were added or made equal
	Removed int            // rows that the source no longer has
	Blobs   int            // that were copied
}

// CopyTo makes target hold what this store holds: every row, with its ids and
// times, and the blobs that captures name; the search index is made anew. The
// source may be in use: what is copied is its state at one moment.
//
// Both stores are walked by primary key, side by side. So a copy that was broken
// off goes on where it stopped, one that is made again takes along only what is
// new, and no row counts as copied that was not compared. A row of history
// (capture, version, change) that the target has and the source has not, or has
// otherwise, ends the copy with ErrConflict: target is no copy of this store.
// Until a copy is whole the target is opened by nobody else (ErrUnfinished).
func (s *Store) CopyTo(ctx context.Context, target *Store, progress Progress) (CopyReport, error) {
	c := &copier{from: s, to: target, progress: progress, report: CopyReport{Rows: map[string]int{}}}
	if err := c.run(ctx); err != nil {
		return c.report, fmt.Errorf("copy: %w", err)
	}
	return c.report, nil
}

type copier struct {
	from, to    *Store
	conn        *sql.Conn // to the target, for writing
	progress    Progress
	done, total int
	report      CopyReport
}

func (c *copier) run(ctx context.Context) (err error) {
	if alive, err := c.to.CrawlingMachines(ctx); err != nil || len(alive) > 0 {
		return errors.Join(err, alone(alive))
	}
	if c.conn, err = c.to.writer.Conn(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.conn.Close()) }()
	if err := c.mark(ctx); err != nil {
		return err
	}
	var named []news.Digest
	err = c.from.read(ctx, "read the source", func(t *tx) (err error) {
		if err := errors.Join(c.sameHistory(ctx, t), c.measure(ctx, t)); err != nil {
			return err
		}
		for _, table := range moved {
			if err := c.table(ctx, t, table); err != nil {
				return fmt.Errorf("table %s: %w", table.name, err)
			}
		}
		if err := c.gaps(ctx, t); err != nil {
			return err
		}
		named, err = t.blobsNamed(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return c.finish(ctx, named)
}

// alone is the error when machines crawl on the target.
func alone(alive []Machine) error {
	if len(alive) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s crawls on the target", ErrLocked, alive[0].Name)
}

// mark notes in the target that it is not whole, and lets SQLite take rows before
// those that they refer to; Verify looks at all references.
func (c *copier) mark(ctx context.Context) error {
	if c.to.d.references != "" {
		if _, err := c.conn.ExecContext(ctx, fmt.Sprintf(c.to.d.references, 0)); err != nil {
			return err
		}
	}
	_, err := c.conn.ExecContext(ctx, `INSERT INTO cursor (name, seq, updated_at) VALUES ($1, 0, $2) ON CONFLICT (name) DO NOTHING`,
		copying, c.to.now().UnixMicro())
	return err
}

// finish copies the blobs, makes the search index and lifts the mark.
func (c *copier) finish(ctx context.Context, named []news.Digest) error {
	for _, d := range named {
		found, err := c.to.blobs.Has(ctx, d)
		if err == nil && found {
			continue
		}
		if err == nil {
			err = c.blob(ctx, d)
		}
		if err != nil {
			return err
		}
		c.report.Blobs++
	}
	for _, table := range c.to.d.numbered {
		if _, err := c.conn.ExecContext(ctx, fmt.Sprintf(c.to.d.renumber, table)); err != nil {
			return fmt.Errorf("numbers of %s: %w", table, err)
		}
	}
	if c.to.d.references != "" {
		if _, err := c.conn.ExecContext(ctx, fmt.Sprintf(c.to.d.references, 1)); err != nil {
			return err
		}
	}
	_, err := c.conn.ExecContext(ctx, `DELETE FROM cursor WHERE name = $1`, copying)
	return err
}

// blob copies a blob, whole, or that it was given up. The one connection that
// writes is taken: what a base would need of the database cannot be noted.
func (c *copier) blob(ctx context.Context, d news.Digest) error {
	data, err := c.from.Blob(ctx, d)
	if errors.Is(err, ErrDropped) {
		drop, err := c.from.Dropped(ctx, d)
		if err == nil {
			_, err = c.conn.ExecContext(ctx, `INSERT INTO dropped (digest, dropped_at, why, gone) VALUES ($1, $2, $3, 1) ON CONFLICT (digest) DO NOTHING`,
				d[:], micros(drop.At), drop.Why)
		}
		return err
	}
	if err == nil {
		_, err = c.to.blobs.Put(ctx, data, news.Digest{})
	}
	return err
}

// histories are the newest rows of history, as short as they can be told apart.
var histories = []string{
	`SELECT id, article_id, at FROM capture WHERE $1 = 0 OR id = $1 ORDER BY id DESC LIMIT 1`,
	`SELECT id, article_id, number FROM version WHERE $1 = 0 OR id = $1 ORDER BY id DESC LIMIT 1`,
	`SELECT seq, article_id, recorded_at FROM change WHERE $1 = 0 OR seq = $1 ORDER BY seq DESC LIMIT 1`,
}

// sameHistory checks that the newest row of history in the target, if it has any,
// is one of the source's.
func (c *copier) sameHistory(ctx context.Context, t *tx) error {
	scan := func(r row) (h [3]int64, err error) { return h, r.Scan(&h[0], &h[1], &h[2]) }
	return c.to.read(ctx, "history of the target", func(target *tx) error {
		for _, query := range histories {
			have, err := one(ctx, target, scan, query, 0)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			want, err := one(ctx, t, scan, query, have[0])
			if errors.Is(err, ErrNotFound) || err == nil && want != have {
				err = fmt.Errorf("%w: the target has a history of its own", ErrConflict)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// measure counts the rows, for the progress.
func (c *copier) measure(ctx context.Context, t *tx) error {
	for _, table := range moved {
		n, err := t.id(ctx, `SELECT count(*) FROM `+table.name)
		if err != nil {
			return err
		}
		c.total += int(n)
	}
	return nil
}

// gaps notes how many ids of captures and versions were given and are not there:
// a transaction that PostgreSQL rolls back does not give its ids back.
func (c *copier) gaps(ctx context.Context, t *tx) error {
	for _, table := range []string{"capture", "version"} {
		n, err := t.id(ctx, `SELECT coalesce(max(id), 0) - count(*) FROM `+table)
		if err != nil {
			return err
		}
		_, err = c.conn.ExecContext(ctx, `INSERT INTO gap (name, ids) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET ids = excluded.ids`, table, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// A step is a row to be written to the target, or to be removed there (only its
// key is given).
type step struct {
	row    []any
	remove bool
}

// table walks a table in both stores.
func (c *copier) table(ctx context.Context, t *tx, k keyed) (err error) {
	from, err := walkTable(ctx, t.Tx, c.from.d, k)
	if err != nil {
		return err
	}
	defer from.Close()
	back, err := c.to.reader.BeginTx(ctx, c.to.d.read)
	if err != nil {
		return err
	}
	defer back.Rollback()
	to, err := walkTable(ctx, back, c.to.d, k)
	if err != nil {
		return err
	}
	defer to.Close()
	if !slices.Equal(from.columns, to.columns) {
		return errors.New("the two stores have other columns")
	}
	var steps []step
	flush := func(least int) error {
		if len(steps) < least {
			return nil
		}
		err := c.apply(ctx, k, from, steps)
		steps = steps[:0]
		return err
	}
	if err := errors.Join(from.next(), to.next()); err != nil {
		return err
	}
	for from.row != nil || to.row != nil {
		order := compareKeys(from, to)
		switch {
		case order < 0, order == 0 && !sameRow(from.row, to.row):
			steps = append(steps, step{row: from.row})
			c.report.Written++
		case order > 0 && !k.kept(to):
			steps = append(steps, step{row: to.row, remove: true})
			c.report.Removed++
		}
		if order <= 0 {
			c.count(k.name)
			err = from.next()
		}
		if order >= 0 {
			err = errors.Join(err, to.next())
		}
		if err = errors.Join(err, flush(copyBatch)); err != nil {
			return err
		}
	}
	return flush(1)
}

// count counts a row that both stores have, or will.
func (c *copier) count(table string) {
	c.report.Rows[table]++
	c.done++
	if c.progress != nil {
		c.progress(c.done, c.total)
	}
}

// kept reports whether a row of the target stays though the source has none.
func (k keyed) kept(to *walked) bool { return k.name == "cursor" && to.row[to.key[0]] == copying }

// apply writes a batch to the target, whole or not at all.
func (c *copier) apply(ctx context.Context, k keyed, w *walked, steps []step) error {
	t, err := c.conn.BeginTx(ctx, c.to.d.write)
	if err != nil {
		return err
	}
	defer t.Rollback()
	put, err := t.PrepareContext(ctx, w.upsert(k))
	if err != nil {
		return err
	}
	defer put.Close()
	for _, s := range steps {
		switch {
		case s.remove:
			_, err = t.ExecContext(ctx, w.remove(k), w.keyOf(s.row)...)
		case k.name == "cursor" && s.row[w.key[0]] == SearchCursor:
			s.row = slices.Clone(s.row)
			s.row[slices.Index(w.columns, "seq")] = int64(0) // the index is made anew
			fallthrough
		default:
			_, err = put.ExecContext(ctx, s.row...)
		}
		if err != nil {
			if strings.Contains(err.Error(), "is never") {
				err = fmt.Errorf("%w: %w: the target has other history", ErrConflict, err)
			}
			return fmt.Errorf("row %v: %w", w.keyOf(s.row), err)
		}
	}
	return t.Commit()
}

// A walked is a table whose rows are read in the order of its key.
type walked struct {
	*sql.Rows
	columns []string
	key     []int // which of them are the key
	row     []any // nil at the end
}

// walkTable begins a walk. Texts are in the order of their bytes on all databases.
func walkTable(ctx context.Context, t *sql.Tx, d dialect, k keyed) (*walked, error) {
	var names []string
	order := slices.Clone(k.key)
	none, err := t.QueryContext(ctx, `SELECT * FROM `+k.name+` WHERE 1 = 0`)
	if err != nil {
		return nil, err
	}
	names, err = none.Columns()
	if err = errors.Join(err, none.Close()); err != nil {
		return nil, err
	}
	slices.Sort(names) // the order of columns is that of migrations
	if k.text {
		for i, name := range order {
			if slices.Contains([]string{"key", "name", "kind", "section", "origin", "old_id"}, name) {
				order[i] += d.bytewise
			}
		}
	}
	rows, err := t.QueryContext(ctx, `SELECT `+strings.Join(names, ", ")+` FROM `+k.name+` ORDER BY `+strings.Join(order, ", "))
	if err != nil {
		return nil, err
	}
	w := &walked{Rows: rows, columns: names}
	for _, name := range k.key {
		w.key = append(w.key, slices.Index(names, name))
	}
	return w, nil
}

// next reads a row; none is left when row is nil.
func (w *walked) next() error {
	w.row = nil
	if !w.Next() {
		return w.Err()
	}
	row := make([]any, len(w.columns))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	if err := w.Scan(into...); err != nil {
		return err
	}
	w.row = row
	return nil
}

func (w *walked) keyOf(row []any) (key []any) {
	for _, i := range w.key {
		key = append(key, row[i])
	}
	return key
}

// upsert writes a row, in place of what has its key.
func (w *walked) upsert(k keyed) string {
	params, sets := make([]string, len(w.columns)), []string{}
	for i, name := range w.columns {
		params[i] = "$" + strconv.Itoa(i+1)
		if !slices.Contains(k.key, name) {
			sets = append(sets, name+" = excluded."+name)
		}
	}
	return `INSERT INTO ` + k.name + ` (` + strings.Join(w.columns, ", ") + `) VALUES (` + strings.Join(params, ", ") +
		`) ON CONFLICT (` + strings.Join(k.key, ", ") + `) DO UPDATE SET ` + strings.Join(sets, ", ")
}

func (w *walked) remove(k keyed) string {
	conds := make([]string, len(k.key))
	for i, name := range k.key {
		conds[i] = name + " = $" + strconv.Itoa(i+1)
	}
	return `DELETE FROM ` + k.name + ` WHERE ` + strings.Join(conds, " AND ")
}

// compareKeys tells which of two walks is behind; one that has ended is ahead of all.
func compareKeys(a, b *walked) int {
	switch {
	case b.row == nil:
		return -1
	case a.row == nil:
		return 1
	}
	for i := range a.key {
		x, y := a.row[a.key[i]], b.row[b.key[i]]
		order := 0
		switch x := x.(type) {
		case int64:
			if y, ok := y.(int64); ok {
				order = cmp.Compare(x, y)
			}
		case []byte:
			if y, ok := y.([]byte); ok {
				order = bytes.Compare(x, y)
			}
		case string:
			if y, ok := y.(string); ok {
				order = strings.Compare(x, y)
			}
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

func sameRow(a, b []any) bool {
	return slices.EqualFunc(a, b, func(x, y any) bool {
		p, ok := x.([]byte)
		if !ok {
			return x == y
		}
		q, ok := y.([]byte)
		return ok && bytes.Equal(p, q)
	})
}
