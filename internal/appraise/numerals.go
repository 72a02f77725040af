package appraise

import "strings"

// A sum puts the words of a number together: "two hundred and five thousand".
type sum struct {
	total   float64 // what large scales closed
	section float64 // what small scales closed since
	digit   float64 // the numeral that waits for its scale
	waiting bool    // there is one
	last    float64 // what the word before gave
}

// largeScale is the least scale that closes what is before it, unless its list
// says that it is small.
const largeScale = 1000

func (x *sum) scale(p phrase) {
	switch {
	case p.class == "small" || p.number < largeScale:
		if !x.waiting {
			x.digit = 1
		}
		x.section += x.digit * p.number
	default:
		if x.section+x.digit == 0 {
			x.digit = 1
		}
		x.total += (x.section + x.digit) * p.number
		x.section = 0
	}
	x.digit, x.waiting, x.last = 0, false, p.number
}

// numeral takes the next numeral; false if it is of another number.
func (x *sum) numeral(v float64, alone, single bool) bool {
	switch {
	case alone:
	case single && x.waiting && v < 10 && x.last < 10: // 二〇三一
		v += x.digit * 10
	case x.waiting && (x.last < 20 || v >= x.last || v >= 20): // "twenty-one", not "one twenty"
		return false
	case x.waiting:
		v += x.digit
	case v >= x.last && x.last > 0:
		return false
	}
	x.digit, x.waiting, x.last = v, true, v
	if single && v >= 10 {
		x.last = 0
	}
	return true
}

// tens takes tens that follow their ones, the joiner written before them: "خمسة
// وعشرون".
func (x *sum) tens(v float64, key string, l *lexicon) bool {
	if !x.waiting || x.last >= 10 || v < 20 || v >= 100 {
		return false
	}
	for joiner := range l.lists["joiner"].phrases {
		if strings.HasPrefix(key, joiner) {
			x.digit, x.last = x.digit+v, v
			return true
		}
	}
	return false
}

func (x *sum) value() float64 { return x.total + x.section + x.digit }

// wordsAmount reads a number in words, k tokens long. Words that may be no
// number ("one", "both") are doubtful when they stand alone.
func wordsAmount(toks []token, i int, l *lexicon) (value float64, doubtful bool, k int) {
	if p, w := l.at("ordinals", toks, i); w > 0 && p.class != "suffix" {
		return p.number, true, w
	}
	var x sum
	words := 0
	for at := i; at < len(toks); {
		step := 0
		if words > 0 {
			step = joint(toks, at, l)
		}
		w, shaky := x.take(toks, at+step, words == 0, l)
		if w == 0 {
			break
		}
		words++
		doubtful = words == 1 && shaky
		at += step + w
		k = at - i
	}
	if k == 1 && single(firstRune(toks[i].text)) && !measured(toks, i+1, l) {
		return 0, false, 0
	}
	return x.value(), doubtful, k
}

// measured reports whether a word that is counted begins at token i. In a script
// without spaces a lone numeral is a number only before one.
func measured(toks []token, i int, l *lexicon) bool {
	for _, name := range [...]string{"units", "people", "money", "percent"} {
		if _, w := l.at(name, toks, i); w > 0 {
			return true
		}
	}
	return false
}

// joint is how many tokens join the words of a number at token i: a hyphen, an
// "and".
func joint(toks []token, i int, l *lexicon) int {
	if toks[i].text == "-" && glued(toks, i) && glued(toks, i+1) {
		return 1
	}
	if l.has("joiner", toks[i].key) {
		return 1
	}
	return 0
}

// take adds the numeral or scale at token i and gives its tokens; 0 if it is
// none.
func (x *sum) take(toks []token, i int, first bool, l *lexicon) (w int, doubtful bool) {
	if i >= len(toks) || toks[i].sort != wordToken {
		return 0, false
	}
	if p, w := l.at("numerals", toks, i); w > 0 {
		if !x.numeral(p.number, first, single(firstRune(toks[i].text))) {
			return 0, false
		}
		return w, p.class == "doubtful"
	}
	if v, ok := compound(toks[i].key, l); ok && (!first && x.tens(v, toks[i].key, l) || x.numeral(v, first, false)) {
		return 1, false
	}
	p, w := l.at("scale", toks, i)
	switch {
	case w == 0 || p.class == "glued", first && p.class != "plural" && p.class != "small" && p.class != "alone", !first && p.class == "plural":
		return 0, false
	}
	x.scale(p)
	return w, false
}

// compound reads a number whose words are written as one: "zweiundzwanzig",
// "وعشرون". The parts are numerals and scales; what may stand between them is
// the list "joiner".
func compound(key string, l *lexicon) (float64, bool) {
	if !l.has("spelling", "compound") {
		return 0, false
	}
	if total, rest, ok := scaled(key, l); ok {
		if rest == "" {
			return total, true
		}
		v, ok := compound(rest, l)
		return total + v, ok
	}
	if p, ok := l.word("numerals", key); ok {
		return p.number, true
	}
	for joiner := range l.lists["joiner"].phrases {
		for at := strings.Index(key, joiner); at >= 0; {
			one, ok := l.word("numerals", key[:at])
			if ten, also := l.word("numerals", key[at+len(joiner):]); also && (ok && one.number < 10 && ten.number >= 20 || at == 0) {
				return one.number + ten.number, true
			}
			next := strings.Index(key[at+1:], joiner)
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return 0, false
}

// scaled splits a compound after its largest scale: "dreihundert|fünf".
func scaled(key string, l *lexicon) (value float64, rest string, ok bool) {
	x := l.lists["scale"]
	if x == nil {
		return 0, "", false
	}
	var best phrase
	at, size := -1, 0
	for word, p := range x.phrases {
		if p.class != "compound" || p.number <= best.number {
			continue
		}
		if i := strings.Index(key, word); i >= 0 {
			best, at, size = p, i, len(word)
		}
	}
	if at < 0 {
		return 0, "", false
	}
	many := 1.0
	if at > 0 {
		if many, ok = compound(key[:at], l); !ok {
			return 0, "", false
		}
	}
	return many * best.number, key[at+size:], true
}
