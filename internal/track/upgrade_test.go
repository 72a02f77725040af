package track

import (
	"fmt"
	"html"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet/bench/corpus"
	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// olderReading is what an earlier extractor might have read in the same page:
// a paragraph more, one less, or two of them as one.
func olderReading(c news.Content, number int) news.Content {
	c.Blocks = slices.Clone(c.Blocks)
	last := len(c.Blocks) - 1
	switch number % 3 {
	case 0:
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: "The paper, Quay Street 1"})
	case 1:
		c.Blocks = c.Blocks[:last]
	case 2:
		c.Blocks[last-1].Text += " " + c.Blocks[last].Text
		c.Blocks = c.Blocks[:last]
	}
	return c
}

// recordOlder records the first visit to an article as an earlier extractor
// would have: its reading, and the raw bytes of the capture.
func recordOlder(t *testing.T, w *world, lease store.Lease, art news.Article, number int, page []byte) {
	t.Helper()
	raw, err := w.store.PutBlob(t.Context(), page, news.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	read := extract.Read(extract.Page{Status: 200, ContentType: "text/html; charset=utf-8", Body: page})
	if read.Outcome != news.OK {
		t.Fatalf("page %d: %s (%s)", number, read.Outcome, read.Reason)
	}
	content := olderReading(read.Content, number)
	var keys []uint64
	for _, b := range content.Blocks {
		keys = append(keys, news.Key(b.Text))
	}
	slices.Sort(keys)
	_, err = w.store.RecordVisit(t.Context(), store.Visit{
		Lease: lease, ArticleID: art.ID, State: news.Live, Due: morning.Add(time.Hour), Period: time.Hour,
		Capture: news.Capture{URL: art.URL, FinalURL: art.URL, At: morning, Outcome: news.OK, Status: 200, WireSize: int64(len(page)),
			Raw: raw, Header: "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", Extractor: "stet-0"},
		Body: news.Sum(page), Keys: slices.Compact(keys), Extractor: "stet-0",
		Version: &news.Version{Content: content, Extractor: "stet-0"},
		Changes: []news.Change{{Type: news.VersionAppeared, Before: morning}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// upgraded fills a world with articles that an earlier extractor has read; their
// pages have not changed since, but for those that edited says.
func upgraded(t *testing.T, w *world, n int, edited func(number int) bool) {
	t.Helper()
	src, err := w.store.AddSource(t.Context(), news.Source{Key: "paper", Name: "The Lindhaven Post"})
	if err != nil {
		t.Fatal(err)
	}
	var arts []news.Article
	pages := corpus.Own(n, 31)
	for i := range pages {
		addr, err := news.ParseAddress(fmt.Sprintf("%s/news/%d", w.url, i), nil)
		if err != nil {
			t.Fatal(err)
		}
		art, _, err := w.store.AddArticle(t.Context(), src.ID, addr, "", "import", time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		arts = append(arts, art)
	}
	lease, ok, err := w.store.LeaseNamed(t.Context(), w.host, LeaseTime)
	if err != nil || !ok {
		t.Fatalf("no lease: %v", err)
	}
	for i, p := range pages {
		recordOlder(t, w, lease, arts[i], i, p.HTML)
		now := string(p.HTML)
		if edited(i) {
			now = strings.Replace(now, html.EscapeString(p.Paragraphs[3]), html.EscapeString(p.Paragraphs[3])+" It is not so, the board said.", 1)
		}
		w.page(fmt.Sprintf("/news/%d", i), func(int, time.Duration) reply { return reply{body: now} })
	}
	if err := w.store.ReleaseHost(t.Context(), lease, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

// The extractor was upgraded, and reads every page otherwise than the one that
// made the versions: not one article changed by it, and what was edited
// meanwhile is still found.
func TestExtractorUpgrade(t *testing.T) {
	const apart = 100 // every so many articles one was edited
	articles := 1000
	if testing.Short() {
		articles = 200
	}
	if n, err := strconv.Atoi(os.Getenv("STET_UPGRADE_ARTICLES")); err == nil {
		articles = max(n, apart) // 10,000 take minutes
	}
	w := newWorld(t)
	upgraded(t, w, articles, func(number int) bool { return number%apart == apart-1 })
	w.run(quick(t, w), 40*time.Hour)
	totals, err := w.store.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := articles + articles/apart; totals.Versions != want {
		t.Errorf("%d versions of %d articles, of which %d were edited; want %d", totals.Versions, articles, articles/apart, want)
	}
	for id := int64(1); id <= int64(articles); id++ {
		v, err := w.store.Visiting(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if v.BaselineExtractor != extract.Extractor() {
			t.Fatalf("article %d was not read by today's extractor: %q", id, v.BaselineExtractor)
		}
		if want := 1; v.Versions != want && int(id)%apart != 0 {
			t.Errorf("article %d has %d versions, want %d", id, v.Versions, want)
		}
	}
}

// quick is a tracker that paces a host as fast as it can, and talks to nobody.
func quick(t *testing.T, w *world) *Tracker {
	t.Helper()
	allow, err := crawl.ParseAllowNet(w.host[:len("127.0.0.1")] + "/32" + w.host[len("127.0.0.1"):])
	if err != nil {
		t.Fatal(err)
	}
	client, err := crawl.New(crawl.Options{Allow: allow, Pace: time.Millisecond, Now: w.Now, Sleep: w.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	tr, err := New(Options{Store: w.store, Client: client, Policy: schedule.Every(30 * 24 * time.Hour), Workers: 1, Raw: RawNone,
		Now: w.Now, Sleep: w.Sleep, Idle: time.Hour, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
