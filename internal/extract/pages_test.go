package extract

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what is read into the cases")

// A pageCase is one file of testdata/pages: a sentence that tells the case, the
// page, its response lines and what must be read in it.
type pageCase struct {
	name, file string
	sections   []section
	page       Page
	claims     bool // claims are part of what must be read
	want       string
}

func pageCases(t testing.TB) []pageCase {
	t.Helper()
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var out []pageCase
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		title, sections := parseCase(string(data))
		c := pageCase{name: strings.TrimSpace(title), file: f, sections: sections}
		c.page = Page{URL: mustURL("https://www.example.org/news/2031/02/ferry-returns"), Status: 200, ContentType: "text/html; charset=utf-8"}
		response := ""
		for _, x := range c.sections {
			switch x.name {
			case "page.html":
				c.page.Body = []byte(x.data)
			case "response":
				response = x.data
			case "want":
				c.want = x.data
			}
		}
		c.response(t, response)
		if c.name == "" {
			t.Errorf("%s: has no title sentence", f)
		}
		out = append(out, c)
	}
	return out
}

// response reads "name: value" lines.
func (c *pageCase) response(t testing.TB, lines string) {
	for line := range strings.Lines(lines) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "url":
			c.page.URL = mustURL(value)
		case "asked":
			c.page.Asked = mustURL(value)
		case "status":
			c.page.Status, _ = strconv.Atoi(value)
		case "content-type":
			c.page.ContentType = strings.Trim(value, "-")
		case "cut":
			n := strings.Index(string(c.page.Body), value)
			if n < 0 {
				t.Fatalf("%s: page lacks %q", c.file, value)
			}
			c.page.Body = c.page.Body[:n]
		case "truncated":
			c.page.Truncated = true
		case "last-modified":
			c.page.LastModified = value
		case "claims":
			c.claims = true
		default:
			t.Errorf("%s: response line %q", c.file, line)
		}
	}
}

// show writes a result as the cases do.
func show(r Result, claims bool) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("outcome", string(r.Outcome))
	line("reason", r.Reason)
	line("headline", r.Content.Headline)
	line("standfirst", r.Content.Standfirst)
	line("byline", strings.Join(r.Content.Byline, "; "))
	line("section", r.Content.Section)
	line("published", stamp(r.Content.Published))
	line("modified", stamp(r.Content.Modified))
	line("language", r.Content.Language)
	line("canonical", r.Canonical)
	if r.Content.Paywalled {
		line("paywall", "yes")
	}
	line("correction", r.Content.Correction)
	if img := r.Content.Image; img.URL != "" {
		line("image", img.URL+" ; "+img.Caption+" ; "+img.Alt)
	}
	for _, x := range r.Content.Links {
		line("link", x.Text+" "+x.URL)
	}
	for _, x := range r.Content.Claims {
		if claims {
			line("claim", x.Field+" "+x.Origin+" "+x.Value)
		}
	}
	for _, x := range r.Content.Blocks {
		id := ""
		if x.ID != "" {
			id = "#" + x.ID
		}
		if !x.At.IsZero() {
			id += "@" + stamp(x.At)
		}
		fmt.Fprintf(&b, "%s%s| %s\n", x.Kind, id, strings.ReplaceAll(x.Text, "\t", " \\t "))
	}
	return b.String()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func TestPages(t *testing.T) {
	for _, c := range pageCases(t) {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			r := Read(c.page)
			check(t, c.page, r)
			got := show(r, c.claims)
			if *update {
				c.write(t, got)
				return
			}
			if got != c.want {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", c.name, got, c.want)
			}
		})
	}
}

func (c *pageCase) write(t *testing.T, got string) {
	t.Helper()
	var b strings.Builder
	b.WriteString(c.name + "\n")
	for _, x := range c.sections {
		if x.name != "want" {
			b.WriteString("-- " + x.name + " --\n" + x.data)
		}
	}
	b.WriteString("-- want --\n" + got)
	if err := os.WriteFile(c.file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A section is a named part of a case file in the txtar form.
type section struct{ name, data string }

// parseCase reads the txtar form: a comment, then parts, each after a line
// "-- name --".
func parseCase(s string) (comment string, out []section) {
	for line := range strings.Lines(s) {
		name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		if name, end := strings.CutSuffix(name, " --"); ok && end {
			out = append(out, section{name: name})
			continue
		}
		if len(out) == 0 {
			comment += line
			continue
		}
		out[len(out)-1].data += line
	}
	return comment, out
}
