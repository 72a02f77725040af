package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxByline  = 20  // names
	maxName    = 150 // bytes of one name
	maxSigner  = 300 // bytes of the longest line of names
	maxWords   = 7   // words of a person's name
	bylineFar  = 8   // pieces before the headline, and after the text, in which a byline stands
	maxMarked  = 100 // elements marked as bylines that are looked at
	bylineSize = 200 // nodes of such an element; a larger one holds more than names
)

// An author is a name and what it is known to be.
type author struct {
	name   string
	group  bool // an organisation
	person bool // said to be a person
}

// believedNames gives the names of the first origin that names a person;
// organisations, log-in names and the name of the source itself are taken only
// when none does.
func believedNames(list []signed) []string {
	var spare []string
	for _, c := range list {
		if c.strong {
			return c.names
		}
		if spare == nil {
			spare = c.names
		}
	}
	return spare
}

// A signed is what one origin says of the authors.
type signed struct {
	origin string
	names  []string
	strong bool // names a person
}

var bylineMeta = [...]string{"author", "article:author", "article:author_name", "article.author", "parsely-author", "byl", "dc.creator", "dcterms.creator", "sailthru.author", "citation_author", "cxenseparse:author", "creator", "twitter:data1"}

// bylines gives the names of the authors by origin, best first: JSON-LD, meta,
// the page's own marks, a line that says "by" in its language.
func (d *document) bylines() []signed {
	out := d.markedBylines()
	return d.signInto(out[:len(out):len(out)], "text", authorsIn(d.signedLines()))
}

// believedAuthors are the believed names of the authors. The lines of the text
// are only asked when nothing else names a person.
func (d *document) believedAuthors() []string {
	if list := d.markedBylines(); slices.ContainsFunc(list, func(s signed) bool { return s.strong }) {
		return believedNames(list)
	}
	return believedNames(d.bylines())
}

// markedBylines are the names of all origins that do not hang on what the body
// is; they are read once.
func (d *document) markedBylines() []signed {
	if !d.signsRead {
		d.signs, d.signsRead = d.readMarkedBylines(), true
	}
	return d.signs
}

// signInto adds what an origin says, if it names anybody.
func (d *document) signInto(out []signed, origin string, list []author) []signed {
	if s := d.sign(origin, list); len(s.names) > 0 {
		out = append(out, s)
	}
	return out
}

func (d *document) readMarkedBylines() []signed {
	out := d.signInto(nil, "json-ld", d.ld.authors)
	for _, k := range bylineMeta {
		if k == "twitter:data1" && !rxAuthorLabel.MatchString(d.metaOf("twitter:label1")) {
			continue
		}
		out = d.signInto(out, "meta "+k, authorsIn(d.meta[k]))
	}
	relation, marked := d.markedAuthors()
	return d.signInto(d.signInto(out, "rel", authorsIn(relation)), "mark", authorsIn(marked))
}

func authorsIn(list []string) (out []author) {
	for _, s := range list {
		out = append(out, author{name: s})
	}
	return out
}

var rxAuthorLabel = regexp.MustCompile(`(?i)^\s*(written by|by|author|verfasst von|autor|geschrieben von|écrit par|escrito por|scritto da|autore?|geschreven door|skrevet av|skriven av|napisane przez|автор|написано автором)`)

// sign cleans names and lists each once. What only marks or words of the page
// point at must look like a name.
func (d *document) sign(origin string, list []author) signed {
	s := signed{origin: origin}
	guessed := origin == "rel" || origin == "mark" || origin == "text"
	seen := map[string]bool{}
	for _, a := range list {
		names := []string{a.name}
		if !a.group {
			names = splitNames(a.name)
		}
		for _, n := range names {
			n = cleanName(n)
			key := strings.ToLower(n)
			if n == "" || seen[key] || len(s.names) >= maxByline || guessed && !nameLike(n) {
				continue
			}
			seen[key] = true
			s.names = append(s.names, n)
			s.strong = s.strong || d.strong(a, n)
		}
	}
	if s.strong {
		s.names = d.onlyStrong(s.names, guessed)
	}
	return s
}

