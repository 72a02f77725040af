package extract

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"stet/internal/news"
)

// check asserts what must hold of every result.
func check(t testing.TB, p Page, r Result) {
	t.Helper()
	if len(r.Blocks) > MaxPageBlocks {
		t.Errorf("%d blocks, limit %d", len(r.Blocks), MaxPageBlocks)
	}
	if (r.Outcome == news.OK) != (r.Reason == "") {
		t.Errorf("outcome %q with reason %q", r.Outcome, r.Reason)
	}
	if r.Outcome != news.OK && (r.Content.Headline != "" || len(r.Content.Blocks) > 0) {
		t.Errorf("outcome %q with content", r.Outcome)
	}
	if len(r.Content.Text()) > news.MaxText+news.MaxBlocks || len(r.Content.Blocks) > news.MaxBlocks {
		t.Errorf("content of %d bytes in %d blocks", len(r.Content.Text()), len(r.Content.Blocks))
	}
	there := presence(r)
	for _, s := range append(coreTexts(r.Content), r.Content.Headline) {
		if !utf8.ValidString(s) {
			t.Errorf("text %q is not UTF-8", clip(s, 80))
		}
		if s != "" && !there[news.Key(s)] {
			t.Errorf("text %q is in neither Blocks nor Extra", clip(s, 80))
		}
	}
	for _, b := range r.Blocks {
		if b.Key != news.Key(b.Text) || b.Text == "" {
			t.Errorf("block %q has a wrong key", clip(b.Text, 80))
		}
	}
	if _, err := url.Parse(r.Canonical); err != nil {
		t.Errorf("canonical %q: %v", r.Canonical, err)
	}
}

const sentence = "The ferry between Oldharbour and Tern Island will sail twice a day from Monday, the harbour board said. "

