package feed

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// errMended is when gofeed refuses what mend wrote, which no input is known to
// bring about; it is told apart so that a bug of ours shows.
var errMended = errors.New("mended text not understood")

// parseRSS reads RSS of any version, whose text begins with the root.
func parseRSS(text, rootName string, base *url.URL) (Document, error) {
	m := mend(text, rootName, base)
	var p rss.Parser
	f, err := p.Parse(strings.NewReader(m.out.String()))
	if err != nil {
		return Document{}, fmt.Errorf("%v: %w: %w", err, errMended, ErrNotFeed)
	}
	x := extensions(f.Extensions)
	d := Document{
		Format:      RSS,
		Title:       plain(firstOf(f.Title, x.text("dc", "title"))),
		Description: plain(firstOf(f.Description, x.text("dc", "description"), x.text("itunes", "summary"), x.text("itunes", "subtitle"))),
		Home:        webURL(base, firstOf(firstOf(f.Links...), x.link("alternate"))),
		Self:        webURL(base, x.link("self")),
		Hub:         webURL(base, x.link("hub")),
		Language:    oneLine(firstOf(f.Language, x.text("dc", "language"))),
		Updated:     dateOf(firstTime(f.LastBuildDateParsed, f.PubDateParsed), f.LastBuildDate, f.PubDate, x.text("atom", "updated"), x.text("dcterms", "modified"), x.text("dc", "date"), x.text("dcterms", "issued")),
		TTL:         ttl(f.TTL, x),
		Mended:      m.notes(),
	}
	for _, item := range f.Items {
		d.Entries = append(d.Entries, rssEntry(item, base))
	}
	return d, nil
}

// rssEntry makes an entry of an item. The vocabularies are asked in the order
// of how close they are to what the publisher shows: RSS's own elements first,
// then Dublin Core, then those made for players and shops.
func rssEntry(item *rss.Item, base *url.URL) Entry {
	x := extensions(item.Extensions)
	e := Entry{
		Title:     plain(firstOf(item.Title, x.text("dc", "title"), x.text("media", "title"), x.text("itunes", "title"))),
		Summary:   plain(firstOf(item.Description, x.text("dc", "description"), x.text("itunes", "summary"), x.text("media", "description"))),
		HTML:      firstOf(item.Content, markup(item.Description)),
		Author:    firstOf(person(item.Author), names(x.texts("dc", "creator")), names(x.texts("dc", "author")), names(x.texts("itunes", "author")), person(x.child("atom", "author", "name"))),
		Language:  oneLine(firstOf(x.text("own", "language"), x.text("dc", "language"))),
		Published: dateOf(item.PubDateParsed, item.PubDate, x.text("dc", "date"), x.text("dcterms", "issued"), x.text("dcterms", "created"), x.text("atom", "published")),
		Updated:   dateOf(nil, x.text("atom", "updated"), x.text("dcterms", "modified")),
	}
	permalink := ""
	if item.GUID != nil && item.GUID.Value != "" {
		e.GUID = oneLine(item.GUID.Value)
		if !strings.EqualFold(strings.TrimSpace(item.GUID.IsPermalink), "false") {
			permalink = webURL(nil, e.GUID)
			e.Permalink = permalink != ""
		}
	}
	e.URL = entryURL(base, append([]string{x.text("feedburner", "origlink")}, append(item.Links, x.link("alternate"), permalink)...))
	for _, c := range item.Categories {
		e.Categories = appendNew(e.Categories, plain(c.Value))
	}
	for _, subject := range x.texts("dc", "subject") {
		e.Categories = appendNew(e.Categories, plain(subject))
	}
	return e
}

// entryURL is the first of the addresses that is one.
func entryURL(base *url.URL, refs []string) string {
	for _, ref := range refs {
		if u := webURL(base, ref); u != "" {
			return u
		}
	}
	return ""
}

// person is the name in RSS's "mail@example.org (Name)" and its variants; a
// lone mail address stays.
func person(s string) string {
	s = oneLine(strip(s, false))
	before, rest, ok := strings.Cut(s, "(")
	inside, _, closed := strings.Cut(rest, ")")
	if !ok || !closed {
		return s
	}
	before, inside = strings.TrimSpace(before), strings.TrimSpace(inside)
	switch {
	case strings.Contains(before, "@") && inside != "":
		return inside
	case strings.Contains(inside, "@") && before != "":
		return before
	}
	return s
}

// names joins the names of people, each once.
func names(list []string) string {
	var out []string
	for _, n := range list {
		out = appendNew(out, person(n))
	}
	return strings.Join(out, ", ")
}

// appendNew appends a text that is neither empty nor in the list already. Lists
// longer than maxList do not grow.
func appendNew(list []string, s string) []string {
	if s == "" || len(list) >= maxList {
		return list
	}
	for _, old := range list {
		if old == s {
			return list
		}
	}
	return append(list, s)
}

// maxList is how many categories, or authors, of an entry are kept.
const maxList = 100

// ttl reads how long a copy of the feed may stand: minutes in RSS, a period
// and how often in it in the syndication module. Hourly, once, is what WordPress
// writes where nobody chose: it counts as unsaid.
func ttl(minutes string, x extensions) time.Duration {
	if n, err := strconv.ParseFloat(strings.TrimSpace(minutes), 64); err == nil && n > 0 {
		return min(time.Duration(min(n, MaxTTL.Minutes())*float64(time.Minute)), MaxTTL)
	}
	period, ok := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
		"monthly": 30 * 24 * time.Hour, "yearly": MaxTTL,
	}[strings.ToLower(strings.TrimSpace(x.text("sy", "updateperiod")))]
	if !ok {
		return 0
	}
	if n, err := strconv.Atoi(strings.TrimSpace(x.text("sy", "updatefrequency"))); err == nil && n > 1 {
		period /= time.Duration(n)
	}
	if period == time.Hour {
		return 0
	}
	return period
}

func firstTime(times ...*time.Time) *time.Time {
	for _, t := range times {
		if t != nil {
			return t
		}
	}
	return nil
}

// extensions are the elements of other vocabularies than the feed's own, by
// the prefix that mend gave them.
type extensions ext.Extensions

// text is the text of the first such element that has any.
func (x extensions) text(prefix, name string) string {
	return firstOf(x.texts(prefix, name)...)
}

func (x extensions) texts(prefix, name string) []string {
	var out []string
	for _, e := range x[prefix][name] {
		out = append(out, e.Value)
	}
	return out
}

// child is the text of an element within an element.
func (x extensions) child(prefix, name, child string) string {
	for _, e := range x[prefix][name] {
		for _, c := range e.Children[child] {
			if c.Value != "" {
				return c.Value
			}
		}
	}
	return ""
}

// link is the address of the first Atom link with the relation.
func (x extensions) link(rel string) string {
	for _, e := range x["atom"]["link"] {
		if r := firstOf(e.Attrs["rel"], "alternate"); strings.EqualFold(r, rel) && e.Attrs["href"] != "" {
			return e.Attrs["href"]
		}
	}
	return ""
}
