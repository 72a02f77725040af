package extract

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"stet/internal/news"
)

// rule makes a rule with an ID.
func rule(t testing.TB, id int64, selector, pattern string) Ignore {
	t.Helper()
	r, err := ParseIgnore(selector, pattern)
	if err != nil {
		t.Fatal(err)
	}
	r.ID = id
	return r
}

const ignorePage = `<html><body><main class="story"><h1>The ferry sails again</h1>
<p class="x1">The ferry between Oldharbour and Tern Island will sail twice a day from Monday.</p>
<div class="x2 tip"><p>The harbour board said that the boat had been repaired at a cost of 12,000 crowns.</p></div>
<p class="x3"><span class="aside">Passengers must book a place on the boat before they come to the harbour.</span></p>
<p class="x4">Fares stay the same, <span class="aside">said the board</span>, and children under six travel free of charge.</p>
<figure><img src="f.jpg"><figcaption class="tip">The ferry in the dock</figcaption></figure>
<p class="x5">The first boat leaves at seven in the morning, the last one at nine in the evening.</p>
</main></body></html>`

func TestIgnore(t *testing.T) {
	for _, tt := range []struct{ name, selector, pattern, gone string }{
		{"an element around the block", "div.tip", "", "harbour board"},
		{"an inline element around all of the text", "span.aside", "", "Passengers"},
		{"a caption", "figcaption", "", "in the dock"},
		{"a pattern alone", "", `\d+,000 crowns`, "harbour board"},
		{"selector and pattern must both hold", "main p", "^The first", "first boat"},
		{"the element itself", "p[class='x5']", "", "first boat"},
		{"a list of selectors", "p.x5, p.x1", "", "first boat|twice a day"},
		{"an outer element and a child", "main > div > p", "", "harbour board"},
		{"the next element", "p.x3 + p", "", "Fares"},
		{"all that follow", "p.x3 ~ p", "", "Fares|first boat"},
		{"not", "main > p:not(.x1, .x3):not(.x4)", "", "first boat"},
		{"the standfirst cannot be what is kept out", "p.x1", "", "twice a day"},
		{"nothing matches", "p.x9, nav *", "", ""},
	} {
		r := Read(Page{Status: 200, Body: []byte(ignorePage), Ignore: []Ignore{rule(t, 7, tt.selector, tt.pattern)}})
		if r.Outcome != news.OK {
			t.Errorf("%s: %s (%s)", tt.name, r.Outcome, r.Reason)
			continue
		}
		gone := 0
		for _, b := range r.Blocks {
			ruled := false
			for w := range strings.SplitSeq(tt.gone, "|") {
				ruled = ruled || w != "" && strings.Contains(b.Text, w)
			}
			if ruled {
				gone++
			}
			if want := map[bool]int64{true: 7}[ruled]; b.Rule != want {
				t.Errorf("%s: block %q has rule %d, want %d", tt.name, clip(b.Text, 40), b.Rule, want)
			}
			if b.Rule != 0 && (b.Body || strings.Contains(r.Content.Text()+r.Content.Standfirst, b.Text)) {
				t.Errorf("%s: block %q is in the article", tt.name, clip(b.Text, 40))
			}
		}
		if (gone == 0) != (tt.gone == "") {
			t.Errorf("%s: %d blocks kept out", tt.name, gone)
		}
	}
}

func TestFirstRuleIsNamed(t *testing.T) {
	rules := []Ignore{rule(t, 0, "p", ""), rule(t, 5, "", "no such text"), rule(t, 9, "p.x5", ""), rule(t, 4, "", "boat")}
	want := map[string]int64{"first boat": 9, "repaired": 4, "twice a day": 0}
	for _, b := range Read(Page{Status: 200, Body: []byte(ignorePage), Ignore: rules}).Blocks {
		for text, id := range want {
			if strings.Contains(b.Text, text) && b.Rule != id {
				t.Errorf("block %q has rule %d, want %d", clip(b.Text, 40), b.Rule, id)
			}
		}
	}
}

