package appraise

import (
	"strings"

	"stet/internal/news"
)

// Limits of what counts as the same statement, negated or with another modal.
const (
	// maxClause is how many words beside it a gap may have in which a negation
	// came or went: a clause that is new as a whole says something of its own.
	maxClause = 5
	// minKept is the number of words that must stand on both sides.
	minKept = 2
)

// negations finds statements that were negated or affirmed, and modals that
// changed their class: may, must, will.
func negations(e edited, add func(news.Finding)) {
	if !e.both() || !e.lex().knows("negation") {
		return
	}
	s := newStatement(e)
	if s.kept() < minKept {
		return
	}
	s.negated(add)
	s.shifted(add)
}

// A statement is a sentence pair as the rules of negation see it.
type statement struct {
	edited
	oldTerms, newTerms []token
	oldSigns, newSigns []sign
	gaps               []gap
}

func newStatement(e edited) statement {
	s := statement{edited: e, oldTerms: terms(e.old.toks, e.lex()), newTerms: terms(e.new.toks, e.lex())}
	s.oldSigns, s.newSigns = signsOf(s.oldTerms, e.lex()), signsOf(s.newTerms, e.lex())
	s.gaps = s.joined(gapsOf(s.oldTerms, s.newTerms))
	return s
}

// joined puts gaps together between which only light words and marks stand: they
// are one change of one clause, and the words between are there by chance.
func (s statement) joined(gaps []gap) []gap {
	var out []gap
	for _, g := range gaps {
		if k := len(out) - 1; k >= 0 && s.lightOnly(span{out[k].o.to, g.o.from}) {
			out[k] = gap{span{out[k].o.from, g.o.to}, span{out[k].n.from, g.n.to}}
			continue
		}
		out = append(out, g)
	}
	return out
}

// lightOnly reports whether the words of the older sentence in the span are
// light ones, and no signs.
func (s statement) lightOnly(at span) bool {
	for i := at.from; i < at.to; i++ {
		t := s.oldTerms[i]
		if t.sort == digitsToken || endsClause(t) || t.sort == wordToken && !s.lex().has("light", t.key) || signed(s.oldSigns, i) {
			return false
		}
	}
	return true
}

// endsClause reports whether a mark parts clauses.
func endsClause(t token) bool {
	return strings.ContainsAny(t.key, ",;:.!?-()،؛؟。，、；：！？") && t.sort == markToken
}

// kept is the number of words that stand on both sides.
func (s statement) kept() int {
	n := wordCount(s.oldTerms)
	for _, g := range s.gaps {
		n -= wordCount(s.oldTerms[g.o.from:g.o.to])
	}
	return n
}

// count is the number of negations in a gap's side. "Without", which came or went
// with what it belongs to, negates a circumstance, not the statement.
func (s statement) count(toks []token, signs []sign, at span) (n int) {
	for _, x := range signs {
		if !x.modal && x.at.overlaps(at) && !s.circumstance(toks, x, at) {
			n++
		}
	}
	return n
}

// circumstance reports whether a negation is the second half of a contraction that
// begins no verb ("without" = "with no"), and all of that is in the gap.
func (s statement) circumstance(toks []token, x sign, at span) bool {
	i := x.at.from
	return i > at.from && toks[i].text == "" && toks[i-1].text != "" &&
		s.lex().has("contraction", keyOf(toks[i-1].text)) && !s.modalAt(toks, i-1)
}

// modalAt reports whether a modal or a form of "be" stands at a token.
func (s statement) modalAt(toks []token, i int) bool {
	if p, ok := s.lex().word("light", toks[i].key); ok && p.class == "verb" {
		return true
	}
	_, n := s.lex().at("modal", toks, i)
	return n > 0
}

// negated finds the gaps in which negations came or went. Where as many came as
// went in the sentence, they have only moved.
func (s statement) negated(add func(news.Finding)) {
	type flip struct {
		g     gap
		delta int
	}
	var flips []flip
	total := 0
	for _, g := range s.gaps {
		o, n := s.oldTerms[g.o.from:g.o.to], s.newTerms[g.n.from:g.n.to]
		delta := s.count(s.newTerms, s.newSigns, g.n) - s.count(s.oldTerms, s.oldSigns, g.o) + opposite(o, n, s.lex())
		total += delta
		if delta != 0 {
			flips = append(flips, flip{g, delta})
		}
	}
	for _, f := range flips {
		switch {
		case total > 0 && f.delta > 0 && s.sameClause(f.g):
			s.found(add, f.g, "negated")
		case total < 0 && f.delta < 0 && s.sameClause(f.g):
			s.found(add, f.g, "affirmed")
		}
	}
}

// sameClause reports whether the two sides of a gap say the same but for the
// negation or the modal: neither has many words of its own, and where both have
// some they share one.
func (s statement) sameClause(g gap) bool {
	o := s.content(s.oldTerms, s.oldSigns, g.o)
	n := s.content(s.newTerms, s.newSigns, g.n)
	most := maxClause
	if wordCount(s.oldTerms[g.o.from:g.o.to]) == 0 || wordCount(s.newTerms[g.n.from:g.n.to]) == 0 {
		most = 0 // a negation that brings its own verb is a new clause
	}
	if len(o) > most || len(n) > most {
		return false
	}
	return len(o) == 0 || len(n) == 0 || akin(o, n, s.lex())
}

// content is the words of a gap's side that carry meaning: no signs, no light
// words.
func (s statement) content(toks []token, signs []sign, at span) []token {
	var out []token
	for i := at.from; i < at.to; i++ {
		t := toks[i]
		if t.sort == markToken || s.lex().has("light", t.key) || signed(signs, i) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// found makes the finding of a gap, with the word before it and the verb after.
func (s statement) found(add func(news.Finding), g gap, of string) {
	add(s.find(news.KindNegation, of, "",
		excerpt(s.old.text, s.oldTerms, g.o, 1, 2), excerpt(s.new.text, s.newTerms, g.n, 1, 2)))
}
