package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// A copier makes trees for the libraries, which alter what they are given. All
// nodes of a tree come from one piece of memory.
type copier struct {
	nodes []html.Node
	attrs []html.Attribute
}

// newCopier makes room for a copy of the page; what does not fit is allocated
// node by node.
func (d *document) newCopier() *copier {
	return &copier{nodes: make([]html.Node, 0, d.nodes), attrs: make([]html.Attribute, 0, d.attributes)}
}

// again takes back the room of the copy made before, which nobody must use any
// more.
func (c *copier) again() *copier {
	c.nodes, c.attrs = c.nodes[:0], c.attrs[:0]
	return c
}

// node copies one node without its attributes and its place.
func (c *copier) node(n *html.Node) *html.Node {
	if len(c.nodes) == cap(c.nodes) {
		return &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace}
	}
	c.nodes = append(c.nodes, html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace})
	return &c.nodes[len(c.nodes)-1]
}

// attributes copies those attributes of an element that the libraries read, so
// that the copy can be altered and can grow.
func (c *copier) attributes(n *html.Node) []html.Attribute {
	all, kept := readWhole(n.Data), 0
	for i := range n.Attr {
		if all || readByName(n.Attr[i].Key) {
			kept++
		}
	}
	if kept == 0 {
		return nil
	}
	if cap(c.attrs)-len(c.attrs) < kept {
		c.attrs = make([]html.Attribute, 0, kept)
	}
	from := len(c.attrs)
	for i := range n.Attr {
		if all || readByName(n.Attr[i].Key) {
			c.attrs = append(c.attrs, n.Attr[i])
		}
	}
	return c.attrs[from:len(c.attrs):len(c.attrs)]
}

// readByName reports whether a library reads attributes of a name, on any
// element.
func readByName(key string) bool {
	switch key {
	case "class", "id", "style", "role", "hidden", "href", "rel", "itemprop", "property", "name", "content", "lang", "src", "alt", "title", "type",
		"width", "height", "rowspan", "colspan", "summary", "datatable", "target",
		"aria-hidden", "aria-modal", "data-component", "data-testid", "data-lp-replacement-content":
		return true
	}
	return strings.HasPrefix(key, "data-readability")
}

// readWhole reports whether a library looks through all attributes of an
// element, for the address of a picture or a film.
func readWhole(tag string) bool {
	switch tag {
	case "img", "picture", "figure", "source", "video", "audio", "embed", "object", "iframe", "meta", "link":
		return true
	}
	return false
}

// tree copies a tree for go-readability, which counts no white space: without
// comments, without attributes that nobody reads, and with hemmed texts.
func (c *copier) tree(n *html.Node) *html.Node {
	out := c.node(n)
	if n.Type == html.TextNode {
		out.Data = hemmed(n.Data)
	}
	out.Attr = c.attributes(n)
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type != html.CommentNode {
			attach(out, c.tree(k))
		}
	}
	return out
}

// hemmed gives a text with at most one white space at either end: indented
// markup is full of more, which shows as one and is read again and again.
func hemmed(s string) string {
	for len(s) > 1 && isSpace(s[0]) && isSpace(s[1]) {
		s = s[1:]
	}
	for n := len(s); n > 1 && isSpace(s[n-1]) && isSpace(s[n-2]); n-- {
		s = s[:n-1]
	}
	return s
}

// attach is AppendChild for a node that is known to stand nowhere.
func attach(parent, child *html.Node) {
	child.Parent, child.PrevSibling = parent, parent.LastChild
	if parent.LastChild == nil {
		parent.FirstChild = child
	} else {
		parent.LastChild.NextSibling = child
	}
	parent.LastChild = child
}

// pruned copies a tree without what go-trafilatura throws away before it looks
// for the article, and with a head that answers its questions about metadata,
// which nobody here asks. The text that it finds is the same: it cleans what
// it is given in the same way, finds nothing to clean, and is much faster.
func (c *copier) pruned(root *html.Node) *html.Node {
	out := c.node(root)
	c.prune(out, root, false)
	for n := out.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode {
			n.InsertBefore(plainHead(), n.FirstChild)
			break
		}
	}
	return out
}

