// Package simulate lets policies of package schedule watch articles whose
// changes are known, and says what each of them would have caught.
//
// A [Timeline] is what one article did. [Run] visits all of them in the order
// of time, as one machine would that learns from one article about the next,
// and gives a [Result]. [Tune] turns the one knob of a policy until it makes
// the wanted number of visits, so that policies are compared at equal cost.
//
// # What is counted
//
// Every article is found, and visited for the first time, when it is published;
// that visit is counted and gives the text at birth, which is no change. A
// change is caught when a visit falls between it and the next change. Its delay
// is the time from the change to the visit that caught it. A visit after the
// end of the timeline is not made: what the page did then is not known. The
// tracker itself is ideal: it is punctual (unless [Options.HostGap] says
// otherwise), it never fails, and it knows a change when it sees one. Where counting
// ends before the timeline does ([Timeline.Counted]), the first visit after it is not
// counted, but may still catch the last change before: the watch does not end there.
//
// Polls of a sitemap that only a listening policy needs are charged to it
// ([Timeline.Polls]). The changes of pages that differ at every visit are not
// counted, the visits to them are. [World] invents timelines.
//
// [Clairvoyant] is the bound that no policy can pass: one that knows the future
// makes one visit for each change, at once.
package simulate

import (
	"container/heap"
	"context"
	"math"
	"slices"
	"time"

	"stet/internal/schedule"
)

// A Signal is a word of the source that an article was edited, true or false.
type Signal struct {
	At      time.Time
	Channel schedule.Channel
}

// A Timeline is what one article did while it was watched.
type Timeline struct {
	Source    string
	Group     string // that results are given by; see By
	Kind      string // schedule.KindLive, or empty
	Section   string
	Published time.Time   // when it is found, and first visited
	Born      time.Time   // when its age begins; zero = at Published
	Changes   []time.Time // ascending, after Published, not after Until
	Until     time.Time   // the end of what is known
	Counted   time.Time   // the end of what is counted, not after Until; zero = Until
	Listed    time.Time   // until when its feed lists it; zero = not known
	Signals   []Signal    // ascending
	Announced bool        // a feed that can announce edits lists it
	Noisy     bool        // it differs at every visit; its changes are not counted
	Polls     float64     // requests made to hear its signals: charged to policies that listen
}

// Options of a run.
type Options struct {
	HostGap  time.Duration      // at least so long between two visits to one source, but first visits do not wait; 0 = no limit
	Progress func(done float64) // called now and then with the share done, from 0 to 1; may be nil
}

// A Result is what a policy would have caught. Shares are from 0 to 1; delays in
// seconds, 0 when nothing was caught.
type Result struct {
	Policy            string  `json:"policy"`
	Group             string  `json:"group,omitempty"`
	Articles          int     `json:"articles"`
	Changes           int     `json:"changes"`
	FetchesPerArticle float64 `json:"fetches_per_article"`
	Caught            float64 `json:"caught"`             // share of changes
	CaughtOverwritten float64 `json:"caught_overwritten"` // of those that another change followed
	DelayMedian       float64 `json:"delay_median_s"`
	DelayP90          float64 `json:"delay_p90_s"`
	DelayMean         float64 `json:"delay_mean_s"`
	Wasted            float64 `json:"wasted"` // share of visits after the first that found no change
}

// An event is something due at a time: a visit to an article, its publication,
// a signal, or the end of a host's pause.
type event struct {
	at   int64 // microseconds since 1970
	what kind
	i    int32 // of the article, or the host
}

type kind int8

const (
	publication kind = iota
	signal
	visit
	pause
)

type events []event

func (h events) Len() int { return len(h) }
func (h events) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].what < h[j].what
}
func (h events) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *events) Push(x any)   { *h = append(*h, x.(event)) }
func (h *events) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// An article is a timeline under watch.
type article struct {
	*Timeline
	h        schedule.History
	host     int32
	seen     int // changes not after the last visit
	signals  int // given so far
	signal   schedule.Channel
	due      int64 // of the visit that counts; an event with another time is stale
	queued   bool
	finished bool
}

// A host makes one visit after the other.
type host struct {
	free  int64
	queue []int32 // articles, oldest due first
}

// run is the state of a simulation.
type run struct {
	o        Options
	policy   schedule.Policy
	learner  schedule.Learner // nil for policies that learn nothing
	puller   puller           // nil for policies deaf to signals
	governor *schedule.Governor
	articles []article
	hosts    []host
	events   events
	tally    tally
}

