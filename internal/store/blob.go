package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"stet/internal/news"
)

// MaxBlob is the largest blob, in bytes: more than any body that is fetched.
const MaxBlob = 16 << 20

// Endings of blob files, after the digest of the plain bytes.
const (
	plainBlob = ""
	zstdBlob  = ".zst"
)

// tempDir holds blobs that are being written; what is older than tempAge was
// left there by a crash.
const (
	tempDir = "tmp"
	tempAge = 24 * time.Hour
)

// PutBlob keeps the bytes and gives their name, the SHA-256 of the bytes as
// given. They are on the disk when it returns. The same bytes are kept once; a
// damaged file of that name is made good. At most MaxBlob bytes.
func (s *Store) PutBlob(ctx context.Context, data []byte) (news.Digest, error) {
	d := news.Sum(data)
	if len(data) > MaxBlob {
		return news.Digest{}, fmt.Errorf("put blob: %d bytes, more than %d", len(data), MaxBlob)
	}
	if err := ctx.Err(); err != nil {
		return news.Digest{}, fmt.Errorf("put blob %s: %w", d, err)
	}
	if err := s.putBlob(d, data); err != nil {
		return news.Digest{}, fmt.Errorf("put blob %s: %w", d, err)
	}
	return d, nil
}

// putBlob writes the smaller of the plain and the compressed form.
func (s *Store) putBlob(d news.Digest, data []byte) error {
	path := s.blobPath(d)
	dir := filepath.Dir(path)
	if _, err := s.readBlob(d); err == nil {
		// Who wrote it may have died before the directory was on the disk.
		return syncFile(dir)
	}
	ending, body := plainBlob, data
	if small := s.enc.EncodeAll(data, nil); len(small) < len(data) {
		ending, body = zstdBlob, small
	}
	if err := s.makeBlobDir(dir); err != nil {
		return err
	}
	if err := s.writeBlob(dir, path+ending, body); err != nil {
		return err
	}
	if ending == plainBlob {
		return nil
	}
	// A damaged plain file would be read in preference.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// makeBlobDir makes the directory durable in its parent.
func (s *Store) makeBlobDir(dir string) error {
	switch err := os.Mkdir(dir, 0o750); {
	case err == nil:
		return syncFile(filepath.Dir(dir))
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	return nil
}

// writeBlob writes a file that is complete under its name or not there at all:
// temporary name, fsync, rename, fsync of the directory.
func (s *Store) writeBlob(dir, path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Join(s.dir, blobDir, tempDir), "")
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
	return syncFile(dir)
}

// Blob gives the bytes of that name. ErrNotFound when they were never kept; an
// error that says so when the file is damaged.
func (s *Store) Blob(ctx context.Context, d news.Digest) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("blob %s: %w", d, err)
	}
	data, err := s.readBlob(d)
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", d, err)
	}
	return data, nil
}

// readBlob never gives bytes that are not what the name says.
func (s *Store) readBlob(d news.Digest) ([]byte, error) {
	path := s.blobPath(d)
	data, err := os.ReadFile(path + plainBlob)
	if errors.Is(err, fs.ErrNotExist) {
		if data, err = os.ReadFile(path + zstdBlob); err == nil {
			data, err = s.dec.DecodeAll(data, nil)
			if err != nil {
				err = fmt.Errorf("damaged: %w", err)
			}
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case err != nil:
		return nil, err
	case news.Sum(data) != d:
		return nil, errors.New("damaged: its bytes have another digest")
	}
	return data, nil
}

// haveBlob reports whether there is a file for the blob.
func (s *Store) haveBlob(d news.Digest) bool {
	for _, ending := range []string{plainBlob, zstdBlob} {
		if _, err := os.Stat(s.blobPath(d) + ending); err == nil {
			return true
		}
	}
	return false
}

// blobPath spreads the files over 256 directories.
func (s *Store) blobPath(d news.Digest) string {
	name := d.String()
	if name == "" { // the absent digest names no file
		name = strings.Repeat("0", 64)
	}
	return filepath.Join(s.dir, blobDir, name[:2], name)
}

// eachBlob calls f with every blob file and the digest that its name claims; a
// zero digest for files that are none of ours.
func (s *Store) eachBlob(f func(path string, d news.Digest) error) error {
	root := filepath.Join(s.dir, blobDir)
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == tempDir:
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		d, bad := news.ParseDigest(strings.TrimSuffix(e.Name(), zstdBlob))
		if bad != nil {
			d = news.Digest{}
		}
		return f(path, d)
	})
}

// sweepTemp removes what a crash left half-written.
func (s *Store) sweepTemp() error {
	dir := filepath.Join(s.dir, blobDir, tempDir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && s.now().Sub(info.ModTime()) > tempAge {
			err = os.Remove(filepath.Join(dir, e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // its writer was quicker
			return err
		}
	}
	return nil
}
