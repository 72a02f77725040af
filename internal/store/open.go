package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Names in the data directory.
const (
	databaseFile = "stet.db"
	lockFile     = "stet.lock"
	blobDir      = "blobs"
)

// applicationID marks our SQLite files, at byte 68 of the header: "stet".
const applicationID = 0x73746574

//go:embed migrations
var migrations embed.FS

func open(ctx context.Context, o Options) (_ *Store, err error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, now: o.Now, d: sqlite, token: rand.Text(), dictionaries: &dictionaries{}, statements: o.Statements}
	if s.statements == nil {
		s.statements = func(string, []any) {}
	}
	if s.now == nil {
		s.now = time.Now
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.abandon())
		}
	}()
	if o.DB == "" {
		err = s.openFile(ctx, o)
	} else {
		s.d = postgres
		err = s.openServer(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	if err := s.finished(ctx, o); err != nil {
		return nil, err
	}
	if err := s.openBlobs(o.Blobs); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	return s, s.openCodecs()
}

// finished refuses a store that another was only half copied into.
func (s *Store) finished(ctx context.Context, o Options) error {
	return s.read(ctx, "look for a copy that was broken off", func(t *tx) error {
		n, err := t.id(ctx, `SELECT count(*) FROM cursor WHERE name = $1`, copying)
		if err == nil && n > 0 && !o.Receiving {
			err = ErrUnfinished
		}
		return err
	})
}

// openFile opens the SQLite database in the directory.
func (s *Store) openFile(ctx context.Context, o Options) (err error) {
	if err := prepareDir(s.dir, o.MustExist); err != nil {
		return err
	}
	if o.Exclusive {
		if s.lock, err = takeLock(filepath.Join(s.dir, lockFile)); err != nil {
			return err
		}
	}
	if err := s.openDatabase(ctx); err != nil {
		return err
	}
	if o.Exclusive {
		return errors.Join(s.freeHosts(ctx), s.nameDomains(ctx))
	}
	return nil
}

// prepareDir makes the directory, or says that there is no store in it.
func prepareDir(dir string, mustExist bool) error {
	_, err := os.Stat(filepath.Join(dir, databaseFile))
	if errors.Is(err, fs.ErrNotExist) && mustExist {
		return ErrNoStore
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.MkdirAll(dir, 0o750)
}

// openDatabase makes the database when there is none, refuses what is not ours
// and migrates what is old. Two processes that start at once take turns.
func (s *Store) openDatabase(ctx context.Context) error {
	turn, err := lockDir(s.dir)
	if err != nil {
		return err
	}
	defer turn.release()
	path := filepath.Join(s.dir, databaseFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := s.create(ctx, path); err != nil {
			return err
		}
	}
	if err := checkHeader(path); err != nil {
		return fmt.Errorf("%w; it was left as it is", err)
	}
	if err := s.connect(path); err != nil {
		return err
	}
	return s.migrate(ctx)
}

// create makes a new database beside its place and moves it there when it is
// complete and on the disk, so that a crash leaves no half-made store.
func (s *Store) create(ctx context.Context, path string) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, blobDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 1 { // more than what is half-written
		return fmt.Errorf("%s is missing but %s is not empty: restore the database, or use another directory", databaseFile, blobDir)
	}
	fresh := path + ".new"
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(fresh + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if _, err := os.Stat(path + suffix); err == nil {
			return fmt.Errorf("%s is missing but %s is there: restore the database, or use another directory", databaseFile, databaseFile+suffix)
		}
	}
	db, err := sql.Open(s.d.driver, s.d.dsn(fresh, false))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	err = migrateUp(ctx, s.d, db)
	if err == nil {
		_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := syncFile(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncFile(s.dir)
}

// checkHeader reads the header without SQLite, which would write beside the
// file. A new store is moved into place closed, so ours always has one.
func checkHeader(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var h [100]byte
	switch _, err := io.ReadFull(f, h[:]); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: not a stet store, or cut short", path)
	case err != nil:
		return err
	case string(h[:16]) != "SQLite format 3\x00":
		return fmt.Errorf("%s: not a database, or damaged", path)
	case binary.BigEndian.Uint32(h[68:]) != applicationID:
		return fmt.Errorf("%s: the database of another program", path)
	}
	return nil
}

// connect opens one connection that writes and a pool of those that read. Writers
// wait for each other in Go, in order, where SQLite would poll and give up.
func (s *Store) connect(path string) (err error) {
	if s.writer, err = sql.Open(s.d.driver, s.d.dsn(path, false)); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open(s.d.driver, s.d.dsn(path, true)); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return nil
}

// migrate compares the schema number of the database with ours.
func (s *Store) migrate(ctx context.Context) error {
	p, err := provider(s.d, s.writer)
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case have > want:
		return fmt.Errorf("%w: its schema is number %d, this program knows %d", ErrNewer, have, want)
	case have == want:
		return nil
	}
	if s.lock == nil && !s.d.machines { // a crawler of the older version must not meet the new schema
		alone, err := takeLock(filepath.Join(s.dir, lockFile))
		if err != nil {
			return err
		}
		defer alone.release()
	}
	return migrateUp(ctx, s.d, s.writer)
}

// provider reads the migrations from the program itself: nothing registers them.
func provider(d dialect, db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, d.migrations)
	if err != nil {
		return nil, err
	}
	o := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.machines { // machines that start at once take turns
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		o = append(o, goose.WithSessionLocker(l))
	}
	return goose.NewProvider(d.goose, db, files, o...)
}

func migrateUp(ctx context.Context, d dialect, db *sql.DB) error {
	p, err := provider(d, db)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// openCodecs makes the zstd coders; both are safe for use by many at once. The
// decoder's limit is what no text and no blob of ours exceeds.
func (s *Store) openCodecs() (err error) {
	if s.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1)); err != nil {
		return err
	}
	s.coders = newCoders()
	s.dec, err = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(max(MaxContent, MaxBlob)), zstd.WithDecoderConcurrency(1))
	return err
}

// abandon closes what a failed open had opened.
func (s *Store) abandon() error {
	var errs []error
	if s.reader != nil && s.reader != s.writer {
		errs = append(errs, s.reader.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	return errors.Join(append(errs, s.closeBlobs(), s.lock.release())...)
}

// syncFile makes a file, or the entries of a directory, durable.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
