package feed

import (
	"html"
	"strings"
)

// A tokenKind says what a token is.
type tokenKind int

const (
	textToken tokenKind = iota
	startToken
	endToken
)

// A token is a piece of XML as the scanner saw it.
type token struct {
	kind  tokenKind
	name  string // of a start or end, lower case, with its prefix
	text  string // of a text: references decoded, CDATA taken as it is
	attrs []attr // at most MaxAttributes, in order, names lower case
	empty bool   // a start that is its own end: <a/>
	cut   int    // attributes left out
}

// An attr is an attribute; its value has references decoded.
type attr struct{ name, value string }

// get is the value of the first attribute with one of the names.
func (t token) get(names ...string) string {
	for _, name := range names {
		for _, a := range t.attrs {
			if a.name == name {
				return a.value
			}
		}
	}
	return ""
}

// A scanner reads XML of any quality. It never fails: what is not markup is
// text. Comments, processing instructions and declarations are skipped, so
// entities can be declared but have no effect. Every byte is looked at a
// bounded number of times.
type scanner struct {
	src    string
	pos    int
	began  int             // where the last token began
	absent map[string]bool // terminators that do not occur after pos
}

// next gives the next token; false at the end.
func (s *scanner) next() (token, bool) {
	for s.pos < len(s.src) {
		s.began = s.pos
		rest := s.src[s.pos:]
		if rest[0] != '<' {
			return s.characters(), true
		}
		switch {
		case strings.HasPrefix(rest, "<![CDATA["):
			return s.cdata(), true
		case strings.HasPrefix(rest, "<!--"):
			s.skip(4, "-->")
		case strings.HasPrefix(rest, "<?"):
			s.skip(2, "?>")
		case strings.HasPrefix(rest, "<!"):
			s.declaration()
		case strings.HasPrefix(rest, "</") && len(rest) > 2 && nameStart(rest[2]):
			return s.end(), true
		case len(rest) > 1 && nameStart(rest[1]):
			return s.start(), true
		default:
			return s.characters(), true
		}
	}
	return token{}, false
}

// characters reads text up to the next "<", behind the first byte, that can
// begin markup.
func (s *scanner) characters() token {
	end := s.pos + 1
	for end < len(s.src) {
		i := strings.IndexByte(s.src[end:], '<')
		if i < 0 {
			end = len(s.src)
			break
		}
		end += i
		if end+1 < len(s.src) && (nameStart(s.src[end+1]) || strings.IndexByte("/!?", s.src[end+1]) >= 0) {
			break
		}
		end++
	}
	raw := s.src[s.pos:end]
	s.pos = end
	return token{text: unescape(raw)}
}

// find gives the place of the terminator at or after from, or -1. A search
// that failed once is not made again: repeated openings stay linear.
func (s *scanner) find(terminator string, from int) int {
	if s.absent[terminator] || from > len(s.src) {
		return -1
	}
	i := strings.Index(s.src[from:], terminator)
	if i < 0 {
		if s.absent == nil {
			s.absent = map[string]bool{}
		}
		s.absent[terminator] = true
		return -1
	}
	return from + i
}

// cdata reads a CDATA section; one without an end stops before the next end
// tag, so that the rest of the document is not lost.
func (s *scanner) cdata() token {
	from := s.pos + len("<![CDATA[")
	end, next := s.find("]]>", from), 0
	if next = end + 3; end < 0 {
		if end = s.find("</", from); end < 0 {
			end = len(s.src)
		}
		next = end
	}
	s.pos = next
	return token{text: s.src[from:end]}
}

// skip passes over markup of n opening bytes that ends with the terminator, or
// else with ">".
func (s *scanner) skip(n int, terminator string) {
	end := s.find(terminator, s.pos+n)
	if end >= 0 {
		s.pos = end + len(terminator)
		return
	}
	if end = s.find(">", s.pos+n); end < 0 {
		s.pos = len(s.src)
		return
	}
	s.pos = end + 1
}

// declaration passes over <!…>, an internal subset in brackets included.
func (s *scanner) declaration() {
	depth := 0
	for i := s.pos + 2; i < len(s.src) && !s.absent["]"]; i++ {
		switch c := s.src[i]; {
		case c == '[':
			depth++
		case c == ']' && depth > 0:
			depth--
		case c == '>' && depth == 0:
			s.pos = i + 1
			return
		case c == '<' && depth == 0:
			s.pos = i
			return
		}
	}
	// Brackets that never close: this declaration ends with its first ">", and
	// no later one is searched to the end of the text again.
	s.find("]", len(s.src))
	s.skip(2, ">")
}

