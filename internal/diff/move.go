package diff

import (
	"cmp"
	"slices"
)

// moves pairs units that were left over on both sides, wherever they stand:
// equal ones in order, then the most alike first. The result ascends in o.
func moves(old, new []unit, leftOld, leftNew []int, sc *scale, w *budget) []pair {
	byKey := map[int32][]int{}
	for _, j := range leftNew {
		byKey[new[j].key] = append(byKey[new[j].key], j)
	}
	var out []pair
	taken := map[int]bool{}
	var restOld, restNew []int
	for _, i := range leftOld {
		if same := byKey[old[i].key]; len(same) > 0 {
			out = append(out, pair{i, same[0]})
			taken[same[0]] = true
			byKey[old[i].key] = same[1:]
			continue
		}
		restOld = append(restOld, i)
	}
	for _, j := range leftNew {
		if !taken[j] {
			restNew = append(restNew, j)
		}
	}
	out = append(out, edited(old, new, restOld, restNew, sc, w)...)
	slices.SortFunc(out, func(a, b pair) int { return cmp.Compare(a.o, b.o) })
	return out
}

// edited finds the moves of units that changed on the way.
func edited(old, new []unit, restOld, restNew []int, sc *scale, w *budget) []pair {
	candOld, candNew := longest(old, restOld, w), longest(new, restNew, w)
	type candidate struct {
		pair
		like float64
	}
	var cands []candidate
	for _, i := range candOld {
		for _, j := range candNew {
			a, b := old[i], new[j]
			if !w.spend(len(a.bag) + len(b.bag)) {
				return nil
			}
			if like := likeness(a, b, sc.overlap(a.bag, b.bag)); like >= MinMove {
				cands = append(cands, candidate{pair{i, j}, like})
			}
		}
	}
	slices.SortFunc(cands, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.o, b.o), cmp.Compare(a.n, b.n))
	})
	usedOld, usedNew := map[int]bool{}, map[int]bool{}
	var out []pair
	for _, c := range cands {
		if !usedOld[c.o] && !usedNew[c.n] {
			usedOld[c.o], usedNew[c.n] = true, true
			out = append(out, c.pair)
		}
	}
	return out
}

// longest keeps the units with enough distinct words for a move; of more than
// MaxMoves those with the most words.
func longest(us []unit, at []int, w *budget) []int {
	var out []int
	for _, i := range at {
		if distinct(us[i].bag) >= MinMoveWords {
			out = append(out, i)
		}
	}
	if len(out) <= MaxMoves {
		return out
	}
	w.short = true
	slices.SortStableFunc(out, func(i, j int) int { return cmp.Compare(len(us[j].bag), len(us[i].bag)) })
	return out[:MaxMoves]
}

// distinct is the number of different values in a sorted bag.
func distinct(bag []int32) int {
	n := 0
	for i, id := range bag {
		if i == 0 || id != bag[i-1] {
			n++
		}
	}
	return n
}
