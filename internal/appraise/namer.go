package appraise

import (
	"unicode"
	"unicode/utf8"
)

// A namer finds names in texts of a page.
type namer struct {
	page *page
	lex  *lexicon
}

// names are the names of a side, in order.
func (r namer) names(s side) []name {
	if shouts(s) {
		return nil
	}
	var out []name
	titled, address := r.titled(s), addresses(s)
	for i := 0; i < len(s.toks) && len(out) < maxNames; {
		if address[i] || !r.starts(s, i) {
			i++
			continue
		}
		end := r.end(s, i)
		if n, ok := r.trim(s, name{from: i, to: end}, titled); ok {
			out = append(out, n)
		}
		i = end
	}
	return out
}

// starts reports whether a name can begin at token i.
func (r namer) starts(s side, i int) bool {
	t := s.toks[i]
	return t.sort == wordToken && capital(t.text) && !r.breaks(s, i) && (!glued(s.toks, i) || s.toks[i-1].sort != digitsToken)
}

// end is where the capitalised words end that begin at token i, with particles,
// initials and hyphens between them.
func (r namer) end(s side, i int) int {
	end := i + 1
	for k := end; k < len(s.toks); k++ {
		t := s.toks[k]
		switch {
		case t.sort == wordToken && capital(t.text) && !r.breaks(s, k):
			end = k + 1
		case t.sort == digitsToken:
			return end
		case t.sort == wordToken && r.particle(s, i, end, k):
		case (t.text == "-" || t.text == "‑") && glued(s.toks, k), t.text == "&":
		case t.text == "." && glued(s.toks, k) && capital(s.toks[k-1].text) && r.shortened(s.toks[k-1]):
		default:
			return end
		}
		if k-end >= 3 {
			return end
		}
	}
	return end
}

// particle reports whether the word at token k may stand inside the name from
// token i to end: some only where an organisation is named ("Office for"), loose
// ones only before another ("von der").
func (r namer) particle(s side, i, end, k int) bool {
	p, ok := r.lex.word("particles", s.toks[k].key)
	switch {
	case !ok || p.class == "":
		return ok
	case p.class == "loose":
		return k+1 < len(s.toks) && !capital(s.toks[k+1].text) && r.lex.has("particles", s.toks[k+1].key)
	}
	for _, t := range s.toks[i:end] {
		if r.lex.has("organisations", t.key) {
			return true
		}
	}
	return false
}

// shortened reports whether a word may have a full stop and go on: an initial,
// a title.
func (r namer) shortened(t token) bool {
	return utf8.RuneCountInString(t.text) == 1 || r.lex.has("titles", t.key)
}

// breaks reports whether a capitalised word is in no name: a day, a month, a
// type of file.
func (r namer) breaks(s side, k int) bool {
	for _, list := range [...]string{"weekdays", "months", "files", "filesizes"} {
		if p, ok := r.lex.word(list, s.toks[k].key); ok && p.class != "ambiguous" {
			return true
		}
	}
	return r.lex.has("spelling", "nouns") && r.measure(s.toks[k].key)
}

// measure reports whether a word is what amounts are of. Where all nouns have
// capitals such words stand before others as names do: "Jahre Haft".
func (r namer) measure(key string) bool {
	for _, list := range [...]string{"units", "people", "money", "percent", "scale"} {
		if r.lex.has(list, key) && !r.lex.has("titles", key) {
			return true
		}
	}
	return false
}

// trim takes words that are no names off both ends, and titles off the front. It
// fails when nothing is left, or nothing that is sure to be a name.
func (r namer) trim(s side, n name, titled bool) (name, bool) {
	words := 0
	byTitle := false
	for n.from < n.to {
		t := s.toks[n.from]
		title := r.lex.has("titles", t.key)
		if capital(t.text) && !title && !r.lex.has("stopcaps", stem(t.key)) {
			break
		}
		byTitle = byTitle && t.text == "." || title
		n.from++
	}
	for n.to > n.from && !capital(s.toks[n.to-1].text) {
		n.to--
	}
	for _, t := range s.toks[n.from:n.to] {
		if capital(t.text) {
			words++
		}
	}
	if words == 0 {
		return n, false
	}
	return r.certain(s, n, words, byTitle || r.afterTitle(s, n.from), titled)
}

// certain reports whether a capitalised sequence is a name; its first word may
// be taken off where every sentence begins with a capital.
func (r namer) certain(s side, n name, words int, byTitle, titled bool) (name, bool) {
	first := s.toks[n.from]
	if words == 1 && acronym(first.text) {
		return n, true
	}
	if words == 1 && (r.lex.has("organisations", stem(first.key)) || r.lex.has("titles", stem(first.key))) {
		return n, false // "the Bank", "the President"
	}
	if byTitle {
		return n, true
	}
	if titled {
		return n, r.known(s, n)
	}
	if r.lex.has("spelling", "nouns") {
		return n, words >= 2 && !opens(s, n.from) || r.known(s, n)
	}
	if !opens(s, n.from) {
		return n, len(first.text) > 1
	}
	if words >= 2 && secondIsName(s, n) {
		return n, true
	}
	return n, r.known(s, n)
}

// secondIsName reports whether a sequence at the beginning of a sentence is held
// together by a capital that nothing but a name explains.
func secondIsName(s side, n name) bool {
	for k := n.from + 1; k < n.to; k++ {
		if capital(s.toks[k].text) {
			return true
		}
	}
	return false
}

// afterTitle reports whether a title stands before token i, capital or not.
func (r namer) afterTitle(s side, i int) bool {
	if i > 0 && s.toks[i-1].text == "." {
		i--
	}
	return i > 0 && s.toks[i-1].sort == wordToken && r.lex.has("titles", s.toks[i-1].key)
}

// opens reports whether token i begins a sentence, a quotation or a part after a
// colon: places where a capital says nothing.
func opens(s side, i int) bool {
	for k := i - 1; k >= 0; k-- {
		switch s.toks[k].text {
		case "\"", "“", "”", "„", "‘", "'", "«", "»", "(", "[", "-", "–", "—", "•", "*":
			if k > 0 && !glued(s.toks, k) && s.toks[k].text == "(" {
				return false
			}
			if s.toks[k].text == "”" || s.toks[k].text == "»" {
				return false
			}
			if s.toks[k].text != "(" && k > 0 && !glued(s.toks, k) && !glued(s.toks, k+1) {
				return true // a dash between spaces parts as a colon does
			}
			continue
		case ".", ":", "!", "?", "…", "|", ";", "¿", "¡":
			return true
		}
		return s.toks[k].sort == digitsToken && k == 0
	}
	return true
}

// acronym reports whether a word is capitals, few of them: "NHS", "UK".
func acronym(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r) || unicode.IsDigit(r):
			n++
		case r == 's' || r == '\'' || r == '’': // "MPs", "BBC's"
		default:
			return false
		}
	}
	return n >= minAcronym && n <= maxAcronym
}

// shouts reports whether most letters of a text are capitals.
func shouts(s side) bool {
	upper, lower := 0, 0
	for _, r := range s.text {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > lower
}

// titled reports whether a text is in title case, so that its capitals do not
// tell names.
func (r namer) titled(s side) bool {
	capitals, words := 0, 0
	for i, t := range s.toks {
		if t.sort != wordToken || i == 0 || len(t.text) < 4 || r.lex.has("particles", t.key) {
			continue
		}
		words++
		if capital(t.text) {
			capitals++
		}
	}
	return words >= minTitled && !endsSentence(s.text) && float64(capitals) >= titleCase*float64(words)
}
