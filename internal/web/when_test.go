package web

import (
	"testing"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

// TestAgo: K18.
func TestAgo(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for want, d := range map[string]time.Duration{
		"just now": 59 * time.Second, "1 minute ago": time.Minute, "3 minutes ago": 3 * time.Minute, "99 minutes ago": 99 * time.Minute,
		"2 hours ago": freshFor - time.Second, "2 Mar 2026, 10:00 UTC": freshFor, "2 Mar 2026, 12:05 UTC": -5 * time.Minute,
	} {
		if got := ago(now.Add(-d), now); got != want {
			t.Errorf("ago(%v) = %q, want %q", d, got, want)
		}
	}
	if got := ago(time.Time{}, now); got != "never" {
		t.Errorf("ago(never) = %q", got)
	}
}

func TestSpan(t *testing.T) {
	const day = 24 * time.Hour
	for d, want := range map[time.Duration]string{
		0: "less than a minute", time.Minute: "1 minute", 99 * time.Minute: "99 minutes", 100 * time.Minute: "2 hours", 47 * time.Hour: "47 hours",
		2 * day: "2 days", 13 * day: "13 days", 14 * day: "2 weeks", 59 * day: "8 weeks", 60 * day: "2 months", 730 * day: "2 years", -3 * time.Hour: "3 hours",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "−1,234"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestPreviewsAreBounded(t *testing.T) {
	p := newPreviews()
	for i := range int64(maxPreviews) {
		p.put(i, preview{})
	}
	if _, ok := p.get(0); !ok || len(p.kept) != maxPreviews {
		t.Errorf("%d previews are kept, want %d", len(p.kept), maxPreviews)
	}
	p.put(maxPreviews, preview{Lead: "x"})
	if v, ok := p.get(maxPreviews); !ok || v.Lead != "x" || len(p.kept) != 1 {
		t.Errorf("%d previews are kept after the limit", len(p.kept))
	}
}

// TestLabels: each kind of edit is told in words.
func TestLabels(t *testing.T) {
	long := "The board said on Monday that the bridge would stay shut for at least a month."
	p := func(texts ...string) (c news.Content) {
		for _, s := range texts {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: s})
		}
		return c
	}
	heading := p(long)
	heading.Blocks[0].Kind = news.Heading
	two := "It had been asked for a second inspection, and it put that off for half a year."
	for want, pair := range map[string][2]news.Content{
		"Paragraph edited":                       {p(long), p(long[:len(long)-6] + "winter.")},
		"Paragraph split in 2":                   {p(long + " " + two), p(long, two)},
		"2 paragraphs joined":                    {p(long, two), p(long + " " + two)},
		"Paragraph is now a heading":             {p(long), heading},
		"Paragraph: only signs or spaces differ": {p("She said “no” and left."), p("She said \"no\" and left.")},
		"− Paragraph removed (was paragraph 2)":  {p(long, two), p(long)},
		"+ Paragraph added":                      {p(long), p(long, two)},
	} {
		var got []string
		for _, r := range diffRows(diff.Compare(pair[0], pair[1]), 0, news.Appraisal{}, tongue{}) {
			got = append(got, r.Label)
		}
		if len(got) == 0 || got[len(got)-1] != want {
			t.Errorf("labels %q, want %q", got, want)
		}
	}
}
