package appraise

import "strings"

// How far from a number the word is looked for that it counts, in words.
const (
	countedAfter  = 5
	countedBefore = 6
	countedWords  = 3 // words that name a thing
)

// counted finds what a number counts: the people, things or units named after
// it; people also before it ("the toll rose to 15").
func (s side) counted(n *number, l *lexicon) {
	if n.of != ofCount {
		return
	}
	if at, k, people := s.countedAfter(n.to, l); k > 0 {
		n.what = s.span(at, at+k)
		if people {
			n.of = ofPeople
		}
		return
	}
	for i := n.from - 1; i >= 0 && i >= n.from-countedBefore; i-- {
		if s.toks[i].sort == markToken && strings.ContainsAny(s.toks[i].text, ".;:!?。；") {
			return
		}
		if l.has("people", s.toks[i].key) {
			n.of, n.what = ofPeople, s.toks[i].text
			return
		}
	}
}

// countedAfter looks from token from on: the first word for people, else the
// first unit, else the words up to the next function word.
func (s side) countedAfter(from int, l *lexicon) (at, k int, people bool) {
	i := from
	for ; i < len(s.toks) && i < from+countedAfter; i++ {
		t := s.toks[i]
		if t.sort == markToken && t.text == "-" && glued(s.toks, i) {
			continue
		}
		if t.sort != wordToken {
			break
		}
		if _, w := l.at("people", s.toks, i); w > 0 {
			return i, w, true
		}
		if _, w := l.at("units", s.toks, i); w > 0 && k == 0 {
			at, k = i, w
		}
		if l.has("articles", t.key) && !l.has("dateof", t.key) {
			break
		}
	}
	if k > 0 || !l.knows("articles") {
		return at, k, false
	}
	return s.thing(from, min(i, from+countedWords), i, l)
}

// thing is the words from from on that say what is counted: all up to the
// function word or mark at end, when they are few, else the first.
func (s side) thing(from, most, end int, l *lexicon) (at, k int, people bool) {
	if from >= end || s.toks[from].sort != wordToken || l.has("articles", s.toks[from].key) ||
		capital(s.toks[from].text) && !l.has("spelling", "nouns") || single(firstRune(s.toks[from].text)) {
		return 0, 0, false
	}
	if end > most {
		return from, 1, false
	}
	return from, end - from, false
}
