package extract

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"stet/internal/news"
)

func TestDecode(t *testing.T) {
	latin, _ := charmap.Windows1252.NewEncoder().String("<p>Färöer – “sí”</p>")
	cyrillic, _ := charmap.Windows1251.NewEncoder().String("<html lang=\"ru\"><p>Паром вернулся</p>")
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("<meta charset=shift_jis><p>渡し船が戻る</p>")
	jis, _ := japanese.ISO2022JP.NewEncoder().String("<meta charset=iso-2022-jp><p>渡し船が戻る</p>")
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String("<p>渡船回来了</p>")
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("<p>Färöer</p>")
	late := strings.Repeat(" ", 3000)
	for _, c := range []struct{ name, body, header, want string }{
		{"valid UTF-8 beats the header", "<p>Färöer</p>", "text/html; charset=iso-8859-1", "Färöer"},
		{"valid UTF-8 beats the meta", "<meta charset=windows-1251><p>Färöer</p>", "", "Färöer"},
		{"undeclared UTF-8 after ASCII", late + "<p>Färöer</p>", "", "Färöer"},
		{"a byte-order mark is left out", "\ufeff<p>Färöer</p>", "", "<p>Färöer"},
		{"header", latin, "text/html; charset=windows-1252", "Färöer – “sí”"},
		{"wrong header, right meta", sjis, "text/html; charset=utf-8", "渡し船が戻る"},
		{"meta after byte 1024", late + sjis, "", "渡し船が戻る"},
		{"seven-bit Japanese", jis, "", "渡し船が戻る"},
		{"header only", gb, "text/html; charset=gb2312", "渡船回来了"},
		{"nothing but the language", cyrillic, "", "Паром вернулся"},
		{"nothing at all", latin, "", "Färöer"},
		{"UTF-16 by its mark", utf16, "", "Färöer"},
		{"mostly UTF-8", strings.Repeat("ä", 50) + "\xff ö", "text/html; charset=utf-8", "ä\uFFFD ö"},
		{"cut within a rune", "<p>Färö\xc3", "", "Färö"},
		{"unknown charset", latin, "text/html; charset=klingon", "Färöer"},
	} {
		if got := decode([]byte(c.body), c.header); !strings.Contains(got, c.want) || strings.HasPrefix(got, "\ufeff") {
			t.Errorf("%s: got %q, want %q in it", c.name, got, c.want)
		}
	}
}

func TestSoftText(t *testing.T) {
	soft := []string{
		"5 minutes ago", "Updated 12:31", "Last updated on Tue 4 Feb 2031, 18:20 GMT", "1,204 comments", "Share", "4 min read",
		"vor 12 Minuten", "Aktualisiert am 5. Februar 2031 um 7:05 Uhr", "il y a 3 heures", "Publié le 4 février 2031 à 18h20", "hace 5 minutos",
		"منذ 5 دقائق", "2031年2月4日 12時31分", "4 February 2031", "Advertisement", "ANZEIGE", "Read more", "READ MORE: the old pier", "Lire aussi : le vieux quai",
		"Sign up to our newsletter", "Get the week's best stories in your inbox", "•", "Subscribe to continue reading", "Facebook Twitter WhatsApp", "입력 2031.02.04 12:31",
	}
	text := []string{
		"12", "The toll rose to 12.", "Deaths: 12", "He said no.", "Read the report of the harbour board in full at the library.", "May", "Stand by me, she sang on Friday.",
		"The board published its accounts for 2030 on Monday.", "The newspaper has a newsletter.", "Shares fell 3 per cent.", "Sign up by 5 May to take part in the choir.", "It was 7.15.",
	}
	piecesOf := func(s string) *piece {
		root := parse("<p>" + s + "</p>")
		pieces, _ := segment(root, false, nil)
		if len(pieces) != 1 {
			t.Fatalf("%q: %d pieces", s, len(pieces))
		}
		return &pieces[0]
	}
	for _, s := range soft {
		if !softText(piecesOf(s)) {
			t.Errorf("%q is not soft", s)
		}
	}
	for _, s := range text {
		if softText(piecesOf(s)) {
			t.Errorf("%q is soft", s)
		}
	}
	long := `<a href="/x">` + strings.Repeat("harbour ", 31) + "</a>"
	if softText(piecesOf(long + "and more")) {
		t.Error("a link text of more than maxLinkText is soft")
	}
	if !softText(piecesOf(`<a href="/x">The old pier of Oldharbour</a> (2)`)) {
		t.Error("a link is not soft")
	}
}

