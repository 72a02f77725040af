package appraise

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// A token is a word, a run of digits or a single mark of a text. White space is
// none. Letters with digits after them ("A4") are one word, digits with letters
// after them ("10am") two tokens without a gap. Every Han character and kana is
// a word of its own.
type token struct {
	text    string // as published
	key     string // to compare by: folded, lower case; see keyOf
	at      int    // where it begins in the text, in bytes
	sort    tokenSort
	changed bool // stands on this side only, or differs by more than typography
	hunk    int  // equal runs before it: changed tokens of both sides with equal hunks face each other
}

type tokenSort uint8

const (
	wordToken   tokenSort = iota
	digitsToken           // decimal digits of any script
	markToken
)

func (t token) end() int { return t.at + len(t.text) }

// glued reports whether token i stands directly after the one before.
func glued(toks []token, i int) bool {
	return i > 0 && i < len(toks) && toks[i-1].end() == toks[i].at
}

// tokens cuts a text.
func tokens(s string, l *lexicon) []token {
	out := make([]token, 0, len(s)/5+2)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == ' ' || unicode.IsSpace(r) || silent(r) {
			i += n
			continue
		}
		sort := markToken
		switch {
		case unicode.IsDigit(r):
			sort, n = digitsToken, digitsEnd(s[i:])
		case single(r):
			sort = wordToken
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
			after := len(out) > 0 && out[len(out)-1].sort == digitsToken && out[len(out)-1].end() == i
			sort, n = wordToken, wordEnd(s[i:], l, after)
		}
		text := s[i : i+n]
		out = append(out, token{text: text, key: keyOf(text), at: i, sort: sort})
		i += n
	}
	return out
}

// silent reports whether folding takes the character out.
func silent(r rune) bool {
	return r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

// single reports whether each character of the script is a word.
func single(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func digitsEnd(s string) int {
	for i, r := range s {
		if !unicode.IsDigit(r) {
			return i
		}
	}
	return len(s)
}

// wordEnd is the length of the word that s begins with. An apostrophe between
// letters is part of it ("don't"), unless it ends an elided word of the language
// ("l'", "qu'"): that is a word with its apostrophe. Between digits it is letters
// only ("14h30").
func wordEnd(s string, l *lexicon, afterDigits bool) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case i > 0 && (single(r) || afterDigits && unicode.IsDigit(r)):
			return i
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r) || unicode.IsDigit(r) || silent(r):
		case apostrophe(r) && i > 0:
			next, _ := utf8.DecodeRuneInString(s[i+n:])
			if i+n == len(s) && l.has("elision", keyOf(s[:i])) { // as the lists name it
				return i + n
			}
			if !unicode.IsLetter(next) || single(next) {
				return i
			}
			if l.has("elision", keyOf(s[:i])) {
				return i + n
			}
		case r == '\u200c' || r == '\u200d':
		default:
			return i
		}
		i += n
	}
	return len(s)
}

func apostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '＇'
}

// keyOf is the form of a word that is compared: folded, lower case; in Arabic
// without vowel signs and tatweel, and with one letter for those that writers
// exchange.
func keyOf(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || 'A' <= s[i] && s[i] <= 'Z' || s[i] == '`' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	s = strings.ToLower(news.Fold(s))
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		s = strings.Map(arabicKey, s)
	}
	return s
}

func arabicKey(r rune) rune {
	switch {
	case r >= '\u064b' && r <= '\u0652', r == '\u0670', r == 'ـ':
		return -1
	case r == 'أ', r == 'إ', r == 'آ', r == 'ٱ':
		return 'ا'
	case r == 'ى':
		return 'ي'
	}
	return r
}
