package schedule

import (
	"math"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// unchanging lets a policy watch an article that never changes after its first
// version at start, and gives the time of each later visit.
func unchanging(p Policy, limit int) []time.Duration {
	h := History{Found: start, Changed: start}
	plan := p.Next(History{Found: start}, Visit{At: start, Changed: true})
	var at []time.Duration
	for !plan.Due.IsZero() && len(at) < limit {
		at = append(at, plan.Due.Sub(start))
		h.Period = plan.Period
		plan = p.Next(h, Visit{At: plan.Due})
	}
	return at
}

func TestNewsSnifferUnchanging(t *testing.T) {
	at := unchanging(NewsSniffer{}, 1000)
	if len(at) != 42 {
		t.Fatalf("%d visits, want 42", len(at))
	}
	if days := at[41].Hours() / 24; math.Abs(days-220.4) > 0.1 {
		t.Errorf("last visit on day %.1f, want 220.4", days)
	}
	for i, want := range []time.Duration{30 * time.Minute, 66 * time.Minute, 6552 * time.Second} {
		if at[i] != want {
			t.Errorf("visit %d after %v, want %v", i+1, at[i], want)
		}
	}
}

func TestNewsSnifferChange(t *testing.T) {
	tests := []struct {
		name    string
		period  time.Duration
		changed bool
		want    time.Duration
	}{
		{"a version starts anew", 9 * time.Hour, true, 30 * time.Minute},
		{"the first visit found nothing", 0, false, 30 * time.Minute},
		{"unchanged", 30 * time.Minute, false, 36 * time.Minute},
		{"the longest wait", 33 * 24 * time.Hour, false, time.Duration(33 * 24 * 1.2 * float64(time.Hour))},
		{"one wait too long", 34 * 24 * time.Hour, false, 0},
	}
	for _, tt := range tests {
		got := NewsSniffer{}.Next(History{Found: start, Period: tt.period}, Visit{At: start, Changed: tt.changed})
		if (got.Period-tt.want).Abs() > time.Second || got.Due.IsZero() != (tt.want == 0) {
			t.Errorf("%s: %+v, want a wait of %v", tt.name, got, tt.want)
		}
	}
}

func TestNewsDiffsTable(t *testing.T) {
	tests := []struct{ age, want time.Duration }{
		{0, 15 * time.Minute},
		{165*time.Minute - 1, 15 * time.Minute},
		{165 * time.Minute, time.Hour}, // in 15 minutes it will be 3 hours old
		{23*time.Hour - 1, time.Hour},
		{23 * time.Hour, 3 * time.Hour},
		{165*time.Hour - 1, 3 * time.Hour},
		{165 * time.Hour, 72 * time.Hour},
		{27*24*time.Hour - 1, 72 * time.Hour},
		{27 * 24 * time.Hour, 720 * time.Hour},
		{330*24*time.Hour - time.Second, 720 * time.Hour},
		{330 * 24 * time.Hour, 0},
	}
	for _, tt := range tests {
		got := NewsDiffs{}.Next(History{Found: start.Add(-time.Hour), Changed: start}, Visit{At: start.Add(tt.age)})
		if got.Period != tt.want {
			t.Errorf("%v after the change: wait %v, want %v", tt.age, got.Period, tt.want)
		}
	}
	old := History{Found: start, Changed: start}
	if got := (NewsDiffs{}).Next(old, Visit{At: start.Add(1000 * time.Hour), Changed: true}); got.Period != 15*time.Minute {
		t.Errorf("after a new version: wait %v, want 15m", got.Period)
	}
}

func TestEvery(t *testing.T) {
	at := unchanging(Every(15*time.Minute), 5)
	if len(at) != 5 || at[4] != 75*time.Minute {
		t.Errorf("visits at %v", at)
	}
}

// Whatever the history, a visit is never planned for the past.
func TestNeverInThePast(t *testing.T) {
	for _, p := range []Policy{NewsSniffer{}, NewsDiffs{}, Every(time.Minute)} {
		for _, period := range []time.Duration{0, time.Second, time.Hour, 39 * 24 * time.Hour, 400 * 24 * time.Hour} {
			for _, age := range []time.Duration{-time.Hour, 0, time.Hour, 9000 * time.Hour} {
				v := Visit{At: start.Add(age)}
				plan := p.Next(History{Found: start, Changed: start, Period: period}, v)
				if !plan.Due.IsZero() && (!plan.Due.After(v.At) || plan.Due.Sub(v.At) != plan.Period) {
					t.Errorf("%s: period %v, age %v: %+v", p.Name(), period, age, plan)
				}
			}
		}
	}
}

func TestNamed(t *testing.T) {
	for _, name := range []string{"newssniffer", "newsdiffs", "every:15m0s"} {
		p, err := Named(name)
		if err != nil || p.Name() != name {
			t.Errorf("Named(%q) = %v, %v", name, p, err)
		}
	}
	for _, name := range []string{"", "every:", "every:-1s", "every:0s", "hourly"} {
		if _, err := Named(name); err == nil {
			t.Errorf("Named(%q): no error", name)
		}
	}
}
