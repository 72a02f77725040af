package extract

import (
	"unicode"
	"unicode/utf8"
)

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// tokens hashes the words of a text, without case and punctuation. In scripts
// written without spaces each character is a word.
func tokens(text string) []uint64 {
	out := make([]uint64, 0, len(text)/6+1)
	h, open := uint64(fnvOffset), false
	end := func() {
		if open {
			out = append(out, h)
		}
		h, open = fnvOffset, false
	}
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf && !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'):
			end()
			continue
		case r >= utf8.RuneSelf && !unicode.In(r, unicode.L, unicode.N, unicode.M):
			end()
			continue
		}
		if spaceless(r) {
			end()
		}
		h = (h ^ uint64(lower(r))) * fnvPrime
		open = true
		if spaceless(r) {
			end()
		}
	}
	end()
	return out
}

func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	if r < utf8.RuneSelf {
		return r
	}
	return unicode.ToLower(r)
}

// spaceless reports whether words of the rune's script are not parted by spaces.
func spaceless(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// gram hashes a run of words.
func gram(words []uint64) uint64 {
	h := uint64(fnvOffset)
	for _, w := range words {
		h = (h ^ w) * fnvPrime
	}
	return h ^ uint64(len(words))
}

const (
	gramSize  = 3 // words of a gram
	longPiece = 5 // words from which a piece is judged by its grams alone
	voteShare = 0.7
)

// A gramSet holds the word runs of a text: of gramSize words, and all shorter
// than longPiece for short pieces.
type gramSet map[uint64]struct{}

func (g gramSet) add(words []uint64) {
	for n := 1; n < longPiece; n++ {
		for i := 0; i+n <= len(words); i++ {
			g[gram(words[i:i+n])] = struct{}{}
		}
	}
}

// holds reports whether most of the piece's grams are in the set; a short piece
// must be there whole.
func (g gramSet) holds(words []uint64) bool {
	if len(words) == 0 {
		return false
	}
	if len(words) < longPiece {
		_, ok := g[gram(words)]
		return ok
	}
	hits, all := 0, len(words)-gramSize+1
	for i := range all {
		if _, ok := g[gram(words[i:i+gramSize])]; ok {
			hits++
		}
	}
	return float64(hits) >= voteShare*float64(all)
}
