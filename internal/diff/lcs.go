package diff

import (
	"slices"
	"sort"
)

// A pair is a match: place in the old and place in the new sequence.
type pair struct{ o, n int }

// lcs gives a longest common subsequence of a and b, ascending in both. When
// the budget does not allow it, a shorter common subsequence.
func lcs(a, b []int32, w *budget) []pair {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	out := make([]pair, 0, head+tail)
	for i := range head {
		out = append(out, pair{i, i})
	}
	for _, p := range middle(a[head:len(a)-tail], b[head:len(b)-tail], w) {
		out = append(out, pair{p.o + head, p.n + head})
	}
	for i := tail; i > 0; i-- {
		out = append(out, pair{len(a) - i, len(b) - i})
	}
	return out
}

// middle is lcs without a common beginning or end. Values that only one side
// has cannot match, and are left out first.
func middle(a, b []int32, w *budget) []pair {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	if len(a)*len(b) <= smallGrid {
		return myers(a, b, w)
	}
	inA, inB := count(a), count(b)
	ca, ia := common(a, inB)
	cb, ib := common(b, inA)
	var found []pair
	switch {
	case len(ca) == 0 || len(cb) == 0:
	case unique(ca, inA) && unique(cb, inB):
		found = rising(ca, cb)
	case len(ca) <= MaxWork/len(cb):
		found = myers(ca, cb, w)
	default:
		w.short = true
		found = patience(ca, cb, inA, inB, w)
	}
	for k, p := range found {
		found[k] = pair{ia[p.o], ib[p.n]}
	}
	return found
}

// smallGrid is how many pairs are searched at once, without first looking for
// values that cannot match.
const smallGrid = 1 << 10

func count(s []int32) map[int32]int {
	m := make(map[int32]int, len(s))
	for _, v := range s {
		m[v]++
	}
	return m
}

// common keeps the values of s that are in other, with their places.
func common(s []int32, other map[int32]int) (vals []int32, at []int) {
	for i, v := range s {
		if other[v] > 0 {
			vals, at = append(vals, v), append(at, i)
		}
	}
	return vals, at
}

func unique(s []int32, n map[int32]int) bool {
	return !slices.ContainsFunc(s, func(v int32) bool { return n[v] > 1 })
}

// rising is the longest common subsequence of two orders of distinct values:
// the longest rising subsequence of places, in n log n.
func rising(a, b []int32) []pair {
	place := make(map[int32]int, len(b))
	for j, v := range b {
		place[v] = j
	}
	var ps []pair
	for i, v := range a {
		if j, ok := place[v]; ok {
			ps = append(ps, pair{i, j})
		}
	}
	return longestRising(ps)
}

// longestRising picks from pairs ascending in o the most that ascend in n too.
func longestRising(ps []pair) []pair {
	before := make([]int, len(ps))
	var ends []int // ends[k]: the pair with the smallest n that ends a chain of k+1
	for i, p := range ps {
		k := sort.Search(len(ends), func(k int) bool { return ps[ends[k]].n >= p.n })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	out := make([]pair, len(ends))
	if len(ends) == 0 {
		return out
	}
	for i, k := ends[len(ends)-1], len(ends)-1; k >= 0; i, k = before[i], k-1 {
		out[k] = ps[i]
	}
	return out
}

// patience matches the values that are single on both sides, and what is
// between them with what is left of the budget.
func patience(a, b []int32, inA, inB map[int32]int, w *budget) []pair {
	single := func(s []int32) (vals []int32, at []int) {
		for i, v := range s {
			if inA[v] == 1 && inB[v] == 1 {
				vals, at = append(vals, v), append(at, i)
			}
		}
		return vals, at
	}
	sa, ia := single(a)
	sb, ib := single(b)
	var out []pair
	o, n := 0, 0
	between := func(o1, n1 int) {
		for _, p := range myers(a[o:o1], b[n:n1], w) {
			out = append(out, pair{p.o + o, p.n + n})
		}
	}
	for _, p := range rising(sa, sb) {
		between(ia[p.o], ib[p.n])
		out = append(out, pair{ia[p.o], ib[p.n]})
		o, n = ia[p.o]+1, ib[p.n]+1
	}
	between(len(a), len(b))
	return out
}
