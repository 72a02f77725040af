package feed

import (
	"encoding/base64"
	"html"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// A leaf is an element that holds text, read up to its end in one go.
type leaf struct {
	b     strings.Builder
	plain bool // text is literal and is made HTML by escaping
	cut   bool // the text is longer than MaxText

	name  string // of the element, as in the source
	same  int    // elements of that name open within it
	depth int    // elements open within it, as far as their ends can be told
	xhtml bool   // the text is wrapped in a div that is not part of it
}

// text adds character data. Inside markup it is escaped once more, because
// the whole becomes a piece of HTML.
func (l *leaf) text(s string, depth int) {
	if depth > 0 || l.plain {
		s = html.EscapeString(s)
	}
	l.write(s)
}

// write adds to the text as far as MaxText allows.
func (l *leaf) write(s string) {
	if room := MaxText - l.b.Len(); len(s) > room {
		l.cut = true
		s = strings.ToValidUTF8(s[:room], "")
	}
	l.b.WriteString(s)
}

// open takes the start of an element within the text.
func (l *leaf) open(t token) {
	wrapper := l.wrapper(localName(t.name))
	if !t.empty {
		l.depth++
		if t.name == l.name {
			l.same++
		}
	}
	if !wrapper {
		l.start(t)
	}
}

// wrapper reports whether an element at this depth is the div that Atom puts
// around XHTML (RFC 4287, 3.1.1.3).
func (l *leaf) wrapper(local string) bool { return l.xhtml && l.depth == 0 && local == "div" }

func (l *leaf) start(t token) {
	if l.cut {
		return
	}
	l.write("<" + localName(t.name))
	for _, a := range t.attrs {
		if !strings.HasPrefix(a.name, "xml") {
			l.write(" " + localName(a.name) + `="` + html.EscapeString(a.value) + `"`)
		}
	}
	l.write(">")
}

func (l *leaf) end(name string) { l.write("</" + localName(name) + ">") }

// leaf reads the text of the element that t began and writes it as one string.
// Markup in it is kept as text, so that the reader after us needs no tree; an
// end tag of the frame, or in RSS the start of another member of an item, ends
// an element that was never closed.
func (m *mender) leaf(t token, space, local string, base *url.URL) {
	var l leaf
	construct := m.atom && space == native && isTextConstruct(local)
	kind := strings.ToLower(strings.TrimSpace(t.get("type")))
	coded := construct && t.get("mode") == "base64"
	l.plain = construct && (kind == "text" || kind == "text/plain")
	if !t.empty {
		m.fill(&l, t.name, construct && strings.Contains(kind, "xhtml"))
	}
	if l.cut {
		m.texts++
	}
	text := strings.TrimSpace(l.b.String())
	if construct {
		text = decodeBinary(text, kind, coded)
		t.attrs = append([]attr{{"type", "html"}}, drop(t.attrs, "type", "mode")...)
	}
	name := m.rename(space, local)
	if isAddress(local) && space != "media" {
		text = resolve(base, text)
	}
	// Where Atom wants an attribute, feeds that are half RSS write the text.
	switch {
	case m.atom && local == "link" && t.get("href") == "" && text != "":
		t.attrs = append(t.attrs, attr{"href", text})
	case m.atom && local == "category" && t.get("term", "label") == "" && text != "":
		t.attrs = append(t.attrs, attr{"term", text})
	}
	m.write(name, t, base)
	m.out.WriteString(escapeXML(text) + "</" + name + ">")
}

// fill reads tokens into l until the element called name ends. Where something
// else proves that it ended, the scanner is set back to that.
func (m *mender) fill(l *leaf, name string, xhtml bool) {
	l.name, l.xhtml = name, xhtml
	for {
		t, ok := m.scan.next()
		switch {
		case !ok:
			m.closed++
			return
		case t.kind == textToken:
			l.text(t.text, l.depth)
		case t.kind == startToken && m.endsLeaf(name, t.name),
			t.kind == endToken && isFrame(localName(t.name)) && m.isOpen(t.name):
			m.scan.pos = m.scan.began
			m.closed++
			return
		case t.kind == startToken:
			l.open(t)
		case m.endLeaf(l, t.name):
			return
		}
	}
}

// endLeaf handles an end tag within a text and reports whether it ends it.
func (m *mender) endLeaf(l *leaf, name string) bool {
	local := localName(name)
	switch {
	case name == l.name && l.same == 0:
		return true
	case l.depth == 0 && !isElement(atom.Lookup([]byte(local))):
		m.closed++ // no markup is open and it is not HTML's: a misspelt end
		return true
	case l.depth == 0:
		m.unopened++
		return false
	case name == l.name:
		l.same--
	}
	if l.depth--; !l.wrapper(local) {
		l.end(name)
	}
	return false
}

// endsLeaf reports whether an element of that name cannot be markup within the
// text of RSS that is open, so that its start proves the text unclosed.
func (m *mender) endsLeaf(open, name string) bool {
	if m.atom {
		return false
	}
	switch name {
	case "link", "category", "author", "enclosure":
		return open == "title" || open == "guid" || open == "pubdate"
	case "item", "channel", "guid", "pubdate", "description", "content:encoded", "dc:date", "dc:creator":
		return m.spaces.resolve(name) != foreign
	}
	return false
}

// isOpen reports whether an element of that name is on the stack.
func (m *mender) isOpen(name string) bool {
	for _, e := range m.stack {
		if e.name == name {
			return true
		}
	}
	return false
}

// isTextConstruct reports whether Atom gives the element a type of text.
func isTextConstruct(local string) bool {
	switch local {
	case "title", "summary", "content", "subtitle", "tagline", "rights", "copyright", "info":
		return true
	}
	return false
}

// rename gives the name by which a text is written: the one of its vocabulary,
// but for what the reader after us would not read, or alter.
func (m *mender) rename(space, local string) string {
	switch {
	case m.atom && space == native && local == "id":
		return "own:id" // an id is compared byte by byte (RFC 4287, 4.2.6.1)
	case m.atom && space == native && local == "created": // Atom 0.3
		return "dcterms:created"
	case !m.atom && space == native && (local == "body" || local == "fullitem"):
		return "content:encoded"
	}
	return qualified(space, local)
}

// decodeBinary gives the text of a construct that is coded in base64 by its
// mode (Atom 0.3) or media type, and nothing where that is no text at all.
func decodeBinary(text, kind string, coded bool) string {
	if !coded && !isBinary(kind) {
		return text
	}
	out, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	switch {
	case err != nil && coded: // the mode is wrong, not the text
		return text
	case err != nil || !utf8.Valid(out):
		return ""
	}
	return string(out)
}

// isBinary reports whether content of the media type is base64 (RFC 4287,
// 4.1.3.3).
func isBinary(kind string) bool {
	major, minor, ok := strings.Cut(kind, "/")
	if !ok || strings.Contains(minor, "xml") || strings.Contains(minor, "html") {
		return false
	}
	return major == "image" || major == "audio" || major == "video" ||
		minor == "octet-stream" || minor == "pdf" || minor == "zip" || minor == "gzip"
}

// isAddress reports whether the text of the element is an address.
func isAddress(local string) bool {
	return local == "link" || local == "origlink"
}

// drop gives the attributes without those of the names.
func drop(attrs []attr, names ...string) []attr {
	var kept []attr
next:
	for _, a := range attrs {
		for _, n := range names {
			if a.name == n {
				continue next
			}
		}
		kept = append(kept, a)
	}
	return kept
}
