package invent

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the words that a model learns and says.
const (
	MinSentence = 4       // words of the shortest sentence
	MaxSentence = 60      // words of the longest; it ends there
	MaxWords    = 1 << 25 // learned words, both marks between sentences counted; the rest of the texts is passed over
)

// backOff is how often of a hundred only the last word is looked at, not the
// last two.
const backOff = 80

// ErrNoText means that the texts hold no sentence to learn from.
var ErrNoText = errors.New("no sentence in the texts")

// A wordKind says whether an article puts a word of its own in the place.
type wordKind uint8

const (
	common wordKind = iota
	name            // begins with a capital and is never written small
	number          // has a digit
)

// A Model says which words follow which: a Markov chain of order 2 that backs
// off to order 1. It is made once and then only read, so many may use it.
//
// It holds the texts it was made of as numbers of words, sentence after
// sentence, and two marks before each. To say a word is to jump to a place of
// the texts where the same two words (or the one) stood before. A model is
// larger than a processor's cache, so a jump should touch little: one step of a
// list, and for two words one span.
type Model struct {
	words []string
	kinds []wordKind
	names []uint32 // words of kind name

	byPair, byLast []step // the texts, sorted by the two words before, and by the one
	pair           []span // of each place: its like in byPair
	last           []span // of each word: what stands after it in byLast
}

// A step is a word at its place in the texts; word 0 is the mark between
// sentences.
type step struct{ place, word uint32 }

// A span is a part of a list of steps.
type span struct{ from, n uint32 }

// begin gives the step before the first word of a sentence: the second mark.
func begin() step { return step{place: 1} }

// Learn makes a model of texts, one paragraph each. ErrNoText when none of them
// has a sentence of MinSentence words.
func Learn(texts []string) (*Model, error) {
	m := &Model{words: []string{""}}
	ids := map[string]uint32{}
	var text []uint32
	for _, t := range texts {
		for sentence := range sentences(t) {
			if len(text)+len(sentence)+4 > MaxWords {
				break
			}
			text = append(text, 0, 0)
			for _, w := range sentence {
				text = append(text, m.number(ids, w))
			}
		}
	}
	if len(text) == 0 {
		return nil, ErrNoText
	}
	m.sort(append(text, 0, 0))
	m.tellKinds(ids)
	return m, nil
}

// number gives the number of a word, a new one when it is new.
func (m *Model) number(ids map[string]uint32, w string) uint32 {
	id, ok := ids[w]
	if !ok {
		id, w = uint32(len(m.words)), strings.Clone(w)
		ids[w], m.words = id, append(m.words, w)
	}
	return id
}

// sentences gives the sentences of a paragraph as words; what does not end as a
// sentence does (a heading, an item of a list) is none, and stops the rest.
func sentences(paragraph string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		words := strings.Fields(paragraph)
		from := 0
		for i, w := range words {
			if !strings.ContainsRune(".!?", rune(w[len(w)-1])) && !strings.HasSuffix(w, "”") {
				continue
			}
			if s := words[from : i+1]; len(s) >= MinSentence && len(s) <= MaxSentence && !yield(s) {
				return
			}
			from = i + 1
		}
	}
}

// sort fills the lists. Sorting by counting, last word first, leaves steps of
// equal pairs side by side, in the order of the text.
func (m *Model) sort(text []uint32) {
	steps := make([]step, 0, len(text)-2)
	for p, w := range text[2:] {
		steps = append(steps, step{uint32(p + 2), w})
	}
	one := func(s step) uint32 { return text[s.place-1] }
	two := func(s step) uint32 { return text[s.place-2] }
	m.byLast = m.counted(steps, one)
	m.byPair = m.counted(m.byLast, two)
	m.last, m.pair = make([]span, len(m.words)), make([]span, len(text)+1)
	runs(m.byLast, func(a, b step) bool { return one(a) == one(b) }, func(a step, s span) { m.last[one(a)] = s })
	runs(m.byPair, func(a, b step) bool { return one(a) == one(b) && two(a) == two(b) },
		func(a step, s span) { m.pair[a.place] = s })
}

// counted sorts steps by a word before them, keeping the order of equal ones.
func (m *Model) counted(steps []step, word func(step) uint32) []step {
	ends := make([]uint32, len(m.words)+1)
	for _, s := range steps {
		ends[word(s)+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	out := make([]step, len(steps))
	for _, s := range steps {
		w := word(s)
		out[ends[w]] = s
		ends[w]++
	}
	return out
}

// runs tells each step of the run of alike steps that it is in.
func runs(steps []step, alike func(a, b step) bool, tell func(a step, s span)) {
	for from := 0; from < len(steps); {
		to := from + 1
		for to < len(steps) && alike(steps[from], steps[to]) {
			to++
		}
		for _, a := range steps[from:to] {
			tell(a, span{uint32(from), uint32(to - from)})
		}
		from = to
	}
}

// tellKinds says which words are names and numbers.
func (m *Model) tellKinds(ids map[string]uint32) {
	m.kinds = make([]wordKind, len(m.words))
	for id, w := range m.words {
		first, size := utf8.DecodeRuneInString(w)
		switch {
		case strings.ContainsFunc(w, unicode.IsDigit):
			m.kinds[id] = number
		case unicode.IsUpper(first) && len(w) > 3:
			if _, small := ids[string(unicode.ToLower(first))+w[size:]]; !small {
				m.kinds[id] = name
				m.names = append(m.names, uint32(id))
			}
		}
	}
}

// Words counts the words of the texts.
func (m *Model) Words() int { return len(m.byPair) - 2*m.Sentences() }

// Sentences counts the sentences of the texts.
func (m *Model) Sentences() int { return int(m.pair[begin().place+1].n) }

// next gives a step that may follow; after the mark, the first words of
// sentences follow.
func (m *Model) next(r *rand.Rand, at step) step {
	if at.word != 0 && r.Uint32N(100) < backOff {
		s := m.last[at.word]
		return m.byLast[s.from+r.Uint32N(s.n)]
	}
	s := m.pair[at.place+1]
	return m.byPair[s.from+r.Uint32N(s.n)]
}

// sentence says one.
func (m *Model) sentence(r *rand.Rand) []step {
	var room [MaxSentence]step
	for {
		s := m.say(r, room[:0], begin(), MaxSentence)
		if len(s) >= MinSentence {
			return slices.Clone(s)
		}
	}
}

// say appends up to n words that may follow, to the end of a sentence.
func (m *Model) say(r *rand.Rand, s []step, at step, n int) []step {
	for range n {
		at = m.next(r, at)
		if at.word == 0 {
			break
		}
		s = append(s, at)
	}
	return s
}
