package schedule

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// shows makes a document of entries first to last, each a minute after the one
// before, the last at the given time.
func shows(first, last int, at time.Time) (entries []FeedEntry) {
	for i := first; i <= last; i++ {
		e := FeedEntry{ID: uint64(i) << 24, Taken: true}
		if !at.IsZero() {
			e.At = at.Add(time.Duration(i-last) * time.Minute)
		}
		entries = append(entries, e)
	}
	return entries
}

// near reports whether a wait is the one wanted, but for jitter.
func near(got, want time.Duration) bool {
	return math.Abs(float64(got-want)) <= FeedJitter*float64(want)+float64(2*time.Second)
}

func TestFirstFeedPoll(t *testing.T) {
	for id := range int64(50) {
		p, wait, outrun := FeedPace{}.Polled(FeedPoll{At: start, Entries: shows(1, 20, time.Time{})}, id)
		if !near(wait, FirstFeed) || outrun || p.Window != 20 || p.Hours != priorHours {
			t.Errorf("id %d: wait %v, %+v, want %v", id, wait, p, FirstFeed)
		}
	}
	_, wait, _ := FeedPace{}.Polled(FeedPoll{At: start, Entries: shows(1, 20, start)}, 1)
	if wait > 7*time.Minute {
		t.Errorf("a window of 20 minutes, by its dates: wait %v", wait)
	}
	_, wait, _ = FeedPace{}.Polled(FeedPoll{At: start, Entries: shows(1, minWindow-1, start.Add(-2*time.Hour))}, 1)
	if p, _, _ := (FeedPace{}).Polled(FeedPoll{At: start, Entries: shows(1, minWindow, start.Add(-2*time.Hour))}, 1); p.Fill == 0 {
		t.Errorf("a document of %d entries is taken for one that grows", minWindow)
	}
	if !near(wait, FirstFeed) && wait < FirstFeed/2 {
		t.Errorf("a document that begins to grow: wait %v", wait)
	}
}

// Each of Lifetime, at its edges.
func TestFeedLifetime(t *testing.T) {
	busy := FeedPace{Slow: 1000, Hours: 100}
	dead := FeedPace{Slow: 0, Hours: 100}
	tight := FeedPace{Slow: 0.1, Hours: 100, Fill: time.Second}
	for _, tt := range []struct {
		name     string
		pace     FeedPace
		lifetime time.Duration
		low, top time.Duration
	}{
		{"unsaid", busy, 0, FeedFloor, 6 * time.Minute},
		{"negative", busy, -time.Hour, FeedFloor, 6 * time.Minute},
		{"a second", busy, time.Second, MinFeed, 70 * time.Second},
		{"two minutes", busy, 2 * time.Minute, 2 * time.Minute, 140 * time.Second},
		{"an hour", busy, time.Hour, time.Hour, 67 * time.Minute},
		{"a day", busy, 24 * time.Hour, MaxLifetime, 67 * time.Minute},
		{"a century", busy, 100 * 365 * 24 * time.Hour, MaxLifetime, 67 * time.Minute},
		{"dead", dead, 0, 5 * time.Hour, MaxFeed},
		{"dead, with a century", dead, 100 * 365 * 24 * time.Hour, 5 * time.Hour, MaxFeed},
		{"the window is in danger", tight, time.Hour, FeedFloor, 6 * time.Minute},
		{"in danger, and often is allowed", tight, time.Minute, MinFeed, 70 * time.Second},
	} {
		for id := range int64(100) {
			if got := tt.pace.Wait(tt.lifetime, id); got < tt.low || got > tt.top {
				t.Errorf("%s, id %d: wait %v, want %v to %v", tt.name, id, got, tt.low, tt.top)
			}
		}
	}
}

// Feeds of one pace part, by no more than the jitter.
func TestFeedJitter(t *testing.T) {
	waits := map[time.Duration]bool{}
	for id := range int64(200) {
		w := FeedPace{Slow: 1, Hours: 100}.Wait(0, id)
		waits[w] = true
		if math.Abs(w.Hours()/math.Sqrt(2*FeedWaiting)-1) > FeedJitter+0.001 {
			t.Errorf("id %d: %v", id, w)
		}
	}
	if len(waits) < 100 {
		t.Errorf("%d waits of 200 feeds", len(waits))
	}
}

