package crawl

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ProxyGreeting is an address that a [Proxy] answers itself, with an
// empty page: a browser that asks for it first knows the password from then on.
const ProxyGreeting = "http://proxy.stet.invalid/"

// proxyUser is the name that goes with the password of a proxy.
const proxyUser = "stet"

// maxRefusals is how many refusals a proxy remembers in words.
const maxRefusals = 20

// errSpent is why a proxy cuts what is still under way.
var errSpent = errors.New("the page brought more bytes than it may")

// ProxyLimits bound what goes through one [Proxy]. Both are above 0.
type ProxyLimits struct {
	Bytes    int64 // from remote sides; what is over ends every connection
	Requests int   // HTTP requests and tunnels together; those over are refused
}

// ProxyUse is what went through a [Proxy].
type ProxyUse struct {
	Requests int // HTTP requests and tunnels that were let through
	Bytes    int64
	Refused  int
	Refusals []string // the first few, each "what: why"
}

// A Proxy lets one page of a browser ask for what belongs to it: a forward
// proxy on a loopback port of its own (plain HTTP and CONNECT). The address
// guard sees every connection that it makes, after the name was looked up, so
// that nothing a page tries leads anywhere a [Client.Get] would not. It stops
// at its limits and when it is closed, with all that goes through it.
//
// It asks for a password (Basic) that only its owner knows: another program of
// this machine finds a closed door. What is a page's own document is not its
// business: that is asked for by Get, with robots.txt and pace.
type Proxy struct {
	client   *Client
	limits   ProxyLimits
	password string
	address  string
	server   *http.Server
	forward  *httputil.ReverseProxy
	onward   *http.Transport
	ctx      context.Context // of all that goes through
	cut      context.CancelFunc
	work     sync.WaitGroup

	mu     sync.Mutex // protects all below
	use    ProxyUse
	closed bool
}

// OpenProxy starts a proxy. The error is a wrong limit, or that this machine
// gives no port.
func (c *Client) OpenProxy(limits ProxyLimits) (*Proxy, error) {
	if limits.Bytes <= 0 || limits.Requests <= 0 {
		return nil, fmt.Errorf("open proxy: limits %+v: want both above 0", limits)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open proxy: %w", err)
	}
	ctx, cut := context.WithCancel(context.Background())
	p := &Proxy{client: c, limits: limits, password: rand.Text(), address: ln.Addr().String(),
		onward: c.keeping.Clone(), ctx: ctx, cut: cut}
	p.onward.MaxIdleConnsPerHost = 6 // what a browser keeps open itself
	silent := log.New(io.Discard, "", 0)
	p.forward = &httputil.ReverseProxy{Transport: p.onward, Rewrite: p.rewrite, ModifyResponse: p.count,
		ErrorHandler: p.failed, ErrorLog: silent, FlushInterval: -1}
	p.server = &http.Server{Handler: p, DisableGeneralOptionsHandler: true, ReadHeaderTimeout: c.times.header, MaxHeaderBytes: MaxHeader, ErrorLog: silent,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	p.work.Go(func() { p.server.Serve(ln) })
	return p, nil
}

// UserAgent is the name by which the client calls itself.
func (c *Client) UserAgent() string { return c.agent }

// Address is where the proxy listens, "127.0.0.1:PORT".
func (p *Proxy) Address() string { return p.address }

// Credentials are the user name and password that the proxy asks for.
func (p *Proxy) Credentials() (user, password string) { return proxyUser, p.password }

// Use tells what went through so far.
func (p *Proxy) Use() ProxyUse {
	p.mu.Lock()
	defer p.mu.Unlock()
	use := p.use
	use.Refusals = append([]string(nil), use.Refusals...)
	return use
}

// Close ends everything that goes through the proxy, and waits for it.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cut()
	p.server.Close()
	p.work.Wait()
	p.onward.CloseIdleConnections()
}

