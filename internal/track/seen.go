package track

import (
	"context"
	"net/url"
	"time"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// Alternation: a text that AlternateCopies versions within AlternateTime show
// already is a sighting when it returns once more, not a version. One that then
// holds for HoldTime is a version after all.
const (
	AlternateCopies = 2
	AlternateTime   = 7 * 24 * time.Hour
	HoldTime        = 24 * time.Hour
)

// seen records a page that shows the article.
func (t *Tracker) seen(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	if a.Current == nil {
		return t.first(ctx, a, l)
	}
	if other, err := t.merged(ctx, a, l); other != 0 || err != nil {
		return t.leave(ctx, a, l, other, err)
	}
	old, err := t.before(ctx, a)
	if err != nil {
		return store.Visit{}, err
	}
	keys := keysOf(l.page)
	result := compare(old, l.page, keys)
	if !result.changed() {
		return t.same(ctx, a, l, old.learnable(keys))
	}
	second, err := t.secondLook(ctx, a, l)
	if err != nil {
		return store.Visit{}, err
	}
	if second.outcome != news.OK {
		return t.unconfirmed(ctx, a, l, second)
	}
	again := keysOf(second.page)
	result = agree(old, result, compare(old, second.page, again), keys, again)
	v, err := t.basis(ctx, a, l, result.changed())
	if err != nil {
		return v, err
	}
	if !second.kept {
		c, err := t.capture(ctx, second, a.ID, result.changed())
		if err != nil {
			return v, err
		}
		v.Confirm = &c
	}
	v.Doubt = store.Doubt{}
	both := bothHold(old.keys, keys, again)
	if result.changed() {
		learn(&v, a, l, both)
		return t.changed(ctx, v, a, l, result)
	}
	learn(&v, a, l, old.learnable(both))
	// The next visit must get the page whole: what validators or bytes would
	// call unchanged is a page that the other fetch contradicted.
	v.ETag, v.LastModified, v.Body = "", "", news.Digest{}
	v.Capture.Reason = "what differed was not there at a second fetch"
	if result.unclear {
		follow(&v, a, l)
		t.plan(&v, a, l, false)
		return v, nil
	}
	return t.sighting(ctx, v, a, l)
}

// same records a page with the text that the article showed before.
func (t *Tracker) same(ctx context.Context, a store.Visiting, l look, keys keySet) (store.Visit, error) {
	v, err := t.basis(ctx, a, l, false)
	if err != nil {
		return v, err
	}
	v.Doubt = store.Doubt{}
	learn(&v, a, l, keys)
	return t.sighting(ctx, v, a, l)
}

// secondLook looks again, over a fresh connection, to confirm a difference. If
// that fails, the page that an earlier visit could not have confirmed stands
// in: two visits that show the same new text confirm each other.
func (t *Tracker) secondLook(ctx context.Context, a store.Visiting, first look) (look, error) {
	second, err := t.look(ctx, store.Visiting{Article: a.Article, Current: a.Current}, true)
	if err != nil || second.outcome == news.OK || a.Doubt.Outcome != news.OK {
		return second, err
	}
	captures, err := t.o.Store.Captures(ctx, a.ID, 2*a.Doubt.Count)
	if err != nil {
		return second, err
	}
	for _, c := range captures {
		if c.Outcome != news.OK || c.VersionID != 0 || c.At.Before(a.Doubt.Since) {
			continue
		}
		if page, ok := t.reread(ctx, c); ok {
			return look{outcome: news.OK, page: page, kept: true}, nil
		}
	}
	return second, nil
}

// unconfirmed records a difference that could not be looked at twice: neither
// a sighting nor a version, and soon another visit. The raw bytes are kept.
func (t *Tracker) unconfirmed(ctx context.Context, a store.Visiting, l, second look) (store.Visit, error) {
	v, err := t.basis(ctx, a, l, true)
	if err != nil {
		return v, err
	}
	c, err := t.capture(ctx, second, a.ID, true)
	if err != nil {
		return v, err
	}
	v.Confirm = &c
	v.Capture.Reason = "a change that the second fetch could not confirm: " + string(second.outcome)
	if v.Doubt.Outcome != news.OK {
		v.Doubt = store.Doubt{Outcome: news.OK, Since: v.Capture.At}
	}
	v.Doubt.Count++
	t.plan(&v, a, l, false)
	v.Due = t.retry(a, v, l)
	return v, nil
}

// sighting fills in that the article shows the version that it showed before.
func (t *Tracker) sighting(ctx context.Context, v store.Visit, a store.Visiting, l look) (store.Visit, error) {
	follow(&v, a, l)
	v.Sighting, v.Doubt = true, store.Doubt{}
	v.Capture.VersionID = a.Current.ID
	t.plan(&v, a, l, false)
	if err := t.returned(ctx, &v, a, l); err != nil {
		return v, err
	}
	if a.Current.Number == a.Versions-1 || l.got.Sub(a.CurrentSince) < HoldTime {
		return v, nil
	}
	// The text came back and has held since: it is a version after all.
	newest, err := t.o.Store.VersionByNumber(ctx, a.ID, a.Versions-1)
	if err != nil {
		return v, err
	}
	version(&v, a, &newest, a.Current.Content, bounds{after: newest.Seen.Last, before: a.CurrentSince})
	v.Sighting, v.Capture.VersionID = false, 0
	return v, nil
}

// returned notes that an article which was gone is there again: since the last
// visit that found it so.
func (t *Tracker) returned(ctx context.Context, v *store.Visit, a store.Visiting, l look) error {
	if a.State != news.StateGone {
		return nil
	}
	captures, err := t.o.Store.Captures(ctx, a.ID, returnCaptures)
	if err != nil {
		return err
	}
	last := a.GoneAt
	for _, c := range captures {
		if absent(c.Outcome) && c.At.After(last) {
			last = c.At
		}
	}
	v.State, v.GoneAt = news.Live, time.Time{}
	v.Changes = append(v.Changes, news.Change{Type: news.ArticleReturned, After: last, Before: l.got})
	t.plan(v, a, l, true)
	return nil
}

// returnCaptures is how many captures are searched for the last one that found
// an article gone; older ones are within the time when it was known to be so.
const returnCaptures = 50

// first records the first version of an article, unless its page says that it
// is an article we know already.
func (t *Tracker) first(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	other, err := t.duplicate(ctx, a, l)
	if other != 0 || err != nil {
		return t.leave(ctx, a, l, other, err)
	}
	v, err := t.basis(ctx, a, l, true)
	if err != nil {
		return v, err
	}
	learn(&v, a, l, keysOf(l.page))
	v.Doubt = store.Doubt{}
	follow(&v, a, l)
	version(&v, a, nil, l.page.Content, bounds{before: l.got})
	t.plan(&v, a, l, true)
	return v, nil
}

// learn keeps what an ok page teaches beside its text.
func learn(v *store.Visit, a store.Visiting, l look, keys keySet) {
	v.State, v.Keys, v.Extractor = news.Live, keys, extract.Extractor()
	if a.State == news.StateGone {
		v.State = a.State // until returned says otherwise
	}
	v.ETag, v.LastModified = l.fetch.Header.Get("ETag"), l.fetch.Header.Get("Last-Modified")
	v.Body, v.Addresses = l.body, l.addresses()
	v.Published, v.Language = l.page.Content.Published, l.page.Content.Language
}

// changed records another text: a known one that came back once too often, or
// that the newest version has, is a sighting of that; all else is a version.
func (t *Tracker) changed(ctx context.Context, v store.Visit, a store.Visiting, l look, result verdict) (store.Visit, error) {
	identity := result.content.Identity()
	newest, err := t.o.Store.VersionByNumber(ctx, a.ID, a.Versions-1)
	if err != nil {
		return v, err
	}
	n, number, err := t.o.Store.CountIdentity(ctx, a.ID, identity, l.got.Add(-AlternateTime))
	if err != nil {
		return v, err
	}
	if newest.Content.Identity() == identity {
		n, number = AlternateCopies, newest.Number
	}
	if n >= AlternateCopies && number == a.Current.Number {
		return t.sighting(ctx, v, a, l)
	}
	follow(&v, a, l)
	if n >= AlternateCopies {
		v.Return = &number
		v.Capture.Reason = "alternates: a text that was here before"
		t.plan(&v, a, l, false)
	} else {
		version(&v, a, &newest, result.content, bounds{after: a.Current.Seen.Last, before: l.got})
		t.plan(&v, a, l, true)
	}
	return v, t.returned(ctx, &v, a, l)
}

// before gives what the article's page was, read by today's extractor. When
// the baseline is an older extractor's, the capture that made the current
// version is read again, so that an extractor's upgrade is never a change.
// Without its raw bytes the baseline stands as it is: block keys are the
// page's own text, which upgrades seldom touch.
func (t *Tracker) before(ctx context.Context, a store.Visiting) (before, error) {
	old := before{a.Current.Content, keySet(a.Baseline), a.Current.Seen.Sightings > 1}
	if a.BaselineExtractor == extract.Extractor() {
		return old, nil
	}
	c, err := t.o.Store.CaptureOf(ctx, a.Current.CaptureID)
	if err != nil {
		return old, err
	}
	if page, ok := t.reread(ctx, c); ok {
		old.content, old.keys = page.Content, keysOf(page).union(old.keys)
	}
	return old, nil
}

// reread reads the raw bytes of an ok capture again. False when they are not
// kept, or are not what they were: verify finds that, a visit goes on.
func (t *Tracker) reread(ctx context.Context, c news.Capture) (extract.Result, bool) {
	if c.Raw.IsZero() {
		return extract.Result{}, false
	}
	wire, err := t.o.Store.Blob(ctx, c.Raw)
	if err != nil {
		t.o.Log.Warn("raw capture cannot be read again", "capture", c.ID, "error", err)
		return extract.Result{}, false
	}
	body, err := crawl.Decode(wire, c.Encoding)
	if err != nil {
		t.o.Log.Warn("raw capture cannot be decoded again", "capture", c.ID, "error", err)
		return extract.Result{}, false
	}
	page := extract.Read(pageOf(crawl.Fetch{URL: c.URL, Final: c.FinalURL, Status: c.Status, Body: body, Header: headerOf(c.Header)}))
	return page, page.Outcome == news.OK
}

// isFront reports whether an address is a site's front page.
func isFront(a news.Address) bool {
	u, err := url.Parse(a.URL)
	return err == nil && u.Path == "/" && u.RawQuery == ""
}
