package diff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestPassages shows what is taken for a passage that moved.
func TestPassages(t *testing.T) {
	north, south := "It rained all day in the north of the country.", "Shops stayed shut in the south until noon."
	for _, c := range []struct{ name, old, new, want string }{
		{"a sentence to another paragraph",
			north + " Police came to the square at ten.\n\n" + south,
			north + "\n\n" + south + " Police came to the square at ten.",
			north + "[~m1:  Police came to the square at ten.~]\n\n" + south + "{~m1:  Police came to the square at ten.~}\n"},
		{"a sentence inside its paragraph, past a longer one",
			"Nobody was hurt in it. " + north + " " + south,
			north + " " + south + " Nobody was hurt in it.",
			"[~m1: Nobody was hurt in it. ~]" + north + " " + south + "{~m1:  Nobody was hurt in it.~}\n"},
		{"edited on the way, with a small gap",
			north + " Police came to the old square at ten in the morning.\n\n" + south,
			north + "\n\n" + south + " Police came to the market square at ten in the morning.",
			north + "[~m1:  Police came to the~][- old-][~m1:  square at ten in the morning.~]\n\n" + south + "{~m1:  Police came to the~}{+ market+}{~m1:  square at ten in the morning.~}\n"},
		{"a clause to the end of its sentence",
			"After a long night of talks the council voted for the bridge.",
			"The council voted for the bridge after a long night of talks.",
			"[-After-][~m1:  a long night of talks~][- the-]{+The+} council voted for the bridge{+ after+}{~m1:  a long night of talks~}.\n"},
		{"fewer words than a passage has",
			north + " At the old square.\n\n" + south,
			north + "\n\n" + south + " At the old square.",
			north + "[- At the old square.-]\n\n" + south + "{+ At the old square.+}\n"},
	} {
		old, new := paragraphsOf(strings.Split(c.old, "\n\n")...), paragraphsOf(strings.Split(c.new, "\n\n")...)
		s := Compare(old, new)
		checkLaws(t, old, new, s)
		if got := Plain(s, 0); got != c.want {
			t.Errorf("%s:\ngot  %swant %s", c.name, got, c.want)
		}
	}
}

// TestMinPassage: a passage has at least MinPassage words.
func TestMinPassage(t *testing.T) {
	for n := MinPassage - 1; n <= MinPassage; n++ {
		moved := strings.TrimSuffix(strings.Repeat("w%d ", n), " ")
		for i := range n {
			moved = strings.Replace(moved, "%d", fmt.Sprint(i), 1)
		}
		stay := "This paragraph stays where it always was"
		other := "Another one stays behind it all the time"
		s := Compare(paragraphsOf(stay+" "+moved, other), paragraphsOf(stay, other+" "+moved))
		if got := s.WordsMoved; (got == n) != (n == MinPassage) {
			t.Errorf("%d words: %d moved", n, got)
		}
	}
}

// TestMaxPassageGap: a passage goes on behind MaxPassageGap other tokens, and no
// more.
func TestMaxPassageGap(t *testing.T) {
	for gap := MaxPassageGap; gap <= MaxPassageGap+1; gap++ {
		text := func(word string) string {
			return "a1 a2 a3 a4 a5 " + strings.Repeat(word+" ", gap) + "b1 b2"
		}
		stay := "This paragraph stays where it always was and has many words of its own"
		other := "Another one stays behind it all the time with many words of its own too"
		s := Compare(paragraphsOf(stay+" "+text("x"), other), paragraphsOf(stay, other+" "+text("y")))
		if want := map[bool]int{true: 7, false: 5}[gap == MaxPassageGap]; s.WordsMoved != want {
			t.Errorf("gap of %d: %d moved, want %d\n%s", gap, s.WordsMoved, want, Plain(s, 0))
		}
	}
}

