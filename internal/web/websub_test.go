package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// subscribed gives the courier a feed with a subscription that its hub was asked
// for just now.
func subscribed(d *desk) news.Subscription {
	d.t.Helper()
	ctx := d.t.Context()
	src, err := d.store.Source(ctx, "courier")
	d.must(err)
	f, _, err := d.store.AddFeed(ctx, news.Feed{SourceID: src.ID, URL: "https://pushed.example.org/rss"})
	d.must(err)
	lease := func(host string) store.Lease {
		d.t.Helper()
		l, ok, err := d.store.LeaseNamed(ctx, host, time.Minute)
		if d.must(err); !ok {
			d.t.Fatal("leased: " + host)
		}
		return l
	}
	f.Hub, f.Topic, f.LastOutcome, f.LastVisit, f.LastOK, f.Due = "https://hub.example.org/", "https://pushed.example.org/rss?a=b", news.OK, d.at, d.at, d.at.Add(time.Hour)
	l := lease("pushed.example.org")
	_, err = d.store.RecordFeedVisit(ctx, l, store.FeedVisit{Feed: f, Began: d.at, PushBase: "https://stet.example.org"})
	d.must(err)
	d.must(d.store.ReleaseHost(ctx, l, time.Time{}))
	l = lease("hub.example.org")
	w, err := d.store.Due(ctx, l, 1)
	d.must(err)
	s, ok, err := d.store.AskHub(ctx, l, w.Subscriptions[0].ID, "https://stet.example.org")
	if d.must(err); !ok {
		d.t.Fatal("nothing to ask for")
	}
	d.must(d.store.HubAnswered(ctx, l, s, store.HubAnswer{Due: d.at.Add(time.Hour)}))
	d.must(d.store.ReleaseHost(ctx, l, time.Time{}))
	return s
}

// verification is the address by which the hub verifies, with some changed.
func verification(s news.Subscription, changes ...string) string {
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {s.Topic}, "hub.challenge": {"<b>1"}, "hub.lease_seconds": {"3600"}}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
	}
	return "/websub/" + s.Token + "?" + q.Encode()
}

// aboutHub is the line of a page that tells of a hub.
func aboutHub(body string) string {
	for line := range strings.Lines(body) {
		if strings.Contains(line, "its hub") {
			return line
		}
	}
	return "nothing of a hub"
}

// TestConfirmHub: what a hub may verify, and what comes of it.
func TestConfirmHub(t *testing.T) {
	d := filled(t, nil)
	s := subscribed(d)
	before := dump(t, d)
	for _, p := range []string{
		"/websub/" + s.Token, "/websub/guess", strings.Replace(verification(s), s.Token, strings.ToLower(s.Token), 1),
		verification(s, "hub.mode", "unsubscribe"), verification(s, "hub.mode", ""), verification(s, "hub.topic", s.Topic+"&"), verification(s, "hub.topic", ""),
		verification(s, "hub.challenge", ""), verification(s, "hub.challenge", strings.Repeat("x", MaxChallenge+1)),
		verification(s, "hub.mode", "denied", "hub.topic", "https://x.example.org/"),
	} {
		if a := d.get(p); a.StatusCode != 404 {
			t.Errorf("%s = %d", p, a.StatusCode)
		}
	}
	if a := d.do(httptest.NewRequest("HEAD", verification(s), nil)); a.StatusCode != 404 {
		t.Errorf("HEAD = %d", a.StatusCode)
	}
	if dump(t, d) != before {
		t.Error("something changed")
	}
	challenge := strings.Repeat("é<", MaxChallenge/3)
	a := d.get(verification(s, "hub.challenge", challenge))
	if a.StatusCode != 200 || a.body != challenge || a.Header.Get("Content-Type") != "text/plain; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q %v", a.StatusCode, a.body, a.Header)
	}
	if a := d.page("/sources/courier"); !strings.Contains(a.body, "its hub https://hub.example.org/ promises to push, since 10 Mar 2026") || strings.Contains(a.body, s.Token) || strings.Contains(a.body, s.Secret) {
		t.Errorf("the page of the source: %s", aboutHub(a.body))
	}
	if a := d.get(verification(s, "hub.mode", "denied", "hub.reason", "no\r\nmore <b>")); a.StatusCode != 200 || a.body != "" {
		t.Errorf("denied: %d %q", a.StatusCode, a.body)
	}
	if a := d.page("/sources/courier"); !strings.Contains(a.body, "does not push: the hub refuses: no more &lt;b&gt;") {
		t.Errorf("the page of the source after it was denied: %s", aboutHub(a.body))
	}
}

