package track

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/store"
)

// A host is out for a source when visits to OutageVisits of its articles and
// feeds there failed, for at least OutageTime, and none showed anything between.
// When one does, what was visited in vain comes again, RecoverGap apart, or closer
// where that would take longer than RecoverTime.
const (
	OutageVisits = 3
	OutageTime   = 10 * time.Minute
	RecoverGap   = time.Minute
	RecoverTime  = time.Hour
)

// A reach is what a visit tells of its host.
type reach int

// The reaches. A page that is not the article (404, a captcha) tells neither that
// the host is well nor that it is out: a front server answers so for a dead one.
const (
	reachNone reach = iota // nothing
	reachSeen              // it showed what was asked for
	reachFail              // it could not be reached, or says itself that it fails
)

// reachOf judges a fetch of something on the leased host. A redirect's failure
// on another host tells nothing of this one.
func reachOf(lease store.Lease, f crawl.Fetch, o news.Outcome) reach {
	if o == news.OK || o == news.Unchanged {
		return reachSeen
	}
	last, err := news.ParseAddress(f.Final, nil)
	if err != nil || last.Host != lease.Host {
		return reachNone
	}
	switch f.Failure {
	case crawl.FailDNS, crawl.FailNoName, crawl.FailConnect, crawl.FailTLS, crawl.FailTimeout:
		return reachFail
	case "":
		if f.Status >= 500 {
			return reachFail
		}
	}
	return reachNone
}

// outages remember of each source which of its hosts fail. What is open stands in
// the store; the failures before that are only here, and a new process begins to
// count anew.
type outages struct {
	mu   sync.Mutex // protects what follows
	at   map[place]*failing
	read map[int64]bool // sources whose open events were read
	ends int            // outages that ended
}

func newOutages() *outages { return &outages{at: map[place]*failing{}, read: map[int64]bool{}} }

// endings counts the outages that have ended.
func (o *outages) endings() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ends
}

// A place is a host of a source, by the subject of its event.
type place struct {
	source  int64
	subject string
}

// failing is a host where visits fail since then.
type failing struct {
	since time.Time
	what  map[string]bool // articles and feeds, at most OutageVisits
	told  time.Time       // last word in the store; zero = no event is open
}

// subjectOf names a host in events, which take less than the longest host name.
func subjectOf(host string) string {
	return host[max(0, len(host)-store.MaxSubject):]
}

// reached notes what a visit to what (an article or a feed of a source) on the
// leased host tells of it, and opens or ends the source's outage. It is called
// before the visit is recorded: were it not known by then that the host was out, a
// page that is missing today might count on the visits that could not see it.
func (t *Tracker) reached(ctx context.Context, lease store.Lease, sourceID int64, what string, r reach, why string) error {
	t.out.mu.Lock()
	defer t.out.mu.Unlock()
	if err := t.readOutages(ctx, sourceID); err != nil {
		return err
	}
	p := place{sourceID, subjectOf(lease.Host)}
	f := t.out.at[p]
	switch {
	case r == reachSeen && f != nil:
		delete(t.out.at, p)
		if f.told.IsZero() {
			return nil
		}
		return t.recovered(ctx, lease, p, f)
	case r == reachFail:
		if f == nil {
			f = &failing{since: t.o.Now(), what: map[string]bool{}}
			t.out.at[p] = f
		}
		if len(f.what) < OutageVisits {
			f.what[what] = true
		}
		return t.outage(ctx, p, f, why)
	}
	return nil
}

// readOutages reads, once for each source, which of its outages a former process
// left open.
func (t *Tracker) readOutages(ctx context.Context, sourceID int64) error {
	if t.out.read[sourceID] {
		return nil
	}
	open, err := t.o.Store.OpenEvents(ctx, sourceID, news.Outage)
	if err != nil {
		return err
	}
	for _, e := range open {
		t.out.at[place{sourceID, e.Subject}] = &failing{since: e.First, told: e.Last, what: map[string]bool{}}
	}
	t.out.read[sourceID] = true
	return nil
}

// outage opens the event once enough has failed for long enough, and now and then
// says that it goes on.
func (t *Tracker) outage(ctx context.Context, p place, f *failing, why string) error {
	now := t.o.Now()
	open := !f.told.IsZero()
	if !open && (len(f.what) < OutageVisits || now.Sub(f.since) < OutageTime) || open && now.Sub(f.told) < OutageTime {
		return nil
	}
	times := []time.Time{now}
	if !open { // it began with the first failure, and is still there
		times = []time.Time{f.since, now}
		t.o.Log.Warn("outage", "source", p.source, "host", p.subject, "since", f.since, "reason", why)
	}
	for _, at := range times {
		if _, err := t.o.Store.OpenEvent(ctx, p.source, news.Outage, p.subject, at, "nothing can be seen on "+p.subject+": "+why); err != nil {
			return err
		}
	}
	f.told = now
	return nil
}

// recovered ends the event, and spreads the visits that the outage cost.
func (t *Tracker) recovered(ctx context.Context, lease store.Lease, p place, f *failing) error {
	long := t.o.Now().Sub(f.since).Round(time.Minute)
	note := fmt.Sprintf("nothing could be seen on %s for %s", p.subject, inWords(long))
	n, err := t.o.Store.EndOutage(ctx, lease, store.OutageEnd{SourceID: p.source, Subject: p.subject, Note: note, Gap: RecoverGap, Within: RecoverTime})
	if errors.Is(err, store.ErrNotFound) {
		return nil // ended already: a visit that was not recorded ended it
	}
	if err != nil {
		t.out.at[p] = f // it is still open
		return err
	}
	t.out.ends++
	t.o.Log.Info("outage is over", "source", p.source, "host", p.subject, "lasted", long, "articles", n)
	return nil
}

// inWords is a duration of whole minutes for people: "2 d 3 h", "1 h 5 min".
func inWords(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= day:
		return fmt.Sprintf("%d d %d h", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

// isOut reports whether there is an outage of the source on the host that an
// article is visited on.
func (t *Tracker) isOut(a store.Visiting) bool {
	t.out.mu.Lock()
	defer t.out.mu.Unlock()
	f := t.out.at[place{a.SourceID, subjectOf(a.Honesty.Host)}]
	return f != nil && !f.told.IsZero()
}
