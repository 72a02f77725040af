package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// A tally counts words: of either text, and of what differs. Typography counts
// as equal, and so do passages that moved.
type tally struct{ old, new, added, removed, moved int }

// A weaver writes runs: equal text, and changes gathered until equal text or
// the end closes them. It goes through both texts by byte; what is between the
// last equal text and where it stands is the change being gathered.
type weaver struct {
	old, new   *text
	moves      marked
	runs       []Run
	count      tally
	same       [2]int // of the old text: equal and not yet written
	o, n       [2]int // of either text: the change being gathered
	gone, come int    // words in it
	unlike     bool   // it has tokens that do not match
	typography bool   // no change so far but in folding
}

// weave turns segments into runs that have every byte of both texts.
func weave(segs []segment, old, new *text, moves marked) (runs []Run, count tally, typography bool) {
	w := weaver{old: old, new: new, moves: moves, typography: true, runs: make([]Run, 0, 2*len(segs))}
	for _, s := range segs {
		if s.same {
			for k := range s.o.to - s.o.from {
				w.match(s.o.from+k, s.n.from+k)
			}
			continue
		}
		w.close()
		w.unlike = true
		if s.o.from < s.o.to {
			w.o[1] = int(old.toks[s.o.to-1].end)
			w.gone += old.words(s.o)
		}
		if s.n.from < s.n.to {
			w.n[1] = int(new.toks[s.n.to-1].end)
			w.come += new.words(s.n)
		}
	}
	w.close()
	w.flushSame()
	changed := len(w.runs) > 1 || len(w.runs) == 1 && w.runs[0].Op != Equal
	return tidy(w.runs), w.count, changed && w.typography
}

// match takes two tokens with equal folded bodies.
func (w *weaver) match(i, j int) {
	x, y := w.old.toks[i], w.new.toks[j]
	w.either(int(x.at), int(y.at), 0)
	w.either(int(x.end), int(y.end), int(x.words))
}

// either takes what matches up to byte o of the old and n of the new text.
func (w *weaver) either(o, n, words int) {
	if w.old.src[w.o[1]:o] != w.new.src[w.n[1]:n] {
		w.o[1], w.n[1] = o, n
		w.gone += words
		w.come += words
		return
	}
	w.count.old += words
	w.count.new += words
	if o == w.o[1] {
		return
	}
	w.close()
	w.equal(o - w.o[1])
}

// equal takes the next bytes of both texts as equal.
func (w *weaver) equal(size int) {
	if w.same[0] == w.same[1] {
		w.same[0] = w.o[1]
	}
	w.same[1] = w.o[1] + size
	w.o = [2]int{w.o[1] + size, w.o[1] + size}
	w.n = [2]int{w.n[1] + size, w.n[1] + size}
}

// close ends the change that is being gathered.
func (w *weaver) close() {
	o, n := w.old.src[w.o[0]:w.o[1]], w.new.src[w.n[0]:w.n[1]]
	if o == "" && n == "" {
		return
	}
	end := [2]int{w.o[1], w.n[1]}
	w.o[1], w.n[1] = w.o[0], w.n[0]
	lead := leadingSpace(o, n)
	if o == n {
		lead = len(o)
	}
	w.equal(lead)
	w.o[1], w.n[1] = end[0], end[1]
	w.count.old += w.gone
	w.count.new += w.come
	if o != n {
		w.change(o[lead:], n[lead:])
	}
	w.o[0], w.n[0] = w.o[1], w.n[1]
	w.gone, w.come, w.unlike = 0, 0, false
}

// change writes a change.
func (w *weaver) change(o, n string) {
	w.flushSame()
	if w.unlike && w.gone != w.come || !foldsEqual(o, n) {
		w.typography = false
		moved := w.moves.new.words(w.n)
		w.count.removed += w.gone - w.moves.old.words(w.o)
		w.count.added += w.come - moved
		w.count.moved += moved
	}
	w.runs = w.moves.old.cut(w.runs, Delete, o, w.o[1]-len(o))
	w.runs = w.moves.new.cut(w.runs, Insert, n, w.n[1]-len(n))
}

func (w *weaver) flushSame() {
	if w.same[0] < w.same[1] {
		w.runs = append(w.runs, Run{Op: Equal, Text: w.old.src[w.same[0]:w.same[1]]})
	}
	w.same = [2]int{}
}

// leadingSpace is the length of the white space that both begin with.
func leadingSpace(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		r, size := utf8.DecodeRuneInString(a[n:])
		if !unicode.IsSpace(r) || !strings.HasPrefix(b[n:], a[n:n+size]) {
			break
		}
		n += size
	}
	return n
}

// foldsEqual reports whether a change is one of typography: both sides fold to
// the same, white space at the ends included.
func foldsEqual(o, n string) bool {
	return news.Fold("|"+o+"|") == news.Fold("|"+n+"|")
}

// tidy moves the space before a lone change behind it, so that the change
// begins with its word: "a [-very -]good", not "a[- very-] good".
func tidy(runs []Run) []Run {
	for k := 1; k+1 < len(runs); k++ {
		before, here, after := &runs[k-1], &runs[k], &runs[k+1]
		if here.Op == Equal || before.Op != Equal || after.Op != Equal {
			continue
		}
		n := leadingSpace(here.Text, after.Text)
		if n == 0 || n == len(here.Text) || n == len(after.Text) {
			continue
		}
		space := here.Text[:n]
		before.Text += space
		here.Text = here.Text[n:] + space
		after.Text = after.Text[n:]
	}
	return runs
}

// whole is the runs of a text that stands on one side only, or on both.
func whole(op Op, s string) []Run {
	if s == "" {
		return []Run{}
	}
	return []Run{{Op: op, Text: s}}
}

// replaced is the runs of a value that is replaced as a whole.
func replaced(old, new string) []Run {
	if old == new {
		return whole(Equal, old)
	}
	return append(whole(Delete, old), whole(Insert, new)...)
}

// textOf puts runs together, leaving one operation out.
func textOf(runs []Run, leave Op) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Op != leave {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}
