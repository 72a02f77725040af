// Package feed turns the documents by which publishers list their articles
// into entries, and entries into such documents.
//
// Read: RSS 0.90 to 2.0 and 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed 1 and 1.1,
// sitemaps, sitemap indexes and news sitemaps ([Parse]); the links of a section
// page ([Links]); the addresses of feeds in any page ([Discover]); the hub that
// announces updates ([Document.HubAndTopic]); OPML lists of feeds ([ParseOPML]). Written: RSS 2.0, Atom 1.0, JSON Feed 1.1 ([Write])
// and OPML 2.0 ([WriteOPML]). Bytes in, value out: no network, no clock, no
// state; all functions may be called from many goroutines.
//
// Parse decides in this order:
//
//  1. gzip bytes (a sitemap file) are unpacked, at most [MaxSitemap] bytes;
//  2. the character encoding: a byte-order mark; UTF-16 or UTF-32 by pattern;
//     valid UTF-8 is UTF-8 whatever header or declaration say; the charset of
//     the content type; the XML declaration; else Windows-1252;
//  3. text that begins with "{" is tried as JSON Feed;
//  4. otherwise the first element that is the root of a known format, junk
//     before it skipped, decides; a page of HTML is [ErrNotFeed];
//  5. RSS and Atom are mended: a tolerant reader of ours writes them anew as
//     small, well-formed, bounded XML (namespaces resolved to few fixed
//     prefixes, xml:base applied, markup in texts escaped), and gofeed reads
//     that. No hostile construct reaches the library, and what is broken is
//     repaired once, for every format. Sitemaps and OPML use the same reader.
//
// All work is linear in the size of the body. What was cut or repaired is said
// in [Document.Mended]; only a body that is no feed, or too large, is an error.
//
// Sources: RSS 2.0.11 and the RSS Advisory Board's profile, RSS 1.0, RFC 4287,
// the Atom 0.3 draft, jsonfeed.org 1.1, sitemaps.org 0.9, the news sitemap
// schema 0.9, OPML 2.0, RFC 8288 (Link), W3C WebSub.
package feed

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Limits. A body beyond the first two is refused with [ErrTooLarge]; beyond
// the others the document is cut and [Document.Mended] says so.
const (
	MaxFeed        = 5 << 20  // bytes of an RSS, Atom, JSON Feed or OPML document
	MaxSitemap     = 50 << 20 // bytes of a sitemap, unpacked (sitemaps.org)
	MaxEntries     = 5000     // entries of a feed or news sitemap, links of a page
	MaxSitemapURLs = 50000    // entries of a sitemap or sitemap index (sitemaps.org)
	MaxDepth       = 128      // elements within elements, texts aside
	MaxNamespaces  = 64       // namespace declarations in force at one place
	MaxAttributes  = 256      // attributes of one element
	MaxMembers     = 1000     // elements of one entry, or of a feed beside its entries
	MaxText        = 1 << 20  // bytes of one text, as HTML
	MaxPlain       = 64 << 10 // bytes, markup included, of which a title or summary is made; not told
	MaxPage        = 20 << 20 // bytes of a page that are looked at for links
)

// Errors of Parse and ParseOPML, wrapped with detail.
var (
	ErrNotFeed  = errors.New("not a feed")
	ErrTooLarge = errors.New("too large")
)

// A Format is the kind of a document that lists articles.
type Format string

// The formats. Page is a section page whose links are its entries.
const (
	RSS          Format = "rss" // all versions, RDF included
	Atom         Format = "atom"
	JSONFeed     Format = "json"
	Sitemap      Format = "sitemap"
	SitemapIndex Format = "sitemapindex"
	NewsSitemap  Format = "newssitemap"
	Page         Format = "page"
)

