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
	id, err := t.id(ctx, `SELECT id FROM host WHERE name = $1`, name)
	if !errors.Is(err, ErrNotFound) {
		return id, err
	}
	domain, err := t.domain(ctx, name)
	if err != nil {
		return 0, err
	}
	return t.id(ctx, `INSERT INTO host (name, domain_id) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`, name, domain)
}

// ready sees to it that the host is leased when something on it is due. A leased
// host is left alone: its release looks at all that is due.
func (t *tx) ready(ctx context.Context, hostID int64, due time.Time) error {
	if due.IsZero() {
		return nil
	}
	_, err := t.ExecContext(ctx, `UPDATE host SET ready_at = CASE WHEN not_before > $2 AND not_before <= $3 THEN not_before ELSE $2 END
		WHERE id = $1 AND lease IS NULL AND (ready_at IS NULL OR ready_at > $2)`, hostID, micros(due), t.farRest())
	return err
}

// holdsLease takes host, token.
const holdsLease = `SELECT id FROM host WHERE id = $1 AND lease = $2`

// holds checks that the lease is still the caller's, and sees to it that nobody
// takes it until the transaction ends. A lease that ran out and that nobody took is.
func (t *tx) holds(ctx context.Context, l Lease) error { return t.holding(ctx, l, t.s.d.hold) }

// holding is holds without the lock, for a transaction that only reads, or with it.
func (t *tx) holding(ctx context.Context, l Lease, lock string) error {
	_, err := t.id(ctx, holdsLease+lock, l.HostID, l.Token)
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
// false when none is ready. A lease that ran out is anyone's, and so is one that
// ends later than any that is given (see MaxDue). Where several machines crawl,
// all hosts of a registrable domain are one machine's at a time.
func (s *Store) LeaseHost(ctx context.Context, d time.Duration) (Lease, bool, error) {
	return s.lease(ctx, "lease host", d, func(t *tx, token string, until time.Time) (Lease, error) {
		args := append(t.horizonArgs(), token, micros(until))
		if s.d.machines {
			args = append(args, s.token)
		}
		return one(ctx, t, scanLease, s.claimQuery(), args...)
	})
}

const leaseColumns = `id, name, lease, ready_at, rounds`

// claimQuery takes horizonArgs, token, until, and the machine where there are several.
func (s *Store) claimQuery() string {
	set := `lease = $5, ready_at = $6, rounds = rounds + 1`
	if s.d.machines {
		set += `, machine = $7`
	}
	return `UPDATE host SET ` + set + ` WHERE id = ` +
		nextHost(s.claimable(`h.ready_at <= $1 ORDER BY h.ready_at, h.id`), s.claimable) + ` RETURNING ` + leaseColumns
}

// claimable selects the first of those hosts h that may be leased.
func (s *Store) claimable(where string) string {
	if !s.d.machines {
		return firstHost(where)
	}
	return `(SELECT h.id FROM host h JOIN domain d ON d.id = h.domain_id WHERE ` + domainFree + ` AND ` + where + ` LIMIT 1 ` + s.d.claim + `)`
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
		if err := t.free(ctx, id); err != nil {
			return Lease{}, err
		}
		return one(ctx, t, scanLease, `UPDATE host SET lease = $1, ready_at = $2, rounds = rounds + 1, machine = $7
			WHERE id = $3 AND (not_before <= $4 OR not_before > $5) AND (lease IS NULL OR ready_at <= $4 OR ready_at > $6)
			RETURNING `+leaseColumns, token, micros(until), id, micros(t.now), t.farRest(), t.farLease(), s.token)
	})
}

