package appraise

import "strings"

// A span is a range of tokens.
type span struct{ from, to int }

func (s span) len() int             { return s.to - s.from }
func (s span) overlaps(t span) bool { return s.from < t.to && t.from < s.to }

// touches reports whether the spans overlap or stand side by side.
func (s span) touches(t span) bool { return s.from <= t.to && t.from <= s.to }

// A gap is a place where two sentences differ: what the older one has there and
// what the newer one has. One of the two may be empty, never both.
type gap struct{ o, n span }

// maxPairs bounds the comparison of two sentences, in pairs of tokens. What is
// longer is one gap.
const maxPairs = 1 << 16

// gapsOf gives the places where two sentences differ, by the keys of their
// tokens: the complement of a longest common subsequence. Runs of a script keep
// quotations and dates whole; here each word stands for itself.
func gapsOf(old, new []token) []gap {
	a, b := 0, 0
	for a < len(old) && a < len(new) && old[a].key == new[a].key {
		a++
	}
	for b < len(old)-a && b < len(new)-a && old[len(old)-1-b].key == new[len(new)-1-b].key {
		b++
	}
	return gapsBetween(old, new, gap{span{a, len(old) - b}, span{a, len(new) - b}})
}

// gapsBetween compares what stands between equal ends.
func gapsBetween(old, new []token, in gap) []gap {
	rows, columns := in.o.len(), in.n.len()
	switch {
	case rows == 0 && columns == 0:
		return nil
	case rows == 0 || columns == 0 || rows*columns > maxPairs:
		return []gap{in}
	}
	common := commonLengths(old[in.o.from:in.o.to], new[in.n.from:in.n.to])
	var out []gap
	i, j := 0, 0
	from := gap{span{0, 0}, span{0, 0}}
	flush := func() {
		if i > from.o.from || j > from.n.from {
			out = append(out, gap{span{in.o.from + from.o.from, in.o.from + i}, span{in.n.from + from.n.from, in.n.from + j}})
		}
	}
	for i < rows && j < columns {
		switch {
		case old[in.o.from+i].key == new[in.n.from+j].key:
			flush()
			i, j = i+1, j+1
			from = gap{span{i, i}, span{j, j}}
		case common[(i+1)*(columns+1)+j] >= common[i*(columns+1)+j+1]:
			i++
		default:
			j++
		}
	}
	i, j = rows, columns
	flush()
	return out
}

// commonLengths is the table of the longest common subsequences of all ends of
// the two: row i, column j for old[i:], new[j:].
func commonLengths(old, new []token) []int32 {
	width := len(new) + 1
	t := make([]int32, (len(old)+1)*width)
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			if old[i].key == new[j].key {
				t[i*width+j] = t[(i+1)*width+j+1] + 1
			} else {
				t[i*width+j] = max(t[(i+1)*width+j], t[i*width+j+1])
			}
		}
	}
	return t
}

// terms cuts contractions into the words that they stand for, by the lists
// "contraction" ("won't = will not") and "ending" ("not = n't"): two spellings
// of one thing compare as equal, and a negation is a word of its own. The first
// word of a contraction has its place in the text, the others the place behind.
func terms(toks []token, l *lexicon) []token {
	out := make([]token, 0, len(toks)+4)
	for _, t := range toks {
		words := expand(t.key, l)
		if len(words) < 2 {
			out = append(out, t)
			continue
		}
		for k, w := range words {
			if k > 0 {
				t.at, t.text = t.end(), ""
			}
			t.key = w
			out = append(out, t)
		}
	}
	return out
}

// expand gives the words that a contraction stands for, nil for other words.
func expand(key string, l *lexicon) []string {
	if p, ok := l.word("contraction", key); ok {
		return strings.Fields(p.value)
	}
	if !strings.Contains(key, "'") || l.lists["ending"] == nil {
		return nil
	}
	for word, p := range l.lists["ending"].phrases {
		if stem, ok := strings.CutSuffix(key, p.value); ok && stem != "" {
			return []string{stem, word}
		}
	}
	return nil
}

// wordCount is the number of words and numbers among tokens.
func wordCount(toks []token) int {
	n := 0
	for _, t := range toks {
		if t.sort != markToken {
			n++
		}
	}
	return n
}

// excerpt is the text of a span of tokens as published, with up to so many words
// before and after it, cut to MaxEvidence.
func excerpt(text string, toks []token, s span, before, after int) string {
	from, to := s.from, s.to
	for ; before > 0 && from > 0 && toks[from-1].sort != markToken; before-- {
		from--
	}
	for ; after > 0 && to < len(toks) && toks[to].sort != markToken; after-- {
		to++
	}
	for from > 0 && from < len(toks) && toks[from].text == "" { // begin with the whole contraction
		from--
	}
	if from >= to {
		return ""
	}
	return clip(strings.TrimSpace(text[toks[from].at:toks[to-1].end()]), MaxEvidence)
}
