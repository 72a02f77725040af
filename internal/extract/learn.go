package extract

import (
	"strings"

	"stet/internal/news"
)

// A Lesson is a page whose article a person has copied out, made ready for
// learning weights: the voters have been heard and each piece is marked as
// text of the article or not. Not for concurrent use.
type Lesson struct {
	d      *document
	truth  []string
	pieces int // before JSON-LD adds any
	gold   []bool
	may    []bool
}

// A Row is one piece of a lesson.
type Row struct {
	Features []float64 // in the order of [Features]
	Body     bool      // it is text of the article
	Weight   float64   // its share of the article's words, more or less
}

// NewLesson reads a page and marks the pieces that the truth, the paragraphs
// of its article, holds. It is nil when the page is refused before its text is
// looked at.
func NewLesson(p Page, truth []string) *Lesson {
	d := newDocument(p)
	if d == nil {
		return nil
	}
	d.voteBody()
	d.pieces = d.pieces[:d.shown]
	l := &Lesson{d: d, truth: truth, pieces: d.shown, gold: d.gold(truth)}
	for i := range d.pieces {
		l.may = append(l.may, d.mayBody(i))
	}
	return l
}

// gold marks the pieces that are in the truth, as a vote would.
func (d *document) gold(truth []string) []bool {
	words := tokens(strings.Join(truth, "\n"))
	g := newGramSet(len(words))
	g.add(words)
	out := make([]bool, len(d.pieces))
	for i := range d.pieces {
		p := &d.pieces[i]
		out[i] = len(p.tokens) >= longPiece && g.holds(p.tokens)
	}
	long := append([]bool(nil), out...)
	for i := range d.pieces {
		if p := &d.pieces[i]; len(p.tokens) < longPiece && g.holds(p.tokens) {
			out[i] = d.neighbour(long, i)
		}
	}
	return out
}

// Weighting of rows: each counts for its words and rowWords more, so that
// short lines are learnt too; a page counts at most for pageWeight articles.
const (
	rowWords   = 10
	pageWords  = 50
	pageWeight = 3
)

// Rows are the pieces that may be body, as the first pass sees them; with the
// weights of the first pass, as the second pass sees them.
func (l *Lesson) Rows(first []float64) []Row {
	vectors := l.d.described()
	around := make([]context, len(vectors))
	if first != nil {
		around = l.d.around(l.first(vectors, first))
	}
	words := pageWords
	for i, is := range l.gold {
		if is {
			words += len(l.d.pieces[i].tokens) + rowWords
		}
	}
	var out []Row
	sum := 0.0
	for i := range vectors {
		if !l.may[i] {
			continue
		}
		r := Row{Features: vectors[i][:], Body: l.gold[i], Weight: float64(len(l.d.pieces[i].tokens)+rowWords) / float64(words)}
		if first != nil {
			r.Features = append(append([]float64(nil), r.Features...), around[i][:]...)
		}
		sum += r.Weight
		out = append(out, r)
	}
	for i := range out {
		out[i].Weight *= min(1, pageWeight/sum)
	}
	return out
}

func (l *Lesson) first(vectors []vector, w []float64) []float64 {
	out := make([]float64, len(vectors))
	for i := range vectors {
		if l.may[i] {
			out[i] = chance(w, vectors[i][:], nil)
		}
	}
	return out
}

// News reports whether the page declares that its article is news.
func (l *Lesson) News() bool { return l.d.isNews() }

// Read gives the texts that would be the article's with other weights,
// standfirst first; nil weights ask the votes alone.
func (l *Lesson) Read(w *Weights) []string {
	l.d.settle(w)
	c := news.Content{Standfirst: l.d.standfirst()}
	l.d.putBlocks(&c)
	l.d.pieces = l.d.pieces[:l.pieces]
	var out []string
	if c.Standfirst != "" {
		out = append(out, c.Standfirst)
	}
	for _, b := range c.Blocks {
		if b.Core() {
			out = append(out, b.Text)
		}
	}
	return out
}

// Score compares texts with the truth of the lesson: precision and recall of
// the 4-word shingles, F1 of whole paragraphs, and whether all words are the
// same.
func (l *Lesson) Score(texts []string) (s Score) {
	want, got := shingles(l.truth), shingles(texts)
	s.Precision, s.Recall = shared(want, got)
	s.F1 = f1(s.Precision, s.Recall)
	s.Paragraphs = f1(shared(keysOf(l.truth), keysOf(texts)))
	s.Exact = gram(tokens(strings.Join(l.truth, "\n"))) == gram(tokens(strings.Join(texts, "\n")))
	return s
}

// A Score says how near a reading comes to the truth, from 0 to 1.
type Score struct {
	Precision, Recall, F1 float64 // of 4-word shingles
	Paragraphs            float64 // F1 of whole paragraphs
	Exact                 bool    // all words are the same
}

// shared is what share of got is wanted, and of want is got, by number.
func shared(want, got map[uint64]int) (precision, recall float64) {
	both, wanted, gotten := 0, 0, 0
	for k, n := range got {
		both, gotten = both+min(n, want[k]), gotten+n
	}
	for _, n := range want {
		wanted += n
	}
	return ratio(both, gotten), ratio(both, wanted)
}

func f1(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

const shingleSize = 4 // words

func shingles(texts []string) map[uint64]int {
	words := tokens(strings.Join(texts, "\n"))
	out := map[uint64]int{}
	if 0 < len(words) && len(words) < shingleSize {
		out[gram(words)]++
	}
	for i := 0; i+shingleSize <= len(words); i++ {
		out[gram(words[i:i+shingleSize])]++
	}
	return out
}

// keysOf counts whole paragraphs.
func keysOf(texts []string) map[uint64]int {
	out := map[uint64]int{}
	for _, s := range texts {
		if w := tokens(s); len(w) > 0 {
			out[gram(w)]++
		}
	}
	return out
}
