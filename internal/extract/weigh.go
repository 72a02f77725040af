package extract

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// Weights are what was learnt of which pieces are an article's text: two
// passes of logistic regression, the second of which sees the scores of the
// first around each piece. bench/train writes them.
type Weights struct {
	Provenance map[string]string `json:"provenance"`
	First      []float64         `json:"first"`
	Second     []float64         `json:"second"`
	// Scores from 0 to 1, on a page that declares itself news, and on another:
	// from Alone a piece is body without votes, from Backed with enough votes.
	News  Thresholds `json:"news"`
	Other Thresholds `json:"other"`
}

// Thresholds say which scores make a piece body.
type Thresholds struct {
	Alone  float64 `json:"alone"`
	Backed float64 `json:"backed"`
}

//go:embed weights.json
var weightsFile []byte

// learned gives the weights that this extractor ships with. They are data of
// the program: a file that does not fit is a mistake of the build, which tests
// find, and then votes alone decide.
var learned = sync.OnceValue(func() *Weights {
	w, err := ParseWeights(weightsFile)
	if err != nil {
		return nil
	}
	return w
})

// ParseWeights reads a weights file.
func ParseWeights(data []byte) (*Weights, error) {
	var w Weights
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, fmt.Errorf("parse weights: %w", err)
	}
	first, second := Features()
	if len(w.First) != len(first) || len(w.Second) != len(first)+len(second) {
		return nil, fmt.Errorf("parse weights: %d and %d numbers, want %d and %d", len(w.First), len(w.Second), len(first), len(first)+len(second))
	}
	return &w, nil
}

// weigh takes the pieces into the body that votes and weights are for.
func (d *document) weigh(w *Weights) {
	if w == nil || d.need == 0 {
		d.judge(d.need)
		return
	}
	scores := d.scores(w)
	t := w.Other
	if d.isNews() {
		t = w.News
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		least := t.Alone
		if p.votes >= d.need {
			least = t.Backed
		}
		p.Body = i != d.start && i != d.lead && !p.furniture() && (scores[i] >= least || !d.mayBody(i) && p.votes >= d.need)
	}
}

// isNews reports whether the page declares that its article is news.
func (d *document) isNews() bool {
	return slices.ContainsFunc(d.ld.types, func(s string) bool { return strings.HasSuffix(s, "NewsArticle") || s == "LiveBlogPosting" })
}

// scores gives each piece the chance, from 0 to 1, that it is text of the
// article; 0 where it cannot be.
func (d *document) scores(w *Weights) []float64 {
	vectors := d.described()
	first := make([]float64, len(vectors))
	for i := range vectors {
		if vectors[i][fBias] != 0 {
			first[i] = chance(w.First, vectors[i][:], nil)
		}
	}
	around := d.around(first)
	out := make([]float64, len(vectors))
	for i := range vectors {
		if vectors[i][fBias] != 0 {
			out[i] = chance(w.Second, vectors[i][:], around[i][:])
		}
	}
	return out
}

// described gives the vectors, made once: they do not hang on the weights.
func (d *document) described() []vector {
	if d.vectors == nil {
		d.vectors = d.describe()
	}
	return d.vectors
}

// chance is the logistic function of the weighted sum.
func chance(w, v, more []float64) float64 {
	z := 0.0
	for i, x := range v {
		z += w[i] * x
	}
	for i, x := range more {
		z += w[len(v)+i] * x
	}
	return 1 / (1 + math.Exp(-z))
}

// contexts is how many numbers the second pass adds, contextReach how many
// pieces it looks each way for the best score.
const (
	contexts     = 8
	contextReach = 8
)

type context [contexts]float64

// around gives for each piece what the first pass made of it and of its
// neighbours, and how much of the likely text stands before it.
func (d *document) around(scores []float64) []context {
	at := func(j int) float64 {
		if j < 0 || j >= len(scores) {
			return 0
		}
		return scores[j]
	}
	total := 0.0
	for i, s := range scores {
		total += s * float64(len(d.pieces[i].tokens))
	}
	out := make([]context, len(scores))
	read := 0.0
	for i, s := range scores {
		if s == 0 {
			continue
		}
		v := &out[i]
		v[0], v[1], v[2] = s, at(i-1), at(i+1)
		v[3], v[4] = (at(i-1)+at(i-2)+at(i-3))/3, (at(i+1)+at(i+2)+at(i+3))/3
		for j := 1; j <= contextReach; j++ {
			v[5], v[6] = max(v[5], at(i-j)), max(v[6], at(i+j))
		}
		if total > 0 {
			v[7] = read / total
		}
		read += s * float64(len(d.pieces[i].tokens))
	}
	return out
}
