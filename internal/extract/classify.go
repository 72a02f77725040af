package extract

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"stet/internal/news"
)

// sniffWindow is how many bytes are looked at to see what a body is.
const sniffWindow = 1024

// classifyResponse judges what can be told without parsing; OK means that the
// page itself must be read.
func classifyResponse(p Page) (news.Outcome, string) {
	for _, test := range []func(Page) (news.Outcome, string){byStatus, byRedirect, byType, byEnd} {
		if o, why := test(p); o != news.OK {
			return o, why
		}
	}
	return news.OK, ""
}

// byStatus judges by the HTTP status (RFC 9110 section 15, RFC 7725).
func byStatus(p Page) (news.Outcome, string) {
	why := fmt.Sprintf("HTTP %d", p.Status)
	if vendor := wallVendor(p); vendor != "" {
		return news.Blocked, why + ": captcha or challenge page (" + vendor + ")"
	}
	switch s := p.Status; {
	case s == 0 || s >= 200 && s <= 299 && s != 204 && s != 205 && s != 206:
		return news.OK, ""
	case s == 206:
		return news.Truncated, why + ": only a part was sent"
	case s == 404 || s == 410 || s == 451:
		return news.Gone, why
	case s == 401 || s == 402 || s == 403 || s == 407 || s == 429:
		return news.Blocked, why
	}
	return news.Failed, why
}

// wallVendor names the bot wall that sent an answer which is no success: some
// send their pages with 405, 429 or 503. What says not found is believed.
func wallVendor(p Page) string {
	if s := p.Status; s < 400 || s == 404 || s == 410 || s == 451 {
		return ""
	}
	return vendorOf(p.Body, "wall")
}

// byRedirect judges by where the visit ended.
func byRedirect(p Page) (news.Outcome, string) {
	if p.URL == nil || p.Asked == nil || p.URL.String() == p.Asked.String() {
		return news.OK, ""
	}
	path := strings.ToLower(strings.Trim(p.URL.Path, "/"))
	host := strings.ToLower(p.URL.Hostname())
	from := strings.ToLower(p.Asked.Path)
	switch {
	case rxConsentAddress.MatchString(host + "/" + path):
		return news.Consent, "redirected to the consent page " + host
	case rxLoginAddress.MatchString("/"+path) && !rxLoginAddress.MatchString(from), rxLoginHost.MatchString(host) && host != strings.ToLower(p.Asked.Hostname()):
		return news.Blocked, "redirected to a login page"
	case rxMissingAddress.MatchString("/"+path) && !rxMissingAddress.MatchString(from):
		return news.Gone, "redirected to an error page"
	case !sameDomain(p.URL, p.Asked):
		return news.Moved, "redirected to " + host
	case frontPage(p.URL) && !frontPage(p.Asked):
		return news.Gone, "redirected to the front page"
	}
	return news.OK, ""
}

var (
	rxConsentAddress = regexp.MustCompile(`^(consent|cmp|guce|myprivacy|privacy-?gate|cookie-?consent|zustimmung|gdpr)[.-]|/(cookie-?consent|privacy-?gate|cookie-?wall|consent)(/|\.|$)`)
	rxLoginAddress   = regexp.MustCompile(`/(login|log-in|signin|sign-in|sso|anmelden|connexion|iniciar-sesion|accedi)(/|\.|$)`)
	rxLoginHost      = regexp.MustCompile(`^(login|signin|sso|auth|oauth|accounts?)\.`)
	rxMissingAddress = regexp.MustCompile(`^(/[a-z-]{2,12})?/(404|410|not-?found|page-?not-?found|error-?404|errors?|errors/404|seite-nicht-gefunden)(\.[a-z]+)?$`)
	rxFrontPath      = regexp.MustCompile(`(?i)^/*((index|default|home)(\.[a-z]{2,5})?|home(page)?|start|startseite|accueil|portada|[a-z]{2}([-_][a-z]{2})?)?/*$`)
)

// frontPage reports whether an address is that of a front page.
func frontPage(u *url.URL) bool {
	return rxFrontPath.MatchString(u.Path) && (u.RawQuery == "" || !strings.Contains(u.RawQuery, "id="))
}

