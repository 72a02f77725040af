package main

import (
	"hash/fnv"
	"strings"
	"unicode"
)

// gramSize is how many words a shingle has.
const gramSize = 4

// A score says how well a text meets the truth, each from 0 to 1.
type score struct{ precision, recall, shingle, paragraph float64 }

// compare scores paragraphs against those that a person found: precision,
// recall and F1 of the multisets of 4-word shingles, and F1 of the multisets of
// whole paragraphs. Case, punctuation and white space do not count.
func compare(want, got []string) score {
	w, g := shingles(want), shingles(got)
	s := score{precision: share(overlap(w, g), total(g)), recall: share(overlap(w, g), total(w))}
	s.shingle = f1(s.precision, s.recall)
	pw, pg := paragraphs(want), paragraphs(got)
	s.paragraph = f1(share(overlap(pw, pg), total(pg)), share(overlap(pw, pg), total(pw)))
	return s
}

// exact reports whether the shingles are those of the truth, none more or less.
func (s score) exact() bool { return s.precision == 1 && s.recall == 1 }

func f1(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

type bag map[uint64]int

func total(b bag) (n int) {
	for _, x := range b {
		n += x
	}
	return n
}

func overlap(a, b bag) (n int) {
	for k, x := range a {
		n += min(x, b[k])
	}
	return n
}

// shingles are the runs of gramSize words of the whole text; of a shorter text,
// the text.
func shingles(paras []string) bag {
	words := words(strings.Join(paras, "\n"))
	out := bag{}
	if len(words) > 0 && len(words) < gramSize {
		out[hash(words)]++
	}
	for i := 0; i+gramSize <= len(words); i++ {
		out[hash(words[i:i+gramSize])]++
	}
	return out
}

func paragraphs(paras []string) bag {
	out := bag{}
	for _, p := range paras {
		if w := words(p); len(w) > 0 {
			out[hash(w)]++
		}
	}
	return out
}

func hash(words []string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// words are runs of letters, digits and marks, in lower case; characters of
// scripts written without spaces are a word each.
func words(s string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
	}
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			end()
			out = append(out, string(r))
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			word = append(word, unicode.ToLower(r))
		default:
			end()
		}
	}
	end()
	return out
}
