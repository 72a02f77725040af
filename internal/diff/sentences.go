package diff

// Sentences cuts a text into sentences, as scripts and actions do: by Unicode
// Standard Annex #29, but not after an abbreviation, and never inside a word, a
// number or a short quotation. White space belongs to the sentence before it.
// The pieces put together give the text back; an empty text has none.
func Sentences(text string) []string { return sentencesOfText(text, new([]piece)) }

// sentencesOfText is [Sentences] with working space that is used again.
func sentencesOfText(text string, room *[]piece) []string {
	if text == "" {
		return nil
	}
	t := cut(text, names{}, room)
	ranges := sentenceRanges(&t)
	out := make([]string, 0, len(ranges))
	from := 0
	for i := range ranges {
		to := len(text)
		if i+1 < len(ranges) {
			to = int(t.toks[ranges[i+1].from].at)
		}
		out = append(out, text[from:to])
		from = to
	}
	return out
}
