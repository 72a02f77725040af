package diff

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// A placed sentence is one of the sentences that an alignment links.
type placed struct {
	place        Place
	words, marks int   // marks are its characters but white space
	kin          []int // sentences of the other side linked with it, ascending
	action       int   // index of its action; -1 = none yet
}

// An alignment links the sentences of the rows of a script.
type alignment struct {
	rows     []sentenceRow // one for each row of the script
	old, new []placed      // in the order of the rows
	links    map[pair]*shared
	order    []pair              // the links, in the order in which they were met
	moves    map[string]*passage // by the id of the move
	passages []*passage          // all, in the order in which they were met
	actions  []Action
	apart    []bool // of each action: a passage that moved was followed for it
	work     budget
}

// A shared part is what an old and a new sentence have in common.
type shared struct {
	words, marks int
	moved        int // of the words, those of a passage that moved
}

// A sentenceRow is the sentences of a row of a script.
type sentenceRow struct {
	id       string
	moved    bool
	same     bool // an equal row: its sentences need no weighing
	old, new []bounds
	order    []met
}

// Bounds are where sentence at of a side begins and ends in the text of a row.
type bounds struct{ from, to, at int }

// A met sentence is one of the old side (Delete) or of the new one (Insert).
type met struct {
	of Op
	at int
}

// A passage is text that stands apart on both sides: one that moved, or a
// change of typography.
type passage struct {
	moved    bool
	old, new []bit
}

// A bit is a word or a mark of a sentence, folded.
type bit struct {
	at     int
	folded string
	word   bool
}

// newAlignment cuts the rows of a script into sentences.
func newAlignment(s Script) *alignment {
	t := &alignment{rows: make([]sentenceRow, len(s.Edits)), links: map[pair]*shared{}, moves: map[string]*passage{}, work: budget{left: MaxWork}}
	for k, e := range s.Edits {
		if e.Origin() {
			continue // the new end has both texts
		}
		row := &t.rows[k]
		row.id, row.moved, row.same = e.ID, e.Op == Move, e.Op == Equal
		row.old, t.old = placeSentences(t.old, e.Old, textOf(e.Runs, Insert), !row.same)
		row.new, t.new = placeSentences(t.new, e.New, textOf(e.Runs, Delete), !row.same)
	}
	return t
}

// placeSentences appends the sentences of the blocks of one side of a row, with
// their sizes if they are to be weighed.
func placeSentences(all []placed, blocks []int, text string, weighed bool) ([]bounds, []placed) {
	parts := []string{text}
	if len(blocks) > 1 {
		parts = strings.SplitN(text, paragraphBreak, len(blocks))
	}
	var out []bounds
	from := 0
	for i, part := range parts {
		if i == len(blocks) {
			break // a text without a block
		}
		at := from
		for n, s := range Sentences(part) {
			out = append(out, bounds{at, at + len(s), len(all)})
			p := placed{place: Place{blocks[i], n}, action: -1}
			if weighed {
				p.words, p.marks = countWords(s), countMarks(s)
			}
			all = append(all, p)
			at += len(s)
		}
		from += len(part) + len(paragraphBreak)
	}
	return out, all
}

