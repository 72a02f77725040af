package schedule

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// anything gives a history and a visit as they may come: ages from seconds to years,
// dates that lie, traces of quiet and of busy articles.
func anything(r *rand.Rand) (History, Visit) {
	far := func(most float64) time.Duration { return span(math.Exp(r.Float64()*math.Log(most*3600)) / 3600) }
	h := History{Found: start.Add(far(1e4)), Group: groups()[r.IntN(len(groups()))]}
	h.Last = h.Found.Add(far(5e4))
	h.Published = h.Found.Add([]time.Duration{-far(1000), far(1000), -500000 * time.Hour, 0}[r.IntN(4)])
	if r.IntN(5) == 0 {
		h.Published = time.Time{}
	}
	h.Period = far(1000)
	h.Changed = h.Found
	h.Trace = Trace{Found: 5 * r.Float64() * r.Float64(), Expected: 5 * r.Float64(), Streak: r.IntN(NoisyRun)}
	return h, Visit{At: h.Last.Add(h.Period), Changed: r.IntN(4) == 0}
}

func groups() []Group {
	return []Group{{Source: 1}, {Source: 1, Section: "sport"}, {Source: 1, Section: "sport/rowing"}, {Source: 2, Kind: KindLive}, {Source: 2, Section: "town"}, {}}
}

// taught gives a policy that has learned from many visits.
func taught(r *rand.Rand, visits int) *Learned {
	p := NewLearned()
	for range visits {
		h, v := anything(r)
		p.Learn(p.Next(h, v).Lesson)
	}
	return p
}

// TestLearnedLaws draws histories and holds the policy to what must be true of
// any plan.
func TestLearnedLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		p := taught(r, 300)
		busy := &Learned{curves: p.curves, theta: map[int64]float64{}, scale: 4}
		for range 200 {
			h, v := anything(r)
			plan := p.Next(h, v)
			if again := p.Next(h, v); again != plan {
				t.Fatalf("Next is not deterministic: %+v, then %+v", plan, again)
			}
			if plan.Due.Sub(v.At) != plan.Period || plan.Period < MinWait || plan.Period > MaxWait {
				t.Fatalf("wait %v, due %v after the visit; want %v to %v", plan.Period, plan.Due.Sub(v.At), MinWait, MaxWait)
			}
			if age := v.At.Sub(h.Born()); plan.Period > headWait+ageWaits*age+slack(plan.Period) {
				t.Fatalf("wait %v at the age of %v", plan.Period, age)
			}
			finite(t, plan)
			more := h
			more.Trace.Found += r.Float64() * 3
			if later := p.Next(more, Visit{At: v.At}); later.Period > p.Next(h, Visit{At: v.At}).Period+slack(later.Period) {
				t.Fatalf("more found, and the visit is later: %+v", more)
			}
			if greater := busy.Next(h, v); greater.Period < plan.Period-slack(plan.Period) {
				t.Fatalf("θ is greater, and the visit is earlier: %v, %v", greater.Period, plan.Period)
			}
		}
	}
}

// slack is by how much a wait may be off because it ends in a quiet hour.
func slack(wait time.Duration) time.Duration {
	if wait > longWait-day/2 {
		return day
	}
	return 0
}

// finite fails when a number of the plan is none, or negative.
func finite(t *testing.T, plan Plan) {
	t.Helper()
	numbers := []float64{plan.Trace.Found, plan.Trace.Expected, plan.Lesson.Found, plan.Lesson.Expected}
	for _, x := range append(numbers, plan.Lesson.Exposure[:]...) {
		if !(x >= 0) || math.IsInf(x, 0) {
			t.Fatalf("not a number to reckon with: %+v", plan)
		}
	}
	if plan.Lesson.Bin < 0 || plan.Lesson.Bin >= Bins {
		t.Fatalf("bin %d", plan.Lesson.Bin)
	}
}

// quiet lets a policy watch an article that never changes, from its first visit
// for so long, and gives each wait.
func quiet(p *Learned, g Group, born time.Time, length time.Duration) (at []time.Time, waits []time.Duration) {
	h := History{Found: born, Group: g}
	v := Visit{At: born, Changed: true}
	for v.At.Sub(born) < length {
		plan := p.Next(h, v)
		at, waits = append(at, v.At), append(waits, plan.Period)
		h.Last, h.Changed, h.Period, h.Trace = v.At, born, plan.Period, plan.Trace
		v = Visit{At: plan.Due}
	}
	return at, waits
}

