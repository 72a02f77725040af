package schedule

import (
	"fmt"
	"testing"
	"time"
	"unsafe"
)

// An article that was visited hourly for a day, and never changed.
func quietDay() History {
	return History{Found: start, Changed: start, Last: start.Add(24 * time.Hour), Period: 12 * time.Hour, Group: Group{Source: 1}}
}

func TestPulledByTruth(t *testing.T) {
	p, h := NewLearned(), quietDay()
	now, planned := h.Last.Add(time.Minute), h.Last.Add(h.Period)
	if got := p.Pulled(h, now, 1); got != now {
		t.Errorf("a true signal brings the visit at %v, want %v", got, now)
	}
	if got := p.Pulled(h, now, 0); got.After(planned) {
		t.Errorf("a signal that is never true puts the visit off to %v", got)
	}
	last := now
	for _, truth := range []float64{.02, .01, .005, .001, 0} {
		got := p.Pulled(h, now, truth)
		if got.Before(last) {
			t.Errorf("truth %v: visit at %v, earlier than with more", truth, got)
		}
		last = got
	}
}

// A page whose changes are announced is busy; one that differs unannounced, at every visit, is noise.
func TestAnnouncedIsNoNoise(t *testing.T) {
	for _, signal := range []Channel{0, SitemapModified} {
		p, h := NewLearned(), quietDay()
		for range NoisyRun + 1 {
			plan := p.Next(h, Visit{At: h.Last.Add(time.Hour), Changed: true, Signal: signal})
			h.Last, h.Period, h.Trace = h.Last.Add(time.Hour), plan.Period, plan.Trace
		}
		if h.Trace.noisy() != (signal == 0) {
			t.Errorf("signal %v: %+v", signal, h.Trace)
		}
	}
}

// Silence is believed where most edits were announced, and nowhere else.
func TestSilence(t *testing.T) {
	for _, tt := range []struct {
		told, untold int
		waits        bool
	}{{0, 0, false}, {3, 0, false}, {190, 10, true}, {100, 100, false}} {
		p, h := NewLearned(), quietDay()
		for i := range tt.told + tt.untold {
			l := Lesson{Group: h.Group, From: start, To: start.Add(time.Hour), Found: 1, Announced: true}
			if i < tt.told {
				l.Signal = SitemapModified
			}
			p.Learn(l)
		}
		v := Visit{At: h.Last.Add(time.Hour)}
		plain := p.Next(h, v).Period
		h.Announced = true
		if silent := p.Next(h, v).Period; (silent > plain*3/2) != tt.waits || silent < plain {
			t.Errorf("%d edits announced, %d not: wait %v, and %v where signals could come", tt.told, tt.untold, plain, silent)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	p, h := NewLearned(), quietDay()
	for i := range 100 {
		h.Group.Section = fmt.Sprint(i % 10)
		p.Learn(p.Next(h, Visit{At: h.Last.Add(time.Hour), Changed: i%3 == 0}).Lesson)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Next(h, Visit{At: h.Last.Add(time.Hour)})
	}
	b.ReportMetric(float64(unsafe.Sizeof(Trace{})), "B/article")
}
