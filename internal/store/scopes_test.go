package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
	"stet/internal/search"
)

// indexAll brings the index up to the end of the log.
func (b *bench) indexAll() {
	b.t.Helper()
	for n := 1; n > 0; {
		var err error
		n, err = b.IndexChanges(b.ctx, 7)
		b.must(err)
	}
}

// found gives the last letters of the addresses of what a query finds.
func (b *bench) found(text string) string {
	b.t.Helper()
	q, err := search.Parse(text)
	b.must(err)
	rows, total, _, err := b.Search(b.ctx, q, Page{Size: MaxPageSize})
	if err != nil {
		b.t.Fatalf("%s: %v", text, err)
	}
	if len(rows) != total {
		b.t.Errorf("%s: %d rows of %d", text, len(rows), total)
	}
	var out strings.Builder
	for _, r := range rows {
		out.WriteString(r.URL[len(r.URL)-1:])
	}
	return out.String()
}

// told records a version of an article in a language.
func (b *bench) told(l Lease, a news.Article, language string, number int, headline string, paragraphs ...string) {
	b.t.Helper()
	b.clock.pass(time.Minute)
	v := b.visit(l, a.ID, news.OK).withVersion(number, content(headline, paragraphs...))
	v.Language = language
	b.record(v)
}

// TestScopes: each scope finds what it says, and excludes in the same texts.
func TestScopes(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	x, y := b.article("x"), b.article("y")
	b.told(l, x, "en", 0, "Mayor denies claim", "The mayor said nothing. Crowds waited at the ferry.")
	b.told(l, x, "en", 1, "Mayor admits claim", "The mayor said nothing. A lawyer arrived.")
	b.told(l, x, "en", 2, "Mayor resigns", "The mayor said nothing. The harbour closed early.")
	b.told(l, y, "en", 0, "Ferry runs again", "Crowds cheered. The lawyer left.")
	b.indexAll()
	b.verify()
	for query, want := range map[string]string{
		"mayor":                        "x",
		"crowds":                       "y",
		"crowds in:removed":            "x",
		"crowds in:any":                "yx",
		"crowds in:added":              "",
		"lawyer in:added":              "x",
		"lawyer in:removed":            "x",
		"lawyer":                       "y",
		"harbour in:added":             "x",
		"harbour in:removed":           "",
		`"crowds waited" in:removed`:   "x",
		`"crowds waited" in:any`:       "x",
		`"waited crowds" in:any`:       "",
		"denies in:headlines":          "x",
		"admits in:removed":            "x",
		"title:denies":                 "",
		"title:denies in:any":          "x",
		"title:lawyer in:any":          "",
		"title:resigns in:headlines":   "x",
		"claim -ferry":                 "",
		"claim -harbour in:removed":    "x",
		"claim -ferry in:removed":      "",
		"lawyer -claim in:any":         "y",
		"-crowds":                      "x",
		"-crowds in:any":               "",
		"lawyer crowds in:removed":     "x",
		"admi* in:any":                 "x",
		"in:removed":                   "",
		"source:courier in:removed":    "yx",
		"lawyer source:courier in:any": "yx",
		"lawyer source:none in:any":    "",
		"lawyer lang:fr in:any":        "",
		"lawyer lang:en in:any":        "yx",
	} {
		if got := b.found(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// TestLanguages: words are found in any form that their language gives them,
// whatever language they are asked in.
func TestLanguages(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	for i, x := range []struct{ language, text string }{
		{"de-AT", "Die Häuser liefen über, sagte Müller."},
		{"tr", "IŞIK İstanbul kıyısında."},
		{"ar", "الجسر مغلق منذ الصباح"},
		{"hi", "पुल बंद है, हिन्दी में"},
		{"zh-Hant", "大橋今天關閉"},
		{"ja", "図書館は月曜に開く。サーバー"},
		{"fr", "Les immigrations nationales"},
		{"", "running without a language"},
		{"ru", "Мосты закрыты"},
	} {
		b.told(l, b.article(string(rune('a'+i))), x.language, 0, "x", x.text)
	}
	b.indexAll()
	for query, want := range map[string]string{
		"haus": "a", "häuser": "a", "HAUSER": "a", "muller": "a", "lang:de haus": "a", "lang:de-at haus": "a", "lang:de-ch haus": "", "lang:fr haus": "",
		"işık": "b", "ISIK": "b", "istanbul": "b", "İSTANBUL": "b",
		"جسر": "c", "الجسر": "c", "हिन्दी": "d", "पुल": "d",
		"大": "e", "橋": "e", "閉": "e", "今天": "e", "大橋今天": "e", "天今": "", "lang:zh 大橋": "e",
		"図書": "f", "館": "f", "サーバー": "f", "ーサ": "",
		"immigration": "g", "immigrat*": "g", "nationale": "g",
		"running": "h", "мост": "i", "МОСТАМ": "i",
		"12:30": "", "!!": "",
	} {
		if got := b.found(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// TestManyFound: what is found is counted up to a limit.
func TestManyFound(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	count := func(want int) {
		t.Helper()
		b.indexAll()
		for _, q := range []search.Query{{Terms: []search.Term{{Text: "ferry"}}}, {Source: "courier"}} {
			rows, total, _, err := b.Search(b.ctx, q, Page{Size: 1})
			b.must(err)
			if total != want || len(rows) != 1 {
				t.Errorf("%s: %d of %d, want %d", q, len(rows), total, want)
			}
		}
	}
	more := func() { b.told(l, b.article(fmt.Sprint("a", b.clock.t.Unix())), "en", 0, "Ferry", "x") }
	for range MaxFound {
		more()
	}
	count(MaxFound)
	more()
	count(MaxFound + 1)
	more()
	count(MaxFound + 1)
}

// TestSearchLag: the lag is what the follower has not taken, and its age.
func TestSearchLag(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	a := b.article("a")
	lag := func(entries int, oldest time.Duration) {
		t.Helper()
		got, err := b.SearchLag(b.ctx)
		b.must(err)
		equal(t, "lag", got, SearchLag{entries, oldest})
	}
	lag(0, 0)
	b.told(l, a, "en", 0, "A", "one")
	b.told(l, a, "en", 1, "A", "two")
	b.clock.pass(time.Hour)
	lag(2, time.Hour+time.Minute)
	n, err := b.IndexChanges(b.ctx, 1)
	b.must(err)
	equal(t, "taken", n, 1)
	equal(t, "an article with a newer version further on", b.found("one in:any"), "")
	lag(1, time.Hour)
	b.verify()
	b.indexAll()
	lag(0, 0)
	equal(t, "found", b.found("one in:any")+b.found("two"), "aa")
	b.must(b.SetCursor(b.ctx, SearchCursor, 0))
	lag(2, time.Hour+time.Minute)
	equal(t, "found while it is made anew", b.found("two"), "a")
	b.verify()
}

// TestIndexBeside: a document that was made before another version came, or
// before its article was hidden, is made anew; a follower that was overtaken
// begins again.
func TestIndexBeside(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	x, y := b.article("x"), b.article("y")
	b.told(l, x, "en", 0, "A", "one")
	b.told(l, y, "en", 0, "A", "one")
	read := func(id int64) (d document) {
		b.must(b.read(b.ctx, "read", func(t *tx) (err error) { d, err = t.document(b.ctx, id); return err }))
		return d
	}
	put := func(d document) {
		b.must(b.write(b.ctx, "put", func(t *tx) error { return t.putDocument(b.ctx, d) }))
	}
	old, shown := read(x.ID), read(y.ID)
	b.told(l, x, "en", 1, "A", "two")
	b.must(b.Hide(b.ctx, y.ID, "court order"))
	put(old)
	put(shown)
	equal(t, "made anew", b.found("two")+b.found("one"), "x")
	hidden := read(y.ID)
	b.must(b.Hide(b.ctx, y.ID, ""))
	put(hidden)
	equal(t, "shown again", b.found("one"), "y")

	done := make(chan error, 2)
	for range 2 {
		go func() {
			var err error
			for n := 1; n > 0 && err == nil; {
				n, err = b.IndexChanges(context.Background(), 1)
			}
			done <- err
		}()
	}
	b.must(errors.Join(<-done, <-done))
	b.verify()
	lag, err := b.SearchLag(b.ctx)
	b.must(err)
	equal(t, "lag", lag, SearchLag{})
}

// TestIndexOfDamage: a version that cannot be read is left out of the document,
// and the others are found.
func TestIndexOfDamage(t *testing.T) {
	pgtest.SQLiteOnly(t)
	b := newBench(t)
	l := b.lease()
	a := b.article("a")
	b.told(l, a, "en", 0, "A", "one")
	b.told(l, a, "en", 1, "A", "two")
	b.attack(`UPDATE version SET body = x'00' WHERE number = 1`) // the texts after it rest on it
	b.indexAll()
	equal(t, "found", b.found("one in:any")+b.found("two in:any"), "a")
}
