package feed

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOPMLCases(t *testing.T) {
	cases(t, "opml", func(t *testing.T, files map[string]string) string {
		list, skipped, err := ParseOPML([]byte(files["opml"]))
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		out := lines(t, list)
		for _, s := range skipped {
			out += "skipped: " + s + "\n"
		}
		return out
	})
}

func TestOPMLRoundTrip(t *testing.T) {
	list := []Outline{
		{Title: "Top", URL: "https://top.example.org/rss"},
		{Title: "A & <b>", URL: "https://a.example.org/rss?x=1&y=2", Home: "https://a.example.org/", Category: "Papers/North", Language: "en"},
		{Title: "B\tb", URL: "https://b.example.org/atom", Category: "Papers/North"},
		{Title: "C", URL: "https://c.example.org/feed.json", Category: "Other"},
	}
	list[1].Title = "A & B" // markup is not part of a title
	list[2].Title = "B b"
	var b bytes.Buffer
	if err := WriteOPML(&b, "Mine & yours", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), append(list, Outline{Title: "bad", URL: "javascript:x"})); err != nil {
		t.Fatal(err)
	}
	got, skipped, err := ParseOPML(b.Bytes())
	if err != nil || len(skipped) > 0 || !slices.Equal(got, list) {
		t.Errorf("read %+v, skipped %q, %v from\n%s", got, skipped, err, b.String())
	}
	if !strings.Contains(b.String(), "<dateCreated>Fri, 02 Jan 2026 03:04:05 +0000</dateCreated>") {
		t.Errorf("no date in\n%s", b.String())
	}
}

func TestOPMLLimits(t *testing.T) {
	many := func(n int) []byte {
		var b strings.Builder
		b.WriteString("<opml>")
		for i := range n {
			fmt.Fprintf(&b, "<outline xmlUrl='https://x.example.org/%d'/>", i)
		}
		return []byte(b.String())
	}
	if got, skipped, err := ParseOPML(many(MaxOutlines)); len(got) != MaxOutlines || len(skipped) > 0 || err != nil {
		t.Errorf("at the limit: %d outlines, %d skipped, %v", len(got), len(skipped), err)
	}
	if got, skipped, err := ParseOPML(many(MaxOutlines + 2)); len(got) != MaxOutlines || len(skipped) != 2 || err != nil {
		t.Errorf("past the limit: %d outlines, %d skipped, %v", len(got), len(skipped), err)
	}
	if _, skipped, _ := ParseOPML(many(MaxOutlines + maxSkipped + 5)); len(skipped) != maxSkipped+1 || skipped[maxSkipped] != "5 more outlines were left out" {
		t.Errorf("too many to tell: %d lines", len(skipped))
	}
	deep := "<opml>" + strings.Repeat("<outline text='x'>", MaxDepth+50) + strings.Repeat("</outline>", MaxDepth+50) +
		"<outline xmlUrl='https://x.example.org/'/>"
	if got, _, err := ParseOPML([]byte(deep)); len(got) != 1 || got[0].Category != "" || err != nil {
		t.Errorf("deep: %+v, %v", got, err)
	}
	if _, _, err := ParseOPML(nil); !errors.Is(err, ErrNotFeed) {
		t.Errorf("nothing: %v", err)
	}
}
