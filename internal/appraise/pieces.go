package appraise

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/diff"
	"stet/internal/news"
)

// A piece is what a sentence has of a quotation.
type piece struct {
	side   side
	toks   span   // of the sentence, inside the marks
	text   string // inside the marks, as published
	words  string // their keys
	count  int
	head   string // words with which the quotation begins in a sentence before; empty if in this one
	single bool   // in single marks, as titles often are
	lex    *lexicon
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
		n := len(out)
		out = appendPiece(out, s, span{from, to}, head, l)
		if mark, _ := utf8.DecodeRuneInString(block[q.from:]); len(out) > n {
			out[n].single = strings.ContainsRune("‘'‚", mark)
		}
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

// quotes reports whether a span in marks quotes somebody, rather than being a
// title, the label of a button, or a word held at arm's length: long ones do, and
// those in sentences that attribute.
func (p piece) quotes() bool {
	if p.lex.knows("titling") && p.titled() {
		return false
	}
	if len(strings.Fields(p.text)) >= p.fewest() && p.attributed() && !p.capitals() {
		return true
	}
	if p.count == wordCount(p.side.toks) && p.count > shortQuote && p.ends() {
		return true // the sentence is nothing else
	}
	return p.count >= longQuote && (p.ends() || !p.single && (p.speech() || p.running()))
}

// fewest is the number of words, as spaces part them, from which a quotation
// counts where it is attributed; one in scripts without spaces.
func (p piece) fewest() int {
	if r, _ := utf8.DecodeRuneInString(p.text); single(r) {
		return 1
	}
	return shortQuote
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

// running reports whether the words run on as a sentence does: most that carry
// meaning are in lower case, which those of titles are not.
func (p piece) running() bool {
	lower, all := 0, 0
	for _, t := range p.side.toks[p.toks.from:p.toks.to] {
		if t.sort != wordToken || p.lex.has("light", t.key) || p.lex.has("particles", t.key) {
			continue
		}
		all++
		if r, _ := utf8.DecodeRuneInString(t.text); unicode.IsLower(r) {
			lower++
		}
	}
	return all > 0 && float64(lower) >= runningShare*float64(all)
}

// runningShare is the share of words in lower case from which words run on.
const runningShare = 0.8

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

// nearQuote is how many tokens may stand between a quotation and a verb that
// attributes it, where the verb may mean something else, too.
const nearQuote = 4

// attributed reports whether the sentence has outside the quotation a verb of
// speech, a phrase like "according to", or a verb beside it that may attribute.
func (p piece) attributed() bool {
	for _, v := range verbsOf(p.side.toks, p.lex) {
		if v.at.overlaps(p.toks) {
			continue
		}
		if v.speech || v.at.touches(span{p.toks.from - nearQuote, p.toks.to + nearQuote}) {
			return true
		}
	}
	for _, at := range phrasesOf(p.side.toks, "according", p.lex) {
		if !at.overlaps(p.toks) {
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
