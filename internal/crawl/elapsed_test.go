package crawl

import (
	"testing"
	"time"
)

func TestElapsed(t *testing.T) {
	k := newClock()
	elapsed := elapsedBy(k.now)
	for i, x := range []struct{ step, want time.Duration }{
		{0, 0}, {time.Second, time.Second}, {-decade, time.Second}, {time.Second, 2 * time.Second}, {maxStep, 2*time.Second + maxStep},
		{maxStep + 1, 2*time.Second + 2*maxStep}, {2 * decade, 2*time.Second + 3*maxStep},
	} {
		k.advance(x.step)
		if got := elapsed(); got != x.want {
			t.Errorf("step %d, of %v: %v, want %v", i, x.step, got, x.want)
		}
	}
	if longest := max(MaxRetryAfter, RobotsTTL+RobotsGrace, MaxPace); maxStep < longest {
		t.Errorf("a step counts %v, and something waits for %v", maxStep, longest)
	}
}

func TestStamp(t *testing.T) {
	wall := time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)
	at := func(w, e time.Duration) stamp { return stamp{wall.Add(w), e} }
	for _, x := range []struct {
		name    string
		earlier stamp
		now     stamp
		want    time.Duration
	}{
		{"both clocks right", at(0, 0), at(time.Hour, time.Hour), time.Hour},
		{"set back", at(0, 0), at(-1000*time.Hour, time.Hour), time.Hour},
		{"the machine slept", at(0, 0), at(72*time.Hour, time.Minute), 72 * time.Hour},
	} {
		if got := x.now.since(x.earlier); got != x.want {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
		if x.now.within(x.earlier, x.want) || !x.now.within(x.earlier, x.want+1) {
			t.Errorf("%s: not at the edge of %v", x.name, x.want)
		}
	}
	if at(0, 0).within(stamp{}, decade) {
		t.Error("what never was is within ten years")
	}
}
