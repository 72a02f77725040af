package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"stet/internal/search"
)

// Limits of a tsvector, as PostgreSQL documents them, and as we keep to them.
const (
	maxVector    = 1<<20 - 1<<16 // bytes of words and positions, of 2^20 - 1
	maxPosition  = 16383         // all words after it are held at it, and found, but not in phrases
	maxPositions = 255           // of one word, of 256
)

// vectorCost is what a word costs in a tsvector beside its letters, and what each
// of its positions does, at most, in bytes.
const (
	vectorWordCost     = 8
	vectorPositionCost = 2
)

// weighted are words of one weight, A to D.
type weighted struct {
	weight byte
	words  []string
}

// A place is where a word stands, and its weight.
type place struct {
	position int
	weight   byte
}

// textVector writes words as a tsvector. A word that would make it larger than
// maxVector is left out; of one that stands in very many places only the first
// of each weight, and as many more as there is room for, are kept.
func textVector(parts ...weighted) string {
	places := map[string][]place{}
	size, position := 0, 0
	for _, part := range parts {
		for _, w := range part.words {
			position++
			if w == search.Gap {
				continue
			}
			held := places[w]
			cost := vectorPositionCost
			if held == nil {
				cost += len(w) + vectorWordCost
			}
			p := place{min(position, maxPosition), part.weight}
			if size+cost > maxVector || crowded(held, p) {
				continue
			}
			places[w] = append(held, p)
			size += cost
		}
		position++ // no phrase goes over the end of a field
	}
	return writeVector(places)
}

// crowded reports whether another place would tell nothing or be too many; three
// are kept for weights that come later.
func crowded(held []place, p place) bool {
	if slices.Contains(held, p) {
		return true
	}
	first := !slices.ContainsFunc(held, func(h place) bool { return h.weight == p.weight })
	return !first && len(held) >= maxPositions-3
}

func writeVector(places map[string][]place) string {
	type entry struct {
		word   string
		places []place
	}
	entries := make([]entry, 0, len(places))
	for w, p := range places {
		entries = append(entries, entry{w, p})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.word, b.word) })
	var b strings.Builder
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(quoteWord(e.word))
		for k, p := range e.places {
			b.WriteByte(":,"[min(k, 1)])
			b.WriteString(strconv.Itoa(p.position))
			b.WriteByte(p.weight)
		}
	}
	return b.String()
}

// textQuery writes forms as a tsquery of words of those weights.
func textQuery(forms []search.Form, weights string) string {
	out := make([]string, len(forms))
	for i, f := range forms {
		words := make([]string, len(f.Words))
		for k, w := range f.Words {
			words[k] = quoteWord(w) + ":" + weights
			if f.Prefix && k == len(f.Words)-1 {
				words[k] += "*"
			}
		}
		out[i] = "(" + strings.Join(words, " <-> ") + ")"
	}
	return strings.Join(out, " | ")
}

// quoteWord writes a word as a string of tsvector and tsquery.
func quoteWord(w string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(w) + "'"
}
