package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// tempDir holds objects that are being written; what is older than tempAge was
// left there by a crash.
const (
	tempDir = "tmp"
	tempAge = 24 * time.Hour
)

// A dir is a directory with an object in each file.
type dir struct{ root string }

// OpenDir opens a directory as a store, makes it when it is absent, and removes
// what a crash left half-written.
func OpenDir(root string, now func() time.Time) (Store, error) {
	root, err := filepath.Abs(root)
	if err == nil {
		err = os.MkdirAll(filepath.Join(root, tempDir), 0o750)
	}
	d := &dir{root}
	if err == nil {
		err = d.sweep(now())
	}
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	return d, nil
}

// path is the file of an object. Names come from the Archive, so one that leads
// out of the directory is a fault of ours.
func (d *dir) path(name string) (string, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return "", fmt.Errorf("object %q: %w", name, err)
	}
	return filepath.Join(d.root, local), nil
}

// Put writes to a temporary name, and then fsync, rename, fsync of the directory.
func (d *dir) Put(ctx context.Context, name string, data []byte) error {
	path, err := d.path(name)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = d.makeFolder(filepath.Dir(path))
	}
	if err == nil {
		err = d.write(path, data)
	}
	if err != nil {
		return fmt.Errorf("put object %s: %w", name, err)
	}
	return nil
}

// makeFolder makes the folder of an object durable in its parent.
func (d *dir) makeFolder(folder string) error {
	switch err := os.Mkdir(folder, 0o750); {
	case err == nil:
		return syncFile(filepath.Dir(folder))
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	return nil
}

func (d *dir) write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Join(d.root, tempDir), "")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFile(filepath.Dir(path))
}

// Get reads a file, but not one that grew beyond all bounds.
func (d *dir) Get(ctx context.Context, name string) ([]byte, error) {
	path, err := d.path(name)
	if err == nil {
		err = ctx.Err()
	}
	var info fs.FileInfo
	if err == nil {
		info, err = os.Stat(path)
	}
	if err == nil && info.Size() > MaxObject {
		err = fmt.Errorf("%d bytes: %w", info.Size(), ErrTooLarge)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("object %s: %w", name, err)
	}
	return data, nil
}

// Has looks for the file.
func (d *dir) Has(ctx context.Context, name string) (bool, error) {
	path, err := d.path(name)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		_, err = os.Stat(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("object %s: %w", name, err)
	}
	return true, nil
}

// Settle syncs the folder: who wrote the file may have died before that.
func (d *dir) Settle(_ context.Context, name string) error {
	path, err := d.path(name)
	if err == nil {
		err = syncFile(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("settle object %s: %w", name, err)
	}
	return nil
}

// Delete removes the file. After a power cut it may be there again, and then does
// no harm: nothing names it.
func (d *dir) Delete(ctx context.Context, name string) error {
	path, err := d.path(name)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete object %s: %w", name, err)
	}
	return nil
}

// Each walks the directory.
func (d *dir) Each(ctx context.Context, f func(name string, size int64) error) error {
	return filepath.WalkDir(d.root, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != d.root: // deleted meanwhile
			return nil
		case err != nil:
			return fmt.Errorf("list objects: %w", err)
		case e.IsDir() && e.Name() == tempDir && filepath.Dir(path) == d.root:
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		name, relErr := filepath.Rel(d.root, path)
		if err = errors.Join(err, relErr); err != nil {
			return fmt.Errorf("list objects: %w", err)
		}
		return f(filepath.ToSlash(name), info.Size())
	})
}

// sweep removes what a crash left half-written.
func (d *dir) sweep(now time.Time) error {
	temp := filepath.Join(d.root, tempDir)
	entries, err := os.ReadDir(temp)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && now.Sub(info.ModTime()) > tempAge {
			err = os.Remove(filepath.Join(temp, e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // its writer was quicker
			return err
		}
	}
	return nil
}

// syncFile makes a file, or the entries of a directory, durable.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