func (s *scanner) end() token {
	s.pos += 2
	t := token{kind: endToken, name: s.name()}
	for s.pos < len(s.src) && s.src[s.pos] != '>' && s.src[s.pos] != '<' {
		s.pos++
	}
	if s.pos < len(s.src) && s.src[s.pos] == '>' {
		s.pos++
	}
	return t
}

func (s *scanner) start() token {
	s.pos++
	t := token{kind: startToken, name: s.name()}
	for s.pos < len(s.src) {
		switch c := s.src[s.pos]; {
		case c == '>':
			s.pos++
			return t
		case c == '<': // the tag was never closed
			return t
		case c == '/':
			s.pos++
			t.empty = s.pos < len(s.src) && s.src[s.pos] == '>'
		case nameStart(c):
			a := s.attribute()
			if len(t.attrs) < MaxAttributes {
				t.attrs = append(t.attrs, a)
			} else {
				t.cut++
			}
		default:
			s.pos++
		}
	}
	return t
}

func (s *scanner) attribute() attr {
	a := attr{name: s.name()}
	s.space()
	if s.pos >= len(s.src) || s.src[s.pos] != '=' {
		return a
	}
	s.pos++
	s.space()
	if s.pos >= len(s.src) {
		return a
	}
	if q := s.src[s.pos]; q == '"' || q == '\'' {
		if end := s.find(string(q), s.pos+1); end >= 0 && !overruns(s.src[s.pos+1:end]) {
			a.value = unescape(s.src[s.pos+1 : end])
			s.pos = end + 1
			return a
		}
		s.pos++
	}
	from := s.pos
	for s.pos < len(s.src) && !strings.ContainsRune(" \t\r\n<>", rune(s.src[s.pos])) {
		s.pos++
	}
	a.value = unescape(s.src[from:s.pos])
	return a
}

// overruns reports whether a quoted value runs from its tag into another: its
// closing quote is missing.
func overruns(value string) bool {
	gt := strings.IndexByte(value, '>')
	return gt >= 0 && strings.IndexByte(value[gt:], '<') >= 0
}

// name reads a name and gives it in lower case: no vocabulary that we read
// has names that differ only by case, and broken feeds mix them.
func (s *scanner) name() string {
	from := s.pos
	for s.pos < len(s.src) && !strings.ContainsRune(" \t\r\n/<>=\"'", rune(s.src[s.pos])) {
		s.pos++
	}
	return strings.ToLower(s.src[from:s.pos])
}

func (s *scanner) space() {
	for s.pos < len(s.src) && strings.IndexByte(" \t\r\n", s.src[s.pos]) >= 0 {
		s.pos++
	}
}

func nameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

// localName is the name without its prefix.
func localName(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

// prefix is the part of the name before the colon, or empty.
func prefix(name string) string {
	p, _, ok := strings.Cut(name, ":")
	if !ok {
		return ""
	}
	return p
}

// maxReference is the longest reference that is decoded: no entity of HTML is
// longer, and a distant ";" must not make the search long.
const maxReference = 40

// unescape decodes character references and the entities of HTML, each only
// with its semicolon: "&copy=2" in an address is no reference. Everything else
// stays as it is, once.
func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for {
		amp := strings.IndexByte(s, '&')
		if amp < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:amp])
		s = s[amp:]
		n := referenceLen(s)
		dec := "&"
		if n > 1 {
			dec = html.UnescapeString(s[:n])
		}
		if n > 1 && strings.HasSuffix(dec, ";") && s[:n] != "&semi;" && s[:n] != "&#59;" {
			dec, n = "&", 1 // only a part of the name was known
		}
		b.WriteString(dec)
		s = s[n:]
	}
}

// referenceLen is the length of the reference at the start of s, 1 if none.
func referenceLen(s string) int {
	for i := 1; i < len(s) && i < maxReference; i++ {
		c := s[i]
		switch {
		case c == ';':
			return i + 1
		case c == '#' && i == 1, '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		default:
			return 1
		}
	}
	return 1
}
