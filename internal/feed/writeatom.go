package feed

import (
	"encoding/xml"
	"html"
	"time"
)

// An atomOut is Atom 1.0 as it is written.
type atomOut struct {
	XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Language string     `xml:"xml:lang,attr,omitempty"`
	ID       string     `xml:"id"`
	Title    textNode   `xml:"title"`
	Subtitle *textNode  `xml:"subtitle"`
	Updated  string     `xml:"updated"`
	Author   *personOut `xml:"author"`
	Links    []linkNode `xml:"link"`
	Entries  []entryOut `xml:"entry"`
}

// An entryOut is an entry; ID, Title and Updated are required.
type entryOut struct {
	Language   string        `xml:"xml:lang,attr,omitempty"`
	ID         string        `xml:"id"`
	Title      textNode      `xml:"title"`
	Links      []linkNode    `xml:"link"`
	Published  string        `xml:"published,omitempty"`
	Updated    string        `xml:"updated"`
	Author     *personOut    `xml:"author"`
	Categories []categoryOut `xml:"category"`
	Summary    *textNode     `xml:"summary"`
	Content    *textNode     `xml:"content"`
}

type personOut struct {
	Name string `xml:"name"`
}

type categoryOut struct {
	Term string `xml:"term,attr"`
}

// atomDocument gives the document as Atom.
func atomDocument(d Document) atomOut {
	a := atomOut{
		Language: d.Language,
		ID:       d.id(),
		Title:    plainNode(d.Title),
		Updated:  firstOf(stamp(d.updated()), stamp(time.Unix(0, 0))),
		Links:    linkNodes("self", d.Self, "alternate", d.Home, "hub", d.Hub),
	}
	if d.Description != "" {
		n := plainNode(d.Description)
		a.Subtitle = &n
	}
	for _, e := range d.Entries {
		a.Entries = append(a.Entries, atomItem(e, a.Updated))
		if e.Author == "" {
			a.Author = &personOut{} // RFC 4287 wants one where an entry has none
		}
	}
	return a
}

// atomItem gives an entry; feedUpdated stands in where it has no date at all,
// because Atom requires one.
func atomItem(e Entry, feedUpdated string) entryOut {
	o := entryOut{
		Language:  e.Language,
		ID:        e.id(),
		Title:     plainNode(e.Title),
		Links:     linkNodes("alternate", e.URL),
		Published: stamp(e.Published),
		Updated:   firstOf(stamp(e.Updated), stamp(e.Published), feedUpdated),
	}
	if e.Author != "" {
		o.Author = &personOut{ambiguous(e.Author)}
	}
	for _, c := range e.Categories {
		o.Categories = append(o.Categories, categoryOut{ambiguous(c)})
	}
	if e.Summary != "" {
		n := plainNode(e.Summary)
		o.Summary = &n
	}
	if e.HTML != "" {
		o.Content = &textNode{"html", e.HTML}
	}
	return o
}

// plainNode is a text construct that holds a plain text. One that could be
// taken for HTML is declared and escaped as HTML, which no reader mistakes.
func plainNode(s string) textNode {
	if ambiguous(s) == s {
		return textNode{"text", s}
	}
	return textNode{"html", html.EscapeString(s)}
}
