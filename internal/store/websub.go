package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"stet/internal/news"
)

const subscriptionColumns = `s.id, coalesce(s.feed_id, 0), s.hub, s.topic, s.base, s.token, s.secret, s.state, s.due, s.tries, s.reason,
	s.asked_at, s.verified_at, s.since, s.expires, s.pushes, s.pushed_at, s.woken_at`

func scanSubscription(r row) (s news.Subscription, err error) {
	return s, r.Scan(&s.ID, &s.FeedID, &s.Hub, &s.Topic, &s.Base, &s.Token, &s.Secret, &s.State, when{&s.Due}, &s.Tries, &s.Reason,
		when{&s.AskedAt}, when{&s.VerifiedAt}, when{&s.Since}, when{&s.Expires}, &s.Pushes, when{&s.PushedAt}, when{&s.WokenAt})
}

const (
	// dueSubscriptions takes host, now, farDue and limit.
	dueSubscriptions = `SELECT ` + subscriptionColumns + ` FROM subscription s WHERE s.host_id = $1 AND s.due IS NOT NULL
		AND (s.due <= $2 OR s.due > $3) ORDER BY s.due, s.id LIMIT $4`
	// waitingSubscriptions takes host.
	waitingSubscriptions = `SELECT (SELECT min(due) FROM subscription WHERE host_id = $1 AND due IS NOT NULL),
		(SELECT max(due) FROM subscription WHERE host_id = $1 AND due IS NOT NULL)`
)

// subscribe sees to it that the feed has the subscription that it should have:
// at the hub that it names, to push to the instance at base; none when it names
// no hub, is paused, or base is empty.
func (t *tx) subscribe(ctx context.Context, feedID int64, base string) error {
	var hub, topic string
	var due time.Time
	err := t.QueryRowContext(ctx, `SELECT hub, topic, due FROM feed WHERE id = $1`, feedID).Scan(&hub, &topic, when{&due})
	if err != nil {
		return err
	}
	host, want := news.CheckHub(hub, topic)
	want = want && base != "" && !due.IsZero()
	s, err := t.subscriptionOf(ctx, feedID)
	switch {
	case err == nil && want && s.Hub == hub && s.Topic == topic && s.Base == base:
		return nil
	case err == nil:
		err = t.leave(ctx, s)
	case errors.Is(err, ErrNotFound):
		err = nil
	}
	if err != nil || !want {
		return err
	}
	hostID, err := t.host(ctx, host)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO subscription (feed_id, host_id, hub, topic, base, token, secret, state, due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, feedID, hostID, hub, topic, base, rand.Text(), rand.Text()+rand.Text(), news.Asked, micros(t.now))
	if err != nil {
		return err
	}
	return t.ready(ctx, hostID, t.now)
}

func (t *tx) subscriptionOf(ctx context.Context, feedID int64) (news.Subscription, error) {
	return one(ctx, t, scanSubscription, `SELECT `+subscriptionColumns+` FROM subscription s WHERE s.feed_id = $1`, feedID)
}

// leave gives a subscription up: the hub is to be asked, due now, unless it never was.
func (t *tx) leave(ctx context.Context, s news.Subscription) error {
	if s.AskedAt.IsZero() {
		return t.exec(ctx, `DELETE FROM subscription WHERE id = $1`, s.ID)
	}
	host, err := t.id(ctx, `UPDATE subscription SET feed_id = NULL, state = $2, due = $3, tries = 0, reason = '', since = NULL, expires = NULL,
		asked_at = NULL, unheeded = 0 WHERE id = $1 RETURNING host_id`, s.ID, news.Leaving, micros(t.now))
	if err != nil {
		return err
	}
	return t.ready(ctx, host, t.now)
}

// leaveOf gives up the subscription of a feed, if it has one.
func (t *tx) leaveOf(ctx context.Context, feedID int64) error {
	s, err := t.subscriptionOf(ctx, feedID)
	if err != nil {
		return ignoreNotFound(err)
	}
	return t.leave(ctx, s)
}

