package extract

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// What is weighed of a piece in the first pass. All values are from 0 to 1,
// but the length, which grows with the logarithm of the words.
const (
	fBias = iota
	fTrafilatura
	fReadability
	fLinked
	fBoth
	fUnlinked // JSON-LD declares a body, and not this
	fLength
	fShort
	fLinks
	fStop
	fColon
	fCommas
	fSentences
	fNoLower
	fSign // begins with a sign that no sentence begins with
	fHeading
	fTopHeading
	fItem
	fQuotation
	fRow
	fLandmark
	fInArticle
	fByline
	fLeadMark
	fEarly // before the headline
	fDescribed
	fLate     // after the last sure paragraph
	fSiblings // sure share of the text beside it in its container
	fHome     // in the element that holds nearly all that is sure
	fEmphatic // wholly in italics or small print
	fAddress
	fAlike // sure share of the text that is marked up alike
	fAgreement
	fAgreedReadability
	features
)

// Features names what is weighed, in the order of the weights: first pass,
// then what the second adds.
func Features() (first, second []string) {
	return strings.Fields(`bias trafilatura readability linked both unlinked length short links stop colon commas
		sentences no-lower sign heading top-heading item quotation row landmark in-article byline lead-mark early
		described late siblings home emphatic address alike agreement agreed-readability`),
		strings.Fields(`own before after before-3 after-3 best-before best-after read-share`)
}

type vector [features]float64

const (
	shortPiece = 12 // words, below which a piece is short
	surePiece  = 10 // words, from which a sure piece marks where the body is
	fullLength = 8  // binary logarithm of the words that make length 1
	fullCommas = 5  // commas that make commas 1
	fullStops  = 4  // stops that make sentences 1
)

// sure reports whether the voters are at one about a piece.
func (p *piece) sure() bool { return p.votes >= 2 && !p.Soft && !p.boxed }

// mayBody reports whether piece i can be core text at all.
func (d *document) mayBody(i int) bool {
	p := &d.pieces[i]
	return i != d.start && i != d.lead && !p.Soft && !p.furniture() && p.Kind != news.Caption
}

// A share is how much of some text is sure, in bytes.
type share struct{ sure, all int }

