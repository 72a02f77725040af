package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// A headline is the title of the article and all its variants.
type headline struct {
	shown    string
	variants []string
}

// A title is what one origin gives as the headline.
type title struct{ origin, text string }

const (
	maxHeadline   = 1000 // bytes
	maxStandfirst = 2000 // bytes
	leadReach     = 15   // pieces after the headline in which the standfirst stands
	maxKicker     = 60   // bytes of the line above a headline that is set into it
	minTitle      = 15   // bytes from which part of a title is enough to know it
	looseShare    = 0.6  // of the words of a title that another holds
	titleWords    = 5    // from which an h1 is a headline rather than a label, whatever is declared
	cutTitle      = 80   // bytes from which a title may have been cut by a limit
)

// readHeadline picks the headline: an h1 that another origin confirms, else
// what two origins agree on, else the best of what there is. What the page
// shows goes before what it only declares, since that is what readers see
// change.
func (d *document) readHeadline() {
	var shown []int
	for i := range d.pieces {
		if p := &d.pieces[i]; p.level == 1 && len(p.Text) <= maxHeadline {
			shown = append(shown, i)
			d.headline.variants = append(d.headline.variants, p.Text)
		}
	}
	declared := d.declaredTitles()
	for _, t := range declared {
		d.headline.variants = append(d.headline.variants, t.text)
	}
	d.headline.shown, d.start = d.pickHeadline(shown, declared)
	if d.start < 0 {
		d.start = d.find(d.headline.shown)
	}
	d.lead = d.findLead()
}

// declaredTitles are the titles outside the text, best first.
func (d *document) declaredTitles() (out []title) {
	add := func(origin string, list ...string) {
		for _, s := range list {
			if s != "" {
				out = append(out, title{origin, clip(s, maxHeadline)})
			}
		}
	}
	add("json-ld", d.ld.headlines...)
	add("og", d.metaOf("og:title"))
	add("json-ld other", d.ld.others...)
	add("twitter", d.metaOf("twitter:title"))
	add("meta", d.metaOf("parsely-title", "dc.title", "sailthru.title", "headline", "title"))
	add("title", d.title)
	return out
}

// siteNames are the names by which the source calls itself.
func (d *document) siteNames() []string {
	out := append(append([]string(nil), d.meta["og:site_name"]...), d.ld.sites...)
	return append(out, d.metaOf("application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone"))
}

func (d *document) pickHeadline(shown []int, declared []title) (string, int) {
	shown, sites := d.leaveSites(shown, declared)
	titles := make([]string, len(declared))
	var heads []string // those meant for this very place
	for i, t := range declared {
		titles[i] = stripSite(t.text, sites...)
		if t.origin != "json-ld other" {
			heads = append(heads, titles[i])
		}
	}
	if i, ok := d.confirmed(shown, titles); ok {
		return d.tidyHeadline(i, heads, sites), i
	}
	if s := agreed(declared, titles); s != "" {
		for _, i := range shown {
			if p := &d.pieces[i]; !p.landmark && !p.furniture() && (len(p.tokens) >= titleWords || related(p.Text, s)) {
				return d.tidyHeadline(i, heads, sites), i
			}
		}
		return s, -1
	}
	for _, i := range shown {
		if p := &d.pieces[i]; !p.landmark && len(p.Text) > 3 {
			return d.tidyHeadline(i, heads, sites), i
		}
	}
	if len(titles) > 0 {
		return uncut(titles[0], titles), -1
	}
	for i := range d.pieces {
		if p := &d.pieces[i]; p.level == 2 && !p.landmark {
			return p.Text, i
		}
	}
	return "", -1
}

// leaveSites leaves out the h1 elements that only name the source, and adds
// them to its names: one that says what a site name says, or that the title
// element puts beside a longer title of the page.
func (d *document) leaveSites(shown []int, declared []title) (rest []int, sites []string) {
	for _, s := range d.siteNames() {
		if s != "" {
			sites = append(sites, s)
		}
	}
	for _, i := range shown {
		text := d.pieces[i].Text
		if d.besideTitle(text, declared) || named(text, sites) && len(shown)+len(declared) > 1 && !inTitles(text, declared) {
			sites = append(sites, text)
			continue
		}
		rest = append(rest, i)
	}
	return rest, sites
}

