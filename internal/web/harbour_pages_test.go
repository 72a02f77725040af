package web

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

// main is the text of the page's own part.
func (a answer) main() string { return textOf(find(a.doc, "main")[0]) }

func (a answer) wants(t *testing.T, what string, want ...string) {
	t.Helper()
	got := a.main()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: no %q in\n%s", what, w, got)
		}
	}
}

// TestStates: where an article stands is said with its time, on its page, in
// lists and on the diff.
func TestStates(t *testing.T) {
	d := newDesk(t, nil).harbour()
	since := func(name string) string {
		a, _, err := d.store.Article(context.Background(), d.ids[name])
		d.must(err)
		return ago(a.StateAt, d.at)
	}
	for _, tt := range []struct{ name, call, badge, row string }{
		{"walled", "Kept out since " + since("walled") + ": captcha page; last seen", "kept out ", "Kept out"},
		{"away", "Moved: its address leads to another site since " + since("away") + ": https://other.example.org/away", "moved ", "Moved"},
		{"stub", "Paywalled: only a stub is shown since " + since("stub") + ": stub of 40 words", "paywalled ", "Paywalled"},
		{"back", "Returned: it was not to be read for a time, and is back since", "returned ", "Returned"},
	} {
		a := d.page(d.path("/articles/%d", tt.name))
		a.wants(t, tt.name, tt.call)
		log := find(a.doc, "div", "aria-label=What else happened")
		if len(log) != 1 || !strings.Contains(textOf(log[0]), tt.row) {
			t.Errorf("%s: no line %q in the log", tt.name, tt.row)
		}
		found := d.page("/versions/search?q=" + tt.name)
		badges := texts(find(found.doc, "li", "class=warn"))
		if !slices.ContainsFunc(badges, func(b string) bool {
			return strings.HasPrefix(b, tt.badge) && strings.Contains(b, "202") || strings.HasSuffix(b, "ago")
		}) {
			t.Errorf("%s: badges %q, want %q with a time", tt.name, badges, tt.badge)
		}
	}
	d.page("/articles").wants(t, "articles", "(kept out ", "(moved ", "(paywalled ")
	if mark := find(d.page(d.path("/articles/%d", "walled")).doc, "ol", "class=time"); !strings.HasSuffix(textOf(mark[0]), "kept out") {
		t.Error("the timeline does not end with the state")
	}
}