// The window is outrun when nothing of it is left, and only then.
func TestFeedOutrun(t *testing.T) {
	none := time.Time{}
	tests := []struct {
		name         string
		before, now  []FeedEntry
		unchanged    bool
		outrun, fill bool
	}{
		{"nothing is left", shows(1, 20, none), shows(21, 40, none), false, true, true},
		{"nothing is left, and it is smaller", shows(1, 20, none), shows(30, 30, none), false, true, true},
		{"one is left", shows(1, 20, none), shows(20, 39, none), false, false, true},
		{"one more than a third came", shows(1, 20, none), shows(8, 27, none), false, false, true},
		{"a third came", shows(1, 21, none), shows(8, 28, none), false, false, false},
		{"it grew twofold", shows(1, 20, none), shows(1, 40, none), false, false, false},
		{"it was empty before", nil, shows(1, 20, none), false, false, false},
		{"it is empty now", shows(1, 20, none), nil, false, false, false},
		{"it is as it was", shows(1, 20, none), nil, true, false, false},
	}
	for _, tt := range tests {
		p, _, _ := FeedPace{}.Polled(FeedPoll{At: start, Entries: tt.before}, 1)
		p, wait, outrun := p.Polled(FeedPoll{At: start.Add(5 * time.Hour), Last: start, Entries: tt.now, Unchanged: tt.unchanged}, 1)
		if outrun != tt.outrun || (p.Fill > 0) != tt.fill {
			t.Errorf("%s: outrun %v, fill %v", tt.name, outrun, p.Fill)
		}
		if tt.fill && wait > 5*time.Hour*21/20/WindowPart*20/7 {
			t.Errorf("%s: wait %v", tt.name, wait)
		}
		if tt.outrun && wait > 5*time.Hour*21/20/WindowPart {
			t.Errorf("%s: wait %v, more than a third of the gap", tt.name, wait)
		}
	}
}

// What left the document and comes back is no news; nor is a window outrun by it.
func TestFeedRotates(t *testing.T) {
	var p FeedPace
	var last time.Time
	polls, now := 0, start
	for ; now.Sub(start) < 14*24*time.Hour; polls++ {
		from := 1 + polls%5*10
		next, wait, outrun := p.Polled(FeedPoll{At: now, Last: last, Entries: shows(from, from+9, time.Time{})}, 3)
		if polls >= 5 && outrun {
			t.Fatalf("poll %d: outrun", polls)
		}
		p, last, now = next, now, now.Add(wait)
	}
	if p.Fill != 0 || p.Slow > 0.3 || p.Fast > 0.1 || polls > 1000 {
		t.Errorf("a page that shows the same 50 in turn: %d polls, %.2f an hour, %.2f in the last, fill %v", polls, p.Slow, p.Fast, p.Fill)
	}
}

// An entry that is updated is news, once, and not when its time goes back.
func TestFeedUpdates(t *testing.T) {
	p, _, _ := FeedPace{}.Polled(FeedPoll{At: start, Entries: shows(1, 9, start.Add(-48*time.Hour))}, 1)
	now := start
	for _, step := range []struct {
		name    string
		updated time.Time
		taken   bool
		want    float64
	}{
		{"updated", start.Add(30 * time.Minute), true, 1},
		{"the same again", start.Add(30 * time.Minute), true, 0},
		{"back", start.Add(-time.Hour), true, 0},
		{"updated, but filtered out", start.Add(210 * time.Minute), false, 0},
		{"no time at all", time.Time{}, true, 0},
		{"one again, this very moment", start.Add(6 * time.Hour), true, 1},
		{"in the future", start.Add(900 * time.Hour), true, 0},
	} {
		entries := shows(1, 9, start.Add(-48*time.Hour))
		entries[3].At, entries[3].Taken = step.updated, step.taken
		last := now
		now = now.Add(time.Hour)
		quiet := p
		quiet.fade(time.Hour)
		p, _, _ = p.Polled(FeedPoll{At: now, Last: last, Entries: entries}, 1)
		if got := (p.Slow - quiet.Slow) * p.Hours; math.Abs(got-step.want) > 1e-9 {
			t.Errorf("%s: %.3f entries of news, want %v", step.name, got, step.want)
		}
		if p.Fast > quiet.Fast != (step.want > 0) {
			t.Errorf("%s: fast rate %v, faded %v", step.name, p.Fast, quiet.Fast)
		}
	}
}

// Dates that lie teach nothing that counting does not: the pace is that of the
// same feed without dates.
func TestFeedDatesThatLie(t *testing.T) {
	lies := map[string]func(now time.Time) time.Time{
		"the future":    func(now time.Time) time.Time { return now.Add(90 * 24 * time.Hour) },
		"1970":          func(time.Time) time.Time { return time.Unix(0, 0) },
		"the year 1":    func(time.Time) time.Time { return time.Time{}.Add(time.Second) },
		"another zone":  func(now time.Time) time.Time { return now.Add(9 * time.Hour) },
		"before a zone": func(now time.Time) time.Time { return now.Add(-30 * time.Hour) },
	}
	run := func(lie func(time.Time) time.Time) (p FeedPace) {
		var last time.Time
		for i, now := 0, start; i < 100; i++ {
			entries := shows(i, i+19, time.Time{})
			for j := range entries {
				if lie != nil {
					entries[j].At = lie(now)
				}
			}
			p, _, _ = p.Polled(FeedPoll{At: now, Last: last, Entries: entries}, 1)
			last, now = now, now.Add(20*time.Minute)
		}
		return p
	}
	plain := run(nil)
	for name, lie := range lies {
		got := run(lie)
		if got.Slow != plain.Slow || got.Fast != plain.Fast || got.Fill != plain.Fill {
			t.Errorf("%s: %+v\nwithout dates: %+v", name, got, plain)
		}
	}
}

