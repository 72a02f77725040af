package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

// A notice is a class of pages that say something to the reader instead of
// telling a story.
type notice struct {
	class   string // in phrases.txt
	outcome news.Outcome
	reason  string
	beside  int  // letters of prose that may stand beside it
	plain   bool // told apart from a consent dialogue by its text alone
}

// notices in the order in which they are believed when a page says several.
var notices = [...]notice{
	{"challenge", news.Blocked, "captcha or challenge page", maxBeside, true},
	{"denied", news.Blocked, "access denied", maxBeside, true},
	{"geo", news.Blocked, "not shown in our region", maxBeside, true},
	{"gone", news.Soft404, "says it was removed", maxMissing, true},
	{"missing", news.Soft404, "says it is missing", maxMissing, true},
	{"error", news.Failed, "server error", maxBeside, false},
	{"maintenance", news.Failed, "maintenance page", maxBeside, false},
	{"paywall", news.Paywall, "an offer of subscriptions", maxBeside, false},
	{"login", news.Blocked, "login page", maxBeside, false},
	{"parked", news.NotArticle, "parked or unused site", maxBeside, false},
	{"script", news.NotArticle, "asks for JavaScript", maxBeside, false},
}

// siteMarks part a title from the name of the site.
var siteMarks = [...]string{" | ", " - ", " – ", " — ", " :: ", " · ", " » ", " › ", " • "}

// headedBy recognises pages whose title, first heading or first line is a
// notice as a whole.
func (d *document) headedBy(prose int) (news.Outcome, string) {
	if d.heads("consent") {
		return news.OK, ""
	}
	for _, n := range notices {
		said, ok := d.headed(n, prose)
		if !ok {
			said, ok = d.opened(n, prose)
		}
		if ok {
			return n.outcome, n.reason + ": " + clip(said, 80)
		}
	}
	return news.OK, ""
}

// statedBy recognises pages whose text states a plain notice and little more.
func (d *document) statedBy(prose int) (news.Outcome, string) {
	if d.heads("consent") {
		return news.OK, ""
	}
	return d.statedAs(prose, true)
}

// offered is statedBy for what consent dialogues say too, and finds forms that
// ask for a password.
func (d *document) offered(prose int) (news.Outcome, string) {
	if o, why := d.statedAs(prose, false); o != news.OK {
		return o, why
	}
	if prose < prosePiece && !d.articleMake() && d.hasPassword() {
		return news.Blocked, "login page: a form that asks for a password"
	}
	return news.OK, ""
}

func (d *document) statedAs(prose int, plain bool) (news.Outcome, string) {
	for _, n := range notices {
		if n.plain != plain {
			continue
		}
		if said, ok := d.stated(n, prose); ok {
			return n.outcome, n.reason + ": " + clip(said, 80)
		}
	}
	return news.OK, ""
}

func (d *document) hasPassword() (found bool) {
	each(d.root, func(n *html.Node) {
		found = found || n.DataAtom == atom.Input && strings.EqualFold(attr(n, "type"), "password")
	})
	return found
}

// maxOpening is how many of the first lines may be the notice: the name of the
// site may stand before it.
const maxOpening = 3

// opened reports whether one of the first lines of text, a consent banner
// apart, is the notice and all that the page says.
func (d *document) opened(n notice, prose int) (string, bool) {
	if prose > maxStated || d.articleMake() {
		return "", false
	}
	seen := 0
	for _, s := range d.speech.early {
		if s.consent {
			continue
		}
		if seen++; seen > maxOpening {
			break
		}
		if covered(s.folded, lexicons()[n.class].head) >= wholeShare {
			return s.text, true
		}
	}
	return "", false
}

// headed reports whether the page is headed by the notice.
func (d *document) headed(n notice, prose int) (string, bool) {
	if prose > n.beside || d.isArticle() && prose >= prosePiece {
		return "", false
	}
	for _, s := range d.speech.voice {
		if covered(s.folded, lexicons()[n.class].head) >= wholeShare {
			return s.text, true
		}
	}
	return "", false
}

// heads reports whether the page is headed by words of a class.
func (d *document) heads(class string) bool {
	_, ok := d.headed(notice{class: class, beside: maxBeside}, 0)
	return ok
}

// stated reports whether one of the first pieces states the notice, with hardly
// any prose beside it. On a page that has the make of an article it must be
// most of that piece, and nothing else be told.
func (d *document) stated(n notice, prose int) (string, bool) {
	lex := lexicons()[n.class]
	all := append(lex.head[:len(lex.head):len(lex.head)], lex.text...)
	for i, s := range d.speech.early {
		if s.consent && n.plain || !says(s.folded, lex.text) && !(i == 0 && covered(s.folded, lex.head) >= wholeShare) {
			continue
		}
		rest := prose
		if len(s.text) >= prosePiece && s.told {
			rest -= letters(s.text)
		}
		if d.articleMake() {
			if rest <= 0 && covered(s.folded, all) >= wholeShare && d.bodySize() <= len(s.text)+minArticle {
				return s.text, true
			}
			continue
		}
		if rest <= maxStated {
			return s.text, true
		}
	}
	return "", false
}

