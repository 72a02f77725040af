package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stet/internal/news"
)

// TestPushBase: which public addresses hubs are given.
func TestPushBase(t *testing.T) {
	for _, x := range []struct {
		base, allow string
		off         bool
		want        string
	}{
		{"", "", false, ""},
		{"https://stet.example.org", "", false, "https://stet.example.org"},
		{"https://stet.example.org:8443/", "", false, "https://stet.example.org:8443"},
		{"https://stet.example.org", "", true, ""},
		{"http://stet.example.org", "127.0.0.1/32:8080", false, ""},
		{"http://127.0.0.1:8080", "", false, ""},
		{"http://127.0.0.1:8080", "127.0.0.1/32:8080", false, "http://127.0.0.1:8080"},
		{"http://127.0.0.1:8080", "127.0.0.1/32:8080", true, ""},
		{"http://127.0.0.1:8080", "127.0.0.1/32:8081", false, ""},
		{"http://10.0.0.7:8080", "127.0.0.1/32:8080,10.0.0.0/8:8080", false, "http://10.0.0.7:8080"},
		{"ftp://127.0.0.1:8080", "127.0.0.1/32:8080", false, ""},
		{"https://", "", false, ""},
	} {
		if got := pushBase(serveOptions{base: x.base, noPush: x.off}, Config{AllowNet: x.allow}); got != x.want {
			t.Errorf("%+v: %q", x, got)
		}
	}
}

// TestPushRow: how a subscription is told of.
func TestPushRow(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s := news.Subscription{FeedID: 7, Hub: "https://hub.example.org/", State: news.Verified, Since: now.Add(-time.Hour), Expires: now.Add(time.Hour), Pushes: 3, PushedAt: now}
	late := s
	late.Expires, late.Tries, late.Reason = now, 2, "HTTP 500"
	for want, s := range map[string]news.Subscription{
		"pushes since":             s,
		"its lease ended at":       late,
		"2 requests failed: HTTP":  late,
		"refused: the hub refuses": {FeedID: 7, State: news.Denied, Reason: "the hub refuses: x"},
		"not confirmed yet\n":      {FeedID: 7, State: news.Asked, Tries: 1},
	} {
		var b bytes.Buffer
		pushOf([]news.Subscription{{FeedID: 6}, s}, 7, now).write(&b)
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q: want %q", b.String(), want)
		}
	}
	var b bytes.Buffer
	if pushOf([]news.Subscription{s}, 8, now).write(&b); b.Len() > 0 {
		t.Errorf("of a feed without: %q", b.String())
	}
}

// A pushing paper has a feed that names its hub, and gets a second article later.
type pushingPaper struct {
	*httptest.Server
	more  atomic.Bool
	forms chan url.Values
}

func newPushingPaper(t *testing.T) *pushingPaper {
	p := &pushingPaper{forms: make(chan url.Values, 10)}
	article := func(name string) string {
		return fmt.Sprintf(`<item><title>%[1]s</title><link>%[2]s/%[1]s</link></item>`, name, p.URL)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /rss", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", fmt.Sprintf(`<%s/hub>; rel="hub", <%s/rss>; rel="self"`, p.URL, p.URL))
		items := article("bridge")
		if p.more.Load() {
			items += article("school")
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>The Lindhaven Post</title><link>%s/</link>%s</channel></rss>`, p.URL, items)
	})
	page := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<html lang="en"><head><title>%[1]s</title></head><body><article><h1>All of the %[1]s</h1><p>The port office of Lindhaven said in a short note to the press that all would be well by Monday evening at the latest.</p>
<p>Buses will take the long way round by the mill, and the ferry will run every ten minutes from six in the morning until midnight.</p></article></body></html>`, r.URL.Path[1:])
	}
	mux.HandleFunc("GET /bridge", page)
	mux.HandleFunc("GET /school", page)
	mux.HandleFunc("POST /hub", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		p.forms <- r.PostForm
		w.WriteHeader(http.StatusAccepted)
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// TestServePushed: a server subscribes at the hub of a feed, and what is pushed is
// visited at once, where the feed's own pace is an hour.
func TestServePushed(t *testing.T) {
	paper := newPushingPaper(t)
	u, err := url.Parse(paper.URL)
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(at)
	data, base := t.TempDir(), "http://"+at
	ctx, stop := context.WithCancel(t.Context())
	talk, ended := &talkBuffer{}, make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data, "--listen", at, "--base-url", base, "--pace", "0s", "--feed-every", "1h",
			"--allow-net", u.Hostname() + "/32:" + u.Port() + ",127.0.0.1/32:" + port}, strings.NewReader(""), io.Discard, talk)
	}()
	defer func() {
		stop()
		if code := <-ended; code != exitDone {
			t.Errorf("exit code %d:\n%s", code, talk.String())
		}
	}()
	eventually(t, "the server says where it is", func() bool { return strings.Contains(talk.String(), "pages: ") })
	command := func(args ...string) string {
		t.Helper()
		var out, said bytes.Buffer
		if code := run(t.Context(), append(args, "--data", data), strings.NewReader(""), &out, &said); code != exitDone {
			t.Fatalf("stet %v: %d %s", args, code, said.String())
		}
		return out.String()
	}
	command("add", paper.URL+"/rss")
	form := <-paper.forms
	q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.lease_seconds": form["hub.lease_seconds"], "hub.challenge": {"let me in"}}
	if code, body := get(t, paper.Client(), form.Get("hub.callback")+"?"+q.Encode()); code != 200 || body != "let me in" || !strings.HasPrefix(form.Get("hub.callback"), base+"/websub/") {
		t.Fatalf("%s: %d %q", form.Get("hub.callback"), code, body)
	}
	paper.more.Store(true)
	body := "<rss/>"
	mac := hmac.New(sha256.New, []byte(form.Get("hub.secret")))
	io.WriteString(mac, body)
	r, err := http.NewRequest("POST", form.Get("hub.callback"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := paper.Client().Do(r)
	if err != nil || resp.StatusCode != http.StatusAccepted {
		t.Fatalf("%v %v", resp, err)
	}
	resp.Body.Close()
	eventually(t, "the article that was pushed is shown", func() bool {
		_, body := get(t, paper.Client(), base+"/articles")
		return strings.Contains(body, "All of the school")
	})
	key := strings.Fields(command("sources"))[0]
	if shown := command("sources", "show", key); !strings.Contains(shown, "hub "+paper.URL+"/hub: pushes since ") || !strings.Contains(shown, "; 1 so far, the last at ") {
		t.Errorf("stet sources show:\n%s", shown)
	}
	if shown := command("sources", "show", key, "--json"); !strings.Contains(shown, `"push":{"hub":"`+paper.URL+`/hub","state":"verified","active":true,"since":"`) || strings.Contains(shown, form.Get("hub.secret")) {
		t.Errorf("stet sources show --json: %s", shown)
	}
	if _, body := get(t, paper.Client(), base+"/sources/"+key); !strings.Contains(body, "its hub "+paper.URL+"/hub promises to push") {
		t.Errorf("the page of the source does not tell of the hub")
	}
}
