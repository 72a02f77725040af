package extract

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"stet/internal/news"
)

// agentName is how pages address us alone, in lower case: the product token of
// our User-Agent, as in robots.txt.
const agentName = "stet"

// MaxDirectives is how many directives of one header or meta element are read.
const MaxDirectives = 200

// Reserved reads what a page reserves for its publisher: noindex, noarchive and
// none (which is both) of meta elements and X-Robots-Tag headers that are meant
// for all robots or for us, and the reservation of text and data mining.
//
// What is said in several places adds up: one that reserves counts, whatever
// others allow. It reads the header alone when there is no HTML, and takes bodies
// that [Read] was not asked about. unavailable_after and what only others are
// told is passed over. (The file /.well-known/tdmrep.json is not asked for.)
//
// Robots meta element and X-Robots-Tag are described by search engines, not by a
// standard; TDM by the final report "TDM Reservation Protocol" of a W3C group.
func Reserved(p Page) news.Reserved {
	var r reserving
	for _, line := range p.RobotsTag {
		r.robotsTag(line)
	}
	r.mining(p.TDMReservation)
	r.policyAt(p.TDMPolicy, p.URL)
	if o, _ := classifyResponse(p); o == news.OK {
		r.readMeta(p)
	}
	return news.Reserves(r.what, r.policy)
}

// reserving is what was found so far.
type reserving struct {
	what   []news.Reservation
	policy string
}

// readMeta reads the meta elements of a page, wherever they stand. Scripts and
// comments hold none.
func (r *reserving) readMeta(p Page) {
	text := decode(p.Body[:min(len(p.Body), MaxHTML)], p.ContentType)
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, more := z.TagName(); more && string(name) == "meta" {
				r.meta(z, p.URL)
			}
		}
	}
}

func (r *reserving) meta(z *html.Tokenizer, base *url.URL) {
	attributes := map[string]string{}
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, twice := attributes[string(key)]; !twice { // the first of one name counts, as everywhere in HTML
			attributes[string(key)] = string(value)
		}
	}
	content := attributes["content"]
	switch strings.ToLower(strings.TrimSpace(attributes["name"])) {
	case "robots", agentName:
		for _, d := range directives(content) {
			r.directive(d)
		}
	case "tdm-reservation":
		r.mining(content)
	case "tdm-policy":
		r.policyAt(content, base)
	}
}

// directives cuts a list at its commas.
func directives(list string) []string {
	parts := strings.SplitN(list, ",", MaxDirectives+1)
	return parts[:min(len(parts), MaxDirectives)]
}

// rxAgent is a product token before its colon, as the name of a robot that the
// directives after it are meant for.
var rxAgent = regexp.MustCompile(`^\s*([A-Za-z*][A-Za-z0-9._*-]*)\s*:(.*)$`)

// robotsTag reads one header line: directives for all, then for the robots that
// stand before some of them with a colon.
func (r *reserving) robotsTag(line string) {
	ours := true
	for _, d := range directives(line) {
		if m := rxAgent.FindStringSubmatch(d); m != nil {
			switch agent := strings.ToLower(m[1]); agent {
			case "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview": // a value, no robot
				continue
			default:
				ours, d = agent == agentName || agent == "*", m[2]
			}
		}
		if ours && !strings.Contains(d, ":") { // as in the rest of a date

			r.directive(d)
		}
	}
}

// directive takes in one directive, in any case. White space separates, too:
// pages that forget the comma mean no less.
func (r *reserving) directive(text string) {
	for _, d := range strings.Fields(strings.ToLower(text)) {
		switch d {
		case "noindex":
			r.what = append(r.what, news.NoIndex)
		case "noarchive":
			r.what = append(r.what, news.NoArchive)
		case "none":
			r.what = append(r.what, news.NoIndex, news.NoArchive)
		}
	}
}

// mining takes in a value of tdm-reservation: 1 reserves.
func (r *reserving) mining(value string) {
	if strings.TrimSpace(value) == "1" {
		r.what = append(r.what, news.TDM)
	}
}

// policyAt takes in the first address of a policy that can be one.
func (r *reserving) policyAt(ref string, base *url.URL) {
	if ref = strings.TrimSpace(ref); ref == "" || r.policy != "" {
		return
	}
	d := document{page: Page{URL: base}}
	if u := d.resolve(ref); u != nil {
		r.policy = u.String()
	}
}
