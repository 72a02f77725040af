package crawl

import (
	"strconv"
	"strings"
	"time"
)

// Limits of a robots.txt file.
const (
	// MaxRobots is how many bytes of a robots.txt are read; what follows is
	// ignored. RFC 9309 §2.5 asks for at least 500 KiB.
	MaxRobots = 1_000_000
	// MaxCrawlDelay is the longest Crawl-delay that is obeyed; longer ones
	// count as this. The line is not part of RFC 9309, but widely written.
	MaxCrawlDelay = time.Minute
	// MaxSitemaps is how many Sitemap lines of one file are kept.
	MaxSitemaps = 1000
)

// Robots is a parsed robots.txt (RFC 9309). The zero value, and a file without
// any rule, allow everything.
type Robots struct {
	groups   []group
	sitemaps []string
}

// A group is what RFC 9309 §2.2 calls so: agents and the rules for them.
type group struct {
	agents []string // product tokens as written; "*" for everyone
	rules  []rule
	delay  time.Duration // of the Crawl-delay line; 0 = none
}

// A rule keeps its pattern in two spellings: see [Robots.Allowed] and
// [Robots.AllowedURL].
type rule struct {
	allow   bool
	text    string // as written, for the verdict
	literal string
	plain   string
}

// A Verdict says whether robots.txt lets us ask for an address, and by which
// rule.
type Verdict struct {
	Allowed bool
	Rule    string // the deciding line, "Disallow: /private"; empty when no rule matched
	Group   string // the product token of the group that applied, "*" for the one for everybody; empty = none
	Why     string // in words, for people
}

// ParseRobots reads a robots.txt. It never fails: what it does not understand
// it skips, as RFC 9309 §2.2 demands. Lines may end in CR, LF or both; a byte
// order mark is skipped; bytes after the first [MaxRobots] are ignored, and so
// is a line that they cut in two. As the reference implementation does, it
// takes white space for a missing colon and forgives common misspellings.
func ParseRobots(body []byte) *Robots {
	p := robotsParser{robots: &Robots{}}
	text := string(body)
	if len(text) > MaxRobots {
		text = text[:MaxRobots]
		text = text[:strings.LastIndexAny(text, "\r\n")+1] // half a rule would be a wider rule
	}
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		p.line(line)
	}
	return p.robots
}

// robotsParser holds the group that is being read.
type robotsParser struct {
	robots *Robots
	ruled  bool // the last group has a rule: the next user-agent line opens another
}

func (p *robotsParser) line(line string) {
	key, value, ok := splitLine(line)
	if !ok {
		return
	}
	switch key {
	case "user-agent", "useragent", "user agent":
		p.agent(value)
	case "allow":
		p.rule(true, value)
	case "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw":
		p.rule(false, value)
	case "crawl-delay", "crawldelay":
		p.delay(value)
	case "sitemap", "site-map": // belongs to no group, and ends none
		if value != "" && len(p.robots.sitemaps) < MaxSitemaps {
			p.robots.sitemaps = append(p.robots.sitemaps, value)
		}
	}
}

// splitLine gives the lower-case key and the value of a line, its comment
// taken off.
func splitLine(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	line = strings.TrimSpace(line)
	key, value, ok = strings.Cut(line, ":")
	if !ok {
		words := strings.Fields(line)
		if len(words) != 2 {
			return "", "", false
		}
		key, value = words[0], words[1]
	}
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), true
}

// agent adds a product token to the group, or opens a group. Only allow and
// disallow lines close the list of agents; any other line may stand among them.
func (p *robotsParser) agent(value string) {
	if i := strings.IndexAny(value, " \t/"); i >= 0 {
		value = value[:i]
	}
	groups := p.robots.groups
	if len(groups) == 0 || p.ruled {
		groups = append(groups, group{})
		p.ruled = false
	}
	g := &groups[len(groups)-1]
	g.agents = append(g.agents, value)
	p.robots.groups = groups
}

func (p *robotsParser) rule(allow bool, value string) {
	if len(p.robots.groups) == 0 {
		return
	}
	p.ruled = true
	if value == "" { // "Disallow:" forbids nothing
		return
	}
	name := "Disallow: "
	if allow {
		name = "Allow: "
	}
	g := &p.robots.groups[len(p.robots.groups)-1]
	g.rules = append(g.rules, rule{allow: allow, text: name + value,
		literal: literalPattern(value), plain: plainPattern(value)})
}

func (p *robotsParser) delay(value string) {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || !(seconds > 0) || len(p.robots.groups) == 0 {
		return
	}
	g := &p.robots.groups[len(p.robots.groups)-1]
	g.delay = MaxCrawlDelay
	if seconds < MaxCrawlDelay.Seconds() {
		g.delay = time.Duration(seconds * float64(time.Second))
	}
}

// Sitemaps lists the addresses of the Sitemap lines as written, at most
// [MaxSitemaps].
func (r *Robots) Sitemaps() []string { return r.sitemaps }

// Delay is the Crawl-delay for the agent, 0 when none is set, at most
// [MaxCrawlDelay]; the longest, when several groups apply.
func (r *Robots) Delay(token string) time.Duration {
	groups, _ := r.forAgent(token)
	var longest time.Duration
	for _, g := range groups {
		longest = max(longest, g.delay)
	}
	return longest
}

// forAgent gives all groups for the product token, compared without case, or
// those for everybody when none names it (RFC 9309 §2.2.1).
func (r *Robots) forAgent(token string) (groups []group, name string) {
	var everybody []group
	for _, g := range r.groups {
		own, all := g.names(token)
		if own {
			groups = append(groups, g)
		} else if all {
			everybody = append(everybody, g)
		}
	}
	if groups != nil {
		return groups, token
	}
	if everybody != nil {
		return everybody, "*"
	}
	return nil, ""
}

// names reports whether the group names the token, and whether it is for all.
func (g group) names(token string) (own, all bool) {
	for _, a := range g.agents {
		own = own || a != "" && strings.EqualFold(a, token)
		all = all || a == "*"
	}
	return own, all
}
