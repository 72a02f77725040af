package track

import (
	"context"
	"hash/fnv"
	"strconv"
	"sync"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// Numbers of planning.
const (
	Jitter    = .05             // of a wait, by which it is lengthened or shortened, so that articles do not march in step
	CurveTime = 5 * time.Minute // between two times that what was learned is kept
	BudgetNow = time.Minute     // a budget allows so much of it at once
	BudgetNap = time.Minute     // longest that a host rests because a source on it has used up its budget
)

// A planner decides when articles are visited again, and whether they may be now.
type planner struct {
	policy   schedule.Policy
	learned  *schedule.Learned  // nil for policies that learn nothing
	governor *schedule.Governor // nil as well

	mu      sync.Mutex // protects what follows
	budgets map[int64]*bucket
	kept    time.Time // when the curves were last kept
	loaded  bool
}

func newPlanner(p schedule.Policy, budget float64) *planner {
	x := &planner{policy: p, budgets: map[int64]*bucket{0: {}}}
	if budget > 0 {
		x.budgets[0].rate = budget
	}
	if l, ok := p.(*schedule.Learned); ok {
		x.learned, x.governor = l, schedule.NewGovernor(l)
	}
	return x
}

// A bucket holds the visits that a budget allows now. The zero bucket allows all.
type bucket struct {
	rate   float64 // visits an hour; 0 = no budget
	level  float64
	at     time.Time
	denied time.Time // last
}

// most is how many visits a budget allows at once.
func (b *bucket) most() float64 { return max(b.rate*BudgetNow.Hours(), 3) }

// need is how many there must be for a visit: a third is kept for first visits, which
// no backlog may put off.
func (b *bucket) need(first bool) float64 {
	if first {
		return 1
	}
	return 1 + b.most()/3
}

// fill lets time pass. A clock that was set back or leapt ahead fills no more than
// there is room for.
func (b *bucket) fill(now time.Time) {
	most := b.most()
	if b.at.IsZero() {
		b.level = most
	} else if d := now.Sub(b.at); d > 0 {
		b.level = min(b.level+b.rate*d.Hours(), most)
	}
	b.at = now
}

// allow takes a visit out of the budgets of the source and of all, or says until
// when there is none. first is the first visit to an article.
func (p *planner) allow(source int64, budget float64, first bool, now time.Time) (until time.Time, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.budgets[source]
	if own == nil {
		own = &bucket{}
		p.budgets[source] = own
	}
	if own.rate != budget {
		*own = bucket{rate: budget}
	}
	both := []*bucket{p.budgets[0], own}
	for _, b := range both {
		if b.rate == 0 {
			continue
		}
		need := b.need(first)
		if b.fill(now); b.level < need-1e-6 { // sums of small parts fall short of it
			b.denied = now
			return now.Add(max(time.Duration((need-b.level)/b.rate*float64(time.Hour)), time.Millisecond)), false
		}
	}
	for _, b := range both {
		b.level--
	}
	return time.Time{}, true
}

// rest is how long a host rests on which a source has used up its budget.
func (p *planner) rest(until, now time.Time) time.Time {
	return now.Add(min(until.Sub(now), BudgetNap))
}

// late tells the governor how punctual a visit is. When the budget of all held
// visits up lately, it is that of all which is too small, else what the source may
// have.
func (p *planner) late(a store.Visiting, now time.Time) {
	if p.governor == nil || a.Due.IsZero() {
		return
	}
	p.mu.Lock()
	all := p.budgets[0]
	whose := a.SourceID
	if all.rate > 0 && !all.denied.IsZero() && now.Sub(all.denied).Abs() < 10*time.Minute {
		whose = 0
	}
	p.mu.Unlock()
	p.governor.Visited(whose, now, a.Period, now.Sub(a.Due))
}

// history is what the policy is told of an article.
func history(a store.Visiting) schedule.History {
	return schedule.History{
		Found: a.FoundAt, Published: a.Published, Last: a.LastOK, Changed: a.ChangedAt, Period: a.Period,
		Group: group(a.Article, a.Kind), Trace: schedule.Trace(a.Trace), Announced: a.Announced,
	}
}

func group(a news.Article, kind string) schedule.Group {
	return schedule.Group{Source: a.SourceID, Kind: kind, Section: news.Section(a.URL)}
}

// plan sets the next visit by the policy. A host's wish to be left alone only
// ever puts it later.
func (t *Tracker) plan(v *store.Visit, a store.Visiting, l look, changed bool) {
	p := t.planner.policy.Next(history(a), schedule.Visit{At: l.got, Changed: changed, Signal: schedule.ParseChannel(a.Signal)})
	v.Due, v.Period, v.Trace = p.Due, p.Period, store.Trace(p.Trace)
	if t.planner.learned != nil { // those of older trackers keep their times to the second
		v.Due = v.Due.Add(jitter(a, p.Period))
	}
	if !v.Due.IsZero() && v.Due.Before(l.fetch.NotBefore) {
		v.Due = l.fetch.NotBefore
	}
}

// jitter is a part of a wait, the same whenever it is asked for the same visit.
func jitter(a store.Visiting, wait time.Duration) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(strconv.FormatInt(a.ID, 36) + "/" + strconv.Itoa(a.Captures)))
	return time.Duration((float64(h.Sum32())/(1<<31) - 1) * Jitter * float64(wait))
}

