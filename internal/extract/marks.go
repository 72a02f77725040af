package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxMarks is how many bytes of an element's class, id and role are looked at.
const maxMarks = 500

var rxInvisible = newPattern(`(?i)(display\s*:\s*none|visibility\s*:\s*hidden)`)

// marked reads the generic words that authors put in class, id, role and
// similar attributes. They are the vocabulary of the trade ("newsletter",
// "related", "byline"), not the names of any source.
func (p place) marked(n *html.Node) place {
	prev, boxed := "", pageWide(n)
	p.lead, p.byline = false, false
	eachMark(n, func(w string) {
		switch {
		case !boxed && (furnitureWord(w) || furniturePair(prev, w)):
			p.box, boxed = &box{outer: p.box, word: w}, true
		case captionWord(w) && n.DataAtom != atom.H1:
			p.caption = true
		case leadWord(w) || prev == "sub" && (w == "title" || w == "heading" || w == "headline"):
			p.lead = true
		case w == "byline" || w == "author" || w == "authors":
			p.byline = true
		}
		prev = w
	})
	if p.caption && pageWide(n) {
		p.caption = false
	}
	return p
}

// pageWide reports whether an element frames the page, so that words on it
// ("has-sidebar", "newsletter-enabled") describe a whole rather than a part.
func pageWide(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Main, atom.Article:
		return true
	}
	return attr(n, "role") == "main" || strings.Contains(strings.ToLower(attr(n, "itemprop")), "articlebody")
}

// eachMark calls f with each lower-case word of the element's marks:
// "js-RelatedStories_box" gives js, related, stories, box.
func eachMark(n *html.Node, f func(string)) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "id": // on text it is made from the text: "how-do-i-sign-up"
			if n.DataAtom != atom.P && !heading(n) && strings.Count(a.Val, "-") < 3 {
				splitMarks(clip(a.Val, maxMarks), f)
			}
		case marksIn(a.Key):
			splitMarks(clip(a.Val, maxMarks), f)
		}
	}
}

// marksIn reports whether attributes of a name, beside id, hold marks.
func marksIn(name string) bool {
	switch name {
	case "class", "role", "itemprop", "data-component", "data-testid", "data-type", "aria-label", "data-module", "data-ga", "rel":
		return true
	}
	return false
}

func heading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// mayMark reports whether any mark of an element may have one of the words.
func mayMark(n *html.Node, words *finder) bool {
	for _, a := range n.Attr {
		if (a.Key == "id" || marksIn(a.Key)) && words.in(clip(a.Val, maxMarks)) {
			return true
		}
	}
	return false
}

// splitMarks calls f with each lower-case word of a mark. A capital after a
// small letter begins a word.
func splitMarks(s string, f func(string)) {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			splitRunes(s, f)
			return
		}
	}
	start, small := 0, false
	for i := range len(s) {
		c := s[i]
		letter := asciiWord[c] != 0
		capital := letter && asciiWord[c] != c
		if !letter || capital && small {
			if i > start {
				f(strings.ToLower(s[start:i]))
			}
			if start = i; !letter {
				start++
			}
		}
		small = 'a' <= c && c <= 'z'
	}
	if start < len(s) {
		f(strings.ToLower(s[start:]))
	}
}

// splitRunes is splitMarks for letters of any script.
func splitRunes(s string, f func(string)) {
	start, prev := 0, rune(0)
	emit := func(end int) {
		if end > start {
			f(strings.ToLower(s[start:end]))
		}
	}
	for i, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			emit(i)
			start = i + len(string(r))
		case unicode.IsUpper(r) && unicode.IsLower(prev):
			emit(i)
			start = i
		}
		prev = r
	}
	if start < len(s) {
		emit(len(s))
	}
}

// furnitureWord reports whether a word marks a part of the page that is not
// the article's text.
func furnitureWord(w string) bool {
	switch w {
	case "ad", "ads", "adv", "advert", "adverts", "advertisement", "advertising", "adslot", "adbox", "adunit", "dfp",
		"anzeige", "werbung", "publicidad", "publicite", "pubblicita", "reklama", "sponsor", "sponsored", "taboola",
		"outbrain", "promo", "promobox", "promos",
		"related", "relateds", "recommended", "recommendation", "recommendations", "recirc", "recirculation",
		"readmore", "teaser", "teasers", "trending", "mostread", "popular", "verwandt", "relacionadas", "relacionados", "correlati",
		"newsletter", "newsletters", "signup", "subscribe", "subscription", "subscriptions", "mailinglist",
		"share", "sharing", "sharebar", "social", "socials", "sharedaddy", "addthis", "follow",
		"comments", "comment", "commentlist", "disqus", "kommentare", "commentaires", "comentarios", "respond",
		"cookie", "cookies", "consent", "gdpr", "cmp", "onetrust", "didomi", "cookiebar", "cookiebanner",
		"breadcrumb", "breadcrumbs", "pagination", "pager", "toolbar", "menu", "navbar", "navigation", "subnav",
		"sidebar", "footer", "masthead", "skip", "toc", "tags", "taglist", "hashtags", "keywords",
		"metadata", "timestamp", "dateline", "tooltip", "modal", "popup", "dialog", "alertdialog", "complementary",
		"copyright", "disclaimer", "print", "feedback", "survey", "rating", "ratings", "donate", "donation",
		"authorbio", "biography", "quiz", "poll", "visuallyhidden", "sronly":
		return true
	}
	return false
}

// consentWord reports whether a word marks a consent dialogue.
func consentWord(w string) bool {
	switch w {
	case "cookie", "cookies", "consent", "gdpr", "cmp", "onetrust", "didomi", "cookiebar", "cookiebanner":
		return true
	}
	return false
}

// furniturePair is furnitureWord for two words in a row.
func furniturePair(a, b string) bool {
	switch a + " " + b {
	case "most read", "most popular", "read more", "read next", "read also", "more from", "more on", "more stories", "up next", "see also",
		"sign up", "contents list", "table contents", "change history", "published dates", "last changed",
		"last updated", "update history", "back top", "back to", "print link", "organisation logos", "organisation logo",
		"meta data", "post meta", "entry meta", "article meta", "meta info", "pub date", "publish date", "reading time",
		"author bio", "about author", "author box", "author info", "author card", "translation nav",
		"topic list", "topics list", "article topics", "article tags", "post tags", "in topic", "contextual footer",
		"inline ad", "cta box", "site header", "site footer", "page footer", "page header", "also read", "also like", "visually hidden", "sr only", "screen reader":
		return true
	}
	return false
}

func captionWord(w string) bool {
	switch w {
	case "caption", "figcaption", "captions", "credit", "credits", "photocredit", "imagecaption", "bildunterschrift", "legende", "legenda":
		return true
	}
	return false
}

func leadWord(w string) bool {
	switch w {
	case "standfirst", "subtitle", "subheadline", "subheading", "subhead", "dek", "deck", "lede", "intro", "lead", "abstract",
		"summary", "excerpt", "strapline", "chapo", "chapeau", "entradilla", "bajada", "sottotitolo", "occhiello", "vorspann",
		"teasertext", "ingress", "manchet", "perex", "subtitulo", "underrubrik", "zajawka":
		return true
	}
	return false
}
