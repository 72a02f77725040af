package invent

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"stet/bench/corpus"
	"stet/internal/archive"
)

// learned is a model of pages of our own.
func learned(t testing.TB) *Model {
	t.Helper()
	var texts []string
	for _, p := range corpus.Own(300, 1) {
		texts = append(texts, p.Paragraphs...)
	}
	m, err := Learn(texts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLearnNothing(t *testing.T) {
	for _, texts := range [][]string{nil, {""}, {"No sentence ends here"}, {"Too short."}} {
		if _, err := Learn(texts); err != ErrNoText {
			t.Errorf("%q: error %v, want %v", texts, err, ErrNoText)
		}
	}
}

func TestSentences(t *testing.T) {
	long := strings.Repeat("word ", MaxSentence-1) + "end."
	tests := []struct {
		text string
		want int
	}{
		{"The ferry was late. The harbour master said so himself!", 2},
		{"One two three. One two three four.", 1},
		{"A heading without an end", 0},
		{long, 1},
		{"one " + long, 0},
	}
	for _, tt := range tests {
		n := 0
		for range sentences(tt.text) {
			n++
		}
		if n != tt.want {
			t.Errorf("%q: %d sentences, want %d", tt.text, n, tt.want)
		}
	}
}

// Each word said stood somewhere after the word before it.
func TestSayFollows(t *testing.T) {
	texts := []string{"The ferry was late again. The mayor was late, too. The mayor was here.", "A ferry came back late again."}
	m, err := Learn(texts)
	if err != nil {
		t.Fatal(err)
	}
	follows := map[string]bool{}
	for _, text := range texts {
		words := strings.Fields(text)
		for i := range words[1:] {
			follows[words[i]+" "+words[i+1]] = true
		}
	}
	r, said := rand.New(rand.NewPCG(1, 1)), map[string]bool{}
	for range 500 {
		s := m.sentence(r)
		if len(s) < MinSentence || len(s) > MaxSentence {
			t.Fatalf("a sentence of %d words", len(s))
		}
		var words []string
		for i, x := range s {
			words = append(words, m.words[x.word])
			if i > 0 && !follows[words[i-1]+" "+words[i]] {
				t.Fatalf("%q after %q", words[i], words[i-1])
			}
		}
		if words[0] != "The" && words[0] != "A" {
			t.Errorf("%q begins a sentence", words)
		}
		said[strings.Join(words, " ")] = true
	}
	if want := "The mayor was late again."; !said[want] {
		t.Errorf("never said: %q", want)
	}
	if m.Words() != 20 || m.Sentences() != 4 {
		t.Errorf("learned %d words in %d sentences, want 20 in 4", m.Words(), m.Sentences())
	}
}

// An article depends on its number alone, not on what was made before it.
func TestHistoryAlone(t *testing.T) {
	m := learned(t)
	o := Options{Seed: 7, Articles: 100}
	g := NewGenerator(m, o)
	for i := range 20 {
		g.History(i)
	}
	again, other := NewGenerator(learned(t), o), NewGenerator(m, Options{Seed: 8, Articles: 100})
	same := 0
	for i := range 20 {
		want := fmt.Sprint(g.History(i))
		if got := fmt.Sprint(again.History(i)); got != want {
			t.Errorf("article %d:\n got %s\nwant %s", i, got, want)
		}
		if fmt.Sprint(other.History(i)) == want {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d articles are the same for another seed", same)
	}
}

func TestHistoryLaws(t *testing.T) {
	g := NewGenerator(learned(t), Options{Seed: 1, Articles: 3000})
	var done edits
	versions, urls := 0, map[string]bool{}
	for i := range 3000 {
		h, e := g.history(i)
		if urls[h.URL] {
			t.Errorf("%s twice", h.URL)
		}
		urls[h.URL] = true
		versions += len(h.Versions)
		done.pairs, done.added, done.changed = done.pairs+e.pairs, done.added+e.added, done.changed+e.changed
		done.removed, done.words = done.removed+e.removed, done.words+e.words
		checkHistory(t, h)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > want/10 {
			t.Errorf("%s: %.2f, want about %.2f", what, got, want)
		}
	}
	pairs := float64(done.pairs)
	near("versions of an article", float64(versions)/3000, 3.6)
	near("sentences added", float64(done.added)/pairs, meanAdded)
	near("sentences changed", float64(done.changed)/pairs, meanChanged)
	near("sentences removed", float64(done.removed)/pairs, meanRemoved)
	near("words of a change", float64(done.words)/float64(done.changed), meanWords)
}

// checkHistory: times rise, and no version repeats the one before.
func checkHistory(t *testing.T, h archive.History) {
	t.Helper()
	for i := 1; i < len(h.Versions); i++ {
		v, before := h.Versions[i], h.Versions[i-1]
		if gap := v.At.Sub(before.At); gap < minGap || gap > maxGap {
			t.Errorf("%s: version %d after %v", h.URL, i, gap)
		}
		if v.Content.Identity() == before.Content.Identity() {
			t.Errorf("%s: version %d repeats the one before", h.URL, i)
		}
	}
	if at := h.Versions[0].At; at.Before(DefaultStart()) || at.After(DefaultStart().Add(Years*366*24*time.Hour)) {
		t.Errorf("%s: first seen %v", h.URL, at)
	}
}

// A name that an article puts in the place of another stays through its versions.
func TestOwnWords(t *testing.T) {
	m := learned(t)
	r := rand.New(rand.NewPCG(1, 2))
	a := newArticle(m, r)
	own := 0
	for id, kind := range m.kinds {
		first, second := string(a.appendWord(nil, uint32(id))), string(a.appendWord(nil, uint32(id)))
		if first != second {
			t.Errorf("%q is %q, then %q", m.words[id], first, second)
		}
		if kind == common && first != m.words[id] {
			t.Errorf("the common word %q became %q", m.words[id], first)
		}
		if first != m.words[id] {
			own++
		}
	}
	if own == 0 {
		t.Error("no word is the article's own")
	}
}

func BenchmarkHistory(b *testing.B) {
	g := NewGenerator(learned(b), Options{Seed: 1, Articles: 1 << 20})
	versions, i := 0, 0
	for b.Loop() {
		versions += len(g.History(i).Versions)
		i++
	}
	b.ReportMetric(float64(versions)/b.Elapsed().Seconds(), "versions/s")
}
