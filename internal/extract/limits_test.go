package extract

import (
	"fmt"
	"strings"
	"testing"

	"stet/internal/news"
)

// edge reads two pages that differ in one more of something, and asks that only
// the first is taken whole.
func edge(t *testing.T, name string, limit int, write func(n int) Page, whole func(Result) bool) {
	t.Helper()
	if !whole(Read(write(limit))) {
		t.Errorf("%s: %d are not taken", name, limit)
	}
	if whole(Read(write(limit + 1))) {
		t.Errorf("%s: %d are taken", name, limit+1)
	}
}

func TestFieldLimits(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	image := func(n int) Page {
		start := "https://www.example.org/"
		return articleWith(`<meta property="og:image" content="`+start+x(n-len(start))+`">`, "")
	}
	edge(t, "bytes of an image's address", maxImageURL, image, func(r Result) bool { return r.Content.Image.URL != "" })
	edge(t, "bytes of an alternative text", maxAlt, func(n int) Page {
		return articleWith(`<meta property="og:image" content="/hall-roof.jpg"><meta property="og:image:alt" content="`+x(n-1)+`y">`, "")
	}, func(r Result) bool { return strings.HasSuffix(r.Content.Image.Alt, "y") })
	edge(t, "images looked at for a caption", maxImages, func(n int) Page {
		return articleWith(`<meta property="og:image" content="/hall-roof.jpg">`, strings.Repeat(`<img src="/a.gif">`, n-1)+`<img src="/hall-roof.jpg" alt="The roof">`)
	}, func(r Result) bool { return r.Content.Image.Alt == "The roof" })
	edge(t, "bytes of a link's address", news.MaxAddress, func(n int) Page {
		return articleWith("", `<p>The board of the harbour wrote a long <a href="https://www.example.org/`+x(n-24)+`">letter</a> about the boats that lie there in winter.</p>`)
	}, func(r Result) bool { return len(r.Content.Links) == 1 })
	edge(t, "bytes of a link's text", maxLinkName, func(n int) Page {
		words := strings.Repeat("word ", 50)
		return articleWith("", `<p>The board of the harbour wrote a long letter about the boats that lie there in winter, and more: <a href="/l">`+words+x(n-len(words)-1)+`y</a> `+strings.Repeat("and so on, ", n/8)+`.</p>`)
	}, func(r Result) bool {
		return len(r.Content.Links) == 1 && strings.HasSuffix(r.Content.Links[0].Text, "y")
	})
	edge(t, "bytes of a correction", maxCorrection, func(n int) Page {
		return articleWith(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Lindholm keeps its hall","correction":"a `+x(n-3)+`y"}</script>`, "")
	}, func(r Result) bool { return strings.HasSuffix(r.Content.Correction, "y") })
	edge(t, "elements marked as bylines", maxMarked, func(n int) Page {
		return articleWith("", strings.Repeat(`<i class="author">by</i>`, n-1)+`<i class="author">Tove Arn</i>`)
	}, func(r Result) bool { return len(r.Content.Byline) == 1 })
	edge(t, "nodes of a byline", bylineSize, func(n int) Page {
		return articleWith("", `<div class="author">`+strings.Repeat("<br>", n-2)+`Tove Arn</div>`)
	}, func(r Result) bool { return len(r.Content.Byline) == 1 })
	edge(t, "time elements", maxTimes, func(n int) Page {
		return articleWith("", strings.Repeat(`<time datetime="2031-02-04"></time>`, n-1)+`<time itemprop="dateModified" datetime="2031-02-05"></time>`)
	}, func(r Result) bool { return !r.Content.Modified.IsZero() })
	edge(t, "bytes of a line of dates", maxDateLine, func(n int) Page {
		begin := "Updated 5 February 2031 "
		return articleWith("", `<p>`+begin+x(n-len(begin))+`</p>`)
	}, func(r Result) bool { return !r.Content.Modified.IsZero() })
}

func TestLinkedLimits(t *testing.T) {
	values := func(n int) string { return strings.Repeat(`{"a":1}`, n) }
	if v, ok := parseLinked(values(maxValues)); !ok || len(v.([]any)) != maxValues {
		t.Errorf("%d values are not read", maxValues)
	}
	if v, _ := parseLinked(values(maxValues + 1)); len(v.([]any)) != maxValues {
		t.Errorf("%d values are read", maxValues+1)
	}
	for _, n := range []int{maxPosts, maxPosts + 1} {
		posts := strings.TrimSuffix(strings.Repeat(`{"headline":"x"},`, n), ",")
		v, _ := parseLinked("[" + posts + "]")
		if l := (&linked{}); len(l.postsOf(v)) != maxPosts {
			t.Errorf("%d posts: %d read", n, len(l.postsOf(v)))
		}
	}
	for n, want := range map[int]bool{maxNodes: true, maxNodes + 1: false} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `{"@id":"#%d","name":"x"},`, i)
		}
		v, _ := parseLinked("[" + strings.TrimSuffix(b.String(), ",") + "]")
		l := linked{nodes: map[string]map[string]any{}}
		l.name(v, 0)
		if got := l.nodes[fmt.Sprintf("#%d", n-1)] != nil; got != want {
			t.Errorf("object %d can be referred to: %v", n, got)
		}
	}
	if a, b := postName([]string{"#" + strings.Repeat("x", maxPostID)}), postName([]string{"#" + strings.Repeat("x", maxPostID+1)}); a != b || len(a) != maxPostID {
		t.Errorf("ids of posts: %d and %d bytes", len(a), len(b))
	}
	if _, ok := afterKicker(strings.Repeat("k", maxKicker)+" Lindholm keeps its swimming hall open until the year 2033 or so", "Lindholm keeps its swimming hall open until the year 2033 or so"); !ok {
		t.Errorf("a kicker of %d bytes is not known", maxKicker)
	}
	if _, ok := afterKicker(strings.Repeat("k", maxKicker+1)+" Lindholm keeps its swimming hall open until the year 2033 or so", "Lindholm keeps its swimming hall open until the year 2033 or so"); ok {
		t.Errorf("a kicker of %d bytes is taken off", maxKicker+1)
	}
}