// A puller is a policy that signals bring forward.
type puller interface {
	Pulled(h schedule.History, now time.Time, truth float64) time.Time
	Curves() *schedule.Curves
}

// Run lets the policy watch the timelines. The error is that of ctx.
func Run(ctx context.Context, timelines []Timeline, policy schedule.Policy, o Options) (Result, error) {
	r := &run{o: o, policy: policy}
	r.learner, _ = policy.(schedule.Learner)
	r.puller, _ = policy.(puller)
	if l, ok := policy.(*schedule.Learned); ok && o.HostGap > 0 {
		r.governor = schedule.NewGovernor(l)
	}
	r.begin(timelines)
	for n := 0; len(r.events) > 0; n++ {
		if n%(1<<16) == 0 {
			if err := ctx.Err(); err != nil {
				return Result{}, err
			}
			if o.Progress != nil {
				o.Progress(float64(r.tally.articles) / float64(len(timelines)))
			}
		}
		r.step()
	}
	return r.tally.result(policy.Name()), nil
}

// begin makes the articles and hosts.
func (r *run) begin(timelines []Timeline) {
	r.articles = make([]article, len(timelines))
	hosts := map[string]int32{}
	for i := range timelines {
		t := &timelines[i]
		n, ok := hosts[t.Source]
		if !ok {
			n = int32(len(r.hosts))
			hosts[t.Source] = n
			r.hosts = append(r.hosts, host{})
		}
		r.articles[i] = article{Timeline: t, host: n, h: schedule.History{
			Found: t.Published, Published: t.Born, Listed: t.Listed,
			Group:     schedule.Group{Source: int64(n) + 1, Kind: t.Kind, Section: t.Section},
			Announced: t.Announced,
		}}
		r.events = append(r.events, event{t.Published.UnixMicro(), publication, int32(i)})
	}
	heap.Init(&r.events)
}

// step takes the next event.
func (r *run) step() {
	e := r.events[0]
	switch e.what {
	case publication:
		heap.Pop(&r.events)
		r.publish(e)
	case signal:
		heap.Pop(&r.events)
		r.hear(e)
	case pause:
		heap.Pop(&r.events)
		r.serve(e)
	case visit:
		r.arrive(e)
	}
}

func (r *run) publish(e event) {
	a := &r.articles[e.i]
	r.tally.begin(a.Timeline)
	if r.puller != nil {
		r.tally.polls += a.Polls
	}
	for a.signals < len(a.Signals) && !a.Signals[a.signals].At.After(a.Published) {
		a.signals++ // of what the first visit shows anyway
	}
	if a.signals < len(a.Signals) && r.puller != nil {
		heap.Push(&r.events, event{a.Signals[a.signals].At.UnixMicro(), signal, e.i})
	}
	if due, ok := r.visit(e.i, e.at); ok {
		heap.Push(&r.events, event{due, visit, e.i})
	}
}

// arrive is a visit that is due: now, or when the host has time.
func (r *run) arrive(e event) {
	a := &r.articles[e.i]
	if e.at != a.due || a.queued {
		heap.Pop(&r.events)
		return
	}
	h := &r.hosts[a.host]
	if r.o.HostGap > 0 && (h.free > e.at || len(h.queue) > 0) {
		heap.Pop(&r.events)
		a.queued = true
		if h.queue = append(h.queue, e.i); len(h.queue) == 1 {
			heap.Push(&r.events, event{h.free, pause, a.host})
		}
		return
	}
	if due, ok := r.visit(e.i, e.at); ok {
		r.events[0].at = due
		heap.Fix(&r.events, 0)
	} else {
		heap.Pop(&r.events)
	}
}

// serve makes the visit that has waited longest for the host.
func (r *run) serve(e event) {
	h := &r.hosts[e.i]
	if h.free > e.at { // an article was published meanwhile, and visited
		heap.Push(&r.events, event{h.free, pause, e.i})
		return
	}
	i := h.queue[0]
	h.queue = h.queue[1:]
	r.articles[i].queued = false
	if e.at <= r.articles[i].Until.UnixMicro() {
		if due, ok := r.visit(i, e.at); ok {
			heap.Push(&r.events, event{due, visit, i})
		}
	}
	if len(h.queue) > 0 {
		heap.Push(&r.events, event{max(h.free, e.at), pause, e.i})
	}
}

