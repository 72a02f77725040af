package archive

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// blocksOfText makes a paragraph of each line of a text. What is beyond
// news.MaxText or news.MaxBlocks is left out, and cut says so.
func blocksOfText(text string) (blocks []news.Block, cut bool) {
	var b blockList
	for line := range strings.SplitSeq(text, "\n") {
		b.text.WriteString(line)
		b.end()
	}
	return b.blocks, b.cut
}

// blocksOfHTML makes blocks of the paragraphs, headings, list items, quotations,
// table rows and captions of a piece of HTML (WHATWG HTML, section 4). Text
// between them is paragraphs too; two line breaks part paragraphs; scripts,
// styles and the like are left out. Limits as of blocksOfText.
func blocksOfHTML(text string) (blocks []news.Block, cut bool) {
	var b blockList
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: a string has no other
			b.end()
			return b.blocks, b.cut
		case html.TextToken:
			if b.unseen == 0 {
				b.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			b.open(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			b.close(atom.Lookup(name))
		}
	}
}

// A blockList collects blocks as their text comes.
type blockList struct {
	blocks []news.Block
	text   strings.Builder
	kind   news.BlockKind // of the block that is open; "" = a paragraph
	quotes int            // open block quotations
	unseen atom.Atom      // the element that is open and not shown; its end shows again
	breaks int            // line breaks since the last text
	size   int            // bytes of all blocks
	cut    bool
}

func (b *blockList) write(s string) {
	if strings.Trim(s, " \t\r\n\f") != "" {
		b.breaks = 0
	}
	b.text.WriteString(s)
}

// open hears of a start tag.
func (b *blockList) open(tag atom.Atom) {
	if b.unseen != 0 {
		return
	}
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Svg, atom.Textarea, atom.Select:
		b.unseen = tag
	case atom.Br:
		if b.breaks++; b.breaks > 1 {
			b.end()
		} else {
			b.text.WriteByte(' ')
		}
	case atom.Td, atom.Th:
		b.text.WriteByte(' ')
	default:
		b.edge(tag)
		if tag == atom.Blockquote {
			b.quotes++
		}
		if k, ok := kindOf(tag); ok {
			b.kind = k
		}
	}
}

// close hears of an end tag.
func (b *blockList) close(tag atom.Atom) {
	if b.unseen != 0 {
		if tag == b.unseen {
			b.unseen = 0
		}
		return
	}
	b.edge(tag)
	if tag == atom.Blockquote && b.quotes > 0 {
		b.quotes--
	}
}

// edge ends the block that is open at the tag of an element that is a block.
func (b *blockList) edge(tag atom.Atom) {
	_, ends := kindOf(tag)
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Tbody, atom.Thead, atom.Header,
		atom.Footer, atom.Aside, atom.Main, atom.Figure, atom.Hr, atom.Pre, atom.Blockquote, atom.Body, atom.Address, atom.Nav:
		ends = true
	}
	if ends {
		b.end()
	}
}

// kindOf is the kind of block that an element is, if it is one that is not a
// paragraph.
func kindOf(tag atom.Atom) (news.BlockKind, bool) {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return news.Heading, true
	case atom.Li, atom.Dt, atom.Dd:
		return news.ListItem, true
	case atom.Tr:
		return news.TableRow, true
	case atom.Figcaption:
		return news.Caption, true
	}
	return "", false
}

// end ends the block that is open, if it has text.
func (b *blockList) end() {
	text := collapsed(b.text.String())
	kind := b.kind
	b.text.Reset()
	b.breaks, b.kind = 0, ""
	if text == "" {
		b.kind = kind // <li><p>: the item is still to come
		return
	}
	switch {
	case kind == "" && b.quotes > 0:
		kind = news.Quotation
	case kind == "":
		kind = news.Paragraph
	}
	if b.size+len(text) > news.MaxText || len(b.blocks) >= news.MaxBlocks {
		b.cut = true
		return
	}
	b.size += len(text)
	b.blocks = append(b.blocks, news.Block{Kind: kind, Text: text})
}

// collapsed is a text with the white space that HTML does not show taken out.
// What it shows, no-break spaces among it, stays.
func collapsed(s string) string {
	if !strings.ContainsAny(s, "\t\n\r\f") && !strings.Contains(s, "  ") {
		return strings.Trim(s, " ") // most texts
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f'
	}), " ")
}
