package appraise

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDigits is how many digits a number may have; longer ones are codes.
const maxDigits = 15

// readNumbers reads the numbers of a side, in order, at most maxNumbers, and
// tells which tokens it did not look at.
func readNumbers(s side, l *lexicon) ([]number, []bool) {
	var out []number
	skip := notNumbers(s, l)
	for i := 0; i < len(s.toks) && len(out) < maxNumbers; {
		if skip[i] {
			i++
			continue
		}
		n, k := readNumber(s, i, l)
		if k == 0 {
			i++
			continue
		}
		n.from, n.to = i, i+k
		s.counted(&n, l)
		n.mark(s.toks)
		out = append(out, n)
		i += k
	}
	for i := 1; i < len(out); i++ {
		out[i-1].until(out[i], s.toks, l)
	}
	return out, skip
}

// readNumber reads the number that begins at token i and is k tokens long.
func readNumber(s side, i int, l *lexicon) (number, int) {
	if d, k := readDate(s.toks, i, l); k > 0 {
		return number{of: ofDate, date: d}, k
	}
	if minutes, k := readClock(s.toks, i, l); k > 0 {
		return number{of: ofTime, value: minutes}, k
	}
	return readAmount(s, i, l)
}

// mark notes whether a token of the number changed.
func (n *number) mark(toks []token) {
	n.hunk = toks[n.from].hunk
	for _, t := range toks[n.from:n.to] {
		if t.changed {
			n.changed, n.hunk = true, t.hunk
			return
		}
	}
}

// readAmount reads a plain amount with its currency or percent sign on either
// side.
func readAmount(s side, i int, l *lexicon) (number, int) {
	n := number{of: ofCount}
	k := 0
	if money, w := l.at("money", s.toks, i); w > 0 && before(money, s.toks, i, w) {
		n.of, n.unit, k = ofMoney, money.value, w
	} else if p, w := l.at("percent", s.toks, i); w > 0 && p.class == "before" {
		n.of, k = ofPercent, w
	}
	value, doubtful, w := plainAmount(s, i+k, l)
	if w == 0 {
		return number{}, 0
	}
	n.value, n.doubtful, k = value, doubtful, k+w
	if n.of != ofCount {
		return n, k
	}
	at := i + k
	if at < len(s.toks) && s.toks[at].text == "-" && glued(s.toks, at) { // "a 5-euro note"
		at++
	}
	if p, w := l.at("percent", s.toks, at); w > 0 && p.class != "before" {
		n.of, n.doubtful = ofPercent, false
		return n, at + w - i
	}
	if money, w := l.at("money", s.toks, at); w > 0 && (w > 1 || len(s.toks[at].key) > 2 || glued(s.toks, at) || s.toks[at].sort == markToken || single(firstRune(s.toks[at].text))) {
		n.of, n.unit, n.doubtful = ofMoney, money.value, false
		return n, at + w - i
	}
	return n, k
}

// before reports whether a currency at token i stands before an amount: a sign,
// or a code of capitals.
func before(p phrase, toks []token, i, w int) bool {
	if p.value == "" || i+w >= len(toks) {
		return false
	}
	last := toks[i+w-1]
	return last.sort == markToken || strings.ToUpper(last.text) == last.text || toks[i+w].sort == digitsToken && last.key == "rs"
}

// plainAmount reads an amount in digits, words or both, k tokens long.
func plainAmount(s side, i int, l *lexicon) (value float64, doubtful bool, k int) {
	if i >= len(s.toks) {
		return 0, false, 0
	}
	if s.toks[i].sort == digitsToken {
		value, doubtful, k = digitsAmount(s, i, l)
	} else {
		value, doubtful, k = wordsAmount(s.toks, i, l)
	}
	if p, w := l.at("fraction", s.toks, i+k); k > 0 && w > 0 { // "and a half"
		return value + p.number, false, k + w
	}
	return value, doubtful, k
}

