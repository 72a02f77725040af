package health

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"stet/internal/news"
)

// A world makes the figures of a source that is well: by hour of the day and day
// of the week, with good and bad days, in which pages come in bunches.
type world struct {
	r        *rand.Rand
	visits   float64 // a day
	success  float64
	empty    float64
	words    float64 // median
	share    float64 // furniture
	changes  float64 // a visit
	weekend  float64 // what the weekend does to words and changes; 1 = nothing
	restless float64 // how much days differ from each other
	hours    []news.Pulse
	at       time.Time
}

// newWorld draws a source: some are small, some fail often, some have many
// pages without text.
func newWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 7))
	return &world{
		r: r, at: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
		visits:  math.Exp(math.Log(10) + r.Float64()*math.Log(200)), // 10 to 2000
		success: 1 - 0.15*r.Float64()*r.Float64(), empty: 0.3 * r.Float64() * r.Float64(),
		words: 150 + 700*r.Float64(), share: 0.2 + 0.5*r.Float64(), changes: 0.005 + 0.1*r.Float64()*r.Float64(),
		weekend: 1, restless: 0.05 + 0.3*r.Float64(),
	}
}

// hour makes the figures of the next hour; spoil may change how its visits go.
func (w *world) hour(good func(*world) world) {
	day := rand.New(rand.NewPCG(uint64(w.at.Unix()/86400), w.r.Uint64()&0)) // the same for all hours of a day
	mood := math.Exp(w.restless * day.NormFloat64())
	now := *w
	if wd := w.at.Weekday(); wd == time.Saturday || wd == time.Sunday {
		now.words *= w.weekend
		now.changes *= w.weekend
		now.visits *= 0.6
	}
	now.empty *= mood
	if now.r.IntN(20) == 0 { // an hour of galleries
		now.empty = min(5*now.empty, 0.7)
	}
	if good != nil {
		now = good(&now)
	}
	rhythm := 1 + 0.8*math.Sin(2*math.Pi*float64(w.at.Hour()-8)/24)
	now.share += 0.15 * (mood - 1)
	now.success -= 0.1 * max(0, mood-1)
	p := news.Pulse{Hour: w.at}
	for range poisson(w.r, now.visits*rhythm/24) {
		now.visit(&p, mood)
	}
	w.hours = append(w.hours, p)
	w.at = w.at.Add(time.Hour)
}

func (w *world) visit(p *news.Pulse, mood float64) {
	p.Visits++
	if w.r.Float64() >= w.success {
		p.Failed++
		return
	}
	p.Seen++
	if w.r.Float64() < w.changes*mood {
		p.Changes++
	}
	words := int(w.words * mood * math.Exp(0.7*w.r.NormFloat64()))
	if w.r.Float64() < w.empty {
		words = 0
	}
	p.AddRead(words, w.share+0.1*w.r.NormFloat64())
}

// poisson draws a number with that mean.
func poisson(r *rand.Rand, mean float64) int {
	n, t := 0, r.ExpFloat64()
	for t < mean {
		n++
		t += r.ExpFloat64()
	}
	return n
}

// days lets the world go on.
func (w *world) days(n float64, good func(*world) world) {
	for range int(n * 24) {
		w.hour(good)
	}
}

// now is the last moment of the hours so far.
func (w *world) now() time.Time { return w.at.Add(-time.Second) }

// TestFalseAlarms: sources that are well are left in peace.
func TestFalseAlarms(t *testing.T) {
	const (
		days    = 90
		sources = 50
		most    = 0.002 // share of the hours in which any alarm is on
		often   = 0.002 // alarms a day of a source
	)
	hours, alarmed, total := 0, 0, 0
	opened := map[Measure]int{}
	for seed := range uint64(sources) {
		w := newWorld(seed)
		if seed%2 == 0 {
			w.weekend = 0.5
		}
		w.days(days, nil)
		p, on := newPanel(len(w.hours)), map[Measure]bool{}
		for _, h := range w.hours {
			p.step(h)
			any := false
			for _, g := range p {
				if g.alarm != nil && !on[g.measure] {
					opened[g.measure]++
					total++
				}
				on[g.measure] = g.alarm != nil
				any = any || on[g.measure]
			}
			alarmed += bit(any)
			hours++
		}
	}
	rate, daily := float64(alarmed)/float64(hours), float64(total)/(days*sources)
	t.Logf("any alarm in %.3f %% of %d hours; %d opened in %d days of sources, %.3f %%: %v", 100*rate, hours, total, days*sources, 100*daily, opened)
	if rate > most || daily > often {
		t.Errorf("too many: want at most %.1f %% of hours, and %.1f %% of days", 100*most, 100*often)
	}
}

