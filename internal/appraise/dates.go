package appraise

import (
	"strconv"
	"unicode"
)

// Years that four digits alone are taken for.
const (
	minYear = 1900
	maxYear = 2100
)

// A date is what a text tells of a day; zero = not told.
type date struct{ year, month, day, weekday int }

// same reports whether two dates are one, however spelled. The day of the week
// may be left out beside day and month.
func (d date) same(o date) bool {
	if d.day > 0 && o.day > 0 && (d.weekday == 0 || o.weekday == 0) {
		d.weekday, o.weekday = 0, 0
	}
	return d == o
}

// readDate reads the date that begins at token i and is k tokens long.
func readDate(toks []token, i int, l *lexicon) (d date, k int) {
	if weekday, w := named("weekdays", toks, i, l); w > 0 {
		d.weekday, k = weekday, w
		at := i + k
		for at < len(toks) && (toks[at].text == "," || toks[at].text == "." || toks[at].text == "،" || l.has("dateword", toks[at].key)) {
			at++
		}
		if rest, w := readDay(toks, at, l); w > 0 {
			rest.weekday = weekday
			return rest, at + w - i
		}
		if !sure("weekdays", toks, i, l) {
			return date{}, 0
		}
		return d, k
	}
	return readDay(toks, i, l)
}

// readDay reads a date without the day of the week.
func readDay(toks []token, i int, l *lexicon) (date, int) {
	if i >= len(toks) {
		return date{}, 0
	}
	if toks[i].sort != digitsToken {
		return monthFirst(toks, i, l)
	}
	for _, form := range [...]func([]token, int, *lexicon) (date, int){eastAsian, isoDate, dayFirst, numericDate, yearAlone} {
		if d, k := form(toks, i, l); k > 0 {
			return d, k
		}
	}
	return date{}, 0
}

// named finds the number of a month or day of the week; capitals count where
// the language writes them.
func named(list string, toks []token, i int, l *lexicon) (value, k int) {
	p, w := l.at(list, toks, i)
	if w == 0 || l.has("spelling", "months") && !unicode.IsUpper(firstRune(toks[i].text)) {
		return 0, 0
	}
	return int(p.number), w
}

// sure reports whether a month or day of the week at token i is one even where
// no number is beside it: "May" only after "in" and the like.
func sure(list string, toks []token, i int, l *lexicon) bool {
	p, w := l.at(list, toks, i)
	return w > 0 && (p.class != "ambiguous" || i > 0 && l.has("dateword", toks[i-1].key))
}

// monthFirst reads "May 12, 2031", "May 2031" and a month alone.
func monthFirst(toks []token, i int, l *lexicon) (d date, k int) {
	month, w := named("months", toks, i, l)
	if w == 0 {
		return date{}, 0
	}
	d.month, k = month, w
	if i+k < len(toks) && toks[i+k].text == "." {
		k++ // "Jan."
	}
	if day, ok := small(toks, i+k, 31); ok && !clockFollows(toks, i+k+1) {
		d.day = day
		k++
		if p, w := l.at("ordinals", toks, i+k); w > 0 && p.class == "suffix" && glued(toks, i+k) {
			k += w
		}
	}
	if year, w := yearAfter(toks, i+k, l); w > 0 {
		d.year = year
		k += w
	}
	if d.day == 0 && d.year == 0 && !sure("months", toks, i, l) {
		return date{}, 0
	}
	return d, k
}

// clockFollows reports whether digits before token i are hours.
func clockFollows(toks []token, i int) bool {
	return i+1 < len(toks) && toks[i].text == ":" && toks[i+1].sort == digitsToken && glued(toks, i+1)
}

// dayFirst reads "12 May 2031", and the "17" of "17 to 23 September".
func dayFirst(toks []token, i int, l *lexicon) (date, int) {
	if d, k := dayMonth(toks, i, l); k > 0 {
		return d, k
	}
	day, ok := small(toks, i, 31)
	if !ok || i+1 >= len(toks) || !l.has("range", toks[i+1].key) {
		return date{}, 0
	}
	at := i + 2
	if _, w := named("weekdays", toks, at, l); w > 0 { // "Saturday 6 and Sunday 7 November"
		at += w
	}
	if end, k := dayMonth(toks, at, l); k > 0 {
		return date{day: day, month: end.month}, 1
	}
	return date{}, 0
}

// dayMonth reads "12 May 2031", "12th of May", "12. Mai", "12 de mayo de 2031".
func dayMonth(toks []token, i int, l *lexicon) (d date, k int) {
	day, ok := small(toks, i, 31)
	if !ok {
		return date{}, 0
	}
	at := i + 1
	if p, w := l.at("ordinals", toks, at); w > 0 && p.class == "suffix" && glued(toks, at) {
		at += w
	}
	if at < len(toks) && (toks[at].text == "." || l.has("dateof", toks[at].key)) {
		at++
	}
	month, w := named("months", toks, at, l)
	if w == 0 {
		return date{}, 0
	}
	at += w
	if at < len(toks) && toks[at].text == "." && glued(toks, at) && at+1 < len(toks) && toks[at+1].sort == digitsToken {
		at++
	}
	d = date{day: day, month: month}
	if year, w := yearAfter(toks, at, l); w > 0 {
		d.year = year
		at += w
	}
	return d, at - i
}

