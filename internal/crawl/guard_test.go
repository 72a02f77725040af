package crawl

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestParseAllowNet(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{" , ", ""},
		{"127.0.0.1/32:18080", "127.0.0.1/32:18080"},
		{"127.0.0.1:80", "127.0.0.1/32:80"},
		{"10.1.2.3/8:443", "10.0.0.0/8:443"},
		{"[::1]/128:8080", "[::1]/128:8080"},
		{"[::1]:8080", "[::1]/128:8080"},
		{"[fd00::1/16]:8080", "[fd00::]/16:8080"},
		{"[::ffff:127.0.0.1]/128:1", "127.0.0.1/32:1"},
		{"127.0.0.1/32:1, 127.0.0.2/32:65535", "127.0.0.1/32:1,127.0.0.2/32:65535"},
	}
	for _, x := range tests {
		list, err := ParseAllowNet(x.in)
		var got []string
		for _, a := range list {
			got = append(got, a.String())
		}
		if err != nil || strings.Join(got, ",") != x.want {
			t.Errorf("%q: got %q, %v", x.in, got, err)
		}
		if again, err := ParseAllowNet(x.want); err != nil || len(again) != len(list) {
			t.Errorf("%q: written form is not read: %v", x.want, err)
		}
	}
	for _, bad := range []string{"127.0.0.1/32", "127.0.0.1/32:0", "127.0.0.1/32:*", "127.0.0.1/32:65536", "127.0.0.1/33:80",
		"::1/128:80", "[::1]/128", "[::1]", "localhost:80", ":80", "127.0.0.1:-1"} {
		if list, err := ParseAllowNet(bad); err == nil {
			t.Errorf("%q: got %v", bad, list)
		}
	}
}

func TestGuardRefuses(t *testing.T) {
	g := newGuard(nil)
	refused := []string{"127.0.0.1:80", "10.0.0.1:443", "169.254.169.254:80", "168.63.129.16:80", "100.64.0.1:80",
		"[::1]:80", "[::ffff:10.0.0.1]:80", "[64:ff9b::7f00:1]:80", "[fe80::1%1]:80", "[2606:4700::1111%1]:80", "[fd00:ec2::254]:80",
		"93.184.216.34:22", "93.184.216.34:8080", "nonsense", ""}
	for _, a := range refused {
		if err := g.check("tcp4", a); err == nil {
			t.Errorf("%s: not refused", a)
		}
	}
	for _, a := range []string{"93.184.216.34:80", "93.184.216.34:443", "[2606:4700::1111]:443"} {
		if err := g.check("tcp6", a); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, network := range []string{"udp4", "udp6", "unix", "ip"} {
		if g.check(network, "93.184.216.34:80") == nil {
			t.Errorf("network %s: not refused", network)
		}
	}
}

// An exception opens one port of one network, and no neighbour.
func TestGuardException(t *testing.T) {
	g := newGuard([]AllowNet{{netip.MustParsePrefix("10.1.0.0/16"), 8080}})
	for a, want := range map[string]bool{
		"10.1.2.3:8080": true, "[::ffff:10.1.2.3]:8080": true,
		"10.1.2.3:8081": false, "10.1.2.3:80": false, "10.2.0.1:8080": false, "93.184.216.34:8080": false,
	} {
		if err := g.check("tcp4", a); (err == nil) != want {
			t.Errorf("%s: %v", a, err)
		}
	}
}

func lines(data []byte) []string { return strings.Fields(string(data)) }

func TestGuardAddressLists(t *testing.T) {
	files := hostile(t, "generated/lists/")
	block := lines(files["hostile/generated/lists/ssrf-addresses-must-block.txt"])
	allow := lines(files["hostile/generated/lists/addresses-must-allow.txt"])
	if len(block) != 86 || len(allow) != 15 {
		t.Fatalf("%d to block, %d to allow", len(block), len(allow))
	}
	c, _ := newTestClient(t, Options{}, testTimes)
	dead := times{total: 10 * time.Second, connect: time.Millisecond, header: time.Second, idle: time.Second}
	reaching, _ := newTestClient(t, Options{}, dead)
	for _, a := range block {
		f := get(t, c, Request{URL: "http://" + bracket(a) + "/"})
		if f.Failure != FailAddress && f.Failure != FailURL {
			t.Errorf("%s: %q %s", a, f.Failure, f.Reason)
		}
	}
	for _, a := range allow {
		if f := get(t, reaching, Request{URL: "http://" + bracket(a) + "/"}); f.Failure == FailAddress || f.Failure == FailURL {
			t.Errorf("%s: refused: %s", a, f.Reason)
		}
	}
}

// bracket writes an address as the host of a URL.
func bracket(a string) string {
	if strings.Contains(a, ":") {
		return "[" + strings.ReplaceAll(a, "%", "%25") + "]"
	}
	return a
}

// No spelling of loopback reaches a server there: neither as the address
// itself nor as the target of a redirect.
func TestGuardHostSpellings(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:80")
	if err != nil {
		t.Log("port 80 is not to be had; relying on the failure alone")
	} else {
		defer ln.Close()
		go func() {
			if conn, err := ln.Accept(); err == nil {
				t.Error("loopback was reached from " + conn.RemoteAddr().String())
				conn.Close()
			}
		}()
	}
	spellings := []string{"127.0.0.1", "localhost", "LOCALHOST.", "[::1]", "[::ffff:7f00:1]", "①②⑦.⓪.⓪.①", "127。0。0。1",
		"user@127.0.0.1", "press.example.org@127.0.0.1", "0.0.0.0", "[::]"}
	tests := map[string][]string{"own": spellings}
	t.Run("corpus", func(t *testing.T) {
		var more []string
		data := hostile(t, "generated/lists/ssrf-host-")["hostile/generated/lists/ssrf-host-spellings.json"]
		if err := json.Unmarshal(data, &more); err != nil || len(more) != 39 {
			t.Fatalf("%d spellings: %v", len(more), err)
		}
		tests["corpus"] = more
	})
	resolver := nameServer(t, func(string) []netip.Addr { return nil })
	for name, hosts := range tests {
		location := ""
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", location); w.WriteHeader(302) })
		c, _ := newTestClient(t, Options{Resolver: resolver}, testTimes, addr(s))
		for _, h := range hosts {
			if f := get(t, c, Request{URL: "http://" + h + "/"}); f.Failure == "" || f.Status != 0 {
				t.Errorf("%s: %q reached: %+v", name, h, f)
			}
			location = "http://" + h + "/"
			if f := get(t, c, Request{URL: s.URL}); f.Failure == "" {
				t.Errorf("%s: redirect to %q reached: %+v", name, h, f)
			}
		}
	}
}

// A name may lead to a public address when it is checked and to a private one
// when it is dialled; only what is dialled counts.
func TestGuardRebinding(t *testing.T) {
	flips := 0
	resolver := nameServer(t, func(string) []netip.Addr {
		if flips++; flips%2 == 0 {
			return []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("127.0.0.1")}
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	})
	c, k := newTestClient(t, Options{Resolver: resolver}, testTimes)
	for range 50 {
		wantFailure(t, get(t, c, Request{URL: "http://rebinding.example.org/"}), FailAddress)
		k.advance(RobotsRetry)
	}
}
