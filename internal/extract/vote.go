package extract

import (
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// Limits of the libraries, whose time grows faster than their input.
const (
	trafilaturaBlocks   = 1500
	trafilaturaElements = 20000
	trafilaturaText     = 1 << 20 // bytes
	readabilityBlocks   = 20000
	readabilityElements = 50000
	readabilityText     = 4 << 20 // bytes
)

// minBody is the number of bytes below which a body is thought a misreading
// and weaker evidence is asked.
const minBody = 200

// The voters: go-trafilatura, go-readability, and the JSON-LD articleBody.
const (
	byTrafilatura = iota
	byReadability
	byLinked
	voters
)

// voteBody marks the pieces that make up the article's body.
func (d *document) voteBody() {
	c := d.newCopier()
	d.listen([voters][]uint64{tokens(d.trafilatura(c)), tokens(d.readability(c.again())), tokens(d.linkedBody())})
	d.settle(learned())
}

// listen counts the votes, given the words of each voter's text, and finds what
// hangs on them: the marks that are void, headline and standfirst.
func (d *document) listen(texts [voters][]uint64) {
	most := max(len(texts[byTrafilatura]), len(texts[byReadability]))
	heard := 0
	for who, words := range texts {
		if len(words) < 2*longPiece || float64(len(words)) < quietShare*float64(most) {
			continue
		}
		g := newGramSet(len(words))
		g.add(words)
		d.vote(who, g)
		heard++
	}
	d.need = min(2, heard)
	d.weighBoxes(d.need)
	d.readHeadline()
	d.reviseLead()
}

// settle marks the body. What is marked already is forgotten.
func (d *document) settle(w *Weights) {
	d.weigh(w)
	for _, weaker := range []func(){
		func() { d.judge(1) },
		func() { d.structure() },
	} {
		if d.bodySize() >= minBody {
			break
		}
		weaker()
	}
	d.bridge()
	d.embrace()
	d.fillGaps()
	d.trim()
	d.shown = len(d.pieces)
	d.declare()
}

// quietShare is the share of the words that the most talkative library found,
// below which a voter has missed the article and is not counted.
const quietShare = 0.2

// trafilatura is the article's text by go-trafilatura.
func (d *document) trafilatura(c *copier) (text string) {
	if len(d.pieces) > trafilaturaBlocks || d.elements > trafilaturaElements || d.size > trafilaturaText {
		return ""
	}
	defer func() {
		if recover() != nil { // a panic of the library is a vote not given
			text = ""
		}
	}()
	o := trafilatura.Options{
		OriginalURL:      d.page.URL,
		ExcludeComments:  true,
		HtmlDateOverride: &htmldate.Result{DateTime: time.Unix(0, 0)},
	}
	r, err := trafilatura.ExtractDocument(c.pruned(d.root), o)
	if err == nil && r != nil && r.ContentText == lastResort { // it needs the whole page
		r, err = trafilatura.ExtractDocument(d.root, o)
	}
	if err != nil || r == nil || r.ContentNode == nil {
		return ""
	}
	return nodeText(r.ContentNode)
}

// readability is the article's text by go-readability.
func (d *document) readability(c *copier) (text string) {
	if len(d.pieces) > readabilityBlocks || d.elements > readabilityElements || d.size > readabilityText {
		return ""
	}
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	parser := readability.NewParser()
	parser.DisableJSONLD, parser.KeepClasses = true, true
	a, err := parser.ParseAndMutate(c.tree(d.root), nil) // without an address links stay as they are
	if err != nil || a.Node == nil {
		return ""
	}
	return nodeText(a.Node)
}

// linkedBody is the article's text by its JSON-LD, which may be HTML.
func (d *document) linkedBody() string {
	if !strings.ContainsRune(d.ld.body, '<') {
		return d.ld.body
	}
	root, err := html.Parse(strings.NewReader(d.ld.body))
	if err != nil {
		return d.ld.body
	}
	return nodeText(root)
}

// nodeText is all text of a tree, elements parted by a space where they begin
// lines.
func nodeText(root *html.Node) string {
	var b strings.Builder
	each(root, func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
		case html.ElementNode:
			if isBlock(n.DataAtom) || n.Data == "br" {
				b.WriteByte('\n')
			}
		}
	})
	return b.String()
}

