package crawl

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

// An authority issues certificates in tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue signs a certificate for host, changed as the test likes; a nil
// authority signs with the certificate's own key.
func (a *authority) issue(t *testing.T, host string, change func(*x509.Certificate)) *authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, DNSNames: []string{host},
	}
	if change != nil {
		change(template)
	}
	key := newKey(t)
	parent, signer := template, key
	if a != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}
}

func isCA(c *x509.Certificate) {
	c.IsCA, c.KeyUsage, c.ExtKeyUsage = true, x509.KeyUsageCertSign, nil
}

// chainOf is what a server presents: its own certificate, then others.
func (a *authority) chainOf(others ...*authority) tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{a.cert.Raw}, PrivateKey: a.key}
	for _, o := range others {
		c.Certificate = append(c.Certificate, o.cert.Raw)
	}
	return c
}

func TestTLS(t *testing.T) {
	const host = "press.example.org"
	var nobody *authority
	root := nobody.issue(t, "Test Root", isCA)
	stranger := nobody.issue(t, "Strange Root", isCA)
	middle := root.issue(t, "Test Middle", isCA)
	good := root.issue(t, host, nil).chainOf()
	expired := func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }
	early := func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }
	client := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }
	tests := []struct {
		name string
		cert tls.Certificate
		max  uint16
		want Failure
	}{
		{"good", good, 0, ""},
		{"good, TLS 1.2", good, tls.VersionTLS12, ""},
		{"good, through a middle", middle.issue(t, host, nil).chainOf(middle), 0, ""},
		{"expired", root.issue(t, host, expired).chainOf(), 0, FailTLS},
		{"not yet valid", root.issue(t, host, early).chainOf(), 0, FailTLS},
		{"another host", root.issue(t, "paper.example.org", nil).chainOf(), 0, FailTLS},
		{"no host", root.issue(t, host, func(c *x509.Certificate) { c.DNSNames = nil }).chainOf(), 0, FailTLS},
		{"signed by itself", nobody.issue(t, host, nil).chainOf(), 0, FailTLS},
		{"an unknown root", stranger.issue(t, host, nil).chainOf(stranger), 0, FailTLS},
		{"the middle is missing", middle.issue(t, host, nil).chainOf(), 0, FailTLS},
		{"signed by one that may not", root.issue(t, host, nil).issue(t, host, nil).chainOf(), 0, FailTLS},
		{"not for servers", root.issue(t, host, client).chainOf(), 0, FailTLS},
		{"TLS 1.1 only", good, tls.VersionTLS11, FailTLS},
		{"TLS 1.0 only", good, tls.VersionTLS10, FailTLS},
	}
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	resolver := nameServer(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") }))
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.EnableHTTP2 = true
			s.TLS = &tls.Config{Certificates: []tls.Certificate{x.cert}, MinVersion: tls.VersionTLS10, MaxVersion: x.max}
			s.StartTLS()
			defer s.Close()
			c, _ := newTestClient(t, Options{Roots: roots, Resolver: resolver}, testTimes, addr(s))
			defer c.Close()
			_, port, _ := net.SplitHostPort(addr(s))
			f := get(t, c, Request{URL: "https://" + host + ":" + port + "/"})
			wantFailure(t, f, x.want)
			if x.want == "" && (f.Proto != "HTTP/2.0" || !f.Delimited || f.RemoteAddr != addr(s)) {
				t.Errorf("%s, delimited %v, from %s", f.Proto, f.Delimited, f.RemoteAddr)
			}
		})
	}
}

// What is no TLS at all, and TLS that never comes.
func TestTLSHandshake(t *testing.T) {
	short := times{total: 5 * time.Second, connect: 300 * time.Millisecond, header: time.Second, idle: time.Second}
	for name, x := range map[string]struct {
		play func(net.Conn)
		want Failure
	}{
		"plain HTTP":          {say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), FailTLS},
		"noise":               {say(string(noise(1000))), FailTLS},
		"hung up":             {say(""), FailTLS},
		"silence":             {until(say("")), FailTimeout},
		"an alert":            {say("\x15\x03\x03\x00\x02\x02\x28"), FailTLS},
		"half a server hello": {say("\x16\x03\x03\x00\x50\x02\x00"), FailTLS},
	} {
		t.Run(name, func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(10 * time.Second))
				conn.Read(make([]byte, 4096)) // the client hello
				x.play(conn)
			}()
			c, _ := newTestClient(t, Options{}, short, ln.Addr().String())
			wantFailure(t, get(t, c, Request{URL: "https://" + ln.Addr().String() + "/"}), x.want)
			ln.Close()
			<-done
		})
	}
}
