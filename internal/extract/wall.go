package extract

import (
	"bytes"
	"regexp"
	"strings"

	"stet/internal/news"
)

// Limits of a page's own text within which it can be something else than an
// article. Text beside a banner counts; the banner does not.
const (
	maxChallenge = 1500 // bytes of text on a challenge or captcha page
	maxMissing   = 1000 // bytes of text on a page that says it is missing
	maxConsent   = 3000 // bytes of the longest piece that is read for consent wording
	maxWall      = 600  // bytes of text beside a consent or login wall
	minArticle   = 40   // bytes of the shortest article that calls itself one
	prosePiece   = 80   // bytes from which a piece is prose rather than a label
	storyRun     = 800  // bytes of prose without a teaser from which a page tells a story
	minTeasers   = 8    // linked headings from which a page may be an index
)

// classifyPage judges the page by what is on it.
func (d *document) classifyPage() (news.Outcome, string) {
	prose := d.prose()
	for _, test := range []func(int) (news.Outcome, string){d.challenge, d.consentWall, d.missing, d.loginWall, d.index} {
		if o, why := test(prose); o != news.OK {
			return o, why
		}
	}
	return news.OK, ""
}

// prose is the number of bytes of running text, outside links, marked
// furniture and consent wording. It stops counting where more would change no
// verdict, since reading for consent wording is dear.
func (d *document) prose() int {
	n, enough := 0, max(maxChallenge, maxMissing, maxWall)
	for i := range d.pieces {
		p := &d.pieces[i]
		if len(p.Text) >= prosePiece && !p.Soft && !p.furniture() && !p.landmark && !p.consent() {
			if n += len(p.Text) - p.link; n > enough {
				break
			}
		}
	}
	return n
}

// consent reports whether a piece has the wording of a consent dialogue.
func (p *piece) consent() bool {
	return len(p.Text) <= maxConsent && rxConsentText.MatchString(p.Text)
}

var (
	rxChallengeTitle = regexp.MustCompile(`(?i)^\W*(just a moment|attention required|access (to this page has been )?denied|access denied|pardon our interruption|are you (a )?(human|robot)|robot or human|verify(ing)? (that )?you are (a )?human|human verification|security (check|verification)|checking your browser|ddos.?guard|please wait|one more step|captcha|bot (check|detection|verification)|request (blocked|rejected|unsuccessful)|you have been blocked|blocked|forbidden|403( |$)|unusual traffic|einen moment|sicherheitsüberprüfung|zugriff verweigert|un instant|accès refusé|vérification de sécurité|un momento|acceso denegado|verificación|проверка|доступ (запрещен|ограничен)|请稍候|安全验证|访问被拒绝|アクセスが拒否|잠시만)`)
	rxChallengeText  = regexp.MustCompile(`(?i)(verify(ing)? (that )?you are (a )?(human|not a (ro)?bot)|confirm (that )?you are (a )?(human|not a (ro)?bot)|(enable|turn on) (javascript|cookies) and (cookies|javascript|reload)|checking (if the site connection is secure|your browser before)|unusual (traffic|activity) from your|complete the (captcha|security check)|solve the (captcha|puzzle)|press (&|and) hold|performance & security by cloudflare|ray id|you don.?t have permission to access|reference #\s?[0-9a-f.]+|incident id|request (was )?blocked|automated (access|requests|queries)|i.?m not a robot|ich bin kein roboter|je ne suis pas un robot|no soy un robot|bestätigen sie, dass sie (ein mensch|kein roboter)|vérifi(er|ez) que vous (êtes humain|n.êtes pas un robot)|verifica(r)? que (eres|es usted) (un )?humano|подтвердите, что вы не робот|我不是机器人|ロボットではありません)`)
	challengeMarks   = [...][2]string{
		{"cf-chl", "cf-challenge"}, {"challenge-form", "cf-challenge"}, {"cf-error-details", "cf-error"}, {"cdn-cgi/challenge-platform/h/", "cf-challenge"},
		{"_incapsula_resource", "incapsula"}, {"px-captcha", "px-captcha"}, {"captcha-delivery.com", "captcha-delivery"}, {"awswafcookiedomainlist", "aws-waf"}, {"gokuprops", "aws-waf"},
		{"g-recaptcha", "recaptcha"}, {"h-captcha", "hcaptcha"}, {"cf-turnstile", "turnstile"}, {"sec-if-cpt-container", "behavioural challenge"}, {"errors.edgesuite.net", "edge denial"}, {"ddos-guard", "ddos-guard"}, {"distil_r_captcha", "distil"}, {"geetest", "geetest"},
	}
)

