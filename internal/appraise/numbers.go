package appraise

import (
	"slices"

	"stet/internal/news"
)

// maxNumbers is how many numbers of one side of a sentence are looked at.
const maxNumbers = 64

// What a number is of, as in news.Finding.Of.
const (
	ofPeople  = "people"
	ofMoney   = "money"
	ofPercent = "percent"
	ofDate    = "date"
	ofTime    = "time"
	ofCount   = "count"
)

// A number is an amount, date or time of day in a text.
type number struct {
	from, to int     // its tokens
	of       string  // of what
	value    float64 // of an amount; minutes after midnight of a time
	date     date    // of a date
	unit     string  // currency of money
	doubtful bool    // may be no number: "one", "both"; counts only against another number
	what     string  // what it counts, as published
	changed  bool    // a token of it is only on its side
	hunk     int     // of its first changed token
	done     bool    // is matched
}

// numbers finds numbers that changed in an edited sentence. Numbers of equal
// value drop out however they are spelled; of the rest, those are one change
// that count the same or stand in the same place.
func numbers(e edited, add func(news.Finding)) {
	old, skippedOld := readNumbers(e.old, e.lex())
	new, skippedNew := readNumbers(e.new, e.lex())
	dropSpelled(e.old, old, e.new, skippedNew)
	dropSpelled(e.new, new, e.old, skippedOld)
	// First what is surely the same, then what counts the same and differs, and
	// only then equal values of other things: else "3 men and 5 women" would be
	// equal to "5 men and 3 women".
	matchNumbers(old, new, func(o, n *number) bool { return sameNumber(o, n) && o.what == n.what })
	pairs := matchNumbers(old, new, sameCounted)
	matchNumbers(old, new, sameNumber)
	pairs = append(pairs, alignNumbers(e, old, new)...)
	facing := map[*number]*number{}
	for _, p := range pairs {
		facing[p[0]], facing[p[1]] = p[1], p[0]
	}
	saidStill(old, new)
	saidStill(new, old)
	for i := range old {
		if o := &old[i]; reported(o, facing[o]) {
			report(e, o, facing[o], add)
		}
	}
	for i := range new {
		if n := &new[i]; facing[n] == nil && reported(n, nil) {
			report(e, nil, n, add)
		}
	}
}

// dropSpelled takes numbers as done that the other side has in a name or the
// like: "day 1" and "day-1".
func dropSpelled(s side, all []number, other side, skipped []bool) {
	for i := range all {
		n := &all[i]
		if n.to != n.from+1 || !n.changed {
			continue
		}
		for k, t := range other.toks {
			if skipped[k] && t.changed && t.sort == digitsToken && t.key == s.toks[n.from].key {
				n.done = true
				break
			}
		}
	}
}

// saidStill takes dates and times as done that the other side has as well: of
// two mentions one is left.
func saidStill(all, other []number) {
	for i := range all {
		x := &all[i]
		if x.done || x.of != ofDate && x.of != ofTime {
			continue
		}
		x.done = slices.ContainsFunc(other, func(y number) bool { return sameNumber(x, &y) })
	}
}

// reported reports whether a number that has no equal is a finding.
func reported(x, facing *number) bool {
	return facing != nil || !x.done && !x.doubtful && x.changed
}

func report(e edited, o, n *number, add func(news.Finding)) {
	of, what, was, is := "", "", "", ""
	if o != nil {
		of, what, was = o.of, o.what, e.old.span(o.from, o.to)
	}
	if n != nil {
		is = e.new.span(n.from, n.to)
		if of == "" || of == ofCount {
			of = n.of
		}
		if n.what != "" {
			what = n.what
		}
	}
	add(e.find(news.KindNumber, of, what, was, is))
}

// matchNumbers marks numbers of both sides that belong together as done, in
// order, and gives the pairs. Those that face each other are tried first.
func matchNumbers(old, new []number, same func(o, n *number) bool) [][2]*number {
	var pairs [][2]*number
	for _, near := range [2]bool{true, false} {
		for i := range old {
			for k := range new {
				o, n := &old[i], &new[k]
				if o.done || n.done || near && o.hunk != n.hunk || !same(o, n) {
					continue
				}
				o.done, n.done = true, true
				pairs = append(pairs, [2]*number{o, n})
			}
		}
	}
	return pairs
}

// sameNumber reports whether two numbers are one value, however spelled.
func sameNumber(o, n *number) bool {
	if (o.of == ofDate) != (n.of == ofDate) || (o.of == ofTime) != (n.of == ofTime) {
		return false
	}
	if o.of == ofDate {
		return o.date.same(n.date)
	}
	if o.unit != "" && n.unit != "" && o.unit != n.unit {
		return false
	}
	return o.value == n.value
}

// sameCounted reports whether two numbers of other values count the same thing.
func sameCounted(o, n *number) bool {
	return o.what != "" && o.of == n.of && keyOf(o.what) == keyOf(n.what) && o.changed && n.changed && o.hunk == n.hunk
}

// alignNumbers pairs what is left on both sides, in order, so that the sum of
// likeness is greatest.
func alignNumbers(e edited, old, new []number) [][2]*number {
	o, n := left(old), left(new)
	best := make([][]int, len(o)+1)
	best[len(o)] = make([]int, len(n)+1)
	for i := len(o) - 1; i >= 0; i-- {
		best[i] = make([]int, len(n)+1)
		for k := len(n) - 1; k >= 0; k-- {
			best[i][k] = max(best[i+1][k], best[i][k+1])
			if like := likeness(e, o[i], n[k]); like > 0 {
				best[i][k] = max(best[i][k], like+best[i+1][k+1])
			}
		}
	}
	var pairs [][2]*number
	for i, k := 0, 0; i < len(o) && k < len(n); {
		like := likeness(e, o[i], n[k])
		switch {
		case like > 0 && best[i][k] == like+best[i+1][k+1]:
			pairs = append(pairs, [2]*number{o[i], n[k]})
			o[i].done, n[k].done = true, true
			i, k = i+1, k+1
		case best[i][k] == best[i+1][k]:
			i++
		default:
			k++
		}
	}
	return pairs
}

// left are the numbers that are not matched.
func left(all []number) []*number {
	var out []*number
	for i := range all {
		if !all[i].done {
			out = append(out, &all[i])
		}
	}
	return out
}

// grown reports whether one number is the beginning of the other in the same
// place: "three", "three and a half".
func grown(e edited, o, n *number) bool {
	if o.changed == n.changed || o.hunk != n.hunk {
		return false
	}
	old, new := e.old.toks[o.from:o.to], e.new.toks[n.from:n.to]
	if len(old) > len(new) {
		old, new = new, old
	}
	return joinKeys(old) == joinKeys(new[:len(old)])
}

// likeness is how well two numbers of other values go together; 0 = they are
// two changes.
func likeness(e edited, o, n *number) int {
	like := 0
	if (!o.changed || !n.changed) && !grown(e, o, n) {
		return 0
	}
	if o.hunk == n.hunk {
		like += 3
	}
	if o.of == n.of {
		like += 2
	}
	if o.what != "" && keyOf(o.what) == keyOf(n.what) {
		like += 2
	}
	switch {
	case (o.doubtful || n.doubtful) && (o.hunk != n.hunk || o.of == ofDate || n.of == ofDate || o.doubtful && n.doubtful && o.what != n.what):
		return 0
	case (o.of == ofDate || o.of == ofTime || n.of == ofDate || n.of == ofTime) && o.of != n.of:
		return 0
	case like < 3:
		return 0
	}
	return like
}
