package feed

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// Links lists the links of a section page that lead to articles: entries of
// Format Page in document order, each address once, at most [MaxEntries].
//
// A link counts when its address is on the registrable domain of base, is no
// front page, section, tag, author, account or help page and no picture or
// download, and when its signs add up to articleSigns: an address with a date
// (3), an identifier or a long slug (2 each), a slug of three words or a file
// name (1 each); a link in a heading (2); a text of five words (2) or three
// (1). Links in navigation and footers never count. At least one sign must be
// in the address, because menus can have long texts.
func Links(body []byte, contentType string, base *url.URL) Document {
	p := scanPage(body, contentType, base)
	d := Document{Format: Page, Title: plain(p.title.String()), Language: p.lang}
	if base == nil {
		return d
	}
	d.Home = base.String()
	d.Hub, d.Self = relation(p.links, "hub", p.base), relation(p.links, "self", p.base)
	extra := 0
	for _, a := range merge(p.anchors) {
		if !isArticle(a, base) {
			continue
		}
		if len(d.Entries) == MaxEntries {
			extra++
			continue
		}
		d.Entries = append(d.Entries, Entry{URL: a.url, Title: a.text})
	}
	if extra > 0 {
		d.Mended = append(d.Mended, count(extra, "link", "links")+" "+pastLimit(MaxEntries))
	}
	return d
}

// merge joins the links to one address: a picture and a headline often link to
// the same article. The longest text is kept, and the best place.
func merge(anchors []anchor) []anchor {
	var out []anchor
	at := map[string]int{}
	for _, a := range anchors {
		i, ok := at[a.url]
		if !ok {
			at[a.url] = len(out)
			out = append(out, a)
			continue
		}
		o := &out[i]
		if o.furnish && !a.furnish || len(a.text) > len(o.text) && o.heading == a.heading || a.heading && !o.heading && a.text != "" {
			o.text = a.text
		}
		o.heading = o.heading || a.heading
		o.furnish = o.furnish && a.furnish
	}
	return out
}

// articleSigns is how many points make a link an article's.
const articleSigns = 4

func isArticle(a anchor, base *url.URL) bool {
	u, err := url.Parse(a.url)
	if err != nil || a.furnish || a.text == "" || !sameDomain(u.Hostname(), base.Hostname()) {
		return false
	}
	if samePage(u, base) || !articlePath(u) {
		return false
	}
	signs := pathSigns(u)
	return signs > 0 && signs+textSigns(a) >= articleSigns
}

func samePage(a, b *url.URL) bool {
	return strings.TrimRight(a.Path, "/") == strings.TrimRight(b.Path, "/") && a.RawQuery == b.RawQuery
}

// sameDomain reports whether two hosts have one registrable domain. Hosts
// without one (addresses, single names) must be equal.
func sameDomain(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	da, errA := publicsuffix.EffectiveTLDPlusOne(a)
	db, errB := publicsuffix.EffectiveTLDPlusOne(b)
	if errA != nil || errB != nil {
		return a == b
	}
	return da == db
}

// articlePath reports whether an address can be an article's at all.
func articlePath(u *url.URL) bool {
	p := strings.Trim(strings.ToLower(u.Path), "/")
	if p == "" {
		return false
	}
	segments := strings.Split(p, "/")
	for i, s := range segments {
		if isListing(s) || i == len(segments)-1 && isListingEnd(s) || i >= len(segments)-2 && isAuthors(s) || i == 0 && isService(s) || len(segments) == 1 && isService(s) {
			return false
		}
	}
	switch path.Ext(p) {
	case ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".avif", ".ico", ".pdf", ".mp3", ".mp4", ".m4a", ".m3u8",
		".mov", ".avi", ".webm", ".zip", ".gz", ".xml", ".rss", ".atom", ".rdf", ".json", ".js", ".css", ".txt",
		".csv", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".ics", ".epub", ".apk", ".exe":
		return false
	}
	return true
}

// isListing reports whether the segment of a path says that the page lists
// things or people.
func isListing(s string) bool {
	switch s {
	case "tag", "tags", "topic", "topics", "category", "categories", "author", "authors", "profile", "profiles", "by", "page", "search", "label", "labels", "hashtag",
		"login", "log-in", "signin", "sign-in", "signup", "sign-up", "register", "account", "subscribe",
		"subscription", "subscriptions", "newsletter", "newsletters", "rss", "feed", "feeds", "sitemap",
		"comments", "wp-login.php", "wp-admin", "wp-content", "cdn-cgi", "cart", "checkout", "share":
		return true
	}
	return false
}

