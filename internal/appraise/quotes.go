package appraise

import (
	"strings"

	"stet/internal/diff"
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
		if q.goneFrom(e.new, e.page.new) {
			add(e.find(news.KindQuotation, "removed", q.whose(), q.text, ""))
		}
	}
	for _, q := range new {
		if q.goneFrom(e.old, e.page.old) {
			add(e.find(news.KindQuotation, "added", q.whose(), "", q.text))
		}
	}
}

// goneFrom reports whether a quotation is not on the other side. A sentence in
// the middle of one counts by itself only where the beginning stands there, too.
func (p piece) goneFrom(s side, c news.Content) bool {
	if p.head == "" {
		return p.quotes() && !stands(p.words, s, c, p.lex)
	}
	return stands(p.head, s, c, p.lex) && !stands(p.words, s, c, p.lex)
}

// A piece is what a sentence has of a quotation.
type piece struct {
	side  side
	toks  span   // of the sentence, inside the marks
	text  string // inside the marks, as published
	words string // their keys
	count int
	head  string // words with which the quotation begins in a sentence before; empty if in this one
	lex   *lexicon
}

// piecesOf gives what a sentence has of the quotations of its block: a sentence
// in the middle of a long one has no marks of its own. Fields stand alone.
func piecesOf(e edited, s side, at []diff.Place, c news.Content) []piece {
	if s.text == "" {
		return nil
	}
	if len(at) == 0 || at[0].Block >= len(c.Blocks) {
		return cutPieces(s, s.text, 0, e.lex())
	}
	block := c.Blocks[at[0].Block]
	if block.Kind == news.Quotation {
		return appendPiece(nil, s, span{0, len(s.text)}, "", e.lex())
	}
	return cutPieces(s, block.Text, strings.Index(block.Text, strings.TrimSpace(s.text)), e.lex())
}

// cutPieces gives the pieces of a sentence that stands at a byte of its block. A
// sentence that the block does not hold as it is stands alone.
func cutPieces(s side, block string, at int, l *lexicon) []piece {
	if at < 0 {
		block, at = s.text, 0
	}
	at -= len(s.text) - len(strings.TrimLeft(s.text, " \t\n"))
	var out []piece
	for _, q := range quotesIn(block) {
		from, to := max(q.in.from-at, 0), min(q.in.to-at, len(s.text))
		if from >= to {
			continue
		}
		head := ""
		if q.from < at {
			head = wordKeys(tokens(diff.Sentences(block[q.in.from:q.in.to])[0], l))
		}
		out = appendPiece(out, s, span{from, to}, head, l)
	}
	return out
}

// appendPiece appends the piece between two bytes of a sentence, if it has words.
func appendPiece(out []piece, s side, in span, head string, l *lexicon) []piece {
	p := piece{side: s, head: head, lex: l, toks: span{-1, -1}}
	for i, t := range s.toks {
		if t.at < in.from || t.end() > in.to {
			continue
		}
		if p.toks.from < 0 {
			p.toks.from = i
		}
		p.toks.to = i + 1
	}
	if p.toks.from < 0 {
		return out
	}
	inside := s.toks[p.toks.from:p.toks.to]
	if p.words, p.count = wordKeys(inside), wordCount(inside); p.count == 0 {
		return out
	}
	p.text = strings.TrimSpace(s.text[in.from:in.to])
	return append(out, p)
}

// wordKeys is the keys of the words and numbers among tokens.
func wordKeys(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		if t.sort == markToken {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.key)
	}
	return b.String()
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

// quotes reports whether a span in marks quotes somebody, rather than being a
// title, the label of a button, or a word held at arm's length: long ones do, and
// those in sentences that attribute.
func (p piece) quotes() bool {
	if p.lex.knows("titling") && p.titled() {
		return false
	}
	if p.count >= shortQuote && p.attributed() && !p.capitals() {
		return true
	}
	return p.count >= longQuote && (p.ends() || p.speech())
}

// ends reports whether the words end as a sentence or clause does.
func (p piece) ends() bool {
	last := p.side.toks[p.toks.to-1]
	return last.sort == markToken && strings.ContainsAny(last.key, ".,!?…。，！？،؟")
}

// speech reports whether the words have a verb or a pronoun, which titles seldom
// have.
func (p piece) speech() bool {
	for i := p.toks.from; i < p.toks.to; i++ {
		key := p.side.toks[i].key
		if x, ok := p.lex.word("light", key); ok && x.class == "verb" && x.value != "to" || p.lex.has("pronouns", key) || p.lex.has("modal", key) {
			return true
		}
	}
	return false
}

// titled reports whether the word before a quotation makes it a title or label:
// "select", "called".
func (p piece) titled() bool {
	i := p.toks.from - 1
	for i >= 0 && p.side.toks[i].sort == markToken {
		i--
	}
	for n := 1; n <= 2 && i+1-n >= 0; n++ {
		if _, k := p.lex.at("titling", p.side.toks, i+1-n); k == n {
			return true
		}
	}
	return false
}

// attributed reports whether the sentence has a verb of speech or a phrase like
// "according to" outside the quotation.
func (p piece) attributed() bool {
	for i := range p.side.toks {
		if p.toks.from <= i && i < p.toks.to {
			continue
		}
		if _, n := p.lex.at("attribution", p.side.toks, i); n > 0 {
			return true
		}
		if _, n := p.lex.at("according", p.side.toks, i); n > 0 {
			return true
		}
	}
	return false
}

// capitals reports whether all words but particles are capitalised, as in titles.
func (p piece) capitals() bool {
	for _, t := range p.side.toks[p.toks.from:p.toks.to] {
		if t.sort == wordToken && !capital(t.text) && !p.lex.has("particles", t.key) {
			return false
		}
	}
	return true
}

// stands reports whether words stand on the other side: in the sentence, where
// only the marks went, or in another place of the text.
func stands(words string, s side, c news.Content, l *lexicon) bool {
	if contains(s.toks, words) {
		return true
	}
	last := words[strings.LastIndexByte(words, ' ')+1:]
	for _, b := range c.Blocks {
		if strings.Contains(keyOf(b.Text), last) && contains(tokens(b.Text, l), words) {
			return true
		}
	}
	return false
}

// contains reports whether tokens hold the words, in this order without others
// between.
func contains(toks []token, words string) bool {
	return strings.Contains(" "+wordKeys(toks)+" ", " "+words+" ")
}
