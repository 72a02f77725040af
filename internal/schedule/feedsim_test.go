package schedule

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A pretended feed publishes at the times given and lists its last entries.
type pretended struct {
	name     string
	window   int
	at       []time.Time // ascending
	undated  bool        // its entries give no believable date
	lifetime time.Duration
}

// document is what it lists at a time: the entries by their numbers.
func (f pretended) document(now time.Time) (entries []FeedEntry, last int) {
	last, _ = slices.BinarySearchFunc(f.at, now, func(a, b time.Time) int {
		if a.After(b) {
			return 1
		}
		return -1
	})
	for i := max(0, last-f.window); i < last; i++ {
		e := FeedEntry{ID: uint64(i+1) << 24, At: f.at[i], Taken: true}
		if f.undated {
			e.At = time.Time{}
		}
		entries = append(entries, e)
	}
	return entries, last
}

// A tallied is how polling a feed went, after the warm-up.
type tallied struct {
	polls, found, lost, outruns int
	delays                      []time.Duration
	longest                     time.Duration // wait
	polledAt                    []time.Time
}

func (a *tallied) add(b tallied) {
	a.polls, a.found, a.lost, a.outruns = a.polls+b.polls, a.found+b.found, a.lost+b.lost, a.outruns+b.outruns
	a.delays = append(a.delays, b.delays...)
}

// median and mean of the delays of discovery.
func (a tallied) delay() (median, mean time.Duration) {
	if len(a.delays) == 0 {
		return 0, 0
	}
	slices.Sort(a.delays)
	for _, d := range a.delays {
		mean += d
	}
	return a.delays[len(a.delays)/2], mean / time.Duration(len(a.delays))
}

// poll polls a feed for so long, by its learned pace, or at a fixed distance; only
// what comes after warm counts.
func (f pretended) poll(length, warm, fixed time.Duration, id int64) (t tallied) {
	var p FeedPace
	var last time.Time
	seen := 0
	for now := start; now.Sub(start) < length; {
		entries, n := f.document(now)
		counts := now.Sub(start) >= warm
		for i := seen; i < n; i++ {
			if !counts {
				continue
			}
			if i < n-f.window {
				t.lost++
				continue
			}
			t.found++
			t.delays = append(t.delays, now.Sub(f.at[i]))
		}
		poll := FeedPoll{At: now, Last: last, Entries: entries, Unchanged: n == seen && n > 0, Lifetime: f.lifetime}
		next, wait, outrun := p.Polled(poll, id)
		if fixed > 0 {
			wait = fixed
		}
		if counts {
			t.polls++
			t.longest = max(t.longest, wait)
			t.polledAt = append(t.polledAt, now)
			if outrun {
				t.outruns++
			}
		}
		p, last, seen, now = next, now, n, now.Add(wait)
	}
	return t
}

// flow gives times at a rate, by the hour, that varies with the time.
func flow(r *rand.Rand, length time.Duration, most float64, rate func(at time.Duration) float64) (at []time.Time) {
	for x := time.Duration(0); ; {
		x += time.Duration(r.ExpFloat64() / most * float64(time.Hour))
		if x >= length {
			return at
		}
		if r.Float64()*most < rate(x) {
			at = append(at, start.Add(x))
		}
	}
}

// steadily is a constant rate.
func steadily(rate float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return rate }
}

// between is a rate that holds in hours of the day.
func between(from, to, rate float64) func(time.Duration) float64 {
	return func(at time.Duration) float64 {
		if h := (at % (24 * time.Hour)).Hours(); h >= from && h < to {
			return rate
		}
		return 0
	}
}

