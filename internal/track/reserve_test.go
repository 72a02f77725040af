package track

import (
	"maps"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/search"
	"stet/internal/store"
)

func TestParseReservedPolicy(t *testing.T) {
	for text, want := range map[string]ReservedPolicy{
		"":                        {},
		"keep":                    {news.NoIndex: Keep, news.NoArchive: Keep, news.TDM: Keep},
		"hide":                    {news.NoIndex: Hide, news.NoArchive: Hide, news.TDM: Hide},
		"noarchive=hide,tdm=skip": {news.NoArchive: Hide, news.TDM: Skip},
		"tdm=skip, hide":          {news.NoIndex: Hide, news.NoArchive: Hide, news.TDM: Skip},
		"skip,noindex=keep":       {news.NoIndex: Keep, news.NoArchive: Skip, news.TDM: Skip},
	} {
		if got, err := ParseReservedPolicy(text); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"drop", "=hide", "nofollow=hide", "tdm=", "tdm=drop", "hide,", "hide,keep", "tdm=hide,tdm=skip", "TDM=hide"} {
		if got, err := ParseReservedPolicy(text); err == nil || !strings.Contains(err.Error(), "reserved") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestTreatment(t *testing.T) {
	p, err := ParseReservedPolicy("noarchive=hide,tdm=skip")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what []news.Reservation
		want Treatment
		why  string
	}{
		{nil, Keep, ""},
		{[]news.Reservation{news.NoIndex}, Keep, ""},
		{[]news.Reservation{news.NoIndex, news.NoArchive}, Hide, "its page reserves: noarchive"},
		{news.Reservations, Skip, "its page reserves: tdm"},
	} {
		if got, why := p.of(news.Reserves(tt.what, "")); got != tt.want || why != tt.why {
			t.Errorf("%v: %s, %q; want %s, %q", tt.what, got, why, tt.want, tt.why)
		}
	}
	if got, why := ReservedPolicy(nil).of(news.Reserves(news.Reservations, "")); got != Keep || why != "" {
		t.Errorf("no policy: %s, %q", got, why)
	}
}

// marked is a page with that in its head.
func marked(page, head string) string { return strings.Replace(page, "<head>", "<head>"+head, 1) }

// reservedWorld is a world with an article whose page reserves something from the
// third hour to the sixth, and is edited after four; and one that reserves nothing.
func reservedWorld(t *testing.T, policy string) (*world, *Tracker) {
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		page := story("Bridge to close")
		if at > 4*time.Hour {
			page = story("Bridge to close for a week")
		}
		if at > 3*time.Hour && at < 6*time.Hour {
			page = marked(page, `<meta name="robots" content="noarchive">`)
		}
		return reply{body: page}
	})
	w.page("/school", func(int, time.Duration) reply { return reply{body: story("School to open")} })
	w.ask("/bridge")
	w.ask("/school")
	tr := w.tracker(nil)
	tr.o.Raw = RawAll
	var err error
	if tr.o.Reserved, err = ParseReservedPolicy(policy); err != nil {
		t.Fatal(err)
	}
	return w, tr
}

// bridge gives the first article as it stands, and whether search finds it.
func (w *world) bridge() (news.Article, bool) {
	w.t.Helper()
	if _, err := w.store.IndexChanges(w.t.Context(), 100); err != nil {
		w.t.Fatal(err)
	}
	a, _, err := w.store.Article(w.t.Context(), 1)
	if err != nil {
		w.t.Fatal(err)
	}
	q, err := search.Parse("title:bridge")
	if err != nil {
		w.t.Fatal(err)
	}
	_, n, _, err := w.store.Search(w.t.Context(), q, store.Page{Size: 9})
	if err != nil {
		w.t.Fatal(err)
	}
	return a, n == 1
}

// TestReservedKept: by default what is reserved is noted, and nothing else.
func TestReservedKept(t *testing.T) {
	w, tr := reservedWorld(t, "keep")
	w.run(tr, 5*time.Hour)
	a, found := w.bridge()
	if a.Reserved.String() != "noarchive" || a.ReservedAt.Before(morning.Add(3*time.Hour)) || a.ReservedAt.After(morning.Add(5*time.Hour)) || a.Hidden != "" || !found {
		t.Errorf("while it is reserved: %+v, found %v", a, found)
	}
	w.run(tr, 5*time.Hour)
	w.expect("version 0", "version 0", "version 1")
	if a, found := w.bridge(); a.Reserved.What != nil || !a.ReservedAt.IsZero() || !found {
		t.Errorf("after: %+v, found %v", a, found)
	}
}

