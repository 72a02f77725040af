package web

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// The lines of the text format 0.0.4, as its documentation has them.
var (
	helpLine   = regexp.MustCompile(`^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)*)$`)
	typeLine   = regexp.MustCompile(`^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$`)
	sampleLine = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)$`)
	labelPart  = regexp.MustCompile(`^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(,|$)`)
)

// parseMetrics reads the text format strictly: samples by name and labels.
func parseMetrics(t *testing.T, text string) map[string]float64 {
	t.Helper()
	samples, family, typed := map[string]float64{}, "", map[string]bool{}
	if !strings.HasSuffix(text, "\n") {
		t.Error("the last line does not end")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := helpLine.FindStringSubmatch(line); m != nil {
			if typed[m[1]] {
				t.Errorf("the family %s comes twice", m[1])
			}
			family = m[1]
			continue
		}
		if m := typeLine.FindStringSubmatch(line); m != nil {
			if typed[m[1]] || m[1] != family {
				t.Errorf("type out of place: %s", line)
			}
			typed[m[1]] = true
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil || m[1] != family || !typed[family] {
			t.Errorf("no line of the format, or out of place: %q", line)
			continue
		}
		checkLabels(t, m[2])
		v, err := strconv.ParseFloat(m[3], 64)
		if _, twice := samples[m[1]+m[2]]; twice || err != nil {
			t.Errorf("sample %q: twice %v, %v", line, twice, err)
		}
		samples[m[1]+m[2]] = v
	}
	return samples
}

func checkLabels(t *testing.T, labels string) {
	t.Helper()
	if labels == "" {
		return
	}
	rest, seen := labels[1:len(labels)-1], map[string]bool{}
	for rest != "" {
		m := labelPart.FindStringSubmatch(rest)
		if m == nil || seen[m[1]] {
			t.Errorf("labels %q", labels)
			return
		}
		seen[m[1]] = true
		rest = rest[len(m[0]):]
	}
}

func TestMetrics(t *testing.T) {
	d := newDesk(t, nil)
	src, other := d.source("courier", "The Harbour Courier"), d.source("post", "The Post")
	a := d.found("a", src, "https://courier.example.org/a")
	d.see(a, news.Content{Headline: "One", Blocks: []news.Block{{Kind: news.Paragraph, Text: "one"}}}, false)
	d.wait(time.Hour)
	d.see(a, news.Content{Headline: "Two", Blocks: []news.Block{{Kind: news.Paragraph, Text: "two"}}}, false)
	d.visit(a, store.Visit{State: news.Live, Sighting: true, Pulse: &news.Pulse{Visits: 3, Seen: 1, Failed: 1}})
	d.found("late", other, "https://post.example.org/late")
	_, err := d.store.AddRequest(context.Background(), "https://news.example.org/", "news.example.org", "")
	d.must(err)
	d.wait(90 * time.Second)
	answer := d.get("/metrics")
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || kind != "text/plain; version=0.0.4; charset=utf-8" {
		t.Fatalf("%d, %s", answer.StatusCode, kind)
	}
	got := parseMetrics(t, answer.body)
	for name, want := range map[string]float64{
		"stet_search_lag_changes":                                  2,
		"stet_search_lag_seconds":                                  3600 + 90,
		"stet_lag_seconds":                                         90,
		`stet_due{kind="article"}`:                                 1,
		`stet_due{kind="feed"}`:                                    0,
		`stet_due{kind="request"}`:                                 1,
		"stet_sources":                                             2,
		"stet_articles":                                            2,
		"stet_versions":                                            2,
		"stet_changes":                                             1,
		`stet_visits_day{showed="article"}`:                        1,
		`stet_visits_day{showed="failure"}`:                        1,
		`stet_visits_day{showed="other"}`:                          1,
		"stet_captures_total":                                      3,
		"stet_last_visit_timestamp_seconds":                        float64(start.Add(time.Hour).Unix()),
		`stet_source_lag_seconds{source="courier"}`:                0,
		`stet_source_lag_seconds{source="post"}`:                   90,
		`stet_source_due{source="post"}`:                           1,
		`stet_seen_width_seconds{source="courier",quantile="0.5"}`: 1200,
		`stet_seen_width_seconds{source="courier",quantile="0.9"}`: 1200,
	} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s = %v, %v, want %v", name, v, ok, want)
		}
	}
	if _, ok := got[`stet_seen_width_seconds{source="post",quantile="0.5"}`]; ok {
		t.Error("a width without a change")
	}
	d.wait(time.Second)
	if got := parseMetrics(t, d.get("/metrics").body); got["stet_lag_seconds"] != 91 {
		t.Errorf("a second later the lag is %v, want 91", got["stet_lag_seconds"])
	}
	d.wait(-24 * time.Hour)
	if got := parseMetrics(t, d.get("/metrics").body); got["stet_lag_seconds"] != 0 {
		t.Errorf("with the clock set back the lag is %v, want 0", got["stet_lag_seconds"])
	}
}

// One answer reads the bounds of MaxBoundsRead sources, the next those of others.
func TestMetricsReadBoundsInTurn(t *testing.T) {
	d, reads := newDesk(t, nil), 0
	for i := range 2*MaxBoundsRead - 1 {
		d.source(fmt.Sprint("s", i), "One of many")
	}
	d.heard = func(query string, _ []any) {
		if strings.Contains(query, "c.after_at, c.before_at") {
			reads++
		}
	}
	for i, want := range []int{MaxBoundsRead, 2*MaxBoundsRead - 1, 2*MaxBoundsRead - 1} {
		if d.get("/metrics"); reads != want {
			t.Errorf("after answer %d: %d sources read, want %d", i+1, reads, want)
		}
		d.wait(LagAge)
	}
	d.wait(BoundsAge)
	if d.get("/metrics"); reads != 3*MaxBoundsRead-1 {
		t.Errorf("%d sources read when all are old", reads)
	}
}

// Whatever a label or a help text holds, it stays in its line.
func TestMetricWriter(t *testing.T) {
	var m metricWriter
	m.gauge("odd", "a \\ and\na line")
	m.sample(math.Inf(1), "source", "a\"b\\c\nd\xff", "quantile", "0.5")
	m.sample(0.25)
	want := "# HELP odd a \\\\ and\\na line\n# TYPE odd gauge\n" + `odd{source="a\"b\\c\nd` + "\uFFFD" + `",quantile="0.5"} +Inf` + "\nodd 0.25\n"
	if m.String() != want {
		t.Errorf("%q, want %q", m.String(), want)
	}
	if got := parseMetrics(t, m.String()); len(got) != 2 {
		t.Errorf("parsed: %v", got)
	}
}

// The pages tell of the same: the list of what is late, the page of the source of
// its bounds.
func TestLagOnPages(t *testing.T) {
	d := newDesk(t, nil)
	src := d.source("courier", "The Harbour Courier")
	a := d.found("a", src, "https://courier.example.org/a")
	for _, s := range []string{"One", "Two"} {
		d.see(a, news.Content{Headline: s, Blocks: []news.Block{{Kind: news.Paragraph, Text: s}}}, false)
		d.wait(time.Hour)
	}
	if b := d.get("/sources").body; strings.Contains(b, ">Late<") {
		t.Error("late, while nothing is due")
	}
	d.wait(4 * time.Hour)
	if b := d.get("/sources").body; !strings.Contains(b, ">Late<") || !strings.Contains(b, "1 visit, by up to 2 hours") {
		t.Errorf("not late: %s", b)
	}
	b := d.get("/sources/courier").body
	for _, want := range []string{"1 visit is due, the oldest for 2 hours", "20 minutes for half", "of the 1 change of the last 30 days"} {
		if !strings.Contains(b, want) {
			t.Errorf("the page of the source lacks %q", want)
		}
	}
}
