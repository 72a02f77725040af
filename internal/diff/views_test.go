package diff

import (
	"encoding/xml"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"stet/internal/news"
)

func TestWindows(t *testing.T) {
	old := paragraphsOf("a", "b", "c", "d", "e", "f", "g", "h")
	new := paragraphsOf("a", "b", "X", "d", "e", "f", "g", "h")
	s := Compare(old, new)
	for _, c := range []struct {
		context int
		want    string
	}{
		{Whole, "a\n\nb\n\n[-c-]\n\n{+X+}\n\nd\n\ne\n\nf\n\ng\n\nh\n"},
		{0, "[… 2 paragraphs unchanged …]\n\n[-c-]\n\n{+X+}\n\n[… 5 paragraphs unchanged …]\n"},
		{1, "[… 1 paragraph unchanged …]\n\nb\n\n[-c-]\n\n{+X+}\n\nd\n\n[… 4 paragraphs unchanged …]\n"},
		{9, "a\n\nb\n\n[-c-]\n\n{+X+}\n\nd\n\ne\n\nf\n\ng\n\nh\n"},
	} {
		if got := Plain(s, c.context); got != c.want {
			t.Errorf("context %d: got %q, want %q", c.context, got, c.want)
		}
	}
	if got, want := Plain(Compare(old, old), 0), "[… 8 paragraphs unchanged …]\n"; got != want {
		t.Errorf("no change: got %q, want %q", got, want)
	}
	if got := Plain(Compare(news.Content{}, news.Content{}), Whole); got != "\n" {
		t.Errorf("nothing: got %q", got)
	}
}

