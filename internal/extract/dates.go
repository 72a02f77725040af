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

// maxTimes is how many time elements of a page are read.
const maxTimes = 200

// A dated is a date and who says it.
type dated struct {
	origin string
	at     time.Time
}

// A dating is all that a page says of its dates, best first.
type dating struct{ published, modified []dated }

// Names of meta elements that hold dates; those of Open Graph are a claim of
// their own.
var (
	publishedGraph = []string{"article:published_time", "og:article:published_time", "og:published_time"}
	publishedMeta  = []string{"datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date.created", "parsely-pub-date", "sailthru.date", "publishdate", "pubdate", "publish-date", "publication_date", "citation_publication_date", "article.published", "cxenseparse:recs:publishtime", "datecreated"}
	modifiedGraph  = []string{"article:modified_time", "og:updated_time", "og:article:modified_time"}
	modifiedMeta   = []string{"datemodified", "last-modified", "dcterms.modified", "dc.date.modified", "lastmod", "revised", "article.updated"}
)

// dates gives when the article was published and last modified, by the page's
// own word. JSON-LD is believed before meta, meta before time elements, those
// before what stands in the text. A guess is made for published only, and only
// when the page says nothing, for such a guess always finds something. The
// Last-Modified header dates the response, not the article: it is a claim and
// never more.
func (d *document) dates() (x dating) {
	add := func(list *[]dated, origin string, t time.Time) {
		if !t.IsZero() {
			*list = append(*list, dated{origin, t})
		}
	}
	tp, tm := d.timeElements()
	vp, vm := d.visibleDates()
	add(&x.published, "json-ld", parseDate(d.ld.published))
	add(&x.published, "og", d.metaDate(publishedGraph))
	add(&x.published, "meta", d.metaDate(publishedMeta))
	add(&x.published, "time", tp)
	add(&x.published, "text", vp)
	if len(x.published) == 0 {
		add(&x.published, "guess", d.guessDate())
	}
	add(&x.modified, "json-ld", parseDate(d.ld.modified))
	add(&x.modified, "og", d.metaDate(modifiedGraph))
	add(&x.modified, "meta", d.metaDate(modifiedMeta))
	add(&x.modified, "time", tm)
	add(&x.modified, "text", vm)
	add(&x.modified, "http", parseDate(d.page.LastModified))
	return x
}

// believed is the first date that is more than a claim of the server.
func believed(list []dated) time.Time {
	for _, x := range list {
		if x.origin != "http" {
			return x.at
		}
	}
	return time.Time{}
}

func (d *document) metaDate(names []string) time.Time {
	for _, n := range names {
		if t := firstDate(d.meta[n]...); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// timeElements reads time elements that say what they are; an unmarked one
// near the headline is the date of publication.
func (d *document) timeElements() (published, modified time.Time) {
	var near time.Time
	looked := 0
	each(d.root, func(n *html.Node) {
		if n.Type != html.ElementNode || looked >= maxTimes {
			return
		}
		item := strings.ToLower(attr(n, "itemprop"))
		if n.DataAtom != atom.Time && (n.DataAtom == atom.Meta || !strings.HasPrefix(item, "date")) {
			return
		}
		t := firstDate(attr(n, "datetime"), attr(n, "content"))
		if t.IsZero() {
			return
		}
		if looked++; d.voiced(n) {
			return
		}
		marks := item + " " + strings.ToLower(attr(n, "class"))
		switch {
		case strings.Contains(marks, "modif") || strings.Contains(marks, "updat"):
			setDate(&modified, t)
		case strings.Contains(marks, "publ") || strings.Contains(item, "created") || hasAttr(n, "pubdate"):
			setDate(&published, t)
		case n.DataAtom == atom.Time:
			setDate(&near, t)
		}
	})
	setDate(&published, near)
	return published, modified
}

// voiced reports whether an element stands in a part of the page that tells of
// other things: comments, teasers, navigation.
func (d *document) voiced(n *html.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Type == html.ElementNode && otherVoice(up) {
			return true
		}
	}
	return false
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
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102T150405Z0700", "20060102", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02", "2006.01.02 15:04", "2006.01.02",
	time.RFC1123, time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon Jan 02 2006 15:04:05 GMT-0700", "Mon Jan 2 15:04:05 MST 2006",
	"January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", "January 2, 2006 3:04 PM", "Jan 2, 2006 3:04 PM", "02.01.2006 15:04", "02.01.2006",
	"Monday, January 2, 2006", "Mon, Jan 2, 2006", "2006-01-02 15:04:05.999999999Z07:00",
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
