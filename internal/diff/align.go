package diff

import (
	"cmp"
	"math/bits"
	"slices"
)

// A link says that some old units became some new ones: one and one, one and
// several neighbours, or several and one.
type link struct{ o, n stretch }

func (l link) single() bool { return l.o.to-l.o.from == 1 && l.n.to-l.n.from == 1 }

// align links units in order: equal ones first, like ones between them.
func align(old, new []unit, sc *scale, w *budget) []link {
	out := make([]link, 0, min(len(old), len(new)))
	o, n := 0, 0
	for _, p := range append(lcs(keys(old), keys(new), w), pair{len(old), len(new)}) {
		out = fill(out, old[o:p.o], new[n:p.n], o, n, sc, w)
		if p.o < len(old) {
			out = append(out, link{stretch{p.o, p.o + 1}, stretch{p.n, p.n + 1}})
		}
		o, n = p.o+1, p.n+1
	}
	return out
}

func keys(us []unit) []int32 {
	out := make([]int32, len(us))
	for i, u := range us {
		out[i] = u.key
	}
	return out
}

// fill appends the links of a gap whose first units have the places o and n.
func fill(out []link, old, new []unit, o, n int, sc *scale, w *budget) []link {
	if len(old) == 0 || len(new) == 0 {
		return out
	}
	var found []link
	if len(old)*len(new) <= MaxGap && w.spend(gapWork(old, new)) {
		found = newGrid(old, new, sc, w).best()
	} else {
		w.short = true
		found = byWords(old, new, sc, w)
	}
	for _, l := range found {
		l.o.from, l.o.to, l.n.from, l.n.to = l.o.from+o, l.o.to+o, l.n.from+n, l.n.to+n
		out = append(out, l)
	}
	return out
}

// gapWork is the steps that a grid takes: each bag is read once for each unit
// on the other side, and again for splits and merges.
func gapWork(old, new []unit) int {
	size := func(us []unit) (n int) {
		for _, u := range us {
			n += 1 + len(u.bag)
		}
		return n
	}
	return 2 * (size(old)*len(new) + size(new)*len(old))
}

// A scale weighs words: one that few units have tells more of them than one
// that most have.
type scale struct {
	of []int32 // by id; nothing for words not weighed, which weigh 1
}

// weigh makes the scale for the units of two sides, and weighs them. Ids are
// below top.
func weigh(old, new []unit, top int) *scale {
	most := max(len(old), len(new))
	if most < 2 {
		sizes(old, nil)
		sizes(new, nil)
		return &scale{}
	}
	of, other := make([]int32, top), make([]int32, top)
	countHolders(of, old)
	countHolders(other, new)
	for id, n := range other {
		if n = max(n, of[id]); n > 0 {
			of[id] = heft(most, int(n))
		}
	}
	s := &scale{of}
	sizes(old, s)
	sizes(new, s)
	return s
}

func countHolders(n []int32, us []unit) {
	for _, u := range us {
		for k, id := range u.bag {
			if k == 0 || id != u.bag[k-1] {
				n[id]++
			}
		}
	}
}

// heft is the weight of a word that some of so many units have: 1 for all of
// them, and 2 more for each halving.
func heft(all, some int) int32 { return 1 + 2*int32(bits.Len(uint(all/some))-1) }

func sizes(us []unit, s *scale) {
	for i := range us {
		us[i].size = s.size(us[i].bag)
	}
}

func (s *scale) size(bag []int32) int {
	if s == nil || s.of == nil {
		return len(bag)
	}
	n := int32(0)
	for _, id := range bag {
		n += s.of[id]
	}
	return int(n)
}

// overlap is the weight of the words that two sorted bags have in common.
func (s *scale) overlap(a, b []int32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch x, y := a[i], b[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			i, j = i+1, j+1
			if s.of == nil {
				n++
			} else {
				n += int(s.of[x])
			}
		}
	}
	return n
}

func dice(common, a, b int) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * float64(common) / float64(a+b)
}

// likeness of two units. Different posts of a live blog are never alike; two
// states of one post always are.
func likeness(a, b unit, common int) float64 {
	d := dice(common, a.size, b.size)
	switch {
	case a.post == "" || b.post == "":
		return d
	case a.post != b.post:
		return 0
	}
	return max(d, MinPair)
}

// A grid finds the best order-keeping alignment of a gap.
type grid struct {
	old, new []unit
	*scale
	work   *budget
	common []int32   // weight of the words in common, row by row
	score  []float64 // of the best alignment of the first i and j units
	from   []step    // the last step of it
}

// A step is how many old and new units a link takes.
type step struct{ o, n uint8 }

func newGrid(old, new []unit, sc *scale, w *budget) *grid {
	cells := (len(old) + 1) * (len(new) + 1)
	g := &grid{old: old, new: new, scale: sc, work: w, common: make([]int32, len(old)*len(new)), score: make([]float64, cells), from: make([]step, cells)}
	for i := range old {
		for j := range new {
			g.common[i*len(new)+j] = int32(sc.overlap(old[i].bag, new[j].bag))
		}
	}
	return g
}

// best is the alignment with the greatest sum of squared likeness. Squares
// make one strong link worth more than two weak ones that cross it.
func (g *grid) best() []link {
	for i := range len(g.old) + 1 {
		for j := range len(g.new) + 1 {
			g.cell(i, j)
		}
	}
	var out []link
	for i, j := len(g.old), len(g.new); i > 0 || j > 0; {
		s := g.from[g.at(i, j)]
		o, n := int(s.o), int(s.n)
		if o > 0 && n > 0 {
			out = append(out, link{stretch{i - o, i}, stretch{j - n, j}})
		}
		i, j = i-o, j-n
	}
	slices.Reverse(out)
	return out
}

