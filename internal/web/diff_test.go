package web

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stet/internal/diff"
	"stet/internal/news"
)

// changes are the ids of the numbered changes of a page, in order.
func changesOf(doc *html.Node) (ids []string) {
	for _, n := range find(doc, "", "data-change") {
		ids = append(ids, attr(n, "id"))
	}
	return ids
}

// TestDiffInline: K31, K36, F38 and the words of each change.
func TestDiffInline(t *testing.T) {
	d := reading(t)
	a := d.page(d.path("/articles/%d/diff/1/2", "bridge"))
	if title := textOf(find(a.doc, "title")[0]); title != "'Harrow Bridge shut after cracks are found' diff (1/2) - stet" {
		t.Errorf("title %q", title)
	}
	main := textOf(find(a.doc, "main")[0])
	for _, want := range []string{
		"Version 1 was last seen", "Version 2 was first seen", "The change was made in the 20 minutes between.",
		"− Paragraph removed (was paragraph 9)", "+ Heading added", "moved here from paragraph 5", "moved to paragraph 3",
		"1. StandfirstInspectors found damage in two three piers", "6 changes", "+22 −35 words", "16 words moved",
	} {
		if !strings.Contains(main, want) {
			t.Errorf("the page lacks %q:\n%s", want, main)
		}
	}
	ids := changesOf(a.doc)
	if len(ids) != 6 || ids[0] != "c-standfirst" {
		t.Errorf("changes %q, want 6", ids)
	}
	for _, link := range find(a.doc, "a", "class=pin") {
		if len(find(a.doc, "", "id="+strings.TrimPrefix(attr(link, "href"), "#"))) != 1 {
			t.Errorf("the link %s leads nowhere", attr(link, "href"))
		}
	}
	for _, s := range find(a.doc, "section", "class=moved") {
		other := attr(find(s, "a")[0], "href")
		if len(find(a.doc, "section", "id="+strings.TrimPrefix(other, "#"))) != 1 {
			t.Errorf("a move leads to %q, which is not there", other)
		}
	}
	if len(find(a.doc, "", "id=p1")) != 1 || len(find(a.doc, "", "id=p3")) != 1 {
		t.Error("the rows have no ids p1, p2 …")
	}
	for _, mark := range append(find(a.doc, "del"), find(a.doc, "ins")...) {
		word := map[string]string{"del": "[removed: ", "ins": "[added: "}[mark.Data]
		if sr := find(mark, "span", "class=sr"); len(sr) != 2 || sr[0].FirstChild.Data != word {
			t.Errorf("a %s says nothing to those who listen", mark.Data)
		}
	}
}

func TestDiffFolds(t *testing.T) {
	d := reading(t)
	a := d.page(d.path("/articles/%d/diff/0/1", "bridge"))
	folds := find(find(a.doc, "div", "class=text")[0], "details", "class=fold")
	if len(folds) != 1 || !strings.HasPrefix(textOf(folds[0]), "7 unchanged paragraphs") {
		t.Fatalf("folds %q, want one of 7", texts(folds))
	}
	if n := len(find(folds[0], "p")); n != 7 {
		t.Errorf("the fold holds %d paragraphs", n)
	}
	row := diffRow{}
	edit := diffRow{Class: "edited"}
	for _, tt := range []struct {
		name string
		rows []diffRow
		fold int // rows folded away
	}{
		{"as many as FoldOver at the end", []diffRow{edit, row, row}, 0},
		{"one more at the end", []diffRow{edit, row, row, row}, 2},
		{"one more between changes would hide a single row", []diffRow{edit, row, row, row, edit}, 0},
		{"two more between changes", []diffRow{edit, row, row, row, row, edit}, 2},
		{"no change at all", []diffRow{row, row, row}, 3},
	} {
		hidden, all := 0, 0
		for _, s := range segments(tt.rows) {
			all += len(s.Rows)
			if s.Folded {
				hidden += len(s.Rows)
			}
		}
		if hidden != tt.fold || all != len(tt.rows) {
			t.Errorf("%s: %d folded of %d, want %d of %d", tt.name, hidden, all, tt.fold, len(tt.rows))
		}
	}
}

