package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A segment is a stretch of old tokens and one of new tokens, equal token by
// token or replaced as a whole. The segments of a comparison cover both texts.
type segment struct {
	o, n stretch
	same bool
}

// compareTexts cuts two texts into segments: sentences, then words.
func compareTexts(old, new *text, n names, w *budget) []segment {
	ro, rn := sentenceRanges(old), sentenceRanges(new)
	if len(ro) == 1 && len(rn) == 1 {
		return compareWords(old, new, ro[0], rn[0], w)
	}
	numbers := make(map[uint64]int32, len(ro)+len(rn))
	uo, un := sentenceUnits(old, ro, numbers), sentenceUnits(new, rn, numbers)
	sc := weigh(uo, un, n.top())
	var out []segment
	o, m := 0, 0 // sentences done
	gap := func(o1, n1 int) {
		if o1 > o || n1 > m {
			out = append(out, segment{o: hull(ro, o, o1), n: hull(rn, m, n1)})
		}
	}
	for _, l := range align(uo, un, sc, w) {
		gap(l.o.from, l.n.from)
		out = append(out, compareWords(old, new, hull(ro, l.o.from, l.o.to), hull(rn, l.n.from, l.n.to), w)...)
		o, m = l.o.to, l.n.to
	}
	gap(len(ro), len(rn))
	return out
}

// hull is the tokens of the sentences from i to j; empty, but in place, if none.
func hull(rs []stretch, i, j int) stretch {
	if i == j {
		at := 0
		if i > 0 {
			at = rs[i-1].to
		}
		return stretch{at, at}
	}
	return stretch{rs[i].from, rs[j-1].to}
}

// compareWords cuts two sentences into segments.
func compareWords(old, new *text, o, n stretch, w *budget) []segment {
	segs := matched(lcs(ids(old, o), ids(new, n), w), o, n)
	slide(segs, old, new)
	segs = merge(segs)
	segs = merge(smooth(segs, old, new))
	kept := 0
	for _, s := range segs {
		if s.same {
			kept += old.words(s.o)
		}
	}
	shorter := min(old.words(o), new.words(n))
	if len(segs) > 1 && shorter > 0 && float64(kept) < MinKept*float64(shorter) {
		return []segment{{o: o, n: n}}
	}
	return segs
}

func ids(t *text, s stretch) []int32 {
	out := make([]int32, 0, s.to-s.from)
	for _, tok := range t.toks[s.from:s.to] {
		out = append(out, tok.id)
	}
	return out
}

// matched turns the matches inside two stretches into segments, which
// alternate: same, changed, same …
func matched(ps []pair, o, n stretch) []segment {
	var out []segment
	i, j := o.from, n.from
	for _, p := range append(ps, pair{o.to - o.from, n.to - n.from}) {
		po, pn := p.o+o.from, p.n+n.from
		if i < po || j < pn {
			out = append(out, segment{o: stretch{i, po}, n: stretch{j, pn}})
		}
		if po == o.to && pn == n.to {
			break
		}
		if k := len(out) - 1; k >= 0 && out[k].same {
			out[k].o.to, out[k].n.to = po+1, pn+1
		} else {
			out = append(out, segment{stretch{po, po + 1}, stretch{pn, pn + 1}, true})
		}
		i, j = po+1, pn+1
	}
	return out
}

// slide moves each lone insertion and deletion between two equal segments to
// the place with the best boundaries: "a b. {+c b.+}" rather than "a {+b. c+} b.".
func slide(segs []segment, old, new *text) {
	for k := 1; k+1 < len(segs); k++ {
		before, here, after := &segs[k-1], &segs[k], &segs[k+1]
		if here.same || !before.same || !after.same {
			continue
		}
		switch {
		case here.o.from == here.o.to:
			by := bestShift(new, here.n, before.n.to-before.n.from, after.n.to-after.n.from)
			shift(before, here, after, by)
		case here.n.from == here.n.to:
			by := bestShift(old, here.o, before.o.to-before.o.from, after.o.to-after.o.from)
			shift(before, here, after, by)
		}
	}
}

