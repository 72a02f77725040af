package feed

import (
	"net/url"
	"slices"
	"strings"
)

// A Candidate is an address that may be a feed's.
type Candidate struct {
	URL    string `json:"url"` // absolute, http or https
	Title  string `json:"title,omitempty"`
	Format Format `json:"format,omitempty"` // as advertised; empty = unsaid
	Origin string `json:"origin"`           // OriginLink …
}

// Where a candidate was found, best first.
const (
	OriginLink   = "link"   // <link rel="alternate"> or rel="feed" in the page
	OriginHeader = "header" // Link header (RFC 8288)
	OriginAnchor = "anchor" // <a href> whose address or text says that it is a feed
	OriginPath   = "path"   // a customary place; nothing in the page says so
)

// maxCandidates is how many candidates Discover gives, customary places
// included.
const maxCandidates = 50

// Discover lists the feeds that a page advertises, best first: links in the
// page, Link headers, anchors, then the customary places of the host. Feeds of
// comments come after all others of what the page names. Each address once.
func Discover(body []byte, contentType string, linkHeaders []string, base *url.URL) []Candidate {
	p := scanPage(body, contentType, base)
	var found []Candidate
	for _, l := range p.links {
		if f, ok := advertised(l); ok {
			found = append(found, Candidate{webURL(p.base, l.href), l.title, f, OriginLink})
		}
	}
	for _, h := range linkHeaders {
		for _, l := range linkHeader(h) {
			if f, ok := advertised(l); ok {
				found = append(found, Candidate{webURL(base, l.href), l.title, f, OriginHeader})
			}
		}
	}
	for _, a := range p.anchors {
		if f, ok := feedAnchor(a); ok {
			found = append(found, Candidate{a.url, a.text, f, OriginAnchor})
		}
	}
	slices.SortStableFunc(found, func(a, b Candidate) int { return rank(a) - rank(b) })
	return unique(append(found, customaryPlaces(base)...))
}

func rank(c Candidate) int {
	if strings.Contains(strings.ToLower(c.URL+" "+c.Title), "comment") {
		return 1
	}
	return 0
}

func unique(list []Candidate) []Candidate {
	var out []Candidate
	seen := map[string]bool{"": true}
	for _, c := range list {
		if !seen[c.URL] && len(out) < maxCandidates {
			seen[c.URL] = true
			out = append(out, c)
		}
	}
	return out
}

// advertised tells which format a link says it leads to; false when it is no
// link to a feed. "application/json" alone is an interface for programs more
// often than a feed, so the address must say "feed" too.
func advertised(l linkElement) (Format, bool) {
	rels := strings.Fields(l.rel)
	if slices.Contains(rels, "stylesheet") || !slices.Contains(rels, "alternate") && !slices.Contains(rels, "feed") && !slices.Contains(rels, "sitemap") {
		return "", false
	}
	kind, _, _ := strings.Cut(l.kind, ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/rdf+xml", "application/x-rss+xml", "text/rss+xml", "text/rss":
		return RSS, true
	case "application/atom+xml", "application/x-atom+xml", "text/atom+xml":
		return Atom, true
	case "application/feed+json":
		return JSONFeed, true
	case "application/json":
		return JSONFeed, strings.Contains(strings.ToLower(l.href), "feed")
	case "text/xml", "application/xml", "":
		switch {
		case slices.Contains(rels, "sitemap"):
			return Sitemap, true
		case slices.Contains(rels, "feed"):
			return "", true
		}
		f, ok := feedPath(l.href)
		return f, ok && kind != ""
	}
	return "", slices.Contains(rels, "feed")
}

// feedAnchor reports whether a link plainly leads to a feed.
func feedAnchor(a anchor) (Format, bool) {
	u, err := url.Parse(a.url)
	if err != nil {
		return "", false
	}
	if f, ok := feedPath(u.Path); ok {
		return f, true
	}
	if q := strings.ToLower(u.RawQuery); q == "feed=rss" || q == "feed=rss2" || q == "format=rss" || q == "output=rss" {
		return RSS, true
	} else if q == "feed=atom" || q == "format=atom" {
		return Atom, true
	}
	switch strings.ToLower(a.text) {
	case "rss", "rss feed", "rss-feed", "xml feed":
		return RSS, true
	case "atom", "atom feed":
		return Atom, true
	case "json feed":
		return JSONFeed, true
	}
	return "", false
}

// feedPath tells a feed by the last segment of its path.
func feedPath(p string) (Format, bool) {
	p = strings.ToLower(strings.TrimRight(p, "/"))
	last := p[strings.LastIndexByte(p, '/')+1:]
	switch {
	case strings.HasSuffix(last, ".rss"), strings.HasSuffix(last, ".rdf"), last == "rss", last == "rss.xml", last == "rss.php", last == "rss2.xml":
		return RSS, true
	case strings.HasSuffix(last, ".atom"), last == "atom", last == "atom.xml":
		return Atom, true
	case last == "feed.json":
		return JSONFeed, true
	case last == "feed", last == "feed.xml", strings.HasSuffix(last, "-rss.xml"), strings.HasSuffix(last, "_rss.xml"):
		return "", true
	}
	return "", false
}

// customaryPlaces are the addresses at which feeds and sitemaps of a host are
// usually found.
func customaryPlaces(base *url.URL) []Candidate {
	if base == nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil
	}
	var out []Candidate
	for _, p := range []struct {
		path   string
		format Format
	}{
		{"/feed", ""}, {"/rss", RSS}, {"/rss.xml", RSS}, {"/feed.xml", ""}, {"/atom.xml", Atom}, {"/index.xml", ""}, {"/feed.json", JSONFeed},
		{"/news-sitemap.xml", NewsSitemap}, {"/sitemap-news.xml", NewsSitemap}, {"/sitemap.xml", Sitemap},
	} {
		out = append(out, Candidate{webURL(base, p.path), "", p.format, OriginPath})
	}
	return out
}

// linkHeader reads the value of a Link header (RFC 8288, section 3).
func linkHeader(value string) []linkElement {
	var out []linkElement
	for len(out) < maxCandidates {
		_, rest, ok := strings.Cut(value, "<")
		if !ok {
			break
		}
		href, rest, ok := strings.Cut(rest, ">")
		if !ok {
			break
		}
		l := linkElement{href: href}
		l.params(&rest)
		out = append(out, l)
		value = rest
	}
	return out
}

// params reads ;name=value pairs up to a comma outside of quotes, and takes
// them from s. The first of a name counts.
func (l *linkElement) params(s *string) {
	for {
		rest := strings.TrimLeft(*s, " \t;")
		end := strings.IndexAny(rest, "=;,")
		if end < 0 || rest[end] == ',' {
			*s = rest[max(0, end):]
			return
		}
		name, value := strings.ToLower(strings.TrimSpace(rest[:end])), ""
		if rest[end] == '=' {
			value, rest = paramValue(strings.TrimLeft(rest[end+1:], " \t"))
		} else {
			rest = rest[end:]
		}
		*s = rest
		for _, p := range []struct {
			name string
			to   *string
		}{{"rel", &l.rel}, {"type", &l.kind}, {"title", &l.title}} {
			if p.name == name && *p.to == "" {
				*p.to = oneLine(value)
			}
		}
		if name != "title" {
			l.rel, l.kind = strings.ToLower(l.rel), strings.ToLower(l.kind)
		}
	}
}

// paramValue reads a token or quoted string at the start of s.
func paramValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
