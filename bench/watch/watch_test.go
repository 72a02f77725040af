package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"stet/internal/newsroom"
)

// TestWatch lets two policies watch six papers, three of them in trouble, for
// some seconds of real time: no manners are broken, no version is false, and the
// books balance. How much is caught depends on how often the machine comes round
// to look: only that something is, if the articles were asked for a few times.
func TestWatch(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes 16 s of real time")
	}
	o := options{time: 16 * time.Second, policies: []string{"every:1s", "newsdiffs"}, hosts: 6, articles: 18, seed: 3, tempo: 25,
		pace: 200 * time.Millisecond, feeds: 2 * time.Second, workers: 6, log: slog.New(slog.DiscardHandler), progress: io.Discard,
		troubles: []newsroom.Trouble{newsroom.Busy, newsroom.Shy, newsroom.Down}}
	r, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	often, seldom := r.Results[0], r.Results[1]
	for _, x := range r.Results {
		s := x.Score
		for _, b := range x.Breaches {
			t.Errorf("%s: %s", x.Policy, b)
		}
		if s.False > 0 {
			t.Errorf("%s: %d false versions: %+v", x.Policy, s.False, s.Wrong)
		}
		if s.Articles != 18 || s.Found > s.Articles || s.Caught+s.Missed+s.Standing != s.Edits {
			t.Errorf("%s: %+v", x.Policy, s)
		}
		if x.Fetches.Robots == 0 || x.Fetches.Robots > o.hosts || x.Fetches.Feeds == 0 || x.Fetches.Articles < s.Found {
			t.Errorf("%s: %+v", x.Policy, x.Fetches)
		}
		if x.Lag.Samples == 0 || x.Lag.Largest > time.Second {
			t.Errorf("%s: %+v", x.Policy, x.Lag)
		}
	}
	if often.Score.Edits != seldom.Score.Edits || often.Score.Articles != seldom.Score.Articles {
		t.Error("the policies did not watch the same press")
	}
	if often.Fetches.Articles >= 3*often.Score.Articles && often.Score.Caught == 0 {
		t.Errorf("nothing was caught: %+v", often.Score)
	}
	if r.manners() != nil {
		t.Error(r.manners())
	}
}

// TestReport: what is printed names policies, breaches and faults, and breaches
// are an error.
func TestReport(t *testing.T) {
	at := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	r := report{Press: "2 papers", Took: time.Minute, Results: []result{
		{Policy: "good", Score: newsroom.PressScore{Articles: 3, Found: 2, Edits: 5, Caught: 4, Missed: 1, Median: 90 * time.Second}, Fetches: newsroom.Fetches{Articles: 7, Robots: 2}},
		{Policy: "rude", Breaches: []newsroom.Breach{{Host: "127.0.0.9:80", Kind: newsroom.TooSoon, At: at, Path: "/a", Why: "1s after"}},
			Score: newsroom.PressScore{False: 1, Wrong: []newsroom.PressSeen{{Host: "127.0.0.9:80", Seen: newsroom.Seen{Path: "/b", Headline: "Pies"}}},
				Overwritten: []newsroom.PressTruth{{Host: "127.0.0.9:80", Truth: newsroom.Truth{Path: "/c", What: "a name"}}}}},
	}}
	var b bytes.Buffer
	r.print(&b, true)
	for _, want := range []string{"good            2/3", "90s", "3.5", "rude", "too-soon", "127.0.0.9:80/b", "a name"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if err := r.manners(); !errors.Is(err, errManners) || !strings.Contains(err.Error(), "rude: 1 times") || strings.Contains(err.Error(), "good") {
		t.Errorf("error %v", err)
	}
	raw, err := json.Marshal(r)
	if err != nil || !bytes.Contains(raw, []byte(`"kind":"too-soon"`)) {
		t.Errorf("JSON %s, %v", raw, err)
	}
}

// TestLag: the check finds a source whose lag is told wrong, or is not told.
func TestLag(t *testing.T) {
	lists := waits{0: {3, time.Minute}, 1: {2, time.Minute}, 2: {1, time.Second}}
	for name, tc := range map[string]struct {
		told    waits
		largest time.Duration
		counts  int
	}{
		"the same":            {waits{0: {3, time.Minute}, 1: {2, time.Minute}, 2: {1, time.Second}}, 0, 0},
		"all is wrong":        {waits{0: {5, time.Hour}, 1: {2, time.Minute}, 2: {1, time.Second}}, 59 * time.Minute, 2},
		"a source is wrong":   {waits{0: {3, time.Minute}, 1: {2, time.Minute}, 2: {1, 4 * time.Second}}, 3 * time.Second, 0},
		"a source is missing": {waits{0: {3, time.Minute}, 2: {1, time.Second}}, time.Minute, 2},
		"one too many":        {waits{0: {3, time.Minute}, 1: {2, time.Minute}, 2: {1, time.Second}, 3: {1, time.Hour}}, time.Hour, 1},
	} {
		var c lagCheck
		c.take(tc.told, lists)
		if c.Largest != tc.largest || c.Counts != tc.counts || c.Samples != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	later := waits{0: {3, 61 * time.Second}, 1: {2, 61 * time.Second}, 2: {1, 2 * time.Second}}
	if !still(lists, later, time.Second) || still(lists, later, 0) || still(lists, waits{0: {3, time.Minute}}, 0) {
		t.Error("still does not tell waiting from moving")
	}
}

// TestRunRefuses: a policy or press that is none ends the run before it begins.
func TestRunRefuses(t *testing.T) {
	good := options{time: time.Second, policies: []string{"newsdiffs"}, hosts: 1, articles: 1, pace: time.Second, feeds: time.Second, workers: 1,
		log: slog.New(slog.DiscardHandler), progress: io.Discard}
	for name, change := range map[string]func(*options){
		"policy": func(o *options) { o.policies = []string{"newsdiffs", "crystal-ball"} },
		"hosts":  func(o *options) { o.hosts = 0 },
		"time":   func(o *options) { o.time = 0 },
		"pace":   func(o *options) { o.pace = -1 },
	} {
		o := good
		change(&o)
		if _, err := run(t.Context(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
