package newsroom

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestServesEveryTruth asks for each article at the time of each truth, in the
// middle of it, and just before it.
func TestServesEveryTruth(t *testing.T) {
	p, c := clockPaper(t)
	for _, truth := range p.Truths() {
		a := p.byPath[truth.Path]
		if a == nil {
			continue
		}
		for _, d := range []time.Duration{-time.Second, 0, 50 * time.Minute} {
			c.Time = truth.At.Add(d)
			checkServed(t, p, a)
		}
	}
}

// checkServed compares what is served now with what the script says.
func checkServed(t *testing.T, p *Paper, a *article) {
	t.Helper()
	s, isPublished := a.at(p.since())
	w := get(p, s.path)
	want := map[kind]int{gone410: 410, goneHome: 302, missing: 404, broken: 500, busy: 429}[s.end+s.trouble]
	switch {
	case !isPublished:
		want = 404
	case want == 0:
		want = 200
	}
	if w.Code != want {
		t.Fatalf("%s at %v: status %d, want %d", s.path, p.since(), w.Code, want)
	}
	if (s.trouble == cut) == whole(w) {
		t.Errorf("%s at %v: whole %t", s.path, p.since(), whole(w))
	}
	if w.Code == 302 || s.trouble == cut {
		return
	}
	checkBalance(t, w.Body.Bytes())
	r := read(t, w)
	truth := Truth{Headline: s.text.headline, Standfirst: s.text.standfirst, Paragraphs: s.text.lines()}
	if isPublished && s.trouble == "" && s.end == "" != r.shows(truth) {
		t.Errorf("%s at %v: page shows %+v, want %+v", s.path, p.since(), r, truth)
	}
	if s.trouble == paywall && (!r.wall || len(r.lines) != 1) {
		t.Errorf("%s at %v: wall %t, %d lines", s.path, p.since(), r.wall, len(r.lines))
	}
}

func TestTroublePages(t *testing.T) {
	for _, tc := range []struct {
		kind kind
		want string
	}{
		{soft404, "<h1>Page not found</h1>"},
		{consent, "Accept all"},
		{captcha, "not a robot"},
		{paywall, `"isAccessibleForFree":false`},
		{broken, "Internal Server Error"},
		{busy, "Too Many Requests"},
	} {
		p, c := clockPaper(t)
		for _, a := range p.articles {
			for _, m := range a.moments {
				if m.kind != tc.kind {
					continue
				}
				c.set(m.at)
				w := get(p, a.path)
				if !strings.Contains(w.Body.String(), tc.want) {
					t.Errorf("%s: no %q", tc.kind, tc.want)
				}
				if got := w.Header().Get("Retry-After"); (tc.kind == busy) != (got == "600") {
					t.Errorf("%s: Retry-After %q", tc.kind, got)
				}
				c.set(m.until)
				if _, ok := article200(t, get(p, a.path)); !ok {
					t.Errorf("%s: still in trouble when it ends", tc.kind)
				}
			}
		}
	}
}

// TestFurnitureDiffers: two requests at one time get two pages and one text,
// in both templates.
func TestFurnitureDiffers(t *testing.T) {
	p, c := clockPaper(t)
	for _, d := range []time.Duration{13 * time.Hour, redesignAt - time.Second, redesignAt, day} {
		c.set(d)
		for _, a := range p.articles {
			s, isPublished := a.at(d)
			if !isPublished || s.end != "" || s.trouble != "" {
				continue
			}
			one, two := get(p, s.path), get(p, s.path)
			if bytes.Equal(one.Body.Bytes(), two.Body.Bytes()) {
				t.Errorf("%s at %v: the same page twice", s.path, d)
			}
			r1, r2 := read(t, one), read(t, two)
			if !slices.Equal(r1.lines, r2.lines) || r1.headline != r2.headline {
				t.Errorf("%s at %v: the text differs", s.path, d)
			}
		}
	}
}

