package feed

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An anchor is a link of a page, with where it stands.
type anchor struct {
	url     string // absolute, http or https, without fragment
	text    string // on one line
	rel     string
	heading bool // within a heading, or around one
	furnish bool // within nav, footer, aside or a menu
}

// A pageScan reads a page's links token by token: no tree is built, so depth
// and broken nesting do not matter.
type pageScan struct {
	base    *url.URL
	title   strings.Builder
	lang    string
	anchors []anchor
	links   []linkElement

	open     bool // an <a> is open; it is the last of anchors
	text     strings.Builder
	inTitle  bool
	hidden   atom.Atom // script, style … being passed over
	heading  int       // open headings
	furnish  int       // open elements of page furniture
	baseSeen bool
}

// A linkElement is a <link> of a page.
type linkElement struct{ rel, kind, title, href string }

// maxAnchors is how many links of a page are looked at, repetitions included.
const maxAnchors = 50000

// scanPage reads the links of a page. Bytes past MaxPage are not looked at.
func scanPage(body []byte, contentType string, base *url.URL) *pageScan {
	p := &pageScan{base: base}
	text, _ := decodeHTML(body[:min(len(body), MaxPage)], contentType)
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			p.closeAnchor()
			return p
		case html.TextToken:
			p.characters(z)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			p.start(tag, attributes(z, more), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name))
		}
	}
}

// attributes reads the attributes of the current tag that matter here; the
// first of a name counts, as in browsers.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	var m map[string]string
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch k := string(key); k {
		case "href", "rel", "type", "title", "aria-label", "role", "lang", "hreflang":
			if m == nil {
				m = map[string]string{}
			}
			if _, ok := m[k]; !ok {
				m[k] = string(value)
			}
		}
	}
	return m
}

func (p *pageScan) characters(z *html.Tokenizer) {
	switch {
	case p.hidden != 0:
	case p.inTitle && p.title.Len() < maxURL:
		p.title.Write(z.Text())
	case p.open && p.text.Len() < maxURL:
		p.text.Write(z.Text())
	}
}

func (p *pageScan) start(tag atom.Atom, attrs map[string]string, empty bool) {
	switch tag {
	case atom.Html:
		p.lang = firstOf(p.lang, oneLine(attrs["lang"]))
	case atom.Base:
		if u := webURL(p.base, attrs["href"]); u != "" && !p.baseSeen {
			p.base, _ = url.Parse(u) // webURL gives only what parses
			p.baseSeen = true
		}
	case atom.Link:
		p.links = append(p.links, linkElement{strings.ToLower(attrs["rel"]), strings.ToLower(attrs["type"]), oneLine(attrs["title"]), attrs["href"]})
	case atom.Title:
		p.inTitle = p.title.Len() == 0
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg:
		if !empty {
			p.hidden = tag
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.heading++
		if p.open {
			p.anchors[len(p.anchors)-1].heading = true
		}
	case atom.Nav, atom.Footer, atom.Menu:
		p.furnish++
	case atom.A:
		p.closeAnchor()
		p.openAnchor(attrs)
	default:
		if p.open && !isPhrase(tag) {
			p.text.WriteByte(' ')
		}
	}
}

func (p *pageScan) end(tag atom.Atom) {
	switch tag {
	case atom.Title:
		p.inTitle = false
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.heading = max(0, p.heading-1)
	case atom.Nav, atom.Footer, atom.Menu:
		p.furnish = max(0, p.furnish-1)
	case atom.A:
		p.hidden = 0 // a picture in a link that was never closed ends with it
		p.closeAnchor()
	default:
		if tag != 0 && tag == p.hidden {
			p.hidden = 0
		}
		if p.open && !isPhrase(tag) {
			p.text.WriteByte(' ')
		}
	}
}

func (p *pageScan) openAnchor(attrs map[string]string) {
	u := webURL(p.base, attrs["href"])
	if u == "" || len(p.anchors) >= maxAnchors {
		return
	}
	u, _, _ = strings.Cut(u, "#")
	p.anchors = append(p.anchors, anchor{
		url: u, rel: strings.ToLower(attrs["rel"]),
		text:    oneLine(firstOf(attrs["aria-label"], attrs["title"])),
		heading: p.heading > 0, furnish: p.furnish > 0,
	})
	p.open = true
	p.text.Reset()
}

// closeAnchor ends the open link. What it shows is its text; its label counts
// only when it shows none.
func (p *pageScan) closeAnchor() {
	if !p.open {
		return
	}
	p.open = false
	a := &p.anchors[len(p.anchors)-1]
	a.text = firstOf(oneLine(p.text.String()), a.text)
}
