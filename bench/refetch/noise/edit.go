package noise

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// An EditKind is a sort of change that a publisher makes to an article.
type EditKind string

// The kinds of edit.
const (
	EditWord      EditKind = "word"      // one word of a paragraph is replaced
	EditSentence  EditKind = "sentence"  // a paragraph gets one more sentence
	EditParagraph EditKind = "paragraph" // a new paragraph of one sentence
	EditRemoval   EditKind = "removal"   // a paragraph is taken out
	EditHeadline  EditKind = "headline"  // a word of the headline is replaced, wherever the page says it
)

// EditKinds lists every kind.
func EditKinds() []EditKind {
	return []EditKind{EditWord, EditSentence, EditParagraph, EditRemoval, EditHeadline}
}

// An Edit is one change of the article.
type Edit struct {
	Kind EditKind
	// Old and New are what the text said and says: of a word or headline some
	// text around it, of a sentence or paragraph only New, of a removal only
	// Old.
	Old, New string
	// Block and Became are the whole paragraph before and after; empty where
	// there is none.
	Block, Became string

	at       int // paragraph
	from, to string
}

// minEditable is the length of a paragraph that is edited, in characters.
const minEditable = 60

// Plan draws an edit of a kind that does not touch the paragraphs of others.
// False when the page has no place for it.
func (p *Page) Plan(kind EditKind, others []Edit, seed uint64) (Edit, bool) {
	t, err := p.parse()
	if err != nil {
		return Edit{}, false
	}
	r := rand.New(rand.NewPCG(p.seed^seed, 4))
	if kind == EditHeadline {
		return t.planHeadline(r, others)
	}
	for _, at := range r.Perm(len(t.paragraphs)) {
		n := t.paragraphs[at]
		if at == 0 || at == len(t.paragraphs)-1 || n.Data != "p" && n.Data != "div" || touched(others, at) || !t.once(n) {
			continue
		}
		if e, ok := p.plan(t, kind, at, r); ok {
			return e, true
		}
	}
	return Edit{}, false
}

// touched reports whether an edit stands at a paragraph or beside it.
func touched(others []Edit, at int) bool {
	for _, o := range others {
		if o.Kind != EditHeadline && o.at-1 <= at && at <= o.at+1 {
			return true
		}
	}
	return false
}

// once reports whether a paragraph is long enough and its text stands nowhere
// else on the page.
func (t *tree) once(n *html.Node) bool {
	s := text(n)
	return utf8.RuneCountInString(s) >= minEditable && strings.Count(text(t.top), s) == 1
}

