package appraise

import (
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// Limits of what stands inside a sentence and is no part of what it says.
const (
	nearStamp = 4  // tokens that may stand between "last updated" and its date
	nearSize  = 6  // tokens that may stand between the type of a file and its size
	maxTitle  = 25 // words of the title of a file
)

// asides finds what rows that are text hold beside it: when the page was updated,
// files that are offered, images as markup. Rows that are nothing else are lines.
func asides(p *page, add func(news.Finding)) {
	for _, x := range p.script.Fields {
		if x.Field == "headline" || x.Field == "standfirst" {
			e := newEdited(p, x.Runs)
			e.field = x.Field
			e.stampInside(add)
		}
	}
	for _, x := range p.script.Edits {
		if !x.Changed() || x.Typography {
			continue
		}
		e := newEdited(p, x.Runs)
		e.edit, e.oldAt, e.newAt = x.ID, placeOf(x.Old), placeOf(x.New)
		if _, whole := lines(e); whole {
			continue
		}
		e.stampInside(add)
		e.filesInside(add)
		e.imageInside(add)
	}
}

// placeOf is the place of a row of one block; of several it has none.
func placeOf(blocks []int) []diff.Place {
	if len(blocks) != 1 {
		return nil
	}
	return []diff.Place{{Block: blocks[0]}}
}

// stampInside finds a date that changed behind a phrase like "last updated".
func (e edited) stampInside(add func(news.Finding)) {
	old, new := e.stampIn(e.old), e.stampIn(e.new)
	if old != "" && new != "" {
		add(e.find(news.KindStamp, "", "", old, new))
	}
}

// stampIn is the first phrase of a side that tells when the page was updated, if
// its date changed.
func (e edited) stampIn(s side) string {
	l := e.lex()
	for i := 0; i < len(s.toks); i++ {
		p, n := l.at("stamp", s.toks, i)
		if n == 0 || p.class != "" {
			continue
		}
		if at, changed := e.dateBehind(s, i+n); changed {
			return s.span(i, at)
		}
	}
	return ""
}

// dateBehind is where a date or time ends that begins near token i, and whether it
// changed. A number alone is none.
func (e edited) dateBehind(s side, i int) (to int, changed bool) {
	to = i
	numbers, named := 0, false
	for k := i; k < len(s.toks) && k < to+nearStamp; k++ {
		t := s.toks[k]
		_, part := e.lex().at("stamp", s.toks, k)
		switch {
		case e.tellsWhen(t):
			changed, to = changed || t.changed, k+1
			named = named || t.sort == wordToken
			if t.sort == digitsToken {
				numbers++
			}
		case t.sort == markToken && strings.ContainsAny(t.key, "|;") || t.sort == wordToken && part == 0:
			k = len(s.toks)
		}
	}
	return to, changed && (named || numbers > 1)
}

// filesInside finds files that came, went or changed their size inside a text,
// and the title of a file that changed.
func (e edited) filesInside(add func(news.Finding)) {
	old, new := e.fileIn(e.old), e.fileIn(e.new)
	switch {
	case old != "" || new != "":
		add(e.find(news.KindLinks, "", "", old, new))
	case e.both() && !sameWords(e) && e.titled(e.old, e.oldAt, e.page.old) && e.titled(e.new, e.newAt, e.page.new):
		add(e.find(news.KindLinks, "", "", e.old.text, e.new.text))
	}
}

// titled reports whether a side is the title of a file.
func (e edited) titled(s side, at []diff.Place, c news.Content) bool {
	return wordCount(s.toks) <= maxTitle && !endsLine(s.toks) && e.titlesFile(at, c)
}

// fileIn is the first type of a file with its size of which a word changed.
func (e edited) fileIn(s side) string {
	for i := 0; i < len(s.toks); i++ {
		p, n := e.lex().at("attachment", s.toks, i)
		if n == 0 || p.class != "type" {
			continue
		}
		changed := s.toks[i].changed
		for k := i + n; k < len(s.toks) && k < i+n+nearSize; k++ {
			changed = changed || s.toks[k].changed
			if p, m := e.lex().at("attachment", s.toks, k); m > 0 && p.class == "size" && s.toks[k-1].sort == digitsToken {
				if changed {
					return s.span(i, k+m)
				}
				break
			}
		}
	}
	return ""
}

// imageInside finds the markup of an image that came or went inside a text.
func (e edited) imageInside(add func(news.Finding)) {
	old, new := imageIn(e.old), imageIn(e.new)
	if described(old) != described(new) {
		add(e.find(news.KindImage, "", "", old, new))
	}
}

// imageIn is a text from the markup of its first image on.
func imageIn(s side) string {
	if i := marksImage(s.text); i >= 0 {
		return strings.TrimSpace(s.text[i:])
	}
	return ""
}

// described is the markup of an image without addresses: the same picture may lie
// elsewhere.
func described(markup string) string {
	var kept []string
	for _, word := range strings.Fields(markup) {
		if !strings.Contains(word, "/") {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}
