package track

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/store"
)

// Limits of resolving a request.
const (
	MaxCandidates = 8 // feeds tried before giving up
	MaxFeeds      = 3 // of those that a site offers, that are taken
	MinLinks      = 5 // links to articles that make a page a section page
)

// resolve finds out what the address is that somebody asked us to watch, and
// begins to watch it: a feed; an article; or a site or section, whose feeds
// are looked for first and whose own links are followed if it has none. What
// was fetched to find out is used: it is the feed's or article's first visit.
func (t *Tracker) resolve(ctx context.Context, lease store.Lease, r store.Request) (time.Time, error) {
	f, err := t.o.Client.Get(ctx, crawl.Request{URL: r.URL})
	if err != nil {
		return time.Time{}, err
	}
	rest := restOf(lease, f)
	if f.Failure == crawl.FailRate && !rest.IsZero() {
		return rest, nil // not asked at all: the request stays
	}
	ok, result, err := t.identify(ctx, lease, r, f)
	if ours(ctx, err) {
		t.o.Log.Error("our own fault", "request", r.URL, "error", err)
		ok, result, err = false, "our own fault: "+err.Error(), nil
	}
	if err != nil {
		return time.Time{}, err
	}
	t.o.Log.Info("request", "url", r.URL, "ok", ok, "result", result)
	return rest, t.o.Store.FinishRequest(ctx, lease, r.ID, ok, result)
}

// identify tries what the address may be, in the order of resolve.
func (t *Tracker) identify(ctx context.Context, lease store.Lease, r store.Request, f crawl.Fetch) (ok bool, result string, err error) {
	if f.Failure != "" {
		return false, fmt.Sprintf("%s: %s", f.Failure, f.Reason), nil
	}
	final, err := url.Parse(f.Final)
	if err != nil {
		return false, err.Error(), nil
	}
	contentType := f.Header.Get("Content-Type")
	if doc, err := feed.Parse(f.Body, contentType, final); err == nil && f.Status/100 == 2 {
		n, err := t.addFeed(ctx, lease, r, f, doc)
		return err == nil, fmt.Sprintf("feed %s (%s): %d entries", f.Final, doc.Format, n), err
	}
	page := extract.Read(pageOf(f))
	offered := feed.Discover(f.Body, contentType, f.Header.Values("Link"), final)
	front := strings.Trim(final.Path, "/") == ""
	switch {
	case page.Outcome == news.OK && !front:
		if treatment, why := t.o.Reserved.of(extract.Reserved(pageOf(f))); treatment == Skip {
			return false, fmt.Sprintf("%s: %s", news.Blocked, why), nil // not even its headline is kept
		}
		return t.addArticle(ctx, lease, r, f, page)
	case page.Outcome == news.OK || page.Outcome == news.NotArticle:
		return t.addSite(ctx, lease, r, f, offered)
	}
	return false, fmt.Sprintf("%s: %s", page.Outcome, page.Reason), nil
}

// source finds or makes the source that an address belongs to.
func (t *Tracker) source(ctx context.Context, r store.Request, rawURL, name string) (news.Source, error) {
	key, home, err := sourceOfURL(rawURL)
	if err != nil {
		return news.Source{}, err
	}
	if r.Name != "" {
		name = r.Name
	}
	if name == "" {
		name = home.Host
	}
	return t.o.Store.AddSource(ctx, news.Source{Key: key, Name: name, Home: home.String()})
}

// sourceOfURL gives the key and home of the source that an address belongs to.
func sourceOfURL(rawURL string) (key string, home *url.URL, err error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "", nil, fmt.Errorf("source of %s: %w", rawURL, err)
	}
	return sourceKey(u.Hostname(), u.Port()), &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}, nil
}

// sourceKey is the name of the registrable domain without its public suffix
// ("bbc" of www.bbc.co.uk), or the host itself when it has none, with
// everything but letters and digits as dashes.
func sourceKey(host, port string) string {
	key := host
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		key, _, _ = strings.Cut(domain, ".")
	}
	if port != "" {
		key += "-" + port
	}
	return strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(key)), "-")
}

// addFeed adds a feed that has just been fetched, and records that visit.
func (t *Tracker) addFeed(ctx context.Context, lease store.Lease, r store.Request, f crawl.Fetch, doc feed.Document) (entries int, err error) {
	a, err := news.ParseAddress(f.Final, nil)
	if err != nil {
		return 0, err
	}
	home := doc.Home
	if home == "" {
		home = f.Final
	}
	if h, err := news.ParseAddress(home, nil); err != nil || !news.SameSite(h.Host, a.Host) {
		home = f.Final
	}
	src, err := t.source(ctx, r, home, doc.Title)
	if err != nil {
		return 0, err
	}
	row, _, err := t.o.Store.AddFeed(ctx, news.Feed{SourceID: src.ID, URL: a.URL, Title: doc.Title, Format: string(doc.Format), Period: t.o.FeedPeriod})
	if err != nil {
		return 0, err
	}
	return len(doc.Entries) + len(doc.Sitemaps), t.recordPoll(ctx, lease, row, f, doc, news.OK, "")
}

