package appraise

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// TrivialBelow is the line under which a change is trivial, in points.
const TrivialBelow = 10

// MaxWeight is the most that one weight may be, in points; the least is 0.
const MaxWeight = 100

// Weights are the points of each reason, by name: of the first finding, or, for
// reasons that count words, of very many. Missing names have the default.
type Weights map[string]float64

// DefaultWeights gives every reason with its default.
//
// A kind with findings of several sorts has a reason for each. The reasons that
// count words are headline, wording, removal, addition, removal-early and
// addition-early (what was taken out of the first paragraphs, or put there) and
// large-rewrite (the share of all words that changed).
func DefaultWeights() Weights {
	return Weights{
		"correction":         40,
		"headline":           22,
		"negation":           24,
		"modality":           16,
		"number-people":      28,
		"number-money":       20,
		"number-percent":     18,
		"number-date":        14,
		"number-time":        12,
		"number-count":       14,
		"quotation-changed":  18,
		"quotation-removed":  20,
		"quotation-added":    12,
		"attribution-verb":   18,
		"attribution-source": 16,
		"speaker":            20,
		"doubt":              22,
		"name":               14,
		"lead":               14,
		"standfirst":         10,
		"removal":            28,
		"removal-early":      10,
		"addition":           22,
		"addition-early":     10,
		"large-rewrite":      30,
		"wording":            18,
		"move":               4,
		"byline":             2,
		"image":              2,
		"links":              1,
		"stamp":              1,
		"typography":         0.5,
	}
}

// Check says what is wrong with weights: a name that is no reason's, points
// outside 0 to MaxWeight.
func (w Weights) Check() error {
	known := DefaultWeights()
	var names []string
	for name := range w {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if _, ok := known[name]; !ok {
			return fmt.Errorf("weights: no reason %q: there are %s", name, strings.Join(reasonNames(), ", "))
		}
		if v := w[name]; math.IsNaN(v) || v < 0 || v > MaxWeight {
			return fmt.Errorf("weights: %s = %v: want 0 to %d", name, v, MaxWeight)
		}
	}
	return nil
}

// reasonNames are the names of all weights in the order of the alphabet.
func reasonNames() []string {
	var out []string
	for name := range DefaultWeights() {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// filled gives a weight for every reason: the default where there is none, or
// one that Check refuses.
func (w Weights) filled() Weights {
	out := DefaultWeights()
	for name := range out {
		if v, ok := w[name]; ok && v >= 0 && v <= MaxWeight {
			out[name] = v
		}
	}
	return out
}
