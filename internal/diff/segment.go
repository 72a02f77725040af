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
func compareTexts(old, new text, n names, w *budget) []segment {
	ro, uo := sentenceUnits(old, n)
	rn, un := sentenceUnits(new, n)
	if len(ro) == 1 && len(rn) == 1 {
		return compareWords(old, new, ro[0], rn[0], w)
	}
	var out []segment
	o, m := 0, 0 // sentences done
	gap := func(o1, n1 int) {
		if o1 > o || n1 > m {
			out = append(out, segment{o: hull(ro, o, o1), n: hull(rn, m, n1)})
		}
	}
	for _, l := range align(uo, un, w) {
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
func compareWords(old, new text, o, n stretch, w *budget) []segment {
	segs := matched(lcs(ids(old, o), ids(new, n), w), o, n)
	slide(segs, old.toks, new.toks)
	segs = merge(segs)
	segs = merge(smooth(segs, old.toks, new.toks))
	kept := 0
	for _, s := range segs {
		if s.same {
			kept += wordsIn(old.toks, s.o)
		}
	}
	shorter := min(wordsIn(old.toks, o), wordsIn(new.toks, n))
	if len(segs) > 1 && shorter > 0 && float64(kept) < MinKept*float64(shorter) {
		return []segment{{o: o, n: n}}
	}
	return segs
}

func ids(t text, s stretch) []int32 {
	out := make([]int32, 0, s.to-s.from)
	for _, tok := range t.toks[s.from:s.to] {
		out = append(out, tok.id)
	}
	return out
}

func wordsIn(toks []token, s stretch) int {
	n := 0
	for _, t := range toks[s.from:s.to] {
		n += t.words
	}
	return n
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
func slide(segs []segment, old, new []token) {
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
func bestShift(toks []token, s stretch, left, right int) int {
	low, high := 0, 0
	for low < min(left, maxSlide) && toks[s.from-1-low].id == toks[s.to-1-low].id {
		low++
	}
	for high < min(right, maxSlide) && toks[s.from+high].id == toks[s.to+high].id {
		high++
	}
	best, at := -1, 0
	for by := -low; by <= high; by++ {
		if q := quality(toks, s.from+by) + quality(toks, s.to+by); q > best {
			best, at = q, by
		}
	}
	return at
}

// quality says how good a boundary before token k is.
func quality(toks []token, k int) int {
	if k == 0 || k >= len(toks)-1 {
		return 5
	}
	before, _ := utf8.DecodeLastRuneInString(toks[k-1].body)
	after, _ := utf8.DecodeRuneInString(toks[k].body)
	switch {
	case toks[k-1].id == breakID || toks[k].id == breakID:
		return 5
	case strings.ContainsRune(".!?。！？؟।", before):
		return 4
	case strings.ContainsRune(",;:، ؛、，；：–—", before) || strings.ContainsRune(",;:،؛、，；：", after):
		return 2
	case unicode.IsLetter(before) && unicode.IsLetter(after) && toks[k].gap == "":
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
func smooth(segs []segment, old, new []token) []segment {
	size := func(s segment) int { return max(wordsIn(old, s.o), wordsIn(new, s.n)) }
	for k := 1; k+1 < len(segs); k++ {
		s := &segs[k]
		if !s.same {
			continue
		}
		switch words := wordsIn(old, s.o); {
		case words == 0:
			s.same = false
		case words == 1 && size(segs[k-1]) > 1 && size(segs[k+1]) > 1:
			s.same = !short(old, s.o)
		}
	}
	return segs
}

// short reports whether the one word in the stretch is an island too small to
// keep. A number never is.
func short(toks []token, s stretch) bool {
	for _, t := range toks[s.from:s.to] {
		if t.words > 0 {
			return sortOf(t.body) == word && utf8.RuneCountInString(t.body) <= MaxIsland
		}
	}
	return false
}
