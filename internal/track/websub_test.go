package track

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/web"
)

// A hub is a real one on loopback, beside the pages of the instance, which are
// served for real, too. What it does later happens when the pipeline sleeps.
type hub struct {
	*world
	server, pages *httptest.Server
	answer        func(h *hub, w http.ResponseWriter, form url.Values)
	lease         int // seconds that it grants
	asked         []string
	forms         []url.Values
	events        []event
}

type event struct {
	at time.Time
	do func()
}

func newHub(t *testing.T) *hub {
	h := &hub{world: newWorld(t), lease: 864000, answer: verifySoon}
	h.server = httptest.NewServer(http.HandlerFunc(h.serve))
	t.Cleanup(h.server.Close)
	site, err := web.New(web.Options{Store: h.store, Now: h.Now, Log: slog.New(slog.NewTextHandler(logTo{h.world}, nil))})
	if err != nil {
		t.Fatal(err)
	}
	h.pages = httptest.NewServer(site.Handler())
	t.Cleanup(h.pages.Close)
	return h
}

// serve takes requests of subscribers.
func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != "POST" || r.URL.Path != "/hub" {
		h.t.Errorf("the hub was asked for %s %s: %v", r.Method, r.URL, err)
	}
	h.asked = append(h.asked, h.Now().Format("15:04:05 ")+r.PostForm.Get("hub.mode"))
	h.forms = append(h.forms, r.PostForm)
	h.answer(h, w, r.PostForm)
}

// verifySoon accepts, and verifies five seconds later.
func verifySoon(h *hub, w http.ResponseWriter, form url.Values) {
	h.later(5*time.Second, func() { h.verifies(form) })
	w.WriteHeader(http.StatusAccepted)
}

// verifies asks the callback whether the form was its own.
func (h *hub) verifies(form url.Values) bool {
	q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {"c<3"}, "hub.lease_seconds": {fmt.Sprint(h.lease)}}
	status, body := h.calls("GET", form.Get("hub.callback")+"?"+q.Encode(), nil, "")
	return status == 200 && body == "c<3"
}

// pushes distributes content, signed.
func (h *hub) pushes(method string, sum func() hash.Hash, secret string) int {
	body := []byte(`<rss version="2.0"><channel><item><title>Forged</title><link>` + h.url + `/forged</link></item></channel></rss>`)
	mac := hmac.New(sum, []byte(secret))
	mac.Write(body)
	signature := ""
	if method != "" {
		signature = method + "=" + hex.EncodeToString(mac.Sum(nil))
	}
	status, _ := h.calls("POST", h.last().Get("hub.callback"), body, signature)
	return status
}

// last is the last form that the hub got.
func (h *hub) last() url.Values {
	if len(h.forms) == 0 {
		h.t.Fatal("the hub was never asked")
	}
	return h.forms[len(h.forms)-1]
}

