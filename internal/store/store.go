// Package store keeps everything in one data directory.
package store

import (
	"context"
	"errors"
	"time"
)

// Errors that callers tell apart; all come wrapped with the operation.
var (
	ErrNotFound  = errors.New("not found")
	ErrLocked    = errors.New("another stet crawls on this data directory")
	ErrNewer     = errors.New("written by a newer stet")
	ErrLeaseLost = errors.New("lease lost")
	ErrNoStore   = errors.New("no store here")
	ErrConflict  = errors.New("conflict")
)

// Options say how to open a store.
type Options struct {
	Dir       string           // data directory; made when absent, unless MustExist
	Now       func() time.Time // nil = time.Now
	Exclusive bool             // the one process that crawls
	MustExist bool             // do not make a new store
}

// A Store is an open data directory. It is safe for concurrent use.
type Store struct{}

// Open opens the store in o.Dir.
func Open(ctx context.Context, o Options) (*Store, error) { return &Store{}, nil }

// Close closes the store.
func (s *Store) Close() error { return nil }

// Ping makes one database read.
func (s *Store) Ping(ctx context.Context) error { return errSkeleton }
