package extract

import "stet/internal/news"

// Limits of a page's own text within which it can be something else than an
// article, in letters (see letters). Text beside a banner counts; the banner
// does not.
const (
	maxMissing = 1000 // letters of prose beside a heading that says the page is missing
	maxBeside  = 300  // letters of prose beside another notice that heads the page
	maxStated  = 180  // letters of prose beside a notice that stands in the text only
	maxConsent = 3000 // bytes of the longest piece that is read for consent wording
	maxWall    = 600  // letters of prose beside a consent wall; bytes of text on the page of a widget
	minArticle = 40   // bytes of the shortest article that calls itself one
	prosePiece = 80   // letters from which a piece is prose rather than a label
	storyRun   = 800  // letters of prose without a teaser from which a page tells a story
	minTeasers = 8    // teasers from which a page may be an index
)

// letters is the length of a text in characters, those of scripts without
// spaces counted three times, for they say as much as a syllable or a word.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if n++; spaceless(r) {
			n += 2
		}
	}
	return n
}

// classifyPage judges the page by what is on it: the tests in order, the first
// that finds something decides. All but the last are for pages with little
// prose of their own.
//
//  1. vendorWall: the marks of a bot wall, with hardly any text.
//  2. redirectStub: nothing but the way to another page.
//  3. headedBy: the title, the first heading or the first line is, as a whole,
//     one of the phrases by which pages refuse, miss, fail, sell or ask for a
//     login. The share of the words decides, so that a headline that quotes
//     such a phrase stays a headline.
//  4. statedBy: the first lines of text have a phrase by which pages refuse or
//     miss, with little beside.
//  5. consentWall: a consent dialogue and little else.
//  6. offered: as statedBy, for phrases that consent dialogues have too; or a
//     form that asks for a password.
//  7. index: a list of stories, a directory, or no text at all.
//
// What speaks for an article weighs against 1 to 6: that the page calls itself
// one, or that its first heading is repeated by the title and has prose after
// it. The prose of teasers, that is what follows a link, does not count.
func (d *document) classifyPage() (news.Outcome, string) {
	prose := d.prose()
	if prose <= maxMissing {
		d.hear()
		for _, test := range []func(int) (news.Outcome, string){d.vendorWall, d.redirectStub, d.headedBy, d.statedBy, d.consentWall, d.offered} {
			if o, why := test(prose); o != news.OK {
				return o, why
			}
		}
	}
	return d.index(prose)
}

// prose is the number of letters of running text, outside links, marked
// furniture, consent wording and the lines under teasers. It stops counting
// where more would change no verdict, since reading for consent wording is
// dear.
func (d *document) prose() int {
	n, under := 0, false
	for i := range d.pieces {
		p := &d.pieces[i]
		if !under && p.prose() {
			if n += letters(p.Text); n > maxMissing {
				break
			}
		}
		under = p.teaser()
	}
	return n
}

// prose reports whether a piece is running text of the page's own.
func (p *piece) prose() bool { return p.running() && !p.consent() }

// running is prose that may speak of consent.
func (p *piece) running() bool {
	return len(p.Text) >= prosePiece && !p.Soft && !p.furniture() && !p.landmark && letters(p.Text) >= prosePiece
}

// consent reports whether a piece has the wording of a consent dialogue.
func (p *piece) consent() bool {
	if !p.consentRead {
		p.consentRead = true
		p.consents = len(p.Text) <= maxConsent && rxConsentText.MatchString(p.Text)
	}
	return p.consents
}

// vendorWall recognises pages by which a vendor keeps readers out.
func (d *document) vendorWall(prose int) (news.Outcome, string) {
	if prose > maxWall || d.articleMake() && d.bodySize() >= minArticle {
		return news.OK, ""
	}
	if v := vendorOf(d.page.Body, "wall"); v != "" && prose < maxBeside {
		return news.Blocked, "captcha or challenge page (" + v + ")"
	}
	if v := vendorOf(d.page.Body, "widget"); v != "" && prose < prosePiece && d.size < maxWall {
		return news.Blocked, "captcha or challenge page (" + v + ")"
	}
	return news.OK, ""
}

var rxConsentText = newPattern(`(?i)(\b(we|our|us|nous|nos|wir|unsere|nosotros|nuestros|noi|nostri|wij|onze|vi|våra)\b.{0,120}\b(cookies?|tracking|trackers?|traceurs)\b|\bcookies?\b.{0,160}\b(accept|agree|consent|preferences|settings|reject|policy|zustimm|akzeptier|einwillig|accepter|consent|aceptar|consentimiento|accett|consenso|toestemming|accepteren|godkänn|aceitar|zgod|souhlas|elfogad)` +
	`|\b(accept|reject|agree to|manage|allow|alle|accepter|refuser|aceptar|rechazar|accetta|rifiuta|accepteren|akceptuj|acceptera|aceitar)\b.{0,40}\b(all|cookies?|akzeptieren|tout|todo|todas|tutti|alles|alla|wszystkie)\b` +
	`|\b(legitimate interest|berechtigte[sn]? interesse|intérêt légitime|interés legítimo|legittimo interesse|personal(ised|ized|isierte|isierter) (ads|advertising|content|anzeigen|werbung|inhalte)|store and/or access information|informationen auf einem gerät|stocker et/ou accéder|our (\d+ )?(advertising )?partners|unsere (\d+ )?partner|nos (\d+ )?partenaires|nuestros (\d+ )?socios|privacy (choices|settings|preferences|manager)|datenschutz(einstellungen|erklärung)|before you continue|werbefrei(en)? .{0,40}abo|gdpr|dsgvo|rgpd|iab tcf)\b` +
	`|クッキー|(同意|接受).{0,10}(cookie|隐私)|cookie.{0,20}(同意|接受)|файлы cookie|использ.{0,40}cookie|ملفات تعريف الارتباط|쿠키)`)

// consentWall recognises a page that is a consent dialogue and hardly anything
// else: its title says so and its text too, or most of its text does.
func (d *document) consentWall(prose int) (news.Outcome, string) {
	if prose > maxWall || d.speech.tells && d.bodySize() >= minArticle {
		return news.OK, ""
	}
	consent, other := d.consentSize()
	headed := d.heads("consent")
	if d.isArticle() && (d.start >= 0 && !headed || other > consent/4) && d.bodySize() >= minArticle {
		return news.OK, ""
	}
	switch {
	case consent >= prosePiece && (consent > other || headed), headed && consent > 0 && prose < prosePiece:
		return news.Consent, "consent page (" + d.consentName() + ")"
	case d.size < prosePiece && vendorOf(d.page.Body, "consent") != "":
		return news.Consent, "consent page (" + d.consentName() + ")"
	}
	return news.OK, ""
}

// consentSize is the number of letters of text in the words of a consent
// dialogue, and of all other sentences.
func (d *document) consentSize() (consent, other int) {
	for i := range d.pieces {
		p := &d.pieces[i]
		switch {
		case p.consent() || says(foldWords(clip(p.Text, maxSaying)), lexicons()["consent"].text):
			consent += letters(p.Text)
		case !p.landmark && !p.Soft && len(p.tokens) >= longPiece:
			other += letters(p.Text)
		}
	}
	return consent, other
}

// consentName is the vendor of the dialogue, or how the page calls itself.
func (d *document) consentName() string {
	if v := vendorOf(d.page.Body, "consent"); v != "" {
		return v
	}
	return clip(d.firstText(), 60)
}

func (d *document) firstText() string {
	if d.title != "" {
		return d.title
	}
	return d.headline.shown
}
