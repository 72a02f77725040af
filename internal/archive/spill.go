package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// A relation is a table that a format has: what of it is read.
type relation struct {
	name    string   // as others spell it; letter case does not matter
	whole   []string // columns that must be whole numbers: ids and what refers to them
	columns []string // the other ones; those that a file lacks are NULL
	index   string   // the columns by which it is looked for, with commas
}

// A rows gives the rows of the wanted tables of a file one after another; io.EOF
// at the end, a *Fault for a bad one.
type rows interface{ next() (row, error) }

// A spill is a temporary SQLite database into which the wanted tables of a file
// are put, so that what belongs to one article can be found although it stands
// all over the file. It is as large as their texts, on disk; memory stays small.
type spill struct {
	dir    string
	db     *sql.DB
	tx     *sql.Tx
	insert map[string]*intake
	held   int // rows in the transaction
	rows   int // … and in all
	told   func(rows int)
}

// An intake is where the rows of one table go.
type intake struct {
	relation
	stmt   *sql.Stmt
	places map[string]int // column → place among the statement's values, lower case
	values []any
}

// spillBatch is how many rows are written at once.
const spillBatch = 5000

// newSpill makes an empty spill with the tables of a format, below the
// directory dir; "" is the system's own for temporary files.
func newSpill(dir string, relations []relation) (*spill, error) {
	dir, err := os.MkdirTemp(dir, "stet-import-")
	if err != nil {
		return nil, fmt.Errorf("temporary database: %w", err)
	}
	s := &spill{dir: dir, insert: map[string]*intake{}}
	if err := s.open(relations); err != nil {
		return nil, errors.Join(fmt.Errorf("temporary database: %w", err), s.Close())
	}
	return s, nil
}

func (s *spill) open(relations []relation) (err error) {
	// Nothing in it outlives the import: neither a journal nor syncs are needed.
	address := "file:" + filepath.ToSlash(filepath.Join(s.dir, "rows.db")) + "?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)"
	if s.db, err = sql.Open("sqlite", address); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	for _, r := range relations {
		if err := s.table(r); err != nil {
			return err
		}
	}
	return s.begin()
}

// table makes one table and notes where its columns are.
func (s *spill) table(r relation) error {
	in := &intake{relation: r, places: map[string]int{}}
	var columns []string
	for _, c := range r.whole {
		in.places[strings.ToLower(c)] = len(columns)
		columns = append(columns, quoteName(c)+" INTEGER")
	}
	for _, c := range r.columns {
		in.places[strings.ToLower(c)] = len(columns)
		columns = append(columns, quoteName(c)+" TEXT")
	}
	in.values = make([]any, len(columns))
	s.insert[strings.ToLower(r.name)] = in
	_, err := s.db.Exec("CREATE TABLE " + quoteName(r.name) + " (" + strings.Join(columns, ", ") + ")")
	return err
}

// begin starts the next batch.
func (s *spill) begin() (err error) {
	if s.tx, err = s.db.Begin(); err != nil {
		return err
	}
	s.held = 0
	for _, in := range s.insert {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(in.values)), ", ")
		if in.stmt, err = s.tx.Prepare("INSERT INTO " + quoteName(in.name) + " VALUES (" + marks + ")"); err != nil {
			return err
		}
	}
	return nil
}

// fill puts all rows of a file into the spill and makes its indexes. Bad rows
// are told to bad.
func (s *spill) fill(ctx context.Context, from rows, bad func(*Fault)) error {
	for {
		r, err := from.next()
		if f, ok := IsFault(err); ok {
			bad(f)
			continue
		}
		if errors.Is(err, io.EOF) {
			return s.done()
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := s.add(r, bad); err != nil {
			return fmt.Errorf("temporary database: %w", err)
		}
	}
}

// add puts in one row.
func (s *spill) add(r row, bad func(*Fault)) error {
	in := s.insert[r.table]
	clear(in.values)
	for i, name := range r.columns {
		if place, ok := in.places[strings.ToLower(name)]; ok && r.cells[i].set {
			in.values[place] = r.cells[i].text
		}
	}
	for i, name := range in.whole {
		text, _ := in.values[i].(string)
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			bad(&Fault{Where: fmt.Sprintf("line %d", r.line), Subject: "table " + in.name, Err: fmt.Errorf("%s %.40q: no whole number", name, text)})
			return nil
		}
		in.values[i] = n
	}
	if _, err := in.stmt.Exec(in.values...); err != nil {
		return err
	}
	s.rows++
	if s.held++; s.held < spillBatch {
		return nil
	}
	if s.told != nil {
		s.told(s.rows)
	}
	if err := s.tx.Commit(); err != nil {
		return err
	}
	return s.begin()
}

// done ends the filling.
func (s *spill) done() error {
	if err := s.tx.Commit(); err != nil {
		return fmt.Errorf("temporary database: %w", err)
	}
	s.tx = nil
	for _, in := range s.insert {
		if in.index == "" {
			continue
		}
		if _, err := s.db.Exec("CREATE INDEX " + quoteName("by "+in.name) + " ON " + quoteName(in.name) + " (" + in.index + ")"); err != nil {
			return fmt.Errorf("temporary database: %w", err)
		}
	}
	return nil
}

// Close removes the spill.
func (s *spill) Close() error {
	var err error
	if s.tx != nil {
		err = s.tx.Rollback()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// quoteName quotes the name of a table or column (SQL).
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
