package schedule

import (
	"math"
	"sync"
	"time"
)

// Numbers of the learned policy; hours where not said.
const (
	Theta    = .06 // native threshold: expected unseen edits (to the power of temper) at which a visit is due
	clock0   = .5  // added to ages, so that an article is not infinitely busy at birth
	unlike   = .3  // k: the smaller, the more articles are taken to differ
	fading   = .7  // exponent of the age, as which what was found and expected fades
	temper   = .75 // exponent of the rate: 1 catches the most versions, ½ the least mean delay
	NoisyRun = 8   // visits in a row that found a change, from which on the page is taken for noise
)

// Bounds of the learned policy's waits.
const (
	MinWait  = 3 * time.Minute
	MaxWait  = 40 * 24 * time.Hour // a slow pulse for ever: nothing is forgotten
	headWait = 24 * time.Hour      // and at most this plus ageWaits times the article's age
	ageWaits = 4
	longWait = 4 * 24 * time.Hour // from which on a visit is put into the source's quiet hours
)

// Learned is the learned policy; see the package comment. It is made by
// NewLearned, and safe for concurrent use.
type Learned struct {
	curves *Curves

	mu    sync.RWMutex // protects what follows
	theta map[int64]float64
	scale float64 // of Theta
}

// NewLearned gives the policy with nothing learned.
func NewLearned() *Learned {
	return &Learned{curves: NewCurves(), theta: map[int64]float64{}, scale: 1}
}

// Name is "learned".
func (*Learned) Name() string { return "learned" }

// Tune implements [Tunable]: a new policy that has learned nothing, with θ
// multiplied.
func (*Learned) Tune(k float64) Policy {
	p := NewLearned()
	p.scale = k
	return p
}

// Curves are what the policy has learned.
func (p *Learned) Curves() *Curves { return p.curves }

// Threshold is the θ of a source.
func (p *Learned) Threshold(source int64) float64 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return Theta * p.scale * max(p.theta[0], p.theta[source], 1)
}

