package crawl

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// AllowNet is an exception from the address guard: hosts of a network, at one
// port.
type AllowNet struct {
	Prefix netip.Prefix // an IPv4-mapped IPv6 prefix is written as IPv4
	Port   uint16       // never 0: opening all ports of a private network is nobody's wish
}

// String is the form that [ParseAllowNet] reads: "127.0.0.1/32:8080",
// "[::1]/128:8080".
func (a AllowNet) String() string {
	if a.Prefix.Addr().Is6() {
		return fmt.Sprintf("[%s]/%d:%d", a.Prefix.Addr(), a.Prefix.Bits(), a.Port)
	}
	return fmt.Sprintf("%s:%d", a.Prefix, a.Port)
}

// ParseAllowNet reads a comma-separated list of network and port, such as
// "127.0.0.1/32:18080,[::1]/128:8080"; an address without a length is that
// one host. Empty text is an empty list. Every element needs a port from 1 to
// 65535: there is no wildcard.
func ParseAllowNet(s string) ([]AllowNet, error) {
	var list []AllowNet
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		a, err := parseAllow(item)
		if err != nil {
			return nil, fmt.Errorf("allowed network %q: %w", item, err)
		}
		list = append(list, a)
	}
	return list, nil
}

func parseAllow(item string) (AllowNet, error) {
	i := strings.LastIndexByte(item, ':')
	if i < 0 || strings.HasSuffix(item, "]") {
		return AllowNet{}, fmt.Errorf("want PREFIX:PORT")
	}
	port, err := strconv.ParseUint(item[i+1:], 10, 16)
	if err != nil || port == 0 {
		return AllowNet{}, fmt.Errorf("port %q: want a number from 1 to 65535", item[i+1:])
	}
	prefix, err := parsePrefix(item[:i])
	return AllowNet{prefix, uint16(port)}, err
}

// parsePrefix reads a prefix or address; one of IPv6 stands in brackets, so
// that its last group is not taken for a port.
func parsePrefix(s string) (netip.Prefix, error) {
	text := s
	if inner, rest, ok := strings.Cut(s, "]"); ok {
		text = strings.TrimPrefix(inner, "[") + rest
	} else if strings.Contains(s, ":") {
		return netip.Prefix{}, fmt.Errorf("prefix %q: IPv6 needs brackets, [::1]/128:8080", s)
	}
	if !strings.Contains(text, "/") {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return netip.Prefix{}, fmt.Errorf("prefix %q: %w", s, err)
		}
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("prefix %q: %w", s, err)
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}

// A guard decides which addresses may be connected to. It sits in the dialer,
// behind name resolution, so that no spelling of a host, no redirect and no
// answer of a name server gets around it.
type guard struct {
	public *ssrf.Guardian
	allow  []AllowNet
}

// newGuard refuses all that IANA calls special, everything outside 2000::/3,
// and ports other than 80 and 443, except what allow names.
func newGuard(allow []AllowNet) *guard {
	// Azure's wire server has a public address and answers with secrets of the
	// virtual machine that asks; the library does not know it.
	azure := netip.MustParsePrefix("168.63.129.16/32")
	return &guard{public: ssrf.New(ssrf.WithDeniedV4Prefixes(azure)), allow: allow}
}

// A refusal is the error of the guard.
type refusal struct {
	address string
	why     error
}

func (r *refusal) Error() string { return r.why.Error() }

// control is a [net.Dialer.ControlContext].
func (g *guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if err := g.check(network, address); err != nil {
		return &refusal{address, err}
	}
	return nil
}

// check says why a connection to the address is refused; nil = it is not.
func (g *guard) check(network, address string) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("network %s is not TCP", network)
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q is not understood", address)
	}
	if ap.Addr().Zone() != "" {
		return fmt.Errorf("%s is bound to a local interface", ap.Addr())
	}
	ap = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	for _, a := range g.allow {
		if a.Port == ap.Port() && a.Prefix.Contains(ap.Addr()) {
			return nil
		}
	}
	if err := g.public.SafeAddr(ap.Addr()); err != nil {
		return fmt.Errorf("%s is not a public address", ap.Addr())
	}
	if err := g.public.SafeAddrPort(ap); err != nil {
		return fmt.Errorf("port %d is neither 80 nor 443", ap.Port())
	}
	return nil
}
