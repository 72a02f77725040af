package appraise

import (
	"unicode/utf8"

	"stet/internal/news"
)

// maxKnown is how many tokens of a page are looked at to learn names from.
const maxKnown = 20000

// known reports whether every word of a name is known as one by the rest of the
// page: capitalised where nothing but a name is, and never without capital.
func (r namer) known(s side, n name) bool {
	k := r.page.capitals(r)
	for _, t := range s.toks[n.from:n.to] {
		if capital(t.text) && !k[stem(t.key)] {
			return false
		}
	}
	return true
}

// capitals are the words that the bodies of the page use as names, made when
// first asked for.
func (p *page) capitals(r namer) map[string]bool {
	if p.names == nil {
		p.names = map[string]bool{}
		plain := map[string]bool{}
		left := maxKnown
		for _, c := range [...]news.Content{p.old, p.new} {
			for _, b := range c.Blocks {
				if left <= 0 {
					break
				}
				left -= r.learn(p, clip(b.Text, maxKnown), plain)
			}
		}
		for word := range plain {
			delete(p.names, word)
		}
	}
	return p.names
}

// nameBefore reports whether token i can be the first word of a name where all
// nouns have capitals.
func (r namer) nameBefore(s side, i int) bool {
	t := s.toks[i]
	return capital(t.text) && !opens(s, i) && !r.lex.has("stopcaps", t.key) && !r.breaks(s, i)
}

// learn notes the words of a text that are capitalised within a sentence, and
// those that are not.
func (r namer) learn(p *page, text string, plain map[string]bool) (looked int) {
	s := side{text: text, toks: tokens(text, r.lex)}
	if shouts(s) || r.titled(s) {
		return len(s.toks)
	}
	nouns := r.lex.has("spelling", "nouns")
	for i, t := range s.toks {
		switch {
		case t.sort != wordToken:
		case !capital(t.text):
			plain[stem(t.key)] = true
		case opens(s, i) || utf8.RuneCountInString(t.text) < 2 || r.lex.has("stopcaps", stem(t.key)):
		case !nouns || i > 0 && r.nameBefore(s, i-1) && !r.measure(t.key):
			p.names[stem(t.key)] = true
		}
	}
	return len(s.toks)
}
