package web

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stet/internal/feed"
)

func parseFeed(t *testing.T, a answer) feed.Document {
	t.Helper()
	base, _ := url.Parse("http://example.com/")
	doc, err := feed.Parse([]byte(a.body), a.Header.Get("Content-Type"), base)
	if err != nil {
		t.Fatalf("%v\n%.400s", err, a.body)
	}
	return doc
}

// TestListFeeds: K4, K41, K43, K46, F45.
func TestListFeeds(t *testing.T) {
	d := filled(t, func(o *Options) { o.BaseURL = "https://stet.example.org" })
	for ending, kind := range map[string]string{"rss": "text/xml", "atom": "application/atom+xml", "json": "application/feed+json"} {
		t.Run(ending, func(t *testing.T) {
			a := d.page("/versions." + ending)
			if !strings.HasPrefix(a.Header.Get("Content-Type"), kind) {
				t.Errorf("type %s", a.Header.Get("Content-Type"))
			}
			doc := parseFeed(t, a)
			if len(doc.Entries) != ListSize || doc.Title != "stet: newest versions" || doc.Home != "https://stet.example.org/versions" {
				t.Fatalf("%d entries, %q, %q", len(doc.Entries), doc.Title, doc.Home)
			}
			for i, e := range doc.Entries {
				if e.GUID != e.URL || !strings.HasPrefix(e.URL, "https://stet.example.org/versions/") || !strings.HasPrefix(e.Title, "v") || e.Published.IsZero() {
					t.Errorf("entry %d: %+v", i, e)
				}
				if i > 0 && e.Published.After(doc.Entries[i-1].Published) {
					t.Errorf("entry %d is newer than the one before", i)
				}
			}
			if e := doc.Entries[2]; e.Title != "v1: Tram line opens" || !strings.Contains(e.HTML, "six months late") || !strings.Contains(e.HTML, "[−on time−]") || !strings.Contains(e.HTML, `style="background:#b6d9ff`) {
				t.Errorf("entry without its diff: %+v", e)
			}
			if ending != "json" && doc.Entries[2].Author != "The Lessing Courier" {
				t.Errorf("author %q", doc.Entries[2].Author)
			}
			if two := parseFeed(t, d.page("/versions."+ending+"?page=2")); two.Entries[0].GUID == doc.Entries[0].GUID {
				t.Error("page 2 is page 1")
			}
		})
	}
}

// TestArticleFeed: K44.
func TestArticleFeed(t *testing.T) {
	d := reading(t)
	base := "http://example.com" + d.path("/articles/%d", "bridge")
	doc := parseFeed(t, d.page(d.path("/articles/%d.rss", "bridge")))
	if doc.Description != "Changes to the The Lessing Courier article https://courier.example.org/news/bridge" || doc.Home != base {
		t.Errorf("%q %q", doc.Description, doc.Home)
	}
	if len(doc.Entries) != 3 {
		t.Fatalf("%d entries, want one for each change", len(doc.Entries))
	}
	for i, e := range doc.Entries {
		if want := fmt.Sprintf("%s/diff/%d/%d", base, 2-i, 3-i); e.URL != want || e.GUID != want {
			t.Errorf("entry %d: %s %s, want %s", i, e.URL, e.GUID, want)
		}
	}
	if !doc.Updated.Equal(doc.Entries[0].Published) {
		t.Errorf("the feed was updated %v, its newest entry is of %v", doc.Updated, doc.Entries[0].Published)
	}
	if one := parseFeed(t, d.page(d.path("/articles/%d.rss", "single"))); len(one.Entries) != 0 {
		t.Error("a first version is a change")
	}
}

