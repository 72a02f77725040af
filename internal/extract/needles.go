package extract

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A pattern is a regular expression that is only asked about texts that hold
// some word without which it cannot match. It matches exactly what the
// expression matches; the words are read from the expression itself, so that
// they cannot fall behind it.
//
// It is made when it is first asked: most commands read no page, and the word
// searches take room.
type pattern func() *search

// A search is an expression ready to be asked.
type search struct {
	rx    *regexp.Regexp
	words *finder // nil = the expression needs no word
}

// newPattern takes an RE2 expression that is part of the program.
func newPattern(expr string) pattern {
	return sync.OnceValue(func() *search {
		s := &search{rx: regexp.MustCompile(expr)}
		if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
			if words := needsOf(tree).words(); shortest(words) >= minNeedle {
				s.words = newFinder(words)
			}
		}
		return s
	})
}

// MatchString is that of the expression.
func (p pattern) MatchString(text string) bool {
	s := p()
	return (s.words == nil || s.words.in(text)) && s.rx.MatchString(text)
}

// FindStringIndex is that of the expression.
func (p pattern) FindStringIndex(text string) []int {
	s := p()
	if s.words != nil && !s.words.in(text) {
		return nil
	}
	return s.rx.FindStringIndex(text)
}

const (
	minNeedle  = 2   // bytes of the shortest word that is worth looking for
	maxNeedles = 256 // words that one expression is followed into
	maxClass   = 8   // runes of a character class that is spelt out
)

// Needs are what a text must hold for an expression to match in it: one of
// the words. They are exact when these are all that the expression matches.
type needs struct {
	exact []string // nil = more than can be listed
	some  []string // one of them is in every match; nil = unknown
}

func (n needs) words() []string {
	if n.exact != nil {
		return n.exact
	}
	return n.some
}

// needsOf reads the needs of an expression, case folded away.
func needsOf(re *syntax.Regexp) needs {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return needs{exact: []string{""}}
	case syntax.OpLiteral:
		return needs{exact: []string{foldCase(string(re.Rune))}}
	case syntax.OpCharClass:
		return classNeeds(re.Rune)
	case syntax.OpCapture:
		return needsOf(re.Sub[0])
	case syntax.OpQuest:
		if n := needsOf(re.Sub[0]); n.exact != nil && len(n.exact) < maxNeedles {
			return needs{exact: distinct(append(n.exact, ""))}
		}
	case syntax.OpPlus:
		return needs{some: needsOf(re.Sub[0]).words()}
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needs{some: needsOf(re.Sub[0]).words()}
		}
	case syntax.OpConcat:
		return joinNeeds(re.Sub)
	case syntax.OpAlternate:
		return eitherNeeds(re.Sub)
	}
	return needs{}
}

// classNeeds spells out a small class, given as pairs of first and last rune.
func classNeeds(pairs []rune) needs {
	var out []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if int(pairs[i+1]-pairs[i]) >= maxClass || len(out) > 4*maxClass {
			return needs{}
		}
		for r := pairs[i]; r <= pairs[i+1]; r++ {
			out = append(out, string(foldRune(r)))
		}
	}
	if out = distinct(out); len(out) > maxClass {
		return needs{}
	}
	return needs{exact: out}
}

// joinNeeds multiplies what stands in a row as far as it can be listed, and
// keeps the best of the parts.
func joinNeeds(subs []*syntax.Regexp) needs {
	run, best, whole := []string{""}, []string(nil), true
	for _, sub := range subs {
		n := needsOf(sub)
		if n.exact != nil && len(n.exact)*len(run) <= maxNeedles {
			run = product(run, n.exact)
			continue
		}
		best, whole = better(better(best, run), n.words()), false
		if run = []string{""}; n.exact != nil {
			run = n.exact
		}
	}
	if whole {
		return needs{exact: run}
	}
	return needs{some: better(best, run)}
}

