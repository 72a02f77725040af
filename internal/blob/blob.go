// Package blob keeps the raw bytes of captures: a body as it was sent, or a
// picture. A blob is named by the SHA-256 of those bytes (news.Digest), so the
// same bytes are kept once, and what comes back is checked against its name.
//
// Two layers. A [Store] holds objects, which are bytes under a name: a directory
// ([OpenDir]) or a bucket of any S3-compatible service ([OpenS3]). An [Archive]
// is the code above it: which form a blob has there, and whether it is whole.
//
// Names of objects are xx/DIGEST.zst, xx being the first two digits of the digest
// in lower-case hexadecimal. xx/DIGEST, without the ending, holds the bytes
// themselves; stores made by older programs have such, none are written any more.
//
// An object .zst is a zstd frame (RFC 8878). Most blobs resemble an earlier one,
// the last capture of the same article: then the frame is made with the bytes of
// that blob, its base, as raw dictionary (dictionary id 0), and before it stands
// a skippable frame (RFC 8878 §3.1.2) that tells of it:
//
//	4 bytes   magic number 0x184D2A53, little-endian as all numbers of the format
//	4 bytes   length of the rest: 37
//	4 bytes   "stet"
//	32 bytes  SHA-256 of the base
//	1 byte    depth: how many bases are below, 1 to MaxDepth
//
// The tool zstd reads both forms: zstd -d FILE.zst, and for a blob with a base,
// zstd -d --patch-from=BASE FILE.zst. A base is used only where it makes the
// object smaller than MaxShare of what it is without; a base that cannot be read
// is not used, and no reason to lose the new blob.
//
// Promises: what Put acknowledged is durable; an object is there whole or not at
// all; bytes that are not what their name says are never given back, but
// [ErrDamaged]. A bucket may be slow, be down, cut off, or lie: each attempt ends
// after a time, there are few of them, nothing larger than MaxObject is read, and
// the error names the object. Nothing is deleted but by Delete.
package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Limits, in bytes.
const (
	// MaxBlob is the largest blob: more than any body that is fetched.
	MaxBlob = 16 << 20
	// MaxObject is the largest object: a blob that zstd could not make smaller
	// has three bytes more for each 128 KiB, and its headers.
	MaxObject = MaxBlob + 64<<10
)

// Errors that callers tell apart; all come wrapped with the name.
var (
	// ErrNotFound means that there is no such object or blob.
	ErrNotFound = errors.New("not found")
	// ErrDamaged means that an object is there and is not what its name says, or
	// that the blob it rests on is not.
	ErrDamaged = errors.New("damaged")
	// ErrTooLarge means that an object or blob is beyond its limit.
	ErrTooLarge = errors.New("too large")
	// ErrPlace means that what Open was given names no place, or that credentials
	// for it are missing.
	ErrPlace = errors.New("no place for blobs")
)

// A Store holds objects: bytes under a name such as "ab/abcd.zst". It is safe for
// concurrent use, also by several processes. Errors have the name in them.
type Store interface {
	// Put writes an object, in place of what had that name. It is durable when
	// Put returns nil, and not there, or as it was, when it does not.
	Put(ctx context.Context, name string, data []byte) error
	// Get reads an object of at most MaxObject bytes. ErrNotFound, ErrTooLarge.
	Get(ctx context.Context, name string) ([]byte, error)
	// Has reports whether there is an object of that name.
	Has(ctx context.Context, name string) (bool, error)
	// Settle makes an object durable that another process may have written and
	// not yet made so.
	Settle(ctx context.Context, name string) error
	// Delete removes an object; one that is not there is no error.
	Delete(ctx context.Context, name string) error
	// Each calls f with the name and the bytes of every object, in no certain
	// order, until f fails; it gives that error back.
	Each(ctx context.Context, f func(name string, size int64) error) error
}

// Options say how to open a Store.
type Options struct {
	Env func(string) string // the environment, for credentials; nil = empty
	Now func() time.Time    // nil = time.Now
}

// Open opens the store at a place: s3://BUCKET/PREFIX (see [OpenS3]), or else the
// path of a directory, which is made when it is absent. ErrPlace.
func Open(where string, o Options) (Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Env == nil {
		o.Env = func(string) string { return "" }
	}
	scheme, _, isURL := strings.Cut(where, "://")
	switch {
	case !isURL && where == "":
		return nil, fmt.Errorf("open blobs: %w: no directory and no bucket", ErrPlace)
	case !isURL:
		return OpenDir(where, o.Now)
	case scheme == "s3":
		return OpenS3(where, o.Env)
	}
	return nil, fmt.Errorf("open blobs: %w: scheme %q: want a directory, or s3://BUCKET/PREFIX", ErrPlace, scheme)
}

// probeName is the object of Probe; no blob has such a name.
const probeName = "probe"

// Probe finds out whether a store works: it writes an object, reads and deletes it.
func Probe(ctx context.Context, s Store) error {
	want := []byte(time.Now().Format(time.RFC3339Nano))
	if err := s.Put(ctx, probeName, want); err != nil {
		return err
	}
	got, err := s.Get(ctx, probeName)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("object %s: %w: other bytes came back", probeName, ErrDamaged)
	}
	return errors.Join(err, s.Delete(ctx, probeName))
}