func (g *grid) at(i, j int) int { return i*(len(g.new)+1) + j }

// cell decides the best last step for the first i old and j new units.
func (g *grid) cell(i, j int) {
	here := g.at(i, j)
	try := func(o, n int, like float64) {
		if s := g.score[g.at(i-o, j-n)] + like*like; s > g.score[here] || g.from[here] == (step{}) {
			g.score[here], g.from[here] = s, step{uint8(o), uint8(n)}
		}
	}
	if i > 0 && j > 0 {
		if d := likeness(g.old[i-1], g.new[j-1], g.shared(i-1, j-1)); d >= MinPair {
			try(1, 1, d)
		}
	}
	if j > 0 {
		try(0, 1, 0)
	}
	if i > 0 {
		try(1, 0, 0)
	}
	if i > 0 && j > 1 {
		at := func(k int) int { return g.shared(i-1, j-k) }
		g.parts(g.old[i-1], g.new[:j], at, func(k int, like float64) { try(1, k, like) })
	}
	if j > 0 && i > 1 {
		at := func(k int) int { return g.shared(i-k, j-1) }
		g.parts(g.new[j-1], g.old[:i], at, func(k int, like float64) { try(k, 1, like) })
	}
}

func (g *grid) shared(i, j int) int { return int(g.common[i*len(g.new)+j]) }

// parts tries the unit whole against the last two, three … up to MaxParts of
// the neighbours together. Each of them must have at least half of its words in
// the unit; common(k) is how much the k-th from the end has there.
func (g *grid) parts(whole unit, neighbours []unit, common func(k int) int, try func(k int, like float64)) {
	if whole.solo || len(whole.bag) == 0 {
		return
	}
	sum, size := 0, 0
	for k := 1; k <= min(len(neighbours), MaxParts); k++ {
		p := neighbours[len(neighbours)-k]
		c := common(k)
		if p.solo || c == 0 || 2*c < p.size {
			return
		}
		sum, size = sum+c, size+p.size
		if dice(whole.size, whole.size, size) < MinSplit {
			return // too many words; more will not help
		}
		if k < 2 || dice(min(sum, whole.size), whole.size, size) < MinSplit {
			continue
		}
		if !g.work.spend(4 * size) {
			return
		}
		if d := dice(g.overlap(whole.bag, bagOf(neighbours[len(neighbours)-k:])), whole.size, size); d >= MinSplit {
			try(k, d)
		}
	}
}

// bagOf is the words of several units.
func bagOf(us []unit) []int32 {
	var out []int32
	for _, u := range us {
		out = append(out, u.bag...)
	}
	slices.Sort(out)
	return out
}

// byWords aligns a gap too large for a grid: units with the same words first,
// and between them by rare words.
func byWords(old, new []unit, sc *scale, w *budget) []link {
	var out []link
	o, n := 0, 0
	for _, p := range append(lcs(bagKeys(old), bagKeys(new), w), pair{len(old), len(new)}) {
		for _, l := range byRareWords(old[o:p.o], new[n:p.n], sc) {
			out = append(out, link{stretch{l.o.from + o, l.o.to + o}, stretch{l.n.from + n, l.n.to + n}})
		}
		if p.o < len(old) && likeness(old[p.o], new[p.n], old[p.o].size) >= MinPair {
			out = append(out, link{stretch{p.o, p.o + 1}, stretch{p.n, p.n + 1}})
		}
		o, n = p.o+1, p.n+1
	}
	return out
}

// bagKeys names units by their words.
func bagKeys(us []unit) []int32 {
	out := make([]int32, len(us))
	for i, u := range us {
		h := uint64(fnvOffset)
		for _, id := range u.bag {
			h = (h ^ uint64(id)) * fnvPrime
		}
		out[i] = int32(h ^ h>>32)
	}
	return out
}

// byRareWords aligns a gap too large for a grid, in linear time: words that
// one old and one new unit have, and no other, vote for the two.
func byRareWords(old, new []unit, sc *scale) []link {
	inOld, inNew := holders(old), holders(new)
	votes := map[pair]int{}
	for id, i := range inOld {
		if j, ok := inNew[id]; ok && i >= 0 && j >= 0 {
			votes[pair{i, j}]++
		}
	}
	ps := make([]pair, 0, len(votes))
	for p := range votes {
		ps = append(ps, p)
	}
	slices.SortFunc(ps, func(a, b pair) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a.o, b.o), cmp.Compare(a.n, b.n))
	})
	usedOld, usedNew := map[int]bool{}, map[int]bool{}
	var kept []pair
	for _, p := range ps {
		a, b := old[p.o], new[p.n]
		if usedOld[p.o] || usedNew[p.n] || likeness(a, b, sc.overlap(a.bag, b.bag)) < MinPair {
			continue
		}
		usedOld[p.o], usedNew[p.n] = true, true
		kept = append(kept, p)
	}
	slices.SortFunc(kept, func(a, b pair) int { return cmp.Compare(a.o, b.o) })
	var out []link
	for _, p := range longestRising(kept) {
		out = append(out, link{stretch{p.o, p.o + 1}, stretch{p.n, p.n + 1}})
	}
	return out
}

// holders tells for each word which unit has it; -1 if several have.
func holders(us []unit) map[int32]int {
	in := map[int32]int{}
	for i, u := range us {
		for _, id := range u.bag {
			if j, ok := in[id]; ok && j != i {
				in[id] = -1
			} else {
				in[id] = i
			}
		}
	}
	return in
}
