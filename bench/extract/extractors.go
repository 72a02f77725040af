package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"stet/bench/corpus"
	"stet/internal/extract"
	"stet/internal/news"
)

// An extractor gives the paragraphs of a page's article; nil when it finds
// none. Each begins with the raw bytes.
type extractor struct {
	name string
	read func(p corpus.Page, at *url.URL) []string
}

// extractors are those in Go. What a library gives as a tree is cut into
// paragraphs by [blocks].
func extractors() []extractor {
	return []extractor{
		{"stet", readStet},
		{"go-trafilatura, fast", func(p corpus.Page, at *url.URL) []string { return readTrafilatura(p, at, false) }},
		{"go-trafilatura, fallback", func(p corpus.Page, at *url.URL) []string { return readTrafilatura(p, at, true) }},
		{"go-readability v2", readReadability},
		{"JSON-LD articleBody", readLinked},
	}
}

// readStet gives what makes a version: standfirst and core blocks.
func readStet(p corpus.Page, at *url.URL) []string {
	r := extract.Read(extract.Page{URL: at, Status: 200, ContentType: "text/html", Body: p.HTML})
	if r.Outcome != news.OK {
		return nil
	}
	var out []string
	if r.Content.Standfirst != "" {
		out = append(out, r.Content.Standfirst)
	}
	for _, b := range r.Content.Blocks {
		if b.Core() {
			out = append(out, b.Text)
		}
	}
	return out
}

func readTrafilatura(p corpus.Page, at *url.URL, fallback bool) (out []string) {
	defer func() {
		if recover() != nil { // a library's panic is a page it cannot read
			out = nil
		}
	}()
	r, err := trafilatura.Extract(decode(p.HTML), trafilatura.Options{
		OriginalURL: at, ExcludeComments: true, EnableFallback: fallback,
		HtmlDateOverride: &htmldate.Result{DateTime: time.Unix(0, 0)}, // dates are not what is measured
	})
	if err != nil || r == nil || r.ContentNode == nil {
		return nil
	}
	return blocks(r.ContentNode)
}

func readReadability(p corpus.Page, at *url.URL) (out []string) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	root, err := html.Parse(decode(p.HTML))
	if err != nil {
		return nil
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	a, err := parser.ParseAndMutate(root, at)
	if err != nil || a.Node == nil {
		return nil
	}
	return blocks(a.Node)
}

// readLinked gives the longest articleBody of the page's JSON-LD.
func readLinked(p corpus.Page, _ *url.URL) []string {
	root, err := html.Parse(decode(p.HTML))
	if err != nil {
		return nil
	}
	var longest string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "script" || n.FirstChild == nil || !strings.Contains(n.FirstChild.Data, "articleBody") {
			continue
		}
		var v any
		if json.Unmarshal([]byte(n.FirstChild.Data), &v) == nil {
			if s := articleBody(v); len(s) > len(longest) {
				longest = s
			}
		}
	}
	if strings.ContainsRune(longest, '<') {
		if tree, err := html.Parse(strings.NewReader(longest)); err == nil {
			return blocks(tree)
		}
	}
	return lines(longest)
}

// articleBody looks for the property at any depth; the longest wins.
func articleBody(v any) (longest string) {
	take := func(s string) {
		if len(s) > len(longest) {
			longest = s
		}
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			take(articleBody(x))
		}
	case map[string]any:
		if s, ok := v["articleBody"].(string); ok {
			take(s)
		}
		for _, x := range v {
			take(articleBody(x))
		}
	}
	return longest
}

func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// decode gives the page as UTF-8: what is valid UTF-8 is that, else what the
// page declares.
func decode(raw []byte) io.Reader {
	if !utf8.Valid(raw) {
		if r, err := charset.NewReader(bytes.NewReader(raw), "text/html"); err == nil {
			return r
		}
	}
	return bytes.NewReader(raw)
}

// blocks cuts a tree into paragraphs where its elements begin lines.
func blocks(root *html.Node) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if s := strings.Join(strings.Fields(b.String()), " "); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "noscript"):
			return
		case n.Type == html.ElementNode && n.Data == "br":
			b.WriteByte(' ')
		}
		apart := n.Type == html.ElementNode && beginsLine(n.Data)
		if apart {
			end()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if apart {
			end()
		}
	}
	walk(root)
	end()
	return out
}

// beginsLine reports whether browsers show the element as a block.
func beginsLine(tag string) bool {
	switch tag {
	case "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
		"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre",
		"section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul":
		return true
	}
	return false
}