// digitsAmount reads digits with separators, and a scale after them.
func digitsAmount(s side, i int, l *lexicon) (float64, bool, int) {
	value, k := figure(s, i, l)
	if k == 0 {
		return 0, false, 0
	}
	if p, w := l.at("ordinals", s.toks, i+k); w > 0 && p.class == "suffix" && glued(s.toks, i+k) {
		return value, false, k + w
	}
	for {
		at := i + k
		if at < len(s.toks) && s.toks[at].text == "-" && glued(s.toks, at) {
			at++
		}
		p, w := l.at("scale", s.toks, at)
		if w == 0 || p.class == "plural" || p.class == "glued" && !glued(s.toks, at) {
			return value, false, k
		}
		value *= p.number
		k = at + w - i
		if !single(firstRune(s.toks[at].text)) {
			return value, false, k
		}
		// "3万5千": what follows is added.
		if at+w < len(s.toks) && s.toks[at+w].sort == digitsToken && glued(s.toks, at+w) {
			more, _, m := digitsAmount(s, at+w, l)
			return value + more, false, k + m
		}
	}
}

// figure reads digits with the separators of the language, k tokens long.
func figure(s side, i int, l *lexicon) (value float64, k int) {
	decimal := "."
	if p, ok := l.word("spelling", "decimal"); ok {
		decimal = p.value
	}
	digits := plainDigits(s.toks[i].text)
	k = 1
	for separated(s, i+k, decimal, l) && len(digits) <= maxDigits {
		step := 2
		if s.toks[i+k].sort == digitsToken {
			step = 1
		}
		digits += plainDigits(s.toks[i+k+step-1].text)
		k += step
	}
	if at := i + k; at+1 < len(s.toks) && (s.toks[at].text == decimal || s.toks[at].text == "٫" || s.toks[at].text == "." || k == 1 && s.toks[at].text == ",") &&
		glued(s.toks, at) && glued(s.toks, at+1) && s.toks[at+1].sort == digitsToken {
		digits += "." + plainDigits(s.toks[at+1].text)
		k += 2
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil || len(digits) > maxDigits || math.IsInf(value, 0) {
		return 0, 0
	}
	return value, k
}

// separated reports whether token i goes on a number with another group of three
// digits: after a separator that is not the decimal one, or after a narrow or
// (where the decimal mark is a comma) any single space.
func separated(s side, i int, decimal string, l *lexicon) bool {
	toks := s.toks
	if i >= len(toks) || len(plainDigits(toks[i-1].text)) > 3 {
		return false
	}
	if toks[i].sort == digitsToken {
		gap := s.text[toks[i-1].end():toks[i].at]
		narrow := gap == "\u00a0" || gap == "\u202f" || gap == "\u2009" || gap == " " && decimal == ","
		return narrow && len(plainDigits(toks[i].text)) == 3 && !leadingZero(toks[i-1].text)
	}
	if i+1 >= len(toks) || !glued(toks, i) || !glued(toks, i+1) || toks[i+1].sort != digitsToken || len(plainDigits(toks[i+1].text)) != 3 {
		return false
	}
	switch toks[i].text {
	case ",", ".", "'", "’", "٬", "،", "，":
		return toks[i].text != decimal
	}
	return false
}

func leadingZero(s string) bool { return strings.HasPrefix(plainDigits(s), "0") }

// plainDigits gives decimal digits of any script as ASCII.
func plainDigits(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Map(asciiDigit, s)
		}
	}
	return s
}

// asciiDigit finds the value of a decimal digit by where its ten stand: all
// tens begin at a code that ends in 0 or 6 but for the mathematical ones.
func asciiDigit(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return r
	case r >= 0x1d7ce && r <= 0x1d7ff:
		return '0' + (r-0x1d7ce)%10
	case unicode.IsDigit(r &^ 0xf):
		return '0' + r&0xf
	}
	return '0' + r&0xf - 6
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
