package diff

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Passages are stretches of text, less than a block, that stand elsewhere on
// the other side: sentences that went to another paragraph, a clause that went
// to the end of its sentence. They are looked for only among the words that the
// rows leave unmatched, so that a passage is never marked where nothing was.
//
// The method is that of seeds: each few words in a row that stand once among
// what is gone and once among what has come begin a passage, which grows to
// either side while the words are the same, and then over small gaps. The
// longest go first (greedy string tiling, Wise 1993).

// A carried is a stretch of a text that is part of a passage that moved.
type carried struct {
	from, to int // bytes
	words    int
	id       string
}

// carries ascend and do not overlap.
type carries []carried

// marked is the passages on both sides of a row.
type marked struct{ old, new carries }

// words is how many words of the stretch of bytes moved.
func (cs carries) words(s [2]int) int {
	n := 0
	for _, m := range cs {
		if m.from < s[1] && m.to > s[0] {
			n += m.words
		}
	}
	return n
}

// cut appends the runs of a text that begins at byte at. White space alone
// between or beside passages goes with the one before it, or else behind it.
func (cs carries) cut(runs []Run, op Op, s string, at int) []Run {
	first, end := len(runs), at+len(s)
	put := func(to int, id string) {
		if to <= at {
			return
		}
		part := s[:to-at]
		s, at = s[to-at:], to
		if last := len(runs) - 1; last >= first && (id == "" && blankText(part) || runs[last].Move == "" && blankText(runs[last].Text)) {
			runs[last].Text += part
			runs[last].Move += id
			return
		}
		runs = append(runs, Run{Op: op, Text: part, Move: id})
	}
	for _, m := range cs {
		if m.from < end && m.to > at {
			put(m.from, "")
			put(min(m.to, end), m.id)
		}
	}
	put(end, "")
	return runs
}

// blankText reports whether a text is white space inside a block.
func blankText(s string) bool {
	return strings.TrimSpace(s) == "" && !strings.Contains(s, paragraphBreak)
}

// A pool is the unmatched tokens of one side of all rows, one after another,
// with a stop after each stretch.
type pool struct {
	ids   []int32
	words []int32
	row   []int32 // whose text each is of
	tok   []int32 // and its place there
	used  []bool
	total int // words
}

// stop is the id of what ends a stretch; it matches nothing.
const stop = -1

func (p *pool) add(row int, t *text, s stretch) {
	if s.from == s.to {
		return
	}
	for k := s.from; k < s.to; k++ {
		tok := t.toks[k]
		if tok.id == endID || tok.id == breakID {
			tok.id = stop
		}
		p.ids = append(p.ids, tok.id)
		p.words = append(p.words, tok.words)
		p.row = append(p.row, int32(row))
		p.tok = append(p.tok, int32(k))
		p.total += int(tok.words)
	}
	p.ids = append(p.ids, stop)
	p.words = append(p.words, 0)
	p.row = append(p.row, -1)
	p.tok = append(p.tok, -1)
}

// A tile is the same tokens at place o of the old pool and n of the new.
type tile struct{ o, n, size, words int }

// passages finds what moved between and inside the rows.
func (c *comparison) passages() {
	var gone, come pool
	for k := range c.rows {
		for _, s := range c.rows[k].segs {
			if !s.same {
				gone.add(k, c.rows[k].old, s.o)
				come.add(k, c.rows[k].new, s.n)
			}
		}
	}
	if gone.total < MinPassage || come.total < MinPassage || !c.work.spend(seedSize*(len(gone.ids)+len(come.ids))) {
		return
	}
	gone.used, come.used = make([]bool, len(gone.ids)), make([]bool, len(come.ids))
	tiles := tilesOf(&gone, &come)
	slices.SortFunc(tiles, func(a, b tile) int {
		return cmp.Or(cmp.Compare(b.words, a.words), cmp.Compare(a.o, b.o), cmp.Compare(a.n, b.n))
	})
	var found [][]tile
	for _, t := range tiles {
		if chain, ok := grown(t, &gone, &come); ok {
			found = append(found, chain)
		}
	}
	slices.SortFunc(found, func(a, b []tile) int { return cmp.Compare(a[0].n, b[0].n) })
	for k, chain := range found {
		id := "m" + strconv.Itoa(k+1)
		for _, t := range chain {
			c.carry(&gone, t.o, t.size, id, func(r *row) (*text, *carries) { return r.old, &r.moves.old })
			c.carry(&come, t.n, t.size, id, func(r *row) (*text, *carries) { return r.new, &r.moves.new })
		}
	}
	for k := range c.rows {
		for _, cs := range [...]carries{c.rows[k].moves.old, c.rows[k].moves.new} {
			slices.SortFunc(cs, func(a, b carried) int { return cmp.Compare(a.from, b.from) })
		}
	}
}

// carry notes size tokens at place at of a pool as part of a passage.
func (c *comparison) carry(p *pool, at, size int, id string, side func(*row) (*text, *carries)) {
	t, to := side(&c.rows[p.row[at]])
	s := stretch{int(p.tok[at]), int(p.tok[at]) + size}
	*to = append(*to, carried{t.gapAt(s.from), int(t.toks[s.to-1].end), t.words(s), id})
}

