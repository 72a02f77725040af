package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/search"
)

func testCursors(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	for i := range 3 {
		b.publish(l, a.ID, content("A", fmt.Sprint(i)))
	}
	head, err := b.Head(b.ctx)
	b.must(err)
	equal(t, "head", head, 3)
	log, err := b.Changes(b.ctx, 1, 1)
	b.must(err)
	if len(log) != 1 || log[0].Seq != 2 {
		t.Errorf("after 1: %+v", log)
	}
	b.must(b.SetCursor(b.ctx, "notify", 3))
	b.must(b.SetCursor(b.ctx, "notify", 0))
	b.must(b.SetCursor(b.ctx, "notify", 2))
	seq, err := b.Cursor(b.ctx, "notify")
	b.must(err)
	equal(t, "cursor", seq, 2)
	seq, err = b.Cursor(b.ctx, "never")
	b.must(err)
	equal(t, "a follower's first cursor", seq, 0)
	for _, bad := range []int64{-1, 4} {
		if err := b.SetCursor(b.ctx, "notify", bad); err == nil {
			t.Errorf("cursor at %d: no error", bad)
		}
	}
	if err := b.SetCursor(b.ctx, strings.Repeat("n", 65), 1); err == nil {
		t.Error("a name of 65 characters: no error")
	}
}

func testPages(t *testing.T, b *bench) {
	other, err := b.AddSource(b.ctx, news.Source{Key: "aurora", Name: "Aurora"})
	b.must(err)
	l := b.lease()
	for i := range 3 {
		a := b.article(fmt.Sprint("a", i))
		b.publish(l, a.ID, content("First", a.URL))
		b.publish(l, a.ID, content("Second", a.URL))
	}
	x, _, err := b.AddArticle(b.ctx, other.ID, address("https://aurora.example.org/x"), "X", "import", time.Time{}, time.Time{})
	b.must(err)
	tests := []struct {
		name  string
		q     VersionQuery
		ids   string
		total int
	}{
		{"all, newest first", VersionQuery{Page: Page{1, 10}}, "654321", 6},
		{"first page", VersionQuery{Page: Page{1, 4}}, "6543", 6},
		{"second page", VersionQuery{Page: Page{2, 4}}, "21", 6},
		{"past the end", VersionQuery{Page: Page{3, 4}}, "", 6},
		{"no page is page 1 of size 1", VersionQuery{}, "6", 6},
		{"negative", VersionQuery{Page: Page{-1, -1}}, "6", 6},
		{"a page number without end", VersionQuery{Page: Page{1 << 62, 1 << 62}}, "", 6},
		{"changed only", VersionQuery{Page: Page{1, 10}, ChangedOnly: true}, "642", 3},
		{"of a source", VersionQuery{Page: Page{1, 10}, SourceKey: "courier", ChangedOnly: true}, "642", 3},
		{"of a source without", VersionQuery{Page: Page{1, 10}, SourceKey: "aurora"}, "", 0},
		{"of no source", VersionQuery{Page: Page{1, 10}, SourceKey: "none"}, "", 0},
		{"of an article", VersionQuery{Page: Page{1, 10}, ArticleID: 2}, "43", 2},
		{"of an article, changed only", VersionQuery{Page: Page{1, 10}, ArticleID: 2, ChangedOnly: true}, "4", 1},
		{"of an article of another source", VersionQuery{Page: Page{1, 10}, ArticleID: 2, SourceKey: "aurora"}, "", 0},
	}
	for _, tt := range tests {
		rows, total, err := b.VersionList(b.ctx, tt.q)
		b.must(err)
		ids := ""
		for _, r := range rows {
			ids += fmt.Sprint(r.ID)
		}
		if ids != tt.ids || total != tt.total {
			t.Errorf("%s: %s of %d, want %s of %d", tt.name, ids, total, tt.ids, tt.total)
		}
	}
	rows, _, err := b.VersionList(b.ctx, VersionQuery{})
	b.must(err)
	r := rows[0]
	if r.SourceKey != "courier" || r.SourceName != "The Harbour Courier" || r.Versions != 2 || r.Number != 1 || r.Change.VersionID != r.ID || r.Words != 1 ||
		r.URL != "https://courier.example.org/a2" || r.State != news.Live || r.Headline != "Second" || r.Seen.Sightings != 1 {
		t.Errorf("row: %+v", r)
	}

	for _, tt := range []struct {
		name  string
		q     ArticleQuery
		n     int
		total int
	}{
		{"all", ArticleQuery{Page: Page{1, 9}}, 4, 4},
		{"a page", ArticleQuery{Page: Page{2, 3}}, 1, 4},
		{"new ones", ArticleQuery{Page: Page{1, 9}, State: news.New}, 1, 1},
		{"live ones of a source", ArticleQuery{Page: Page{1, 9}, State: news.Live, SourceKey: "courier"}, 3, 3},
		{"gone ones", ArticleQuery{Page: Page{1, 9}, State: news.StateGone}, 0, 0},
	} {
		rows, total, err := b.ArticleList(b.ctx, tt.q)
		b.must(err)
		if len(rows) != tt.n || total != tt.total {
			t.Errorf("articles, %s: %d of %d", tt.name, len(rows), total)
		}
		if len(rows) == 4 && (rows[0].Article.ID != x.ID || rows[0].SourceKey != "aurora") {
			t.Errorf("newest article: %+v", rows[0])
		}
	}
}

