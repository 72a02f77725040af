package appraise

import "strings"

// opposite tells whether a word of one side is a word of the other with a prefix
// that negates it: 1 when the newer has the prefix, -1 when the older has.
func opposite(o, n []token, l *lexicon) int {
	for _, a := range o {
		for _, b := range n {
			if before := prefixOf(b.key, a.key, l); before != "" && !holds(o, before) {
				return 1
			}
			if before := prefixOf(a.key, b.key, l); before != "" && !holds(n, before) {
				return -1
			}
		}
	}
	return 0
}

// minStem is the length from which a word is taken for one with a prefix, in
// bytes without the prefix.
const minStem = 4

// prefixOf is the prefix by which the one word is the opposite of the other.
func prefixOf(long, short string, l *lexicon) string {
	before, ok := strings.CutSuffix(long, short)
	if ok && before != "" && len(short) >= minStem && l.has("prefix", before) && !l.has("unprefixed", long) {
		return before
	}
	return ""
}

// holds reports whether a word is among tokens, by its key.
func holds(toks []token, key string) bool {
	for _, t := range toks {
		if t.key == key {
			return true
		}
	}
	return false
}

// Bytes that two forms of one word begin alike with: the shorter as a whole, or
// so much of both.
const (
	wholeStem  = 3
	sharedStem = 4
)

// akin reports whether two lists of words have one in common, in some form.
func akin(o, n []token, l *lexicon) bool {
	for _, a := range o {
		for _, b := range n {
			if sameStem(a.key, b.key) || prefixOf(a.key, b.key, l)+prefixOf(b.key, a.key, l) != "" {
				return true
			}
		}
	}
	return false
}

func sameStem(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= wholeStem && strings.HasPrefix(b, a) || len(a) >= sharedStem && a[:sharedStem] == b[:sharedStem] ||
		len(a) > wholeStem && a[len(a)-1] == 'e' && strings.HasPrefix(b, a[:len(a)-1]) // take, taking
}