// challenge recognises pages that ask who is reading, or refuse to serve.
func (d *document) challenge(prose int) (news.Outcome, string) {
	if d.allText() > maxChallenge || d.isArticle() && prose > 0 {
		return news.OK, ""
	}
	mark := d.challengeMark()
	title := rxChallengeTitle.MatchString(d.title) || rxChallengeTitle.MatchString(d.headline.shown)
	text := d.says(rxChallengeText)
	switch {
	case title && (text || mark != "" || prose < prosePiece), text && mark != "", text && prose < maxWall && !d.isArticle(), mark != "" && d.allText() < maxWall && prose < prosePiece:
		if mark == "" {
			mark = clip(d.firstText(), 60)
		}
		return news.Blocked, "captcha or challenge page (" + mark + ")"
	}
	return news.OK, ""
}

func (d *document) challengeMark() string {
	low := bytes.ToLower(d.page.Body[:min(len(d.page.Body), 256<<10)])
	for _, m := range challengeMarks {
		if bytes.Contains(low, []byte(m[0])) {
			return m[1]
		}
	}
	return ""
}

// allText is the number of bytes of all text on the page.
func (d *document) allText() int { return d.size }

func (d *document) firstText() string {
	if d.title != "" {
		return d.title
	}
	return d.headline.shown
}

// says reports whether any piece matches.
func (d *document) says(rx *regexp.Regexp) bool {
	for i := range d.pieces {
		if rx.MatchString(clip(d.pieces[i].Text, maxChallenge)) {
			return true
		}
	}
	return false
}

var rxConsentText = newPattern(`(?i)(\b(we|our|us|nous|nos|wir|unsere|nosotros|nuestros|noi|nostri|wij|onze|vi|våra)\b.{0,120}\b(cookies?|tracking|trackers?|traceurs)\b|\bcookies?\b.{0,160}\b(accept|agree|consent|preferences|settings|reject|policy|zustimm|akzeptier|einwillig|accepter|consent|aceptar|consentimiento|accett|consenso|toestemming|accepteren|godkänn|aceitar|zgod|souhlas|elfogad)` +
	`|\b(accept|reject|agree to|manage|allow|alle|accepter|refuser|aceptar|rechazar|accetta|rifiuta|accepteren|akceptuj|acceptera|aceitar)\b.{0,40}\b(all|cookies?|akzeptieren|tout|todo|todas|tutti|alles|alla|wszystkie)\b` +
	`|\b(legitimate interest|berechtigte[sn]? interesse|intérêt légitime|interés legítimo|legittimo interesse|personal(ised|ized|isierte|isierter) (ads|advertising|content|anzeigen|werbung|inhalte)|store and/or access information|informationen auf einem gerät|stocker et/ou accéder|our (\d+ )?(advertising )?partners|unsere (\d+ )?partner|nos (\d+ )?partenaires|nuestros (\d+ )?socios|privacy (choices|settings|preferences|manager)|datenschutz(einstellungen|erklärung)|before you continue|werbefrei(en)? .{0,40}abo|gdpr|dsgvo|rgpd|iab tcf)\b` +
	`|クッキー|(同意|接受).{0,10}(cookie|隐私)|cookie.{0,20}(同意|接受)|файлы cookie|использ.{0,40}cookie|ملفات تعريف الارتباط|쿠키)`)

var rxConsentTitle = regexp.MustCompile(`(?i)^\W*(before you continue|your privacy|privacy (settings|gate|policy|choices|notice)|cookie(s| consent| wall| settings|einstellungen)?|consent|datenschutz|zustimmung|einwilligung|wir brauchen ihre zustimmung|votre (vie privée|consentement)|gestion des cookies|tu privacidad|su privacidad|la tua privacy|uw privacy|je privacy|voordat u verder|bevor (sie|du) )`)