func countMarks(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// walk cuts the runs of a row where a sentence of either side ends, and gives
// for each piece the run it is of and the sentences it is in; -1 = none.
func (t *alignment) walk(row sentenceRow, runs []Run, f func(run int, text string, o, n int)) {
	old, new := cursor{left: row.old}, cursor{left: row.new}
	for k, r := range runs {
		for text := r.Text; text != ""; {
			size, o, n := len(text), -1, -1
			if r.Op != Insert {
				o, size = old.here(size)
			}
			if r.Op != Delete {
				n, size = new.here(size)
			}
			if r.Op != Insert {
				old.at += size
			}
			if r.Op != Delete {
				new.at += size
			}
			f(k, text[:size], o, n)
			text = text[size:]
		}
	}
}

// A cursor goes through the text of one side of a row.
type cursor struct {
	left []bounds
	at   int
}

// here is the sentence at the cursor, -1 for none, and for how many bytes, at
// most size, that holds.
func (c *cursor) here(size int) (int, int) {
	for len(c.left) > 0 && c.left[0].to <= c.at {
		c.left = c.left[1:]
	}
	switch {
	case len(c.left) == 0:
		return -1, size
	case c.at < c.left[0].from:
		return -1, min(size, c.left[0].from-c.at)
	}
	return c.left[0].at, min(size, c.left[0].to-c.at)
}

// follow finds what the sentences of row k share: equal text, and words that
// are carried on by a passage.
func (t *alignment) follow(k int, runs []Run) {
	row := &t.rows[k]
	through := t.through(runs)
	seenOld, seenNew := -1, -1
	t.walk(*row, runs, func(run int, text string, o, n int) {
		if o > seenOld {
			row.order, seenOld = append(row.order, met{Delete, o}), o
		}
		if n > seenNew {
			row.order, seenNew = append(row.order, met{Insert, n}), n
		}
		switch p := through[run]; {
		case o >= 0 && n >= 0:
			l := t.link(o, n)
			if row.same {
				return
			}
			l.words, l.marks = l.words+countWords(text), l.marks+countMarks(text)
		case p == nil:
		case o >= 0:
			p.old = appendBits(p.old, o, text)
		case n >= 0:
			p.new = appendBits(p.new, n, text)
		}
	})
}

func (t *alignment) link(o, n int) *shared {
	at := pair{o, n}
	l := t.links[at]
	if l == nil {
		l = &shared{}
		t.links[at] = l
		t.order = append(t.order, at)
	}
	return l
}

// through gives for each run the passage that it is part of; nil = none.
func (t *alignment) through(runs []Run) []*passage {
	out := make([]*passage, len(runs))
	for k, r := range runs {
		switch {
		case r.Move != "":
			if t.moves[r.Move] == nil {
				t.moves[r.Move] = t.begin(true)
			}
			out[k] = t.moves[r.Move]
		case typographic(runs, k):
			out[k] = t.begin(false)
			out[k+1] = out[k]
		}
	}
	return out
}

func (t *alignment) begin(moved bool) *passage {
	p := &passage{moved: moved}
	t.passages = append(t.passages, p)
	return p
}

// typographic reports whether the deletion at run k and the insertion after it
// differ in folding only.
func typographic(runs []Run, k int) bool {
	return k+1 < len(runs) && runs[k].Op == Delete && runs[k+1].Op == Insert && foldsEqual(runs[k].Text, runs[k+1].Text)
}

// appendBits appends what a part of a sentence consists of. The white space of
// a passage of nothing else is a bit, for it is in a sentence too.
func appendBits(bs []bit, at int, text string) []bit {
	for _, p := range pieces(text) {
		if p.sort != blank {
			bs = append(bs, bit{at, fold(p.s), p.sort != mark})
		}
	}
	if len(bs) == 0 {
		bs = append(bs, bit{at: at})
	}
	return bs
}

// carry links the sentences of the two ends of a passage, bit by bit from both
// its ends; that is all of it, but in a script that contradicts itself.
func (t *alignment) carry(p *passage) {
	a, b := p.old, p.new
	if len(a) == 0 || len(b) == 0 {
		return
	}
	if !p.moved && !hasWords(a) && !hasWords(b) { // one character may be three on the other side: "…"
		t.link(a[0].at, b[0].at).marks += max(len(a), len(b))
		return
	}
	for len(a) > 0 && len(b) > 0 && a[0].same(b[0]) {
		t.bind(a[0], b[0], p.moved)
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].same(b[len(b)-1]) {
		t.bind(a[len(a)-1], b[len(b)-1], p.moved)
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
}

func (b bit) same(other bit) bool { return b.folded == other.folded && b.word == other.word }

func hasWords(bs []bit) bool {
	return slices.ContainsFunc(bs, func(b bit) bool { return b.word })
}

func (t *alignment) bind(a, b bit, moved bool) {
	l := t.link(a.at, b.at)
	l.marks += countMarks(a.folded)
	if a.word {
		l.words++
	}
	if a.word && moved {
		l.moved++
	}
}

// choose keeps the links that make one sentence of two, the strongest first,
// and no more than lets each group have one sentence on one side.
func (t *alignment) choose() {
	slices.SortStableFunc(t.order, func(a, b pair) int {
		x, y := t.links[a], t.links[b]
		return cmp.Or(cmp.Compare(y.words, x.words), cmp.Compare(y.marks, x.marks))
	})
	for _, l := range t.order {
		o, n := &t.old[l.o], &t.new[l.n]
		if !t.links[l].enough(*o, *n) || !linkable(o.kin, n.kin, t.old) && !linkable(n.kin, o.kin, t.new) {
			continue
		}
		o.kin, n.kin = append(o.kin, l.n), append(n.kin, l.o)
	}
	for _, side := range [][]placed{t.old, t.new} {
		for i := range side {
			slices.Sort(side[i].kin)
		}
	}
}

// linkable reports whether a sentence with kin may be linked with one that has
// others on the first one's side: it must be free, and they must have no link
// but that one.
func linkable(kin, others []int, side []placed) bool {
	return len(kin) == 0 && (len(others) != 1 || len(side[others[0]].kin) == 1)
}

// enough reports whether what two sentences share makes them one.
func (s shared) enough(o, n placed) bool {
	if short := min(o.words, n.words); short > 0 {
		return float64(s.words) >= MinLinked*float64(short)
	}
	if o.marks+n.marks == 0 {
		return true
	}
	short := min(o.marks, n.marks)
	return short > 0 && float64(s.marks) >= MinLinked*float64(short)
}