// TestDeterminism: equal time and number of requests give equal bytes.
func TestDeterminism(t *testing.T) {
	one, c1 := clockPaper(t)
	two, c2 := clockPaper(t)
	for d := time.Duration(0); d <= day; d += 97 * time.Minute {
		c1.set(d)
		c2.set(d)
		for _, path := range append([]string{one.Home(), "/town/", one.articles[0].path}, one.Feeds()...) {
			if a, b := get(one, path), get(two, path); a.Code != b.Code || !bytes.Equal(a.Body.Bytes(), b.Body.Bytes()) {
				t.Fatalf("%s at %v differs", path, d)
			}
		}
	}
}

func TestRedesign(t *testing.T) {
	p, c := clockPaper(t)
	const path = "/opinion/in-praise-of-public-benches"
	c.set(redesignAt - 1)
	before := get(p, path)
	c.set(redesignAt)
	after := get(p, path)
	if !strings.Contains(before.Body.String(), `<body class="morning">`) || !strings.Contains(after.Body.String(), `<body class="evening">`) {
		t.Error("the template does not change at the hour of the redesign")
	}
	if a, b := read(t, before), read(t, after); a.headline != b.headline || !slices.Equal(a.lines, b.lines) {
		t.Error("the text changes with the template")
	}
}

func TestMovedArticle(t *testing.T) {
	p, c := clockPaper(t)
	const old, new = "/culture/choir-sings-in-the-dry-dock", "/culture/dry-dock-choir"
	if w := get(p, new); w.Code != 404 {
		t.Errorf("new path before the move: %d", w.Code)
	}
	before := read(t, get(p, old))
	c.set(6 * time.Hour)
	if w := get(p, old); w.Code != 301 || w.Header().Get("Location") != "http://lantern.example"+new {
		t.Errorf("old path after the move: %d %q", w.Code, w.Header().Get("Location"))
	}
	w := get(p, new)
	if after := read(t, w); !slices.Equal(before.lines, after.lines) {
		t.Error("the text changes with the path")
	}
	if !strings.Contains(w.Body.String(), `<link rel="canonical" href="http://lantern.example`+new+`">`) {
		t.Error("the canonical link does not name the new path")
	}
}

func TestValidators(t *testing.T) {
	p, c := clockPaper(t)
	const path = "/town/swing-bridge-toll-plan"
	for _, path := range append(p.Feeds(), path, "/assets/paper.css") {
		etag := get(p, path).Header().Get("ETag")
		if etag == "" {
			t.Fatalf("%s: no ETag", path)
		}
		if w := get(p, path, "If-None-Match", `"x", `+etag); w.Code != 304 || w.Body.Len() > 0 {
			t.Errorf("%s: %d with %d bytes, want 304", path, w.Code, w.Body.Len())
		}
		if w := get(p, path, "If-None-Match", `"x"`); w.Code != 200 {
			t.Errorf("%s: %d for another ETag", path, w.Code)
		}
	}
	etag := get(p, path).Header().Get("ETag")
	c.set(4*time.Hour - 1)
	if w := get(p, path, "If-None-Match", etag); w.Code != 304 {
		t.Errorf("just before the edit: %d", w.Code)
	}
	c.set(4 * time.Hour)
	if w := get(p, path, "If-None-Match", etag); w.Code != 200 {
		t.Errorf("after the edit: %d", w.Code)
	}
}

func TestEncodings(t *testing.T) {
	p, _ := clockPaper(t)
	w := get(p, "/town/budget-vote-library-stays-open", "Accept-Encoding", "gzip, br")
	z, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("not gzip: %v", err)
	}
	if page, err := io.ReadAll(z); err != nil || !bytes.Contains(page, []byte("</html>")) {
		t.Errorf("gzip page: %v", err)
	}
	w = get(p, "/business/herring-price-at-quay")
	if ct := w.Header().Get("Content-Type"); ct != "text/html; charset=windows-1252" {
		t.Errorf("content type %q", ct)
	}
	for _, want := range []string{"\x8061", "\x93and nobody", "Th\xe9odora", "people\x92s", "<meta charset=\"windows-1252\">"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no bytes %q in the page", want)
		}
	}
}

