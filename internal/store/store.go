// Package store keeps everything that stet knows, in one data directory:
//
//	stet.db     SQLite: sources, feeds, articles, captures, versions, the change log
//	blobs/      bodies as they were sent, named by their SHA-256; or in a bucket (package blob)
//	stet.lock   held by the one process that crawls
//
// The methods are events ([Store.RecordVisit], [Store.LeaseHost]), not rows: an
// exported method is one transaction, which reads the clock once, so that all
// times in it agree. Every method that writes what a visit taught checks the
// lease of the host in the same transaction and fails with [ErrLeaseLost] when
// somebody else holds it by now.
//
// Promises:
//   - What a method acknowledged by returning nil is on the disk (WAL,
//     synchronous = FULL). A blob is durable before the row that names it.
//   - Bytes of captures are given up only by DropRaw, and that is on record.
//   - Captures, versions and entries of the change log are never altered or
//     deleted; triggers in the schema see to it. What grows is kept beside them:
//     when a version was seen, what the search index holds.
//   - Numbers of versions have no gaps and no forks: UNIQUE (article, number),
//     and a writer that decided on old knowledge gets [ErrConflict].
//   - What is derived (the search index, texts that a later extractor reads, what a
//     change means) stands beside history, is never part of it, and can be made anew.
//   - Nobody starves: hosts are leased in the order in which they became ready, the
//     sources of a host have one visit each in every round, and what a clock that
//     was wrong planned beyond [MaxDue], [MaxRest] and [MaxLease] counts as due.
//   - [Store.Verify] checks all of this from the outside.
//   - A damaged or foreign file is refused and left as it is; a new store is made
//     only where none was, and appears whole or not at all.
//
// The package holds no policy: what a visit means and when the next one is due
// its caller says. It has no clock of its own but Options.Now, and writes no log.
// Times are integer microseconds UTC; a zero time.Time is NULL.
//
// The SQL is one text for SQLite and PostgreSQL; the little that differs is in
// dialect.go, and the schema as a whole is in schema.sql. On SQLite one process
// crawls, which a lock on the directory sees to, and writers queue. On PostgreSQL
// many do, on many machines: a lease is fenced by its token and by a lock on its
// row, the hosts of a registrable domain are one machine's at a time, and the
// leases of a machine that is not heard of any more are given to others
// (machine.go). Entries of the change log become visible in the order of their
// numbers on both.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/klauspost/compress/zstd"

	"stet/internal/blob"
)

// Errors that callers tell apart; all come wrapped with the operation.
var (
	// ErrNotFound means that there is no such row or blob.
	ErrNotFound = errors.New("not found")
	// ErrLocked means that another process crawls on the data directory; the
	// message has its process number.
	ErrLocked = errors.New("another stet crawls on this data directory")
	// ErrNewer means that the database has a schema this program does not know;
	// the message has both numbers.
	ErrNewer = errors.New("written by a newer stet")
	// ErrLeaseLost means that the lease ran out and somebody else took the host.
	ErrLeaseLost = errors.New("lease lost")
	// ErrNoStore means that there is no store and none was to be made.
	ErrNoStore = errors.New("no store here")
	// ErrConflict means that the decision rests on old knowledge: read again,
	// decide again.
	ErrConflict = errors.New("conflict")
	// ErrUnfinished means that a copy into the store was broken off: make it again.
	ErrUnfinished = errors.New("a copy into this store has not finished")
	// ErrDamaged means that a text is not what was recorded, or cannot be read.
	ErrDamaged = errors.New("text damaged")
)

// readers is how many connections read at the same time.
const readers = 4

// Options say how to open a store.
type Options struct {
	Dir       string           // data directory; made when absent, unless MustExist
	DB        string           // postgres://… of the database, in place of the one in Dir; empty = SQLite in Dir
	Now       func() time.Time // nil = time.Now
	Exclusive bool             // this is the one process that crawls; of no meaning with a DB, where many may
	MustExist bool             // do not make a new store: ErrNoStore
	Receiving bool             // another store is copied into this one: see CopyTo

	// Statements is told of each statement before it runs, by whoever runs it; nil =
	// nobody asks. It is for those who measure, or who ask for plans.
	Statements func(query string, args []any)
	Blobs      string // place of the blobs, a directory or s3://BUCKET/PREFIX (see package blob); empty = blobs in Dir
}

// A Store is an open data directory. It is safe for concurrent use, and other
// processes may have the same directory open.
type Store struct {
	dir               string
	now               func() time.Time
	d                 dialect
	writer            *sql.DB                        // of SQLite one connection: writers queue in Go, not in SQLite
	reader            *sql.DB                        // the same as writer on PostgreSQL
	token             string                         // of this process among those that crawl
	lock              *fileLock                      // nil unless Exclusive
	hotRead, hotWrite map[string]*sql.Stmt           // compiled statements, by their text
	statements        func(query string, args []any) // never nil
	enc               *zstd.Encoder
	dec               *zstd.Decoder
	coders            *coders       // of differences between texts
	dictionaries      *dictionaries // that were read
	joint             *joint        // of a view, see Together; nil in the store itself
	blobs             *blob.Archive
}

// Open opens the store in o.Dir and brings its schema up to date.
//
// Errors: ErrNoStore, ErrLocked (Exclusive, or the schema must be brought up to
// date while another process crawls), ErrNewer; a file that is no stet store, or
// a damaged one, is refused with its name and left as it is.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", o.name(), err)
	}
	return s, nil
}

// name is the store as errors name it: without a password.
func (o Options) name() string {
	if o.DB == "" {
		return o.Dir
	}
	u, err := url.Parse(o.DB)
	if err != nil {
		return "at an address that cannot be read"
	}
	return u.Redacted()
}

// Close waits for running transactions and closes the store.
func (s *Store) Close() error {
	s.dec.Close()
	s.coders.close()
	// Readers first: the last connection to close empties the write-ahead log.
	return errors.Join(closeAll(s.hotRead), closeAll(s.hotWrite), s.reader.Close(), s.writer.Close(), s.enc.Close(), s.closeBlobs(), s.lock.release())
}

// Ping makes one database read.
func (s *Store) Ping(ctx context.Context) error {
	return s.read(ctx, "ping", func(t *tx) error {
		var n int64
		return t.QueryRowContext(ctx, `SELECT count(*) FROM cursor`).Scan(&n)
	})
}
