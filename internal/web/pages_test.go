package web

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// TestListPages: K1, K2, K3, K14–K20.
func TestListPages(t *testing.T) {
	d := reading(t)
	a := d.page("/")
	rows := find(a.doc, "li", "class=row")
	if len(rows) != ListSize {
		t.Fatalf("the front page has %d rows, want %d", len(rows), ListSize)
	}
	if same := d.page("/versions"); len(find(same.doc, "li", "class=row")) != ListSize {
		t.Error("/versions is not the list of the front page")
	}
	if form := find(a.doc, "form"); len(form) == 0 || attr(form[0], "method") != "get" || len(find(form[0], "input", "name=q", "size=40")) != 1 {
		t.Error("the first form is not the search, a GET with a box of 40 named q")
	}
	if b := find(a.doc, "button"); textOf(b[0]) != "Search" {
		t.Errorf("the button says %q", textOf(b[0]))
	}
	if len(find(a.doc, "cite", "title=https://courier.example.org/news/silent")) == 0 {
		t.Error("no source with the article's address as its title")
	}
	for _, tm := range find(a.doc, "time") {
		if _, err := time.Parse(time.RFC3339, attr(tm, "datetime")); err != nil {
			t.Errorf("a time for machines: %v", err)
		}
	}
	if got := texts(find(a.doc, "time")); got[0] != "40 minutes ago" || !slices.Contains(got, "10 Mar 2026, 04:20 UTC") {
		t.Errorf("discovered: %q", got)
	}
	if len(find(a.doc, "link", "rel=alternate", "type=application/rss+xml", "href=/versions.rss")) != 1 {
		t.Error("the feed is not advertised")
	}
	seen := map[string]bool{}
	for n := 1; n <= 5; n++ {
		for _, link := range find(d.page(fmt.Sprint("/versions?page=", n)).doc, "h2") {
			seen[attr(find(link, "a")[0], "href")+textOf(link)] = true
		}
	}
	if len(seen) < 70 {
		t.Errorf("five pages show %d versions", len(seen))
	}
}