// visit makes a visit and gives the time of the next; false when there is none
// that counts.
func (r *run) visit(i int32, at int64) (int64, bool) {
	a := &r.articles[i]
	now := time.UnixMicro(at).UTC()
	first := a.h.Last.IsZero()
	if r.governor != nil && !first {
		r.governor.Visited(a.h.Group.Source, now, a.h.Period, now.Sub(time.UnixMicro(a.due)))
	}
	if now.After(a.counted()) {
		r.tally.last(a, now)
		a.due, a.finished = math.MaxInt64, true
		return 0, false
	}
	changed := r.tally.visit(a, now) || a.Noisy
	p := r.policy.Next(a.h, schedule.Visit{At: now, Changed: changed || first, Signal: a.signal})
	if r.learner != nil {
		p.Lesson.Signal, p.Lesson.Announced = a.signal, a.Announced
		r.learner.Learn(p.Lesson)
	}
	a.signal = 0
	a.h.Last, a.h.Period, a.h.Trace = now, p.Period, p.Trace
	if changed || first {
		a.h.Changed = now
	}
	r.hosts[a.host].free = at + r.o.HostGap.Microseconds()
	if p.Due.IsZero() || p.Due.After(a.Until) {
		// A signal may still bring it forward.
		a.due, a.finished = math.MaxInt64, p.Due.IsZero()
		return 0, false
	}
	a.due = p.Due.UnixMicro()
	return a.due, true
}

// hear is a signal: the visit comes forward, as far as the channel is believed.
func (r *run) hear(e event) {
	a := &r.articles[e.i]
	s := a.Signals[a.signals]
	if a.signals++; a.signals < len(a.Signals) {
		heap.Push(&r.events, event{a.Signals[a.signals].At.UnixMicro(), signal, e.i})
	}
	a.signal = s.Channel
	if a.queued || a.finished {
		return
	}
	due := r.puller.Pulled(a.h, s.At, r.puller.Curves().Truth(a.h.Group.Source, s.Channel)).UnixMicro()
	if due < a.due && due <= a.Until.UnixMicro() {
		a.due = max(due, e.at)
		heap.Push(&r.events, event{a.due, visit, e.i})
	}
}

// A tally counts what a run caught.
type tally struct {
	articles, changes, overwritten int
	caught, caughtOverwritten      int
	visits, again, wasted          int
	polls                          float64
	delays                         []float64
}

func (t *tally) begin(a *Timeline) {
	t.articles++
	if a.Noisy {
		return
	}
	n := a.counting()
	t.changes += n
	t.overwritten += min(n, max(len(a.Changes)-1, 0))
}

// counted is the end of what is counted.
func (t *Timeline) counted() time.Time {
	if t.Counted.IsZero() || t.Counted.After(t.Until) {
		return t.Until
	}
	return t.Counted
}

// counting is how many of the changes are counted.
func (t *Timeline) counting() int {
	end := t.counted()
	n := len(t.Changes)
	for n > 0 && t.Changes[n-1].After(end) {
		n--
	}
	return n
}

// last is the first visit after what is counted: it is not counted itself, but may
// still catch the last change that is.
func (t *tally) last(a *article, now time.Time) {
	n := a.seen
	for n < len(a.Changes) && !a.Changes[n].After(now) {
		n++
	}
	if n > a.seen && n <= a.counting() {
		t.catch(a, n, now)
	}
}

// catch counts change n-1 as caught.
func (t *tally) catch(a *article, n int, now time.Time) {
	if a.Noisy {
		return
	}
	t.caught++
	t.delays = append(t.delays, now.Sub(a.Changes[n-1]).Seconds())
	if n < len(a.Changes) {
		t.caughtOverwritten++
	}
}

// visit counts a visit and tells whether it found a change.
func (t *tally) visit(a *article, now time.Time) bool {
	n := a.seen
	for n < len(a.Changes) && !a.Changes[n].After(now) {
		n++
	}
	changed := n > a.seen
	a.seen = n
	t.visits++
	if !a.h.Last.IsZero() {
		t.again++
		if !changed {
			t.wasted++
		}
	}
	if changed {
		t.catch(a, n, now)
	}
	return changed
}

// result sums up.
func (t *tally) result(policy string) Result {
	share := func(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
	r := Result{
		Policy: policy, Articles: t.articles, Changes: t.changes, FetchesPerArticle: (float64(t.visits) + t.polls) / float64(max(t.articles, 1)),
		Caught: share(t.caught, t.changes), CaughtOverwritten: share(t.caughtOverwritten, t.overwritten), Wasted: share(t.wasted, t.again),
	}
	if n := len(t.delays); n > 0 {
		slices.Sort(t.delays)
		r.DelayMedian, r.DelayP90 = t.delays[n/2], t.delays[n*9/10]
		for _, d := range t.delays {
			r.DelayMean += d / float64(n)
		}
	}
	return r
}
