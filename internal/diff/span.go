package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is how many pieces from i on are one token: an address, a quoted span, a
// number, or else the one piece. A date in words is none: whoever reads that the
// 3 became a 4 before "May 2031" has read enough. But see [text.insideDate].
func span(ps []piece, i int) int {
	if ps[i].sort == word && (i+1 == len(ps) || ps[i+1].sort == blank) {
		return 1 // most words: nothing else begins with a word alone
	}
	for _, of := range [...]func([]piece) int{address, quoted, eastAsian, amount, tag} {
		if k := of(ps[i:]); k > 0 {
			if i == 0 || joins(ps[i-1], ps[i]) {
				return k
			}
		}
	}
	return 1
}

// joins reports whether a span may begin after the piece before it. An opening
// quotation mark that looks like a closing one must have white space or a
// bracket before it; a sign is a sign only there, too.
func joins(before, first piece) bool {
	if !strings.ContainsAny(first.s, "\"'+-−") {
		return true
	}
	return before.sort == blank || strings.ContainsAny(before.s, "([{¿¡—–")
}

// is reports whether piece k exists and is one of the given strings.
func is(ps []piece, k int, any ...string) bool {
	if k >= len(ps) {
		return false
	}
	for _, s := range any {
		if ps[k].s == s {
			return true
		}
	}
	return false
}

func isSort(ps []piece, k int, s pieceSort) bool { return k < len(ps) && ps[k].sort == s }

// address is the length of an address of the web ("https://…", "host.org/…") or
// of mail, without the punctuation of the sentence at its end.
func address(ps []piece) int {
	if ps[0].sort != word && ps[0].sort != number {
		return 0
	}
	web := is(ps, 1, ":") && is(ps, 2, "/") && is(ps, 3, "/") || is(ps, 1, "/") && strings.Contains(ps[0].s, ".")
	mail := is(ps, 1, "@") && isSort(ps, 2, word)
	if !web && !mail {
		return 0
	}
	k := 1
	for open := 0; k < len(ps) && ps[k].sort != blank && !strings.ContainsAny(ps[k].s, "\"<>“”«»„。、，") && ascii(ps[k].s); k++ {
		switch ps[k].s {
		case "(", "[":
			open++
		case ")", "]":
			open--
		}
		if open < 0 { // it closes what was opened before the address
			break
		}
	}
	for k > 1 && strings.Contains(".,;:!?'", ps[k-1].s) {
		k--
	}
	return k
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// closing is the mark that ends a quotation which begins with s, or "".
func closing(s string) string {
	switch s {
	case "“":
		return "”"
	case "„", "‟":
		return "”“"
	case "‘":
		return "’"
	case "‚":
		return "’‘"
	case "«":
		return "»"
	case "»":
		return "«"
	case "「":
		return "」"
	case "\"":
		return "\""
	}
	return ""
}

// quoted is the length of a quotation of at most MaxQuoted words, marks
// included.
func quoted(ps []piece) int {
	end := closing(ps[0].s)
	if end == "" || !isSort(ps, 1, word) && !isSort(ps, 1, number) {
		return 0
	}
	n := 0
	for k := 1; k < len(ps); k++ {
		switch {
		case strings.Contains(end, ps[k].s):
			return k + 1
		case closing(ps[k].s) != "":
			return 0
		case ps[k].sort == word || ps[k].sort == number:
			if n++; n > MaxQuoted {
				return 0
			}
		}
	}
	return 0
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// eastAsian is the length of a number with its unit, or of a chain of them:
// 12万, 2031年5月3日.
func eastAsian(ps []piece) int {
	k := 0
	for isSort(ps, k, number) && k+1 < len(ps) {
		if r, _ := utf8.DecodeRuneInString(ps[k+1].s); !strings.ContainsRune("年月日号號時时点點分秒万萬亿億兆千百", r) {
			break
		}
		k += 2
	}
	return k
}

// amount is the length of a number with its sign, currency, separators and
// percent: "-3.5 %", "US$1,200", "10:30", "2031-05-03", "5 €", "1 000 000",
// "COVID-19".
func amount(ps []piece) int {
	k := prefix(ps)
	if !isSort(ps, k, number) {
		return 0
	}
	first := k
	for k++; ; {
		switch {
		case k+1 < len(ps) && ps[k+1].sort == number && strings.Contains(":/.,-–‑'’", ps[k].s):
			k += 2
		case thousands(ps, first, k):
			k += 2
		default:
			return suffix(ps, k)
		}
	}
}

// prefix is the length of what may stand before the first digit of a number.
func prefix(ps []piece) int {
	k := 0
	if isSort(ps, 0, word) {
		if is(ps, 1, "-", "‑") && isSort(ps, 2, number) {
			return 2
		}
		if len(ps[0].s) > 3 || !currency(ps, 1) {
			return 0
		}
		k++
	}
	for ; k < 3 && (is(ps, k, "+", "-", "−", "±", "~", "#", "№") || currency(ps, k)); k++ {
	}
	return k
}

func currency(ps []piece, k int) bool {
	if k >= len(ps) {
		return false
	}
	r, n := utf8.DecodeRuneInString(ps[k].s)
	return n == len(ps[k].s) && unicode.Is(unicode.Sc, r)
}

// thousands reports whether a space and three digits follow at k a number
// whose first digits, at first, are at most three.
func thousands(ps []piece, first, k int) bool {
	if k+1 >= len(ps) || len(ps[first].s) > 3 || len(ps[k+1].s) != 3 || !digits(ps[first].s) || !digits(ps[k+1].s) {
		return false
	}
	return is(ps, k, " ", "\u00a0", "\u202f", "\u2009")
}

// suffix is the end of a number that ends at k, after its percent or currency.
func suffix(ps []piece, k int) int {
	j := k
	if is(ps, j, " ", "\u00a0", "\u202f") {
		j++
	}
	if is(ps, j, "%", "‰", "°", "٪", "％", "℃") || currency(ps, j) && !isSort(ps, j+1, number) {
		return j + 1
	}
	return k
}

// tag is the length of a name with its mark: "@name", "#topic".
func tag(ps []piece) int {
	if is(ps, 0, "@", "#") && isSort(ps, 1, word) {
		return 2
	}
	return 0
}
