package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// TestDropped: the page of a version says that its raw bytes were given up, and
// when.
func TestDropped(t *testing.T) {
	d := newDesk(t, nil)
	ctx := context.Background()
	src := d.source("harbour", "The Harbour")
	id := d.found("fares", src, "https://harbour.example.org/fares")
	for i := range 3 {
		d.wait(time.Hour)
		raw, err := d.store.PutBlob(ctx, []byte(fmt.Sprint("page ", i)), news.Digest{})
		d.must(err)
		d.visit(id, store.Visit{State: news.Live, Capture: news.Capture{Raw: raw},
			Version: &news.Version{Number: i, Content: text2content("en", "Fares", "", fmt.Sprint("They cost ", i))},
			Changes: []news.Change{{Type: news.VersionAppeared, Before: d.at}}})
	}
	d.wait(48 * time.Hour)
	d.must(d.store.SetKeepRaw(ctx, "harbour", 24*time.Hour))
	drop, err := d.store.DropRaw(ctx, 0, store.MaxDrop)
	d.must(err)
	if drop.Blobs != 1 {
		t.Fatalf("%+v", drop)
	}
	for i := range 3 {
		body := d.page(fmt.Sprintf("/articles/%d/versions/%d", id, i)).body
		if said := strings.Contains(body, "given up on <time"); said != (i == 1) || !strings.Contains(body, "SHA-256") {
			t.Errorf("version %d: given up = %v", i, said)
		}
	}
}
