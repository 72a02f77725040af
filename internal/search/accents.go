package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unaccented takes off a lower-case word what people leave out when they type:
// accents of Latin and Greek letters, the dots of the Cyrillic ё and stress
// marks, vowel signs of Arabic and Hebrew, the hamza on an alef. The vowel signs
// of Indic scripts are no accents, and stay.
func unaccented(word string) string {
	if ascii(word) {
		return word
	}
	var b strings.Builder
	base := rune(0)
	for _, r := range norm.NFD.String(word) {
		switch {
		case accent(r, base):
			continue
		case !unicode.Is(unicode.M, r):
			base = r
		}
		if plain := spelled(r); plain != "" {
			b.WriteString(plain)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// accent reports whether mark is left out after the letter base.
func accent(mark, base rune) bool {
	switch {
	case mark < '\u0300':
		return false
	case mark <= '\u036f':
		return !unicode.Is(unicode.Cyrillic, base) || mark == '\u0301' || mark == '\u0308' && base == 'е'
	case mark >= '\u0591' && mark <= '\u05c7':
		return unicode.Is(unicode.Mn, mark)
	case mark >= '\u064b' && mark <= '\u0655' || mark == '\u0670':
		return true
	}
	return false
}

// spelled is how letters that are not letter and accent are written without
// them; empty for all others.
func spelled(r rune) string {
	if r < utf8.RuneSelf {
		return ""
	}
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	case 'ٱ':
		return "ا"
	case 'ى':
		return "ي"
	}
	return ""
}
