package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

const (
	testHub   = "https://hub.example.org/"
	testTopic = "https://courier.example.org/rss"
	testBase  = "https://stet.example.org"
)

// names records a visit to the feed that names the hub.
func (b *bench) names(hub, topic, base string) {
	b.t.Helper()
	l := b.lease()
	f := b.theFeed()
	f.Hub, f.Topic, f.LastOutcome, f.LastVisit, f.LastOK, f.Due = hub, topic, news.OK, b.clock.t, b.clock.t, b.clock.t.Add(time.Hour)
	_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f, Began: b.clock.t, PushBase: base})
	b.must(err)
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
}

func (b *bench) theFeed() news.Feed {
	b.t.Helper()
	feeds, err := b.Feeds(b.ctx, b.src.ID)
	b.must(err)
	return feeds[0]
}

// subscribed gives the feed's subscription, or none.
func (b *bench) subscribed() (s news.Subscription) {
	b.t.Helper()
	subs, err := b.Subscriptions(b.ctx, b.src.ID)
	b.must(err)
	if len(subs) > 0 {
		s = subs[0]
	}
	return s
}

// askHub leases the hub, asks it for all that is due, and gives what it was asked.
func (b *bench) askHub(base string, a HubAnswer) (asked []news.Subscription) {
	b.t.Helper()
	l, ok, err := b.LeaseNamed(b.ctx, "hub.example.org", MaxLease)
	b.must(err)
	if !ok {
		b.t.Fatal("the hub is leased")
	}
	w, err := b.Due(b.ctx, l, 10)
	b.must(err)
	for _, s := range w.Subscriptions {
		s, ok, err := b.AskHub(b.ctx, l, s.ID, base)
		b.must(err)
		if ok {
			asked = append(asked, s)
			b.must(b.HubAnswered(b.ctx, l, s, a))
		}
	}
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	return asked
}

func (b *bench) confirm(token, mode, topic string, lease time.Duration) bool {
	b.t.Helper()
	ok, err := b.ConfirmHub(b.ctx, token, mode, topic, lease)
	b.must(err)
	return ok
}

// TestSubscription: the life of one, from the feed that names a hub to the end.
func TestSubscription(t *testing.T) {
	b := newBench(t)
	b.names("", "", testBase)
	if s := b.subscribed(); s.ID != 0 {
		t.Errorf("of a feed without a hub: %+v", s)
	}
	b.names(testHub, testTopic, "")
	if s := b.subscribed(); s.ID != 0 {
		t.Errorf("without a base: %+v", s)
	}
	b.names(testHub, testTopic, testBase)
	s := b.subscribed()
	if s.State != news.Asked || s.Hub != testHub || s.Topic != testTopic || !s.Due.Equal(b.clock.t) || len(s.Token) < 26 || len(s.Secret) < 26 || !strings.HasSuffix(s.Callback(), "/websub/"+s.Token) {
		t.Errorf("new: %+v", s)
	}
	if next, ok, err := b.NextReady(b.ctx); err != nil || !ok || next.After(b.clock.t) {
		t.Errorf("the hub is ready at %v, %v %v", next, ok, err)
	}
	if b.confirm(s.Token, "subscribe", testTopic, time.Hour) {
		t.Error("confirmed before it was asked")
	}
	if asked := b.askHub(testBase, HubAnswer{Due: b.clock.t.Add(time.Hour)}); len(asked) != 1 || asked[0].Tries != 1 {
		t.Errorf("asked %+v", asked)
	}
	b.names(testHub, testTopic, testBase)
	if again := b.subscribed(); again.ID != s.ID || !again.Due.Equal(b.clock.t.Add(time.Hour)) {
		t.Errorf("named again: %+v", again)
	}
	for _, wrong := range [][3]string{{"x", "subscribe", testTopic}, {s.Token, "unsubscribe", testTopic}, {s.Token, "subscribe", testTopic + "/"}, {s.Token, "", testTopic}} {
		if b.confirm(wrong[0], wrong[1], wrong[2], time.Hour) {
			t.Errorf("confirmed by %v", wrong)
		}
	}
	now := b.clock.pass(news.ConfirmTime)
	if !b.confirm(s.Token, "subscribe", testTopic, 10*time.Hour) {
		t.Error("not confirmed in time")
	}
	s = b.subscribed()
	if s.State != news.Verified || s.Tries != 0 || !s.Since.Equal(now) || !s.Expires.Equal(now.Add(10*time.Hour)) || !s.Due.Equal(now.Add(8*time.Hour)) || !s.Active(now) {
		t.Errorf("confirmed: %+v", s)
	}
	b.clock.pass(time.Microsecond)
	if b.confirm(s.Token, "subscribe", testTopic, time.Hour) {
		t.Error("confirmed after too long")
	}
	b.clock.t = s.Due
	b.askHub(testBase, HubAnswer{Reason: "HTTP 500", Due: b.clock.t.Add(time.Hour)})
	if s = b.subscribed(); s.State != news.Verified || s.Reason != "HTTP 500" || s.Failing() != 1 || !s.Since.Equal(now) {
		t.Errorf("renewal that failed: %+v", s)
	}
	if !b.confirm(s.Token, "subscribe", testTopic, 10*time.Hour) { // it came all the same
		t.Error("renewal not confirmed")
	}
	if s = b.subscribed(); !s.Since.Equal(now) || s.Reason != "" || !s.Expires.Equal(b.clock.t.Add(10*time.Hour)) {
		t.Errorf("renewed: %+v", s)
	}
	if ok, err := b.DenyHub(b.ctx, s.Token, testTopic, strings.Repeat("ü", news.MaxHubReason)); err != nil || !ok {
		t.Errorf("denied: %v %v", ok, err)
	}
	if s = b.subscribed(); s.State != news.Denied || s.Active(b.clock.t) || len(s.Reason) != news.MaxHubReason || !s.Due.Equal(b.clock.t.Add(news.LeaseAsked)) {
		t.Errorf("denied: %+v", s)
	}
	b.clock.pass(news.LeaseAsked)
	if asked := b.askHub(testBase, HubAnswer{}); len(asked) != 1 || asked[0].State != news.Asked {
		t.Errorf("asked after it was denied: %+v", asked)
	}
	if r, err := b.Verify(b.ctx, nil); err != nil || len(r.Problems) > 0 {
		t.Errorf("%v %v", r.Problems, err)
	}
}