// TestListLinks: K16.
func TestListLinks(t *testing.T) {
	d := reading(t)
	for _, tt := range []struct {
		name            string
		number, version int
		want            string
	}{
		{"a later version leads to what it changed", 3, 4, "/articles/7/diff/2/3"},
		{"the first of several leads to the first change", 0, 4, "/articles/7/diff/0/1"},
		{"the only one leads to the article", 0, 1, "/articles/7"},
	} {
		if got := rowHref(rowOf(7, tt.number, tt.version)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	a := d.page("/versions/search?q=lantern")
	if link := find(find(a.doc, "li", "class=row")[0], "h2"); attr(find(link[0], "a")[0], "href") != d.path("/articles/%d", "single") {
		t.Error("an article with one version is not linked")
	}
	if got := cut(strings.Repeat("ü", TitleLength), TitleLength); strings.HasSuffix(got, "…") {
		t.Error("a title of just the longest length is cut")
	}
	if got := cut(strings.Repeat("ü", TitleLength+1), TitleLength); len([]rune(got)) != TitleLength || !strings.HasSuffix(got, "…") {
		t.Errorf("a title one longer becomes %q", got)
	}
}

func TestListBadgesAndSnippets(t *testing.T) {
	d := reading(t)
	a := d.page("/versions?changes=1")
	got := map[string][]string{}
	for _, row := range find(a.doc, "li", "class=row") {
		snippet := strings.Join(texts(find(row, "p", "class=snippet")), "")
		got[textOf(find(row, "h2")[0])+"|"+snippet] = texts(find(row, "li"))
		if n := len([]rune(writtenOut.ReplaceAllString(snippet, "x"))); n > SnippetLength+10 {
			t.Errorf("a snippet of %d characters", n)
		}
	}
	want := map[string][]string{
		"Tram line opens|The tram line opened on time six months late.":                                                                                          {"wording", "+3 −2 words"},
		"Harrow Bridge shut as board hid after cracks are found|At least 12 15 lorries were turned back before dawn, and queues reached the ring road by eight.": {"headline", "number", "+4 −4 words"},
	}
	for k, v := range want {
		have := got[squeeze(k)]
		if len(have) == 0 || !strings.HasPrefix(have[0], "significance ") {
			t.Errorf("row %q does not begin with its significance: %q", k, have)
		}
		if have = slices.DeleteFunc(have, func(b string) bool { return !slices.Contains(v, b) }); !slices.Equal(have, v) {
			t.Errorf("no row %q with %q, but\n%q", k, v, got)
		}
	}
	for k := range got {
		if strings.Contains(k, "first version") {
			t.Errorf("a first version among changes: %s", k)
		}
	}
	for q, badge := range map[string]string{"ferry": "gone", "lantern": "first version"} {
		row := find(d.page("/versions/search?q="+q).doc, "ul", "class=badges")
		if len(row) == 0 || !strings.HasPrefix(texts(find(row[0], "li"))[0], badge) {
			t.Errorf("search %s: no badge %q", q, badge)
		}
	}
}

// writtenOut is a character that is not seen, as pages show it.
var writtenOut = regexp.MustCompile(`⟦U\+[0-9A-F]+⟧`)

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func rowOf(article int64, number, versions int) store.VersionRow {
	return store.VersionRow{ArticleID: article, Number: number, Versions: versions}
}

// TestSearchPage: K2, K3, K19, and addresses in the search box.
func TestSearchPage(t *testing.T) {
	d := reading(t)
	for _, tt := range []struct{ path, location string }{
		{"/versions?q=bridge+closed", "/versions/search?q=bridge+closed"},
		{"/?q=bridge", "/versions/search?q=bridge"},
		{"/articles/search?q=x", "/versions/search?q=x"},
	} {
		if a := d.get(tt.path); a.StatusCode != 301 || a.Header.Get("Location") != tt.location {
			t.Errorf("%s = %d %s, want 301 %s", tt.path, a.StatusCode, a.Header.Get("Location"), tt.location)
		}
	}
	a := d.page("/versions/search?q=storm")
	if !strings.Contains(textOf(find(a.doc, "main")[0]), "About 1 result.") {
		t.Error("no count of results")
	}
	if v := attr(find(a.doc, "input", "name=q")[0], "value"); v != "storm" {
		t.Errorf("the box holds %q", v)
	}
	none := d.page("/versions/search?q=unfindable")
	if !strings.Contains(textOf(find(none.doc, "main")[0]), "Your search did not match any versions.") {
		t.Error("nothing found is not said")
	}
	bad := d.page("/versions/search?q=after:sometime")
	if len(find(bad.doc, "div", "role=alert")) != 1 {
		t.Error("a date that is none is not complained about")
	}
	if feed := d.get("/versions/search.rss?q=after:sometime"); feed.StatusCode != 400 {
		t.Errorf("feed of an unreadable search = %d, want 400", feed.StatusCode)
	}
	addr := d.get("/versions/search?q=https%3A%2F%2Fcourier.example.org%2Fnews%2Fbridge%3Futm_source%3Dx")
	if addr.StatusCode != 302 || !strings.HasPrefix(addr.Header.Get("Location"), "/lookup?url=") {
		t.Errorf("an address in the box = %d %s", addr.StatusCode, addr.Header.Get("Location"))
	}
	found := d.get(addr.Header.Get("Location"))
	if found.Header.Get("Location") != d.path("/articles/%d", "bridge") {
		t.Errorf("lookup leads to %q", found.Header.Get("Location"))
	}
	if a := d.get("/lookup?url=other.example.org/x"); a.StatusCode != 404 {
		t.Errorf("an unknown address = %d", a.StatusCode)
	}
	if a := d.get("/lookup?url=ftp://x"); a.StatusCode != 400 {
		t.Errorf("no address = %d", a.StatusCode)
	}
}

// TestPaging: K20. From the newest page to the end of the list and back, each line
// is met once, in order, and links say where they lead.
func TestPaging(t *testing.T) {
	d := reading(t)
	for _, path := range []string{"/versions", "/versions?changes=1", "/sources/courier"} {
		down, last := leaf(d, path, "next", "Older →")
		up, _ := leaf(d, last, "prev", "← Newer")
		if len(down) < 2 || len(up) < len(down) || !slices.Equal(down[0], up[len(up)-1]) {
			t.Errorf("%s: %d pages down, %d up; the first %q, back there %q", path, len(down), len(up), down[0][0], up[len(up)-1][0])
		}
		lines, back := slices.Concat(down...), map[string]bool{}
		for _, line := range slices.Concat(up...) {
			back[line] = true
		}
		for i, line := range lines {
			if slices.Contains(lines[:i], line) || !back[line] {
				t.Errorf("%s: %q is met twice, or not on the way back", path, line)
			}
		}
	}
	first, second := d.page("/versions?changes=1"), d.page("/versions?changes=1&page=2")
	if len(find(first.doc, "a", "rel=prev")) != 0 || textOf(find(first.doc, "nav", "class=pager")[0]) != "← Newer Older →" {
		t.Error("the newest page leads to a newer one")
	}
	if newest := find(find(second.doc, "nav", "class=pager")[0], "a"); attr(newest[0], "href") != "/versions?changes=1" || textOf(newest[0]) != "Newest" {
		t.Error("an older page does not lead to the newest")
	}
}

// leaf follows the links of that kind from page to page, and gives the lines of each
// and the address of the last.
func leaf(d *desk, path, rel, text string) (pages [][]string, last string) {
	for {
		a := d.page(path)
		var lines []string
		for _, row := range find(a.doc, "li", "class=row") {
			lines = append(lines, attr(find(row, "a")[1], "href")+textOf(find(row, "p", "class=meta")[0]))
		}
		pages = append(pages, lines)
		links := find(a.doc, "a", "rel="+rel)
		if len(links) == 0 {
			return pages, path
		}
		if textOf(links[0]) != text {
			d.t.Fatalf("%s: the link says %q", path, textOf(links[0]))
		}
		path = attr(links[0], "href")
	}
}

// TestPageNumbers: K1, K3, K6. Pages by number are those of the links, up to MaxPage.
func TestPageNumbers(t *testing.T) {
	d := reading(t)
	for path, want := range map[string]int{
		"/versions?page=0": 400, "/versions?page=-1": 400, "/versions?page=x": 400,
		fmt.Sprint("/versions?page=", MaxPage): 404, fmt.Sprint("/versions?page=", MaxPage+1): 404,
		"/versions.rss?page=900": 404, "/articles?page=99": 404, "/articles?page=2": 404, "/articles?page=1": 200,
		"/versions/search?q=bridge&page=2": 404, "/versions/search?page=3": 404,
		"/versions?before=0": 400, "/versions?before=x": 400, "/versions?after=-1": 400, "/versions?before=1": 404,
		"/versions?after=999999": 200, "/versions?before=999999999999999999": 200, "/versions?before=9999999999999999999": 400,
	} {
		if a := d.get(path); a.StatusCode != want {
			t.Errorf("%s = %d, want %d", path, a.StatusCode, want)
		}
	}
	linked, _ := leaf(d, "/versions", "next", "Older →")
	for n, want := range linked {
		if got, _ := leaf(d, fmt.Sprint("/versions?page=", n+1), "none", ""); !slices.Equal(got[0], want) {
			t.Errorf("page %d is not the page that links lead to", n+1)
		}
	}
	a := d.get(fmt.Sprint("/versions?changes=1&page=", MaxPage+1))
	if links := find(a.doc, "a", "href=/versions?changes=1"); len(links) != 1 || !strings.Contains(a.body, "The first 10 pages") {
		t.Error("a number that is too high is not told, or the answer leads nowhere")
	}
}

// TestFoundText: K19, at the edge of what is counted.
func TestFoundText(t *testing.T) {
	for n, want := range map[int]string{
		1: "About 1 result", store.MaxFound: "About 1,000 results", store.MaxFound + 1: "More than 1,000 results",
	} {
		if got := foundText(n); got != want {
			t.Errorf("foundText(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestWindow(t *testing.T) {
	for _, tt := range []struct {
		current, first, last int
		want                 []int
	}{
		{1, 1, 5, []int{1, 2, 3, 4, 5}},
		{1, 1, 20, []int{1, 2, 3, gap, 20}},
		{10, 1, 20, []int{1, gap, 8, 9, 10, 11, 12, gap, 20}},
		{20, 1, 20, []int{1, gap, 18, 19, 20}},
		{0, 1, 0, nil},
	} {
		if got := window(tt.current, tt.first, tt.last, 2, 9); !slices.Equal(got, tt.want) {
			t.Errorf("window(%d, %d, %d) = %v, want %v", tt.current, tt.first, tt.last, got, tt.want)
		}
	}
}

// TestArticlesPage: K6, K21.
func TestArticlesPage(t *testing.T) {
	d := reading(t)
	a := d.page("/articles")
	if h := find(a.doc, "h1"); textOf(h[0]) != "News articles" {
		t.Errorf("heading %q", textOf(h[0]))
	}
	if got := texts(find(a.doc, "th")); !slices.Equal(got, []string{"Title", "Versions", "Source"}) {
		t.Errorf("columns %q", got)
	}
	if len(find(a.doc, "a", "href="+d.path("/articles/%d/diff/2/3", "bridge"))) != 1 {
		t.Error("an article does not lead to its latest diff")
	}
	if n := len(find(a.doc, "tr")) - 1; n != 9 {
		t.Errorf("%d articles, want the 9 that are not hidden", n)
	}
}

// TestArticlePage: K7, K22–K28, F24, F26.
func TestArticlePage(t *testing.T) {
	d := reading(t)
	a := d.page(d.path("/articles/%d", "bridge"))
	main := textOf(find(a.doc, "main")[0])
	for _, want := range []string{
		"This article is from the source The Lessing Courier and was first published",
		"The article has changed 3 times.", "There is an RSS feed of changes.",
		"original source: https://courier.example.org/news/bridge", "old last seen", "70 minutes later",
	} {
		if !strings.Contains(main, want) {
			t.Errorf("the page lacks %q:\n%s", want, main)
		}
	}
	if title := textOf(find(a.doc, "title")[0]); title != "'Harrow Bridge shut after cracks are found' article - stet" {
		t.Errorf("title %q", title)
	}
	if textOf(find(a.doc, "h1")[0]) != "Harrow Bridge shut after cracks are found" {
		t.Error("the heading is not the newest headline")
	}
	if g := find(a.doc, "meta", "name=generator"); len(g) != 1 || attr(g[0], "content") != "article 3" {
		t.Error("the extractor is not named")
	}
	for _, sel := range [][]string{
		{"link", "rel=alternate", "href=" + d.path("/articles/%d.rss", "bridge")},
		{"link", "rel=external alternate author", "href=https://courier.example.org/news/bridge"},
		{"a", "rel=alternate external author"},
	} {
		if len(find(a.doc, sel[0], sel[1:]...)) == 0 {
			t.Errorf("no %v", sel)
		}
	}
	var numbers []string
	for _, tr := range find(find(a.doc, "tbody")[0], "tr") {
		numbers = append(numbers, textOf(find(tr, "a")[0]))
	}
	if !slices.Equal(numbers, []string{"0", "1", "2", "3"}) {
		t.Errorf("versions %q, want the oldest first", numbers)
	}
	if got := texts(find(find(a.doc, "ol", "class=rows")[0], "strong")); len(got) != 2 || got[1] != "Harrow Bridge shut as board hid cracks" {
		t.Errorf("headlines %q", got)
	}
	if n := len(find(find(a.doc, "ol", "class=time")[0], "a")); n != 4 {
		t.Errorf("%d dots on the timeline", n)
	}
}

func TestArticleCalls(t *testing.T) {
	d := filled(t, nil)
	for name, want := range map[string]string{
		"gone":        "Gone: not found at its publisher since",
		"silent":      "1 silent edit",
		"alternating": "Alternates between versions 0 and 1, 3 sightings",
	} {
		a := d.page(d.path("/articles/%d", name))
		if !strings.Contains(textOf(find(a.doc, "main")[0]), want) {
			t.Errorf("%s: no %q", name, want)
		}
	}
	if a := d.page(d.path("/articles/%d", "gone")); !strings.Contains(a.body, "It is not visited any more.") {
		t.Error("gone: the page names a next visit that will never come")
	}
	d.visit(d.ids["gone"], store.Visit{State: "live", Sighting: true, Due: d.at.Add(5 * time.Hour)})
	if a := d.page(d.path("/articles/%d", "gone")); !strings.Contains(a.body, "due in 5 hours") {
		t.Error("a next visit is not named")
	}
	if a := d.page(d.path("/articles/%d", "single")); !strings.Contains(a.body, "The article has not changed since.") {
		t.Error("an article with one version has changed (F26)")
	}
}

// TestVersionPage: K5, K29.
func TestVersionPage(t *testing.T) {
	d := reading(t)
	a := d.page(d.path("/articles/%d/versions/2", "bridge"))
	if r := find(a.doc, "meta", "name=robots"); len(r) != 1 || attr(r[0], "content") != "noindex,noarchive" {
		t.Error("search engines may keep it")
	}
	if !strings.Contains(textOf(find(a.doc, "main")[0]), "Version 2 of 4 versions") {
		t.Error("it does not say which version of how many")
	}
	if p := find(find(a.doc, "article")[0], "p", "class=p"); len(p) != 9 || !strings.HasPrefix(textOf(p[0]), "The Harrow Bridge in Port Lessing") {
		t.Errorf("%d paragraphs", len(p))
	}
	rows := d.page("/versions.csv")
	versionID := regexp.MustCompile(`(\d+),` + id(d.ids["bridge"]).String() + `,2,`).FindStringSubmatch(rows.body)
	if versionID == nil {
		t.Fatal("version 2 is not in the table")
	}
	if b := d.page("/versions/" + versionID[1]); textOf(find(b.doc, "h1")[0]) != textOf(find(a.doc, "h1")[0]) {
		t.Error("/versions/{id} is another text")
	}
	old := d.get(d.path("/articles/%d/versions/", "bridge") + versionID[1])
	if old.StatusCode != 301 || old.Header.Get("Location") != d.path("/articles/%d/versions/2", "bridge") {
		t.Errorf("the old address with the version's id = %d %s", old.StatusCode, old.Header.Get("Location"))
	}
	if a := d.get(d.path("/articles/%d/versions/", "single") + versionID[1]); a.StatusCode != 404 {
		t.Errorf("a version of another article = %d, want 404", a.StatusCode)
	}
	if a := d.get(d.path("/articles/%d/versions", "bridge")); a.Header.Get("Location") != d.path("/articles/%d#versions", "bridge") {
		t.Errorf("the versions of an article lead to %q (K12)", a.Header.Get("Location"))
	}
}

// TestHiddenEverywhere: F30.
func TestHiddenEverywhere(t *testing.T) {
	d := reading(t)
	for _, p := range []string{"/articles/%d", "/articles/%d.rss", "/articles/%d.csv", "/articles/%d/versions", "/articles/%d/versions/0", "/articles/%d/diff/0/1", "/articles/%d/diff/0/9", "/articles/%d/compare?older=0&newer=1"} {
		a := d.get(d.path(p, "hidden"))
		if a.StatusCode != http.StatusGone || !strings.Contains(a.body, "cannot be shown for legal reasons") {
			t.Errorf("%s = %d", p, a.StatusCode)
		}
		if strings.Contains(a.body, "ebrafish") || strings.Contains(a.body, "court order") {
			t.Errorf("%s shows what is hidden", p)
		}
	}
	gone := 0
	for n := range 90 {
		if a := d.get(fmt.Sprint("/versions/", n)); a.StatusCode == http.StatusGone {
			gone++
		} else if strings.Contains(a.body, "ebrafish") {
			t.Errorf("/versions/%d shows what is hidden", n)
		}
	}
	if gone != 2 {
		t.Errorf("%d versions by id are gone, want 2", gone)
	}
	paths := []string{"/articles", "/articles.csv", "/versions/search.rss?q=zebrafish", "/sources/courier"}
	for n := 1; n <= 5; n++ {
		for _, ending := range []string{"", ".rss", ".atom", ".json", ".csv"} {
			paths = append(paths, fmt.Sprintf("/versions%s?page=%d", ending, n))
		}
	}
	for _, p := range paths {
		if a := d.page(p); strings.Contains(a.body, "ebrafish secret") {
			t.Errorf("%s shows a hidden article", p)
		}
	}
	if a := d.page("/versions/search?q=zebrafish"); len(find(a.doc, "li", "class=row")) != 0 {
		t.Error("the search finds a hidden article")
	}
}

func TestEmptyStore(t *testing.T) {
	d := newDesk(t, nil)
	for p, want := range map[string]string{
		"/": "No articles yet.", "/versions?changes=1": "No changes yet.", "/articles": "No articles yet.",
		"/sources": "No sources yet.", "/versions/search": "Type words", "/versions/search?q=x": "did not match any versions",
	} {
		if a := d.page(p); !strings.Contains(textOf(find(a.doc, "main")[0]), want) {
			t.Errorf("%s does not say %q", p, want)
		}
	}
	for _, p := range []string{"/versions.rss", "/versions.atom", "/versions.json", "/versions.csv", "/versions/search.rss?q=x"} {
		d.page(p)
	}
}

// TestLanguages: text of others says its language and direction.
func TestLanguages(t *testing.T) {
	d := reading(t)
	for name, want := range map[string][]string{"arabic": {"lang=ar", "dir=rtl"}, "chinese": {"lang=zh", "dir=ltr"}, "bridge": {"lang=en-GB", "dir=ltr"}} {
		for _, p := range []string{"/articles/%d/diff/0/1", "/articles/%d/versions/0", "/articles/%d"} {
			if len(find(d.page(d.path(p, name)).doc, "", want...)) == 0 {
				t.Errorf("%s %s: nothing with %q", name, p, want)
			}
		}
	}
	for tag, want := range map[string]tongue{
		"": {Dir: "auto"}, "en_GB": {"en-GB", "ltr"}, "fa": {"fa", "rtl"}, "ur-PK": {"ur-PK", "rtl"}, "az-Arab": {"az-Arab", "rtl"},
		`en" onload="x`: {Dir: "auto"}, "und": {Dir: "auto"}, "he": {"he", "rtl"},
	} {
		if got := tongueOf(tag); got != want {
			t.Errorf("tongueOf(%q) = %v, want %v", tag, got, want)
		}
	}
}

// TestFooter: K40.
func TestFooter(t *testing.T) {
	d := newDesk(t, nil)
	d.tell("first", d.source("courier", "The Lessing Courier"), bridge(), time.Hour)
	for _, p := range []string{"/", "/about", "/sources", d.path("/articles/%d/diff/0/1", "first")} {
		a := d.page(p)
		if foot := textOf(find(a.doc, "footer")[0]); !strings.Contains(foot, "Currently watching 1 news article with 4 different versions; last visit 10 minutes ago.") {
			t.Errorf("%s: %s", p, foot)
		}
	}
	d.found("second", d.source("courier", "The Lessing Courier"), "https://courier.example.org/news/second")
	d.wait(LagAge)
	if foot := textOf(find(d.page("/").doc, "footer")[0]); !strings.Contains(foot, "Currently watching 2 news articles") {
		t.Errorf("a second later: %s", foot)
	}
}

// TestArticleStates: one without a version yet, one that belongs to another.
func TestArticleStates(t *testing.T) {
	d := newDesk(t, nil)
	src := d.source("courier", "The Lessing Courier")
	d.tell("first", src, bridge(), time.Hour)
	fresh := d.found("fresh", src, "https://courier.example.org/news/fresh")
	if a := d.page(articlePath(fresh)); !strings.Contains(a.body, "No version yet") {
		t.Error("an article without a version does not say so")
	}
	d.page(articlePath(fresh) + ".rss")
	addr, err := news.ParseAddress("https://courier.example.org/news/fresh", nil)
	d.must(err)
	d.visit(fresh, store.Visit{State: news.Duplicate, DuplicateOf: d.ids["first"], Addresses: []news.Address{addr}})
	if a := d.get(articlePath(fresh)); a.StatusCode != 301 || a.Header.Get("Location") != articlePath(d.ids["first"]) {
		t.Errorf("a duplicate = %d %s", a.StatusCode, a.Header.Get("Location"))
	}
}

func TestManyHeadlines(t *testing.T) {
	d := reading(t)
	a := d.page(d.path("/articles/%d", "long"))
	lists := find(a.doc, "ol", "class=rows")
	if len(lists) != 2 || len(find(lists[0], "li")) != MaxHeadlines || len(find(lists[1], "li")) != 60-MaxHeadlines {
		t.Errorf("%d lists of headlines", len(lists))
	}
	if !strings.Contains(a.body, "52 earlier headlines") || len(find(find(a.doc, "ol", "class=time")[0], "li")) != MaxStrip {
		t.Error("the long history is not folded")
	}
}
