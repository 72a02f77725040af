package crawl

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"stet/internal/news"
	"strings"

	"golang.org/x/net/idna"
)

// MaxURL is the longest address that is asked for, in bytes.
const MaxURL = 8 << 10

// parseURL reads an address that we may ask for: http or https, a host, no
// user name or password. The result has a lower-case ASCII host (IDNA), no
// fragment, and nothing in its query that would break a request line.
func parseURL(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > MaxURL {
		return nil, fmt.Errorf("address is longer than %d bytes", MaxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err // the address itself is known to the caller
		}
		return nil, err
	}
	return u, checkURL(u)
}

// checkURL brings a parsed address into the form that parseURL promises.
func checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("scheme %q is neither http nor https", clip(u.Scheme, 20))
	}
	if u.User != nil {
		return errors.New("address carries a user name or password")
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return err
	}
	port := u.Port()
	if port == defaultPort(u.Scheme) {
		port = ""
	}
	switch {
	case port != "":
		u.Host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		u.Host = "[" + host + "]"
	default:
		u.Host = host
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escapeQuery(u.RawQuery)
	if u.Path == "" {
		u.Path = "/"
	}
	if len(u.String()) > MaxURL {
		return fmt.Errorf("address is longer than %d bytes", MaxURL)
	}
	return nil
}

// asciiHost gives the host as it is looked up: an IP address in its shortest
// spelling, a name in lower-case ASCII.
func asciiHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", errors.New("host has a zone")
		}
		return addr.String(), nil
	}
	ascii, err := host, error(nil)
	if !isASCII(host) {
		if ascii, err = idna.Lookup.ToASCII(host); err != nil {
			return "", fmt.Errorf("host %q: %w", clip(host, 80), err)
		}
	}
	ascii = strings.ToLower(ascii)
	if strings.Trim(ascii, ".") == "" {
		return "", errors.New("address has no host")
	}
	for i := range len(ascii) {
		if c := ascii[i]; !unreserved(c) || c == '~' {
			return "", fmt.Errorf("host %q is not a name", clip(host, 80))
		}
	}
	return ascii, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// escapeQuery encodes what a query may not hold and addresses in the wild do.
func escapeQuery(q string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(q) {
		c := q[i]
		if c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// target is the path and query as sent, the part that robots.txt speaks of.
func target(u *url.URL) string { return u.RequestURI() }

// A place is where a request goes: a host, and the gate that it shares with
// others.
type place struct{ gate, host string }

// placeOf gives the place of an address. The gate is the registrable domain.
func placeOf(u *url.URL) place {
	host := hostKey(u)
	return place{gate: news.Domain(host), host: host}
}

// hostKey names a host: with the port unless it is a default one. Ports 80 and
// 443 are one server to be polite to.
func hostKey(u *url.URL) string {
	host, port := strings.TrimSuffix(u.Hostname(), "."), u.Port()
	if port == "" || port == "80" || port == "443" {
		return host
	}
	return net.JoinHostPort(host, port)
}

// sameArticle reports whether b is a again but for scheme, "www." and a final
// slash: whether validators that were kept for a may be sent to b.
func sameArticle(a, b *url.URL) bool {
	bare := func(u *url.URL) string {
		host, path := strings.TrimPrefix(hostKey(u), "www."), u.EscapedPath()
		return host + strings.TrimSuffix(path, "/") + "?" + u.RawQuery
	}
	return bare(a) == bare(b)
}

// clip shortens a text for a message.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