// vote counts one voter's votes. A piece of few words may stand anywhere in a
// voter's text by chance, so it needs a neighbour of that vote.
func (d *document) vote(who int, g *gramSet) {
	d.heard[who] = true
	long := make([]bool, len(d.pieces))
	for i := range d.pieces {
		p := &d.pieces[i]
		long[i] = len(p.tokens) >= longPiece && g.holds(p.tokens)
		if long[i] {
			p.voted[who] = true
			p.votes++
		}
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		if n := len(p.tokens); n > 0 && n < longPiece && g.holds(p.tokens) && d.neighbour(long, i) {
			p.voted[who] = true
			p.votes++
		}
	}
}

// neighbour reports whether the nearest long piece before or after i is voted.
func (d *document) neighbour(voted []bool, i int) bool {
	for _, step := range [...]int{-1, 1} {
		for j, far := i+step, 0; j >= 0 && j < len(voted) && far < 12; j, far = j+step, far+1 {
			if len(d.pieces[j].tokens) >= longPiece {
				if voted[j] {
					return true
				}
				break
			}
		}
	}
	return false
}

// judge takes the pieces with enough votes into the body.
func (d *document) judge(need int) {
	for i := range d.pieces {
		p := &d.pieces[i]
		p.Body = need > 0 && p.votes >= need && i != d.start && i != d.lead && !p.furniture()
	}
}

// structure takes what stands in the main or article element and is neither
// furniture nor soft: the fail-safe when the voters see nothing.
func (d *document) structure() {
	for i := range d.pieces {
		p := &d.pieces[i]
		p.Body = p.Body || p.inArticle && !p.landmark && !p.Soft && i > d.start && i != d.lead && !p.furniture()
	}
}

// boxShare is the share of the page's voted text from which a marked element
// is thought to be part of the article.
const boxShare = 0.25

// hardShare is boxShare for consent dialogues, which may be longer than the
// article that they cover.
const hardShare = 0.9

// weighBoxes voids the marks that hold a good part of the text: a word that
// marks so much of it is a word for the whole.
func (d *document) weighBoxes(need int) {
	voted, all := 0, 0
	tallies := map[string]*tally{}
	for i := range d.pieces {
		p := &d.pieces[i]
		if len(p.Text) < prosePiece || p.Soft {
			continue
		}
		vote := 0
		if p.votes >= max(need, 1) {
			vote = len(p.Text)
		}
		voted, all = voted+vote, all+len(p.Text)
		for b := p.box; b != nil; b = b.outer {
			t := tallies[b.word]
			if t == nil {
				t = &tally{}
				tallies[b.word] = t
			}
			if t.last != i+1 { // once a piece, though boxes of a word may nest
				t.voted, t.all, t.last = t.voted+vote, t.all+len(p.Text), i+1
			}
		}
	}
	for word, t := range tallies {
		share := boxShare
		if consentWord(word) {
			share = hardShare
		}
		t.void = float64(t.voted) > share*float64(voted) || voted == 0 && !consentWord(word) && t.all*2 > all
	}
	d.marks = tallies
	for i := range d.pieces {
		d.pieces[i].boxed = d.boxed(d.pieces[i].box)
	}
}

// A tally sums up the text in all elements that one word marks.
type tally struct {
	voted, all int // bytes
	last       int // number of the piece counted last
	void       bool
}

// boxed reports whether any mark around a piece stands.
func (d *document) boxed(b *box) bool {
	for ; b != nil; b = b.outer {
		if t := d.marks[b.word]; t == nil || !t.void {
			return true
		}
	}
	return false
}

// furniture reports whether generic marks call the piece's part of the page
// something else than the article, or a rule of the user does.
func (p *piece) furniture() bool { return p.boxed || p.Rule != 0 }

// bodySize is the number of bytes of core text found.
func (d *document) bodySize() int {
	n := 0
	for i := range d.pieces {
		if p := &d.pieces[i]; p.core() {
			n += len(p.Text)
		}
	}
	return n
}

// core reports whether a piece is article text that can make a version.
func (p *piece) core() bool { return p.Body && !p.Soft && p.Kind != news.Caption && p.Rule == 0 }

// bridge takes pieces with some vote that stand beside body pieces: an
// extractor's doubt about some paragraphs of a run.
func (d *document) bridge() {
	containers := map[*html.Node]int{}
	sure, doubtful := 0, 0
	for i := range d.pieces {
		p := &d.pieces[i]
		switch {
		case p.core():
			sure += len(p.Text)
			if len(p.tokens) >= longPiece {
				containers[p.container()]++
			}
		case p.votes > 0 && !p.Soft && !p.furniture():
			doubtful += len(p.Text)
		}
	}
	if doubtful < sure {
		return
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		if !p.Body && p.votes > 0 && i != d.start && i != d.lead && !p.furniture() && containers[p.container()] >= bridgePiers {
			p.Body = true
		}
	}
}