// A quiet article is never given up: not by a policy that has learned nothing,
// not by one that learned that nothing happens, not when the budget is tight.
func TestLearnedNeverGivesUp(t *testing.T) {
	deaf := NewLearned()
	for range 3000 {
		l := Lesson{Group: Group{Source: 1}, From: start, To: start.Add(time.Hour)}
		for i := range l.Exposure {
			l.Exposure[i] = 1
		}
		deaf.Learn(l)
	}
	tight := NewLearned()
	tight.Stretch(0, MaxStretch)
	for _, tt := range []struct {
		name  string
		p     *Learned
		least int // visits in 220 days
	}{{"as made", NewLearned(), 42}, {"learned that nothing happens", deaf, 8}, {"no budget at all", tight, 8}} {
		at, waits := quiet(tt.p, Group{Source: 1}, start, 220*day)
		if len(at) < tt.least {
			t.Errorf("%s: %d visits in 220 days, want %d", tt.name, len(at), tt.least)
		}
		t.Logf("%s: %d visits in 220 days, the last wait %v", tt.name, len(at), waits[len(waits)-1])
		_, waits = quiet(tt.p, Group{Source: 1}, start, 40*365*day)
		for i, w := range waits {
			if w > MaxWait || w < MinWait {
				t.Fatalf("%s: wait %d is %v", tt.name, i, w)
			}
		}
	}
}

// While nothing is found and nothing is learned from others, waits by the
// source's own clock never shrink, but where a bound on our clock cuts them.
func TestQuietWaitsGrow(t *testing.T) {
	p := NewLearned()
	_, waits := quiet(p, Group{Source: 1}, start, 400*day)
	for i := 1; i < len(waits); i++ {
		if waits[i] < waits[i-1] {
			t.Errorf("with an even rhythm: wait %d is %v after %v", i, waits[i], waits[i-1])
		}
	}
	r := workdays(t)
	p.curves.of(Group{Source: 1}).rhythm = r
	at, slow := quiet(p, Group{Source: 1}, start, 60*day)
	before := 0.0
	for i := range slow {
		from := hours(at[i])
		own := r.turn(from+slow[i].Hours()) - r.turn(from)
		if own < before*.999-.001 && slow[i] > MinWait && before < headWait.Hours() {
			t.Errorf("with workdays: wait %d is %.3f hours of the source after %.3f", i, own, before)
		}
		before = own
	}
}

// A page that differs at every visit is taken for noise: from then on it teaches
// nothing, and is left alone for longer and longer.
func TestNoisyPage(t *testing.T) {
	p := NewLearned()
	g := Group{Source: 1}
	h, v := History{Found: start, Group: g}, Visit{At: start, Changed: true}
	var waits []time.Duration
	var lessons int
	for range 60 {
		plan := p.Next(h, v)
		if !plan.Lesson.To.IsZero() {
			lessons++
		}
		p.Learn(plan.Lesson)
		waits = append(waits, plan.Period)
		h.Last, h.Changed, h.Period, h.Trace = v.At, v.At, plan.Period, plan.Trace
		v = Visit{At: plan.Due, Changed: true}
	}
	if lessons != NoisyRun-1 {
		t.Errorf("%d lessons, want %d", lessons, NoisyRun-1)
	}
	for i := NoisyRun + 1; i < len(waits); i++ {
		age := v.At.Sub(start)
		if waits[i] < waits[i-1] || waits[i] < MinWait {
			t.Fatalf("at the age of %v: wait %v after %v", age, waits[i], waits[i-1])
		}
	}
	if last := waits[len(waits)-1]; last < v.At.Sub(start)/15 {
		t.Errorf("last wait %v at the age of %v", last, v.At.Sub(start))
	}
	calm := p.Next(h, Visit{At: v.At})
	if calm.Lesson.To.IsZero() || calm.Trace.Streak != 0 {
		t.Errorf("after a visit without a change: %+v; want it believed again", calm)
	}
}

