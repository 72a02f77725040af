package news

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// MaxAddress is the longest address that stet takes, in bytes.
const MaxAddress = 2048

// An Address names a page. URL is what is asked for; Key is its identity, the
// same for all spellings of one page; Host is the politeness key.
type Address struct {
	URL  string // absolute http or https, cleaned of fragments and tracking
	Key  string // without scheme, "www.", "m.", AMP marks; sorted query
	Host string // lower case, with the port when it is not the scheme's own
}

// ParseAddress reads an address as a browser would (WHATWG URL: white space at
// the ends and line breaks inside are dropped, back slashes are slashes) and
// cleans it. base resolves relative references and may be nil.
//
// URL: host lower-case and in ASCII, default port, fragment, credentials and
// tracking parameters (utm_…, fbclid and their kin) removed, dot segments
// resolved. Key: moreover no scheme and no "www.", mobile and AMP variants
// folded into the plain address, query sorted, no trailing slash; a port that
// is not the scheme's own stays.
//
// Errors name the address: not http or https, no host, too long, unreadable.
func ParseAddress(raw string, base *url.URL) (Address, error) {
	s := clean(raw)
	if len(s) > MaxAddress {
		return Address{}, fmt.Errorf("address %.60q…: longer than %d bytes", s, MaxAddress)
	}
	u, err := url.Parse(s)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return Address{}, fmt.Errorf("address %q: %w", s, err)
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return Address{}, fmt.Errorf("address %q: want http:// or https://", s)
	}
	host, err := hostOf(u)
	if err != nil {
		return Address{}, fmt.Errorf("address %q: %w", s, err)
	}
	u.Host, u.User, u.Fragment, u.RawFragment = host, nil, "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	u = u.ResolveReference(u) // takes dot segments out
	u.RawQuery = cleanQuery(u.RawQuery)
	u.ForceQuery = false
	return Address{URL: u.String(), Key: key(*u), Host: host}, nil
}

// clean drops what browsers drop: C0 controls and spaces at the ends, tabs and
// line breaks anywhere; and turns back slashes before the query into slashes.
func clean(raw string) string {
	s := strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' })
	s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	if end := strings.IndexAny(s, "?#"); end >= 0 {
		return strings.ReplaceAll(s[:end], `\`, "/") + s[end:]
	}
	return strings.ReplaceAll(s, `\`, "/")
}

// hostOf is the host in ASCII and lower case, with the port unless it is the
// scheme's own.
func hostOf(u *url.URL) (string, error) {
	name, port := strings.TrimRight(u.Hostname(), "."), u.Port()
	if name == "" {
		return "", errors.New("no host")
	}
	if net.ParseIP(name) == nil {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			// Underscores and the like are live on the web although IDNA bars
			// them; anything ASCII is asked for as it is.
			if ascii = strings.ToLower(name); strings.ContainsFunc(ascii, func(r rune) bool { return r > 0x7e || r <= ' ' }) {
				return "", fmt.Errorf("host %q: %w", name, err)
			}
		}
		name = ascii
	}
	if strings.Contains(name, ":") {
		name = "[" + strings.ToLower(name) + "]"
	}
	if port == "" || (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		return name, nil
	}
	return name + ":" + port, nil
}

// tracking are query parameters that name the reader's way to a page, never
// the page; a trailing * stands for any ending. The list is data: it grows by
// what is seen on news sites.
var tracking = []string{
	"utm_*", "at_*", "ns_*", "mc_*", "pk_*", "mtm_*", "piwik_*", "hsa_*", "wt_*", "wt.*", "__twitter_impression",
	"fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh", "li_fat_id",
	"ocid", "cmpid", "cmp", "icid", "ito", "smid", "smtyp", "sref", "sr_share", "xtor", "s_cid", "ncid", "ftag",
	"_ga", "_gl", "_hsenc", "_hsmi", "vero_id", "wickedid", "spm", "share", "shared", "feedtype", "partner", "traffic_source",
}

func tracks(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(tracking, func(t string) bool {
		if stem, ok := strings.CutSuffix(t, "*"); ok {
			return strings.HasPrefix(name, stem)
		}
		return name == t
	})
}

// cleanQuery removes tracking parameters and keeps the rest as spelt, in order.
func cleanQuery(q string) string {
	var kept []string
	for p := range strings.SplitSeq(q, "&") {
		name, _, _ := strings.Cut(p, "=")
		if p != "" && !tracks(name) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

// key folds the spellings of one page: see ParseAddress.
func key(u url.URL) string {
	host := u.Host
	for _, p := range []string{"www.", "m.", "mobile.", "amp."} {
		if rest, ok := strings.CutPrefix(host, p); ok && strings.Contains(rest, ".") {
			host = rest
			break
		}
	}
	p := strings.TrimSuffix(u.EscapedPath(), "/")
	p = strings.TrimSuffix(p, "/amp")
	p = strings.TrimSuffix(p, ".amp")
	if rest, ok := strings.CutPrefix(p, "/amp/"); ok {
		p = "/" + rest
	}
	p = strings.TrimSuffix(p, "/index.html")
	params := strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' })
	params = slices.DeleteFunc(params, func(s string) bool {
		return s == "amp" || s == "amp=1" || s == "amp=true" || s == "outputType=amp"
	})
	slices.Sort(params)
	if len(params) > 0 {
		p += "?" + strings.Join(params, "&")
	}
	return host + p
}

// SameSite reports whether two hosts belong to one registrable domain (public
// suffix list plus one label); addresses by number must be equal, ports too.
func SameSite(a, b string) bool {
	if a == b {
		return true
	}
	ha, pa := splitPort(a)
	hb, pb := splitPort(b)
	if pa != pb || net.ParseIP(ha) != nil || net.ParseIP(hb) != nil {
		return false
	}
	da, err1 := publicsuffix.EffectiveTLDPlusOne(ha)
	db, err2 := publicsuffix.EffectiveTLDPlusOne(hb)
	return err1 == nil && err2 == nil && da == db
}

// Domain is the registrable domain of a host (public suffix list plus one label),
// without a port: the hosts of one are mostly one machine room, whatever the port.
// An IP address, and a name under no suffix of the list, is its own, with its port.
func Domain(host string) string {
	name, _ := splitPort(host)
	name = strings.TrimSuffix(name, ".")
	if net.ParseIP(name) != nil {
		return host
	}
	if suffix, icann := publicsuffix.PublicSuffix(name); icann || strings.Contains(suffix, ".") {
		if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
			return domain
		}
	}
	return host
}

func splitPort(host string) (name, port string) {
	if h, p, err := net.SplitHostPort(host); err == nil {
		return h, p
	}
	return strings.Trim(host, "[]"), ""
}
