package store

import (
	"context"
	"slices"
	"time"

	"stet/internal/news"
)

// A standing is what a visit changes: the article before, then after it.
type standing struct {
	sourceID, hostID int64
	state            news.State
	headline         string
	versions         int
	current          int // number of the version it shows, -1 = none
	since, changedAt time.Time
	lastOK           time.Time
	stateAt, goneAt  time.Time // when state began; the same if it is gone
	signalled        time.Time // last signal of a feed that it was updated
	alternates       []int
	returns          int
}

func (t *tx) standing(ctx context.Context, articleID int64) (standing, error) {
	return one(ctx, t, func(r row) (a standing, err error) {
		var alternates string
		err = r.Scan(&a.sourceID, &a.hostID, &a.state, &a.headline, &a.versions, &a.current, when{&a.since}, when{&a.changedAt},
			when{&a.lastOK}, when{&a.goneAt}, when{&a.stateAt}, when{&a.signalled}, &alternates, &a.returns)
		if err == nil {
			a.alternates, err = parseNumbers(alternates)
		}
		return a, err
	}, `SELECT source_id, host_id, state, headline, versions, coalesce(current, -1), current_since, changed_at,
		last_ok, gone_at, state_at, signalled_at, alternates, returns FROM article WHERE id = $1`+t.s.d.hold, articleID)
}

// alternate notes a return to the version of that number.
func (a *standing) alternate(number int) {
	for _, n := range []int{a.current, number} {
		if i, known := slices.BinarySearch(a.alternates, n); !known {
			a.alternates = slices.Insert(slices.Clone(a.alternates), i, n)
		}
	}
	a.current = number
	a.returns++
}

// conclude is where the article stands after the visit; earlier is its state
// before.
func (a *standing) conclude(v Visit, earlier news.State) {
	shown := v.Sighting || v.Return != nil || v.Version != nil
	if shown {
		a.lastOK = v.last()
	}
	switch {
	case v.DuplicateOf != 0:
		a.state = news.Duplicate
	case v.State != "" && !(v.State == news.New && a.versions > 0):
		a.state = v.State
	case shown && a.state != news.Duplicate: // returned, from wherever it was
		a.state = news.Live
	}
	a.began(v, earlier)
}

// began is when the state began that the article is in now.
func (a *standing) began(v Visit, earlier news.State) {
	told := v.StateAt
	if a.state == news.StateGone && !v.GoneAt.IsZero() {
		told = v.GoneAt
	}
	switch {
	case !told.IsZero():
		a.stateAt = told
	case a.state != earlier:
		a.stateAt = v.Capture.At
	}
	a.goneAt = time.Time{}
	if a.state == news.StateGone {
		a.goneAt = a.stateAt
	}
}

// updateArticle writes the standing. Language and published are kept when the
// visit does not know them, because a failure teaches nothing of them.
func (t *tx) updateArticle(ctx context.Context, v Visit, a standing) error {
	due := t.planned(v.Due)
	// What the visit got may be older than the update; one that is yet to come a wrong clock noted.
	if a.signalled.After(v.Capture.At) && !a.signalled.After(t.now) && (due.IsZero() || due.After(t.now)) {
		due = t.now
	}
	if a.state == news.Duplicate {
		due = time.Time{}
	}
	var current any
	if a.current >= 0 {
		current = a.current
	}
	return t.exec(ctx, `UPDATE article SET host_id = $2, url = CASE WHEN $3 = '' THEN url ELSE $3 END, state = $4, duplicate_of = $5,
		headline = $6, language = CASE WHEN $7 = '' THEN language ELSE $7 END, published = coalesce($8, published),
		due = $9, period = $10, versions = $11, current = $12, current_since = $13, changed_at = $14,
		last_visit = $15, last_ok = $16, gone_at = $17, captures = captures + $18, etag = $19, last_modified = $20, body = $21,
		doubt_outcome = $22, doubt_count = $23, doubt_since = $24, alternates = $25, returns = $26, state_at = $27,
		trace_found = $28, trace_expected = $29, streak = $30, kind = $31,
		signal = CASE WHEN signalled_at > $32 THEN signal ELSE '' END WHERE id = $1`,
		v.ArticleID, a.hostID, v.MoveTo, a.state, optional(v.DuplicateOf),
		a.headline, v.Language, micros(v.Published),
		micros(due), v.Period.Microseconds(), a.versions, current, micros(a.since), micros(a.changedAt),
		micros(v.last()), micros(a.lastOK), micros(a.goneAt), v.captures(), v.ETag, v.LastModified, blob32(v.Body),
		v.Doubt.Outcome, v.Doubt.Count, micros(v.Doubt.Since), formatNumbers(a.alternates), a.returns, micros(a.stateAt),
		v.Trace.Found, v.Trace.Expected, v.Trace.Streak, v.Kind, micros(v.Capture.At))
}

// visitTally is what the visit adds to the counts of its source.
func visitTally(v Visit, before, after standing) tally {
	d := tally{
		versions:  after.versions - before.versions,
		versioned: bit(after.versions > 0) - bit(before.versions > 0),
		gone:      bit(after.state == news.StateGone) - bit(before.state == news.StateGone),
		lastVisit: v.last(),
		lastOK:    after.lastOK,
	}
	for _, c := range v.Changes {
		if !c.Grown && (c.Type != news.VersionAppeared || v.Version.Number > 0) { // new posts of a live blog are no edits
			d.changes++
			d.lastChange = v.last()
		}
	}
	return d
}