// A clock that is set teaches no rate, and stops nothing.
func TestFeedClockSteps(t *testing.T) {
	decade := 10 * 365 * 24 * time.Hour
	for name, step := range map[string]time.Duration{
		"back": -decade, "forth": decade, "an hour back": -time.Hour, "not at all": 0, "just too long": MaxLearned + 1,
	} {
		p := FeedPace{Slow: 2, Hours: 100, Fast: 1, Fill: time.Hour}
		p, _, _ = p.Polled(FeedPoll{At: start, Last: start.Add(-time.Minute), Entries: shows(1, 20, start)}, 1)
		next, wait, _ := p.Polled(FeedPoll{At: start.Add(step), Last: start, Entries: shows(5, 24, start.Add(step))}, 1)
		if next.Slow != p.Slow || next.Fast != p.Fast || next.Hours != p.Hours || next.Fill != p.Fill {
			t.Errorf("%s: %+v\nbefore: %+v", name, next, p)
		}
		if wait < FeedFloor || wait > MaxFeed || next.Window != 20 {
			t.Errorf("%s: wait %v, window %d", name, wait, next.Window)
		}
	}
	p := FeedPace{Slow: 2, Hours: 100}
	p, _, _ = p.Polled(FeedPoll{At: start, Entries: shows(1, 20, start)}, 1)
	if next, _, _ := p.Polled(FeedPoll{At: start.Add(MaxLearned), Last: start, Entries: shows(5, 24, time.Time{})}, 1); next.Hours == p.Hours {
		t.Error("a gap of MaxLearned teaches nothing")
	}
}

// Of a long document a sample is remembered, and rates are those of the whole.
func TestFeedLong(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	var all []FeedEntry
	for range 20 * MaxListed {
		all = append(all, FeedEntry{ID: r.Uint64(), Taken: true})
	}
	var p FeedPace
	p, _, _ = p.Polled(FeedPoll{At: start, Entries: all[:10*MaxListed]}, 1)
	if len(p.Listed) != MaxListed || p.Window != MaxListed {
		t.Fatalf("%d remembered, window %d", len(p.Listed), p.Window)
	}
	last := start
	for i := range 10 { // 400 an hour
		now := last.Add(time.Hour)
		p, _, _ = p.Polled(FeedPoll{At: now, Last: last, Entries: all[400*(i+1) : 400*(i+1)+10*MaxListed]}, 1)
		last = now
	}
	if p.Slow < 280 || p.Slow > 450 {
		t.Errorf("%.0f an hour, want about 400 times 10/11", p.Slow)
	}
	if p.Fill > 0 && p.Fill < 5*time.Hour {
		t.Errorf("fill %v of a window of 25 hours", p.Fill)
	}
}

// Whatever the state and the poll, the wait is within its bounds and the state
// stays sound.
func FuzzPolled(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, int64(time.Hour), 5, int64(60), int64(0), 0, 20, int64(7))
	f.Add(math.NaN(), math.Inf(1), -1.0, int64(-1), -5, int64(math.MinInt64), int64(math.MaxInt64), 19, 30, int64(-1))
	f.Fuzz(func(t *testing.T, slow, hours, fast float64, fill int64, window int, gap, lifetime int64, from, to int, id int64) {
		if to-from > 3000 || from > to || from < 0 {
			return
		}
		p := FeedPace{Slow: slow, Hours: hours, Fast: fast, Fill: time.Duration(fill), Window: window, Listed: []uint64{1 << 24, 2<<24 | 77, 5 << 24}}
		poll := FeedPoll{At: start, Last: start.Add(-time.Duration(gap)), Entries: shows(from, to, start), Lifetime: time.Duration(lifetime)}
		for range 3 {
			next, wait, _ := p.Polled(poll, id)
			if wait < MinFeed || wait > MaxFeed || wait < FeedFloor && (lifetime <= 0 || lifetime > int64(FeedFloor)) {
				t.Fatalf("wait %v after %+v", wait, poll)
			}
			for _, n := range []float64{next.Slow, next.Fast, next.Hours} {
				if !(n >= 0) || n > MaxRate {
					t.Fatalf("left %+v", next)
				}
			}
			if next.Fill < 0 || next.Hours == 0 || next.Window > len(next.Listed) || len(next.Listed) > MaxListed {
				t.Fatalf("left %+v", next)
			}
			if again, w, _ := p.Polled(poll, id); w != wait || again.Slow != next.Slow {
				t.Fatal("not deterministic")
			}
			p, poll.Last, poll.At = next, poll.At, poll.At.Add(wait)
		}
	})
}
