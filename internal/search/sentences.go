package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// sentencesOf cuts a block into sentences by Unicode Standard Annex #29, but not
// after an abbreviation. A cut too few or too many does little harm:
// what is compared is only what some version had and another lacks.
func sentencesOf(text string) (out []string) {
	from, to := 0, 0
	for it := sentences.FromString(text); it.Next(); {
		to += len(it.Value())
		if part := text[from:to]; to == len(text) || !abbreviated(part) {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
			from = to
		}
	}
	return out
}

// abbreviated guesses whether the full stop at the end belongs to a word: after
// a letter, after two or a few without a vowel that begin with a capital (No, St,
// Mrs, Sgt).
func abbreviated(part string) bool {
	part, dot := strings.CutSuffix(strings.TrimRight(part, " \t\u00a0"), ".")
	if !dot {
		return false
	}
	word := part[strings.LastIndexFunc(part, outside)+1:]
	word = strings.TrimLeftFunc(word, outside) // the rest of what is no letter
	r, _ := utf8.DecodeRuneInString(word)
	switch n := utf8.RuneCountInString(word); {
	case n == 1:
		return unicode.IsLetter(r)
	case n == 2:
		return unicode.IsUpper(r)
	default:
		return n <= 4 && unicode.IsUpper(r) && !strings.ContainsAny(word, "aeiouyAEIOUY")
	}
}

func outside(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }
