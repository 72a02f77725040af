package schedule

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// visits lets a source be visited every five minutes for so long, each so late.
func visits(g *Governor, source int64, from time.Time, length, wait, late time.Duration) time.Time {
	at := from
	for ; at.Sub(from) < length; at = at.Add(5 * time.Minute) {
		g.Visited(source, at, wait, late)
	}
	return at
}

func TestGovernor(t *testing.T) {
	p := NewLearned()
	g := NewGovernor(p)
	if g.Stretch(1) != 1 {
		t.Errorf("before any visit: stretch %v", g.Stretch(1))
	}
	at := visits(g, 1, start, 12*time.Hour, time.Hour, 2*time.Minute)
	if g.Stretch(1) != 1 {
		t.Errorf("visits that are a thirtieth late: stretch %v, want 1", g.Stretch(1))
	}
	at = visits(g, 1, at, 12*time.Hour, time.Hour, 40*time.Minute)
	risen := g.Stretch(1)
	if risen < 4 {
		t.Errorf("after 12 hours of late visits: stretch %v", risen)
	}
	if got := p.Threshold(1); got != Theta*risen {
		t.Errorf("θ is %v, want %v", got, Theta*risen)
	}
	if g.Stretch(2) != 1 || p.Threshold(2) != Theta {
		t.Errorf("another source is stretched by %v", g.Stretch(2))
	}
	before := risen
	at = visits(g, 1, at, 72*time.Hour, time.Hour, 0)
	if got := g.Stretch(1); got >= before/2 {
		t.Errorf("after three punctual days: stretch %v, before them %v", got, before)
	}
	at = visits(g, 1, at, 60*day, time.Hour, 0)
	if g.Stretch(1) != 1 {
		t.Errorf("after 60 punctual days: stretch %v, want 1", g.Stretch(1))
	}
	visits(g, 1, at, 60*day, time.Hour, 5*time.Hour)
	if got := g.Stretch(1); got > MaxStretch*1.0001 || got < MaxStretch*.9999 {
		t.Errorf("after 60 days of late visits: stretch %v, want %v", got, MaxStretch)
	}
}

func TestGovernorAll(t *testing.T) {
	p := NewLearned()
	g := NewGovernor(p)
	visits(g, 0, start, 6*time.Hour, time.Hour, time.Hour)
	if p.Threshold(7) <= Theta || p.Threshold(7) != Theta*g.Stretch(0) {
		t.Errorf("θ of a source %v, all are stretched by %v", p.Threshold(7), g.Stretch(0))
	}
}

// A clock that jumps teaches an hour at most; waits that are none teach nothing.
func TestGovernorClock(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	g := NewGovernor(NewLearned())
	most, least := math.Exp(governUp)*1.0001, math.Exp(-2*governGain)*.9999 // of an hour
	for i := range 1000 {
		jump := time.Duration(r.Int64N(int64(20*365*day))) - 10*365*day
		before := g.Stretch(1)
		g.Visited(1, start.Add(jump), time.Hour, time.Duration(r.Int64N(int64(day)))-12*time.Hour)
		if after := g.Stretch(1); !(after >= 1 && after <= MaxStretch*1.0001) || after > before*most || after < before*least {
			t.Fatalf("jump %d by %v: stretch %v after %v", i, jump, after, before)
		}
	}
	before := g.Stretch(1)
	g.Visited(1, start.Add(time.Hour), 0, time.Hour)
	g.Visited(1, start.Add(time.Hour), -time.Hour, time.Hour)
	if g.Stretch(1) != before {
		t.Errorf("visits that had no wait: stretch %v after %v", g.Stretch(1), before)
	}
}

// A host serves 60 visits an hour and is asked for more: the governor finds the θ
// at which they fit, without leaving the host idle for most of the time.
func TestGovernorFitsHost(t *testing.T) {
	p := NewLearned()
	g := NewGovernor(p)
	free, served := start, 0
	type article struct {
		h   History
		due time.Time
	}
	list := make([]article, 600)
	for i := range list {
		born := start.Add(time.Duration(i) * 3 * time.Minute)
		list[i] = article{History{Found: born, Group: Group{Source: 1}}, born}
	}
	end := start.Add(4 * day)
	late, counted := 0., 0
	for free.Before(end) {
		next := 0
		for i := range list {
			if list[i].due.Before(list[next].due) {
				next = i
			}
		}
		a := &list[next]
		if a.due.After(free) {
			free = a.due
		}
		delay := free.Sub(a.due)
		if !a.h.Last.IsZero() {
			g.Visited(1, free, a.h.Period, delay)
		}
		if served++; free.After(end.Add(-day)) && a.h.Period > 0 {
			late, counted = late+min(delay.Hours()/a.h.Period.Hours(), 1), counted+1
		}
		plan := p.Next(a.h, Visit{At: free, Changed: a.h.Last.IsZero()})
		a.h.Last, a.h.Period, a.h.Trace, a.due = free, plan.Period, plan.Trace, plan.Due
		free = free.Add(time.Minute)
	}
	mean := late / float64(max(counted, 1))
	t.Logf("%d visits, stretch %.1f, on the last day late by %.2f of the wait", served, g.Stretch(1), mean)
	if mean > 2*easyShare || served < 3*24*60/2 {
		t.Errorf("%d visits; those of the last day are late by %.2f of their waits", served, mean)
	}
}
