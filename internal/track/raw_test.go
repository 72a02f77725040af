package track

import (
	"strings"
	"testing"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
)

// Each policy of raw bodies, on one article: found, seen again twice, edited
// (with its confirming fetch), then missing twice, then there again.
func TestRawPolicies(t *testing.T) {
	t.Parallel()
	for policy, want := range map[Raw]string{
		RawAll:     "version 200 raw, 200 raw, version 200 raw, confirm 200 raw, 404 raw, 404 raw, 200 raw",
		RawChanged: "version 200 raw, 200, version 200 raw, confirm 200 raw, 404 raw, 404, 200",
		RawNone:    "version 200, 200, version 200, confirm 200, 404, 404, 200",
	} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.page("/bridge", func(n int, _ time.Duration) reply {
				switch n {
				case 0, 1:
					return reply{body: story("Bridge to close")}
				case 4, 5:
					return reply{status: 404, body: "<h1>Not here</h1>"}
				}
				return reply{body: story("Bridge to close", extra)}
			})
			w.ask("/bridge")
			tr := w.tracker(nil)
			tr.o.Raw = policy
			w.run(tr, 130*time.Minute)
			w.expect("version 0", "version 1")
			if got := w.captures(); got != want {
				t.Errorf("captures: %s\nwant:     %s", got, want)
			}
			if n := w.asked["/bridge"]; n != strings.Count(want, ",")+1 {
				t.Errorf("%d requests, a capture each was wanted: %s", n, want)
			}
		})
	}
}

// captures describes those of the first article, oldest first, and checks that
// what they name can be had again.
func (w *world) captures() string {
	w.t.Helper()
	rows, err := w.store.Captures(w.t.Context(), 1, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	made := make(map[int64]string)
	versions, err := w.store.ArticleVersions(w.t.Context(), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, v := range versions {
		made[v.CaptureID] = "version "
	}
	var out []string
	for i := len(rows) - 1; i >= 0; i-- {
		out = append(out, made[rows[i].ID]+w.describe(rows[i]))
		if i < len(rows)-1 && made[rows[i+1].ID] != "" && rows[i+1].VersionID == rows[i].VersionID && rows[i].At.Sub(rows[i+1].At) < time.Minute {
			out[len(out)-1] = "confirm " + out[len(out)-1]
		}
	}
	return strings.Join(out, ", ")
}

func (w *world) describe(c news.Capture) string {
	s := map[int]string{200: "200", 404: "404"}[c.Status]
	if c.Raw.IsZero() {
		if c.Header != "" {
			w.t.Errorf("a capture without its raw body has a header: %+v", c)
		}
		return s
	}
	wire, err := w.store.Blob(w.t.Context(), c.Raw)
	if err != nil {
		w.t.Error(err)
	}
	body, err := crawl.Decode(wire, c.Encoding)
	if err != nil || int64(len(wire)) != c.WireSize || !strings.Contains(string(body), "</h1>") || !strings.Contains(headerOf(c.Header).Get("Content-Type"), "html") {
		w.t.Errorf("capture %+v: %v", c, err)
	}
	return s + " raw"
}
