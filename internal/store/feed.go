package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

const feedColumns = `f.id, f.source_id, f.url, f.title, f.format, f.period, f.due, f.etag, f.last_modified,
	f.last_visit, f.last_ok, f.last_outcome, f.last_reason, f.failures, f.entries, f.created_at,
	f.slow, f.hours, f.fast, f.fill, f.in_window, f.listed, f.ttl, f.outrun_at, f.hub, f.topic,
	coalesce((SELECT s.unheeded FROM subscription s WHERE s.feed_id = f.id), 0)`

func scanFeed(r row) (f news.Feed, err error) {
	var period, fill, ttl int64
	var listed []byte
	p := &f.Pace
	err = r.Scan(&f.ID, &f.SourceID, &f.URL, &f.Title, &f.Format, &period, when{&f.Due}, &f.ETag, &f.LastModified,
		when{&f.LastVisit}, when{&f.LastOK}, &f.LastOutcome, &f.LastReason, &f.Failures, &f.Entries, when{&f.CreatedAt},
		&p.Slow, &p.Hours, &p.Fast, &fill, &p.Window, &listed, &ttl, when{&f.OutrunAt},
		&f.Hub, &f.Topic, &f.Pushed)
	f.Period, f.TTL = time.Duration(period)*time.Microsecond, time.Duration(ttl)*time.Microsecond
	p.Fill = time.Duration(fill) * time.Microsecond
	for ; len(listed) >= 8; listed = listed[8:] {
		p.Listed = append(p.Listed, binary.BigEndian.Uint64(listed))
	}
	return f, err
}

// listed is the names of a pace as they are kept.
func listed(p news.FeedPace) (b []byte) {
	for _, name := range p.Listed {
		b = binary.BigEndian.AppendUint64(b, name)
	}
	return b
}

// AddFeed adds a feed to its source, due now, and says whether it is new. When a
// feed of that URL is there it is given back unchanged. Period must be 0, or at
// least a microsecond.
func (s *Store) AddFeed(ctx context.Context, f news.Feed) (_ news.Feed, added bool, err error) {
	op := "add feed " + f.URL
	a, err := news.ParseAddress(f.URL, nil)
	if err != nil {
		return f, false, fmt.Errorf("add feed: %w", err)
	}
	if f.Period != 0 && f.Period < time.Microsecond {
		return f, false, fmt.Errorf("%s: period of %v", op, f.Period)
	}
	err = s.write(ctx, op, func(t *tx) error {
		known, err := one(ctx, t, scanFeed, `SELECT `+feedColumns+` FROM feed f WHERE f.url = $1`, f.URL)
		if !errors.Is(err, ErrNotFound) {
			f = known
			return err
		}
		f, err = t.insertFeed(ctx, f, a.Host)
		added = err == nil
		return err
	})
	return f, added && err == nil, err
}

// insertFeed adds a feed that is due at once: the first visit says what it is.
func (t *tx) insertFeed(ctx context.Context, f news.Feed, host string) (news.Feed, error) {
	hostID, err := t.host(ctx, host)
	if err != nil {
		return f, err
	}
	f.Due, f.CreatedAt = t.now, t.now
	f.ID, err = t.id(ctx, `INSERT INTO feed (source_id, host_id, url, title, format, period, due, etag, last_modified,
		last_visit, last_ok, last_outcome, last_reason, failures, entries, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`,
		f.SourceID, hostID, f.URL, f.Title, f.Format, f.Period.Microseconds(), micros(f.Due), f.ETag, f.LastModified,
		micros(f.LastVisit), micros(f.LastOK), f.LastOutcome, f.LastReason, f.Failures, f.Entries, micros(f.CreatedAt))
	if err != nil {
		return f, err
	}
	if err := t.count(ctx, f.SourceID, tally{feeds: 1}); err != nil {
		return f, err
	}
	return f, t.ready(ctx, hostID, f.Due)
}

// RemoveFeed forgets a feed and what it announced; its articles stay. Its
// subscription is given up.
func (s *Store) RemoveFeed(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove feed %d", id), func(t *tx) error {
		if err := t.leaveOf(ctx, id); err != nil {
			return err
		}
		source, err := t.id(ctx, `DELETE FROM feed WHERE id = $1 RETURNING source_id`, id)
		if err != nil {
			return err
		}
		return t.count(ctx, source, tally{feeds: -1})
	})
}

