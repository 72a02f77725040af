package extract

import (
	"strings"

	"stet/internal/news"
)

// A headline is the title of the article and all its variants.
type headline struct {
	shown    string
	variants []string
}

const (
	maxHeadline   = 1000 // bytes
	maxStandfirst = 2000 // bytes
	leadReach     = 15   // pieces after the headline in which the standfirst stands
)

// readHeadline picks the headline: an h1 that another source confirms, else
// what two sources agree on, else the best of what there is. What the page
// shows goes before what it only declares.
func (d *document) readHeadline() {
	var shown []int
	for i := range d.pieces {
		if p := &d.pieces[i]; p.level == 1 && len(p.Text) <= maxHeadline {
			shown = append(shown, i)
			d.headline.variants = append(d.headline.variants, p.Text)
		}
	}
	declared := d.declaredHeadlines()
	d.headline.variants = append(d.headline.variants, declared...)
	d.headline.shown, d.start = d.pickHeadline(shown, declared)
	if d.start < 0 {
		d.start = d.find(d.headline.shown)
	}
	d.lead = d.findLead()
}

// declaredHeadlines are the titles outside the text, best first.
func (d *document) declaredHeadlines() []string {
	var out []string
	out = append(out, d.ld.headlines...)
	for _, s := range []string{d.metaOf("og:title"), d.metaOf("twitter:title"), d.metaOf("parsely-title", "dc.title", "title", "headline"), d.title} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (d *document) pickHeadline(shown []int, declared []string) (string, int) {
	site := d.metaOf("og:site_name")
	for _, loose := range []bool{false, true} {
		for _, i := range shown {
			for _, s := range declared {
				if agree(d.pieces[i].Text, s, site, loose) {
					return d.pieces[i].Text, i
				}
				if title, ok := afterKicker(d.pieces[i].Text, s); ok {
					return title, i
				}
			}
		}
	}
	for i, a := range declared {
		for _, b := range declared[i+1:] {
			if a != d.title && news.Fold(a) == news.Fold(b) {
				if len(shown) == 1 && d.pieces[shown[0]].inArticle && !d.pieces[shown[0]].furniture() {
					return d.pieces[shown[0]].Text, shown[0]
				}
				return stripSite(a, site), -1
			}
		}
	}
	for _, i := range shown {
		if p := &d.pieces[i]; !p.landmark && len(p.Text) > 3 {
			return p.Text, i
		}
	}
	if len(declared) > 0 {
		return stripSite(clip(declared[0], maxHeadline), site), -1
	}
	for i := range d.pieces {
		if p := &d.pieces[i]; p.level == 2 && !p.landmark {
			return p.Text, i
		}
	}
	return "", -1
}

// agree reports whether two titles are the same but for the name of the site;
// loosely, when the shorter holds most of the longer's words.
func agree(a, b, site string, loose bool) bool {
	fa, fb := strings.ToLower(news.Fold(a)), strings.ToLower(news.Fold(b))
	if fa == fb || fa == strings.ToLower(news.Fold(stripSite(b, site))) {
		return true
	}
	if len(fa) > 15 && strings.HasPrefix(fb, fa) {
		return true
	}
	return loose && len(fa) > 15 && overlap(tokens(fa), tokens(fb)) >= 0.6
}

// afterKicker gives the declared title when the shown one is a kicker and that
// title ("Local news The hall stays open").
func afterKicker(shown, declared string) (string, bool) {
	fs, fd := news.Fold(shown), news.Fold(declared)
	return declared, len(fd) > 15 && len(fd)*2 > len(fs) && strings.HasSuffix(fs, " "+fd)
}

// overlap is the share of the words of a that are in b.
func overlap(a, b []uint64) float64 {
	if len(a) == 0 {
		return 0
	}
	in := make(map[uint64]bool, len(b))
	for _, w := range b {
		in[w] = true
	}
	n := 0
	for _, w := range a {
		if in[w] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// stripSite takes the name of the source off the end of a title.
func stripSite(s, site string) string {
	for _, sep := range []string{" | ", " - ", " – ", " — ", " • ", " · ", " :: ", " » ", "｜", " / "} {
		i := strings.LastIndex(s, sep)
		if i <= 0 {
			continue
		}
		head, tail := s[:i], s[i+len(sep):]
		if site != "" && strings.EqualFold(strings.TrimSpace(tail), site) {
			return head
		}
		if len(strings.Fields(tail)) <= 4 && len(head) > len(tail) && len(strings.Fields(head)) >= 3 {
			return head
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

// findLead looks for the standfirst: a piece soon after the headline that is
// marked as one, or that is the page's own description of the article.
func (d *document) findLead() int {
	if d.start < 0 {
		return -1
	}
	wanted := map[uint64]bool{}
	for _, s := range d.descriptions() {
		wanted[news.Key(s)] = true
	}
	described := -1
	for i := d.start + 1; i < len(d.pieces) && i <= d.start+leadReach; i++ {
		p := &d.pieces[i]
		if p.furniture() || p.Soft || p.Kind == news.Caption || p.byline || len(p.Text) > maxStandfirst || len(p.tokens) < 4 {
			continue
		}
		if p.place.lead || d.pieces[i].level == 2 && wanted[p.Key] {
			return i
		}
		if described < 0 && wanted[p.Key] && d.alone(i) {
			described = i
		}
	}
	return described
}

// alone reports whether a piece does not stand in one container with the next
// paragraphs, as the first paragraph of a body does.
func (d *document) alone(i int) bool {
	p := d.pieces[i].parent
	if p == nil {
		return false
	}
	for j := i + 1; j < len(d.pieces) && j <= i+3; j++ {
		if q := d.pieces[j].parent; q != nil && q.Parent == p.Parent {
			return false
		}
	}
	return true
}

// descriptions are the summaries that the page declares.
func (d *document) descriptions() []string {
	out := append([]string(nil), d.ld.description...)
	for _, name := range []string{"description", "og:description", "twitter:description"} {
		out = append(out, d.meta[name]...)
	}
	return out
}

// standfirst is the text of the standfirst, or empty.
func (d *document) standfirst() string {
	if d.lead < 0 {
		return ""
	}
	return d.pieces[d.lead].Text
}

// extra gives the keys of all headlines and summaries, with and without the
// name of the site.
func (d *document) extra() []uint64 {
	var out []uint64
	seen := map[uint64]bool{}
	put := func(s string) {
		if k := news.Key(s); s != "" && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	site := d.metaOf("og:site_name")
	put(d.headline.shown)
	for _, s := range d.headline.variants {
		put(s)
		put(stripSite(s, site))
	}
	put(d.standfirst())
	for _, s := range d.descriptions() {
		put(s)
	}
	return out
}
