package track

import (
	"errors"
	"strings"
	"testing"
	"time"

	"stet/internal/store"
)

// TestDropRaw: raw captures that are older than the rule of their source go by
// themselves, a few articles after each visit.
func TestDropRaw(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	edits := func(_ int, past time.Duration) reply {
		return reply{body: story("Bridge to close", "<p>By the hour "+strings.Repeat("x", int(past/time.Hour)+1)+" the engineers had nothing to add to that.</p>")}
	}
	w.page("/bridge", edits)
	w.ask("/bridge")
	tr := w.tracker(nil)
	tr.o.Raw = RawAll
	w.run(tr, 6*time.Hour)
	if err := w.store.SetKeepRaw(t.Context(), w.sourceKey(), 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	w.run(tr, PruneTime+6*time.Hour)
	rows, err := w.store.Captures(t.Context(), 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	kept, gone := 0, 0
	for _, c := range rows {
		if c.Raw.IsZero() {
			continue
		}
		switch _, err := w.store.Blob(t.Context(), c.Raw); {
		case err == nil:
			kept++
		case errors.Is(err, store.ErrDropped):
			gone++
		default:
			t.Errorf("capture %d: %v", c.ID, err)
		}
	}
	if kept < 2 || gone == 0 {
		t.Errorf("%d kept, %d given up, of %d captures", kept, gone, len(rows))
	}
	if r, err := w.store.Verify(t.Context(), nil); err != nil || len(r.Problems) > 0 {
		t.Errorf("%v, %v", r.Problems, err)
	}
}

// sourceKey is the key of the one source.
func (w *world) sourceKey() string {
	w.t.Helper()
	rows, err := w.store.Sources(w.t.Context())
	if err != nil || len(rows) != 1 {
		w.t.Fatalf("sources: %v, %v", rows, err)
	}
	return rows[0].Key
}