// AskHub notes that the hub of a subscription is about to be asked, so that it
// may confirm before it has answered, and gives the subscription as it is now.
// One for another base than this is given up first; for an empty base all are.
// False when there is nothing to ask for any more.
func (s *Store) AskHub(ctx context.Context, l Lease, id int64, base string) (sub news.Subscription, ok bool, err error) {
	err = s.write(ctx, fmt.Sprintf("ask hub for subscription %d", id), func(t *tx) error {
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		sub, err = t.subscription(ctx, id)
		if err == nil && sub.State != news.Leaving && sub.Base != base {
			if err = t.leave(ctx, sub); err == nil {
				sub, err = t.subscription(ctx, id)
			}
		}
		if ok = err == nil; errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if sub.State == news.Denied {
			sub.State = news.Asked
		}
		sub.AskedAt, sub.Tries = t.now, sub.Tries+1
		return t.exec(ctx, `UPDATE subscription SET state = $2, asked_at = $3, tries = $4 WHERE id = $1`, id, sub.State, micros(sub.AskedAt), sub.Tries)
	})
	return sub, ok && err == nil, err
}

func (t *tx) subscription(ctx context.Context, id int64) (news.Subscription, error) {
	return one(ctx, t, scanSubscription, `SELECT `+subscriptionColumns+` FROM subscription s WHERE s.id = $1`, id)
}

// A HubAnswer is what came of asking a hub.
type HubAnswer struct {
	Unasked bool      // the request was not made
	Reason  string    // why it failed, cut to news.MaxHubReason; empty = it did not
	Due     time.Time // when to ask again, unless the hub confirms before
	Drop    bool      // it is enough: a subscription that is being given up is forgotten
}

// HubAnswered records what came of asking a hub as AskHub gave it. What the hub
// has confirmed or refused meanwhile stands.
func (s *Store) HubAnswered(ctx context.Context, l Lease, asked news.Subscription, a HubAnswer) error {
	return s.write(ctx, fmt.Sprintf("hub answered for subscription %d", asked.ID), func(t *tx) error {
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		now, err := t.subscription(ctx, asked.ID)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil
		case err != nil:
			return err
		case now.State != asked.State || !now.AskedAt.Equal(asked.AskedAt) || !now.VerifiedAt.Before(now.AskedAt):
			return nil
		case a.Drop && now.State == news.Leaving:
			return t.exec(ctx, `DELETE FROM subscription WHERE id = $1`, now.ID)
		}
		return t.exec(ctx, `UPDATE subscription SET tries = $2, reason = $3, due = $4 WHERE id = $1`,
			now.ID, now.Tries-bit(a.Unasked), cutReason(a.Reason), micros(t.planned(a.Due)))
	})
}

// cutReason keeps whole characters of a reason, and nothing that is no text.
func cutReason(reason string) string {
	return strings.ToValidUTF8(reason[:min(len(reason), news.MaxHubReason)], "")
}

// Subscription gives the subscription with the token; ErrNotFound when there is none.
func (s *Store) Subscription(ctx context.Context, token string) (sub news.Subscription, err error) {
	err = s.read(ctx, "subscription", func(t *tx) (err error) {
		sub, err = t.byToken(ctx, token)
		return err
	})
	return sub, err
}

func (t *tx) byToken(ctx context.Context, token string) (news.Subscription, error) {
	return one(ctx, t, scanSubscription, `SELECT `+subscriptionColumns+` FROM subscription s WHERE s.token = $1`, token)
}

// Subscriptions lists those of the feeds of a source, or of all for 0; what is
// being given up belongs to none.
func (s *Store) Subscriptions(ctx context.Context, sourceID int64) (subs []news.Subscription, err error) {
	err = s.read(ctx, "subscriptions", func(t *tx) (err error) {
		subs, err = list(ctx, t, scanSubscription, `SELECT `+subscriptionColumns+` FROM feed f JOIN subscription s ON s.feed_id = f.id
			WHERE $1 = 0 OR f.source_id = $1 ORDER BY f.url`, sourceID)
		return err
	})
	return subs, err
}