// TestSearchFeed: K42, F45.
func TestSearchFeed(t *testing.T) {
	d := reading(t)
	doc := parseFeed(t, d.page("/versions/search.rss?q=bridge"))
	if doc.Title != "stet: search for bridge" || doc.Home != "http://example.com/versions/search?q=bridge" || len(doc.Entries) != 1 {
		t.Errorf("%q %q, %d entries", doc.Title, doc.Home, len(doc.Entries))
	}
	if empty := parseFeed(t, d.page("/versions/search.atom?q=unfindable")); len(empty.Entries) != 0 {
		t.Error("nothing found has entries")
	}
	if src := parseFeed(t, d.page("/sources/sahifa.json")); len(src.Entries) != 2 {
		t.Errorf("a source's feed has %d entries", len(src.Entries))
	}
}

func TestFeedsAreNotSentTwice(t *testing.T) {
	d := filled(t, nil)
	first := d.page("/versions.rss")
	etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if etag == "" || modified == "" {
		t.Fatalf("validators %q, %q", etag, modified)
	}
	for _, h := range [][]string{{"If-None-Match", etag}, {"If-Modified-Since", modified}} {
		if a := d.get("/versions.rss", h...); a.StatusCode != 304 || a.body != "" {
			t.Errorf("%s: %d with %d bytes", h[0], a.StatusCode, len(a.body))
		}
	}
	d.wait(time.Hour)
	c := bridge()[3]
	c.Blocks[0].Text += " It stays shut."
	d.see(d.ids["bridge"], c, false)
	for _, h := range [][]string{{"If-None-Match", etag}, {"If-Modified-Since", modified}} {
		if a := d.get("/versions.rss", h...); a.StatusCode != 200 {
			t.Errorf("after a change, %s: %d", h[0], a.StatusCode)
		}
	}
	page := d.page("/about")
	if a := d.get("/about", "If-None-Match", page.Header.Get("ETag")); a.StatusCode != 304 {
		t.Errorf("a page is sent twice: %d", a.StatusCode)
	}
}

// TestFeedsAreInert: what feeds carry is text and our own few tags.
func TestFeedsAreInert(t *testing.T) {
	d := reading(t)
	allowed := map[string]bool{"html": true, "head": true, "body": true, "p": true, "a": true, "del": true, "ins": true, "strong": true, "em": true, "br": true, "h3": true, "ul": true, "li": true, "blockquote": true, "table": true, "tbody": true, "tr": true, "td": true, "div": true, "span": true, "h2": true, "h4": true}
	for _, p := range []string{"/versions.rss", "/versions.atom", "/versions.json", d.path("/articles/%d.rss", "hostile"), d.path("/articles/%d.json", "hostile"), "/sources/bad.rss"} {
		doc := parseFeed(t, d.page(p))
		for _, e := range doc.Entries {
			if !strings.HasPrefix(e.URL, "http://example.com/") {
				t.Errorf("%s: a link leads to %q", p, e.URL)
			}
			body, err := html.Parse(strings.NewReader(e.HTML))
			if err != nil {
				t.Fatal(err)
			}
			for n := range body.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				if !allowed[n.Data] {
					t.Errorf("%s: a payload became <%s>", p, n.Data)
				}
				for _, at := range n.Attr {
					if strings.HasPrefix(at.Key, "on") || (at.Key == "href" && !strings.HasPrefix(at.Val, "http")) {
						t.Errorf("%s: a payload became %s=%q", p, at.Key, at.Val)
					}
				}
			}
		}
	}
}

func TestTables(t *testing.T) {
	d := filled(t, nil)
	d.source("eq", "=1+1")
	for _, p := range []string{"/versions.csv", "/articles.csv", "/sources/bad.csv", d.path("/articles/%d.csv", "bridge"), "/versions/search.csv?q=bridge"} {
		a := d.page(p)
		table, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || len(table) < 2 {
			t.Fatalf("%s: %d lines, %v", p, len(table), err)
		}
		for _, line := range table {
			for _, cell := range line {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("%s: a formula: %q", p, cell)
				}
			}
		}
	}
	for in, want := range map[string]string{"=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\ta": "'\ta", "\ra": "'\ra", "a=1": "a=1", "": ""} {
		if got := disarm(in); got != want {
			t.Errorf("disarm(%q) = %q, want %q", in, got, want)
		}
	}
}
