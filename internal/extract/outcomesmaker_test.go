package extract

import (
	"fmt"
	"hash/fnv"
	"html"
	"math/rand/v2"
	"strings"
	"testing"

	"stet/internal/news"
)

// A maker builds pages of the labelled set from wordings: the same pages each
// time, no two alike.
type maker struct {
	stories []wording
	sites   map[string]wording
	offers  []wording           // of subscriptions
	pool    map[string][]string // sentences of all stories, by language
}

func newMaker(t testing.TB) *maker {
	m := &maker{sites: map[string]wording{}, pool: map[string][]string{}}
	for _, w := range wordings(t, "articles.txt") {
		if w.class == "site" {
			m.sites[w.language] = w
			continue
		}
		m.stories = append(m.stories, w)
		if w.class == "story" {
			m.pool[w.language] = append(m.pool[w.language], w.texts(2)...)
		}
	}
	for _, w := range wordings(t, "notices.txt") {
		if w.class == "paywall" {
			m.offers = append(m.offers, w)
		}
	}
	return m
}

// A sheet is a page under construction.
type sheet struct {
	*rand.Rand
	m        *maker
	language string
	layout   int // of the site, see layouts
	site     string
	title    string
	head     string
	main     string // inner HTML of the part that the page is about
	aside    string // beside or below it
	banner   string // over everything
	cls      string // body class
}

const layouts = 4

func (m *maker) sheet(name, language string, layout int) *sheet {
	h := fnv.New64a()
	h.Write([]byte(name))
	s := &sheet{Rand: rand.New(rand.NewPCG(h.Sum64(), 7)), m: m, language: language, layout: layout % layouts}
	s.site = [...]string{"The Fjord Post", "Nyby Tidende", "Brenning Herald", "Oldharbour Today"}[s.IntN(4)]
	return s
}

func (s *sheet) words(i int) string {
	w, ok := s.m.sites[s.language]
	if !ok {
		w = s.m.sites["en"]
	}
	return w.field(i)
}

func (s *sheet) nav() string {
	var b strings.Builder
	for i, w := range strings.Split(s.words(0), "; ") {
		fmt.Fprintf(&b, `<li><a href="/s/%d">%s</a></li>`, i, w)
	}
	return "<ul>" + b.String() + "</ul>"
}

// sentence is one of the language's sentences; words is its beginning.
func (s *sheet) sentence() string {
	pool := s.m.pool[s.language]
	if len(pool) == 0 {
		pool = s.m.pool["en"]
	}
	return pool[s.IntN(len(pool))]
}

func (s *sheet) caption() string {
	text := strings.Trim(s.sentence(), "“”«»„「」\"")
	if r := []rune(text); len(r) > 2*len(strings.Fields(text))*6 { // no spaces
		return string(r[:min(16, len(r))])
	}
	f := strings.Fields(text)
	return strings.Trim(strings.Join(f[:min(len(f), 6+s.IntN(4))], " "), ",.:")
}

// teasers are links to other stories, in one of the ways sites show them.
func (s *sheet) teasers(n, style int) string {
	var b strings.Builder
	for i := range n {
		link := fmt.Sprintf(`<a href="/n/%d">%s</a>`, s.IntN(9000), s.caption())
		switch style % 4 {
		case 0:
			fmt.Fprintf(&b, "<li>%s</li>", link)
		case 1:
			fmt.Fprintf(&b, `<div class="card"><h3>%s</h3><p>%s</p></div>`, link, s.sentence())
		case 2:
			fmt.Fprintf(&b, `<article class="item-%d"><h2>%s</h2><p>%s</p><time>12:0%d</time></article>`, i, link, s.caption(), i%10)
		default:
			fmt.Fprintf(&b, `<div class="x%d"><div class="y">%s</div><div class="z">%s</div></div>`, s.IntN(99), link, s.sentence())
		}
	}
	if style%4 == 0 {
		return "<ul>" + b.String() + "</ul>"
	}
	return b.String()
}