// TestConfirmedBeforeTheAnswer: a hub may verify before it has answered; what it
// says then stands.
func TestConfirmedBeforeTheAnswer(t *testing.T) {
	b := newBench(t)
	b.names(testHub, testTopic, testBase)
	l, _, err := b.LeaseNamed(b.ctx, "hub.example.org", MaxLease)
	b.must(err)
	s, ok, err := b.AskHub(b.ctx, l, b.subscribed().ID, testBase)
	if err != nil || !ok || !b.confirm(s.Token, "subscribe", testTopic, time.Hour) {
		t.Fatalf("%v %v", ok, err)
	}
	want := b.subscribed()
	b.must(b.HubAnswered(b.ctx, l, s, HubAnswer{Reason: "time-out", Due: b.clock.t}))
	equal(t, "subscription", b.subscribed(), want)
	b.clock.pass(MaxLease + time.Second)
	if _, ok, err := b.LeaseNamed(b.ctx, "hub.example.org", MaxLease); err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	if _, _, err := b.AskHub(b.ctx, l, s.ID, testBase); !errors.Is(err, ErrLeaseLost) {
		t.Errorf("asked without the lease: %v", err)
	}
	if err := b.HubAnswered(b.ctx, l, s, HubAnswer{}); !errors.Is(err, ErrLeaseLost) {
		t.Errorf("answered without the lease: %v", err)
	}
}

// TestSubscriptionGivenUp: what ends one, and what is asked of the hub then.
func TestSubscriptionGivenUp(t *testing.T) {
	for name, end := range map[string]func(b *bench){
		"feed removed":     func(b *bench) { b.must(b.RemoveFeed(b.ctx, b.feed.ID)) },
		"feed paused":      func(b *bench) { b.must(b.PauseFeed(b.ctx, b.feed.ID, true)) },
		"no hub any more":  func(b *bench) { b.names("", "", testBase) },
		"another hub":      func(b *bench) { b.names("https://other.example.org/", testTopic, testBase) },
		"another topic":    func(b *bench) { b.names(testHub, testTopic+"2", testBase) },
		"another base":     func(b *bench) { b.names(testHub, testTopic, "https://new.example.org") },
		"no base any more": func(b *bench) { b.names(testHub, testTopic, "") },
		"no base any more when it is due": func(b *bench) {
			b.clock.t = b.subscribed().Due
			if asked := b.askHub("", HubAnswer{Due: b.clock.t.Add(time.Hour)}); len(asked) != 1 || asked[0].Mode() != "unsubscribe" {
				b.t.Errorf("asked %+v", asked)
			}
			b.clock.pass(time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.names(testHub, testTopic, testBase)
			b.askHub(testBase, HubAnswer{Due: b.clock.t.Add(time.Hour)})
			old := b.subscribed()
			if !b.confirm(old.Token, "subscribe", testTopic, time.Hour) {
				t.Fatal("not confirmed")
			}
			b.clock.pass(time.Minute)
			end(b)
			if s := b.subscribed(); s.Token == old.Token {
				t.Errorf("the feed still has it: %+v", s)
			}
			if b.confirm(old.Token, "subscribe", testTopic, time.Hour) {
				t.Error("the old subscription was confirmed again")
			}
			if err := b.Pushed(b.ctx, old.Token); !errors.Is(err, ErrNotFound) {
				t.Errorf("a push: %v", err)
			}
			var left *news.Subscription
			for _, s := range b.askHub("", HubAnswer{Due: b.clock.t.Add(time.Hour)}) {
				if s.Token == old.Token {
					left = &s
				}
			}
			if left == nil || left.Mode() != "unsubscribe" || left.FeedID != 0 {
				t.Fatalf("asked for %+v", left)
			}
			if !b.confirm(old.Token, "unsubscribe", testTopic, time.Hour) {
				t.Error("the end was not confirmed")
			}
			if _, err := b.Subscription(b.ctx, old.Token); !errors.Is(err, ErrNotFound) {
				t.Errorf("still there: %v", err)
			}
		})
	}
	b := newBench(t)
	b.names(testHub, testTopic, testBase)
	b.must(b.RemoveFeed(b.ctx, b.feed.ID))
	if asked := b.askHub(testBase, HubAnswer{}); len(asked) != 0 {
		t.Errorf("a hub that was never asked is asked to stop: %+v", asked)
	}
	b = newBench(t)
	b.names(testHub, testTopic, testBase)
	if asked := b.askHub("", HubAnswer{}); len(asked) != 0 || b.subscribed().ID != 0 {
		t.Errorf("a hub that was never asked is asked without a base: %+v", asked)
	}
	b = newBench(t)
	b.names(testHub, testTopic, testBase)
	b.askHub(testBase, HubAnswer{})
	b.must(b.RemoveFeed(b.ctx, b.feed.ID))
	if asked := b.askHub(testBase, HubAnswer{Drop: true}); len(asked) != 1 {
		t.Errorf("asked %+v", asked)
	}
	if asked := b.askHub(testBase, HubAnswer{}); len(asked) != 0 {
		t.Errorf("asked after it was dropped: %+v", asked)
	}
}

