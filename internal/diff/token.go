package diff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"stet/internal/news"
)

// A token is what the comparison of words never splits: a word, a mark, or a
// span of them that belongs together.
type token struct {
	gap   string // white space before it
	body  string
	at    int   // where body begins in the text
	id    int32 // equal for bodies that fold to the same
	words int
}

// A text is a block or field cut into tokens. The last token is empty; its gap
// is the white space at the end.
type text struct {
	src  string
	toks []token
	bag  []int32 // ids of the words, sorted; spans count word by word
}

// names gives folded strings small numbers, the same for one comparison.
type names map[string]int32

// The first ids are taken by the end of a text and the break between blocks,
// which no folded text can be named.
const (
	endID int32 = iota
	breakID
	firstID
)

func (n names) id(folded string) int32 {
	if id, ok := n[folded]; ok {
		return id
	}
	id := firstID + int32(len(n))
	n[folded] = id
	return id
}

// fold is news.Fold; most tokens need none.
func fold(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c <= ' ' || c == '`' {
			return news.Fold(s)
		}
	}
	return s
}

// A piece is a segment of UAX #29.
type piece struct {
	s    string
	at   int
	sort pieceSort
}

type pieceSort uint8

const (
	blank  pieceSort = iota // white space, or nothing that shows
	word                    // has a letter
	number                  // begins with a digit
	mark                    // anything else
)

func sortOf(s string) pieceSort {
	first, _ := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsDigit(first):
		return number
	case unicode.IsLetter(first):
		return word
	}
	shows := false
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return word
		}
		shows = shows || !hidden(r)
	}
	if shows {
		return mark
	}
	return blank
}

// hidden reports whether folding takes the character for white space or nothing.
func hidden(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsSpace(r)
}

func pieces(s string) []piece {
	out := make([]piece, 0, len(s)/3+1)
	at := 0
	for it := words.FromString(s); it.Next(); {
		v := it.Value()
		out = append(out, piece{v, at, sortOf(v)})
		at += len(v)
	}
	return out
}

// countWords is the number of words in a text.
func countWords(s string) int {
	n := 0
	for it := words.FromString(s); it.Next(); {
		if k := sortOf(it.Value()); k == word || k == number {
			n++
		}
	}
	return n
}

// cut makes the tokens of a text.
func cut(s string, n names) text {
	ps := pieces(s)
	t := newText(s, ps)
	end := 0 // of the token before
	for i := 0; i < len(ps); {
		if ps[i].sort == blank {
			i++
			continue
		}
		k := span(ps, i)
		tok := token{gap: s[end:ps[i].at], at: ps[i].at}
		for _, p := range ps[i : i+k] {
			if p.sort == word || p.sort == number {
				tok.words++
				t.bag = append(t.bag, n.id(fold(p.s)))
			}
		}
		i += k
		end = len(s)
		if i < len(ps) {
			end = ps[i].at
		}
		tok.body = s[tok.at:end]
		tok.id = n.id(fold(tok.body))
		t.toks = append(t.toks, tok)
	}
	t.toks = append(t.toks, token{gap: s[end:], at: len(s), id: endID})
	slices.Sort(t.bag)
	return t
}

// newText is an empty text with room for all the tokens of its pieces.
func newText(s string, ps []piece) text {
	shown, words := 0, 0
	for _, p := range ps {
		if p.sort != blank {
			shown++
		}
		if p.sort == word || p.sort == number {
			words++
		}
	}
	return text{src: s, toks: make([]token, 0, shown+1), bag: make([]int32, 0, words)}
}

// join puts two texts after one another with a paragraph break between them.
func join(a, b text) text {
	last := a.toks[len(a.toks)-1]
	t := text{src: a.src + paragraphBreak + b.src}
	t.toks = append(t.toks, a.toks[:len(a.toks)-1]...)
	t.toks = append(t.toks, token{gap: last.gap, body: paragraphBreak, at: last.at, id: breakID})
	for _, tok := range b.toks {
		tok.at += len(a.src) + len(paragraphBreak)
		t.toks = append(t.toks, tok)
	}
	return t
}

// splittable reports whether a block may take part in a split or merge: a
// break in its own text could be taken for one between blocks.
func splittable(s string) bool {
	return !strings.Contains(s, "\n")
}