// A speech is what the page says first.
type speech struct {
	voice []saying // title and headings; none when they tell of a story
	early []saying // first pieces of text
	tells bool     // has a headline with text after it
}

// A saying is a text of the page that may be a notice.
type saying struct {
	text, folded string
	told         bool // counts as prose
	consent      bool // in the words of a consent dialogue
}

const (
	maxVoice   = 3   // headings that are heard
	maxEarly   = 8   // pieces that are heard
	maxSaying  = 600 // bytes of a piece that are heard
	longTitle  = 4   // words from which a heading can be a headline
	maxHeading = maxLinkText
)

// hear collects what the page says first: title and headings, or its first
// piece when it has none; and the first pieces of text.
func (d *document) hear() {
	d.speech = speech{}
	level := 7
	for i := range d.pieces {
		if p := &d.pieces[i]; p.level > 0 && p.heard() {
			level = min(level, p.level)
		}
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		if !p.heard() {
			continue
		}
		if (p.level == level || p.level == 2) && p.level > 0 && len(d.speech.voice) < maxVoice && len(p.Text) <= maxHeading {
			d.speech.voice = append(d.speech.voice, saying{text: p.Text, folded: foldWords(p.Text)})
		}
		if p.level == 0 && len(d.speech.early) < maxEarly {
			d.speech.early = append(d.speech.early, newSaying(p))
		}
	}
	if d.speech.tells = d.tells(); d.speech.tells {
		d.speech.voice = nil
		return
	}
	d.hearTitle()
}

func newSaying(p *piece) saying {
	folded := foldWords(clip(p.Text, maxSaying))
	consent := p.consent() || says(folded, lexicons()["consent"].text)
	return saying{p.Text, folded, p.running() && !consent, consent}
}

// hearTitle adds the parts of the title to the voice of the page.
func (d *document) hearTitle() {
	for _, title := range []string{d.title, d.metaOf("og:title")} {
		parts := []string{title}
		for _, mark := range siteMarks {
			var finer []string
			for _, p := range parts {
				finer = append(finer, strings.Split(p, mark)...)
			}
			parts = finer
		}
		for _, p := range parts {
			if p != "" && len(p) <= maxHeading {
				d.speech.voice = append(d.speech.voice, saying{text: p, folded: foldWords(p)})
			}
		}
	}
}

// heard reports whether a piece may speak for the page: no link, and not in
// what stands around it. What a box marks is heard, for walls are boxes.
func (p *piece) heard() bool {
	return !p.landmark && float64(p.link) <= linkShare*float64(len(p.Text))
}

// tells reports whether the page has a headline with text after it, and with a
// date or byline if the text is short.
func (d *document) tells() bool {
	i, size := d.headlined()
	return size >= maxStated || size >= prosePiece && d.signed(i)
}

// headlined gives the piece that is the page's headline, and the number of
// letters that follow it, 0 when there is none: a headline is a first heading
// of several words that the title repeats and that is no notice.
func (d *document) headlined() (at, size int) {
	for i := range d.pieces {
		p := &d.pieces[i]
		if p.level != 1 || !p.heard() {
			continue
		}
		folded := foldWords(p.Text)
		if wordCount(p.Text) < longTitle || !strings.Contains(foldWords(d.title), folded) || whole(folded) {
			return 0, 0
		}
		return i, d.followed(i)
	}
	return 0, 0
}

// signed reports whether a date or a byline stands near a heading.
func (d *document) signed(i int) bool {
	for j := max(0, i-maxOpening); j < min(len(d.pieces), i+leadReach); j++ {
		if p := &d.pieces[j]; p.byline || p.stamp > 0 || signature(p) {
			return true
		}
	}
	return d.metaOf("author", "date", "article:author") != ""
}

// whole reports whether folded text is a notice as a whole.
func whole(folded string) bool {
	for _, n := range notices {
		if covered(folded, lexicons()[n.class].head) >= wholeShare {
			return true
		}
	}
	return covered(folded, lexicons()["consent"].head) >= wholeShare
}

// followed is the number of letters of text after a heading, before other
// headings and teasers; it stops counting at maxStated.
func (d *document) followed(i int) (size int) {
	for j := i + 1; j < len(d.pieces) && j <= i+leadReach && size < maxStated; j++ {
		p := &d.pieces[j]
		if p.level > 0 && p.level <= 2 || p.teaser() {
			break
		}
		if len(p.tokens) >= longPiece && !p.Soft && !p.furniture() && !p.landmark {
			size += letters(p.Text)
		}
	}
	return size
}

// articleMake reports whether the page is made as articles are: it says so, or
// it has a headline with text after it.
func (d *document) articleMake() bool { return d.isArticle() || d.speech.tells }