func (s *sheet) related(n, style int) string {
	box := [...]string{`<section class="related"><h2>%s</h2>%s</section>`, `<div><h3>%s</h3>%s</div>`, `<aside><h2>%s</h2>%s</aside>`}[s.IntN(3)]
	return fmt.Sprintf(box, s.words(2), s.teasers(n, style))
}

func (s *sheet) cookieBanner() string {
	shape := [...]string{`<div id="cookie-banner" class="cookie-banner"><p>%s</p><button>OK</button></div>`, `<div role="dialog" class="q9"><p>%s</p><a href="/c">OK</a></div>`}[s.IntN(2)]
	return fmt.Sprintf(shape, s.words(3))
}

func (s *sheet) search() string {
	return fmt.Sprintf(`<form action="/search"><label>%s</label><input name="q"><button>%s</button></form>`, s.words(1), s.words(1))
}

// page puts the sheet into its layout.
func (s *sheet) page() []byte {
	head := fmt.Sprintf(`<!DOCTYPE html><html lang="%s"><head><meta charset="utf-8"><title>%s</title>%s</head>`, s.language, html.EscapeString(s.title), s.head)
	shape := [layouts]string{
		`<body class="%[6]s">%[5]s<header><nav>%[1]s</nav></header><main>%[2]s</main><aside>%[3]s</aside><footer><p>© %[7]s. %[4]s</p></footer></body></html>`,
		`<body class="wp %[6]s"><div id="page"><div class="site-header"><div class="menu">%[1]s</div></div><div id="content"><div class="entry-content">%[2]s</div>%[3]s</div><div class="site-footer">%[7]s %[4]s</div></div>%[5]s</body></html>`,
		`<body bgcolor="#ffffff"><table><tr><td colspan=2><b>%[7]s</b></td></tr><tr><td>%[1]s</td><td>%[2]s</td></tr></table>%[3]s<p><small>%[4]s</small></p>%[5]s</body></html>`,
		`<body>%[5]s<div class="a1"><div class="b2">%[1]s</div><div class="c3">%[2]s</div><div class="d4">%[3]s</div><div class="e5">%[7]s. %[4]s</div></div></body></html>`,
	}[s.layout]
	return []byte(head + fmt.Sprintf(shape, s.nav(), s.main, s.aside, s.words(4), s.banner, s.cls, s.site))
}

// bare is the page without the site around it.
func (s *sheet) bare() []byte {
	return fmt.Appendf(nil, `<!DOCTYPE html><html lang="%s"><head><meta charset="utf-8"><title>%s</title>%s</head><body><div class="box">%s</div>%s</body></html>`,
		s.language, html.EscapeString(s.title), s.head, s.main, s.aside)
}

func paragraphs(texts []string) string {
	var b strings.Builder
	for _, t := range texts {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(t))
	}
	return b.String()
}

// noticeWants are the outcomes of the classes of notices.txt.
var noticeWants = map[string][]news.Outcome{
	"missing":     {news.Soft404},
	"gone":        {news.Soft404, news.Gone},
	"consent":     {news.Consent},
	"login":       {news.Blocked},
	"paywall":     {news.Paywall},
	"captcha":     {news.Blocked},
	"denied":      {news.Blocked},
	"geo":         {news.Blocked},
	"maintenance": {news.Failed},
	"shell":       {news.NotArticle},
	"redirect":    {news.NotArticle, news.Moved},
}

// variants is how many pages are made of one wording.
const variants = 3

// notices are the pages of one wording: bare, within the site, and within the
// site with more around it.
func (m *maker) notices(w wording) []outcomeCase {
	var out []outcomeCase
	for v := range variants {
		name := fmt.Sprintf("%s/%s/%s/%d/%s", w.class, w.language, w.half, v, w.field(1))
		s := m.sheet(name, w.language, 0)
		s.layout = s.IntN(layouts)
		body := s.notice(w, v)
		if body == nil {
			continue
		}
		out = append(out, outcomeCase{w.class, w.language, w.half, name, answer(body), noticeWants[w.class]})
	}
	return out
}

