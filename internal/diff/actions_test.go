package diff

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stet/internal/news"
)

// checkActions checks that each sentence of both texts is in one action, and
// that the runs of an action lead from its old sentences to its new ones.
func checkActions(t *testing.T, old, new news.Content, s Script) {
	t.Helper()
	left := func(c news.Content) map[Place]string {
		m := map[Place]string{}
		for b, block := range c.Blocks {
			for k, text := range Sentences(block.Text) {
				m[Place{b, k}] = text
			}
		}
		return m
	}
	olds, news := left(old), left(new)
	for k, a := range Actions(s) {
		if got, want := textOf(a.Runs, Insert), taken(t, olds, a.Old); got != want {
			t.Errorf("action %d: old text %q of sentences %q", k, got, want)
		}
		if got, want := textOf(a.Runs, Delete), taken(t, news, a.New); got != want {
			t.Errorf("action %d: new text %q of sentences %q", k, got, want)
		}
		checkAction(t, k, a)
	}
	if len(olds)+len(news) > 0 {
		t.Errorf("in no action: old %v, new %v", olds, news)
	}
}

// taken is the text of sentences, which are taken out of what is left.
func taken(t *testing.T, left map[Place]string, at []Place) string {
	t.Helper()
	var b strings.Builder
	for _, p := range at {
		text, ok := left[p]
		if !ok {
			t.Errorf("sentence %v is in two actions, or nowhere", p)
		}
		delete(left, p)
		b.WriteString(text)
	}
	return b.String()
}

func checkAction(t *testing.T, k int, a Action) {
	t.Helper()
	same := news.Fold(textOf(a.Runs, Insert)) == news.Fold(textOf(a.Runs, Delete))
	want := Edited
	switch {
	case len(a.Old) == 0:
		want = Addition
	case len(a.New) == 0:
		want = Deletion
	case same:
		want = Unchanged
	}
	if a.Type != want || min(len(a.Old), len(a.New)) > 1 || len(a.Old)+len(a.New) == 0 {
		t.Errorf("action %d: %s from %v to %v, want %s", k, a.Type, a.Old, a.New, want)
	}
	for i, r := range a.Runs {
		if r.Text == "" || r.Move != "" || i > 0 && (r.Op == a.Runs[i-1].Op || r.Op == Delete && a.Runs[i-1].Op == Insert) {
			t.Errorf("action %d: runs %q", k, a.Runs)
		}
	}
}

// told is actions in short: type, places and text.
func told(as []Action) string {
	var b strings.Builder
	for _, a := range as {
		fmt.Fprintf(&b, "%s", a.Type)
		if a.Moved {
			b.WriteString(" moved")
		}
		for i, side := range [][]Place{a.Old, a.New} {
			if b.WriteString([]string{" ", ">"}[i]); len(side) == 0 {
				b.WriteString("-")
			}
			for k, p := range side {
				fmt.Fprintf(&b, "%s%d.%d", []string{"", ","}[min(k, 1)], p.Block, p.Sentence)
			}
		}
		fmt.Fprintf(&b, " %s\n", PlainRuns(a.Runs))
	}
	return b.String()
}

