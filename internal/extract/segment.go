package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// A piece is a block of the page on its way to a verdict.
type piece struct {
	Block
	place
	level  int      // of a heading, 1 to 6; else 0
	link   int      // bytes of the text that are inside links
	stamp  int      // bytes of the text that are inside time elements
	tokens []uint64 // hashes of its words
	votes  int
	voted  [voters]bool
	boxed  bool // in furniture

	consentRead, consents bool // whether it was read for the words of a consent dialogue, and has them
}

// A place is where on the page a piece stands.
type place struct {
	parent    *html.Node // nearest block element
	box       *box       // innermost element around it that generic marks call furniture
	landmark  bool       // in nav, footer, aside or the page's own header
	inArticle bool       // in an article or main element
	caption   bool
	item      bool
	quote     bool
	lead      bool // marked as a standfirst
	byline    bool // marked as a byline
	link      bool
	stamp     bool
	level     int
	post      string  // id of the live-blog post around it
	rules     ruleSet // whose selector matches an element around it
	trail     uint64  // hash of the names of all elements around it
	path      uint64  // trail of parent
}

// A box is an element that a generic word marks as furniture. Words that turn
// out to mark a good part of the voted text are void: they name the whole
// ("has-sidebar") or a way of building pages.
type box struct {
	outer *box
	word  string
}

// A segmenter cuts the tree into pieces, as a browser would put text on lines.
type segmenter struct {
	live   bool // the page is a live blog: posts are looked for
	rules  []Ignore
	ruled  map[*html.Node]ruleSet
	pieces []piece
	buf    []byte
	at     place // of the first text in buf
	link   int
	stamp  int
	space  bool   // white space waits to be written
	breaks int    // line breaks since the last text
	posted string // id of the last post whose heading was met
	cut    bool   // MaxPageBlocks was met
}

// segment gives the text blocks of a tree in document order. Scripts, hidden
// elements and form fields have no text.
func segment(root *html.Node, live bool, rules []Ignore) ([]piece, bool) {
	s := &segmenter{live: live, rules: rules, ruled: ignored(root, rules)}
	s.walk(root, place{})
	s.flush()
	return s.pieces, s.cut
}

func (s *segmenter) walk(n *html.Node, p place) {
	switch n.Type {
	case html.TextNode:
		s.text(n.Data, p)
	case html.DocumentNode:
		s.children(n, p)
	case html.ElementNode:
		s.element(n, p)
	}
}

func (s *segmenter) children(n *html.Node, p place) {
	for c := n.FirstChild; c != nil && !s.cut; c = c.NextSibling {
		s.walk(c, p)
	}
}

func (s *segmenter) element(n *html.Node, p place) {
	if !rendered(n) {
		return
	}
	p.trail = step(p.trail, n)
	if len(s.ruled) > 0 {
		p.rules |= s.ruled[n]
	}
	switch {
	case n.DataAtom == atom.Br:
		if s.breaks++; s.breaks >= 2 {
			s.flush()
		}
		s.space = true
	case n.DataAtom == atom.Tr && plainRow(n):
		s.row(n, p.enter(n, s.live))
	case isBlock(n.DataAtom):
		s.flush()
		s.children(n, p.enter(n, s.live))
		s.flush()
	default:
		s.children(n, p.inline(n))
	}
}

// row writes the cells of a table row as one piece, a tab between cells, as
// innerText does.
func (s *segmenter) row(n *html.Node, p place) {
	s.flush()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && rendered(c) {
			if len(s.buf) > 0 {
				s.buf = append(s.buf, '\t')
				s.space = false
			}
			s.children(c, p)
		}
	}
	n0 := len(s.pieces)
	s.flush()
	if len(s.pieces) > n0 {
		s.pieces[n0].Kind = news.TableRow
	}
}

// text appends text, white space collapsed.
func (s *segmenter) text(data string, p place) {
	for len(data) > 0 {
		if isSpace(data[0]) {
			s.space, data = true, data[1:]
			continue
		}
		end := 1
		for end < len(data) && !isSpace(data[end]) {
			end++
		}
		s.word(data[:end], p)
		data = data[end:]
	}
}

func isSpace(c byte) bool {
	return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f')
}

func (s *segmenter) word(w string, p place) {
	if len(s.buf) == 0 {
		s.at, s.link, s.stamp = p, 0, 0
	} else if s.space {
		s.buf = append(s.buf, ' ')
	}
	s.space, s.breaks = false, 0
	s.at.rules &= p.rules // a rule on a part of the block is none on the block
	s.buf = append(s.buf, w...)
	if p.link {
		s.link += len(w) + 1
	}
	if p.stamp {
		s.stamp += len(w) + 1
	}
}

