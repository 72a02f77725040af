package store

import (
	"bytes"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"stet/internal/news"
	"stet/internal/pgtest"
)

var update = flag.Bool("update", false, "write schema.sql")

// TestSchema keeps schema.sql what the migrations make, for people to read.
func TestSchema(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	var got strings.Builder
	got.WriteString("-- The whole schema, as the migrations make it; go test -run TestSchema -update writes this file.\n")
	b.must(b.read(b.ctx, "schema", func(tx *tx) error {
		tables, err := list(b.ctx, tx, scanText, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
			AND name NOT LIKE 'article_search_%' AND name NOT LIKE 'goose_%' ORDER BY tbl_name, type <> 'table', name`)
		for _, sql := range tables {
			got.WriteString("\n" + sql + ";\n")
		}
		return err
	}))
	if *update {
		b.must(os.WriteFile("schema.sql", []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile("schema.sql")
	b.must(err)
	if got.String() != string(want) {
		t.Error("schema.sql is not what the migrations make: go test -run TestSchema -update")
	}
}

// TestOutcomes: the schema and package news know the same words.
func TestOutcomes(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	for _, o := range news.Outcomes {
		v := b.visit(l, a.ID, o)
		v.State = news.New
		b.record(v)
	}
	b.verify()
}

func TestReopen(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := filepath.Join(t.TempDir(), "a b%20?#", "data")
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	src, err := s.AddSource(t.Context(), news.Source{Key: "courier"})
	if err := errors.Join(err, s.Ping(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	again := openStore(t, Options{Dir: dir, MustExist: true})
	got, err := again.Source(t.Context(), "courier")
	if err != nil || got.Source != src {
		t.Errorf("after reopening: %+v, %v", got, err)
	}
	if s.Ping(t.Context()) == nil {
		t.Error("ping of a closed store: no error")
	}
	for _, name := range []string{"stet.db-journal", "stet.db.new", "stet.db.new-wal"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s was left", name)
		}
	}
}

func TestPragmas(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	for name, conn := range map[string]*sql.DB{"writer": b.writer, "reader": b.reader} {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
			"trusted_schema": "0", "cell_size_check": "1", "application_id": fmt.Sprint(applicationID)} {
			var got string
			b.must(conn.QueryRowContext(b.ctx, "PRAGMA "+pragma).Scan(&got))
			if got != want {
				t.Errorf("%s: %s = %s, want %s", name, pragma, got, want)
			}
		}
	}
	if _, err := b.reader.ExecContext(b.ctx, `DELETE FROM cursor`); err == nil {
		t.Error("a reader wrote")
	}
}

func TestMustExist(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := filepath.Join(t.TempDir(), "none")
	_, err := Open(t.Context(), Options{Dir: dir, MustExist: true})
	wantErr(t, "no store", err, ErrNoStore)
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory was made")
	}
}

func TestExclusive(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := t.TempDir()
	first, err := Open(t.Context(), Options{Dir: dir, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{Dir: dir, Exclusive: true})
	wantErr(t, "second crawler", err, ErrLocked)
	if err != nil && !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("error does not name the process: %v", err)
	}
	openStore(t, Options{Dir: dir}) // readers and tools are welcome
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openStore(t, Options{Dir: dir, Exclusive: true})
}

func TestOpenAtOnce(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			s, err := Open(t.Context(), Options{Dir: dir})
			if err == nil {
				_, err = s.AddSource(t.Context(), news.Source{Key: fmt.Sprint("s", i)})
				err = errors.Join(err, s.Close())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	rows, err := openStore(t, Options{Dir: dir}).Sources(t.Context())
	if err != nil || len(rows) != 4 {
		t.Errorf("%d sources, %v", len(rows), err)
	}
}

func TestNewerSchema(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := t.TempDir()
	s := openStore(t, Options{Dir: dir})
	if _, err := s.writer.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (77, 1)`); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir})
	wantErr(t, "newer schema", err, ErrNewer)
	if err != nil && (!strings.Contains(err.Error(), "77") || !strings.Contains(err.Error(), "1")) {
		t.Errorf("error does not name both numbers: %v", err)
	}
}

// TestOlderSchema: while somebody crawls, the schema under it stays as it is.
func TestOlderSchema(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := t.TempDir()
	s := openStore(t, Options{Dir: dir, Exclusive: true})
	if _, err := s.writer.ExecContext(t.Context(), `DELETE FROM goose_db_version WHERE version_id > 0`); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir})
	wantErr(t, "older schema under a crawler", err, ErrLocked)
}

func TestCloseTwice(t *testing.T) {
	pgtest.SQLiteOnly(t)
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Exclusive: true})
	if err := errors.Join(err, s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
}

// TestRefused: what is not ours, or broken, is refused and stays as it is.
func TestRefused(t *testing.T) {
	pgtest.SQLiteOnly(t)
	whole := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: whole})
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join(whole, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	foreign := bytes.Clone(good)
	copy(foreign[68:], []byte{0, 0, 0, 0})
	torn := bytes.Clone(good)
	copy(torn[100:4096], make([]byte, 3996))
	tests := []struct {
		name, part string
		data       []byte
	}{
		{"empty file", "cut short", nil},
		{"half a header", "cut short", good[:99]},
		{"a text", "not a database", []byte(strings.Repeat("Dear diary. ", 50))},
		{"another program's database", "another program", foreign},
		{"a torn first page", "malformed", torn},
		{"cut after the header", "", good[:512]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, databaseFile)
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), Options{Dir: dir})
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.part) {
				t.Errorf("error %v, want %q in it", err, tt.part)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(after, tt.data) {
				t.Error("the file was altered")
			}
		})
	}
}

// TestMissingDatabase: no new store is made beside what is left of an old one.
func TestMissingDatabase(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	_, err := b.PutBlob(b.ctx, []byte("evidence"), news.Digest{})
	b.must(err)
	for _, tt := range []struct{ name, left string }{{"blobs left", "blobs"}, {"write-ahead log left", "stet.db-wal"}} {
		dir := t.TempDir()
		if tt.left == "blobs" {
			b.must(os.CopyFS(filepath.Join(dir, "blobs"), os.DirFS(filepath.Join(b.dir, "blobs"))))
		} else {
			b.must(os.WriteFile(filepath.Join(dir, tt.left), []byte("x"), 0o600))
		}
		if _, err := Open(b.ctx, Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "restore the database") {
			t.Errorf("%s: error %v", tt.name, err)
		}
	}
}

// TestHalfMade: a crash while a store is being made leaves nothing that matters.
func TestHalfMade(t *testing.T) {
	pgtest.SQLiteOnly(t)
	dir := t.TempDir()
	for _, name := range []string{"stet.db.new", "stet.db.new-wal"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	openStore(t, Options{Dir: dir})
}
