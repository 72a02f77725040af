package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

const maxLinkName = 500 // bytes of the text of a link

// bodyLinks lists the ways out of the core blocks, in the order of the page:
// absolute, http or https, without tracking parameters, fragments kept. Links
// within the page are none, and the same address under the same text counts
// once. The second result reports that there were more than news.MaxLinks.
func (d *document) bodyLinks() (out []news.Link, more bool) {
	texts := map[*html.Node][]string{}
	first, last := d.span()
	for i := first; i <= last; i++ {
		if p := &d.pieces[i]; p.core() && p.parent != nil {
			texts[p.parent] = append(texts[p.parent], p.Text)
		}
	}
	seen := map[news.Link]bool{}
	base := d.baseURL()
	each(d.root, func(n *html.Node) {
		if more || n.Type != html.ElementNode || n.DataAtom != atom.A || !hasAttr(n, "href") {
			return
		}
		l, ok := d.linkIn(n, base, texts)
		if !ok || seen[l] {
			return
		}
		if len(out) >= news.MaxLinks {
			more = true
			return
		}
		seen[l] = true
		out = append(out, l)
	})
	return out, more
}

// baseURL is the value of the base element, or empty.
func (d *document) baseURL() (base string) {
	each(d.root, func(n *html.Node) {
		if base == "" && n.Type == html.ElementNode && n.DataAtom == atom.Base {
			base = strings.TrimSpace(attr(n, "href"))
		}
	})
	return base
}

// linkIn reads a link whose text stands in one of the texts.
func (d *document) linkIn(n *html.Node, base string, texts map[*html.Node][]string) (news.Link, bool) {
	near := texts[blockAround(n)]
	if near == nil {
		return news.Link{}, false
	}
	text, in := tidy(nodeText(n)), false
	for _, t := range near {
		in = in || text != "" && strings.Contains(t, text)
	}
	if !in {
		return news.Link{}, false
	}
	u := d.outward(strings.TrimSpace(attr(n, "href")), base)
	return news.Link{URL: u, Text: clip(text, maxLinkName)}, u != ""
}

// blockAround is the block element, or table row, in which the first text of
// an inline element stands.
func blockAround(n *html.Node) *html.Node {
	for c := n; c != nil; {
		var next *html.Node
		for k := c.FirstChild; k != nil && next == nil; k = k.NextSibling {
			if k.Type == html.ElementNode || k.Type == html.TextNode && strings.TrimSpace(k.Data) != "" {
				next = k
			}
		}
		n, c = c, next
	}
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && isBlock(n.DataAtom) {
			break
		}
	}
	if n == nil || n.DataAtom != atom.Td && n.DataAtom != atom.Th || n.Parent == nil || !plainRow(n.Parent) {
		return n
	}
	return n.Parent
}

// outward is the absolute address of a link that leaves the page, or empty.
func (d *document) outward(href, base string) string {
	if href == "" || strings.HasPrefix(href, "#") || len(href) > news.MaxAddress {
		return ""
	}
	u := d.resolve(href)
	if b := d.resolve(base); b != nil {
		if rel, err := b.Parse(href); err == nil {
			u = d.resolve(rel.String())
		}
	}
	if u == nil {
		return ""
	}
	a, err := news.ParseAddress(u.String(), nil)
	if err != nil || d.page.URL != nil && a.URL == d.ownAddress() {
		return ""
	}
	if u.Fragment != "" {
		return a.URL + "#" + u.EscapedFragment()
	}
	return a.URL
}

// ownAddress is the page's own address, spelt as news.ParseAddress does.
func (d *document) ownAddress() string {
	a, err := news.ParseAddress(d.page.URL.String(), nil)
	if err != nil {
		return ""
	}
	return a.URL
}
