package browser

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"stet/internal/crawl"
)

// A trap counts the connections and datagrams that reach a port where none
// may.
type trap struct {
	port string
	hits atomic.Int32
}

func setTrap(t *testing.T) *trap {
	t.Helper()
	tr := &trap{}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, tr.port, _ = net.SplitHostPort(ln.Addr().String())
	udp, err := net.ListenPacket("udp", "127.0.0.1:"+tr.port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close(); udp.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			tr.hits.Add(1)
			conn.Close()
		}
	}()
	go func() {
		for buf := make([]byte, 2000); ; tr.hits.Add(1) {
			if _, _, err := udp.ReadFrom(buf); err != nil {
				return
			}
		}
	}()
	return tr
}

// names gives a resolver for which every name is on loopback.
func names(t *testing.T) *net.Resolver {
	t.Helper()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
	go func() {
		for buf := make([]byte, 4096); ; {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
					Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
			}
			if reply, err := m.Pack(); err == nil {
				udp.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", udp.LocalAddr().String())
	}}
}

// escapes is a page that tries to reach PORT of this machine in every way that
// a page has, and files.
const escapes = `<!doctype html><title>Escapes</title><p id=done>trying</p>
<link rel=preconnect href="http://127.0.0.1:PORT"><link rel=dns-prefetch href="//x.rebind.example.org">
<link rel=prefetch href="http://127.0.0.1:PORT/p"><link rel=modulepreload href="http://127.0.0.1:PORT/m.js">
<link rel=stylesheet href="http://127.0.0.1:PORT/s.css"><link rel=stylesheet href="file:///etc/passwd">
<script type=speculationrules>{"prerender":[{"urls":["http://127.0.0.1:PORT/r"]}],"prefetch":[{"urls":["http://127.0.0.1:PORT/f"]}]}</script>
<img src="http://127.0.0.1:PORT/i"><video src="http://127.0.0.1:PORT/v"></video><object data="http://127.0.0.1:PORT/o"></object>
<iframe src="http://127.0.0.1:PORT/"></iframe><iframe src="file:///etc/passwd"></iframe>
<iframe sandbox="allow-scripts" srcdoc="<script>fetch('http://127.0.0.1:PORT/framed', {mode: 'no-cors'})</scr` + `ipt>"></iframe>
<form target=frame action="http://127.0.0.1:PORT/form"></form><iframe name=frame></iframe>
<script>
const urls = ["127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT", "0.0.0.0:PORT", "0x7f.1:PORT", "2130706433:PORT", "[::ffff:127.0.0.1]:PORT",
	"news.rebind.example.org:PORT", "169.254.169.254", "168.63.129.16"];
const tries = [fetch("/inwards", {mode: "no-cors"}), fetch("file:///etc/passwd").then(r => r.text()).then(text => document.body.append(text))];
for (const u of urls) {
	tries.push(fetch("http://" + u + "/x", {mode: "no-cors"}), fetch("https://" + u + "/x", {mode: "no-cors"}),
		fetch("http://" + u + "/x", {method: "POST", body: "b", mode: "no-cors"}));
	for (const scheme of ["ws", "wss"]) tries.push(new Promise(done => {
		const w = new WebSocket(scheme + "://" + u + "/w");
		w.onopen = w.onerror = done;
	}));
	new EventSource("http://" + u + "/e");
	navigator.sendBeacon("http://" + u + "/b", "b");
}
const asked = text => tries.push(new Promise(done => {
	const worker = new Worker(URL.createObjectURL(new Blob([text], {type: "text/javascript"})));
	worker.onmessage = worker.onerror = done;
}));
asked("fetch('http://127.0.0.1:PORT/worker', {mode: 'no-cors'}).catch(() => 0).then(() => postMessage(1))");
asked("importScripts('http://127.0.0.1:PORT/script')");
const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:PORT"}, {urls: "turn:127.0.0.1:PORT?transport=tcp", username: "a", credential: "b"}]});
peer.createDataChannel("x");
peer.createOffer().then(o => peer.setLocalDescription(o));
if (window.WebTransport) try { tries.push(new WebTransport("https://127.0.0.1:PORT/t").ready) } catch {}
navigator.serviceWorker?.register("http://127.0.0.1:PORT/sw.js").catch(() => 0);
document.forms[0].submit();
window.open("http://127.0.0.1:PORT/window");
Promise.allSettled(tries).then(() => setTimeout(() => { done.textContent = "tried everything" }, 1000));
</script>`

