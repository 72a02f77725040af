package extract

import (
	"slices"
	"strings"
	"time"

	"stet/internal/news"
)

// maxFieldClaims is how many claims of one field are kept, so that no field
// crowds out another: news.MaxClaims holds seven fields of so many.
const maxFieldClaims = 9

// A claimant collects claims of a page.
type claimant struct {
	claims []news.Claim
	count  map[string]int
}

func (c *claimant) add(field, origin, value string) {
	x := news.Claim{Field: field, Origin: origin, Value: clip(tidy(value), maxStandfirst)}
	if x.Value == "" || c.count[field] >= maxFieldClaims || len(c.claims) >= news.MaxClaims || slices.Contains(c.claims, x) {
		return
	}
	c.count[field]++
	c.claims = append(c.claims, x)
}

func (c *claimant) addDates(field string, list []dated) {
	for _, x := range list {
		c.add(field, x.origin, x.at.UTC().Format(time.RFC3339))
	}
}

// claims lists what each origin on the page says of the fields, best first.
func (d *document) claims(x dating, by []signed) []news.Claim {
	c := claimant{count: map[string]int{}}
	d.claimHeadlines(&c)
	if d.lead >= 0 {
		c.add("standfirst", "text", d.pieces[d.lead].Text)
	}
	for _, s := range d.ld.description {
		c.add("standfirst", "json-ld", strip(s))
	}
	for _, k := range [...][2]string{{"og", "og:description"}, {"twitter", "twitter:description"}, {"meta", "description"}} {
		c.add("standfirst", k[0], d.metaOf(k[1]))
	}
	for _, s := range by {
		origin, _, _ := strings.Cut(s.origin, " ")
		c.add("byline", origin, strings.Join(s.names, ", "))
	}
	c.add("section", "json-ld", d.ld.section)
	c.add("section", "og", d.metaOf("article:section"))
	c.add("section", "meta", d.metaOf("section", "parsely-section"))
	c.addDates("published", x.published)
	c.addDates("modified", x.modified)
	for _, k := range [...][2]string{{"html", d.lang}, {"json-ld", d.ld.language}, {"og", d.metaOf("og:locale")}, {"meta", d.metaOf("content-language", "dc.language")}} {
		c.add("language", k[0], languageTag(k[1]))
	}
	return c.claims
}

// claimHeadlines adds all titles: the h1 elements that may be headlines, then
// those declared, each whole as it stands.
func (d *document) claimHeadlines(c *claimant) {
	if d.start >= 0 && d.pieces[d.start].level == 1 {
		c.add("headline", "h1", d.pieces[d.start].Text)
	}
	for _, t := range d.declaredTitles() {
		origin, _, _ := strings.Cut(t.origin, " ")
		c.add("headline", origin, t.text)
	}
	for i := range d.pieces {
		if p := &d.pieces[i]; p.level == 1 && len(p.Text) <= maxHeadline && !p.landmark && !p.furniture() {
			c.add("headline", "h1", p.Text)
		}
	}
}
