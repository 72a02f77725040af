package main

import (
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// Without Chromium in PATH, that is said and nothing is wrong.
func TestNoChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	c := Config{Data: t.TempDir()}
	if found, err := c.checkBrowser(t.Context()); err != nil || found != "no Chromium; no source needs one" {
		t.Errorf("%q, %v", found, err)
	}
}

// As root, Chromium has no sandbox: wrong as soon as a source uses it.
func TestBrowserAs(t *testing.T) {
	for _, tt := range []struct {
		user  int
		users []string
		found string // or what is wrong
		bad   bool
	}{
		{1000, []string{"post"}, "runs in its sandbox", false},
		{1000, nil, "runs in its sandbox", false},
		{0, nil, "would run without its sandbox, as root", false},
		{0, []string{"bell", "post"}, "needed by bell, post", true},
	} {
		found, err := browserAs(tt.user, tt.users)
		if err != nil {
			found = err.Error()
		}
		if (err != nil) != tt.bad || !strings.Contains(found, tt.found) {
			t.Errorf("user %d, sources %q: %q, %v", tt.user, tt.users, found, err)
		}
	}
}

// The doctor and "sources show" tell how far visits are behind, and how well known
// the times of changes are.
func TestLagLines(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if line, err := lagLine(t.Context(), s); err != nil || line != "no visit is due" {
		t.Errorf("%q, %v", line, err)
	}
	var post news.Source
	for _, key := range []string{"bell", "post"} { // the post has waited for longer
		if post, err = s.AddSource(t.Context(), news.Source{Key: key, Name: key}); err != nil {
			t.Fatal(err)
		}
		if _, _, err = s.AddFeed(t.Context(), news.Feed{SourceID: post.ID, URL: "https://" + key + ".example.org/rss", Period: time.Hour}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(-time.Minute)
	}
	now = now.Add(2*time.Minute + 2*time.Second)
	if line, err := lagLine(t.Context(), s); err != nil || line != "2 visits are due, the oldest for 1m2s, of post, which has 1" {
		t.Errorf("%q, %v", line, err)
	}
	var row shownSource
	if err := row.fill(t.Context(), s, post.ID, now); err != nil || row.Lag != (lagRow{1, 1, 0, 62}) {
		t.Errorf("lag %+v, %v", row.Lag, err)
	}
	var out strings.Builder
	row.Bounds.Recent = boundsRow{4, 90, 600}
	row.write(&out)
	for _, want := range []string{
		"1 visits are due (1 of feeds), the oldest for 1m2s\n",
		"times of 4 changes of the last 30 days known to within 1m30s (median), 10m0s (nine of ten)\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q lacks %q", out.String(), want)
		}
	}
}
