package crawl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Twenty polite GETs, and robots.txt before them, go over one connection.
func TestConnectionIsReused(t *testing.T) {
	const visits, host = 20, "press.example.org"
	var nobody *authority
	root := nobody.issue(t, "Test Root", isCA)
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	resolver := nameServer(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	for _, x := range []struct {
		name, scheme, proto string
		start               func(*httptest.Server)
	}{
		{"plain", "http", "HTTP/1.1", (*httptest.Server).Start},
		{"TLS", "https", "HTTP/1.1", (*httptest.Server).StartTLS},
		{"HTTP/2", "https", "HTTP/2.0", func(s *httptest.Server) { s.EnableHTTP2 = true; s.StartTLS() }},
	} {
		var opened, served atomic.Int32
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			served.Add(1)
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprintln(w, r.URL.Path)
		}))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.TLS = &tls.Config{Certificates: []tls.Certificate{root.issue(t, host, nil).chainOf()}}
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				opened.Add(1)
			}
		}
		x.start(s)
		_, port, _ := net.SplitHostPort(addr(s))
		c, _ := newTestClient(t, Options{Roots: roots, Resolver: resolver}, testTimes, addr(s))
		visit := func(r Request) {
			r.URL = x.scheme + "://" + host + ":" + port + "/a"
			if f := get(t, c, r); f.Failure != "" || f.Proto != x.proto {
				t.Errorf("%s: %s, %s %s", x.name, f.Proto, f.Failure, f.Reason)
			}
		}
		for i := range visits {
			visit(Request{ETag: []string{"", `"1"`}[i%2]})
		}
		if served.Load() != visits+1 || opened.Load() != 1 {
			t.Errorf("%s: %d connections for %d requests", x.name, opened.Load(), served.Load())
		}
		if visit(Request{Fresh: true}); opened.Load() != 2 {
			t.Errorf("%s: %d connections after a fresh request", x.name, opened.Load())
		}
		c.Close()
		s.Close()
	}
}

// A connection outlives every gap that can be learned, and is closed when
// nobody needs it any more.
func TestConnectionOutlivesTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opened := 0
		o := Options{}
		o.setDefaults()
		c := newClient(o, testTimes)
		defer c.Close()
		c.keeping.DialContext = func(context.Context, string, string) (net.Conn, error) {
			opened++
			ours, theirs := net.Pipe()
			go answerAll(theirs)
			return ours, nil
		}
		for i, x := range []struct {
			pause time.Duration
			want  int
		}{{0, 1}, {DefaultPace, 1}, {MaxLearned, 1}, {KeepTime - time.Second, 1}, {KeepTime + time.Second, 2}} {
			time.Sleep(x.pause)
			f := get(t, c, Request{URL: "http://press.example.org/a"})
			if wantFailure(t, f, ""); opened != x.want {
				t.Errorf("visit %d, after %v: %d connections, want %d", i, x.pause, opened, x.want)
			}
		}
	})
}

// answerAll answers every request on a connection until it is closed.
func answerAll(conn net.Conn) {
	defer conn.Close()
	for readHead(conn) != "" {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	}
}
