package crawl

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each file: why, a robots.txt, and lines "allow|deny AGENT TARGET".
func TestRobotsFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/robots/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(data), "-- robots.txt --\n")
		text, want, ok := strings.Cut(text, "-- want --\n")
		if !ok {
			t.Fatalf("%s: want two parts, robots.txt and want", name)
		}
		for _, ending := range []string{"\n", "\r\n", "\r"} {
			r := ParseRobots([]byte("\ufeff" + strings.ReplaceAll(text, "\n", ending)))
			for line := range strings.Lines(want) {
				f := strings.Fields(line)
				if v := r.AllowedURL(f[1], f[2]); v.Allowed != (f[0] == "allow") || v.Why == "" {
					t.Errorf("%s, lines end in %q: %s: got %+v", name, ending, strings.TrimSpace(line), v)
				}
			}
		}
	}
}

func TestRobotsVerdict(t *testing.T) {
	r := ParseRobots([]byte("User-agent: *\nAllow: /a\nDisallow: /b\n"))
	tests := []struct {
		target string
		want   Verdict
	}{
		{"/b/1", Verdict{false, "Disallow: /b", "*", "disallowed by Disallow: /b"}},
		{"/a/1", Verdict{true, "Allow: /a", "*", "allowed by Allow: /a"}},
		{"/c", Verdict{true, "", "*", "no rule of the group * matches"}},
	}
	for _, x := range tests {
		if got := r.AllowedURL("stet", x.target); got != x.want {
			t.Errorf("%s: got %+v, want %+v", x.target, got, x.want)
		}
	}
	if got := new(Robots).Allowed("stet", "/"); !got.Allowed || got.Group != "" {
		t.Errorf("no robots.txt: got %+v", got)
	}
}

func TestRobotsDelay(t *testing.T) {
	tests := []struct {
		name, line string
		want       time.Duration
	}{
		{"plain", "5", 5 * time.Second},
		{"a fraction", "0.5", 500 * time.Millisecond},
		{"at the limit", "60", MaxCrawlDelay},
		{"over the limit", "61", MaxCrawlDelay},
		{"absurd", "1e300", MaxCrawlDelay},
		{"infinite", "inf", MaxCrawlDelay},
		{"zero", "0", 0},
		{"negative", "-3", 0},
		{"not a number", "nan", 0},
		{"words", "a while", 0},
	}
	for _, x := range tests {
		r := ParseRobots([]byte("User-agent: *\nCrawl-delay: " + x.line + "\nDisallow: /x\n"))
		if got := r.Delay("stet"); got != x.want {
			t.Errorf("%s: got %v, want %v", x.name, got, x.want)
		}
	}
	own := ParseRobots([]byte("User-agent: *\nCrawl-delay: 9\nAllow: /\nUser-agent: stet\nAllow: /\n"))
	if got := own.Delay("stet"); got != 0 {
		t.Errorf("the delay of others: got %v", got)
	}
}

func TestRobotsSitemaps(t *testing.T) {
	var b strings.Builder
	for i := range MaxSitemaps + 1 {
		fmt.Fprintf(&b, "Sitemap: https://press.example.org/%d.xml\n", i)
	}
	got := ParseRobots([]byte(b.String())).Sitemaps()
	if len(got) != MaxSitemaps || got[0] != "https://press.example.org/0.xml" {
		t.Errorf("got %d sitemaps, first %q", len(got), got[0])
	}
}

// A rule that the limit cuts in two must not become a wider rule.
func TestRobotsLimit(t *testing.T) {
	head := "User-agent: *\n#"
	last := "\nDisallow: /secret"
	fits := head + strings.Repeat("x", MaxRobots-len(head)-len(last)) + last
	if ParseRobots([]byte(fits)).Allowed("stet", "/secret").Allowed {
		t.Error("the last rule within the limit was ignored")
	}
	if !ParseRobots([]byte(fits+"ive")).Allowed("stet", "/secret").Allowed {
		t.Error("a rule cut by the limit was used")
	}
}

