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
