package extract

import (
	"strings"
	"unicode/utf8"

	"stet/internal/news"
)

const (
	titleShare = 0.9 // of the headline's words, from which a heading repeats it
	kickers    = 10  // most words that such a heading may add to it
	tinyPiece  = 4   // words of the longest line that is furniture when it is repeated
	bioReach   = 4   // words before the author's name in a note about the author
	earlyShare = 0.2 // of the body that may stand before the headline and be none
)

// trim takes out of the body what its place shows to be no text of the
// article, though voters see it: they look at containers, and these stand in
// the article's own.
func (d *document) trim() {
	d.trimHead()
	names := d.authorWords()
	repeated := d.repeated()
	for i := range d.pieces {
		p := &d.pieces[i]
		if !p.core() {
			continue
		}
		if p.isNames(names) || d.isNews() && (d.introducesLinks(i) || repeated[p.Key]) {
			p.Body = false
		}
	}
	d.trimTail(names)
}

// trimHead takes out headings above the first paragraph that repeat the
// headline, with a kicker perhaps, and short lines before the headline.
func (d *document) trimHead() {
	first := d.firstLong()
	if first == len(d.pieces) { // a report of a sentence or two may say the headline again
		return
	}
	title := tokens(d.headline.shown)
	early, all := 0, 0
	for i := range d.pieces {
		if p := &d.pieces[i]; p.core() {
			all += len(p.Text)
			if i < d.start {
				early += len(p.Text)
			}
		}
	}
	for i := 0; i < first; i++ {
		p := &d.pieces[i]
		again := len(title) > 0 && len(p.tokens) <= len(title)+kickers && overlap(title, p.tokens) >= titleShare
		above := i < d.start && len(p.tokens) < 2*longPiece && float64(early) < earlyShare*float64(all)
		if again || above {
			p.Body = false
		}
	}
}

// firstLong is the index of the first paragraph of the body that is long
// enough to be prose; the number of pieces when there is none.
func (d *document) firstLong() int {
	for i := range d.pieces {
		if p := &d.pieces[i]; p.core() && p.level == 0 && len(p.tokens) >= 4*longPiece {
			return i
		}
	}
	return len(d.pieces)
}

// introducesLinks reports whether a heading, or a line without a stop that is
// as short, stands above a link to another page: a heading of the article
// introduces text.
func (d *document) introducesLinks(i int) bool {
	p := &d.pieces[i]
	if p.level == 0 && (len(p.tokens) > tinyPiece || p.item || p.Kind == news.TableRow || stopped(p.Text)) || i+1 >= len(d.pieces) {
		return false
	}
	q := &d.pieces[i+1]
	return !q.core() && q.Kind != news.Caption && q.link*2 > len(q.Text)
}

// stopped reports whether a text ends as a sentence does.
func stopped(text string) bool {
	return strings.ContainsRune(".!?…:。！？：؟।", endRune(text))
}

// endRune is the last character of a text, closing quotation marks and
// brackets left out.
func endRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "\"'”“»«’)] \u00a0"))
	return r
}

// authorWords are the words of the authors' names.
func (d *document) authorWords() map[uint64]bool {
	out := map[uint64]bool{}
	for _, name := range d.believedAuthors() {
		for _, w := range tokens(name) {
			out[w] = true
		}
	}
	return out
}

// isNames reports whether a short line holds the authors' names and no other
// words but one, such as "by".
func (p *piece) isNames(names map[uint64]bool) bool {
	if len(p.tokens) > 2*longPiece || len(p.tokens) < 2 || p.level > 0 || stopped(p.Text) {
		return false
	}
	other := 0
	for _, w := range p.tokens {
		if !names[w] {
			other++
		}
	}
	return other*3 <= len(p.tokens)-1 && other <= 2
}

// repeated are the keys of the tiny lines that the page shows more than once:
// labels, buttons.
func (d *document) repeated() map[uint64]bool {
	count := map[uint64]int{}
	for i := range d.pieces {
		if p := &d.pieces[i]; len(p.tokens) <= tinyPiece && p.level == 0 && !p.item && p.Kind == news.Paragraph && !stopped(p.Text) {
			count[p.Key]++
		}
	}
	out := map[uint64]bool{}
	for k, n := range count {
		if n > 1 {
			out[k] = true
		}
	}
	return out
}

// trimTail takes from the end of the body, while it ends so: notes about the
// author, lines of copyright.
func (d *document) trimTail(names map[uint64]bool) {
	for i := len(d.pieces) - 1; i >= 0; i-- {
		p := &d.pieces[i]
		if !p.core() {
			continue
		}
		if !p.isBio(names) && !strings.HasPrefix(p.Text, "©") {
			return
		}
		p.Body = false
	}
}

// isBio reports whether a piece begins with an author's name, two words of it
// at least.
func (p *piece) isBio(names map[uint64]bool) bool {
	run := 0
	for i, w := range p.tokens {
		if !names[w] {
			run = 0
			if i > bioReach {
				return false
			}
			continue
		}
		if run++; run >= 2 {
			return i <= bioReach+1
		}
	}
	return false
}
