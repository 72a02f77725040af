package track

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"stet/internal/browser"
	"stet/internal/compare"
	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// A look is one fetch of an article and what it was found to be.
type look struct {
	fetch   crawl.Fetch
	asked   time.Time // the request was sent; the old text cannot have been seen later
	got     time.Time // the response was here; the new text cannot have been first seen earlier
	outcome news.Outcome
	reason  string
	page    extract.Result // zero unless the body was read
	body    news.Digest    // of the decoded body; zero unless there is one
	picture []byte         // PNG of the page; nil unless a browser took one

	reach    reach         // what it tells of the host
	whole    bool          // it was asked for without conditions
	read     bool          // the page showed the article, so that the next two are known
	reserved news.Reserved // by the page
	withhold string        // why readers may not see the article for that; empty = they may
	withheld bool          // nothing of the page may be recorded
}

// PaywallShare is the share of the text we have below which a page that says
// it is behind a paywall is a stub.
const PaywallShare = 0.6

// look fetches an article and classifies what came back. fresh asks again to
// confirm. A page that holds nothing but the way to another of the same site is
// followed once. Conditions are for hosts whose 304 is believed, and there not for
// ever.
func (t *Tracker) look(ctx context.Context, a store.Visiting, fresh bool) (look, error) {
	req := crawl.Request{URL: a.URL, Fresh: fresh}
	if !fresh && a.Current != nil && a.Captures%FullVisits != 0 && a.BaselineExtractor == reader(a.Render) && a.Honesty.Believed() {
		req.ETag, req.LastModified = a.ETag, a.LastModified
	}
	l, err := t.fetch(ctx, a, req)
	if err != nil || l.outcome != news.Moved || l.page.Target == "" || !sameSite(a.URL, l.page.Target) {
		return l, err
	}
	return t.fetch(ctx, a, crawl.Request{URL: l.page.Target, Fresh: fresh})
}

// sameSite reports whether two addresses belong to one site.
func sameSite(a, b string) bool {
	x, err1 := news.ParseAddress(a, nil)
	y, err2 := news.ParseAddress(b, nil)
	return err1 == nil && err2 == nil && news.SameSite(x.Host, y.Host)
}

// fetch makes one request, and sees to what the page reserves.
func (t *Tracker) fetch(ctx context.Context, a store.Visiting, req crawl.Request) (look, error) {
	l, err := t.get(ctx, a, req)
	l.whole = req.ETag == "" && req.LastModified == ""
	t.reserve(&l, a)
	return l, err
}

// get makes one request, by a browser if the source's pages need one.
func (t *Tracker) get(ctx context.Context, a store.Visiting, req crawl.Request) (look, error) {
	rules, err := t.rules.of(ctx, t.o.Store, a.SourceID, t.o.Now(), t.o.Log)
	if err != nil {
		return look{}, err
	}
	if a.Render == "" {
		f, err := t.o.Client.Get(ctx, req)
		if err != nil {
			return look{}, err
		}
		return classify(f, a, rules), nil
	}
	if t.o.Browser == nil {
		now := t.o.Now()
		return look{fetch: crawl.Fetch{URL: req.URL, Final: req.URL}, asked: now, got: now, outcome: news.Failed,
			reason: "the pages of this source need a browser, and there is none"}, nil
	}
	p, err := t.o.Browser.Get(ctx, browser.Request{Request: req, Screenshot: a.Render == news.RenderScreenshot})
	if err != nil {
		return look{}, err
	}
	l := classify(p.Fetch, a, rules)
	l.picture = p.Screenshot
	return l, nil
}

// reader names what reads the pages of a source: the extractor, and whether a
// browser shows it the page.
func reader(render string) string {
	if render == "" {
		return extract.Extractor()
	}
	return extract.Extractor() + "+browser"
}