func TestBegan(t *testing.T) {
	at, gone, told := start, start.Add(time.Hour), start.Add(2*time.Hour)
	log := []news.Change{{Seq: 1, Type: news.ArticleGone, Before: told}}
	for _, tt := range []struct {
		name string
		a    news.Article
		want time.Time
	}{
		{"the state's own time comes first", news.Article{State: news.StateGone, StateAt: at, GoneAt: gone}, at},
		{"an article from before states had times has that of its end", news.Article{State: news.StateGone, GoneAt: gone}, gone},
		{"else the log tells", news.Article{State: news.StateGone}, told},
		{"a log of another state tells nothing", news.Article{State: news.Barred}, time.Time{}},
	} {
		if got := began(tt.a, log); !got.Equal(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := stateCall(news.Article{State: news.Barred}, nil, start); !strings.HasPrefix(got, "Kept out since an unknown time.") {
		t.Errorf("unknown time: %q", got)
	}
}

func TestHeldBack(t *testing.T) {
	d := newDesk(t, nil).harbour()
	a := d.page(d.path("/articles/%d", "fares"))
	a.wants(t, "fares", "2 blocks held back", "Most read: ten beachesrotatescame4", "on many articleswent1")
	if strings.Contains(d.page(d.path("/articles/%d", "away")).main(), "held back") {
		t.Error("an article without blocks held back tells of some")
	}
	var many []news.Held
	for i := range store.MaxHeld + 5 {
		many = append(many, news.Held{Key: uint64(100 + i), Text: "x", Why: "rotates"})
	}
	d.visit(d.ids["away"], store.Visit{Held: many})
	d.page(d.path("/articles/%d", "away")).wants(t, "many", "205 blocks held back", "The last 200 are listed.")
}

// TestRemarks: correction, paywall and picture are told on both pages, and no
// picture of others is loaded.
func TestRemarks(t *testing.T) {
	d := newDesk(t, nil).harbour()
	for _, p := range []string{"/articles/%d", "/articles/%d/versions/0"} {
		a := d.page(d.path(p, "fares"))
		a.wants(t, p, "Correction. An earlier version named the wrong pier.", "not free to read",
			"https://harbour.example.org/pictures/ferry.jpg", "The ferry Ilse at pier two.", "A ferry")
		if len(find(a.doc, "img")) != 0 {
			t.Errorf("%s loads a picture", p)
		}
		if b := d.page(d.path(p, "strike")).main(); strings.Contains(b, "Correction.") || strings.Contains(b, "Lead image") {
			t.Errorf("%s: an article without remarks has some", p)
		}
	}
}

func TestClaims(t *testing.T) {
	d := newDesk(t, nil).harbour()
	a := d.page(d.path("/articles/%d/versions/0", "fares"))
	table := find(a.doc, "div", "aria-label=What the page says of itself")
	if len(table) != 1 {
		t.Fatal("no table of claims")
	}
	var got [][]string
	for _, body := range find(table[0], "tbody") {
		got = append(got, append(texts(find(body, "th")), texts(find(body, "td"))...))
	}
	want := [][]string{
		{"Headline", "json-ld", "Ferry fares rise in May", "title", "Ferry fares to rise – The Harbour"},
		{"Published", "json-ld", "2 Mar 2026, 06:00 UTC", "text", "1 Mar 2026, 00:00 UTC"},
	}
	if len(got) != 2 || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
		t.Errorf("claims %q, want %q", got, want)
	}
	a.wants(t, "links", "2 links in the text", "the board's table https://board.example.org/fares")
	if links := find(a.doc, "a", "href=https://board.example.org/pier", "rel=external nofollow"); len(links) != 1 || textOf(links[0]) != "https://board.example.org/pier" {
		t.Error("a link without words is not called by its address")
	}
}

// TestClaimsApart: claims of a field that come apart are one group, an unknown
// field keeps its name.
func TestClaimsApart(t *testing.T) {
	g := claimGroups(news.Content{Claims: []news.Claim{{Field: "byline", Origin: "a"}, {Field: "mood", Origin: "b"}, {Field: "byline", Origin: "c"}}})
	if len(g) != 2 || g[0].Field != "Byline" || len(g[0].Claims) != 2 || g[1].Field != "mood" {
		t.Errorf("groups %+v", g)
	}
}

func TestPostsOfVersion(t *testing.T) {
	d := newDesk(t, nil).harbour()
	a := d.page(d.path("/articles/%d/versions/1", "strike"))
	heads := find(a.doc, "h2", "class=post")
	if len(heads) != 9 || attr(heads[0], "id") != "post-p3" || !strings.HasPrefix(textOf(heads[0]), "The board makes an offer 2 Mar 2026, 11:05 UTC") {
		t.Errorf("posts %q", texts(heads))
	}
	long := strings.Repeat("wort ", 40)
	blocks := textBlocks(news.Content{Blocks: []news.Block{
		{Kind: news.Post, ID: "a", Text: long}, {Kind: news.Post, ID: "a", Text: "again"}, {Kind: news.Post, ID: `x" y`, Text: "odd"}, {Kind: news.Post, Text: "none"},
		{Kind: news.Post, ID: "b", Text: strings.Repeat("x", PostTitle)}, {Kind: news.Post, ID: "c", Text: strings.Repeat("x", PostTitle+1)}}})
	var anchors []string
	for _, b := range blocks {
		if b.Post {
			anchors = append(anchors, b.Anchor)
		}
	}
	if len(blocks) != 8 || blocks[0].Text != "" || blocks[1].Text != long || blocks[1].Kind != news.Paragraph || blocks[5].Text == "" || blocks[6].Text != "" {
		t.Errorf("a long first block is not a paragraph: %+v", blocks)
	}
	if anchors[0] != "post-a" || anchors[1] != "" || !plainID.MatchString(anchors[2]) || anchors[3] != "" {
		t.Errorf("anchors %q", anchors)
	}
}

// TestGrown: a live blog that only grew is told as that, and as no edit.
func TestGrown(t *testing.T) {
	d := newDesk(t, nil).harbour()
	rows := find(d.page("/versions/search?q=strike").doc, "li", "class=row")
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	var grown []string
	for _, row := range find(d.page("/versions").doc, "li", "class=row") {
		if l := find(row, "a", "href="+d.path("/articles/%d/diff/0/1", "strike")); len(l) == 1 && strings.Contains(textOf(row), "version 1") {
			grown = texts(find(row, "li"))
			if len(find(row, "ins"))+len(find(row, "del")) > 0 || !strings.Contains(textOf(row), "The board makes an offer · Talks begin") {
				t.Errorf("growth is shown as an edit: %s", textOf(row))
			}
		}
	}
	if !slices.Equal(grown, []string{"live: 2 posts added"}) {
		t.Errorf("badges %q", grown)
	}
	a := d.page(d.path("/articles/%d", "strike"))
	a.wants(t, "article", "The article has changed once. Posts were added once beside.", "2 posts added", "1 silent edit")
	d.page(d.path("/articles/%d/diff/0/1", "strike")).wants(t, "diff", "live: 2 posts added")
	if feed := d.page(d.path("/articles/%d.rss", "strike")); !strings.Contains(feed.body, "Live: 2 posts added.") {
		t.Error("the feed does not tell that it grew")
	}
	if table := d.page(d.path("/articles/%d.csv", "strike")); !strings.Contains(table.body, ",true,2\r\n") {
		t.Errorf("the table does not tell that it grew:\n%s", table.body)
	}
}

// TestDiffOfPosts: added and removed posts are boxes, others have a line with
// their time, again after a fold.
func TestDiffOfPosts(t *testing.T) {
	d := newDesk(t, nil).harbour()
	a := d.page(d.path("/articles/%d/diff/0/1", "strike"))
	boxes := find(a.doc, "section", "class=added")
	if len(boxes) != 2 || !strings.HasPrefix(textOf(boxes[0]), "1–2. + Post added, 2 Mar 2026, 11:05 UTC ¶ The board makes an offer The board offered four per cent.") {
		t.Errorf("added posts %q", texts(boxes))
	}
	for _, e := range find(boxes[0], "a", "class=pin") {
		if len(find(a.doc, "", "id="+strings.TrimPrefix(attr(e, "href"), "#"))) != 1 {
			t.Errorf("a link leads nowhere: %s", attr(e, "href"))
		}
	}
	b := d.page(d.path("/articles/%d/diff/1/2", "strike"))
	b.wants(t, "edited", "Post, 2 Mar 2026, 09:15 UTC 2 Mar 2026, 09:25 UTC", "1. Live-blog post: its time changed", "The mayor is not at the table since ten.", "− Post removed, 2 Mar 2026, 05:40 UTC")
	if n := len(find(b.doc, "section", "class=removed")); n != 1 {
		t.Errorf("%d boxes of removed posts", n)
	}
	s := d.page(d.path("/articles/%d/diff/1/2?view=split", "strike"))
	s.wants(t, "split", "− Post removed", "Post, 2 Mar 2026, 09:15 UTC")
	for _, p := range []answer{a, b, s} {
		seen := map[string]bool{}
		for _, n := range find(p.doc, "", "id") {
			if seen[attr(n, "id")] {
				t.Errorf("two elements are called %s", attr(n, "id"))
			}
			seen[attr(n, "id")] = true
		}
	}
}

func TestGroups(t *testing.T) {
	at := start
	g := newGrouper(news.Content{Blocks: postAt("a", at, "A", "one")}, news.Content{Blocks: append(postAt("b", at, "B"), postAt("a", at, "A", "one", "two")...)})
	row := func(post, class string) diffRow {
		return diffRow{Post: post, Class: class, ID: map[bool]string{true: "c-" + class}[class != ""], N: 1}
	}
	first := g.groups([]diffRow{row("b", "added")}, false)
	if len(first) != 1 || !first[0].Whole() || first[0].Head.Anchor != "post-b" {
		t.Errorf("an added post: %+v", first)
	}
	if fold := g.groups([]diffRow{row("a", ""), row("a", "")}, true); len(fold) != 1 || fold[0].Head == nil || fold[0].Head.Anchor != "post-a" || fold[0].Whole() {
		t.Errorf("in a fold: %+v", fold)
	}
	after := g.groups([]diffRow{row("a", "edited")}, false)
	if len(after) != 1 || after[0].Head == nil || after[0].Head.Anchor != "" || after[0].Head.Title != "A" {
		t.Errorf("after the fold: %+v", after)
	}
	if same := g.groups([]diffRow{row("a", ""), row("", "")}, false); len(same) != 2 || same[0].Head != nil || same[1].Head != nil {
		t.Errorf("going on: %+v", same)
	}
	mixed := group{Head: &postHead{}, Class: "added", Rows: []diffRow{row("b", "added"), row("b", "moved")}}
	if mixed.Whole() {
		t.Error("a new post with a block from elsewhere is shown as one box")
	}
}

// FuzzGroups: whatever the posts, groups show every row once and in order, and
// no anchor twice. A line's first letter names its post; "-" is none.
func FuzzGroups(f *testing.F) {
	f.Add("aone\natwo\nbthree\n-four", "bthree\naone\nctwo\n-four\n-five\n-six\n-seven\n-eight")
	f.Add("aone", "bone")
	f.Add("", "\"x\n'y")
	blocks := func(s string) (c news.Content) {
		known := map[string]bool{}
		for line := range strings.SplitSeq(s, "\n") {
			if len(line) < 2 {
				continue
			}
			b := news.Block{Kind: news.Paragraph, Text: line[1:]}
			if line[0] != '-' {
				b.ID = line[:1]
			}
			if b.ID != "" && !known[b.ID] {
				b.Kind, known[b.ID] = news.Post, true
			}
			c.Blocks = append(c.Blocks, b)
		}
		return c
	}
	f.Fuzz(func(t *testing.T, older, newer string) {
		was, is := blocks(older), blocks(newer)
		rows := diffRows(diff.Compare(was, is), 0, news.Appraisal{}, tongue{})
		g, next, anchors := newGrouper(was, is), 0, map[string]bool{}
		for _, seg := range segments(rows) {
			for _, x := range g.groups(seg.Rows, seg.Folded) {
				for _, r := range x.Rows {
					if next++; r.Row != next {
						t.Fatalf("row %d stands where %d should", r.Row, next)
					}
					if r.Post != x.Rows[0].Post {
						t.Fatal("two posts in one group")
					}
				}
				if x.Head == nil {
					continue
				}
				if a := x.Head.Anchor; anchors[a] && a != "" {
					t.Fatalf("two lines are called %s", a)
				}
				anchors[x.Head.Anchor] = true
				if x.Whole() && x.Rows[0].N == 0 {
					t.Fatal("a box without a change")
				}
			}
		}
		if next != len(rows) {
			t.Errorf("%d of %d rows are shown", next, len(rows))
		}
	})
}

func TestSourceFares(t *testing.T) {
	d := newDesk(t, nil).harbour()
	a := d.page("/sources/harbour")
	a.wants(t, "source", "Alarm since", "extraction broke:", "Template changed on", "stands elsewhere on the page (212 articles). It goes on.",
		"Alarm from", "all pages empty.", "2 blocks held back", "2 ignore rules in force", "in aside.related > p", "for all sources", "a screenshot is kept")
	sparks := find(a.doc, "svg", "class=spark")
	if len(sparks) != len(measures) {
		t.Fatalf("%d drawings", len(sparks))
	}
	if title := textOf(find(sparks[1], "title")[0]); title != "Success, last 14 days: lowest 20 %, highest 95 %, latest 95 %" {
		t.Errorf("title %q", title)
	}
	if n := len(find(sparks[1], "polyline")); n != 2 {
		t.Errorf("%d lines, want one before and one after the day without a visit", n)
	}
	days := find(find(a.doc, "div", "aria-label=Figures by day")[0], "tbody")
	rows := find(days[0], "tr")
	if len(rows) != FigureDays || !strings.Contains(textOf(rows[3]), "20260––––0") {
		t.Errorf("%d days, the one without a visit is %q", len(rows), textOf(rows[3]))
	}
	if got := texts(find(rows[0], "td"))[1:]; !slices.Equal(got, []string{"40", "95 %", "384", "0 %", "30 %", "0"}) {
		t.Errorf("today %q", got)
	}
	list := d.page("/sources")
	if alarms := find(list.doc, "span", "class=alarm"); len(alarms) != 1 || !strings.Contains(attr(alarms[0], "title"), "extraction broke") {
		t.Errorf("%d alarms in the list, want the one that is on", len(alarms))
	}
	if len(find(d.page("/sources/harbour").doc, "a", "href=/admin#browser")) != 0 {
		t.Error("readers are led to the administration")
	}
	quiet := newDesk(t, nil)
	quiet.source("quiet", "The Quiet")
	if b := quiet.page("/sources/quiet").main(); strings.Contains(b, "How it fares") || !strings.Contains(b, "Browser: off") {
		t.Errorf("a source that was never visited: %s", b)
	}
}

func TestFigures(t *testing.T) {
	now := time.Date(2026, 3, 20, 13, 30, 0, 0, time.UTC)
	first := figuresSince(now)
	if want := time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC); !first.Equal(want) {
		t.Fatalf("since %v, want %v", first, want)
	}
	f := figuresOf([]news.Pulse{
		{Hour: first.Add(-time.Hour), Visits: 900}, {Hour: first, Visits: 1}, {Hour: first.Add(23 * time.Hour), Visits: 2}, {Hour: first.Add(24 * time.Hour), Visits: 4},
		{Hour: now.Truncate(time.Hour), Visits: 8}, {Hour: first.AddDate(0, 0, FigureDays), Visits: 900},
	}, now)
	got := []string{f.Days[FigureDays-1].Visits, f.Days[FigureDays-2].Visits, f.Days[0].Visits, f.Days[1].Visits}
	if !slices.Equal(got, []string{"3", "4", "8", "0"}) {
		t.Errorf("visits of the first two days, today and yesterday: %q", got)
	}
	m := measure{name: "Share", share: true}
	for _, tt := range []struct {
		name        string
		values      []float64
		lines, dots int
	}{
		{"nothing known", []float64{math.NaN(), math.NaN()}, 0, 0},
		{"one day alone is a dot", []float64{math.NaN(), 0.5, math.NaN()}, 0, 1},
		{"two neighbours are a line", []float64{0, 1}, 1, 0},
		{"a gap parts", []float64{0, 1, math.NaN(), 1}, 1, 1},
		{"a single day", []float64{1}, 0, 1},
	} {
		if s := newSpark(m, tt.values); len(s.Lines) != tt.lines || len(s.Dots) != tt.dots || s.Title == "" {
			t.Errorf("%s: %+v", tt.name, s)
		}
	}
	if s := newSpark(m, []float64{0, 1}); s.Lines[0] != "3.0,29.0 127.0,3.0" {
		t.Errorf("a rise is drawn %q", s.Lines[0])
	}
	if s := newSpark(measure{name: "n"}, []float64{0, 0}); s.Lines[0] != "3.0,29.0 127.0,29.0" {
		t.Errorf("nothing at all is drawn %q", s.Lines[0])
	}
}