func shift(before, here, after *segment, by int) {
	for _, s := range [...]*stretch{&before.o, &before.n} {
		s.to += by
	}
	for _, s := range [...]*stretch{&here.o, &here.n} {
		s.from, s.to = s.from+by, s.to+by
	}
	for _, s := range [...]*stretch{&after.o, &after.n} {
		s.from += by
	}
}

// bestShift is by how many tokens the stretch best moves: at most left to the
// left (negative) and right to the right.
func bestShift(t *text, s stretch, left, right int) int {
	toks := t.toks
	low, high := 0, 0
	for low < min(left, maxSlide) && toks[s.from-1-low].id == toks[s.to-1-low].id {
		low++
	}
	for high < min(right, maxSlide) && toks[s.from+high].id == toks[s.to+high].id {
		high++
	}
	best, at := -1, 0
	for by := -low; by <= high; by++ {
		if q := t.quality(s.from+by) + t.quality(s.to+by); q > best {
			best, at = q, by
		}
	}
	return at
}

// quality says how good a boundary before token k is.
func (t *text) quality(k int) int {
	toks := t.toks
	if k == 0 || k >= len(toks)-1 {
		return 5
	}
	before, _ := utf8.DecodeLastRuneInString(t.body(k - 1))
	after, _ := utf8.DecodeRuneInString(t.body(k))
	switch {
	case toks[k-1].id == breakID || toks[k].id == breakID:
		return 5
	case strings.ContainsRune(".!?。！？؟।", before):
		return 4
	case strings.ContainsRune(",;:، ؛、，；：–—", before) || strings.ContainsRune(",;:،؛、，；：", after):
		return 2
	case unicode.IsLetter(before) && unicode.IsLetter(after) && t.gap(k) == "":
		return 0
	}
	return 1
}

// merge joins neighbours of the same sort and drops empty segments.
func merge(segs []segment) []segment {
	var out []segment
	for _, s := range segs {
		if s.o.from == s.o.to && s.n.from == s.n.to {
			continue
		}
		if k := len(out) - 1; k >= 0 && out[k].same == s.same {
			out[k].o.to, out[k].n.to = s.o.to, s.n.to
			continue
		}
		out = append(out, s)
	}
	return out
}

// smooth gives up equal segments that only tear a change apart.
func smooth(segs []segment, old, new *text) []segment {
	size := func(s segment) int { return max(old.words(s.o), new.words(s.n)) }
	for k := 1; k+1 < len(segs); k++ {
		s := &segs[k]
		if !s.same {
			continue
		}
		switch words := old.words(s.o); {
		case words == 0, old.insideDate(s.o):
			s.same = false
		case words == 1 && size(segs[k-1]) > 1 && size(segs[k+1]) > 1:
			s.same = !old.short(s.o)
		}
	}
	return segs
}

// insideDate reports whether the stretch is what stands between the day and the
// year of a date, a month: where day and year both change, the date is shown
// whole.
func (t *text) insideDate(s stretch) bool {
	if s.from == 0 || s.to >= len(t.toks) || t.words(s) > MaxMonth {
		return false
	}
	for k := s.from; k < s.to; k++ {
		if sortOf(t.body(k)) == number {
			return false
		}
	}
	return day(t.body(s.from-1)) && year(t.body(s.to))
}

// day reports whether a token is a day of a month: "3", "03", "3rd".
func day(s string) bool {
	for _, end := range [...]string{"st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, end)
	}
	return len(s) <= 2 && digits(s)
}

func year(s string) bool { return len(s) == 4 && digits(s) && (s[:2] == "19" || s[:2] == "20") }

// short reports whether the one word in the stretch is an island too small to
// keep. A number never is.
func (t *text) short(s stretch) bool {
	for k := s.from; k < s.to; k++ {
		if t.toks[k].words > 0 {
			return sortOf(t.body(k)) == word && utf8.RuneCountInString(t.body(k)) <= MaxIsland
		}
	}
	return false
}
