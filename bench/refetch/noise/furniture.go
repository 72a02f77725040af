package noise

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"

	dom "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A look puts one kind of furniture into the tree of one fetch.
type look func(*tree)

// A kind is a sort of furniture: the share of pages that have it, and what
// draws its place, shape and stock for a page.
type kind struct {
	name  string
	share float64
	make  func(*rand.Rand, *Source) look
}

// kinds are the furniture of level 2. Shares are ours; they follow what
// readers of news pages meet, and only the ranking of ways to compare should
// be read off them.
func kinds() []kind {
	return []kind{
		{"advert in a div", .6, boxes("advert in a div", "ad", `<div class="ad-slot"><span>%s</span></div>`, `<div class="advert"><p>Advertisement</p><p>%s</p></div>`)},
		{"advert in an aside", .2, boxes("advert in an aside", "ad", `<aside><p>%s</p></aside>`)},
		{"advert as a paragraph, fixed place", .25, boxes("advert as a paragraph, fixed place", "ad", `<p>%s</p>`)},
		{"advert as a paragraph, random place", .15, scattered("advert as a paragraph, random place", "ad", `<p>%s</p>`)},
		{"read more", .4, readMore},
		{"related box", .5, related},
		{"newsletter box", .3, boxes("newsletter box", "newsletter", `<div class="newsletter"><p>%s</p></div>`, `<div><p>%s</p></div>`, `<section class="box"><p><em>%s</em></p></section>`)},
		{"updated", .5, above("updated", "updated", `<p class="meta">%s</p>`, `<div><span>%s</span></div>`, `<p>%s</p>`)},
		{"counts", .4, above("counts", "counts", `<div class="social"><span>%s</span></div>`, `<p>%s</p>`)},
		{"consent banner", .3, consent},
		{"comments", .2, comments},
		{"wrapper", .3, wrapper},
		{"hashed classes", .3, hashed},
		{"spelling", .2, spelling},
		{"teasers without links", .2, bareTeasers},
		{"sponsored text", .2, boxes("sponsored text", "sponsored", `<div class="partner"><p>%s</p></div>`, `<p>%s</p>`)},
		{"ticker", .2, above("ticker", "ticker", `<div class="live-ticker">%s</div>`, `<p>%s</p>`)},
		{"most viewed", .2, mostViewed},
	}
}

// boxes stand at fixed places between the paragraphs, most of the time.
func boxes(name, section string, shapes ...string) func(*rand.Rand, *Source) look {
	return func(r *rand.Rand, s *Source) look {
		shape, texts, often := shapes[r.IntN(len(shapes))], s.either(r, section), .5+r.Float64()/2
		places := []float64{r.Float64()}
		if r.IntN(2) == 0 {
			places = append(places, r.Float64())
		}
		return func(t *tree) {
			for _, at := range places {
				if t.r.Float64() < often {
					t.insert(int(at*float64(len(t.slots))), fmt.Sprintf(shape, t.say(name, texts)))
				}
			}
		}
	}
}

// scattered is one at another place each time.
func scattered(name, section, shape string) func(*rand.Rand, *Source) look {
	return func(r *rand.Rand, s *Source) look {
		texts := s.either(r, section)
		return func(t *tree) {
			if t.r.Float64() < .8 {
				t.insert(t.r.IntN(len(t.slots)), fmt.Sprintf(shape, t.say(name, texts)))
			}
		}
	}
}

// above stands before the first paragraph: times, counters, tickers.
func above(name, section string, shapes ...string) func(*rand.Rand, *Source) look {
	return func(r *rand.Rand, s *Source) look {
		shape, line := shapes[r.IntN(len(shapes))], s.words[section][r.IntN(len(s.words[section]))]
		return func(t *tree) {
			said := s.words.expand(t.r, line, 0)
			t.note(name, said)
			t.before(t.slots[0], fmt.Sprintf(shape, html.EscapeString(said)))
		}
	}
}

func readMore(r *rand.Rand, s *Source) look {
	at, label, often := r.Float64(), s.few("more")(r), .6+r.Float64()*.4
	return func(t *tree) {
		if t.r.Float64() > often {
			return
		}
		teaser := s.few("teaser")(t.r)
		t.note("read more", label+teaser)
		t.note("read more", teaser)
		t.insert(int(at*float64(len(t.slots))), fmt.Sprintf(`<p><strong>%s</strong><a href="/story/%d">%s</a></p>`, html.EscapeString(label), t.r.IntN(9999), html.EscapeString(teaser)))
	}
}

func related(r *rand.Rand, s *Source) look {
	at, title := r.Float64(), s.few("related")(r)
	shape := []string{`<aside class="related"><h3>%s</h3><ul>%s</ul></aside>`, `<div class="more-on"><h4>%s</h4><ul>%s</ul></div>`, `<div><p>%s</p><ul>%s</ul></div>`}[r.IntN(3)]
	return func(t *tree) {
		t.insert(int(at*float64(len(t.slots))), fmt.Sprintf(shape, t.say("related box", func(*rand.Rand) string { return title }), t.links("related box", s, 2+t.r.IntN(2))))
	}
}

// links are list items, each a link to another story.
func (t *tree) links(name string, s *Source, n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, `<li><a href="/story/%d">%s</a></li>`, t.r.IntN(9999), t.say(name, s.few("teaser")))
	}
	return b.String()
}

func consent(r *rand.Rand, s *Source) look {
	texts := s.either(r, "consent")
	return func(t *tree) {
		if t.r.IntN(2) == 0 {
			t.before(t.top.FirstChild, fmt.Sprintf(`<div id="consent" role="dialog"><p>%s</p><button>OK</button></div>`, t.say("consent banner", texts)))
		}
	}
}

