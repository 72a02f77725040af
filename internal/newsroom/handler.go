package newsroom

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// A reply is what the paper answers with.
type reply struct {
	status    int
	mediaType string
	body      []byte
	header    map[string]string // more header fields
	gzip      bool              // compress it when the reader accepts that
	half      bool              // send half of what Content-Length promises
}

// A request is what an answer depends on.
type request struct {
	path   string
	base   string        // scheme and host
	since  time.Duration // of the day
	number uint64        // requests before this one
}

// Handler serves the paper. It answers GET and HEAD, all else with 405.
func (p *Paper) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := request{path: r.URL.Path, base: "http://" + r.Host, since: p.since(), number: p.requests.Add(1) - 1}
		if r.TLS != nil {
			q.base = "https://" + r.Host
		}
		a := reply{status: http.StatusMethodNotAllowed, header: map[string]string{"Allow": "GET, HEAD"}}
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			a = p.answer(q)
		}
		a.send(w, r)
		p.log.Debug("served", "path", q.path, "status", a.status, "into", q.since)
	})
}

// answer finds who answers for the path.
func (p *Paper) answer(q request) reply {
	if a := p.byPath[q.path]; a != nil {
		return p.answerArticle(q, a)
	}
	if doc, mediaType := p.feed(q.path, q.base, q.since); doc != nil {
		return validated(reply{status: http.StatusOK, mediaType: mediaType, body: doc, gzip: true}, doc)
	}
	if name, ok := strings.CutPrefix(q.path, "/pictures/"); ok {
		return reply{status: http.StatusOK, mediaType: "image/svg+xml", body: picture(name)}
	}
	if name, ok := strings.CutPrefix(q.path, "/assets/"); ok {
		return p.asset(q, name)
	}
	return p.answerPage(q)
}

// asset serves the style sheet and the lamp.
func (p *Paper) asset(q request, name string) reply {
	types := map[string]string{"paper.css": "text/css; charset=utf-8", "lamp.svg": "image/svg+xml"}
	data, err := fs.ReadFile(assetFiles, "assets/"+name)
	if err != nil || types[name] == "" {
		return p.notFound(q, http.StatusNotFound)
	}
	return validated(reply{status: http.StatusOK, mediaType: types[name], body: data, gzip: true}, data)
}

// answerPage serves the front page, a section, or one of the pages that the
// paper's links lead to and that are no articles.
func (p *Paper) answerPage(q request) reply {
	v := p.view(q.base, q.path, q.since, q.number)
	if q.path == p.Home() {
		v.Title, v.List = "Today in Havermouth", p.teasers(q.since, "")
		return p.render(v, v.template("list"), http.StatusOK)
	}
	for _, s := range p.sections {
		if q.path == sectionPath(s) {
			v.Title, v.List = s, p.teasers(q.since, s)
			return p.render(v, v.template("list"), http.StatusOK)
		}
	}
	title, notice := plainPage(q.path)
	if title == "" {
		return p.notFound(q, http.StatusNotFound)
	}
	v.Title, v.Notice = title, notice
	return p.render(v, "notice", http.StatusOK)
}

func plainPage(path string) (title string, notice []string) {
	switch {
	case path == "/about":
		return "About the Lantern", []string{
			"The Havermouth Lantern has reported from the harbour, the town and the sea beyond since the year the breakwater was finished, and again since the year it was repaired.",
			"When we get something wrong we say so at the foot of the article. Tell us at the net loft, or write to corrections@lantern.example.",
			"The town, the paper, its people and its news are invented."}
	case path == "/privacy":
		return "Privacy", []string{"This paper keeps nothing about you: it is a demonstration, and forgets you when it stops."}
	case strings.HasPrefix(path, "/adverts/"):
		return "Advertisement", []string{"This advertiser is invented, as is what it sells."}
	case strings.HasPrefix(path, "/extra/"):
		return "Only a headline", []string{"The newsroom wrote this headline to stand beside the news. There is nothing behind it."}
	}
	return "", nil
}

// answerArticle goes through the four steps of the package comment.
func (p *Paper) answerArticle(q request, a *article) reply {
	s, ok := a.at(q.since)
	switch {
	case !ok || s.trouble == missing:
		return p.notFound(q, http.StatusNotFound)
	case s.end == gone410:
		return p.notFound(q, http.StatusGone)
	case s.end == goneHome:
		return redirect(http.StatusFound, q.base+p.Home())
	case q.path != s.path && a.wasAt(q.path, q.since):
		return redirect(http.StatusMovedPermanently, q.base+s.path)
	case q.path != s.path:
		return p.notFound(q, http.StatusNotFound)
	}
	if r, ok := p.trouble(q, s); ok {
		return r
	}
	if a.has("slow") {
		p.slow(slowWait)
	}
	v := p.articlePage(p.view(q.base, q.path, q.since, q.number), s, q.since)
	r := p.render(v, v.template("article"), http.StatusOK)
	r.gzip, r.half = a.has("gzip"), s.trouble == cut
	if a.has("latin") {
		r = latin(r)
	}
	if a.has("etag") && s.trouble == "" {
		r = validated(r, fmt.Appendf(nil, "%s %d %t", s.path, s.edition, v.evening))
		r.header["Last-Modified"] = p.start.Add(s.modified).UTC().Format(http.TimeFormat)
	}
	return r
}

