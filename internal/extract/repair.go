package extract

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxValues is how many JSON values of one script are read.
const maxValues = 200

// parseLinked reads JSON as publishers write it: as it is where it is good,
// else with what is known to go wrong put right, a little more at each try.
func parseLinked(s string) (v any, ok bool) {
	if len(s) > maxLinked {
		return nil, false
	}
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	s = bareJSON(s)
	for _, loose := range []bool{false, true} {
		if v, ok = parseValues(repairJSON(s, loose)); ok {
			return v, true
		}
	}
	return nil, false
}

var (
	rxCDATA   = regexp.MustCompile(`(?s)^\s*(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?(.*?)(?://|/\*)?\s*\]\]>(?:\s*\*/)?\s*;?\s*$`)
	rxComment = regexp.MustCompile(`(?s)^\s*<!--(.*?)(?://)?\s*-->\s*$`)
)

// bareJSON takes off what stands around the JSON: a byte-order mark, the marks of
// CDATA sections and comments of HTML; and entities, where even the quotation
// marks are written as such.
func bareJSON(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "\ufeff")
	for _, rx := range [...]*regexp.Regexp{rxCDATA, rxComment} {
		if m := rx.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
	}
	if !strings.ContainsRune(s, '"') && strings.Contains(s, "&quot;") {
		s = html.UnescapeString(s)
	}
	return strings.TrimSpace(s)
}

// parseValues reads one JSON value, or several in a row as a list of them.
func parseValues(s string) (any, bool) {
	dec := json.NewDecoder(strings.NewReader(s))
	var all []any
	for len(all) < maxValues {
		var v any
		err := dec.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, false
		}
		all = append(all, v)
	}
	switch len(all) {
	case 0:
		return nil, false
	case 1:
		return all[0], true
	}
	return all, true
}

// A mender rewrites a text that is nearly JSON.
type mender struct {
	in    string
	out   strings.Builder
	loose bool // a quotation mark ends a string only before , : } ] or the end
	depth int  // of brackets
}

// repairJSON puts right what publishers get wrong: control characters and bad
// escapes within strings; comments, semicolons and byte-order marks between
// values; commas before a closing bracket, after the last value and between
// values of their own. Loosely, also quotation marks within strings.
func repairJSON(s string, loose bool) string {
	m := mender{in: s, loose: loose}
	m.out.Grow(len(s))
	for i := 0; i < len(s); {
		i = m.step(i)
	}
	return m.out.String()
}

// step mends what begins at i, outside strings, and gives where it ends.
func (m *mender) step(i int) int {
	switch c := m.in[i]; {
	case c == '"':
		return m.quoted(i + 1)
	case c == '/' && i+1 < len(m.in) && (m.in[i+1] == '/' || m.in[i+1] == '*'):
		return m.comment(i)
	case c == ';' || c == 0xA0 || c == 0xC2 || c == 0xEF || c == 0xBB || c == 0xBF:
		m.out.WriteByte(' ') // semicolon; bytes of a no-break space and of a byte-order mark
	case c == ',':
		if next := m.peek(i + 1); m.depth > 0 && next != '}' && next != ']' && next != 0 && next != ',' {
			m.out.WriteByte(c)
		}
	case c == '{' || c == '[':
		m.depth++
		m.out.WriteByte(c)
	case c == '}' || c == ']':
		m.depth--
		m.out.WriteByte(c)
	default:
		m.out.WriteByte(c)
	}
	return i + 1
}

func (m *mender) comment(i int) int {
	end := "\n"
	if m.in[i+1] == '*' {
		end = "*/"
	}
	if n := strings.Index(m.in[i+2:], end); n >= 0 {
		return i + 2 + n + len(end)
	}
	return len(m.in)
}

// peek is the next byte that is no white space, or 0.
func (m *mender) peek(i int) byte {
	for ; i < len(m.in); i++ {
		if !isSpace(m.in[i]) {
			return m.in[i]
		}
	}
	return 0
}

// quoted mends a string from after its opening mark to after its closing one.
func (m *mender) quoted(i int) int {
	m.out.WriteByte('"')
	for i < len(m.in) {
		c := m.in[i]
		switch {
		case c == '"' && m.closes(i+1):
			m.out.WriteByte('"')
			return i + 1
		case c == '"':
			m.out.WriteString(`\"`)
		case c == '\\':
			i += m.escape(i)
			continue
		case c < 0x20:
			m.out.WriteByte(' ')
		default:
			m.out.WriteByte(c)
		}
		i++
	}
	return i
}

// closes reports whether a quotation mark before i ends its string.
func (m *mender) closes(i int) bool {
	if !m.loose {
		return true
	}
	switch m.peek(i) {
	case 0, ',', ':', '}', ']':
		return true
	}
	return false
}

// escape copies the escape at i as JSON allows it, and gives its length.
func (m *mender) escape(i int) int {
	if i+1 >= len(m.in) {
		return 1
	}
	switch c := m.in[i+1]; {
	case strings.IndexByte(`"\/bfnrt`, c) >= 0, c == 'u' && hexDigits(m.in[i+2:]):
		m.out.WriteString(m.in[i : i+2])
		return 2
	case c < utf8.RuneSelf && c >= 0x20: // \' and the like: the character itself
		m.out.WriteByte(c)
		return 2
	}
	return 1
}

func hexDigits(s string) bool {
	if len(s) < 4 {
		return false
	}
	for i := range 4 {
		if c := s[i] | 0x20; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