// comments follow the article in its own parent. Most stay from fetch to fetch,
// for readers write seldom; the newest ones change.
func comments(r *rand.Rand, s *Source) look {
	var old []string
	for range r.IntN(4) {
		old = append(old, s.words.say(r, "comment"))
	}
	shape := []string{`<div class="comment"><p>%s</p></div>`, `<p>%s</p>`}[r.IntN(2)]
	return func(t *tree) {
		var b strings.Builder
		for range t.r.IntN(3) {
			fmt.Fprintf(&b, shape, t.say("comments", s.endless("comment")))
		}
		for _, text := range old {
			fmt.Fprintf(&b, shape, t.say("comments", func(*rand.Rand) string { return text }))
		}
		t.after(t.body, b.String())
	}
}

// wrapper puts the article into further elements at some fetches, as
// experiments with two layouts do.
func wrapper(*rand.Rand, *Source) look {
	return func(t *tree) {
		if t.r.IntN(2) == 0 || t.body == t.top {
			return
		}
		outer := &dom.Node{Type: dom.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []dom.Attribute{{Key: "data-variant", Val: fmt.Sprint(t.r.IntN(4))}}}
		t.body.Parent.InsertBefore(outer, t.body)
		t.body.Parent.RemoveChild(t.body)
		outer.AppendChild(t.body)
	}
}

// hashed adds a class of this build to the article's elements and to those
// around it.
func hashed(*rand.Rand, *Source) look {
	return func(t *tree) {
		class := fmt.Sprintf("css-%06x", t.r.IntN(1<<24))
		add := func(n *dom.Node) {
			for i := range n.Attr {
				if n.Attr[i].Key == "class" {
					n.Attr[i].Val += " " + class
					return
				}
			}
			n.Attr = append(n.Attr, dom.Attribute{Key: "class", Val: class})
		}
		for _, n := range t.paragraphs {
			add(n)
		}
		for n := t.body; n != nil && n.Type == dom.ElementNode; n = n.Parent {
			add(n)
		}
	}
}

// spelling writes the same words as another template would: curly or straight
// marks, spaces that do not break, soft hyphens.
func spelling(*rand.Rand, *Source) look {
	straight := strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "’", "'", "‘", "'")
	return func(t *tree) {
		for _, p := range t.paragraphs {
			eachText(p, func(n *dom.Node) {
				switch t.r.IntN(4) {
				case 0:
					n.Data = straight.Replace(n.Data)
				case 1:
					n.Data = replaceOne(t.r, n.Data, " ", "\u00a0")
				case 2:
					n.Data = hyphenate(n.Data)
				}
			})
		}
	}
}

// replaceOne replaces one occurrence of old, drawn.
func replaceOne(r *rand.Rand, s, old, now string) string {
	parts := strings.SplitN(s, old, 2+r.IntN(20))
	if len(parts) < 2 {
		return s
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], old) + now + parts[last]
}

// hyphenate puts a soft hyphen into the first long word.
func hyphenate(s string) string {
	const long, at = 10, 5
	for _, w := range strings.Fields(s) {
		if letters := []rune(w); len(letters) >= long {
			return strings.Replace(s, w, string(letters[:at])+"\u00ad"+string(letters[at:]), 1)
		}
	}
	return s
}

func bareTeasers(r *rand.Rand, s *Source) look {
	shape := []string{`<div><h3>%s</h3><p>%s</p></div>`, `<div><p>%s</p><p>%s</p></div>`}[r.IntN(2)]
	return func(t *tree) {
		var b strings.Builder
		for range 3 {
			fmt.Fprintf(&b, shape, t.say("teasers without links", s.few("teaser")), t.say("teasers without links", s.few("summary")))
		}
		t.after(t.body, b.String())
	}
}

// mostViewed stands at the end of the article element itself.
func mostViewed(r *rand.Rand, s *Source) look {
	title := s.few("popular")(r)
	return func(t *tree) {
		in := within(t.body, "article")
		if in == nil {
			in = t.body
		}
		box := fmt.Sprintf(`<div><h3>%s</h3><ol>%s</ol></div>`, t.say("most viewed", func(*rand.Rand) string { return title }), t.links("most viewed", s, 5))
		for _, n := range fragment(box) {
			in.AppendChild(n)
		}
	}
}

// say draws a text, notes that it is furniture, and gives it as HTML.
func (t *tree) say(kind string, texts texter) string {
	said := texts(t.r)
	t.note(kind, said)
	return html.EscapeString(said)
}

// insert puts a fragment behind a paragraph of the article; where it would be
// behind the last one, before that.
func (t *tree) insert(slot int, src string) {
	slot = min(slot, max(len(t.slots)-2, 0))
	t.after(t.slots[slot], src)
}

func (t *tree) after(n *dom.Node, src string) { t.place(n, n.NextSibling, src) }

func (t *tree) before(n *dom.Node, src string) { t.place(n, n, src) }

// place puts a fragment among the siblings of n. A paragraph that an edit has
// removed has none.
func (t *tree) place(n, next *dom.Node, src string) {
	if n == nil || n.Parent == nil {
		return
	}
	for _, x := range fragment(src) {
		n.Parent.InsertBefore(x, next)
	}
}

func fragment(src string) []*dom.Node {
	nodes, err := dom.ParseFragment(strings.NewReader(src), &dom.Node{Type: dom.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		panic("noise: " + err.Error()) // reading a string cannot fail, nor is it deep
	}
	return nodes
}
