package store

import (
	"context"
	"errors"
	"path/filepath"
	"time"
)

// electEvery is how often a follower that was not elected asks again, and one that
// was makes sure that it still is.
const electEvery = 5 * time.Second

// Elected runs f while this process is the one, of all that have the store open,
// that follows the change log under that name; else it waits for its turn. The
// context of f ends when the process is no longer the one: the connection that
// holds the lock was lost. It returns when ctx ends, with nil, or f does.
func (s *Store) Elected(ctx context.Context, name string, f func(context.Context) error) error {
	for {
		ran, err := s.term(ctx, name, f)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil || ran {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(electEvery):
		}
	}
}

// errDeposed is why the context of a follower ends that lost its lock.
var errDeposed = errors.New("another process may follow now")

// term is one attempt at the lock; ran tells that f has ended by itself.
func (s *Store) term(ctx context.Context, name string, f func(context.Context) error) (ran bool, err error) {
	if !s.d.machines {
		lock, err := takeLock(filepath.Join(s.dir, "follow-"+name+".lock"))
		if errors.Is(err, ErrLocked) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return true, errors.Join(f(ctx), lock.release())
	}
	return s.termOnServer(ctx, name, f)
}

// termOnServer holds the lock by a connection of its own: when the process dies,
// the server lets go.
func (s *Store) termOnServer(ctx context.Context, name string, f func(context.Context) error) (ran bool, err error) {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	var mine bool
	if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(hashtext('stet follower'), hashtext($1))`, name).Scan(&mine); err != nil || !mine {
		return false, err
	}
	term, end := context.WithCancelCause(ctx)
	defer end(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-term.Done():
				return
			case <-time.After(electEvery):
			}
			if err := conn.PingContext(term); err != nil {
				end(errDeposed)
			}
		}
	}()
	err = f(term)
	deposed := context.Cause(term) == errDeposed
	end(nil)
	<-watched
	if deposed {
		return false, nil
	}
	_, uerr := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtext('stet follower'), hashtext($1))`, name)
	return true, errors.Join(err, uerr)
}
