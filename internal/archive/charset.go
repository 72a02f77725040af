package archive

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// A charset is the encoding that a dump says its text is in. The zero value is
// UTF-8.
//
// Text that is valid UTF-8 is taken as that, whatever the dump says: a database
// that calls its text latin1 and holds UTF-8 is common, and real latin1 text is
// hardly ever valid UTF-8 by chance. What neither UTF-8 nor the encoding can
// mean becomes U+FFFD.
type charset struct{ table encoding.Encoding }

// A charsetError refuses a dump whose encoding is not known: its quotes may be
// halves of letters, so that nothing in it could be trusted.
type charsetError struct{ name string }

func (e *charsetError) Error() string {
	return fmt.Sprintf("encoding %q is not read: dump anew with utf8mb4 or UTF8", e.name)
}

// set takes the name of an encoding as MySQL or PostgreSQL spell it.
func (c *charset) set(name string) error {
	switch n := strings.ToLower(strings.Trim(name, "'\"; ")); n {
	case "", "default", "binary", "ascii", "sql_ascii", "utf8", "utf8mb3", "utf8mb4", "utf-8", "unicode":
		c.table = nil
	default:
		table, ok := singleByte(n)
		if !ok && !strings.HasPrefix(n, "@") { // a variable restores what was before the dump
			return &charsetError{name}
		}
		if ok {
			c.table = table
		}
	}
	return nil
}

// singleByte gives the encodings of one byte a letter. MySQL's latin1 is
// Windows-1252.
func singleByte(name string) (encoding.Encoding, bool) {
	switch strings.ReplaceAll(name, "-", "") {
	case "latin1", "win1252", "cp1252", "iso88591":
		return charmap.Windows1252, true
	case "latin2", "iso88592":
		return charmap.ISO8859_2, true
	case "latin5", "latin9", "iso885915":
		if name == "latin5" {
			return charmap.ISO8859_9, true
		}
		return charmap.ISO8859_15, true
	case "latin7", "iso885913":
		return charmap.ISO8859_13, true
	case "greek", "iso88597":
		return charmap.ISO8859_7, true
	case "hebrew", "iso88598":
		return charmap.ISO8859_8, true
	case "iso88595":
		return charmap.ISO8859_5, true
	case "cp1250", "win1250":
		return charmap.Windows1250, true
	case "cp1251", "win1251", "win":
		return charmap.Windows1251, true
	case "cp1256", "win1256":
		return charmap.Windows1256, true
	case "cp1257", "win1257":
		return charmap.Windows1257, true
	case "koi8r", "koi8":
		return charmap.KOI8R, true
	case "koi8u":
		return charmap.KOI8U, true
	}
	return nil, false
}

// text is what the bytes mean: valid UTF-8 without NUL.
func (c *charset) text(b []byte) string {
	s := string(b)
	if !utf8.ValidString(s) {
		s = c.decoded(b)
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

func (c *charset) decoded(b []byte) string {
	if c.table != nil {
		if out, err := c.table.NewDecoder().Bytes(b); err == nil {
			return strings.ToValidUTF8(string(out), "\uFFFD")
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}
