package newsroom

import (
	"slices"
	"strings"
	"time"
)

// sectionOrder lists the sections that an article may be in, in the order of
// the navigation.
var sectionOrder = []string{"Harbour", "Town", "World", "Business", "Science", "Culture", "Sport", "Opinion"}

// A block is one paragraph-like piece of an article.
type block struct {
	kind  blockKind
	text  string
	clock time.Duration // of a live-blog post, since the start of the day
}

type blockKind int

const (
	paragraph blockKind = iota
	subhead
	listItem
	quotation
	postHead // heading line of a live-blog post
)

// A text is what an article says at some time.
type text struct {
	headline, standfirst string
	blocks               []block
}

// lines is the text of the blocks, one string each, in reading order.
func (t text) lines() []string {
	out := make([]string, len(t.blocks))
	for i, b := range t.blocks {
		out[i] = b.text
	}
	return out
}

// A kind says what a moment is.
type kind string

const (
	published kind = "published"
	edited    kind = "edit"     // text and modified date change
	silent    kind = "silent"   // text changes, the modified date does not
	sighting  kind = "sighting" // a text comes back that a watcher only counts
	bumped    kind = "bump"     // the modified date moves, the text does not
	moved     kind = "move"     // 301 to another path from now on
	gone410   kind = "gone"     // 410 from now on
	goneHome  kind = "home"     // redirected to the front page from now on

	// Trouble: these last from their time until another.
	missing kind = "missing" // 404, then back
	soft404 kind = "soft404" // status 200, "page not found"
	paywall kind = "paywall" // a stub with the first paragraph
	consent kind = "consent" // a cookie wall
	captcha kind = "captcha" // "are you a robot?"
	broken  kind = "error"   // 500
	busy    kind = "busy"    // 429 with Retry-After
	cut     kind = "cut"     // half a body under a whole Content-Length
)

var (
	textKinds  = []kind{published, edited, silent, sighting}
	endKinds   = []kind{gone410, goneHome}
	lastsKinds = []kind{missing, soft404, paywall, consent, captcha, broken, busy, cut}
	otherKinds = []kind{bumped, moved}
)

func (k kind) known() bool {
	return slices.Contains(textKinds, k) || slices.Contains(endKinds, k) ||
		slices.Contains(lastsKinds, k) || slices.Contains(otherKinds, k)
}

func (k kind) changesText() bool { return slices.Contains(textKinds, k) }
func (k kind) lasts() bool       { return slices.Contains(lastsKinds, k) }
func (k kind) ends() bool        { return slices.Contains(endKinds, k) }

// expect is what a watcher should make of a moment of this kind.
func (k kind) expect() string {
	switch k {
	case published, edited, silent:
		return ExpectVersion
	case gone410, goneHome, missing:
		return ExpectGone
	}
	return ExpectNothing
}

// A moment is one thing that happens to an article.
type moment struct {
	at        time.Duration // since the start of the day
	until     time.Duration // end of trouble; 0 for all else
	kind      kind
	kinds     []string // what a reader would say that it touches; empty = not said
	what      string   // for people
	announced bool     // the feeds' updated times move
	to        string   // new path, for moved
	text      text     // from at on
}

// An article is one file of the script.
type article struct {
	path     string
	section  string
	language string // BCP 47
	byline   string
	caption  string   // of its picture; empty = no picture
	feeds    []string // which announce it: rss, atom, json, sitemap
	markup   []string // what the page has and does: see markupNames
	moments  []moment // ascending; the first is published
}

// The names that the head of an article may list as feeds and markup.
var (
	feedNames   = []string{"rss", "atom", "json", "sitemap"}
	markupNames = []string{
		"jsonld",  // NewsArticle without articleBody
		"body",    // NewsArticle with articleBody
		"badjson", // NewsArticle that is not JSON
		"live",    // LiveBlogPosting
		"og",      // Open Graph and article: properties
		"etag",    // ETag, Last-Modified and 304
		"gzip",    // compressed when the reader accepts it
		"latin",   // windows-1252
		"slow",    // waits slowWait before it answers
		"plain",   // no <time>, no metadata but the title
	}
)

func (a *article) has(markup string) bool   { return slices.Contains(a.markup, markup) }
func (a *article) in(feed string) bool      { return slices.Contains(a.feeds, feed) }
func (a *article) published() time.Duration { return a.moments[0].at }
func (a *article) rtl() bool                { return strings.HasPrefix(a.language, "ar") }

// paths are all the paths of the article, the first one first.
func (a *article) paths() []string {
	out := []string{a.path}
	for _, m := range a.moments {
		if m.kind == moved {
			out = append(out, m.to)
		}
	}
	return out
}

// A state is what the script says of an article at one time.
type state struct {
	article   *article
	path      string // where it is now
	text      text
	modified  time.Duration // by the page's own word
	announced time.Duration // by the feeds' word
	title     string        // by the feeds' word
	edition   int           // counts texts and dates; part of the ETag
	end       kind          // gone410, goneHome, or empty
	trouble   kind          // that lasts now, or empty
}

// at gives the state of the article when d of the day has gone, and false
// before it is published.
func (a *article) at(d time.Duration) (state, bool) {
	s := state{article: a, path: a.path}
	for _, m := range a.moments {
		if m.at > d {
			break
		}
		s.take(m, d)
	}
	return s, d >= a.published()
}

// take applies a moment that has begun by d.
func (s *state) take(m moment, d time.Duration) {
	if m.kind.changesText() {
		s.text = m.text
		s.edition++
	}
	switch {
	case m.kind.ends():
		s.end = m.kind
	case m.kind.lasts() && d < m.until:
		s.trouble = m.kind
	case m.kind == moved:
		s.path = m.to
	case m.kind == bumped:
		s.edition++
	}
	if m.kind.changesText() && m.kind != silent || m.kind == bumped {
		s.modified = m.at
	}
	if m.kind == published || m.announced {
		s.announced, s.title = m.at, s.text.headline
	}
}
