package feed

import (
	"encoding/xml"
	"net/url"
	"strings"
	"unicode/utf8"
)

// A mender writes an RSS or Atom text anew so that a strict and simple reader
// understands it: one root, entries directly under their parent, texts without
// elements in them, few fixed prefixes. It keeps a stack of the elements that
// hold others; an element that holds text is read to its end at once.
type mender struct {
	scan   scanner
	atom   bool
	out    strings.Builder
	stack  []open
	spaces scope

	entries, extra          int // entries written; entries past the limit
	members, surplus        int // of this entry; members past the limit, of all
	texts                   int // texts cut at MaxText
	deep, namespaces, attrs int // what the limits cut off
	closed, unopened        int // repairs: ends supplied, ends ignored
	buried                  int // starts past MaxDepth whose ends are to come
}

// An open is an element on the stack.
type open struct {
	name  string // as in the source
	out   string // as written; empty = nothing of it is written
	muted bool   // it and what it holds is not written
	base  *url.URL
	binds int // length of the scope before it
}

// mend rewrites text, which begins with the root element.
func mend(text, rootName string, base *url.URL) *mender {
	m := &mender{scan: scanner{src: text}, atom: rootName == "feed" || rootName == "entry"}
	m.begin(rootName, base)
	for {
		t, ok := m.scan.next()
		if !ok {
			break
		}
		switch t.kind {
		case startToken:
			m.start(t)
		case endToken:
			m.end(t.name)
		}
		if len(m.stack) == 0 {
			break
		}
	}
	m.closed += max(0, len(m.stack)-1)
	m.closeTo(0)
	if m.atom {
		m.out.WriteString("</feed>")
	} else {
		m.out.WriteString("</rss>")
	}
	return m
}

// begin writes the root. A lone entry or channel gets the root it lacks.
func (m *mender) begin(rootName string, base *url.URL) {
	if m.atom {
		m.out.WriteString("<feed" + declarations)
	} else {
		m.out.WriteString("<rss" + declarations)
	}
	if rootName == "entry" || rootName == "channel" {
		m.out.WriteString(">")
		m.stack = append(m.stack, open{base: base})
		return
	}
	t, _ := m.scan.next()
	m.namespaces += m.spaces.declare(t)
	m.attrs += t.cut
	if lang := t.get("xml:lang", "lang"); lang != "" {
		m.out.WriteString(` lang="` + escapeXML(lang) + `"`)
	}
	m.out.WriteString(">")
	m.stack = append(m.stack, open{name: t.name, base: rebase(base, t)})
}

// rebase is the base address within an element: RFC 3986 resolution of its
// xml:base against the base around it.
func rebase(base *url.URL, t token) *url.URL {
	ref := strings.TrimSpace(t.get("xml:base"))
	if ref == "" {
		return base
	}
	u, err := url.Parse(ref)
	if err != nil {
		return base
	}
	if base == nil {
		return u
	}
	return base.ResolveReference(u)
}

func (m *mender) top() *open { return &m.stack[len(m.stack)-1] }

// start handles a start tag outside of texts.
func (m *mender) start(t token) {
	m.attrs += t.cut
	binds := len(m.spaces)
	m.namespaces += m.spaces.declare(t)
	space, local := m.space(t.name), localName(t.name)
	if m.isEntry(space, local) {
		m.entry(t, binds)
		return
	}
	if len(m.stack) >= MaxDepth {
		m.deep++
		m.spaces = m.spaces[:binds]
		if !t.empty {
			m.buried++
		}
		return
	}
	e := open{name: t.name, base: rebase(m.top().base, t), binds: binds}
	e.muted = m.top().muted || space == foreign || !plainName(local)
	if m.members++; m.members > MaxMembers && !e.muted {
		m.surplus++
		e.muted = true
	}
	if !e.muted && !isContainer(m.atom, space, local) {
		m.leaf(t, space, local, e.base)
		m.spaces = m.spaces[:binds]
		return
	}
	if !e.muted {
		e.out = qualified(space, local)
		m.write(e.out, t, e.base)
	}
	m.push(e, t.empty)
}

// space is the vocabulary of a name in this document.
func (m *mender) space(name string) string {
	v := m.spaces.resolve(name)
	if v == "atom" && (m.atom || m.rootIsAtom()) {
		return native
	}
	return v
}

