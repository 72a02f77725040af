package extract

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestFeatureNames(t *testing.T) {
	first, second := Features()
	if len(first) != features || len(second) != contexts {
		t.Errorf("%d and %d names for %d and %d numbers", len(first), len(second), features, contexts)
	}
}

func TestShippedWeights(t *testing.T) {
	w, err := ParseWeights(weightsFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range append(slices.Clone(w.First), w.Second...) {
		if math.IsNaN(x) || math.Abs(x) > 20 {
			t.Errorf("weight %v", x)
		}
	}
	for _, k := range []string{"data", "date", "method", "folds", "result"} {
		if w.Provenance[k] == "" {
			t.Errorf("provenance lacks %s", k)
		}
	}
}

func TestParseWeightsRefuses(t *testing.T) {
	for _, s := range []string{"", "{}", `{"first":[1],"second":[1]}`, `{"first":"x"}`} {
		if w, err := ParseWeights([]byte(s)); err == nil {
			t.Errorf("%q: %v", s, w)
		}
	}
}

// TestFeaturesAreShares holds every feature of every case to its range, with
// the same numbers each time.
func TestFeaturesAreShares(t *testing.T) {
	names, _ := Features()
	for _, c := range pageCases(t) {
		d := newDocument(c.page)
		if d == nil {
			continue
		}
		d.voteBody()
		d.pieces = d.pieces[:d.shown]
		a, b := d.describe(), d.describe()
		if !slices.Equal(a, b) {
			t.Errorf("%s: two descriptions differ", c.file)
		}
		for i, v := range a {
			for f, x := range v {
				if !(x >= 0 && (x <= 1 || f == fLength && x < 4)) {
					t.Errorf("%s: piece %d: %s = %v", c.file, i, names[f], x)
				}
			}
		}
	}
}

// constant gives weights with which every piece has the same score.
func constant(score float64) *Weights {
	w := &Weights{First: make([]float64, features), Second: make([]float64, features+contexts)}
	w.Second[fBias] = math.Log(score / (1 - score))
	return w
}

func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		score float64
		t     Thresholds
		votes int
		want  bool
	}{
		{0.5, Thresholds{Alone: 0.51, Backed: 0.51}, 2, false},
		{0.5, Thresholds{Alone: 0.51, Backed: 0.49}, 2, true},
		{0.5, Thresholds{Alone: 0.51, Backed: 0.49}, 1, false},
		{0.5, Thresholds{Alone: 0.49, Backed: 0}, 0, true},
	} {
		d := &document{root: parse(""), lead: -1, start: -1, need: 2, marks: map[string]*tally{}}
		d.pieces = []piece{{Block: Block{}, votes: c.votes, tokens: tokens("six words that stand alone here")}}
		d.pieces[0].Text = "Six words that stand alone here"
		w := constant(c.score)
		w.Other = c.t
		if d.weigh(w); d.pieces[0].Body != c.want {
			t.Errorf("%+v: body = %v", c, d.pieces[0].Body)
		}
	}
}

// TestLesson learns nothing: it looks at what a lesson says of a page of ours.
func TestLesson(t *testing.T) {
	truth := article[1:]
	l := NewLesson(Page{URL: mustURL("https://news.example.org/a/1"), Status: 200, ContentType: "text/html", Body: []byte(render(article, noise{seed: 1}))}, truth)
	body := 0
	for _, r := range l.Rows(nil) {
		if len(r.Features) != features || r.Weight <= 0 {
			t.Fatalf("row %+v", r)
		}
		if r.Body {
			body++
		}
	}
	if want := len(truth) - 1; body != want { // the standfirst is no row
		t.Errorf("%d rows are body, want %d", body, want)
	}
	if rows := l.Rows(make([]float64, features)); len(rows[0].Features) != features+contexts {
		t.Errorf("%d features in the second pass", len(rows[0].Features))
	}
	first := fmt.Sprint(l.Read(nil))
	if s := l.Score(l.Read(nil)); s.F1 < 0.97 || s.Paragraphs < 0.9 { // one word has a soft hyphen
		t.Errorf("%+v of %s", s, first)
	}
	if l.Read(constant(0.001)); fmt.Sprint(l.Read(nil)) != first {
		t.Error("a reading with other weights changes the next")
	}
}

func TestScore(t *testing.T) {
	l := Lesson{truth: []string{"one two three four", "five six seven eight"}}
	if s := l.Score([]string{"One, two, three four."}); s.Precision != 1 || s.Recall != 0.2 || s.Exact || math.Abs(s.Paragraphs-2.0/3) > 1e-9 {
		t.Errorf("half: %+v", s)
	}
	if s := l.Score(nil); s != (Score{}) {
		t.Errorf("nothing: %+v", s)
	}
	if s := l.Score([]string{"One two three four five six", "seven eight"}); !s.Exact || s.F1 != 1 || s.Paragraphs != 0 {
		t.Errorf("other paragraphs: %+v", s)
	}
}

func TestIsBio(t *testing.T) {
	names := map[uint64]bool{}
	for _, w := range tokens("Ovid Trell") {
		names[w] = true
	}
	for text, want := range map[string]bool{
		"Ovid Trell writes about towns.":                      true,
		"Our correspondent in town Ovid Trell has moved.":     true,
		"Nobody in all of the town knows Ovid Trell by name.": false,
		"Ovid wrote poems.":                                   false,
		"":                                                    false,
	} {
		p := piece{tokens: tokens(text)}
		if got := p.isBio(names); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestStopped(t *testing.T) {
	for text, want := range map[string]bool{"It rains.": true, "“It rains.”": true, "雨です。": true, "It rains": false, "Why?)": true, "": false} {
		if stopped(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
