package extract

import (
	"regexp"

	"stet/internal/news"
)

// minLabel is the number of bytes from which a link may be the headline of
// another story rather than a label.
const minLabel = 20

// maxListed is the number of bytes of text that the voters may find on a page
// whose teasers are no headings, for it to be an index.
const maxListed = 3000

// rxListing matches the titles that servers give to the list of a directory.
var rxListing = regexp.MustCompile(`(?i)^(index of|directory listing for) /`)

// index recognises pages that list articles, and pages with no text at all.
func (d *document) index(prose int) (news.Outcome, string) {
	body := d.bodySize()
	t := d.teasers()
	_, size := d.headlined()
	listed := t.headings >= minTeasers && t.run < storyRun || t.all >= minTeasers && t.run < maxBeside
	switch {
	case body == 0 && len(d.pieces) == 0:
		return news.NotArticle, d.empty()
	case rxListing.MatchString(d.title) && prose < prosePiece:
		return news.NotArticle, "a directory listing"
	case listed && d.page.URL != nil && d.page.URL.Host != "" && d.page.URL.RawQuery == "" && frontPage(d.page.URL):
		return news.NotArticle, "a front page"
	case d.isArticle() && body >= minArticle && d.headline.shown != "":
		return news.OK, ""
	case listed && !d.isArticle() && size < prosePiece && (t.headings >= minTeasers || body < maxListed):
		return news.NotArticle, "an index page"
	case body < minArticle:
		if what := d.empty(); d.size < prosePiece && what != noText {
			return news.NotArticle, what
		}
		return news.NotArticle, "no article text on the page"
	case !d.isArticle() && prose < maxStated && body < maxStated && !d.tells():
		return news.NotArticle, "too little text, and nothing that calls it an article"
	}
	return news.OK, ""
}

// A tease sums up what a page shows of other stories.
type tease struct {
	all      int // links that look like headlines
	headings int // those that are headings
	run      int // letters of the longest prose between two of them
}

// teasers counts the links to other stories: an index tells a little of each,
// an article all of its own.
func (d *document) teasers() (t tease) {
	for i := range d.pieces {
		if p := &d.pieces[i]; p.teaser() {
			t.all++
			if p.level > 0 {
				t.headings++
			}
		}
	}
	if t.all >= minTeasers { // with fewer, nobody asks
		t.run = d.longestRun()
	}
	return t
}

// longestRun is the letters of the longest prose between two teasers. It stops
// counting where more would change no verdict.
func (d *document) longestRun() (longest int) {
	run, under := 0, false
	for i := range d.pieces {
		p := &d.pieces[i]
		teaser := p.teaser()
		switch {
		case teaser:
			run = 0
		case !under && p.prose():
			run += letters(p.Text)
			longest = max(longest, run)
		}
		if longest >= max(storyRun, maxBeside) {
			break
		}
		under = teaser
	}
	return longest
}

// teaser reports whether a piece is, most of it, a link as long as a headline.
func (p *piece) teaser() bool {
	return !p.landmark && len(p.Text) >= minLabel && len(p.tokens) >= 3 && float64(p.link) > linkShare*float64(len(p.Text)) && p.Text[0] != '#'
}
