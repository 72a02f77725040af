package feed

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// parseSitemap reads a sitemap, sitemap index or news sitemap, which text
// begins with. It is read token by token; only the entries are kept.
func parseSitemap(text string, base *url.URL) Document {
	r := sitemapReader{scan: scanner{src: text}, base: base}
	r.doc.Format = Sitemap
	for {
		t, ok := r.scan.next()
		if !ok {
			break
		}
		r.token(t)
	}
	r.finish()
	return r.doc
}

// A sitemapReader remembers where in a sitemap it is.
type sitemapReader struct {
	scan   scanner
	base   *url.URL
	doc    Document
	entry  Entry
	inside string // "url" or "sitemap" within such an element, else empty
	field  string // element of it whose text is being read, by vocabulary
	text   strings.Builder

	extra, bare int // entries past the limit; entries without an address
}

// token takes the next token. Ends of other elements than entries only end the
// text of a field, so that unclosed and misspelt ones do no harm.
func (r *sitemapReader) token(t token) {
	switch t.kind {
	case textToken:
		if r.field != "" && r.text.Len() < maxURL {
			r.text.WriteString(t.text)
		}
	case startToken:
		switch name := localName(t.name); name {
		case "sitemapindex":
			r.doc.Format = SitemapIndex
		case "url", "sitemap":
			r.flush()
			r.inside = name
		default:
			r.field = sitemapField(t.name)
			r.text.Reset()
		}
	case endToken:
		if name := localName(t.name); name == "url" || name == "sitemap" {
			r.flush()
			return
		}
		r.take()
	}
}

// sitemapField names the element if it is read. Images and videos have a loc
// and a title too, told apart by their prefix.
func sitemapField(name string) string {
	local := localName(name)
	switch p := prefix(name); {
	case p == "image" || p == "video" || p == "xhtml":
		return ""
	case local == "loc" || local == "lastmod" || local == "publication_date" ||
		local == "title" || local == "keywords" || local == "language":
		return local
	}
	return ""
}

// take puts the text of a field that ended into the entry.
func (r *sitemapReader) take() {
	text := oneLine(r.text.String())
	if r.inside == "" {
		r.field = ""
	}
	switch r.field {
	case "loc":
		if r.full() {
			r.entry.URL = "-" // will not be kept; only that there is one is told
			break
		}
		r.entry.URL = firstOf(r.entry.URL, webURL(r.base, text))
	case "lastmod":
		r.entry.Updated = parseDate(text)
	case "publication_date":
		r.entry.Published = parseDate(text)
		r.news()
	case "title":
		r.entry.Title = plain(text)
		r.news()
	case "language":
		r.entry.Language = text
	case "keywords":
		for _, k := range strings.Split(text, ",") {
			r.entry.Categories = appendNew(r.entry.Categories, plain(k))
		}
	}
	r.field = ""
}

// full reports whether no more entries are taken.
func (r *sitemapReader) full() bool {
	return len(r.doc.Entries)+len(r.doc.Sitemaps) >= MaxSitemapURLs
}

// news marks the document as a news sitemap: an element of its vocabulary was
// seen, which is surer than the declaration of a namespace that many carry
// without use.
func (r *sitemapReader) news() {
	if r.doc.Format == Sitemap {
		r.doc.Format = NewsSitemap
	}
}

// flush ends the entry that is being read, if any.
func (r *sitemapReader) flush() {
	if r.field != "" {
		r.take()
	}
	inside, e := r.inside, r.entry
	r.inside, r.entry = "", Entry{}
	switch {
	case inside == "":
	case e.URL == "":
		r.bare++
	case r.full():
		r.extra++
	case inside == "sitemap":
		r.doc.Sitemaps = append(r.doc.Sitemaps, e)
	default:
		r.doc.Entries = append(r.doc.Entries, e)
	}
}

// finish ends the document and notes what was left out.
func (r *sitemapReader) finish() {
	r.flush()
	if r.bare > 0 {
		r.doc.Mended = append(r.doc.Mended, count(r.bare, "entry", "entries")+" without an address left out")
	}
	if r.extra > 0 {
		r.doc.Mended = append(r.doc.Mended, count(r.extra, "entry", "entries")+" "+pastLimit(MaxSitemapURLs))
	}
	if n := len(r.doc.Entries); r.doc.Format == NewsSitemap && n > MaxEntries {
		r.doc.Entries = newest(r.doc.Entries, MaxEntries)
		r.doc.Mended = append(r.doc.Mended, count(n-MaxEntries, "older entry", "older entries")+" "+pastLimit(MaxEntries))
	}
}

// newest keeps the n entries with the latest dates, in their order.
func newest(entries []Entry, n int) []Entry {
	date := func(e Entry) time.Time {
		if e.Published.After(e.Updated) {
			return e.Published
		}
		return e.Updated
	}
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return date(entries[b]).Compare(date(entries[a])) })
	order = order[:n]
	slices.Sort(order)
	kept := make([]Entry, n)
	for i, at := range order {
		kept[i] = entries[at]
	}
	return kept
}
