package track

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"stet/internal/crawl"
	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// How hubs are asked (W3C WebSub, 23 January 2018).
const (
	AskAgain  = time.Hour // after a request that the hub did not confirm; doubled after each more, up to MaxFeedPeriod
	MaxLeaves = 3         // requests to end a subscription; then it is forgotten, and pushes are answered with 410
)

// named takes over the hub that a document names, or that its response does.
func named(f *news.Feed, got crawl.Fetch, doc feed.Document) {
	base, err := url.Parse(got.Final)
	if err != nil {
		base = nil
	}
	f.Hub, f.Topic = doc.HubAndTopic(got.Header.Values("Link"), base)
	if _, ok := news.CheckHub(f.Hub, f.Topic); !ok {
		f.Hub, f.Topic = "", ""
	}
}

// askHub asks a hub to push, to go on, or to stop. That it is being asked is
// recorded before, since a hub may verify our intent before it answers.
func (t *Tracker) askHub(ctx context.Context, lease store.Lease, s news.Subscription) (time.Time, error) {
	s, ok, err := t.o.Store.AskHub(ctx, lease, s.ID, t.o.PushBase)
	if err != nil || !ok {
		return time.Time{}, err
	}
	got, err := t.o.Client.Post(ctx, s.Hub, hubForm(s))
	if err != nil {
		return time.Time{}, err
	}
	a := hubAnswer(s, got, t.o.Now())
	t.o.Log.Info("hub", "url", s.Hub, "mode", s.Mode(), "topic", s.Topic, "status", got.Status, "reason", a.Reason)
	return restOf(lease, got), t.o.Store.HubAnswered(ctx, lease, s, a)
}

// hubForm is the request. The secret is sent to hubs without TLS, too: whoever
// listens there sees the callback in any case, and others cannot sign.
func hubForm(s news.Subscription) url.Values {
	form := url.Values{"hub.mode": {s.Mode()}, "hub.topic": {s.Topic}, "hub.callback": {s.Callback()}}
	if s.State != news.Leaving {
		form.Set("hub.lease_seconds", strconv.Itoa(int(news.LeaseAsked/time.Second)))
		form.Set("hub.secret", s.Secret)
	}
	return form
}

// hubAnswer judges what came back. Any 2xx is good: older hubs answer 204.
func hubAnswer(s news.Subscription, got crawl.Fetch, now time.Time) store.HubAnswer {
	a := store.HubAnswer{
		Unasked: got.Failure == crawl.FailRate || got.Failure == crawl.FailDown,
		Due:     now.Add(afterFailures(AskAgain, s.Tries-1)),
	}
	switch {
	case got.Failure != "":
		a.Reason = got.Reason
	case got.Status/100 != 2:
		a.Reason = strings.TrimSpace(fmt.Sprintf("HTTP %d %s", got.Status, hubWords(got)))
	}
	if got.NotBefore.After(a.Due) || a.Unasked && !got.NotBefore.IsZero() {
		a.Due = got.NotBefore
	}
	a.Drop = s.State == news.Leaving && s.Tries >= MaxLeaves && !a.Unasked
	return a
}

// hubWords are the first words of an answer in plain text, in which hubs say what
// they miss.
func hubWords(got crawl.Fetch) string {
	if !strings.HasPrefix(strings.ToLower(got.Header.Get("Content-Type")), "text/plain") {
		return ""
	}
	return strings.Join(strings.Fields(string(got.Body[:min(len(got.Body), news.MaxHubReason)])), " ")
}

// channel is how a feed tells that an entry was updated.
func channel(f news.Feed) string {
	if f.Pushed {
		return schedule.Pushed.String()
	}
	switch feed.Format(f.Format) {
	case feed.Sitemap, feed.NewsSitemap:
		return schedule.SitemapModified.String()
	}
	return schedule.FeedUpdated.String()
}