// ServeHTTP is the proxy itself.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.enter() {
		return
	}
	defer p.work.Done()
	if !p.known(r.Header.Get("Proxy-Authorization")) {
		w.Header().Set("Proxy-Authenticate", `Basic realm="stet"`)
		http.Error(w, "this door is not for you", http.StatusProxyAuthRequired)
		return
	}
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	if r.URL.String() == ProxyGreeting {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<!doctype html><title>stet</title><link rel="icon" href="data:,">`)
		return
	}
	u := *r.URL
	if err := checkURL(&u); err != nil || u.Scheme != "http" { // https comes by CONNECT
		p.refuse(w, r.Host, "not an http address that we ask", http.StatusBadRequest)
		return
	}
	if p.admit(w, u.Host) {
		p.forward.ServeHTTP(w, r)
	}
}

// enter counts a request as work that Close waits for; not after Close.
func (p *Proxy) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.work.Add(1)
	}
	return !p.closed
}

// known checks the password, in a time that does not tell how much was right.
func (p *Proxy) known(header string) bool {
	scheme, text, _ := strings.Cut(header, " ")
	given, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	want := proxyUser + ":" + p.password
	return err == nil && strings.EqualFold(scheme, "Basic") && subtle.ConstantTimeCompare(given, []byte(want)) == 1
}

// admit counts a request, or refuses it when there were enough.
func (p *Proxy) admit(w http.ResponseWriter, host string) bool {
	p.mu.Lock()
	ok := p.use.Requests < p.limits.Requests && p.ctx.Err() == nil
	if ok {
		p.use.Requests++
	}
	p.mu.Unlock()
	if !ok {
		p.refuse(w, host, fmt.Sprintf("more than %d requests, or too many bytes", p.limits.Requests), http.StatusForbidden)
	}
	return ok
}

// refuse answers instead of a remote side.
func (p *Proxy) refuse(w http.ResponseWriter, what, why string, status int) {
	why = printable(why)
	p.mu.Lock()
	p.use.Refused++
	if len(p.use.Refusals) < maxRefusals {
		p.use.Refusals = append(p.use.Refusals, clip(printable(what), 100)+": "+why)
	}
	p.mu.Unlock()
	http.Error(w, why, status)
}

// rewrite makes of a request to the proxy one to the remote side. Its
// hop-by-hop headers, the password among them, are gone already.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.Header.Del("Connection") // no change of protocol: what needs one comes by CONNECT
	r.Out.Header.Del("Upgrade")
	r.Out.Header.Set("User-Agent", p.client.agent)
	r.Out.Host = r.Out.URL.Host
}

// count lets the body of a response count against the limit.
func (p *Proxy) count(resp *http.Response) error {
	resp.Body = struct {
		io.Reader
		io.Closer
	}{&spending{resp.Body, p}, resp.Body}
	return nil
}

// failed answers for a remote side that could not be asked.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusBadGateway
	if no := (*refusal)(nil); errors.As(err, &no) {
		status = http.StatusForbidden
	}
	p.refuse(w, r.URL.Host, err.Error(), status)
}

// tunnel joins the browser and a remote side that speak TLS, or WebSocket,
// with each other.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	u := &url.URL{Scheme: "https", Host: r.Host}
	if err := checkURL(u); err != nil {
		p.refuse(w, r.Host, err.Error(), http.StatusBadRequest)
		return
	}
	if !p.admit(w, u.Host) {
		return
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	remote, err := p.onward.DialContext(r.Context(), "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		p.failed(w, r, err)
		return
	}
	defer remote.Close()
	local, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil { // never: the server speaks HTTP/1.1 only
		p.refuse(w, r.Host, err.Error(), http.StatusInternalServerError)
		return
	}
	defer local.Close()
	defer context.AfterFunc(p.ctx, func() { local.Close(); remote.Close() })()
	local.SetDeadline(time.Time{})
	if _, err := io.WriteString(local, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	join(local, io.MultiReader(io.LimitReader(buffered, int64(buffered.Reader.Buffered())), local), remote, &spending{remote, p})
}

// join copies both ways until one side ends.
func join(local net.Conn, fromLocal io.Reader, remote net.Conn, fromRemote io.Reader) {
	var up sync.WaitGroup
	up.Go(func() {
		io.Copy(remote, fromLocal)
		remote.Close()
	})
	io.Copy(local, fromRemote)
	local.Close()
	remote.Close()
	up.Wait()
}

// spending counts what comes from a remote side, and cuts everything when it
// is too much.
type spending struct {
	r io.Reader
	p *Proxy
}

func (s *spending) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	s.p.mu.Lock()
	s.p.use.Bytes += int64(n)
	over := s.p.use.Bytes > s.p.limits.Bytes
	s.p.mu.Unlock()
	if over {
		s.p.cut()
		return 0, errSpent
	}
	return n, err
}
