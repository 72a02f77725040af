package feed

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPlain(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{" a\n\tb ", "a b"},
		{"a&nbsp;b", "a b"},
		{"Tom &amp; Jerry", "Tom & Jerry"},
		{"Tom &amp;amp; Jerry", "Tom & Jerry"},
		{"Tom & Jerry; &c", "Tom & Jerry; &c"},
		{"?a=1&copy=2&lt=3", "?a=1&copy=2&lt=3"},
		{"&#8217;&#x2019;&#146;", "’’’"},
		{"&notit; &bogus; &semi;", "&notit; &bogus; ;"},
		{"<p>One</p><p>Two</p>", "One Two"},
		{"wa<b>t</b>er", "water"},
		{"a<br/>b", "a b"},
		{"x < y > z", "x < y > z"},
		{"<placeholder> and <name> stay", "<placeholder> and <name> stay"},
		{"<mrow id='x'>goes</mrow>", "goes"},
		{"a<!-- b -->c", "ac"},
		{"<style>p{}</style>Text<script>x<y</script>", "Text"},
		{"<", "<"},
		{"&lt;p&gt;All escaped twice&lt;/p&gt;", "All escaped twice"},
	} {
		if got := plain(tt.in); got != tt.want {
			t.Errorf("plain(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := plain(strings.Repeat("x", MaxPlain) + "y"); got != strings.Repeat("x", MaxPlain) {
		t.Errorf("plain past %d bytes gave %d", MaxPlain, len(got))
	}
}

func TestWebURL(t *testing.T) {
	base := address(t, "https://news.example.org/a/b?c")
	for _, tt := range []struct{ ref, want string }{
		{"", ""},
		{"d", "https://news.example.org/a/d"},
		{"//other.example.org", "https://other.example.org"},
		{"HTTP://other.example.org/X", "http://other.example.org/X"},
		{"?q=1", "https://news.example.org/a/b?q=1"},
		{"mailto:a@example.org", ""},
		{"https://", ""},
		{"http:///x", ""},
		{"https://[::1", ""},
		{"https://x.example.org/" + strings.Repeat("a", maxURL-len("https://x.example.org/")), "https://x.example.org/" + strings.Repeat("a", maxURL-len("https://x.example.org/"))},
		{"https://x.example.org/" + strings.Repeat("a", maxURL), ""},
	} {
		if got := webURL(base, tt.ref); got != tt.want {
			t.Errorf("webURL(%.60q) = %.60q, want %.60q", tt.ref, got, tt.want)
		}
	}
	if got := webURL(nil, "/relative"); got != "" {
		t.Errorf("relative without a base: %q", got)
	}
}

func TestPerson(t *testing.T) {
	for in, want := range map[string]string{
		"desk@x.example.org (Oda Brill)": "Oda Brill",
		"Oda Brill (desk@x.example.org)": "Oda Brill",
		"desk@x.example.org":             "desk@x.example.org",
		"Oda Brill":                      "Oda Brill",
		"Oda (the) Brill":                "Oda (the) Brill",
		"<name>Oda</name>":               "Oda",
		"a@b (":                          "a@b (",
	} {
		if got := person(in); got != want {
			t.Errorf("person(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTTL(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want time.Duration
	}{
		{"<ttl>60</ttl>", time.Hour},
		{"<ttl>1.5</ttl>", 90 * time.Second},
		{"<ttl>-1</ttl>", 0},
		{"<ttl>soon</ttl>", 0},
		{"<ttl>1e300</ttl>", MaxTTL},
		{"<ttl>525600</ttl>", MaxTTL},
		{"<ttl>525601</ttl>", MaxTTL},
		{"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 30 * time.Minute},
		{"<sy:updatePeriod>Weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 7 * 24 * time.Hour},
		{"<sy:updatePeriod>never</sy:updatePeriod>", 0},
	} {
		if got := parse(t, "<rss><channel>"+tt.in+"</channel></rss>").TTL; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.in, got, tt.want)
		}
	}
}

// TestEntrySizes checks the limits on one entry at their edges.
func TestEntrySizes(t *testing.T) {
	members := func(n int) string {
		return "<rss><channel><item>" + strings.Repeat("<a/>", n-1) + "<title>last</title></item><item><title>next</title></item></channel></rss>"
	}
	if d := parse(t, members(MaxMembers)); d.Entries[0].Title != "last" || len(d.Mended) > 0 {
		t.Errorf("members at the limit: %q, mended %q", d.Entries[0].Title, d.Mended)
	}
	if d := parse(t, members(MaxMembers+1)); d.Entries[0].Title != "" || d.Entries[1].Title != "next" || !mended(d, "1 element past") {
		t.Errorf("members past the limit: %+v, mended %q", d.Entries, d.Mended)
	}
	text := func(n int) string {
		return "<rss><channel><item><description>&lt;p>" + strings.Repeat("x", n-len("<p>")) + "</description></item></channel></rss>"
	}
	if d := parse(t, text(MaxText)); len(d.Entries[0].HTML) != MaxText || len(d.Mended) > 0 {
		t.Errorf("text at the limit: %d bytes, mended %q", len(d.Entries[0].HTML), d.Mended)
	}
	if d := parse(t, text(MaxText+1)); len(d.Entries[0].HTML) != MaxText || !mended(d, "1 text cut") {
		t.Errorf("text past the limit: %d bytes, mended %q", len(d.Entries[0].HTML), d.Mended)
	}
	var b strings.Builder
	for i := range maxList + 1 {
		fmt.Fprintf(&b, "<category>c%d</category>", i)
	}
	if d := parse(t, "<rss><channel><item>"+b.String()+"</item></channel></rss>"); len(d.Entries[0].Categories) != maxList {
		t.Errorf("%d categories, want %d", len(d.Entries[0].Categories), maxList)
	}
}

func TestLinkHeader(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []linkElement
	}{
		{"", nil},
		{"<a", nil},
		{"<a>", []linkElement{{href: "a"}}},
		{`<a>; rel="x Y"; type=T/U; title="p, q; \"r\""; rel=z, <b>;rel=next`, []linkElement{{"x y", "t/u", `p, q; "r"`, "a"}, {rel: "next", href: "b"}}},
		{`<a>; crossorigin; rel=x`, []linkElement{{rel: "x", href: "a"}}},
		{`<a>; title="never closed, <b>`, []linkElement{{title: "never closed, <b>", href: "a"}}},
	} {
		got := linkHeader(tt.in)
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("linkHeader(%q) = %+v, want %+v", tt.in, got, tt.want)
		}
	}
	if got := linkHeader(strings.Repeat("<a>,", maxCandidates+5)); len(got) != maxCandidates {
		t.Errorf("%d links, want %d", len(got), maxCandidates)
	}
}
