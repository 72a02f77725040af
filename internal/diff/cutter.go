package diff

import (
	"math/bits"
	"slices"

	"github.com/clipperhouse/uax29/v2/words"
)

// The cutter finds the word segments of UAX #29 and what sort each is in one
// pass. It knows the characters that most news is written in: Latin, Greek,
// Cyrillic, Han, kana, Hangul, punctuation and symbols. A segment that has, or
// may depend on, any other character (a combining mark, an emoji, Arabic, Thai,
// a broken byte) is left to the library. That is exact: the library finds the
// end of a segment from where it begins, whatever stands before.

// appendPieces appends the pieces of s: its segments of UAX #29, in order, which
// together are s.
func appendPieces(out []piece, s string) []piece {
	out = slices.Grow(out, len(s)/bytesPerPiece+1)
	for at := 0; at < len(s); {
		if loneSpace(s, at) {
			out = append(out, piece{s[at : at+1], at, blank})
			at++
		}
		end, sort := nextPiece(s, at)
		out = append(out, piece{s[at:end], at, sort})
		at = end
	}
	return out
}

// bytesPerPiece is what a piece has at least in most texts.
const bytesPerPiece = 3

// fastCountWords is the number of words in a text.
func fastCountWords(s string) int {
	n := 0
	for at := 0; at < len(s); {
		if loneSpace(s, at) {
			at++
		}
		if end := runEnd(s, at); end > at && endsRun(s, end) { // most words
			n++
			at = end
			continue
		}
		end, sort := nextPiece(s, at)
		if sort == word || sort == number {
			n++
		}
		at = end
	}
	return n
}

// loneSpace reports whether a space is at byte at of s and an ASCII character
// other than that after it: most of the pieces that are blank.
func loneSpace(s string, at int) bool {
	return s[at] == ' ' && at+1 < len(s) && byteTraits[s[at+1]]&(wbSpace|wbBeyond) == 0
}

// nextPiece gives the end of the piece that begins at byte at of s, and its
// sort. There must be such a byte.
func nextPiece(s string, at int) (end int, sort pieceSort) {
	first := byteTraits[s[at]]
	switch {
	case first&(wbLetter|wbNumeric) != 0:
		end = runEnd(s, at)
		if endsRun(s, end) {
			return end, first.sort(first)
		}
		last := byteTraits[s[end-1]]
		return cutOn(s, at, end, first, first|last, last)
	case first == wbBeyond:
		wide, n := wideTraits(s[at:])
		if wide == foreign {
			return cutByLibrary(s, at)
		}
		return cutOn(s, at, at+n, wide, wide, wide)
	case first&wbHolding == 0 && (at+1 == len(s) || byteTraits[s[at+1]] != wbBeyond):
		return at + 1, first.sort(first)
	}
	return cutOn(s, at, at+1, first, first, first)
}

// endsRun reports whether byte end of s, and what follows it, certainly end a
// piece of ASCII letters and digits before it.
func endsRun(s string, end int) bool {
	if end == len(s) {
		return true
	}
	next := byteTraits[s[end]]
	return next&(wbSpace|wbOther|wbCR|wbLF) != 0 ||
		next&wbBridging != 0 && end+1 < len(s) && byteTraits[s[end+1]]&(wbLetter|wbNumeric|wbBeyond) == 0
}