// settle completes the visit to record: one that did not show the article leaves
// what is remembered of it as it was.
func (t *Tracker) settle(v *store.Visit, a store.Visiting, l look) {
	if !shown(*v) {
		v.Trace, v.Kind = a.Trace, a.Kind
		return
	}
	v.Kind = a.Kind
	if l.outcome == news.OK {
		v.Kind = kindOf(l.page.Content)
	}
}

// shown reports whether a visit showed the article, in a text that is believed.
func shown(v store.Visit) bool { return v.Sighting || v.Return != nil || v.Version != nil }

// kindOf is what kind of page the content is of.
func kindOf(c news.Content) string {
	for _, b := range c.Blocks {
		if b.ID != "" {
			return schedule.KindLive
		}
	}
	return ""
}

// teach lets the policy learn from a visit that is recorded, and keeps now and
// then what was learned.
func (t *Tracker) teach(ctx context.Context, a store.Visiting, l look, v store.Visit) error {
	x := t.planner
	if x.learned == nil {
		return nil
	}
	if shown(v) {
		lesson := x.policy.Next(history(a), schedule.Visit{At: l.got, Changed: v.Version != nil, Signal: schedule.ParseChannel(a.Signal)}).Lesson
		x.learned.Learn(lesson)
	}
	return t.keepCurves(ctx, CurveTime)
}

// pull is when to visit an article that a signal speaks of.
func (t *Tracker) pull(s store.Signal) time.Time {
	now := t.o.Now()
	x := t.planner
	if x.learned == nil || s.LastOK.IsZero() || s.State != news.Live {
		return now
	}
	g := group(s.Article, s.Kind)
	h := schedule.History{Found: s.FoundAt, Published: s.Published, Last: s.LastOK, Changed: s.ChangedAt, Period: s.Period, Group: g, Trace: schedule.Trace(s.Trace)}
	return x.learned.Pulled(h, now, x.learned.Curves().Truth(g.Source, schedule.ParseChannel(s.Channel)))
}

// loadCurves takes up what was learned before, once.
func (t *Tracker) loadCurves(ctx context.Context) error {
	x := t.planner
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.learned == nil || x.loaded {
		return nil
	}
	curves, err := t.o.Store.Curves(ctx)
	if err != nil {
		return err
	}
	for _, c := range curves {
		var n schedule.Counts
		if len(c.Counts) == 2*schedule.Slots { // else of another version of stet: begun anew
			copy(n.Found[:], c.Counts)
			copy(n.Expected[:], c.Counts[schedule.Slots:])
			x.learned.Curves().Load(schedule.Group{Source: c.SourceID, Kind: c.Kind, Section: c.Section}, n)
		}
	}
	x.loaded, x.kept = true, t.o.Now()
	return nil
}

// keepCurves writes what was learned since it was last kept, if that is so long ago.
// What a crash loses of it is learned again.
func (t *Tracker) keepCurves(ctx context.Context, after time.Duration) error {
	x := t.planner
	now := t.o.Now()
	x.mu.Lock()
	due := x.learned != nil && x.loaded && now.Sub(x.kept).Abs() >= after
	if due {
		x.kept = now
	}
	x.mu.Unlock()
	if !due {
		return nil
	}
	var curves []store.Curve
	for g, n := range x.learned.Curves().Changed() {
		curves = append(curves, store.Curve{SourceID: g.Source, Kind: g.Kind, Section: g.Section, Counts: append(n.Found[:], n.Expected[:]...)})
	}
	return t.o.Store.PutCurves(ctx, curves)
}

// notAsked reports that the host was not asked at all, so that there was no visit.
func notAsked(f crawl.Fetch, rest time.Time) bool {
	return (f.Failure == crawl.FailRate || f.Failure == crawl.FailDown) && !rest.IsZero()
}