// rootIsAtom reports whether an RSS root carries Atom's as its default
// namespace, which some publishers do by mistake.
func (m *mender) rootIsAtom() bool {
	for _, b := range m.spaces {
		if b.prefix == "" {
			v, _ := vocabulary(b.uri)
			return v == "atom"
		}
	}
	return false
}

// isEntry reports whether the element is an entry; each format's name is
// understood in the other.
func (m *mender) isEntry(space, local string) bool {
	return space == native && (local == "item" || local == "entry") ||
		space == "atom" && local == "entry"
}

// entry begins an entry, closing everything down to what may hold one.
func (m *mender) entry(t token, binds int) {
	keep := 1
	if len(m.stack) > 1 && localName(m.stack[1].name) == "channel" {
		keep = 2
	}
	declared := append(scope(nil), m.spaces[binds:]...)
	m.spaces = m.spaces[:binds]
	m.closed += len(m.stack) - keep
	m.closeTo(keep)
	binds = len(m.spaces)
	m.spaces = append(m.spaces, declared...)
	e := open{name: t.name, base: rebase(m.top().base, t), binds: binds}
	m.members = 0
	if m.entries == MaxEntries {
		m.extra++
		e.muted = true
		m.push(e, t.empty)
		return
	}
	m.entries++
	if e.out = "item"; m.atom {
		e.out = "entry"
	}
	m.out.WriteString("<" + e.out + ">")
	m.hoist(t)
	m.push(e, t.empty)
}

// hoist writes as elements the two facts that entries carry as attributes and
// gofeed does not keep: the language, and the identity of an RDF item.
func (m *mender) hoist(t token) {
	if lang := t.get("xml:lang"); lang != "" {
		m.out.WriteString("<own:language>" + escapeXML(lang) + "</own:language>")
	}
	if about := t.get("rdf:about"); about != "" && !m.atom {
		m.out.WriteString(`<guid isPermaLink="false">` + escapeXML(about) + "</guid>")
	}
}

// push puts an element on the stack; an empty one is taken off at once.
func (m *mender) push(e open, empty bool) {
	m.stack = append(m.stack, e)
	if empty {
		m.closeTo(len(m.stack) - 1)
	}
}

// end handles an end tag outside of texts.
func (m *mender) end(name string) {
	i := len(m.stack) - 1
	for i >= 0 && m.stack[i].name != name {
		i--
	}
	frame := i >= 0 && isFrame(localName(name))
	switch {
	case m.buried > 0 && !frame:
		m.buried--
	case i < 0:
		m.unopened++
	default:
		m.closed += len(m.stack) - 1 - i
		m.closeTo(i)
	}
}

// closeTo ends elements until n are open.
func (m *mender) closeTo(n int) {
	m.buried = 0
	for len(m.stack) > n {
		e := m.top()
		if e.out != "" && !e.muted {
			m.out.WriteString("</" + e.out + ">")
		}
		m.spaces = m.spaces[:min(len(m.spaces), e.binds)]
		m.stack = m.stack[:len(m.stack)-1]
	}
}

// write writes a start tag with the attributes that are read later. Addresses
// in them are resolved here, because this is where xml:base is known.
func (m *mender) write(name string, t token, base *url.URL) {
	m.out.WriteString("<" + name)
	done := ""
	for _, a := range t.attrs {
		key, value := localName(a.name), a.value
		switch key {
		case "href", "src":
			value = resolve(base, value)
		case "ispermalink":
			key = "isPermaLink"
		case "rel", "type", "url", "domain", "scheme", "term", "label", "mode", "title", "version":
		default:
			continue
		}
		if strings.Contains(done, "|"+key+"|") {
			continue
		}
		done += "|" + key + "|"
		m.out.WriteString(" " + key + `="` + escapeXML(value) + `"`)
	}
	m.out.WriteString(">")
}

// escapeXML escapes a text for content and attribute values; what XML cannot
// hold becomes U+FFFD, control characters nothing.
func escapeXML(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return -1
		}
		return r
	}, s)
	if !utf8.ValidString(s) || strings.ContainsAny(s, "<>&\"'\r\uFFFE\uFFFF") {
		var b strings.Builder
		xml.EscapeText(&b, []byte(s)) // a Builder does not fail
		return b.String()
	}
	return s
}