// isListingEnd is isListing for words that are also part of articles' addresses
// when something follows them.
func isListingEnd(s string) bool {
	switch s {
	case "archive", "archives", "staff", "people", "latest", "live", "video", "videos", "photos", "opinion":
		return true
	}
	return false
}

// isAuthors is isListing for the words of other languages for "author", which
// some publishers also put before every article of theirs.
func isAuthors(s string) bool {
	switch s {
	case "autor", "autoren", "autores", "autori", "auteur", "auteurs", "firmatari", "forfatter":
		return true
	}
	return false
}

// isService reports whether the segment at the head of a path belongs to pages
// about the source itself.
func isService(s string) bool {
	s = strings.TrimSuffix(strings.TrimSuffix(s, ".html"), ".php")
	switch s {
	case "about", "about-us", "contact", "contact-us", "contacts", "privacy", "privacy-policy", "terms",
		"terms-and-conditions", "terms-of-use", "terms-of-service", "cookies", "cookie-policy", "help",
		"faq", "jobs", "careers", "advertise", "advertising", "legal", "imprint", "impressum",
		"accessibility", "donate", "shop", "store", "user", "users", "settings", "media-kit", "index":
		return true
	}
	return false
}

var (
	pathDate = regexp.MustCompile(`(?:^|[/_-])(?:19|20)\d\d[/_-]?(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[/_-]?\d{1,2})?(?:[/_-]|$)`)
	pathID   = regexp.MustCompile(`(?:^|[^0-9])\d{5,}(?:[^0-9]|$)`)
	queryID  = regexp.MustCompile(`(?i)(?:^|&)(?:id|p|art|article|story|articleid|storyid|newsid)=[0-9a-f-]{3,}(?:&|$)`)
)

// pathSigns counts the signs of an article in its address.
func pathSigns(u *url.URL) int {
	p := strings.Trim(strings.ToLower(u.Path), "/")
	last := path.Base(p)
	slug := strings.TrimSuffix(last, path.Ext(last))
	signs := 0
	tail := path.Base(path.Dir(p)) + "/" + last
	if pathDate.MatchString(p) && !isDate(slug) {
		signs += 3
	}
	if pathID.MatchString(tail) || mixedID(slug) || queryID.MatchString(u.RawQuery) || isNumber(slug) && len(slug) >= 4 && !isDate(slug) {
		signs += 2
	}
	switch words := max(slugWords(slug), slugWords(path.Base(path.Dir(p)))); {
	case words >= 4:
		signs += 2
	case words == 3:
		signs++
	}
	if path.Ext(last) != "" {
		signs++
	}
	return signs
}

// isDate reports whether a segment holds no more than a date or a part of one:
// the page of a day, month or year.
func isDate(s string) bool {
	digits := strings.NewReplacer("-", "", "_", "", ".", "").Replace(s)
	if !isNumber(digits) {
		return digits == ""
	}
	return len(digits) <= 2 || (strings.HasPrefix(digits, "19") || strings.HasPrefix(digits, "20")) && len(digits) <= len("20060102") && len(digits)%2 == 0
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

// mixedID reports whether a segment, or its last word, is an identifier of
// digits mixed with letters, as in "c4ng72x1mo8o".
func mixedID(slug string) bool {
	word := slug[strings.LastIndexAny(slug, "-_")+1:]
	digits, letters := 0, 0
	for _, r := range word {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return digits >= 2 && letters >= 1 && digits+letters >= 8
}

// slugWords counts the words in the name of a page; letters of scripts that
// write without spaces count four to a word.
func slugWords(slug string) int {
	words := 0
	for _, w := range strings.FieldsFunc(slug, func(r rune) bool { return r == '-' || r == '_' || r == '+' || r == ' ' }) {
		if !isNumber(w) {
			words++
		}
	}
	return max(words, wide(slug)/4)
}

// wide counts the letters of scripts that put no spaces between words.
func wide(s string) int {
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			n++
		}
	}
	return n
}

func textSigns(a anchor) int {
	signs := 0
	if a.heading {
		signs += 2
	}
	words := len(strings.Fields(a.text))
	if w := wide(a.text); w*2 > utf8.RuneCountInString(a.text) {
		words = w / 2
	}
	switch {
	case words >= 5:
		signs += 2
	case words >= 3:
		signs++
	}
	return signs
}
