package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// bagOfWords counts the words that a text has gained and lost against another, by
// how often each word stands in headline and body. Blocks that are the same at
// the beginning and at the end are not looked at, and words are what white space
// divides. It stands in for the counts of package diff, which tells words that
// moved from words that came and went, and takes longer than all else of an
// import.
func bagOfWords(old, now news.Content) (added, removed int) {
	a, b := old.Blocks, now.Blocks
	for len(a) > 0 && len(b) > 0 && a[0].Text == b[0].Text {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].Text == b[len(b)-1].Text {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 && len(b) == 0 && old.Headline == now.Headline {
		return 0, 0
	}
	bag := map[string]int{}
	count := func(text string, n int) {
		for word := range strings.FieldsSeq(text) {
			bag[word] += n
		}
	}
	count(old.Headline, -1)
	count(now.Headline, +1)
	for _, x := range a {
		count(x.Text, -1)
	}
	for _, x := range b {
		count(x.Text, +1)
	}
	for _, n := range bag {
		added += max(n, 0)
		removed += max(-n, 0)
	}
	return added, removed
}

// countFields is len(strings.Fields(s)) without the fields.
func countFields(s string) (n int) {
	space := true
	for i := 0; i < len(s); {
		c, size, isSpace := s[i], 1, false
		if c < utf8.RuneSelf {
			isSpace = c == ' ' || c >= '\t' && c <= '\r'
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			isSpace = unicode.IsSpace(r)
		}
		if space && !isSpace {
			n++
		}
		space = isSpace
		i += size
	}
	return n
}
