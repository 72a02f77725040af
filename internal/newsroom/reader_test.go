package newsroom

import (
	"bytes"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
)

// A clock is set by tests.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// set puts the clock at d of the day.
func (c *clock) set(d time.Duration) { c.Time = start.Add(d) }

// clockPaper is a paper whose clock the test sets; its slow article does not wait.
func clockPaper(t testing.TB) (*Paper, *clock) {
	t.Helper()
	c := &clock{start}
	p, err := open(Options{Start: start, Now: c.now, Slow: func(time.Duration) {}}, articleFiles)
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

// get asks for path with header fields given as name, value pairs.
func get(p *Paper, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://lantern.example"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, r)
	return w
}

// whole reports whether the body is as long as was promised.
func whole(w *httptest.ResponseRecorder) bool {
	n, err := strconv.Atoi(w.Header().Get("Content-Length"))
	return err == nil && n == w.Body.Len()
}

// A reading is what a reader who knows the templates finds on a page.
type reading struct {
	headline, standfirst string
	lines                []string
	wall                 bool
}

// read reads an article's page; it is not for others' pages.
func read(t testing.TB, w *httptest.ResponseRecorder) reading {
	t.Helper()
	body := w.Body.Bytes()
	if strings.Contains(w.Header().Get("Content-Type"), "windows-1252") {
		utf8, err := charmap.Windows1252.NewDecoder().Bytes(body)
		if err != nil {
			t.Fatal(err)
		}
		body = utf8
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var r reading
	inBody := false
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		was := inBody
		switch {
		case n.Data == "aside" || hasClass(n, "more"):
			return
		case hasClass(n, "wall"):
			r.wall = true
			return
		case n.Data == "h1":
			r.headline = textOf(n)
		case hasClass(n, "standfirst") || hasClass(n, "deck"):
			r.standfirst = textOf(n)
		case hasClass(n, "story-body") || hasClass(n, "inner"):
			inBody = true
		case inBody && slices.Contains([]string{"p", "h2", "li"}, n.Data):
			r.lines = append(r.lines, textOf(n))
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		inBody = was
	}
	walk(doc)
	return r
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" && slices.Contains(strings.Fields(a.Val), class) {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return fold(b.String())
}

// shows reports whether the reading is the text of the truth.
func (r reading) shows(t Truth) bool {
	return !r.wall && r.headline == t.Headline && r.standfirst == t.Standfirst && slices.Equal(r.lines, t.Paragraphs)
}

// voids are the elements without an end tag.
var voids = []string{"meta", "link", "img", "input", "br", "hr"}

// checkBalance fails when tags of the page are not closed in order, or an id
// is used twice.
func checkBalance(t *testing.T, page []byte) {
	t.Helper()
	var stack []string
	ids := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(stack) > 0 {
				t.Errorf("not closed: %v", stack)
			}
			return
		case html.StartTagToken:
			tok := z.Token()
			for _, a := range tok.Attr {
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("id %q twice", a.Val)
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
			}
			if !slices.Contains(voids, tok.Data) {
				stack = append(stack, tok.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(stack) == 0 || stack[len(stack)-1] != name {
				t.Fatalf("</%s> closes %v", name, stack)
			}
			stack = stack[:len(stack)-1]
		}
	}
}
