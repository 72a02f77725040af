package appraise

import (
	"unicode"
	"unicode/utf8"
)

// A sign is a negation or a modal in a sentence.
type sign struct {
	at    span
	class string // the classes of a modal
	modal bool
}

// signsOf finds the negations and modals of a sentence.
func signsOf(toks []token, l *lexicon) []sign {
	var out []sign
	for i := 0; i < len(toks); {
		if _, n := l.at("unnegated", toks, i); n > 0 {
			i += n
			continue
		}
		if p, n := l.at("negation", toks, i); n > 0 && !numbered(toks, i) {
			if p.class == "" || p.class == "half" && !partnered(toks, i, l) {
				out = append(out, sign{at: span{i, i + n}})
			}
			i += n
			continue
		}
		if p, n := l.at("modal", toks, i); n > 0 && !noVerb(toks, i) {
			out = append(out, sign{at: span{i, i + n}, class: p.class, modal: true})
			i += n
			continue
		}
		i++
	}
	return merged(out)
}

// merged gives a future or conditional the class of the modal that it serves:
// "will (not) be able to" is "can", "would need to" is "must".
func merged(signs []sign) []sign {
	last := -1
	for i := range signs {
		if !signs[i].modal {
			continue
		}
		if last >= 0 && signs[i].at.from-signs[last].at.to <= 1 && (signs[last].class == "future" || signs[last].class == "conditional") &&
			(signs[i].class == "ability" || signs[i].class == "necessity") {
			signs[last].class, signs[i].class = signs[i].class, ""
		}
		last = i
	}
	return signs
}

// numbered reports whether a negation word is an abbreviation of "number":
// "No 10".
func numbered(toks []token, i int) bool {
	return i+1 < len(toks) && toks[i+1].sort == digitsToken
}

// noVerb reports whether a modal is no verb but a name or a month: a capital
// inside a sentence, or a number after it.
func noVerb(toks []token, i int) bool {
	r, _ := utf8.DecodeRuneInString(toks[i].text)
	return unicode.IsUpper(r) && (i > 0 && toks[i-1].sort != markToken || numbered(toks, i))
}

// partnerWithin is how many words may stand between the two halves of a
// negation ("ne … pas").
const partnerWithin = 6

// partnered reports whether a negation of two halves has its other half after
// it, which is counted instead, or one that makes it "only" ("ne … que").
func partnered(toks []token, i int, l *lexicon) bool {
	for k := i + 1; k < len(toks) && k <= i+partnerWithin; k++ {
		if p, n := l.at("negation", toks, k); n > 0 && p.class != "half" {
			return true
		}
	}
	return false
}

// signed reports whether a token is part of a sign.
func signed(signs []sign, i int) bool {
	for _, x := range signs {
		if x.at.from <= i && i < x.at.to {
			return true
		}
	}
	return false
}
