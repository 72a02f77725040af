package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// fixtures are articles of invented prose in which no two words are alike but
// small ones, so that every edit is possible and every truth can be counted.
func fixtures() []article {
	var out []article
	for a, topic := range []string{"harbour", "orchard", "railway"} {
		x := article{URL: "https://example.org/" + topic, Title: "News of the " + topic}
		for p := range 12 {
			var s []string
			for k := range 4 {
				s = append(s, fmt.Sprintf("In %s%c the %s%c%c of ward %d had %d reasons for its %s%c%c%s.",
					topic, 'a'+p, topic, 'a'+p, 'a'+k, 100*a+10*p+k+1000, 2000+100*a+10*p+k, topic, 'k'+k, 'a'+p, strings.Repeat(" "+topic+"gate"+string(rune('a'+k)), k+1)))
			}
			x.Paragraphs = append(x.Paragraphs, strings.Join(s, " "))
		}
		out = append(out, x)
	}
	return out
}

// bag counts the words of an article.
func bag(a article) map[string]int {
	out := map[string]int{}
	for _, w := range a.words() {
		out[w]++
	}
	return out
}

// bagDistance is how many words one bag has that the other lacks, both ways.
func bagDistance(a, b map[string]int) (n int) {
	for w := range a {
		n += max(0, a[w]-b[w])
	}
	for w := range b {
		n += max(0, b[w]-a[w])
	}
	return n
}

// TestClasses: every class can be done to every fixture, differs, comes out
// the same again, and tells what it did. What was added and removed are other
// words than stayed, so their number is the difference of the bags of words,
// at most: small words may be on both sides of it.
func TestClasses(t *testing.T) {
	all := fixtures()
	for _, c := range classes() {
		t.Run(c.name, func(t *testing.T) {
			for _, a := range all {
				p, ok := seedOne(c, a, all, 7)
				if !ok {
					t.Fatalf("%s: cannot be done", a.URL)
				}
				again, _ := seedOne(c, a, all, 7)
				if !reflect.DeepEqual(p, again) {
					t.Error("another pair from the same seed")
				}
				if p.old.text() == p.new.text() {
					t.Error("nothing differs")
				}
				if n := bagDistance(bag(p.old), bag(p.new)); n > p.truth.marked {
					t.Errorf("bags differ by %d words, truth %d", n, p.truth.marked)
				}
			}
		})
	}
}

// TestTruth checks what each edit says against what can be counted without it.
func TestTruth(t *testing.T) {
	all := fixtures()
	grown := func(p seeded) int { return len(p.new.words()) - len(p.old.words()) }
	tests := []struct {
		class         string
		grown, marked func(p seeded) int // words of the text; words truly marked
		moves         bool
		paragraphs    int
		shape         bool
	}{
		{"3 words replaced", none, fixed(6), false, 0, false},
		{"numbers changed", none, fixed(6), false, 0, false},
		{"numbers changed to others of the text", none, fixed(6), false, 0, false},
		{"sentence added", grown, grown, false, 0, false},
		{"sentence removed", grown, func(p seeded) int { return -grown(p) }, false, 0, false},
		{"paragraph added", grown, grown, false, 1, false},
		{"paragraph removed", grown, func(p seeded) int { return -grown(p) }, false, -1, false},
		{"paragraph split", none, none, false, 1, true},
		{"paragraphs merged", none, none, false, -1, true},
		{"paragraph moved", none, none, true, 0, false},
		{"paragraph moved and edited", none, func(p seeded) int { return bagDistance(bag(p.old), bag(p.new)) }, true, 0, false},
		{"sentence moved in its paragraph", none, none, true, 0, false},
		{"sentence moved to another paragraph", none, none, true, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.class, func(t *testing.T) {
			c := classes()[slices.IndexFunc(classes(), func(c class) bool { return c.name == tt.class })]
			for _, a := range all {
				p, ok := seedOne(c, a, all, 3)
				if !ok {
					t.Fatal("cannot be done")
				}
				if got := grown(p); got != tt.grown(p) {
					t.Errorf("the text grew by %d words", got)
				}
				if p.truth.marked != tt.marked(p) || (p.truth.moved > 0) != tt.moves || (len(p.truth.shapes) == 1) != tt.shape {
					t.Errorf("truth %+v, want %d marked", p.truth, tt.marked(p))
				}
				if n := len(p.new.Paragraphs) - len(p.old.Paragraphs); n != tt.paragraphs {
					t.Errorf("%d paragraphs more", n)
				}
			}
		})
	}
}

func none(seeded) int { return 0 }

func fixed(n int) func(seeded) int { return func(seeded) int { return n } }

// TestMoves: taking the moved words out of both texts leaves the same text.
func TestMoves(t *testing.T) {
	all := fixtures()
	for _, c := range classes() {
		if !strings.Contains(c.name, "moved") || strings.Contains(c.name, "edited") {
			continue
		}
		for _, a := range all {
			p, ok := seedOne(c, a, all, 11)
			if !ok {
				t.Fatalf("%s: cannot be done", c.name)
			}
			old, now := sentencesOf(p.old), sentencesOf(p.new)
			if got := movedWords(old, now); got != p.truth.moved {
				t.Errorf("%s: %d words moved, truth %d", c.name, got, p.truth.moved)
			}
		}
	}
}

func sentencesOf(a article) []string {
	var out []string
	for _, p := range a.Paragraphs {
		out = append(out, cut(p)...)
	}
	return out
}

// movedWords finds by trial the fewest words of a run of sentences that stands
// elsewhere in the other text.
func movedWords(old, now []string) int {
	least := 0
	for n := 1; n <= len(old); n++ {
		for i := 0; i+n <= len(old); i++ {
			k := slices.Index(now, old[i]) // every sentence stands once
			if k < 0 || k+n > len(now) || !slices.Equal(old[i:i+n], now[k:k+n]) {
				continue
			}
			rest, other := slices.Delete(slices.Clone(old), i, i+n), slices.Delete(slices.Clone(now), k, k+n)
			words := len(wordsOf(strings.Join(old[i:i+n], " ")))
			if slices.Equal(rest, other) && (least == 0 || words < least) {
				least = words
			}
		}
	}
	return least
}

// TestShapes: splits and merges name the paragraphs that they are about.
func TestShapes(t *testing.T) {
	all := fixtures()
	for _, name := range []string{"paragraph split", "paragraphs merged"} {
		c := classes()[slices.IndexFunc(classes(), func(c class) bool { return c.name == name })]
		p, ok := seedOne(c, all[0], all, 5)
		if !ok {
			t.Fatalf("%s: cannot be done", name)
		}
		s := p.truth.shapes[0]
		if max(len(s.old), len(s.new)) != 2 || min(len(s.old), len(s.new)) != 1 {
			t.Fatalf("%s: %v", name, s)
		}
		old, now := joinAt(p.old, s.old), joinAt(p.new, s.new)
		if old != now {
			t.Errorf("%s: %q is not %q", name, old, now)
		}
	}
}

func joinAt(a article, at []int) string {
	var parts []string
	for _, i := range at {
		parts = append(parts, a.Paragraphs[i])
	}
	return strings.Join(parts, " ")
}

// TestMixed counts what the mixed class did, edit by edit.
func TestMixed(t *testing.T) {
	all := fixtures()
	a := all[1]
	d, old := newDraft(a, []article{all[0], all[2]}, generator(1, "mixed", a.URL))
	var marked []int
	for _, e := range []edit{times(3, replaceWord), addSentence, removeParagraph, addParagraph} {
		before := d.truth.marked
		if !e(d) {
			t.Fatal("cannot be done")
		}
		marked = append(marked, d.truth.marked-before)
	}
	now, truth := d.finish(a.URL)
	want := marked[1] - marked[2] + marked[3]
	if got := len(now.words()) - len(old.words()); got != want || marked[0] != 6 {
		t.Errorf("grew by %d words, want %d; %d replaced", got, want, marked[0])
	}
	if truth.marked != marked[0]+marked[1]+marked[2]+marked[3] || truth.moved != 0 {
		t.Errorf("truth %+v of %v", truth, marked)
	}
}

// TestImpossible: an article that an edit cannot be done to gives no pair.
func TestImpossible(t *testing.T) {
	bare := article{URL: "https://example.org/bare", Title: "Bare", Paragraphs: []string{"One", "Two", "Three"}}
	for _, c := range classes() {
		if p, ok := seedOne(c, bare, []article{bare}, 1); ok {
			t.Errorf("%s: %q became %q", c.name, p.old.text(), p.new.text())
		}
	}
}

// TestCompareClass: stet's own row on the fixtures adds up.
func TestCompareClass(t *testing.T) {
	all := fixtures()
	stet, err := startStet("")
	if err != nil {
		t.Fatal(err)
	}
	got, err := compareSeeded([]*tool{stet}, all, len(all), 9)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(classes()) {
		t.Fatalf("%d classes", len(got))
	}
	for _, c := range got {
		if c.Pairs != len(all) || c.Broken != 0 || len(c.Tools) != 1 || c.Tools[0].Marked < c.Words/2 || c.Found > c.Shapes {
			t.Errorf("%+v", c)
		}
	}
}

func TestStride(t *testing.T) {
	tests := []struct {
		n    int
		want []int
	}{{0, []int{}}, {1, []int{0}}, {2, []int{0, 2}}, {3, []int{0, 1, 3}}, {5, []int{0, 1, 2, 3, 4}}, {9, []int{0, 1, 2, 3, 4}}}
	for _, tt := range tests {
		if got := stride([]int{0, 1, 2, 3, 4}, tt.n); !slices.Equal(got, tt.want) {
			t.Errorf("%d of 5: %v, want %v", tt.n, got, tt.want)
		}
	}
}

func TestConsecutive(t *testing.T) {
	text := func(n int) []string { return []string{strings.Repeat("word ", n)} }
	versions := []article{
		{URL: "a", Paragraphs: text(minWords)}, {URL: "a", Paragraphs: text(maxWords)},
		{URL: "b", Paragraphs: text(minWords)}, {URL: "b", Paragraphs: text(minWords - 1)},
		{URL: "c", Paragraphs: text(maxWords + 1)}, {URL: "c", Paragraphs: text(minWords)},
	}
	got := consecutive(versions)
	if len(got) != 1 || got[0].new.URL != "a" {
		t.Errorf("%d pairs", len(got))
	}
}

func TestQuantile(t *testing.T) {
	tests := []struct {
		values []float64
		share  float64
		want   float64
	}{{nil, 0.5, 0}, {[]float64{3}, 0.99, 3}, {[]float64{1, 2, 3}, 0.5, 2}, {[]float64{1, 2, 3, 4}, 1, 4}}
	for _, tt := range tests {
		if got := quantile(tt.values, tt.share); got != tt.want {
			t.Errorf("%v at %v: %v, want %v", tt.values, tt.share, got, tt.want)
		}
	}
}