// slowMatch is the matcher as one would specify it.
func slowMatch(pattern, target string) bool {
	switch {
	case pattern == "":
		return true
	case pattern == "$":
		return target == ""
	case pattern[0] == '*':
		return slowMatch(pattern[1:], target) || target != "" && slowMatch(pattern, target[1:])
	}
	return target != "" && target[0] == pattern[0] && slowMatch(pattern[1:], target[1:])
}

func TestMatchAgreesWithItsSpecification(t *testing.T) {
	words := []string{""}
	for range 6 {
		for _, w := range words {
			for _, c := range "ab*" {
				words = append(words, w+string(c))
			}
		}
		words = words[len(words)-min(len(words), 1500):]
	}
	n := 0
	for i, pattern := range words {
		target := strings.ReplaceAll(words[(i*7919)%len(words)], "*", "b")
		for _, end := range []string{"", "$"} {
			n++
			if got, want := match(pattern+end, target), slowMatch(pattern+end, target); got != want {
				t.Fatalf("match(%q, %q) = %v", pattern+end, target, got)
			}
		}
	}
	if n < 1000 {
		t.Fatalf("only %d pairs", n)
	}
}

func TestMatchManyStars(t *testing.T) {
	r := ParseRobots([]byte("User-agent: *\nDisallow: /" + strings.Repeat("*a", 2000) + "b\n"))
	if !r.AllowedURL("stet", "/"+strings.Repeat("a", MaxURL)).Allowed {
		t.Error("no b, yet it matches")
	}
}

// The reference cases of the authors of RFC 9309: all right, none waived.
func TestRobotsReferenceCases(t *testing.T) {
	data := hostile(t, "robotstxt/robots_cases.json")["hostile/robotstxt/robots_cases.json"]
	var cases []struct {
		Test, Robots, UA, URL string
		Allowed               bool
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) != 140 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, x := range cases {
		target := ""
		if _, rest, ok := strings.Cut(x.URL, "://"); ok {
			if i := strings.IndexByte(rest, '/'); i >= 0 {
				target = rest[i:]
			}
		}
		if v := ParseRobots([]byte(x.Robots)).Allowed(x.UA, target); v.Allowed != x.Allowed {
			t.Errorf("%s: %q asks for %q: %+v in\n%s", x.Test, x.UA, x.URL, v, x.Robots)
		}
	}
}

func TestRobotsBombs(t *testing.T) {
	files := hostile(t, "generated/bombs/robots-")
	if len(files) != 2 {
		t.Fatalf("%d files", len(files))
	}
	long := ParseRobots(files["hostile/generated/bombs/robots-600k.txt"])
	if long.Allowed("stet", "/a005999/"+strings.Repeat("y", 80)).Allowed {
		t.Error("the last rule of 600 KB was not read")
	}
	stars := ParseRobots(files["hostile/generated/bombs/robots-redos.txt"])
	stars.AllowedURL("stet", "/"+strings.Repeat("a", MaxURL))
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%61\nCrawl-delay: 3\nSitemap: /s\n", "stet", "/a?b")
	f.Add("user-agent stet\rdisallow /\r\n#", "STET", "")
	f.Add("\ufeffUser-agent:\nDisallow: %\xff%4", "", "/%4\xff")
	f.Fuzz(func(t *testing.T, text, agent, target string) {
		r := ParseRobots([]byte(text))
		for _, v := range []Verdict{r.Allowed(agent, target), r.AllowedURL(agent, target)} {
			if v.Why == "" || !v.Allowed && v.Rule == "" {
				t.Errorf("verdict without reason: %+v", v)
			}
		}
		if d := r.Delay(agent); d < 0 || d > MaxCrawlDelay {
			t.Errorf("delay %v", d)
		}
		if once := plainTarget(target); plainTarget(once) != once && !strings.Contains(target, "%") {
			t.Errorf("normal form of %q is not stable", target)
		}
	})
}