// classify says what a fetch of an article brought back.
func classify(f crawl.Fetch, a store.Visiting, rules []extract.Ignore) look {
	return classifyBy(f, a, func() extract.Result {
		page := pageOf(f)
		page.Ignore = rules
		return extract.Read(page)
	})
}

// classifyBy reads the page only where its bytes are new.
func classifyBy(f crawl.Fetch, a store.Visiting, read func() extract.Result) look {
	l := look{fetch: f, got: f.End, asked: f.End.Add(-f.Took)}
	if f.Failure != "" {
		l.outcome, l.reason = failed(f)
		return l
	}
	if f.Status == 304 {
		l.outcome = news.Unchanged
		return l
	}
	l.body = news.Sum(f.Body)
	if a.Current != nil && l.body == a.Body && a.BaselineExtractor == reader(a.Render) {
		l.outcome = news.Unchanged
		return l
	}
	l.page = read()
	l.outcome, l.reason = l.page.Outcome, l.page.Reason
	if l.outcome == news.OK && l.page.Content.Paywalled && a.Current != nil {
		now, had := len(l.page.Content.Text()), len(a.Current.Content.Text())
		if float64(now) < PaywallShare*float64(had) {
			l.outcome, l.reason = news.Paywall, fmt.Sprintf("a stub of %d bytes; the article had %d", now, had)
		}
	}
	return l
}

func pageOf(f crawl.Fetch) extract.Page {
	final, _ := url.Parse(f.Final)
	asked, _ := url.Parse(f.URL)
	return extract.Page{
		URL: final, Asked: asked, Status: f.Status, Body: f.Body,
		ContentType: f.Header.Get("Content-Type"), LastModified: f.Header.Get("Last-Modified"),
		RobotsTag: f.Header.Values("X-Robots-Tag"), TDMReservation: f.Header.Get("tdm-reservation"), TDMPolicy: f.Header.Get("tdm-policy"),
	}
}

// failed gives the outcome of a fetch that brought no whole response.
func failed(f crawl.Fetch) (news.Outcome, string) {
	switch f.Failure {
	case crawl.FailRobots, crawl.FailAddress, crawl.FailRate:
		return news.Blocked, f.Reason
	case crawl.FailNoName: // believed as slowly as the source is silent
		return news.Gone, f.Reason
	case crawl.FailTruncated:
		return news.Truncated, f.Reason
	}
	return news.Failed, f.Reason
}

// capture puts the raw bytes in the blob store, when keep asks for it, and
// gives the row that names them. Blob first: a crash between the two leaves a
// blob that nothing names, never a row whose evidence is missing. Of a page that
// was withheld nothing is kept, whatever asks for it.
func (t *Tracker) capture(ctx context.Context, l look, articleID int64, keep bool) (news.Capture, error) {
	f := l.fetch
	c := news.Capture{
		ArticleID: articleID, URL: f.URL, FinalURL: f.Final, At: l.asked, Outcome: l.outcome, Reason: l.reason,
		Status: f.Status, WireSize: int64(len(f.Wire)), RemoteAddr: f.RemoteAddr,
	}
	if len(l.page.Blocks) > 0 || l.outcome == news.OK {
		c.Extractor, c.Model = extract.Extractor(), compare.Model()
	}
	if !l.withheld && (t.o.Raw == RawAll || keep && t.o.Raw == RawChanged) {
		c.Header = f.HeaderText()
		if len(l.picture) > 0 {
			d, err := t.o.Store.PutBlob(ctx, l.picture, news.Digest{})
			if err != nil {
				return c, err
			}
			c.Screenshot = d
		}
		if len(f.Wire) > 0 {
			like, err := t.o.Store.LastRaw(ctx, articleID)
			if err != nil {
				return c, err
			}
			d, err := t.o.Store.PutBlob(ctx, f.Wire, like)
			if err != nil {
				return c, err
			}
			c.Raw, c.Encoding = d, strings.Join(f.Header.Values("Content-Encoding"), ", ")
		}
	}
	return c, nil
}