// named reports whether a text is one of the names.
func named(text string, names []string) bool {
	for _, s := range names {
		if strings.EqualFold(news.Fold(s), news.Fold(text)) {
			return true
		}
	}
	return false
}

func inTitles(text string, declared []title) bool {
	for _, t := range declared {
		if t.origin != "title" && strings.EqualFold(news.Fold(t.text), news.Fold(text)) {
			return true
		}
	}
	return false
}

// besideTitle reports whether the title element is a longer title and, at an
// end of it, this text: then the text names the site.
func (d *document) besideTitle(text string, declared []title) bool {
	whole, part := strings.ToLower(news.Fold(d.title)), strings.ToLower(news.Fold(text))
	if part == "" || inTitles(text, declared) {
		return false
	}
	for _, sep := range separators {
		sep = strings.TrimSpace(news.Fold(sep))
		if rest, ok := strings.CutSuffix(whole, sep+" "+part); ok && len(rest) > len(part) {
			return true
		}
		if rest, ok := strings.CutPrefix(whole, part); ok && inTitles(strings.TrimPrefix(strings.TrimSpace(rest), sep), declared) {
			return true
		}
	}
	return false
}

// confirmed is the first h1 that a declared title agrees with, strictly if one
// does, else loosely.
func (d *document) confirmed(shown []int, titles []string) (int, bool) {
	for _, loose := range []bool{false, true} {
		for _, i := range shown {
			for _, s := range titles {
				if agree(d.pieces[i].Text, s, loose) {
					return i, true
				}
				if _, ok := afterKicker(d.pieces[i].Text, s); ok {
					return i, true
				}
			}
		}
	}
	return 0, false
}

// agreed is the first title that two origins give alike, or empty.
func agreed(declared []title, titles []string) string {
	for i, a := range titles {
		for j := i + 1; j < len(titles); j++ {
			if declared[i].origin != declared[j].origin && news.Fold(a) == news.Fold(titles[j]) {
				return a
			}
		}
	}
	return ""
}

// related reports whether two titles share a good part of their words.
func related(a, b string) bool {
	return len(a) > minTitle && overlap(tokens(a), tokens(b)) >= relatedShare || overlap(tokens(b), tokens(a)) >= relatedShare
}

// relatedShare is the share of words by which two titles tell of one thing.
const relatedShare = 0.3

// agree reports whether a title shown and a declared one are the same, or one
// the beginning of the other; loosely, when the declared one holds most of the
// words of the shown.
func agree(a, b string, loose bool) bool {
	fa, fb := strings.ToLower(news.Fold(a)), strings.ToLower(news.Fold(b))
	if fa == fb || letterKey(fa) == letterKey(fb) && fa != "" {
		return true
	}
	if len(fa) > minTitle && strings.HasPrefix(fb, fa) || len(fb) > minTitle && strings.HasPrefix(fa, fb) {
		return true
	}
	return loose && len(fa) > minTitle && overlap(tokens(fa), tokens(fb)) >= looseShare
}

// tidyHeadline is the text of an h1 without what is set into it beside the
// headline: a kicker, a label, the name of the site. Where an h1 is made of
// parts and the page also declares them joined, that is how it is given.
func (d *document) tidyHeadline(i int, titles, sites []string) string {
	p := &d.pieces[i]
	text := stripNamed(p.Text, sites)
	if kicker, parts := headParts(p.parent); parts {
		for _, s := range titles {
			if letterKey(s) == letterKey(text) && rxJoin.MatchString(s) {
				return s
			}
		}
		if rest, ok := strings.CutPrefix(p.Text, kicker); ok && kicker != "" && len(kicker) <= maxKicker {
			if rest = strings.TrimLeft(rest, " :|–—-"); rest != "" {
				return rest
			}
		}
	}
	for _, s := range titles {
		if title, ok := afterKicker(text, s); ok {
			return title
		}
	}
	return text
}

