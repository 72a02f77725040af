package feed

import (
	"html"
	"net/url"
	"strings"
)

// A leaf is an element that holds text, read up to its end in one go.
type leaf struct {
	b     strings.Builder
	plain bool // text is literal and is made HTML by escaping
}

// text adds character data. Inside markup it is escaped once more, because
// the whole becomes a piece of HTML.
func (l *leaf) text(s string, depth int) {
	if depth > 0 || l.plain {
		s = html.EscapeString(s)
	}
	l.b.WriteString(s)
}

func (l *leaf) start(t token) {
	l.b.WriteString("<" + localName(t.name))
	for _, a := range t.attrs {
		if !strings.HasPrefix(a.name, "xml") {
			l.b.WriteString(" " + localName(a.name) + `="` + html.EscapeString(a.value) + `"`)
		}
	}
	l.b.WriteString(">")
}

func (l *leaf) end(name string) { l.b.WriteString("</" + localName(name) + ">") }

// leaf reads the text of the element that t began and writes it as one string.
// Markup in it is kept as text, so that the reader after us needs no tree; an
// end tag of the frame, or in RSS the start of another member of an item, ends
// an element that was never closed.
func (m *mender) leaf(t token, space, local string, base *url.URL) {
	var l leaf
	construct := m.atom && space == native && isTextConstruct(local)
	kind := strings.ToLower(strings.TrimSpace(t.get("type")))
	binary := construct && (t.get("mode") == "base64" || isBinary(kind))
	l.plain = construct && (kind == "text" || kind == "text/plain")
	if !t.empty {
		m.fill(&l, t.name, construct && strings.Contains(kind, "xhtml"))
	}
	if construct && !binary {
		t.attrs = append([]attr{{"type", "html"}}, drop(t.attrs, "type", "mode")...)
	}
	name := qualified(space, local)
	text := strings.TrimSpace(l.b.String())
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

// fill reads tokens into l until the element called name ends.
func (m *mender) fill(l *leaf, name string, xhtml bool) {
	same, depth := 0, 0
	for {
		at := m.scan
		t, ok := m.scan.next()
		if !ok {
			m.closed++
			return
		}
		switch t.kind {
		case textToken:
			l.text(t.text, depth)
		case startToken:
			if m.endsLeaf(t.name) {
				m.scan.pos = at.pos
				m.closed++
				return
			}
			if t.name == name && !t.empty {
				same++
			}
			wrapper := xhtml && depth == 0 && localName(t.name) == "div"
			if !t.empty {
				depth++
			}
			if !wrapper {
				l.start(t)
			}
		case endToken:
			if t.name == name && same == 0 {
				return
			}
			if isFrame(localName(t.name)) && m.isOpen(t.name) {
				m.scan.pos = at.pos
				m.closed++
				return
			}
			if t.name == name {
				same--
			}
			depth = max(0, depth-1)
			if !(xhtml && depth == 0 && localName(t.name) == "div") {
				l.end(t.name)
			}
		}
	}
}

// endsLeaf reports whether an element of that name cannot be markup within a
// text of RSS, so that its start proves the text before it unclosed.
func (m *mender) endsLeaf(name string) bool {
	if m.atom {
		return false
	}
	switch name {
	case "item", "channel", "guid", "pubdate", "description", "content:encoded", "dc:date", "dc:creator":
		return m.spaces.resolve(name) != foreign
	}
	return false
}

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
