package feed

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed/atom"
)

// parseAtom reads Atom 0.3 or 1.0, whose text begins with the root.
func parseAtom(text, rootName string, base *url.URL) (Document, error) {
	m := mend(text, rootName, base)
	var p atom.Parser
	f, err := p.Parse(strings.NewReader(m.out.String()))
	if err != nil {
		return Document{}, fmt.Errorf("%v: %w: %w", err, errMended, ErrNotFeed)
	}
	x := extensions(f.Extensions)
	d := Document{
		Format:      Atom,
		Title:       plain(f.Title),
		Description: plain(f.Subtitle),
		Home:        webURL(base, alternate(f.Links)),
		Self:        webURL(base, related(f.Links, "self")),
		Hub:         webURL(base, related(f.Links, "hub")),
		Language:    oneLine(firstOf(f.Language, x.text("dc", "language"))),
		Updated:     dateOf(f.UpdatedParsed, f.Updated, x.text("dc", "date")),
		TTL:         ttl("", x),
		Mended:      m.notes(),
	}
	for _, entry := range f.Entries {
		d.Entries = append(d.Entries, atomEntry(entry, f.Authors, base))
	}
	return d, nil
}

// atomEntry makes an entry. The authors of the feed stand in where it has none
// (RFC 4287, 4.2.1).
func atomEntry(a *atom.Entry, feedAuthors []*atom.Person, base *url.URL) Entry {
	x := extensions(a.Extensions)
	e := Entry{
		URL:       entryURL(base, []string{x.text("feedburner", "origlink"), alternate(a.Links)}),
		GUID:      oneLine(x.text("own", "id")),
		Title:     plain(firstOf(a.Title, x.text("dc", "title"), x.text("media", "title"))),
		Summary:   plain(a.Summary),
		HTML:      markup(a.Summary),
		Author:    firstOf(people(a.Authors), names(x.texts("dc", "creator")), people(feedAuthors)),
		Language:  oneLine(firstOf(x.text("own", "language"), x.text("dc", "language"))),
		Published: dateOf(a.PublishedParsed, a.Published, x.text("dc", "date"), x.text("dcterms", "created")),
		Updated:   dateOf(a.UpdatedParsed, a.Updated, x.text("dcterms", "modified")),
	}
	if a.Content != nil {
		e.HTML = firstOf(a.Content.Value, e.HTML)
		if e.URL == "" {
			e.URL = webURL(base, a.Content.Src) // RFC 4287, 4.1.3.2: the content is there
		}
	}
	for _, c := range a.Categories {
		e.Categories = appendNew(e.Categories, plain(categoryName(c)))
	}
	for _, subject := range x.texts("dc", "subject") {
		e.Categories = appendNew(e.Categories, plain(subject))
	}
	return e
}

// categoryName is what a category is called: its term, or its label where the
// term is an address.
func categoryName(c *atom.Category) string {
	if c.Label != "" && webURL(nil, c.Term) != "" {
		return c.Label
	}
	return firstOf(c.Term, c.Label)
}

// alternate is the address of the page that the links say is the same thing;
// one of type HTML is preferred.
func alternate(links []*atom.Link) string {
	first := ""
	for _, l := range links {
		if !strings.EqualFold(l.Rel, "alternate") || l.Href == "" {
			continue
		}
		if l.Type == "" || strings.Contains(strings.ToLower(l.Type), "html") {
			return l.Href
		}
		first = firstOf(first, l.Href)
	}
	return first
}

// related is the address of the first link with the relation.
func related(links []*atom.Link, rel string) string {
	for _, l := range links {
		if strings.EqualFold(l.Rel, rel) && l.Href != "" {
			return l.Href
		}
	}
	return ""
}

// people joins the names of people, each once; a mail address stands in for a
// name that is missing.
func people(list []*atom.Person) string {
	var out []string
	for _, p := range list {
		out = appendNew(out, oneLine(strip(firstOf(p.Name, p.Email), false)))
	}
	return strings.Join(out, ", ")
}
