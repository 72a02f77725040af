package track

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/appraise"
	"stet/internal/news"
	"stet/internal/store"
)

// edited is a world in which one article has a new headline, then another, each
// a version.
func edited(t *testing.T) *world {
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		switch {
		case at < 2*time.Hour:
			return reply{body: story("Bridge to close for a week")}
		case at < 8*time.Hour:
			return reply{body: story("Bridge to close for three weeks")}
		}
		return reply{body: story("Bridge to close until further notice")}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 20*time.Hour)
	w.expect("version 0", "version 1", "version 2")
	return w
}

func appraiser(t *testing.T, w *world, weights appraise.Weights, log *slog.Logger) *Appraiser {
	t.Helper()
	a, err := NewAppraiser(w.store, weights, log)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAppraiser: every change of a text is appraised once; the first version is
// none; later changes are taken from where it was.
func TestAppraiser(t *testing.T) {
	w := edited(t)
	a := appraiser(t, w, nil, nil)
	for _, want := range []int{2, 0} {
		if n, err := a.CatchUp(t.Context()); n != want || err != nil {
			t.Errorf("%d appraised, %v; want %d", n, err, want)
		}
	}
	got, err := w.store.Appraisal(t.Context(), w.change(1).VersionID)
	if err != nil || !got.Has(news.KindHeadline) || len(got.Findings) == 0 || got.Rules != appraise.Rules {
		t.Errorf("appraisal %+v, %v", got, err)
	}
	if _, err := w.store.Appraisal(t.Context(), w.change(0).VersionID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a first version was appraised: %v", err)
	}
}

// TestAppraiserNewWeights: other weights begin at the beginning of the log, and
// write over what was there; the follower of the old ones leaves the log to them.
func TestAppraiserNewWeights(t *testing.T) {
	w := edited(t)
	var said bytes.Buffer
	old := appraiser(t, w, nil, slog.New(slog.NewTextHandler(&said, nil)))
	if _, err := old.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := appraiser(t, w, appraise.Weights{"headline": 100}, nil)
	if n, err := next.CatchUp(t.Context()); n != 2 || err != nil {
		t.Errorf("%d appraised anew, %v", n, err)
	}
	got, err := w.store.Appraisal(t.Context(), w.change(1).VersionID)
	if err != nil || got.Significance < 60 { // 100 points for a headline of which all changed, 20 by default
		t.Errorf("appraisal by the new weights: %+v, %v", got, err)
	}
	begun := true
	if err := old.turn(t.Context(), &begun); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the follower of the old weights goes on: %v", err)
	}
}

// TestAppraiserRuns: it takes up what comes while it runs, and ends with its context.
func TestAppraiserRuns(t *testing.T) {
	w := edited(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	a := appraiser(t, w, nil, nil)
	go func() { ended <- a.Run(ctx, time.Millisecond) }()
	for w.appraised(t) < 2 {
		time.Sleep(time.Millisecond)
	}
	w.page("/bridge", func(int, time.Duration) reply { return reply{body: story("Bridge to stay open")} })
	w.run(w.tracker(nil), 30*time.Hour)
	for w.appraised(t) < 3 {
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// appraised counts the appraisals of the first article.
func (w *world) appraised(t *testing.T) int {
	all, err := w.store.ArticleAppraisals(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestAppraiserDamage: a version that cannot be read is told and left out, and the
// others are appraised.
func TestAppraiserDamage(t *testing.T) {
	w := edited(t)
	dir := filepath.Join(t.TempDir(), "copy")
	if err := w.store.Backup(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "stet.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`DROP TRIGGER version_is_never_altered; UPDATE version SET body = x'00' WHERE number = 2`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var said bytes.Buffer
	a, err := NewAppraiser(s, nil, slog.New(slog.NewTextHandler(&said, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := a.CatchUp(t.Context()); n != 1 || err != nil {
		t.Errorf("%d appraised, %v; want the one that can be read", n, err)
	}
	if !strings.Contains(said.String(), "cannot be appraised") || !strings.Contains(said.String(), "text damaged") {
		t.Errorf("it said %q", said.String())
	}
}

// TestAppraiserWeights: a weight that is none is refused.
func TestAppraiserWeights(t *testing.T) {
	if _, err := NewAppraiser(newWorld(t).store, appraise.Weights{"gossip": 3}, nil); err == nil || !strings.Contains(err.Error(), "gossip") {
		t.Errorf("error %v", err)
	}
	if a, b := basis(appraise.Weights{"number": 1, "name": 2}), basis(appraise.Weights{"name": 2, "number": 1}); a != b {
		t.Errorf("the same weights are %v and %v", a, b)
	}
	if a, b := basis(nil), basis(appraise.Weights{"number": 1}); a == b {
		t.Error("other weights have the same basis")
	}
}
