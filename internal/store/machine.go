package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// Where several machines crawl on one database, each tells that it lives; the
// leases of one that is not heard of are given to others. A machine that cannot
// reach the database can record nothing, so it is not missed.
const (
	// BeatEvery is how often a machine tells that it lives.
	BeatEvery = 5 * time.Second
	// BeatLife is after how long without word a machine counts as dead: longer
	// than a fetch takes, so that none is under way when another machine begins.
	BeatLife = 45 * time.Second
)

// Machines reports whether several machines may crawl on this store: then a
// process that crawls calls Beat every BeatEvery, and sees to it that the gap of a
// lease is known to who fetches.
func (s *Store) Machines() bool { return s.d.machines }

// Beat tells that this machine lives, under a name for people, and frees what
// machines held that do not. It gives how many leases were freed.
func (s *Store) Beat(ctx context.Context, name string) (freed int, err error) {
	err = s.write(ctx, "beat", func(t *tx) error {
		freed = 0
		_, err := t.ExecContext(ctx, `INSERT INTO machine (token, name, seen_at, until) VALUES ($1, $2, $3, $4)
			ON CONFLICT (token) DO UPDATE SET seen_at = excluded.seen_at, until = excluded.until`,
			s.token, name, micros(t.now), micros(t.now.Add(BeatLife)))
		if err != nil {
			return err
		}
		dead, err := list(ctx, t, scanText, `SELECT token FROM machine WHERE until < $1`+s.d.hold, micros(t.now))
		for _, token := range dead {
			n, ferr := t.bury(ctx, token)
			freed, err = freed+n, errors.Join(err, ferr)
		}
		return err
	})
	return freed, err
}

// Leave tells that this machine crawls no more.
func (s *Store) Leave(ctx context.Context) error {
	return s.write(ctx, "leave", func(t *tx) error {
		_, err := t.bury(ctx, s.token)
		return err
	})
}

// bury forgets a machine and gives back what it held, at once but for the pace of
// the domains: it may have asked them when it was last heard of, or a little later.
func (t *tx) bury(ctx context.Context, token string) (freed int, err error) {
	res, err := t.ExecContext(ctx, `UPDATE host SET lease = NULL, machine = '',
		ready_at = CASE WHEN not_before > $2 AND not_before <= $3 THEN not_before ELSE $2 END
		WHERE machine = $1 AND lease IS NOT NULL`, token, micros(t.now), t.farRest())
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	_, err = t.ExecContext(ctx, `UPDATE domain SET holder = '', until = 0,
		not_before = CASE WHEN not_before > $2 + gap THEN not_before ELSE $2 + gap END WHERE holder = $1`, token, micros(t.now))
	if err == nil {
		_, err = t.ExecContext(ctx, `DELETE FROM machine WHERE token = $1`, token)
	}
	return int(n), err
}

// Machine is a process that crawls, as it was last heard of.
type Machine struct {
	Name   string
	SeenAt time.Time
	Hosts  int // that it holds
}

// CrawlingMachines lists the machines that crawl, by name.
func (s *Store) CrawlingMachines(ctx context.Context) (ms []Machine, err error) {
	err = s.read(ctx, "machines", func(t *tx) (err error) {
		ms, err = list(ctx, t, func(r row) (m Machine, err error) { return m, r.Scan(&m.Name, when{&m.SeenAt}, &m.Hosts) },
			`SELECT m.name, m.seen_at, (SELECT count(*) FROM host h WHERE h.lease IS NOT NULL AND h.machine = m.token)
			FROM machine m WHERE m.until >= $1 ORDER BY m.name, m.token`, micros(t.now))
		return err
	})
	return ms, err
}

// domain gives the id of the registrable domain of a host.
func (t *tx) domain(ctx context.Context, host string) (int64, error) {
	name := news.Domain(host)
	id, err := t.id(ctx, `SELECT id FROM domain WHERE name = $1`, name)
	if errors.Is(err, ErrNotFound) {
		id, err = t.id(ctx, `INSERT INTO domain (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`, name)
	}
	return id, err
}

// nameDomains gives hosts their domains that have none: those of a store that was
// made before there were any.
func (s *Store) nameDomains(ctx context.Context) error {
	return s.write(ctx, "domains of hosts", func(t *tx) error {
		hosts, err := list(ctx, t, func(r row) (l Lease, err error) { return l, r.Scan(&l.HostID, &l.Host) },
			`SELECT id, name FROM host WHERE domain_id IS NULL ORDER BY id`)
		if err != nil {
			return err
		}
		for _, h := range hosts {
			id, err := t.domain(ctx, h.Host)
			if err == nil {
				err = t.exec(ctx, `UPDATE host SET domain_id = $2 WHERE id = $1`, h.HostID, id)
			}
			if err != nil {
				return fmt.Errorf("host %s: %w", h.Host, err)
			}
		}
		return nil
	})
}

// domainFree is the condition that a domain d may be visited by this machine: it
// holds it, or nobody does and its pace is kept. now, farLease and farRest are $1,
// $3 and $4, the machine is $7.
const domainFree = `(d.holder = $7 OR (d.until <= $1 OR d.until > $3) AND (d.not_before <= $1 OR d.not_before > $4))`

// take makes this machine the holder of the domain of a host that it has leased,
// and gives the gap that was last kept there. The domain's row is locked by the claim.
func (t *tx) take(ctx context.Context, l *Lease) error {
	var gap int64
	err := t.QueryRowContext(ctx, `UPDATE domain SET holder = $2, until = CASE WHEN holder = $2 AND until > $3 THEN until ELSE $3 END
		WHERE id = (SELECT domain_id FROM host WHERE id = $1) RETURNING gap`, l.HostID, t.s.token, micros(l.Until)).Scan(&gap)
	l.Gap = time.Duration(gap) * time.Microsecond
	return err
}

// yield gives the domain of a released host back, unless this machine holds another
// host of it. The domain is locked first, so that of two releases the later sees
// the earlier.
func (t *tx) yield(ctx context.Context, l Lease) error {
	id, err := t.id(ctx, `SELECT d.id FROM domain d JOIN host h ON h.domain_id = d.id WHERE h.id = $1 AND d.holder = $2 FOR UPDATE OF d`, l.HostID, t.s.token)
	if err != nil {
		return ignoreNotFound(err)
	}
	return t.exec(ctx, `UPDATE domain SET gap = $2, not_before = $3,
		until = coalesce((SELECT max(h.ready_at) FROM host h WHERE h.domain_id = domain.id AND h.lease IS NOT NULL AND h.machine = $4), 0)
		WHERE id = $1`, id, l.Gap.Microseconds(), micros(t.now.Add(l.Gap)), t.s.token)
}
