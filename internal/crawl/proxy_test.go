package crawl

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// openProxy opens a proxy and gives a client that goes through it.
func openProxy(t *testing.T, limits ProxyLimits, addrs ...string) (*Proxy, *http.Client) {
	t.Helper()
	c, _ := newTestClient(t, Options{UserAgent: "stet/0.1"}, testTimes, addrs...)
	p, err := c.OpenProxy(limits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	user, password := p.Credentials()
	return p, through(t, p, url.UserPassword(user, password), nil)
}

func through(t *testing.T, p *Proxy, who *url.Userinfo, roots *x509.CertPool) *http.Client {
	t.Helper()
	transport := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", User: who, Host: p.Address()}),
		TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// ask gives status and body, or the error in its place.
func ask(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, "cut: " + err.Error()
	}
	return resp.StatusCode, string(body)
}

var plenty = ProxyLimits{Bytes: 1_000_000, Requests: 100}

// What a page asks for comes as it is, and the remote side learns nothing of
// the proxy.
func TestProxyForwards(t *testing.T) {
	var got atomic.Pointer[http.Request]
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got.Store(r)
		w.Header().Set("Content-Encoding", "gzip") // not ours to undo
		io.WriteString(w, "as it is")
	})
	p, _ := openProxy(t, plenty, addr(s))
	conn, err := net.Dial("tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s/q?a=b HTTP/1.1\r\nHost: other.example.org\r\nUser-Agent: Mozilla\r\nProxy-Authorization: %s\r\n"+
		"Connection: Upgrade, X-Hop\r\nUpgrade: websocket\r\nX-Hop: 1\r\nX-Page: 2\r\nContent-Length: 4\r\n\r\nbody", s.URL, basic(p))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if string(body) != "as it is" || resp.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("got %q, %v", body, resp.Header)
	}
	r := got.Load()
	if r.Method != "POST" || r.RequestURI != "/q?a=b" || r.Host != addr(s) || r.UserAgent() != "stet/0.1" || r.Header.Get("X-Page") != "2" {
		t.Errorf("the remote side saw %s %s %s %v", r.Method, r.Host, r.RequestURI, r.Header)
	}
	for _, name := range []string{"Proxy-Authorization", "X-Forwarded-For", "Via", "Upgrade", "X-Hop"} {
		if r.Header.Get(name) != "" {
			t.Errorf("the remote side saw %s: %s", name, r.Header.Get(name))
		}
	}
	if use := p.Use(); use.Requests != 1 || use.Bytes != int64(len("as it is")) || use.Refused != 0 {
		t.Errorf("use %+v", use)
	}
}

func basic(p *Proxy) string {
	user, password := p.Credentials()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestProxyPassword(t *testing.T) {
	hits := atomic.Int32{}
	s := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	p, known := openProxy(t, plenty, addr(s))
	user, password := p.Credentials()
	for _, who := range []*url.Userinfo{nil, url.User(user), url.UserPassword(user, ""), url.UserPassword(user, password+"x"),
		url.UserPassword(user, password[1:]), url.UserPassword("admin", password)} {
		if status, _ := ask(t, through(t, p, who, nil), s.URL); status != http.StatusProxyAuthRequired {
			t.Errorf("%v: HTTP %d, want 407", who, status)
		}
		if _, text := ask(t, through(t, p, who, nil), "https://"+addr(s)); !strings.Contains(text, "Proxy Authentication Required") {
			t.Errorf("%v: tunnel: %s, want 407", who, text)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests came through without the password", hits.Load())
	}
	if status, _ := ask(t, known, s.URL); status != 200 || hits.Load() != 1 {
		t.Errorf("with the password: HTTP %d", status)
	}
	if other, _ := openProxy(t, plenty); other.password == p.password {
		t.Error("two proxies have one password")
	}
}

// The guard of the proxy is that of the client, whatever the spelling and
// whichever way.
func TestProxyGuard(t *testing.T) {
	secret := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("reached") })
	port := secret.URL[strings.LastIndexByte(secret.URL, ':')+1:]
	open := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, secret.URL, http.StatusFound) })
	p, c := openProxy(t, plenty, addr(open))
	hosts := []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "0.0.0.0:" + port, "[::ffff:127.0.0.1]:" + port,
		"169.254.169.254", "10.0.0.1", "168.63.129.16", "[fe80::1]", "93.184.215.14:22", "0x7f.1:" + port, "2130706433:" + port}
	for _, host := range hosts {
		if status, body := ask(t, c, "http://"+host+"/"); status != 403 && status != 502 && status != 400 {
			t.Errorf("http://%s: HTTP %d %s", host, status, body)
		}
		if status, body := ask(t, c, "https://"+host+"/"); status != 0 {
			t.Errorf("https://%s: HTTP %d %s", host, status, body)
		}
	}
	if status, body := ask(t, c, open.URL); status != 403 { // c follows, by asking the proxy again
		t.Errorf("redirect inwards: HTTP %d %s", status, body)
	}
	use := p.Use()
	if use.Refused != 2*len(hosts)+1 || len(use.Refusals) != maxRefusals || !strings.Contains(use.Refusals[0], "127.0.0.1 is not a public address") {
		t.Errorf("use %+v", use)
	}
}