// Whatever a page tries, it reaches what a crawler's GET would reach, and no
// file.
func TestNothingReached(t *testing.T) {
	tr := setTrap(t)
	page := strings.ReplaceAll(escapes, "PORT", tr.port)
	s := serve(t, map[string]string{"/a": page}, map[string]http.HandlerFunc{"/inwards": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:"+tr.port+"/redirected", http.StatusFound)
	}})
	b := openAs(t, Options{}, crawl.Options{Resolver: names(t)}, s.URL)
	// By address and by name, since browsers treat loopback in their own way.
	for address, shot := range map[string]bool{s.URL: true, strings.Replace(s.URL, "127.0.0.1", "news.example.org", 1): false} {
		p := getAs(t, b, Request{Request: crawl.Request{URL: address + "/a"}, Screenshot: shot})
		contains(t, p, "tried everything")
		lacks(t, p, "root:")
		if p.Use.Refused < 20 {
			t.Errorf("the proxy had little to refuse: the page did not try: %+v", p.Use)
		}
	}
	if n := tr.hits.Load(); n != 0 {
		t.Errorf("%d connections or datagrams reached the port", n)
	}
	if n := s.count("/inwards"); n != 2 {
		t.Errorf("/inwards was asked for %d times, want 2", n)
	}
	if conn, err := net.Dial("tcp", "127.0.0.1:"+tr.port); err == nil { // the trap works
		conn.Read(make([]byte, 1))
		conn.Close()
	}
	if n := tr.hits.Load(); n != 1 {
		t.Errorf("the trap counts %d of our own connections, want 1", n)
	}
}

// Pages and what they ask for by TLS and WebSocket go through the tunnel.
func TestSecure(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a":
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte(`<p id=x></p><script>fetch("/data").then(r => r.text()).then(text => { x.textContent = text })</script>`))
		case "/data":
			w.Write([]byte("came by " + r.Proto))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	pin := sha256.Sum256(s.Certificate().RawSubjectPublicKeyInfo)
	b := openAs(t, Options{flags: []string{"ignore-certificate-errors-spki-list=" + base64.StdEncoding.EncodeToString(pin[:])}},
		crawl.Options{Roots: roots}, s.URL)
	p := get(t, b, s.URL+"/a")
	contains(t, p, "came by HTTP/")
	if p.Use.Requests == 0 || p.Use.Bytes == 0 {
		t.Errorf("use %+v, want a tunnel", p.Use)
	}
}

// The profile is a folder that only we can read, and Chromium sees nothing of
// our environment.
func TestPrivate(t *testing.T) {
	t.Setenv("STET_SECRET", "swordfish")
	s := serve(t, map[string]string{"/a": "<p>Read me</p>"}, nil)
	b := open(t, Options{}, s.URL)
	get(t, b, s.URL+"/a")
	list := programs(b)
	if len(list) < 2 {
		t.Skip("skipped: the system has no list of programs")
	}
	for _, p := range list {
		env, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.id), "environ"))
		if strings.Contains(string(env), "swordfish") {
			t.Errorf("%s has our environment", p.line)
		}
	}
	for _, want := range []string{"--disable-quic", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"} {
		if !strings.Contains(list[0].line, want) {
			t.Errorf("Chromium runs without %s: %s", want, list[0].line)
		}
	}
	if strings.Contains(list[0].line, "--no-sandbox") != asRoot() || strings.Contains(list[0].line, "remote-debugging-port") {
		t.Errorf("Chromium runs as %s", list[0].line)
	}
	if info, err := os.Stat(b.running.home); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("home %v %v", info, err)
	}
	// Chromium has asked for nothing of its own; what it asks meets this wall.
	time.Sleep(time.Second)
	if use := b.running.wall.Use(); use.Requests != 0 || use.Bytes != 0 {
		t.Errorf("beside pages: %+v", use)
	}
}