// runEnd is where the ASCII letters and digits from byte i of s on end. It takes
// eight bytes at a time: the guess of a word's length is what would cost most.
func runEnd(s string, i int) int {
	for len(s)-i >= 8 {
		b := s[i:]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		if stop := highBits &^ alphanumeric(x); stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
		i += 8
	}
	for i < len(s) && byteTraits[s[i]]&(wbLetter|wbNumeric) != 0 {
		i++
	}
	return i
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// alphanumeric sets the high bit of each of the eight bytes of x that is an
// ASCII letter or digit, and maybe lower bits. A sum reaches the high bit of a
// byte if the byte is at least what was taken from 0x80, and never the next byte.
func alphanumeric(x uint64) uint64 {
	low := x &^ highBits
	lower := low | 0x20*eachByte
	letters := (lower + (0x80-'a')*eachByte) &^ (lower + (0x80-'z'-1)*eachByte)
	digits := (low + (0x80-'0')*eachByte) &^ (low + (0x80-'9'-1)*eachByte)
	return (letters | digits) &^ x
}

// cutOn is nextPiece for a piece of which the bytes up to end are known to hold
// together. It has the traits first of its first character, last of its last,
// and all of them together.
func cutOn(s string, at, end int, first, all, last traits) (int, pieceSort) {
	joins, bridges := last.holds()
	for end < len(s) {
		next, n := traitsAt(s, end)
		if next == foreign {
			return cutByLibrary(s, at)
		}
		if next&joins == 0 {
			if next&bridges == 0 || end+n == len(s) {
				break
			}
			after, m := traitsAt(s, end+n)
			if after == foreign {
				return cutByLibrary(s, at)
			}
			if after&last&(wbLetter|wbNumeric) == 0 {
				break
			}
			all |= next
			next, n = after, n+m
		}
		end, all = end+n, all|next
		if n > 1 && next&wbLetter != 0 {
			if run := runEnd(s, end); run > end {
				end, next = run, byteTraits[s[run-1]]
				all |= next
			}
		}
		if (next^last)&wbHolding != 0 {
			joins, bridges = next.holds()
		}
		last = next
	}
	return end, all.sort(first)
}

// cutByLibrary is nextPiece for every text.
func cutByLibrary(s string, at int) (end int, sort pieceSort) {
	it := words.FromString(s[at:])
	it.Next()
	v := it.Value()
	return at + len(v), sortOf(v)
}

// Traits are what the cutter has to know of a character: one of the classes of
// the Word_Break property, and what it makes of its piece.
type traits uint16

const (
	wbLetter       traits = 1 << iota // ALetter
	wbNumeric                         // Numeric
	wbKatakana                        // Katakana
	wbExtendNumLet                    // ExtendNumLet: holds to both sides
	wbMidLetter                       // MidLetter: holds two letters together
	wbMidNum                          // MidNum: holds two numbers together
	wbMidNumLet                       // MidNumLet and Single_Quote: either; the two differ after Hebrew only
	wbSpace                           // WSegSpace
	wbCR                              // CR
	wbLF                              // LF
	wbOther                           // Other, and what is like it here: Newline, Double_Quote, Extended_Pictographic
	wbBeyond                          // of a byte: not the whole of a character

	digit   // unicode.IsDigit
	wordy   // unicode.IsLetter or unicode.IsNumber
	showing // not hidden

	// wbHolding are the classes that may hold to what follows.
	wbHolding = wbLetter | wbNumeric | wbKatakana | wbExtendNumLet | wbSpace | wbCR

	// wbBridging are those that may hold together what stands on both sides.
	wbBridging = wbMidLetter | wbMidNum | wbMidNumLet

	foreign traits = 0 // a character that the cutter does not know
)

// holds gives the classes that hold to a character at its end whatever follows
// (WB3, WB3d, WB5, WB8 to WB10, WB13 to WB13b), and those that do so if
// another character of its own class follows (WB6, WB7, WB11, WB12).
func (last traits) holds() (joins, bridges traits) {
	switch {
	case last&wbLetter != 0:
		return wbLetter | wbNumeric | wbExtendNumLet, wbMidLetter | wbMidNumLet
	case last&wbNumeric != 0:
		return wbLetter | wbNumeric | wbExtendNumLet, wbMidNum | wbMidNumLet
	case last&wbExtendNumLet != 0:
		return wbLetter | wbNumeric | wbKatakana | wbExtendNumLet, 0
	case last&wbKatakana != 0:
		return wbKatakana | wbExtendNumLet, 0
	case last&wbSpace != 0:
		return wbSpace, 0
	case last&wbCR != 0:
		return wbLF, 0
	}
	return 0, 0
}

// sort is sortOf for a piece whose characters have together the traits all.
func (all traits) sort(first traits) pieceSort {
	switch {
	case first&digit != 0:
		return number
	case all&wordy != 0:
		return word
	case all&showing != 0:
		return mark
	}
	return blank
}

// traitsAt gives the traits of the character at byte i of s, and its length in
// bytes if it is not foreign.
func traitsAt(s string, i int) (t traits, n int) {
	t = byteTraits[s[i]]
	if t != wbBeyond {
		return t, 1
	}
	return wideTraits(s[i:])
}

// wideTraits is traitsAt for the first character of s if that is not ASCII.
func wideTraits(s string) (t traits, n int) {
	if s[0] < 0xe0 { // of two bytes, or broken
		if s[0] >= 0xc2 && len(s) > 1 && s[1]&0xc0 == 0x80 {
			return traitsTable[rune(s[0]&0x1f)<<6|rune(s[1]&0x3f)], 2
		}
		return foreign, 0
	}
	if len(s) < 3 || s[0] == 0xe0 || s[0] > 0xef || s[1]&0xc0 != 0x80 || s[2]&0xc0 != 0x80 {
		return foreign, 0 // E0 begins nothing that is known, and encodings too long
	}
	r := rune(s[0]&0x0f)<<12 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f)
	switch {
	case r < tableEnd:
		return traitsTable[r], 3
	case 0x3400 <= r && r <= 0x4dbf || 0x4e00 <= r && r <= 0x9fff: // Han
		return wbOther | wordy | showing, 3
	case 0xac00 <= r && r <= 0xd7a3: // Hangul syllables
		return wbLetter | wordy | showing, 3
	case firstFullWidth <= r && r <= lastFullWidth:
		return traitsTable[r-firstFullWidth+tableEnd], 3
	}
	return foreign, 0
}
