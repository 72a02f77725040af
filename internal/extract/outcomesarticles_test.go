package extract

import (
	"fmt"
	"html"
	"strings"

	"stet/internal/news"
)

// A shape is a way in which an article is shown.
type shape struct {
	name string
	make func(s *sheet, texts []string)
}

// shapes of articles. Each gets the sheet with headline, head and paragraphs in
// place and may change them.
var shapes = []shape{
	{"plain", func(*sheet, []string) {}},
	{"short", func(s *sheet, t []string) { s.tell(t[:2]) }},
	{"breaking", func(s *sheet, t []string) { s.tell(t[:1]) }},
	{"long", func(s *sheet, t []string) { s.tell(append(append(t, t...), t...)) }},
	{"live", live},
	{"video", func(s *sheet, t []string) {
		s.tell(t[:3])
		s.main = `<div class="player"><video src="/v.mp4"></video></div>` + s.main
	}},
	{"offer over full text", func(s *sheet, t []string) {
		s.banner = `<div class="offer">` + paragraphs(s.offer()) + "</div>"
	}},
	{"consent banner", func(s *sheet, t []string) { s.banner = s.cookieBanner() }},
	{"consent banner, short", func(s *sheet, t []string) { s.tell(t[:2]); s.banner = s.cookieBanner() }},
	{"correction", func(s *sheet, t []string) {
		s.tell(append(t[:2:2], "Correction: an earlier version of this article was wrong about the year."))
	}},
	{"teaser", func(s *sheet, t []string) {
		s.tell(t[:2])
		s.main += `<div class="paywall">` + paragraphs(s.offer()) + "</div>"
	}},
	{"amp", func(s *sheet, t []string) {
		s.head += `<script async src="https://cdn.ampproject.org/v0.js"></script>`
		s.main += `<amp-consent id="c"><div>` + s.words(3) + "</div></amp-consent>"
	}},
	{"gallery", gallery},
	{"comments", func(s *sheet, t []string) { s.aside = s.comments(20) }},
	{"related", func(s *sheet, t []string) { s.aside = s.related(18, 1) + s.related(12, 0) }},
	{"related, short", func(s *sheet, t []string) { s.tell(t[:3]); s.aside = s.related(14, s.IntN(4)) }},
	{"bare", func(s *sheet, t []string) { s.head = ""; s.layout = 2 + s.IntN(2) }},
	{"bare, short", func(s *sheet, t []string) { s.head = ""; s.layout = 2 + s.IntN(2); s.tell(t[:3]) }},
	{"captcha in the form", func(s *sheet, t []string) {
		s.tell(t[:3])
		s.aside = `<form class="comment-form"><textarea></textarea><div class="g-recaptcha"></div><div class="cf-turnstile"></div></form><script src="https://js.hcaptcha.com/1/api.js"></script><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><script src="/_Incapsula_Resource?SWJIYLWA=1"></script>`
	}},
	{"login in the header", func(s *sheet, t []string) {
		s.tell(t[:2])
		s.banner = `<div class="login-box"><form><input type="email"><input type="password"></form></div>`
	}},
	{"noscript", func(s *sheet, t []string) {
		s.banner = `<noscript><p>Please enable JavaScript to use this site.</p><meta http-equiv="refresh" content="0;url=/nojs"></noscript>`
	}},
	{"refresh", func(s *sheet, t []string) { s.head += `<meta http-equiv="refresh" content="900">` }},
}

// articles are the pages of one story. Subject stories are told in fewer ways:
// their words are what is tried.
func (m *maker) articles(w wording) []outcomeCase {
	var out []outcomeCase
	for i, sh := range shapes {
		if w.class == "subject" && i%3 != 0 && !strings.HasPrefix(sh.name, "bare") {
			continue
		}
		name := fmt.Sprintf("%s/%s/%s/%s/%s", w.class, w.language, w.half, sh.name, w.field(1))
		s := m.sheet(name, w.language, i)
		s.title = w.field(1) + " - " + s.site
		s.head = s.describe(w)
		s.tellAs(w.field(1), w.texts(2))
		sh.make(s, w.texts(2))
		class := "article"
		if w.class == "subject" {
			class = "article about"
		}
		out = append(out, outcomeCase{class, w.language, w.half, name, answer(s.page()), []news.Outcome{news.OK}})
	}
	return append(out, m.cut(w))
}

// cut is a story that stops in the middle.
func (m *maker) cut(w wording) outcomeCase {
	name := fmt.Sprintf("cut/%s/%s/%s", w.language, w.half, w.field(1))
	s := m.sheet(name, w.language, 0)
	s.title = w.field(1)
	s.tellAs(w.field(1), w.texts(2))
	s.main = "<div><article>" + s.main
	body := s.page()
	from := strings.Index(string(body), "<p>")
	body = body[:from+s.IntN(strings.Index(string(body), "</main>")-from)]
	return outcomeCase{"cut", w.language, w.half, name, answer(body), []news.Outcome{news.Truncated}}
}

// describe is what a page says of itself: JSON-LD, Open Graph, both or little.
func (s *sheet) describe(w wording) string {
	ld := fmt.Sprintf(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":%q,"datePublished":"2031-02-04T18:20:00+01:00"}</script>`, w.field(1))
	og := fmt.Sprintf(`<meta property="og:type" content="article"><meta property="og:title" content="%s">`, html.EscapeString(w.field(1)))
	return [...]string{ld + og, ld, og, `<meta name="description" content="` + html.EscapeString(w.texts(2)[0]) + `">`}[s.IntN(4)]
}

func (s *sheet) tellAs(headline string, texts []string) {
	s.main = "<h1>" + html.EscapeString(headline) + "</h1><p class=\"byline\">Tove Arn</p>" + paragraphs(texts)
	if s.layout == 0 {
		s.main = "<article>" + s.main + "</article>"
	}
}

// tell tells the story in other paragraphs.
func (s *sheet) tell(texts []string) {
	head, _, _ := strings.Cut(s.main, "<p>")
	s.main = head + paragraphs(texts)
	if s.layout == 0 {
		s.main += "</article>"
	}
}

// offer is what the paywall pages of the language say.
func (s *sheet) offer() []string {
	for _, w := range s.m.offers {
		if w.language == s.language {
			return append([]string{w.field(1)}, strings.ReplaceAll(w.texts(2)[0], "{site}", s.site))
		}
	}
	return nil
}

func (s *sheet) comments(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<li class="comment"><b>reader%d</b><p>%s</p></li>`, i, s.sentence())
	}
	return `<section id="comments"><h2>Comments</h2><ol>` + b.String() + "</ol></section>"
}

func live(s *sheet, t []string) {
	var b strings.Builder
	for i, text := range t {
		fmt.Fprintf(&b, `<div class="post" id="post-%d"><time>1%d:20</time><h3>%s</h3><p>%s</p></div>`, i, i, html.EscapeString(s.caption()), html.EscapeString(text))
	}
	head, _, _ := strings.Cut(s.main, "<p>")
	s.main = head + b.String()
}

func gallery(s *sheet, t []string) {
	var b strings.Builder
	for i, text := range t {
		fmt.Fprintf(&b, `<figure><img src="/%d.jpg"><figcaption>%s</figcaption></figure>`, i, html.EscapeString(text))
	}
	head, _, _ := strings.Cut(s.main, "<p>")
	s.main = head + paragraphs(t[:2]) + b.String()
}
