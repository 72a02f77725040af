package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func testSources(t *testing.T, b *bench) {
	again, err := b.AddSource(b.ctx, news.Source{Key: "courier", Name: "Another name"})
	b.must(err)
	equal(t, "the same key again", again, b.src)
	_, err = b.AddSource(b.ctx, news.Source{Key: "aurora", Name: "Aurora"})
	b.must(err)
	rows, err := b.Sources(b.ctx)
	b.must(err)
	if len(rows) != 2 || rows[0].Key != "aurora" || rows[1].Source != b.src || rows[1].Feeds != 1 {
		t.Errorf("sources: %+v", rows)
	}
	one, err := b.Source(b.ctx, "courier")
	b.must(err)
	equal(t, "one source", one, rows[1])
}

func testKeys(t *testing.T, b *bench) {
	for _, key := range []string{"a", "the-times.2_x", strings.Repeat("k", MaxKey)} {
		if _, err := b.AddSource(b.ctx, news.Source{Key: key}); err != nil {
			t.Errorf("key %q: %v", key, err)
		}
	}
	for _, key := range []string{"", "Times", "a/b", "a b", "é", strings.Repeat("k", MaxKey+1)} {
		if _, err := b.AddSource(b.ctx, news.Source{Key: key}); err == nil {
			t.Errorf("key %q: no error", key)
		}
	}
}

func testFeeds(t *testing.T, b *bench) {
	again, added, err := b.AddFeed(b.ctx, news.Feed{SourceID: b.src.ID, URL: b.feed.URL, Title: "Other", Period: time.Minute})
	b.must(err)
	if added {
		t.Error("the same URL is new")
	}
	equal(t, "the same URL again", again, b.feed)
	if !b.feed.Due.Equal(b.clock.t) {
		t.Errorf("a new feed is due at %v", b.feed.Due)
	}
	for _, bad := range []news.Feed{{SourceID: b.src.ID, URL: "gopher://x", Period: time.Hour}, {SourceID: b.src.ID, URL: "https://x.example.org/", Period: -1}, {SourceID: b.src.ID, URL: "https://x.example.org/", Period: time.Microsecond - 1}, {SourceID: 99, URL: "https://y.example.org/", Period: time.Hour}} {
		if _, added, err := b.AddFeed(b.ctx, bad); err == nil || added {
			t.Errorf("AddFeed(%+v): no error", bad)
		}
	}

	b.must(b.PauseFeed(b.ctx, b.feed.ID, true))
	l := b.lease()
	w, err := b.Due(b.ctx, l, 9)
	b.must(err)
	equal(t, "work while paused", w, Work{})
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	if at, ok, err := b.NextReady(b.ctx); ok || err != nil {
		t.Errorf("a host with a paused feed is ready at %v, %v", at, err)
	}
	now := b.clock.pass(time.Hour)
	b.must(b.PauseFeed(b.ctx, b.feed.ID, false))
	at, ok, err := b.NextReady(b.ctx)
	b.must(err)
	if !ok || !at.Equal(now) {
		t.Errorf("after waking ready at %v, %v", at, ok)
	}

	l = b.lease()
	_, err = b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: b.feed, Entries: []FoundEntry{{Address: address("https://courier.example.org/a")}}})
	b.must(err)
	b.must(b.RemoveFeed(b.ctx, b.feed.ID))
	wantErr(t, "remove again", b.RemoveFeed(b.ctx, b.feed.ID), ErrNotFound)
	wantErr(t, "pause what is gone", b.PauseFeed(b.ctx, b.feed.ID, true), ErrNotFound)
	_, err = b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: b.feed})
	wantErr(t, "visit to a feed that was removed", err, ErrNotFound)
	if _, err := b.Lookup(b.ctx, "courier.example.org/a"); err != nil {
		t.Errorf("the article went with its feed: %v", err)
	}
	feeds, err := b.Feeds(b.ctx, 0)
	b.must(err)
	equal(t, "feeds", len(feeds), 0)
}

func testFilters(t *testing.T, b *bench) {
	var want []news.Filter
	for _, f := range []news.Filter{
		{Field: news.FieldTitle, Pattern: "^Sport:"},
		{SourceID: b.src.ID, Field: news.FieldURL, Pattern: strings.Repeat("x", news.MaxPattern), Keep: true},
	} {
		f, err := b.AddFilter(b.ctx, f)
		b.must(err)
		want = append(want, f)
	}
	got, err := b.Filters(b.ctx)
	b.must(err)
	equal(t, "filters", got, want)
	for _, bad := range []news.Filter{{Field: news.FieldURL}, {Field: "colour", Pattern: "x"}, {SourceID: 77, Field: news.FieldURL, Pattern: "x"},
		{Field: news.FieldURL, Pattern: strings.Repeat("x", news.MaxPattern+1)}} {
		if _, err := b.AddFilter(b.ctx, bad); err == nil {
			t.Errorf("AddFilter(%.60v): no error", bad)
		}
	}
	b.must(b.RemoveFilter(b.ctx, want[0].ID))
	wantErr(t, "remove again", b.RemoveFilter(b.ctx, want[0].ID), ErrNotFound)
}