func TestActions(t *testing.T) {
	run := func(op Op, text string) Run { return Run{Op: op, Text: text} }
	part := func(op Op, text string) Run { return Run{Op: op, Text: text, Move: "m1"} }
	row := func(op Op, k int, runs ...Run) Edit {
		return Edit{Op: op, ID: fmt.Sprintf("c-%d", k), Old: []int{k}, New: []int{k}, Runs: runs}
	}
	for _, c := range []struct {
		name string
		s    Script
		want string
	}{
		{"a word, a sentence more, a sentence less", Compare(
			paragraphsOf("The mayor spoke to the council on Monday. Nobody was hurt at all.", "It rained."),
			paragraphsOf("The mayor spoke to the council on Tuesday. Police came later to the square.", "It rained.")),
			"edit 0.0>0.0 The mayor spoke to the council on [-Monday-]{+Tuesday+}. \ndeletion 0.1>- [-Nobody was hurt at all.-]\naddition ->0.1 {+Police came later to the square.+}\nunchanged 1.0>1.0 It rained.\n"},
		{"a sentence is split", Compare(
			paragraphsOf("The council approved the plan on Monday and the mayor signed it on the same evening."),
			paragraphsOf("The council approved the plan on Monday. The mayor signed it on the same evening.")),
			"edit 0.0>0.0,0.1 The council approved the plan on Monday[- and the-]{+. The+} mayor signed it on the same evening.\n"},
		{"a paragraph is split, its sentences are not", Compare(
			paragraphsOf("The council approved the plan. The mayor signed it."),
			paragraphsOf("The council approved the plan.", "The mayor signed it.")),
			"unchanged 0.0>0.0 The council approved the plan.[- -]\nunchanged 0.1>1.0 The mayor signed it.\n"},
		{"typography", Compare(paragraphsOf(`"Yes," he said - "it's done."`, "…"), paragraphsOf("“Yes,” he said – “it’s done.”", "...")),
			"unchanged 0.0>0.0 [-\"Yes,\"-]{+“Yes,”+} he said [---]{+–+} [-\"it's done.\"-]{+“it’s done.”+}\nunchanged 1.0>1.0 [-…-]{+...+}\n"},
		{"a paragraph moves", Compare(
			paragraphsOf("Alpha beta gamma delta. Epsilon zeta.", "B b.", "C c."),
			paragraphsOf("B b.", "C c.", "Alpha beta gamma delta. Epsilon eta theta.")),
			"unchanged 1.0>0.0 B b.\nunchanged 2.0>1.0 C c.\nunchanged moved 0.0>2.0 Alpha beta gamma delta. \nedit moved 0.1>2.1 Epsilon [-zeta-]{+eta theta+}.\n"},
		{"a sentence moves to another paragraph and changes on the way", Script{Edits: []Edit{
			row(Replace, 0, run(Equal, "Stays here. "), part(Delete, "Police came to the square "), run(Delete, "at ten.")),
			row(Replace, 1, run(Equal, "Also stays. "), part(Insert, "Police came to the square "), run(Insert, "at nine.")),
		}}, "unchanged 0.0>0.0 Stays here. \nunchanged 1.0>1.0 Also stays. \nedit moved 0.1>1.1 Police came to the square at [-ten-]{+nine+}.\n"},
		{"two sentences of a paragraph change places", Script{Edits: []Edit{
			row(Replace, 0, part(Delete, "One two three. "), run(Equal, "Four five six."), part(Insert, " One two three.")),
		}}, "unchanged 0.1>0.0 Four five six.{+ +}\nunchanged moved 0.0>0.1 One two three.[- -]\n"},
		{"faulty rows", Script{Edits: []Edit{{Op: Equal, Runs: []Run{run(Equal, "No block.")}},
			{Op: Replace, Old: []int{4, 5, 6}, New: []int{7}, Runs: []Run{part(Delete, "Lost."), run("?", "x")}}}},
			"edit 4.0>7.0 [-Lost.-]x\n"},
	} {
		if got := told(Actions(c.s)); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

// TestLinkedAtItsEdge: two of five words kept are a sentence edited, one is
// not, and a sentence that keeps all of a shorter one is that one.
func TestLinkedAtItsEdge(t *testing.T) {
	for _, c := range []struct {
		runs []Run
		want ActionType
	}{
		{[]Run{{Op: Equal, Text: "one two "}, {Op: Delete, Text: "three four five"}, {Op: Insert, Text: "six seven eight nine"}}, Edited},
		{[]Run{{Op: Equal, Text: "one "}, {Op: Delete, Text: "two three four five"}, {Op: Insert, Text: "six seven eight nine"}}, Deletion},
		{[]Run{{Op: Equal, Text: "one"}, {Op: Insert, Text: " two three four five six"}}, Edited},
	} {
		as := Actions(Script{Edits: []Edit{{Op: Replace, Old: []int{0}, New: []int{0}, Runs: c.runs}}})
		if as[0].Type != c.want {
			t.Errorf("%s: got %s, want %s", PlainRuns(c.runs), as[0].Type, c.want)
		}
	}
}

func TestSentencesGiveTheTextBack(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{" ", []string{" "}},
		{"Mr. Ho paid 3.5 million. Then “No. No.” he said! Done", []string{"Mr. Ho paid 3.5 million. ", "Then “No. No.” he said! ", "Done"}},
		{"市议会通过了。市长签署了。", []string{"市议会通过了。", "市长签署了。"}},
		{"这是好消息。“我们都很高兴，”她说。（完）他也高兴！", []string{"这是好消息。", "“我们都很高兴，”她说。", "（完）他也高兴！"}},
		{"Er sagte „ja, das ist so.“ Und ging.", []string{"Er sagte „ja, das ist so.“ ", "Und ging."}},
		{"یہ ہوا۔ पहला। दूसरा।", []string{"یہ ہوا۔ ", "पहला। ", "दूसरा।"}},
	} {
		if got := Sentences(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// TestActionsOfRandomEdits checks the laws of actions on invented articles.
func TestActionsOfRandomEdits(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	edited, moved := 0, 0
	for range 100 {
		x := synthetic(rng)
		s := Compare(x.old, x.new)
		checkActions(t, x.old, x.new, s)
		for _, a := range Actions(s) {
			if a.Type == Edited {
				edited++
			}
			if a.Moved {
				moved++
			}
		}
	}
	if edited < 350 || moved < 100 {
		t.Errorf("%d sentences edited, %d moved; 400 were edited, at least 100 moved", edited, moved)
	}
}

// FuzzActions checks the laws of actions on two texts of blocks, one a line.
func FuzzActions(f *testing.F) {
	f.Add("One two three. Four five.", "Four five.\nOne two six. One two three.")
	f.Add("A sentence and another one of it.", "A sentence.\nAnother one, 3.5 % of it.\n…")
	f.Add("“Short” said Mr. X on 3 May 2031. Yes!", "\"Short\" said Mr. Y on 4 May 2031. Yes!")
	f.Add("市议会通过。市长", "ก่อน\u00ad\u200b \xff\u2028.\r\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		old, new := paragraphsOf(strings.Split(a, "\n")...), paragraphsOf(strings.Split(b, "\n")...)
		checkActions(t, old, new, Compare(old, new))
	})
}
