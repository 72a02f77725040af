package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A member of a JSON object, both parts as they stand in it.
type member struct {
	name  string // without the quotation marks, escapes as they are
	value []byte
}

// null reports whether the value is null.
func (m member) null() bool { return string(m.value) == "null" }

// members divides the text of a JSON object, in order. A name that stands twice
// is an error: RFC 8259 leaves open which of them holds.
func members(text []byte) ([]member, error) {
	text = bytes.TrimSpace(text)
	switch {
	case !utf8.Valid(text):
		return nil, errors.New("not UTF-8")
	case !json.Valid(text):
		return nil, errors.New("not JSON")
	case len(text) == 0 || text[0] != '{':
		return nil, errors.New("not a JSON object")
	}
	var found []member
	for rest := skipTo(text[1:], '"'); rest != nil; rest = skipTo(rest, '"') {
		n := valueEnd(rest)
		name := string(rest[1 : n-1])
		for _, m := range found {
			if m.name == name {
				return nil, fmt.Errorf("member %q twice", name)
			}
		}
		rest = bytes.TrimLeft(skipTo(rest[n:], ':')[1:], " \t\r\n")
		n = valueEnd(rest)
		found = append(found, member{name, bytes.TrimRight(rest[:n], " \t\r\n")})
		rest = rest[n:]
	}
	return found, nil
}

// skipTo gives the text from the first c on; nil when there is none.
func skipTo(text []byte, c byte) []byte {
	if i := bytes.IndexByte(text, c); i >= 0 {
		return text[i:]
	}
	return nil
}

// valueEnd is where the value ends that begins the text, which is part of valid
// JSON.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringEnd(text[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 { // of the object around
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(text)
}

// stringEnd is where the string ends that begins the text.
func stringEnd(text []byte) int {
	for i := 1; ; {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return len(text)
		}
		i += n + 1
		escapes := 0
		for text[i-2-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i
		}
	}
}

// text reads a JSON string; NUL, which databases do not take, is left out.
func text(value []byte) (string, error) {
	if len(value) < 2 || value[0] != '"' {
		return "", fmt.Errorf("%.20s: want a string", value)
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1]), nil
	}
	var s string
	if err := json.Unmarshal(value, &s); err != nil {
		return "", err
	}
	return strings.ReplaceAll(s, "\x00", ""), nil
}

// texts reads an array of JSON strings.
func texts(value []byte) ([]string, error) {
	if len(value) == 0 || value[0] != '[' {
		return nil, fmt.Errorf("%.20s: want an array of strings", value)
	}
	var out []string
	for rest := bytes.TrimLeft(value[1:], " \t\r\n,"); rest[0] != ']'; rest = bytes.TrimLeft(rest, " \t\r\n,") {
		n := valueEnd(rest)
		s, err := text(bytes.TrimRight(rest[:n], " \t\r\n"))
		if err != nil {
			return nil, err
		}
		out = append(out, s)
		rest = rest[n:]
	}
	return out, nil
}

// appendText appends a string as JSON: letters beyond ASCII as they are, and
// escaped only what must be.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		case '\b':
			b = append(b, `\b`...)
		case '\f':
			b = append(b, `\f`...)
		default:
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	return append(append(b, s[from:]...), '"')
}

// appendTexts appends an array of strings as JSON.
func appendTexts(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

// appendMembers appends an object with these members.
func appendMembers(b []byte, list []member) []byte {
	b = append(b, '{')
	for i, m := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(append(append(b, '"'), m.name...), `": `...)
		b = append(b, m.value...)
	}
	return append(b, '}')
}
