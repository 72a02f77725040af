package extract

import (
	"math/bits"
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
	for i := 0; i < len(text); {
		r, n := rune(asciiWord[text[i]]), 1
		if text[i] >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
			r = wordRune(r)
		}
		i += n
		alone := r != 0 && spaceless(r)
		if open && (r == 0 || alone) {
			out, h, open = append(out, h), fnvOffset, false
		}
		switch {
		case alone:
			out = append(out, (fnvOffset^uint64(r))*fnvPrime)
		case r != 0:
			h, open = (h^uint64(r))*fnvPrime, true
		}
	}
	if open {
		out = append(out, h)
	}
	return out
}

// asciiWord gives the lower case of ASCII letters and digits, 0 for the rest.
var asciiWord = func() (t [256]byte) {
	for c := byte(0); c < utf8.RuneSelf; c++ {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			t[c] = c
		case 'A' <= c && c <= 'Z':
			t[c] = c + 'a' - 'A'
		}
	}
	return t
}()

// wordRune is the lower case of a rune beyond ASCII that is part of a word, 0
// for another.
func wordRune(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
		return unicode.ToLower(r)
	}
	return 0
}

// spaceless reports whether words of the rune's script are not parted by spaces.
func spaceless(r rune) bool {
	switch {
	case r < 0x0E00, r >= 0xAC00 && r <= 0xD7A3: // the alphabets of Europe and the Near East, Hangul
		return false
	case r >= 0x4E00 && r <= 0x9FFF: // most of Han
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
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
// than longPiece for short pieces. It is a hash table with open addressing, for
// it is filled and asked for every word of a page.
type gramSet struct {
	slots []uint64 // 0 = free; a power of two of them, at most half full
	zero  bool     // the hash 0 is in the set
}

// newGramSet makes a set with room for the runs of so many words.
func newGramSet(words int) *gramSet {
	return &gramSet{slots: make([]uint64, 1<<bits.Len(uint(words*(longPiece-1)*2)))}
}

func (g *gramSet) add(words []uint64) {
	for i := range words {
		h := uint64(fnvOffset)
		for n := 1; n < longPiece && i+n <= len(words); n++ {
			h = (h ^ words[i+n-1]) * fnvPrime
			g.put(h ^ uint64(n))
		}
	}
}

func (g *gramSet) put(h uint64) {
	if slot, ok := g.find(h); !ok {
		g.zero, g.slots[slot] = g.zero || h == 0, h
	}
}

// find gives the slot of a hash, or the free one where it would stand.
func (g *gramSet) find(h uint64) (slot int, ok bool) {
	mask := len(g.slots) - 1
	for slot = int(h>>20) & mask; g.slots[slot] != 0; slot = (slot + 1) & mask {
		if g.slots[slot] == h {
			return slot, true
		}
	}
	return slot, h == 0 && g.zero
}

// has reports whether a run of words is in the set.
func (g *gramSet) has(words []uint64) bool {
	_, ok := g.find(gram(words))
	return ok
}

// holds reports whether most of the piece's grams are in the set; a short piece
// must be there whole.
func (g *gramSet) holds(words []uint64) bool {
	if len(words) == 0 {
		return false
	}
	if len(words) < longPiece {
		return g.has(words)
	}
	hits, all := 0, len(words)-gramSize+1
	for i := range all {
		if g.has(words[i : i+gramSize]) {
			hits++
		}
	}
	return float64(hits) >= voteShare*float64(all)
}
