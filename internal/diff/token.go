package diff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// A token is what the comparison of words never splits: a word, a mark, or a
// span of them that belongs together. The white space before it, its gap, goes
// from the end of the token before.
type token struct {
	at, end int32 // of its body in the text
	id      int32 // equal for bodies that fold to the same
	words   int32
}

// A text is a block or field cut into tokens. The last token is empty; its gap
// is the white space at the end.
type text struct {
	src  string
	toks []token
	bag  []int32 // ids of the words, sorted; spans count word by word
}

// gap is the white space before token k.
func (t *text) gap(k int) string { return t.src[t.gapAt(k):t.toks[k].at] }

func (t *text) gapAt(k int) int {
	if k == 0 {
		return 0
	}
	return int(t.toks[k-1].end)
}

// body is token k without the space before it.
func (t *text) body(k int) string { return t.src[t.toks[k].at:t.toks[k].end] }

// between is the text of the tokens of a stretch, gaps included.
func (t *text) between(s stretch) string {
	if s.from == s.to {
		return ""
	}
	return t.src[t.gapAt(s.from):t.toks[s.to-1].end]
}

// words is the number of words in a stretch.
func (t *text) words(s stretch) int {
	n := int32(0)
	for k := s.from; k < s.to; k++ {
		n += t.toks[k].words
	}
	return int(n)
}

// names gives folded strings small numbers, the same for one comparison. Words
// that are not plain ASCII are remembered as they are written, too: folding
// them is what takes time. The zero value gives no numbers, for texts of which
// only the tokens are wanted.
type names struct{ folded, written map[string]int32 }

func newNames() names { return names{map[string]int32{}, map[string]int32{}} }

// The first ids are taken by the end of a text and the break between blocks,
// which no folded text can be named.
const (
	endID int32 = iota
	breakID
	firstID
)

// top is above all ids.
func (n names) top() int { return int(firstID) + len(n.folded) }

// id is the number of a text as published.
func (n names) id(s string) int32 {
	if n.folded == nil {
		return firstID
	}
	if unfolded(s) {
		return n.of(s)
	}
	id, ok := n.written[s]
	if !ok {
		id = n.of(news.Fold(s))
		n.written[s] = id
	}
	return id
}

// of is the number of a folded text.
func (n names) of(folded string) int32 {
	id, ok := n.folded[folded]
	if !ok {
		id = firstID + int32(len(n.folded))
		n.folded[folded] = id
	}
	return id
}

// unfolded reports whether a token needs no folding; most do not.
func unfolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c <= ' ' || c == '`' {
			return false
		}
	}
	return true
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

// cut makes the tokens of a text; room is working space that is used again.
func cut(s string, n names, room *[]piece) text {
	*room = appendPieces((*room)[:0], s)
	ps := *room
	t := newText(s, ps)
	for i := 0; i < len(ps); {
		if ps[i].sort == blank {
			i++
			continue
		}
		k := span(ps, i)
		tok := token{at: int32(ps[i].at)}
		for _, p := range ps[i : i+k] {
			if p.sort == word || p.sort == number {
				tok.words++
				tok.id = n.id(p.s)
				t.bag = append(t.bag, tok.id)
			}
		}
		last := ps[i+k-1]
		tok.end = int32(last.at + len(last.s))
		if k > 1 || tok.words == 0 {
			tok.id = n.id(s[tok.at:tok.end])
		}
		t.toks = append(t.toks, tok)
		i += k
	}
	t.toks = append(t.toks, token{at: int32(len(s)), end: int32(len(s)), id: endID})
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

// join puts texts after one another with a paragraph break between them.
func join(ts []*text) *text {
	var src strings.Builder
	out := &text{}
	for i, t := range ts {
		if i > 0 {
			at := int32(src.Len())
			src.WriteString(paragraphBreak)
			out.toks = append(out.toks, token{at: at, end: int32(src.Len()), id: breakID})
		}
		from := int32(src.Len())
		src.WriteString(t.src)
		for _, tok := range t.toks[:len(t.toks)-1] {
			tok.at, tok.end = tok.at+from, tok.end+from
			out.toks = append(out.toks, tok)
		}
	}
	out.src = src.String()
	end := int32(len(out.src))
	out.toks = append(out.toks, token{at: end, end: end, id: endID})
	return out
}

// splittable reports whether a block may take part in a split or merge: a
// break in its own text could be taken for one between blocks.
func splittable(s string) bool {
	return !strings.Contains(s, "\n")
}

// pieces is the segments of a text.
func pieces(s string) []piece { return appendPieces(nil, s) }

// countWords is the number of words in a text.
func countWords(s string) int { return fastCountWords(s) }
