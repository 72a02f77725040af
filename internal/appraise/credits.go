package appraise

import (
	"path"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// Limits of lines that say who wrote the text or what a picture shows.
const (
	maxByline   = 16 // tokens of a line with the names of who wrote it
	bylineEnds  = 5  // blocks from either end of the body where it may stand
	minAuthor   = 2  // words of a name, in scripts with capitals
	maxCaption  = 45 // words of a line that describes a picture
	creditWords = 8  // tokens at its end that may name who took it
)

// signs reports whether a line, near an end of the body, says who wrote it:
// "By Ann Smith and Jo Brown". Scripts without capitals need a mark after the
// first word.
func (e edited) signs(s side, at []diff.Place, c news.Content) bool {
	if len(s.toks) > maxByline || !wholeBlock(s, at, c) || !atEdge(at, c, bylineEnds) || endsLine(s.toks) {
		return false
	}
	_, n := e.lex().at("byline", s.toks, 0)
	if n == 0 || n == len(s.toks) {
		return false
	}
	if mark := s.toks[n]; mark.sort == markToken {
		return strings.ContainsAny(mark.key, ":：/") && n+1 < len(s.toks)
	}
	return e.namesOnly(s.toks[n:])
}

// namesOnly reports whether tokens are names, with what joins them, their titles
// and particles.
func (e edited) namesOnly(toks []token) bool {
	l, words := e.lex(), 0
	for _, t := range toks {
		switch {
		case t.sort == markToken:
			if !strings.ContainsAny(t.key, ",.&|-'") {
				return false
			}
		case t.sort == digitsToken:
			return false
		case capital(t.text):
			words++
		case !l.has("joiner", t.key) && !l.has("particles", t.key) && !l.has("titles", t.key):
			return false
		}
	}
	return words >= minAuthor
}

// atEdge reports whether a place is among so many blocks at either end.
func atEdge(at []diff.Place, c news.Content, n int) bool {
	return len(at) == 0 || at[0].Block < n || at[0].Block >= len(c.Blocks)-n
}

// describes reports whether a line describes a picture: it begins as captions do
// ("Photo: …", "Screenshot of …"), ends with who took it ("Getty Images"), or is
// the markup of an image that the page shows by mistake.
func (e edited) describes(s side, at []diff.Place, c news.Content) bool {
	if marksImage(s.text) == 0 {
		return true
	}
	if wordCount(s.toks) > maxCaption || !wholeBlock(s, at, c) {
		return false
	}
	i := firstWord(s.toks)
	if p, n := e.lex().at("caption", s.toks, i); n > 0 && i+n < len(s.toks) &&
		(p.class == "open" && !endsLine(s.toks) || strings.ContainsAny(s.toks[i+n].key, ":：/|©")) {
		return true
	}
	return e.credited(s.toks)
}

// credited reports whether a line ends with a credit, after a mark.
func (e edited) credited(toks []token) bool {
	for i := max(1, len(toks)-creditWords); i < len(toks); i++ {
		if _, n := e.lex().at("credit", toks, i); n > 0 && strings.ContainsAny(toks[i-1].key, ".,:;|/©(（。—–-") && toks[i-1].sort == markToken {
			return true
		}
	}
	return false
}

// imageMarkup is how images are written in pages and in what pages are made of.
func imageMarkup() []string { return []string{"![", "<img ", "{{<", "alt=\"", "alt=“"} }

// marksImage is where in a text an image is written as markup; -1 if nowhere.
// Other shortcodes than those of images have no "src".
func marksImage(text string) int {
	first := -1
	for _, m := range imageMarkup() {
		i := strings.Index(text, m)
		if i < 0 || m == "{{<" && !strings.Contains(text[i:], "src=") || m == "![" && !strings.Contains(text[i:], "](") {
			continue
		}
		if first < 0 || i < first {
			first = i
		}
	}
	return first
}

// picturesOnly reports whether the addresses of a text all end as files of pictures
// do.
func picturesOnly(text string) bool {
	for _, f := range strings.Fields(text) {
		switch strings.ToLower(path.Ext(strings.TrimRight(f, ")>].,"))) {
		case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg":
		default:
			return false
		}
	}
	return true
}
