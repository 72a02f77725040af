package extract

import "stet/internal/news"

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