func (h *hub) calls(method, to string, body []byte, signature string) (int, string) {
	r, err := http.NewRequest(method, to, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if signature != "" {
		r.Header.Set("X-Hub-Signature", signature)
	}
	resp, err := h.server.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.StatusCode, string(got)
}

// later does something when so much time has passed.
func (h *hub) later(d time.Duration, do func()) {
	h.events = append(h.events, event{h.Now().Add(d), do})
}

// idle is the sleep of a pipeline with nothing to do: what happens meanwhile wakes it.
func (h *hub) idle(ctx context.Context, d time.Duration) error {
	slices.SortStableFunc(h.events, func(a, b event) int { return a.at.Compare(b.at) })
	if len(h.events) > 0 && !h.events[0].at.After(h.Now().Add(d)) {
		e := h.events[0]
		h.events = h.events[1:]
		err := h.Sleep(ctx, max(e.at.Sub(h.Now()), 0))
		if err == nil {
			e.do()
		}
		return err
	}
	return h.Sleep(ctx, d)
}

// pipeline builds it with hubs that can reach base.
func (h *hub) pipeline(base string, policy schedule.Policy) *Tracker {
	h.t.Helper()
	var allow []crawl.AllowNet
	for _, s := range []string{h.url, h.server.URL} {
		u, err := url.Parse(s)
		if err != nil {
			h.t.Fatal(err)
		}
		list, err := crawl.ParseAllowNet(u.Hostname() + "/32:" + u.Port())
		if err != nil {
			h.t.Fatal(err)
		}
		allow = append(allow, list...)
	}
	log := slog.New(slog.NewTextHandler(logTo{h.world}, nil))
	client, err := crawl.New(crawl.Options{Allow: allow, Now: h.Now, Sleep: h.Sleep, Log: log})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(client.Close)
	tr, err := New(Options{Store: h.store, Client: client, Policy: policy, PushBase: base, FeedPeriod: 30 * time.Minute, Workers: 1, Now: h.Now, Sleep: h.idle, Idle: time.Hour, Log: log})
	if err != nil {
		h.t.Fatal(err)
	}
	return tr
}

// feeds an article that is edited at the given time, with a feed that names the hub.
func (h *hub) edits(edited time.Duration) {
	h.page("/rss", func(_ int, at time.Duration) reply {
		updated := morning.Add(-time.Hour)
		if at >= edited {
			updated = morning.Add(edited)
		}
		return reply{body: fmt.Sprintf(`<feed xmlns="http://www.w3.org/2005/Atom"><title>The Lindhaven Post</title><link rel="hub" href="%s/hub"/><link rel="self" href="%s/rss"/>
<entry><title>Bridge</title><link href="%s/bridge"/><id>b</id><updated>%s</updated></entry></feed>`, h.server.URL, h.url, h.url, updated.Format(time.RFC3339))}
	})
	h.page("/bridge", func(_ int, at time.Duration) reply {
		if at >= edited {
			return reply{body: story("Bridge closes on Tuesday")}
		}
		return reply{body: story("Bridge closes on Monday")}
	})
	h.ask("/rss")
}

// visits are the times at which a path was asked for.
func (h *hub) visits(path string) (at []time.Duration) {
	for _, line := range h.log {
		clock, asked, _ := strings.Cut(line, " ")
		when, err := time.Parse("15:04:05", clock)
		if err != nil {
			h.t.Fatal(err)
		}
		if asked == path {
			at = append(at, time.Duration(when.Hour()-morning.Hour())*time.Hour+time.Duration(when.Minute())*time.Minute+time.Duration(when.Second())*time.Second)
		}
	}
	return at
}

// after is the first of some times that is not before one.
func after(times []time.Duration, t time.Duration) time.Duration {
	for _, at := range times {
		if at >= t {
			return at
		}
	}
	return 1000 * time.Hour
}

func (h *hub) subscription() (s news.Subscription) {
	h.t.Helper()
	subs, err := h.store.Subscriptions(h.t.Context(), 0)
	if err != nil || len(subs) > 1 {
		h.t.Fatalf("%d subscriptions, %v", len(subs), err)
	}
	if len(subs) == 1 {
		s = subs[0]
	}
	return s
}

// An edit that a hub tells of is visited within seconds, by every method of
// signing; without the hub the next poll finds it, minutes later.
func TestPushBringsVisit(t *testing.T) {
	t.Parallel()
	const edited = 33 * time.Minute
	for method, sum := range map[string]func() hash.Hash{"": nil, "sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "SHA512": sha512.New} {
		t.Run("by "+method, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.edits(edited)
			base := h.pages.URL
			if sum == nil {
				base = ""
			}
			tr := h.pipeline(base, schedule.Every(24*time.Hour))
			if sum != nil {
				h.later(edited+time.Second, func() {
					if status := h.pushes(method, sum, h.last().Get("hub.secret")); status != http.StatusAccepted {
						t.Errorf("a push was answered with %d", status)
					}
				})
			}
			h.run(tr, 90*time.Minute)
			late := after(h.visits("/bridge"), edited) - edited
			if sum == nil && (late < 20*time.Minute || len(h.asked) > 0) || sum != nil && late > 10*time.Second {
				t.Errorf("visited %v after the edit, asked %v, hub %v", late, h.log, h.asked)
			}
			h.expect("version 0", "version 1")
			if h.articles()[0] != "/bridge" || len(h.articles()) != 1 {
				t.Errorf("what was pushed was believed: %v", h.articles())
			}
			if s := h.subscription(); sum != nil && (s.Pushes != 1 || !s.Active(h.Now()) || h.feeds()["/rss"].Pushed) {
				t.Errorf("subscription: %+v", s)
			}
		})
	}
}

