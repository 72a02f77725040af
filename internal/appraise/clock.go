package appraise

import "strconv"

// readClock reads a time of day that begins at token i and is k tokens long, in
// minutes after midnight.
func readClock(toks []token, i int, l *lexicon) (minutes float64, k int) {
	if p, w := l.at("clock", toks, i); w > 0 && p.class == "word" {
		return p.number * 60, w
	}
	shift, w := 0, 0 // "下午3点"
	if p, n := l.at("clock", toks, i); n > 0 && (p.class == "before am" || p.class == "before pm") {
		w = n
		if p.class == "before pm" {
			shift = 12
		}
	}
	hour, ok := small(toks, i+w, 24)
	if !ok {
		return 0, 0
	}
	minute, k, sure := minutesAfter(toks, i+w, l)
	k += w
	p, n := l.at("clock", toks, i+k)
	switch {
	case n > 0 && p.class == "am" && hour == 12:
		hour = 0
	case n > 0 && p.class == "pm" && hour < 12:
		hour += 12
	case n > 0 && (p.class == "am" || p.class == "pm"):
	case n > 0 && p.class == "hour":
		k += n
		if after, ok := small(toks, i+k, 59); ok && minute == 0 && glued(toks, i+k) {
			minute = after // "14h30"
			k++
			n = 0
			if _, w := l.at("clock", toks, i+k); w > 0 && !sure {
				n = w // "14点30分"
			}
		} else {
			n = 0
		}
	case !sure:
		return 0, 0
	default:
		n = 0
	}
	if shift > 0 && hour < shift {
		hour += shift
	}
	return float64(hour*60 + minute), k + n
}

// halfDay is the minutes from midnight to noon.
const halfDay = 12 * 60

// until gives the beginning of a range of hours what its end says: in "4 to 7pm"
// the 4 is a time, and after noon.
func (n *number) until(end number, toks []token, l *lexicon) {
	if end.of != ofTime || end.from != n.to+1 || !l.has("range", toks[n.to].key) || !halved(toks, end, l) {
		return
	}
	minutes := n.value
	switch {
	case n.of == ofTime && toks[n.to-1].sort == digitsToken:
	case n.of == ofCount && n.to == n.from+1 && n.value <= 12:
		minutes *= 60
	case n.of == ofCount && n.to == n.from+3 && n.value < 13: // "4.30"
		minute, _ := small(toks, n.to-1, 59)
		minutes = float64(int(n.value)*60 + minute)
	default:
		return
	}
	if minutes < halfDay && minutes+halfDay <= end.value {
		minutes += halfDay
	}
	n.of, n.value, n.what = ofTime, minutes, ""
}

// halved reports whether a time ends with "am", "p.m." or the like.
func halved(toks []token, n number, l *lexicon) bool {
	for i := n.from; i < n.to; i++ {
		if p, w := l.at("clock", toks, i); w > 0 && i+w == n.to && (p.class == "am" || p.class == "pm") {
			return true
		}
	}
	return false
}

// minutesAfter reads the minutes after hours at token i; k counts hours and
// minutes. A colon is sure to be of a time, a full stop only with "am" or the
// like after it.
func minutesAfter(toks []token, i int, l *lexicon) (minutes, k int, sure bool) {
	if i+2 >= len(toks) || !glued(toks, i+1) || !glued(toks, i+2) || len(plainDigits(toks[i+2].text)) != 2 {
		return 0, 1, false
	}
	n, ok := small(toks, i+2, 59)
	mark := toks[i+1].text
	if !ok || mark != ":" && mark != "." && mark != "：" {
		return 0, 1, false
	}
	if mark != "." {
		if i+4 < len(toks) && toks[i+3].text == ":" && glued(toks, i+4) && toks[i+4].sort == digitsToken {
			if _, err := strconv.Atoi(toks[i+4].text); err == nil {
				return n, 5, true // seconds are not kept
			}
		}
		return n, 3, true
	}
	if p, w := l.at("clock", toks, i+3); w > 0 && p.class != "word" {
		return n, 3, false
	}
	return 0, 1, false
}
