package feed

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// An Outline is a feed in an OPML list.
type Outline struct {
	Title    string
	URL      string // of the feed, http or https
	Home     string // of the page that the feed belongs to, or empty
	Category string // names of the folders around it, joined with "/"
	Language string
}

// MaxOutlines is how many feeds of an OPML list are taken.
const MaxOutlines = 10000

// maxSkipped is how many outlines that were not taken are named; a last line
// says how many more there were.
const maxSkipped = 200

// ParseOPML reads an OPML 1.0 or 2.0 list of feeds, of any quality. Each feed
// is given once, with the folders it was first found in. Outlines that hold
// neither a usable feed nor others are told in skipped, a line for people
// each. The error wraps [ErrNotFeed] or [ErrTooLarge].
func ParseOPML(body []byte) (outlines []Outline, skipped []string, err error) {
	if len(body) > MaxFeed {
		return nil, nil, fmt.Errorf("parse OPML: %d bytes, at most %d: %w", len(body), MaxFeed, ErrTooLarge)
	}
	text, _ := decode(body, "")
	r := opmlReader{seen: map[string]bool{}}
	s := scanner{src: text}
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		r.token(t)
	}
	if !r.opml {
		return nil, nil, fmt.Errorf("parse OPML: no opml element: %w", ErrNotFeed)
	}
	for len(r.folders) > 0 {
		r.end()
	}
	if r.more > 0 {
		r.skipped = append(r.skipped, fmt.Sprintf("%d more outlines were left out", r.more))
	}
	return r.outlines, r.skipped, nil
}

// An opmlReader remembers the folders around the place where it is.
type opmlReader struct {
	opml     bool
	folders  []folder
	buried   int // outlines open beyond MaxDepth
	seen     map[string]bool
	outlines []Outline
	skipped  []string
	more     int
}

// A folder is an open outline.
type folder struct {
	name string
	used bool // it is a feed, or an outline was found in it
}

func (r *opmlReader) token(t token) {
	switch {
	case t.kind == startToken && localName(t.name) == "opml":
		r.opml = true
	case localName(t.name) != "outline" || !r.opml:
	case t.kind == endToken:
		r.end()
	case t.kind == startToken && len(r.folders) >= MaxDepth:
		r.skip("an outline nested too deep")
		if !t.empty {
			r.buried++
		}
	case t.kind == startToken:
		r.outline(t)
		if t.empty {
			r.end()
		}
	}
}

func (r *opmlReader) outline(t token) {
	title := plain(firstOf(t.get("title", "text"), t.get("text")))
	if len(r.folders) > 0 {
		r.folders[len(r.folders)-1].used = true
	}
	ref := strings.TrimSpace(t.get("xmlurl", "url"))
	r.folders = append(r.folders, folder{name: title, used: ref != ""})
	if ref == "" {
		return
	}
	o := Outline{Title: title, URL: webURL(nil, feedScheme(ref)), Home: webURL(nil, t.get("htmlurl")),
		Category: r.category(t), Language: oneLine(t.get("language"))}
	switch {
	case o.URL == "":
		r.skip(fmt.Sprintf("%q: no web address: %q", title, clip(ref)))
	case r.seen[o.URL]:
		r.skip(fmt.Sprintf("%q: listed twice: %s", title, clip(o.URL)))
	case len(r.outlines) == MaxOutlines:
		r.skip(fmt.Sprintf("%q: past the limit of %d feeds", title, MaxOutlines))
	default:
		r.seen[o.URL] = true
		r.outlines = append(r.outlines, o)
	}
}

// category joins the names of the folders around the outline just opened, or
// takes the first of its category attribute when there are none.
func (r *opmlReader) category(t token) string {
	var path []string
	for _, f := range r.folders[:len(r.folders)-1] {
		if f.name != "" {
			path = append(path, f.name)
		}
	}
	if len(path) > 0 {
		return strings.Join(path, "/")
	}
	first, _, _ := strings.Cut(t.get("category"), ",")
	return strings.Trim(oneLine(first), "/ ")
}

func (r *opmlReader) end() {
	if r.buried > 0 {
		r.buried--
		return
	}
	if len(r.folders) == 0 {
		return
	}
	f := r.folders[len(r.folders)-1]
	r.folders = r.folders[:len(r.folders)-1]
	if !f.used {
		r.skip(fmt.Sprintf("%q: no feed address", f.name))
	}
}

func (r *opmlReader) skip(why string) {
	if len(r.skipped) == maxSkipped {
		r.more++
		return
	}
	r.skipped = append(r.skipped, why)
}

// feedScheme turns the scheme that readers once registered into the web's.
func feedScheme(ref string) string {
	if rest, ok := strings.CutPrefix(ref, "feed://"); ok {
		return "http://" + rest
	}
	return strings.TrimPrefix(ref, "feed:")
}

// clip shortens a text that is quoted in a message.
func clip(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// opmlOutline is an outline as it is written.
type opmlOutline struct {
	XMLName  xml.Name      `xml:"outline"`
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	XMLURL   string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string        `xml:"htmlUrl,attr,omitempty"`
	Language string        `xml:"language,attr,omitempty"`
	Children []opmlOutline `xml:"outline"`
}

// WriteOPML writes an OPML 2.0 list, a folder per category in order of first
// appearance; feeds without one stand at the top. Outlines whose URL is not on
// the web are left out. What ParseOPML reads in it is the same list, in the
// order of the folders.
func WriteOPML(w io.Writer, title string, created time.Time, outlines []Outline) error {
	var doc struct {
		XMLName xml.Name      `xml:"opml"`
		Version string        `xml:"version,attr"`
		Title   string        `xml:"head>title"`
		Created string        `xml:"head>dateCreated,omitempty"`
		Body    []opmlOutline `xml:"body>outline"`
	}
	doc.Version, doc.Title = "2.0", title
	if !created.IsZero() {
		doc.Created = created.UTC().Format(time.RFC1123Z)
	}
	folders := map[string]int{}
	for _, o := range outlines {
		u := webURL(nil, o.URL)
		if u == "" {
			continue
		}
		out := opmlOutline{Text: firstOf(o.Title, u), Title: o.Title, Type: "rss", XMLURL: u, HTMLURL: webURL(nil, o.Home), Language: o.Language}
		if o.Category == "" {
			doc.Body = append(doc.Body, out)
			continue
		}
		i, ok := folders[o.Category]
		if !ok {
			i = len(doc.Body)
			folders[o.Category] = i
			doc.Body = append(doc.Body, opmlOutline{Text: o.Category})
		}
		doc.Body[i].Children = append(doc.Body[i].Children, out)
	}
	if err := writeXML(w, doc); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

// writeXML writes a value as an XML document.
func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
