package track

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// visit makes one visit to an article and records it. It returns the time
// before which the leased host wishes not to be asked.
func (t *Tracker) visit(ctx context.Context, lease store.Lease, a store.Visiting) (time.Time, error) {
	now := t.o.Now()
	l, err := t.look(ctx, a, false)
	if err != nil {
		return time.Time{}, err
	}
	rest := restOf(lease, l.fetch)
	if notAsked(l.fetch, rest) {
		return rest, nil
	}
	t.planner.late(a, now)
	l.reach = reachOf(lease, l.fetch, l.outcome)
	if err = t.reached(ctx, lease, a.SourceID, fmt.Sprint("article ", a.ID), l.reach, l.reason); err == nil {
		err = t.record(ctx, lease, a, l)
	}
	if ours(ctx, err) {
		err = t.fault(ctx, lease, a, l, err)
	}
	return rest, err
}

// ours reports whether an error is a fault of our own that may be recorded: not
// the end of the work, nor of the lease.
func ours(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrLeaseLost)
}

// restOf is what the leased host wishes; a redirect may have led to another
// host, whose wishes are not for this one.
func restOf(lease store.Lease, f crawl.Fetch) time.Time {
	last, err := news.ParseAddress(f.Final, nil)
	if err != nil || last.Host != lease.Host {
		return time.Time{}
	}
	return f.NotBefore
}

// fault records that a visit failed by our own fault, so that the article comes
// again later and does not stand in the way of others. It gives an error only
// when that cannot be recorded either.
func (t *Tracker) fault(ctx context.Context, lease store.Lease, a store.Visiting, l look, cause error) error {
	t.o.Log.Error("our own fault", "article", a.ID, "url", a.URL, "error", cause)
	l.outcome, l.reason, l.page = news.Failed, "our own fault: "+cause.Error(), extract.Result{}
	v, err := t.notSeen(ctx, a, l)
	if err == nil {
		t.settle(&v, a, l)
		v.Lease, v.ArticleID = lease, a.ID
		_, err = t.o.Store.RecordVisit(ctx, v)
	}
	if err != nil {
		return errors.Join(cause, err)
	}
	return nil
}

// record records what a look at an article taught. When another process has
// recorded a version meanwhile (ErrConflict), the article is read again and
// the same look is judged against what stands now.
func (t *Tracker) record(ctx context.Context, lease store.Lease, a store.Visiting, l look) error {
	for try := 0; ; try++ {
		v, err := t.taught(ctx, a, l)
		if err != nil {
			return err
		}
		t.settle(&v, a, l)
		v.Lease, v.ArticleID, v.Pulse = lease, a.ID, pulse(a, l, v)
		_, err = t.o.Store.RecordVisit(ctx, v)
		if !errors.Is(err, store.ErrConflict) || try == 2 {
			if err == nil {
				t.log(a, v)
				err = errors.Join(t.teach(ctx, a, l, v), t.lookAfter(ctx, a.SourceID))
			}
			return err
		}
		if a, err = t.o.Store.Visiting(ctx, a.ID); err != nil {
			return err
		}
	}
}

func (t *Tracker) log(a store.Visiting, v store.Visit) {
	log := t.o.Log.With("article", a.ID, "url", a.URL, "outcome", v.Capture.Outcome)
	if v.Capture.Reason != "" {
		log = log.With("reason", v.Capture.Reason)
	}
	for _, c := range v.Changes {
		log = log.With("change", c.Type, "number", c.Number)
	}
	log.Info("visit", "due", v.Due)
}

// taught turns a look into the visit to record.
func (t *Tracker) taught(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	if a.Damaged != nil { // nothing can be compared with it
		return store.Visit{}, a.Damaged
	}
	switch l.outcome {
	case news.Unchanged:
		return t.unchanged(ctx, a, l)
	case news.OK:
		return t.seen(ctx, a, l)
	}
	return t.notSeen(ctx, a, l)
}

// basis is the visit that changes nothing but the capture.
func (t *Tracker) basis(ctx context.Context, a store.Visiting, l look, keep bool) (store.Visit, error) {
	c, err := t.capture(ctx, l, a.ID, keep)
	v := store.Visit{
		Capture: c, State: a.State, Due: a.Due, Period: a.Period, Doubt: a.Doubt,
		ETag: a.ETag, LastModified: a.LastModified, Body: a.Body, GoneAt: a.GoneAt,
	}
	l.reservation(&v)
	return v, err
}

// unchanged records that the current version was seen again: a 304, or the
// same bytes.
func (t *Tracker) unchanged(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	if a.Current == nil { // a 304 to a request without validators
		l.outcome, l.reason = news.Failed, "HTTP 304 though nothing is known"
		return t.notSeen(ctx, a, l)
	}
	v, err := t.basis(ctx, a, l, false)
	if err != nil {
		return v, err
	}
	return t.sighting(ctx, v, a, l)
}
