package extract

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// flatDepth is how deep elements may nest in a flattened document: far below
// the parser's own limit of 512, since the parser implies elements of its own.
const flatDepth = 100

// parse builds the tree of a page. The parser of x/net/html refuses documents
// nested deeper than 512 elements; those are flattened and parsed again, since
// a refusal must not read as a deletion. It is nil only when even that fails.
func parse(text string) *html.Node {
	for _, prepare := range []func(string) string{
		func(s string) string { return s },
		func(s string) string { return flatten(s, flatDepth) },
		func(s string) string { return flatten(s, 0) },
	} {
		if root, err := html.Parse(strings.NewReader(prepare(text))); err == nil {
			return root
		}
	}
	return nil
}

// A flattener rewrites a token stream so that no element is nested deeper than
// its limit: formatting elements are left out, block elements beyond the limit
// become paragraphs, which do not nest. All text is kept.
type flattener struct {
	out   bytes.Buffer
	open  []atom.Atom
	limit int
}

func flatten(text string, limit int) string {
	f := flattener{limit: limit}
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return f.out.String()
		case html.TextToken:
			f.out.Write(z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			f.start(z.Token(), z)
		case html.EndTagToken:
			f.end(z.Token())
		}
	}
}

func (f *flattener) start(t html.Token, z *html.Tokenizer) {
	switch t.DataAtom {
	case atom.Script:
		f.script(t, z)
	case atom.Style, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext:
		z.NextIsNotRawText()
	case atom.Title, atom.Textarea:
		z.Next()
		if t.DataAtom == atom.Title {
			f.out.WriteString("<title>" + string(z.Raw()) + "</title>")
		}
	case atom.Meta, atom.Link, atom.Br, atom.Hr, atom.Img, atom.Base:
		f.out.WriteString(t.String())
	default:
		f.block(t)
	}
}

// script keeps structured data and drops the rest.
func (f *flattener) script(t html.Token, z *html.Tokenizer) {
	if z.Next() != html.TextToken {
		return
	}
	if raw := z.Raw(); strings.Contains(attrOf(t.Attr, "type"), "ld+json") {
		f.out.WriteString(t.String())
		f.out.Write(raw)
		f.out.WriteString("</script>")
	}
}

func (f *flattener) block(t html.Token) {
	switch {
	case t.DataAtom == atom.A && len(f.open) < f.limit:
		f.out.WriteString(t.String())
	case !isBlock(t.DataAtom):
	case len(f.open) >= f.limit:
		f.out.WriteString("<p>")
	default:
		if n := len(f.open); n > 0 && f.open[n-1] == t.DataAtom && closesItself(t.DataAtom) {
			f.open = f.open[:n-1]
		}
		f.out.WriteString(t.String())
		f.open = append(f.open, t.DataAtom)
	}
}

func (f *flattener) end(t html.Token) {
	if t.DataAtom == atom.A {
		f.out.WriteString("</a>")
		return
	}
	for i := len(f.open) - 1; i >= 0; i-- {
		if f.open[i] == t.DataAtom {
			f.open = f.open[:i]
			f.out.WriteString(t.String())
			return
		}
	}
	if isBlock(t.DataAtom) {
		f.out.WriteString("<p>")
	}
}

// closesItself reports whether a start tag ends an open element of its name.
func closesItself(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Li, atom.Dt, atom.Dd, atom.Tr, atom.Td, atom.Th, atom.Option:
		return true
	}
	return false
}

// isBlock reports whether an element begins and ends a line of its own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Button, atom.Caption,
		atom.Center, atom.Dd, atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset,
		atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.Frameset, atom.H1, atom.H2, atom.H3,
		atom.H4, atom.H5, atom.H6, atom.Head, atom.Header, atom.Hgroup, atom.Hr, atom.Html, atom.Legend,
		atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.Optgroup, atom.Option, atom.P, atom.Pre,
		atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead,
		atom.Tr, atom.Ul:
		return true
	}
	return false
}

func attrOf(attrs []html.Attribute, name string) string {
	for _, a := range attrs {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func attr(n *html.Node, name string) string { return attrOf(n.Attr, name) }

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
