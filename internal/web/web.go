// Package web shows what stet keeps: HTML pages, feeds of changes and the
// administration of one instance, over the readers of package store.
//
// [New] takes a store and gives a [Site]; [Site.Handler] serves it. Promises:
//
//   - Every page works without script, cookies or pictures, in any language
//     and writing direction, on a phone and on paper. The script only adds
//     keys and local times.
//   - All text of others is data. html/template escapes it, no page holds an
//     inline script or style, and each answer carries a Content-Security-Policy
//     that would stop one. Feeds are written by package feed and their bodies
//     by package diff, which escape too. Spreadsheet formulas are disarmed in CSV.
//   - GET and HEAD change nothing that is kept. (The one-time link of the
//     administrator opens a session, in memory; a hub that verifies a subscription
//     by a token that only it knows does so by GET, as WebSub has it.) Every other
//     method passes http.CrossOriginProtection first, a hub's signed push excepted.
//   - A hidden article is answered with 410, its screenshots too, and is in no
//     list, search or feed.
//   - No picture of others is loaded: a lead image is an address with a caption.
//     A screenshot that is kept has an address of its own, where it can load and
//     run nothing.
//   - What a change means is shown with its evidence: each finding says which words
//     it rests on and leads to them, and the significance is taken apart.
//   - Characters of others that are not seen, and could reorder or hide text, are
//     written out ([diff.Visible]).
//   - No ignore rule is kept before the administrator saw what it would have
//     hidden; those with a selector are tried on captures, by "stet ignore try".
//   - /metrics holds numbers and what /sources shows; each stays in its line,
//     whatever the key of a source is.
//   - The addresses of News Sniffer work, and the guids of its feeds stay as
//     they were: docs/newssniffer.md has the list, with the test of each.
//
// A request is served in this order: panic guard, security headers, limit of
// the body, cross-origin check, route (see routes.go, the one table), session
// for routes of the administrator, handler. A handler reads the store, fills a
// typed page, and returns; an error it returns becomes a page that says what
// to do (see problem.go). A page is rendered whole before its first byte is
// sent, so that no half page goes out, and gets an ETag of its bytes.
//
// Limits: see the constants below, and [search.MaxLength].
//
// Sources: WHATWG HTML; RFC 9110 (conditional requests); W3C WebSub (websub.go); CSP level 3; RSS 2.0,
// RFC 4287, JSON Feed 1.1 through package feed; RFC 4180 (CSV); the text format
// 0.0.4 of Prometheus; WCAG 2.2.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"stet/internal/appraise"
	"stet/internal/store"
)

// Limits of the server, for the http.Server that serves the site.
const (
	ReadHeaderTimeout = 5 * time.Second
	ReadTimeout       = 15 * time.Second
	WriteTimeout      = 30 * time.Second
	IdleTimeout       = 60 * time.Second
	HandlerTimeout    = 20 * time.Second // for the store and the page; then 503. The site keeps it itself
	MaxHeaderBytes    = 64 << 10
)

// Limits of requests and pages.
const (
	MaxBody     = 1 << 20 // bytes of a request's body; more is refused
	MaxPush     = 5 << 20 // bytes of what a hub pushes: the longest feed that is read
	MaxPage     = 10      // highest ?page=; what is older is found by cursor
	MaxFormText = 2048    // bytes of one text of a form, addresses included

	ListSize    = 16 // versions on a page and in a feed (K1)
	ArticleSize = 20 // articles on a page (K6)

	TitleLength   = 120 // characters of a headline in a list (K16)
	SnippetLength = 240 // characters of the strongest change in a list

	FoldOver     = 2   // unchanged blocks in a row that are still shown unfolded
	FoldAtLeast  = 2   // blocks that are worth folding away
	MaxStrip     = 40  // version numbers shown whole in a strip; beyond, the middle is left out
	MaxHeadlines = 8   // headlines shown unfolded
	MaxTableRows = 500 // versions on the page of an article, the newest; a note says so
)

