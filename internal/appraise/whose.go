package appraise

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// whose is who says a quotation, where the sentence tells it beside: "said Ann
// Smith", "Ann Smith said", "according to the ministry". Empty if it does not, or
// only with a pronoun.
func (p piece) whose() string {
	for i := 0; i < len(p.side.toks); i++ {
		if p.toks.from <= i && i < p.toks.to {
			continue
		}
		if _, n := p.lex.at("according", p.side.toks, i); n > 0 {
			if s := p.speakerAfter(i + n); s != "" {
				return s
			}
		}
		if _, n := p.lex.at("attribution", p.side.toks, i); n > 0 {
			if s := p.speakerBefore(i); s != "" {
				return s
			}
			if s := p.speakerAfter(i + n); s != "" {
				return s
			}
		}
	}
	return ""
}

// speakerAfter is the name that begins at token i.
func (p piece) speakerAfter(i int) string {
	to := i
	for to < len(p.side.toks) && to-i < maxWhose && p.speaks(p.side.toks[to]) && !(p.toks.from <= to && to < p.toks.to) {
		to++
	}
	return p.speaker(i, to)
}

// speakerBefore is the name that ends before token i.
func (p piece) speakerBefore(i int) string {
	for i > 0 && p.light(p.side.toks[i-1]) && !capital(p.side.toks[i-1].text) {
		i--
	}
	from := i
	for from > 0 && i-from < maxWhose && p.speaks(p.side.toks[from-1]) && !(p.toks.from < from && from <= p.toks.to) {
		from--
	}
	return p.speaker(from, i)
}

func (p piece) light(t token) bool {
	x, ok := p.lex.word("light", t.key)
	return ok && x.class == "verb"
}

// speaks reports whether a word may be part of the name of a speaker: a
// capitalised one, a title, a particle of names; in scripts without capitals any
// word but a verb of speech.
func (p piece) speaks(t token) bool {
	if t.sort != wordToken {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(t.text); !unicode.IsUpper(r) && !unicode.IsLower(r) {
		return !p.lex.has("attribution", t.key)
	}
	return capital(t.text) || p.lex.has("particles", t.key) || p.lex.has("titles", t.key)
}

// speaker is the words between two tokens if they name somebody.
func (p piece) speaker(from, to int) string {
	for from < to && p.lex.has("particles", p.side.toks[from].key) && !capital(p.side.toks[from].text) {
		from++
	}
	for to > from && p.lex.has("particles", p.side.toks[to-1].key) && !capital(p.side.toks[to-1].text) {
		to--
	}
	if from >= to {
		return ""
	}
	bare, _, _ := strings.Cut(p.side.toks[from].key, "'")
	if to-from == 1 && (p.lex.has("pronouns", bare) || p.lex.has("stopcaps", p.side.toks[from].key) || p.lex.has("numerals", p.side.toks[from].key)) {
		return ""
	}
	return p.side.span(from, to)
}
