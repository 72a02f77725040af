package track_test

import (
	"fmt"
	"testing"

	"stet/bench/corpus"
	"stet/bench/refetch/noise"
	"stet/bench/refetch/visits"
)

// noisy puts our own pages under drawn furniture, all on hosts of perHost.
func noisy(t *testing.T, pages, perHost, level int, seed uint64) []*visits.Host {
	t.Helper()
	var hosts []*visits.Host
	for i, p := range corpus.Own(pages, seed) {
		if i%perHost == 0 {
			hosts = append(hosts, &visits.Host{Name: fmt.Sprintf("paper %d", len(hosts))})
		}
		h := hosts[len(hosts)-1]
		page, err := noise.NewPage(noise.NewSource(seed+uint64(len(hosts)), "en"), p.HTML, p.Paragraphs, level, seed+uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		h.Articles = append(h.Articles, &visits.Article{Name: p.File, Path: fmt.Sprintf("/news/%d", i), Page: page})
	}
	return hosts
}

func watch(t *testing.T, hosts []*visits.Host, n int) visits.Figures {
	t.Helper()
	f, err := visits.Run(t.Context(), hosts, visits.Options{Visits: n})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Lost) > 0 {
		t.Errorf("not live at the end: %q", f.Lost)
	}
	for _, x := range f.Faults {
		t.Logf("%s, refetch %d: %s: came %q, went %q", x.Article, x.Slot, x.What, x.Came, x.Went)
	}
	return f
}

func sum(a [visits.Phases]int) (n int) {
	for _, x := range a {
		n += x
	}
	return n
}

// Page chrome alone changes at every fetch: nothing was edited, so nothing is a
// version.
func TestNoiseOfChrome(t *testing.T) {
	f := watch(t, noisy(t, 6, 3, 1, 11), 12)
	if n := sum(f.False); n > 0 {
		t.Errorf("%d of %d refetches made a version", n, sum(f.Refetches))
	}
}

// Furniture in the body changes at every fetch, and each article is edited
// three times.
func TestNoiseInTheBody(t *testing.T) {
	const (
		maxFalse = 0.30 // of refetches that made a version which no edit explains
		minFound = 0.85 // of edits
	)
	hosts := noisy(t, 6, 3, 2, 12)
	visits.Plan(hosts, 3, 12, 12)
	f := watch(t, hosts, 12)
	if n, all := sum(f.False), sum(f.Refetches); float64(n) > maxFalse*float64(all) {
		t.Errorf("%d of %d refetches made a version that no edit explains, want at most %.0f%%", n, all, 100*maxFalse)
	}
	made, found := 0, 0
	for _, c := range f.Edits {
		made, found = made+c.Made, found+c.Found
	}
	if made < 12 || float64(found) < minFound*float64(made) {
		t.Errorf("%d of %d edits found, want at least %.0f%%", found, made, 100*minFound)
	}
	if f.Fetches < f.Visits || f.Fetches > 3*f.Visits {
		t.Errorf("%d fetches for %d visits, want one to three for each", f.Fetches, f.Visits)
	}
}

// The pages as they are, visited again and again: no version,
// and every edit in a version of its own with nothing beside it.
func TestNoNoise(t *testing.T) {
	hosts := noisy(t, 5, 5, 0, 13)
	visits.Plan(hosts, 3, 10, 13)
	f := watch(t, hosts, 10)
	made := 0
	for kind, c := range f.Edits {
		if made += c.Made; c.Found != c.Made {
			t.Errorf("%s: %d of %d edits found", kind, c.Found, c.Made)
		}
	}
	if made < 12 {
		t.Errorf("%d edits made, want 12 at least", made)
	}
	if sum(f.False) > 0 || f.Extra > 0 {
		t.Errorf("%d false versions, %d blocks beside the edits", sum(f.False), f.Extra)
	}
	if f.Fetches > f.Visits+2*made {
		t.Errorf("%d fetches, want one for each of %d visits and at most two more for each of %d edits: a second look and a witness", f.Fetches, f.Visits, made)
	}
}
