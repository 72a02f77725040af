package web

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	_ "modernc.org/sqlite"
)

// TestPayloadsAreInert: on every page, what others wrote is text.
func TestPayloadsAreInert(t *testing.T) {
	d := filled(t, nil).harbour()
	d.must(addWatched(d))
	cookie := d.enter()
	paths := []string{"/admin", "/admin/ignores", "/admin/ignores?source=" + url.QueryEscape(hostile("s")), "/admin/requests/1", "/sources/bad", "/versions/search?q=" + url.QueryEscape(hostile("q")),
		"/lookup?url=" + url.QueryEscape(hostile("https://x.example.org/")), "/" + url.PathEscape(hostile("nowhere")),
		d.path("/articles/%d", "hostile"), d.path("/articles/%d/versions/0", "hostile"), d.path("/articles/%d/versions/1", "hostile"),
		d.path("/articles/%d/diff/0/1?view=split", "hostile"), d.path("/articles/%d/diff/0/1?view=plain", "hostile")}
	for _, p := range append(pageTypes(d), harbourPages(d)...) {
		paths = append(paths, p.path)
	}
	for _, p := range paths {
		r := httptest.NewRequest("GET", p, nil)
		r.AddCookie(cookie)
		a := d.do(r)
		if a.doc == nil || a.StatusCode == 500 {
			t.Errorf("%s = %d, no page", p, a.StatusCode)
			continue
		}
		for n := range a.doc.Descendants() {
			if n.Type == html.ElementNode {
				checkElement(t, p, n)
			}
		}
	}
}

// checkElement: our pages have few kinds of element, one script, and no
// attribute that runs or loads anything of others.
func checkElement(t *testing.T, page string, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "script":
		if src := attr(n, "src"); !strings.HasPrefix(src, "/static/stet.js?v=") || n.FirstChild != nil {
			t.Errorf("%s: a script: %q", page, src)
		}
	case "svg":
		if attr(n, "class") != "spark" {
			t.Errorf("%s: a payload became <svg>", page)
		}
	case "img", "iframe", "object", "embed", "style", "evil", "base", "video", "audio", "math":
		t.Errorf("%s: a payload became <%s>", page, n.Data)
	}
	for _, a := range n.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcset":
			t.Errorf("%s: <%s %s=%q>", page, n.Data, a.Key, a.Val)
		case a.Key == "href", a.Key == "src", a.Key == "action":
			u, err := url.Parse(a.Val)
			if err != nil || (u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https") {
				t.Errorf("%s: <%s %s=%q>", page, n.Data, a.Key, a.Val)
			}
		}
	}
}

// TestHeaders: every answer has them, whatever it is.
func TestHeaders(t *testing.T) {
	d := reading(t)
	for _, p := range []string{"/", "/nowhere", "/versions.rss", "/versions.csv", "/static/stet.css", "/health/check", "/admin", "/articles/999/diff/0/1", "//articles", "/articles/"} {
		h := d.get(p).Header
		for k, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if h.Get(k) != want {
				t.Errorf("%s: %s is %q", p, k, h.Get(k))
			}
		}
		if h.Get("Permissions-Policy") == "" || (h.Get("Content-Type") == "" && h.Get("Location") == "") {
			t.Errorf("%s: %v", p, h)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Error("the policy lets something of others in")
	}
}

// TestNoUnescapedTypes: no text is declared safe by hand.
func TestNoUnescapedTypes(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	banned := regexp.MustCompile(`template\.(HTML|JS|JSStr|URL|CSS|HTMLAttr|Srcset)\b`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if m := banned.Find(src); m != nil {
			t.Errorf("%s uses %s", f, m)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f, src, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			if i.Path.Value == `"text/template"` || i.Path.Value == `"unsafe"` {
				t.Errorf("%s imports %s", f, i.Path.Value)
			}
		}
	}
	if !banned.MatchString("template.HTML(x)") {
		t.Error("the test finds nothing")
	}
}