// What a push brought bears its channel: the policy learns how true it is.
func TestPushIsAChannel(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.edits(33 * time.Minute)
	policy := schedule.NewLearned()
	tr := h.pipeline(h.pages.URL, policy)
	h.later(33*time.Minute, func() { h.pushes("sha256", sha256.New, h.last().Get("hub.secret")) })
	h.run(tr, 50*time.Minute)
	source := h.feeds()["/rss"].SourceID
	if push, feed := policy.Curves().Truth(source, schedule.Pushed), policy.Curves().Truth(source, schedule.FeedUpdated); push <= .5 || feed != .5 {
		t.Errorf("truth of pushes %v, of feeds %v; asked %v", push, feed, h.log)
	}
}

// What is not signed with the secret of the subscription does nothing, and is
// answered like what is.
func TestPushForged(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.edits(time.Minute)
	tr := h.pipeline(h.pages.URL, schedule.Every(24*time.Hour))
	for i, sign := range []struct{ method, secret string }{{"sha256", "guess"}, {"", ""}, {"md5", "guess"}, {"sha256", ""}, {"sha1=sha256", "guess"}} {
		h.later(time.Duration(i+3)*time.Minute, func() {
			if status := h.pushes(sign.method, sha256.New, sign.secret); status/100 != 2 {
				t.Errorf("%v was answered with %d", sign, status)
			}
		})
	}
	h.later(10*time.Minute, func() { // a right signature of another method
		if status := h.pushes("sha512", sha256.New, h.last().Get("hub.secret")); status/100 != 2 {
			t.Errorf("answered with %d", status)
		}
	})
	h.run(tr, 20*time.Minute)
	if n := len(h.visits("/rss")); n != 1 || h.subscription().Pushes != 0 || h.feeds()["/rss"].Pushed {
		t.Errorf("%d polls, %+v", n, h.subscription())
	}
}

// A hub is asked anew when a fifth of its lease is left; one that grants a lease
// of a second, no more often than MinRenewal.
func TestHubLease(t *testing.T) {
	t.Parallel()
	for lease, want := range map[int]string{
		1500: "06:00:04 subscribe, 06:20:09 subscribe, 06:40:14 subscribe",
		1:    "06:00:04 subscribe, 06:10:09 subscribe, 06:20:14 subscribe, 06:30:19 subscribe, 06:40:24 subscribe, 06:50:29 subscribe",
	} {
		h := newHub(t)
		h.lease = lease
		h.edits(24 * time.Hour)
		h.run(h.pipeline(h.pages.URL, schedule.Every(24*time.Hour)), 55*time.Minute)
		if got := strings.Join(h.asked, ", "); got != want {
			t.Errorf("lease of %d s: %s", lease, got)
		}
		if s := h.subscription(); lease > 1 && (s.Since.Sub(morning) > time.Minute || !s.Active(h.Now())) {
			t.Errorf("lease of %d s: %+v", lease, s)
		}
		if f := h.last(); f.Get("hub.lease_seconds") != "864000" || len(f.Get("hub.secret")) < 26 || f.Get("hub.topic") != h.url+"/rss" {
			t.Errorf("the hub was asked %v", f)
		}
	}
}