func (s *sheet) notice(w wording, v int) []byte {
	fill := strings.NewReplacer("{site}", s.site, "{host}", "www.example.org")
	s.title = fill.Replace(w.field(0))
	if h := fill.Replace(w.field(1)); h != "" {
		s.main = fmt.Sprintf([...]string{"<h1>%s</h1>", `<h2 class="t">%s</h2>`, "<h1><span>%s</span></h1>"}[s.IntN(3)], html.EscapeString(h))
	}
	s.main += fill.Replace(paragraphs(w.texts(2)))
	switch w.class {
	case "missing", "gone":
		return s.emptyHanded(v)
	case "shell":
		return s.shell(w, v)
	case "redirect":
		s.head += `<meta http-equiv="refresh" content="1; url=/n/4711">`
		s.main += `<a href="/n/4711">http://www.example.org/n/4711</a>`
	case "login":
		s.main += [...]string{`<form><input type="email"><input type="password"></form>`, `<form><input type="email" name="login"><button>OK</button></form>`}[v%2]
	case "consent":
		s.main = `<div class="` + [...]string{"modal", "cmp", "k7"}[v] + `">` + s.main + "<button>OK</button></div>"
	case "captcha":
		s.main += [...]string{`<div class="g-recaptcha"></div>`, `<img src="/captcha.png"><input name="code">`, ""}[s.IntN(3)]
	}
	if v == 0 || v == 1 && (w.class == "captcha" || w.class == "denied" || w.class == "redirect") {
		return s.bare()
	}
	if w.class == "redirect" {
		return nil
	}
	if v == 2 && (w.class == "geo" || w.class == "paywall" || w.class == "login") {
		s.banner = s.cookieBanner()
	}
	return s.page()
}

// emptyHanded is a page that has not what was asked for: the more it has else.
func (s *sheet) emptyHanded(v int) []byte {
	if s.IntN(2) == 0 {
		s.main += s.search()
	}
	if v > 0 {
		s.aside = s.related(5+s.IntN(8), s.IntN(4))
	}
	if v > 1 {
		s.banner = s.cookieBanner()
	}
	return s.page()
}

func (s *sheet) shell(w wording, v int) []byte {
	s.main = []string{
		fmt.Sprintf(`<noscript>%s</noscript><div id="root"></div>`, w.field(2)),
		fmt.Sprintf(`<div id="app"><p>%s</p></div>`, w.field(2)),
		fmt.Sprintf(`<div id="main-app"><div class="loading"></div></div><noscript><p>%s</p></noscript>`, w.field(2)),
	}[v]
	s.main += `<script src="/static/app.js"></script>`
	return s.bare()
}

// indexes are the pages of a site that list stories.
func (m *maker) indexes(language string) []outcomeCase {
	var out []outcomeCase
	for i, kind := range []string{"front", "section", "tag", "author", "search", "archive"} {
		for v := range variants {
			name := fmt.Sprintf("index/%s/%s/%d", language, kind, v)
			s := m.sheet(name, language, i+v)
			c := outcomeCase{"index", language, [...]string{"a", "b"}[(i+v)%2], name, answer(s.index(kind, v)), []news.Outcome{news.NotArticle}}
			c.page.URL = mustURL("https://www.example.org/" + kind + "/harbour")
			c.page.Asked = c.page.URL
			out = append(out, c)
		}
	}
	return out
}

func (s *sheet) index(kind string, v int) []byte {
	label := strings.Split(s.words(0), "; ")[1+v]
	s.title = label + " - " + s.site
	s.main = s.teasers(10+s.IntN(12), v+s.IntN(2))
	switch kind {
	case "front":
		s.title = s.site
		s.main = `<h1><a href="/">` + s.site + "</a></h1>" + s.main
	case "author":
		s.main = "<h1>Tove Arn</h1><p>" + s.sentence() + "</p>" + s.main
		s.head = `<meta property="og:type" content="profile">`
	case "search":
		s.main = "<h1>" + s.words(1) + ": harbour</h1>" + s.search() + s.main
	default:
		s.main = "<h1>" + label + "</h1>" + s.main
		s.head = `<meta property="og:type" content="website">`
	}
	if v == 2 {
		s.banner = s.cookieBanner()
	}
	return s.page()
}