// TestRareWordsWeigh: rows of a table that have most words in common are told
// apart by the one that names them.
func TestRareWordsWeigh(t *testing.T) {
	row := func(name string, k int) string {
		return name + strings.Repeat(" | single sited", k) + strings.Repeat(" | dual sited", 5-k)
	}
	names := []string{"Osney", "Iffley", "Sandford", "Culham", "Benson", "Marsh"}
	var old, new []string
	for i, n := range names {
		old = append(old, row(n, i%5))
		new = append(new, row(n, (i+1)%5))
	}
	new = append(new[:2], new[3:]...) // a row went
	s := Compare(paragraphsOf(old...), paragraphsOf(new...))
	for _, e := range s.Edits {
		if e.Op == Replace && len(e.Old) == 1 && names[e.Old[0]] != strings.Fields(textOf(e.Runs, Delete))[0] {
			t.Errorf("the row of %s became %s", names[e.Old[0]], textOf(e.Runs, Delete))
		}
		if e.Op == Delete && e.Old[0] != 2 {
			t.Errorf("row %d was removed", e.Old[0])
		}
	}
}

// TestDuplicatesEdited: of paragraphs that an article has several times, those
// that were edited are compared with what they were.
func TestDuplicatesEdited(t *testing.T) {
	again := "If you need this document in another format, tell us which one and how we can reach you."
	var old, new []string
	for i := range 6 {
		part := fmt.Sprintf("Part %d of the report was published on Monday by the office.", i)
		old = append(old, part, again)
		new = append(new, part, again)
	}
	new[3] = strings.Replace(again, "document", "paper", 1)
	new[7] = strings.Replace(again, "format", "form", 1)
	s := Compare(paragraphsOf(old...), paragraphsOf(new...))
	if s.WordsAdded != 2 || s.WordsRemoved != 2 {
		t.Errorf("%d words added, %d removed, want 2 and 2:\n%s", s.WordsAdded, s.WordsRemoved, Plain(s, 0))
	}
}

// TestPassageLaws moves sentences about at random: the laws hold, and no word
// is taken for moved more often than it is there.
func TestPassageLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	next := vocabulary(rng)
	for range 150 {
		var sentences []string
		for range 4 + rng.IntN(12) {
			sentences = append(sentences, strings.Join(sentence(rng, next), " "))
		}
		side := func() []string {
			var out []string
			for _, i := range rng.Perm(len(sentences)) {
				if rng.IntN(8) == 0 {
					continue
				}
				if len(out) == 0 || rng.IntN(3) == 0 {
					out = append(out, "")
				}
				out[len(out)-1] = strings.TrimSpace(out[len(out)-1] + " " + sentences[i])
			}
			return out
		}
		old, new := paragraphsOf(side()...), paragraphsOf(side()...)
		s := Compare(old, new)
		checkLaws(t, old, new, s)
		if s.WordsMoved > min(s.WordsOld, s.WordsNew) {
			t.Errorf("%d words moved of %d and %d", s.WordsMoved, s.WordsOld, s.WordsNew)
		}
		checkMoves(t, s)
	}
}

// checkMoves checks that each passage has both ends, with the same words.
func checkMoves(t *testing.T, s Script) {
	t.Helper()
	gone, come := map[string]string{}, map[string]string{}
	for _, e := range s.Edits {
		if e.Origin() {
			continue
		}
		for _, r := range e.Runs {
			switch {
			case r.Move == "":
			case r.Op == Delete:
				gone[r.Move] += r.Text + " "
			case r.Op == Insert:
				come[r.Move] += r.Text + " "
			default:
				t.Errorf("an equal run is part of %s", r.Move)
			}
		}
	}
	if len(gone) != len(come) {
		t.Errorf("%d passages went, %d came", len(gone), len(come))
	}
	for id, text := range gone {
		if strings.Join(strings.Fields(text), " ") != strings.Join(strings.Fields(come[id]), " ") {
			t.Errorf("%s: %q became %q", id, text, come[id])
		}
	}
}