// An Entry is one item of a feed document. Every field may be empty.
type Entry struct {
	URL        string    `json:"url,omitempty"`       // absolute, http or https
	GUID       string    `json:"guid,omitempty"`      // the entry's identity within its feed, as given
	Permalink  bool      `json:"permalink,omitempty"` // the feed says that GUID is the entry's address
	Title      string    `json:"title,omitempty"`     // plain text on one line
	Summary    string    `json:"summary,omitempty"`   // plain text on one line
	HTML       string    `json:"html,omitempty"`      // content, else a summary with tags, as given: not sanitised, links not resolved
	Author     string    `json:"author,omitempty"`    // names, separated by ", "
	Categories []string  `json:"categories,omitempty"`
	Language   string    `json:"language,omitempty"` // as given, by rule BCP 47
	Published  time.Time `json:"published,omitzero"` // UTC; zero = absent or unreadable
	Updated    time.Time `json:"updated,omitzero"`   // UTC; of a sitemap: lastmod
}

// A Document is what a feed says.
type Document struct {
	Format      Format
	Title       string
	Description string
	Home        string // address of the page that the feed belongs to
	Self        string // address of the feed by its own word
	Language    string
	Updated     time.Time
	TTL         time.Duration // how long the publisher lets a copy stand; 0 = unsaid, at most MaxTTL
	Entries     []Entry       // in document order
	Sitemaps    []Entry       // of a sitemap index: URL and Updated of each sitemap
	Hub         string        // WebSub hub, when advertised
	Mended      []string      // what was repaired, cut or left out, in words for people
}

// MaxTTL is the longest TTL that is believed.
const MaxTTL = 365 * 24 * time.Hour

// Parse reads a feed or sitemap. The body has no content encoding any more,
// but may be in any character set and may be a gzip file; contentType is the
// header's value or empty; base is the address the body came from, or nil, and
// relative addresses are resolved against it. The error wraps [ErrNotFeed] or
// [ErrTooLarge].
func Parse(body []byte, contentType string, base *url.URL) (Document, error) {
	body, err := gunzip(body, MaxSitemap)
	if err != nil {
		return Document{}, fmt.Errorf("parse feed: %w", err)
	}
	if len(body) > MaxSitemap {
		return Document{}, fmt.Errorf("parse feed: %d bytes: %w", len(body), ErrTooLarge)
	}
	text, note := decode(body, contentType)
	d, err := parseText(text, base)
	if err != nil {
		return Document{}, fmt.Errorf("parse feed: %w", err)
	}
	if note != "" {
		d.Mended = append([]string{note}, d.Mended...)
	}
	return d, nil
}

func parseText(text string, base *url.URL) (Document, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		if err := checkFeedSize(text); err != nil {
			return Document{}, err
		}
		return parseJSON(text, base)
	}
	root, err := findRoot(text)
	if err != nil {
		return Document{}, err
	}
	if root.name == "urlset" || root.name == "sitemapindex" {
		return parseSitemap(text[root.at:], base), nil
	}
	if err := checkFeedSize(text); err != nil {
		return Document{}, err
	}
	var d Document
	switch root.name {
	case "feed", "entry":
		d, err = parseAtom(text[root.at:], root.name, base)
	default:
		d, err = parseRSS(text[root.at:], root.name, base)
	}
	if root.junk {
		d.Mended = append(d.Mended, "text before the document was skipped")
	}
	return d, err
}

func checkFeedSize(text string) error {
	if len(text) > MaxFeed {
		return fmt.Errorf("%d bytes, at most %d: %w", len(text), MaxFeed, ErrTooLarge)
	}
	return nil
}

// rootSearch is how far into a text its root element is looked for.
const rootSearch = 64 << 10

// A root is the place and local name of a document's root element.
type root struct {
	name string
	at   int
	junk bool // something other than white space and prolog stood before it
}

// findRoot finds the first element that is the root of a format we read.
func findRoot(text string) (root, error) {
	s := scanner{src: text}
	junk := false
	for {
		at := s.pos
		t, ok := s.next()
		if !ok || at > rootSearch {
			return root{}, fmt.Errorf("no root element of a known format: %w", ErrNotFeed)
		}
		if t.kind != startToken {
			junk = junk || t.kind == endToken || strings.TrimSpace(t.text) != ""
			continue
		}
		switch name := localName(t.name); name {
		case "rss", "rdf", "feed", "entry", "channel", "urlset", "sitemapindex":
			return root{name, s.began, junk}, nil
		case "html", "head", "body", "opml", "svg":
			return root{}, fmt.Errorf("a document of type %q: %w", name, ErrNotFeed)
		}
		junk = true
	}
}
