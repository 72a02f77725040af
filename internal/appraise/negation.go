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
	// minKept is the number of words that must stand on both sides.
	minKept = 2
)

// A sign is a negation or a modal in a sentence.
type sign struct {
	at    span
	class string // the classes of a modal
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

// signsOf finds the negations and modals of a sentence.
func signsOf(toks []token, l *lexicon) []sign {
	var out []sign
	for i := 0; i < len(toks); {
		if _, n := l.at("unnegated", toks, i); n > 0 {
			i += n
			continue
		}
		if p, n := l.at("negation", toks, i); n > 0 && !numbered(toks, i) {
			if p.class != "half" || !partnered(toks, i, l) {
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
// it, which is counted instead.
func partnered(toks []token, i int, l *lexicon) bool {
	for k := i + 1; k < len(toks) && k <= i+partnerWithin; k++ {
		if p, n := l.at("negation", toks, k); n > 0 && p.class == "" {
			return true
		}
	}
	return false
}

// count is the number of negations in a gap's side.
func count(signs []sign, at span) (n int) {
	for _, x := range signs {
		if !x.modal && x.at.overlaps(at) {
			n++
		}
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
		delta := count(s.newSigns, g.n) - count(s.oldSigns, g.o) + opposite(o, n, s.lex())
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
			if before := prefixOf(b.key, a.key, l); before != "" && !holds(o, before) {
				return 1
			}
			if before := prefixOf(a.key, b.key, l); before != "" && !holds(n, before) {
				return -1
			}
		}
	}
	return 0
}

// minStem is the length from which a word is taken for one with a prefix, in
// bytes without the prefix.
const minStem = 4

// prefixOf is the prefix by which the one word is the opposite of the other.
func prefixOf(long, short string, l *lexicon) string {
	before, ok := strings.CutSuffix(long, short)
	if ok && before != "" && len(short) >= minStem && l.has("prefix", before) && !l.has("unprefixed", long) {
		return before
	}
	return ""
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

func signed(signs []sign, i int) bool {
	for _, x := range signs {
		if x.at.from <= i && i < x.at.to {
			return true
		}
	}
	return false
}

// Bytes that two forms of one word begin alike with: the shorter as a whole, or
// so much of both.
const (
	wholeStem  = 3
	sharedStem = 4
)

// akin reports whether two lists of words have one in common, in some form.
func akin(o, n []token, l *lexicon) bool {
	for _, a := range o {
		for _, b := range n {
			if sameStem(a.key, b.key) || prefixOf(a.key, b.key, l)+prefixOf(b.key, a.key, l) != "" {
				return true
			}
		}
	}
	return false
}

func sameStem(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= wholeStem && strings.HasPrefix(b, a) || len(a) >= sharedStem && a[:sharedStem] == b[:sharedStem]
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

// alone reports whether a modal that has no counterpart is a shift: it came to or
// went from the verb that stands there ("is" → "could be"), and nothing else did.
func (s statement) alone(g gap, classes []string) bool {
	if c := classes[0]; c == "future" || c == "conditional" {
		return false
	}
	return s.verbsOnly(s.oldTerms, s.oldSigns, g.o) && s.verbsOnly(s.newTerms, s.newSigns, g.n)
}

// verbsOnly reports whether a span holds only signs and forms of "be", "have"
// and the like.
func (s statement) verbsOnly(toks []token, signs []sign, at span) bool {
	for i := at.from; i < at.to; i++ {
		if p, _ := s.lex().word("light", toks[i].key); toks[i].sort != markToken && !signed(signs, i) && p.class != "verb" {
			return false
		}
	}
	return true
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
		if x.modal && x.class != "" {
			count[x.class]++
		}
	}
	for _, x := range b {
		if x.modal && x.class != "" {
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
