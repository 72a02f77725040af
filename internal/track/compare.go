package track

import (
	"slices"

	"stet/internal/extract"
	"stet/internal/news"
)

// A before is what is known of an article when a new page of it is compared:
// the content that stood, and the keys of everything the whole page held.
type before struct {
	content news.Content
	keys    keySet
}

// A keySet holds block keys (news.Key), sorted.
type keySet []uint64

func (s keySet) has(k uint64) bool { _, ok := slices.BinarySearch(s, k); return ok }

// union gives the keys of both.
func (s keySet) union(o keySet) keySet {
	all := slices.Concat(s, o)
	slices.Sort(all)
	return slices.Compact(all)
}

// keysOf lists everything that a page says: every block, and every variant of
// headline and standfirst, shown or not.
func keysOf(r extract.Result) keySet {
	keys := make(keySet, 0, len(r.Blocks)+len(r.Extra)+2)
	for _, b := range r.Blocks {
		keys = append(keys, b.Key)
	}
	keys = append(keys, r.Extra...)
	keys = append(keys, news.Key(r.Content.Headline), news.Key(r.Content.Standfirst))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// A verdict is what comparing two pages came to.
type verdict struct {
	headline   bool
	standfirst bool
	added      []uint64 // keys of core blocks that the whole earlier page lacked
	removed    []uint64 // keys of core blocks that the whole new page lacks
	moved      bool     // blocks that both have stand in another order
	content    news.Content
}

func (v verdict) changed() bool {
	return v.headline || v.standfirst || len(v.added)+len(v.removed) > 0 || v.moved
}

// compare decides whether a page shows another text than before, and what that
// text is.
//
// The extractors change their minds; publishers change their articles. Only
// the second is a change, so a block counts as added only if the whole earlier
// page lacked it, and as removed only if the whole new page lacks it. The
// content is steadied by the same rule: a block that was on the earlier page
// but not in its content stays out, one that was in the content and is still
// on the page stays in. What extraction now thinks of blocks that were there
// all along does not matter.
//
// Order counts: a paragraph moved is a change though nothing is added.
func compare(old before, page extract.Result, keys keySet) verdict {
	v := verdict{content: page.Content}
	v.content.Headline, v.headline = field(old.content.Headline, page.Content.Headline, old.keys, keys)
	v.content.Standfirst, v.standfirst = field(old.content.Standfirst, page.Content.Standfirst, old.keys, keys)
	v.content.Blocks = steady(old, page)

	had, has := coreKeys(old.content), coreKeys(v.content)
	for _, k := range has {
		if !slices.Contains(had, k) {
			v.added = append(v.added, k)
		}
	}
	for _, k := range had {
		if !slices.Contains(has, k) {
			v.removed = append(v.removed, k)
		}
	}
	v.moved = !slices.Equal(common(had, has), common(has, had))
	return v
}

// field decides one headline or standfirst: the new wording counts when the
// earlier page did not have it anywhere, or when the old one is nowhere any
// more; otherwise both wordings were there all along and the old one stays.
func field(old, now string, oldKeys, keys keySet) (string, bool) {
	k, n := news.Key(old), news.Key(now)
	if k == n {
		return now, false
	}
	if (now != "" && !oldKeys.has(n)) || (old != "" && !keys.has(k)) {
		return now, true
	}
	return old, false
}

// steady gives the new page's content blocks under the rule of compare, in the
// order of the page.
func steady(old before, page extract.Result) []news.Block {
	kept, chosen := keyed(old.content), keyed(page.Content)
	var out []news.Block
	rest := page.Content.Blocks // not met on the page yet
	for _, b := range page.Blocks {
		switch {
		case len(rest) > 0 && rest[0].Text == b.Text:
			if kept[b.Key] || !old.keys.has(b.Key) {
				out = append(out, rest[0])
			}
			rest = rest[1:]
		case kept[b.Key] && !chosen[b.Key]:
			out = append(out, b.Block)
			kept[b.Key] = false // once is enough
		}
	}
	for _, b := range rest { // text from the page's metadata, not from its blocks
		if k := news.Key(b.Text); kept[k] || !old.keys.has(k) {
			out = append(out, b)
		}
	}
	return out
}

func keyed(c news.Content) map[uint64]bool {
	m := make(map[uint64]bool, len(c.Blocks))
	for _, b := range c.Blocks {
		m[news.Key(b.Text)] = true
	}
	return m
}

func coreKeys(c news.Content) []uint64 {
	var keys []uint64
	for _, b := range c.Blocks {
		if b.Core() {
			keys = append(keys, news.Key(b.Text))
		}
	}
	return keys
}

// common gives the members of a that b has too, in the order of a.
func common(a, b []uint64) []uint64 {
	in := make(map[uint64]bool, len(b))
	for _, k := range b {
		in[k] = true
	}
	var out []uint64
	for _, k := range a {
		if in[k] {
			out = append(out, k)
		}
	}
	return out
}
