package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"stet/internal/blob"
	"stet/internal/news"
)

// MaxBlob is the largest blob, in bytes.
const MaxBlob = blob.MaxBlob

// ErrDropped means that the bytes of a blob were given up on purpose, by the rule
// of the source; the message has the day and the rule. See DropRaw.
var ErrDropped = errors.New("given up")

// openBlobs opens the place of the blobs: a directory or an s3:// address, and
// blobs in the data directory when none is named.
func (s *Store) openBlobs(where string) error {
	if where == "" {
		where = filepath.Join(s.dir, blobDir)
	}
	objects, err := blob.Open(where, blob.Options{Env: os.Getenv, Now: s.now})
	if err != nil {
		return err
	}
	s.blobs, err = blob.NewArchive(objects)
	return err
}

// closeBlobs is for a store that may be half open.
func (s *Store) closeBlobs() error {
	if s.blobs == nil {
		return nil
	}
	return s.blobs.Close()
}

// PutBlob keeps the bytes and gives their name, the SHA-256 of the bytes as
// given. They are durable when it returns. The same bytes are kept once; a
// damaged object of that name is made good. At most MaxBlob bytes. like is a blob
// that they may resemble, such as the last capture of the same article (see
// LastRaw): then only what differs takes room; zero for none.
func (s *Store) PutBlob(ctx context.Context, data []byte, like news.Digest) (news.Digest, error) {
	d := news.Sum(data)
	if err := s.putBlob(ctx, d, data, like); err != nil {
		return news.Digest{}, fmt.Errorf("put blob %s: %w", d, err)
	}
	return d, nil
}

// putBlob keeps this order, so that DropRaw may run at the same time and a crash
// come anywhere: a blob that is about to be deleted is claimed before it is looked
// at; what an object rests on is noted before the object is written; and after
// that, when the base was given up in between, it is written again on nothing.
func (s *Store) putBlob(ctx context.Context, d news.Digest, data []byte, like news.Digest) error {
	gone, err := s.wantAgain(ctx, d)
	if err != nil {
		return err
	}
	draft, err := s.blobs.Draft(ctx, data, like)
	if err != nil {
		return err
	}
	if !draft.Base.IsZero() {
		free, err := s.noteBase(ctx, d, draft.Base)
		if err != nil {
			return err
		}
		if !free {
			draft = s.blobs.Whole(data)
		}
	}
	if err := s.blobs.Write(ctx, draft); err != nil {
		return err
	}
	if !draft.Base.IsZero() {
		_, err := s.Dropped(ctx, draft.Base)
		if err == nil {
			err = s.blobs.Write(ctx, s.blobs.Whole(data))
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	if !gone {
		return nil
	}
	return s.write(ctx, "have again", func(t *tx) error {
		_, err := t.ExecContext(ctx, `DELETE FROM dropped WHERE digest = $1`, d[:])
		return err
	})
}

// wantAgain takes back that a blob is about to be deleted; gone when it is deleted
// already.
func (s *Store) wantAgain(ctx context.Context, d news.Digest) (gone bool, err error) {
	drop, err := s.Dropped(ctx, d)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil || drop.Gone {
		return drop.Gone, err
	}
	err = s.write(ctx, "claim", func(t *tx) (err error) {
		gone, err = t.claimBlob(ctx, d)
		return err
	})
	return gone, err
}

// claimBlob keeps a blob from being deleted by whoever is about to do it.
func (t *tx) claimBlob(ctx context.Context, d news.Digest) (gone bool, err error) {
	if _, err := t.ExecContext(ctx, `DELETE FROM dropped WHERE digest = $1 AND gone = 0`, d[:]); err != nil {
		return false, err
	}
	n, err := t.id(ctx, `SELECT count(*) FROM dropped WHERE digest = $1`, d[:])
	return n > 0, err
}

// noteBase notes that a blob rests on another; not free when that is given up.
func (s *Store) noteBase(ctx context.Context, d, base news.Digest) (free bool, err error) {
	err = s.write(ctx, "note base", func(t *tx) error {
		n, err := t.id(ctx, `SELECT count(*) FROM dropped WHERE digest = $1`, base[:])
		if free = n == 0; err != nil || !free {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO blob_base (digest, base) VALUES ($1, $2) ON CONFLICT (digest, base) DO NOTHING`, d[:], base[:])
		return err
	})
	return free, err
}

// Blob gives the bytes of that name. ErrNotFound when they were never kept,
// ErrDropped when they were given up; an error that says so when what is there is
// damaged or cannot be read.
func (s *Store) Blob(ctx context.Context, d news.Digest) ([]byte, error) {
	data, err := s.blobs.Get(ctx, d)
	if errors.Is(err, blob.ErrNotFound) {
		err = s.absence(ctx, d)
	}
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", d, err)
	}
	return data, nil
}

// absence says why a blob is not there.
func (s *Store) absence(ctx context.Context, d news.Digest) error {
	drop, err := s.Dropped(ctx, d)
	if err != nil { // ErrNotFound among them
		return err
	}
	return fmt.Errorf("%w on %s: %s", ErrDropped, drop.At.Format(time.DateOnly), drop.Why)
}

// LastRaw gives the raw bytes of the newest capture of an article that has some,
// by their name; zero when none has. It is what the next capture may resemble.
func (s *Store) LastRaw(ctx context.Context, articleID int64) (d news.Digest, err error) {
	err = s.read(ctx, fmt.Sprintf("last raw capture of article %d", articleID), func(t *tx) (err error) {
		d, err = one(ctx, t, scanDigest, lastRaw, articleID)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return d, err
}

// lastRaw takes an article.
const lastRaw = `SELECT raw FROM capture WHERE article_id = $1 AND raw IS NOT NULL ORDER BY id DESC LIMIT 1`

func scanDigest(r row) (d news.Digest, err error) { return d, r.Scan(bytes32{(*[32]byte)(&d)}) }
