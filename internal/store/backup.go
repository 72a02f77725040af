package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stet/internal/blob"
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
	done := make(map[news.Digest]bool, len(named))
	for _, d := range named {
		if err := s.copyBlob(ctx, copied, d, done); err != nil {
			return err
		}
	}
	r, err := copied.Verify(ctx, nil)
	if err == nil && len(r.Problems) > 0 {
		err = fmt.Errorf("the copy has %d problems, the first: %s", len(r.Problems), r.Problems[0])
	}
	return err
}

// copyBlob copies a blob, and first what it rests on, so that it may rest on that
// in the copy too. What was given up since the database was copied is given up in
// the copy.
func (s *Store) copyBlob(ctx context.Context, to *Store, d news.Digest, done map[news.Digest]bool) error {
	if done[d] {
		return nil
	}
	done[d] = true
	data, err := s.Blob(ctx, d)
	if errors.Is(err, ErrDropped) {
		drop, err := s.Dropped(ctx, d)
		if err != nil {
			return err
		}
		return to.giveUp(ctx, d, drop)
	}
	if err != nil {
		return err
	}
	base, err := s.blobs.Base(ctx, d)
	if err == nil && !base.IsZero() {
		err = s.copyBlob(ctx, to, base, done)
	}
	if err != nil && !errors.Is(err, blob.ErrNotFound) { // given up just now: the bytes are here
		return err
	}
	_, err = to.PutBlob(ctx, data, base)
	return err
}

// giveUp notes that a blob is not there on purpose.
func (s *Store) giveUp(ctx context.Context, d news.Digest, drop Drop) error {
	return s.write(ctx, fmt.Sprintf("give up blob %s", d), func(t *tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO dropped (digest, dropped_at, why, gone) VALUES ($1, $2, $3, 1) ON CONFLICT (digest) DO UPDATE SET gone = 1`,
			d[:], micros(drop.At), drop.Why)
		return err
	})
}