func TestHTML(t *testing.T) {
	old := news.Content{Headline: "A & B", Blocks: []news.Block{
		{Kind: news.Heading, Text: "Why it matters"},
		{Kind: news.Paragraph, Text: "The <b>first</b> thing was said on Monday. It was long."},
		{Kind: news.ListItem, Text: "An item that goes away"},
	}}
	new := news.Content{Headline: "A & C", Blocks: []news.Block{
		{Kind: news.Heading, Text: "Why it matters"},
		{Kind: news.Paragraph, Text: "The <b>second</b> thing was said on Monday."},
		{Kind: news.Paragraph, Text: "It was long."},
		{Kind: news.Quotation, Text: "<script>alert(1)</script>\x00\u0085\ufffe"},
	}}
	want := `<p dir="auto"><strong>Headline:</strong> A &amp; <del>B</del><ins>C</ins></p>
<h3 dir="auto">Why it matters</h3>
<p dir="auto">The &lt;b&gt;<del>first</del><ins>second</ins>&lt;/b&gt; thing was said on Monday.<del> </del><ins>¶<br><br></ins>It was long.</p>
<ul><li dir="auto"><del>An item that goes away</del></li></ul>
<blockquote dir="auto"><p><ins>&lt;script&gt;alert(1)&lt;/script&gt;⟦U+0000⟧⟦U+0085⟧` + "\ufffd" + `</ins></p></blockquote>
`
	if got := HTML(Compare(old, new), Whole); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHTMLMove(t *testing.T) {
	a, b, c := "One two three four five.", "Nothing here is like that.", "Nor is this other line."
	got := HTML(Compare(paragraphsOf(a, b, c), paragraphsOf(b, c, a)), 0)
	want := `<p dir="auto"><em>Moved to paragraph 3:</em> <del>One two three four five.</del></p>
<p><em>… 2 paragraphs unchanged …</em></p>
<p dir="auto"><em>Moved from paragraph 1:</em> One two three four five.</p>
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSideBySide(t *testing.T) {
	a, b, c := "One two three four five.", "Nothing here is like that.", "Nor is this other line."
	old := paragraphsOf(a, b, c, "Gone for good.")
	new := paragraphsOf(b, c+" More.", "One two three four six.")
	type row struct {
		op          Op
		left, right string
		li, ri      int
	}
	want := []row{
		{Move, "One two three four [-five-].", "", 0, -1},
		{Equal, b, b, 1, 0},
		{Replace, c, c + "{+ More.+}", 2, 1},
		{Delete, "[-Gone for good.-]", "", 3, -1},
		{Move, "", "One two three four {+six+}.", -1, 2},
	}
	s := Compare(old, new)
	var got []row
	for i, r := range SideBySide(s) {
		got = append(got, row{r.Op, PlainRuns(r.Left), PlainRuns(r.Right), r.LeftIndex, r.RightIndex})
		if r.Edit != &s.Edits[i] || r.ID != s.Edits[i].ID {
			t.Errorf("row %d does not lead to its edit", i)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("Words that stay as they were in the text. ", 10)
	for _, c := range []struct {
		name     string
		old, new news.Content
		max      int
		want     string
	}{
		{"a number is stronger than a word", paragraphsOf("A red house.", "Then 12 people came to the hall."), paragraphsOf("A blue house.", "Then 21 people came to the hall."), 100, "Then [-12-]{+21+} people came to the hall."},
		{"context is cut on both sides", paragraphsOf(long + "Then 12 came. " + long), paragraphsOf(long + "Then 21 came. " + long), 40, "… the text. Then [-12-]{+21+} came. Words that…"},
		{"a long change is cut", paragraphsOf(long), paragraphsOf(long, "This long new paragraph says far more than fits."), 30, "{+This long new paragraph…+}"},
		{"the headline when the body is the same", news.Content{Headline: "Bad plan"}, news.Content{Headline: "Good plan"}, 100, "[-Bad-]{+Good+} plan"},
		{"a move only", paragraphsOf("Alpha beta gamma delta.", "B b.", "C c."), paragraphsOf("B b.", "C c.", "Alpha beta gamma delta."), 100, "Alpha beta gamma delta."},
		{"nothing", paragraphsOf("a"), paragraphsOf("a"), 100, ""},
	} {
		got := Snippet(Compare(c.old, c.new), c.max)
		n := 0
		for _, r := range got {
			n += utf8.RuneCountInString(r.Text)
		}
		if PlainRuns(got) != c.want || n > c.max {
			t.Errorf("%s: got %q (%d characters), want %q", c.name, PlainRuns(got), n, c.want)
		}
	}
}

// TestIDs: the id of an edit depends on its texts only, and repeats are told
// apart.
func TestIDs(t *testing.T) {
	ids := func(old, new news.Content) (out []string) {
		for _, e := range Compare(old, new).Edits {
			if e.ID != "" {
				out = append(out, e.ID)
			}
		}
		return out
	}
	one := ids(paragraphsOf("Ad", "a b c"), paragraphsOf("a b c"))
	two := ids(paragraphsOf("Ad", "x y z", "Ad"), paragraphsOf("x y z"))
	if len(one) != 1 || len(two) != 2 || two[0] != one[0] || two[1] != one[0]+"-2" {
		t.Errorf("ids %q and %q", one, two)
	}
	if !strings.HasPrefix(one[0], "c-") || len(one[0]) != 10 {
		t.Errorf("id %q", one[0])
	}
}

func TestApplyErrors(t *testing.T) {
	old, new := paragraphsOf("a b c", "d"), paragraphsOf("a b x", "d")
	old.Headline, new.Headline = "Old", "New"
	good := Compare(old, new)
	change := func(f func(*Script)) Script {
		s := Compare(old, new)
		f(&s)
		return s
	}
	wrong := old
	wrong.Headline = "Other"
	for _, c := range []struct {
		name string
		from news.Content
		s    Script
		want string
	}{
		{"another headline", wrong, good, "apply script: headline: content is not the one compared"},
		{"other blocks", paragraphsOf("z"), change(func(s *Script) { s.Fields = nil }), "apply script: edit 0: block 0 is not the one compared"},
		{"a block too many", news.Content{Headline: "Old", Blocks: append(old.Blocks[:2:2], old.Blocks[0])}, good, "apply script: block 2 is in no edit"},
		{"unknown field", old, change(func(s *Script) { s.Fields[0].Field = "mood" }), "apply script: mood: no such field"},
		{"place taken", old, change(func(s *Script) { s.Edits[1].New = []int{0} }), "apply script: edit 1: no place for block 0"},
		{"no place", old, change(func(s *Script) { s.Edits[1].New = []int{-1} }), "apply script: edit 1: no place for block -1"},
		{"too few texts", old, change(func(s *Script) { s.Edits[1].New = []int{1, 2} }), "apply script: edit 1: row has 1 texts for 2 blocks"},
		{"text for no block", old, change(func(s *Script) { s.Edits[1].New = nil }), "apply script: edit 1: row has text and no block"},
		{"bad time", old, change(func(s *Script) { s.Fields = []FieldEdit{{Field: "modified", New: "noon"}} }), `apply script: modified: parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"`},
	} {
		if _, err := Apply(c.from, c.s); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := Revert(old, good); err == nil || !strings.HasPrefix(err.Error(), "revert script: ") {
		t.Errorf("Revert of the old content: %v", err)
	}
}

// FuzzCompare checks the laws on two texts of blocks, one a line.
func FuzzCompare(f *testing.F) {
	f.Add("One two three.\nFour five.", "Four five.\nOne two six.")
	f.Add("A sentence. Another one.", "A sentence.\n\nAnother one, 3.5 % of it.")
	f.Add("“Short” said Mr. X on 3 May 2031", "\"Short\" said Mr. Y on 4 May 2031")
	f.Add("市议会通过2031年5月3日", "ก่อน\u00ad\u200b \xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		old, new := paragraphsOf(strings.Split(a, "\n")...), paragraphsOf(strings.Split(b, "\n")...)
		old.Headline, new.Headline = a, b
		s := Compare(old, new)
		checkInvalid(t, old, new, s)
		var fragment struct{}
		page := "<x>" + strings.ReplaceAll(HTML(s, Whole), "<br>", "<br/>") + "</x>"
		if err := xml.Unmarshal([]byte(page), &fragment); err != nil {
			t.Errorf("HTML is not well formed: %v", err)
		}
	})
}

// BenchmarkCompare compares an article of usual length with usual edits.
func BenchmarkCompare(b *testing.B) {
	pairs := benchPairs()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := pairs[i%len(pairs)]
		Compare(p.old, p.new)
	}
}
