package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stet/internal/news"
)

// Backup writes a copy of the store to dir, which must be empty or absent; the
// store goes on working meanwhile. The copy is the state at one moment. It is
// made beside dir, opened, verified, and appears under its name only when it is
// whole: a directory of that name is a good backup. It can be opened as it is.
//
// Blobs that no capture names are not copied.
func (s *Store) Backup(ctx context.Context, dir string) error {
	if err := s.backup(ctx, dir); err != nil {
		return fmt.Errorf("backup to %s: %w", dir, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, dir string) (err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return errors.New("the directory is not empty")
	}
	partial, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".partial-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(partial) // gone already when all went well
	if s.d.copyTo == "" {
		err = s.copyRows(ctx, partial)
	} else {
		err = s.copyDatabase(ctx, filepath.Join(partial, databaseFile))
	}
	if err != nil {
		return err
	}
	if err := s.completeBackup(ctx, partial); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := errors.Join(syncFile(partial), os.Rename(partial, dir)); err != nil {
		return err
	}
	return syncFile(filepath.Dir(dir))
}

// copyDatabase uses a connection of its own, so that neither readers nor the
// writer wait for it.
func (s *Store) copyDatabase(ctx context.Context, path string) error {
	db, err := sql.Open(s.d.driver, s.d.dsn(filepath.Join(s.dir, databaseFile), false))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, s.d.copyTo, path)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	return syncFile(path)
}

// copyRows makes the copy of a database on a server: a store in a directory, as
// any other.
func (s *Store) copyRows(ctx context.Context, dir string) error {
	target, err := Open(ctx, Options{Dir: dir, Now: s.now, Exclusive: true, Receiving: true})
	if err != nil {
		return err
	}
	_, err = s.CopyTo(ctx, target, nil)
	return errors.Join(err, target.Close())
}

// completeBackup adds the blobs, and verifies the whole.
func (s *Store) completeBackup(ctx context.Context, dir string) (err error) {
	copied, err := Open(ctx, Options{Dir: dir, Now: s.now, MustExist: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	var named []news.Digest
	err = copied.read(ctx, "blobs", func(t *tx) (err error) {
		named, err = t.blobsNamed(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range named {
		data, err := s.Blob(ctx, d)
		if err != nil {
			return err
		}
		if _, err := copied.PutBlob(ctx, data); err != nil {
			return err
		}
	}
	r, err := copied.Verify(ctx, nil)
	if err == nil && len(r.Problems) > 0 {
		err = fmt.Errorf("the copy has %d problems, the first: %s", len(r.Problems), r.Problems[0])
	}
	return err
}
