package appraise

import (
	"stet/internal/diff"
	"stet/internal/news"
)

// Limits of what is the same statement, made by a sentence that went and denied
// by one that came elsewhere in the text.
const (
	sameStatement = 4    // words of meaning that both must have, in order
	spreadWords   = 5    // words that may stand between two of them
	mostlyNew     = 0.6  // share of its words from which a sentence is another
	maxReversals  = 1024 // pairs of sentences that are compared
)

// reversals finds statements that a removed sentence made and an added one
// denies, or the reverse: "Visitors must take a test before …" and "You no longer
// need to take a test before …".
func reversals(p *page, add func(news.Finding)) {
	if !p.lex.knows("negation") {
		return
	}
	gone, come := p.claims()
	compared := 0
	for _, o := range gone {
		for _, n := range come {
			if len(o.denied) == 0 == (len(n.denied) == 0) {
				continue
			}
			if compared++; compared > maxReversals {
				return
			}
			if at, ok := o.against(n); ok {
				add(at)
			}
		}
	}
}

// A claim is a sentence that is mostly new or gone.
type claim struct {
	edit   string
	text   string
	toks   []token
	signs  []sign
	words  []int // tokens that carry meaning
	denied []int // of words, those that a negation stands before
	lex    *lexicon
}

// claims are the sentences of the script that went, and those that came.
func (p *page) claims() (gone, come []claim) {
	for _, x := range p.script.Edits {
		if !x.Changed() || x.Typography || x.Op == diff.Move && len(x.Runs) == 1 {
			continue
		}
		e := newEdited(p, x.Runs)
		gone = append(gone, claimsOf(x.ID, e.old, p.lex)...)
		come = append(come, claimsOf(x.ID, e.new, p.lex)...)
	}
	return gone, come
}

// claimsOf are the sentences of a side of which most words changed.
func claimsOf(edit string, s side, l *lexicon) []claim {
	var out []claim
	from, at := 0, 0
	for _, sentence := range diff.Sentences(s.text) {
		at += len(sentence)
		to, changed := from, 0
		for to < len(s.toks) && s.toks[to].at < at {
			if s.toks[to].changed {
				changed++
			}
			to++
		}
		if to > from && float64(changed) >= mostlyNew*float64(to-from) {
			out = append(out, newClaim(edit, s.text, s.toks[from:to], l))
		}
		from = to
	}
	return out
}

func newClaim(edit, text string, toks []token, l *lexicon) claim {
	c := claim{edit: edit, text: text, toks: terms(toks, l), lex: l}
	c.signs = signsOf(c.toks, l)
	negated := false
	for i, t := range c.toks {
		switch {
		case signed(c.signs, i):
			negated = negated || c.negates(i)
		case endsClause(t):
			negated = false
		case t.sort != wordToken || l.has("light", t.key) || l.has("months", t.key) || l.has("weekdays", t.key):
		default:
			if negated {
				c.denied = append(c.denied, len(c.words))
				negated = false
			}
			c.words = append(c.words, i)
		}
	}
	return c
}

// negates reports whether a token is part of a negation.
func (c claim) negates(i int) bool {
	for _, x := range c.signs {
		if !x.modal && x.at.from <= i && i < x.at.to {
			return true
		}
	}
	return false
}

// against finds that the one claim says what the other denies.
func (c claim) against(d claim) (news.Finding, bool) {
	if len(c.denied) > 0 {
		return c.deniedBy(d, func(from, to span) news.Finding { return reversal(c, from, d, to, "affirmed") })
	}
	return d.deniedBy(c, func(from, to span) news.Finding { return reversal(c, to, d, from, "negated") })
}

// deniedBy looks for a negation of this claim after which the same words stand as
// in the other one, without a negation.
func (c claim) deniedBy(other claim, found func(this, that span) news.Finding) (news.Finding, bool) {
	for _, k := range c.denied {
		for m := range other.words {
			n, last, end := c.follow(k, other, m)
			if n >= sameStatement {
				return found(span{c.words[k], c.words[last] + 1}, span{other.words[m], other.words[end] + 1}), true
			}
		}
	}
	return news.Finding{}, false
}

// follow counts the words that two claims share in order from two of their words
// on, and gives the last of each.
func (c claim) follow(k int, other claim, m int) (n, last, end int) {
	for k < len(c.words) && m < len(other.words) {
		step, skip := c.next(k, other, m)
		if step < 0 || n == 0 && step+skip > 0 {
			return n, last, end
		}
		k, m = k+step, m+skip
		n, last, end = n+1, k, m
		k, m = k+1, m+1
	}
	return n, last, end
}

// next is how many words of either claim stand before the next that both have;
// -1 if that is too far. The verb right behind the negation may be another form.
func (c claim) next(k int, other claim, m int) (step, skip int) {
	for far := 0; far <= spreadWords; far++ {
		for step = 0; step <= far; step++ {
			skip = far - step
			if k+step < len(c.words) && m+skip < len(other.words) &&
				sameStem(c.toks[c.words[k+step]].key, other.toks[other.words[m+skip]].key) {
				return step, skip
			}
		}
	}
	return -1, 0
}

// reversal makes the finding, with the words before each statement.
func reversal(o claim, old span, n claim, new span, of string) news.Finding {
	return news.Finding{Kind: news.KindNegation, Edit: n.edit, Of: of,
		Old: excerpt(o.text, o.toks, old, 4, 0), New: excerpt(n.text, n.toks, new, 4, 0)}
}