func TestScreenshot(t *testing.T) {
	d := newDesk(t, nil).harbour()
	page := d.page(d.path("/articles/%d/versions/0", "fares"))
	var where string
	for _, l := range find(page.doc, "a") {
		if strings.HasPrefix(attr(l, "href"), "/captures/") {
			where = attr(l, "href")
		}
	}
	if where == "" {
		t.Fatal("the version does not lead to its screenshot")
	}
	a := d.page(where)
	if a.body != string(smallPNG(d)) {
		t.Error("another picture")
	}
	for k, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": picturePolicy,
		"X-Robots-Tag": "noindex, noarchive", "Cache-Control": "no-cache",
	} {
		if got := a.Header.Get(k); got != want {
			t.Errorf("%s: %q, want %q", k, got, want)
		}
	}
	if got := a.Header.Get("Content-Disposition"); !strings.HasPrefix(got, `inline; filename="capture-`) {
		t.Errorf("disposition %q", got)
	}
	vicious, err := d.store.VersionByNumber(context.Background(), d.ids["vicious"], 0)
	d.must(err)
	strike, err := d.store.VersionByNumber(context.Background(), d.ids["strike"], 0)
	d.must(err)
	for p, want := range map[string]int{
		screenshotPath(vicious.CaptureID): 404, screenshotPath(strike.CaptureID): 404, "/captures/99999/screenshot": 404, "/captures/x/screenshot": 404,
	} {
		if b := d.get(p); b.StatusCode != want || strings.Contains(b.body, "alert(") {
			t.Errorf("%s = %d, want %d", p, b.StatusCode, want)
		}
	}
	d.must(d.store.Hide(context.Background(), d.ids["fares"], "order 9"))
	for _, cookie := range []string{"", d.enter().String()} {
		if b := d.get(where, "Cookie", cookie); b.StatusCode != 410 {
			t.Errorf("the screenshot of a hidden article = %d", b.StatusCode)
		}
	}
}

// TestReadAgain: what a later extractor reads stands beside the version.
func TestReadAgain(t *testing.T) {
	d := newDesk(t, nil).harbour()
	v, err := d.store.VersionByNumber(context.Background(), d.ids["walled"], 0)
	d.must(err)
	path := d.path("/articles/%d/versions/0", "walled")
	if strings.Contains(d.page(path+"?reading=later").main(), "later extractor") {
		t.Error("a reading that there is not is shown")
	}
	c := v.Content
	c.Blocks = []news.Block{{Kind: news.Paragraph, Text: "Rain on the pier, and a seal."}}
	d.must(d.store.PutDerived(context.Background(), []store.Derived{{VersionID: v.ID, Extractor: "article/9", Content: c}}))
	a := d.page(path)
	a.wants(t, "as recorded", "Nothing to see but rain", "by article/9: another text. Show it")
	b := d.page(path + "?reading=later")
	b.wants(t, "read again", "Rain on the pier, and a seal.", "This is what a later extractor, article/9, reads")
	if len(find(b.doc, "a", "href="+path)) == 0 || strings.Contains(b.main(), "Nothing to see") {
		t.Error("the later reading does not lead back, or shows the recorded text")
	}
}
