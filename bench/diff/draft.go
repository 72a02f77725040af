package main

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// A paragraph of a draft is the sentences it is made of, joined by spaces.
type paragraph struct {
	sentences []string
	from      []int // the paragraphs of the old text that it is made of, from 0; none if it is added
	touched   bool  // an edit has it already
}

func (p *paragraph) text() string { return strings.Join(p.sentences, " ") }

func (p *paragraph) words() int { return len(wordsOf(p.text())) }

// prose reports whether the paragraph can be edited as running text.
func (p *paragraph) prose() bool {
	return !p.touched && ends(p.sentences[len(p.sentences)-1]) && p.words() >= minProse
}

// ends reports whether a sentence is a whole one.
func ends(sentence string) bool {
	return strings.HasSuffix(sentence, ".") || strings.HasSuffix(sentence, "!") || strings.HasSuffix(sentence, "?")
}

// cut makes sentences of a text, each run of white space one space.
func cut(text string) []string {
	var out []string
	for it := sentences.FromString(strings.Join(strings.Fields(text), " ")); it.Next(); {
		if s := strings.TrimSpace(it.Value()); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// A truth is what the edits of a draft did.
type truth struct {
	marked int     // words truly removed and added
	moved  int     // words truly moved
	shapes []shape // splits and merges
}

// A shape is a split or a merge: paragraphs of the old and the new text.
type shape struct{ old, new []int }

// A draft is an article that is being edited; every edit keeps the truth.
// No two edits touch one paragraph, so that the truths add up.
type draft struct {
	rng        *rand.Rand
	title      string
	paragraphs []*paragraph
	donors     []article       // other articles, which added text is from
	vocabulary map[string]bool // words of the text, lower case, and those that came into it
	shingles   map[string]bool // stretches of shingle words of the text
	truth      truth
}

// newDraft gives the draft and the article as it is edited.
func newDraft(a article, donors []article, rng *rand.Rand) (*draft, article) {
	d := &draft{rng: rng, title: a.lines()[0], donors: donors}
	for _, l := range a.lines()[1:] {
		if s := cut(l); len(s) > 0 {
			d.paragraphs = append(d.paragraphs, &paragraph{sentences: s, from: []int{len(d.paragraphs)}})
		}
	}
	old := d.article(a.URL)
	d.vocabulary, d.shingles = map[string]bool{}, map[string]bool{}
	words := lowerWords(old.text())
	for _, w := range words {
		d.vocabulary[w] = true
	}
	for _, s := range shinglesOf(words) {
		d.shingles[s] = true
	}
	return d, old
}

func (d *draft) article(url string) article {
	out := article{URL: url, Title: d.title}
	for _, p := range d.paragraphs {
		out.Paragraphs = append(out.Paragraphs, p.text())
	}
	return out
}

// finish gives the edited article and the truth about it.
func (d *draft) finish(url string) (article, truth) {
	pieces := map[int][]int{} // new paragraphs of each old one
	for i, p := range d.paragraphs {
		for _, old := range p.from {
			pieces[old] = append(pieces[old], i)
		}
		if len(p.from) > 1 {
			d.truth.shapes = append(d.truth.shapes, shape{p.from, []int{i}})
		}
	}
	for _, p := range d.paragraphs {
		if len(p.from) == 1 && len(pieces[p.from[0]]) > 1 {
			d.truth.shapes = append(d.truth.shapes, shape{p.from, pieces[p.from[0]]})
			delete(pieces, p.from[0]) // each once
		}
	}
	return d.article(url), d.truth
}

func lowerWords(s string) []string {
	words := wordsOf(s)
	for i, w := range words {
		words[i] = strings.ToLower(w)
	}
	return words
}

// shingle is how many words in a row no added text shares with the article.
const shingle = 4

func shinglesOf(words []string) []string {
	var out []string
	for i := range max(0, len(words)-shingle+1) {
		out = append(out, strings.Join(words[i:i+shingle], " "))
	}
	return out
}

// foreign reports whether a text shares no stretch with the article.
func (d *draft) foreign(text string) bool {
	return !slices.ContainsFunc(shinglesOf(lowerWords(text)), func(s string) bool { return d.shingles[s] })
}

// choose gives a random paragraph that fits and that no edit has touched.
func (d *draft) choose(fits func(p *paragraph) bool) (int, bool) {
	for _, i := range d.rng.Perm(len(d.paragraphs)) {
		if p := d.paragraphs[i]; !p.touched && fits(p) {
			return i, true
		}
	}
	return 0, false
}

// donated gives the sentences of a random paragraph of another article.
func (d *draft) donated() []string {
	a := d.donors[d.rng.IntN(len(d.donors))]
	if len(a.Paragraphs) == 0 {
		return nil
	}
	return cut(a.lines()[1+d.rng.IntN(len(a.Paragraphs))])
}

// generator gives the randomness of one draft: by the seed, the class and the
// article alone.
func generator(seed uint64, class, url string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(class + " " + url))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
