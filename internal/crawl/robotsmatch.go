package crawl

import "strings"

// Allowed decides about a target, the path and query of an address, for an
// agent's product token. The longest matching pattern wins, allow wins over a
// disallow of equal length, no match allows, and /robots.txt itself is always
// allowed (RFC 9309 §2.2.2). An empty target is "/". An allowed index page
// (/dir/index.html) allows its directory (/dir/), as search engines have it.
//
// The target is compared octet for octet as it is written, the contract of
// Google's reference implementation: the caller escapes. [Robots.AllowedURL]
// takes that care itself.
func (r *Robots) Allowed(token, target string) Verdict {
	return r.decide(token, target, func(x rule) string { return x.literal })
}

// AllowedURL is [Robots.Allowed] after both sides are brought to the form that
// RFC 9309 §2.2.2 compares: octets outside ASCII percent-encoded, encoded
// unreserved characters decoded, "*" and "$" of the target encoded. So
// "Disallow: /%7Eana" keeps us from "/~ana".
func (r *Robots) AllowedURL(token, target string) Verdict {
	return r.decide(token, plainTarget(target), func(x rule) string { return x.plain })
}

func (r *Robots) decide(token, target string, pattern func(rule) string) Verdict {
	if target == "" {
		target = "/"
	}
	groups, name := r.forAgent(token)
	if target == "/robots.txt" {
		return Verdict{Allowed: true, Group: name, Why: "robots.txt itself is always allowed"}
	}
	best, length := rule{allow: true}, -1
	for _, g := range groups {
		for _, x := range g.rules {
			n := matchLength(pattern(x), target, x.allow)
			if n > length || n == length && n >= 0 && x.allow {
				best, length = x, n
			}
		}
	}
	return verdict(best, name)
}

func verdict(x rule, group string) Verdict {
	v := Verdict{Allowed: x.allow, Rule: x.text, Group: group}
	switch {
	case group == "":
		v.Why = "robots.txt has no rules for us"
	case x.text == "":
		v.Why = "no rule of the group " + group + " matches"
	case x.allow:
		v.Why = "allowed by " + x.text
	default:
		v.Why = "disallowed by " + x.text
	}
	return v
}

// matchLength is the priority of a pattern that matches, its length in octets;
// -1 when it does not match.
func matchLength(pattern, target string, allow bool) int {
	if match(pattern, target) {
		return len(pattern)
	}
	if !allow {
		return -1
	}
	if i := strings.LastIndexByte(pattern, '/'); i >= 0 && strings.HasPrefix(pattern[i:], "/index.htm") {
		if dir := pattern[:i+1] + "$"; match(dir, target) {
			return len(dir)
		}
	}
	return -1
}

// match reports whether the pattern matches a beginning of the target, or all
// of it when the pattern ends in "$". Each piece between two stars is looked
// for once, leftmost, and never taken back: leftmost is always good enough
// when stars match anything. So the work is linear in both lengths, whatever
// the number of stars.
func match(pattern, target string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	piece, rest, star := strings.Cut(pattern, "*")
	if !strings.HasPrefix(target, piece) {
		return false
	}
	target = target[len(piece):]
	if !star {
		return !anchored || target == ""
	}
	for star {
		piece, rest, star = strings.Cut(rest, "*")
		if !star && anchored {
			return strings.HasSuffix(target, piece)
		}
		i := strings.Index(target, piece)
		if i < 0 {
			return false
		}
		target = target[i+len(piece):]
	}
	return true
}

// literalPattern escapes octets outside ASCII and writes escapes in capitals.
func literalPattern(s string) string {
	return respell(s, func(byte) bool { return false }, "")
}

// plainPattern also decodes unreserved characters; a "$" that is not the end
// of the pattern has no meaning of its own and is encoded like a target's.
func plainPattern(s string) string {
	body, anchored := strings.CutSuffix(s, "$")
	body = respell(body, unreserved, "$")
	if anchored {
		body += "$"
	}
	return body
}

func plainTarget(s string) string { return respell(s, unreserved, "$*") }

// respell writes s with each octet outside ASCII or in encode as %XX, each
// escape that decode accepts as the character itself, and the others in
// capitals.
func respell(s string, decode func(byte) bool, encode string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			if d := unhex(s[i+1])<<4 | unhex(s[i+2]); decode(d) {
				b.WriteByte(d)
			} else {
				b.WriteString(strings.ToUpper(s[i : i+3]))
			}
			i += 2
		case c >= 0x80 || strings.IndexByte(encode, c) >= 0:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unreserved are the characters of RFC 3986 §2.3.
func unreserved(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
