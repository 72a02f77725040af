package extract

import "stet/internal/news"

const (
	describedShare = 0.8 // of the words, both ways, from which a piece is what the page says of itself
	leadWords      = 6   // fewest words of a standfirst that no mark names
)

// reviseLead corrects the choice of the standfirst where the page's own
// description of the article speaks against it. A heading that says the
// headline again is none; the paragraph before the body that the page gives as
// its description is one, even where it is marked as a teaser: many layouts
// print the teaser of the article at its top.
func (d *document) reviseLead() {
	if d.start < 0 {
		return
	}
	if d.lead >= 0 && (d.titled(&d.pieces[d.lead]) || d.pieces[d.lead].sure() && !d.continues(d.lead)) {
		d.lead = -1
	}
	if d.lead >= 0 && d.pieces[d.lead].level == 0 {
		return
	}
	wanted := d.summaries()
	for i := d.start + 1; i < len(d.pieces) && i <= d.start+leadReach; i++ {
		p := &d.pieces[i]
		if p.votes >= 2 && d.inRun(i) {
			return
		}
		if d.canLead(p) && wanted.match(p) {
			if d.continues(i) {
				d.lead = i
			}
			return
		}
	}
}

// continues reports whether voted prose follows a piece: what stands alone is
// the text of a short report, not its standfirst.
func (d *document) continues(i int) bool {
	for j := i + 1; j < len(d.pieces); j++ {
		if p := &d.pieces[j]; p.sure() && len(p.tokens) >= leadWords && p.Kind != news.Caption {
			return true
		}
	}
	return false
}

// titled reports whether a piece shows one of the headlines.
func (d *document) titled(p *piece) bool {
	if p.level == 0 {
		return false
	}
	for _, s := range d.headline.variants {
		if news.Key(s) == p.Key {
			return true
		}
	}
	return false
}

// canLead reports whether a piece has the form of a standfirst.
func (d *document) canLead(p *piece) bool {
	return !p.Soft && p.Kind != news.Caption && !p.byline && !p.landmark && p.link == 0 && len(p.tokens) >= leadWords &&
		len(p.Text) <= maxStandfirst && !d.titled(p) && d.teased(p.box)
}

// teased reports whether nothing but a word for teasers marks what is around a
// piece.
func (d *document) teased(b *box) bool {
	for ; b != nil; b = b.outer {
		if t := d.marks[b.word]; b.word != "teaser" && (t == nil || !t.void) {
			return false
		}
	}
	return true
}

// inRun reports whether a piece and the next paragraph stand in one container
// and are both voted: then the body has begun.
func (d *document) inRun(i int) bool {
	c := d.pieces[i].container()
	for j := i + 1; j < len(d.pieces) && j <= i+3; j++ {
		if q := &d.pieces[j]; q.votes >= 2 && len(q.tokens) >= longPiece && q.container() == c {
			return true
		}
	}
	return false
}

// Summaries are the words of the descriptions that the page declares.
type summaries []summary

// A summary is the words of one description, in order and as a set.
type summary struct {
	words []uint64
	set   map[uint64]bool
}

func (d *document) summaries() summaries {
	var out summaries
	for _, s := range d.descriptions() {
		if w := tokens(s); len(w) >= leadWords {
			out = append(out, summary{w, setOf(w)})
		}
	}
	return out
}

// match reports whether a piece says what a description says, or begins as
// one that is cut short.
func (s summaries) match(p *piece) bool {
	for _, w := range s {
		if back := shareIn(p.tokens, w.set); back >= describedShare && overlap(w.words, p.tokens)*back >= describedShare {
			return true
		}
	}
	return false
}