// prune copies the children of src into dst. tail says that an element was
// just left out: the text up to the next element goes with it. It returns the
// same for what follows.
func (c *copier) prune(dst, src *html.Node, tail bool) bool {
	for n := src.FirstChild; n != nil; n = n.NextSibling {
		switch n.Type {
		case html.CommentNode:
		case html.ElementNode:
			switch verdict(n) {
			case unwrap:
				tail = c.prune(dst, n, tail)
			case leave:
				tail = true
			default:
				k := c.node(n)
				k.Attr, tail = c.attributes(n), false
				if n.Data == "figure" {
					k.Data = "div"
				}
				attach(dst, k)
				c.prune(k, n, false)
			}
		default:
			if n.Type != html.TextNode || !tail {
				attach(dst, c.node(n))
			}
		}
	}
	return tail
}

// What go-trafilatura does to an element before it looks for the article.
const (
	keep   = iota
	unwrap // the children take its place
	leave  // nothing of it remains, nor the text after it
)

func verdict(n *html.Node) int {
	switch n.Data {
	case "abbr", "acronym", "address", "bdi", "bdo", "big", "cite", "data", "dfn", "font", "hgroup", "img", "ins", "mark", "meta", "ruby",
		"small", "template", "tbody", "tfoot", "thead":
		return unwrap
	case "figure":
		if holdsTable(n) {
			return keep
		}
		return leave
	case "aside", "embed", "footer", "form", "head", "iframe", "menu", "object", "script", "applet", "audio", "canvas", "map", "picture",
		"svg", "video", "area", "blink", "button", "datalist", "dialog", "frame", "frameset", "fieldset", "link", "input", "label", "legend",
		"marquee", "math", "menuitem", "nav", "noscript", "optgroup", "option", "output", "param", "progress", "rp", "rt", "rtc", "select",
		"source", "style", "track", "textarea", "time", "use":
		return leave
	}
	return keep
}

func holdsTable(root *html.Node) bool {
	held := false
	each(root, func(n *html.Node) { held = held || n.Type == html.ElementNode && n.Data == "table" })
	return held
}

// The head of a pruned page. A library that finds too little to call it text
// falls back on the body that JSON-LD declares, which is lastResort here.
var (
	lastResort = strings.Repeat("nothing found ", 10) + "."
	headTags   = [...]struct{ tag, attr, value, content string }{
		{"meta", "property", "og:site_name", "Page"}, {"meta", "property", "og:title", "Page of text"},
		{"meta", "property", "og:description", "Page"}, {"meta", "property", "og:author", "Some Body"},
		{"meta", "property", "og:image", "https://example.org/i"}, {"meta", "property", "og:url", "https://example.org/"},
		{"meta", "property", "og:type", "article"},
		{"a", "rel", "license", "https://creativecommons.org/licenses/by/4.0/"},
		{"script", "type", "application/ld+json", `{"@type":"Article","name":"Page of text","articleSection":["page"],"keywords":["page"],"articleBody":"` + lastResort + `"}`},
	}
)

// plainHead builds the head of a pruned page.
func plainHead() *html.Node {
	head := &html.Node{Type: html.ElementNode, Data: "head"}
	for _, t := range headTags {
		n := &html.Node{Type: html.ElementNode, Data: t.tag, Attr: []html.Attribute{{Key: t.attr, Val: t.value}}}
		switch t.tag {
		case "meta":
			n.Attr = append(n.Attr, html.Attribute{Key: "content", Val: t.content})
		case "a":
			n.Attr = append(n.Attr, html.Attribute{Key: "href", Val: t.content})
		default:
			n.AppendChild(&html.Node{Type: html.TextNode, Data: t.content})
		}
		head.AppendChild(n)
	}
	return head
}
