package feed

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// TestDecode reads one feed in many encodings, rightly and wrongly declared.
func TestDecode(t *testing.T) {
	const title = "Größe – Ærø"
	doc := func(declared string) string {
		return `<?xml version="1.0" encoding="` + declared + `"?><rss><channel><title>` + title + `</title></channel></rss>`
	}
	for _, tt := range []struct {
		name, contentType, declared string
		in                          encoding.Encoding
		want                        string
	}{
		{"UTF-8", "", "utf-8", encoding.Nop, title},
		{"UTF-8 with a mark", "", "iso-8859-1", unicode.UTF8BOM, title},
		{"UTF-8 declared as Latin-1", "text/xml; charset=iso-8859-1", "iso-8859-1", encoding.Nop, title},
		{"Windows-1252 declared", "", "windows-1252", charmap.Windows1252, title},
		{"Windows-1252 declared as Latin-1", "", "iso-8859-1", charmap.Windows1252, title},
		{"Windows-1252 by the header", "application/xml; charset=windows-1252", "utf-8", charmap.Windows1252, title},
		{"Windows-1252 declared as UTF-8", "", "utf-8", charmap.Windows1252, title},
		{"Windows-1252 undeclared", "", "no-such-charset", charmap.Windows1252, title},
		{"UTF-16 little endian with a mark", "", "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), title},
		{"UTF-16 big endian without a mark", "", "utf-16", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), title},
		{"UTF-32 big endian with a mark", "", "utf-32", utf32.UTF32(utf32.BigEndian, utf32.UseBOM), title},
		{"UTF-32 little endian without a mark", "", "utf-32", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), title},
	} {
		body, err := tt.in.NewEncoder().Bytes([]byte(doc(tt.declared)))
		if err != nil {
			t.Fatal(err)
		}
		d, err := Parse(body, tt.contentType, nil)
		if err != nil || d.Title != tt.want {
			t.Errorf("%s: title %q, %v; want %q", tt.name, d.Title, err, tt.want)
		}
	}
}

func TestDecodeOdd(t *testing.T) {
	jis, err := japanese.ISO2022JP.NewEncoder().String("港の朝")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, body, want string }{
		{"seven-bit Japanese", `<?xml version="1.0" encoding="iso-2022-jp"?><rss><channel><title>` + jis + `</title></channel></rss>`, "港の朝"},
		{"UTF-8 with one wrong byte", "<rss><channel><title>Größe Ærø \xff</title></channel></rss>", "Größe Ærø \uFFFD"},
		{"control characters", "<rss><channel><title>a\x00b\x1b c\u0092d</title></channel></rss>", "ab c’d"},
	} {
		d, err := Parse([]byte(tt.body), "", nil)
		if err != nil || d.Title != tt.want {
			t.Errorf("%s: title %q, %v; want %q", tt.name, d.Title, err, tt.want)
		}
	}
}