// tilesOf finds the longest common stretches around seeds that stand once on
// either side.
func tilesOf(gone, come *pool) []tile {
	const several = -1
	at := make(map[uint64]int, len(come.ids))
	come.seeds(func(k int, seed uint64) {
		if _, twice := at[seed]; twice {
			k = several
		}
		at[seed] = k
	})
	times := make(map[uint64]int, len(gone.ids))
	gone.seeds(func(k int, seed uint64) { times[seed]++ })
	var out []tile
	done := 0
	gone.seeds(func(o int, seed uint64) {
		n, ok := at[seed]
		if o < done || !ok || n == several || times[seed] > 1 {
			return
		}
		t := spread(tile{o, n, 0, 0}, gone, come)
		if t.size >= seedSize {
			out = append(out, t)
			done = t.o + t.size - seedSize + 1
		}
	})
	return out
}

// seedSize is how many tokens in a row begin a passage.
const seedSize = 4

// seeds gives each seedSize tokens in a row that have at least two words.
func (p *pool) seeds(each func(at int, seed uint64)) {
	for k := 0; k+seedSize <= len(p.ids); k++ {
		seed, words := uint64(fnvOffset), int32(0)
		for i := k; i < k+seedSize; i++ {
			if p.ids[i] == stop {
				words = -seedSize * 1000
			}
			seed = (seed ^ uint64(uint32(p.ids[i]))) * fnvPrime
			words += p.words[i]
		}
		if words >= 2 {
			each(k, seed)
		}
	}
}

// spread grows a tile to both sides while the tokens are the same and free.
func spread(t tile, gone, come *pool) tile {
	free := func(o, n int) bool {
		return o >= 0 && n >= 0 && o < len(gone.ids) && n < len(come.ids) && gone.ids[o] == come.ids[n] && gone.ids[o] != stop &&
			(gone.used == nil || !gone.used[o] && !come.used[n])
	}
	for t.size > 0 && !free(t.o+t.size-1, t.n+t.size-1) {
		t.size--
	}
	for free(t.o-1, t.n-1) {
		t.o, t.n, t.size = t.o-1, t.n-1, t.size+1
	}
	for free(t.o+t.size, t.n+t.size) {
		t.size++
	}
	t.words = 0
	for k := t.o; k < t.o+t.size; k++ {
		t.words += int(gone.words[k])
	}
	return t
}

// grown takes what is still free of a tile, and grows it over gaps; false if
// that is too little to be a passage.
func grown(t tile, gone, come *pool) ([]tile, bool) {
	for t.size > 0 && (gone.used[t.o] || come.used[t.n]) {
		t.o, t.n, t.size = t.o+1, t.n+1, t.size-1
	}
	size := 0
	for size < t.size && !gone.used[t.o+size] && !come.used[t.n+size] {
		size++
	}
	if t.size = size; size == 0 {
		return nil, false
	}
	t = spread(t, gone, come)
	chain, words := []tile{t}, t.words
	for next, ok := after(t, gone, come); ok; next, ok = after(next, gone, come) {
		chain, words = append(chain, next), words+next.words
	}
	for next, ok := before(chain[0], gone, come); ok; next, ok = before(next, gone, come) {
		chain, words = append([]tile{next}, chain...), words+next.words
	}
	if words < MinPassage {
		return nil, false
	}
	for _, t := range chain {
		for k := range t.size {
			gone.used[t.o+k], come.used[t.n+k] = true, true
		}
	}
	return chain, true
}

// after is the next tile behind a small gap, of at least two words.
func after(t tile, gone, come *pool) (tile, bool) {
	return near(gone, come, func(i, j int) tile { return tile{o: t.o + t.size + i, n: t.n + t.size + j} }, func(x tile) bool { return x.o >= t.o+t.size && x.n >= t.n+t.size })
}

// before is the next tile before a small gap.
func before(t tile, gone, come *pool) (tile, bool) {
	return near(gone, come, func(i, j int) tile { return tile{o: t.o - 1 - i, n: t.n - 1 - j} }, func(x tile) bool { return x.o+x.size <= t.o && x.n+x.size <= t.n })
}

// near tries the places at up to MaxPassageGap tokens on either side, the
// nearest first. A gap does not go over the end of a stretch.
func near(gone, come *pool, place func(i, j int) tile, clear func(tile) bool) (tile, bool) {
	for sum := range 2*MaxPassageGap + 1 {
		for i := max(0, sum-MaxPassageGap); i <= min(sum, MaxPassageGap); i++ {
			t := place(i, sum-i)
			if t.o < 0 || t.n < 0 || t.o >= len(gone.ids) || t.n >= len(come.ids) {
				continue
			}
			if gone.ids[t.o] != come.ids[t.n] || gone.ids[t.o] == stop || gone.used[t.o] || come.used[t.n] {
				continue
			}
			t.size = 1
			if t = spread(t, gone, come); t.words >= 2 && clear(t) && gone.whole(t.o, place(0, 0).o) && come.whole(t.n, place(0, 0).n) {
				return t, true
			}
		}
	}
	return tile{}, false
}

// whole reports whether no stop stands between two places.
func (p *pool) whole(a, b int) bool {
	a, b = min(a, b), max(a, b)
	return a >= 0 && b < len(p.ids) && !slices.Contains(p.ids[a:b+1], stop)
}
