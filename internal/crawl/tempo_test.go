package crawl

import (
	"slices"
	"testing"
	"time"
)

// gapAfter gives the gap that is learned from answers that took so long each.
func gapAfter(gap time.Duration, answers ...answer) time.Duration {
	var t tempo
	for _, a := range answers {
		t.learn(a, 400*time.Millisecond, max(gap, t.gap()))
	}
	return t.gap()
}

func TestTempoLatency(t *testing.T) {
	tests := []struct {
		name string
		a    answer
		took []time.Duration
		want time.Duration
	}{
		{"nothing known", good, nil, 0},
		{"one answer", good, []time.Duration{400 * time.Millisecond}, 2 * time.Second},
		{"always the same", good, []time.Duration{time.Second, time.Second, time.Second}, 5 * time.Second},
		{"slower once", good, []time.Duration{time.Second, 5 * time.Second}, 10 * time.Second},
		{"faster again", good, []time.Duration{5 * time.Second, time.Second}, 20 * time.Second},
		{"at the limit", good, []time.Duration{12 * time.Second}, MaxLearned},
		{"29 s", good, []time.Duration{29 * time.Second, 29 * time.Second}, MaxLearned},
		{"a page that does not exist", answer{status: 404}, []time.Duration{time.Second}, 5 * time.Second},
		{"a time-out", answer{failure: FailTimeout}, []time.Duration{8 * time.Second}, 40 * time.Second},
		{"no connection says nothing of speed", answer{failure: FailConnect}, []time.Duration{8 * time.Second}, 0},
		{"as long as is believed", good, []time.Duration{MaxExchange}, MaxLearned},
		{"a clock that was set forward", good, []time.Duration{MaxExchange + 1, time.Second}, 5 * time.Second},
		{"a clock that was set back", good, []time.Duration{-time.Hour, time.Second}, 5 * time.Second},
		{"a clock that stands still", good, []time.Duration{0, 0}, 0},
	}
	for _, x := range tests {
		var tm tempo
		for _, took := range x.took {
			tm.learn(x.a, took, time.Second)
		}
		if got := tm.gap(); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestTempoPenalty(t *testing.T) {
	const gap = 2 * time.Second
	late := busy(429, "0")
	tests := []struct {
		name    string
		answers []answer
		want    time.Duration
	}{
		{"429", []answer{late}, 4 * time.Second},
		{"503", []answer{busy(503, "1")}, 4 * time.Second},
		{"429 twice", []answer{late, late}, 8 * time.Second},
		{"429 for ever", slices.Repeat([]answer{late}, 50), MaxLearned},
		{"500 is no word about pace", []answer{late, {status: 500}}, 4 * time.Second},
		{"nor is no answer", []answer{late, {failure: FailConnect}}, 4 * time.Second},
		{"a good answer", []answer{late, good}, 3600 * time.Millisecond},
		{"a 404 is a good answer", []answer{late, {status: 404}}, 3600 * time.Millisecond},
		{"never below the latency", append([]answer{late}, slices.Repeat([]answer{good}, 100)...), 2 * time.Second},
	}
	for _, x := range tests {
		if got := gapAfter(gap, x.answers...); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

// The pace is a floor: a fast site is not asked more often, a slow one less.
func TestTempoIsNoCeiling(t *testing.T) {
	for _, x := range []struct{ took, floor, want time.Duration }{
		{10 * time.Millisecond, 2 * time.Second, 2 * time.Second},
		{time.Second, 2 * time.Second, 5 * time.Second},
		{29 * time.Second, 2 * time.Second, MaxLearned},
		{29 * time.Second, MaxPace, MaxPace},
		{5 * time.Millisecond, time.Nanosecond, 25 * time.Millisecond},
	} {
		k := newClock()
		p := k.pacer()
		for range 3 {
			k.sleeps()
			turn := mustEnter(t, p, "a", x.floor)
			k.advance(x.took)
			turn.leave(good)
		}
		if s := k.sleeps(); len(s) != 1 || s[0] != x.want {
			t.Errorf("answers in %v, pace %v: slept %v, want %v", x.took, x.floor, s, x.want)
		}
	}
}
