package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
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
	of := func(size int, before, after int64) Page { return Page{size, before, after} }
	tests := []struct {
		name string
		q    VersionQuery
		ids  string
		ends Ends
	}{
		{"all, newest first", VersionQuery{Page: of(10, 0, 0)}, "654321", Ends{}},
		{"exactly all", VersionQuery{Page: of(6, 0, 0)}, "654321", Ends{}},
		{"first page", VersionQuery{Page: of(4, 0, 0)}, "6543", Ends{0, 3}},
		{"second page", VersionQuery{Page: of(4, 3, 0)}, "21", Ends{2, 0}},
		{"between", VersionQuery{Page: of(2, 5, 0)}, "43", Ends{4, 3}},
		{"above, a whole page", VersionQuery{Page: of(2, 0, 2)}, "43", Ends{4, 3}},
		{"above, less than a page: the newest", VersionQuery{Page: of(4, 0, 4)}, "6543", Ends{0, 3}},
		{"above, exactly a page", VersionQuery{Page: of(4, 0, 2)}, "6543", Ends{0, 3}},
		{"above the newest: the newest", VersionQuery{Page: of(4, 0, 99)}, "6543", Ends{0, 3}},
		{"past the end", VersionQuery{Page: of(4, 1, 0)}, "", Ends{1, 0}},
		{"below a version that is not there", VersionQuery{Page: of(2, 99, 0)}, "65", Ends{0, 5}},
		{"below goes before above", VersionQuery{Page: of(2, 3, 4)}, "21", Ends{2, 0}},
		{"no page is one line", VersionQuery{}, "6", Ends{0, 6}},
		{"negative", VersionQuery{Page: of(-1, -1, -1)}, "6", Ends{0, 6}},
		{"numbers without end", VersionQuery{Page: of(1<<62, 1<<62, 1<<62)}, "654321", Ends{}},
		{"changed only", VersionQuery{Page: of(2, 0, 0), ChangedOnly: true}, "64", Ends{0, 4}},
		{"changed only, between", VersionQuery{Page: of(1, 6, 0), ChangedOnly: true}, "4", Ends{4, 4}},
		{"of a source", VersionQuery{Page: of(4, 0, 0), SourceKey: "courier"}, "6543", Ends{0, 3}},
		{"of a source, changed only", VersionQuery{Page: of(10, 0, 0), SourceKey: "courier", ChangedOnly: true}, "642", Ends{}},
		{"of a source, changed only, above", VersionQuery{Page: of(1, 0, 2), SourceKey: "courier", ChangedOnly: true}, "4", Ends{4, 4}},
		{"of a source without", VersionQuery{Page: of(10, 0, 0), SourceKey: "aurora"}, "", Ends{}},
		{"of no source", VersionQuery{Page: of(10, 0, 0), SourceKey: "none"}, "", Ends{}},
		{"of an article", VersionQuery{Page: of(10, 0, 0), ArticleID: 2}, "43", Ends{}},
		{"of an article, its first page", VersionQuery{Page: of(1, 0, 0), ArticleID: 2}, "4", Ends{0, 4}},
		{"of an article, its second page", VersionQuery{Page: of(1, 4, 0), ArticleID: 2}, "3", Ends{3, 0}},
		{"of an article, above", VersionQuery{Page: of(1, 0, 3), ArticleID: 2}, "4", Ends{0, 4}},
		{"of an article, changed only", VersionQuery{Page: of(10, 0, 0), ArticleID: 2, ChangedOnly: true}, "4", Ends{}},
		{"of an article of another source", VersionQuery{Page: of(10, 0, 0), ArticleID: 2, SourceKey: "aurora"}, "", Ends{}},
	}
	for _, tt := range tests {
		rows, ends, err := b.VersionList(b.ctx, tt.q)
		b.must(err)
		ids := ""
		for _, r := range rows {
			ids += fmt.Sprint(r.ID)
		}
		if ids != tt.ids || ends != tt.ends {
			t.Errorf("%s: %s %+v, want %s %+v", tt.name, ids, ends, tt.ids, tt.ends)
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
		name string
		q    ArticleQuery
		n    int
		ends Ends
	}{
		{"all", ArticleQuery{Page: of(9, 0, 0)}, 4, Ends{}},
		{"a page", ArticleQuery{Page: of(3, 0, 0)}, 3, Ends{0, 2}},
		{"the next page", ArticleQuery{Page: of(3, 2, 0)}, 1, Ends{1, 0}},
		{"new ones", ArticleQuery{Page: of(9, 0, 0), State: news.New}, 1, Ends{}},
		{"live ones of a source", ArticleQuery{Page: of(9, 0, 0), State: news.Live, SourceKey: "courier"}, 3, Ends{}},
		{"of a source, above", ArticleQuery{Page: of(1, 0, 1), SourceKey: "courier"}, 1, Ends{2, 2}},
		{"gone ones", ArticleQuery{Page: of(9, 0, 0), State: news.StateGone}, 0, Ends{}},
	} {
		rows, ends, err := b.ArticleList(b.ctx, tt.q)
		b.must(err)
		if len(rows) != tt.n || ends != tt.ends {
			t.Errorf("articles, %s: %d, %+v, want %d, %+v", tt.name, len(rows), ends, tt.n, tt.ends)
		}
		if len(rows) == 4 && (rows[0].Article.ID != x.ID || rows[0].SourceKey != "aurora") {
			t.Errorf("newest article: %+v", rows[0])
		}
	}
}

