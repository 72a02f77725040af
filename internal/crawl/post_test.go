package crawl

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestPost: a form arrives as it was given, by the pace of the host, whatever
// robots.txt says, and is not carried on by redirects that would lose it.
func TestPost(t *testing.T) {
	var asked, forms atomic.Int32
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.FormValue("a") != "ü&1" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s %v %v", r.Method, r.Form, r.Header)
		}
		forms.Add(1)
		w.WriteHeader(202)
		io.WriteString(w, strings.Repeat("thanks ", MaxAnswer))
	})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/robots.txt":
			io.WriteString(w, "User-agent: *\nDisallow: /\n")
		case "/307", "/308", "/301", "/302", "/303":
			w.Header().Set("Location", other.URL)
			w.WriteHeader(int(r.URL.Path[1]-'0')*100 + int(r.URL.Path[3]-'0'))
		default:
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(503)
			io.WriteString(w, "not now")
		}
	})
	c, k := newTestClient(t, Options{}, testTimes, addr(s), addr(other))
	post := func(path string, want Failure, status int) Fetch {
		t.Helper()
		f, err := c.Post(t.Context(), s.URL+path, url.Values{"a": {"ü&1"}})
		if err != nil || f.Failure != want || f.Status != status {
			t.Errorf("%s: %d %q %s %v", path, f.Status, f.Failure, f.Reason, err)
		}
		return f
	}
	for path, status := range map[string]int{"/301": 301, "/302": 302, "/303": 303} {
		post(path, FailRedirects, status)
	}
	if forms.Load() != 0 {
		t.Error("a redirect made another request of the form")
	}
	if f := post("/307", "", 202); len(f.Body) != MaxAnswer || len(f.Hops) != 1 {
		t.Errorf("%d bytes after %d hops", len(f.Body), len(f.Hops))
	}
	post("/308", "", 202)
	if slept := k.sleeps(); len(slept) != 4 || slept[0] != DefaultPace {
		t.Errorf("slept %v", slept)
	}
	if f := post("/busy", "", 503); string(f.Body) != "not now" || f.NotBefore.Sub(k.now()) != 2*time.Minute {
		t.Errorf("%q until %v", f.Body, f.NotBefore)
	}
	before := asked.Load()
	post("/busy", FailRate, 0)
	if asked.Load() != before || forms.Load() != 2 {
		t.Errorf("%d requests of a host at rest, %d forms", asked.Load()-before, forms.Load())
	}
}

// TestPostRefused: what is never sent.
func TestPostRefused(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	c, _ := newTestClient(t, Options{}, testTimes)
	form := url.Values{"a": {"1"}}
	if f, err := c.Post(t.Context(), s.URL, form); err != nil || f.Failure != FailAddress {
		t.Errorf("a private address: %q, %v", f.Failure, err)
	}
	if f, err := c.Post(t.Context(), "gopher://hub.example.org/", form); err != nil || f.Failure != FailURL {
		t.Errorf("another scheme: %q, %v", f.Failure, err)
	}
	if _, err := c.Post(t.Context(), s.URL, nil); err == nil {
		t.Error("an empty form: no error")
	}
}
