package schedule

import (
	"math"
	"slices"
	"testing"
	"time"
)

const day = 24 * time.Hour

// by is how many of the times, ascending, are not after the limit.
func by(at []time.Duration, limit time.Duration) int {
	n, _ := slices.BinarySearch(at, limit+1)
	return n
}

// newsDiffsByRuns is the rule of NewsDiffs as its code has it: asked at each run,
// an article that never changes is visited when more than the delay has passed.
// With exactly, when so much has passed.
func newsDiffsByRuns(run time.Duration, exactly bool) (at []time.Duration) {
	delay := func(age time.Duration) time.Duration {
		switch {
		case age < 3*time.Hour:
			return 15 * time.Minute
		case age < day:
			return time.Hour
		case age < 7*day:
			return 3 * time.Hour
		case age < 30*day:
			return 3 * day
		}
		return 30 * day
	}
	last := time.Duration(0)
	for now := run; now < 360*day; now += run {
		if passed := now - last; passed > delay(now) || exactly && passed == delay(now) {
			last = now
			at = append(at, now)
		}
	}
	return at
}

// The policy has no runs: it is the rule with runs as often as can be.
func TestNewsDiffsRuns(t *testing.T) {
	got, want := unchanging(NewsDiffs{}, 1000), newsDiffsByRuns(time.Minute, true)
	if !slices.Equal(got, want) {
		t.Errorf("visits %v, want %v", got, want)
	}
}

// What the trackers do with an article that never changes, as was worked out from
// their code: visits after the first one, within a day, a week, 30 and 365
// days.
func TestUnchangingCounts(t *testing.T) {
	tests := []struct {
		name string
		at   []time.Duration
		want [4]int
	}{
		{"newssniffer", unchanging(NewsSniffer{}, 1000), [4]int{12, 23, 31, 42}},
		{"newsdiffs, always running", unchanging(NewsDiffs{}, 1000), [4]int{32, 80, 87, 98}},
		{"newsdiffs, run every 15 minutes", newsDiffsByRuns(15*time.Minute, false), [4]int{22, 66, 73, 84}},
		{"newsdiffs, run hourly", newsDiffsByRuns(time.Hour, false), [4]int{12, 48, 55, 66}},
		{"diffengine", unchanging(Diffengine{}, 100), [4]int{14, 22, 29, 40}},
		{"diffengine-shipped", unchanging(Diffengine{Shipped: true}, 6000), [4]int{14, 98, 420, 5110}},
		{"every", unchanging(Every(3*time.Hour), 4000), [4]int{8, 56, 240, 2920}},
	}
	for _, tt := range tests {
		got := [4]int{by(tt.at, day), by(tt.at, 7*day), by(tt.at, 30*day), by(tt.at, 365*day)}
		if got != tt.want {
			t.Errorf("%s: %v visits, want %v", tt.name, got, tt.want)
		}
	}
}

// Each wait of News Sniffer is 1.2 times the one before, rounded to the second:
// worked out by hand.
func TestNewsSnifferSequence(t *testing.T) {
	at := unchanging(NewsSniffer{}, 1000)
	before := time.Duration(0)
	for i, want := range []int{1800, 2160, 2592, 3110, 3732, 4478, 5374, 6449, 7739, 9287} {
		if wait := at[i] - before; wait != time.Duration(want)*time.Second {
			t.Errorf("wait %d is %v, want %d s", i+1, wait, want)
		}
		before = at[i]
	}
	for _, tt := range []struct {
		visit      int
		wait, from time.Duration
	}{{15, 6*time.Hour + 24*time.Minute, 36 * time.Hour}, {25, 40 * time.Hour, 235 * time.Hour}, {40, 612 * time.Hour, 153 * day}, {42, 881 * time.Hour, 5290 * time.Hour}} {
		wait := at[tt.visit-1] - at[tt.visit-2]
		if r := wait.Hours() / tt.wait.Hours(); math.Abs(r-1) > .02 {
			t.Errorf("wait %d is %v, want about %v", tt.visit, wait, tt.wait)
		}
		if r := at[tt.visit-1].Hours() / tt.from.Hours(); math.Abs(r-1) > .02 {
			t.Errorf("visit %d is after %v, want about %v", tt.visit, at[tt.visit-1], tt.from)
		}
	}
}

// diffengine as meant comes back when a quarter of the age has passed: its visits
// are 1.25 times as old each, on the next half hour.
func TestDiffengineGrowth(t *testing.T) {
	at := unchanging(Diffengine{}, 60)
	for i := 1; i < len(at); i++ {
		least := max(at[i-1]+at[i-1]/4, at[i-1]+30*time.Minute)
		if at[i]%(30*time.Minute) != 0 || at[i] < least-time.Second || at[i] >= least+30*time.Minute {
			t.Fatalf("visit %d after %v, the one before after %v", i+1, at[i], at[i-1])
		}
	}
}

// As shipped it begins anew each day: every day has the visits of the first one,
// whole days being dropped from both times.
func TestDiffengineShippedDays(t *testing.T) {
	at := unchanging(Diffengine{Shipped: true}, 6000)
	for d := range 364 {
		n := by(at, time.Duration(d+1)*day) - by(at, time.Duration(d)*day)
		if n < 12 || n > 15 {
			t.Fatalf("%d visits on day %d, want 12 to 15", n, d)
		}
	}
}

