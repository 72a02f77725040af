package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
	"time"
)

// Write writes the document as RSS 2.0, Atom 1.0 or JSON Feed 1.1; any other
// format is an error. Only http and https addresses are written, characters
// that XML cannot hold become U+FFFD, and a document without entries is
// well-formed too. Entry.HTML is written as it is, escaped: who fills it
// sanitises it. Nothing depends on a clock, so equal documents give equal
// bytes: an Atom date that is required and missing is the newest date of the
// document, or the year 1970 when it has none.
//
// What [Parse] reads in the result is the same entries, but for these: each has
// a GUID, if need be its address or a digest; Permalink is known to RSS only;
// Atom gives each a date of update; references within plain texts ("&amp;")
// come back decoded.
func Write(w io.Writer, f Format, d Document) error {
	var err error
	switch f {
	case RSS:
		err = writeXML(w, rssDocument(d))
	case Atom:
		err = writeXML(w, atomDocument(d))
	case JSONFeed:
		enc := json.NewEncoder(w)
		enc.SetIndent("", " ")
		enc.SetEscapeHTML(true)
		err = enc.Encode(jsonDocument(d))
	default:
		return fmt.Errorf("write feed: format %q cannot be written", f)
	}
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	return nil
}

// id is the entry's GUID, else its address, else a digest of what it says.
func (e Entry) id() string {
	if id := firstOf(e.GUID, webURL(nil, e.URL)); id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(e.Title + "\x00" + e.Summary + "\x00" + e.HTML + "\x00" + stamp(e.Published)))
	return "urn:sha256:" + hex.EncodeToString(sum[:])
}

// id is the feed's own address, else its page's, else a digest of its title.
func (d Document) id() string {
	if id := firstOf(webURL(nil, d.Self), webURL(nil, d.Home)); id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(d.Title))
	return "urn:sha256:" + hex.EncodeToString(sum[:])
}

// updated is when the document was updated, or its newest entry.
func (d Document) updated() time.Time {
	if !d.Updated.IsZero() {
		return d.Updated
	}
	var newest time.Time
	for _, e := range d.Entries {
		for _, t := range []time.Time{e.Published, e.Updated} {
			if t.After(newest) {
				newest = t
			}
		}
	}
	return newest
}

// stamp is the time in RFC 3339, UTC; empty for none, or one out of the years
// that the format has.
func stamp(t time.Time) string {
	if t = t.UTC(); t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

// stampMail is the time as RFC 822 has it, with four digits of year.
func stampMail(t time.Time) string {
	if stamp(t) == "" {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}

// ambiguous makes HTML of a plain text where it could be taken for HTML:
// readers disagree on whether a title of RSS is text or HTML, and a text
// without these signs is the same in both.
func ambiguous(s string) string {
	if strings.ContainsAny(s, "<") || unescape(s) != s {
		return html.EscapeString(s)
	}
	return s
}

// A textNode is an element with text and a type.
type textNode struct {
	Type string `xml:"type,attr,omitempty"`
	Text string `xml:",chardata"`
}

// A linkNode is an Atom link.
type linkNode struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

// linkNodes makes a list of links, of those pairs of relation and address whose
// address is on the web.
func linkNodes(pairs ...string) []linkNode {
	var out []linkNode
	for i := 0; i+1 < len(pairs); i += 2 {
		if u := webURL(nil, pairs[i+1]); u != "" {
			out = append(out, linkNode{Rel: pairs[i], Href: u})
		}
	}
	return out
}