func ofMeasure(alarms []Alarm, m Measure) *Alarm {
	for _, a := range alarms {
		if a.Measure == m {
			return &a
		}
	}
	return nil
}

// TestBreak: when all pages are empty, or all visits in vain, it is known at the
// end of the hour in which twice MinBreak of them are reached, and it is over
// soon after it is mended. (Since may be early by the hours before that happened
// to look the same.)
func TestBreak(t *testing.T) {
	for m, broken := range map[Measure]func(*world) world{
		Empty:   func(w *world) world { w.empty = 100; return *w },
		Success: func(w *world) world { w.success = 0; return *w },
	} {
		for seed := range uint64(30) {
			w := newWorld(seed)
			w.empty, w.success = min(w.empty, 0.1), max(w.success, 0.9)
			w.days(8, nil)
			if w.visits < 20 {
				continue // not enough known
			}
			from, n := w.at, 0
			var a *Alarm
			for n < 4*MinBreak && a == nil {
				w.hour(broken)
				last := w.hours[len(w.hours)-1]
				n += last.Visits
				a = ofMeasure(Judge(w.hours, w.now()), m)
				if a == nil && n-last.Visits >= 2*MinBreak {
					t.Errorf("%s, source %d: not known after %d visits", m, seed, n)
				}
			}
			if a == nil {
				continue
			}
			if a.Since.Before(from.Add(-3*time.Hour)) || a.Since.After(w.at) || a.Note == "" {
				t.Errorf("%s, source %d: since %v, broke at %v: %s", m, seed, a.Since, from, a.Note)
			}
			w.days(2, broken)
			if found := Judge(w.hours, w.now()); len(found) != 1 || found[0].Since != a.Since {
				t.Errorf("%s, source %d: two days later %+v, first %+v", m, seed, found, a)
			}
			for n = 0; n < 3*MinBreak; {
				w.hour(nil)
				n += w.hours[len(w.hours)-1].Visits
			}
			if found := Judge(w.hours, w.now()); len(found) != 0 {
				t.Errorf("%s, source %d: mended, and yet %+v", m, seed, found)
			}
			w.days(5, nil)
			if found := Judge(w.hours, w.now()); len(found) != 0 {
				t.Errorf("%s, source %d: five days after: %+v", m, seed, found)
			}
		}
	}
}

// TestDrift: what shifts without breaking is known within a day and a half, goes
// on while it lasts, ends within a day and a half, and is believed in the end.
func TestDrift(t *testing.T) {
	for _, tt := range []struct {
		m     Measure
		shift func(*world) world
	}{
		{Words, func(w *world) world { w.words *= 0.25; return *w }},
		{Words, func(w *world) world { w.words *= 4; return *w }},
		{Furniture, func(w *world) world { w.share += 0.35; return *w }},
		{Furniture, func(w *world) world { w.share -= 0.35; return *w }},
		{Unchanged, func(w *world) world { w.changes = 0.6; return *w }},
		{Success, func(w *world) world { w.success = 0.4; return *w }},
		{Empty, func(w *world) world { w.empty = 0.6; return *w }},
	} {
		w := newWorld(3)
		w.visits, w.words, w.share, w.empty, w.success, w.changes, w.restless = 240, 500, 0.5, 0.05, 0.97, 0.03, 0.15
		w.days(20, nil)
		if found := Judge(w.hours, w.now()); len(found) != 0 {
			t.Fatalf("before: %+v", found)
		}
		w.days(1.5, tt.shift)
		a := ofMeasure(Judge(w.hours, w.now()), tt.m)
		if a == nil {
			t.Errorf("%s: not known after a day and a half", tt.m)
			continue
		}
		w.days(4, tt.shift)
		if b := ofMeasure(Judge(w.hours, w.now()), tt.m); b == nil || b.Since != a.Since || b.Low != a.Low {
			t.Errorf("%s: four days later %+v, was %+v", tt.m, b, a)
		}
		mended := *w
		mended.hours = append([]news.Pulse(nil), w.hours...)
		mended.days(1.5, nil)
		if found := Judge(mended.hours, mended.now()); len(found) != 0 {
			t.Errorf("%s: mended for a day and a half: %+v", tt.m, found)
		}
		w.days(Settle.Hours()/24, tt.shift)
		if found := Judge(w.hours, w.now()); len(found) != 0 {
			t.Errorf("%s: it is how the source is now: %+v", tt.m, found)
		}
		w.days(3, tt.shift)
		if found := Judge(w.hours, w.now()); len(found) != 0 {
			t.Errorf("%s: and stays so: %+v", tt.m, found)
		}
	}
}

