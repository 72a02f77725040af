package track

import (
	"context"
	"errors"
	"slices"
	"time"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// visit makes one visit to an article and records it. It returns the time
// before which the host wishes not to be asked.
func (t *Tracker) visit(ctx context.Context, lease store.Lease, a store.Visiting) (time.Time, error) {
	l, err := t.look(ctx, a, false)
	if err != nil {
		return time.Time{}, err
	}
	if l.fetch.Failure == crawl.FailRate {
		return l.fetch.NotBefore, nil // not asked at all: no visit
	}
	return l.fetch.NotBefore, t.record(ctx, lease, a, l)
}

// record records what a look at an article taught. When another process has
// recorded a version meanwhile (ErrConflict), the article is read again and
// the same look is judged against what stands now.
func (t *Tracker) record(ctx context.Context, lease store.Lease, a store.Visiting, l look) error {
	for try := 0; ; try++ {
		v, err := t.judge(ctx, a, l)
		if err != nil {
			return err
		}
		v.Lease, v.ArticleID = lease, a.ID
		_, err = t.o.Store.RecordVisit(ctx, v)
		if !errors.Is(err, store.ErrConflict) || try == 2 {
			if err == nil {
				t.log(a, v)
			}
			return err
		}
		if a, err = t.o.Store.Visiting(ctx, a.ID); err != nil {
			return err
		}
	}
}

func (t *Tracker) log(a store.Visiting, v store.Visit) {
	log := t.o.Log.With("article", a.ID, "url", a.URL, "outcome", v.Capture.Outcome)
	if v.Capture.Reason != "" {
		log = log.With("reason", v.Capture.Reason)
	}
	for _, c := range v.Changes {
		log = log.With("change", c.Type, "number", c.Number)
	}
	log.Info("visit", "due", v.Due)
}

// judge turns a look into the visit to record.
func (t *Tracker) judge(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	switch l.outcome {
	case news.Unchanged:
		return t.unchanged(ctx, a, l)
	case news.OK:
		return t.seen(ctx, a, l)
	}
	return t.notSeen(ctx, a, l)
}

// basis is the visit that changes nothing but the capture.
func (t *Tracker) basis(ctx context.Context, a store.Visiting, l look, keep bool) (store.Visit, error) {
	c, err := t.capture(ctx, l, a.ID, keep)
	return store.Visit{
		Capture: c, State: a.State, Due: a.Due, Period: a.Period, Doubt: a.Doubt,
		ETag: a.ETag, LastModified: a.LastModified, Body: a.Body, GoneAt: a.GoneAt,
	}, err
}

// plan sets the next visit by the policy. A host's wish to be left alone only
// ever puts it later.
func (t *Tracker) plan(v *store.Visit, a store.Visiting, l look, changed bool) {
	p := t.o.Policy.Next(
		schedule.History{Found: a.FoundAt, Changed: a.ChangedAt, Period: a.Period},
		schedule.Visit{At: l.got, Changed: changed})
	v.Due, v.Period = p.Due, p.Period
	if !v.Due.IsZero() && v.Due.Before(l.fetch.NotBefore) {
		v.Due = l.fetch.NotBefore
	}
}

// unchanged records that the current version was seen again: a 304, or the
// same bytes.
func (t *Tracker) unchanged(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	if a.Current == nil { // a 304 to a request without validators
		l.outcome, l.reason = news.Failed, "HTTP 304 though nothing is known"
		return t.notSeen(ctx, a, l)
	}
	v, err := t.basis(ctx, a, l, false)
	if err != nil {
		return v, err
	}
	follow(&v, a, l)
	return t.sighting(ctx, v, a, l)
}

// sighting fills in that the article shows the version that it showed before.
func (t *Tracker) sighting(ctx context.Context, v store.Visit, a store.Visiting, l look) (store.Visit, error) {
	v.Sighting, v.Doubt = true, store.Doubt{}
	v.Capture.VersionID = a.Current.ID
	t.plan(&v, a, l, false)
	t.returned(&v, a, l)
	if a.Current.Number == a.Versions-1 || l.got.Sub(a.CurrentSince) < HoldTime {
		return v, nil
	}
	// The text came back and has held since: it is a version after all.
	last, err := t.o.Store.VersionByNumber(ctx, a.ID, a.Versions-1)
	if err != nil {
		return v, err
	}
	version(&v, a, &last, a.Current.Content, bounds{after: last.Seen.Last, before: a.CurrentSince})
	v.Sighting, v.Capture.VersionID = false, 0
	return v, nil
}

// HoldTime is how long a text that alternated must hold to be a new version.
const HoldTime = 24 * time.Hour

// Alternation: a text that AlternateCopies versions within AlternateTime show
// already is a sighting when it returns once more, not a version.
const (
	AlternateCopies = 2
	AlternateTime   = 7 * 24 * time.Hour
)

// returned notes that an article which was gone is there again.
func (t *Tracker) returned(v *store.Visit, a store.Visiting, l look) {
	if a.State != news.StateGone {
		return
	}
	v.State, v.GoneAt = news.Live, time.Time{}
	v.Changes = append(v.Changes, news.Change{Type: news.ArticleReturned, After: a.LastVisit, Before: l.got})
	t.plan(v, a, l, true)
}

// seen records a page that shows the article.
func (t *Tracker) seen(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	if a.Current == nil {
		return t.first(ctx, a, l)
	}
	old, err := t.before(ctx, a)
	if err != nil {
		return store.Visit{}, err
	}
	keys := keysOf(l.page)
	result := compare(old, l.page, keys)
	var confirm *news.Capture
	if result.changed() {
		second, err := t.look(ctx, store.Visiting{Article: a.Article, Current: a.Current}, true)
		if err != nil {
			return store.Visit{}, err
		}
		c, err := t.capture(ctx, second, a.ID, true)
		if err != nil {
			return store.Visit{}, err
		}
		confirm = &c
		if second.outcome != news.OK {
			return t.unconfirmed(ctx, a, l, confirm)
		}
		again := keysOf(second.page)
		result = agree(old, result, compare(old, second.page, again), keys, again)
		keys = keys.union(again)
	}
	v, err := t.basis(ctx, a, l, result.changed())
	if err != nil {
		return v, err
	}
	v.Confirm, v.Doubt = confirm, store.Doubt{}
	learn(&v, a, l, keys)
	if !result.changed() {
		if confirm != nil {
			v.Capture.Reason = "what differed, differs at every fetch"
		}
		return t.sighting(ctx, v, a, l)
	}
	return v, t.changed(ctx, &v, a, l, result)
}

// unconfirmed records a difference that could not be looked at twice: neither
// a sighting nor a version, and soon another visit. The raw bytes are kept.
func (t *Tracker) unconfirmed(ctx context.Context, a store.Visiting, l look, confirm *news.Capture) (store.Visit, error) {
	v, err := t.basis(ctx, a, l, true)
	v.Confirm = confirm
	v.Capture.Reason = "a change that the second fetch could not confirm: " + string(confirm.Outcome)
	v.Due = l.got.Add(FirstRetry)
	return v, err
}

// first records the first version of an article, unless its page says that it
// is an article we know already.
func (t *Tracker) first(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	v, err := t.basis(ctx, a, l, true)
	if err != nil {
		return v, err
	}
	other, err := t.duplicate(ctx, a, l)
	if err != nil {
		return v, err
	}
	if other != 0 {
		v.State, v.DuplicateOf, v.Due = news.Duplicate, other, time.Time{}
		return v, nil
	}
	keys := keysOf(l.page)
	learn(&v, a, l, keys)
	v.Doubt = store.Doubt{}
	version(&v, a, nil, l.page.Content, bounds{before: l.got})
	t.plan(&v, a, l, true)
	return v, nil
}

// duplicate finds the article that an article without versions turns out to
// be: the one that owns the address it redirects to or names itself by, and
// has the same headline.
func (t *Tracker) duplicate(ctx context.Context, a store.Visiting, l look) (int64, error) {
	for _, addr := range l.addresses() {
		id, err := t.o.Store.Lookup(ctx, addr.Key)
		if errors.Is(err, store.ErrNotFound) || err == nil && id == a.ID {
			continue
		}
		if err != nil {
			return 0, err
		}
		other, _, err := t.o.Store.Article(ctx, id)
		if err != nil {
			return 0, err
		}
		if other.Versions > 0 && news.Fold(other.Headline) == news.Fold(l.page.Content.Headline) {
			return id, nil
		}
	}
	return 0, nil
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
	follow(v, a, l)
}

// follow moves the visits of an article to where its address redirects for
// good. It is a change when the new address is another one, not just another
// spelling, and the article was known before.
func follow(v *store.Visit, a store.Visiting, l look) {
	if len(l.fetch.Hops) == 0 {
		return
	}
	for _, h := range l.fetch.Hops {
		if h.Status != 301 && h.Status != 308 {
			return
		}
	}
	from, err1 := news.ParseAddress(a.URL, nil)
	to, err2 := news.ParseAddress(l.fetch.Final, nil)
	if err1 != nil || err2 != nil || from.URL == to.URL {
		return
	}
	v.MoveTo = to.URL
	if from.Key != to.Key && a.Current != nil {
		v.Changes = append(v.Changes, news.Change{Type: news.ArticleMoved, After: a.LastOK, Before: l.got, Note: to.URL})
	}
}

// changed records another text: a known one that came back once too often is a
// sighting of an older version, all else is a version.
func (t *Tracker) changed(ctx context.Context, v *store.Visit, a store.Visiting, l look, result verdict) error {
	t.returned(v, a, l)
	n, number, err := t.o.Store.CountIdentity(ctx, a.ID, result.content.Identity(), l.got.Add(-AlternateTime))
	if err != nil {
		return err
	}
	if n >= AlternateCopies {
		v.Return = &number
		v.Capture.Reason = "alternates: a text that was here before"
		t.plan(v, a, l, false)
		return nil
	}
	version(v, a, a.Current, result.content, bounds{after: a.Current.Seen.Last, before: l.got})
	t.plan(v, a, l, true)
	return nil
}

// before gives what the article's page was, read by today's extractor. When
// the baseline is an older extractor's, the capture that made the current
// version is read again, so that an extractor's upgrade is never a change.
// Without its raw bytes the baseline stands as it is: block keys are the
// page's own text, which upgrades seldom touch.
func (t *Tracker) before(ctx context.Context, a store.Visiting) (before, error) {
	old := before{a.Current.Content, keySet(a.Baseline)}
	if a.BaselineExtractor == extract.Extractor() {
		return old, nil
	}
	c, err := t.o.Store.CaptureOf(ctx, a.Current.CaptureID)
	if err != nil || c.Raw.IsZero() {
		return old, err
	}
	wire, err := t.o.Store.Blob(ctx, c.Raw)
	if err != nil {
		return old, err
	}
	body, err := crawl.Decode(wire, c.Encoding)
	if err != nil {
		return old, err // we decoded it once: the blob is not what it was
	}
	page := extract.Read(pageOf(crawl.Fetch{URL: c.URL, Final: c.FinalURL, Status: c.Status, Body: body, Header: headerOf(c.Header)}))
	if page.Outcome != news.OK {
		return old, nil
	}
	keys := keysOf(page).union(old.keys)
	return before{page.Content, keys}, nil
}

// agree keeps of the first look's difference what the second look shows too.
//
// Blocks of the new content that the second page lacks are furniture: they go.
// A removal counts only beyond as many blocks as turned out to be furniture: a
// slot that now shows another advert explains one block that has gone.
func agree(old before, one, two verdict, keys, again keySet) verdict {
	v := verdict{content: one.content}
	v.headline = one.headline && two.headline && news.Key(one.content.Headline) == news.Key(two.content.Headline)
	if one.headline && !v.headline {
		v.content.Headline = old.content.Headline
	}
	v.standfirst = one.standfirst && two.standfirst && news.Key(one.content.Standfirst) == news.Key(two.content.Standfirst)
	if one.standfirst && !v.standfirst {
		v.content.Standfirst = old.content.Standfirst
	}
	all := len(v.content.Blocks)
	v.content.Blocks = slices.DeleteFunc(slices.Clone(v.content.Blocks), func(b news.Block) bool { return !again.has(news.Key(b.Text)) })
	volatile := all - len(v.content.Blocks)
	for _, k := range one.added {
		if again.has(k) {
			v.added = append(v.added, k)
		}
	}
	for _, k := range one.removed {
		if slices.Contains(two.removed, k) {
			v.removed = append(v.removed, k)
		}
	}
	if len(v.added) == 0 && len(v.removed) <= volatile {
		v.removed = nil
	}
	v.moved = one.moved && two.moved
	return v
}
