package compare_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestLiveBlogs(t *testing.T) {
	for _, s := range []story{
		{title: "A new post is believed at once: the text has grown", first: "p1: p1:A", seen: 1,
			steps: []string{"p2: p2:B p1: p1:A", "changed grown posts:1 +p2: +p2:B | p2: p2:B p1: p1:A"}},
		{title: "Two posts at the end", first: "p1: p1:A", seen: 1,
			steps: []string{"p1: p1:A p2: p2:B p3: p3:C", "changed grown posts:2 +p2: +p2:B +p3: +p3:C | p1: p1:A p2: p2:B p3: p3:C"}},
		{title: "An edit of a post is an edit", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p2: p2:B' p1: p1:A", "changed +p2:B' -p2:B | p2: p2:B' p1: p1:A"}},
		{title: "An edit of a post beside a new one is no mere growth", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p3: p3:C p2: p2:B' p1: p1:A", "changed posts:1 +p2:B' +p3: +p3:C -p2:B | p3: p3:C p2: p2:B' p1: p1:A"}},
		{title: "An edit of the oldest post while a new one comes is an edit", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p3: p3:C p2: p2:B p1: p1:A'", "changed posts:1 +p1:A' +p3: +p3:C -p1:A | p3: p3:C p2: p2:B p1: p1:A'"}},
		{title: "A paragraph that is added to a post counts as a block alone", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p2: p2:B p2:C p1: p1:A", "pending suspect | p2: p2:B p1: p1:A"}},
		{title: "A post that goes is an edit", first: "p3: p3:C p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p3: p3:C p1: p1:A", "changed -p2: -p2:B | p3: p3:C p1: p1:A"}},
		{title: "and needs two looks when the text is new", first: "p3: p3:C p2: p2:B p1: p1:A", seen: 2,
			steps: []string{"p3: p3:C p1: p1:A", "pending suspect | p3: p3:C p2: p2:B p1: p1:A"}},
		{title: "An old post that falls off the end while a new one comes stays", first: "p3: p3:C p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p4: p4:D p3: p3:C p2: p2:B", "changed grown posts:1 +p4: +p4:D | p4: p4:D p3: p3:C p2: p2:B p1: p1:A",
				"p5: p5:E p4: p4:D p3: p3:C", "changed grown posts:1 +p5: +p5:E | p5: p5:E p4: p4:D p3: p3:C p2: p2:B p1: p1:A"}},
		{title: "Oldest first: what falls off the beginning stays", first: "p1: p1:A p2: p2:B p3: p3:C", seen: 3,
			steps: []string{"p2: p2:B p3: p3:C p4: p4:D", "changed grown posts:1 +p4: +p4:D | p1: p1:A p2: p2:B p3: p3:C p4: p4:D"}},
		{title: "The newest post withdrawn while another comes did not fall off", first: "p3: p3:C p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p4: p4:D p2: p2:B p1: p1:A", "changed posts:1 +p4: +p4:D -p3: -p3:C | p4: p4:D p2: p2:B p1: p1:A"}},
		{title: "nor when the other is put between", first: "p3: p3:C p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p2: p2:B p4: p4:D p1: p1:A", "changed posts:1 +p4: +p4:D -p3: -p3:C | p2: p2:B p4: p4:D p1: p1:A"}},
		{title: "The oldest post gone while none comes is gone", first: "p3: p3:C p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p3: p3:C p2: p2:B", "changed -p1: -p1:A | p3: p3:C p2: p2:B"}},
		{title: "A page of new posts only keeps all the old ones", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p4: p4:D p3: p3:C", "changed grown posts:2 +p3: +p3:C +p4: +p4:D | p2: p2:B p1: p1:A p4: p4:D p3: p3:C"}},
		{title: "A page without posts is no withdrawal of them", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"", "same | p2: p2:B p1: p1:A"}},
		{title: "Another order of posts is none", first: "p2: p2:B p1: p1:A", seen: 3,
			steps: []string{"p1: p1:A p2: p2:B / p1: p1:A p2: p2:B", "same | p2: p2:B p1: p1:A"}},
		{title: "A headline beside a new post is no mere growth", first: "p1: p1:A", seen: 3,
			steps: []string{"H=k p2: p2:B p1: p1:A", "changed headline posts:1 +p2: +p2:B | p2: p2:B p1: p1:A"}},
	} {
		s.run(t)
	}
}

// A hundred posts that come between two visits are all caught: what a memory has
// room for is no limit of what one visit may accept.
func TestManyPostsAtOnce(t *testing.T) {
	a := newPress().follow("p1: p1:A", 1)
	var posts []string
	for i := range 100 {
		posts = append(posts, fmt.Sprintf("q%d: q%d:Q%d", i, i, i))
	}
	page := strings.Join(posts, " ") + " p1: p1:A"
	v := a.judge(page)
	if v.Posts != 100 || !v.Grown || a.line(v.Content.Blocks) != page {
		t.Errorf("%d posts, grown %v, %d blocks; want 100 posts and all blocks of the page", v.Posts, v.Grown, len(v.Content.Blocks))
	}
}