// embrace takes all text of the body's home element, when the voters took most
// of its prose: then the element is the article, and what they left out (table
// rows, short lists) is text that may change. Only on pages that declare no
// article; where one is declared the voters know better.
func (d *document) embrace() {
	home := d.home()
	if d.ld.found || home == nil {
		return
	}
	inside, taken := 0, 0
	for i := range d.pieces {
		p := &d.pieces[i]
		if p.Soft || p.furniture() || p.landmark || len(p.Text) < prosePiece || !p.within(home) {
			continue
		}
		inside += len(p.Text)
		if p.Body {
			taken += len(p.Text)
		}
	}
	if float64(taken) < embraceShare*float64(inside) {
		return
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		p.Body = p.Body || !p.landmark && i > d.start && i != d.lead && !p.furniture() && p.within(home)
	}
}

// Shares of the home element.
const (
	homeShare    = 0.9 // of the body that it holds
	embraceShare = 0.6 // of its prose that the voters must have taken
)

// fillGaps takes the short pieces, list items and table rows that stand among
// body pieces in the home element: crossheads and table data are too short for
// the voters, yet they are text that may change.
func (d *document) fillGaps() {
	home := d.home()
	first, last := d.span()
	for i := first + 1; i < last; i++ {
		p := &d.pieces[i]
		if p.Body || p.Soft || p.furniture() || p.landmark || i == d.start || i == d.lead || p.Kind == news.Caption {
			continue
		}
		if p.rootOf() == home && (len(p.tokens) < longPiece || p.Kind != news.Paragraph) {
			p.Body = true
		}
	}
}

// rootOf is the element in which the piece, or the list or table around it,
// stands.
func (p *piece) rootOf() *html.Node {
	for n := p.parent; n != nil; n = n.Parent {
		if up := n.Parent; up != nil && !partOf(up.DataAtom) {
			return up
		}
	}
	return nil
}

// partOf reports whether an element is a part of running text rather than a
// frame around it.
func partOf(a atom.Atom) bool {
	switch a {
	case atom.Ul, atom.Ol, atom.Dl, atom.Li, atom.Dd, atom.Dt, atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Blockquote, atom.P:
		return true
	}
	return false
}

// home is the lowest element that holds nearly all of the body.
func (d *document) home() *html.Node { return d.homeOf((*piece).core) }

// homeOf is the lowest element that holds nearly all pieces that count.
func (d *document) homeOf(counts func(*piece) bool) *html.Node {
	held := map[*html.Node]int{}
	size := 0
	for i := range d.pieces {
		if p := &d.pieces[i]; counts(p) {
			size += len(p.Text)
			for n := p.parent; n != nil; n = n.Parent {
				held[n] += len(p.Text)
			}
		}
	}
	if size == 0 {
		return nil
	}
	n := d.root
	for {
		var next *html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if float64(held[c]) >= homeShare*float64(size) {
				next = c
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
}

// within reports whether a piece stands below n.
func (p *piece) within(n *html.Node) bool {
	for x := p.parent; x != nil; x = x.Parent {
		if x == n {
			return true
		}
	}
	return false
}

// bridgePiers is how many body pieces a container must hold for its others to
// be believed on one vote.
const bridgePiers = 2

// container is the element that holds the piece's block element.
func (p *piece) container() *html.Node {
	if p.parent == nil {
		return nil
	}
	if p.item && p.parent.Parent != nil { // a list stands in the container, its items in the list
		return p.parent.Parent.Parent
	}
	return p.parent.Parent
}

// declaredShare is how much of the body that JSON-LD declares must be found on
// the page; below it the declaration is taken for the text.
const declaredShare = 0.5

// declare appends the body that JSON-LD declares as pieces of the page, when
// the page shows less than half of it: some pages build their text by script.
func (d *document) declare() {
	text := d.linkedBody()
	if d.bodySize() >= int(declaredShare*float64(len(text))) || len(text) < minBody {
		return
	}
	for i := range d.pieces {
		d.pieces[i].Body = false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line = tidy(line); line == "" {
			continue
		}
		if len(d.pieces) >= MaxPageBlocks {
			d.cut = true
			return
		}
		p := piece{tokens: tokens(line)}
		p.Text, p.Kind, p.Key, p.Body = line, news.Paragraph, news.Key(line), true
		p.Rule = ruleOn(d.page.Ignore[:min(len(d.page.Ignore), MaxIgnore)], 0, line)
		d.pieces = append(d.pieces, p)
	}
}
