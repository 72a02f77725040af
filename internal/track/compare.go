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
	again   bool // the content was seen at more than one visit
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
	unclear    bool     // blocks are gone that were seen only once: article or furniture, nobody can say
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
		// What the earlier page lacked already was furniture of the page that
		// made the version, and went at the visit after.
		if !slices.Contains(has, k) && old.keys.has(k) {
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

// agree keeps of the first look's difference what the second look shows too.
//
// Only what both pages hold is added, and only what both lack is removed.
// Blocks that were seen at more than one visit before are the article's, and
// their removal counts. Of blocks that were seen just once, as many as turned
// out to be furniture now may have been furniture then: a slot that now shows
// another advert explains one block that has gone.
func agree(old before, one, two verdict, keys, again keySet) verdict {
	v := verdict{content: merge(old, one, two, keys)}
	v.headline = one.headline && two.headline && news.Key(one.content.Headline) == news.Key(two.content.Headline)
	if !v.headline {
		v.content.Headline = old.content.Headline
	}
	v.standfirst = one.standfirst && two.standfirst && news.Key(one.content.Standfirst) == news.Key(two.content.Standfirst)
	if !v.standfirst {
		v.content.Standfirst = old.content.Standfirst
	}
	volatile := 0
	for _, k := range one.added {
		if again.has(k) {
			v.added = append(v.added, k)
		} else {
			volatile++
		}
	}
	for _, k := range one.removed {
		if slices.Contains(two.removed, k) {
			v.removed = append(v.removed, k)
		}
	}
	if !old.again && len(v.added) == 0 && len(v.removed) > 0 && len(v.removed) <= volatile {
		v.removed, v.unclear = nil, true
	}
	v.moved = one.moved && two.moved
	return v
}

// merge gives the content that two looks agree on: the second's, without what
// only it has and was not there before, and with what only it lacks of the old
// content, in its place.
func merge(old before, one, two verdict, keys keySet) news.Content {
	kept := keyed(old.content)
	c := two.content
	c.Blocks = nil
	for _, b := range two.content.Blocks {
		if k := news.Key(b.Text); keys.has(k) || kept[k] {
			c.Blocks = append(c.Blocks, b)
		}
	}
	has := keyed(c)
	after := -1 // place in c.Blocks of the block before
	for _, b := range one.content.Blocks {
		k := news.Key(b.Text)
		if has[k] {
			after = slices.IndexFunc(c.Blocks, func(x news.Block) bool { return news.Key(x.Text) == k })
		} else if kept[k] {
			after++
			c.Blocks = slices.Insert(c.Blocks, after, b)
			has[k] = true
		}
	}
	return c
}

// bothHold is what is known of the whole page after two looks: what both held,
// and of what it held before whatever one of them still held. What only one
// look showed is not learnt: it may be an edit that one server has and another
// has not yet.
func bothHold(old, one, two keySet) keySet {
	var out keySet
	for _, k := range one.union(two) {
		if one.has(k) && two.has(k) || old.has(k) {
			out = append(out, k)
		}
	}
	return out
}

// learnable gives keys without those of content blocks that the baseline has
// lost: they came and went while the text stood, and are furniture of this
// version for good.
func (b before) learnable(keys keySet) keySet {
	in := keyed(b.content)
	return slices.DeleteFunc(slices.Clone(keys), func(k uint64) bool { return in[k] && !b.keys.has(k) })
}