// rxJoin matches what stands between a kicker and a headline in one line.
var rxJoin = regexp.MustCompile(`\S(:| [-–—/|]) \S`)

// headParts gives the text of the first element in an h1 when its marks call
// it a kicker, and whether the h1 is made of parts at all.
func headParts(n *html.Node) (kicker string, parts bool) {
	if n == nil || n.DataAtom != atom.H1 {
		return "", false
	}
	each(n, func(c *html.Node) {
		if c == n || c.Type != html.ElementNode || c.DataAtom == atom.Br || c.DataAtom == atom.Wbr {
			return
		}
		parts = true
		eachMark(c, func(w string) {
			if kicker == "" && kickerWord(w) {
				kicker = tidy(nodeText(c))
			}
		})
	})
	return kicker, parts
}

// kickerWord reports whether a word marks the line above a headline.
func kickerWord(w string) bool {
	switch w {
	case "kicker", "overline", "topline", "dachzeile", "eyebrow", "roofline", "spitzmarke", "supertitle", "pretitle", "suptitle", "surtitle", "surtitre",
		"antetitulo", "antetítulo", "cintillo", "volanta", "occhiello", "vignet", "vignette", "chapeau", "label", "category", "rubric", "rubrik", "section", "flag", "badge", "tag", "prefix":
		return true
	}
	return false
}

// afterKicker gives the declared title when the shown one is a kicker and that
// title ("Local news The hall stays open").
func afterKicker(shown, declared string) (string, bool) {
	fs, fd := news.Fold(shown), news.Fold(declared)
	head, ok := strings.CutSuffix(fs, " "+fd)
	return declared, ok && head != "" && len(fd) > minTitle && len(fd)*2 > len(fs) && len(head) <= maxKicker
}

// uncut gives the longer title where one was cut by a limit of length.
func uncut(s string, titles []string) string {
	for _, t := range titles {
		if len(s) >= cutTitle && len(t) > len(s) && strings.HasPrefix(news.Fold(t), strings.TrimRight(news.Fold(s), " .")) {
			return t
		}
	}
	return s
}

// overlap is the share of the words of a that are in b.
func overlap(a, b []uint64) float64 { return shareIn(a, setOf(b)) }

func setOf(words []uint64) map[uint64]bool {
	in := make(map[uint64]bool, len(words))
	for _, w := range words {
		in[w] = true
	}
	return in
}

// shareIn is the share of the words of a that are in a set.
func shareIn(a []uint64, in map[uint64]bool) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for _, w := range a {
		if in[w] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// separators stand between a title and the name of the site.
var separators = [...]string{" | ", " - ", " – ", " — ", " • ", " · ", " :: ", " » ", " « ", "｜", " / ", "_", "--", ": "}

// stripSite takes the name of the source off the ends of a title: its own name
// wherever it stands, else a short tail.
func stripSite(s string, sites ...string) string {
	if t := stripNamed(s, sites); t != s {
		return t
	}
	for _, sep := range separators[:11] {
		i := strings.LastIndex(s, sep)
		if i <= 0 {
			continue
		}
		head, tail := s[:i], s[i+len(sep):]
		if len(strings.Fields(tail)) <= 4 && len(head) > len(tail) && len(strings.Fields(head)) >= 3 {
			return head
		}
	}
	return s
}

// stripNamed takes names of the source off the ends of a title.
func stripNamed(s string, sites []string) string {
	for _, sep := range separators {
		if i := strings.LastIndex(s, sep); i > 0 && named(s[i+len(sep):], sites) {
			return strings.TrimSpace(s[:i])
		}
		if i := strings.Index(s, sep); i > 0 && i+len(sep) < len(s) && named(s[:i], sites) {
			return strings.TrimSpace(s[i+len(sep):])
		}
	}
	return s
}

// find is the first piece with this text, or -1.
func (d *document) find(text string) int {
	if text == "" {
		return -1
	}
	key := news.Key(text)
	for i := range d.pieces {
		if d.pieces[i].Key == key && !d.pieces[i].furniture() {
			return i
		}
	}
	return -1
}