// Stretch multiplies θ for a source, or for all with 0; below 1, or no
// number, counts as 1. Where both are set the larger holds.
func (p *Learned) Stretch(source int64, by float64) {
	if !(by > 1) {
		by = 1
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.theta[source] = by
}

// Learn implements [Learner].
func (p *Learned) Learn(l Lesson) { p.curves.Learn(l) }

// Next implements [Policy].
func (p *Learned) Next(h History, v Visit) Plan {
	x := p.curves.view(h.Group)
	h.Trace = h.Trace.sound()
	t, lesson := h.Trace, Lesson{}
	if !h.Last.IsZero() {
		t, lesson = x.count(h, v)
	}
	if !lesson.To.IsZero() {
		lesson.Signal, lesson.Announced = v.Signal, h.Announced
	}
	plan := Plan{Trace: t, Lesson: lesson}
	if h.Announced { // no signal has come since this visit
		x.hush()
	}
	plan.Due = x.due(h.Born(), v.At, t, p.Threshold(h.Group.Source))
	if plan.Due.Sub(v.At) > longWait { // half a day matters little now, and the site has time at night
		at := hours(plan.Due)
		plan.Due = plan.Due.Add(time.Duration((x.rhythm.quiet(at) - at) * float64(time.Hour)))
		if plan.Due.Sub(v.At) > MaxWait {
			plan.Due = plan.Due.Add(-24 * time.Hour)
		}
	}
	plan.Period = plan.Due.Sub(v.At)
	return plan
}

// Pulled is when to visit an article of which a signal told that it was edited:
// truth, from 0 to 1, is how often that channel is right ([Curves.Truth]). Never
// later than it was due, h.Last plus h.Period, and never before now. One that was
// never visited is visited now.
func (p *Learned) Pulled(h History, now time.Time, truth float64) time.Time {
	planned := h.Last.Add(h.Period)
	if h.Last.IsZero() {
		return now
	}
	h.Trace = h.Trace.sound()
	x := p.curves.view(h.Group)
	need := p.Threshold(h.Group.Source) - x.worth(h, now, truth)
	if need <= 0 {
		return now
	}
	due := x.due(h.Born(), h.Last, h.Trace, need)
	if due.After(planned) {
		due = planned
	}
	if due.Before(now) {
		return now
	}
	return due
}

// sound makes a trace good to reckon with: numbers that no visit leaves behind
// (negative, infinite, not a number) are read as if never learned.
func (t Trace) sound() Trace {
	if !(t.Found >= 0 && t.Expected >= 0) || math.IsInf(t.Found+t.Expected, 0) {
		t.Found, t.Expected = 0, 0
	}
	return t
}

// hush makes the rates those of edits of which no signal tells.
func (x *view) hush() {
	for bin := range x.rate {
		x.rate[bin] *= x.untold
	}
}

// worth is what a signal of such truth adds to the unseen edits of an article, in
// the units of θ. An edit of probability p is -ln(1 - p) expected ones; and as θ
// counts rates to the power of temper, so one edit of an article whose rate is λ
// counts for λ^(temper - 1): more, the quieter the article is.
func (x view) worth(h History, now time.Time, truth float64) float64 {
	age := x.age(h.Born(), now)
	rate := x.rate[binOf(age)] * h.Trace.zeal() / (age + clock0)
	return -math.Log1p(-min(max(truth, 0), .999)) * math.Pow(rate, temper-1)
}

// zeal is by how much an article is busier than the average of its group.
func (t Trace) zeal() float64 { return (unlike + t.Found) / (unlike + t.Expected) }

// noisy reports that the page has differed so often that it teaches nothing.
func (t Trace) noisy() bool { return t.Streak >= NoisyRun }

// count counts a visit into the trace of the article, and says what it teaches.
//
// A change found after a long wait may stand for several edits: for
// m/(1 - e^-m), when m were expected. It is dated to the geometric middle of the
// wait, for rates fall about as 1/age. A clock that was set back between the two
// visits leaves no wait: nothing fades, and nothing is taught.
func (x view) count(h History, v Visit) (Trace, Lesson) {
	born, t := h.Born(), h.Trace
	from, to := x.age(born, h.Last), x.age(born, v.At)
	z, m := t.zeal(), 0.0
	watch(from, to, func(bin int, span float64) { m += x.rate[bin] * span })
	found := 0.0
	if v.Changed {
		found = 1
		if z*m > 1e-6 {
			found = z * m / -math.Expm1(-z*m)
		}
		if v.Signal == 0 { // else the source itself says that it was edited
			t.Streak++
		}
	} else {
		t.Streak = 0
	}
	fade := math.Pow(min((from+clock0)/(to+clock0), 1), fading)
	t.Found, t.Expected = t.Found*fade+found, t.Expected*fade+m
	if t.noisy() || !v.At.After(h.Last) {
		return t, Lesson{}
	}
	l := Lesson{Group: h.Group, From: h.Last, To: v.At, Found: found, Expected: z * m, Bin: binOf(math.Sqrt((from+clock0)*(to+clock0)) - clock0)}
	watch(from, to, func(bin int, span float64) { l.Exposure[bin] += z * span })
	return t, l
}

// edgePower are the upper ends of the bins, as the integral of due has them.
var edgePower = func() (p [Bins]float64) {
	for b := range p {
		p[b] = math.Pow(edge(b)+clock0, 1-temper)
	}
	return p
}()

// due is when the expected unseen edits since last reach need.
func (x view) due(born, last time.Time, t Trace, need float64) time.Time {
	age := x.age(born, last)
	real := max(last.Sub(born), 0)
	low, high := MinWait, MaxWait
	if real < MaxWait {
		high = min(MaxWait, headWait+ageWaits*real)
	}
	if t.noisy() {
		low = max(low, real/12)
	}
	z, a, limit := math.Pow(t.zeal(), temper)/(1-temper), age, age+5*high.Hours()
	w := math.Pow(a+clock0, 1-temper)
	for b := binOf(a); need > 0 && a < limit; b++ {
		// The integral of (rate·zeal/(a + ½))^temper over the bin, in closed form.
		r := math.Pow(x.rate[b], temper) * z
		if full := r * (edgePower[b] - w); full < need {
			need, a, w = need-full, edge(b), edgePower[b]
			continue
		}
		a = math.Pow(w+need/r, 1/(1-temper)) - clock0
		break
	}
	wait := high
	if d := x.wait(last, a-age); d < high.Hours() {
		wait = span(d)
	}
	return last.Add(min(max(wait, min(low, high)), high))
}
