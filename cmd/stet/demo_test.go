package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/newsroom"
	"stet/internal/store"
)

// TestDemo is the end-to-end test: a day of the newspaper through the real
// pipeline. Every change is caught, none is false, and the store is sound.
func TestDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	var out, talk bytes.Buffer
	code := run(t.Context(), []string{"demo", "--once", "--json", "--data", dir}, strings.NewReader(""), &out, &talk)
	var score newsroom.Score
	if err := json.Unmarshal(out.Bytes(), &score); err != nil {
		t.Fatalf("exit code %d, %v:\n%s%s", code, err, out.String(), talk.String())
	}
	t.Log(score)
	for _, m := range score.Missed {
		t.Errorf("missed: %s %s: %s", m.At.Format("Mon 15:04"), m.Path, m.What)
	}
	for _, w := range score.Wrong {
		t.Errorf("wrong: %s %s: %s %q", w.Before.Format("Mon 15:04"), w.Path, w.Type, w.Headline)
	}
	if code != exitDone {
		t.Errorf("exit code %d: %s", code, talk.String())
	}
	if score.Changes < 60 || score.Articles < 27 {
		t.Errorf("the day is too small: %s", score)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	report, err := s.Verify(t.Context(), nil)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("verify: %v %v", report.Problems, err)
	}
}

// The demo's clock moves by what is slept, and ends the day.
func TestDayClock(t *testing.T) {
	start := time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	over := false
	k := &dayClock{now: start, end: start.Add(time.Hour), over: func() { over = true }}
	if err := k.Sleep(t.Context(), 40*time.Minute); err != nil || over || !k.Now().Equal(start.Add(40*time.Minute)) {
		t.Errorf("after 40 minutes: %v, %v, over %v", k.Now(), err, over)
	}
	if err := k.Sleep(t.Context(), 40*time.Minute); err != nil || !over || !k.Now().Equal(k.end) {
		t.Errorf("after 80 minutes: %v, %v, over %v", k.Now(), err, over)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	k.speed = 1
	if err := k.Sleep(ended, time.Hour); err == nil {
		t.Error("slept although the context had ended")
	}
}
