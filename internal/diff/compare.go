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
		old: old.Blocks, new: new.Blocks, names: names{}, work: budget{left: MaxWork},
		oldText: make([]*text, len(old.Blocks)), newText: make([]*text, len(new.Blocks)),
		script: Script{Algorithm: Algorithm, Fields: []FieldEdit{}, Edits: []Edit{}},
	}
	c.fields(old, new)
	c.body()
	c.script.Approximate = c.work.short
	nameEdits(c.script.Edits)
	return c.script
}

// A comparison is the working state of one Compare.
type comparison struct {
	old, new         []news.Block
	oldText, newText []*text // cut when first needed
	names            names
	work             budget
	script           Script
}

// body compares the blocks.
func (c *comparison) body() {
	uo, un := c.blockUnits()
	links := align(uo, un, &c.work)
	movedTo, movedFrom := c.moved(uo, un, links)
	o, n := 0, 0
	between := func(o1, n1 int) {
		for ; o < o1; o++ {
			if j, ok := movedTo[o]; ok {
				c.origin(o, j)
			} else {
				c.removed(o)
			}
		}
		for ; n < n1; n++ {
			if i, ok := movedFrom[n]; ok {
				c.destination(i, n)
			} else {
				c.added(n)
			}
		}
	}
	for _, l := range links {
		between(l.o.from, l.n.from)
		c.linked(l)
		o, n = l.o.to, l.n.to
	}
	between(len(c.old), len(c.new))
}

// blockUnits names the blocks by folded text and post. Only blocks that have
// no equal on the other side are cut into words.
func (c *comparison) blockUnits() (old, new []unit) {
	keysOf := func(bs []news.Block) []unit {
		us := make([]unit, len(bs))
		for i, b := range bs {
			us[i] = unit{key: c.names.id(news.Fold(b.Text) + "\x00" + b.ID), post: b.ID}
			us[i].solo = b.ID != "" || !splittable(b.Text)
		}
		return us
	}
	old, new = keysOf(c.old), keysOf(c.new)
	common := count(keys(new))
	inOld := count(keys(old))
	for i := range old {
		if common[old[i].key] != inOld[old[i].key] {
			old[i].bag = c.cutOld(i).bag
		}
	}
	for j := range new {
		if common[new[j].key] != inOld[new[j].key] {
			new[j].bag = c.cutNew(j).bag
		}
	}
	return old, new
}

func (c *comparison) cutOld(i int) text { return c.cutOnce(&c.oldText[i], c.old[i].Text) }
func (c *comparison) cutNew(j int) text { return c.cutOnce(&c.newText[j], c.new[j].Text) }

func (c *comparison) cutOnce(t **text, s string) text {
	if *t == nil {
		made := cut(s, c.names)
		*t = &made
	}
	return **t
}

// moved finds the moves among the blocks that no link has.
func (c *comparison) moved(uo, un []unit, links []link) (to, from map[int]int) {
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
	for _, p := range moves(uo, un, leftOld, leftNew, &c.work) {
		to[p.o], from[p.n] = p.n, p.o
	}
	return to, from
}

// linked appends the row of a link: equal, or replaced.
func (c *comparison) linked(l link) {
	a, b := c.old[l.o.from], c.new[l.n.from]
	if l.single() && same(a, b) {
		n := countWords(a.Text)
		c.count(n, n, 0, 0)
		c.add(Edit{Op: Equal, Old: indexes(l.o), New: indexes(l.n), Kind: b.Kind, Post: b.ID, At: stamp(b.At), Runs: whole(Equal, a.Text)})
		return
	}
	runs, typography := c.runs(l)
	c.countRuns(runs)
	c.add(Edit{Op: Replace, Old: indexes(l.o), New: indexes(l.n), Kind: b.Kind, OldKind: a.Kind,
		Post: b.ID, OldPost: a.ID, At: stamp(b.At), OldAt: stamp(a.At), Runs: runs, Typography: typography && l.single() && a.Kind == b.Kind && a.ID == b.ID})
}

// runs compares the texts of a link.
func (c *comparison) runs(l link) ([]Run, bool) {
	a, b := c.cutOld(l.o.from), c.cutNew(l.n.from)
	for i := l.o.from + 1; i < l.o.to; i++ {
		a = join(a, c.cutOld(i))
	}
	for j := l.n.from + 1; j < l.n.to; j++ {
		b = join(b, c.cutNew(j))
	}
	return weave(compareTexts(a, b, c.names, &c.work), a, b)
}

func (c *comparison) removed(i int) {
	b := c.old[i]
	n := countWords(b.Text)
	c.count(n, 0, 0, n)
	c.add(Edit{Op: Delete, Old: []int{i}, Kind: b.Kind, Post: b.ID, At: stamp(b.At), Runs: whole(Delete, b.Text)})
}

func (c *comparison) added(j int) {
	b := c.new[j]
	n := countWords(b.Text)
	c.count(0, n, n, 0)
	c.add(Edit{Op: Insert, New: []int{j}, Kind: b.Kind, Post: b.ID, At: stamp(b.At), Runs: whole(Insert, b.Text)})
}

// origin appends the old end of a move, which counts nothing.
func (c *comparison) origin(i, j int) {
	e := c.ends(i, j)
	e.Runs, e.MovedTo = whole(Delete, c.old[i].Text), "?"
	c.add(e)
}

// destination appends the new end of a move.
func (c *comparison) destination(i, j int) {
	e := c.ends(i, j)
	var typography bool
	if e.Runs = whole(Equal, c.new[j].Text); c.old[i].Text != c.new[j].Text {
		e.Runs, typography = c.runs(link{stretch{i, i + 1}, stretch{j, j + 1}})
	}
	e.Typography, e.MovedFrom = typography, "?"
	c.script.WordsMoved += c.countRuns(e.Runs)
	c.add(e)
}

// ends is what both ends of a move have in common. Their links are named when
// all edits are there.
func (c *comparison) ends(i, j int) Edit {
	return Edit{Op: Move, Old: []int{i}, New: []int{j}, Kind: c.new[j].Kind, OldKind: c.old[i].Kind,
		Post: c.new[j].ID, OldPost: c.old[i].ID, At: stamp(c.new[j].At), OldAt: stamp(c.old[i].At)}
}

func (c *comparison) add(e Edit) { c.script.Edits = append(c.script.Edits, e) }

func (c *comparison) count(old, new, added, removed int) {
	c.script.WordsOld += old
	c.script.WordsNew += new
	c.script.WordsAdded += added
	c.script.WordsRemoved += removed
}

func indexes(s stretch) []int {
	out := make([]int, 0, s.to-s.from)
	for i := s.from; i < s.to; i++ {
		out = append(out, i)
	}
	return out
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
