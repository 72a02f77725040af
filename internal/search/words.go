package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxWord is how many characters of a word are looked at; longer ones are cut,
// in texts and in queries alike.
const MaxWord = 64

// Words cuts a text into the words that the index holds of it, in order: letters,
// numbers and their marks, in lower case as the language writes it, reduced to
// their stems when the language is one of [Stemmed], without accents. The
// language is a BCP 47 tag; any other string counts as a language without stems.
//
// Runs of scripts that write no spaces between words give each pair of
// characters that follow one another, and the last character alone: 图书馆 is
// 图书, 书馆, 馆. So a word of such a script is a phrase of pairs wherever it
// stands, and a single character is what a pair begins with.
//
// A word is never empty and never has a space, a control character or a
// character for private use in it.
func Words(text, language string) []string { return newCutter(language).words(nil, text) }

// A cutter cuts texts of one language, and remembers the words that it met.
type cutter struct {
	stem  func(string) string // nil = none
	lower func(string) string
	known map[string]string // word as it stands in the text → word of the index
}

func newCutter(language string) *cutter {
	tag := primary(language)
	c := &cutter{stem: stemmer(tag), lower: strings.ToLower, known: map[string]string{}}
	if tag == "tr" || tag == "az" {
		c.lower = func(s string) string { return strings.ToLowerSpecial(unicode.TurkishCase, s) }
	}
	return c
}

// words appends the words of the text to out.
func (c *cutter) words(out []string, text string) []string {
	if !ascii(text) {
		text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	}
	from, pairs := -1, false // where the run of one kind that is being read began
	end := func(at int) {
		switch {
		case from < 0:
		case pairs:
			out = appendPairs(out, text[from:at])
		default:
			out = c.append(out, text[from:at])
		}
		from = -1
	}
	for i, r := range text {
		switch {
		case from >= 0 && invisible(r): // it is in the word, which drops it
		case !inWord(r):
			end(i)
		case from < 0 || pairs != unspaced(r):
			end(i)
			from, pairs = i, unspaced(r)
		}
	}
	end(len(text))
	return out
}

// append appends the form of one word of a script with spaces.
func (c *cutter) append(out []string, word string) []string {
	form, ok := c.known[word]
	if !ok {
		form = c.form(word)
		c.known[strings.Clone(word)] = form
	}
	if form == "" { // marks alone
		return out
	}
	return append(out, form)
}

func (c *cutter) form(word string) string {
	if !ascii(word) {
		word = strings.Map(func(r rune) rune {
			if invisible(r) {
				return -1
			}
			return r
		}, word)
	}
	word = shorten(norm.NFC.String(c.lower(word)))
	if c.stem != nil {
		word = c.stem(word)
	}
	return shorten(unaccented(word)) // a letter may become two
}

// appendPairs appends the pairs of a run of a script without spaces.
func appendPairs(out []string, run string) []string {
	_, first := utf8.DecodeRuneInString(run)
	for first < len(run) {
		_, second := utf8.DecodeRuneInString(run[first:])
		out = append(out, run[:first+second])
		run, first = run[first:], second
	}
	return append(out, run)
}

// shorten cuts a word off at MaxWord characters.
func shorten(word string) string {
	if len(word) <= MaxWord {
		return word
	}
	n := 0
	for i := range word {
		if n++; n > MaxWord {
			return word[:i]
		}
	}
	return word
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// invisible reports whether r is inside words without a meaning for a search:
// soft hyphen, word joiner, joiners of Arabic and Indic scripts, Arabic tatweel.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200c', '\u200d', '\u2060', '\ufeff', '\u0640':
		return true
	}
	return false
}

// unspaced reports whether r is of a script that writes no spaces between words;
// the sound mark of Japanese counts for no script.
func unspaced(r rune) bool {
	if r < 0x0e00 { // Thai is the first
		return false
	}
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
