package feed

import (
	"encoding/xml"
	"html"
	"strconv"
	"time"
)

// An rssOut is RSS 2.0 as it is written. The prefixes are part of the names:
// encoding/xml would declare a namespace anew on each element otherwise.
type rssOut struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel channelOut `xml:"channel"`
}

// A channelOut has its elements in the order of the specification. Link and
// Description are required, so they are written even when empty.
type channelOut struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language,omitempty"`
	Built       string     `xml:"lastBuildDate,omitempty"`
	TTL         string     `xml:"ttl,omitempty"`
	Links       []linkNode `xml:"atom:link"`
	Items       []itemOut  `xml:"item"`
}

// An itemOut is an entry. RSS has no date of update; Atom's is used.
type itemOut struct {
	Title       string   `xml:"title,omitempty"`
	Link        string   `xml:"link,omitempty"`
	GUID        *guidOut `xml:"guid"`
	Description string   `xml:"description,omitempty"`
	Content     string   `xml:"content:encoded,omitempty"`
	Creator     string   `xml:"dc:creator,omitempty"`
	Language    string   `xml:"dc:language,omitempty"`
	Categories  []string `xml:"category"`
	Published   string   `xml:"pubDate,omitempty"`
	Updated     string   `xml:"atom:updated,omitempty"`
}

type guidOut struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

// rssDocument gives the document as RSS. Description is HTML by the standard,
// so a plain one is escaped.
func rssDocument(d Document) rssOut {
	c := channelOut{
		Title:       ambiguous(d.Title),
		Link:        webURL(nil, d.Home),
		Description: html.EscapeString(d.Description),
		Language:    d.Language,
		Built:       stampMail(d.updated()),
		Links:       linkNodes("self", d.Self, "hub", d.Hub),
	}
	for i, l := range c.Links {
		if l.Rel == "self" {
			c.Links[i].Type = "application/rss+xml"
		}
	}
	if d.TTL >= time.Minute {
		c.TTL = strconv.Itoa(int(d.TTL / time.Minute))
	}
	for _, e := range d.Entries {
		c.Items = append(c.Items, rssItem(e))
	}
	return rssOut{
		Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Content: "http://purl.org/rss/1.0/modules/content/",
		DC: "http://purl.org/dc/elements/1.1/", Channel: c,
	}
}

// rssItem gives an entry as an item.
func rssItem(e Entry) itemOut {
	i := itemOut{
		Title:       ambiguous(e.Title),
		Link:        webURL(nil, e.URL),
		Description: html.EscapeString(e.Summary),
		Content:     e.HTML,
		Creator:     ambiguous(e.Author),
		Language:    e.Language,
		Published:   stampMail(e.Published),
		Updated:     stamp(e.Updated),
	}
	for _, c := range e.Categories {
		i.Categories = append(i.Categories, ambiguous(c))
	}
	// A permalink must be an address; a GUID that is none is not called so.
	i.GUID = &guidOut{e.Permalink && webURL(nil, e.GUID) != "", e.id()}
	return i
}
