package web

import (
	"strings"
	"testing"

	"stet/internal/news"
	"stet/internal/store"
)

// TestReserved: what a page reserves is shown beside the article, and passed on;
// where nothing is reserved there is no word of it.
func TestReserved(t *testing.T) {
	d := newDesk(t, nil).harbour()
	for _, path := range []string{"/articles/%d", "/articles/%d/versions/0"} {
		if a := d.get(d.path(path, "fares")); a.Header.Get("X-Robots-Tag") != "" || strings.Contains(a.body, "Its publisher’s page") || strings.Contains(a.body, "publisher&#39;s page") {
			t.Errorf("nothing is reserved: %v", a.Header)
		}
	}
	reserved := news.Reserves([]news.Reservation{news.NoIndex, news.NoArchive, news.TDM}, "https://harbour.example.org/tdm.json?a=1&b=2")
	d.visit(d.ids["fares"], store.Visit{State: news.Live, Sighting: true, Reserved: &reserved})
	a := d.page(d.path("/articles/%d", "fares"))
	for _, want := range []string{"(noindex), asks that no copy be shown (noarchive) and reserves text and data mining (TDMRep), since ",
		`<a href="https://harbour.example.org/tdm.json?a=1&amp;b=2" rel="external nofollow">`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the article's page lacks %q", want)
		}
	}
	for _, path := range []string{"/articles/%d", "/articles/%d/versions/0", "/articles/%d.rss"} {
		if got := d.get(d.path(path, "fares")).Header.Get("X-Robots-Tag"); got != "noindex, noarchive" {
			t.Errorf("%s: X-Robots-Tag %q", path, got)
		}
	}
	mining := news.Reserves([]news.Reservation{news.TDM}, "")
	d.visit(d.ids["fares"], store.Visit{State: news.Live, Sighting: true, Reserved: &mining})
	if a := d.page(d.path("/articles/%d", "fares")); a.Header.Get("X-Robots-Tag") != "" || strings.Contains(a.body, "Its policy") || !strings.Contains(a.body, "page reserves text") {
		t.Error("mining alone is reserved, and shown otherwise")
	}
}

// TestOutageShown: an outage is told of while it goes on, and after.
func TestOutageShown(t *testing.T) {
	d := newDesk(t, nil).harbour()
	src, err := d.store.Source(t.Context(), "harbour")
	if err != nil {
		t.Fatal(err)
	}
	const host = "harbour.example.org"
	_, err = d.store.OpenEvent(t.Context(), src.ID, news.Outage, host, d.at, "nothing can be seen on "+host+": HTTP 503")
	d.must(err)
	if a := d.page("/sources/harbour"); !strings.Contains(a.body, "Outage since ") || !strings.Contains(a.body, "HTTP 503") {
		t.Error("the source's page does not tell of its outage")
	}
	if a := d.page("/sources"); !strings.Contains(a.body, ">outage</span>") {
		t.Error("the list does not tell of the outage")
	}
	d.must(d.store.EndEvent(t.Context(), src.ID, news.Outage, host, d.at, "nothing could be seen on "+host+" for 3 h 20 min"))
	if a := d.page("/sources/harbour"); strings.Contains(a.body, "Outage since ") || !strings.Contains(a.body, "Outage from ") || !strings.Contains(a.body, "for 3 h 20 min") {
		t.Error("the source's page does not tell that the outage is over")
	}
}
