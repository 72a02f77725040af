package track

import (
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
)

// trackerOf is tracker for several servers.
func (w *world) trackerOf(policy schedule.Policy, urls ...string) *Tracker {
	w.t.Helper()
	log := slog.New(slog.NewTextHandler(logTo{w}, nil))
	client, err := crawl.New(crawl.Options{UserAgent: crawl.UserAgent("test", "tests@example.org"), Allow: allow(w.t, urls...), Now: w.Now, Sleep: w.Sleep, Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	tr := w.tracker(policy)
	tr.o.Client = client
	return tr
}

func allow(t *testing.T, urls ...string) (nets []crawl.AllowNet) {
	t.Helper()
	for _, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		n, err := crawl.ParseAllowNet(u.Hostname() + "/32:" + u.Port())
		if err != nil {
			t.Fatal(err)
		}
		nets = append(nets, n...)
	}
	return nets
}

// dropBlob takes a body out of the test's store, behind its back.
func (w *world) dropBlob(d news.Digest) {
	w.t.Helper()
	name := d.String()
	files, err := filepath.Glob(filepath.Join(w.dir, "blobs", name[:2], name+"*"))
	if err != nil || len(files) != 1 {
		w.t.Fatalf("files of body %s: %v, %v", name, files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		w.t.Fatal(err)
	}
}