func TestPageBounds(t *testing.T) {
	for _, tt := range []struct{ p, want Page }{{Page{1, MaxPageSize}, Page{MaxPageSize, 0}}, {Page{2, MaxPageSize + 1}, Page{MaxPageSize, MaxPageSize}}, {Page{0, 0}, Page{1, 0}}} {
		limit, offset := tt.p.bounds()
		if limit != tt.want.Number || offset != tt.want.Size {
			t.Errorf("%+v: limit %d offset %d", tt.p, limit, offset)
		}
	}
}

func testHide(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("Secret bridge", "x"))
	b.publish(l, a.ID, content("Secret bridge", "y"))
	_, err := b.IndexChanges(b.ctx, 9)
	b.must(err)
	seen := func() string {
		_, n1, err := b.VersionList(b.ctx, VersionQuery{})
		b.must(err)
		_, n2, err := b.VersionList(b.ctx, VersionQuery{ArticleID: a.ID, ChangedOnly: true})
		b.must(err)
		rows, _, err := b.VersionList(b.ctx, VersionQuery{SourceKey: "courier"})
		b.must(err)
		_, n3, err := b.ArticleList(b.ctx, ArticleQuery{})
		b.must(err)
		_, n4, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: "bridge"}}}, Page{})
		b.must(err)
		return fmt.Sprint(n1, n2, len(rows), n3, n4)
	}
	equal(t, "before", seen(), "2 1 1 1 1")
	b.must(b.Hide(b.ctx, a.ID, "court order of Port Amber"))
	equal(t, "hidden", seen(), "0 0 0 0 0")
	b.publish(l, a.ID, content("Secret bridge", "z"))
	_, err = b.IndexChanges(b.ctx, 9)
	b.must(err)
	equal(t, "hidden, a version later", seen(), "0 0 0 0 0")
	b.verify()
	art, _, err := b.Article(b.ctx, a.ID)
	b.must(err)
	if art.Hidden == "" || art.Versions != 3 {
		t.Errorf("article: %+v", art)
	}
	b.must(b.Hide(b.ctx, a.ID, ""))
	equal(t, "shown again", seen(), "3 2 1 1 1")
}

func testSearch(t *testing.T, b *bench) {
	l := b.lease()
	for i, c := range []news.Content{
		content("Bridge closed", "Twelve cars wait at the old town gate."),
		content("Café opens", "The mayor crossed the bridge; nobody closed it."),
		{Headline: "نعم", Blocks: []news.Block{{Kind: news.Paragraph, Text: "الجسر مغلق"}}},
	} {
		a := b.article(string(rune('a' + i)))
		b.clock.pass(24 * time.Hour)
		v := b.visit(l, a.ID, news.OK).withVersion(0, c)
		v.Language = []string{"en", "en-GB", "ar"}[i]
		b.record(v)
	}
	b.publish(l, 1, content("Bridge open", "Twelve cars crossed."))
	if _, total, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: "bridge"}}}, Page{}); total != 0 || err != nil {
		t.Errorf("found %d before the index: %v", total, err)
	}
	_, err := b.IndexChanges(b.ctx, 100)
	b.must(err)
	tests := []struct{ query, want string }{
		{"", ""},
		{"bridge", "ba"},
		{"BRIDGE crossed", "ba"},
		{`"the bridge"`, "b"},
		{"title:bridge", "a"},
		{"closed", "b"}, // the text of article a has changed
		{"bridge -mayor", "a"},
		{"-bridge", "c"},
		{"-bridge -closed", "c"},
		{"cafe", "b"},
		{"crosses", "ba"}, // stemmed
		{"may*", "b"},
		{"الجسر", "c"},
		{"lang:en", "ba"},
		{"lang:en-gb", "b"},
		{"lang:e", ""},
		{"source:courier", "cba"},
		{"source:none bridge", ""},
		{"version:0", "cba"},
		{"version:1", "a"},
		{"version:2", ""},
		{"after:2026-03-05", "ca"},
		{"before:2026-03-05", "b"},
		{"after:2026-03-04 before:2026-03-05 bridge", "b"},
		{`bridge" OR "NEAR(`, ""},
		{"headline:x AND NOT", ""},
		{"town", ""},
	}
	for _, tt := range tests {
		q, err := search.Parse(tt.query)
		b.must(err)
		rows, total, err := b.Search(b.ctx, q, Page{1, 10})
		if err != nil {
			t.Errorf("%s: %v", tt.query, err)
			continue
		}
		got := ""
		for _, r := range rows {
			got += r.URL[len(r.URL)-1:]
		}
		if got != tt.want || total != len(tt.want) {
			t.Errorf("%q: %s of %d, want %s", tt.query, got, total, tt.want)
		}
	}
	rows, total, err := b.Search(b.ctx, search.Query{Source: "courier"}, Page{2, 2})
	b.must(err)
	if len(rows) != 1 || total != 3 || rows[0].Number != 1 || rows[0].Headline != "Bridge open" {
		t.Errorf("second page: %+v of %d", rows, total)
	}
}

func testIndex(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	for i := range 5 {
		b.publish(l, a.ID, content("A", fmt.Sprint("word", i)))
	}
	for _, want := range []int{2, 2, 1, 0} {
		n, err := b.IndexChanges(b.ctx, 2)
		b.must(err)
		if n != want {
			t.Errorf("indexed %d, want %d", n, want)
		}
		b.verify()
	}
	find := func(word string) int {
		_, n, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: word}}}, Page{})
		b.must(err)
		return n
	}
	if find("word4") != 1 || find("word3") != 0 {
		t.Error("the index holds another text than the newest")
	}
	b.must(b.SetCursor(b.ctx, SearchCursor, 0)) // all over again
	n, err := b.IndexChanges(b.ctx, 100)
	b.must(err)
	if n != 5 || find("word4") != 1 {
		t.Errorf("indexed again: %d", n)
	}
}
