package extract

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"stet/internal/news"
)

const (
	maxRefresh = 30      // seconds; a later refresh reloads a page that is being read
	maxMover   = 8 << 10 // bytes of the scripts of a page that only sends readers on
)

var (
	rxRefresh = regexp.MustCompile(`(?i)^\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?\s*([^"']+)`)
	rxMover   = regexp.MustCompile(`(?:^|[\s;{}(=.])location(?:\.href)?\s*(?:=|\.\s*(?:replace|assign)\s*\()\s*["']([^"']+)["']`)
)

// redirectStub recognises pages that hold nothing but the way to another: a
// meta refresh, a script that sets the location, or a line with a link. Where
// the way leads says what it means, as for redirects by HTTP.
func (d *document) redirectStub(prose int) (news.Outcome, string) {
	if prose > maxStated || d.size > maxWall || d.articleMake() && d.bodySize() >= minArticle {
		return news.OK, ""
	}
	to := d.resolve(d.refresh())
	script := false
	if to == nil {
		to, script = d.resolve(d.mover()), true
	}
	if to == nil && d.heads("redirect") {
		if to, script = d.resolve(d.firstLink()), false; to == nil {
			return news.NotArticle, "a redirect to nowhere"
		}
	}
	if to == nil {
		return news.OK, ""
	}
	o, why := sentTo(d.page.URL, to, script)
	if o == news.Moved {
		d.target = to.String()
	}
	return o, why
}

// sentTo judges a page that sends its reader to another address.
func sentTo(from, to *url.URL, script bool) (news.Outcome, string) {
	where := clip(to.String(), 120)
	if from == nil {
		return news.Moved, "the page redirects to " + where
	}
	if to.Host == from.Host && to.Path == from.Path {
		if script {
			return news.Blocked, "a script that tests the browser and loads the page again"
		}
		return news.NotArticle, "the page only reloads itself"
	}
	if o, why := byRedirect(Page{URL: to, Asked: from}); o != news.OK {
		return o, "the page redirects to " + where + ": " + strings.TrimPrefix(why, "redirected to ")
	}
	return news.Moved, "the page redirects to " + where
}

// refresh is the target of a prompt meta refresh.
func (d *document) refresh() (to string) {
	each(d.root, func(n *html.Node) {
		if to != "" || n.DataAtom != atom.Meta || !strings.EqualFold(attr(n, "http-equiv"), "refresh") {
			return
		}
		if m := rxRefresh.FindStringSubmatch(attr(n, "content")); m != nil {
			if s, err := strconv.Atoi(m[1]); err == nil && s <= maxRefresh {
				to = strings.TrimSpace(m[2])
			}
		}
	})
	return to
}

// mover is the address to which the page's short scripts set the location.
func (d *document) mover() (to string) {
	root, size := parse(d.text), 0 // the page's own tree is without scripts
	if root == nil {
		return ""
	}
	each(root, func(n *html.Node) {
		if n.DataAtom == atom.Script && n.FirstChild != nil {
			if size += len(n.FirstChild.Data); size > maxMover {
				return
			}
			if m := rxMover.FindStringSubmatch(n.FirstChild.Data); m != nil && to == "" {
				to = m[1]
			}
		}
	})
	if size > maxMover {
		return ""
	}
	return to
}

func (d *document) firstLink() (to string) {
	each(d.root, func(n *html.Node) {
		if to == "" && n.DataAtom == atom.A {
			to = attr(n, "href")
		}
	})
	return to
}

const noText = "no text on the page"

// empty names what a page without text is made of.
func (d *document) empty() string {
	what, app := "", false
	each(d.root, func(n *html.Node) {
		switch n.DataAtom {
		case atom.Frameset, atom.Frame:
			if src := attr(n, "src"); src != "" && !strings.HasPrefix(what, "frames") {
				what = "frames (" + clip(src, 80) + ")"
			}
		case atom.Embed, atom.Object, atom.Video, atom.Audio, atom.Iframe:
			if what == "" {
				what = "no text but an embedded " + n.Data
			}
		case atom.Div:
			app = app || shellID(attr(n, "id"))
		}
		app = app || n.Type == html.ElementNode && n.Data == "app-root"
	})
	switch {
	case what != "":
		return what
	case app || d.noscript():
		return "no text without JavaScript"
	}
	return noText
}

// shellID reports whether an id is one under which JavaScript frameworks build
// the page.
func shellID(id string) bool {
	switch strings.ToLower(id) {
	case "root", "app", "__next", "__nuxt", "main-app", "react-root", "svelte", "gatsby", "___gatsby":
		return true
	}
	return false
}

// noscript reports whether the page asks for JavaScript where there is none.
func (d *document) noscript() bool {
	found := false
	each(d.root, func(n *html.Node) {
		found = found || n.DataAtom == atom.Noscript && n.FirstChild != nil && says(foldWords(clip(n.FirstChild.Data, maxConsent)), lexicons()["script"].text)
	})
	return found
}
