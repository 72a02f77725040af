package noise

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"

	dom "golang.org/x/net/html"
)

// chrome is the furniture of level 1, which every page has: a line with clock,
// weather and counter on top, a most-read list and teasers at the bottom, and
// on half of the pages other texts in the links that the page itself has
// outside of the article.
func chrome(r *rand.Rand, s *Source) []look {
	looks := []look{topLine(s), mostRead(s), teasers(s)}
	if r.IntN(2) == 0 {
		looks = append(looks, otherLinks(s))
	}
	return looks
}

func topLine(s *Source) look {
	return func(t *tree) {
		if t.top.FirstChild == nil {
			return
		}
		var b strings.Builder
		for range 2 {
			fmt.Fprintf(&b, "<span>%s</span> ", t.say("top line", s.endless("weather")))
		}
		t.before(t.top.FirstChild, `<div class="topbar">`+b.String()+`</div>`)
	}
}

func mostRead(s *Source) look {
	return func(t *tree) {
		t.atEnd(fmt.Sprintf(`<aside class="most-read"><h2>%s</h2><ol>%s</ol></aside>`, html.EscapeString(s.stock["popular"][0]), t.links("most read", s, 5)))
	}
}

func teasers(s *Source) look {
	return func(t *tree) {
		var b strings.Builder
		for range 6 {
			fmt.Fprintf(&b, `<div class="teaser"><h3><a href="/story/%d">%s</a></h3>`, t.r.IntN(9999), t.say("teasers", s.few("teaser")))
			if t.r.IntN(2) == 0 {
				fmt.Fprintf(&b, `<p>%s</p>`, t.say("teasers", s.few("summary")))
			}
			b.WriteString("</div>")
		}
		t.atEnd(`<section class="teasers">` + b.String() + `</section>`)
	}
}

// otherLinks gives every third link of some length outside of the article's
// own element another text.
func otherLinks(s *Source) look {
	const shortest = 25 // bytes of a link's text that may be a teaser
	var walk func(t *tree, n *dom.Node)
	walk = func(t *tree, n *dom.Node) {
		if n == t.body || n.Type == dom.ElementNode && n.Data == "h1" {
			return
		}
		if n.Type == dom.ElementNode && n.Data == "a" && len(text(n)) >= shortest && !t.holds(n) {
			if t.r.IntN(3) == 0 {
				first := true
				eachText(n, func(x *dom.Node) {
					if strings.TrimSpace(x.Data) != "" && first {
						x.Data, first = s.few("teaser")(t.r), false
						t.note("other links", x.Data)
					}
				})
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(t, c)
		}
	}
	return func(t *tree) { walk(t, t.top) }
}

// holds reports whether a paragraph of the article stands in n or n in one.
func (t *tree) holds(n *dom.Node) bool {
	for _, p := range t.paragraphs {
		for a := p; a != nil; a = a.Parent {
			if a == n {
				return true
			}
		}
		for a := n; a != nil; a = a.Parent {
			if a == p {
				return true
			}
		}
	}
	return false
}

func (t *tree) atEnd(src string) {
	for _, n := range fragment(src) {
		t.top.AppendChild(n)
	}
}