// addArticle adds an article that has just been fetched, and records that
// visit as its first.
func (t *Tracker) addArticle(ctx context.Context, lease store.Lease, r store.Request, f crawl.Fetch, page extract.Result) (bool, string, error) {
	a, err := news.ParseAddress(r.URL, nil)
	if err != nil {
		return false, err.Error(), nil
	}
	src, err := t.source(ctx, r, f.Final, "")
	if err != nil {
		return false, "", err
	}
	now := t.o.Now()
	row, fresh, err := t.o.Store.AddArticle(ctx, src.ID, a, page.Content.Headline, "request", page.Content.Published, now)
	if err != nil {
		return false, "", err
	}
	result := fmt.Sprintf("article %d: %s", row.ID, page.Content.Headline)
	if !fresh {
		return true, result + " (known already)", nil
	}
	visiting, err := t.o.Store.Visiting(ctx, row.ID)
	if err != nil {
		return false, "", err
	}
	l, err := t.asVisited(ctx, visiting, f)
	if err != nil {
		return false, "", err
	}
	return true, result, t.record(ctx, lease, visiting, l)
}

// asVisited makes a look of the fetch that found an article; when the source's
// pages need a browser, it is made anew.
func (t *Tracker) asVisited(ctx context.Context, a store.Visiting, f crawl.Fetch) (look, error) {
	if a.Render != "" {
		return t.look(ctx, a, false)
	}
	rules, err := t.rules.of(ctx, t.o.Store, a.SourceID, t.o.Now(), t.o.Log)
	if err != nil {
		return look{}, err
	}
	l := classify(f, a, rules)
	l.whole = true
	t.reserve(&l, a)
	return l, nil
}

// addSite adds the feeds that a site offers; if none can be read, the page
// itself is watched for links to articles.
func (t *Tracker) addSite(ctx context.Context, lease store.Lease, r store.Request, f crawl.Fetch, offered []feed.Candidate) (bool, string, error) {
	for _, m := range t.o.Client.Sitemaps(ctx, f.Final) {
		if strings.Contains(strings.ToLower(m), "news") {
			offered = append([]feed.Candidate{{URL: m, Origin: "robots"}}, offered...)
		}
	}
	taken, err := t.tryFeeds(ctx, offered)
	if err != nil {
		return false, "", err
	}
	for _, x := range taken {
		if r.Name == "" {
			r.Name = x.doc.Title // sitemaps have none: the first that has names the source
		}
	}
	var results []string
	for _, x := range taken {
		n, err := t.addFeed(ctx, lease, r, x.fetch, x.doc)
		if err != nil {
			return false, "", err
		}
		results = append(results, fmt.Sprintf("feed %s (%s): %d entries", x.fetch.Final, x.doc.Format, n))
	}
	if len(results) > 0 {
		return true, strings.Join(results, "; "), nil
	}
	final, err := url.Parse(f.Final)
	if err != nil {
		return false, err.Error(), nil
	}
	doc := feed.Links(f.Body, f.Header.Get("Content-Type"), final)
	if len(doc.Entries) < MinLinks {
		return false, "no feed found, and the page is neither an article nor a list of articles", nil
	}
	n, err := t.addFeed(ctx, lease, r, f, doc)
	return err == nil, fmt.Sprintf("section page %s: %d links to articles", f.Final, n), err
}

// A fetchedFeed is a feed that was offered and could be read.
type fetchedFeed struct {
	fetch crawl.Fetch
	doc   feed.Document
}

// tryFeeds gets the feeds offered, best first, until enough can be read. Common
// paths are guesses: they are tried only while nothing advertised was found.
func (t *Tracker) tryFeeds(ctx context.Context, offered []feed.Candidate) ([]fetchedFeed, error) {
	var taken []fetchedFeed
	for i, c := range offered {
		if i == MaxCandidates || len(taken) == MaxFeeds || len(taken) > 0 && c.Origin == "path" {
			break
		}
		got, err := t.o.Client.Get(ctx, crawl.Request{URL: c.URL, Want: crawl.Feed})
		if err != nil {
			return nil, err
		}
		doc, outcome, _ := readFeed(news.Feed{}, got)
		if outcome == news.OK && len(doc.Entries)+len(doc.Sitemaps) > 0 {
			taken = append(taken, fetchedFeed{got, doc})
		}
	}
	return taken, nil
}
