package diff

import (
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// A unit is what is aligned: a block or a sentence.
type unit struct {
	key  int32   // equal for units that fold to the same
	bag  []int32 // ids of its words, sorted
	post string  // live-blog post id
	solo bool    // may not take part in a split or merge
}

// A stretch is a range of tokens.
type stretch struct{ from, to int }

// sentenceRanges cuts tokens into sentences. A boundary inside a token is none,
// nor is one after an abbreviation or a number. A paragraph break ends a
// sentence and belongs to it.
func sentenceRanges(t text) []stretch {
	var out []stretch
	from, end := 0, 0
	k := 0
	for it := sentences.FromString(t.src); it.Next(); {
		end += len(it.Value())
		for k < len(t.toks) && t.toks[k].at < end {
			k++
		}
		if k == from || k >= len(t.toks)-1 || !endsSentence(t.toks, k, end) {
			continue
		}
		out = append(out, stretch{from, k})
		from = k
	}
	return append(out, stretch{from, len(t.toks)})
}

// endsSentence reports whether a sentence can end before token k, where the
// boundary found is at byte end.
func endsSentence(toks []token, k, end int) bool {
	last := toks[k-1]
	if last.id == breakID {
		return true
	}
	if end < last.at+len(last.body) {
		return false // inside a token
	}
	if last.body != "." || k < 2 {
		return true
	}
	return !abbreviation(toks[k-2].body)
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

// sentenceUnits gives the sentences of a text and what to align them by.
func sentenceUnits(t text, n names) ([]stretch, []unit) {
	ranges := sentenceRanges(t)
	units := make([]unit, len(ranges))
	for i, r := range ranges {
		var key []byte
		var bag []int32
		for _, tok := range t.toks[r.from:r.to] {
			if tok.id == breakID || tok.id == endID {
				continue
			}
			key = binary.LittleEndian.AppendUint32(key, uint32(tok.id))
			if tok.words > 0 {
				bag = append(bag, tok.id)
			}
		}
		slices.Sort(bag)
		units[i] = unit{key: n.id(string(key)), bag: bag}
	}
	return ranges, units
}
