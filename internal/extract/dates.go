package extract

import (
	"strings"
	"time"

	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The span of years that a page's dates may have.
const (
	firstYear = 1990
	lastYear  = 2100
)

// dates gives when the article was published and last modified, by the page's
// own word; zero when it does not say. A guess from the text is made for
// published only, for such a guess always finds something.
func (d *document) dates() (published, modified time.Time) {
	published = firstDate(d.ld.published, d.metaOf("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date", "publishdate", "pubdate", "publish-date"))
	modified = firstDate(d.ld.modified, d.metaOf("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod", "revised"))
	if published.IsZero() || modified.IsZero() {
		p, m := d.timeElements()
		if published.IsZero() {
			published = p
		}
		if modified.IsZero() {
			modified = m
		}
	}
	if published.IsZero() {
		published = d.guessDate()
	}
	return published, modified
}

// timeElements reads time elements that say what they are; an unmarked one
// near the headline is the date of publication.
func (d *document) timeElements() (published, modified time.Time) {
	var near time.Time
	each(d.root, func(n *html.Node) {
		if n.Type != html.ElementNode || n.DataAtom != atom.Time {
			return
		}
		t := parseDate(attr(n, "datetime"))
		if t.IsZero() {
			return
		}
		marks := strings.ToLower(attr(n, "itemprop") + " " + attr(n, "class"))
		switch {
		case strings.Contains(marks, "modif") || strings.Contains(marks, "updat"):
			setDate(&modified, t)
		case strings.Contains(marks, "publ") || hasAttr(n, "pubdate"):
			setDate(&published, t)
		default:
			setDate(&near, t)
		}
	})
	setDate(&published, near)
	return published, modified
}

func setDate(dst *time.Time, t time.Time) {
	if dst.IsZero() {
		*dst = t
	}
}

// guessDate asks go-htmldate, the last resort: it always answers.
func (d *document) guessDate() (t time.Time) {
	if d.elements > trafilaturaElements || d.size > trafilaturaText {
		return time.Time{}
	}
	defer func() {
		if recover() != nil { // a panic of the library is no date
			t = time.Time{}
		}
	}()
	limit := time.Date(lastYear, 12, 31, 0, 0, 0, 0, time.UTC)
	if lm := parseDate(d.page.LastModified); !lm.IsZero() {
		limit = lm.AddDate(0, 0, 1) // nothing is published after it was written
	}
	o := htmldate.Options{UseOriginalDate: true, SkipExtensiveSearch: true, MinDate: time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC), MaxDate: limit}
	if d.page.URL != nil {
		o.URL = d.page.URL.String()
	}
	r, err := htmldate.FromDocument(parse(d.text), o) // dates may stand in scripts
	if err != nil || r.IsZero() {
		return time.Time{}
	}
	y, m, day := r.DateTime.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}

func firstDate(list ...string) time.Time {
	for _, s := range list {
		if t := parseDate(s); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

var dateLayouts = [...]string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999Z07", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04Z0700", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05 MST",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102T150405Z0700", "20060102", "2006/01/02 15:04:05", "2006/01/02",
	time.RFC1123, time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon Jan 02 2006 15:04:05 GMT-0700", "Mon Jan 2 15:04:05 MST 2006",
	"January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", "January 2, 2006 3:04 PM", "Jan 2, 2006 3:04 PM", "02.01.2006 15:04", "02.01.2006",
}

// parseDate reads the forms of date that pages declare; a time without a zone
// is taken as UTC. It is zero when the date is not one, or not between 1990
// and 2100.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if i := strings.Index(s, " ("); i > 0 { // "GMT+0100 (British Summer Time)"
		s = s[:i]
	}
	if len(s) < 8 || len(s) > 60 {
		return time.Time{}
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			t = t.UTC().Truncate(time.Second)
			if t.Year() < firstYear || t.Year() > lastYear {
				return time.Time{}
			}
			return t
		}
	}
	return time.Time{}
}
