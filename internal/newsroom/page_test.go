package newsroom

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAgo(t *testing.T) {
	for _, tc := range []struct {
		d    time.Duration
		want string
	}{
		{-time.Minute, "just now"},
		{59 * time.Second, "just now"},
		{time.Minute, "1 minute ago"},
		{119 * time.Second, "1 minute ago"},
		{2 * time.Minute, "2 minutes ago"},
		{59 * time.Minute, "59 minutes ago"},
		{time.Hour, "1 hour ago"},
		{2 * time.Hour, "2 hours ago"},
		{48*time.Hour - 1, "47 hours ago"},
		{48 * time.Hour, "2 days ago"},
	} {
		if got := ago(tc.d); got != tc.want {
			t.Errorf("ago(%v) = %q, want %q", tc.d, got, tc.want)
		}
	}
}

// TestParts: furniture stands between two paragraphs only, never in a list, nor
// first or last, and no block is lost or moved by it.
func TestParts(t *testing.T) {
	p := testPaper(t)
	kinds := []blockKind{paragraph, paragraph, subhead, listItem, listItem, paragraph, paragraph, paragraph, quotation, postHead, paragraph}
	var blocks []block
	for i, k := range kinds {
		blocks = append(blocks, block{kind: k, text: fmt.Sprintf("block %d", i)})
	}
	met := 0
	for request := range uint64(200) {
		v := p.view("http://lantern.example", "/", 0, request)
		var lines []string
		parts := p.parts(v, blocks)
		for i, x := range parts {
			if x.Advert != nil || x.More != nil {
				met++
				if i == 0 || i == len(parts)-1 || parts[i-1].Text == "" || parts[i+1].Text == "" {
					t.Fatalf("request %d: furniture at %d is not between paragraphs", request, i)
				}
				continue
			}
			lines = append(lines, x.List...)
			if s := x.Text + x.Head + x.Quote + x.Post; s != "" {
				lines = append(lines, s)
			}
		}
		if want := (text{blocks: blocks}).lines(); !slices.Equal(lines, want) {
			t.Fatalf("request %d: %v", request, lines)
		}
	}
	if met == 0 {
		t.Error("no furniture in 200 requests")
	}
}

// TestLongestBodyHasRoom: slots for furniture reach over the longest article
// but not over any length.
func TestLongestBodyHasRoom(t *testing.T) {
	p := testPaper(t)
	for request := range uint64(50) {
		for i := range p.furnish(0, request).slots {
			if i < 2 || i >= maxSlots {
				t.Errorf("request %d: furniture before block %d", request, i)
			}
		}
	}
}