func TestSlowArticleWaits(t *testing.T) {
	var waits []time.Duration
	p := New(Options{Start: start, Now: func() time.Time { return start }, Slow: func(d time.Duration) { waits = append(waits, d) }})
	get(p, "/science/observatory-finds-wandering-comet")
	get(p, "/town/swing-bridge-toll-plan")
	if !slices.Equal(waits, []time.Duration{slowWait}) {
		t.Errorf("waits %v", waits)
	}
}

// TestLinks follows every link of the front page, the sections and an article.
func TestLinks(t *testing.T) {
	p, c := clockPaper(t)
	href := regexp.MustCompile(`(?:href|src|action)="(?:http://lantern\.example)?(/[^"]*)"`)
	for _, d := range []time.Duration{0, redesignAt, day} {
		c.set(d)
		seen := map[string]bool{}
		for _, path := range []string{"/", "/harbour/", "/opinion/", "/opinion/in-praise-of-public-benches", "/about", "/nowhere"} {
			w := get(p, path)
			checkBalance(t, w.Body.Bytes())
			for _, m := range href.FindAllStringSubmatch(w.Body.String(), -1) {
				if !seen[m[1]] && get(p, m[1]).Code == 404 {
					t.Errorf("%s at %v leads to %s, which is not there", path, d, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

func TestMethodsAndUnknownPaths(t *testing.T) {
	p, _ := clockPaper(t)
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequest("POST", "http://lantern.example/", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", w.Code)
	}
	for _, path := range []string{"/nowhere", "/assets/", "/assets/furniture.txt", "/assets/../newsroom.go", "/harbour"} {
		if w := get(p, path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestOverTheNetwork asks a real server: a body cut short must be an error to
// the client, and HEAD must have no body.
func TestOverTheNetwork(t *testing.T) {
	p, c := clockPaper(t)
	c.set(9 * time.Hour)
	server := httptest.NewServer(p.Handler())
	defer server.Close()
	resp, err := http.Get(server.URL + "/town/sea-wall-survey")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("body cut short: %v", err)
	}
	resp, err = http.Head(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || resp.ContentLength <= 0 {
		t.Errorf("HEAD: %d, %d bytes promised", resp.StatusCode, resp.ContentLength)
	}
}

// TestFeeds reads each feed all day: it parses, its links lead to articles of
// the paper or to where they were, and it grows.
func TestFeeds(t *testing.T) {
	p, c := clockPaper(t)
	links := map[string]func([]byte) ([]string, error){
		pathRSS:     xmlLinks("link"),
		pathAtom:    xmlLinks("href"),
		pathSitemap: xmlLinks("loc"),
		pathJSON: func(doc []byte) (out []string, err error) {
			var f struct{ Items []struct{ URL string } }
			err = json.Unmarshal(doc, &f)
			for _, it := range f.Items {
				out = append(out, it.URL)
			}
			return out, err
		},
	}
	names := map[string]string{pathRSS: "rss", pathAtom: "atom", pathJSON: "json", pathSitemap: "sitemap"}
	for _, feed := range p.Feeds() {
		last := 0
		name := names[feed]
		for d := time.Duration(0); d <= day; d += time.Hour {
			c.set(d)
			found, err := links[feed](get(p, feed).Body.Bytes())
			if err != nil {
				t.Fatalf("%s at %v: %v", feed, d, err)
			}
			n := 0
			for _, l := range found {
				u, err := url.Parse(l)
				if err != nil || u.Host != "lantern.example" {
					t.Errorf("%s: link %q", feed, l)
				} else if p.byPath[u.Path] != nil {
					n++
				}
			}
			if n < last || n != len(p.entries(name, d)) {
				t.Errorf("%s at %v: %d entries, before %d", feed, d, n, last)
			}
			last = n
		}
	}
	if w := get(p, pathRobots); !strings.Contains(w.Body.String(), "Sitemap: http://lantern.example"+pathSitemap) {
		t.Errorf("robots.txt: %s", w.Body)
	}
}

// xmlLinks collects the text of elements, or the values of attributes, of that
// local name.
func xmlLinks(name string) func([]byte) ([]string, error) {
	return func(doc []byte) (out []string, err error) {
		d := xml.NewDecoder(bytes.NewReader(doc))
		in := false
		for {
			tok, err := d.Token()
			if err == io.EOF {
				return out, nil
			} else if err != nil {
				return nil, err
			}
			switch tok := tok.(type) {
			case xml.StartElement:
				in = tok.Name.Local == name
				for _, a := range tok.Attr {
					if a.Name.Local == name {
						out = append(out, a.Value)
					}
				}
			case xml.CharData:
				if in {
					out = append(out, string(tok))
				}
				in = false
			case xml.EndElement:
				in = false
			}
		}
	}
}

// TestUpdatedMoves: an announced edit moves the entry's time, another does not.
func TestUpdatedMoves(t *testing.T) {
	p, c := clockPaper(t)
	c.set(2*time.Hour + 29*time.Minute)
	atom := get(p, pathAtom).Body.String()
	quake := "<updated>" + start.Add(time.Hour).Format(time.RFC3339)
	if !strings.Contains(atom, quake) {
		t.Error("no entry with the time of publication")
	}
	c.set(2*time.Hour + 30*time.Minute)
	if !strings.Contains(get(p, pathAtom).Body.String(), "<updated>"+c.Format(time.RFC3339)) {
		t.Error("an announced edit does not move the entry's time")
	}
	if !strings.Contains(get(p, pathSitemap).Body.String(), "<lastmod>"+c.Format(time.RFC3339)) {
		t.Error("an announced edit has no lastmod")
	}
	c.set(4 * time.Hour) // the headline of the bridge is softened: in RSS only, not announced
	if !strings.Contains(get(p, pathRSS).Body.String(), "Council to squeeze drivers") {
		t.Error("the feed tells an edit that is not announced")
	}
}

// TestStructuredData: JSON-LD is JSON on all pages but the one that breaks it.
func TestStructuredData(t *testing.T) {
	p, c := clockPaper(t)
	c.set(13 * time.Hour)
	script := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)
	for _, a := range p.articles {
		s, isPublished := a.at(13 * time.Hour)
		if !isPublished || s.end != "" || s.trouble != "" {
			continue
		}
		m := script.FindSubmatch(get(p, s.path).Body.Bytes())
		if wanted := !a.has("plain") && slices.ContainsFunc(a.markup, func(m string) bool {
			return slices.Contains([]string{"jsonld", "body", "badjson", "live"}, m)
		}); wanted != (m != nil) {
			t.Errorf("%s: JSON-LD %t, want %t", a.path, m != nil, wanted)
		}
		if m == nil {
			continue
		}
		var data struct {
			Headline, ArticleBody string
			LiveBlogUpdate        []struct{ Headline, ArticleBody string }
		}
		err := json.Unmarshal(m[1], &data)
		switch {
		case a.has("badjson") != (err != nil):
			t.Errorf("%s: JSON-LD: %v", a.path, err)
		case err == nil && data.Headline != s.text.headline:
			t.Errorf("%s: JSON-LD headline %q", a.path, data.Headline)
		case a.has("body") && data.ArticleBody != strings.Join(s.text.lines(), "\n\n"):
			t.Errorf("%s: JSON-LD body %q", a.path, data.ArticleBody)
		case a.has("live") && (len(data.LiveBlogUpdate) != 7 || data.LiveBlogUpdate[0].ArticleBody == ""):
			t.Errorf("%s: %d live-blog posts", a.path, len(data.LiveBlogUpdate))
		}
	}
}
