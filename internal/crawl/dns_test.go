package crawl

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// nameServer starts a name server on loopback and gives a resolver that asks
// it. No addresses: the name does not exist. Addresses are given for A
// queries; names that begin with "servfail" get that answer.
func nameServer(t testing.TB, addresses func(name string) []netip.Addr) *net.Resolver {
	t.Helper()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	t.Cleanup(func() { udp.Close() })
	wg.Go(func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := dnsReply(buf[:n], addresses); reply != nil {
				udp.WriteTo(reply, from)
			}
		}
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", udp.LocalAddr().String())
	}}
}

func dnsReply(query []byte, addresses func(string) []netip.Addr) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Additionals = true, nil
	name := q.Name.String()
	switch {
	case strings.HasPrefix(name, "servfail"):
		m.RCode = dnsmessage.RCodeServerFailure
	case strings.HasPrefix(name, "circle"):
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: dnsmessage.TypeCNAME, Class: q.Class},
			Body:   &dnsmessage.CNAMEResource{CNAME: q.Name},
		}}
	default:
		list := addresses(name)
		if list == nil {
			m.RCode = dnsmessage.RCodeNameError
		}
		for _, a := range list {
			if q.Type == dnsmessage.TypeA && a.Is4() {
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: dnsmessage.TypeA, Class: q.Class},
					Body:   &dnsmessage.AResource{A: a.As4()},
				})
			}
		}
	}
	reply, err := m.Pack()
	if err != nil {
		panic(fmt.Sprint("name server of the test: ", err))
	}
	return reply
}

func TestNameFailures(t *testing.T) {
	var many []netip.Addr
	for i := range 200 {
		many = append(many, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}))
	}
	resolver := nameServer(t, func(name string) []netip.Addr {
		switch {
		case strings.HasPrefix(name, "empty."):
			return []netip.Addr{}
		case strings.HasPrefix(name, "many."):
			return many
		}
		return nil
	})
	c, _ := newTestClient(t, Options{Resolver: resolver}, testTimes)
	for name, want := range map[string]Failure{
		"nobody.example.org": FailNoName, "servfail.example.org": FailDNS, "circle.example.org": FailNoName,
		"empty.example.org": FailDNS, "many.example.org": FailAddress,
		strings.Repeat("a", 64) + ".example.org": FailNoName, "a..example.org": FailNoName,
	} {
		f := get(t, c, Request{URL: "https://" + name + "/"})
		wantFailure(t, f, want)
		if strings.Contains(f.Reason, "127.0.0.1") {
			t.Errorf("the reason tells our name server: %s", f.Reason)
		}
		if f.NotBefore.IsZero() {
			t.Errorf("%s: no time for the next try", name)
		}
	}
}

// One host under several names is still reached by the name that resolves.
func TestNameResolves(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "host ", r.Host) })
	resolver := nameServer(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	c, _ := newTestClient(t, Options{Resolver: resolver}, testTimes, addr(s))
	_, port, _ := net.SplitHostPort(addr(s))
	f := get(t, c, Request{URL: "http://Zürich.example.org:" + port + "/"})
	wantFailure(t, f, "")
	if want := "host xn--zrich-kva.example.org:" + port; string(f.Body) != want {
		t.Errorf("got %q, want %q", f.Body, want)
	}
}
