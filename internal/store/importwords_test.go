package store

import (
	"strings"
	"testing"
)

// FuzzCountFields: the count is that of strings.Fields.
func FuzzCountFields(f *testing.F) {
	for _, s := range []string{"", " ", "one", " two words ", "a\tb\u00a0c\u2003d\x85e", "caf\u00e9 \xff x", "\u1680"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := countFields(s), len(strings.Fields(s)); got != want {
			t.Errorf("%q: %d fields, want %d", s, got, want)
		}
	})
}

// TestBagOfWords: words that only moved count as neither added nor removed.
func TestBagOfWords(t *testing.T) {
	for _, c := range []struct {
		old, now       string
		added, removed int
	}{
		{"one two", "one two", 0, 0},
		{"one two", "two one", 0, 0},
		{"one|two three|four", "one|two five|four", 1, 1},
		{"one|two", "two|one", 0, 0},
		{"one", "one|two two", 2, 0},
		{"one|two", "one", 0, 1},
	} {
		added, removed := bagOfWords(content("h", strings.Split(c.old, "|")...), content("h", strings.Split(c.now, "|")...))
		if added != c.added || removed != c.removed {
			t.Errorf("%q to %q: %d added, %d removed", c.old, c.now, added, removed)
		}
	}
	if added, removed := bagOfWords(content("Old bridge"), content("New bridge")); added != 1 || removed != 1 {
		t.Errorf("headline: %d added, %d removed", added, removed)
	}
}