// TestPushed: a push makes the feed due, not more often than WakeGap, less often
// while the feed fails; and one that comes during a visit is not forgotten.
func TestPushed(t *testing.T) {
	b := newBench(t)
	b.names(testHub, testTopic, testBase)
	token := b.subscribed().Token
	push := func() news.Feed {
		t.Helper()
		b.must(b.Pushed(b.ctx, token))
		return b.theFeed()
	}
	now := b.clock.pass(time.Second)
	if f := push(); !f.Due.Equal(now) || !f.Pushed {
		t.Errorf("after a push: due %v, %v", f.Due, f.Pushed)
	}
	if next, _, err := b.NextReady(b.ctx); err != nil || next.After(now) {
		t.Errorf("the host of the feed is ready at %v: %v", next, err)
	}
	b.clock.pass(time.Second)
	b.names(testHub, testTopic, testBase)
	if f := b.theFeed(); f.Pushed || f.Due.Before(b.clock.t.Add(time.Hour)) {
		t.Errorf("after the visit: due %v, %v", f.Due, f.Pushed)
	}
	for range 3 {
		b.clock.pass(time.Second)
		if f := push(); !f.Due.Equal(now.Add(news.WakeGap)) {
			t.Errorf("soon after another: due %v", f.Due.Sub(now))
		}
	}
	s := b.subscribed()
	if s.Pushes != 4 || !s.PushedAt.Equal(b.clock.t) {
		t.Errorf("memory of pushes: %+v", s)
	}

	// A visit that began before the push, and one that failed.
	l, f := b.lease(), b.theFeed()
	b.clock.pass(10 * time.Minute)
	began := b.clock.t
	b.clock.pass(time.Second)
	now = b.clock.t
	push()
	f.LastOutcome, f.Due = news.OK, now.Add(time.Hour)
	_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f, Began: began, PushBase: testBase})
	b.must(err)
	if f := b.theFeed(); !f.Pushed || f.Due.After(now.Add(news.WakeGap)) {
		t.Errorf("a push during a visit: due %v, %v", f.Due, f.Pushed)
	}
	b.clock.pass(10 * time.Minute)
	f.LastOutcome, f.Failures, f.Due = news.Failed, 3, b.clock.t.Add(6*time.Hour)
	_, err = b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f, Began: b.clock.t, PushBase: testBase})
	b.must(err)
	b.must(b.Pushed(b.ctx, token))
	woken := b.subscribed().WokenAt
	b.must(b.Pushed(b.ctx, token))
	if f := b.theFeed(); !f.Pushed || !f.Due.Equal(woken) {
		t.Errorf("after a failure: due %v, woken %v", f.Due, woken)
	}
	f.Due = b.clock.t.Add(6 * time.Hour)
	_, err = b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f, Began: b.clock.t, PushBase: testBase})
	b.must(err)
	if f := push(); !f.Due.Equal(woken.Add(8 * news.WakeGap)) {
		t.Errorf("after three failures: due %v after the last wake", f.Due.Sub(woken))
	}

	b.must(b.PauseFeed(b.ctx, b.feed.ID, true))
	if err := b.Pushed(b.ctx, token); !errors.Is(err, ErrNotFound) || !b.theFeed().Due.IsZero() {
		t.Errorf("a paused feed: %v, due %v", err, b.theFeed().Due)
	}
}
