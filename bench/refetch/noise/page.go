// Package noise re-draws a news page the way its site does between two
// fetches: everything around the article moves, the article does not, until an
// [Edit] says so.
//
// A [Page] is a captured page, the paragraphs that are known to be its
// article's, and the furniture that was drawn for it once. [Page.Draw] parses
// the page, applies the edits made so far, puts in the furniture of this fetch
// and renders the tree again. Equal seeds give equal bytes.
//
// # Levels
//
//	0  the page as it was captured
//	1  page chrome: teasers, most-read lists, counters, clocks
//	2  in addition, drawn once for a page, the kinds in [kinds]: in-body adverts,
//	   boxes, counters, comments, wrappers, spellings …
//
// Furniture is shared as on a real site: the texts in stock belong to the
// [Source], which of them shows is drawn at each fetch. All texts are
// fictional and stand in words/LANGUAGE.txt.
package noise

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"stet/internal/news"
)

// MinParagraphs is how many paragraphs of the article must be found in the
// page: fewer, and nothing can be put between them.
const MinParagraphs = 4

// A Page is a page to be drawn again and again. It is safe for concurrent use.
type Page struct {
	source *Source
	raw    []byte
	level  int
	seed   uint64
	keys   map[uint64]bool // of the article's paragraphs
	looks  []look          // the furniture that this page has
	names  []string        // its kinds

	mu    sync.Mutex        // protects notes
	notes map[uint64]string // key of every furniture text shown so far → its kind
}

// NewPage takes a page whose article has these paragraphs. It errs when too few
// of them are found side by side.
func NewPage(source *Source, raw []byte, paragraphs []string, level int, seed uint64) (*Page, error) {
	p := &Page{source: source, raw: raw, level: level, seed: seed, keys: map[uint64]bool{}, notes: map[uint64]string{}}
	for _, text := range paragraphs {
		p.keys[news.Key(text)] = true
	}
	t, err := p.parse()
	if err != nil {
		return nil, err
	}
	if len(t.slots) < MinParagraphs {
		return nil, fmt.Errorf("page: %d of its paragraphs found side by side, want %d", len(t.slots), MinParagraphs)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	p.looks = append(p.looks, chrome(r, source)...)
	for _, k := range kinds() {
		if has := r.Float64() < k.share; has && level >= 2 {
			p.looks = append(p.looks, k.make(r, source))
			p.names = append(p.names, k.name)
		}
	}
	return p, nil
}

// Kinds names the furniture that the page was drawn to have at level 2.
func (p *Page) Kinds() []string { return p.names }

// Furniture names the kind of furniture that showed a text, or "".
func (p *Page) Furniture(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.notes[news.Key(text)]
}

// Draw is the page at a fetch, after edits.
func (p *Page) Draw(fetch int, edits []Edit) ([]byte, error) {
	t, err := p.parse()
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		e.apply(t)
	}
	if p.level > 0 {
		t.r = rand.New(rand.NewPCG(p.seed, uint64(fetch)<<8|3))
		t.note = p.note
		for _, look := range p.looks {
			look(t)
		}
	}
	var b bytes.Buffer
	if err := html.Render(&b, t.doc); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

func (p *Page) note(kind, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notes[news.Key(text)] = kind
}

// A tree is a parsed page and what was found in it.
type tree struct {
	doc        *html.Node
	top        *html.Node   // the body element
	title      *html.Node   // the first h1; nil = none
	paragraphs []*html.Node // of the article, in order
	body       *html.Node   // the element that most paragraphs stand in
	slots      []*html.Node // children of body that hold paragraphs, in order

	r    *rand.Rand // of this fetch
	note func(kind, text string)
}

func (p *Page) parse() (*tree, error) {
	doc, err := html.Parse(bytes.NewReader(p.raw))
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	t := &tree{doc: doc}
	p.find(t, doc)
	t.settle()
	return t, nil
}

// find walks in document order, children first, so that the innermost element
// with a paragraph's text is the paragraph.
func (p *Page) find(t *tree, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.find(t, c)
	}
	if n.Type != html.ElementNode {
		return
	}
	switch n.Data {
	case "body":
		t.top = n
	case "h1":
		if t.title == nil {
			t.title = n
		}
	case "p", "div", "li", "blockquote", "h2", "h3", "h4":
		if p.keys[news.Key(text(n))] && !t.claimed(n) {
			t.paragraphs = append(t.paragraphs, n)
		}
	}
}

// claimed reports whether a descendant of n is a paragraph already; the last
// found are looked at first, and it is among them if at all.
func (t *tree) claimed(n *html.Node) bool {
	if len(t.paragraphs) == 0 {
		return false
	}
	for a := t.paragraphs[len(t.paragraphs)-1]; a != nil; a = a.Parent {
		if a == n {
			return true
		}
	}
	return false
}

// settle finds the element that at least half of the paragraphs stand in,
// directly or in wrappers of their own.
func (t *tree) settle() {
	const deepest = 5
	for up := 1; up <= deepest && t.body == nil; up++ {
		count := map[*html.Node]int{}
		for _, n := range t.paragraphs {
			a := n
			for range up {
				if a != nil {
					a = a.Parent
				}
			}
			if count[a]++; a != nil && 2*count[a] >= len(t.paragraphs) {
				t.body = a
			}
		}
	}
	for _, n := range t.paragraphs {
		for a := n; a.Parent != nil; a = a.Parent {
			if a.Parent == t.body && (len(t.slots) == 0 || t.slots[len(t.slots)-1] != a) {
				t.slots = append(t.slots, a)
			}
		}
	}
}

// text is the text of an element, without scripts and styles.
func text(n *html.Node) string {
	var b strings.Builder
	eachText(n, func(t *html.Node) { b.WriteString(t.Data) })
	return strings.Join(strings.Fields(b.String()), " ")
}

func eachText(n *html.Node, do func(*html.Node)) {
	if n.Type == html.TextNode {
		do(n)
	}
	if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript") {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		eachText(c, do)
	}
}

// within is the nearest ancestor with this tag; nil = none.
func within(n *html.Node, tag string) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && n.Data == tag {
			return n
		}
	}
	return nil
}

// Plain is the page without furniture and edits, as the parser renders it.
func (p *Page) Plain() ([]byte, error) {
	return (&Page{raw: p.raw, keys: p.keys}).Draw(0, nil)
}
