package web

import (
	"slices"
	"strconv"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

// A post is what is known of a live blog's post in two versions.
type post struct {
	title    string // its first block
	was, is  time.Time
	old, new bool // in which of the versions it is
}

// postsOf finds the posts of two versions by their ids.
func postsOf(older, newer news.Content) map[string]*post {
	all := map[string]*post{}
	find := func(b news.Block) *post {
		if all[b.ID] == nil {
			all[b.ID] = &post{}
		}
		return all[b.ID]
	}
	for _, b := range older.Blocks {
		if b.ID != "" {
			p := find(b)
			p.old = true
			p.begin(b, &p.was)
		}
	}
	for _, b := range newer.Blocks {
		if b.ID != "" {
			p := find(b)
			p.new = true
			p.begin(b, &p.is)
		}
	}
	return all
}

// begin takes title and time from the block that begins the post.
func (p *post) begin(b news.Block, at *time.Time) {
	if b.Kind == news.Post {
		p.title, *at = b.Text, b.At
	}
}

// class says what became of the whole post: added, removed, or neither.
func (p *post) class() string {
	switch {
	case p.new && !p.old:
		return "added"
	case p.old && !p.new:
		return "removed"
	}
	return ""
}

// A postHead is the line over the blocks of a post in a diff.
type postHead struct {
	Anchor string // names the post; empty where it was named before
	Label  string // "Post", "+ Post added", "− Post removed"
	Title  string // when the block that begins the post is not next
	Was    time.Time
	At     time.Time // zero = unknown
}

// A group is a run of rows that belong to one post, or to none.
type group struct {
	Head  *postHead // nil: no post, or its line was shown before
	Class string    // "added" or "removed": the whole post was
	Rows  []diffRow
}

// Whole reports whether the group shows a whole post that was added or removed,
// and is one box: none of its blocks came from or went to another place.
func (g group) Whole() bool {
	other := func(r diffRow) bool { return r.Class != g.Class || r.ID == "" }
	return g.Head != nil && g.Class != "" && !slices.ContainsFunc(g.Rows, other)
}

// Numbers are the numbers of the changes in a box: "3." or "3–5.".
func (g group) Numbers() string {
	from, to := strconv.Itoa(g.Rows[0].N), strconv.Itoa(g.Rows[len(g.Rows)-1].N)
	if from == to {
		return from + "."
	}
	return from + "–" + to + "."
}

// A grouper divides rows into groups, and remembers what was shown.
type grouper struct {
	posts map[string]*post
	named map[string]bool // anchors that are taken
	last  string          // post of the last row that is not folded away
}

func newGrouper(older, newer news.Content) *grouper {
	return &grouper{posts: postsOf(older, newer), named: map[string]bool{}}
}

// groups divides the rows of a segment. A post whose line is in a fold has it
// again where it goes on after the fold, since nobody sees the one inside.
func (g *grouper) groups(rows []diffRow, folded bool) (out []group) {
	before := g.last
	for i, row := range rows {
		switch {
		case row.Post != before:
			out = append(out, g.begin(row))
		case i == 0:
			out = append(out, group{})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, row)
		before = row.Post
	}
	if !folded {
		g.last = before
	}
	return out
}

// begin makes the group that starts with the row.
func (g *grouper) begin(row diffRow) group {
	p := g.posts[row.Post]
	if row.Post == "" || p == nil {
		return group{}
	}
	h := &postHead{Label: "Post", At: p.is, Was: p.was}
	class := p.class()
	switch class {
	case "added":
		h.Label = "+ Post added"
	case "removed":
		h.Label, h.At, h.Was = "− Post removed", p.was, time.Time{}
	}
	if h.Was.Equal(h.At) || h.At.IsZero() {
		h.Was = time.Time{}
	}
	if row.Kind != news.Post {
		h.Title = visible(cut(p.title, PostTitle))
	}
	if a := postAnchor(row.Post); !g.named[a] {
		h.Anchor, g.named[a] = a, true
	}
	return group{Head: h, Class: class}
}

// postOf is the post that an edit belongs to: of the new text, unless the block
// is only in the old one. The old end of a move stands in its old post.
func postOf(e diff.Edit) string {
	if e.Origin() {
		return e.OldPost
	}
	return e.Post
}