func TestProxyForms(t *testing.T) {
	p, c := openProxy(t, plenty)
	if status, body := ask(t, c, ProxyGreeting); status != 200 || !strings.Contains(body, "<title>") {
		t.Errorf("greeting: HTTP %d %s", status, body)
	}
	for _, line := range []string{"GET / HTTP/1.1", "GET ftp://example.org/ HTTP/1.1", "GET https://example.org/ HTTP/1.1",
		"GET http://a:b@example.org/ HTTP/1.1", "CONNECT example.org:x HTTP/1.1", "CONNECT a%20b:443 HTTP/1.1", "OPTIONS * HTTP/1.1"} {
		conn, err := net.Dial("tcp", p.Address())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s\r\nHost: example.org\r\nProxy-Authorization: %s\r\n\r\n", line, basic(p))
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v %v, want HTTP 400", line, resp, err)
		}
		conn.Close()
	}
	if use := p.Use(); use.Requests != 0 {
		t.Errorf("use %+v", use)
	}
}

func TestProxyRequests(t *testing.T) {
	hits := atomic.Int32{}
	s := serve(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	p, c := openProxy(t, ProxyLimits{Bytes: 1000, Requests: 3}, addr(s))
	for i := range 5 {
		status, _ := ask(t, c, s.URL)
		if want := map[bool]int{true: 200, false: 403}[i < 3]; status != want {
			t.Errorf("request %d: HTTP %d, want %d", i+1, status, want)
		}
	}
	if use := p.Use(); hits.Load() != 3 || use.Requests != 3 || use.Refused != 2 {
		t.Errorf("%d reached, use %+v", hits.Load(), use)
	}
}

// At the limit of bytes nothing happens; one more, and everything is cut.
func TestProxyBytes(t *testing.T) {
	size := 1000
	page := func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, size)) }
	plain, secure := serve(t, page), httptest.NewTLSServer(http.HandlerFunc(page))
	t.Cleanup(secure.Close)
	_, c := openProxy(t, ProxyLimits{Bytes: 2000, Requests: 9}, addr(plain))
	for i, want := range []int{1000, 1000} {
		if _, body := ask(t, c, plain.URL); len(body) != want {
			t.Errorf("page %d: %d bytes, want %d", i+1, len(body), want)
		}
	}
	if status, body := ask(t, c, plain.URL); status == 200 && !strings.HasPrefix(body, "cut: ") {
		t.Errorf("over the limit: HTTP %d, %d bytes", status, len(body))
	}
	if status, _ := ask(t, c, plain.URL); status == 200 {
		t.Errorf("after the limit: HTTP %d", status)
	}

	p, _ := openProxy(t, ProxyLimits{Bytes: 20_000, Requests: 9}, addr(secure))
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	c = through(t, p, url.UserPassword(p.Credentials()), roots)
	if status, body := ask(t, c, secure.URL); status != 200 || len(body) != 1000 {
		t.Errorf("through a tunnel: HTTP %d, %d bytes %s", status, len(body), body)
	}
	size = 30_000
	if status, body := ask(t, c, secure.URL); status == 200 && !strings.HasPrefix(body, "cut: ") {
		t.Errorf("through a tunnel, over the limit: HTTP %d, %d bytes", status, len(body))
	}
	if use := p.Use(); use.Requests != 2 || use.Bytes <= 20_000 {
		t.Errorf("use %+v", use)
	}
}

// Close ends what is under way in both ways through, and waits for it.
func TestProxyClose(t *testing.T) {
	reached := make(chan bool, 2)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		reached <- true
		<-r.Context().Done()
	})
	p, c := openProxy(t, plenty, addr(s))
	ended := make(chan string, 2)
	go func() {
		_, body := ask(t, c, s.URL)
		ended <- body
	}()
	conn, err := net.Dial("tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: x\r\nProxy-Authorization: %s\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", addr(s), basic(p))
	go func() {
		all, _ := io.ReadAll(conn)
		ended <- string(all)
	}()
	<-reached
	<-reached
	p.Close()
	for range 2 {
		if got := <-ended; got == "" { // an error, or the beginning of the tunnel
			t.Error("what was cut looks like a whole page")
		}
	}
	if _, err := net.Dial("tcp", p.Address()); err == nil {
		t.Error("still listening")
	}
	p.Close() // twice is no fault
}

func TestProxyLimits(t *testing.T) {
	c, _ := newTestClient(t, Options{}, testTimes)
	for _, bad := range []ProxyLimits{{}, {Bytes: 1}, {Requests: 1}, {Bytes: -1, Requests: 1}} {
		if p, err := c.OpenProxy(bad); err == nil {
			p.Close()
			t.Errorf("%+v is taken", bad)
		}
	}
}
