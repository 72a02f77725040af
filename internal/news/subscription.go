package news

import (
	"net/url"
	"strings"
	"time"
)

// Times of subscriptions (W3C WebSub).
const (
	LeaseAsked   = 10 * 24 * time.Hour  // for which a hub is asked to push
	MaxGranted   = 365 * 24 * time.Hour // longest lease of a hub that is believed
	MinRenewal   = 10 * time.Minute     // a lease is renewed no sooner, however short
	ConfirmTime  = 24 * time.Hour       // a hub may confirm what it was asked for so long
	WakeGap      = time.Minute          // between two visits to a feed for which a push is the reason
	MaxHubReason = 300                  // bytes of a hub's reason that are kept
)

// CallbackPath is where hubs push to, below the public address of the instance;
// a token follows, which nobody can guess.
const CallbackPath = "/websub/"

// A SubscriptionState is where a subscription stands.
type SubscriptionState string

// The states of a subscription.
const (
	Asked    SubscriptionState = "asked"    // the hub is asked, or about to be, and has not confirmed it
	Verified SubscriptionState = "verified" // the hub has confirmed it; it pushes until the lease ends
	Denied   SubscriptionState = "denied"   // the hub has refused it, or ended it
	Leaving  SubscriptionState = "leaving"  // it is being given up; its feed does not know it any more
)

// A Subscription is a feed's at the hub that it names: the hub pushes to its
// callback when the feed has changed, and the feed is visited then.
type Subscription struct {
	ID     int64
	FeedID int64 // 0 when it is Leaving
	Hub    string
	Topic  string // the feed's address by its own word
	Base   string // public address of this instance that the hub was given, without path
	Token  string // the last part of the callback
	Secret string // with which the hub signs
	State  SubscriptionState
	Due    time.Time // next request to the hub; zero = none
	Tries  int       // requests since the hub last confirmed one
	Reason string    // why the last one failed, or was refused

	AskedAt    time.Time // last request; zero = never
	VerifiedAt time.Time // last confirmation
	Since      time.Time // pushes have been promised since then, without a gap; zero = they are not
	Expires    time.Time // end of the lease
	Pushes     int       // well signed, so far
	PushedAt   time.Time // the last of them
	WokenAt    time.Time // when the feed was last made due by one; may lie ahead
}

// Callback is the address that the hub is given.
func (s Subscription) Callback() string { return s.Base + CallbackPath + s.Token }

// Mode is what the hub is asked for: hub.mode.
func (s Subscription) Mode() string {
	if s.State == Leaving {
		return "unsubscribe"
	}
	return "subscribe"
}

// Confirms reports whether a hub that verifies our intent speaks of what we
// asked it for not long ago.
func (s Subscription) Confirms(mode, topic string, now time.Time) bool {
	age := now.Sub(s.AskedAt)
	return mode == s.Mode() && topic == s.Topic && s.State != Denied && !s.AskedAt.IsZero() && age >= 0 && age <= ConfirmTime
}

// Active reports whether the hub has promised to push now.
func (s Subscription) Active(now time.Time) bool {
	return s.State == Verified && now.Before(s.Expires)
}

// Failing is how many requests the hub has not confirmed, the last aside unless
// it failed itself.
func (s Subscription) Failing() int {
	if s.Reason == "" {
		return max(0, s.Tries-1)
	}
	return s.Tries
}

// Renewal is how long after its confirmation a lease is asked for anew: when a
// fifth of it is left.
func Renewal(lease time.Duration) time.Duration { return max(lease/5*4, MinRenewal) }

// Granted is the lease by a hub's word: what was asked for when the word is none
// that can be meant, and at most MaxGranted.
func Granted(lease time.Duration) time.Duration {
	if lease <= 0 {
		return LeaseAsked
	}
	return min(lease, MaxGranted)
}

// Wake is when a push that came now may make the feed due: at once, but no sooner
// than WakeGap after the last, doubled for each of the feed's failures in a row.
func (s Subscription) Wake(now time.Time, failures int) time.Time {
	last := s.WokenAt
	if last.After(now) {
		last = now // planned, or set ahead by a wrong clock
	}
	if next := last.Add(WakeGap << min(max(failures, 0), 8)); next.After(now) && !s.WokenAt.IsZero() {
		return next
	}
	return now
}

// CheckHub reports whether a hub and a topic can be subscribed to: web addresses
// of at most MaxAddress bytes. It gives the host of the hub, as Address has it.
func CheckHub(hub, topic string) (host string, ok bool) {
	a, err := ParseAddress(hub, nil)
	if err != nil || len(hub) > MaxAddress || len(topic) > MaxAddress {
		return "", false
	}
	u, err := url.Parse(topic)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return "", false
	}
	return a.Host, true
}
