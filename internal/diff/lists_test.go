package diff

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

// steps is list edits in short: "2 -a +b".
func steps(es []ListEdit[string]) string {
	var out []string
	for _, e := range es {
		switch e.Op {
		case Equal:
			out = append(out, fmt.Sprint(e.Count))
		case Delete:
			out = append(out, "-"+*e.Item)
		default:
			out = append(out, "+"+*e.Item)
		}
	}
	return strings.Join(out, " ")
}

func TestListEdits(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"a b", "a b", ""},
		{"", "a b", "+a +b"},
		{"a b", "", "-a -b"},
		{"a b c d", "a x c d", "1 -b +x 2"},
		{"a b c d e", "a c b d e", "1 -b 1 +b 2"},
		{"a a a", "a a", "2 -a"},
		{"a b c", "x b y", "-a +x 1 -c +y"},
	} {
		w := budget{left: MaxWork}
		old, new := strings.Fields(c.old), strings.Fields(c.new)
		got := listEdits(old, new, &w)
		if steps(got) != c.want || w.short {
			t.Errorf("%q to %q: got %s, want %s", c.old, c.new, steps(got), c.want)
		}
		back, err := replayList(new, got, Insert)
		if err != nil || !slices.Equal(back, old) {
			t.Errorf("%q to %q: back to %q, %v", c.old, c.new, back, err)
		}
	}
}

// TestListEditsAtTheLimit: two lists of 500 with nothing in common but one item
// are compared in full, of one more item as a whole.
func TestListEditsAtTheLimit(t *testing.T) {
	list := func(name string, n int) []string {
		out := []string{name}
		for i := range n - 2 {
			out = append(out, fmt.Sprint(name, i))
		}
		return slices.Insert(append(out, name+"end"), n/2, "common")[:n]
	}
	for _, c := range []struct {
		n     int
		short bool
	}{{500, false}, {501, true}} {
		w := budget{left: MaxWork}
		old, new := append(list("a", c.n-1), "x"), append(list("b", c.n-1), "y")
		es := listEdits(old, new, &w)
		if kept := slices.ContainsFunc(es, func(e ListEdit[string]) bool { return e.Op == Equal }); w.short != c.short || kept == c.short {
			t.Errorf("%d items: coarse = %v, common item found = %v", len(old), w.short, kept)
		}
		if got, err := replayList(old, es, Delete); err != nil || !slices.Equal(got, new) {
			t.Errorf("%d items: not exact: %v", len(old), err)
		}
	}
}

func TestReplayListErrors(t *testing.T) {
	a := "a"
	for _, c := range []struct {
		es   []ListEdit[string]
		want string
	}{
		{[]ListEdit[string]{{Op: Equal, Count: 3}}, "step 0: nothing to do it with"},
		{[]ListEdit[string]{{Op: Equal, Count: -1}}, "step 0: nothing to do it with"},
		{[]ListEdit[string]{{Op: Insert}}, "step 0: nothing to do it with"},
		{[]ListEdit[string]{{Op: Move, Item: &a}}, "step 0: nothing to do it with"},
		{[]ListEdit[string]{{Op: Equal, Count: 1}, {Op: Delete, Item: &a}}, "step 1: list is not the one compared"},
		{[]ListEdit[string]{{Op: Delete, Item: &a}}, "1 items are in no step"},
	} {
		if _, err := replayList([]string{"a", "b"}, c.es, Delete); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestWholeContents checks the laws on contents that differ in any field.
func TestWholeContents(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	words := strings.Fields("bell tower opens closes early late 12 15 market")
	text := func() string {
		out := ""
		for range rng.IntN(5) {
			out += words[rng.IntN(len(words))] + " "
		}
		return strings.TrimSpace(out)
	}
	when := func() time.Time {
		if rng.IntN(2) == 0 {
			return time.Time{}
		}
		return time.Date(2031, 5, 1+rng.IntN(3), 12, 0, 0, rng.IntN(2), time.FixedZone("", 3600*rng.IntN(3)))
	}
	random := func() news.Content {
		c := news.Content{Headline: text(), Standfirst: text(), Section: text(), Language: text(), Correction: text(),
			Published: when(), Modified: when(), Paywalled: rng.IntN(2) == 0, Cut: rng.IntN(2) == 0,
			Image: news.Image{URL: text(), Caption: text(), Alt: text()}, Byline: strings.Fields(text()), Blocks: []news.Block{}}
		for range rng.IntN(4) {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Post, Text: text() + ".", ID: text(), At: when()})
			c.Links = append(c.Links, news.Link{URL: text(), Text: text()})
			c.Claims = append(c.Claims, news.Claim{Field: text(), Origin: "h1", Value: text()})
		}
		return c
	}
	for range 300 {
		a, b := random(), random()
		checkLaws(t, a, b, Compare(a, b))
		near := a
		near.Links, near.Claims = b.Links, slices.Clone(a.Claims[min(1, len(a.Claims)):])
		checkLaws(t, a, near, Compare(a, near))
	}
}

// TestWhatCounts: links are one change, claims none, but a difference.
func TestWhatCounts(t *testing.T) {
	var old news.Content
	for _, c := range []struct {
		new     news.Content
		changes int
		empty   bool
	}{
		{news.Content{Links: []news.Link{{URL: "https://example.org/a"}, {URL: "https://example.org/b"}}}, 1, false},
		{news.Content{Claims: []news.Claim{{Field: "headline", Origin: "h1", Value: "x"}}}, 0, false},
		{news.Content{Image: news.Image{URL: "https://example.org/a.jpg", Caption: "A", Alt: "B"}}, 3, false},
		{news.Content{Links: []news.Link{}, Claims: []news.Claim{}}, 0, true},
	} {
		s := Compare(old, c.new)
		if s.Changes() != c.changes || s.Empty() != c.empty || s.WordsAdded != 0 {
			t.Errorf("%+v: %d changes, empty %v, %d words added", c.new, s.Changes(), s.Empty(), s.WordsAdded)
		}
	}
}

// TestLinksShown: the views show links that differ, at most MaxShownLinks.
func TestLinksShown(t *testing.T) {
	links := func(n int) (c news.Content) {
		for i := range n {
			c.Links = append(c.Links, news.Link{URL: fmt.Sprintf("https://example.org/%d", i), Text: "<more>"})
		}
		return c
	}
	two := Compare(links(1), links(2))
	if got := Plain(two, 0); got != "links:\n{+<more> <https://example.org/1>+}\n" {
		t.Errorf("plain %q", got)
	}
	if got := HTML(two, 0); got != "<p><strong>Links:</strong></p>\n<ul>\n<li dir=\"auto\"><ins>&lt;more&gt; &lt;https://example.org/1&gt;</ins></li>\n</ul>\n" {
		t.Errorf("html %q", got)
	}
	if got := RemovedOnly(Compare(links(2), links(1))); got != "link: [-<more> <https://example.org/1>-]\n" {
		t.Errorf("removed %q", got)
	}
	if got := Plain(Compare(links(0), links(MaxShownLinks)), 0); strings.Contains(got, "more …") || strings.Count(got, "{+") != MaxShownLinks {
		t.Errorf("as many as are shown: %q", got)
	}
	if got := Plain(Compare(links(0), links(MaxShownLinks+1)), 0); !strings.HasSuffix(got, "\n[… 1 more …]\n") || strings.Count(got, "{+") != MaxShownLinks {
		t.Errorf("one more: %q", got)
	}
}
