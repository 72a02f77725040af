package schedule

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Clocks are set, forward and back, by seconds and by decades; nothing stalls,
// nothing is poisoned.
func TestClockSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p := NewLearned()
	years := []time.Duration{0, 0, 0, time.Second, -time.Second, -time.Hour, time.Hour, 3652 * day, -3652 * day}
	for range 50 {
		h := History{Found: start, Published: start.Add(-time.Hour), Group: groups()[r.IntN(6)]}
		v := Visit{At: start, Changed: true}
		for range 200 {
			plan := p.Next(h, v)
			if plan.Period < MinWait || plan.Period > MaxWait || plan.Due.Sub(v.At) != plan.Period {
				t.Fatalf("visit at %v after one at %v: wait %v", v.At, h.Last, plan.Period)
			}
			finite(t, plan)
			if !h.Last.IsZero() && !v.At.After(h.Last) && plan.Lesson != (Lesson{}) {
				t.Fatalf("a visit at %v after one at %v teaches %+v", v.At, h.Last, plan.Lesson)
			}
			p.Learn(plan.Lesson)
			h.Last, h.Period, h.Trace = v.At, plan.Period, plan.Trace
			v = Visit{At: plan.Due.Add(years[r.IntN(len(years))]), Changed: r.IntN(3) == 0}
		}
		if h.Trace.Found > 1000 || h.Trace.Expected > 1000 {
			t.Fatalf("trace %+v", h.Trace)
		}
	}
	sound(t, p.Curves())
}

// sound fails when a count or a rhythm is no number.
func sound(t *testing.T, c *Curves) {
	t.Helper()
	for g, n := range c.All() {
		for i := range Slots {
			if !(n.Found[i] >= 0 && n.Expected[i] >= 0) || math.IsInf(n.Found[i]+n.Expected[i], 0) {
				t.Fatalf("%+v, slot %d: found %v, expected %v", g, i, n.Found[i], n.Expected[i])
			}
		}
		for bin, rate := range c.view(g).rate {
			if !(rate > 0 && rate < 1e6) {
				t.Fatalf("%+v, bin %d: rate %v", g, bin, rate)
			}
		}
	}
}

func TestBorn(t *testing.T) {
	tests := []struct {
		name      string
		published time.Time
		want      time.Time
	}{
		{"unknown", time.Time{}, start},
		{"an hour before", start.Add(-time.Hour), start.Add(-time.Hour)},
		{"at the edge", start.Add(-MaxHead), start.Add(-MaxHead)},
		{"just too old", start.Add(-MaxHead - time.Second), start},
		{"1970", time.Unix(0, 0), start},
		{"the year 1", time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), start},
		{"the future, by a zone", start.Add(2 * time.Hour), start},
		{"the year 9999", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), start},
		{"another zone, the same time", start.Add(-time.Hour).In(time.FixedZone("", 9*3600)), start.Add(-time.Hour)},
	}
	p := NewLearned()
	for _, tt := range tests {
		h := History{Found: start, Published: tt.published, Last: start}
		if got := h.Born(); !got.Equal(tt.want) {
			t.Errorf("%s: born %v, want %v", tt.name, got, tt.want)
		}
		same := History{Found: start, Published: tt.want, Last: start}
		v := Visit{At: start.Add(time.Hour)}
		if got, want := p.Next(h, v), p.Next(same, v); got.Period != want.Period {
			t.Errorf("%s: wait %v, want %v", tt.name, got.Period, want.Period)
		}
	}
}

// What a damaged store may give is read as if never learned.
func TestTraceThatIsNone(t *testing.T) {
	p := NewLearned()
	h := History{Found: start, Last: start.Add(time.Hour), Period: time.Hour}
	v := Visit{At: start.Add(2 * time.Hour)}
	want := p.Next(h, v)
	for _, bad := range []float64{math.NaN(), math.Inf(1), -1} {
		for _, trace := range []Trace{{Found: bad}, {Expected: bad}, {Found: bad, Expected: bad}} {
			h.Trace = trace
			if got := p.Next(h, v); got != want {
				t.Errorf("%+v: %+v, want %+v", trace, got, want)
			}
			if got := p.Pulled(h, v.At, .01); got.Before(v.At) || got.After(h.Last.Add(h.Period)) {
				t.Errorf("%+v: pulled to %v", trace, got)
			}
		}
	}
}
