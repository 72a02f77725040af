package appraise

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// Limits of what counts as the same statement, negated or with another modal.
const (
	// maxClause is how many words beside it a gap may have in which a negation
	// came or went: a clause that is new as a whole says something of its own.
	maxClause = 5
	// maxAlone is the same where the other side has nothing in the place.
	maxAlone = 3
	// minKept is the number of words that must stand on both sides.
	minKept = 2
)

// A sign is a negation or a modal in a sentence.
type sign struct {
	at    span
	class string // "not", "pair" or the classes of a modal
	value string // of a pair: the counterpart
	modal bool
}

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
	s.gaps = gapsOf(s.oldTerms, s.newTerms)
	return s
}

// kept is the number of words that stand on both sides.
func (s statement) kept() int {
	n := wordCount(s.oldTerms)
	for _, g := range s.gaps {
		n -= wordCount(s.oldTerms[g.o.from:g.o.to])
	}
	return n
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
			if p.class != "light" || !partnered(toks, i, l) {
				class := p.class
				if class != "pair" {
					class = "not"
				}
				out = append(out, sign{at: span{i, i + n}, class: class, value: p.value})
			}
			i += n
			continue
		}
		if p, n := l.at("modal", toks, i); n > 0 && !named(toks, i) {
			out = append(out, sign{at: span{i, i + n}, class: p.class, modal: true})
			i += n
			continue
		}
		i++
	}
	return out
}

// numbered reports whether a negation word is an abbreviation of "number":
// "No 10".
func numbered(toks []token, i int) bool {
	return i+1 < len(toks) && toks[i+1].sort == digitsToken
}

// named reports whether a modal is no verb but a name or a month: a capital
// inside a sentence, or a number after it.
func named(toks []token, i int) bool {
	r, _ := utf8.DecodeRuneInString(toks[i].text)
	return unicode.IsUpper(r) && (i > 0 && toks[i-1].sort != markToken || numbered(toks, i))
}

// partnerWithin is how many words may stand between the two halves of a
// negation ("ne … pas").
const partnerWithin = 6

// partnered reports whether a negation of two halves has its other half after
// it, which is counted instead.
func partnered(toks []token, i int, l *lexicon) bool {
	for k := i + 1; k < len(toks) && k <= i+partnerWithin; k++ {
		if p, n := l.at("negation", toks, k); n > 0 && p.class == "" {
			return true
		}
	}
	return false
}

// count is the number of negations in a gap's side; a word that has its
// counterpart on the other side counts, too.
func (s statement) count(signs []sign, at span, other []token) (n int) {
	for _, x := range signs {
		if x.modal || !x.at.overlaps(at) {
			continue
		}
		if x.class == "pair" && !holds(other, x.value) {
			continue
		}
		n++
	}
	return n
}