// ConfirmHub records that a hub verifies our intent, and for how long it will
// push (see news.Granted); false when it is not what it was asked for. What is
// confirmed to be given up is forgotten.
func (s *Store) ConfirmHub(ctx context.Context, token, mode, topic string, lease time.Duration) (ok bool, err error) {
	err = s.write(ctx, "confirm subscription", func(t *tx) error {
		sub, err := t.byToken(ctx, token)
		if ok = err == nil && sub.Confirms(mode, topic, t.now); !ok {
			return ignoreNotFound(err)
		}
		if sub.State == news.Leaving {
			return t.exec(ctx, `DELETE FROM subscription WHERE id = $1`, sub.ID)
		}
		if !sub.Active(t.now) {
			sub.Since = t.now
		}
		due := t.planned(t.now.Add(news.Renewal(lease)))
		host, err := t.id(ctx, `UPDATE subscription SET state = $2, verified_at = $3, since = $4, expires = $5, due = $6, tries = 0, reason = ''
			WHERE id = $1 RETURNING host_id`, sub.ID, news.Verified, micros(t.now), micros(sub.Since), micros(t.now.Add(lease)), micros(due))
		if err != nil {
			return err
		}
		return t.ready(ctx, host, due)
	})
	return ok && err == nil, err
}

// DenyHub records that a hub refuses a subscription, or ends it; false when there
// is none of that token and topic. It is asked again when a lease would be over.
func (s *Store) DenyHub(ctx context.Context, token, topic, reason string) (ok bool, err error) {
	err = s.write(ctx, "deny subscription", func(t *tx) error {
		sub, err := t.byToken(ctx, token)
		if ok = err == nil && sub.Topic == topic; !ok {
			return ignoreNotFound(err)
		}
		if sub.State == news.Leaving {
			return t.exec(ctx, `DELETE FROM subscription WHERE id = $1`, sub.ID)
		}
		due := t.now.Add(news.LeaseAsked)
		host, err := t.id(ctx, `UPDATE subscription SET state = $2, reason = $3, due = $4, tries = 0, since = NULL, expires = NULL
			WHERE id = $1 RETURNING host_id`, sub.ID, news.Denied, cutReason(reason), micros(due))
		if err != nil {
			return err
		}
		return t.ready(ctx, host, due)
	})
	return ok && err == nil, err
}

// Pushed records a push that was well signed, and makes the feed due (see
// news.Subscription.Wake), unless it is due sooner or paused. ErrNotFound when
// there is no such subscription, or it is being given up.
func (s *Store) Pushed(ctx context.Context, token string) error {
	return s.write(ctx, "push", func(t *tx) error {
		sub, err := t.byToken(ctx, token)
		if err != nil {
			return err
		}
		if sub.FeedID == 0 {
			return ErrNotFound
		}
		var host int64
		var due time.Time
		var failures int
		err = t.QueryRowContext(ctx, `SELECT host_id, due, failures FROM feed WHERE id = $1`, sub.FeedID).Scan(&host, when{&due}, &failures)
		if err != nil {
			return err
		}
		if wake := sub.Wake(t.now, failures); due.After(wake) {
			due, sub.WokenAt = wake, wake
			if err := t.exec(ctx, `UPDATE feed SET due = $2 WHERE id = $1`, sub.FeedID, micros(due)); err != nil {
				return err
			}
		}
		err = t.exec(ctx, `UPDATE subscription SET pushes = pushes + 1, pushed_at = $2, woken_at = $3, unheeded = 1 WHERE id = $1`,
			sub.ID, micros(t.now), micros(sub.WokenAt))
		if err != nil {
			return err
		}
		return t.ready(ctx, host, due)
	})
}

// heed forgets the pushes that a visit to a feed has followed. One that came since
// the visit began is not: the document may be older, so the feed stays due for it.
func (t *tx) heed(ctx context.Context, v FeedVisit) error {
	s, err := t.subscriptionOf(ctx, v.Feed.ID)
	if err != nil {
		return ignoreNotFound(err)
	}
	if s.PushedAt.After(v.Began) && !v.Began.IsZero() {
		_, err = t.ExecContext(ctx, `UPDATE feed SET due = $2 WHERE id = $1 AND due > $2`, v.Feed.ID, micros(s.Wake(t.now, v.Feed.Failures)))
		return err
	}
	if v.Feed.LastOutcome != news.OK {
		return nil
	}
	_, err = t.ExecContext(ctx, `UPDATE subscription SET unheeded = 0 WHERE id = $1`, s.ID)
	return err
}

// ignoreNotFound makes no error of what is not there.
func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
