package diff

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"stet/internal/news"
)

// Compare gives the edit script from the older to the newer content. It never
// fails: contents of any size, any text and any kinds of block are compared
// within the limits of the package.
func Compare(old, new news.Content) Script {
	c := comparison{
		old: old.Blocks, new: new.Blocks, names: newNames(), work: budget{left: MaxWork},
		oldText: make([]*text, len(old.Blocks)), newText: make([]*text, len(new.Blocks)),
		script: Script{Algorithm: Algorithm, Fields: []FieldEdit{}, Edits: []Edit{}},
	}
	c.fields(old, new)
	c.body()
	c.passages()
	c.write()
	c.script.Approximate = c.work.short
	nameEdits(c.script.Edits)
	return c.script
}

// A comparison is the working state of one Compare.
type comparison struct {
	old, new         []news.Block
	oldText, newText []*text // cut when first needed
	names            names
	room             []piece // working space of cut
	work             budget
	rows             []row
	script           Script
}

// A row is an edit in the making: an equal block, or old and new text cut into
// segments. Of a block that is on one side only, the other text is empty.
type row struct {
	op       Op
	o, n     stretch // blocks
	old, new *text
	segs     []segment
	moves    marked // passages in it that moved
	origin   bool   // the old end of a move
}

// body aligns the blocks and compares those that are linked.
func (c *comparison) body() {
	head, tail := c.ends()
	uo, un := c.blockUnits(head, tail)
	sc := weigh(uo, un, c.names.top())
	links := align(uo, un, sc, &c.work)
	movedTo, movedFrom := c.moved(uo, un, head, links, sc)
	c.rows = make([]row, 0, max(len(c.old), len(c.new)))
	o, n := 0, 0
	equal := func(o1 int) {
		for ; o < o1; o, n = o+1, n+1 {
			c.rows = append(c.rows, row{op: Equal, o: stretch{o, o + 1}, n: stretch{n, n + 1}})
		}
	}
	between := func(o1, n1 int) {
		for ; o < o1; o++ {
			if j, ok := movedTo[o]; ok {
				c.rows = append(c.rows, row{op: Move, o: stretch{o, o + 1}, n: stretch{j, j + 1}, origin: true})
			} else {
				c.pair(Delete, stretch{o, o + 1}, stretch{})
			}
		}
		for ; n < n1; n++ {
			if i, ok := movedFrom[n]; ok {
				c.pair(Move, stretch{i, i + 1}, stretch{n, n + 1})
			} else {
				c.pair(Insert, stretch{}, stretch{n, n + 1})
			}
		}
	}
	equal(head)
	for _, l := range links {
		l.o.from, l.o.to, l.n.from, l.n.to = l.o.from+head, l.o.to+head, l.n.from+head, l.n.to+head
		between(l.o.from, l.n.from)
		if l.single() && same(c.old[o], c.new[n]) {
			equal(l.o.to)
			continue
		}
		c.pair(Replace, l.o, l.n)
		o, n = l.o.to, l.n.to
	}
	between(len(c.old)-tail, len(c.new)-tail)
	equal(len(c.old))
}

// ends is how many blocks at the beginning, and of the others at the end, are
// the same.
func (c *comparison) ends() (head, tail int) {
	for head < len(c.old) && head < len(c.new) && same(c.old[head], c.new[head]) {
		head++
	}
	for tail < len(c.old)-head && tail < len(c.new)-head && same(c.old[len(c.old)-1-tail], c.new[len(c.new)-1-tail]) {
		tail++
	}
	return head, tail
}

// blockUnits names the blocks between the ends. Blocks that stand as often on
// either side, byte by byte, are found first: only the others are cut into words.
func (c *comparison) blockUnits(head, tail int) (old, new []unit) {
	bo, bn := c.old[head:len(c.old)-tail], c.new[head:len(c.new)-tail]
	old, new = make([]unit, len(bo)), make([]unit, len(bn))
	exact := make(map[news.Block]*twin, len(bo))
	seen := func(us []unit, bs []news.Block, count func(*twin) *int) {
		for i, b := range bs {
			us[i] = unit{post: b.ID, solo: b.ID != "" || !splittable(b.Text)}
			b = plainBlock(b)
			t := exact[b]
			if t == nil {
				t = &twin{key: int32(len(exact) + 1)}
				exact[b] = t
			}
			*count(t)++
			us[i].key = t.key
		}
	}
	seen(old, bo, func(t *twin) *int { return &t.old })
	seen(new, bn, func(t *twin) *int { return &t.new })
	folded := map[string]int32{}
	name := func(us []unit, bs []news.Block, cut func(int) *text) {
		for i, b := range bs {
			t := exact[plainBlock(b)]
			if t.old == t.new {
				continue
			}
			us[i].bag = cut(i + head).bag
			if t.old > 0 && t.new > 0 {
				continue
			}
			f := news.Fold(b.Text) + "\x00" + b.ID
			id, known := folded[f]
			if !known {
				id = -1 - int32(len(folded))
				folded[f] = id
			}
			us[i].key = id
		}
	}
	name(old, bo, c.cutOld)
	name(new, bn, c.cutNew)
	return old, new
}

// A twin is how many blocks of either side have the same text, byte by byte.
type twin struct {
	key      int32
	old, new int
}

// plainBlock is what of a block tells it from others when they are aligned.
func plainBlock(b news.Block) news.Block { return news.Block{Text: b.Text, ID: b.ID} }

func (c *comparison) cutOld(i int) *text { return c.cutOnce(&c.oldText[i], c.old[i].Text) }
func (c *comparison) cutNew(j int) *text { return c.cutOnce(&c.newText[j], c.new[j].Text) }

func (c *comparison) cutOnce(t **text, s string) *text {
	if *t == nil {
		made := c.cut(s)
		*t = &made
	}
	return *t
}