// dump is all that the database holds, table by table.
func dump(t *testing.T, d *desk) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.dir, "stet.db")+"?mode=ro")
	d.must(err)
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'article_search%' ORDER BY name`)
	d.must(err)
	var tables []string
	for rows.Next() {
		var name string
		d.must(rows.Scan(&name))
		tables = append(tables, name)
	}
	d.must(rows.Err())
	var out bytes.Buffer
	for _, table := range tables {
		dumpTable(d, db, table, &out)
	}
	return out.String()
}

func dumpTable(d *desk, db *sql.DB, table string, out *bytes.Buffer) {
	d.t.Helper()
	rows, err := db.Query(`SELECT * FROM "` + table + `"`)
	d.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	d.must(err)
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		d.must(rows.Scan(values...))
		fmt.Fprint(out, table)
		for _, v := range values {
			fmt.Fprintf(out, "|%v", *v.(*any))
		}
		fmt.Fprintln(out)
	}
	d.must(rows.Err())
}

// TestNothingChangesWithoutSession walks every route, with every method, spelt
// in odd ways, without a session: nothing kept may change.
func TestNothingChangesWithoutSession(t *testing.T) {
	d := filled(t, nil).harbour()
	d.must(addWatched(d))
	sub := subscribed(d)
	before := dump(t, d)
	if !strings.Contains(before, "gazette.example.org") || !strings.Contains(before, "/sport/|<b>") {
		t.Fatal("the dump does not show what is kept")
	}
	form := url.Values{"url": {"https://new.example.org/"}, "pattern": {"x"}, "field": {"url"}, "article": {"1"}, "reason": {"r"}, "name": {"n"},
		"mode": {"dom"}, "do": {"save"}, "tried": {ignoreForm{Pattern: "x"}.name()}}
	methods := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "POST\x00"[:4]}
	fill := strings.NewReplacer("{id}", "1", "{number}", "0", "{older}", "0", "{newer}", "1", "{key}", "courier", "{name}", "stet.css", "{$}", "", "{token}", sub.Token)
	asked := 0
	for _, rt := range d.site.routes() {
		_, pattern, _ := strings.Cut(rt.pattern, " ")
		p := fill.Replace(pattern)
		for _, odd := range []string{p, p + "/", "/" + p, p + "?x=1", strings.ToUpper(p), p + "/.", strings.Replace(p, "admin", "%61dmin", 1), p + "?token=guess", "/." + p, "/x/.." + p} {
			for _, m := range methods {
				r := httptest.NewRequest(m, "/", strings.NewReader(form.Encode()))
				u, err := url.ParseRequestURI(odd)
				if err != nil {
					continue
				}
				r.URL = u
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.AddCookie(&http.Cookie{Name: "stet", Value: "guess"})
				if a := d.do(r); a.StatusCode == 500 {
					t.Errorf("%s %s = 500", m, odd)
				} else if rt.role == admin && strings.HasPrefix(rt.pattern, m+" ") && odd == p && a.StatusCode != 403 {
					t.Errorf("%s %s without a session = %d, want 403", m, odd, a.StatusCode)
				}
				asked++
			}
		}
	}
	if after := dump(t, d); after != before {
		t.Error("something changed")
	}
	if asked < 4000 {
		t.Errorf("only %d requests", asked)
	}
}

// TestGetChangesNothing: not even for the administrator.
func TestGetChangesNothing(t *testing.T) {
	d := filled(t, nil).harbour()
	d.must(addWatched(d))
	sub := subscribed(d)
	cookie, before := d.enter(), dump(t, d)
	fill := strings.NewReplacer("{id}", "1", "{number}", "0", "{older}", "0", "{newer}", "1", "{key}", "courier", "{name}", "stet.css", "{$}", "", "{token}", sub.Token)
	for _, rt := range d.site.routes() {
		_, pattern, _ := strings.Cut(rt.pattern, " ")
		for _, m := range []string{"GET", "HEAD"} {
			r := httptest.NewRequest(m, fill.Replace(pattern)+"?url=https://new.example.org/&pattern=x&field=url&article=1&reason=r", nil)
			r.AddCookie(cookie)
			if a := d.do(r); a.StatusCode == 500 {
				t.Errorf("%s %s = 500", m, pattern)
			}
		}
	}
	if dump(t, d) != before {
		t.Error("a GET changed something")
	}
}

func TestProblems(t *testing.T) {
	d := filled(t, nil)
	for p, want := range map[string]int{"/nowhere": 404, "/versions/0": 404, "/versions/abc": 404, "/articles/999": 404, "/articles/1x": 404,
		"/sources/none": 404, "/static/none.css": 404, "/static/../web.go": 404, "/articles/18446744073709551616": 404, "/articles/%00": 404, "/versions.xml": 404} {
		a := d.get(p)
		for a.StatusCode == 301 || a.StatusCode == 307 {
			a = d.get(a.Header.Get("Location"))
		}
		if a.StatusCode != want {
			t.Errorf("%s = %d, want %d", p, a.StatusCode, want)
		} else if a.doc == nil || len(find(a.doc, "a", "href=/")) == 0 {
			t.Errorf("%s does not say where to go", p)
		}
	}
	if a := d.post(nil, "/articles", url.Values{}); a.StatusCode != 405 {
		t.Errorf("POST /articles = %d, want 405", a.StatusCode)
	}
	d.must(d.store.Close())
	for _, p := range []string{"/", "/articles", "/versions.rss", "/sources"} {
		if a := d.get(p); a.StatusCode != 500 || !strings.Contains(a.body, "Something went wrong here") || strings.Contains(a.body, "sql") {
			t.Errorf("%s over a broken store = %d", p, a.StatusCode)
		}
	}
	if a := d.get("/health/check"); a.StatusCode != 503 {
		t.Errorf("/health/check over a broken store = %d, want 503", a.StatusCode)
	}
	if a := d.get("/livez"); a.StatusCode != 200 {
		t.Errorf("/livez over a broken store = %d, want 200", a.StatusCode)
	}
}

func TestPanicBecomesPage(t *testing.T) {
	d := newDesk(t, nil)
	h := d.site.outer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") }))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != 500 || !strings.Contains(rec.Body.String(), "Something went wrong here") {
		t.Errorf("a panic = %d %.100s", rec.Code, rec.Body)
	}
}

// TestOldAddresses: F11, K13, and K9, K10.
func TestOldAddresses(t *testing.T) {
	d := filled(t, nil)
	for from, to := range map[string]string{
		"/news_articles": "/articles", "/news_articles?page=3": "/articles?page=3", "/news_articles/list": "/articles", "/news_articles/show/5": "/articles/5",
		"/articles/show/5": "/articles/5", "/versions/show/7": "/versions/7", "/versions/list": "/versions", "/blog/": "/about", "/blog/about": "/about",
		"/articles/": "/articles", "/versions/search/": "/versions/search", "/sources/?a=b": "/sources?a=b",
	} {
		if a := d.get(from); a.StatusCode != 301 || a.Header.Get("Location") != to {
			t.Errorf("%s = %d %s, want 301 %s", from, a.StatusCode, a.Header.Get("Location"), to)
		}
	}
	for _, p := range []string{"/versions/show/x", "/news_articles/show/0", "/versions/show/12345678901234567890"} {
		if a := d.get(p); a.StatusCode != 404 {
			t.Errorf("%s = %d, want 404", p, a.StatusCode)
		}
	}
	for _, p := range []string{"/health/check", "/readyz", "/livez"} {
		if a := d.page(p); strings.TrimSpace(a.body) != "OK" {
			t.Errorf("%s says %q", p, a.body)
		}
	}
	if a := d.page("/news_articles/health"); !strings.HasPrefix(a.body, `["WARNING",{`) || !strings.Contains(a.body, `"bad":1`) || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("/news_articles/health says %s", a.body)
	}
	if a := d.page("/robots.txt"); !strings.Contains(a.body, "User-agent: *\nDisallow: /admin") {
		t.Errorf("robots.txt: %s", a.body)
	}
}

// TestNewsArticlesHealth: K10 at its edge.
func TestNewsArticlesHealth(t *testing.T) {
	d := newDesk(t, nil)
	src := d.source("courier", "The Lessing Courier")
	for i := range healthyArticles {
		if a := d.page("/news_articles/health"); i > 0 && a.body != fmt.Sprintf(`["WARNING",{"courier":%d}]`, i) {
			t.Errorf("with %d articles: %s", i, a.body)
		}
		d.tell(fmt.Sprint("first", i), src, bridge()[:1], time.Minute)
	}
	if a := d.page("/news_articles/health"); a.body != `["OK",{"courier":5}]` {
		t.Errorf("with enough articles: %s", a.body)
	}
}

func TestStatics(t *testing.T) {
	d := reading(t)
	for name, limit := range map[string]int{"stet.css": 12 << 10, "stet.js": 4 << 10, "icon.svg": 1 << 10} {
		f := d.site.statics[name]
		if n := len(f.body); n == 0 || n > limit {
			t.Errorf("%s has %d bytes, at most %d are allowed", name, n, limit)
		}
		if a := d.page(f.URL); !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || a.body != string(f.body) {
			t.Errorf("%s: %v", f.URL, a.Header)
		}
		if a := d.page("/static/" + name); strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s without its digest is kept for ever", name)
		}
	}
}

// TestSlowRequest: what takes longer than HandlerTimeout is told so.
func TestSlowRequest(t *testing.T) {
	d := newDesk(t, nil)
	rec := httptest.NewRecorder()
	d.site.outer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		end, ok := r.Context().Deadline()
		if left := time.Until(end); !ok || left > HandlerTimeout || HandlerTimeout >= WriteTimeout {
			t.Errorf("a handler has %v", left)
		}
		d.site.fail(w, r, fmt.Errorf("search: %w", context.DeadlineExceeded))
	})).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != 503 || !strings.Contains(rec.Body.String(), "took too long") {
		t.Errorf("a slow request = %d", rec.Code)
	}
}
