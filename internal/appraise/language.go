package appraise

import (
	"strings"

	"stet/internal/news"
)

// Limits of the guess of a language.
const (
	guessTokens = 400  // tokens that are looked at
	minGuess    = 12   // words below which nothing is guessed
	guessShare  = 0.18 // share of the words that must be function words of the language
	guessLead   = 1.5  // times as many as of the next language
)

// lexiconOf gives the word lists for a content: those of the language that it
// names or, when it names none, those of the language whose function words it
// is full of. When there are none it gives an empty lexicon.
func lexiconOf(c news.Content) *lexicon {
	none := &lexicon{}
	if tag := strings.TrimSpace(c.Language); tag != "" {
		first, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
		if l := lexicons()[strings.ToLower(first)]; l != nil {
			return l
		}
		return none
	}
	if l := lexicons()[guess(c)]; l != nil {
		return l
	}
	return none
}

// guess names the language of a content by its function words; empty when no
// language is plain.
func guess(c news.Content) string {
	counts := map[string]int{}
	seen := 0
	count := func(text string) {
		for _, t := range tokens(clip(text, 8*guessTokens), &lexicon{}) {
			if t.sort != wordToken || seen >= guessTokens {
				continue
			}
			seen++
			for name, l := range lexicons() {
				if l.has("stopwords", t.key) {
					counts[name]++
				}
			}
		}
	}
	count(c.Headline)
	count(c.Standfirst)
	for _, b := range c.Blocks {
		if seen >= guessTokens {
			break
		}
		count(b.Text)
	}
	return winner(counts, seen)
}

// winner is the language with by far the most function words.
func winner(counts map[string]int, seen int) string {
	best, next := "", 0
	for name, n := range counts {
		switch b := counts[best]; {
		case best == "" || n > b || n == b && name < best:
			best, next = name, max(next, b)
		default:
			next = max(next, n)
		}
	}
	if seen < minGuess || float64(counts[best]) < guessShare*float64(seen) || float64(counts[best]) < guessLead*float64(next) {
		return ""
	}
	return best
}
