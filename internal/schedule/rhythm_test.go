package schedule

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// workdays gives the rhythm of a source that edits on workdays from 9 to 17 UTC
// only, as it is learned from visits of each hour of some weeks.
func workdays(t *testing.T) *rhythm {
	t.Helper()
	x := &curve{rhythm: even}
	for h := range 30 * week {
		from := start.Truncate(24 * time.Hour).Add(time.Duration(h) * time.Hour)
		l := Lesson{From: from, To: from.Add(time.Hour), Expected: 1}
		if atWork(from) {
			l.Found = week / 40.
		}
		x.learnRhythm(l)
	}
	return x.newRhythm()
}

// atWork reports whether a time is on a workday from 9 to 17 UTC.
func atWork(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && t.Hour() >= 9 && t.Hour() < 17
}

func TestRhythmLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	wild := &curve{rhythm: even}
	for i := range wild.Found {
		wild.Found[i], wild.Expected[i] = 1000*r.Float64()*r.Float64(), 1000*r.Float64()*r.Float64()
	}
	for name, x := range map[string]*rhythm{"even": even, "workdays": workdays(t), "wild": wild.newRhythm()} {
		if math.Abs(x.at[week]-week) > 1e-9 {
			t.Errorf("%s: a week has %v hours", name, x.at[week])
		}
		before := math.Inf(-1)
		for at := -3.0 * week; at < 3*week; at += .37 {
			own := x.turn(at)
			if own <= before {
				t.Fatalf("%s: the clock stands or goes back at %v: %v after %v", name, at, own, before)
			}
			before = own
			if back := x.back(own); math.Abs(back-at) > 1e-6 {
				t.Fatalf("%s: %v turned is %v, and back %v", name, at, own, back)
			}
			if next := x.turn(at + week); math.Abs(next-own-week) > 1e-6 {
				t.Fatalf("%s: from %v a week has %v hours", name, at, next-own)
			}
		}
		for _, at := range []float64{-1e-18, 1e-18, 168, -168, 1e9, -1e9} {
			if back := x.back(x.turn(at)); math.Abs(back-at) > 1e-6*max(1, math.Abs(at)) {
				t.Errorf("%s: %v comes back as %v", name, at, back)
			}
		}
	}
}

func TestEvenRhythm(t *testing.T) {
	for _, at := range []float64{0, 1.5, 167.9, -3, 500000.25} {
		if got := even.turn(at); math.Abs(got-at) > 1e-6 {
			t.Errorf("turn(%v) = %v", at, got)
		}
	}
	if got := hours(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)); math.Mod(got, week) != 0 {
		t.Errorf("a Monday begins %v hours after one", math.Mod(got, week))
	}
}

// What was found in working hours makes them run fast, and nights pass quickly.
func TestRhythmLearned(t *testing.T) {
	r := workdays(t)
	tuesday := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	noon, night := hours(tuesday.Add(12*time.Hour)), hours(tuesday.Add(2*time.Hour))
	work, rest := r.turn(noon+1)-r.turn(noon), r.turn(night+1)-r.turn(night)
	if work < 2 || rest > .3 {
		t.Errorf("an hour at noon has %.2f hours, at night %.2f", work, rest)
	}
	sunday := hours(tuesday.Add(-36 * time.Hour))
	if got := r.turn(sunday+1) - r.turn(sunday); got > .5 {
		t.Errorf("an hour on Sunday at noon has %.2f", got)
	}
}

// Waits of more than a day, and visits before the ones before, say nothing of the
// hour.
func TestRhythmNotLearned(t *testing.T) {
	for _, d := range []time.Duration{25 * time.Hour, 0, -time.Hour, -100000 * time.Hour} {
		x := &curve{rhythm: even}
		x.learnRhythm(Lesson{From: start, To: start.Add(d), Found: 5, Expected: 1})
		if x.Counts != (Counts{}) {
			t.Errorf("a wait of %v: %+v", d, x.Counts)
		}
	}
	x := &curve{rhythm: even}
	x.learnRhythm(Lesson{From: start, To: start.Add(24 * time.Hour), Found: 5, Expected: 1})
	found := 0.0
	for i := hourSlot; i < daySlot; i++ {
		found += x.Found[i]
	}
	if math.Abs(found-5) > 1e-9 {
		t.Errorf("of 5 changes of a day %v are divided among its hours", found)
	}
}

// A source that edits on workdays from 9 to 17 UTC only is visited mostly then,
// once that is learned.
func TestVisitsFollowWork(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	p := NewLearned()
	inside, all := 0, 0
	for n := range 2000 {
		born := start.Add(time.Duration(n) * 3 * time.Hour)
		if !atWork(born) {
			continue
		}
		h, v := History{Found: born, Group: Group{Source: 1}}, Visit{At: born, Changed: true}
		edit := nextEdit(r, born, born)
		for v.At.Sub(born) < 5*day {
			plan := p.Next(h, v)
			p.Learn(plan.Lesson)
			if v.At.After(born.Add(8*time.Hour)) && n > 1500 { // an article is young in working hours anyway
				all++
				inside += int(flag(atWork(v.At)))
			}
			h.Last, h.Period, h.Trace = v.At, plan.Period, plan.Trace
			v = Visit{At: plan.Due, Changed: !plan.Due.Before(edit)}
			for !plan.Due.Before(edit) {
				edit = nextEdit(r, born, edit)
			}
		}
	}
	share := float64(inside) / float64(all)
	t.Logf("%.0f %% of %d visits in the 24 %% of the week that are working hours", 100*share, all)
	if share < .5 {
		t.Errorf("%.0f %% of visits in working hours, want most", 100*share)
	}
}

// nextEdit draws when an article is edited next: in working hours, at a rate that
// falls as its age.
func nextEdit(r *rand.Rand, born, last time.Time) time.Time {
	end := start.Add(1e5 * time.Hour)
	for at := last; ; at = at.Add(5 * time.Minute) {
		age := at.Sub(born).Hours() + .5
		if at.Sub(born) > 6*day {
			return end
		}
		if atWork(at) && r.Float64() < 3/age/12 {
			return at.Add(time.Minute)
		}
	}
}

// A visit after a long wait is put into the nearest quiet hour, at most half a day
// away and never past the longest wait; an even source has none.
func TestQuietHours(t *testing.T) {
	r := workdays(t)
	for at := 0.; at < 2*week; at += .7 {
		got := r.quiet(at)
		if math.Abs(got-at) > 12 || math.Abs(got-at-math.Round(got-at)) > 1e-9 {
			t.Fatalf("%v is moved to %v", at, got)
		}
		if pace := r.turn(math.Floor(got)+1) - r.turn(math.Floor(got)); pace > quietShare {
			t.Fatalf("%v is moved to %v, where an hour has %.2f", at, got, pace)
		}
		if even.quiet(at) != at {
			t.Fatalf("an even source has a quiet hour at %v", even.quiet(at))
		}
	}
	p := NewLearned()
	p.Stretch(0, MaxStretch)
	p.curves.of(Group{Source: 1}).rhythm = r
	moved := 0
	for h := range week {
		last := start.Add(time.Duration(h) * time.Hour)
		plan := p.Next(History{Found: start.Add(-1000 * day), Last: last.Add(-day), Group: Group{Source: 1}}, Visit{At: last})
		if plan.Period > MaxWait || plan.Period < MaxWait-day || atWork(plan.Due) {
			t.Fatalf("visited at %v: due %v, after %v", last, plan.Due, plan.Period)
		}
		moved += int(flag(plan.Period != MaxWait))
	}
	if moved == 0 {
		t.Error("no visit was moved")
	}
}