func holds(toks []token, key string) bool {
	for _, t := range toks {
		if t.key == key {
			return true
		}
	}
	return false
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
		delta := s.count(s.newSigns, g.n, o) - s.count(s.oldSigns, g.o, n)
		if delta == 0 {
			delta = opposite(o, n, s.lex())
		}
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

// opposite tells whether a word of one side is a word of the other with a prefix
// that negates it: 1 when the newer has the prefix, -1 when the older has.
func opposite(o, n []token, l *lexicon) int {
	for _, a := range o {
		for _, b := range n {
			if prefixed(b.key, a.key, l) {
				return 1
			}
			if prefixed(a.key, b.key, l) {
				return -1
			}
		}
	}
	return 0
}

// minStem is the length from which a word is taken for one with a prefix, in
// bytes without the prefix.
const minStem = 4

func prefixed(long, short string, l *lexicon) bool {
	before, ok := strings.CutSuffix(long, short)
	return ok && before != "" && len(short) >= minStem && l.has("prefix", before) && !l.has("unprefixed", long)
}

// sameClause reports whether the two sides of a gap say the same but for the
// negation or the modal: neither has many words of its own, and where both have
// some they share one.
func (s statement) sameClause(g gap) bool {
	o := s.content(s.oldTerms, s.oldSigns, g.o)
	n := s.content(s.newTerms, s.newSigns, g.n)
	most := maxClause
	if g.o.len() == 0 || g.n.len() == 0 {
		most = maxAlone
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

func signed(signs []sign, i int) bool {
	for _, x := range signs {
		if x.at.from <= i && i < x.at.to {
			return true
		}
	}
	return false
}

// sharedStem is how many bytes two forms of one word begin alike with.
const sharedStem = 4

// akin reports whether two lists of words have one in common, in some form.
func akin(o, n []token, l *lexicon) bool {
	for _, a := range o {
		for _, b := range n {
			if a.key == b.key || len(a.key) >= sharedStem && len(b.key) >= sharedStem && a.key[:sharedStem] == b.key[:sharedStem] ||
				prefixed(a.key, b.key, l) || prefixed(b.key, a.key, l) {
				return true
			}
		}
	}
	return false
}

// shifted finds gaps in which a modal gave way to one of another class. A
// future that came or went alone is time passing; a modal that came or went
// alone must be all that did, unless it casts doubt.
func (s statement) shifted(add func(news.Finding)) {
	if sameClasses(s.oldSigns, s.newSigns) {
		return
	}
	for _, g := range s.gaps {
		o, n := modals(s.oldSigns, g.o), modals(s.newSigns, g.n)
		if len(o) == 0 && len(n) == 0 || common(o, n) || !s.sameClause(g) {
			continue
		}
		// beside the gap there may be the modal that was qualified
		beside := len(o) == 0 && common(modalsBeside(s.oldSigns, g.o), n) || len(n) == 0 && common(o, modalsBeside(s.newSigns, g.n))
		if beside {
			continue
		}
		if len(o) > 0 && len(n) > 0 {
			if !s.reported(o, n) {
				s.found(add, g, "modality")
			}
			continue
		}
		if s.alone(g, append(o, n...)) {
			s.found(add, g, "modality")
		}
	}
}

// alone reports whether a modal that has no counterpart is a shift: one of doubt
// with few words around, another one only by itself.
func (s statement) alone(g gap, classes []string) bool {
	c := classes[0]
	if c == "future" || c == "conditional" {
		return false
	}
	o, n := s.content(s.oldTerms, s.oldSigns, g.o), s.content(s.newTerms, s.newSigns, g.n)
	if c == "possibility" || c == "likelihood" {
		return len(o)+len(n) <= maxAlone
	}
	if len(o)+len(n) > 0 {
		return false
	}
	return wordCount(s.oldTerms[g.o.from:g.o.to]) == 0 || wordCount(s.newTerms[g.n.from:g.n.to]) == 0
}

// reported reports whether a future became a conditional or back beside a verb
// of speech: that is the sequence of tenses.
func (s statement) reported(o, n []string) bool {
	both := strings.Join(o, " ") + " " + strings.Join(n, " ")
	if both != "future conditional" && both != "conditional future" {
		return false
	}
	for i := range s.newTerms {
		if _, k := s.lex().at("attribution", s.newTerms, i); k > 0 {
			return true
		}
	}
	return false
}

// modals is the classes of the modals in a gap's side.
func modals(signs []sign, at span) []string {
	var out []string
	for _, x := range signs {
		if x.modal && x.at.overlaps(at) {
			out = append(out, strings.Fields(x.class)...)
		}
	}
	return out
}

// modalsBeside is the classes of the modals beside a gap's side.
func modalsBeside(signs []sign, at span) []string {
	var out []string
	for _, x := range signs {
		if x.modal && x.at.touches(at) {
			out = append(out, strings.Fields(x.class)...)
		}
	}
	return out
}

func common(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// sameClasses reports whether two sentences have the same modals, in some order.
func sameClasses(a, b []sign) bool {
	count := map[string]int{}
	for _, x := range a {
		if x.modal {
			count[x.class]++
		}
	}
	for _, x := range b {
		if x.modal {
			count[x.class]--
		}
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// found makes the finding of a gap, with the word before it and the verb after.
func (s statement) found(add func(news.Finding), g gap, of string) {
	add(s.find(news.KindNegation, of, "",
		excerpt(s.old.text, s.oldTerms, g.o, 1, 2), excerpt(s.new.text, s.newTerms, g.n, 1, 2)))
}
