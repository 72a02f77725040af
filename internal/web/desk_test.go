package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

// A desk is a store with a clock, filled as the pipeline fills it, and the
// site over it.
type desk struct {
	t     testing.TB
	store *store.Store
	dir   string
	at    time.Time
	site  *Site
	h     http.Handler
	ids   map[string]int64               // articles by name
	heard func(query string, args []any) // statements of the store; nil: nobody listens
}

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func newDesk(t testing.TB, with func(*Options)) *desk {
	t.Helper()
	d := deskIn(t, t.TempDir(), slog.New(slog.NewTextHandler(testLog{t}, nil)), with)
	t.Cleanup(func() { d.store.Close() })
	return d
}

func deskIn(t testing.TB, dir string, log *slog.Logger, with func(*Options)) *desk {
	t.Helper()
	d := &desk{t: t, at: start, ids: map[string]int64{}, dir: dir}
	var err error
	d.store, err = store.Open(context.Background(), store.Options{Dir: d.dir, Now: func() time.Time { return d.at },
		Statements: func(query string, args []any) {
			if d.heard != nil {
				d.heard(query, args)
			}
		}})
	d.must(err)
	o := Options{Store: d.store, Now: func() time.Time { return d.at }, Version: "0.1", Contact: "desk@stet.example.org",
		UserAgent: "stet/0.1 (+https://stet.example.org/about-bot)", AdminToken: "first-token",
		Log: log}
	if with != nil {
		with(&o)
	}
	d.site, err = New(o)
	d.must(err)
	d.h = d.site.Handler()
	return d
}

type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) wait(t time.Duration) { d.at = d.at.Add(t) }

func (d *desk) source(key, name string) news.Source {
	d.t.Helper()
	s, err := d.store.AddSource(context.Background(), news.Source{Key: key, Name: name, Home: "https://" + key + ".example.org/"})
	d.must(err)
	return s
}

// found adds an article under a name.
func (d *desk) found(name string, src news.Source, address string) int64 {
	d.t.Helper()
	addr, err := news.ParseAddress(address, nil)
	d.must(err)
	a, _, err := d.store.AddArticle(context.Background(), src.ID, addr, "", "feed", d.at.Add(-time.Hour), d.at)
	d.must(err)
	d.ids[name] = a.ID
	return a.ID
}

// visit records a visit; v holds what it taught beyond the common things.
func (d *desk) visit(article int64, v store.Visit) {
	d.t.Helper()
	ctx := context.Background()
	a, _, err := d.store.Article(ctx, article)
	d.must(err)
	addr, err := news.ParseAddress(a.URL, nil)
	d.must(err)
	lease, ok, err := d.store.LeaseNamed(ctx, addr.Host, time.Minute)
	d.must(err)
	if !ok {
		d.t.Fatal("host is leased already")
	}
	v.Lease, v.ArticleID = lease, article
	if v.Capture.Outcome == "" {
		v.Capture.Outcome = news.OK
	}
	v.Capture.URL, v.Capture.FinalURL, v.Capture.At, v.Capture.Status = a.URL, a.URL, d.at, 200
	if v.Due.IsZero() && v.State != news.StateGone {
		v.Due = d.at.Add(3 * time.Hour)
	}
	_, err = d.store.RecordVisit(ctx, v)
	d.must(err)
	d.must(d.store.ReleaseHost(ctx, lease, time.Time{}))
}

// see records the next version of an article; the old one was last seen
// twenty minutes ago.
func (d *desk) see(article int64, c news.Content, silent bool) {
	d.t.Helper()
	ctx := context.Background()
	a, _, err := d.store.Article(ctx, article)
	d.must(err)
	change := news.Change{Type: news.VersionAppeared, Number: a.Versions, Before: d.at, Silent: silent}
	if a.Versions > 0 {
		was, err := d.store.VersionByNumber(ctx, article, a.Versions-1)
		d.must(err)
		s := diff.Compare(was.Content, c)
		change.After, change.Headline = d.at.Add(-20*time.Minute), was.Content.Headline != c.Headline
		change.WordsAdded, change.WordsRemoved = s.WordsAdded, s.WordsRemoved
	}
	d.visit(article, store.Visit{State: news.Live, Language: c.Language,
		Capture: news.Capture{Extractor: "article/3"},
		Version: &news.Version{Number: a.Versions, Content: c, Extractor: "article/3"}, Changes: []news.Change{change}})
}