// some is feeds that differ in all that matters here.
func some(length time.Duration) []pretended {
	r := rand.New(rand.NewPCG(7, 11))
	bursts := func(at time.Duration) float64 { // four half hours, at other times each day
		day := float64(at / (24 * time.Hour))
		for i := range 4 {
			from := 1.3 + 5.7*float64(i) + 0.37*float64(int(day*7)%5)
			if between(from, from+0.5, 30)(at) > 0 {
				return 30
			}
		}
		return 0.2
	}
	return []pretended{
		{name: "steady", window: 30, at: flow(r, length, 2, steadily(2))},
		{name: "bursty", window: 30, at: flow(r, length, 30, bursts)},
		{name: "daily", window: 20, at: flow(r, length, 30, between(6, 6.33, 30))},
		{name: "quiet", window: 10, at: flow(r, length, 0.1, steadily(0.1))},
		{name: "dead", window: 10, at: flow(r, length, 0.002, steadily(0.002))},
		{name: "firehose", window: 20, at: flow(r, length, 90, func(at time.Duration) float64 { return 10 + between(7, 22, 80)(at) })},
	}
}

// The learned pace against fixed ones, over three weeks after one to learn in:
// 10 minutes, and the distance that makes as many polls. It must find entries
// sooner, miss none, and ask less of those that have little to say.
func TestPaceAgainstFixed(t *testing.T) {
	const length, warm = 28 * 24 * time.Hour, 7 * 24 * time.Hour
	var learned, ten, equal tallied
	feeds := some(length)
	for i, f := range feeds {
		a, b := f.poll(length, warm, 0, int64(i)), f.poll(length, warm, 10*time.Minute, 0)
		learned.add(a)
		ten.add(b)
		a.log(t, f.name+", learned")
		b.log(t, f.name+", 10 min")
		if _, mean := a.delay(); a.lost > 0 || f.name != "dead" && mean > 45*time.Minute {
			t.Errorf("%s: %d lost, %v of delay", f.name, a.lost, mean)
		}
		if a.longest > MaxFeed || f.name == "dead" && a.polls*10 > b.polls {
			t.Errorf("%s: %d polls, longest wait %v", f.name, a.polls, a.longest)
		}
	}
	fixed := time.Duration(float64(len(feeds)) * float64(length-warm) / float64(learned.polls))
	for _, f := range feeds {
		equal.add(f.poll(length, warm, fixed, 0))
	}
	learned.log(t, "all, learned")
	ten.log(t, "all, 10 min")
	equal.log(t, "all, "+fixed.Round(time.Second).String())
	median, mean := learned.delay()
	median2, mean2 := equal.delay()
	if median*3 > median2*2 || mean*3 > mean2*2 || learned.polls > ten.polls {
		t.Errorf("median %v, mean %v; at a fixed distance %v, %v", median, mean, median2, mean2)
	}
	if equal.lost == 0 {
		t.Error("a fixed distance loses nothing: the feeds are too easy")
	}
}

// log writes figures for people.
func (a tallied) log(t *testing.T, name string) {
	median, mean := a.delay()
	t.Logf("%-18s %5d polls, %5d found, %4d lost; delay median %v, mean %v", name, a.polls, a.found, a.lost, median.Round(time.Second), mean.Round(time.Second))
}

// Once a burst has been seen, none of its speed loses an entry that the window
// holds for the shortest wait: bursts at any time of day, dated or not,
// whatever lifetime the publisher gives.
func TestNothingIsLost(t *testing.T) {
	const day = 24 * time.Hour
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 18 {
		floor, lifetime := FeedFloor, time.Duration(0)
		switch n % 3 {
		case 1:
			floor, lifetime = MinFeed, 30*time.Second
		case 2:
			lifetime = time.Hour
		}
		rate := 20 + 400*r.Float64()
		f := pretended{window: minWindow + int(1.15*rate*floor.Hours()), undated: n%2 == 0, lifetime: lifetime}
		if r.IntN(2) == 0 {
			f.window *= 3
		}
		every := time.Duration(float64(time.Hour) / rate)
		for d := range 9 {
			from := start.Add(time.Duration(d)*day + time.Duration(r.Float64()*20*float64(time.Hour)))
			for at := from; at.Before(from.Add(2 * time.Hour)); at = at.Add(every) {
				f.at = append(f.at, at)
			}
		}
		if got := f.poll(9*day, 2*day, 0, int64(n)); got.lost > 0 {
			t.Errorf("%d: window %d, %.0f an hour, undated %v, lifetime %v: %d lost, %d outrun, %d found", n, f.window, rate, f.undated, lifetime, got.lost, got.outruns, got.found)
		}
	}
}