func TestIgnoreOnDeclaredBody(t *testing.T) {
	body := `<html><head><script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry sails again","articleBody":"` +
		strings.Repeat(sentence, 4) + `\nAsk our desk.\n` + strings.Repeat(sentence, 3) + `"}</script></head><body><h1>The ferry sails again</h1></body></html>`
	r := Read(Page{Status: 200, Body: []byte(body), Ignore: []Ignore{rule(t, 3, "", "^Ask our")}})
	if text := r.Content.Text(); r.Outcome != news.OK || strings.Contains(text, "Ask our") || !strings.Contains(text, "Tern Island") {
		t.Errorf("%s: %q", r.Outcome, text)
	}
}

func TestParseIgnoreRefuses(t *testing.T) {
	parts := func(n int) string { return strings.TrimSuffix(strings.Repeat("p>", n), ">") }
	for _, ok := range [][2]string{
		{strings.Repeat("x", MaxSelector), ""}, {"", strings.Repeat("x", news.MaxPattern)}, {parts(MaxParts), ""},
		{`a[href^="https://x y/[("]`, ""}, {`#a\:b.c\>d`, ""}, {"  p ,\n li  ", ""}, {"p:NOT( .a , [b=')'] )", ""}, {"*", ""},
	} {
		if _, err := ParseIgnore(ok[0], ok[1]); err != nil {
			t.Errorf("ParseIgnore(%.40q, %.40q): %v", ok[0], ok[1], err)
		}
	}
	for _, bad := range []struct{ selector, pattern, want string }{
		{"", "", "neither selector nor pattern"}, {" \n", "", "neither"},
		{strings.Repeat("x", MaxSelector+1), "", "want at most 512"}, {"", strings.Repeat("x", news.MaxPattern+1), "want at most 1024"},
		{parts(MaxParts + 1), "", "more than 16 parts"}, {"", "(", "missing closing"}, {"p:hover", "", "only :not()"},
		{"li:nth-child(2)", "", "only :not()"}, {"p:has(a)", "", "only :not()"}, {"p::before", "", "only :not()"}, {"p:not(a b)", "", "combinator inside"},
		{"p:not(a>b)", "", "combinator inside"}, {`a[b="c]`, "", "quotation mark"}, {"p >", "", ""}, {"> p", "", ""}, {"p,", "", ""}, {"a[b", "", ""}, {"p:not(a", "", ""}, {"p)", "", ""},
		{`p\`, "", ""}, {"p{}", "", ""},
	} {
		_, err := ParseIgnore(bad.selector, bad.pattern)
		if err == nil || !strings.Contains(err.Error(), bad.want) || !strings.HasPrefix(err.Error(), "ignore rule: ") {
			t.Errorf("ParseIgnore(%.40q, %.40q): error %v, want %q", bad.selector, bad.pattern, err, bad.want)
		}
	}
}

func TestIgnoreLimits(t *testing.T) {
	rules := make([]Ignore, MaxIgnore+1)
	for i := range rules {
		rules[i] = rule(t, int64(i+1), fmt.Sprintf("p.c%d", i+1), "")
	}
	body := fmt.Sprintf("<body><p class=c%d>one harbour</p><p class=c%d>two harbours</p></body>", MaxIgnore, MaxIgnore+1)
	if b := Read(Page{Status: 200, Body: []byte(body), Ignore: rules}).Blocks; b[0].Rule != MaxIgnore || b[1].Rule != 0 {
		t.Errorf("rules %d and %d, want %d and 0", b[0].Rule, b[1].Rule, MaxIgnore)
	}
	for pad, want := range map[int]int64{MaxIgnoredText - 4: 1, MaxIgnoredText - 3: 0} {
		p := Page{Status: 200, Body: []byte("<p>" + strings.Repeat("x", pad) + "here"), Ignore: []Ignore{rule(t, 1, "", "here")}}
		if b := Read(p).Blocks; b[0].Rule != want {
			t.Errorf("pattern at byte %d: rule %d, want %d", pad, b[0].Rule, want)
		}
	}
	root := parse("<body>" + strings.Repeat("<br>", MaxSelected) + "</body>")
	if n := len(ignored(root, []Ignore{rule(t, 1, "br", "")})); n != MaxSelected-3 { // html, head and body count
		t.Errorf("%d elements selected", n)
	}
}

// TestIgnoreIsBounded asks dear selectors of pages made to hurt.
func TestIgnoreIsBounded(t *testing.T) {
	rules := []Ignore{rule(t, 1, strings.TrimSpace(strings.Repeat("* ", MaxParts)), ""), rule(t, 2, strings.Repeat("*~", MaxParts-1)+"*", ""), rule(t, 3, "", "(a|b)*c$")}
	for _, name := range []string{"100,000 sibling divs", "nested lists of 400 levels", "100,000 nested divs", "117,000 paragraphs"} {
		p := Page{Status: 200, Body: []byte(bombs()[name]), Ignore: rules}
		start := time.Now()
		check(t, p, Read(p))
		if took := time.Since(start); took > maxBomb {
			t.Errorf("%s took %v", name, took)
		}
	}
}

// TestSelectorsAgree holds the walk to the compiler of selectors, on selectors
// and trees that are thrown together.
func TestSelectorsAgree(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	hits := 0
	for range 3000 {
		selector, page := "", ""
		for range 1 + rnd.IntN(4) {
			selector += pick("p", "div", "*", "b.x", ".x", "[title]", "div:not(.x, [title])", "#i") + pick(" ", ">", " + ", "~", ", ")
		}
		selector += pick("p", "div", "*", ".x")
		for range rnd.IntN(25) {
			page += pick("<div>", "<div class=x>", "<p>", "<p class='y x'>", "<b class=x>", "<b title=1>", "</div>", "</div>", "</p>", "text", "<!-- -->", "<div id=i>")
		}
		group, err := cascadia.ParseGroup(selector)
		if err != nil {
			t.Fatal(err)
		}
		root := parse(page)
		got := ignored(root, []Ignore{rule(t, 1, selector, "")})
		hits += len(got)
		each(root, func(n *html.Node) {
			if n.Type == html.ElementNode && group.Match(n) != (got[n] != 0) {
				t.Errorf("selector %q in %q on <%s>: %v, want %v", selector, page, n.Data, got[n] != 0, group.Match(n))
			}
		})
	}
	if hits < 1000 {
		t.Errorf("only %d elements were selected", hits)
	}
}

// FuzzIgnore holds rules to their law: a selector that is taken selects what
// the compiler of selectors would.
func FuzzIgnore(f *testing.F) {
	for _, s := range []string{"p", "main > p:not(.x1, .x3)", "div p, span ~ span", "figure + p[class]", `p[class="x 4"]`, "a\\", "p:not(a", ".x3 *,", "* * * p"} {
		f.Add(s, "boat", ignorePage)
	}
	f.Fuzz(func(t *testing.T, selector, pattern, page string) {
		r, err := ParseIgnore(selector, pattern)
		if err != nil || len(page) > 4<<10 {
			return
		}
		r.ID = 1
		check(t, Page{Body: []byte(page)}, Read(Page{Body: []byte(page), Ignore: []Ignore{r}}))
		group, err := cascadia.ParseGroup(strings.TrimSpace(selector))
		root := parse(page)
		if err != nil || root == nil || len(r.parts) > 5 {
			return
		}
		got := ignored(root, []Ignore{r})
		each(root, func(n *html.Node) {
			if n.Type == html.ElementNode && group.Match(n) != (got[n] != 0) {
				t.Errorf("selector %q on <%s>: %v, want %v", selector, n.Data, got[n] != 0, group.Match(n))
			}
		})
	})
}