// TestLeaseOf: what a hub grants.
func TestLeaseOf(t *testing.T) {
	most := strconv.Itoa(int(news.MaxGranted / time.Second))
	for text, want := range map[string]time.Duration{
		"": news.LeaseAsked, "0": news.LeaseAsked, "-5": news.LeaseAsked, "-99999999999999999999": news.LeaseAsked, "soon": news.LeaseAsked, "1e3": news.LeaseAsked,
		"1": time.Second, "3600": time.Hour, most: news.MaxGranted, most + "0": news.MaxGranted, "99999999999999999999": news.MaxGranted,
	} {
		if got := leaseOf(url.Values{"hub.lease_seconds": {text}}); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// pushed is a push of so many bytes, well signed.
func pushed(s news.Subscription, size int) *http.Request {
	body := strings.Repeat("x", size)
	mac := hmac.New(sha256.New, []byte(s.Secret))
	mac.Write([]byte(body))
	r := httptest.NewRequest("POST", "/websub/"+s.Token, strings.NewReader(body))
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://hub.example.org")
	return r
}

// TestPush: what is pushed and signed is counted, up to the limit; from other
// sites, which only this route lets through.
func TestPush(t *testing.T) {
	d := filled(t, nil)
	s := subscribed(d)
	pushes := func() int {
		t.Helper()
		now, err := d.store.Subscription(t.Context(), s.Token)
		d.must(err)
		return now.Pushes
	}
	for i, x := range []struct{ size, status, pushes int }{{0, 202, 1}, {MaxBody + 1, 202, 2}, {MaxPush, 202, 3}, {MaxPush + 1, 413, 3}} {
		if a := d.do(pushed(s, x.size)); a.StatusCode != x.status || pushes() != x.pushes {
			t.Errorf("%d: %d bytes = %d, %d pushes", i, x.size, a.StatusCode, pushes())
		}
	}
	for name, spoil := range map[string]func(*http.Request){
		"none":          func(r *http.Request) { r.Header.Del("X-Hub-Signature") },
		"empty":         func(r *http.Request) { r.Header.Set("X-Hub-Signature", "sha256=") },
		"no hex":        func(r *http.Request) { r.Header.Set("X-Hub-Signature", "sha256=xyz") },
		"cut":           func(r *http.Request) { r.Header.Set("X-Hub-Signature", r.Header.Get("X-Hub-Signature")[:40]) },
		"other method":  func(r *http.Request) { r.Header.Set("X-Hub-Signature", "md5="+strings.Repeat("0", 32)) },
		"of other body": func(r *http.Request) { r.Header.Set("X-Hub-Signature", pushed(s, 9).Header.Get("X-Hub-Signature")) },
	} {
		r := pushed(s, 10)
		spoil(r)
		if a := d.do(r); a.StatusCode != 202 || pushes() != 3 {
			t.Errorf("signature: %s = %d, %d pushes", name, a.StatusCode, pushes())
		}
	}
	r := pushed(s, 10)
	r.URL.Path = "/websub/guess"
	if a := d.do(r); a.StatusCode != 410 {
		t.Errorf("unknown token = %d", a.StatusCode)
	}
	for _, p := range []string{"/admin/feeds/1/remove", "/websub/" + s.Token + "/x", "/websub", "/"} {
		r := pushed(s, 10)
		r.URL.Path = p
		if a := d.do(r); a.StatusCode != 403 {
			t.Errorf("POST %s from another site = %d", p, a.StatusCode)
		}
	}
	if a := d.page("/sources/courier"); !strings.Contains(a.body, "was asked to push, last push just now") {
		t.Errorf("the page of the source: %s", aboutHub(a.body))
	}
}

// FuzzSignature: whatever a header says, only what is signed with the secret passes.
func FuzzSignature(f *testing.F) {
	f.Add("sha256=00")
	f.Add("SHA1=da39a3ee5e6b4b0d3255bfef95601890afd80709")
	f.Add(" sha512 =\xff==")
	f.Fuzz(func(t *testing.T, header string) {
		mac, want := signature(header, "secret of nobody")
		mac.Write([]byte("body"))
		if want != nil && hmac.Equal(mac.Sum(nil), want) {
			t.Fatalf("%q is a signature", header)
		}
	})
}
