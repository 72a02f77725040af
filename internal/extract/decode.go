package extract

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

const (
	metaWindow = 64 << 10 // bytes searched for a charset that the page declares
	// mostlyUTF8 is the share of multi-byte sequences that must be whole for
	// bytes declared as UTF-8 to be read as such in spite of errors.
	mostlyUTF8 = 0.9
)

var (
	rxMetaCharset = regexp.MustCompile(`(?i)<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]+)`)
	rxHTMLLang    = regexp.MustCompile(`(?i)<html\b[^>]{0,500}?\slang\s*=\s*["']?([a-z]{2,3})`)
)

// decode gives the text of a page. Bytes that are valid UTF-8 are UTF-8,
// whatever the header or the page itself say, for more pages are mislabelled
// than look like UTF-8 by accident. What cannot be decoded becomes U+FFFD.
func decode(body []byte, contentType string) string {
	if utf8.Valid(body) && !otherCharset(body) {
		return string(body)
	}
	declared := declaredCharsets(body, contentType)
	if bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}) {
		return strings.ToValidUTF8(string(body[3:]), "\uFFFD")
	}
	if s, ok := decodeUTF16(body); ok {
		return s
	}
	if validUTF8(body) && !sevenBitCharset(body, declared) {
		return strings.ToValidUTF8(string(body), "")
	}
	for _, name := range declared {
		enc, canonical := charset.Lookup(name)
		if enc == nil || canonical == "replacement" {
			continue
		}
		if canonical == "utf-8" && wholeSequences(body) < mostlyUTF8 {
			continue // the declaration is wrong; the next may be right
		}
		return decodeWith(enc, body)
	}
	if wholeSequences(body) >= mostlyUTF8 {
		return strings.ToValidUTF8(string(body), "\uFFFD")
	}
	return decodeWith(customaryEncoding(body), body)
}

// otherCharset reports whether the bytes hold what may mark another charset
// than UTF-8 although they are valid: a byte-order mark, a zero byte, an escape.
func otherCharset(body []byte) bool {
	return bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}) || bytes.IndexByte(body[:min(len(body), 2)], 0) >= 0 || bytes.IndexByte(body, 0x1B) >= 0
}

// validUTF8 forgives a rune that is cut at the end.
func validUTF8(body []byte) bool {
	for i := 0; i < utf8.UTFMax && len(body) > 0; i++ {
		if utf8.Valid(body) {
			return true
		}
		body = body[:len(body)-1]
	}
	return len(body) == 0
}

// sevenBitCharset reports whether the bytes, though ASCII, are declared and
// marked as ISO-2022-JP, the one such charset that browsers know.
func sevenBitCharset(body []byte, declared []string) bool {
	if bytes.IndexByte(body, 0x1B) < 0 {
		return false
	}
	for _, name := range declared {
		if _, canonical := charset.Lookup(name); canonical == "iso-2022-jp" {
			return true
		}
	}
	return false
}

// decodeUTF16 reads UTF-16 by its mark, or by the zero bytes of its first tag.
func decodeUTF16(body []byte) (string, bool) {
	order, found := unicode.BigEndian, false
	switch {
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}), bytes.HasPrefix(body, []byte{0, '<', 0}):
		found = true
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}), bytes.HasPrefix(body, []byte{'<', 0}):
		order, found = unicode.LittleEndian, true
	}
	if !found {
		return "", false
	}
	return decodeWith(unicode.UTF16(order, unicode.UseBOM), body), true
}

// declaredCharsets lists the charset of the header, then that of the page.
func declaredCharsets(body []byte, contentType string) []string {
	var names []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		names = append(names, strings.Trim(params["charset"], `"' `))
	}
	if m := rxMetaCharset.FindSubmatch(body[:min(len(body), metaWindow)]); m != nil {
		names = append(names, string(m[1]))
	}
	return names
}

// wholeSequences is the share of multi-byte UTF-8 sequences that are whole.
func wholeSequences(body []byte) float64 {
	whole, broken := 0, 0
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && n == 1:
			broken++
		case n > 1:
			whole++
		}
		body = body[n:]
	}
	if whole+broken == 0 {
		return 1
	}
	return float64(whole) / float64(whole+broken)
}

// customaryEncoding is what pages in the page's language used before UTF-8,
// after the fall-back table of the HTML standard.
func customaryEncoding(body []byte) encoding.Encoding {
	name := "windows-1252"
	if m := rxHTMLLang.FindSubmatch(body[:min(len(body), metaWindow)]); m != nil {
		name = customaryCharset(strings.ToLower(string(m[1])))
	}
	enc, err := htmlindex.Get(name)
	if err != nil { // every name in the table is in the index
		return encoding.Nop
	}
	return enc
}

func customaryCharset(lang string) string {
	switch lang {
	case "ar", "fa":
		return "windows-1256"
	case "bg", "ru", "uk", "sr", "mk", "be", "kk", "ky", "tg":
		return "windows-1251"
	case "cs", "hu", "pl", "sk", "sl":
		return "windows-1250"
	case "el":
		return "iso-8859-7"
	case "et", "lt", "lv":
		return "windows-1257"
	case "he":
		return "windows-1255"
	case "ja":
		return "shift_jis"
	case "ko":
		return "euc-kr"
	case "th":
		return "windows-874"
	case "tr", "az", "ku":
		return "windows-1254"
	case "vi":
		return "windows-1258"
	case "zh":
		return "gb18030"
	}
	return "windows-1252"
}

func decodeWith(enc encoding.Encoding, body []byte) string {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\uFFFD")
	}
	return string(out)
}
