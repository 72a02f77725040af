package feed

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// gunzip unpacks a gzip file of at most limit bytes; other bytes come back as
// they are. A file that breaks off gives what could be read of it.
func gunzip(body []byte, limit int) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b, 8}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("unpack gzip: %v: %w", err, ErrNotFeed)
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if len(out) > limit {
		return nil, fmt.Errorf("unpack gzip: more than %d bytes: %w", limit, ErrTooLarge)
	}
	if err != nil && len(out) == 0 {
		return nil, fmt.Errorf("unpack gzip: %v: %w", err, ErrNotFeed)
	}
	return out, nil
}

// xmlEncoding finds the declared encoding in an XML declaration.
var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([A-Za-z0-9._:\-]+)`)

// decode gives the body as valid UTF-8. The note says what was not as it
// should be, or is empty.
func decode(body []byte, contentType string) (text, note string) {
	if e := patternEncoding(body); e != nil {
		return convert(body, e), ""
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	label := declared(body, contentType)
	if utf8.Valid(body) && !escapes(label, body) {
		return string(body), ""
	}
	if e, name := charset.Lookup(label); e != nil && name != "utf-8" && name != "replacement" {
		return convert(body, e), ""
	}
	if mostlyUTF8(body) {
		return strings.ToValidUTF8(string(body), "\uFFFD"), "bytes that are not UTF-8 were replaced"
	}
	return convert(body, charmap.Windows1252), "the encoding is unknown; read as Windows-1252"
}

// patternEncoding tells an encoding by a byte-order mark, or by how "<", "<?"
// or "{" stand at the start (XML 1.0, appendix F).
func patternEncoding(body []byte) encoding.Encoding {
	for _, p := range []struct {
		lead string
		enc  encoding.Encoding
	}{
		{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)},
		{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)},
		{"\x00\x00\x00<", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
		{"<\x00\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
		{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"\x00<", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"<\x00", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"\x00{", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"{\x00", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"\x4c\x6f\xa7\x94", charmap.CodePage037}, // "<?xm" in EBCDIC
	} {
		if bytes.HasPrefix(body, []byte(p.lead)) {
			return p.enc
		}
	}
	return nil
}

// declared is the charset of the content type, else of the XML declaration.
func declared(body []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		if e, _ := charset.Lookup(params["charset"]); e != nil {
			return params["charset"]
		}
	}
	if m := xmlEncoding.FindSubmatch(body[:min(len(body), 512)]); m != nil {
		return string(m[1])
	}
	return ""
}

// escapes reports whether the label is a seven-bit encoding whose bytes are
// valid UTF-8 without being it.
func escapes(label string, body []byte) bool {
	_, name := charset.Lookup(label)
	return name == "iso-2022-jp" && bytes.IndexByte(body, 0x1b) >= 0
}

// mostlyUTF8 reports whether the body has more valid sequences of several
// bytes than wrong bytes: a UTF-8 text with a fault in it.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		body = body[n:]
	}
	return good > bad
}

func convert(body []byte, e encoding.Encoding) string {
	out, _, err := transform.Bytes(e.NewDecoder(), body)
	if err != nil { // decoders replace what they cannot read; only a cut end remains
		return strings.ToValidUTF8(string(out), "\uFFFD")
	}
	return strings.TrimPrefix(string(out), "\uFEFF")
}

// decodeHTML is decode for a page: the declaration is in a meta element.
func decodeHTML(body []byte, contentType string) (text, note string) {
	if utf8.Valid(body) || patternEncoding(body) != nil {
		return decode(body, contentType)
	}
	e, name, _ := charset.DetermineEncoding(body[:min(len(body), 1024)], contentType)
	if name == "utf-8" || name == "replacement" {
		return decode(body, contentType)
	}
	return convert(body, e), ""
}
