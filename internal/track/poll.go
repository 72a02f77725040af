package track

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"

	"stet/internal/crawl"
	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// Limits of polling.
const (
	MaxEntryAge   = 30 * 24 * time.Hour // older entries of a feed are not taken in: a sitemap lists a decade
	MaxSitemaps   = 10                  // newest sitemaps of an index that become feeds
	MaxFeedPeriod = schedule.MaxFeed    // longest wait after failures
)

// poll visits a feed and records what it lists.
func (t *Tracker) poll(ctx context.Context, lease store.Lease, f news.Feed) (time.Time, error) {
	got, err := t.o.Client.Get(ctx, crawl.Request{URL: f.URL, ETag: f.ETag, LastModified: f.LastModified, Want: want(f)})
	if err != nil {
		return time.Time{}, err
	}
	rest := restOf(lease, got)
	if notAsked(got, rest) {
		return rest, nil
	}
	doc, outcome, reason := readFeed(f, got)
	err = t.reached(ctx, lease, f.SourceID, fmt.Sprint("feed ", f.ID), reachOf(lease, got, outcome), reason)
	if err == nil {
		err = t.recordPoll(ctx, lease, f, got, doc, outcome, reason)
	}
	if errors.Is(err, store.ErrNotFound) {
		return rest, nil // the feed was removed while we polled it
	}
	if ours(ctx, err) {
		t.o.Log.Error("our own fault", "feed", f.URL, "error", err)
		err = t.recordPoll(ctx, lease, f, got, feed.Document{}, news.Failed, "our own fault: "+err.Error())
	}
	return rest, err
}

func want(f news.Feed) crawl.Want {
	switch feed.Format(f.Format) {
	case feed.Sitemap, feed.SitemapIndex, feed.NewsSitemap:
		return crawl.Sitemap
	case feed.Page:
		return crawl.Article
	}
	return crawl.Feed
}

// readFeed says what came back from a feed.
func readFeed(f news.Feed, got crawl.Fetch) (feed.Document, news.Outcome, string) {
	if got.Failure != "" {
		o, why := failed(got)
		return feed.Document{}, o, why
	}
	switch {
	case got.Status == 304:
		return feed.Document{}, news.Unchanged, ""
	case got.Status == 404 || got.Status == 410 || got.Status == 451:
		return feed.Document{}, news.Gone, fmt.Sprintf("HTTP %d", got.Status)
	case got.Status == 401 || got.Status == 403 || got.Status == 429:
		return feed.Document{}, news.Blocked, fmt.Sprintf("HTTP %d", got.Status)
	case got.Status/100 != 2:
		return feed.Document{}, news.Failed, fmt.Sprintf("HTTP %d", got.Status)
	}
	base, err := url.Parse(got.Final)
	if err != nil {
		return feed.Document{}, news.Failed, err.Error()
	}
	contentType := got.Header.Get("Content-Type")
	if feed.Format(f.Format) == feed.Page {
		return feed.Links(got.Body, contentType, base), news.OK, ""
	}
	doc, err := feed.Parse(got.Body, contentType, base)
	if err != nil {
		return doc, news.NotArticle, err.Error()
	}
	return doc, news.OK, ""
}

// recordPoll records a visit to a feed with the entries that pass the filters.
func (t *Tracker) recordPoll(ctx context.Context, lease store.Lease, f news.Feed, got crawl.Fetch, doc feed.Document, outcome news.Outcome, reason string) error {
	now := t.o.Now()
	poll := schedule.FeedPoll{At: now, Last: f.LastOK, Unchanged: outcome == news.Unchanged}
	f.LastVisit, f.LastOutcome, f.LastReason = now, outcome, reason
	var took taken
	var err error
	switch outcome {
	case news.OK:
		if took, err = t.read(ctx, &f, got, doc, now); err != nil {
			return err
		}
		f.Failures, f.LastOK = 0, now
	case news.Unchanged:
		f.Failures, f.LastOK = 0, now
	default:
		f.Failures++
	}
	poll.Entries, poll.Lifetime = took.listed, f.TTL
	if f.Failures == 0 { // an error page has a lifetime of its own
		poll.Lifetime = max(f.TTL, lifetime(got.Header, now))
	}
	f.Due = now.Add(t.pace(&f, poll))
	if f.Due.Before(got.NotBefore) {
		f.Due = got.NotBefore
	}
	result, err := t.o.Store.RecordFeedVisit(ctx, lease, store.FeedVisit{Feed: f, Entries: took.found, Channel: channel(f), Pull: t.pull, Began: got.Start, PushBase: t.o.PushBase})
	if err != nil {
		return err
	}
	t.o.Log.Info("feed", "url", f.URL, "outcome", outcome, "reason", reason, "entries", len(took.found), "new", result.Added, "updated", result.Signalled)
	return nil
}

// read takes over what a document says of its feed, and its entries.
func (t *Tracker) read(ctx context.Context, f *news.Feed, got crawl.Fetch, doc feed.Document, now time.Time) (taken, error) {
	was := feed.Format(f.Format)
	f.TTL, f.Entries = doc.TTL, len(doc.Entries)
	named(f, got, doc)
	f.ETag, f.LastModified = got.Header.Get("ETag"), got.Header.Get("Last-Modified")
	if was != feed.Sitemap || doc.Format != feed.SitemapIndex {
		f.Format = string(doc.Format)
	}
	if doc.Title != "" {
		f.Title = doc.Title
	}
	took, err := t.take(ctx, f, doc.Entries, now)
	if err != nil {
		return took, err
	}
	if took.fresh { // a 304 would keep from us what could not be believed yet
		f.ETag, f.LastModified = "", ""
	}
	for _, s := range doc.Sitemaps { // an index is polled for sitemaps that are new, not for their times
		took.listed = append(took.listed, schedule.FeedEntry{ID: entryID(feed.Entry{GUID: s.URL}, news.Address{}), Taken: true})
	}
	if was != feed.Sitemap { // an index within an index is a trap, or might as well be
		err = t.addSitemaps(ctx, *f, doc, now)
	}
	return took, err
}