// flush ends the piece under construction.
func (s *segmenter) flush() {
	s.space, s.breaks = false, 0
	if len(s.buf) == 0 {
		return
	}
	text := string(bytes.TrimRight(s.buf, "\t"))
	s.buf = s.buf[:0]
	if (text[0] < ' ' || text[0] >= utf8.RuneSelf) && news.Fold(clip(text, 64)) == "" { // a no-break space to keep a line open
		return
	}
	if len(s.pieces) >= MaxPageBlocks {
		s.cut = true
		return
	}
	pc := piece{place: s.at, level: s.at.level, boxed: s.at.box != nil, link: s.link, stamp: s.stamp}
	pc.Text, pc.Kind, pc.ID = text, s.at.kind(), s.at.post
	if pc.post != "" && pc.level > 0 && pc.post != s.posted {
		pc.Kind, s.posted = news.Post, pc.post
	}
	pc.Path = pc.path
	pc.Rule = ruleOn(s.rules, pc.place.rules, text)
	pc.Key = news.Key(text)
	pc.tokens = tokens(text)
	s.pieces = append(s.pieces, pc)
}

// clip cuts a text to at most n bytes at a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

func (p place) kind() news.BlockKind {
	switch {
	case p.caption:
		return news.Caption
	case p.level > 0:
		return news.Heading
	case p.item:
		return news.ListItem
	case p.quote:
		return news.Quotation
	}
	return news.Paragraph
}

// enter gives the place inside a block element.
func (p place) enter(n *html.Node, live bool) place {
	p.parent, p.path = n, p.trail
	switch n.DataAtom {
	case atom.Article, atom.Main:
		p.inArticle = true
	case atom.Nav, atom.Footer, atom.Aside, atom.Menu, atom.Dialog:
		p.landmark = true
	case atom.Header:
		p.landmark = p.landmark || !p.inArticle
	case atom.Blockquote:
		p.quote = true
	case atom.Li, atom.Dd, atom.Dt:
		p.item = true
	case atom.Figcaption, atom.Caption:
		p.caption = true
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.level = int(n.Data[1] - '0')
	}
	if live {
		if id := postID(n); id != "" {
			p.post = id
		}
	}
	return p.marked(n)
}

// attached reports whether an address is that of a document. Its title is text
// of the article ("Letter to the inquiry, PDF, 115 KB"), not a way to other
// pages.
func attached(href string) bool {
	switch strings.ToLower(href[strings.LastIndexByte(href, '.')+1:]) {
	case "pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp":
		return strings.Contains(href, ".")
	}
	return false
}

// step adds an element to a trail, which begins in the body.
func step(trail uint64, n *html.Node) uint64 {
	if n.DataAtom == atom.Body {
		return fnvOffset
	}
	for i := range len(n.Data) {
		trail = (trail ^ uint64(n.Data[i])) * fnvPrime
	}
	return (trail ^ '/') * fnvPrime
}

// pathTo is the trail of an element, 0 when it is not in the body.
func pathTo(n *html.Node) uint64 {
	switch {
	case n == nil:
		return 0
	case n.DataAtom == atom.Body:
		return step(0, n)
	}
	if up := pathTo(n.Parent); up != 0 {
		return step(up, n)
	}
	return 0
}

// inline gives the place inside an inline element.
func (p place) inline(n *html.Node) place {
	switch n.DataAtom {
	case atom.A:
		p.link = p.link || hasAttr(n, "href") && !attached(attr(n, "href"))
	case atom.Time:
		p.stamp = true
	}
	return p
}

// rendered reports whether an element shows text at all.
func rendered(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Math, atom.Iframe, atom.Object,
		atom.Head, atom.Select, atom.Textarea, atom.Input, atom.Audio, atom.Video, atom.Canvas, atom.Noframes,
		atom.Noembed, atom.Datalist, atom.Map, atom.Progress, atom.Meter:
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return strings.EqualFold(a.Val, "until-found")
		case "aria-hidden":
			if strings.EqualFold(a.Val, "true") {
				return false
			}
		case "style":
			if len(a.Val) < 1000 && rxInvisible.MatchString(a.Val) {
				return false
			}
		}
	}
	return true
}

// plainRow reports whether a table row holds data rather than a layout: at
// least two cells, and no block elements but single wrappers in them.
func plainRow(n *html.Node) bool {
	cells := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		cells++
		if blocksIn(c) > 1 {
			return false
		}
	}
	return cells >= 2
}

// blocksIn counts block elements below n, up to 2.
func blocksIn(n *html.Node) int {
	count := 0
	for c := n.FirstChild; c != nil && count < 2; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if c.DataAtom == atom.Table {
			return 2
		}
		if isBlock(c.DataAtom) {
			count++
		}
		count += blocksIn(c)
	}
	return count
}
