package corpus

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
)

// Own makes n fictional news pages of our own, for where there is no archive:
// several layouts, each page with a headline, a standfirst and six to twelve
// paragraphs. Equal seeds give equal pages.
func Own(n int, seed uint64) []Page {
	var pages []Page
	for i := range n {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		p := Page{
			URL:      fmt.Sprintf("https://paper%d.example.org/%s/%d", i%max(n/2, 1), pick(r, "town", "harbour", "sport", "world"), 1000+i),
			Headline: fmt.Sprintf("%s %s %s", pick(r, subjects()...), pick(r, verbs()...), pick(r, objects()...)),
		}
		for range 7 + r.IntN(6) {
			p.Paragraphs = append(p.Paragraphs, Paragraph(r))
		}
		p.HTML = []byte(layouts()[i%len(layouts())](p))
		p.File = fmt.Sprintf("own-%d", i)
		pages = append(pages, p)
	}
	return pages
}

func pick(r *rand.Rand, s ...string) string { return s[r.IntN(len(s))] }

func subjects() []string {
	return []string{"The harbour board", "A group of teachers", "The regional court", "Engineers from the north bank", "The owner of the brewery", "The mayor of Lindhaven", "Fishermen of the outer islands", "The railway union", "Two former ministers", "The weather service", "The island's only doctor", "Auditors"}
}

func verbs() []string {
	return []string{"has rejected", "will examine", "presented", "is asking for", "does not expect", "agreed on", "has warned of", "paid for", "delayed", "wants to end"}
}

func objects() []string {
	return []string{"a second tunnel under the sound", "the new timetable", "higher fares for visitors", "a ban on night flights", "the sale of the old shipyard", "longer school holidays", "a survey of the sea bed", "the repair of the north pier", "lower rents for workshops", "a loan from the state bank", "the closing of the fish market", "free ferries for pupils"}
}

// Paragraph makes one of two or three sentences.
func Paragraph(r *rand.Rand) string {
	var s []string
	for range 2 + r.IntN(2) {
		s = append(s, sentence(r))
	}
	return strings.Join(s, " ")
}

func sentence(r *rand.Rand) string {
	claim := fmt.Sprintf("%s %s %s", pick(r, subjects()...), pick(r, verbs()...), pick(r, objects()...))
	switch r.IntN(5) {
	case 0:
		return fmt.Sprintf("%s, according to a paper of %d pages that was handed to members on %s.", claim, 10+r.IntN(190), pick(r, "Monday", "Tuesday", "Wednesday", "Thursday"))
	case 1:
		return fmt.Sprintf("“%s, and that is all there is to say,” said %s %s, who has worked there for %d years.", claim, pick(r, "Maren", "Aksel", "Ida", "Tomas", "Birgit"), pick(r, "Holt", "Brandt", "Lunde", "Vik", "Sommer"), 2+r.IntN(38))
	case 2:
		return fmt.Sprintf("%s after %d of the %d members had voted for it.", claim, 5+r.IntN(30), 40+r.IntN(40))
	case 3:
		return fmt.Sprintf("The cost is put at %d.%d million crowns, of which the state pays a part; %s%s.", 1+r.IntN(80), r.IntN(10), strings.ToLower(claim[:1]), claim[1:])
	}
	return fmt.Sprintf("%s, although nobody had asked for it before the winter of %d.", claim, 1990+r.IntN(35))
}

// layouts render a page in the ways that news sites commonly do.
func layouts() []func(Page) string {
	return []func(Page) string{plain, wrapped, sections}
}

func head(p Page) string {
	h := html.EscapeString(p.Headline)
	return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%s</title><meta property="og:type" content="article"><meta property="og:title" content="%s"></head><body><header><nav><a href="/">Home</a> <a href="/town">Town</a> <a href="/sport">Sport</a></nav></header>`, h, h)
}

func foot() string { return `<footer><p>© The paper, Quay Street 1</p></footer></body></html>` }

func plain(p Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, `%s<main><article><h1>%s</h1><p class="byline">By our reporter</p>`, head(p), html.EscapeString(p.Headline))
	for _, s := range p.Paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(s))
	}
	return b.String() + `</article></main>` + foot()
}

// wrapped has each paragraph in an element of its own.
func wrapped(p Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, `%s<div id="content"><div class="story"><h1>%s</h1><div class="text">`, head(p), html.EscapeString(p.Headline))
	for _, s := range p.Paragraphs {
		fmt.Fprintf(&b, `<div class="component"><p class="c-p">%s</p></div>`, html.EscapeString(s))
	}
	return b.String() + `</div></div></div>` + foot()
}

// sections has the first paragraph as a standfirst and the rest in a section.
func sections(p Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, `%s<article><header><h1>%s</h1><p class="standfirst">%s</p></header><section itemprop="articleBody">`, head(p), html.EscapeString(p.Headline), html.EscapeString(p.Paragraphs[0]))
	for _, s := range p.Paragraphs[1:] {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(s))
	}
	return b.String() + `</section></article>` + foot()
}
