package track

import (
	"io/fs"
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
	log := slog.New(slog.NewTextHandler(logTo{w.t}, nil))
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
	root, dropped := filepath.Dir(w.t.TempDir()), 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && len(e.Name()) >= 32 && filepath.Base(path)[:32] == d.String()[:32] {
			dropped++
			return os.Remove(path)
		}
		return err
	})
	if err != nil || dropped != 1 {
		w.t.Fatalf("%d bodies of %v, %v", dropped, d, err)
	}
}
