package appraise

import (
	"slices"
	"strings"

	"stet/internal/news"
)

// minStill is how many words a sentence has at least that is looked for in the
// whole of the other text.
const minStill = 6

// still reports whether the text of a sentence that came or went stands in the
// other body, too: cut otherwise into sentences or paragraphs, or said twice
// before. It was neither added nor taken out then.
func (p *page) still(e edited) bool {
	s, c := e.old, p.new
	if e.old.text == "" {
		s, c = e.new, p.old
	}
	if wordCount(s.toks) < minStill {
		return false
	}
	last := len(s.toks)
	for idle(s.toks[last-1]) {
		last--
	}
	text := s.span(0, last)
	return slices.ContainsFunc(c.Blocks, func(b news.Block) bool { return strings.Contains(b.Text, text) })
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
