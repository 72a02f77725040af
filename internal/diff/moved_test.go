package diff

import (
	"strings"
	"testing"
)

// passageMoved is a script with a passage that moved to another paragraph, an
// edit beside it, and a sentence removed.
func passageMoved() Script {
	return Script{Edits: []Edit{
		{ID: "c-1", Op: Replace, Old: []int{0}, New: []int{0}, Kind: "p", OldKind: "p", Runs: []Run{
			{Op: Equal, Text: "It rained. "}, {Op: Delete, Text: "Police came to the square", Move: "m1"}, {Op: Delete, Text: " at 10."}}},
		{ID: "c-2", Op: Replace, Old: []int{1}, New: []int{1}, Kind: "p", OldKind: "p", Runs: []Run{
			{Op: Equal, Text: "Shops stayed shut. "}, {Op: Insert, Text: "Police came to the square", Move: "m1"}, {Op: Insert, Text: " at 9."}}},
	}}
}

func TestMovedPassages(t *testing.T) {
	s := passageMoved()
	for name, want := range map[string]string{
		"plain":   "It rained. [~m1: Police came to the square~][- at 10.-]\n\nShops stayed shut. {~m1: Police came to the square~}{+ at 9.+}\n",
		"removed": "It rained. Police came to the square[- at 10.-]\n",
		"html":    "<p dir=\"auto\">It rained. <em>[moved away, m1: Police came to the square]</em><del> at 10.</del></p>\n<p dir=\"auto\">Shops stayed shut. <em>[moved here, m1: Police came to the square]</em><ins> at 9.</ins></p>\n",
		"snippet": "It rained. [~m1: Police came to the square~][- at 10.-]",
	} {
		if got := viewsOf(s)[name]; got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	rows := SideBySide(s)
	if got := PlainRuns(rows[0].Left) + "|" + PlainRuns(rows[1].Right); got != "It rained. [~m1: Police came to the square~][- at 10.-]|Shops stayed shut. {~m1: Police came to the square~}{+ at 9.+}" {
		t.Errorf("side by side: %s", got)
	}
}

// TestMovedPassageCounts: its words are neither added nor removed, and weigh
// nothing in a snippet.
func TestMovedPassageCounts(t *testing.T) {
	c := comparison{}
	for _, e := range passageMoved().Edits {
		c.countRuns(e.Runs)
	}
	if s := c.script; s.WordsAdded != 2 || s.WordsRemoved != 2 || s.WordsMoved != 5 || s.WordsOld != 12 || s.WordsNew != 12 {
		t.Errorf("counts %+v", s)
	}
	long := Run{Op: Delete, Text: "Twelve 12 “long” words that have moved to another place altogether", Move: "m1"}
	s := Script{Edits: []Edit{{Op: Replace, Runs: []Run{long, {Op: Equal, Text: " and "}, {Op: Delete, Text: "here"}, {Op: Insert, Text: "there"}}}}}
	if got := PlainRuns(Snippet(s, 30)); !strings.HasSuffix(got, "[-here-]{+there+}") || !strings.Contains(got, "[~m1: ") {
		t.Errorf("snippet %q", got)
	}
	s.Edits[0].Runs = s.Edits[0].Runs[:1]
	if got := PlainRuns(Snippet(s, 30)); got != "[~m1: Twelve 12 “long” words that…~]" {
		t.Errorf("snippet of a move %q", got)
	}
}

func TestRemovedOnly(t *testing.T) {
	long := "Nobody in the whole town had ever heard the old bell ring twice before noon on a Sunday."
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing", "a b c", "a b c d", ""},
		{"a word in a long sentence", long, strings.Replace(long, "bell ring twice", "bell ring", 1), "… town had ever heard the old bell ring [-twice -]before noon on a Sunday.\n"},
		{"a sentence", "It rained. Nobody was told. The bell rang.", "It rained. The bell rang.", "It rained. [-Nobody was told. -]The bell rang.\n"},
		{"what replaced it is not shown", "The toll is 12 now.", "The toll is 15 now.", "The toll is [-12-] now.\n"},
		{"two far apart", "Red bells " + long + " Red ends.", "Bells " + long + " Ends.", "[-Red bells-] Nobody in the whole town had ever heard … ring twice before noon on a Sunday. [-Red ends.-]\n"},
		{"typography", "\"Yes,\" he said.", "“Yes,” he said.", ""},
		{"a paragraph split", "It rained. The bell rang.", "It rained.\n\nThe bell rang.", ""},
		{"a paragraph", "It rained.\n\nGone \u202e for good.", "It rained.", "[-Gone ⟦U+202E⟧ for good.-]\n"},
		{"a block that moves and loses a word", "Alpha beta gamma delta five.\n\nB b.\n\nC c.", "B b.\n\nC c.\n\nAlpha beta gamma delta.", "Alpha beta gamma delta[- five-].\n"},
	} {
		s := Compare(paragraphsOf(strings.Split(c.old, "\n\n")...), paragraphsOf(strings.Split(c.new, "\n\n")...))
		if got := RemovedOnly(s); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestRemovedContextAtItsEdge: context ends with the word that reaches
// RemovedContext, and less than minHidden characters are not hidden.
func TestRemovedContextAtItsEdge(t *testing.T) {
	for _, c := range []struct {
		reached, rest int // characters of the next word and the one after, space included
		cut           bool
	}{{RemovedContext, minHidden, true}, {RemovedContext, minHidden - 1, false}, {RemovedContext - 1, minHidden, false}} {
		after := " " + strings.Repeat("a", c.reached-1) + " " + strings.Repeat("b", c.rest-1)
		got := losses([]Run{{Op: Delete, Text: "gone"}, {Op: Equal, Text: after}})
		if cut := strings.HasSuffix(PlainRuns(got), " …"); cut != c.cut {
			t.Errorf("%d and %d: %q", c.reached, c.rest, PlainRuns(got))
		}
	}
}

func TestMail(t *testing.T) {
	got := Mail(Compare(paragraphsOf("The toll is 12 <b> now."), paragraphsOf("The toll is 15 <b> now.")), 0)
	want := `<p dir="auto">The toll is <span style="background:#ffd8a8;color:#1b1b1b;text-decoration:line-through">[−12−]</span><span style="background:#b6d9ff;color:#1b1b1b;text-decoration:underline">{+15+}</span> &lt;b&gt; now.</p>` + "\n"
	if got != want {
		t.Errorf("got %s", got)
	}
}
