package appraise

import (
	"slices"

	"stet/internal/news"
)

// wording finds words that changed in an edited sentence and are in no other
// finding of it.
func (f *findings) wording(e edited, others []news.Finding) {
	if rest(e.old, others, func(x news.Finding) string { return x.Old }, e.lex()) ||
		rest(e.new, others, func(x news.Finding) string { return x.New }, e.lex()) {
		f.add(e.find(news.KindWording, "", "", e.old.changedText(), e.new.changedText()))
	}
}

// rest reports whether a changed word of the side is in no finding.
func rest(s side, found []news.Finding, shown func(news.Finding) string, l *lexicon) bool {
	said := map[string]bool{}
	for _, x := range found {
		for _, t := range tokens(shown(x), l) {
			said[t.key] = true
		}
	}
	dated := slices.ContainsFunc(found, func(x news.Finding) bool { return x.Kind == news.KindNumber })
	for _, t := range s.toks {
		if dated && (l.has("stopwords", t.key) || l.has("months", t.key) || l.has("weekdays", t.key) || t.sort == digitsToken) {
			continue // "Thursday 2 June" beside "2 June"
		}
		if t.changed && t.sort != markToken && !said[t.key] {
			return true
		}
	}
	return false
}