// TestState follows one article through an edit without notice, a date that
// moves, trouble and a new path.
func TestState(t *testing.T) {
	a, err := parseArticle([]byte(strings.TrimSpace(head) + `

=== 1h00 silent: a word
change: Text
into: Words

=== 2h00 bump announced: the date
=== 3h00..4h00 paywall: a wall
=== 5h00 move: elsewhere
to: /b
=== 6h00 gone: for good
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		at                  time.Duration
		text                string
		modified, announced time.Duration
		edition             int
		path                string
		trouble, end        kind
	}{
		{0, "Text.", 0, 0, 1, "/a", "", ""},
		{time.Hour - 1, "Text.", 0, 0, 1, "/a", "", ""},
		{time.Hour, "Words.", 0, 0, 2, "/a", "", ""},
		{2 * time.Hour, "Words.", 2 * time.Hour, 2 * time.Hour, 3, "/a", "", ""},
		{3 * time.Hour, "Words.", 2 * time.Hour, 2 * time.Hour, 3, "/a", paywall, ""},
		{4*time.Hour - 1, "Words.", 2 * time.Hour, 2 * time.Hour, 3, "/a", paywall, ""},
		{4 * time.Hour, "Words.", 2 * time.Hour, 2 * time.Hour, 3, "/a", "", ""},
		{5 * time.Hour, "Words.", 2 * time.Hour, 2 * time.Hour, 3, "/b", "", ""},
		{6 * time.Hour, "Words.", 2 * time.Hour, 2 * time.Hour, 3, "/b", "", gone410},
	} {
		s, ok := a.at(tc.at)
		if !ok || s.text.blocks[0].text != tc.text || s.modified != tc.modified || s.announced != tc.announced ||
			s.edition != tc.edition || s.path != tc.path || s.trouble != tc.trouble || s.end != tc.end {
			t.Errorf("at %v: %+v", tc.at, s)
		}
	}
	if _, ok := a.at(-1); ok {
		t.Error("published before its time")
	}
}

// TestEditLeavesTheOldText: an edit makes a new text and does not reach into
// the one before it.
func TestEditLeavesTheOldText(t *testing.T) {
	for _, a := range testPaper(t).articles {
		first := a.moments[0].text
		again, err := first.clone().edit("add: One more block.\nheadline: Another headline\nmove: One more\nbefore: " + first.blocks[0].text)
		if err != nil {
			t.Fatalf("%s: %v", a.path, err)
		}
		if again.same(first) || slices.Contains(first.lines(), "One more block.") || again.blocks[0].text != "One more block." {
			t.Errorf("%s: the first text is touched", a.path)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, tc := range []struct {
		field string
		want  bool
	}{
		{`W/"a"`, true}, {`"a"`, true}, {`"b", W/"a"`, true}, {`*`, true},
		{``, false}, {`"b"`, false}, {`a`, false}, {`,`, false},
	} {
		if got := matches(tc.field, `W/"a"`); got != tc.want {
			t.Errorf("If-None-Match %s: %t", tc.field, got)
		}
	}
}

// TestPictures are well-formed, and one for each path.
func TestPictures(t *testing.T) {
	p := testPaper(t)
	seen := map[string]string{}
	for _, a := range p.articles {
		if a.caption == "" {
			continue
		}
		w := get(p, picturePath(a))
		d := xml.NewDecoder(bytes.NewReader(w.Body.Bytes()))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", a.path, err)
			}
		}
		if other := seen[w.Body.String()]; other != "" {
			t.Errorf("%s and %s have one picture", a.path, other)
		}
		seen[w.Body.String()] = a.path
	}
}

// TestAddressesFollowTheHost: the paper names itself as it was asked for, and
// a Host that is no name cannot break out of a page.
func TestAddressesFollowTheHost(t *testing.T) {
	p := testPaper(t)
	for _, host := range []string{"127.0.0.1:8123", "[::1]:80", `x"><script>alert(1)</script>`} {
		q := request{path: "/town/swing-bridge-toll-plan", base: "http://" + host}
		page := p.answer(q)
		if page.status != 200 {
			t.Fatalf("%s: %d", host, page.status)
		}
		if bytes.Contains(page.body, []byte("<script>alert")) {
			t.Errorf("host %s breaks out of the page", host)
		}
		for _, feed := range p.Feeds() {
			if doc, _ := p.feed(feed, q.base, 0); bytes.Contains(doc, []byte("<script>alert")) {
				t.Errorf("host %s breaks out of %s", host, feed)
			}
		}
		if strings.HasPrefix(host, "127") && !bytes.Contains(page.body, []byte(`href="http://127.0.0.1:8123/town/swing-bridge-toll-plan"`)) {
			t.Error("the canonical link does not follow the host")
		}
	}
}

// TestConcurrentReaders: requests at once each get their own furniture.
func TestConcurrentReaders(t *testing.T) {
	p := testPaper(t)
	pages := make([]string, 16)
	var wg sync.WaitGroup
	for i := range pages {
		wg.Go(func() { pages[i] = get(p, "/opinion/in-praise-of-public-benches").Body.String() })
	}
	wg.Wait()
	slices.Sort(pages)
	if n := len(slices.Compact(pages)); n != 16 {
		t.Errorf("%d different pages in 16 requests", n)
	}
}

// TestDefaults: a paper without options opens now.
func TestDefaults(t *testing.T) {
	before := time.Now()
	p := New(Options{})
	if p.Start().Before(before) || p.Start().After(time.Now()) {
		t.Errorf("start %v", p.Start())
	}
	if Day() < 30*time.Hour || Day() > 36*time.Hour {
		t.Errorf("a day of %v", Day())
	}
	truths := p.Truths()
	if !slices.IsSortedFunc(truths, func(a, b Truth) int { return a.At.Compare(b.At) }) {
		t.Error("truths are not in time order")
	}
	if last := truths[len(truths)-1].At; !last.Before(p.Start().Add(Day())) {
		t.Errorf("something happens at %v, after the day", last)
	}
}
