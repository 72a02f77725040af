package web

import (
	"net/http"
	"path"
	"regexp"
	"strings"
)

// A role says who may use a route.
type role int

const (
	public role = iota
	admin       // needs a session of the administrator
)

// A handler answers a request, or returns why not: see problem.go.
type handler func(w http.ResponseWriter, r *http.Request) error

// A route is a pattern with what answers it, and for whom.
type route struct {
	pattern string // as http.ServeMux reads it, with the method
	role    role
	serve   handler
}

// routes is the one list of what the site answers. "GET" means HEAD too. Where
// the last part of a path may end in .rss, .atom, .json or .csv, the handler
// takes the ending off (see format.go), as ServeMux cannot.
func (s *Site) routes() []route {
	return []route{
		{"GET /{$}", public, s.versionList},
		{"GET /versions", public, s.versionList},
		{"GET /versions.rss", public, s.versionList},
		{"GET /versions.atom", public, s.versionList},
		{"GET /versions.json", public, s.versionList},
		{"GET /versions.csv", public, s.versionList},
		{"GET /versions/search", public, s.search},
		{"GET /versions/search.rss", public, s.search},
		{"GET /versions/search.atom", public, s.search},
		{"GET /versions/search.json", public, s.search},
		{"GET /versions/search.csv", public, s.search},
		{"GET /versions/{id}", public, s.version},
		{"GET /articles", public, s.articleList},
		{"GET /articles.csv", public, s.articleList},
		{"GET /articles/{id}", public, s.article},
		{"GET /articles/{id}/versions", public, s.articleVersions},
		{"GET /articles/{id}/versions/{number}", public, s.articleVersion},
		{"GET /articles/{id}/compare", public, s.compare},
		{"GET /articles/{id}/diff/{older}/{newer}", public, s.diff},
		{"GET /captures/{id}/screenshot", public, s.screenshot},
		{"GET /sources", public, s.sources},
		{"GET /sources/{key}", public, s.source},
		{"GET /lookup", public, s.lookup},
		{"GET /about", public, s.about},
		{"GET /about-bot", public, s.aboutBot},

		{"GET " + pushRoute, public, s.confirmHub},
		{"POST " + pushRoute, public, s.push},

		{"GET /health/check", public, s.healthCheck},
		{"GET /news_articles/health", public, s.newsArticlesHealth},
		{"GET /livez", public, s.livez},
		{"GET /readyz", public, s.healthCheck},
		{"GET /metrics", public, s.metrics},
		{"GET /robots.txt", public, s.robots},
		{"GET /static/{name}", public, s.serveStatic},

		{"GET /articles/search", public, moved("/versions/search")},
		{"GET /news_articles", public, moved("/articles")},
		{"GET /news_articles/list", public, moved("/articles")},
		{"GET /versions/list", public, moved("/versions")},
		{"GET /articles/list", public, moved("/articles")},
		{"GET /blog/{$}", public, moved("/about")},
		{"GET /blog/about", public, moved("/about")},

		{"GET /admin", public, s.adminHome}, // opens the session by the one-time link; else as admin
		{"POST /admin/requests", admin, s.addRequest},
		{"GET /admin/requests/{id}", admin, s.request},
		{"POST /admin/feeds/{id}/pause", admin, s.pauseFeed},
		{"POST /admin/feeds/{id}/resume", admin, s.resumeFeed},
		{"POST /admin/feeds/{id}/remove", admin, s.removeFeed},
		{"POST /admin/filters", admin, s.addFilter},
		{"POST /admin/filters/{id}/remove", admin, s.removeFilter},
		{"GET /admin/ignores", admin, s.ignores},
		{"POST /admin/ignores", admin, s.addIgnore},
		{"POST /admin/ignores/{id}/remove", admin, s.removeIgnore},
		{"POST /admin/sources/{key}/render", admin, s.setRender},
		{"POST /admin/hide", admin, s.hide},
		{"POST /admin/leave", admin, s.leave},
	}
}

// mux routes; what no route answers is a page that says so, or an address with
// a needless slash at its end.
func (s *Site) mux() http.Handler {
	m := http.NewServeMux()
	for _, rt := range s.routes() {
		m.Handle(rt.pattern, s.handle(rt))
	}
	m.Handle("/", s.handle(route{serve: s.nothing}))
	return m
}

// handle is the one place where sessions are asked for and errors become pages.
// What the administrator sees is kept in no cache.
func (s *Site) handle(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/admin") {
			w.Header().Set("Cache-Control", "no-store")
		}
		serve := rt.serve
		if rt.role == admin && !s.access.open(r) {
			serve = s.noAccess
		}
		if err := serve(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// shown are the addresses /controller/show/number that old routing made (F11).
// They are no routes of ours because /articles/show/{id} and
// /articles/{id}/versions would meet.
var shown = regexp.MustCompile(`^/(articles|news_articles|versions)/show/([1-9][0-9]{0,17})$`)

// nothing answers what no route does: old addresses, a slash too many, or 404.
func (s *Site) nothing(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return refuse(http.StatusMethodNotAllowed, "That cannot be done here", "This address can at most be read.")
	}
	if m := shown.FindStringSubmatch(r.URL.Path); m != nil {
		return redirect(w, r, http.StatusMovedPermanently, "/"+strings.TrimPrefix(m[1], "news_")+"/"+m[2])
	}
	if trimmed := strings.TrimRight(r.URL.Path, "/"); trimmed != "" && trimmed != r.URL.Path && path.Clean(trimmed) == trimmed {
		return redirect(w, r, http.StatusMovedPermanently, withQuery(trimmed, r.URL.RawQuery))
	}
	return missing("page")
}

// moved redirects an old address, with its query (F11).
func moved(to string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return redirect(w, r, http.StatusMovedPermanently, withQuery(to, r.URL.RawQuery))
	}
}

// redirect answers with another address of this site, which must begin with
// one slash.
func redirect(w http.ResponseWriter, r *http.Request, status int, to string) error {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) {
		return missing("page")
	}
	http.Redirect(w, r, to, status)
	return nil
}

func withQuery(p, query string) string {
	if query == "" {
		return p
	}
	return p + "?" + query
}
