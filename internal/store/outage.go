package store

import (
	"context"
	"fmt"
	"time"

	"stet/internal/news"
)

// recordHonesty counts what a change of the text tells of the validators of the
// leased host.
func (t *tx) recordHonesty(ctx context.Context, v Visit) error {
	if v.Lie == nil {
		return nil
	}
	h, err := one(ctx, t, scanHonesty, `SELECT name, lies, honest FROM host WHERE id = $1`, v.Lease.HostID)
	if err != nil {
		return err
	}
	h = h.Add(*v.Lie)
	return t.exec(ctx, `UPDATE host SET lies = $2, honest = $3 WHERE id = $1`, v.Lease.HostID, h.Lies, h.Honest)
}

func scanHonesty(r row) (h news.Honesty, err error) { return h, r.Scan(&h.Host, &h.Lies, &h.Honest) }

// liars takes source.
const liars = `SELECT h.name, h.lies, h.honest FROM host h WHERE h.lies > 0
	AND EXISTS (SELECT 1 FROM article a WHERE a.host_id = h.id AND a.source_id = $1 AND a.due IS NOT NULL) ORDER BY h.id`

// Liars lists the hosts that articles of the source are visited on and that were
// found to send validators that did not move with the text, believed or not.
func (s *Store) Liars(ctx context.Context, sourceID int64) (hosts []news.Honesty, err error) {
	err = s.read(ctx, fmt.Sprintf("hosts of source %d that lied", sourceID), func(t *tx) (err error) {
		hosts, err = list(ctx, t, scanHonesty, liars, sourceID)
		return err
	})
	return hosts, err
}

// An OutageEnd tells that a source can be seen again on the leased host.
type OutageEnd struct {
	SourceID int64
	Subject  string        // of the event that is open
	Note     string        // that it keeps; empty = the one it has
	Gap      time.Duration // between two articles that are due again, unless they are too many
	Within   time.Duration // when the last of them is due at the latest
}

// EndOutage ends the open outage of a source on the leased host, and gives its
// articles there back what it took from them: those that were visited in vain
// since it began, or have waited, are due again, one after the other, the last changed or found
// first, whether they were due before or after; doubts that began with it are gone,
// and older ones are at their first visit again. Feeds that failed are due now. It
// gives how many articles that were; ErrNotFound when no such outage is open,
// ErrLeaseLost when somebody else holds the host.
func (s *Store) EndOutage(ctx context.Context, l Lease, o OutageEnd) (articles int, err error) {
	op := fmt.Sprintf("end outage of source %d on %s", o.SourceID, l.Host)
	err = s.write(ctx, op, func(t *tx) error {
		articles = 0
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		began, err := one(ctx, t, func(r row) (at time.Time, err error) { return at, r.Scan(when{&at}) }, `UPDATE event
			SET note = CASE WHEN $3 = '' THEN note ELSE $3 END, ended_at = CASE WHEN last_at < $4 THEN $4 ELSE last_at END
			WHERE source_id = $1 AND kind = 'outage' AND subject = $2 AND ended_at IS NULL RETURNING first_at`,
			o.SourceID, o.Subject, o.Note, micros(t.now))
		if err != nil {
			return err
		}
		articles, err = t.recover(ctx, l, o, began)
		return err
	})
	return articles, err
}

// recover makes due what was visited in vain since then, or not at all. The release of the lease
// sees the new due times.
func (t *tx) recover(ctx context.Context, l Lease, o OutageEnd, began time.Time) (articles int, err error) {
	_, err = t.ExecContext(ctx, `UPDATE feed SET due = $3 WHERE source_id = $1 AND host_id = $2 AND failures > 0
		AND due > $3 AND last_visit >= $4`, o.SourceID, l.HostID, micros(t.now), micros(began))
	if err != nil {
		return 0, err
	}
	// A new article may have been given up in the outage: it has no due time.
	res, err := t.ExecContext(ctx, `UPDATE article SET
		due = x.due,
		doubt_outcome = CASE WHEN doubt_since < $4 THEN doubt_outcome ELSE '' END,
		doubt_count = CASE WHEN doubt_since < $4 AND doubt_count > 0 THEN 1 ELSE 0 END,
		doubt_since = CASE WHEN doubt_since < $4 THEN doubt_since END
		FROM (SELECT id, $3 + row_number() OVER (ORDER BY coalesce(changed_at, found_at) DESC, id)
				* CASE WHEN $5 * count(*) OVER () < $6 THEN $5 ELSE $6 / count(*) OVER () END AS due
			FROM article WHERE source_id = $1 AND host_id = $2 AND (last_visit >= $4 OR due <= $3)
			AND (last_ok IS NULL OR last_ok < $4) AND (due IS NOT NULL OR state = 'new')) AS x
		WHERE article.id = x.id`, o.SourceID, l.HostID, micros(t.now), micros(began),
		max(o.Gap, 0).Microseconds(), max(o.Within, 0).Microseconds())
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
