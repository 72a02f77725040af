package web

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// sourcesPage lists the sources with their counts.
type sourcesPage struct {
	layout
	Rows []sourceLine
	Lags bool // visits of some source are late
}

// A sourceLine is a source in the list, with the alarms and outages that are on,
// and how far its visits are behind.
type sourceLine struct {
	store.SourceRow
	Alarms []eventLine
	Lag    store.Lag
}

// lagShown is the wait from which a visit is told to be late: less is how work
// goes, one visit after another.
const lagShown = time.Minute

// sources is /sources. There are few enough for one page.
func (s *Site) sources(w http.ResponseWriter, r *http.Request) error {
	rows, err := s.store.Sources(r.Context())
	if err != nil {
		return err
	}
	l, err := s.layout(r, "sources", "Sources")
	if err != nil {
		return err
	}
	late, err := s.lag(r.Context())
	if err != nil {
		return err
	}
	alarms, err := s.troubles(r, 0)
	if err != nil {
		return err
	}
	p := sourcesPage{layout: l}
	for _, src := range rows {
		line := sourceLine{SourceRow: src, Alarms: eventLines(alarms[src.ID])}
		if lag := late.sources[src.ID]; lag.Longest >= lagShown {
			line.Lag, p.Lags = lag, true
		}
		p.Rows = append(p.Rows, line)
	}
	return s.show(w, r, "sources", p)
}

// troubles are the outages and alarms of a source, 0 = of each, that go on.
func (s *Site) troubles(r *http.Request, sourceID int64) (map[int64][]news.Event, error) {
	all := map[int64][]news.Event{}
	for _, kind := range []news.EventKind{news.Outage, news.HealthAlarm} {
		open, err := s.store.OpenEvents(r.Context(), sourceID, kind)
		if err != nil {
			return nil, err
		}
		for _, e := range open {
			all[e.SourceID] = append(all[e.SourceID], e)
		}
	}
	return all, nil
}

// sourcePage is one source: how it fares, its feeds and newest versions.
type sourcePage struct {
	layout
	Source  store.SourceRow
	Browser string // how one is used for its pages, in words
	List    []watchedFeed
	Alarms  []eventLine   // that are on
	Events  []eventLine   // the last first, at most MaxEvents
	Figures figures       // of the last FigureDays
	Lag     store.Lag     // of its visits
	Bounds  bounds        // of its changes
	Ignores []news.Ignore // rules in force, those of all sources among them
	Rows    []row
	Pager   pager
}

// browserUse tells how a browser is used for the pages of a source.
var browserUse = map[string]string{
	"": "off: pages are read as they are sent", news.RenderDOM: "pages are read as a browser shows them",
	news.RenderScreenshot: "pages are read as a browser shows them, and a screenshot is kept",
}

// source is /sources/{key}, and its feeds.
func (s *Site) source(w http.ResponseWriter, r *http.Request) error {
	key, f := formatOf(r.PathValue("key"))
	src, err := s.store.Source(r.Context(), key)
	if isNotFound(err) { // a key may have a dot itself
		src, err = s.store.Source(r.Context(), r.PathValue("key"))
		f = webPage
	}
	if err != nil {
		return orMissing(err, "source")
	}
	rows, ends, err := s.versionsAt(r, store.VersionQuery{SourceKey: src.Key})
	if err != nil {
		return err
	}
	where := "/sources/" + url.PathEscape(src.Key)
	if f != webPage {
		return s.sendList(w, r, f, rows, listFeed{
			Title: s.name + ": newest versions of " + src.Name, Description: "The newest versions of the articles of " + src.Name, Path: where,
		})
	}
	return s.showSource(w, r, src, rows, newPager(r, ends), where)
}

// showSource shows the page of a source.
func (s *Site) showSource(w http.ResponseWriter, r *http.Request, src store.SourceRow, rows []store.VersionRow, pg pager, where string) error {
	l, err := s.layout(r, "sources", src.Name)
	if err != nil {
		return err
	}
	l.Feeds = feedsAt("Newest versions of "+src.Name, where, "")
	p := sourcePage{layout: l, Source: src, Browser: browserUse[src.Render], Pager: pg}
	if err := s.fares(r, &p); err != nil {
		return err
	}
	if p.Rows, err = s.rows(r, rows); err != nil {
		return err
	}
	return s.show(w, r, "source", p)
}

// fares fills what tells how the source fares. It is the same on every page of
// the list, and shown on the first.
func (s *Site) fares(r *http.Request, p *sourcePage) (err error) {
	ctx, n := r.Context(), p.Source.ID
	if !p.Pager.First() {
		return nil
	}
	late, err := s.lag(ctx)
	if err != nil {
		return err
	}
	p.Lag = late.sources[n]
	if p.Bounds, err = s.bounds(ctx, n); err != nil {
		return err
	}
	if p.List, err = s.watched(ctx, n, p.Now); err != nil {
		return err
	}
	alarms, err := s.troubles(r, n)
	if err != nil {
		return err
	}
	events, err := s.store.Events(ctx, n, MaxEvents)
	if err != nil {
		return err
	}
	p.Alarms, p.Events = eventLines(alarms[n]), eventLines(events)
	hours, err := s.store.Pulses(ctx, n, figuresSince(p.Now))
	if err != nil {
		return err
	}
	p.Figures = figuresOf(hours, p.Now)
	p.Ignores, err = s.store.Ignores(ctx, n)
	return err
}

// lookupPage asks for an address.
type lookupPage struct {
	layout
	URL     string
	Problem string
}

// lookup finds the article that an address belongs to: /lookup?url=.
func (s *Site) lookup(w http.ResponseWriter, r *http.Request) error {
	raw := strings.TrimSpace(r.URL.Query().Get("url"))
	l, err := s.layout(r, "", "Look an address up")
	if err != nil {
		return err
	}
	p := lookupPage{layout: l, URL: raw}
	if raw == "" {
		return s.show(w, r, "lookup", p)
	}
	addr, err := addressOf(raw)
	if err != nil {
		return refuse(http.StatusBadRequest, "That is no address of a page", err.Error()+".")
	}
	article, err := s.store.Lookup(r.Context(), addr.Key)
	if isNotFound(err) {
		return refuse(http.StatusNotFound, "This article is not watched here",
			"No article is known under "+addr.URL+". It may be older than our watch over its source, or be kept out by a filter. Whoever runs this instance can add it.")
	}
	if err != nil {
		return err
	}
	return redirect(w, r, http.StatusFound, articlePath(article))
}

// addressOf reads an address as people type it: without a scheme it is https.
func addressOf(raw string) (news.Address, error) {
	raw = strings.TrimSpace(raw)
	if raw != "" && !strings.Contains(raw, "://") {
		raw = "https://" + strings.TrimLeft(raw, "/")
	}
	return news.ParseAddress(raw, nil)
}

// aboutPage is one of the two pages that explain.
type aboutPage struct {
	layout
	UserAgent string
}

func (s *Site) about(w http.ResponseWriter, r *http.Request) error { return s.showAbout(w, r, "about") }

// aboutBot is /about-bot, which the crawler names in each of its requests, so
// that publishers find whom they deal with.
func (s *Site) aboutBot(w http.ResponseWriter, r *http.Request) error {
	return s.showAbout(w, r, "about-bot")
}

func (s *Site) showAbout(w http.ResponseWriter, r *http.Request, page string) error {
	title := map[string]string{"about": "About", "about-bot": "About our crawler"}[page]
	l, err := s.layout(r, path.Base(r.URL.Path), title)
	if err != nil {
		return err
	}
	return s.show(w, r, page, aboutPage{l, s.userAgent})
}