// consentWall recognises a page that is a consent dialogue and hardly anything
// else.
func (d *document) consentWall(prose int) (news.Outcome, string) {
	if prose > maxWall {
		return news.OK, ""
	}
	consent, other := 0, 0
	for i := range d.pieces {
		p := &d.pieces[i]
		switch {
		case p.consent():
			consent += len(p.Text)
		case !p.landmark && !p.Soft && len(p.tokens) >= longPiece:
			other += len(p.Text)
		}
	}
	titled := rxConsentTitle.MatchString(d.title) || rxConsentTitle.MatchString(d.headline.shown)
	if consent >= prosePiece && (consent > other || titled) && !(d.isArticle() && d.bodySize() >= minBody && other > consent/4) {
		return news.Consent, "consent page (" + clip(d.firstText(), 60) + ")"
	}
	if titled && consent > 0 && prose < prosePiece {
		return news.Consent, "consent page (" + clip(d.firstText(), 60) + ")"
	}
	return news.OK, ""
}

// rxMissing matches titles and headings of pages that say they are missing.
var rxMissing = regexp.MustCompile(`(?i)^\W*((error|http|fehler|erreur|fout|erro)?\W*(404|410)\b.{0,60}|(the |this |that |sorry,? |oops!? ?|whoops!? ?|uh.?oh!? ?|we.?re sorry,? ?)*(page|article|story|content|url|link|file|post)s? (you.{1,40} )?(was |is |could |can |has |does |may )?(not (be )?found|no longer (available|exists?|here|online)|not available|unavailable|not exist|missing|been (removed|deleted|withdrawn|taken down|moved)|cannot be found|can.?t be found|doesn.?t exist|isn.?t available)` +
	`|not found|nothing (was )?found( here)?|no such page|(sorry|oops).{0,40}(can.?t|couldn.?t|could not|cannot|unable to) find|we (can.?t|couldn.?t|could not|cannot|are unable to) find|(sorry|oops)\W{0,3}$|page (not found|missing|unavailable)|this (page|article|story|content) (is )?(no longer|not|unavailable|can.?t)` +
	`|(diese |die )?(seite|artikel|inhalt|beitrag).{0,40}(nicht (gefunden|verfügbar|vorhanden|mehr)|existiert nicht|gelöscht|entfernt)|nicht gefunden` +
	`|(cette |la )?(page|article|contenu).{0,40}(introuvable|non trouvée?|n.existe (pas|plus)|n.est plus disponible|pas été trouvée?|supprimée?)` +
	`|(la |esta )?(página|noticia|artículo|contenido).{0,40}(no (encontrad[ao]|existe|disponible|se (ha )?(encontr|pud))|eliminad[ao])|no encontramos` +
	`|(la )?pagina.{0,30}(non (trovata|esiste|disponibile)|niet gevonden|bestaat niet|nu a fost găsită|inexistentă)|niet gevonden|(esta )?página.{0,30}não (encontrada|existe|está disponível|foi encontrada)|não encontr` +
	`|sidan.{0,30}(hittades inte|kunde inte hittas|finns inte|saknas)|siden (ble ikke funnet|findes ikke|blev ikke fundet|finnes ikke)|sivua ei (löydy|löytynyt)|strona.{0,30}(nie (istnieje|została znaleziona)|nie znaleziona)|nie znaleziono|stránka.{0,30}(nebyla nalezena|neexistuje|nenalezena|sa nenašla)|az oldal nem található|sayfa bulunamadı|η σελίδα δεν βρέθηκε` +
	`|страница.{0,20}не (найдена|существует)|не найдено|сторінк.{0,20}не (знайден|існує)|الصفحة.{0,20}(غير موجودة|غير متوفرة)|לא נמצא|页面(不存在|未找到|已删除)|(找不到|無法找到)(頁面|页面|网页|您)|頁面不存在|ページが(見つかりません|存在しません|見つかりませんでした)|お探しのページ|페이지를 찾을 수 없|halaman tidak ditemukan|không tìm thấy|पृष्ठ नहीं मिला|पेज नहीं मिला|ไม่พบ(หน้า|เนื้อหา))`)

