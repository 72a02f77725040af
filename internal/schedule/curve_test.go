package schedule

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestCurvesRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	p := taught(r, 4000)
	changed := p.Curves().Changed()
	if len(changed) == 0 || len(p.Curves().Changed()) != 0 {
		t.Fatalf("%d groups changed, and then %d", len(changed), len(p.Curves().Changed()))
	}
	loaded, again := NewLearned(), NewLearned()
	for g, n := range changed {
		if !loaded.Curves().Load(g, n) || !again.Curves().Load(g, n) {
			t.Fatalf("%+v is refused: %+v", g, n)
		}
	}
	if n := len(loaded.Curves().Changed()); n != 0 {
		t.Errorf("%d groups are to be stored that were just loaded", n)
	}
	got := map[Group]Counts{}
	for g, n := range loaded.Curves().All() {
		got[g] = n
	}
	for g, n := range changed {
		if got[g] != n {
			t.Errorf("%+v: %+v, stored %+v", g, got[g], n)
		}
	}
	for range 200 {
		h, v := anything(r)
		if a, b := loaded.Next(h, v), again.Next(h, v); a != b {
			t.Fatalf("two that loaded the same plan %+v and %+v", a, b)
		}
	}
	h, v := anything(r)
	loaded.Learn(loaded.Next(h, v).Lesson)
	if len(loaded.Curves().Changed()) == 0 {
		t.Error("a lesson changed no group")
	}
}

func TestLoadRefuses(t *testing.T) {
	c := NewCurves()
	good := Counts{}
	good.Found[3], good.Expected[3] = 2, 5
	g := Group{Source: 1, Section: "sport"}
	if !c.Load(g, good) {
		t.Fatal("good counts are refused")
	}
	want := c.view(g)
	for _, bad := range []float64{-1, -1e-9, math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, slot := range []int{0, Slots - 1} {
			n := good
			n.Found[slot] = bad
			m := good
			m.Expected[slot] = bad
			if c.Load(g, n) || c.Load(g, m) {
				t.Errorf("%v in slot %d is taken", bad, slot)
			}
		}
	}
	if c.view(g).rate != want.rate {
		t.Error("what was refused changed the curve")
	}
}

func TestWider(t *testing.T) {
	g := Group{Source: 3, Kind: KindLive, Section: "sport/rowing"}
	for _, want := range []Group{{3, KindLive, "sport"}, {3, KindLive, ""}, {0, KindLive, ""}, {}} {
		w, ok := g.wider()
		if !ok || w != want {
			t.Fatalf("wider than %+v: %+v, %v; want %+v", g, w, ok, want)
		}
		g = w
	}
	if w, ok := g.wider(); ok {
		t.Errorf("wider than all: %+v", w)
	}
}

// watched is a lesson of an hour in a bin.
func watched(g Group, bin int, found, folds float64) Lesson {
	l := Lesson{Group: g, From: start, To: start.Add(time.Hour), Found: found, Bin: bin}
	l.Exposure[bin] = folds
	return l
}

// What is learned of one source moves another by the prior only: by the less the
// more is known of the other, and its rhythm and its channels not at all.
func TestSourcesApart(t *testing.T) {
	one, other := Group{Source: 1}, Group{Source: 2}
	for _, known := range []float64{0, 90, 990} {
		c := NewCurves()
		for range int(known) {
			c.Learn(watched(other, 4, .5, 1))
		}
		rhythm, truth := *c.view(other).rhythm, c.Truth(2, Pushed)
		before, beforeAll := c.view(other).rate[4], c.view(Group{}).rate[4]
		for range 2000 {
			l := watched(one, 4, 3, 1)
			l.Expected, l.Signal = 1, Pushed
			c.Learn(l)
		}
		moved, all := c.view(other).rate[4]-before, c.view(Group{}).rate[4]-beforeAll
		if want := all * widerWeight / (known + widerWeight); math.Abs(moved-want) > 1e-6 {
			t.Errorf("with %v e-folds of its own the other moved by %v, want %v", known, moved, want)
		}
		if *c.view(other).rhythm != rhythm || c.Truth(2, Pushed) != truth {
			t.Error("its rhythm or its channels moved")
		}
		if rate := c.view(one).rate[4]; math.Abs(rate-3) > .1 {
			t.Errorf("the one has %v edits per e-fold, want 3", rate)
		}
	}
}

