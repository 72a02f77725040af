package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// MaxLease is the longest time a host can be leased for: so long may a host wait
// for a worker that died.
const MaxLease = time.Hour

// host gives the id of the host of that name, which is made when unknown.
func (t *tx) host(ctx context.Context, name string) (int64, error) {
	return t.id(ctx, `INSERT INTO host (name) VALUES ($1)
		ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`, name)
}

// ready sees to it that the host is leased when something on it is due. A leased
// host is left alone: its release looks at all that is due.
func (t *tx) ready(ctx context.Context, hostID int64, due time.Time) error {
	if due.IsZero() {
		return nil
	}
	_, err := t.ExecContext(ctx, `UPDATE host SET ready_at = CASE WHEN not_before > $2 THEN not_before ELSE $2 END
		WHERE id = $1 AND lease IS NULL AND (ready_at IS NULL OR ready_at > $2)`, hostID, micros(due))
	return err
}

// holds checks that the lease is still the caller's. A lease that ran out and
// that nobody took is.
func (t *tx) holds(ctx context.Context, l Lease) error {
	_, err := t.id(ctx, `SELECT id FROM host WHERE id = $1 AND lease = $2`, l.HostID, l.Token)
	if errors.Is(err, ErrNotFound) {
		return fmt.Errorf("host %s: %w", l.Host, ErrLeaseLost)
	}
	return err
}

// checkLease refuses what would be over at once, or hold a host for too long.
func checkLease(d time.Duration) error {
	if d <= 0 || d > MaxLease {
		return fmt.Errorf("lease for %v: want more than 0 and at most %v", d, MaxLease)
	}
	return nil
}

// LeaseHost leases the host that has waited longest, for d, at most MaxLease;
// false when none is ready. A lease that ran out is anyone's.
func (s *Store) LeaseHost(ctx context.Context, d time.Duration) (Lease, bool, error) {
	return s.lease(ctx, "lease host", d, func(t *tx, token string, until time.Time) (Lease, error) {
		return one(ctx, t, scanLease, s.claimQuery(), token, micros(until), micros(t.now))
	})
}

// claimQuery takes token, until, now.
func (s *Store) claimQuery() string {
	return `UPDATE host SET lease = $1, ready_at = $2 WHERE id = (
		SELECT id FROM host WHERE ready_at <= $3 ORDER BY ready_at, id LIMIT 1 ` + s.d.claim + `)
		RETURNING id, name, lease, ready_at`
}

// LeaseNamed leases this host, for d, at most MaxLease, whether or not anything
// is due there; false when somebody holds it, or when politeness bids to wait
// (see ReleaseHost). The host need not be known.
func (s *Store) LeaseNamed(ctx context.Context, host string, d time.Duration) (Lease, bool, error) {
	return s.lease(ctx, "lease host "+host, d, func(t *tx, token string, until time.Time) (Lease, error) {
		id, err := t.host(ctx, host)
		if err != nil {
			return Lease{}, err
		}
		return one(ctx, t, scanLease, `UPDATE host SET lease = $1, ready_at = $2
			WHERE id = $4 AND not_before <= $3 AND (lease IS NULL OR ready_at <= $3)
			RETURNING id, name, lease, ready_at`, token, micros(until), micros(t.now), id)
	})
}

// lease runs a claim with a fresh token, which nobody can guess or reuse.
func (s *Store) lease(ctx context.Context, op string, d time.Duration, claim func(t *tx, token string, until time.Time) (Lease, error)) (l Lease, ok bool, err error) {
	if err := checkLease(d); err != nil {
		return l, false, fmt.Errorf("%s: %w", op, err)
	}
	err = s.write(ctx, op, func(t *tx) error {
		l, err = claim(t, rand.Text(), t.now.Add(d))
		if errors.Is(err, ErrNotFound) {
			return nil // nothing to lease is no error
		}
		ok = err == nil
		return err
	})
	return l, ok && err == nil, err
}

func scanLease(r row) (l Lease, err error) {
	return l, r.Scan(&l.HostID, &l.Host, &l.Token, when{&l.Until})
}

