package diff

import (
	"unicode"
	"unicode/utf8"
)

// traitsOf gives the traits of a character of the class.
func traitsOf(r rune, class traits) traits {
	switch {
	case class == foreign:
		return foreign
	case unicode.IsLetter(r):
		class |= wordy
	case unicode.IsDigit(r):
		class |= wordy | digit
	case unicode.IsNumber(r):
		class |= wordy
	}
	if !hidden(r) {
		class |= showing
	}
	return class
}

// The table has the traits of the characters below tableEnd, then those of the
// half-width and full-width forms.
const (
	tableEnd       = 0x3100
	firstFullWidth = 0xff00
	lastFullWidth  = 0xffef
	tableSize      = tableEnd + lastFullWidth - firstFullWidth + 1
)

var traitsTable = makeTable()

// byteTraits has the traits of the characters of one byte.
var byteTraits = makeByteTraits()

func makeTable() (t [tableSize]traits) {
	set := func(r rune, class traits) {
		i := r
		if r >= firstFullWidth {
			i += tableEnd - firstFullWidth
		}
		t[i] = traitsOf(r, class)
	}
	for _, b := range tableBlocks {
		for r := b.from; r <= b.to; r++ {
			if unicode.IsLetter(r) {
				set(r, wbLetter)
			} else {
				set(r, wbOther)
			}
		}
	}
	for _, b := range tableExceptions {
		for r := b.from; r <= b.to; r++ {
			set(r, b.class)
		}
	}
	return t
}

func makeByteTraits() (t [256]traits) {
	for i := range t {
		t[i] = wbBeyond
		if i < utf8.RuneSelf {
			t[i] = traitsTable[i]
		}
	}
	return t
}

// tableBlocks are the characters of the table. In them letters are ALetter and all
// else is Other, but for the exceptions.
var tableBlocks = []struct{ from, to rune }{
	{0x0000, 0x052f}, // Latin, Greek, Cyrillic
	{0x1e00, 0x2bff}, // more Latin and Greek; punctuation, symbols
	{0x3000, 0x30ff}, // punctuation, kana
	{firstFullWidth, lastFullWidth},
}

var tableExceptions = []struct {
	from, to rune
	class    traits
}{
	{'\n', '\n', wbLF},
	{'\r', '\r', wbCR},
	{' ', ' ', wbSpace},
	{'\'', '\'', wbMidNumLet},
	{',', ',', wbMidNum},
	{'.', '.', wbMidNumLet},
	{'0', '9', wbNumeric},
	{':', ':', wbMidLetter},
	{';', ';', wbMidNum},
	{'_', '_', wbExtendNumLet},
	{0x00ad, 0x00ad, foreign}, // soft hyphen
	{0x00b7, 0x00b7, wbMidLetter},
	{0x00b8, 0x00b8, wbLetter},
	{0x02c2, 0x02d7, wbLetter}, // modifiers
	{0x02de, 0x02ff, wbLetter},
	{0x0300, 0x036f, foreign}, // combining marks
	{0x037e, 0x037e, wbMidNum},
	{0x0387, 0x0387, wbMidLetter},
	{0x0483, 0x0489, foreign},
	{0x2000, 0x2006, wbSpace},
	{0x2008, 0x200a, wbSpace},
	{0x200c, 0x200f, foreign}, // joiners, marks of direction
	{0x2018, 0x2019, wbMidNumLet},
	{0x2024, 0x2024, wbMidNumLet},
	{0x2027, 0x2027, wbMidLetter},
	{0x202a, 0x202e, foreign},
	{0x202f, 0x202f, wbExtendNumLet}, // narrow no-break space
	{0x203f, 0x2040, wbExtendNumLet},
	{0x2044, 0x2044, wbMidNum},
	{0x2054, 0x2054, wbExtendNumLet},
	{0x205f, 0x205f, wbSpace},
	{0x2060, 0x2064, foreign},
	{0x2066, 0x206f, foreign},
	{0x20d0, 0x20f0, foreign},
	{0x2160, 0x2188, wbLetter}, // Roman numerals
	{0x24b6, 0x24e9, wbLetter}, // letters in circles
	{0x3000, 0x3000, wbSpace},
	{0x3006, 0x3006, wbOther},
	{0x302a, 0x302f, foreign},
	{0x3031, 0x3035, wbKatakana},
	{0x3041, 0x3096, wbOther}, // Hiragana
	{0x3099, 0x309a, foreign},
	{0x309b, 0x309c, wbKatakana},
	{0x309d, 0x309f, wbOther},
	{0x30a0, 0x30fa, wbKatakana},
	{0x30fc, 0x30ff, wbKatakana},
	{0xff07, 0xff07, wbMidNumLet},
	{0xff0c, 0xff0c, wbMidNum},
	{0xff0e, 0xff0e, wbMidNumLet},
	{0xff10, 0xff19, wbNumeric},
	{0xff1a, 0xff1a, wbMidLetter},
	{0xff1b, 0xff1b, wbMidNum},
	{0xff3f, 0xff3f, wbExtendNumLet},
	{0xff66, 0xff9d, wbKatakana},
	{0xff9e, 0xff9f, foreign},
}
