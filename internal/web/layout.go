package web

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"stet/internal/store"
)

// layout is what every page has around its own part.
type layout struct {
	Site      siteInfo
	Title     string // of the document; the name of the instance is added
	Nav       string // which entry of the menu is the current one
	Feeds     []feedLink
	NoIndex   bool   // search engines shall not keep it (K29)
	Generator string // the extractor that made the text (K28)
	Original  string // address of the article at its publisher (K28)
	Query     string // what the search box holds
	Now       time.Time
	Admin     bool // the reader is the administrator
	Totals    *store.Totals
}

// siteInfo is what every page says of the instance.
type siteInfo struct{ Name, Contact, Version, CSS, JS, Icon string }

// A feedLink is a feed of the page, for the head of the document and its foot.
type feedLink struct{ Type, Name, Title, Href string }

// bareLayout is the layout without the store: an error page must not fail.
func (s *Site) bareLayout(r *http.Request, title string) layout {
	return layout{
		Site: siteInfo{
			Name: s.name, Contact: s.contact, Version: s.program,
			CSS: s.statics["stet.css"].URL, JS: s.statics["stet.js"].URL, Icon: s.statics["icon.svg"].URL,
		},
		Title: title, Now: s.now(), Admin: s.access.open(r),
	}
}

// layout adds the totals of the footer (K40), of this second: they are sums over
// all sources, and every page shows them.
func (s *Site) layout(r *http.Request, nav, title string) (layout, error) {
	l := s.bareLayout(r, title)
	l.Nav = nav
	t, err := s.totals(r.Context())
	if err != nil {
		return l, err
	}
	l.Totals = &t
	return l, nil
}

// feedsAt are the feeds at an address without its ending.
func feedsAt(title, path, query string) []feedLink {
	return []feedLink{
		{"application/rss+xml", "RSS", title, withQuery(path+".rss", query)},
		{"application/atom+xml", "Atom", title + " (Atom)", withQuery(path+".atom", query)},
		{"application/feed+json", "JSON Feed", title + " (JSON Feed)", withQuery(path+".json", query)},
	}
}

// plainName is what an extractor's name may look like in the head of a page:
// nothing that could be an address or markup.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,79}$`)

// generator is the name of an extractor for the head of a page; empty when it
// is not plain, because a meta element is no place for surprises.
func generator(name string) string {
	name = strings.ReplaceAll(name, "/", " ")
	if !plainName.MatchString(name) {
		return ""
	}
	return name
}

// host is what a request's Host may hold, when it becomes part of addresses.
var host = regexp.MustCompile(`^[A-Za-z0-9.\-_\[\]:]{1,255}$`)

// baseOf is the address of this instance for links that leave it.
func (s *Site) baseOf(r *http.Request) (string, error) {
	if s.base != "" {
		return s.base, nil
	}
	if !host.MatchString(r.Host) {
		return "", refuse(http.StatusBadRequest, "This request names no proper host", "Set the public address of the instance.")
	}
	if r.TLS != nil {
		return "https://" + r.Host, nil
	}
	return "http://" + r.Host, nil
}
