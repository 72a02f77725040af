package compare

import (
	"slices"

	"stet/internal/extract"
	"stet/internal/news"
)

// Keys are block keys (news.Key), ascending.
type Keys []uint64

// Has reports whether k is among them.
func (s Keys) Has(k uint64) bool { _, ok := slices.BinarySearch(s, k); return ok }

// KeysOf lists everything that a page says: every block, and every variant of
// headline and standfirst, shown or not.
func KeysOf(r extract.Result) Keys {
	keys := make(Keys, 0, len(r.Blocks)+len(r.Extra)+2)
	for _, b := range r.Blocks {
		keys = append(keys, b.Key)
	}
	keys = append(keys, r.Extra...)
	keys = append(keys, news.Key(r.Content.Headline), news.Key(r.Content.Standfirst))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// keysOf gives the keys of blocks, in their order.
func keysOf(blocks []news.Block) []uint64 {
	keys := make([]uint64, len(blocks))
	for i, b := range blocks {
		keys[i] = news.Key(b.Text)
	}
	return keys
}

// union gives the keys of both.
func (s Keys) union(o Keys) Keys {
	all := slices.Concat(s, o)
	slices.Sort(all)
	return slices.Compact(all)
}

// both is what is known of the whole page after two looks: what both held, and
// of what it held before whatever one of them still held. What only one look
// showed is not learnt: it may be an edit that one server has and another has
// not yet.
func both(old, one, two Keys) Keys {
	var out Keys
	for _, k := range one.union(two) {
		if one.Has(k) && two.Has(k) || old.Has(k) {
			out = append(out, k)
		}
	}
	return out
}