// byType judges by the declared type, and by the bytes where that is silent or
// generic.
func byType(p Page) (news.Outcome, string) {
	media, _, _ := mime.ParseMediaType(p.ContentType)
	switch {
	case len(bytes.TrimSpace(p.Body)) == 0:
		return news.NotArticle, "empty body"
	case media == "text/html" || media == "application/xhtml+xml":
	case media == "" || media == "application/octet-stream" || media == "text/plain" || media == "application/xml" || media == "text/xml":
		if what := sniff(p.Body); what != "" {
			return news.NotArticle, what
		}
		if media == "text/plain" && !bytes.Contains(p.Body[:min(len(p.Body), sniffWindow)], []byte("<")) {
			return news.NotArticle, "plain text"
		}
	default:
		return news.NotArticle, "not a page but " + media
	}
	if what := sniff(p.Body); what != "" {
		return news.NotArticle, what
	}
	return news.OK, ""
}

// sniff names what a body is when it is plainly no HTML, else "".
func sniff(body []byte) string {
	head := bytes.TrimSpace(bytes.TrimPrefix(body[:min(len(body), sniffWindow)], []byte{0xEF, 0xBB, 0xBF}))
	low := bytes.ToLower(head)
	magic := [...]struct{ prefix, what string }{
		{"%pdf-", "a PDF document"}, {"\x89png", "an image"}, {"\xff\xd8\xff", "an image"}, {"gif8", "an image"},
		{"riff", "an image or sound"}, {"pk\x03\x04", "an archive"}, {"\x1f\x8b", "compressed data"},
		{"{", "JSON"}, {"[{", "JSON"}, {"[\"", "JSON"},
		{"<rss", "a feed"}, {"<feed", "a feed"}, {"<rdf:rdf", "a feed"}, {"<urlset", "a sitemap"}, {"<sitemapindex", "a sitemap"},
	}
	for _, m := range magic {
		if bytes.HasPrefix(low, []byte(m.prefix)) {
			return m.what
		}
	}
	if bytes.HasPrefix(low, []byte("<?xml")) {
		if m := rxXMLRoot.FindSubmatch(low); m != nil {
			return "an XML document (" + string(m[1]) + ")"
		}
	}
	return ""
}

var rxXMLRoot = regexp.MustCompile(`<(rss|feed|rdf:rdf|urlset|sitemapindex|opml|error|kml|svg)\b`)

// byEnd reports bodies that were cut short: by the fetch's own word, or because
// the document ends before its elements do.
func byEnd(p Page) (news.Outcome, string) {
	if p.Truncated {
		return news.Truncated, "the transfer was cut short"
	}
	if len(p.Body) <= MaxHTML && endsEarly(p.Body) {
		return news.Truncated, "the document stops before its end"
	}
	return news.OK, ""
}

// endsEarly reports whether a document plainly stops: it never closes html or
// body, and ends within a tag, a comment, a script, or an element that framed
// the text. Pages may leave out </body> and </html>, but not these.
func endsEarly(body []byte) bool {
	if utf16Like(body) || containsFold(body, "</html") || containsFold(body, "</body") {
		return false
	}
	tail := body[bytes.LastIndexByte(body, '<')+1:]
	if len(tail) < len(body) && bytes.IndexByte(tail, '>') < 0 && len(tail) > 0 && (isLetter(tail[0]) || tail[0] == '/' || tail[0] == '!') {
		return true
	}
	return unclosed(body)
}

func utf16Like(body []byte) bool { return bytes.IndexByte(body[:min(len(body), 64)], 0) >= 0 }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func containsFold(body []byte, tag string) bool {
	for len(body) > 0 {
		i := bytes.IndexByte(body, '<')
		if i < 0 || len(body)-i < len(tag) {
			return false
		}
		if strings.EqualFold(string(body[i:i+len(tag)]), tag) {
			return true
		}
		body = body[i+1:]
	}
	return false
}

// unclosed reports whether a script or comment, or two or more of the elements
// that frame text, are open at the end.
func unclosed(body []byte) bool {
	z := html.NewTokenizer(bytes.NewReader(body))
	open, raw := 0, false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return raw || open >= 2
		case html.CommentToken:
			raw = !bytes.HasSuffix(z.Raw(), []byte(">"))
		case html.StartTagToken:
			name, _ := z.TagName()
			raw = string(name) == "script" || string(name) == "style"
			open += frames(name)
		case html.EndTagToken:
			name, _ := z.TagName()
			raw = false
			open -= frames(name)
		}
	}
}

func frames(name []byte) int {
	switch string(name) {
	case "div", "article", "main", "section":
		return 1
	}
	return 0
}