// strong reports whether a name is that of a person, or of an agency that the
// page names itself, and not the source's own.
func (d *document) strong(a author, name string) bool {
	return !a.group && !d.isSite(name) && (person(name) || a.person && !handle(name) || agency(name))
}

// onlyStrong leaves out of a list that names persons what is plainly no author:
// log-in names; where the names were guessed, all but persons.
func (d *document) onlyStrong(names []string, guessed bool) []string {
	var out []string
	for _, n := range names {
		if person(n) || agency(n) || !guessed && !handle(n) {
			out = append(out, n)
		}
	}
	return out
}

// isSite reports whether a name is the source's own.
func (d *document) isSite(name string) bool {
	low := letterKey(name)
	for _, s := range d.siteNames() {
		if letterKey(s) == low {
			return true
		}
	}
	if d.page.URL == nil || low == "" {
		return false
	}
	return strings.Contains(letterKey(d.page.URL.Hostname()), low)
}

// markedAuthors gives the texts of elements that are marked as the authors'
// names: by rel and itemprop, and by class, outside comments and teasers.
func (d *document) markedAuthors() (relation, marked []string) {
	looked := 0
	each(d.root, func(n *html.Node) {
		if n.Type != html.ElementNode || looked >= maxMarked {
			return
		}
		switch {
		case n.DataAtom == atom.A && attrHas(n, "rel", "author"), n.DataAtom != atom.Meta && n.DataAtom != atom.Link && attrHas(n, "itemprop", "author"):
			looked++
			if text := d.nameIn(n); text != "" {
				relation = append(relation, text)
			}
		case authorMark(n):
			looked++
			if text := d.nameIn(n); text != "" {
				marked = append(marked, text)
			}
		}
	})
	return relation, firstSigned(marked)
}

// firstSigned is the first text that holds a name: elements with such marks
// nest, and later ones are those of other stories or of a biography.
func firstSigned(list []string) []string {
	for _, s := range list {
		for _, part := range strings.Split(s, " • ") {
			for _, n := range splitNames(part) {
				if person(cleanName(n)) {
					return []string{part}
				}
			}
		}
	}
	return list[:min(1, len(list))]
}

// attrHas reports whether an attribute, a list of words in any case, has a word.
func attrHas(n *html.Node, name, w string) bool {
	val := attr(n, name)
	return len(val) >= len(w) && has(strings.Fields(strings.ToLower(val)), w)
}

func has(list []string, w string) bool {
	for _, x := range list {
		if x == w {
			return true
		}
	}
	return false
}

// nameIn is the text of an element that names authors; empty when it stands in
// a part of the page that has authors of its own, or is too long for names.
func (d *document) nameIn(n *html.Node) string {
	for up := n; up != nil; up = up.Parent {
		if up.Type == html.ElementNode && otherVoice(up) {
			return ""
		}
	}
	named, size := n, 0
	each(n, func(c *html.Node) {
		size++
		if named == n && c != n && c.Type == html.ElementNode && strings.EqualFold(attr(c, "itemprop"), "name") {
			named = c
		}
	})
	if named.DataAtom == atom.Meta {
		return tidy(attr(named, "content"))
	}
	if size > bylineSize {
		return ""
	}
	if linked := linkedNames(named); linked != "" {
		return linked
	}
	text := tidy(visibleText(named))
	if len(text) > maxSigner {
		return ""
	}
	return text
}

// linkedNames joins the texts of two or more links or spans within n that are
// a name each.
func linkedNames(n *html.Node) string {
	var names []string
	each(n, func(c *html.Node) {
		if c != n && c.Type == html.ElementNode && (c.DataAtom == atom.A || c.DataAtom == atom.Span && leaf(c)) {
			if s := tidy(nodeText(c)); person(cleanName(s)) && !has(names, s) {
				names = append(names, s)
			}
		}
	})
	if len(names) < 2 {
		return ""
	}
	return strings.Join(names, "; ")
}