func (c *comparison) cut(s string) text { return cut(s, c.names, &c.room) }

// moved finds the moves among the blocks that no link has, the first of which
// stands behind head others. The result is by place in the contents.
func (c *comparison) moved(uo, un []unit, head int, links []link, sc *scale) (to, from map[int]int) {
	rest := func(n int, side func(link) stretch) []int {
		var out []int
		at := 0
		for _, l := range append(slices.Clone(links), link{stretch{n, n}, stretch{n, n}}) {
			for ; at < side(l).from; at++ {
				out = append(out, at)
			}
			at = side(l).to
		}
		return out
	}
	leftOld := rest(len(uo), func(l link) stretch { return l.o })
	leftNew := rest(len(un), func(l link) stretch { return l.n })
	to, from = map[int]int{}, map[int]int{}
	if len(leftOld) == 0 || len(leftNew) == 0 {
		return to, from
	}
	for _, p := range moves(uo, un, leftOld, leftNew, sc, &c.work) {
		to[p.o+head], from[p.n+head] = p.n+head, p.o+head
	}
	return to, from
}

// pair appends a row whose two texts are compared.
func (c *comparison) pair(op Op, o, n stretch) {
	r := row{op: op, o: o, n: n, old: c.joined(o, c.cutOld), new: c.joined(n, c.cutNew)}
	switch op {
	case Delete, Insert:
		r.segs = []segment{{o: stretch{0, len(r.old.toks)}, n: stretch{0, len(r.new.toks)}}}
	default:
		r.segs = compareTexts(r.old, r.new, c.names, &c.work)
	}
	c.rows = append(c.rows, r)
}

// joined is the text of neighbouring blocks.
func (c *comparison) joined(s stretch, cut func(int) *text) *text {
	switch s.to - s.from {
	case 0:
		return &text{}
	case 1:
		return cut(s.from)
	}
	ts := make([]*text, 0, s.to-s.from)
	for i := s.from; i < s.to; i++ {
		ts = append(ts, cut(i))
	}
	return join(ts)
}

// write makes the edits of the rows, and counts their words.
func (c *comparison) write() {
	edits := make([]Edit, 0, len(c.rows))
	places := make([]int, 0, len(c.old)+len(c.new)+2*len(c.rows))
	runs := make([]Run, 0, len(c.rows))
	for _, r := range c.rows {
		e := Edit{Op: r.op}
		places, e.Old = indexes(places, r.o)
		places, e.New = indexes(places, r.n)
		if r.o.from < r.o.to {
			b := c.old[r.o.from]
			e.Kind, e.Post, e.At = b.Kind, b.ID, stamp(b.At)
		}
		if r.n.from < r.n.to {
			b := c.new[r.n.from]
			if r.op == Replace || r.op == Move {
				e.OldKind, e.OldPost, e.OldAt = e.Kind, e.Post, e.At
			}
			e.Kind, e.Post, e.At = b.Kind, b.ID, stamp(b.At)
		}
		switch {
		case r.op == Equal:
			n := countWords(c.new[r.n.from].Text)
			c.count(tally{old: n, new: n})
			from := len(runs)
			runs = append(runs, whole(Equal, c.new[r.n.from].Text)...)
			e.Runs = runs[from:len(runs):len(runs)]
		case r.origin:
			e.MovedTo = "?"
			e.Runs = whole(Delete, c.old[r.o.from].Text)
		default:
			c.weave(&e, r)
		}
		edits = append(edits, e)
	}
	c.script.Edits = edits
}

// weave writes the runs of a row with two texts.
func (c *comparison) weave(e *Edit, r row) {
	runs, n, typography := weave(r.segs, r.old, r.new, r.moves)
	c.count(n)
	e.Runs = runs
	switch r.op {
	case Move:
		e.MovedFrom = "?"
		e.Typography = typography
		c.script.WordsMoved += n.new - n.added - n.moved // and those that moved on, with the rest
	case Replace:
		e.Typography = typography && len(e.Old) == 1 && len(e.New) == 1 && e.Kind == e.OldKind && e.Post == e.OldPost
	}
}

func (c *comparison) count(n tally) {
	c.script.WordsOld += n.old
	c.script.WordsNew += n.new
	c.script.WordsAdded += n.added
	c.script.WordsRemoved += n.removed
	c.script.WordsMoved += n.moved
}

// indexes appends the numbers of a stretch to all, and gives them alone too; nil for none.
func indexes(all []int, s stretch) (more, own []int) {
	if s.from == s.to {
		return all, nil
	}
	from := len(all)
	for i := s.from; i < s.to; i++ {
		all = append(all, i)
	}
	return all, all[from:len(all):len(all)]
}

// nameEdits gives every row that differs its id, and links the ends of moves.
func nameEdits(edits []Edit) {
	seen := map[string]int{}
	ends := map[int]string{} // new block of a move → id of the new end
	for i := range edits {
		e := &edits[i]
		if e.Op == Equal || e.Origin() {
			continue
		}
		e.ID = editID(textOf(e.Runs, Insert), textOf(e.Runs, Delete))
		if seen[e.ID]++; seen[e.ID] > 1 {
			e.ID = fmt.Sprintf("%s-%d", e.ID, seen[e.ID])
		}
		if e.Op == Move {
			e.MovedFrom = e.ID + "-from"
			ends[e.New[0]] = e.ID
		}
	}
	for i := range edits {
		if e := &edits[i]; e.Origin() {
			e.MovedTo = ends[e.New[0]]
			e.ID = e.MovedTo + "-from"
		}
	}
}

func editID(old, new string) string {
	h := sha256.Sum256([]byte(old + "\x00" + new))
	return "c-" + hex.EncodeToString(h[:4])
}
