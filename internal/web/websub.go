package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
)

// The callback of subscriptions: what a hub of WebSub (W3C Recommendation of 23
// January 2018) sends us. It only writes rows; the crawling process asks hubs and
// visits feeds. Whatever a push holds is thrown away: the feed itself is fetched.
const pushRoute = "/websub/{token}"

// MaxChallenge is the longest challenge that is sent back, in bytes.
const MaxChallenge = 1024

// limitBody limits the body of every request.
func limitBody(next http.Handler) http.Handler {
	forms, pushes := http.MaxBytesHandler(next, MaxBody), http.MaxBytesHandler(next, MaxPush)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, news.CallbackPath) {
			pushes.ServeHTTP(w, r)
			return
		}
		forms.ServeHTTP(w, r)
	})
}

// confirmHub is a hub that verifies our intent (5.3), or says no (5.2). What we
// did not ask for is not found. It changes a row by GET, as the standard has it:
// only who was given the token can ask.
func (s *Site) confirmHub(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	token, q := r.PathValue("token"), r.URL.Query()
	mode, topic, challenge := q.Get("hub.mode"), q.Get("hub.topic"), q.Get("hub.challenge")
	if r.Method != http.MethodGet { // HEAD asks for nothing
		return missing("subscription")
	}
	if mode == "denied" {
		ok, err := s.store.DenyHub(r.Context(), token, topic, "the hub refuses: "+plainLine(q.Get("hub.reason")))
		if err == nil && !ok {
			err = missing("subscription")
		}
		return err
	}
	if challenge == "" || len(challenge) > MaxChallenge {
		return missing("subscription")
	}
	ok, err := s.store.ConfirmHub(r.Context(), token, mode, topic, leaseOf(q))
	if err != nil {
		return err
	}
	if !ok {
		return missing("subscription")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, challenge) // who asked may be gone
	return nil
}

// leaseOf is for how long a hub says that it will push.
func leaseOf(q url.Values) time.Duration {
	n, _ := strconv.ParseInt(q.Get("hub.lease_seconds"), 10, 64) // the nearest number when it is too large, else 0
	most := int64(news.MaxGranted / time.Second)
	return news.Granted(time.Duration(min(max(n, 0), most)) * time.Second)
}

// plainLine is a text of others on one line, without what is not seen.
func plainLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}

// push is a hub that says that a feed has changed (7). A signature that is not
// right, or not there, is answered like one that is (8.2), and does nothing; an
// unknown token is answered with 410, by which hubs learn that a subscription is
// over (7).
func (s *Site) push(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.store.Subscription(r.Context(), r.PathValue("token"))
	if isNotFound(err) || err == nil && sub.State == news.Leaving {
		return refuse(http.StatusGone, "There is no such subscription", "Nothing is pushed to this address any more.")
	}
	if err != nil {
		return err
	}
	mac, want := signature(r.Header.Get("X-Hub-Signature"), sub.Secret)
	if _, err := io.Copy(mac, r.Body); err != nil {
		return refuse(http.StatusRequestEntityTooLarge, "The body cannot be read, or is too large", "At most "+count(MaxPush)+" bytes.")
	}
	if want == nil || !hmac.Equal(mac.Sum(nil), want) {
		s.log.Info("web: push without a right signature", "topic", sub.Topic)
	} else if err := s.store.Pushed(r.Context(), sub.Token); err != nil && !isNotFound(err) {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// A watchedFeed is a feed with what is to be told of its subscription; empty =
// it has none.
type watchedFeed struct {
	news.Feed
	Push string
}

// watched lists the feeds of a source.
func (s *Site) watched(ctx context.Context, sourceID int64, now time.Time) (list []watchedFeed, err error) {
	feeds, err := s.store.Feeds(ctx, sourceID)
	if err != nil {
		return nil, err
	}
	subs, err := s.store.Subscriptions(ctx, sourceID)
	told := map[int64]string{}
	for _, sub := range subs {
		told[sub.FeedID] = pushText(sub, now)
	}
	for _, f := range feeds {
		list = append(list, watchedFeed{f, told[f.ID]})
	}
	return list, err
}

// pushText tells how a subscription fares.
func pushText(s news.Subscription, now time.Time) string {
	text := "its hub " + s.Hub
	switch {
	case s.Active(now):
		text += " promises to push, since " + date(s.Since)
	case s.State == news.Denied:
		text += " does not push"
	case s.State == news.Verified:
		text += " promised to push until " + date(s.Expires)
	default:
		text += " was asked to push"
	}
	if !s.PushedAt.IsZero() {
		text += ", last push " + ago(s.PushedAt, now)
	}
	if n := s.Failing(); n > 0 {
		text += ", " + plural(n, "request", "requests") + " failed"
	}
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return text
}

// signature reads "method=hex", and gives what computes it, and what must come of
// it; nil when there is none that can be checked. SHA-1 is among the methods, as
// the standard has it (8.1): most hubs sign with it, and as a HMAC it is not
// broken.
func signature(header, secret string) (mac hash.Hash, want []byte) {
	method, digits, _ := strings.Cut(strings.TrimSpace(header), "=")
	made := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}[strings.ToLower(method)]
	if made == nil {
		return sha256.New(), nil
	}
	want, err := hex.DecodeString(digits)
	if err != nil || len(want) == 0 {
		want = nil
	}
	return hmac.New(made, []byte(secret)), want
}
