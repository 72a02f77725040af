package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
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

// lease takes the courier's host.
func (b *bench) lease() Lease {
	b.t.Helper()
	l, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", time.Minute)
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

func TestSmoke(t *testing.T) {
	b := newBench(t)
	a := b.article("bridge")
	l := b.lease()
	b.publish(l, a.ID, content("Bridge closed", "Twelve cars wait."))
	b.publish(l, a.ID, content("Bridge open", "Fifteen cars crossed."))
	w, err := b.Due(b.ctx, l, 10)
	b.must(err)
	v, err := b.Visiting(b.ctx, a.ID)
	b.must(err)
	rows, n, err := b.VersionList(b.ctx, VersionQuery{SourceKey: "courier", ChangedOnly: true})
	b.must(err)
	m, err := b.IndexChanges(b.ctx, 10)
	b.must(err)
	b.must(b.ReleaseHost(b.ctx, l, b.clock.t.Add(time.Second)))
	tot, err := b.Totals(b.ctx)
	b.must(err)
	fmt.Printf("%+v\n%+v\n%+v %d\n%d %+v\n", w, v, rows, n, m, tot)
}
