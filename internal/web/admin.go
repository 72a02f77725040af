package web

import (
	"net/http"
	"strings"

	"stet/internal/news"
	"stet/internal/store"
)

// adminPage is the administration: what is watched, and how it fares.
type adminPage struct {
	layout
	Requests []store.Request
	Watched  []adminFeed
	Filters  []adminFilter
	Sources  []store.SourceRow
	Fields   []news.Field
	Overdue  int
	Lag      string
}

// An adminFeed is a feed with the name of its source; Paused, because a feed
// without a due time is not visited.
type adminFeed struct {
	news.Feed
	Source string
	Paused bool
}

// An adminFilter is a filter with the name of its source.
type adminFilter struct {
	news.Filter
	Source string // empty: all
}

// recentRequests is how many requests the administration lists.
const recentRequests = 20

// adminHome is /admin. With the secret of a one-time link it opens a session;
// that is the only thing a GET does, it is in memory, and neither HEAD nor a
// browser that fetches ahead uses the link up.
func (s *Site) adminHome(w http.ResponseWriter, r *http.Request) error {
	if token := r.URL.Query().Get("token"); token != "" && r.Method == http.MethodGet && r.Header.Get("Sec-Purpose") == "" {
		cookie, ok := s.access.enter(token)
		if !ok && !s.access.open(r) {
			return refuse(http.StatusForbidden, "This link does not work any more",
				"A link works once, for "+span(AdminLinkLife)+". Start “stet serve” again: it prints a new one.")
		}
		if ok {
			http.SetCookie(w, cookie)
		}
		return redirect(w, r, http.StatusSeeOther, "/admin")
	}
	if !s.access.open(r) {
		return s.noAccess(w, r)
	}
	p, err := s.adminPage(r)
	if err != nil {
		return err
	}
	return s.show(w, r, "admin", p)
}

// noAccess says how to get in. It is 403 and not a redirect to a login: there
// is no login, and nothing here for others to try.
func (s *Site) noAccess(http.ResponseWriter, *http.Request) error {
	return refuse(http.StatusForbidden, "This page is for whoever runs this instance",
		"When “stet serve” starts it prints a link that opens the administration. It works once, for "+span(AdminLinkLife)+".")
}

// adminPage reads all that the page shows; the lists are short, since an
// instance has hundreds of feeds rather than millions.
func (s *Site) adminPage(r *http.Request) (p adminPage, err error) {
	ctx := r.Context()
	if p.layout, err = s.layout(r, "admin", "Administration"); err != nil {
		return p, err
	}
	if p.Requests, err = s.store.Requests(ctx, recentRequests); err != nil {
		return p, err
	}
	if p.Sources, err = s.store.Sources(ctx); err != nil {
		return p, err
	}
	feeds, err := s.store.Feeds(ctx, 0)
	if err != nil {
		return p, err
	}
	filters, err := s.store.Filters(ctx)
	if err != nil {
		return p, err
	}
	names := map[int64]string{}
	for _, src := range p.Sources {
		names[src.ID] = src.Name
	}
	for _, f := range feeds {
		p.Watched = append(p.Watched, adminFeed{f, names[f.SourceID], f.Due.IsZero()})
	}
	for _, f := range filters {
		p.Filters = append(p.Filters, adminFilter{f, names[f.SourceID]})
	}
	p.Fields = []news.Field{news.FieldURL, news.FieldTitle, news.FieldCategory}
	lag, err := s.lag(ctx)
	p.Overdue, p.Lag = lag.all.Due(), span(lag.all.Longest)
	return p, err
}

// text reads one text of a form.
func text(r *http.Request, name string) (string, error) {
	v := strings.TrimSpace(r.PostFormValue(name))
	if len(v) > MaxFormText {
		return "", refuse(http.StatusBadRequest, "A text of the form is too long", "At most "+count(MaxFormText)+" bytes.")
	}
	return v, nil
}

// form reads the body, so that one past MaxBody is an error and not half a form.
func form(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		if strings.Contains(err.Error(), "too large") {
			return err
		}
		return refuse(http.StatusBadRequest, "The form cannot be read", "Go back and send it again.")
	}
	return nil
}

// addRequest asks for an address to be watched: a page, a feed, a source or an
// article; the crawler finds out which.
func (s *Site) addRequest(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	raw, err := text(r, "url")
	if err != nil {
		return err
	}
	sourceName, err := text(r, "name")
	if err != nil {
		return err
	}
	addr, err := addressOf(raw)
	if err != nil {
		return refuse(http.StatusBadRequest, "That is no address of a page", err.Error()+".")
	}
	req, err := s.store.AddRequest(r.Context(), addr.URL, addr.Host, sourceName)
	if err != nil {
		return err
	}
	return redirect(w, r, http.StatusSeeOther, "/admin/requests/"+id(req.ID).String())
}

// requestPage tells what became of a request.
type requestPage struct {
	layout
	Request store.Request
	Pending bool
}

// refresh is how often the page of a pending request asks again, in seconds.
const refresh = "3"

// request shows what became of a request; while it is pending the page asks
// again by itself (the Refresh header: no script).
func (s *Site) request(w http.ResponseWriter, r *http.Request) error {
	n, err := number(r.PathValue("id"))
	if err != nil {
		return missing("request")
	}
	req, err := s.store.Request(r.Context(), int64(n))
	if err != nil {
		return orMissing(err, "request")
	}
	l, err := s.layout(r, "admin", "Request")
	if err != nil {
		return err
	}
	pending := req.State == store.RequestPending
	if pending {
		w.Header().Set("Refresh", refresh)
	}
	return s.show(w, r, "request", requestPage{l, req, pending})
}

// pauseFeed takes the due time away; resumeFeed makes the feed due now.
func (s *Site) pauseFeed(w http.ResponseWriter, r *http.Request) error {
	return s.onFeed(w, r, func(n int64) error { return s.store.PauseFeed(r.Context(), n, true) })
}

func (s *Site) resumeFeed(w http.ResponseWriter, r *http.Request) error {
	return s.onFeed(w, r, func(n int64) error { return s.store.PauseFeed(r.Context(), n, false) })
}

// removeFeed ends the watch over a feed. Its articles and their versions stay.
func (s *Site) removeFeed(w http.ResponseWriter, r *http.Request) error {
	return s.onFeed(w, r, func(n int64) error { return s.store.RemoveFeed(r.Context(), n) })
}

// onFeed does something to the feed that the path names, and goes back to the
// list, so that a reload sends nothing again.
func (s *Site) onFeed(w http.ResponseWriter, r *http.Request, do func(int64) error) error {
	n, err := number(r.PathValue("id"))
	if err != nil {
		return missing("feed")
	}
	if err := do(int64(n)); err != nil {
		return orMissing(err, "feed")
	}
	return redirect(w, r, http.StatusSeeOther, "/admin#feeds")
}

// leave ends the session on both sides: here, and in the browser.
func (s *Site) leave(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, s.access.leave(r))
	return redirect(w, r, http.StatusSeeOther, "/")
}
