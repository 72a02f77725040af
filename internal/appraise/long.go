package appraise

import (
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// longStretch is how many words that came or went in one place of a sentence are
// as much as a sentence of their own: the numbers and names in them came or went
// with all of it, and nothing in the sentence was changed to them.
const longStretch = 18

// outsideLong keeps findings but those that only came or only went with a long
// stretch.
func (f *findings) outsideLong(e edited) func(news.Finding) {
	return func(x news.Finding) {
		for _, r := range e.runs {
			if x.Old == "" && r.Op == diff.Insert && e.lonely(r) && strings.Contains(r.Text, x.New) ||
				x.New == "" && r.Op == diff.Delete && e.lonely(r) && strings.Contains(r.Text, x.Old) {
				return
			}
		}
		f.add(x)
	}
}

// lonely reports whether a run is a long stretch.
func (e edited) lonely(r diff.Run) bool {
	return r.Op != diff.Equal && len(r.Text) >= 2*longStretch && wordCount(tokens(r.Text, e.lex())) >= longStretch
}
