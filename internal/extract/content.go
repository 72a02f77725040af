package extract

import (
	"regexp"
	"strings"

	"golang.org/x/text/language"

	"stet/internal/news"
)

const (
	maxByline     = 20   // names
	maxName       = 150  // bytes of one name
	maxCorrection = 2000 // bytes
)

// content puts the article together from its pieces.
func (d *document) content() news.Content {
	c := news.Content{
		Headline:   d.headline.shown,
		Standfirst: d.standfirst(),
		Byline:     d.byline(),
		Section:    d.section(),
		Language:   d.language(),
		Cut:        d.cut,
	}
	c.Published, c.Modified = d.dates()
	first, last := d.span()
	size := 0
	for i := first; i <= last; i++ {
		p := &d.pieces[i]
		if !p.core() && !(p.Kind == news.Caption && !p.furniture()) {
			continue
		}
		if size+len(p.Text) > news.MaxText || len(c.Blocks) >= news.MaxBlocks {
			c.Cut = true
			break
		}
		size += len(p.Text)
		c.Blocks = append(c.Blocks, p.Block.Block)
	}
	return c
}

// span is the first and the last piece of the body; first > last when there is
// none.
func (d *document) span() (first, last int) {
	first, last = len(d.pieces), -1
	for i := range d.pieces {
		if d.pieces[i].core() {
			first, last = min(first, i), i
		}
	}
	return first, last
}

func (d *document) section() string {
	s := d.ld.section
	fill(&s, d.metaOf("article:section", "section"))
	return tidy(clip(s, maxHeadline))
}

// language is the BCP 47 tag of the page's language.
func (d *document) language() string {
	for _, s := range []string{d.lang, d.ld.language, d.metaOf("og:locale", "content-language", "dc.language")} {
		s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
		if tag, err := language.Parse(s); s != "" && err == nil && tag != language.Und {
			return tag.String()
		}
	}
	return ""
}

var rxBy = regexp.MustCompile(`(?i)^\s*(written by|reported by|by|von|par|por|di|da|door|av|af|autor(in)?|author|texte?|text|от|автор)\s*:?\s+`)

// byline lists the names of the authors: by JSON-LD, meta, or the page's own
// marks.
func (d *document) byline() []string {
	names := d.ld.authors
	if len(names) == 0 {
		for _, k := range []string{"author", "article:author", "parsely-author", "byl", "dc.creator", "sailthru.author"} {
			names = append(names, d.meta[k]...)
			if len(cleanNames(names)) > 0 {
				break
			}
		}
	}
	if out := cleanNames(names); len(out) > 0 {
		return out
	}
	for i := range d.pieces {
		if p := &d.pieces[i]; p.byline && len(p.Text) <= maxName && !p.furniture() {
			return cleanNames([]string{p.Text})
		}
	}
	return nil
}

// cleanNames drops addresses and the word "by", and lists each name once.
func cleanNames(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		n = tidy(rxBy.ReplaceAllString(n, ""))
		if n == "" || len(n) > maxName || strings.Contains(n, "://") || strings.HasPrefix(n, "@") || seen[n] {
			continue
		}
		seen[n] = true
		if out = append(out, n); len(out) == maxByline {
			break
		}
	}
	return out
}

var rxCorrection = newPattern(`(?i)^\W*(corrections?( and clarifications?)?\b\W*[:.–—(]|clarifications?\b\W*[:.–—(]|editor.?s.? note|this (article|story|piece|report|post) (was|has been|is) (amended|corrected|updated to correct|edited)|an? (earlier|previous|original) version of this` +
	`|korrektur\b|berichtigung\b|richtigstellung\b|anm(erkung|\.) der red|hinweis der redaktion|in einer (früheren|vorherigen|ersten) (version|fassung)` +
	`|rectificatif|correctif|erratum\b|note de la rédaction|une (version|première version) (précédente|antérieure|de cet article)|cet article a été (corrigé|modifié|rectifié)` +
	`|corrección\b|fe de (errores|erratas)|rectificación\b|aclaración\b|nota (de la redacción|del editor)|una versión (anterior|previa)|este artículo (ha sido|fue) (corregido|modificado)` +
	`|rettifica\b|errata( corrige)?\b|correção\b|esta (reportagem|matéria) foi (corrigida|atualizada)|rectificatie\b|correctie\b|rättelse|rettelse\b|sprostowanie|поправка\b|исправление\b|تصحيح|更正|訂正|정정)`)

// correction is the first block of the page that reads as a notice of
// correction, wherever it stands.
func (d *document) correction() string {
	for i := range d.pieces {
		p := &d.pieces[i]
		if p.link*2 > len(p.Text) || len(p.tokens) < longPiece || !rxCorrection.MatchString(clip(p.Text, maxLinkText)) {
			continue
		}
		return clip(p.Text, maxCorrection)
	}
	return ""
}

// paywallPhrases are how pages say, in lower case, that the rest costs money.
var paywallPhrases = [...]string{
	"subscribe to continue reading", "subscribe to keep reading", "subscribe now to continue", "register to continue reading",
	"sign in to continue reading", "log in to continue reading", "this article is for subscribers", "this article is for members",
	"exclusive to subscribers", "reserved for our subscribers", "available to subscribers only", "already a subscriber?",
	"réservé aux abonnés", "réservée aux abonnés", "il vous reste", "para suscriptores", "exclusivo para suscriptores",
	"nur für abonnenten", "mit einem abo weiterlesen", "weiterlesen mit", "riservato agli abbonati", "exclusivo para assinantes",
	"alleen voor abonnees", "tylko dla prenumeratorów", "только для подписчиков", "有料会員", "会員限定",
}

// paywalled reports whether the page says that it holds only part of the text.
func (d *document) paywalled() bool {
	if d.ld.closed {
		return true
	}
	switch strings.ToLower(d.metaOf("article:content_tier", "content_tier")) {
	case "locked", "metered":
		return true
	}
	for i := range d.pieces {
		if p := &d.pieces[i]; len(p.Text) < maxLinkText && !p.landmark && paywallText(p.Text) {
			return true
		}
	}
	return false
}

// paywallWords is a cheap look for any of the phrases.
var paywallWords = newFinder(paywallPhrases[:])

func paywallText(text string) bool {
	if !paywallWords.in(text) {
		return false
	}
	low := strings.ToLower(text)
	for _, s := range paywallPhrases {
		if strings.Contains(low, s) {
			return true
		}
	}
	return false
}