// A taken is what a document's entries come to.
type taken struct {
	found  []store.FoundEntry   // that lead to an article and are let in
	listed []schedule.FeedEntry // all that have a name
	fresh  bool                 // a time was too new to be believed
}

// take cleans the addresses of entries and drops what is filtered out, too old
// or no web page.
func (t *Tracker) take(ctx context.Context, f *news.Feed, entries []feed.Entry, now time.Time) (out taken, err error) {
	filters, err := t.filters(ctx)
	if err != nil {
		return out, err
	}
	stamped := stamps(entries)
	for _, e := range entries {
		newest := newestOf(e)
		signal := newest
		if early := isEarly(*f, newest, now); early || stamped[newest] {
			signal = time.Time{}
			out.fresh = out.fresh || early
		}
		a, err := news.ParseAddress(e.URL, nil) // mailto:, javascript: and empty links lead to no article
		let := err == nil && (newest.IsZero() || now.Sub(newest) <= MaxEntryAge) && filters.pass(f.SourceID, e)
		if id := entryID(e, a); id != 0 {
			out.listed = append(out.listed, schedule.FeedEntry{ID: id, At: signal, Taken: let})
		}
		if let {
			out.found = append(out.found, store.FoundEntry{Address: a, GUID: e.GUID, Title: e.Title, Published: e.Published, Updated: signal, Due: now})
		}
	}
	return out, nil
}

// newestOf is the later of an entry's two times.
func newestOf(e feed.Entry) time.Time {
	if e.Updated.After(e.Published) {
		return e.Updated
	}
	return e.Published
}

// MaxSameUpdated is how many entries of a feed may share one updated time and
// be believed. More were stamped when the feed was written, not edited; taken
// as news of an update, they would make every article of the feed due at each
// poll.
const MaxSameUpdated = 3

// FreshStamp is how old a time must be to be believed: some feeds give "now"
// at every request. A true one is as good at the next poll, unless a push told of it.
const FreshStamp = time.Minute

// isEarly reports whether a time is too new to be believed. After a push it may be
// now, by a clock that is ahead of ours by as much: the push was for it.
func isEarly(f news.Feed, newest, now time.Time) bool {
	if f.Pushed {
		return newest.Sub(now) > FreshStamp
	}
	return now.Sub(newest) < FreshStamp
}

// stamps gives the times that too many entries share.
func stamps(entries []feed.Entry) map[time.Time]bool {
	count := make(map[time.Time]int)
	for _, e := range entries {
		count[newestOf(e)]++
	}
	out := make(map[time.Time]bool)
	for at, n := range count {
		if n > MaxSameUpdated {
			out[at] = true
		}
	}
	return out
}

// addSitemaps makes the newest sitemaps of an index feeds of their own.
func (t *Tracker) addSitemaps(ctx context.Context, f news.Feed, doc feed.Document, now time.Time) error {
	own, err := news.ParseAddress(f.URL, nil)
	if err != nil {
		return err
	}
	newest := slices.SortedStableFunc(slices.Values(doc.Sitemaps), func(a, b feed.Entry) int { return b.Updated.Compare(a.Updated) })
	added := 0
	for _, s := range newest {
		if added == MaxSitemaps || !s.Updated.IsZero() && now.Sub(s.Updated) > MaxEntryAge {
			break
		}
		a, err := news.ParseAddress(s.URL, nil)
		if err != nil || !news.SameSite(own.Host, a.Host) {
			continue
		}
		child := news.Feed{SourceID: f.SourceID, URL: a.URL, Format: string(feed.Sitemap), Period: f.Period}
		if _, _, err := t.o.Store.AddFeed(ctx, child); err != nil {
			return err
		}
		added++
	}
	return nil
}

// A filterSet is the filters with their patterns compiled.
type filterSet []compiled

type compiled struct {
	news.Filter
	re *regexp.Regexp
}

// filters reads and compiles the filters. They are few, and a poll is rare.
func (t *Tracker) filters(ctx context.Context) (filterSet, error) {
	rows, err := t.o.Store.Filters(ctx)
	if err != nil {
		return nil, err
	}
	var set filterSet
	for _, f := range rows {
		re, err := regexp.Compile(f.Pattern)
		if err != nil {
			return nil, fmt.Errorf("filter %d: %w", f.ID, err)
		}
		set = append(set, compiled{f, re})
	}
	return set, nil
}

// pass reports whether an entry of a source gets through.
func (s filterSet) pass(source int64, e feed.Entry) bool {
	keep, kept := false, false
	for _, f := range s {
		if f.SourceID != 0 && f.SourceID != source {
			continue
		}
		hit := f.matches(e)
		if hit && !f.Keep {
			return false
		}
		keep, kept = keep || f.Keep, kept || f.Keep && hit
	}
	return !keep || kept
}

func (f compiled) matches(e feed.Entry) bool {
	switch f.Field {
	case news.FieldURL:
		return f.re.MatchString(e.URL) || e.Permalink && f.re.MatchString(e.GUID)
	case news.FieldTitle:
		return f.re.MatchString(e.Title)
	case news.FieldCategory:
		for _, c := range e.Categories {
			if f.re.MatchString(c) {
				return true
			}
		}
	}
	return false
}