// Pulled is from now to the planned time, and the truer the channel the earlier.
func TestPulled(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	p := taught(r, 500)
	earlier := 0
	for range 2000 {
		h, v := anything(r)
		h.Last, h.Period = v.At, p.Next(h, v).Period
		planned := h.Last.Add(h.Period)
		now := h.Last.Add(time.Duration(r.Float64() * 1.2 * float64(h.Period)))
		before := planned
		if now.After(planned) {
			before = now // it is overdue
		}
		for _, truth := range []float64{-1, 0, .001, .01, .03, .05, .1, .5, 1, 2} {
			due := p.Pulled(h, now, truth)
			if due.Before(now) || due.After(before) {
				t.Fatalf("truth %v: due %v, now %v, planned %v, less true %v", truth, due, now, planned, before)
			}
			if due.Before(before) && due.After(now) {
				earlier++
			}
			before = due
		}
		if !before.Equal(now) {
			t.Fatalf("a channel that is always right: %v, want now, %v", before, now)
		}
	}
	if earlier == 0 {
		t.Error("no channel that is seldom right brought a visit forward a little")
	}
	if got := p.Pulled(History{Found: start}, start, .5); !got.Equal(start) {
		t.Errorf("an article that was never visited: %v, want now", got)
	}
}

func TestThreshold(t *testing.T) {
	p := NewLearned()
	for _, tt := range []struct{ all, one, want float64 }{
		{1, 1, 1}, {3, 1, 3}, {3, 5, 5}, {.2, .1, 1}, {0, -4, 1}, {math.NaN(), 2, 2}, {2, math.NaN(), 2},
	} {
		p.Stretch(0, tt.all)
		p.Stretch(1, tt.one)
		if got := p.Threshold(1); got != Theta*tt.want {
			t.Errorf("stretched %v for all, %v for the source: %v, want %v", tt.all, tt.one, got, Theta*tt.want)
		}
	}
	if got := p.Tune(2).(*Learned).Threshold(1); got != 2*Theta {
		t.Errorf("tuned: %v, want %v, not stretched", got, 2*Theta)
	}
}

// Many workers ask and teach at once; go test -race looks on.
func TestLearnedConcurrently(t *testing.T) {
	p := NewLearned()
	governor := NewGovernor(p)
	var wg sync.WaitGroup
	for worker := range uint64(4) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(worker, 7))
			for i := range 300 {
				h, v := anything(r)
				plan := p.Next(h, v)
				p.Learn(plan.Lesson)
				p.Pulled(h, v.At, p.Curves().Truth(h.Group.Source, Pushed))
				governor.Visited(h.Group.Source, v.At, h.Period, h.Period/2)
				if i%50 == 0 {
					p.Curves().Changed()
				}
			}
		})
	}
	wg.Wait()
	sound(t, p.Curves())
}

// FuzzNext holds that no history, however absurd, makes a plan outside of the
// bounds, or numbers that are none.
func FuzzNext(f *testing.F) {
	f.Add(int64(0), int64(-3600), int64(60), int64(3600), 1.5, .5, 3, true)
	f.Add(int64(1<<62), int64(-1<<62), int64(-5), int64(1<<40), math.Inf(1), math.NaN(), 1000, false)
	f.Fuzz(func(t *testing.T, found, published, last, at int64, traceFound, expected float64, streak int, changed bool) {
		moment := func(s int64) time.Time { return start.Add(time.Duration(s%1e10) * time.Second) }
		h := History{Found: moment(found), Published: moment(published), Last: moment(last), Period: time.Hour, Trace: Trace{traceFound, expected, streak}}
		p := NewLearned()
		for range 3 {
			v := Visit{At: moment(at), Changed: changed}
			plan := p.Next(h, v)
			if plan.Period < MinWait || plan.Period > MaxWait {
				t.Fatalf("wait %v", plan.Period)
			}
			if traceFound < 1e100 && expected < 1e100 {
				finite(t, plan)
			}
			p.Learn(plan.Lesson)
			h.Last, h.Trace, at = v.At, plan.Trace, at+int64(plan.Period/time.Second)
		}
	})
}
