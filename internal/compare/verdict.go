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
		j.memory.Blocks = nil // the new version is cut as the page is
	}
	v.Content = j.content()
	if !v.Changed { // whatever order, cut or repetition the page has now
		v.Content.Blocks = j.Content.Blocks
	}
	if len(j.looks) == 1 && v.Changed && j.shrunk() {
		j.suspect("most of the text is gone")
	}
	j.settle(g)
	v.Memory = j.memory
	return *v
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
	stood, chosen := keyed(j.standing), keyed(page.Content.Blocks)
	rest := page.Content.Blocks
	for _, b := range page.Blocks {
		switch {
		case len(rest) > 0 && rest[0].Text == b.Text:
			if stood[b.Key] || j.enter[b.Key] || !rest[0].Core() {
				has[b.Key] = true
				c.Blocks = append(c.Blocks, rest[0]) // a text may stand twice
			}
			rest = rest[1:]
		case (stood[b.Key] || j.enter[b.Key]) && !chosen[b.Key]:
			put(b.Block, b.Key)
		}
	}
	for _, b := range rest { // text from the page's metadata
		if k := news.Key(b.Text); stood[k] || j.enter[k] {
			put(b, k)
		}
	}
	c.Blocks = j.reinsert(c.Blocks, has)
	return c
}

// reinsert puts the blocks that stand though the page lacks them behind those
// that they followed.
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
		if at, ok := place[k]; ok {
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