// bombs are documents made to hurt whoever reads them.
func bombs() map[string]string {
	para := "<p>" + strings.Repeat(sentence, 2) + "</p>\n"
	return map[string]string{
		"100,000 nested divs":           "<html><body>" + strings.Repeat("<div>", 100000) + sentence + "</body></html>",
		"1,000,000 nested bs":           "<html><body>" + strings.Repeat("<b>", 1000000) + sentence + "</body></html>",
		"100,000 nested tables":         "<html><body>" + strings.Repeat("<table><tr><td>", 100000) + sentence + "</body></html>",
		"20,000 open formatting runs":   "<html><body>" + strings.Repeat("<p><b><i>", 20000) + sentence + "</body></html>",
		"20 MB of one text":             "<html><body><p>" + strings.Repeat(sentence, 20<<20/len(sentence)) + "</p></body></html>",
		"117,000 paragraphs":            "<html><body><article>" + strings.Repeat("<p>"+sentence+"</p>", 117000) + "</article></body></html>",
		"4,000 paragraphs":              "<html><body><article>" + strings.Repeat(para, 4000) + "</article></body></html>",
		"100,000 sibling divs":          "<html><body>" + strings.Repeat("<div>harbour</div>", 100000) + "</body></html>",
		"100,000 attributes":            "<html><body><p " + strings.Repeat("a=b ", 100000) + ">" + sentence + "</p></body></html>",
		"20 MB of script":               "<html><body><script>" + strings.Repeat("x=1;", 5<<20) + "</script><p>" + sentence + "</p></body></html>",
		"a deep JSON-LD":                `<html><script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 100000) + "</script></body></html>",
		"a JSON-LD of a million items":  `<html><script type="application/ld+json">[` + strings.Repeat(`{},`, 400000) + "{}]</script></body></html>",
		"100,000 metas":                 "<html><head>" + strings.Repeat(`<meta name="a" content="b">`, 100000) + "</head><body></body></html>",
		"100,000 brs":                   "<html><body>" + strings.Repeat("a<br><br>", 100000) + "</body></html>",
		"100,000 less-than signs":       "<html><body>" + strings.Repeat("<", 100000) + "</body></html>",
		"100,000 links":                 "<html><body>" + strings.Repeat(`<a href="/x">harbour</a> `, 100000) + "</body></html>",
		"a class of a megabyte":         `<html><body><div class="` + strings.Repeat("ad-", 350000) + `"><p>` + sentence + "</p></div></body></html>",
		"nested lists of 400 levels":    "<html><body>" + strings.Repeat("<ul><li>harbour ", 240) + "</body></html>",
		"50,000 h1s":                    "<html><body>" + strings.Repeat("<h1>The ferry sails again</h1>", 50000) + "</body></html>",
		"a table of 50,000 rows":        "<html><body><table>" + strings.Repeat("<tr><td>12</td><td>harbour</td></tr>", 50000) + "</table></body></html>",
		"20,000 live posts":             `<html><body itemscope itemtype="https://schema.org/LiveBlogPosting">` + strings.Repeat(`<div id="p"><time>12:00</time>harbour</div>`, 20000) + "</body></html>",
		"a hundred thousand unclosed a": "<html><body>" + strings.Repeat(`<a href="x"><div>`, 100000) + "</body></html>",
	}
}

// maxBomb is far above what any bomb takes, so that a busy machine does not
// fail the test, and far below what an unbounded reading would take.
const maxBomb = 30 * time.Second

func TestBombs(t *testing.T) {
	for name, body := range bombs() {
		p := Page{URL: mustURL("https://news.example.org/a/1"), Status: 200, ContentType: "text/html", Body: []byte(body)}
		start := time.Now()
		r := Read(p)
		took := time.Since(start)
		t.Logf("%-32s %8.2f MB %6d ms %s, %d blocks", name, float64(len(body))/1e6, took.Milliseconds(), r.Outcome, len(r.Blocks))
		check(t, p, r)
		if took > maxBomb {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func mustURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

func TestDeepPageKeepsItsText(t *testing.T) {
	var body strings.Builder
	body.WriteString(`<html><head><title>The ferry sails again</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry sails again"}</script></head><body><h1>The ferry sails again</h1>`)
	for i := range 600 {
		fmt.Fprintf(&body, "<div><span>Sentence number %d of the long story about the ferry of Oldharbour.</span>", i)
	}
	body.WriteString("</body></html>")
	r := Read(Page{Status: 200, Body: []byte(body.String())})
	if r.Outcome != news.OK || r.Content.Headline != "The ferry sails again" {
		t.Fatalf("outcome %s (%s), headline %q", r.Outcome, r.Reason, r.Content.Headline)
	}
	all := ""
	for _, b := range r.Blocks {
		all += b.Text + "\n"
	}
	for i := range 600 {
		if want := fmt.Sprintf("Sentence number %d of", i); !strings.Contains(all, want) {
			t.Errorf("text %q was lost", want)
		}
	}
}

func TestLimitsAtTheEdge(t *testing.T) {
	page := func(n int) Result {
		return Read(Page{Status: 200, Body: []byte("<html><body><main>" + strings.Repeat("<p>harbour", n) + "</main></body></html>")})
	}
	if r := page(MaxPageBlocks); len(r.Blocks) != MaxPageBlocks {
		t.Errorf("%d blocks, want %d", len(r.Blocks), MaxPageBlocks)
	}
	if r := page(MaxPageBlocks + 1); len(r.Blocks) != MaxPageBlocks {
		t.Errorf("%d blocks, want %d", len(r.Blocks), MaxPageBlocks)
	}
	article := func(n int) Result {
		return Read(Page{Status: 200, Body: []byte("<html><body><main><h1>The ferry sails again</h1>" + strings.Repeat("<p>"+sentence+"</p>", n) + "</main></body></html>")})
	}
	if r := article(news.MaxBlocks); r.Content.Cut || len(r.Content.Blocks) != news.MaxBlocks {
		t.Errorf("%d blocks: %s, cut %v, %d kept", news.MaxBlocks, r.Outcome, r.Content.Cut, len(r.Content.Blocks))
	}
	if r := article(news.MaxBlocks + 1); !r.Content.Cut || len(r.Content.Blocks) != news.MaxBlocks {
		t.Errorf("%d blocks: %s, cut %v, %d kept", news.MaxBlocks+1, r.Outcome, r.Content.Cut, len(r.Content.Blocks))
	}
	tail := "</p></main></body></html>"
	long := "<html><body><main><h1>The ferry sails again</h1><p>"
	pad := strings.Repeat("x ", (MaxHTML-len(long)-len(tail))/2)
	whole := long + pad + strings.Repeat(" ", MaxHTML-len(long)-len(pad)-len(tail)) + tail
	if d := newDocument(Page{Body: []byte(whole)}); d.cut {
		t.Error("a page of MaxHTML bytes is cut")
	}
	if d := newDocument(Page{Body: []byte(whole + " ")}); !d.cut {
		t.Error("a page of MaxHTML+1 bytes is not cut")
	}
}

// TestReadIsAFunction reads pages twice and wants the same.
func TestReadIsAFunction(t *testing.T) {
	for _, c := range pageCases(t) {
		a, b := Read(c.page), Read(c.page)
		if fmt.Sprintf("%#v", a) != fmt.Sprintf("%#v", b) {
			t.Errorf("%s: two readings differ", c.name)
		}
	}
}

func TestCorpusHostile(t *testing.T) {
	slow := time.Duration(0)
	worst, n := "", 0
	for name, body := range readArchive(t, "hostile.tar.zst") {
		if len(body) > 40<<20 || !strings.Contains(name, "html") && !strings.Contains(name, "dompurify") && !strings.Contains(name, "XSS") && !bytes.Contains(body[:min(len(body), 4096)], []byte("<")) {
			continue
		}
		for _, ct := range []string{"text/html", ""} {
			p := Page{URL: mustURL("https://news.example.org/a/1"), Status: 200, ContentType: ct, Body: body}
			start := time.Now()
			r := Read(p)
			if took := time.Since(start); took > slow {
				slow, worst = took, name
			}
			check(t, p, r)
			n++
		}
	}
	t.Logf("%d readings, slowest %v: %s", n, slow, worst)
	if slow > maxBomb {
		t.Errorf("%s took %v", worst, slow)
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range pageCases(f) {
		f.Add(c.page.Body, c.page.ContentType)
	}
	f.Add([]byte("<p>a<br><br>b"), "text/html; charset=utf-16")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"<b>x`), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		if len(body) > 64<<10 {
			return
		}
		p := Page{URL: mustURL("https://news.example.org/a/1"), Status: 200, ContentType: contentType, Body: body}
		check(t, p, Read(p))
	})
}

func BenchmarkRead(b *testing.B) {
	body := render(article, noise{seed: 1, padding: 90 << 10})
	p := Page{URL: mustURL("https://news.example.org/a/1"), Status: 200, ContentType: "text/html", Body: []byte(body)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		Read(p)
	}
}