// lease runs a claim with a fresh token, which nobody can guess or reuse.
func (s *Store) lease(ctx context.Context, op string, d time.Duration, claim func(t *tx, token string, until time.Time) (Lease, error)) (l Lease, ok bool, err error) {
	if err := checkLease(d); err != nil {
		return l, false, fmt.Errorf("%s: %w", op, err)
	}
	err = s.write(ctx, op, func(t *tx) error {
		ok = false
		l, err = claim(t, rand.Text(), t.now.Add(d))
		if errors.Is(err, ErrNotFound) {
			return nil // nothing to lease is no error
		}
		ok = err == nil
		if ok && s.d.machines {
			err = t.take(ctx, &l)
		}
		return err
	})
	return l, ok && err == nil, err
}

// free locks the domain of a host, where several machines crawl; ErrNotFound when
// another holds it.
func (t *tx) free(ctx context.Context, hostID int64) error {
	if !t.s.d.machines {
		return nil
	}
	_, err := t.id(ctx, `SELECT d.id FROM domain d JOIN host h ON h.domain_id = d.id WHERE h.id = $1
		AND (d.holder = $2 OR (d.until <= $3 OR d.until > $4) AND (d.not_before <= $3 OR d.not_before > $5)) FOR UPDATE OF d`,
		hostID, t.s.token, micros(t.now), t.farLease(), t.farRest())
	return err
}

func scanLease(r row) (l Lease, err error) {
	return l, r.Scan(&l.HostID, &l.Host, &l.Token, when{&l.Until}, &l.Round)
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
		if s.d.machines {
			return t.take(ctx, &Lease{HostID: l.HostID, Until: until})
		}
		return nil
	})
}

// ReleaseHost gives the host back. It becomes ready when the first of its feeds,
// articles and requests is due, not before now, and not before notBefore: the
// pace of the host, or its Retry-After, at most MaxRest ahead. ErrLeaseLost when
// somebody else holds the host.
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
		notBefore = earlier(notBefore, t.now.Add(MaxRest))
		if !due.IsZero() && due.Before(notBefore) {
			due = notBefore
		}
		if !due.IsZero() && due.Before(t.now) {
			due = t.now // behind the hosts that wait: a backlog starves nobody
		}
		if err := t.exec(ctx, releaseQuery, l.HostID, micros(notBefore), micros(due)); err != nil || !s.d.machines {
			return err
		}
		return t.yield(ctx, l)
	})
}

const (
	// releaseQuery takes host, not_before, ready_at.
	releaseQuery = `UPDATE host SET lease = NULL, machine = '', not_before = $2, ready_at = $3 WHERE id = $1`
	// waitingRequests takes host.
	waitingRequests = `SELECT (SELECT min(due) FROM request WHERE host_id = $1 AND due IS NOT NULL),
		(SELECT max(due) FROM request WHERE host_id = $1 AND due IS NOT NULL)`
)

// firstDue is when the first thing on the host is due; zero = never.
func (t *tx) firstDue(ctx context.Context, hostID int64) (due time.Time, err error) {
	spans, err := list(ctx, t, scanSpan, waitingRequests, hostID)
	more, serr := list(ctx, t, scanSpan, waitingSubscriptions, hostID)
	spans, err = append(spans, more...), errors.Join(err, serr)
	for _, query := range []string{waitingFeeds, waitingArticles} {
		waits, werr := list(ctx, t, scanWait, query, hostID)
		for _, w := range waits {
			spans = append(spans, w.span)
		}
		err = errors.Join(err, werr)
	}
	for _, s := range spans {
		if first := s.due(t); due.IsZero() || !first.IsZero() && first.Before(due) {
			due = first
		}
	}
	return due, err
}

// freeHosts ends all leases: who opens the store exclusively is the only one
// who crawls, and what is leased was leased by a process that died.
func (s *Store) freeHosts(ctx context.Context) error {
	return s.write(ctx, "free hosts", func(t *tx) error {
		_, err := t.ExecContext(ctx, `UPDATE host SET lease = NULL, machine = '',
			ready_at = CASE WHEN not_before > $1 AND not_before <= $2 THEN not_before ELSE $1 END WHERE lease IS NOT NULL`, micros(t.now), t.farRest())
		return err
	})
}
