package diff

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Visible makes a text safe to look at: characters that are not seen and could
// reorder, hide or forge what is shown are written out as ⟦U+202E⟧. They are
// the controls of C0 and C1 but tab and line feed, line and paragraph
// separators, the marks, embeddings, overrides and isolates of the bidirectional
// algorithm (UAX #9), zero-width spaces and joiners of words, byte-order marks,
// invisible operators, annotation marks and tags. Bytes that are not UTF-8
// become U+FFFD.
//
// What shapes the letters around it stays: soft hyphens, the joiners of
// Arabic, Indic scripts and emoji (ZWJ, ZWNJ), variation selectors, and the
// tags of the three flags of emoji that have them. Every view for people calls
// it; data, such as scripts and the JSON of them, has the texts as they are.
func Visible(s string) string {
	if seen(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := flagLength(s[i:]); n > 0 {
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if i += n; unseen(r) {
			fmt.Fprintf(&b, "⟦U+%04X⟧", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// seen reports whether nothing of a text must be written out, by a quick look.
func seen(s string) bool {
	for _, r := range s {
		if unseen(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// flagLength is the length of the flag that a text begins with; 0 = none. The
// flags of England, Scotland and Wales are the only sequences of tags that mean
// something to a reader.
func flagLength(s string) int {
	rest, ok := strings.CutPrefix(s, "🏴\U000e0067\U000e0062")
	if !ok {
		return 0
	}
	for _, part := range [...]string{"\U000e0065\U000e006e\U000e0067\U000e007f", "\U000e0073\U000e0063\U000e0074\U000e007f", "\U000e0077\U000e006c\U000e0073\U000e007f"} {
		if strings.HasPrefix(rest, part) {
			return len(s) - len(rest) + len(part)
		}
	}
	return 0
}

func unseen(r rune) bool {
	switch {
	case r == '\t' || r == '\n':
		return false
	case r < ' ' || r >= 0x7f && r < 0xa0:
		return true
	case r < 0x61c:
		return false
	case r == 0x61c || r == 0x180e || r == 0x200b || r == 0x200e || r == 0x200f || r == 0xfeff:
		return true
	case r >= 0x2028 && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r >= 0xfff9 && r <= 0xfffb:
		return true
	}
	return r >= 0x1d173 && r <= 0x1d17a || r >= 0xe0000 && r <= 0xe007f
}
