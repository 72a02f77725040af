package appraise

import (
	"strings"
	"unicode"
)

// minPhone is how many digits in groups a telephone number has at least, when it
// begins with a zero or a plus sign.
const minPhone = 7

// minPostcode is how many digits a postal code that begins with a zero has at
// least; times and decimals have fewer before a mark.
const minPostcode = 4

// notNumbers marks tokens whose digits count nothing: in addresses of the web
// and of mail, telephone numbers, versions of software, names ("COVID-19"),
// numbers of list items, sizes of files.
func notNumbers(s side, l *lexicon) []bool {
	skip := make([]bool, len(s.toks))
	for i := 0; i < len(s.toks); {
		end := chunkEnd(s.toks, i)
		if !counts(s, i, end, l) {
			fill(skip, i, end)
		}
		i = end
	}
	numbering(s, skip, l)
	footnotes(s, skip)
	postcodes(s, skip)
	dialled(s, skip, l)
	phones(s, skip)
	sizes(s, skip, l)
	return skip
}

func fill(skip []bool, from, to int) {
	for i := from; i < to; i++ {
		skip[i] = true
	}
}

// chunkEnd is where the tokens without a gap end that begin at i.
func chunkEnd(toks []token, i int) int {
	end := i + 1
	for end < len(toks) && glued(toks, end) {
		end++
	}
	return end
}

// counts reports whether the digits of a chunk can be a number: not in an
// address, nor in a version or a name of letters with digits after them.
func counts(s side, from, to int, l *lexicon) bool {
	if isAddress(s, from, to) {
		return false
	}
	dots, named := 0, false
	for i := from; i < to; i++ {
		t := s.toks[i]
		switch {
		case i+2 < to && s.toks[i+2].sort == digitsToken && (i == from || s.toks[i-1].sort != digitsToken):
			named = named || namesDigits(s.toks, i, l)
		case t.text == "." && i > from && i+1 < to && s.toks[i-1].sort == digitsToken && s.toks[i+1].sort == digitsToken:
			dots++
		}
		named = named || lettered(s.toks, i, l)
		if t.sort == wordToken && strings.ContainsFunc(t.text, unicode.IsDigit) {
			named = true // "v2.1", "A4"
		}
	}
	return !named && (dots < 2 || dateOrThousands(s, from, to, l))
}

// addresses marks the tokens of addresses of the web and of mail.
func addresses(s side) []bool {
	out := make([]bool, len(s.toks))
	for i := 0; i < len(s.toks); {
		end := chunkEnd(s.toks, i)
		if isAddress(s, i, end) {
			fill(out, i, end)
		}
		i = end
	}
	return out
}

// isAddress reports whether a chunk holds an address: "https://…", "a@host.org",
// "host.org/…".
func isAddress(s side, from, to int) bool {
	if to-from < 3 {
		return false
	}
	text := s.span(from, to)
	if strings.Contains(text, "://") || strings.Contains(text, "www.") || strings.Contains(text, "@") {
		return true
	}
	host, _, path := strings.Cut(text, "/")
	dot := strings.LastIndexByte(host, '.')
	return path && dot > 0 && dot < len(host)-1 && unicode.IsLower(firstRune(host[dot+1:]))
}

// lettered reports whether token i is capitals after digits that make a name of
// them ("18F"): no scale, unit or the like.
func lettered(toks []token, i int, l *lexicon) bool {
	t := toks[i]
	if t.sort != wordToken || !glued(toks, i) || toks[i-1].sort != digitsToken || !capital(t.text) {
		return false
	}
	for _, list := range [...]string{"scale", "money", "units", "clock", "percent", "filesizes", "ordinals", "people"} {
		if _, w := l.at(list, toks, i); w > 0 {
			return false
		}
	}
	return true
}

// namesDigits reports whether the word at token i is joined to the digits two
// tokens on as in "COVID-19": not "under-18s", "mid-2031", "May-12".
func namesDigits(toks []token, i int, l *lexicon) bool {
	t := toks[i]
	if t.sort != wordToken || single(firstRune(t.text)) || !capital(t.text) && !l.has("parts", t.key) || !strings.Contains("-‑./_", toks[i+1].text) {
		return false
	}
	_, year := yearAt(toks, i+2)
	return !year && !l.has("money", t.key) && !numeral(t.key, l) && !l.has("dateword", t.key)
}

// numeral reports whether a word is a number, month or day by itself.
func numeral(key string, l *lexicon) bool {
	return l.has("numerals", key) || l.has("months", key) || l.has("weekdays", key)
}

