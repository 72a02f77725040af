package appraise

import (
	"strings"

	"stet/internal/news"
)

// minStill is how many words a sentence has at least that is looked for in the
// whole of the other text.
const minStill = 8

// still reports whether all words of a sentence that came or went stand in one
// place of the other text, too: cut otherwise into sentences or paragraphs, or
// said twice before. It was neither added nor taken out then.
func (p *page) still(e edited) bool {
	toks := e.old.toks
	body := &p.newBody
	c := p.new
	if e.old.text == "" {
		toks, body, c = e.new.toks, &p.oldBody, p.old
	}
	if wordCount(toks) < minStill {
		return false
	}
	if *body == "" {
		*body = bodyKeys(c, p.lex)
	}
	return strings.Contains(*body, " "+wordKeys(toks)+" ")
}

// bodyKeys is the keys of all words of a body, with a space around each.
func bodyKeys(c news.Content, l *lexicon) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, x := range c.Blocks {
		for _, t := range tokens(x.Text, l) {
			if t.sort != markToken {
				b.WriteString(t.key)
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// renumbered reports whether the sides differ only in the number of a list item
// with which they begin.
func renumbered(e edited) bool {
	if !e.both() {
		return false
	}
	o, n := afterNumbering(e.old, e.lex()), afterNumbering(e.new, e.lex())
	return (o > 0 || n > 0) && joinKeys(e.old.toks[o:]) == joinKeys(e.new.toks[n:])
}

// afterNumbering is the first token after the number of a list item.
func afterNumbering(s side, l *lexicon) int {
	if len(s.toks) == 0 || s.toks[0].sort != digitsToken {
		return 0
	}
	skip := make([]bool, len(s.toks))
	numbering(s, skip, l)
	k := 0
	for k < len(skip) && skip[k] {
		k++
	}
	return k
}