// RenewLease makes the lease run out d from now, and sets l.Until. ErrLeaseLost
// when somebody else holds the host.
func (s *Store) RenewLease(ctx context.Context, l *Lease, d time.Duration) error {
	if err := checkLease(d); err != nil {
		return fmt.Errorf("renew lease of %s: %w", l.Host, err)
	}
	return s.write(ctx, "renew lease", func(t *tx) error {
		if err := t.holds(ctx, *l); err != nil {
			return err
		}
		until := t.now.Add(d)
		if err := t.exec(ctx, `UPDATE host SET ready_at = $2 WHERE id = $1`, l.HostID, micros(until)); err != nil {
			return err
		}
		l.Until = until
		return nil
	})
}

// ReleaseHost gives the host back. It becomes ready when the first of its feeds,
// articles and requests is due, not before now, and not before notBefore: the
// pace of the host, or its Retry-After. ErrLeaseLost when somebody else holds the host.
func (s *Store) ReleaseHost(ctx context.Context, l Lease, notBefore time.Time) error {
	return s.write(ctx, "release host", func(t *tx) error {
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		due, err := t.firstDue(ctx, l.HostID)
		if err != nil {
			return err
		}
		if notBefore.Before(time.UnixMicro(0)) { // the zero time among them
			notBefore = time.UnixMicro(0)
		}
		if !due.IsZero() && due.Before(notBefore) {
			due = notBefore
		}
		if !due.IsZero() && due.Before(t.now) {
			due = t.now // behind the hosts that wait: a backlog starves nobody
		}
		return t.exec(ctx, `UPDATE host SET lease = NULL, not_before = $2, ready_at = $3 WHERE id = $1`,
			l.HostID, micros(notBefore), micros(due))
	})
}

// firstDue is when the first thing on the host is due; zero = never.
func (t *tx) firstDue(ctx context.Context, hostID int64) (due time.Time, err error) {
	err = t.QueryRowContext(ctx, `SELECT min(due) FROM (
		SELECT min(due) AS due FROM feed WHERE host_id = $1 AND due IS NOT NULL UNION ALL
		SELECT min(due) FROM article WHERE host_id = $1 AND due IS NOT NULL UNION ALL
		SELECT min(due) FROM request WHERE host_id = $1 AND due IS NOT NULL) AS first`, hostID).Scan(when{&due})
	return due, err
}

// NextReady is when the next host becomes ready, or the next lease runs out;
// false when nothing is due on any host, ever.
func (s *Store) NextReady(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.read(ctx, "next ready host", func(t *tx) error {
		return t.QueryRowContext(ctx, `SELECT min(ready_at) FROM host WHERE ready_at IS NOT NULL`).Scan(when{&at})
	})
	return at, !at.IsZero(), err
}

// Overdue tells how far visits lag: how many feeds, articles and requests are
// due, and for how long the oldest of them has been.
func (s *Store) Overdue(ctx context.Context) (count int, oldest time.Duration, err error) {
	err = s.read(ctx, "overdue", func(t *tx) error {
		var first time.Time
		// By host, because the indexes of due times are.
		err := t.QueryRowContext(ctx, `SELECT coalesce(sum(n), 0), min(due) FROM (
			SELECT count(*) AS n, min(x.due) AS due FROM host h JOIN feed x ON x.host_id = h.id WHERE x.due <= $1 UNION ALL
			SELECT count(*), min(x.due) FROM host h JOIN article x ON x.host_id = h.id WHERE x.due <= $1 UNION ALL
			SELECT count(*), min(x.due) FROM host h JOIN request x ON x.host_id = h.id WHERE x.due <= $1) AS late`,
			micros(t.now)).Scan(&count, when{&first})
		if err == nil && count > 0 {
			oldest = t.now.Sub(first)
		}
		return err
	})
	return count, oldest, err
}

// freeHosts ends all leases: who opens the store exclusively is the only one
// who crawls, and what is leased was leased by a process that died.
func (s *Store) freeHosts(ctx context.Context) error {
	return s.write(ctx, "free hosts", func(t *tx) error {
		_, err := t.ExecContext(ctx, `UPDATE host SET lease = NULL,
			ready_at = CASE WHEN not_before > $1 THEN not_before ELSE $1 END WHERE lease IS NOT NULL`, micros(t.now))
		return err
	})
}