// without is the sure share of what is left when a piece is taken away.
func (s *share) without(p *piece) float64 {
	own := 0
	if p.sure() {
		own = len(p.Text)
	}
	return ratio(s.sure-own, s.all-len(p.Text))
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// A survey is what the features of single pieces are measured against.
type survey struct {
	containers map[*html.Node]*share
	shapes     map[markup]*share
	home       *html.Node
	last       int // index of the last sure long piece; -1 = none
	agreement  float64
	agreedR    float64
	wanted     summaries
}

// describe gives the vector of each piece that may be body, once the voters
// have spoken.
func (d *document) describe() []vector {
	s := d.survey()
	out := make([]vector, len(d.pieces))
	for i := range d.pieces {
		if d.mayBody(i) {
			p, v := &d.pieces[i], &out[i]
			d.describeVotes(p, v)
			describeText(p, v)
			describePlace(p, v)
			s.describe(p, v)
			v[fEarly], v[fLate] = bit(i < d.start), bit(i > s.last)
		}
	}
	return out
}

func (d *document) survey() *survey {
	s := &survey{containers: map[*html.Node]*share{}, shapes: map[markup]*share{}, home: d.homeOf((*piece).sure), last: -1, wanted: d.summaries()}
	both, t, r := 0, 0, 0
	for i := range d.pieces {
		p := &d.pieces[i]
		n, sure := len(p.Text), 0
		if p.sure() {
			sure = n
			if len(p.tokens) >= surePiece {
				s.last = i
			}
		}
		addShare(s.containers, p.container(), sure, n)
		addShare(s.shapes, markupOf(p), sure, n)
		if p.voted[byTrafilatura] {
			t += n
		}
		if p.voted[byReadability] {
			r += n
		}
		if p.voted[byTrafilatura] && p.voted[byReadability] {
			both += n
		}
	}
	s.agreement, s.agreedR = ratio(both, t+r-both), ratio(both, r)
	return s
}

func addShare[K comparable](m map[K]*share, k K, sure, all int) {
	s := m[k]
	if s == nil {
		s = &share{}
		m[k] = s
	}
	s.sure, s.all = s.sure+sure, s.all+all
}

func (d *document) describeVotes(p *piece, v *vector) {
	v[fBias] = 1
	v[fTrafilatura], v[fReadability], v[fLinked] = bit(p.voted[byTrafilatura]), bit(p.voted[byReadability]), bit(p.voted[byLinked])
	v[fBoth] = v[fTrafilatura] * v[fReadability]
	v[fUnlinked] = bit(d.heard[byLinked] && !p.voted[byLinked])
}

// describeText measures the text itself.
func describeText(p *piece, v *vector) {
	v[fLength] = math.Log2(1+float64(len(p.tokens))) / fullLength
	v[fShort] = bit(len(p.tokens) < shortPiece)
	v[fLinks] = min(1, ratio(p.link, len(p.Text)))
	end := endRune(p.Text)
	v[fStop], v[fColon] = bit(strings.ContainsRune(".!?…。！？؟।", end)), bit(end == ':' || end == '：')
	start, _ := utf8.DecodeRuneInString(p.Text)
	v[fSign] = bit(strings.ContainsRune("©(*[—–-•>→|#+@/", start))
	v[fAddress] = bit(strings.Contains(p.Text, "@") || strings.Contains(p.Text, "http") || strings.Contains(p.Text, "www."))
	commas, stops, lowers, letters := 0, 0, 0, 0
	for _, c := range p.Text {
		switch {
		case c == ',' || c == '，' || c == '、' || c == '،':
			commas++
		case c == '.' || c == '。' || c == '!' || c == '?':
			stops++
		case unicode.IsLower(c):
			lowers++
			letters++
		case unicode.IsLetter(c):
			letters++
		}
	}
	v[fCommas], v[fSentences] = min(1, float64(commas)/fullCommas), min(1, float64(stops)/fullStops)
	v[fNoLower] = bit(letters > 0 && lowers == 0)
}

// describePlace tells what marks the piece and what is around it.
func describePlace(p *piece, v *vector) {
	v[fHeading], v[fTopHeading] = bit(p.level > 0), bit(p.level == 1)
	v[fItem], v[fQuotation], v[fRow] = bit(p.item), bit(p.quote), bit(p.Kind == news.TableRow)
	v[fLandmark], v[fInArticle] = bit(p.landmark), bit(p.inArticle)
	v[fByline], v[fLeadMark] = bit(p.byline), bit(p.place.lead)
	v[fEmphatic] = bit(p.emphatic())
}

func (s *survey) describe(p *piece, v *vector) {
	v[fDescribed] = bit(s.wanted.match(p))
	v[fSiblings] = s.containers[p.container()].without(p)
	v[fAlike] = s.shapes[markupOf(p)].without(p)
	v[fHome] = bit(s.home != nil && p.within(s.home))
	v[fAgreement], v[fAgreedReadability] = s.agreement, s.agreedR*v[fReadability]
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// emphatic reports whether the piece's element holds one element that is set
// in italics or small print, and nothing else.
func (p *piece) emphatic() bool {
	for n := p.parent; n != nil; {
		var only *html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.CommentNode || c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
				continue
			}
			if only != nil || c.Type != html.ElementNode {
				return false
			}
			only = c
		}
		if only == nil {
			return false
		}
		switch only.DataAtom {
		case atom.Em, atom.I, atom.Small:
			return true
		}
		n = only
	}
	return false
}

// A markup is how a piece is marked up: its element and class, and those of the
// element around it.
type markup struct{ tag, class, outerTag, outerClass string }

func markupOf(p *piece) (s markup) {
	if p.parent == nil {
		return s
	}
	s.tag, s.class = p.parent.Data, attr(p.parent, "class")
	if q := p.parent.Parent; q != nil {
		s.outerTag, s.outerClass = q.Data, attr(q, "class")
	}
	return s
}