// Hubs that fail, say nothing more, or say no are asked ever more rarely, and the
// feed goes on at its own pace.
func TestHubFails(t *testing.T) {
	t.Parallel()
	backOff := "06:00 07:00 09:00 13:00 19:00"
	for name, tt := range map[string]struct {
		answer  func(h *hub, w http.ResponseWriter, form url.Values)
		asked   string
		state   news.SubscriptionState
		failing int
		reason  string
	}{
		"500": {func(_ *hub, w http.ResponseWriter, _ url.Values) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, "out of\n ink")
		}, backOff, news.Asked, 5, "HTTP 500 out of ink"},
		"never verifies": {func(_ *hub, w http.ResponseWriter, _ url.Values) { w.WriteHeader(http.StatusAccepted) }, backOff, news.Asked, 4, ""},
		"says no": {func(h *hub, w http.ResponseWriter, form url.Values) {
			h.later(time.Minute, func() {
				q := url.Values{"hub.mode": {"denied"}, "hub.topic": form["hub.topic"], "hub.reason": {"not\nfor you"}}
				if status, _ := h.calls("GET", form.Get("hub.callback")+"?"+q.Encode(), nil, ""); status != 200 {
					h.t.Errorf("denial answered with %d", status)
				}
			})
			w.WriteHeader(http.StatusAccepted)
		}, "06:00", news.Denied, 0, "the hub refuses: not for you"},
		"verifies what was not asked": {func(h *hub, w http.ResponseWriter, form url.Values) {
			h.later(time.Minute, func() {
				form.Set("hub.topic", form.Get("hub.topic")+"?x")
				if h.verifies(form) {
					h.t.Error("another topic was verified")
				}
			})
			w.WriteHeader(http.StatusAccepted)
		}, backOff, news.Asked, 4, ""},
		"asks for rest": {func(_ *hub, w http.ResponseWriter, _ url.Values) {
			w.Header().Set("Retry-After", "14400")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "06:00 10:00 14:00 18:00", news.Asked, 4, "HTTP 429"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.answer = tt.answer
			h.edits(24 * time.Hour)
			h.run(h.pipeline(h.pages.URL, schedule.Every(24*time.Hour)), 14*time.Hour)
			var asked []string
			for _, a := range h.asked {
				asked = append(asked, a[:5])
			}
			if got := strings.Join(asked, " "); got != tt.asked {
				t.Errorf("asked at %s", got)
			}
			if s := h.subscription(); s.State != tt.state || s.Failing() != tt.failing || s.Reason != tt.reason {
				t.Errorf("subscription: %+v, %d failed", s, s.Failing())
			}
			if n := len(h.visits("/rss")); n < 25 {
				t.Errorf("%d polls", n)
			}
		})
	}
}

// A feed that is removed is unsubscribed from; a hub that does not confirm it is
// not asked for ever, and learns it when it pushes.
func TestHubLeft(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"confirms": "subscribe unsubscribe", "is silent": "subscribe unsubscribe unsubscribe unsubscribe"} {
		h := newHub(t)
		h.edits(24 * time.Hour)
		tr := h.pipeline(h.pages.URL, schedule.Every(24*time.Hour))
		h.run(tr, time.Minute)
		if name == "is silent" {
			h.answer = func(_ *hub, w http.ResponseWriter, _ url.Values) { w.WriteHeader(http.StatusAccepted) }
		}
		secret := h.last().Get("hub.secret")
		if err := h.store.RemoveFeed(t.Context(), h.feeds()["/rss"].ID); err != nil {
			t.Fatal(err)
		}
		h.run(tr, 12*time.Hour)
		var modes []string
		for _, f := range h.forms {
			modes = append(modes, f.Get("hub.mode"))
		}
		if got := strings.Join(modes, " "); got != want {
			t.Errorf("a hub that %s was asked to %s", name, got)
		}
		if status := h.pushes("sha1", sha1.New, secret); status != http.StatusGone {
			t.Errorf("a late push was answered with %d", status)
		}
		if h.verifies(h.last()) {
			t.Error("verified once more")
		}
	}
}

// A hub in a network that may not be visited is not asked.
func TestHubBehindTheGuard(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.edits(24 * time.Hour)
	public := h.server.URL
	h.server.URL = "http://127.0.0.1:1" // for the list of what may be visited
	tr := h.pipeline(h.pages.URL, schedule.Every(24*time.Hour))
	h.server.URL = public
	h.run(tr, time.Hour)
	if s := h.subscription(); len(h.asked) > 0 || s.Failing() != 1 || !strings.Contains(s.Reason, "not a public address") {
		t.Errorf("asked %v: %+v", h.asked, s)
	}
}