func testRequests(t *testing.T, b *bench) {
	const url = "https://new.example.org/"
	q, err := b.AddRequest(b.ctx, url, "new.example.org", "The New")
	b.must(err)
	b.clock.pass(time.Second)
	again, err := b.AddRequest(b.ctx, url, "new.example.org", "")
	b.must(err)
	equal(t, "the same pending URL", again, q)

	l, ok, err := b.LeaseNamed(b.ctx, "new.example.org", time.Minute)
	b.must(err)
	w, err := b.Due(b.ctx, l, 5)
	b.must(err)
	if !ok || len(w.Requests) != 1 || w.Requests[0] != q {
		t.Errorf("due: %+v", w)
	}
	other := l
	other.Token = "other"
	wantErr(t, "without the lease", b.FinishRequest(b.ctx, other, q.ID, true, ""), ErrLeaseLost)
	b.must(b.FinishRequest(b.ctx, l, q.ID, true, "a feed"))
	wantErr(t, "finished twice", b.FinishRequest(b.ctx, l, q.ID, false, ""), ErrConflict)
	wantErr(t, "no such request", b.FinishRequest(b.ctx, l, 99, false, ""), ErrNotFound)
	done, err := b.Request(b.ctx, q.ID)
	b.must(err)
	want := q
	want.State, want.Result, want.DoneAt, want.Due = RequestDone, "a feed", b.clock.t, time.Time{}
	equal(t, "finished", done, want)

	for _, bad := range []string{"", strings.Repeat("u", news.MaxAddress+1)} {
		if _, err := b.AddRequest(b.ctx, bad, "new.example.org", ""); err == nil {
			t.Errorf("request for %d bytes: no error", len(bad))
		}
	}
	second, err := b.AddRequest(b.ctx, url, "new.example.org", "")
	b.must(err)
	if second.ID == q.ID {
		t.Error("a finished request was given for a new one")
	}
	b.must(b.FinishRequest(b.ctx, l, second.ID, false, "HTTP 404"))
	all, err := b.Requests(b.ctx, 1)
	b.must(err)
	if len(all) != 1 || all[0].ID != second.ID || all[0].State != RequestFailed {
		t.Errorf("newest request: %+v", all)
	}
}

func testHealth(t *testing.T, b *bench) {
	_, err := b.AddSource(b.ctx, news.Source{Key: "asleep"})
	b.must(err)
	old := b.article("old")
	l := b.lease()
	b.publish(l, old.ID, content("Old", "x"))
	since := b.clock.pass(time.Hour)
	fresh := b.article("fresh")
	b.article("unread")
	b.publish(l, fresh.ID, content("Fresh", "x"))
	b.publish(l, fresh.ID, content("Fresh again", "x"))
	got, err := b.Health(b.ctx, since)
	b.must(err)
	equal(t, "health", got, map[string]int{"courier": 1, "asleep": 0})
	got, err = b.Health(b.ctx, time.Time{})
	b.must(err)
	equal(t, "health ever", got, map[string]int{"courier": 2, "asleep": 0})
	n, err := b.Totals(b.ctx)
	b.must(err)
	equal(t, "totals", n, Totals{Sources: 2, Feeds: 1, Articles: 3, Versions: 3, Changes: 1, LastVisit: b.clock.t, LastChange: b.clock.t})
	s, err := b.Source(b.ctx, "courier")
	b.must(err)
	equal(t, "source", s, SourceRow{Source: b.src, Feeds: 1, Articles: 3, Versions: 3, Changes: 1, LastVisit: b.clock.t, LastOK: b.clock.t, LastChange: b.clock.t})
}

func testNotFound(t *testing.T, b *bench) {
	checks := map[string]func() error{
		"source":   func() error { _, err := b.Source(b.ctx, "none"); return err },
		"article":  func() error { _, _, err := b.Article(b.ctx, 1); return err },
		"visiting": func() error { _, err := b.Visiting(b.ctx, 1); return err },
		"version":  func() error { _, err := b.Version(b.ctx, 1); return err },
		"number":   func() error { _, err := b.VersionByNumber(b.ctx, 1, 0); return err },
		"capture":  func() error { _, err := b.CaptureOf(b.ctx, 1); return err },
		"look-up":  func() error { _, err := b.Lookup(b.ctx, "none.example.org"); return err },
		"request":  func() error { _, err := b.Request(b.ctx, 1); return err },
		"hide":     func() error { return b.Hide(b.ctx, 1, "x") },
		"visit":    func() error { _, err := b.RecordVisit(b.ctx, b.visit(b.lease(), 1, news.Failed)); return err },
		"blob":     func() error { _, err := b.Blob(b.ctx, news.Sum(nil)); return err },
		"no blob":  func() error { _, err := b.Blob(b.ctx, news.Digest{}); return err },
	}
	for what, f := range checks {
		if err := f(); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), ": ") {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if a, err := b.ArticleVersions(b.ctx, 1); a != nil || err != nil {
		t.Errorf("versions of no article: %v, %v", a, err)
	}
}