func TestPageSize(t *testing.T) {
	for size, want := range map[int]int{-1: 1, 0: 1, 1: 1, MaxPageSize: MaxPageSize, MaxPageSize + 1: MaxPageSize} {
		equal(t, fmt.Sprint("size of ", size), (Page{Size: size}).size(), want)
	}
}

// TestMuchIsHidden: a page looks at MaxPageWalk keys at most. With as many hidden
// versions in a row it still finds the line behind them or says that there is none;
// with one more it ends, and the next page goes on where it stopped.
func TestMuchIsHidden(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	l := b.lease()
	shown, hidden := b.article("shown"), b.article("hidden")
	b.publish(l, shown.ID, content("A", "x"))
	b.publish(l, hidden.ID, content("B", "x"))
	copies := func(n int) {
		b.must(b.write(b.ctx, "copies", func(t *tx) error {
			for _, q := range []string{
				`INSERT INTO capture (article_id, url, final_url, at, outcome, reason, status, header, wire_size, encoding, remote_addr, extractor)
					SELECT article_id, url, final_url, at, outcome, reason, status, header, wire_size, encoding, remote_addr, extractor FROM capture, s WHERE id = 2`,
				`INSERT INTO version (article_id, source_id, number, capture_id, digest, identity, headline, words, extractor, encoding, body)
					SELECT article_id, source_id, (SELECT max(number) FROM version) + k, (SELECT max(capture_id) FROM version) + k, digest, identity, headline, words, extractor, encoding, body FROM version, s WHERE id = 2`,
				`INSERT INTO change (article_id, type, version_id, number, recorded_at, before_at, headline, words_added, words_removed, silent, note)
					SELECT article_id, type, (SELECT max(version_id) FROM change) + k, (SELECT max(number) FROM change) + k, recorded_at, before_at, headline, words_added, words_removed, silent, note FROM change, s WHERE seq = 2`,
			} {
				if _, err := t.ExecContext(b.ctx, strings.Replace(q, "INSERT", fmt.Sprintf("WITH RECURSIVE s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < %d) INSERT", n), 1)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	copies(MaxPageWalk - 2) // with the first, and the one that is shown: MaxPageWalk keys
	b.must(b.Hide(b.ctx, hidden.ID, "court order of Port Amber"))
	for _, q := range []VersionQuery{{}, {SourceKey: "courier"}} {
		q.Page = Page{Size: 3}
		rows, ends, err := b.VersionList(b.ctx, q)
		b.must(err)
		if len(rows) != 1 || rows[0].ID != 1 || ends.Newer != 0 {
			t.Errorf("%+v: %d rows, %+v", q, len(rows), ends)
		}
	}
	copies(1)
	for _, q := range []VersionQuery{{}, {SourceKey: "courier"}} {
		q.Page = Page{Size: 3}
		rows, ends, err := b.VersionList(b.ctx, q)
		b.must(err)
		equal(t, "one more", fmt.Sprint(len(rows), ends), "0 {0 2}")
		q.Before = ends.Older
		rows, ends, err = b.VersionList(b.ctx, q)
		b.must(err)
		equal(t, "goes on", fmt.Sprint(len(rows), ends), fmt.Sprint(1, " ", Ends{Newer: MaxPageWalk + 1}))
		q.Page = Page{Size: 3, After: ends.Newer}
		rows, ends, err = b.VersionList(b.ctx, q)
		b.must(err)
		equal(t, "above all: the newest page", fmt.Sprint(len(rows), ends), "0 {0 2}")
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
		page := Page{Size: 9}
		n1, _, err := b.VersionList(b.ctx, VersionQuery{Page: page})
		b.must(err)
		n2, _, err := b.VersionList(b.ctx, VersionQuery{Page: page, ArticleID: a.ID, ChangedOnly: true})
		b.must(err)
		n3, _, err := b.VersionList(b.ctx, VersionQuery{Page: page, SourceKey: "courier"})
		b.must(err)
		n4, _, err := b.ArticleList(b.ctx, ArticleQuery{Page: page})
		b.must(err)
		n5, _, err := b.ArticleList(b.ctx, ArticleQuery{Page: page, SourceKey: "courier", State: news.Live})
		b.must(err)
		_, n6, _, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: "bridge"}}}, page)
		b.must(err)
		return fmt.Sprint(len(n1), len(n2), len(n3), len(n4), len(n5), n6)
	}
	equal(t, "before", seen(), "2 1 2 1 1 1")
	b.must(b.Hide(b.ctx, a.ID, "court order of Port Amber"))
	equal(t, "hidden", seen(), "0 0 0 0 0 0")
	b.publish(l, a.ID, content("Secret bridge", "z"))
	_, err = b.IndexChanges(b.ctx, 9)
	b.must(err)
	equal(t, "hidden, a version later", seen(), "0 0 0 0 0 0")
	b.verify()
	art, _, err := b.Article(b.ctx, a.ID)
	b.must(err)
	if art.Hidden == "" || art.Versions != 3 {
		t.Errorf("article: %+v", art)
	}
	b.must(b.Hide(b.ctx, a.ID, ""))
	equal(t, "shown again", seen(), "3 2 3 1 1 1")
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
	if _, total, _, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: "bridge"}}}, Page{}); total != 0 || err != nil {
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
		rows, total, _, err := b.Search(b.ctx, q, Page{Size: 10})
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
	for _, tt := range []struct {
		p    Page
		want string
	}{{Page{Size: 2}, "cb, 3, {0 2}"}, {Page{Size: 2, Before: 2}, "a, 3, {1 0}"}, {Page{Size: 1, After: 1}, "b, 3, {2 2}"}} {
		rows, total, ends, err := b.Search(b.ctx, search.Query{Source: "courier"}, tt.p)
		b.must(err)
		got := ""
		for _, r := range rows {
			got += r.URL[len(r.URL)-1:]
		}
		equal(t, fmt.Sprintf("page %+v", tt.p), fmt.Sprintf("%s, %d, %v", got, total, ends), tt.want)
		if last := rows[len(rows)-1]; tt.p.Before > 0 && (last.Number != 1 || last.Headline != "Bridge open") {
			t.Errorf("the last: %+v", last)
		}
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
		_, n, _, err := b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: word}}}, Page{})
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
