package simulate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"stet/internal/schedule"
)

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// line is a timeline of ten hours whose changes come so many minutes after its
// publication.
func line(source string, minutes ...int) Timeline {
	t := Timeline{Source: source, Published: start, Until: start.Add(10 * time.Hour)}
	for _, m := range minutes {
		t.Changes = append(t.Changes, start.Add(time.Duration(m)*time.Minute))
	}
	return t
}

func watched(t *testing.T, list []Timeline, p schedule.Policy, o Options) Result {
	t.Helper()
	r, err := Run(t.Context(), list, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// equal compares results but for the last places of their shares.
func equal(a, b Result) bool {
	for _, x := range [][2]float64{{a.FetchesPerArticle, b.FetchesPerArticle}, {a.Caught, b.Caught}, {a.CaughtOverwritten, b.CaughtOverwritten},
		{a.DelayMedian, b.DelayMedian}, {a.DelayP90, b.DelayP90}, {a.DelayMean, b.DelayMean}, {a.Wasted, b.Wasted}} {
		if !(math.Abs(x[0]-x[1]) < 1e-9) {
			return false
		}
	}
	return a.Policy == b.Policy && a.Group == b.Group && a.Articles == b.Articles && a.Changes == b.Changes
}

// Results worked out by hand, for a policy that visits each hour.
func TestRunByHand(t *testing.T) {
	tests := []struct {
		name string
		list []Timeline
		want Result
	}{
		{"nothing", nil, Result{}},
		{"an article that never changes: at birth, and ten times in vain", []Timeline{line("a")},
			Result{Articles: 1, FetchesPerArticle: 11, Wasted: 1}},
		{"caught after 50 minutes", []Timeline{line("a", 10)},
			Result{Articles: 1, Changes: 1, FetchesPerArticle: 11, Caught: 1, DelayMedian: 3000, DelayP90: 3000, DelayMean: 3000, Wasted: .9}},
		// The first of three is overwritten before a visit; the third is caught as it is made.
		{"overwritten", []Timeline{line("a", 10, 20, 120)},
			Result{Articles: 1, Changes: 3, FetchesPerArticle: 11, Caught: 2. / 3, CaughtOverwritten: .5, DelayMedian: 2400, DelayP90: 2400, DelayMean: 1200, Wasted: .8}},
		{"two at one time are one text", []Timeline{line("a", 30, 30)},
			Result{Articles: 1, Changes: 2, FetchesPerArticle: 11, Caught: .5, DelayMedian: 1800, DelayP90: 1800, DelayMean: 1800, Wasted: .9}},
		{"the last visit is at the end, and sees what is made then", []Timeline{line("a", 600)},
			Result{Articles: 1, Changes: 1, FetchesPerArticle: 11, Caught: 1, Wasted: .9}},
		{"two articles", []Timeline{line("a", 10), line("b", 40, 70)},
			Result{Articles: 2, Changes: 3, FetchesPerArticle: 11, Caught: 1, CaughtOverwritten: 1, DelayMedian: 3000, DelayP90: 3000, DelayMean: (3000 + 1200 + 3000) / 3., Wasted: 17. / 20}},
	}
	for _, tt := range tests {
		tt.want.Policy = "every:1h0m0s"
		if got := watched(t, tt.list, schedule.Every(time.Hour), Options{}); !equal(got, tt.want) {
			t.Errorf("%s:\n%+v, want\n%+v", tt.name, got, tt.want)
		}
	}
}

// No visit is made after what is known ends, not by a microsecond.
func TestRunEndsAtUntil(t *testing.T) {
	for _, tt := range []struct {
		until time.Duration
		want  float64
	}{{0, 1}, {time.Hour - time.Microsecond, 1}, {time.Hour, 2}, {2*time.Hour - 1, 2}} {
		l := Timeline{Source: "a", Published: start, Until: start.Add(tt.until)}
		if got := watched(t, []Timeline{l}, schedule.Every(time.Hour), Options{}); got.FetchesPerArticle != tt.want {
			t.Errorf("known for %v: %v visits, want %v", tt.until, got.FetchesPerArticle, tt.want)
		}
	}
}

// News Sniffer on an article that changes once: 12 visits of a quiet day.
func TestRunNewsSniffer(t *testing.T) {
	l := Timeline{Source: "a", Published: start, Until: start.Add(24 * time.Hour)}
	if got := watched(t, []Timeline{l}, schedule.NewsSniffer{}, Options{}); got.FetchesPerArticle != 13 {
		t.Errorf("%v visits in a day, want the first and 12", got.FetchesPerArticle)
	}
}

// With a gap of 20 minutes a host serves whoever has waited longest. Three
// articles are due each hour; so the second comes 20 minutes late and the third 40.
func TestHostGap(t *testing.T) {
	list := []Timeline{line("a", 59), line("a", 59), line("a", 59), line("b", 59)}
	for i := range list {
		list[i].Published = start.Add(time.Duration(i) * time.Second)
		list[i].Until = start.Add(115 * time.Minute)
	}
	got := watched(t, list, schedule.Every(time.Hour), Options{HostGap: 20 * time.Minute})
	want := Result{Policy: "every:1h0m0s", Articles: 4, Changes: 4, FetchesPerArticle: 2, Caught: 1,
		DelayMedian: 1260, DelayP90: 2460, DelayMean: (60 + 1260 + 2460 + 63) / 4.}
	if !equal(got, want) {
		t.Errorf("%+v, want\n%+v", got, want)
	}
}

// A queue that is longer than what is known ends is not served after it.
func TestHostGapEnds(t *testing.T) {
	var list []Timeline
	for i := range 50 {
		l := line("a")
		l.Published = start.Add(time.Duration(i) * time.Second)
		list = append(list, l)
	}
	got := watched(t, list, schedule.Every(time.Minute), Options{HostGap: 10 * time.Minute})
	// 50 first visits, then one in ten minutes from the 59th second of minute 10 on.
	if visits := got.FetchesPerArticle * 50; visits < 50+58 || visits > 50+60 {
		t.Errorf("%v visits, want 50 and about 59", visits)
	}
}

// Many articles published at once do not make their visits come closer than the
// gap, first visits aside.
func TestHostGapAfterPublication(t *testing.T) {
	spy := &spy{Policy: schedule.Every(time.Hour)}
	list := []Timeline{line("a"), line("a"), line("a")}
	list[1].Published = start.Add(time.Second)
	list[2].Published = start.Add(70 * time.Minute)
	watched(t, list, spy, Options{HostGap: 20 * time.Minute})
	var before time.Time
	for _, v := range spy.visits {
		if gap := v.at.Sub(before); gap < 20*time.Minute && !v.first {
			t.Errorf("a visit at %v, %v after the one before", v.at, gap)
		}
		before = v.at
	}
	if len(spy.visits) < 20 {
		t.Errorf("%d visits", len(spy.visits))
	}
}

// A spy notes each visit.
type spy struct {
	schedule.Policy
	visits []spied
}

type spied struct {
	at      time.Time
	first   bool
	changed bool
}

func (s *spy) Next(h schedule.History, v schedule.Visit) schedule.Plan {
	s.visits = append(s.visits, spied{v.At, h.Last.IsZero(), v.Changed})
	return s.Policy.Next(h, v)
}

// A pulled policy waits for ten hours but comes at once when it hears anything,
// and remembers what the visit taught.
type pulled struct {
	spy
	curves  *schedule.Curves
	lessons []schedule.Lesson
}

func (p *pulled) Curves() *schedule.Curves { return p.curves }
func (p *pulled) Learn(l schedule.Lesson)  { p.lessons = append(p.lessons, l) }
func (p *pulled) Pulled(_ schedule.History, now time.Time, _ float64) time.Time {
	return now
}

func TestSignals(t *testing.T) {
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	l := line("a", 30, 300)
	l.Announced = true
	l.Signals = []Signal{{at(-5), schedule.Pushed}, {at(0), schedule.Pushed}, {at(31), schedule.SitemapModified}, {at(200), schedule.Pushed}, {at(700), schedule.Pushed}}
	p := &pulled{spy: spy{Policy: schedule.Every(8 * time.Hour)}, curves: schedule.NewCurves()}
	got := watched(t, []Timeline{l}, p, Options{})
	// At birth; a minute after the first change; in vain at 200. Until 600 the
	// next one would be at 680, so the second change is missed.
	want := Result{Policy: "every:8h0m0s", Articles: 1, Changes: 2, FetchesPerArticle: 3, Caught: .5, CaughtOverwritten: 1, DelayMedian: 60, DelayP90: 60, DelayMean: 60, Wasted: .5}
	if !equal(got, want) {
		t.Errorf("%+v, want\n%+v", got, want)
	}
	var heard []schedule.Channel
	for _, l := range p.lessons {
		heard = append(heard, l.Signal)
		if !l.Announced {
			t.Error("a lesson does not know that a feed lists the article")
		}
	}
	if want := []schedule.Channel{0, schedule.SitemapModified, schedule.Pushed}; !slices.Equal(heard, want) {
		t.Errorf("lessons of signals %v, want %v", heard, want)
	}
	for i, want := range []int{0, 31, 200} {
		if v := p.visits[i]; !v.at.Equal(at(want)) {
			t.Errorf("visit %d at %v, want minute %d", i, v.at, want)
		}
	}
}

// A visit that was brought forward is made once: the one planned before is
// stale, and a new one is planned from it.
func TestStaleVisits(t *testing.T) {
	l := line("a")
	l.Signals = []Signal{{start.Add(30 * time.Minute), schedule.Pushed}}
	p := &pulled{spy: spy{Policy: schedule.Every(time.Hour)}, curves: schedule.NewCurves()}
	watched(t, []Timeline{l}, p, Options{})
	want := start
	for i, v := range p.visits {
		if !v.at.Equal(want) {
			t.Fatalf("visit %d at %v, want %v", i, v.at, want)
		}
		if want = want.Add(time.Hour); i == 0 {
			want = start.Add(30 * time.Minute)
		}
	}
	if len(p.visits) != 11 {
		t.Errorf("%d visits, want 11", len(p.visits))
	}
}

// What is learned does not hang on the order in which timelines are given,
// where no two things happen at one moment.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	list := fading(r, 300, 2)
	want := watched(t, list, schedule.NewLearned(), Options{})
	for range 5 {
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := watched(t, list, schedule.NewLearned(), Options{}); !equal(got, want) {
			t.Errorf("in another order:\n%+v, want\n%+v", got, want)
		}
	}
}

// fading is a number of articles of some sources, edited at a rate that falls as
// their age; each article has its own zeal.
func fading(r *rand.Rand, articles, sources int) []Timeline {
	var list []Timeline
	for i := range articles {
		born := start.Add(time.Duration(i)*10*time.Minute + time.Duration(r.IntN(1e6))*time.Microsecond)
		l := Timeline{Source: string(rune('a' + i%sources)), Published: born, Until: born.Add(72 * time.Hour)}
		zeal := r.ExpFloat64() * r.ExpFloat64()
		for age := 0.; ; {
			if age = (age+.5)*math.Exp(r.ExpFloat64()/zeal) - .5; age > 72 {
				break
			}
			l.Changes = append(l.Changes, born.Add(time.Duration(age*float64(time.Hour))).Round(time.Microsecond))
		}
		list = append(list, l)
	}
	return list
}

// The learned policy catches more than the best back-off of one constant does
// with as many visits.
func TestLearnedAgainstBackoff(t *testing.T) {
	list := fading(rand.New(rand.NewPCG(5, 5)), 1000, 3)
	for _, visits := range []float64{8, 16} {
		learned, err := Tune(t.Context(), list, schedule.NewLearned(), visits, Options{})
		if err != nil {
			t.Fatal(err)
		}
		best := Result{}
		for _, f := range []float64{1.2, 1.5, 2} {
			r, err := Tune(t.Context(), list, schedule.Backoff{Factor: f}, visits, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Caught > best.Caught {
				best = r
			}
		}
		t.Logf("%.1f visits: learned %.1f %%; %s %.1f %% with %.1f", learned.FetchesPerArticle, 100*learned.Caught, best.Policy, 100*best.Caught, best.FetchesPerArticle)
		if learned.Caught < best.Caught {
			t.Errorf("at %v visits learned catches %.3f, %s %.3f", visits, learned.Caught, best.Policy, best.Caught)
		}
	}
}

// A page that differs at every visit is not a page that was caught changing: its
// own changes count for nothing.
func TestNoisyTimeline(t *testing.T) {
	l := line("a", 90)
	l.Noisy = true
	s := &spy{Policy: schedule.Every(time.Hour)}
	got := watched(t, []Timeline{l}, s, Options{})
	if got.Changes != 0 || got.Caught != 0 || math.Abs(got.Wasted-.9) > 1e-9 {
		t.Errorf("%+v", got)
	}
	for i, v := range s.visits {
		if !v.changed {
			t.Errorf("visit %d shows no difference", i)
		}
	}
}

func TestRunCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, []Timeline{line("a")}, schedule.NewLearned(), Options{}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
	if _, err := Tune(ctx, []Timeline{line("a")}, schedule.NewLearned(), 5, Options{}); err != context.Canceled {
		t.Errorf("tuning: error %v", err)
	}
}

// Counting may end before the timeline does: the first visit after it is not counted,
// and catches what stands.
func TestCounted(t *testing.T) {
	l := line("a", 30, 80, 100, 170)
	l.Counted = l.Published.Add(90 * time.Minute)
	got := watched(t, []Timeline{l}, schedule.Every(time.Hour), Options{})
	// Visits at 0 and 60 min count; that at 120 does not, and finds that 100 has replaced 80.
	if got.Changes != 2 || got.FetchesPerArticle != 2 || got.Caught != .5 || got.DelayMedian != 30*60 {
		t.Errorf("%+v", got)
	}
	l.Counted = l.Published.Add(110 * time.Minute)
	got = watched(t, []Timeline{l}, schedule.Every(time.Hour), Options{})
	if got.Changes != 3 || got.FetchesPerArticle != 2 || math.Abs(got.Caught-2./3) > 1e-9 || math.Abs(got.CaughtOverwritten-2./3) > 1e-9 {
		t.Errorf("%+v", got)
	}
}