// eitherNeeds unites the needs of alternatives, of which each must have some.
func eitherNeeds(subs []*syntax.Regexp) needs {
	var all []string
	exact := true
	for _, sub := range subs {
		n := needsOf(sub)
		exact = exact && n.exact != nil
		if n.words() == nil {
			return needs{}
		}
		all = append(all, n.words()...)
	}
	if all = distinct(all); exact && len(all) <= maxNeedles {
		return needs{exact: all}
	}
	return needs{some: all}
}

func product(a, b []string) []string {
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return distinct(out)
}

// better is the list whose shortest word is longer: it lets less through.
func better(a, b []string) []string {
	if shortest(b) > shortest(a) {
		return b
	}
	return a
}

func shortest(words []string) int {
	if len(words) == 0 {
		return -1
	}
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// A finder looks for any of many words at once, without regard to case: the
// automaton of Aho and Corasick over the bytes of the folded text.
type finder struct {
	class [256]uint8 // of a byte; 0 = in no word
	width int        // number of classes
	next  []int32    // by state × width + class; found = a word ends here
}

const found = -1

// newFinder prepares the search for words.
func newFinder(list []string) *finder {
	f := &finder{width: 1}
	words := make([]string, len(list))
	for k, w := range list {
		w = foldCase(w)
		words[k] = w
		for i := range len(w) {
			if c := w[i]; f.class[c] == 0 {
				f.class[c], f.width = uint8(f.width), f.width+1
			}
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		f.class[c] = f.class[c+'a'-'A']
	}
	f.grow()
	for _, w := range words {
		f.plant(w)
	}
	f.link()
	return f
}

// grow adds a state and gives its place.
func (f *finder) grow() int32 {
	at := int32(len(f.next))
	f.next = append(f.next, make([]int32, f.width)...)
	return at
}

func (f *finder) plant(w string) {
	at := int32(0)
	for i := range len(w) {
		slot := at + int32(f.class[w[i]])
		switch {
		case f.next[slot] == found:
			return // a shorter word is its beginning
		case i == len(w)-1:
			f.next[slot] = found
		case f.next[slot] == 0:
			f.next[slot] = f.grow()
		}
		at = f.next[slot]
	}
}

// link fills the empty slots with where the longest suffix leads.
func (f *finder) link() {
	type pair struct{ state, suffix int32 }
	queue := []pair{{0, 0}}
	for len(queue) > 0 {
		q := queue[0]
		queue = queue[1:]
		for c := range int32(f.width) {
			to, back := f.next[q.state+c], f.next[q.suffix+c]
			switch {
			case to == found:
			case q.state == 0 && to != 0:
				queue = append(queue, pair{to, 0})
			case to == 0 || back == found:
				f.next[q.state+c] = back
			default:
				queue = append(queue, pair{to, back})
			}
		}
	}
}

// in reports whether any of the words is in s.
func (f *finder) in(s string) bool {
	at := int32(0)
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if at = f.next[at+int32(f.class[c])]; at == found {
				return true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		var buf [utf8.UTFMax]byte
		for _, c := range buf[:utf8.EncodeRune(buf[:], foldRune(r))] {
			if at = f.next[at+int32(f.class[c])]; at == found {
				return true
			}
		}
	}
	return false
}

// foldCase gives the form of a text that is equal for all spellings that RE2
// takes for the same when it ignores case.
func foldCase(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		out = append(out, foldRune(r))
	}
	return string(out)
}

// foldRune gives one rune for all that Unicode folds to each other: a lower
// case ASCII letter if there is one, else the first.
func foldRune(r rune) rune {
	if int(r) < len(folded) {
		return rune(folded[r])
	}
	return foldOrbit(r)
}

// caseTable is where the letters of the European alphabets end.
const caseTable = 0x600

var folded = func() (t [caseTable]uint16) {
	for r := range t {
		t[r] = uint16(foldOrbit(rune(r)))
	}
	return t
}()

func foldOrbit(r rune) rune {
	switch {
	case r >= 0x2E80 && r < 0xA640: // East Asian scripts have no case
		return r
	case r == 'İ': // strings.ToLower takes it for an i, though RE2 does not
		return 'i'
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}