// TestDiffSideBySide: K33–K36.
func TestDiffSideBySide(t *testing.T) {
	d := reading(t)
	a := d.page(d.path("/articles/%d/diff/0/1?view=split", "bridge"))
	table := find(a.doc, "table", "class=split")[0]
	if head := texts(find(table, "th")); len(head) != 2 || !strings.HasPrefix(head[0], "Version 0") || !strings.HasPrefix(head[1], "Version 1") {
		t.Errorf("columns %q", head)
	}
	headline := find(find(table, "tr", "id=c-headline")[0], "td")
	if textOf(headline[0]) != "Harrow Bridge shut as board hid cracks" || textOf(headline[1]) != "Harrow Bridge shut after cracks are found" {
		t.Errorf("headlines %q", texts(headline))
	}
	same := find(find(table, "tr", "id=p1")[0], "td")
	if textOf(same[0]) != textOf(same[1]) || attr(same[1], "aria-hidden") != "true" {
		t.Error("an unchanged paragraph is not on both sides, once for those who listen")
	}
	changed := find(find(table, "tr", "id=p2")[0], "td")
	if len(find(changed[0], "del")) != 1 || len(find(changed[0], "ins")) != 0 || len(find(changed[1], "ins")) != 1 || textOf(find(changed[1], "ins")[0]) != "15" {
		t.Errorf("changed pair %q", texts(changed))
	}
	if skipped := find(table, "tr", "class=skipped"); len(skipped) != 1 || !strings.Contains(textOf(skipped[0]), "7 unchanged") {
		t.Error("unchanged rows are not left out")
	}
	all := d.page(d.path("/articles/%d/diff/0/1?view=split&all=1", "bridge"))
	if n := len(find(find(all.doc, "table", "class=split")[0], "tr")); n != 12 {
		t.Errorf("all rows are %d, want 12 with that of the head", n)
	}
	two := d.page(d.path("/articles/%d/diff/1/2?view=split", "bridge"))
	for _, td := range find(two.doc, "td", "class=removed") {
		if next := td.NextSibling; textOf(next) != "" {
			t.Errorf("a removed paragraph has %q at its side", textOf(next))
		}
	}
	if n := len(changesOf(two.doc)); n != 6 {
		t.Errorf("%d changes side by side, want 6", n)
	}
}