// missing recognises a page that says, with status 200, that there is nothing.
func (d *document) missing(prose int) (news.Outcome, string) {
	if prose > maxMissing || d.ld.found && prose > prosePiece {
		return news.OK, ""
	}
	for _, s := range append([]string{d.title, d.metaOf("og:title")}, d.headings()...) {
		if s != "" && len(s) < maxLinkText && rxMissing.MatchString(s) {
			return news.Soft404, "says it is missing: " + clip(s, 80)
		}
	}
	return news.OK, ""
}

// headings are the first headings of the page, and its first paragraph where
// there is none.
func (d *document) headings() []string {
	var out []string
	for i := range d.pieces {
		if p := &d.pieces[i]; (p.level == 1 || p.level == 2) && !p.furniture() {
			if out = append(out, p.Text); len(out) == 3 {
				return out
			}
		}
	}
	if len(out) == 0 && len(d.pieces) > 0 {
		out = append(out, d.pieces[0].Text)
	}
	return out
}

var rxLoginTitle = regexp.MustCompile(`(?i)^\W*((please )?(log ?in|sign ?in)( |$|\W|to)|login|log in to|sign in to|subscriber login|register to (read|continue)|anmelden|einloggen|anmeldung|connexion|se connecter|connectez-vous|iniciar sesión|inicia sesión|acceder|accedi|entrar|inloggen|logga in|logg inn|log ind|zaloguj|вход|войти|авторизация|تسجيل الدخول|登录|登入|ログイン|로그인)`)

// loginWall recognises a page that asks for a login and shows nothing else.
func (d *document) loginWall(prose int) (news.Outcome, string) {
	if prose > maxWall || d.isArticle() && prose > 0 {
		return news.OK, ""
	}
	password := d.hasPassword()
	titled := rxLoginTitle.MatchString(d.headline.shown) || rxLoginTitle.MatchString(d.title)
	if titled && (password || prose < prosePiece) || password && prose < prosePiece && !d.isArticle() {
		return news.Blocked, "login page"
	}
	return news.OK, ""
}

func (d *document) hasPassword() bool {
	low := bytes.ToLower(d.page.Body[:min(len(d.page.Body), MaxHTML)])
	return bytes.Contains(low, []byte(`type="password"`)) || bytes.Contains(low, []byte(`type=password`)) || bytes.Contains(low, []byte(`type='password'`))
}

// index recognises pages that list articles, and pages with no text at all.
func (d *document) index(prose int) (news.Outcome, string) {
	body := d.bodySize()
	teasers := d.teasers()
	switch {
	case body == 0 && len(d.pieces) == 0:
		return news.NotArticle, "no text on the page"
	case d.isArticle() && body >= minArticle && d.headline.shown != "":
		return news.OK, ""
	case teasers >= minTeasers && d.longestRun() < storyRun && !d.isArticle():
		return news.NotArticle, "an index page"
	case body < minArticle || body < minBody/2 && !d.isArticle() && prose == 0:
		return news.NotArticle, "no article text on the page"
	}
	return news.OK, ""
}

// teasers counts headings that are links to other pages.
func (d *document) teasers() int {
	n := 0
	for i := range d.pieces {
		p := &d.pieces[i]
		if p.level > 0 && len(p.tokens) >= 3 && float64(p.link) > linkShare*float64(len(p.Text)) && !strings.HasPrefix(p.Text, "#") {
			n++
		}
	}
	return n
}

// longestRun is the number of bytes of the longest prose between two teasers:
// an index tells a little of each story, an article all of its own.
func (d *document) longestRun() int {
	most, run := 0, 0
	for i := range d.pieces {
		p := &d.pieces[i]
		switch {
		case p.level > 0 && float64(p.link) > linkShare*float64(len(p.Text)):
			run = 0
		case !p.Soft && !p.furniture() && !p.landmark && len(p.Text) >= prosePiece:
			run += len(p.Text)
			most = max(most, run)
		}
	}
	return most
}
