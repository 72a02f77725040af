package appraise

import (
	"unicode/utf8"

	"stet/internal/news"
)

// besideTitle finds names in scripts without capitals: words that changed
// directly after a title, in Chinese also before it, and no more of them than a
// name has.
func besideTitle(e edited, add func(news.Finding)) {
	new := titledRuns(e.new, e.lex())
	for _, o := range titledRuns(e.old, e.lex()) {
		for _, n := range new {
			if o.hunk == n.hunk && o.text != n.text {
				add(e.find(news.KindName, "", "", o.text, n.text))
			}
		}
	}
}

// A stretch is changed text and its hunk.
type stretch struct {
	text string
	hunk int
}

// titledRuns are the changed stretches of a side that stand beside a title.
func titledRuns(s side, l *lexicon) []stretch {
	var out []stretch
	for i := 0; i < len(s.toks); i++ {
		if !s.toks[i].changed {
			continue
		}
		end := i
		for end < len(s.toks) && s.toks[end].changed {
			end++
		}
		from := s.afterTitle(i, end, l)
		text := s.span(from, end)
		size := end - from
		han := single(firstRune(text))
		if size <= maxTitled && (!han || size >= minTitleHan) && utf8.RuneCountInString(text) > 1 && (from > i || besides(s, i, end, han, l)) {
			out = append(out, stretch{text, s.toks[i].hunk})
		}
		i = end
	}
	return out
}

// afterTitle is where the last title ends that ends among the tokens, however much
// of it changed; from if there is none.
func (s side) afterTitle(from, to int, l *lexicon) int {
	for k := to - 1; k >= max(0, from-maxTitled); k-- {
		if _, w := l.at("titles", s.toks, k); w > 0 && k+w < to && k+w > from {
			return k + w
		}
	}
	return from
}

// besides reports whether a title ends before token from or, in Han, begins at
// token to.
func besides(s side, from, to int, han bool, l *lexicon) bool {
	if _, w := l.at("titles", s.toks, to); han && w > 0 {
		return true
	}
	for w := 1; w <= 4 && w <= from; w++ {
		if _, k := l.at("titles", s.toks, from-w); k == w && !s.toks[from-1].changed {
			return true
		}
	}
	return false
}