func (p *Page) plan(t *tree, kind EditKind, at int, r *rand.Rand) (Edit, bool) {
	n := t.paragraphs[at]
	e := Edit{Kind: kind, at: at, Block: text(n)}
	switch kind {
	case EditRemoval:
		e.Old, e.from = e.Block, e.Block
		return e, true
	case EditSentence:
		e.New = p.source.words.say(r, "sentence")
		e.to = e.New
		e.Became = e.Block + " " + e.New
		return e, true
	case EditParagraph:
		e.Block, e.New = "", p.source.words.say(r, "sentence")
		e.to, e.Became = e.New, e.New
		return e, true
	}
	var ok bool
	if e.from, e.to, ok = t.reword(n, at, r); !ok {
		return e, false
	}
	e.Old, e.New = news.Fold(e.from), news.Fold(e.to)
	e.Became = strings.Replace(e.Block, squeeze(e.from), squeeze(e.to), 1)
	return e, e.Became != e.Block
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// planHeadline replaces a word of the text node of the h1 that says most.
func (t *tree) planHeadline(r *rand.Rand, others []Edit) (Edit, bool) {
	if t.title == nil {
		return Edit{}, false
	}
	for _, o := range others {
		if o.Kind == EditHeadline {
			return Edit{}, false
		}
	}
	from, to, ok := t.reword(t.title, -1, r)
	if !ok {
		return Edit{}, false
	}
	return Edit{Kind: EditHeadline, Old: news.Fold(from), New: news.Fold(to), from: strings.TrimSpace(from), to: strings.TrimSpace(to), at: -1}, true
}

// reword gives the longest text node of n, and the same with one word replaced
// by one from another paragraph. Scripts that write no spaces have two
// characters replaced.
func (t *tree) reword(n *html.Node, at int, r *rand.Rand) (from, to string, ok bool) {
	eachText(n, func(x *html.Node) {
		if len(x.Data) > len(from) {
			from = x.Data
		}
	})
	donor := t.paragraphs[r.IntN(len(t.paragraphs))]
	if at >= 0 && donor == t.paragraphs[at] {
		donor = t.paragraphs[(at+1)%len(t.paragraphs)]
	}
	mine, theirs := longWords(from), longWords(text(donor))
	if len(mine) == 0 || len(theirs) == 0 {
		return twoCharacters(from, text(donor))
	}
	old, now := mine[r.IntN(len(mine))], theirs[r.IntN(len(theirs))]
	if strings.Contains(from, now) {
		return from, "", false
	}
	to = strings.Replace(from, old, now, 1)
	return from, to, to != from
}

// longWords are the words of at least four letters and at most twenty.
func longWords(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		if n := utf8.RuneCountInString(w); n >= 4 && n <= 20 {
			out = append(out, w)
		}
	}
	return out
}

func twoCharacters(from, donor string) (string, string, bool) {
	mine, theirs := []rune(from), []rune(donor)
	if len(mine) < 12 || len(theirs) < 12 {
		return from, "", false
	}
	at := len(mine) / 2
	mine[at], mine[at+1] = theirs[4], theirs[5]
	return from, string(mine), string(mine) != from
}

// apply makes the edit in a tree, and wherever its scripts repeat the text
// (JSON-LD), as far as they spell it alike.
func (e Edit) apply(t *tree) {
	if e.Kind == EditHeadline {
		e.everywhere(t.doc)
		return
	}
	n := t.paragraphs[e.at]
	switch e.Kind {
	case EditWord:
		eachText(n, func(x *html.Node) {
			if x.Data == e.from {
				x.Data = e.to
			}
		})
	case EditSentence:
		n.AppendChild(&html.Node{Type: html.TextNode, Data: " " + e.to})
	case EditParagraph:
		p := &html.Node{Type: html.ElementNode, Data: n.Data, DataAtom: atom.Lookup([]byte(n.Data)), Attr: append([]html.Attribute(nil), n.Attr...)}
		p.AppendChild(&html.Node{Type: html.TextNode, Data: e.to})
		n.Parent.InsertBefore(p, n.NextSibling)
	case EditRemoval:
		n.Parent.RemoveChild(n)
		t.forget(n)
	}
	if e.Block != "" {
		inScripts(t.doc, e.Block, e.Became)
	}
}

// forget takes a removed paragraph out of the places where furniture is put,
// but keeps the numbering of paragraphs, which other edits count by.
func (t *tree) forget(n *html.Node) {
	for i, s := range t.slots {
		if s == n {
			t.slots = append(t.slots[:i:i], t.slots[i+1:]...)
			return
		}
	}
}

// everywhere replaces a headline in texts, attributes and scripts.
func (e Edit) everywhere(n *html.Node) {
	if n.Type == html.TextNode {
		n.Data = strings.ReplaceAll(n.Data, e.from, e.to)
	}
	for i := range n.Attr {
		n.Attr[i].Val = strings.ReplaceAll(n.Attr[i].Val, e.from, e.to)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		e.everywhere(c)
	}
}

func inScripts(n *html.Node, from, to string) {
	if n.Type == html.ElementNode && n.Data == "script" && n.FirstChild != nil {
		n.FirstChild.Data = strings.ReplaceAll(n.FirstChild.Data, from, to)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inScripts(c, from, to)
	}
}