// PauseFeed ends the visits to a feed, or makes it due now. A visit that is
// under way when a feed is paused does not wake it. The subscription of a feed that
// is paused is given up; the next visit after that makes another.
func (s *Store) PauseFeed(ctx context.Context, id int64, paused bool) error {
	return s.write(ctx, fmt.Sprintf("pause feed %d", id), func(t *tx) error {
		var due time.Time
		if !paused {
			due = t.now
		}
		host, err := t.id(ctx, `UPDATE feed SET due = $2 WHERE id = $1 RETURNING host_id`, id, micros(due))
		if err == nil && paused {
			err = t.leaveOf(ctx, id)
		}
		if err != nil {
			return err
		}
		return t.ready(ctx, host, due)
	})
}

// SetFeedPeriod says how often a feed is visited; 0 = by its learned pace. The next
// visit is due no later than a new period from now. ErrNotFound when there is no
// such feed.
func (s *Store) SetFeedPeriod(ctx context.Context, id int64, period time.Duration) error {
	op := fmt.Sprintf("set period of feed %d", id)
	if period != 0 && period < time.Microsecond {
		return fmt.Errorf("%s: %v", op, period)
	}
	return s.write(ctx, op, func(t *tx) error {
		var due time.Time
		host, err := one(ctx, t, func(r row) (n int64, err error) { return n, r.Scan(&n, when{&due}) }, `UPDATE feed SET period = CAST($2 AS BIGINT),
			due = CASE WHEN CAST($2 AS BIGINT) > 0 AND due > $3 THEN $3 ELSE due END WHERE id = $1 RETURNING host_id, due`,
			id, period.Microseconds(), micros(t.now.Add(period)))
		if err != nil {
			return err
		}
		return t.ready(ctx, host, due)
	})
}

// Feeds lists the feeds of a source, or all for 0, by URL.
func (s *Store) Feeds(ctx context.Context, sourceID int64) (feeds []news.Feed, err error) {
	err = s.read(ctx, "feeds", func(t *tx) (err error) {
		feeds, err = list(ctx, t, scanFeed, `SELECT `+feedColumns+` FROM feed f WHERE $1 = 0 OR f.source_id = $1 ORDER BY f.url`, sourceID)
		return err
	})
	return feeds, err
}

// RecordFeedVisit records what a visit to a feed taught: the feed's new values,
// and its entries. An unknown article is added, due as the entry says. A known
// one, gone or not, is due when v.Pull says, if that is earlier, when its announcement in
// this feed bears a later time of update than before, or another title. ErrNotFound when the feed was removed meanwhile.
func (s *Store) RecordFeedVisit(ctx context.Context, l Lease, v FeedVisit) (res FeedResult, err error) {
	err = s.write(ctx, "record visit to feed "+v.Feed.URL, func(t *tx) error {
		res = FeedResult{}
		if err := t.holds(ctx, l); err != nil {
			return err
		}
		if err := t.updateFeed(ctx, v.Feed); err != nil {
			return err
		}
		if err := t.heed(ctx, v); err != nil {
			return err
		}
		if err := t.subscribe(ctx, v.Feed.ID, v.PushBase); err != nil {
			return err
		}
		for _, e := range v.Entries {
			if err := t.recordEntry(ctx, v, e, &res); err != nil {
				return fmt.Errorf("entry %s: %w", e.Address.URL, err)
			}
		}
		return t.count(ctx, v.Feed.SourceID, tally{lastVisit: v.Feed.LastVisit})
	})
	return res, err
}

// updateFeed writes what a visit can change. The URL and the source stay; the
// period, and whether the feed is paused, are the operator's word, not the visit's.
func (t *tx) updateFeed(ctx context.Context, f news.Feed) error {
	return t.exec(ctx, `UPDATE feed SET title = $2, format = $3, ttl = $4,
		due = CASE WHEN due IS NULL THEN NULL ELSE CAST($5 AS BIGINT) END, -- paused meanwhile: stays so
		etag = $6, last_modified = $7, last_visit = $8, last_ok = $9, last_outcome = $10, last_reason = $11,
		failures = $12, entries = $13, slow = $15, hours = $16, fast = $17, fill = $18, in_window = $19, listed = $20,
		outrun_at = $21, hub = $22, topic = $23, document_at = CASE WHEN $24 = 1 THEN $25 ELSE document_at END
		WHERE id = $1 AND source_id = $14`,
		f.ID, f.Title, f.Format, f.TTL.Microseconds(), micros(t.planned(f.Due)), f.ETag, f.LastModified,
		micros(f.LastVisit), micros(f.LastOK), f.LastOutcome, f.LastReason, f.Failures, f.Entries, f.SourceID,
		f.Pace.Slow, f.Pace.Hours, f.Pace.Fast, f.Pace.Fill.Microseconds(), f.Pace.Window, listed(f.Pace),
		micros(f.OutrunAt), f.Hub, f.Topic, bit(f.LastOutcome == news.OK), micros(t.now))
}

