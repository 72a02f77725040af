package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// A weaver writes runs: equal text, and changes gathered until equal text or
// the end of a segment closes them.
type weaver struct {
	runs          []Run
	same          strings.Builder
	gone, come    strings.Builder
	onlyTypefaces bool // no change so far but in folding
}

// weave turns segments into runs that have every byte of both texts.
func weave(segs []segment, old, new text) (runs []Run, typography bool) {
	w := weaver{runs: []Run{}, onlyTypefaces: true}
	for _, s := range segs {
		if s.same {
			for k := range s.o.to - s.o.from {
				w.match(old.toks[s.o.from+k], new.toks[s.n.from+k])
			}
			continue
		}
		w.close()
		for _, t := range old.toks[s.o.from:s.o.to] {
			w.gone.WriteString(t.gap + t.body)
		}
		for _, t := range new.toks[s.n.from:s.n.to] {
			w.come.WriteString(t.gap + t.body)
		}
	}
	w.close()
	w.flushSame()
	changed := len(w.runs) > 1 || len(w.runs) == 1 && w.runs[0].Op != Equal
	return tidy(w.runs), changed && w.onlyTypefaces
}

// match writes two tokens with equal folded bodies.
func (w *weaver) match(o, n token) {
	w.either(o.gap, n.gap)
	w.either(o.body, n.body)
}

func (w *weaver) either(o, n string) {
	switch {
	case o == n && o == "":
	case o == n:
		w.close()
		w.same.WriteString(o)
	default:
		w.gone.WriteString(o)
		w.come.WriteString(n)
	}
}

// close ends the change that is being gathered.
func (w *weaver) close() {
	o, n := w.gone.String(), w.come.String()
	if o == "" && n == "" {
		return
	}
	w.gone.Reset()
	w.come.Reset()
	lead := leadingSpace(o, n)
	w.same.WriteString(o[:lead])
	o, n = o[lead:], n[lead:]
	if o == n {
		w.same.WriteString(o)
		return
	}
	w.flushSame()
	if !foldsEqual(o, n) {
		w.onlyTypefaces = false
	}
	if o != "" {
		w.runs = append(w.runs, Run{Op: Delete, Text: o})
	}
	if n != "" {
		w.runs = append(w.runs, Run{Op: Insert, Text: n})
	}
}

func (w *weaver) flushSame() {
	if w.same.Len() > 0 {
		w.runs = append(w.runs, Run{Op: Equal, Text: w.same.String()})
		w.same.Reset()
	}
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

// tally counts the words of runs. A deletion and an insertion that fold to the
// same are typography, and count as equal.
func tally(runs []Run) (added, removed, same int) {
	for k := 0; k < len(runs); k++ {
		r := runs[k]
		if r.Op == Delete && k+1 < len(runs) && runs[k+1].Op == Insert && foldsEqual(r.Text, runs[k+1].Text) {
			same += countWords(r.Text)
			k++
			continue
		}
		switch r.Op {
		case Equal:
			same += countWords(r.Text)
		case Delete:
			removed += countWords(r.Text)
		case Insert:
			added += countWords(r.Text)
		}
	}
	return added, removed, same
}
