package simulate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"stet/internal/news"
	"stet/internal/schedule"
)

// Limits of a file of timelines.
const (
	MaxLine      = 16 << 20 // bytes of one timeline, the end of its line aside
	MaxTimelines = 5_000_000
	MaxChanges   = 100_000 // of one article
)

// By says how timelines are grouped.
type By string

// The ways of grouping.
const (
	ByNothing By = ""
	BySource  By = "source"
	ByUnit    By = "unit" // of what a change is, and how often it was looked at
)

// A row is a line of a file of timelines.
type row struct {
	Source          string      `json:"source"`
	URL             string      `json:"url"`
	Published       time.Time   `json:"published"`
	NotBefore       time.Time   `json:"not_before"` // published after this; zero = at Published
	Changes         []time.Time `json:"changes"`
	ChangeNotBefore []time.Time `json:"change_not_before"` // of each change; missing = at the time given
	Until           time.Time   `json:"observed_until"`
	Unit            string      `json:"unit"`
	Resolution      float64     `json:"resolution_s"`
	Live            bool        `json:"live"`
	LeftFeed        time.Time   `json:"left_feed"`
}

// Read reads timelines, a JSON object a line (docs/formats.md). Where a change is
// known only to lie between two looks, it is put at a place between them that
// depends on the address alone. days ends the counting so long after an article's
// publication; 0 does not. The error names the line.
func Read(r io.Reader, by By, days float64) ([]Timeline, error) {
	return readAtMost(MaxTimelines, r, by, days)
}

func readAtMost(most int, r io.Reader, by By, days float64) ([]Timeline, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), MaxLine+1) // and its end
	var out []Timeline
	n := 1
	for ; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var x row
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			return nil, fmt.Errorf("timelines, line %d: %w", n, err)
		}
		t, err := x.timeline(by, days)
		if err != nil {
			return nil, fmt.Errorf("timelines, line %d: %w", n, err)
		}
		if out = append(out, t); len(out) > most {
			return nil, fmt.Errorf("timelines, line %d: more than %d", n, most)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("timelines, line %d: %w", n, err)
	}
	return out, nil
}

// Years within which times can be counted in nanoseconds.
const firstYear, lastYear = 1700, 2250

func (x row) timeline(by By, days float64) (Timeline, error) {
	switch {
	case x.Source == "":
		return Timeline{}, errors.New("no source")
	case x.Published.Year() < firstYear || x.NotBefore.Year() < firstYear && !x.NotBefore.IsZero() || x.Until.Year() > lastYear:
		return Timeline{}, fmt.Errorf("published %v, observed until %v: want years from %d to %d", x.Published, x.Until, firstYear, lastYear)
	case x.Until.Before(x.Published):
		return Timeline{}, fmt.Errorf("observed until %v, before it was published", x.Until)
	case len(x.Changes) > MaxChanges:
		return Timeline{}, fmt.Errorf("%d changes, more than %d", len(x.Changes), MaxChanges)
	}
	draw := Between(x.URL)
	t := Timeline{Source: x.Source, Section: news.Section(x.URL), Published: draw(x.NotBefore, x.Published), Until: x.Until, Listed: x.LeftFeed, Group: x.group(by)}
	if x.Live {
		t.Kind = schedule.KindLive
	}
	t.CountFor(days)
	for i, at := range x.Changes {
		var from time.Time
		if i < len(x.ChangeNotBefore) {
			from = x.ChangeNotBefore[i]
		}
		if at = draw(from, at); at.After(t.Published) && !at.After(t.Until) {
			t.Changes = append(t.Changes, at)
		}
	}
	slices.SortFunc(t.Changes, time.Time.Compare)
	return t, nil
}

// Between gives times for what is known only to lie between two others, in the order
// asked for: the same ones whenever it is asked for the same address. Where the
// first is zero, or not before the second, it is at the second.
func Between(address string) func(from, to time.Time) time.Time {
	h := fnv.New64a()
	io.WriteString(h, address) // never fails
	between := rand.New(rand.NewPCG(h.Sum64(), 1))
	return func(from, to time.Time) time.Time {
		if from.IsZero() || !from.Before(to) {
			return to
		}
		return from.Add(time.Duration(between.Float64() * float64(to.Sub(from))))
	}
}

// CountFor ends the counting so many days after the publication; 0 does not.
func (t *Timeline) CountFor(days float64) {
	if end := t.Published.Add(time.Duration(days * 24 * float64(time.Hour))); days > 0 && t.Until.After(end) {
		t.Counted = end
	}
}

func (x row) group(by By) string {
	switch by {
	case BySource:
		return x.Source
	case ByUnit:
		return fmt.Sprintf("%s, every %v", x.Unit, time.Duration(x.Resolution*float64(time.Second)))
	}
	return ""
}

// Groups divides timelines by their group, in the order in which the groups
// first come.
func Groups(timelines []Timeline) (names []string, groups map[string][]Timeline) {
	groups = map[string][]Timeline{}
	for _, t := range timelines {
		if _, ok := groups[t.Group]; !ok {
			names = append(names, t.Group)
		}
		groups[t.Group] = append(groups[t.Group], t)
	}
	return names, groups
}

// FeedEntries is how many entries the feeds are taken to list where the file does
// not say when an article left its feed.
const FeedEntries = 50

// List sets until when each article is listed by its source's feed, where that
// is not known: until FeedEntries newer ones were published, or the end.
func List(timelines []Timeline) {
	bySource := map[string][]*Timeline{}
	for i := range timelines {
		bySource[timelines[i].Source] = append(bySource[timelines[i].Source], &timelines[i])
	}
	for _, list := range bySource {
		slices.SortFunc(list, func(a, b *Timeline) int { return a.Published.Compare(b.Published) })
		for i, t := range list {
			if !t.Listed.IsZero() {
				continue
			}
			t.Listed = t.Until
			if i+FeedEntries < len(list) && list[i+FeedEntries].Published.Before(t.Until) {
				t.Listed = list[i+FeedEntries].Published
			}
		}
	}
}
