package diff

import "strings"

// Sentences cuts a text into sentences, as scripts and actions do: by Unicode
// Standard Annex #29, but not after an abbreviation, and never inside a word, a
// number or a short quotation. White space belongs to the sentence before it.
// The pieces put together give the text back; an empty text has none.
func Sentences(text string) []string {
	if text == "" {
		return nil
	}
	t := cut(text, names{})
	ranges := sentenceRanges(t)
	out := make([]string, 0, len(ranges))
	from := 0
	for i, r := range ranges {
		to := len(text)
		if i+1 < len(ranges) {
			to = t.toks[opened(t.toks, r)].at
		}
		out = append(out, text[from:to])
		from = to
	}
	return out
}

// opened is the token that the sentence after stretch r begins with: where
// nothing is between sentences, as in Chinese, UAX #29 gives the quotation mark
// that opens the next one to the one before.
func opened(toks []token, r stretch) int {
	k := r.to
	for k-1 > r.from && toks[k].gap == "" && opens(toks[k-1].body) {
		k--
	}
	if last := toks[k-1].body; k < r.to && (strings.HasSuffix(last, "。") || strings.HasSuffix(last, "！") || strings.HasSuffix(last, "？")) {
		return k
	}
	return r.to
}

func opens(s string) bool {
	switch s {
	case "“", "‘", "「", "『", "《", "〈", "（", "【", "〔":
		return true
	}
	return false
}