func (d *desk) gone(article int64) {
	d.visit(article, store.Visit{State: news.StateGone, GoneAt: d.at, Capture: news.Capture{Outcome: news.Gone, Reason: "HTTP 404"},
		Changes: []news.Change{{Type: news.ArticleGone, After: d.at.Add(-time.Hour), Before: d.at, Note: "HTTP 404"}}})
}

// index brings the search index up to date.
func (d *desk) index() {
	d.t.Helper()
	for {
		n, err := d.store.IndexChanges(context.Background(), 100)
		d.must(err)
		if n == 0 {
			return
		}
	}
}

// text makes a content of paragraphs.
func text2content(lang, headline, standfirst string, paragraphs ...string) news.Content {
	c := news.Content{Headline: headline, Standfirst: standfirst, Language: lang, Byline: []string{"Mara Quill"}}
	for _, p := range paragraphs {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
	}
	return c
}

// An answer is a response with its body read, and parsed when it is HTML.
type answer struct {
	*http.Response
	body string
	doc  *html.Node
}

func (d *desk) do(r *http.Request) answer {
	d.t.Helper()
	rec := httptest.NewRecorder()
	d.h.ServeHTTP(rec, r)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	d.must(err)
	a := answer{Response: res, body: string(body)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		a.doc, err = html.Parse(strings.NewReader(a.body))
		d.must(err)
	}
	return a
}

func (d *desk) get(path string, header ...string) answer {
	d.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return d.do(r)
}

// page gets a page that must be there.
func (d *desk) page(path string) answer {
	d.t.Helper()
	a := d.get(path)
	if a.StatusCode != 200 {
		d.t.Fatalf("GET %s = %d, want 200\n%.500s", path, a.StatusCode, a.body)
	}
	return a
}

// enter opens a session of the administrator and gives its cookie.
func (d *desk) enter() *http.Cookie {
	d.t.Helper()
	a := d.get(d.site.AdminLink())
	if a.StatusCode != http.StatusSeeOther || len(a.Cookies()) != 1 {
		d.t.Fatalf("the one-time link gives %d and %d cookies", a.StatusCode, len(a.Cookies()))
	}
	return a.Cookies()[0]
}

func (d *desk) post(cookie *http.Cookie, path string, form url.Values) answer {
	d.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != nil {
		r.AddCookie(cookie)
	}
	return d.do(r)
}

// find gives the elements of a name that have all of some attributes, each
// "key=value", or "key" for any value; a class is one of the element's classes.
func find(n *html.Node, name string, want ...string) (out []*html.Node) {
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type != html.ElementNode || (name != "" && d.Data != name) {
			continue
		}
		ok := true
		for _, w := range want {
			k, v, hasValue := strings.Cut(w, "=")
			got, has := attrOf(d, k)
			switch {
			case !has:
				ok = false
			case k == "class" && hasValue:
				ok = ok && strings.Contains(" "+got+" ", " "+v+" ")
			case hasValue:
				ok = ok && got == v
			}
		}
		if ok {
			out = append(out, d)
		}
	}
	return out
}

func attrOf(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, key string) string {
	v, _ := attrOf(n, key)
	return v
}

// words is the text of an element, white space collapsed, without what only
// those hear who listen to the page.
func textOf(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && attr(n, "class") == "sr" {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func texts(nodes []*html.Node) (out []string) {
	for _, n := range nodes {
		out = append(out, textOf(n))
	}
	return out
}