// TestReservedHidden: it is recorded, and readers see it again when the page
// reserves nothing any more.
func TestReservedHidden(t *testing.T) {
	w, tr := reservedWorld(t, "noarchive=hide")
	w.run(tr, 5*time.Hour)
	if a, found := w.bridge(); a.Hidden != "its page reserves: noarchive" || found {
		t.Errorf("while it is reserved: %+v, found %v", a, found)
	}
	w.run(tr, 5*time.Hour)
	w.expect("version 0", "version 0", "version 1")
	if a, found := w.bridge(); a.Hidden != "" || !found {
		t.Errorf("after: %+v, found %v", a, found)
	}
}

// TestReservedHiddenByHand: what a person hid, no page shows again.
func TestReservedHiddenByHand(t *testing.T) {
	w, tr := reservedWorld(t, "hide")
	w.run(tr, 2*time.Hour)
	if err := w.store.Hide(t.Context(), 1, "court order"); err != nil {
		t.Fatal(err)
	}
	w.run(tr, 10*time.Hour)
	if a, found := w.bridge(); a.Hidden != "court order" || found {
		t.Errorf("after: %+v, found %v", a, found)
	}
}

// TestReservedSkipped: neither text nor bytes of the page are recorded while it
// reserves; afterwards the edit is caught.
func TestReservedSkipped(t *testing.T) {
	w, tr := reservedWorld(t, "skip")
	w.run(tr, 5*time.Hour)
	a, found := w.bridge()
	if a.Reserved.String() != "noarchive" || a.Versions != 1 || a.Hidden == "" || found {
		t.Errorf("while it is reserved: %+v, found %v", a, found)
	}
	captures, err := w.store.Captures(t.Context(), 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	kept, withheld := 0, 0
	for _, c := range captures {
		if c.Outcome == news.Blocked {
			withheld++
			if !c.Raw.IsZero() || c.Header != "" || c.Reason != "its page reserves: noarchive" || c.VersionID != 0 {
				t.Errorf("capture %+v", c)
			}
		} else if !c.Raw.IsZero() {
			kept++
		}
	}
	if kept == 0 || withheld == 0 {
		t.Errorf("%d captures kept, %d withheld", kept, withheld)
	}
	w.expect("version 0", "version 0")
	w.run(tr, 20*time.Hour)
	w.expect("version 0", "version 0", "version 1")
	if a, found := w.bridge(); a.Hidden != "" || a.State != news.Live || !found {
		t.Errorf("after: %+v, found %v", a, found)
	}
}

// TestReservedSkippedFromTheBeginning: an article that was never recorded shows
// nothing, wherever it came from; headers reserve as elements do.
func TestReservedSkippedFromTheBeginning(t *testing.T) {
	w := newWorld(t)
	reserved := func(int, time.Duration) reply {
		return reply{body: story("Bridge to close"), header: map[string]string{"Tdm-Reservation": "1", "Tdm-Policy": "/tdm.json"}}
	}
	w.page("/bridge", reserved)
	w.page("/asked", reserved)
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(item(w, "/bridge", "Bridge", morning))} })
	w.ask("/rss")
	asked := w.ask("/asked")
	tr := w.tracker(nil)
	tr.o.Reserved = ReservedPolicy{news.TDM: Skip}
	w.run(tr, 24*time.Hour)
	w.expect()
	if a, found := w.bridge(); a.State != news.New || a.Reserved.Policy != w.url+"/tdm.json" || found {
		t.Errorf("from the feed: %+v, found %v", a, found)
	}
	r, err := w.store.Request(t.Context(), asked.ID)
	if err != nil {
		t.Fatal(err)
	}
	if r.State != store.RequestFailed || r.Result != "blocked: its page reserves: tdm" {
		t.Errorf("asked for: %+v", r)
	}
}

// TestReservedBefore304: a policy that comes later holds for pages that a 304 says
// are as they were.
func TestReservedBefore304(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(int, time.Duration) reply {
		return reply{body: story("Bridge to close"), header: map[string]string{"ETag": `"a"`, "X-Robots-Tag": "otherbot: none, stet: noindex"}}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), time.Hour)
	if a, found := w.bridge(); a.Reserved.String() != "noindex" || a.Hidden != "" || !found {
		t.Fatalf("kept: %+v, found %v", a, found)
	}
	tr := w.tracker(nil)
	tr.o.Reserved = ReservedPolicy{news.NoIndex: Hide}
	w.run(tr, time.Hour)
	if a, found := w.bridge(); a.Hidden == "" || found {
		t.Errorf("hidden: %+v, found %v", a, found)
	}
	w.run(w.tracker(nil), 2*time.Hour)
	if a, found := w.bridge(); a.Hidden != "" || !found {
		t.Errorf("kept again: %+v, found %v", a, found)
	}
}