// Old counts are halved, and the rate is what it was.
func TestHalving(t *testing.T) {
	c := NewCurves()
	g := Group{}
	low := math.Inf(1)
	for range 20000 {
		c.Learn(watched(g, 2, .7, 1))
		x := c.groups[g]
		if x.Expected[2] > longMemory {
			t.Fatalf("%v e-folds are kept, at most %v", x.Expected[2], longMemory)
		}
		if x.Expected[2] > 1000 {
			low = min(low, c.view(g).rate[2])
		}
	}
	if rate := c.view(g).rate[2]; math.Abs(rate-.7) > .01 || low < .68 {
		t.Errorf("rate %v, at the lowest %v, want 0.7", rate, low)
	}
	for range 20000 {
		c.Learn(watched(g, 2, .1, 1))
	}
	if rate := c.view(g).rate[2]; math.Abs(rate-.1) > .02 {
		t.Errorf("after the source changed its ways: rate %v, want 0.1", rate)
	}
}

func TestTruth(t *testing.T) {
	c := NewCurves()
	if got := c.Truth(1, Pushed); got != .5 {
		t.Errorf("before the first signal %v, want 0.5", got)
	}
	for i := range 98 {
		l := watched(Group{Source: 1, Section: "town"}, 1, flag(i%4 != 0), 1)
		l.Signal = SitemapModified
		c.Learn(l)
	}
	if got, want := c.Truth(1, SitemapModified), 73.5/99; math.Abs(got-want) > 1e-9 {
		t.Errorf("73 of 98 signals were true: %v, want %v", got, want)
	}
	for _, ch := range []Channel{0, -1, channels + 1, 99} {
		if got := c.Truth(1, ch); got != 0 {
			t.Errorf("channel %d: %v, want 0", ch, got)
		}
	}
	l := watched(Group{Source: 1}, 1, 1, 1)
	l.Signal = 99 // no channel of ours: heard, and not counted
	c.Learn(l)
	for ch, want := range map[Channel]string{0: "", FeedUpdated: "feed", SitemapModified: "sitemap", TitleDiffers: "title", Pushed: "push", -1: "unknown", 99: "unknown"} {
		if ch.String() != want {
			t.Errorf("channel %d is called %q, want %q", int(ch), ch, want)
		}
	}
}

func TestBins(t *testing.T) {
	for age, want := range map[float64]int{0: 0, .49: 0, .5: 1, .99: 1, 1: 2, 2: 3, 63.9: 7, 64: 8, 127.9: 8, 128: 9, 1e9: 9, -1: 0} {
		if got := binOf(age); got != want {
			t.Errorf("an age of %v hours is in bin %d, want %d", age, got, want)
		}
	}
	total, last := 0.0, -1
	watch(.2, 500, func(bin int, span float64) {
		if bin != last+1 || span <= 0 {
			t.Errorf("bin %d after %d, %v e-folds", bin, last, span)
		}
		total, last = total+span, bin
	})
	if want := math.Log(500.5 / .7); math.Abs(total-want) > 1e-9 || last != Bins-1 {
		t.Errorf("%v e-folds to bin %d, want %v to bin %d", total, last, want, Bins-1)
	}
	watch(5, 5, func(int, float64) { t.Error("no time was watched") })
}

// A group whose articles are edited at known rates, all alike, is learned within a
// quarter after 1,000 articles that the policy itself watches.
func TestCurveConverges(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	truth := [Bins]float64{1.5, 1.2, .9, .7, .5, .4, .3, .2, .2, .2}
	p := NewLearned()
	g := Group{Source: 1, Section: "town"}
	for n := range 1000 {
		born := start.Add(time.Duration(n) * 7 * time.Minute)
		h, v := History{Found: born, Group: g}, Visit{At: born, Changed: true}
		for v.At.Sub(born) < 4*day {
			plan := p.Next(h, v)
			p.Learn(plan.Lesson)
			h.Last, h.Period, h.Trace = v.At, plan.Period, plan.Trace
			expected := 0.0
			watch(v.At.Sub(born).Hours(), plan.Due.Sub(born).Hours(), func(bin int, span float64) { expected += truth[bin] * span })
			v = Visit{At: plan.Due, Changed: r.Float64() > math.Exp(-expected)}
		}
	}
	for bin, want := range truth[:8] {
		if got := p.Curves().view(g).rate[bin]; math.Abs(got/want-1) > .25 {
			t.Errorf("bin %d: %.2f edits per e-fold, want %.2f", bin, got, want)
		}
	}
}
