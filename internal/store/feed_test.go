package store

import (
	"testing"
	"time"

	"stet/internal/news"
)

func testFeedVisit(t *testing.T, b *bench) {
	l := b.lease()
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	entry := func(name string, updated time.Time) FoundEntry {
		return FoundEntry{Address: address("https://courier.example.org/" + name), GUID: "g-" + name, Title: "T " + name, Published: day, Updated: updated}
	}
	visit := func(entries ...FoundEntry) FeedResult {
		f := b.feed
		f.Due, f.LastVisit, f.LastOK, f.LastOutcome, f.ETag, f.Entries = b.clock.t.Add(time.Hour), b.clock.t, b.clock.t, news.OK, `"v1"`, len(entries)
		res, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f, Entries: entries})
		b.must(err)
		return res
	}
	equal(t, "first visit; one entry twice", visit(entry("a", day), entry("b", time.Time{}), entry("a", day)), FeedResult{Added: 2, Known: 1})

	id, err := b.Lookup(b.ctx, "courier.example.org/a")
	b.must(err)
	a, _, err := b.Article(b.ctx, id)
	b.must(err)
	equal(t, "the new article", a, news.Article{ID: id, SourceID: b.src.ID, URL: "https://courier.example.org/a", State: news.New, Headline: "T a",
		FoundAt: b.clock.t, Published: day, Due: b.clock.t})
	equal(t, "an update of one that is new", visit(entry("a", day.Add(time.Hour))), FeedResult{Known: 1})

	b.record(b.visit(l, id, news.OK).withVersion(0, content("A", "text")))
	equal(t, "no later than before", visit(entry("a", day.Add(time.Hour))), FeedResult{Known: 1})
	now := b.clock.pass(time.Minute)
	equal(t, "later than before", visit(entry("a", day.Add(2*time.Hour))), FeedResult{Known: 1, Signalled: 1})
	a, _, err = b.Article(b.ctx, id)
	b.must(err)
	if !a.Due.Equal(now) {
		t.Errorf("signalled at %v, due at %v", now, a.Due)
	}
	equal(t, "due already", visit(entry("a", day.Add(3*time.Hour))), FeedResult{Known: 1})
	b.record(b.visit(l, id, news.Unchanged))
	equal(t, "back and forth", visit(entry("a", day), entry("a", day.Add(3*time.Hour))), FeedResult{Known: 2})
	equal(t, "without a time before", visit(entry("b", day)), FeedResult{Known: 1})

	feeds, err := b.Feeds(b.ctx, b.src.ID)
	b.must(err)
	if f := feeds[0]; f.LastOutcome != news.OK || f.ETag != `"v1"` || !f.LastOK.Equal(now) || f.Entries != 1 || !f.Due.Equal(now.Add(time.Hour)) {
		t.Errorf("feed after its visits: %+v", f)
	}
	if _, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: feeds[0], Entries: []FoundEntry{entry("c", day), {Title: "no address"}}}); err == nil {
		t.Error("an entry without an address: no error")
	}
	if _, err := b.Lookup(b.ctx, "courier.example.org/c"); err == nil {
		t.Error("half a feed visit was recorded")
	}
}

func testFeedPausedMeanwhile(t *testing.T, b *bench) {
	l := b.lease()
	b.must(b.PauseFeed(b.ctx, b.feed.ID, true))
	f := b.feed
	f.Due = b.clock.t.Add(time.Hour)
	_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f})
	b.must(err)
	feeds, err := b.Feeds(b.ctx, 0)
	b.must(err)
	if !feeds[0].Due.IsZero() {
		t.Errorf("woken by its visit: due %v", feeds[0].Due)
	}
}

func testOtherHost(t *testing.T, b *bench) {
	l := b.lease()
	due := b.clock.t.Add(5 * time.Minute)
	_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: b.feed, Entries: []FoundEntry{
		{Address: address("https://live.example.net/x"), Due: due}, {Address: address("https://live.example.net/y"), Due: due.Add(-time.Minute)}}})
	b.must(err)
	b.clock.pass(time.Second) // the courier is leased still
	if l := b.leaseAny(time.Minute); l.Host != "" {
		t.Errorf("leased %q too early", l.Host)
	}
	b.must(b.ReleaseHost(b.ctx, l, b.clock.t.Add(time.Hour)))
	at, ok, err := b.NextReady(b.ctx)
	b.must(err)
	if !ok || !at.Equal(due.Add(-time.Minute)) {
		t.Errorf("next host ready at %v, want %v", at, due.Add(-time.Minute))
	}
	b.clock.pass(5 * time.Minute)
	if l := b.leaseAny(time.Minute); l.Host != "live.example.net" {
		t.Errorf("leased %q", l.Host)
	}
}

func testFeedPace(t *testing.T, b *bench) {
	l := b.lease()
	f := b.feed
	f.Due, f.LastVisit, f.Period, f.TTL, f.OutrunAt = b.clock.t.Add(time.Hour), b.clock.t, time.Minute, time.Hour, b.clock.t
	f.Pace = news.FeedPace{Slow: 1.5, Hours: 30.25, Fast: 0.125, Fill: 20 * time.Minute, Window: 2, Listed: []uint64{1 << 63, 7, 0}}
	visit := func() error {
		_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f})
		return err
	}
	b.must(visit())
	f.Period = b.feed.Period // the operator's word
	feeds, err := b.Feeds(b.ctx, b.src.ID)
	b.must(err)
	equal(t, "feed with its pace", feeds[0], f)
	f.Pace.Listed = make([]uint64, news.MaxListed)
	b.must(visit())
	f.Pace.Listed = append(f.Pace.Listed, 1)
	if visit() == nil {
		t.Error("more than MaxListed names were kept")
	}

	period := func(want time.Duration, due time.Time) {
		t.Helper()
		feeds, err := b.Feeds(b.ctx, b.src.ID)
		b.must(err)
		if got := feeds[0]; got.Period != want || !got.Due.Equal(due) || len(got.Pace.Listed) != news.MaxListed {
			t.Errorf("period %v, due %v; want %v, %v", got.Period, got.Due, want, due)
		}
	}
	b.must(b.SetFeedPeriod(b.ctx, f.ID, 0))
	period(0, f.Due)
	b.must(b.SetFeedPeriod(b.ctx, f.ID, 2*time.Hour))
	period(2*time.Hour, f.Due)
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	b.must(b.SetFeedPeriod(b.ctx, f.ID, 20*time.Minute))
	period(20*time.Minute, b.clock.t.Add(20*time.Minute))
	at, ok, err := b.NextReady(b.ctx)
	b.must(err)
	if !ok || !at.Equal(b.clock.t.Add(20*time.Minute)) {
		t.Errorf("host ready at %v, %v", at, ok)
	}
	b.must(b.PauseFeed(b.ctx, f.ID, true))
	b.must(b.SetFeedPeriod(b.ctx, f.ID, time.Hour))
	period(time.Hour, time.Time{})
	if b.SetFeedPeriod(b.ctx, f.ID, -time.Second) == nil {
		t.Error("a negative period")
	}
	wantErr(t, "period of what is not there", b.SetFeedPeriod(b.ctx, 99, 0), ErrNotFound)
}