// recordEntry adds the entry's article, or takes the signal that the known one was
// updated.
func (t *tx) recordEntry(ctx context.Context, v FeedVisit, e FoundEntry, res *FeedResult) error {
	a, added, err := t.addArticle(ctx, found{v.Feed.SourceID, e.Address, e.Title, "feed", e.Published, e.Due})
	if err != nil {
		return err
	}
	if added {
		res.Added++
	} else {
		res.Known++
	}
	channel, err := t.announce(ctx, v, a.ID, e)
	if err != nil || channel == "" || a.State == news.Duplicate {
		return err
	}
	earlier, err := t.signalled(ctx, v, a, channel)
	res.Signalled += bit(earlier)
	return err
}

// signalled brings the next visit to an article forward, as far as the feed's visit
// says, and tells whether that was so. An article in doubt keeps its back-off. The
// time of the signal is kept, because a visit may be under way that got the page
// before the update.
func (t *tx) signalled(ctx context.Context, v FeedVisit, a news.Article, channel string) (earlier bool, err error) {
	s := Signal{Article: a, Channel: channel}
	var period int64
	var doubt int
	var hostID int64
	err = t.QueryRowContext(ctx, `SELECT host_id, period, trace_found, trace_expected, streak, kind, doubt_count FROM article WHERE id = $1`, a.ID).
		Scan(&hostID, &period, &s.Trace.Found, &s.Trace.Expected, &s.Trace.Streak, &s.Kind, &doubt)
	if err != nil {
		return false, err
	}
	s.Period = time.Duration(period) * time.Microsecond
	due := t.now
	if v.Pull != nil {
		due = v.Pull(s)
	}
	if !a.Due.IsZero() && !a.Due.After(due) || doubt > 0 && a.State != news.StateGone {
		due = a.Due
	}
	err = t.exec(ctx, `UPDATE article SET signalled_at = $2, signal = $3, due = $4 WHERE id = $1`, a.ID, micros(t.now), channel, micros(t.planned(due)))
	if err != nil {
		return false, err
	}
	return due.Before(a.Due) || a.Due.IsZero() && !due.IsZero(), t.ready(ctx, hostID, due)
}

// announce keeps what the feed says of the article, and names the channel by which
// it tells of an update since it said so last: its time moved forward, or else its
// title is another. Empty when it does not.
func (t *tx) announce(ctx context.Context, v FeedVisit, articleID int64, e FoundEntry) (channel string, err error) {
	var before time.Time
	var title string
	_, err = one(ctx, t, func(r row) (int, error) { return 0, r.Scan(when{&before}, &title) },
		`SELECT updated, title FROM announcement WHERE feed_id = $1 AND article_id = $2`, v.Feed.ID, articleID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	updated := e.Updated
	if updated.Before(before) {
		updated = before // a clock that stepped back must not signal again
	}
	_, err = t.ExecContext(ctx, `INSERT INTO announcement (feed_id, article_id, guid, title, updated, listed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (feed_id, article_id) DO UPDATE SET guid = excluded.guid, title = excluded.title, updated = excluded.updated,
		listed_at = excluded.listed_at`,
		v.Feed.ID, articleID, e.GUID, e.Title, micros(updated), micros(t.now))
	switch {
	case !before.IsZero() && updated.Truncate(time.Microsecond).After(before):
		return cmp.Or(v.Channel, feedChannel), err
	case title != "" && e.Title != "" && news.Fold(title) != news.Fold(e.Title):
		return titleChannel, err
	}
	return "", err
}

// Channels of signals, as package schedule names them.
const (
	feedChannel  = "feed"
	titleChannel = "title"
)
