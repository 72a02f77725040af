package extract

import (
	"strings"

	"golang.org/x/text/language"

	"stet/internal/news"
)

// content puts the article together from its pieces.
func (d *document) content() news.Content {
	x, by := d.dates(), d.bylines()
	c := news.Content{
		Headline:   d.headline.shown,
		Standfirst: d.standfirst(),
		Byline:     believedNames(by),
		Section:    d.section(),
		Published:  believed(x.published),
		Modified:   believed(x.modified),
		Language:   d.language(),
		Correction: d.correction(),
		Paywalled:  d.paywalled(),
		Image:      d.image(),
		Claims:     d.claims(x, by),
		Cut:        d.cut,
	}
	d.putBlocks(&c)
	var more bool
	if c.Links, more = d.bodyLinks(); more {
		c.Cut = true
	}
	return c
}

// putBlocks puts the core pieces, and the captions among them, into a content,
// as far as its limits allow.
func (d *document) putBlocks(c *news.Content) {
	times := d.markPosts()
	first, last := d.span()
	size := 0
	for i := first; i <= last; i++ {
		p := &d.pieces[i]
		if !p.core() && !(p.Kind == news.Caption && !p.furniture()) {
			continue
		}
		if size+len(p.Text) > news.MaxText || len(c.Blocks) >= news.MaxBlocks {
			c.Cut = true
			break
		}
		size += len(p.Text)
		c.Blocks = append(c.Blocks, p.Block.Block)
	}
	headPosts(c.Blocks, times)
}

// span is the first and the last piece of the body; first > last when there is
// none.
func (d *document) span() (first, last int) {
	first, last = len(d.pieces), -1
	for i := range d.pieces {
		if d.pieces[i].core() {
			first, last = min(first, i), i
		}
	}
	return first, last
}

func (d *document) section() string {
	s := d.ld.section
	fill(&s, d.metaOf("article:section", "section"))
	return tidy(clip(s, maxHeadline))
}

// language is the BCP 47 tag of the page's language.
func (d *document) language() string {
	for _, s := range []string{d.lang, d.ld.language, d.metaOf("og:locale", "content-language", "dc.language")} {
		if tag := languageTag(s); tag != "" {
			return tag
		}
	}
	return ""
}

// languageTag spells a language as BCP 47 does; empty when it is none.
func languageTag(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if tag, err := language.Parse(s); s != "" && err == nil && tag != language.Und {
		return tag.String()
	}
	return ""
}

// extra gives the keys of all headlines and summaries, with and without the
// name of the site.
func (d *document) extra() []uint64 {
	var out []uint64
	seen := map[uint64]bool{}
	put := func(s string) {
		if k := news.Key(s); s != "" && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	site := d.metaOf("og:site_name")
	put(d.headline.shown)
	for _, s := range d.headline.variants {
		put(s)
		put(stripSite(s, site))
	}
	put(d.standfirst())
	for _, s := range d.descriptions() {
		put(s)
	}
	return out
}