// steady is a source of that many days with n good visits each hour.
func steady(days, n int) *world {
	w := &world{at: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}
	for range days * 24 {
		w.plain(n, n)
	}
	return w
}

// plain adds an hour of n pages, of which some have text.
func (w *world) plain(n, full int) {
	p := news.Pulse{Hour: w.at, Visits: n, Seen: n}
	for i := range n {
		p.AddRead(400*bit(i < full), 0.5)
	}
	w.hours = append(w.hours, p)
	w.at = w.at.Add(time.Hour)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestNotes(t *testing.T) {
	w := steady(10, 4)
	w.plain(4, 0)
	w.plain(4, 0)
	found := Judge(w.hours, w.now())
	if len(found) != 1 || found[0].Note != "8 of 8 pages had no text, since 00:00 on 12 March; usually 10 % or fewer" {
		t.Errorf("%+v", found)
	}
	for m, want := range map[Measure]string{
		Success:   "15 of 30 visits showed an article, since 09:30 on 2 March; usually 10 % or more",
		Words:     "half of 30 pages have fewer than 1 words, since 09:30 on 2 March; usually 0 to 1",
		Furniture: "50 % of the text of 30 pages is furniture, since 09:30 on 2 March; usually 10 % to 90 %",
		Unchanged: "15 of 30 visits found a change, since 09:30 on 2 March; usually 10 % to 90 %",
	} {
		if got := note(Alarm{Measure: m, Value: 0.5, Low: 0.1, High: 0.9, Since: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}, 30); got != want {
			t.Errorf("%s: %q", m, got)
		}
	}
}

// TestLimits: each limit at its edge.
func TestLimits(t *testing.T) {
	broken := func(days, n, times int) int {
		w := steady(days, n)
		for range times {
			w.plain(n, 0)
		}
		return len(Judge(w.hours, w.now()))
	}
	for _, tt := range []struct {
		name           string
		days, n, times int
		want           int
	}{
		{"MinBreak pages", 10, 1, MinBreak, 1},
		{"one page fewer", 10, 1, MinBreak - 1, 0},
		{"MinDays and the day of the break", MinDays + 1, 8, 1, 1},
		{"fewer days", MinDays - 1, 8, 1, 0},
		{"nothing known", 0, 8, 3, 0},
	} {
		if got := broken(tt.days, tt.n, tt.times); got != tt.want {
			t.Errorf("%s: %d alarms, want %d", tt.name, got, tt.want)
		}
	}
}

// FuzzJudge: no history makes it panic or speak nonsense.
func FuzzJudge(f *testing.F) {
	f.Add(uint64(1), int64(40), -3, 1e9)
	f.Fuzz(func(t *testing.T, seed uint64, hours int64, odd int, share float64) {
		r := rand.New(rand.NewPCG(seed, 1))
		now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
		var history []news.Pulse
		for range hours % 500 {
			p := news.Pulse{Hour: now.Add(-time.Duration(r.IntN(90*24)-24) * time.Hour), Visits: r.IntN(9), Seen: r.IntN(9), Changes: odd, Furniture: share, Words: odd}
			p.AddRead(r.IntN(900), share)
			history = append(history, p)
		}
		for _, a := range Judge(history, now) {
			if a.Note == "" || a.Since.After(now) || now.Sub(a.Since) > History+time.Hour || math.IsNaN(a.Value) {
				t.Errorf("%+v", a)
			}
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	w := newWorld(1)
	w.days(60, nil)
	for b.Loop() {
		Judge(w.hours, w.now())
	}
}

func ExampleJudge() {
	w := steady(10, 6)
	w.plain(6, 0)
	w.plain(6, 0)
	for _, a := range Judge(w.hours, w.now()) {
		fmt.Println(a.Measure, a.Note)
	}
	// Output: empty 12 of 12 pages had no text, since 00:00 on 12 March; usually 10 % or fewer
}
