package appraise

import (
	"slices"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// Limits of lines that are no text of the article.
const (
	maxStampLine = 24  // tokens of a line that tells when a page was updated
	maxLinkLine  = 20  // words of a line that leads elsewhere
	maxLinkVerb  = 6   // words of such a line that begins with a verb: "Watch the video"
	maxFileLine  = 45  // words of a line that offers a file
	maxBareFile  = 16  // words of a line that does nothing else, below the file's title
	maxFileBytes = 200 // bytes that are read of it
	nearEnds     = 3   // blocks from either end of the body where a date alone is the page's
)

// lines reports whether an edit is only a line that tells when the page was
// updated, who wrote it or what a picture shows, or one that leads elsewhere, on
// the sides that have it.
func lines(e edited) (news.Kind, bool) {
	is := func(f func(side, []diff.Place, news.Content) bool) bool {
		return (e.old.text == "" || f(e.old, e.oldAt, e.page.old)) && (e.new.text == "" || f(e.new, e.newAt, e.page.new))
	}
	switch {
	case e.field != "":
		return "", false
	case is(e.stamped) && (e.dated(e.old) || e.dated(e.new)):
		return news.KindStamp, true
	case is(e.leads):
		return news.KindLinks, true
	case is(e.signs):
		return news.KindByline, true
	case is(e.describes):
		return news.KindImage, true
	case is(func(s side, _ []diff.Place, _ news.Content) bool { return addressesOnly(s.text) }):
		return news.KindTypography, true // of pictures, without a word
	}
	return "", false
}

// stamped reports whether a line only tells when: a phrase like "last updated"
// with nothing but a date, a time, or how long ago; or such a date alone, near the
// ends of the body. A phrase alone is one whose date came or went.
func (e edited) stamped(s side, at []diff.Place, c news.Content) bool {
	if len(s.toks) > maxStampLine || !wholeBlock(s, at, c) {
		return false
	}
	phrase, part, when := false, false, false
	l := e.lex()
	for i := 0; i < len(s.toks); {
		t := s.toks[i]
		p, n := l.at("stamp", s.toks, i)
		switch {
		case n > 0:
			phrase, part = phrase || p.class == "", part || p.class != ""
			i += n
			continue
		case t.sort == markToken:
			if strings.ContainsAny(t.key, "%$€£¥|") {
				return false
			}
		case e.tellsWhen(t):
			when = true
		default:
			return false
		}
		i++
	}
	if !when {
		return phrase && e.both()
	}
	return phrase && (part || !e.bareNumber(s)) || !part && fullDate(s.toks, l) && nearEnd(at, c)
}

// bareNumber reports whether a side tells when by one short number alone: "Update 3".
func (e edited) bareNumber(s side) bool {
	numbers := 0
	for _, t := range s.toks {
		if t.sort != digitsToken && e.tellsWhen(t) || len(t.text) == 4 && t.sort == digitsToken {
			return false
		}
		if t.sort == digitsToken {
			numbers++
		}
	}
	return numbers == 1
}

// dated reports whether a side has a word or number that tells when.
func (e edited) dated(s side) bool { return slices.ContainsFunc(s.toks, e.tellsWhen) }

// tellsWhen reports whether a token is a number, a month or a day of the week.
func (e edited) tellsWhen(t token) bool {
	return t.sort == digitsToken || e.lex().has("months", t.key) || e.lex().has("weekdays", t.key)
}

// fullDate reports whether tokens hold a day, a month and a year.
func fullDate(toks []token, l *lexicon) bool {
	numbers, month, year := 0, false, false
	for _, t := range toks {
		switch {
		case t.sort == digitsToken:
			numbers++
			year = year || len(t.text) == 4
		case l.has("months", t.key):
			month = true
		}
	}
	return year && (month && numbers >= 2 || numbers >= 3)
}

// nearEnd reports whether a place is among the first or last blocks.
func nearEnd(at []diff.Place, c news.Content) bool {
	return len(at) > 0 && (at[0].Block < nearEnds || at[0].Block >= len(c.Blocks)-nearEnds)
}

// wholeBlock reports whether a sentence is all that its block holds.
func wholeBlock(s side, at []diff.Place, c news.Content) bool {
	if len(at) == 0 || at[0].Block >= len(c.Blocks) {
		return true
	}
	return len(strings.TrimSpace(c.Blocks[at[0].Block].Text)) <= len(strings.TrimSpace(s.text))
}

// leads reports whether a line only leads elsewhere: it begins as such lines do
// and is no sentence, it offers a file, or it is nothing but a link.
func (e edited) leads(s side, at []diff.Place, c news.Content) bool {
	if addressesOnly(s.text) {
		return !picturesOnly(s.text)
	}
	words := wordCount(s.toks)
	if words == 0 || !wholeBlock(s, at, c) {
		return false
	}
	if words <= maxFileLine && e.offersFile(s.toks) {
		return true
	}
	if words > maxLinkLine {
		return false
	}
	ended := endsLine(s.toks)
	if p, n := e.lex().at("related", s.toks, firstWord(s.toks)); n > 0 && (e.parted(s.toks, n) || !ended && (p.class == "" || words <= maxLinkVerb)) {
		return true
	}
	return !ended && (isLink(s.text, c) || !e.both() && e.titlesFile(at, c))
}

// addressesOnly reports whether a text is nothing but addresses.
func addressesOnly(text string) bool {
	fields := strings.Fields(text)
	return len(fields) > 0 && !slices.ContainsFunc(fields, func(f string) bool { return !isLinkTarget(f) })
}

// isLinkTarget reports whether a text without spaces is an address, as such or in the
// markup of a link without words.
func isLinkTarget(field string) bool {
	field = strings.TrimPrefix(strings.TrimLeft(field, "(<["), "](")
	return strings.HasPrefix(field, "http://") || strings.HasPrefix(field, "https://") || strings.HasPrefix(field, "www.")
}

// titlesFile reports whether the next block is a line that only offers a file:
// what stands before it is the file's title.
func (e edited) titlesFile(at []diff.Place, c news.Content) bool {
	if len(at) == 0 || at[0].Block+1 >= len(c.Blocks) {
		return false
	}
	toks := tokens(clip(c.Blocks[at[0].Block+1].Text, maxFileBytes), e.lex())
	return wordCount(toks) <= maxBareFile && e.offersFile(toks)
}

// firstWord is the index of the first token that is not a mark.
func firstWord(toks []token) int {
	for i, t := range toks {
		if t.sort != markToken {
			return i
		}
	}
	return len(toks)
}

// parted reports whether a mark that introduces stands after the phrase of n
// tokens with which a line begins: "Read more: …".
func (e edited) parted(toks []token, n int) bool {
	i := firstWord(toks) + n
	return i == len(toks) || strings.ContainsAny(toks[i].key, ":|>›»→-–—：")
}

func endsLine(toks []token) bool {
	return len(toks) > 0 && strings.ContainsAny(toks[len(toks)-1].key, ".!?。！？؟")
}

// offersFile reports whether a line names a type of file and its size, its pages
// or that it can be downloaded: "Annual report (PDF, 234KB, 3 pages)"; or nothing
// but the type.
func (e edited) offersFile(toks []token) bool {
	kind, size, more := false, false, false
	for i := 0; i < len(toks); {
		p, n := e.lex().at("attachment", toks, i)
		if n == 0 {
			more = more || toks[i].sort == wordToken
			i++
			continue
		}
		switch p.class {
		case "type":
			kind = true
		case "size":
			size = size || i > 0 && toks[i-1].sort == digitsToken
		case "offer":
			size = true
		}
		i += n
	}
	return kind && (size || !more) && !endsLine(toks)
}

// isLink reports whether a text is nothing but the words of a link.
func isLink(text string, c news.Content) bool {
	folded := news.Fold(text)
	for _, x := range c.Links {
		if x.Text != "" && news.Fold(x.Text) == folded {
			return true
		}
	}
	return false
}
