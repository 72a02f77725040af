package diff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// A unit is what is aligned: a block or a sentence.
type unit struct {
	key  int32   // equal for units that fold to the same
	bag  []int32 // ids of its words, sorted
	size int     // weight of its words
	post string  // live-blog post id
	solo bool    // may not take part in a split or merge
}

// A stretch is a range of tokens.
type stretch struct{ from, to int }

// sentenceRanges cuts tokens into sentences. A boundary inside a token is none,
// nor is one after an abbreviation or a number. A paragraph break ends a
// sentence and belongs to it.
func sentenceRanges(t *text) []stretch {
	var out []stretch
	from, end := 0, 0
	k := 0
	for it := sentences.FromString(t.src); it.Next(); {
		end += len(it.Value())
		for k < len(t.toks) && int(t.toks[k].at) < end {
			k++
		}
		if k == from || k >= len(t.toks)-1 || !t.endsSentence(k, end) {
			continue
		}
		to := t.opened(from, k)
		out = append(out, stretch{from, to})
		from = to
	}
	return append(out, stretch{from, len(t.toks)})
}

// opened is where the sentence that begins at token from ends rather than at to:
// where nothing is between sentences, as in Chinese, UAX #29 gives the quotation
// mark that opens the next one to the one before.
func (t *text) opened(from, to int) int {
	k := to
	for k-1 > from && t.gap(k) == "" && opens(t.body(k-1)) {
		k--
	}
	if k < to && (strings.HasSuffix(t.body(k-1), "。") || strings.HasSuffix(t.body(k-1), "！") || strings.HasSuffix(t.body(k-1), "？")) {
		return k
	}
	return to
}

func opens(s string) bool {
	switch s {
	case "“", "‘", "「", "『", "《", "〈", "（", "【", "〔":
		return true
	}
	return false
}

// endsSentence reports whether a sentence can end before token k, where the
// boundary found is at byte end.
func (t *text) endsSentence(k, end int) bool {
	last := t.toks[k-1]
	if last.id == breakID {
		return true
	}
	if end < int(last.end) {
		return false // inside a token
	}
	if t.body(k-1) != "." || k < 2 {
		return true
	}
	return !abbreviation(t.body(k - 2))
}

// abbreviation guesses whether a full stop after the word is part of it: "Mr",
// "St", "J", a title, or a number ("3." before a month).
func abbreviation(s string) bool {
	switch s {
	case "Mrs", "Col", "Gen", "Sen", "Rep", "Gov", "Rev", "Hon", "Sgt", "Capt", "Prof":
		return true
	}
	r, _ := utf8.DecodeRuneInString(s)
	return len(s) <= 2 && (unicode.IsUpper(r) || unicode.IsDigit(r))
}

// sentenceUnits gives what to align the sentences of a text by. The names of
// sentences are given by numbers, which are shared by the two texts compared.
func sentenceUnits(t *text, ranges []stretch, numbers map[uint64]int32) []unit {
	units := make([]unit, len(ranges))
	bags := make([]int32, 0, len(t.toks))
	for i, r := range ranges {
		from, key := len(bags), uint64(fnvOffset)
		for _, tok := range t.toks[r.from:r.to] {
			if tok.id == breakID || tok.id == endID {
				continue
			}
			key = (key ^ uint64(tok.id)) * fnvPrime
			if tok.words > 0 {
				bags = append(bags, tok.id)
			}
		}
		bag := bags[from:len(bags):len(bags)]
		slices.Sort(bag)
		id, known := numbers[key]
		if !known {
			id = int32(len(numbers))
			numbers[key] = id
		}
		units[i] = unit{key: id, bag: bag}
	}
	return units
}

// The parameters of 64-bit FNV-1a. Two sentences that it takes for one are
// aligned, and then compared like any other.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)
