package crawl

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// TestMain fails the package when goroutines outlive the tests.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // net/http writes there about servers that say too much
	before := runtime.NumGoroutine()
	code := m.Run()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(code) // fuzzing has goroutines of its own
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for wait := 0; runtime.NumGoroutine() > before && wait < 500; wait++ {
		time.Sleep(10 * time.Millisecond) // what is ending may end
	}
	if n := runtime.NumGoroutine(); n > before && code == 0 {
		stacks := make([]byte, 1<<16)
		fmt.Printf("%d goroutines, %d before the tests\n%s\n", n, before, stacks[:runtime.Stack(stacks, true)])
		code = 1
	}
	os.Exit(code)
}

// A clock is set by hand; sleeping on it takes no time and moves it.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{at: time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	c.at = c.at.Add(d)
	return ctx.Err()
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// sleeps gives the sleeps since it was last asked.
func (c *clock) sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.slept
	c.slept = nil
	return s
}

// testTimes are short, and long enough for a busy machine.
var testTimes = times{total: 20 * time.Second, connect: 10 * time.Second, header: 10 * time.Second, idle: 10 * time.Second}

// loopback allows the address of a server.
func loopback(t testing.TB, addr string) AllowNet {
	t.Helper()
	ap, err := netip.ParseAddrPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return AllowNet{netip.PrefixFrom(ap.Addr(), ap.Addr().BitLen()), ap.Port()}
}

// newTestClient makes a client with a clock of its own that may ask the
// servers at the addresses.
func newTestClient(t testing.TB, o Options, tm times, addrs ...string) (*Client, *clock) {
	t.Helper()
	for _, a := range addrs {
		o.Allow = append(o.Allow, loopback(t, a))
	}
	k := newClock()
	o.Now, o.Sleep = k.now, k.sleep
	if err := o.check(); err != nil {
		t.Fatal(err)
	}
	o.setDefaults()
	c := newClient(o, tm)
	t.Cleanup(c.Close)
	return c, k
}

// serve starts a server; without a handler for it, robots.txt is not found.
func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func addr(s *httptest.Server) string {
	u, _ := url.Parse(s.URL)
	return u.Host
}

// rawServer answers every connection, after reading the request, with play;
// robots.txt is not found.
func rawServer(t testing.TB, play func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	t.Cleanup(func() { ln.Close() })
	wg.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(15 * time.Second))
				if head := readHead(conn); strings.HasPrefix(head, "GET /robots.txt ") {
					io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				} else if head != "" {
					play(conn)
				}
			})
		}
	})
	return ln.Addr().String()
}

// readHead reads a request up to its empty line.
func readHead(conn net.Conn) string {
	var b bytes.Buffer
	one := make([]byte, 1)
	for !bytes.HasSuffix(b.Bytes(), []byte("\r\n\r\n")) {
		if n, err := conn.Read(one); n == 0 || err != nil {
			return ""
		}
		b.Write(one)
	}
	return b.String()
}

// get fails the test on an error.
func get(t testing.TB, c *Client, r Request) Fetch {
	t.Helper()
	f, err := c.Get(context.Background(), r)
	if err != nil {
		t.Fatalf("get %s: %v", r.URL, err)
	}
	return f
}

// wantFailure checks the failure of a fetch and that it has a reason.
func wantFailure(t testing.TB, f Fetch, want Failure) {
	t.Helper()
	if f.Failure != want {
		t.Errorf("%s: failure %q (%s), want %q", f.URL, f.Failure, f.Reason, want)
	}
	if (f.Reason == "") != (f.Failure == "") {
		t.Errorf("%s: failure %q has reason %q", f.URL, f.Failure, f.Reason)
	}
	if f.Failure != "" && f.Body != nil {
		t.Errorf("%s: failure %q with a body of %d bytes", f.URL, f.Failure, len(f.Body))
	}
}

// hostile gives the files of the hostile corpus whose path begins with one of
// the prefixes, by path; it skips the test without the corpus.
func hostile(t testing.TB, prefixes ...string) map[string][]byte {
	t.Helper()
	file, err := os.Open("../../../shared/data/hostile.tar.zst")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("skipped: no corpus")
	} else if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := zstd.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	found := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		for _, p := range prefixes {
			if name := path.Clean(h.Name); strings.HasPrefix(name, "hostile/"+p) && h.Typeflag == tar.TypeReg {
				if found[name], err = io.ReadAll(r); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