// Times of the administrator's access.
const (
	AdminLinkLife = 10 * time.Minute // a one-time link works so long
	SessionLife   = 24 * time.Hour   // a session lasts so long
	MaxSessions   = 32               // sessions at a time; the oldest gives way
)

// Options are what a Site needs.
type Options struct {
	Store *store.Store

	// Now is the clock; nil means time.Now.
	Now func() time.Time

	// BaseURL is the public address of the instance without path
	// ("https://stet.example.org"), used in feeds; when empty, each request's
	// own Host is used. With https the session cookie is bound to the host.
	BaseURL string

	// Name is what the instance calls itself; empty means "stet".
	Name string

	// Contact is shown to readers and publishers: an address of mail or web.
	Contact string

	// Version is that of the program, shown in the footer.
	Version string

	// UserAgent is how the crawler names itself, shown on /about-bot.
	UserAgent string

	// AdminToken is the secret of the first one-time link,
	// /admin?token=SECRET; empty means that [Site.AdminLink] makes the first.
	AdminToken string

	// Weights are those of the significance of changes that are not kept with one.
	Weights appraise.Weights

	// Log gets one line for each request that fails by our own fault; nil
	// means silence.
	Log *slog.Logger
}

// A Site serves the pages. Its methods may be called from many goroutines.
type Site struct {
	store     *store.Store
	now       func() time.Time
	base      string
	name      string
	contact   string
	program   string
	userAgent string
	log       *slog.Logger
	pages     pages
	statics   statics
	access    *access
	previews  *previews
	weights   appraise.Weights

	lagShelf    *shelf[int, lags]
	totalShelf  *shelf[int, store.Totals]
	metricShelf *shelf[int, []byte]
	boundsShelf *shelf[int64, bounds]
	boundsTurn  atomic.Int64 // which source's bounds /metrics reads next
}

// New makes a Site. It reads and checks all templates; it does not read the
// store. Errors: no store, or a BaseURL that is not http(s)://host.
func New(o Options) (*Site, error) {
	if o.Store == nil {
		return nil, errors.New("web: no store")
	}
	base, err := checkBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	s := &Site{
		store: o.Store, now: o.Now, base: base, name: o.Name, contact: o.Contact,
		program: o.Version, userAgent: o.UserAgent, log: o.Log, previews: newPreviews(), weights: o.Weights,
		lagShelf: newShelf[int, lags](LagAge), totalShelf: newShelf[int, store.Totals](LagAge), metricShelf: newShelf[int, []byte](LagAge), boundsShelf: newShelf[int64, bounds](BoundsAge),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.name == "" {
		s.name = "stet"
	}
	if s.userAgent == "" {
		s.userAgent = "stet"
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.statics, err = loadStatics(); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(); err != nil {
		return nil, err
	}
	s.access = newAccess(s.now, strings.HasPrefix(base, "https://"))
	if o.AdminToken != "" {
		s.access.admit(o.AdminToken)
	}
	return s, nil
}

// checkBase gives the base address without a slash at its end.
func checkBase(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return "", errors.New("web: base URL " + raw + ": want http(s)://host without a path")
	}
	return u.Scheme + "://" + u.Host, nil
}

// Handler serves the site.
func (s *Site) Handler() http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, refuse(http.StatusForbidden, "This form came from another site",
			"Nothing was changed. Open the page here and send the form again."))
	}))
	guard.AddInsecureBypassPattern("POST " + pushRoute) // a hub signs what it sends
	return s.outer(limitBody(guard.Handler(s.mux())))
}

// outer sets the headers that every answer has, and turns a panic into a page.
func (s *Site) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				s.log.Error("web: panic", "path", r.URL.Path, "value", v)
				s.fail(w, r, refuse(http.StatusInternalServerError, "", ""))
			}
		}()
		ctx, cancel := context.WithTimeout(r.Context(), HandlerTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// policy allows what is served here as files, and forms to here; nothing else.
const policy = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// setHeaders sets what every answer has, errors and redirects too. No referrer
// is sent: which articles somebody reads here is nobody's business.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("X-Frame-Options", "DENY")
}