func TestSegment(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"white space collapses as HTML shows it", "<p> a \n\t b&nbsp;c </p>", "p:a b\u00a0c"},
		{"inline elements do not part words", "<p>har<b>bour</b> <i>board</i></p>", "p:harbour board"},
		{"two breaks part, one is a space", "<div>a<br>b<br> <br>c</div>", "p:a b|p:c"},
		{"text beside blocks", "<div>a<p>b</p>c</div>", "p:a|p:b|p:c"},
		{"hidden elements have no text", `<p>a</p><p hidden>b</p><p aria-hidden="true">c</p><p style="display: none">d</p><script>e</script><noscript>f</noscript><svg><text>g</text></svg><template>h</template>`, "p:a"},
		{"lists, headings, quotations", "<h2>a</h2><ul><li>b</li><li><p>c</p></li></ul><blockquote><p>d</p></blockquote>", "h:a|li:b|li:c|quote:d"},
		{"data rows are one block", "<table><tr><th>a</th><td>b <b>c</b></td></tr></table>", "row:a\tb c"},
		{"layout tables are not", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "p:a|p:b|p:c"},
		{"captions", "<figure><img><figcaption>a</figcaption></figure><p>b</p>", "caption:a|p:b"},
		{"an empty line is no block", "<p>&nbsp;</p><p>\u200b</p><p>a</p>", "p:a"},
	} {
		pieces, _ := segment(parse(c.html), false, nil)
		var got []string
		for _, p := range pieces {
			got = append(got, string(p.Kind)+":"+p.Text)
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
}

func TestParseLinked(t *testing.T) {
	for _, s := range []string{
		`{"a":"b"}`, "{\"a\":\"b\"};", "<!-- {\"a\":\"b\"} -->", "//<![CDATA[\n{\"a\":\"b\"}\n//]]>", "{\"a\":\"b\",}", "{\"a\":\"b\n\"}", " {\"a\":\"b\"} ;\n",
	} {
		if v, ok := parseLinked(s); !ok || v.(map[string]any)["a"] == nil {
			t.Errorf("%q: %v %v", s, v, ok)
		}
	}
	for _, s := range []string{"", "{", "nonsense", strings.Repeat(" ", maxLinked+1) + "{}"} {
		if v, ok := parseLinked(s); ok {
			t.Errorf("%q: got %v", clip(s, 20), v)
		}
	}
}

func TestParseDate(t *testing.T) {
	want := time.Date(2031, 2, 4, 17, 20, 0, 0, time.UTC)
	for _, s := range []string{
		"2031-02-04T17:20:00Z", "2031-02-04T18:20:00+01:00", "2031-02-04T18:20:00.000+0100", "2031-02-04T17:20:00", "2031-02-04 17:20:00", "Tue, 04 Feb 2031 17:20:00 GMT",
		"Tue, 4 Feb 2031 18:20:00 +0100", "2031-02-04T17:20Z", " 2031-02-04T17:20:00Z ", "Tue Feb 04 2031 18:20:00 GMT+0100 (Central European Standard Time)",
	} {
		if got := parseDate(s); !got.Equal(want) {
			t.Errorf("%q: got %v", s, got)
		}
	}
	for _, s := range []string{"", "yesterday", "1989-12-31T23:59:59Z", "2101-01-01", "0000-00-00", strings.Repeat("2", 100)} {
		if got := parseDate(s); !got.IsZero() {
			t.Errorf("%q: got %v", s, got)
		}
	}
	if parseDate("1990-01-01").IsZero() || parseDate("2100-12-31").IsZero() {
		t.Error("the edge years are refused")
	}
}

func TestStatuses(t *testing.T) {
	for status, want := range map[int]news.Outcome{
		0: news.OK, 200: news.OK, 203: news.OK, 204: news.Failed, 206: news.Truncated, 301: news.Failed, 304: news.Failed, 400: news.Failed, 401: news.Blocked,
		403: news.Blocked, 404: news.Gone, 407: news.Blocked, 410: news.Gone, 418: news.Failed, 429: news.Blocked, 451: news.Gone, 500: news.Failed, 503: news.Failed, 999: news.Failed, -1: news.Failed,
	} {
		if got, _ := byStatus(Page{Status: status}); got != want {
			t.Errorf("HTTP %d: %s, want %s", status, got, want)
		}
	}
}

func TestSameDomain(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://www.example.org/", "https://m.example.org/", true},
		{"https://a.example.co.uk/", "https://b.example.co.uk/", true},
		{"https://a.co.uk/", "https://b.co.uk/", false},
		{"https://a.github.io/", "https://b.github.io/", false},
		{"http://127.0.0.1:80/", "http://127.0.0.1:81/", true},
		{"http://127.0.0.1/", "http://127.0.0.2/", false},
		{"https://EXAMPLE.org/", "https://example.org/", true},
	} {
		if got := sameDomain(mustURL(c.a), mustURL(c.b)); got != c.want {
			t.Errorf("%s, %s: %v", c.a, c.b, got)
		}
	}
}

func TestMarks(t *testing.T) {
	var got []string
	splitMarks("js-RelatedStories_box  adSlot2", func(w string) { got = append(got, w) })
	if s := strings.Join(got, " "); s != "js related stories box ad slot2" {
		t.Errorf("got %q", s)
	}
}

func TestTrim(t *testing.T) {
	for _, c := range []struct{ in, site, want string }{
		{"Ferry returns to island | The Tern Courier", "", "Ferry returns to island"},
		{"Ferry returns to island - The Tern Courier of the Outer Western Isles", "The Tern Courier of the Outer Western Isles", "Ferry returns to island"},
		{"Yes | No", "", "Yes | No"},
		{"Ferry returns", "", "Ferry returns"},
	} {
		if got := stripSite(c.in, c.site); got != c.want {
			t.Errorf("%q: got %q", c.in, got)
		}
	}
	if got := clip("aä", 2); got != "a" {
		t.Errorf("clip cuts a rune: %q", got)
	}
}
