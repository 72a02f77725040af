// Package track is the pipeline: it polls feeds, adds the articles that they
// list, visits them when they are due, and records what each visit taught. It
// is the only writer of captures, versions and changes, and the only caller of
// the stages (feed, crawl, extract, schedule, diff), which know nothing of each
// other or of the store.
//
//	lease a host ─▶ resolve its requests ─▶ poll its due feeds ─▶ visit its due articles ─▶ release it
//
// One visit goes through these steps; none goes back:
//
//  1. get: one polite, conditional GET; raw bytes are put in the blob store
//     before any row that names them.
//  2. classify: 304 or the same bytes are "unchanged"; else extraction says
//     what kind of page it is. Only an "ok" page can make a version. What its
//     publisher reserves is noted, and heeded as the operator decided
//     (reserve.go).
//  3. compare: against the content that stood, everything the earlier page
//     held, and what is remembered of it (package compare). If the extractor is
//     newer than the one that read the earlier page, the earlier capture is read
//     again first, so that both sides are read alike.
//  4. confirm: a suspect difference is looked at again, over a fresh
//     connection; what differs between the two looks is set aside. Where a block
//     came or went alone, another article of the source is the witness that it
//     is no new template (flood.go).
//  5. record: capture, version, change-log entry, memory of the page, figures of
//     the source and next due time in one transaction. Unchanged: the seen window
//     grows. Not found: doubt grows, and only repeated visits make an article
//     "gone", "moved", "blocked" or "paywalled".
//
// Now and then, after a visit, the source's figures are held against its own
// past, and events are opened and ended (watch.go). When nothing can be seen on a
// host, that is an outage of the source, and no doubt about its articles; what it
// cost is made up for afterwards, not all at once (outage.go).
//
// Conditions are dropped for hosts that were found to lie: when a visit without
// them, every FullVisits or more, brings another text under the validators that
// we held, a 304 would have hidden it.
//
// A feed that names a hub of WebSub is subscribed to there, when hubs can reach us
// (websub.go). A push brings no content: it makes the feed due, and what the poll
// then finds bears the channel "push". The callback is package web's.
//
// Beside the pipeline an [Appraiser] follows the change log and says what each
// change of a text means (appraise.go). It can run in another process.
//
// A remote failure is an outcome of the visit. An error means that we could
// not do our own work. It is recorded as a failed visit, so that what met it
// comes again later and stands in nobody's way; when that cannot be recorded
// either (a full disk), it ends the lease, and the work is done again:
// repeated, never lost.
package track

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"stet/internal/browser"
	"stet/internal/crawl"
	"stet/internal/schedule"
	"stet/internal/store"
)

// Limits and waits.
const (
	LeaseTime  = 30 * time.Minute       // a claim on a host; renewed between tasks, of which the longest, finding the feeds of a site at a Crawl-delay of a minute, takes half as long
	BatchSize  = 20                     // articles, feeds and requests taken with one lease
	MaxIdle    = time.Second            // longest sleep of a worker with nothing to do, unless Options.Idle says otherwise
	ErrorRest  = 30 * time.Second       // a patient worker's rest after an error
	BusyRest   = 200 * time.Millisecond // a worker's sleep when what is ready is another machine's
	FullVisits = 8                      // every so many visits an article is fetched without validators: a 304 is the server's word, not ours
)

// Raw says which raw captures are kept in the blob store.
type Raw string

// The policies of raw captures.
const (
	RawAll     Raw = "all"
	RawChanged Raw = "changed" // that made a version, confirmed one, or began a doubt
	RawNone    Raw = "none"
)

// Options are what a Tracker works with. Store and Client are required.
type Options struct {
	Store      *store.Store
	Client     *crawl.Client
	Browser    *browser.Browser // for sources whose pages need one; nil = none
	Policy     schedule.Policy  // default schedule.Learned
	Budget     float64          // visits to articles an hour, of all sources together; 0 = as many as are polite
	FeedPeriod time.Duration    // between visits to a feed that is added; default 0: by its learned pace
	Workers    int              // hosts worked on at once; default 4
	PushBase   string           // public address of the pages, to which hubs may push, without a slash at its end; empty = no hub is asked
	Raw        Raw              // default RawChanged
	Reserved   ReservedPolicy   // what is done with articles whose pages reserve something; nil keeps them
	Now        func() time.Time
	Sleep      func(context.Context, time.Duration) error
	Idle       time.Duration // longest sleep with nothing to do; default MaxIdle
	Patient    bool          // go on after errors of our own (a full disk), resting ErrorRest after each
	Name       string        // of this machine for people, where several crawl on one store
	Log        *slog.Logger
}

// A Tracker runs the pipeline on one store.
type Tracker struct {
	o     Options
	rules *ruleBook
	watch *watch
	out   *outages

	planner *planner
	replays bool // it has responses of an archive, and no network: see Replay
}

