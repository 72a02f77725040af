package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// talkBuffer is a buffer that may be read while a command writes to it.
type talkBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *talkBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *talkBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s: not within 30 seconds", what)
}

// smallPaper is a site with a feed of one article, and an article that is in no
// feed.
func smallPaper(t *testing.T) *httptest.Server {
	page := func(headline string) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%[1]s</title></head><body><article><h1>%[1]s</h1>
<p>The harbour bridge will close on Monday while divers inspect the piers, the port office of Lindhaven said in a short note to the press.</p>
<p>Buses will take the long way round by the mill, and the ferry will run every ten minutes from six in the morning until midnight.</p>
<p>Shopkeepers on the north bank said that they had been told of the closure by their customers, and not by the port.</p></article></body></html>`, headline)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/rss", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>The Lindhaven Post</title><link>http://%[1]s/</link><item><title>Bridge to close</title><link>http://%[1]s/bridge</link></item></channel></rss>`, r.Host)
	})
	mux.HandleFunc("/bridge", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page("Bridge to close")) })
	mux.HandleFunc("/school", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page("School to open")) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// TestServe runs the server as a user does: open the administrator's link, add
// a feed by the form and an article by the command, read the pages, stop.
func TestServe(t *testing.T) {
	paper := smallPaper(t)
	u, err := url.Parse(paper.URL)
	if err != nil {
		t.Fatal(err)
	}
	data, allow := t.TempDir(), u.Hostname()+"/32:"+u.Port()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	talk := &talkBuffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-net", allow, "--pace", "0s"}, strings.NewReader(""), io.Discard, talk)
	}()
	links := regexp.MustCompile(`pages: (http://\S+)/\n.*: (http://\S+)`)
	eventually(t, "the server says where it is", func() bool { return links.MatchString(talk.String()) })
	m := links.FindStringSubmatch(talk.String())
	base, admin := m[1], m[2]
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, operator := &http.Client{}, &http.Client{Jar: jar}

	if code, body := get(t, reader, base+"/"); code != 200 || !strings.Contains(body, "<h1") {
		t.Errorf("front page: %d\n%s", code, body)
	}
	if code, _ := get(t, reader, base+"/admin"); code != http.StatusForbidden {
		t.Errorf("the administrator's pages without the link: %d", code)
	}
	if code, body := get(t, operator, admin); code != 200 || !strings.Contains(body, "<form") {
		t.Fatalf("the administrator's link: %d\n%s", code, body)
	}
	form := regexp.MustCompile(`<form[^>]*action="(/admin/[^"]*)"[^>]*>(?:[^<]|<[^/]|</[^f])*name="url"`)
	_, body := get(t, operator, base+"/admin")
	action := form.FindStringSubmatch(body)
	if action == nil {
		t.Fatalf("no form with an address:\n%s", body)
	}
	r, err := operator.PostForm(base+action[1], url.Values{"url": {paper.URL + "/rss"}})
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("the form: %v %v", r, err)
	}
	r.Body.Close()
	shows := func(path, text string) func() bool {
		return func() bool { _, body := get(t, reader, base+path); return strings.Contains(body, text) }
	}
	eventually(t, "the feed's article is shown", shows("/articles", "Bridge to close"))

	var out, addTalk bytes.Buffer
	if code := run(t.Context(), []string{"add", "--data", data, paper.URL + "/school"}, strings.NewReader(""), &out, &addTalk); code != exitDone || !strings.Contains(out.String(), "School to open") {
		t.Errorf("stet add: %d %s%s", code, out.String(), addTalk.String())
	}
	eventually(t, "the article is shown", shows("/articles", "School to open"))
	eventually(t, "the search finds it", shows("/versions/search?q=school", "School to open"))
	if code, body := get(t, reader, base+"/versions.rss"); code != 200 || !strings.Contains(body, "Bridge to close") {
		t.Errorf("feed: %d\n%s", code, body)
	}

	// A second one on the same data is refused.
	var second bytes.Buffer
	if code := run(t.Context(), []string{"watch", "--data", data, paper.URL}, strings.NewReader(""), io.Discard, &second); code != exitError || !strings.Contains(second.String(), "another stet") || !strings.Contains(second.String(), "hint:") {
		t.Errorf("a second instance: %d %s", code, second.String())
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("exit code %d:\n%s", code, talk.String())
	}
}

// The usual port is taken: the next one is used. One that was asked for is not
// exchanged.
func TestListenNear(t *testing.T) {
	first, err := listenNear("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	next, err := listenNear(first.Addr().String(), true)
	if err != nil {
		t.Skip("skipped: no free port near " + first.Addr().String())
	}
	next.Close()
	if l, err := listenNear(first.Addr().String(), false); err == nil {
		l.Close()
		t.Error("a port that is taken was given twice")
	}
}
