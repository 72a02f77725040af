package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

// sqliteRows gives the rows of the wanted tables of somebody's SQLite database,
// which is only read. Views and virtual tables are not looked at: a file from
// elsewhere could put any work into them.
type sqliteRows struct {
	db        *sql.DB
	relations []relation // those that are still to come
	line      int
	rows      *sql.Rows
	row       row // without cells
	failed    bool
}

// openSQLite opens a database; it need not hold all of the tables.
func openSQLite(path string, relations []relation) (*sqliteRows, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "mode=ro&_pragma=trusted_schema(off)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return &sqliteRows{db: db, relations: relations}, nil
}

func (s *sqliteRows) Close() error {
	if s.rows != nil {
		s.rows.Close()
	}
	return s.db.Close()
}

// next gives the next row; a damaged database ends the table that is being
// read with a fault.
func (s *sqliteRows) next() (row, error) {
	for {
		if s.rows == nil {
			if len(s.relations) == 0 {
				return row{}, io.EOF
			}
			r := s.relations[0]
			s.relations = s.relations[1:]
			if err := s.begin(r); err != nil {
				return row{}, s.damaged(r.name, err)
			}
			continue
		}
		if !s.rows.Next() {
			err := errors.Join(s.rows.Err(), s.rows.Close())
			s.rows = nil
			if err != nil {
				return row{}, s.damaged(s.row.table, err)
			}
			continue
		}
		return s.scan()
	}
}

func (s *sqliteRows) damaged(table string, err error) *Fault {
	s.failed = true
	return &Fault{Where: fmt.Sprintf("row %d", s.line), Subject: "table " + table, Err: fmt.Errorf("database damaged: %w", err)}
}

// begin starts to read a table, if the database has it.
func (s *sqliteRows) begin(r relation) error {
	have, err := s.columns(r.name)
	if err != nil || len(have) == 0 {
		return err
	}
	s.row = row{table: strings.ToLower(r.name)}
	var get, long []string
	for _, c := range append(r.whole[:len(r.whole):len(r.whole)], r.columns...) {
		if have[strings.ToLower(c)] {
			s.row.columns = append(s.row.columns, c)
			// By its length in the file, so that what is too long is never read.
			long = append(long, fmt.Sprintf("coalesce(octet_length(%s), 0) > %d", quoteName(c), MaxValue))
			get = append(get, fmt.Sprintf("CASE WHEN octet_length(%s) <= %d THEN CAST(%[1]s AS TEXT) END", quoteName(c), MaxValue))
		}
	}
	if len(get) == 0 {
		return nil
	}
	s.rows, err = s.db.Query("SELECT " + strings.Join(get, ", ") + ", " + strings.Join(long, " OR ") + " FROM main." + quoteName(r.name))
	return err
}

// columns gives the columns of a table in lower case; none when it is not there.
func (s *sqliteRows) columns(table string) (map[string]bool, error) {
	rows, err := s.db.Query(`SELECT lower(c.name) FROM main.sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND lower(t.name) = lower($1) AND lower(t.sql) NOT LIKE 'create virtual%'`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		have[name] = true
	}
	return have, rows.Err()
}

func (s *sqliteRows) scan() (row, error) {
	s.line++
	texts := make([]sql.NullString, len(s.row.columns))
	into := make([]any, 0, len(texts)+1)
	for i := range texts {
		into = append(into, &texts[i])
	}
	var long bool
	if err := s.rows.Scan(append(into, &long)...); err != nil {
		return row{}, fmt.Errorf("database, row %d: %w", s.line, err)
	}
	if long {
		return row{}, &Fault{Where: fmt.Sprintf("row %d", s.line), Subject: "table " + s.row.table, Err: errTooLong}
	}
	r := s.row
	r.line = s.line
	r.cells = make([]cell, len(texts))
	var utf8 charset
	for i, t := range texts {
		if t.Valid {
			r.cells[i] = cell{utf8.text([]byte(t.String)), true}
		}
	}
	return r, nil
}