// dateOrThousands reports whether digits with several full stops are no version.
func dateOrThousands(s side, from, to int, l *lexicon) bool {
	for i := from; i < to; i++ {
		if s.toks[i].sort != digitsToken {
			continue
		}
		if _, k := numericDate(s.toks, i, l); k > 0 {
			return true
		}
		_, k := figure(s, i, l)
		return k >= 5
	}
	return false
}

// numbering skips the number that a list item begins with ("2.", "3)", "1.4")
// and those after words that number parts ("step 3").
func numbering(s side, skip []bool, l *lexicon) {
	for i, t := range s.toks {
		if l.has("parts", t.key) {
			skipPart(s, i+1, skip)
		}
	}
	if len(s.toks) < 2 || s.toks[0].sort != digitsToken {
		return
	}
	end := 1
	for end < len(s.toks) && glued(s.toks, end) && (s.toks[end].sort == digitsToken || s.toks[end].text == "." || s.toks[end].text == ")") {
		end++
	}
	if end == 1 || len(s.toks[0].text) > 2 || end >= len(s.toks) || !unicode.IsUpper(firstRune(s.toks[end].text)) {
		return
	}
	if _, k := readDate(s.toks, 0, l); k == 0 {
		fill(skip, 0, end)
	}
}

// postcodes skips digits that begin with a zero as no amount does: "07712".
func postcodes(s side, skip []bool) {
	for i, t := range s.toks {
		if t.sort == digitsToken && len(t.text) >= minPostcode && t.text[0] == '0' && (i == 0 || !glued(s.toks, i)) {
			skip[i] = true
		}
	}
}

// dialled skips short telephone numbers behind a word like "call", where they
// count nothing: "call 112".
func dialled(s side, skip []bool, l *lexicon) {
	for i := 1; i < len(s.toks); i++ {
		t := s.toks[i]
		if t.sort != digitsToken || len(t.text) < 3 || len(t.text) > 6 || !l.has("dial", s.toks[i-1].key) {
			continue
		}
		if i+1 == len(s.toks) || s.toks[i+1].sort == markToken && !glued(s.toks, i+2) || l.has("stopwords", s.toks[i+1].key) {
			skip[i] = true
		}
	}
}

// footnotes skips marks of footnotes: "[1]".
func footnotes(s side, skip []bool) {
	for i := 1; i+1 < len(s.toks); i++ {
		if s.toks[i].sort == digitsToken && s.toks[i-1].text == "[" && s.toks[i+1].text == "]" && len(s.toks[i].text) <= 3 {
			skip[i] = true
		}
	}
}

// skipPart skips the digits at token i with dots between them.
func skipPart(s side, i int, skip []bool) {
	for i < len(s.toks) && (s.toks[i].sort == digitsToken || s.toks[i].text == "." && i+1 < len(s.toks) && glued(s.toks, i) && glued(s.toks, i+1)) {
		skip[i] = true
		i++
		if i < len(s.toks) && !glued(s.toks, i) {
			return
		}
	}
}

// phones skips telephone numbers.
func phones(s side, skip []bool) {
	for i := 0; i < len(s.toks); i++ {
		if s.toks[i].sort != digitsToken {
			continue
		}
		end, digits := i, 0
		for end < len(s.toks) && phonePart(s, i, end) {
			if s.toks[end].sort == digitsToken {
				digits += len(s.toks[end].text)
			}
			end++
		}
		plus := i > 0 && s.toks[i-1].text == "+"
		if digits >= minPhone && (plus || strings.HasPrefix(s.toks[i].text, "0")) {
			fill(skip, i, end)
		}
		i = max(i, end-1)
	}
}

// phonePart reports whether token k goes on the telephone number from token i.
func phonePart(s side, i, k int) bool {
	t := s.toks[k]
	if t.sort == digitsToken {
		return k == i || s.toks[k].at-s.toks[k-1].end() <= 1
	}
	return t.text == "-" || t.text == "(" || t.text == ")" || t.text == "/" && glued(s.toks, k)
}

// sizes skips sizes and page counts of a file where its type is named.
func sizes(s side, skip []bool, l *lexicon) {
	typed := false
	for _, t := range s.toks {
		typed = typed || t.sort == wordToken && l.has("files", t.key)
	}
	if !typed {
		return
	}
	for i, t := range s.toks {
		if t.sort != digitsToken {
			continue
		}
		_, k := figure(s, i, l)
		if i+k < len(s.toks) && k > 0 && l.has("filesizes", s.toks[i+k].key) {
			fill(skip, i, i+k+1)
		}
	}
}