// yearAfter reads a year after day and month, or month: "2031", ", 2031", "de
// 2031".
func yearAfter(toks []token, i int, l *lexicon) (year, k int) {
	if i < len(toks) && (toks[i].text == "," || l.has("dateof", toks[i].key)) {
		k = 1
	}
	if year, ok := yearAt(toks, i+k); ok {
		return year, k + 1
	}
	return 0, 0
}

// yearAt reads four digits that can be a year.
func yearAt(toks []token, i int) (int, bool) {
	if i >= len(toks) || toks[i].sort != digitsToken {
		return 0, false
	}
	s := plainDigits(toks[i].text)
	n, err := strconv.Atoi(s)
	return n, err == nil && len(s) == 4 && n >= minYear && n <= maxYear
}

// small reads at most two digits, not above most.
func small(toks []token, i, most int) (int, bool) {
	if i >= len(toks) || toks[i].sort != digitsToken {
		return 0, false
	}
	s := plainDigits(toks[i].text)
	n, err := strconv.Atoi(s)
	return n, err == nil && len(s) <= 2 && n <= most
}

// isoDate reads "2031-05-12".
func isoDate(toks []token, i int, _ *lexicon) (date, int) {
	if !triple(toks, i, "-") {
		return date{}, 0
	}
	year, ok := yearAt(toks, i)
	month, fits := small(toks, i+2, 12)
	day, also := small(toks, i+4, 31)
	if !ok || !fits || !also {
		return date{}, 0
	}
	return date{year: year, month: month, day: day}, 5
}

// triple reports whether three runs of digits are joined by a mark at token i.
func triple(toks []token, i int, mark string) bool {
	if i+4 >= len(toks) {
		return false
	}
	for k := 1; k < 5; k++ {
		if !glued(toks, i+k) || k%2 == 1 && toks[i+k].text != mark || k%2 == 0 && toks[i+k].sort != digitsToken {
			return false
		}
	}
	return true
}

// numericDate reads "12.5.2031" and "12/5/2031", the day first; where that
// cannot be, the month.
func numericDate(toks []token, i int, _ *lexicon) (date, int) {
	if !triple(toks, i, ".") && !triple(toks, i, "/") {
		return date{}, 0
	}
	day, ok := small(toks, i, 31)
	month, fits := small(toks, i+2, 31)
	year, full := yearAt(toks, i+4)
	if short, ok := small(toks, i+4, 99); ok && !full {
		year, full = 2000+short, len(toks[i+4].text) == 2
	}
	if month > 12 {
		day, month = month, day
	}
	if !ok || !fits || !full || month > 12 || day == 0 || month == 0 {
		return date{}, 0
	}
	return date{year: year, month: month, day: day}, 5
}

// yearAlone reads a year by itself: four digits that no separator, scale, unit,
// currency or percent sign is beside, and that nothing is counted by.
func yearAlone(toks []token, i int, l *lexicon) (date, int) {
	year, ok := yearAt(toks, i)
	if !ok || i > 0 && toks[i-1].sort == markToken && glued(toks, i) && l.has("money", toks[i-1].key) {
		return date{}, 0
	}
	if i+1 < len(toks) {
		next := toks[i+1]
		if glued(toks, i+1) && i+2 < len(toks) && glued(toks, i+2) && toks[i+2].sort == digitsToken && (next.text == "." || next.text == ",") {
			return date{}, 0
		}
		for _, list := range [...]string{"scale", "units", "money", "percent", "people"} {
			if _, w := l.at(list, toks, i+1); w > 0 {
				return date{}, 0
			}
		}
	}
	return date{year: year}, 1
}

// eastAsian reads "2031年5月3日", "5月3日", "2031年" and "3日".
func eastAsian(toks []token, i int, _ *lexicon) (d date, k int) {
	at := i
	for _, part := range [...]struct {
		into  *int
		most  int
		marks [2]string
	}{{&d.year, 9999, [2]string{"年", "年"}}, {&d.month, 12, [2]string{"月", "月"}}, {&d.day, 31, [2]string{"日", "号"}}} {
		if at+1 >= len(toks) || toks[at].sort != digitsToken || toks[at+1].text != part.marks[0] && toks[at+1].text != part.marks[1] {
			continue
		}
		n, err := strconv.Atoi(plainDigits(toks[at].text))
		if err != nil || n > part.most || part.most == 9999 && n < 100 {
			return date{}, 0
		}
		*part.into = n
		at += 2
	}
	return d, at - i
}