// shippedByRuns is the rule of diffengine as its code has it: asked at each run,
// both times in seconds without their days.
func shippedByRuns(found, checked time.Time) time.Time {
	for now := checked.Add(diffengineRun); ; now = now.Add(diffengineRun) {
		since, age := int(now.Sub(checked).Seconds())%86400, int(now.Sub(found).Seconds())%86400
		if age == 0 || float64(since)/float64(age) >= diffengineRatio {
			return now
		}
	}
}

func TestDiffengineShippedRuns(t *testing.T) {
	for minutes := 0; minutes < 3*24*60; minutes += 7 {
		checked := start.Add(time.Duration(minutes) * time.Minute)
		plan := Diffengine{Shipped: true}.Next(History{Found: start}, Visit{At: checked})
		if want := shippedByRuns(start, checked); !plan.Due.Equal(want) {
			t.Fatalf("checked %d minutes after it was found: due %v, want %v", minutes, plan.Due, want)
		}
	}
}

func TestNewsdiffWhileListed(t *testing.T) {
	h := History{Found: start, Listed: start.Add(day)}
	n, at := 0, start
	for {
		plan := Newsdiff{}.Next(h, Visit{At: at, Changed: n%7 == 0})
		if plan.Due.IsZero() {
			break
		}
		if plan.Period != 5*time.Minute {
			t.Fatalf("wait %v, want 5m", plan.Period)
		}
		n, at = n+1, plan.Due
	}
	if n != 288 {
		t.Errorf("%d visits in the day that it is listed, want 288", n)
	}
	if plan := (Newsdiff{}).Next(History{Found: start}, Visit{At: start.Add(1000 * day)}); plan.Due.IsZero() {
		t.Error("listed for as long as anybody knows: no visit")
	}
}

func TestBackoffSequence(t *testing.T) {
	at := unchanging(Backoff{Factor: 2}, 6)
	for i, want := range []time.Duration{30, 90, 210, 450, 930, 1890} {
		if at[i] != want*time.Minute {
			t.Errorf("visit %d after %v, want %v", i+1, at[i], want*time.Minute)
		}
	}
	changed := Backoff{Factor: 2}.Next(History{Found: start, Period: 99 * time.Hour}, Visit{At: start, Changed: true})
	if changed.Period != 30*time.Minute {
		t.Errorf("after a change: wait %v, want 30m", changed.Period)
	}
}

// tunables are the policies with a knob.
func tunables() []Tunable {
	return []Tunable{NewLearned(), NewsSniffer{}, NewsDiffs{}, Diffengine{}, Diffengine{Shipped: true}, Newsdiff{}, Backoff{Factor: 1.5}, Every(time.Hour)}
}

// The knob at 1 is the tracker itself; at 3 its first wait is three times as long,
// where its rule has one.
func TestTune(t *testing.T) {
	for _, p := range tunables() {
		own, one := unchanging(p, 50), unchanging(p.Tune(1), 50)
		if !slices.Equal(own, one) {
			t.Errorf("%s: the knob at 1 changes it: %v, then %v", p.Name(), own, one)
		}
		if got := p.Tune(3).Name(); got != p.Name() && p.Name() != "every:1h0m0s" {
			t.Errorf("%s tuned is called %s", p.Name(), got)
		}
		more, fewer := by(unchanging(p.Tune(.2), 1e5), 7*day), by(unchanging(p.Tune(5), 1e5), 7*day)
		if n := by(unchanging(p, 1e5), 7*day); fewer >= n || more < n || more == n && p.Name() != "diffengine" {
			t.Errorf("%s: %d visits in a week, with the knob at 5 %d, at 0.2 %d", p.Name(), n, fewer, more)
		}
	}
	for _, tt := range []struct {
		p    Tunable
		want time.Duration
	}{{NewsSniffer{}, 90 * time.Minute}, {NewsDiffs{}, 45 * time.Minute}, {Newsdiff{}, 15 * time.Minute}, {Backoff{Factor: 2}, 90 * time.Minute}, {Every(time.Hour), 3 * time.Hour}, {Diffengine{Shipped: true}, 90 * time.Minute}} {
		if at := unchanging(tt.p.Tune(3), 1); at[0] != tt.want {
			t.Errorf("%s with the knob at 3: first wait %v, want %v", tt.p.Name(), at[0], tt.want)
		}
	}
}

// Wherever the knob stands, a visit is after now, by whole seconds, and waits that
// grow never cease to.
func TestTuneFar(t *testing.T) {
	for _, p := range tunables() {
		for _, knob := range []float64{1e-7, 1e-4, 1e4, 1e7} {
			q := p.Tune(knob)
			for _, age := range []time.Duration{0, time.Hour, 23 * time.Hour, 30 * day, 400 * day} {
				v := Visit{At: start.Add(age), Changed: age == 0}
				plan := q.Next(History{Found: start, Changed: start, Period: age / 3}, v)
				if !plan.Due.IsZero() && (plan.Period < time.Second || !plan.Due.After(v.At)) {
					t.Errorf("%s, knob %g, age %v: %+v", p.Name(), knob, age, plan)
				}
			}
		}
	}
	for _, p := range []Tunable{NewsSniffer{1e-7}, Backoff{Factor: 1.01, Scale: 1e-7}} {
		at := unchanging(p, 40)
		for i := 2; i < len(at); i++ {
			if at[i]-at[i-1] <= at[i-1]-at[i-2] {
				t.Fatalf("%s: the wait does not grow at visit %d: %v", p.Name(), i+1, at)
			}
		}
	}
}
