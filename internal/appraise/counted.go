package appraise

import "strings"

// How far from a number the word is looked for that it counts, in words.
const (
	countedAfter  = 5
	countedBefore = 6
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
// first word that can be counted.
func (s side) countedAfter(from int, l *lexicon) (at, k int, people bool) {
	for i := from; i < len(s.toks) && i < from+countedAfter; i++ {
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
			return i, w, false
		}
		if l.has("articles", t.key) {
			if k > 0 {
				break
			}
			continue
		}
		if k == 0 && i == from {
			at, k = i, 1
		}
	}
	if k > 0 && single(firstRune(s.toks[at].text)) {
		return 0, 0, false // one character of an unknown word
	}
	return at, k, false
}