// leaf reports whether an element holds nothing but text.
func leaf(n *html.Node) bool {
	return n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode
}

// visibleText is the text of an element as shown, lines parted by line feeds.
func visibleText(n *html.Node) string {
	pieces, _ := segment(n, false, nil)
	var b strings.Builder
	for i := range pieces {
		if i > 0 {
			b.WriteString(" • ")
		}
		b.WriteString(pieces[i].Text)
	}
	return b.String()
}

// otherVoice reports whether an element holds the words of others: comments,
// teasers, navigation.
func otherVoice(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside, atom.Figure, atom.Figcaption:
		return true
	case atom.Body, atom.Html, atom.Main:
		return false
	}
	other := false
	eachMark(n, func(w string) {
		switch w {
		case "comment", "comments", "commentlist", "disqus", "respond", "related", "recommended", "teaser", "teasers", "sidebar", "footer", "trending",
			"popular", "mostread", "newsletter", "caption", "credit", "nav", "menu", "promo", "recirc", "quote", "blockquote", "testimonial":
			other = true
		}
	})
	return other && !pageWide(n)
}

// authorMarks finds the words that authorMark asks for; those that hold another
// of them are found by it.
var authorMarks = sync.OnceValue(func() *finder {
	return newFinder([]string{"byline", "author", "autor", "auteur", "skribent", "forfatter", "penulis", "yazar", "reporter", "contributor", "journalist", "writer", "signature", "firma"})
})

// authorMark reports whether an element's marks say that it names authors.
func authorMark(n *html.Node) bool {
	if n.DataAtom == atom.Img || n.DataAtom == atom.Script || n.DataAtom == atom.Meta || !mayMark(n, authorMarks()) || pageWide(n) {
		return false
	}
	found, not := false, false
	eachMark(n, func(w string) {
		switch w {
		case "byline", "author", "authors", "autor", "autoren", "autori", "autore", "auteur", "auteurs", "autores", "skribent", "forfatter", "bylines", "penulis", "yazar", "reporter", "contributor", "journalist", "writer", "signature", "firma":
			found = true
		case "bio", "biography", "avatar", "image", "photo", "img", "social", "links", "about", "picture", "icon", "date", "time", "email", "twitter":
			not = true
		}
	})
	return found && !not
}

// signedLines are the lines near the headline, or at the end of the text, that
// say in words whom the article is by.
func (d *document) signedLines() []string {
	first, last := d.span()
	from, to := max(0, d.start-bylineFar), min(len(d.pieces), first+bylineFar)
	if d.start >= 0 {
		to = min(len(d.pieces), max(to, d.start+leadReach))
	}
	for i := from; i < to; i++ {
		if s := d.signedLine(i); s != "" {
			return []string{s}
		}
	}
	for i := max(to, last-1); i < min(len(d.pieces), last+bylineFar); i++ {
		if s := d.signedLine(i); s != "" {
			return []string{s}
		}
	}
	return nil
}

func (d *document) signedLine(i int) string {
	p := &d.pieces[i]
	if p.landmark || p.level == 1 || i == d.start || i == d.lead || len(p.Text) > maxName || p.Kind == "caption" || strings.HasSuffix(p.Text, "?") {
		return ""
	}
	if m := rxHangulName.FindStringSubmatch(p.Text); m != nil {
		return m[1]
	}
	m := rxBy.FindStringIndex(p.Text)
	if m == nil {
		return ""
	}
	rest := strings.TrimSpace(p.Text[m[1]:])
	if rest == "" && i+1 < len(d.pieces) && len(d.pieces[i+1].Text) <= maxName {
		rest = d.pieces[i+1].Text
	}
	if names := splitNames(rest); len(names) > 0 && person(cleanName(names[0])) {
		return rest
	}
	return ""
}

// rxHangulName matches a Korean reporter's name with the word for one.
var rxHangulName = regexp.MustCompile(`^\W*(\p{Hangul}{2,4})\s*(?:기자|특파원)`)