// wasAt reports whether the article was at path by d of the day.
func (a *article) wasAt(path string, d time.Duration) bool {
	return path == a.path || slices.ContainsFunc(a.moments, func(m moment) bool {
		return m.kind == moved && m.to == path && m.at <= d
	})
}

// trouble answers instead of the article; false when it does not.
func (p *Paper) trouble(q request, s state) (reply, bool) {
	switch s.trouble {
	case "", paywall, cut: // the article itself, in part
		return reply{}, false
	case soft404:
		return p.notFound(q, http.StatusOK), true
	}
	v := p.view(q.base, q.path, q.since, q.number)
	switch s.trouble {
	case consent:
		v.Title, v.Consent = "Before you continue to the Lantern", true
		v.Notice = []string{"We and our 214 partners use cookies to store and read information on your device, to measure readers and to show personalised advertising.",
			"You can accept all cookies, reject those that are not necessary, or manage your choice. You may withdraw your consent at any time."}
		return p.render(v, "notice", http.StatusOK), true
	case captcha:
		v.Title, v.Captcha = "Please verify you are a human", true
		v.Notice = []string{"Our systems have detected unusual traffic from your network. Complete the check below to continue."}
		return p.render(v, "notice", http.StatusOK), true
	case broken:
		v.Title, v.Notice = "Internal Server Error", []string{"The presses have stopped. We are on our way down the ladder to look."}
		return p.render(v, "notice", http.StatusInternalServerError), true
	case busy:
		v.Title, v.Notice = "Too Many Requests", []string{"Please wait a little before you ask again."}
		r := p.render(v, "notice", http.StatusTooManyRequests)
		r.header = map[string]string{"Retry-After": strconv.Itoa(int(retryAfter.Seconds()))}
		return r, true
	}
	return reply{}, false
}

// notFound says that there is nothing here, with whatever status.
func (p *Paper) notFound(q request, status int) reply {
	v := p.view(q.base, q.path, q.since, q.number)
	v.Title, v.Notice = "Page not found", []string{"Sorry, we cannot find the page you asked for. It may have been moved or removed, or the tide took it."}
	return p.render(v, "notice", status)
}

func redirect(status int, to string) reply {
	return reply{status: status, mediaType: "text/html; charset=utf-8", header: map[string]string{"Location": to}}
}

// render executes a template into a reply.
func (p *Paper) render(v view, name string, status int) reply {
	var b bytes.Buffer
	if err := p.pages.ExecuteTemplate(&b, name, v); err != nil {
		p.log.Error("render "+name, "path", v.Path, "err", err)
		return reply{status: http.StatusInternalServerError, mediaType: "text/plain; charset=utf-8", body: []byte("internal error\n")}
	}
	return reply{status: status, mediaType: "text/html; charset=utf-8", body: b.Bytes()}
}

// latin turns a UTF-8 page into windows-1252; what that lacks becomes a
// reference to the character.
func latin(r reply) reply {
	var b bytes.Buffer
	for _, c := range string(r.body) {
		if x, ok := charmap.Windows1252.EncodeRune(c); ok {
			b.WriteByte(x)
		} else {
			fmt.Fprintf(&b, "&#%d;", c)
		}
	}
	r.body, r.mediaType = b.Bytes(), "text/html; charset=windows-1252"
	return r
}

// validated gives the reply an ETag that follows from what.
func validated(r reply, what []byte) reply {
	h := fnv.New64a()
	h.Write(what)
	r.header = map[string]string{"ETag": fmt.Sprintf(`W/"%x"`, h.Sum64()), "Cache-Control": "no-cache"}
	return r
}

// send writes the reply as the reader asked for it.
func (a reply) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.mediaType != "" {
		h.Set("Content-Type", a.mediaType)
	}
	if etag := a.header["ETag"]; etag != "" && a.status == http.StatusOK && matches(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.gzip {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = compress(body)
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if a.half {
		body = body[:len(body)/2]
	}
	if r.Method != http.MethodHead {
		w.Write(body) // a reader that went away is no fault of ours
	}
}

// matches is the weak comparison of RFC 9110 §13.1.2.
func matches(ifNoneMatch, etag string) bool {
	for m := range strings.SplitSeq(ifNoneMatch, ",") {
		m = strings.TrimSpace(m)
		if m == "*" || m != "" && strings.TrimPrefix(m, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) // into memory: cannot fail
	z.Close()
	return b.Bytes()
}
