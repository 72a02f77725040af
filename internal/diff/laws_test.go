package diff

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// checkLaws checks what must be true of every script.
func checkLaws(t *testing.T, old, new news.Content, s Script) {
	t.Helper()
	checkExact(t, old, new, s)
	if !reflect.DeepEqual(s, Compare(old, new)) {
		t.Error("two comparisons of the same contents differ")
	}
	for _, c := range []news.Content{old, new} {
		if self := Compare(c, c); !self.Empty() || self.WordsAdded+self.WordsRemoved+self.WordsMoved != 0 {
			t.Errorf("a content differs from itself: %s", Plain(self, 0))
		}
	}
	if same := bytes.Equal(old.Canonical(), new.Canonical()); same != s.Empty() {
		t.Errorf("contents same = %v, script empty = %v", same, s.Empty())
	}
	if s.WordsOld-s.WordsRemoved != s.WordsNew-s.WordsAdded {
		t.Errorf("words do not balance: old %d - %d, new %d - %d", s.WordsOld, s.WordsRemoved, s.WordsNew, s.WordsAdded)
	}
	checkIDs(t, s)
	for _, f := range s.Fields {
		checkRuns(t, f.Runs)
		if textOf(f.Runs, Insert) != f.Old || textOf(f.Runs, Delete) != f.New {
			t.Errorf("%s: runs do not make the texts: %q", f.Field, f.Runs)
		}
	}
	for _, e := range s.Edits {
		checkRuns(t, e.Runs)
	}
	checkActions(t, old, new, s)
	Snippet(s, 240)
}

func checkExact(t *testing.T, old, new news.Content, s Script) {
	t.Helper()
	got, err := Apply(old, s)
	if err != nil || !bytes.Equal(got.Canonical(), new.Canonical()) {
		t.Errorf("Apply: %v\ngot  %s\nwant %s", err, got.Canonical(), new.Canonical())
	}
	back, err := Revert(new, s)
	if err != nil || !bytes.Equal(back.Canonical(), old.Canonical()) {
		t.Errorf("Revert: %v\ngot  %s\nwant %s", err, back.Canonical(), old.Canonical())
	}
}

// checkIDs checks that ids are there, differ, and link the ends of moves.
func checkIDs(t *testing.T, s Script) {
	t.Helper()
	by := map[string]Edit{}
	for _, e := range s.Edits {
		if (e.Op == Equal) != (e.ID == "") {
			t.Errorf("%s edit has id %q", e.Op, e.ID)
		}
		if _, dup := by[e.ID]; dup && e.ID != "" {
			t.Errorf("two edits have the id %s", e.ID)
		}
		by[e.ID] = e
	}
	for _, e := range s.Edits {
		if e.Op == Move && (e.MovedFrom == "") == (e.MovedTo == "") {
			t.Errorf("move %s is not one end: %+v", e.ID, e)
		}
		if e.MovedFrom != "" && by[e.MovedFrom].MovedTo != e.ID {
			t.Errorf("move %s: its old end does not lead back", e.ID)
		}
	}
}

// checkRuns checks the order of runs and that no boundary tears a word or a
// number of letters and digits that are written without a break.
func checkRuns(t *testing.T, runs []Run) {
	t.Helper()
	for k, r := range runs {
		if r.Text == "" {
			t.Errorf("empty run in %q", runs)
		}
		if k == 0 {
			continue
		}
		if p := runs[k-1]; p.Op == r.Op && r.Op == Equal {
			t.Errorf("two equal runs in a row: %q", runs)
		}
	}
	for _, side := range [][]Run{OldRuns(runs), NewRuns(runs)} {
		for k := 1; k < len(side); k++ {
			if side[k].Op != side[k-1].Op && torn(side[k-1].Text, side[k].Text) {
				t.Errorf("a word is torn between %q and %q", tail(side[k-1].Text), head(side[k].Text))
			}
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-20):] }
func head(s string) string { return s[:min(20, len(s))] }

// torn reports whether a boundary between two texts is inside a word of a
// script with letters that join into words, or inside a number.
func torn(a, b string) bool {
	x, _ := utf8.DecodeLastRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	inWord := func(r rune) bool {
		return unicode.IsDigit(r) || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew, unicode.Devanagari) && unicode.IsLetter(r)
	}
	if unicode.IsMark(y) {
		return true
	}
	if inWord(x) && inWord(y) {
		return len(pieces(string(x)+string(y))) == 1
	}
	if strings.ContainsRune(".,:", y) && unicode.IsDigit(x) && len(b) > 1 {
		z, _ := utf8.DecodeRuneInString(b[1:])
		return unicode.IsDigit(z)
	}
	return false
}

// TestJSON checks that a script survives its own JSON.
func TestJSON(t *testing.T) {
	old := news.Content{Headline: "A", Byline: []string{"x"}, Blocks: []news.Block{{Kind: news.Paragraph, Text: "One two three four five."}, {Kind: news.Paragraph, Text: "Six seven eight nine."}}}
	new := news.Content{Headline: "B", Blocks: []news.Block{{Kind: news.Paragraph, Text: "Six seven eight nine."}, {Kind: news.Heading, Text: "One two three four five."}}}
	old.Links = []news.Link{{URL: "https://example.org/a", Text: "here"}, {URL: "https://example.org/b"}}
	new.Links = old.Links[:1]
	new.Claims = []news.Claim{{Field: "headline", Origin: "h1", Value: "B"}}
	s := Compare(old, new)
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Script
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s, back) {
		t.Errorf("got %+v\nwant %+v", back, s)
	}
	checkLaws(t, old, new, back)
}
