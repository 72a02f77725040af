package compare

import "stet/internal/news"

// isLive reports whether blocks are those of a live blog.
func isLive(blocks []news.Block) bool {
	for _, b := range blocks {
		if b.ID != "" {
			return true
		}
	}
	return false
}

// isPost reports whether a trace is about a block of a post that is new, or that
// is gone as a whole.
func (j *judge) isPost(t Trace) bool {
	id := j.blockOf(t).ID
	if id == "" {
		return false
	}
	if t.Absent {
		return true
	}
	for _, b := range j.standing {
		if b.ID == id {
			return false
		}
	}
	return true
}

// fallen gives the blocks of old posts that fell off the end of a page that
// shows only so many: posts beyond the last (or before the first) that is still
// there, while new ones came at the other end. They stay in the content.
func (j *judge) fallen(g glance) map[uint64]bool {
	out := map[uint64]bool{}
	if !j.live {
		return out
	}
	first, last := -1, -1
	stood := map[string]bool{}
	for i, b := range j.standing {
		stood[b.ID] = true
		if b.ID != "" && g.keys.Has(j.keys[i]) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	above, below := freshPosts(g, stood)
	shown := map[string]bool{}
	for _, b := range g.core {
		shown[b.ID] = true
	}
	for i, b := range j.standing {
		if b.ID != "" && !shown[b.ID] && (i < first && below || i > last && above || first < 0) {
			out[j.keys[i]] = true
		}
	}
	return out
}

// freshPosts reports whether a page has new posts above, and below, those of
// the content.
func freshPosts(g glance, stood map[string]bool) (above, below bool) {
	met := false
	for _, b := range g.core {
		switch {
		case b.ID == "":
		case stood[b.ID]:
			met, below = true, false
		case met:
			below = true
		default:
			above = true
		}
	}
	return above, below
}

// posts counts the posts among blocks that have come, and reports whether there
// is nothing else.
func (j *judge) posts(added []news.Block) (n int, only bool) {
	stood := map[string]bool{}
	for _, b := range j.standing {
		stood[b.ID] = true
	}
	only = j.live && len(added) > 0
	fresh := map[string]bool{}
	for _, b := range added {
		only = only && b.ID != "" && !stood[b.ID]
		if b.ID != "" && !stood[b.ID] {
			fresh[b.ID] = true
		}
	}
	return len(fresh), only
}
