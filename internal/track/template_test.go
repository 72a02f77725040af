package track_test

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/bench/corpus"
	"stet/bench/refetch/noise"
	"stet/bench/refetch/visits"
	"stet/internal/news"
)

// oldTemplate is a page as a source has shown its articles so far.
func oldTemplate(p corpus.Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><title>%[1]s</title><meta property="og:type" content="article"><meta property="og:title" content="%[1]s"></head><body><header><nav><a href="/">Home</a> <a href="/sea">Sea</a></nav></header><main><article><h1>%[1]s</h1><p class="standfirst">%[2]s</p><div class="text">`, html.EscapeString(p.Headline), html.EscapeString(p.Paragraphs[0]))
	for _, s := range p.Paragraphs[1:] {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(s))
	}
	return b.String() + `</div></article></main><footer><p>The Tern Courier, Quay Street</p></footer></body></html>`
}

// newTemplate is the same article after the source's redesign: other wrappers
// and nesting, the standfirst below the picture, byline and date as paragraphs,
// a plea for support in the body, a box of related stories, and here and there
// two paragraphs in one element with line breaks between them.
func newTemplate(p corpus.Page, number int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><title>%[1]s</title><meta property="og:type" content="article"><meta property="og:title" content="%[1]s"></head><body class="v2"><div id="app"><div class="masthead"><a href="/">Tern Courier</a><ul><li><a href="/sea">Sea</a></li><li><a href="/land">Land</a></li></ul></div><section class="page"><div class="story"><div class="story-head"><h1><span>%[1]s</span></h1></div><p>By Ida Lunde and the harbour desk</p><p>%[3]s, 9.15 am</p><figure><img src="/%[4]d.jpg" alt=""></figure><div class="intro"><p>%[2]s</p></div><div class="story-body"><section>`, html.EscapeString(p.Headline), html.EscapeString(p.Paragraphs[0]), []string{"Monday", "Tuesday", "Wednesday"}[number%3]+" 4 May 2026", number)
	rest := p.Paragraphs[1:]
	for i := 0; i < len(rest); i++ {
		text := html.EscapeString(rest[i])
		if number%4 == 0 && i == 1 && i+1 < len(rest) {
			i++
			text += "<br><br>" + html.EscapeString(rest[i])
		}
		fmt.Fprintf(&b, `<div class="para"><p>%s</p></div>`, text)
		if i == 2 {
			b.WriteString(`<div class="para"><p>Reporting like this takes time and costs money. Support us with as little as two crowns a week and keep the Tern Courier free for all.</p></div>`)
		}
	}
	fmt.Fprintf(&b, `</section></div><div class="also"><h4>Also in the Courier</h4><ul><li><a href="/a/%d">The mill on the hill turns again</a></li><li><a href="/a/%d">Four swans and a ferry</a></li></ul></div></div></section></div></body></html>`, number+1, number+2)
	return b.String()
}

// editLater changes a word of an article in its new template.
func editLater(a *visits.Article, p corpus.Page, number, slot int) {
	block := p.Paragraphs[4]
	e := noise.Edit{Kind: noise.EditWord, Old: block, New: strings.Replace(block, " the ", " no ", 1), Block: block}
	p.Paragraphs = slices.Clone(p.Paragraphs)
	p.Paragraphs[4] = e.New
	a.Edits = append(a.Edits, visits.Timed{Slot: slot, Edit: e})
	a.Relays = append(a.Relays, visits.Relay{Slot: slot, HTML: []byte(newTemplate(p, number))})
}

// relaid makes articles of one source, all of which change their template
// before the same visit; two of them are edited two visits later.
func relaid(t *testing.T, articles, slot int) []*visits.Host {
	t.Helper()
	h := &visits.Host{Name: "The Tern Courier"}
	source := noise.NewSource(21, "en")
	for i, p := range corpus.Own(articles, 21) {
		p.Headline = fmt.Sprintf("%s, part %d", p.Headline, i)
		page, err := noise.NewPage(source, []byte(oldTemplate(p)), p.Paragraphs, 0, uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		h.Articles = append(h.Articles, &visits.Article{
			Name: p.File, Path: fmt.Sprintf("/news/%d", i), Page: page,
			Relays: []visits.Relay{{Slot: slot, HTML: []byte(newTemplate(p, i))}},
		})
	}
	for _, i := range []int{5, 8} {
		p := corpus.Own(articles, 21)[i]
		p.Headline = fmt.Sprintf("%s, part %d", p.Headline, i)
		editLater(h.Articles[i], p, i, slot+2)
	}
	return []*visits.Host{h}
}

// A source changes its template under a thousand articles at once: that is one
// event of the source, and no version of any article. What is edited two visits
// later is a version as ever.
func TestTemplateFlip(t *testing.T) {
	articles := 1000
	if testing.Short() {
		articles = 40
	}
	f, err := visits.Run(t.Context(), relaid(t, articles, 3), visits.Options{Visits: 6, Pace: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range f.Faults {
		if i < 10 {
			t.Logf("%s, refetch %d: came %q, went %q", x.Article, x.Slot, x.Came, x.Went)
		}
	}
	if n := sum(f.False); n > 0 {
		t.Errorf("%d versions of %d articles, want none", n, articles)
	}
	if c := f.Edits[noise.EditWord]; c == nil || c.Made != 2 || c.Found != 2 || f.Extra > 0 {
		t.Errorf("edits made after it: %+v with %d other blocks, want two found and nothing beside them", c, f.Extra)
	}
	if len(f.Lost) > 0 {
		t.Errorf("not live: %q", f.Lost)
	}
	var templates []news.Event
	for _, e := range f.Events {
		if e.Kind == news.TemplateChanged {
			templates = append(templates, e)
		}
	}
	if len(templates) != 1 {
		t.Errorf("%d template events, want one: %+v", len(templates), templates)
	}
	t.Logf("%d fetches for %d visits; events %+v", f.Fetches, f.Visits, f.Events)
}
