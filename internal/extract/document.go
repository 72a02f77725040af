package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"

	"stet/internal/news"
)

// A document is a page on its way through Read.
type document struct {
	page       Page
	text       string     // the whole page
	root       *html.Node // its tree, without the texts of scripts and styles
	pieces     []piece
	meta       map[string][]string // content of meta elements by lower-case name, property or itemprop
	title      string              // the title element
	lang       string              // lang of the html or main element
	links      map[string]string   // first href by lower-case rel
	ld         linked
	elements   int
	nodes      int // of all kinds
	attributes int // of all elements
	size       int // bytes of text in all pieces
	cut        bool
	heard      [voters]bool      // which voters had something to say
	shown      int               // pieces that the page shows; JSON-LD may add more
	vectors    []vector          // what is weighed of the pieces; nil before
	need       int               // votes that make a piece body
	marks      map[string]*tally // furniture words of the page; nil before they are weighed
	headline   headline
	signs      []signed // names of the authors that do not hang on the body
	signsRead  bool
	speech     speech
	target     string // where the page sends its reader, when it does nothing else
	lead       int    // index of the standfirst among the pieces; -1 = none
	start      int    // index of the piece that shows the headline; -1 = none
}

func newDocument(p Page) *document {
	d := &document{page: p, meta: map[string][]string{}, links: map[string]string{}, lead: -1, start: -1}
	body := p.Body
	if len(body) > MaxHTML {
		body, d.cut = body[:MaxHTML], true
	}
	d.text = decode(body, p.ContentType)
	if d.root = parse(cutScripts(d.text)); d.root == nil {
		return nil
	}
	d.readHead()
	d.ld = readLinked(d.root)
	live := d.isLive()
	var cut bool
	rules := p.Ignore[:min(len(p.Ignore), MaxIgnore)]
	d.pieces, cut = segment(d.root, live, rules)
	d.cut = d.cut || cut
	for i := range d.pieces {
		d.size += len(d.pieces[i].Text)
		d.pieces[i].Soft = softText(&d.pieces[i]) || live && moreText(&d.pieces[i])
	}
	return d
}

// readHead collects what the page says of itself in meta, link, title and
// lang, and counts elements.
func (d *document) readHead() {
	each(d.root, func(n *html.Node) {
		d.nodes++
		if n.Type != html.ElementNode {
			return
		}
		d.elements, d.attributes = d.elements+1, d.attributes+len(n.Attr)
		switch n.DataAtom {
		case atom.Meta:
			d.readMeta(n)
		case atom.Link:
			for _, rel := range strings.Fields(strings.ToLower(attr(n, "rel"))) {
				if d.links[rel] == "" {
					d.links[rel] = strings.TrimSpace(attr(n, "href"))
				}
			}
		case atom.Title:
			if d.title == "" && n.FirstChild != nil && n.Namespace == "" {
				d.title = tidy(n.FirstChild.Data)
			}
		case atom.Html, atom.Main, atom.Article:
			fill(&d.lang, strings.TrimSpace(attr(n, "lang")))
		}
	})
}

func (d *document) readMeta(n *html.Node) {
	content := tidy(attr(n, "content"))
	if content == "" {
		return
	}
	for _, key := range [...]string{"property", "name", "itemprop"} {
		if k := strings.ToLower(strings.TrimSpace(attr(n, key))); k != "" {
			d.meta[k] = append(d.meta[k], content)
		}
	}
}

// tidy collapses white space.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// metaOf is the first content of the first name that the page has.
func (d *document) metaOf(names ...string) string {
	for _, n := range names {
		if v := d.meta[n]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func (d *document) isLive() bool {
	if d.ld.live {
		return true
	}
	live := false
	each(d.root, func(n *html.Node) {
		live = live || n.Type == html.ElementNode && strings.HasSuffix(attr(n, "itemtype"), "LiveBlogPosting")
	})
	return live
}

// isArticle reports whether the page calls itself an article.
func (d *document) isArticle() bool {
	return d.ld.found || strings.EqualFold(d.metaOf("og:type"), "article") || d.metaOf("article:published_time") != ""
}

// canonical is the address by which the page names itself, if it is absolute
// or can be made so and stays within the registrable domain of the page.
func (d *document) canonical() string {
	for _, ref := range []string{d.links["canonical"], d.metaOf("og:url"), d.ld.url} {
		u := d.resolve(ref)
		if u == nil || d.page.URL != nil && !sameDomain(u, d.page.URL) {
			continue
		}
		u.Fragment, u.RawFragment = "", ""
		return u.String()
	}
	return ""
}

func (d *document) resolve(ref string) *url.URL {
	if ref == "" {
		return nil
	}
	u, err := url.Parse(ref)
	if err != nil {
		return nil
	}
	if d.page.URL != nil {
		u = d.page.URL.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return nil
	}
	return u
}

// sameDomain reports whether two addresses have one registrable domain; hosts
// that have none (IP addresses, localhost) must be equal.
func sameDomain(a, b *url.URL) bool {
	ha, hb := strings.ToLower(a.Hostname()), strings.ToLower(b.Hostname())
	if ha == hb {
		return true
	}
	da, errA := publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(ha, "."))
	db, errB := publicsuffix.EffectiveTLDPlusOne(strings.TrimSuffix(hb, "."))
	return errA == nil && errB == nil && da == db
}

// result puts together what was read.
func (d *document) result() Result {
	r := Result{
		Outcome:   news.OK,
		Blocks:    make([]Block, len(d.pieces)),
		Canonical: d.canonical(),
	}
	for i := range d.pieces {
		r.Blocks[i] = d.pieces[i].Block
	}
	r.Content = d.content()
	r.Extra = d.extra()
	r.Home = pathTo(d.home())
	return r
}
