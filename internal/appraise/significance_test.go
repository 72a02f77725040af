package appraise

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

func TestWeightsCheck(t *testing.T) {
	tests := []struct {
		name string
		w    Weights
		ok   bool
	}{
		{"none", nil, true},
		{"the defaults", DefaultWeights(), true},
		{"the bounds", Weights{"name": 0, "lead": MaxWeight}, true},
		{"an unknown name", Weights{"names": 3}, false},
		{"beyond the most", Weights{"name": MaxWeight + 0.25}, false},
		{"below zero", Weights{"name": -1}, false},
		{"no number", Weights{"name": math.NaN()}, false},
	}
	for _, tt := range tests {
		if err := tt.w.Check(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestEveryKindHasAWeight: no finding is without a reason that Check knows.
func TestEveryKindHasAWeight(t *testing.T) {
	known := DefaultWeights()
	for _, k := range news.Kinds {
		for _, of := range append(everyOf(), "something new") {
			if name := reasonOf(news.Finding{Kind: k, Of: of}); known[name] == 0 {
				t.Errorf("%s of %q: no weight %q", k, of, name)
			}
		}
	}
}

func everyOf() []string {
	return []string{"", "people", "money", "percent", "date", "time", "count", "changed", "added", "removed",
		"negated", "affirmed", "modality", "verb", "speaker", "doubt"}
}

// TestSignificanceLaws draws findings, scripts and weights, and checks what must
// hold for all of them.
func TestSignificanceLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	strong := []news.Kind{news.KindNumber, news.KindName, news.KindNegation, news.KindQuotation}
	soft := []news.Kind{news.KindTypography, news.KindStamp, news.KindLinks, news.KindByline, news.KindImage}
	for range 20000 {
		kinds := news.Kinds
		if r.IntN(3) == 0 {
			kinds = soft
		}
		all := drawFindings(r, kinds)
		s := diff.Script{WordsOld: r.IntN(500), WordsNew: r.IntN(500), WordsAdded: r.IntN(500), WordsRemoved: r.IntN(500)}
		w := Weights{}
		for name := range DefaultWeights() {
			if r.IntN(2) == 0 {
				w[name] = []float64{0, 0.1, MaxWeight, r.Float64() * MaxWeight}[r.IntN(4)]
			}
		}
		reasons, points, trivial := significance(all, s, w)
		sum := 0.0
		for _, x := range reasons {
			sum += x.Points
		}
		is := func(ks []news.Kind) func(news.Finding) bool {
			return func(f news.Finding) bool { return slices.Contains(ks, f.Kind) }
		}
		furniture := !slices.ContainsFunc(all, func(f news.Finding) bool { return !slices.Contains(soft, f.Kind) })
		switch {
		case sum != points:
			t.Fatalf("reasons %v add up to %v, not %v", reasons, sum, points)
		case points < 0 || points > MaxSignificance:
			t.Fatalf("significance %v of %v", points, reasons)
		case trivial != (points < TrivialBelow):
			t.Fatalf("%v points, trivial = %v", points, trivial)
		case trivial && slices.ContainsFunc(all, is(strong)):
			t.Fatalf("%v is trivial with weights %v", all, w)
		case !trivial && furniture:
			t.Fatalf("%v is not trivial with weights %v", all, w)
		}
	}
}

func drawFindings(r *rand.Rand, kinds []news.Kind) []news.Finding {
	var all []news.Finding
	for range r.IntN(12) {
		all = append(all, news.Finding{Kind: kinds[r.IntN(len(kinds))], Of: everyOf()[r.IntN(len(everyOf()))],
			Old: "the old words of it"[:r.IntN(20)], New: "some more new words"[:r.IntN(20)]})
	}
	return all
}

// TestMoreCountsForLess: a second finding of a kind adds, and adds less.
func TestMoreCountsForLess(t *testing.T) {
	for _, k := range news.Kinds {
		last, step := 0.0, math.Inf(1)
		for n := 1; n <= 4; n++ {
			var all []news.Finding
			for range n {
				all = append(all, news.Finding{Kind: k, Old: "six words that were here once", New: "six words that are here now"})
			}
			rs := weigh(all, diff.Script{}, DefaultWeights())
			if len(rs) != 1 || rs[0].Count != n {
				t.Fatalf("%s × %d: reasons %v", k, n, rs)
			}
			if gain := rs[0].Points - last; gain < 0 || gain > step {
				t.Errorf("%s: finding %d adds %v after %v", k, n, gain, step)
			} else {
				last, step = rs[0].Points, gain
			}
		}
	}
}

// TestScale: what a reader would call trivial stays below what they would call
// important.
func TestScale(t *testing.T) {
	at := func(c *news.Content) { c.Modified = time.Date(2031, 5, 3, 9, 0, 0, 0, time.UTC) }
	const first, second = "The river Arle rose by two metres in the night, and the lower town had to be left.", "Nine people were killed when the bridge fell, the mayor said."
	tests := []struct {
		name        string
		change      func(c *news.Content)
		least, most float64
	}{
		{"nothing", func(c *news.Content) {}, 0, 0},
		{"a date", at, 0, TrivialBelow - 0.25},
		{"a spelling", func(c *news.Content) { c.Blocks[2].Text = "The town lies on the banks of the rivver." }, 0, TrivialBelow - 0.25},
		{"a credit", func(c *news.Content) { c.Byline = []string{"Ann Hill", "Bob Hill"} }, 0, TrivialBelow - 0.25},
		{"the dead", func(c *news.Content) {
			c.Blocks[1].Text = "Twelve people were killed when the bridge fell, the mayor said."
		}, 25, 60},
		{"a negation", func(c *news.Content) { c.Blocks[2].Text = "The town does not lie on the banks of the river." }, 20, 60},
		{"a sentence gone", func(c *news.Content) { c.Blocks = append(c.Blocks[:1:1], c.Blocks[2]) }, 10, 60},
		{"a word of the headline", func(c *news.Content) { c.Headline = "Bridge fell" }, 10, 19},
		{"another headline", func(c *news.Content) { c.Headline = "Mayor resigns over fallen bridge" }, 20, 60},
		{"another text", func(c *news.Content) {
			c.Headline, c.Blocks = "Mayor resigns", []news.Block{{Kind: news.Paragraph, Text: "She had known of the cracks for years, as letters show that were found in her office by the police."}}
		}, 60, 100},
	}
	for _, tt := range tests {
		old := news.Content{Headline: "Bridge falls", Language: "en", Byline: []string{"Ann Hill"}, Blocks: []news.Block{
			{Kind: news.Paragraph, Text: first}, {Kind: news.Paragraph, Text: second}, {Kind: news.Paragraph, Text: "The town lies on the banks of the river."}}}
		new := old
		new.Blocks = slices.Clone(old.Blocks)
		tt.change(&new)
		a := Change(old, new, diff.Compare(old, new), Dates{}, nil)
		if a.Significance < tt.least || a.Significance > tt.most {
			t.Errorf("%s: %v points, want %v to %v: %v", tt.name, a.Significance, tt.least, tt.most, a.Reasons)
		}
	}
}
