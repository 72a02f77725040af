package feed

import "strings"

// A vocabulary is a family of elements, by the prefix that mended documents
// give it. Feeds spell the same namespace in many ways; each vocabulary that is
// read has one prefix here, and every other is foreign.
const (
	native  = ""  // the elements of RSS or Atom themselves
	foreign = "x" // not read
)

// namespaces maps the addresses of namespaces, lower case and without scheme
// and final punctuation, to vocabularies.
func vocabulary(uri string) (string, bool) {
	uri = strings.ToLower(strings.TrimSpace(uri))
	uri = strings.TrimPrefix(strings.TrimPrefix(uri, "http://"), "https://")
	switch strings.TrimRight(uri, "/#") {
	case "", "purl.org/rss/1.0", "purl.org/net/rss1.1", "channel.netscape.com/rdf/simple/0.9",
		"my.netscape.com/rdf/simple/0.9", "backend.userland.com/rss", "backend.userland.com/rss2",
		"backend.userland.com/rss091", "blogs.law.harvard.edu/tech/rss", "www.w3.org/1999/02/22-rdf-syntax-ns",
		"my.netscape.com/publish/formats/rss-0.91.dtd", "www.w3.org/1999/xhtml":
		return native, true
	case "www.w3.org/2005/atom", "purl.org/atom/ns", "purl.org/atom":
		return "atom", true
	case "purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0":
		return "dc", true
	case "purl.org/dc/terms":
		return "dcterms", true
	case "purl.org/rss/1.0/modules/content":
		return "content", true
	case "purl.org/rss/1.0/modules/syndication":
		return "sy", true
	case "www.itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd":
		return "itunes", true
	case "search.yahoo.com/mrss":
		return "media", true
	case "rssnamespace.org/feedburner/ext/1.0":
		return "feedburner", true
	}
	return foreign, false
}

// customary is the vocabulary that a prefix usually stands for, used when the
// prefix is undeclared or bound to an address that nobody knows.
func customary(prefix string) string {
	switch prefix {
	case "", "rss", "rdf", "xhtml", "html":
		return native
	case "dc", "dcterms", "content", "sy", "itunes", "media", "feedburner", "atom":
		return prefix
	case "atom10", "a10", "atom03":
		return "atom"
	}
	return foreign
}

// declarations binds the prefixes in a mended document, to the addresses by
// which gofeed knows them.
const declarations = ` xmlns:own="urn:stet:mended"` + // facts that we move; no feed can name it
	` xmlns:atom="http://www.w3.org/2005/Atom"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/"` +
	` xmlns:dcterms="http://purl.org/dc/terms/"` +
	` xmlns:content="http://purl.org/rss/1.0/modules/content/"` +
	` xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"` +
	` xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"` +
	` xmlns:media="http://search.yahoo.com/mrss/"` +
	` xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"`

// A binding is a namespace declaration in force.
type binding struct{ prefix, uri string }

// scope is the stack of declarations in force, innermost last.
type scope []binding

// resolve gives the vocabulary of an element's name.
func (s scope) resolve(name string) string {
	p := prefix(name)
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].prefix != p {
			continue
		}
		if v, known := vocabulary(s[i].uri); known {
			return v
		}
		break
	}
	return customary(p) // an unknown default namespace does not hide a feed
}

// declare adds the declarations of a start token, as far as MaxNamespaces
// allows, and gives how many were left out.
func (s *scope) declare(t token) (cut int) {
	for _, a := range t.attrs {
		p, ok := strings.CutPrefix(a.name, "xmlns:")
		if !ok && a.name != "xmlns" {
			continue
		}
		if len(*s) >= MaxNamespaces {
			cut++
			continue
		}
		*s = append(*s, binding{p, a.value})
	}
	return cut
}
