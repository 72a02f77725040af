package appraise

import (
	"strings"

	"stet/internal/news"
)

// Limits of what is a quotation of somebody's words.
const (
	longQuote  = 8   // words from which a span in marks quotes somebody wherever it stands
	shortQuote = 2   // words from which it does in a sentence that attributes it
	sameQuote  = 0.4 // share of common words from which two quotations are one, changed
	maxWhose   = 8   // tokens of whose a quotation is
)

// quotations finds quotations whose words changed, and quotations that came or
// went, in edited, new and removed sentences. What only stands elsewhere has
// not gone.
func quotations(e edited, add func(news.Finding)) {
	old, new := piecesOf(e, e.old, e.oldAt, e.page.old), piecesOf(e, e.new, e.newAt, e.page.new)
	old, new = unequal(old, new), unequal(new, old)
	if len(old) == 0 && len(new) == 0 || wordsOf(old) == wordsOf(new) {
		return
	}
	old, new = changedQuotes(e, old, new, add)
	for _, q := range old {
		if q.goneFrom(e.new, e.page.old, e.page.new) {
			add(e.find(news.KindQuotation, "removed", q.whose(), q.text, ""))
		}
	}
	for _, q := range new {
		if q.goneFrom(e.old, e.page.new, e.page.old) {
			add(e.find(news.KindQuotation, "added", q.whose(), "", q.text))
		}
	}
}

// goneFrom reports whether a quotation of one text is not in the other, or less
// often. A sentence in the middle of one counts by itself only where the beginning
// stands there, too.
func (p piece) goneFrom(s side, own, other news.Content) bool {
	if p.head == "" {
		if !p.quotes() || contains(s.toks, p.words) {
			return false
		}
		n := times(p.words, other, p.lex)
		return n == 0 || n < times(p.words, own, p.lex)
	}
	return stands(p.head, s, other, p.lex) && !stands(p.words, s, other, p.lex)
}

// unequal gives the pieces that the other side has not, word for word.
func unequal(ps, others []piece) []piece {
	count := map[string]int{}
	for _, q := range others {
		count[q.words]++
	}
	var out []piece
	for _, p := range ps {
		if count[p.words]--; count[p.words] < 0 {
			out = append(out, p)
		}
	}
	return out
}

// wordsOf is the words of all pieces: the same when a quotation was only
// interrupted elsewhere.
func wordsOf(ps []piece) string {
	words := make([]string, len(ps))
	for i, p := range ps {
		words[i] = p.words
	}
	return strings.Join(words, " ")
}

// changedQuotes finds the quotations that stand on both sides with other words,
// and gives the rest. Where each side has one, they are one.
func changedQuotes(e edited, old, new []piece, add func(news.Finding)) (o, n []piece) {
	taken := make([]bool, len(new))
	for _, p := range old {
		best, score := -1, sameQuote
		for k, q := range new {
			if s := alike(p, q); !taken[k] && (s > score || s == score && best < 0) {
				best, score = k, s
			}
		}
		if best < 0 && len(old) == 1 && len(new) == 1 && p.quotes() == new[0].quotes() {
			best = 0
		}
		if best < 0 {
			o = append(o, p)
			continue
		}
		taken[best] = true
		if respelled(p, new[best]) {
			continue
		}
		whose := new[best].whose()
		if whose == "" {
			whose = p.whose()
		}
		was, is := differing(p, new[best])
		add(e.find(news.KindQuotation, "changed", whose, was, is))
	}
	for k, q := range new {
		if !taken[k] {
			n = append(n, q)
		}
	}
	return o, n
}

// respelled reports whether two pieces differ only in "&" for "and".
func respelled(p, q piece) bool {
	a, b := p.side.toks[p.toks.from:p.toks.to], q.side.toks[q.toks.from:q.toks.to]
	for _, g := range gapsOf(a, b) {
		if !ampersand(a[g.o.from:g.o.to], b[g.n.from:g.n.to], p.lex) && !ampersand(b[g.n.from:g.n.to], a[g.o.from:g.o.to], p.lex) {
			return false
		}
	}
	return true
}

// ampersand reports whether the one is "&" and the other the word for it.
func ampersand(a, b []token, l *lexicon) bool {
	return len(a) == 1 && len(b) == 1 && a[0].key == "&" && b[0].sort == wordToken && l.has("joiner", b[0].key)
}

// alike is the share of the words of the shorter of two pieces that the other
// has, in order.
func alike(p, q piece) float64 {
	a, b := p.side.toks[p.toks.from:p.toks.to], q.side.toks[q.toks.from:q.toks.to]
	same := wordCount(a)
	for _, g := range gapsOf(a, b) {
		same -= wordCount(a[g.o.from:g.o.to])
	}
	return float64(same) / float64(min(p.count, q.count))
}

// Limits of the words of a long quotation that a finding shows.
const (
	wholeQuote = 120 // bytes up to which the whole is shown
	aroundGap  = 6   // words shown before and after what changed
)

// differing is the words of two pieces that show how they differ.
func differing(p, q piece) (was, is string) {
	if len(p.text) <= wholeQuote && len(q.text) <= wholeQuote {
		return p.text, q.text
	}
	a, b := p.side.toks[p.toks.from:p.toks.to], q.side.toks[q.toks.from:q.toks.to]
	gaps := gapsOf(a, b)
	if len(gaps) == 0 {
		return p.text, q.text
	}
	first, last := gaps[0], gaps[len(gaps)-1]
	return excerpt(p.side.text, a, span{first.o.from, last.o.to}, aroundGap, aroundGap),
		excerpt(q.side.text, b, span{first.n.from, last.n.to}, aroundGap, aroundGap)
}

// stands reports whether words stand on the other side: in the sentence, where
// only the marks went, or in another place of the text.
func stands(words string, s side, c news.Content, l *lexicon) bool {
	return contains(s.toks, words) || times(words, c, l) > 0
}

// times is how often words stand in the blocks of a text, once a block.
func times(words string, c news.Content, l *lexicon) (n int) {
	longest := "" // few blocks have it: the others need not be cut
	for word := range strings.SplitSeq(words, " ") {
		if len(word) > len(longest) {
			longest = word
		}
	}
	for _, b := range c.Blocks {
		if strings.Contains(keyOf(b.Text), longest) && contains(tokens(b.Text, l), words) {
			n++
		}
	}
	return n
}

// contains reports whether tokens hold the words, in this order without others
// between.
func contains(toks []token, words string) bool {
	return strings.Contains(" "+wordKeys(toks)+" ", " "+words+" ")
}
