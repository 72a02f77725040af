package health

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"stet/internal/news"
)

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

func TestNotes(t *testing.T) {
	w := steady(10, 4)
	w.plain(4, 0)
	w.plain(4, 0)
	found := Judge(w.hours, w.now())
	if len(found) != 1 || found[0].Note != "8 of 8 pages had no text, since 00:00 UTC on 12 March; usually 10 % or fewer" {
		t.Errorf("%+v", found)
	}
	for m, want := range map[Measure]string{
		Success:   "15 of 30 visits showed an article, since 09:30 UTC on 2 March; usually 10 % or more",
		Words:     "half of 30 pages have fewer than 1 words, since 09:30 UTC on 2 March; usually 0 to 1",
		Furniture: "50 % of the text of 30 pages is furniture, since 09:30 UTC on 2 March; usually 10 % to 90 %",
		Unchanged: "15 of 30 visits found a change, since 09:30 UTC on 2 March; usually 10 % to 90 %",
	} {
		if got := note(Alarm{Measure: m, Value: 0.5, Low: 0.1, High: 0.9, Since: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}, 30); got != want {
			t.Errorf("%s: %q", m, got)
		}
	}
}

// daily is a source of that many days with an hour each of n pages, some of
// which have text.
func daily(days, n, full int) *world {
	w := steady(0, 0)
	for range days {
		w.plain(n, full)
		w.idle(23)
	}
	return w
}

// TestLimits: each limit at its edge.
func TestLimits(t *testing.T) {
	then := func(w *world, n, full int) *world {
		w.plain(n, full)
		return w
	}
	long := func(n int) *world { // a run of 6 empty pages each day among 24
		w := steady(0, 0)
		for range 10 {
			w.plain(6, 0)
			w.plain(18, 18)
			w.idle(22)
		}
		return then(w, n, 0)
	}
	settled := func(hours int) *world {
		w := steady(10, 8)
		for range hours + 1 {
			w.plain(8, 0)
		}
		return w
	}
	settle := int(Settle / time.Hour)
	for _, tt := range []struct {
		name string
		w    *world
		want int
	}{
		{"MinBreak pages", then(daily(10, 20, 20), MinBreak, 0), 1},
		{"one page fewer", then(daily(10, 20, 20), MinBreak-1, 0), 0},
		{"MinDays", then(daily(MinDays, 20, 20), 8, 0), 1},
		{"one day fewer", then(daily(MinDays-1, 50, 50), 8, 0), 0},
		{"days of MinDay pages", then(daily(10, MinDay, MinDay), 12, 0), 1},
		{"of one page fewer", then(daily(10, MinDay-1, MinDay-1), 12, 0), 0},
		{"MinKnown pages", then(daily(5, MinKnown/5, MinKnown/5), 12, 0), 1},
		{"one page fewer known", then(then(daily(4, MinKnown/5, MinKnown/5), 9, 9).idle(23), 12, 0), 0},
		{"MinToday pages, most of them empty", then(daily(10, 20, 20), MinToday, 2), 1},
		{"one page fewer today", then(daily(10, 20, 20), MinToday-1, 2), 0},
		{"Unlikely", then(daily(10, 8, 6), 10, 0), 1},                  // 1/4 to the power of 10
		{"once in a hundred thousand", then(daily(10, 8, 6), 9, 0), 0}, // of 9
		{"more than twice the longest run", long(13), 1},
		{"twice the longest run", long(12), 0},
		{"an hour short of Settle", settled(settle - 1), 1},
		{"Settle", settled(settle), 0},
		{"an hour after", settled(settle + 1), 0},
		{"nothing known", then(steady(0, 0), 24, 0), 0},
	} {
		if got := Judge(tt.w.hours, tt.w.now()); len(got) != tt.want {
			t.Errorf("%s: %+v, want %d alarms", tt.name, got, tt.want)
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
	// Output: empty 12 of 12 pages had no text, since 00:00 UTC on 12 March; usually 10 % or fewer
}

// TestWeekend: a source that writes half as much on two days of the week, and
// has twice the pages without text then, is well.
func TestWeekend(t *testing.T) {
	w := newWorld(1)
	w.visits, w.empty, w.words, w.weekend, w.restless = 1500, 0.1, 600, 0.5, 0.05
	for range 8 * 14 {
		w.days(0.5, func(w *world) world {
			if wd := w.at.Weekday(); wd == time.Saturday || wd == time.Sunday {
				w.empty = min(2*w.empty, 0.7)
			}
			return *w
		})
		if found := Judge(w.hours, w.now()); len(found) != 0 {
			t.Errorf("at %v: %+v", w.at, found)
		}
	}
}

// TestJudgeLaws: the figures alone count, not their order, nor in how many parts
// an hour comes, nor what is still to come or long past.
func TestJudgeLaws(t *testing.T) {
	w := newWorld(5)
	w.visits = 300
	w.days(12, nil)
	w.days(1, func(w *world) world { w.empty = 1; return *w })
	want := fmt.Sprint(Judge(w.hours, w.now()))
	if want == "[]" {
		t.Fatal("no alarm to compare")
	}
	var parts []news.Pulse
	for _, h := range w.hours {
		half := news.Pulse{Hour: h.Hour.Add(30 * time.Minute), Visits: h.Visits / 2, Seen: h.Seen / 2, Empty: h.Empty / 2}
		h.Visits, h.Seen, h.Empty = h.Visits-half.Visits, h.Seen-half.Seen, h.Empty-half.Empty
		parts = append(parts, h, half)
	}
	w.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	if got := fmt.Sprint(Judge(parts, w.now())); got != want {
		t.Errorf("in parts and shuffled: %s, want %s", got, want)
	}
	other := news.Pulse{Visits: 1e6, Read: 1e6}
	for _, odd := range []time.Time{w.at, w.now().Add(-History - time.Hour)} {
		other.Hour = odd
		if got := fmt.Sprint(Judge(append(w.hours, other), w.now())); got != want {
			t.Errorf("with figures of %v: %s, want %s", odd, got, want)
		}
	}
	if got := Judge(nil, w.now()); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
}

// TestNoVisits: while nothing is known, an alarm neither begins nor ends.
func TestNoVisits(t *testing.T) {
	w := steady(10, 4)
	w.days(5, nil)
	if found := Judge(w.hours, w.now()); len(found) != 0 {
		t.Errorf("five days without a visit: %+v", found)
	}
	for range 3 {
		w.plain(4, 0)
	}
	w.days(2, nil)
	if found := Judge(w.hours, w.now()); len(found) != 1 || found[0].Value != 1 {
		t.Errorf("broken, and then not visited: %+v", found)
	}
}
