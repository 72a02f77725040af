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
		text := s.span(i, end)
		size := end - i
		han := single(firstRune(text))
		if size <= maxTitled && (!han || size >= minTitleHan) && utf8.RuneCountInString(text) > 1 && besides(s, i, end, han, l) {
			out = append(out, stretch{text, s.toks[i].hunk})
		}
		i = end
	}
	return out
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