// New makes a Tracker. It errs when Store or Client is missing.
func New(o Options) (*Tracker, error) {
	if o.Store == nil || o.Client == nil {
		return nil, errors.New("track: a store and a client are required")
	}
	if o.Policy == nil {
		o.Policy = schedule.NewLearned()
	}
	o.FeedPeriod = max(o.FeedPeriod, 0)
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Raw == "" {
		o.Raw = RawChanged
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Idle <= 0 {
		o.Idle = MaxIdle
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Tracker{o: o, rules: newRuleBook(), watch: newWatch(), out: newOutages(), planner: newPlanner(o.Policy, o.Budget)}, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Run works until ctx ends, then returns nil once its workers have; or returns
// the first error that is our own fault, unless Options.Patient: then errors
// are logged, and the work that met them is done again.
func (t *Tracker) Run(ctx context.Context) error {
	if err := t.loadCurves(ctx); err != nil {
		return fmt.Errorf("track: %w", err)
	}
	err := t.run(ctx)
	if kerr := t.keepCurves(context.WithoutCancel(ctx), 0); kerr != nil && err == nil {
		err = fmt.Errorf("track: %w", kerr)
	}
	return err
}

func (t *Tracker) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	if t.o.Store.Machines() {
		if err := t.beat(ctx); err != nil {
			return err
		}
		defer t.depart(context.WithoutCancel(ctx))
		g.Go(func() error { return t.keepBeating(ctx) })
	}
	for range t.o.Workers {
		g.Go(func() error { return t.work(ctx) })
	}
	err := g.Wait()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// work is one worker: lease a host, do what is due there, release it; sleep
// when no host is ready.
func (t *Tracker) work(ctx context.Context) error {
	for {
		err := t.turn(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !t.o.Patient {
			return err
		}
		if err != nil {
			t.o.Log.Error("our own fault", "error", err, "rest", ErrorRest)
			if err := t.o.Sleep(ctx, ErrorRest); err != nil {
				return err
			}
		}
	}
}

// turn is one round of a worker.
func (t *Tracker) turn(ctx context.Context) error {
	lease, ok, err := t.o.Store.LeaseHost(ctx, LeaseTime)
	if err != nil {
		return fmt.Errorf("track: %w", err)
	}
	if !ok {
		return t.idle(ctx)
	}
	return t.serve(ctx, lease)
}

// idle sleeps until a host is ready, at most Options.Idle: another process may
// have added work meanwhile.
func (t *Tracker) idle(ctx context.Context) error {
	wait := t.o.Idle
	next, ok, err := t.o.Store.NextReady(ctx)
	if err != nil {
		return fmt.Errorf("track: %w", err)
	}
	if ok {
		least := time.Millisecond
		if t.o.Store.Machines() {
			least = BusyRest
		}
		wait = min(wait, max(next.Sub(t.o.Now()), least))
	}
	return t.o.Sleep(ctx, wait)
}

// serve does what is due on a leased host. A lost lease is no error: the host
// is somebody else's by now, and what was not recorded they will do again.
func (t *Tracker) serve(ctx context.Context, lease store.Lease) error {
	t.o.Client.Remember(lease.Host, lease.Gap)
	notBefore, err := t.serveWork(ctx, &lease)
	if errors.Is(err, store.ErrLeaseLost) {
		t.o.Log.Warn("lease lost", "host", lease.Host)
		return nil
	}
	lease.Gap = t.o.Client.Gap(lease.Host)
	// Released also after an error or when the context has ended, so that the
	// host need not wait for the lease to run out.
	rerr := t.o.Store.ReleaseHost(context.WithoutCancel(ctx), lease, notBefore)
	if errors.Is(rerr, store.ErrLeaseLost) {
		rerr = nil
	}
	return errors.Join(err, rerr)
}

// A task is one thing that is due on a host.
type task struct {
	do     func() (time.Time, error) // gives the time before which the host wishes not to be asked
	visits *store.Visiting           // the article that it visits; nil = none, and no budget is asked
}

// serveWork returns the time before which the host wishes not to be asked.
func (t *Tracker) serveWork(ctx context.Context, lease *store.Lease) (time.Time, error) {
	work, err := t.o.Store.Due(ctx, *lease, BatchSize)
	if err != nil {
		return time.Time{}, fmt.Errorf("track %s: %w", lease.Host, err)
	}
	var tasks []task
	for _, r := range work.Requests {
		tasks = append(tasks, task{do: func() (time.Time, error) { return t.resolve(ctx, *lease, r) }})
	}
	for _, s := range work.Subscriptions {
		tasks = append(tasks, task{do: func() (time.Time, error) { return t.askHub(ctx, *lease, s) }})
	}
	for _, f := range work.Feeds {
		tasks = append(tasks, task{do: func() (time.Time, error) { return t.poll(ctx, *lease, f) }})
	}
	for _, a := range work.Articles {
		tasks = append(tasks, task{do: func() (time.Time, error) { return t.visit(ctx, *lease, a) }, visits: &a})
	}
	ended, rest := t.out.endings(), time.Time{}
	for _, task := range tasks {
		if lease.Until.Sub(t.o.Now()) < LeaseTime/2 {
			if err := t.o.Store.RenewLease(ctx, lease, LeaseTime); err != nil {
				return time.Time{}, fmt.Errorf("track %s: %w", lease.Host, err)
			}
		}
		if a := task.visits; a != nil {
			now := t.o.Now()
			if until, ok := t.planner.allow(a.SourceID, a.Budget, a.LastVisit.IsZero(), now); !ok {
				rest = t.planner.rest(until, now)
				continue // those of other sources may have a budget
			}
		}
		notBefore, err := task.do()
		if err != nil {
			return time.Time{}, fmt.Errorf("track %s: %w", lease.Host, err)
		}
		if notBefore.After(t.o.Now()) {
			return notBefore, nil // the host asked for rest: its other work waits
		}
		if t.out.endings() != ended {
			return time.Time{}, nil // what was read of the others is from before an outage ended: due times, doubts
		}
	}
	return rest, nil
}
