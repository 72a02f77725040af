package diff

import (
	"fmt"
	"slices"
)

// MaxListPairs is how many pairs of items are compared between what two lists
// have in common at their beginnings and ends: enough for any two lists within
// the limits of a content. Beyond it all items between are replaced.
const MaxListPairs = 250_000

// listEdits compares two lists whose items are equal or not. Nil = the same.
func listEdits[T comparable](old, new []T, w *budget) []ListEdit[T] {
	if slices.Equal(old, new) {
		return nil
	}
	head, tail := commonEnds(old, new)
	a, b := old[head:len(old)-tail], new[head:len(new)-tail]
	out := appendEqual[T](nil, head)
	if len(a)*len(b) > MaxListPairs || !w.spend(len(a)*len(b)) {
		w.short = true
		out = appendItems(appendItems(out, Delete, a), Insert, b)
	} else {
		out = appendCommon(out, a, b)
	}
	return appendEqual(out, tail)
}

// commonEnds is how many items two lists have in common at the beginning and,
// of the rest, at the end.
func commonEnds[T comparable](a, b []T) (head, tail int) {
	n := min(len(a), len(b))
	for head < n && a[head] == b[head] {
		head++
	}
	for tail < n-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return head, tail
}

// appendCommon appends the steps from a to b by a longest common subsequence,
// in len(a)*len(b) steps; in a change deletions come first.
func appendCommon[T comparable](out []ListEdit[T], a, b []T) []ListEdit[T] {
	wide := len(b) + 1
	best := make([]int32, (len(a)+1)*wide) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				best[i*wide+j] = best[(i+1)*wide+j+1] + 1
			} else {
				best[i*wide+j] = max(best[(i+1)*wide+j], best[i*wide+j+1])
			}
		}
	}
	i, j := 0, 0
	var come []T
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = appendEqual(appendItems(out, Insert, come), 1)
			i, j, come = i+1, j+1, nil
		case i < len(a) && best[(i+1)*wide+j] == best[i*wide+j]:
			out = appendItems(out, Delete, a[i:i+1])
			i++
		default:
			come = append(come, b[j])
			j++
		}
	}
	return appendItems(out, Insert, come)
}

func appendEqual[T any](out []ListEdit[T], n int) []ListEdit[T] {
	if k := len(out) - 1; k >= 0 && out[k].Op == Equal && n > 0 {
		out[k].Count += n
		return out
	}
	if n == 0 {
		return out
	}
	return append(out, ListEdit[T]{Op: Equal, Count: n})
}

func appendItems[T any](out []ListEdit[T], op Op, items []T) []ListEdit[T] {
	for _, item := range items {
		out = append(out, ListEdit[T]{Op: op, Item: &item})
	}
	return out
}

// replayList checks that a list is one side of its edits and gives the other.
// The items of op gone are those of this side alone. An empty list is nil.
func replayList[T comparable](list []T, edits []ListEdit[T], gone Op) ([]T, error) {
	if len(edits) == 0 {
		return slices.Clone(nilIfEmpty(list)), nil
	}
	var out []T
	rest := list
	for k, e := range edits {
		switch {
		case e.Op == Equal && e.Count >= 0 && e.Count <= len(rest):
			out, rest = append(out, rest[:e.Count]...), rest[e.Count:]
		case e.Op == Equal || e.Op != Insert && e.Op != Delete || e.Item == nil:
			return nil, fmt.Errorf("step %d: nothing to do it with", k)
		case e.Op != gone:
			out = append(out, *e.Item)
		case len(rest) == 0 || rest[0] != *e.Item:
			return nil, fmt.Errorf("step %d: list is not the one compared", k)
		default:
			rest = rest[1:]
		}
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d items are in no step", len(rest))
	}
	return out, nil
}
