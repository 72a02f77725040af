package compare

import (
	"slices"

	"stet/internal/news"
)

// verdict puts together what was decided.
func (j *judge) verdict() Verdict {
	v := &j.out
	g := j.last()
	v.Changed = v.Headline || v.Standfirst || v.Moved || len(v.Added)+len(v.Removed) > 0
	if n, only := j.posts(v.Added); n > 0 {
		v.Posts = n
		v.Grown = only && len(v.Removed) == 0 && !v.Headline && !v.Standfirst && !v.Moved
	}
	j.worded(&j.memory.Headline, v.Headline)
	j.worded(&j.memory.Lead, v.Standfirst)
	if v.Changed {
		j.memory.Blocks, j.memory.Recut = nil, false // the new version is cut as the page is
	}
	v.Content = j.content()
	if !v.Changed { // whatever order, cut or repetition the page has now
		v.Content.Blocks = j.Content.Blocks
	}
	if len(j.looks) == 1 && v.Changed && j.shrunk() {
		j.suspect("most of the text is gone")
	}
	j.differs()
	j.settle(g)
	v.Memory = j.memory
	return *v
}

// differs notes what the second of two looks shows and the first does not. It waits
// to be accepted; but a change takes over the order of its page.
func (j *judge) differs() {
	if len(j.looks) < 2 {
		return
	}
	at := j.last().At
	if fresh := func(w *Wording) bool { return w != nil && w.Since.Equal(at) }; fresh(j.memory.Headline) || fresh(j.memory.Lead) {
		j.out.Differs = true
	}
	if slices.ContainsFunc(j.memory.Traces, func(t Trace) bool { return t.Run > 0 && t.Since.Equal(at) }) {
		j.out.Differs = true
	}
	switch {
	case j.Redesign || j.live || !j.reordered():
	case j.out.Changed:
		j.since(at)
	default:
		j.out.Differs = true
	}
}

// reordered reports whether the second of two looks has the content's blocks in
// another order than the first and the content have.
func (j *judge) reordered() bool {
	_, first := j.order(j.looks[0])
	had, last := j.order(j.looks[1])
	return !slices.Equal(had, last) && !slices.Equal(first, last)
}

// worded concludes a headline or standfirst.
func (j *judge) worded(w **Wording, accepted bool) {
	switch {
	case *w == nil:
	case accepted:
		j.since((*w).Since)
		*w = nil
	default:
		j.out.Pending = true
	}
}

// settle notes where the text stands, and the keys for the next time.
func (j *judge) settle(g glance) {
	v := &j.out
	if h := g.Page.Home; h != 0 && len(j.memory.Homes) > 0 && !slices.Contains(j.memory.Homes, h) {
		v.Home, v.FromHome = h, j.memory.Homes[len(j.memory.Homes)-1]
	}
	j.memory.Homes = homes(j.memory.Homes, g.Page.Home)
	v.Keys = g.keys
	if len(j.looks) > 1 {
		v.Keys = both(j.Known.Keys, j.looks[0].keys, g.keys)
	}
	j.forget()
}

// forget gives up what the memory has no room for. The keys then say that it
// was not seen yet, so that the next look finds it as new.
func (j *judge) forget() {
	was, isNot := Keys(nil), map[uint64]bool{}
	for _, t := range j.memory.trim() {
		if t.Absent {
			was = append(was, t.Key)
		} else {
			isNot[t.Key] = t.Run > 0
		}
	}
	size := 0
	for _, b := range j.memory.Blocks {
		size += len(b.Text)
	}
	if size > MaxRecut {
		had, has := newRow(j.Content.Blocks), newRow(j.memory.Blocks)
		was = append(was, slices.DeleteFunc(had.keys, has.has)...)
		for _, k := range has.keys {
			isNot[k] = !had.has(k)
		}
		j.memory.Blocks, j.memory.Recut = nil, true
	}
	if len(was)+len(isNot) > 0 {
		j.out.Keys = slices.DeleteFunc(j.out.Keys.union(was), func(k uint64) bool { return isNot[k] })
	}
}

// shrunk reports whether little of the text is left.
func (j *judge) shrunk() bool {
	return float64(len(j.out.Content.Text())) < ShrinkTo*float64(len(j.Content.Text()))
}

// content is what stands now: the page's rendering of the blocks that stand or
// have entered, and those that stand though the page lacks them, in their
// places.
func (j *judge) content() news.Content {
	page := j.last().Page
	c := page.Content
	if !j.out.Headline {
		c.Headline = j.Content.Headline
	}
	if !j.out.Standfirst {
		c.Standfirst = j.Content.Standfirst
	}
	c.Blocks = nil
	has := map[uint64]bool{}
	put := func(b news.Block, k uint64) {
		if !has[k] {
			has[k] = true
			c.Blocks = append(c.Blocks, b)
		}
	}
	chosen := keyed(page.Content.Blocks)
	stands := func(k uint64) bool { _, in := j.stands[k]; return in || j.enter[k] }
	rest := page.Content.Blocks
	for _, b := range page.Blocks {
		switch {
		case len(rest) > 0 && rest[0].Text == b.Text:
			if stands(b.Key) || !rest[0].Core() {
				has[b.Key] = true
				c.Blocks = append(c.Blocks, j.asText(rest[0], b.Key)) // a text may stand twice
			}
			rest = rest[1:]
		case stands(b.Key) && !chosen[b.Key]:
			put(j.asText(b.Block, b.Key), b.Key)
		}
	}
	for _, b := range rest { // text that no block of the page has
		if k := news.Key(b.Text); stands(k) {
			put(b, k)
		}
	}
	c.Blocks = j.reinsert(c.Blocks, has)
	return c
}

// asText gives a block that the page has as the text it was, though the page
// may now call it a caption.
func (j *judge) asText(b news.Block, k uint64) news.Block {
	if i, in := j.stands[k]; in && !b.Core() {
		b.Kind = j.standing[i].Kind
	}
	return b
}

// reinsert puts the blocks that stand though the page lacks them behind those
// that they followed, or what took the place of that.
func (j *judge) reinsert(blocks []news.Block, has map[uint64]bool) []news.Block {
	place := make(map[uint64]int, len(blocks))
	for i, k := range keysOf(blocks) {
		if _, ok := place[k]; !ok {
			place[k] = i
		}
	}
	behind := map[int][]news.Block{} // a place among blocks → what goes behind it; -1 = to the front
	after := -1
	for i, b := range j.standing {
		k := j.keys[i]
		anchor := k
		if e := j.found[k]; e != nil && j.leave[k] {
			anchor = e.came.Key
		}
		if at, ok := place[anchor]; ok {
			after = at
		} else if b.Core() && !j.leave[k] && !has[k] {
			behind[after] = append(behind[after], b)
			has[k] = true
		}
	}
	if len(behind) == 0 {
		return blocks
	}
	out := slices.Clone(behind[-1])
	for i, b := range blocks {
		out = append(append(out, b), behind[i]...)
	}
	return out
}

func keyed(blocks []news.Block) map[uint64]bool {
	m := make(map[uint64]bool, len(blocks))
	for _, b := range blocks {
		m[news.Key(b.Text)] = true
	}
	return m
}
