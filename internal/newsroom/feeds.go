package newsroom

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"
	"time"
)

// Paths of what announces the articles.
const (
	pathRSS     = "/rss.xml"
	pathAtom    = "/atom.xml"
	pathJSON    = "/feed.json"
	pathSitemap = "/sitemap-news.xml"
	pathRobots  = "/robots.txt"
)

// An entry is what a feed says of one article.
type entry struct {
	state
	published, updated time.Time
}

// entries are those of the named feed, newest first. An article stays in its
// feeds all day, under the path that it was first announced with, and with the
// headline that it had when it was last announced.
func (p *Paper) entries(feed string, d time.Duration) []entry {
	var out []entry
	for _, a := range p.articles {
		s, ok := a.at(d)
		if !ok || !a.in(feed) {
			continue
		}
		out = append(out, entry{s, p.start.Add(a.published()), p.start.Add(s.announced)})
	}
	slices.Reverse(out)
	return out
}

// edited reports whether the entry was announced again after it was published.
func (e entry) edited() bool { return e.updated.After(e.published) }

// feed gives the document at a feed's path and its media type, nil for others.
func (p *Paper) feed(path, base string, d time.Duration) (doc []byte, mediaType string) {
	switch path {
	case pathRSS:
		return p.rss(base, d), "application/rss+xml; charset=utf-8"
	case pathAtom:
		return p.atom(base, d), "application/atom+xml; charset=utf-8"
	case pathJSON:
		return p.jsonFeed(base, d), "application/feed+json"
	case pathSitemap:
		return p.sitemap(base, d), "application/xml"
	case pathRobots:
		return []byte("User-agent: *\nDisallow: /adverts/\nDisallow: /extra/\n\nSitemap: " + base + pathSitemap + "\n"),
			"text/plain; charset=utf-8"
	}
	return nil, ""
}

const subtitle = "News of the town, the port and the sea beyond"

// rss lists articles with links that name the reader's way and no word of edits.
func (p *Paper) rss(base string, d time.Duration) []byte {
	type guid struct {
		Text      string `xml:",chardata"`
		Permalink bool   `xml:"isPermaLink,attr"`
	}
	type item struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		GUID        guid   `xml:"guid"`
		Category    string `xml:"category"`
		PubDate     string `xml:"pubDate"`
		Description string `xml:"description,omitempty"`
	}
	type channel struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		Description string `xml:"description"`
		TTL         int    `xml:"ttl"`
		Items       []item `xml:"item"`
	}
	c := channel{Title: p.name, Link: base + "/", Description: subtitle, TTL: 10}
	for _, e := range p.entries("rss", d) {
		c.Items = append(c.Items, item{
			Title: e.title, Link: base + e.article.path + "?utm_source=rss&utm_medium=feed",
			GUID: guid{Text: "lantern:" + e.article.path}, Category: e.article.section,
			PubDate: e.published.Format(time.RFC1123Z), Description: e.article.moments[0].text.standfirst,
		})
	}
	return toXML(struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel channel  `xml:"channel"`
	}{Version: "2.0", Channel: c})
}

// atom lists articles with the time of their last announced edit.
func (p *Paper) atom(base string, d time.Duration) []byte {
	type link struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	type person struct {
		Name string `xml:"name"`
	}
	type item struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Link      link   `xml:"link"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
		Author    person `xml:"author"`
		Summary   string `xml:"summary,omitempty"`
	}
	updated := p.start
	var items []item
	for _, e := range p.entries("atom", d) {
		if e.updated.After(updated) {
			updated = e.updated
		}
		items = append(items, item{
			ID: "tag:lantern.example,2026:" + e.article.path, Title: e.title, Link: link{Href: base + e.article.path},
			Published: e.published.Format(time.RFC3339), Updated: e.updated.Format(time.RFC3339),
			Author: person{e.article.byline}, Summary: e.article.moments[0].text.standfirst,
		})
	}
	return toXML(struct {
		XMLName  xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID       string   `xml:"id"`
		Title    string   `xml:"title"`
		Subtitle string   `xml:"subtitle"`
		Links    []link   `xml:"link"`
		Updated  string   `xml:"updated"`
		Entries  []item   `xml:"entry"`
	}{
		ID: "tag:lantern.example,2026:atom", Title: p.name, Subtitle: subtitle, Entries: items,
		Links:   []link{{Rel: "self", Href: base + pathAtom}, {Rel: "alternate", Href: base + "/"}},
		Updated: updated.Format(time.RFC3339),
	})
}

// jsonFeed gives date_modified for announced edits only.
func (p *Paper) jsonFeed(base string, d time.Duration) []byte {
	items := []map[string]any{}
	for _, e := range p.entries("json", d) {
		it := map[string]any{
			"id": "lantern:" + e.article.path, "url": base + e.article.path + "?utm_campaign=reader", "title": e.title,
			"date_published": e.published.Format(time.RFC3339), "tags": []string{e.article.section},
			"authors": []map[string]string{{"name": e.article.byline}}, "language": e.article.language,
			"content_text": e.article.moments[0].text.blocks[0].text,
		}
		if e.edited() {
			it["date_modified"] = e.updated.Format(time.RFC3339)
		}
		items = append(items, it)
	}
	out, err := json.MarshalIndent(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": p.name, "description": subtitle,
		"home_page_url": base + "/", "feed_url": base + pathJSON, "items": items,
	}, "", " ")
	if err != nil { // maps of strings: cannot fail
		panic("newsroom: JSON Feed does not marshal: " + err.Error())
	}
	return out
}

// sitemap is a news sitemap with a lastmod for announced edits only.
func (p *Paper) sitemap(base string, d time.Duration) []byte {
	type publication struct {
		Name     string `xml:"news:name"`
		Language string `xml:"news:language"`
	}
	type newsInfo struct {
		Publication publication `xml:"news:publication"`
		Date        string      `xml:"news:publication_date"`
		Title       string      `xml:"news:title"`
	}
	type item struct {
		Loc     string   `xml:"loc"`
		LastMod string   `xml:"lastmod,omitempty"`
		News    newsInfo `xml:"news:news"`
	}
	var items []item
	for _, e := range p.entries("sitemap", d) {
		it := item{Loc: base + e.article.path, News: newsInfo{
			Publication: publication{p.name, e.article.language}, Date: e.published.Format(time.RFC3339), Title: e.title,
		}}
		if e.edited() {
			it.LastMod = e.updated.Format(time.RFC3339)
		}
		items = append(items, it)
	}
	return toXML(struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		News    string   `xml:"xmlns:news,attr"`
		URLs    []item   `xml:"url"`
	}{News: "http://www.google.com/schemas/sitemap-news/0.9", URLs: items})
}

func toXML(doc any) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	if err := e.Encode(doc); err != nil { // structs of strings into memory: cannot fail
		panic("newsroom: feed does not marshal: " + err.Error())
	}
	b.WriteByte('\n')
	return b.Bytes()
}