// TestDiffPairs: K8, K32.
func TestDiffPairs(t *testing.T) {
	d := reading(t)
	for _, p := range []string{"/articles/%d/diff/0/4", "/articles/%d/diff/4/0", "/articles/%d/diff/x/1", "/articles/%d/diff/-1/0", "/articles/%d/diff/00/1", "/articles/%d/diff/0/99999999999999999999"} {
		a := d.get(d.path(p, "bridge"))
		if a.StatusCode != 404 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s = %d %s, want 404 in plain text", p, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
	if a := d.get("/articles/999/diff/0/1"); a.StatusCode != 404 || a.doc != nil {
		t.Errorf("no such article = %d", a.StatusCode)
	}
	back := d.page(d.path("/articles/%d/diff/1/0", "bridge"))
	if ins := find(back.doc, "h1")[0]; !strings.Contains(textOf(find(ins, "ins")[0]), "as board hid") {
		t.Error("reversed, the old words are not the added ones")
	}
	if !strings.Contains(textOf(find(back.doc, "main")[0]), "70 minutes earlier") {
		t.Error("reversed, the times are not told as such (K33)")
	}
	same := d.page(d.path("/articles/%d/diff/1/1", "bridge"))
	if !strings.Contains(textOf(find(same.doc, "main")[0]), "one and the same version") {
		t.Error("equal versions are not told so")
	}
	if len(find(back.doc, "meta", "name=robots")) != 1 {
		t.Error("search engines are led through every pair")
	}

	a := d.page(d.path("/articles/%d/diff/1/2", "bridge"))
	strips := find(a.doc, "nav", "class=strip")
	if len(strips) != 2 {
		t.Fatalf("%d strips, want one above and one below", len(strips))
	}
	if got := strings.Join(texts(find(strips[0], "li")), " "); got != "Previous version 1 2 3 Next version" {
		t.Errorf("strip %q", got)
	}
	if link := find(strips[0], "a", "href="+d.path("/articles/%d/diff/2/3", "bridge")); len(link) != 2 || !strings.HasSuffix(attr(link[0], "title"), "UTC") {
		t.Error("version 3 is not linked with its time")
	}
	if cur := find(strips[0], "b"); len(cur) != 1 || textOf(cur[0]) != "2" {
		t.Error("the current version is not plain")
	}
	last := d.page(d.path("/articles/%d/diff/2/3", "bridge"))
	if n := find(find(last.doc, "nav", "class=strip")[0], "i"); len(n) != 1 || textOf(n[0]) != "Next version" {
		t.Error("the end of the strip is a link")
	}
	long := d.page(d.path("/articles/%d/diff/30/31", "long"))
	if n := len(find(find(long.doc, "nav", "class=strip")[0], "li")); n > MaxStrip {
		t.Errorf("a strip of %d", n)
	}
}

func TestCompareForm(t *testing.T) {
	d := reading(t)
	a := d.get(d.path("/articles/%d/compare?older=0&newer=3", "bridge"))
	if a.StatusCode != 302 || a.Header.Get("Location") != d.path("/articles/%d/diff/0/3", "bridge") {
		t.Errorf("compare = %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := d.get(d.path("/articles/%d/compare?older=0", "bridge")); a.StatusCode != 400 {
		t.Errorf("half a choice = %d", a.StatusCode)
	}
}

// TestPieces: marks hold words, spaces stand outside them.
func TestPieces(t *testing.T) {
	got := pieces([]diff.Run{{Op: diff.Equal, Text: " one"}, {Op: diff.Insert, Text: " 2 three "}, {Op: diff.Delete, Text: " "}, {Op: diff.Delete, Text: "a\n\nb"}})
	var b strings.Builder
	for _, p := range got {
		b.WriteString(string(p.Op) + "<" + p.Text + ">")
		if p.Break {
			b.WriteString("break")
		}
		if p.Number {
			b.WriteString("number")
		}
	}
	if want := "equal< one>equal< >insert<2 three>numberequal< >delete< >delete<a>delete<b>break"; b.String() != want {
		t.Errorf("pieces = %s\nwant     %s", b.String(), want)
	}
}

// FuzzRows: every block of both texts is in the rows of every view, once a side.
func FuzzRows(f *testing.F) {
	f.Add("one two three four\nfive six\nseven", "five six\none two three four five\nseven 8")
	f.Add("", "a\n\nb")
	f.Fuzz(func(t *testing.T, older, newer string) {
		was, is := lines2content(older), lines2content(newer)
		rows := diffRows(diff.Compare(was, is), 0, news.Appraisal{}, tongue{})
		old, new := 0, 0
		for i, r := range rows {
			if r.Row != i+1 {
				t.Fatalf("row %d is called %d", i+1, r.Row)
			}
			old += blocksIn(r.Old)
			new += blocksIn(r.New)
		}
		if old != len(was.Blocks) || new != len(is.Blocks) {
			t.Errorf("rows hold %d and %d blocks, want %d and %d", old, new, len(was.Blocks), len(is.Blocks))
		}
		shown := 0
		for _, s := range segments(rows) {
			shown += len(s.Rows)
		}
		if shown != len(rows) {
			t.Errorf("folding shows %d of %d rows", shown, len(rows))
		}
	})
}

func lines2content(s string) (c news.Content) {
	for _, line := range strings.Split(s, "\n") {
		if strings.TrimSpace(line) != "" {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: line})
		}
	}
	return c
}

func blocksIn(p []piece) int {
	if len(p) == 0 {
		return 0
	}
	n := 1
	for _, x := range p {
		if x.Break {
			n++
		}
	}
	return n
}

// What was held back was seen before the version that it is compared with came
// about: the page does not say that this was last seen before it was first seen.
func TestMadeOfWhatWasHeldBack(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2031, 3, 2, 6, minute, 0, 0, time.UTC) }
	older, newer := news.Version{Number: 1}, news.Version{Number: 2}
	older.Seen.First = at(20)
	for _, tt := range []struct {
		after int
		want  string
	}{{20, "Version 1 was last seen "}, {19, "What is new in version 2 was last not there "}} {
		got := made(older, newer, news.Change{After: at(tt.after), Before: at(30)}, true)
		if len(got) != 3 || !strings.HasPrefix(got[0], tt.want) {
			t.Errorf("T1 at minute %d: %q, want %q", tt.after, got, tt.want)
		}
	}
}
