package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Form is one way in which the index may hold a term: words that follow one
// another. With Prefix the last one is only how a word begins.
type Form struct {
	Words  []string
	Prefix bool
}

// Forms gives the ways in which texts of those languages hold the term, none
// twice; a term is found when any of them is. A language is what [Stemmed]
// gives, so "" stands for all without stems.
//
// Of a prefix these are: words whose index form begins so; the word itself; and,
// because a stem can be shorter than what was typed (immigrat*, but immigration
// is held as immigr), the stems of words made by the common endings of each
// language.
func (t Term) Forms(languages []string) []Form {
	var out []Form
	add := func(words []string, prefix bool) {
		f := Form{words, prefix}
		if len(words) > 0 && !slices.ContainsFunc(out, func(g Form) bool { return g.Prefix == prefix && slices.Equal(g.Words, words) }) {
			out = append(out, f)
		}
	}
	if t.Prefix {
		words, _ := open(newCutter("").words(nil, t.Text))
		add(words, true)
	}
	for _, tag := range languages {
		c := newCutter(tag)
		words, prefix := open(c.words(nil, t.Text))
		add(words, prefix)
		if t.Prefix {
			for _, whole := range completed(t.Text, tag) {
				add(c.words(nil, whole), false)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(out), func(f Form) bool { return covered(f, out) })
}

// open makes of the words of a whole text those of a piece of it: a run of a
// script without spaces may go on after its last character, so this is left out,
// or, when it is all that there is of the run, is how a pair begins.
func open(words []string) (_ []string, prefix bool) {
	if len(words) == 0 {
		return nil, false
	}
	last := words[len(words)-1]
	r, size := utf8.DecodeRuneInString(last)
	if !unspaced(r) || size < len(last) {
		return words, false
	}
	if len(words) > 1 && strings.HasSuffix(words[len(words)-2], last) && pair(words[len(words)-2]) {
		return words[:len(words)-1], false
	}
	return words, true
}

// pair reports whether a word is two characters of a script without spaces.
func pair(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unspaced(r) && utf8.RuneCountInString(word) == 2
}

// completed are the words that the beginning of a word makes with the endings of
// a language, a part of which it may have already: runni makes running.
func completed(begin, tag string) (out []string) {
	begin = strings.ToLower(begin)
	for _, ending := range endings(tag) {
		for k := range ending {
			if strings.HasSuffix(begin, ending[:k]) {
				out = append(out, begin+ending[k:])
			}
		}
	}
	return out
}

// covered reports whether another form of one word finds all that f finds.
func covered(f Form, all []Form) bool {
	if f.Prefix || len(f.Words) != 1 {
		return false
	}
	return slices.ContainsFunc(all, func(g Form) bool {
		return g.Prefix && len(g.Words) == 1 && strings.HasPrefix(f.Words[0], g.Words[0])
	})
}
