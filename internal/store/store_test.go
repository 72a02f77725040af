package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// A clock that tests move.
type clock struct{ t time.Time }

func newClock() *clock { return &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { return c.t }

func (c *clock) pass(d time.Duration) time.Time {
	c.t = c.t.Add(d)
	return c.t
}

// A bench is an open store with a clock and one source, feed and host.
type bench struct {
	*Store
	t     testing.TB
	ctx   context.Context
	clock *clock
	src   news.Source
	feed  news.Feed
}

func openStore(t testing.TB, o Options) *Store {
	t.Helper()
	o.DB = pgtest.For(t, o.Dir)
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newBench(t testing.TB) *bench {
	t.Helper()
	c := newClock()
	b := &bench{Store: openStore(t, Options{Dir: filepath.Join(t.TempDir(), "data"), Now: c.now}), t: t, ctx: t.Context(), clock: c}
	var err error
	b.src, err = b.AddSource(b.ctx, news.Source{Key: "courier", Name: "The Harbour Courier", Home: "https://courier.example.org/"})
	b.must(err)
	b.feed, _, err = b.AddFeed(b.ctx, news.Feed{SourceID: b.src.ID, URL: "https://courier.example.org/rss", Title: "Courier", Period: time.Hour})
	b.must(err)
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// address parses what is certain to parse.
func address(raw string) news.Address {
	a, err := news.ParseAddress(raw, nil)
	if err != nil {
		panic(err)
	}
	return a
}

// lease takes the courier's host for as long as can be.
func (b *bench) lease() Lease {
	b.t.Helper()
	l, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", MaxLease)
	b.must(err)
	if !ok {
		b.t.Fatal("courier.example.org is leased")
	}
	return l
}

// article adds the article of that name.
func (b *bench) article(name string) news.Article {
	b.t.Helper()
	a, added, err := b.AddArticle(b.ctx, b.src.ID, address("https://courier.example.org/"+name), "Title of "+name, "import", time.Time{}, time.Time{})
	b.must(err)
	if !added {
		b.t.Fatalf("article %s was known", name)
	}
	return a
}

// content is a text with that headline.
func content(headline string, paragraphs ...string) news.Content {
	c := news.Content{Headline: headline, Standfirst: "From our correspondent", Language: "en"}
	for _, p := range paragraphs {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
	}
	return c
}

// visit is a visit now that showed the article, for tests to fill in.
func (b *bench) visit(l Lease, articleID int64, outcome news.Outcome) Visit {
	return Visit{
		Lease: l, ArticleID: articleID, State: news.Live, Due: b.clock.t.Add(time.Hour), Period: time.Hour,
		Capture: news.Capture{URL: "https://courier.example.org/x", FinalURL: "https://courier.example.org/x", At: b.clock.t,
			Outcome: outcome, Status: 200, Extractor: "test/1", WireSize: 1234, RemoteAddr: "192.0.2.7:443"},
	}
}

// withVersion makes the visit one that recorded a new version.
func (v Visit) withVersion(number int, c news.Content) Visit {
	v.Version = &news.Version{Number: number, Content: c, Extractor: "test/1"}
	v.Changes = append(v.Changes, news.Change{Type: news.VersionAppeared, Before: v.Capture.At, WordsAdded: 1})
	return v
}

// record records the visit.
func (b *bench) record(v Visit) []news.Change {
	b.t.Helper()
	log, err := b.RecordVisit(b.ctx, v)
	b.must(err)
	return log
}

// publish records the next version of the article.
func (b *bench) publish(l Lease, articleID int64, c news.Content) []news.Change {
	b.t.Helper()
	b.clock.pass(time.Minute)
	a, _, err := b.Article(b.ctx, articleID)
	b.must(err)
	return b.record(b.visit(l, articleID, news.OK).withVersion(a.Versions, c))
}

// verify fails the test when the store breaks a promise.
func (b *bench) verify() Report {
	b.t.Helper()
	r, err := b.Verify(b.ctx, nil)
	b.must(err)
	if len(r.Problems) > 0 {
		b.t.Fatalf("verify:\n%s", strings.Join(r.Problems, "\n"))
	}
	return r
}

// contract lists what every database must do; each runs on a fresh store.
var contract = []struct {
	name string
	f    func(t *testing.T, b *bench)
}{
	{"sources are unique by key", testSources},
	{"a key has 1 to 64 plain characters", testKeys},
	{"feeds are unique by URL, pause, wake and go", testFeeds},
	{"filters", testFilters},
	{"a request is visited once", testRequests},
	{"the host that waited longest is leased first", testLeaseOrder},
	{"a lease that ran out is anyone's", testLeaseExpiry},
	{"a late holder is fenced off", testLeaseFence},
	{"the pace of a host is kept", testPace},
	{"a lease is never endless", testLeaseLimits},
	{"requests come before feeds, feeds before articles", testDue},
	{"a feed visit adds articles and signals updates", testFeedVisit},
	{"a feed paused during its visit stays paused", testFeedPausedMeanwhile},
	{"the pace of a feed is kept, its period is the operator's", testFeedPace},
	{"a new article on another host makes that host ready", testOtherHost},
	{"a first version", testFirstVersion},
	{"the same text again", testSighting},
	{"a confirming capture", testConfirm},
	{"two decided on version 1", testConflict},
	{"a headline test alternates", testReturn},
	{"gone and returned", testGone},
	{"moved, blocked, paywalled, and returned", testStates},
	{"what a live blog grew is no edit", testGrown},
	{"a memory is kept until there is another", testMemory},
	{"blocks held back are counted, and kept up to a limit", testHeld},
	{"a block that is on many articles is known", testRecurring},
	{"what is old and was seen once is forgotten", testPrune},
	{"an event goes on until it ends", testEvents},
	{"what a page reserves is kept, and hides it when told to", testReserved},
	{"a host that lies is known", testHonesty},
	{"an outage gives back what it took", testOutage},
	{"rules that keep blocks out", testIgnores},
	{"a browser is used where it was asked for", testRender},
	{"the figures of an hour add up", testPulses},
	{"witnesses are live, of the same host, and were seen", testSiblings},
	{"bodies that are kept can be walked", testCapturesWithRaw},
	{"a derived text stands beside its version", testDerived},
	{"an appraisal stands beside its change", testAppraisals},
	{"other rules begin anew", testAppraisalBasis},
	{"an appraisal is of a change of a text", testAppraisalRefused},
	{"findings are kept as far as there is room", testFindingsCapped},
	{"a clock that stepped back loses no change", testClockBack},
	{"an article moves to another host", testMove},
	{"two addresses turn out to be one article", testDuplicate},
	{"a visit that contradicts itself is refused whole", testContradictions},
	{"all that a visit taught is there at the next", testVisiting},
	{"texts are counted by identity", testCountIdentity},
	{"followers read the log from their cursor", testCursors},
	{"lists are cut into pages", testPages},
	{"hidden articles are nowhere in lists", testHide},
	{"search", testSearch},
	{"the index follows the log", testIndex},
	{"health and totals", testHealth},
	{"nothing there", testNotFound},
}

func TestContract(t *testing.T) {
	for _, c := range contract {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c.f(t, b)
			b.verify()
		})
	}
}

// equal compares by the way values print, which is enough for plain values.
func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// wantErr checks that err is of that kind.
func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}
