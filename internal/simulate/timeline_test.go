package simulate

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"stet/internal/schedule"
)

const whole = `{"source":"post","url":"https://post.example.org/town/bridge","published":"2026-03-02T08:00:00Z","changes":["2026-03-02T09:00:00Z","2026-03-03T10:00:00+01:00"],` +
	`"observed_until":"2026-03-20T08:00:00Z","unit":"headline","resolution_s":1200,"live":true,"left_feed":"2026-03-04T00:00:00Z","genre":"unknown member"}`

func TestRead(t *testing.T) {
	at := func(s string) time.Time {
		x, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	got, err := Read(strings.NewReader("\n"+whole+"\r\n\r\n"+strings.ReplaceAll(whole, "town", "sport")), ByUnit, 0)
	if err != nil || len(got) != 2 {
		t.Fatalf("%d timelines, %v", len(got), err)
	}
	x := got[0]
	if x.Source != "post" || x.Group != "headline, every 20m0s" || x.Kind != schedule.KindLive || x.Section != "town" || got[1].Section != "sport" ||
		!x.Published.Equal(at("2026-03-02T08:00:00Z")) || !x.Until.Equal(at("2026-03-20T08:00:00Z")) || !x.Listed.Equal(at("2026-03-04T00:00:00Z")) {
		t.Errorf("%+v", x)
	}
	if len(x.Changes) != 2 || !x.Changes[1].Equal(at("2026-03-03T09:00:00Z")) {
		t.Errorf("changes %v", x.Changes)
	}
	for days, want := range map[float64]int{1.0 / 24: 1, .04: 0, 1: 1, 1.05: 2, 1000: 2} {
		got, err := Read(strings.NewReader(whole), BySource, days)
		if err != nil {
			t.Fatal(err)
		}
		end := x.Published.Add(time.Duration(days * 24 * float64(time.Hour)))
		if end.After(x.Until) {
			end = x.Until
		}
		if got[0].counting() != want || !got[0].counted().Equal(end) || !got[0].Until.Equal(x.Until) || got[0].Group != "post" {
			t.Errorf("counted for %v days: %+v, want %d changes", days, got[0], want)
		}
	}
}

func TestReadErrors(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(whole, old, new, 1) }
	tests := []struct{ name, line, want string }{
		{"no JSON", "change", "invalid character"},
		{"two objects", whole + whole, "after top-level value"},
		{"cut short", whole[:100], "unexpected end"},
		{"a list", "[]", "cannot unmarshal"},
		{"null", "null", "no source"},
		{"no source", with(`"post"`, `""`), "no source"},
		{"no time", with(`"2026-03-02T08:00:00Z"`, `"Monday"`), "cannot parse"},
		{"not published", with(`"published"`, `"x"`), "want years from 1700 to 2250"},
		{"published in 1699", with(`"2026-03-02T08:00:00Z"`, `"1699-12-31T23:59:59Z"`), "want years"},
		{"not before 1699", with(`"changes"`, `"not_before":"1699-12-31T23:59:59Z","changes"`), "want years"},
		{"observed until 2251", with(`"2026-03-20T08:00:00Z"`, `"2251-01-01T00:00:00Z"`), "want years"},
		{"never observed", with(`"observed_until"`, `"x"`), "before it was published"},
		{"observed before", with(`"2026-03-20T08:00:00Z"`, `"2026-03-02T07:59:59Z"`), "before it was published"},
	}
	for _, tt := range tests {
		got, err := Read(strings.NewReader(whole+"\n\n"+tt.line+"\n"+whole), ByNothing, 30)
		if err == nil || !strings.HasPrefix(err.Error(), "timelines, line 3: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %d timelines, error %v, want line 3 and %q", tt.name, len(got), err, tt.want)
		}
	}
	for _, edge := range []string{with(`"2026-03-02T08:00:00Z"`, `"1700-01-01T00:00:00Z"`), with(`"2026-03-20T08:00:00Z"`, `"2250-12-31T23:59:59Z"`), with(`"2026-03-20T08:00:00Z"`, `"2026-03-02T08:00:00Z"`)} {
		if _, err := Read(strings.NewReader(edge), ByNothing, 0); err != nil {
			t.Errorf("%s: %v", edge[:80], err)
		}
	}
}

func TestReadLimits(t *testing.T) {
	pad := func(bytes int) string {
		return whole[:len(whole)-1] + `,"pad":"` + strings.Repeat("x", bytes-len(whole)-len(`,"pad":""`)) + `"}`
	}
	for _, end := range []string{"", "\n", "\n" + whole} {
		if got, err := Read(strings.NewReader(pad(MaxLine)+end), ByNothing, 0); err != nil || got[0].Source != "post" {
			t.Errorf("a line of MaxLine bytes, then %.2q: %v", end, err)
		}
		if _, err := Read(strings.NewReader(whole+"\n"+pad(MaxLine+1)+end), ByNothing, 0); err == nil || !strings.HasPrefix(err.Error(), "timelines, line 2: ") {
			t.Errorf("a longer line, then %.2q: error %v", end, err)
		}
	}
	changes := func(n int) string {
		return strings.Replace(whole, `"changes":[`, `"changes":[`+strings.Repeat(`"2026-03-02T09:00:00Z",`, n-2), 1)
	}
	if got, err := Read(strings.NewReader(changes(MaxChanges)), ByNothing, 0); err != nil || len(got[0].Changes) != MaxChanges {
		t.Errorf("MaxChanges: %v", err)
	}
	if _, err := Read(strings.NewReader(changes(MaxChanges+1)), ByNothing, 0); err == nil || !strings.Contains(err.Error(), "line 1: 100001 changes") {
		t.Errorf("one change more: error %v", err)
	}
	if got, err := readAtMost(3, strings.NewReader(strings.Repeat(whole+"\n", 3)), ByNothing, 0); err != nil || len(got) != 3 {
		t.Errorf("as many timelines as may be: %d, %v", len(got), err)
	}
	if _, err := readAtMost(3, strings.NewReader(strings.Repeat(whole+"\n", 4)), ByNothing, 0); err == nil || err.Error() != "timelines, line 4: more than 3" {
		t.Errorf("one timeline more: error %v", err)
	}
	broken := errors.New("broken pipe")
	if _, err := Read(io.MultiReader(strings.NewReader(whole+"\n"), &failing{broken}), ByNothing, 0); !errors.Is(err, broken) {
		t.Errorf("a reader that fails: error %v", err)
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// Times that are known to lie between two looks are put between them, always at
// the same place, and for another address at another one.
func TestDraws(t *testing.T) {
	line := func(n int) string {
		return fmt.Sprintf(`{"source":"post","url":"https://post.example.org/a/%d","not_before":"2026-03-02T07:00:00Z","published":"2026-03-02T08:00:00Z",`+
			`"changes":["2026-03-02T09:00:00Z","2026-03-02T12:00:00Z","2026-03-02T13:00:00Z"],`+
			`"change_not_before":["2026-03-02T08:30:00Z","2026-03-02T10:00:00Z"],"observed_until":"2026-03-04T00:00:00Z"}`, n)
	}
	eight := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	within := func(t *testing.T, at time.Time, from, to time.Duration) float64 {
		if d := at.Sub(eight); d < from || d > to {
			t.Fatalf("%v, want it from %v to %v", at, eight.Add(from), eight.Add(to))
		}
		return (at.Sub(eight) - from).Hours() / (to - from).Hours()
	}
	places, mean := map[time.Time]bool{}, 0.0
	for n := range 200 {
		a, err := Read(strings.NewReader(line(n)), ByNothing, 0)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := Read(strings.NewReader("\n"+line(n)), ByNothing, 0)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("read again: %+v, then %+v", a, b)
		}
		x := a[0]
		within(t, x.Published, -time.Hour, 0)
		within(t, x.Changes[0], 30*time.Minute, time.Hour)
		mean += within(t, x.Changes[1], 2*time.Hour, 4*time.Hour) / 200
		if !x.Changes[2].Equal(eight.Add(5 * time.Hour)) {
			t.Fatalf("the third change is known to the second: %v", x.Changes[2])
		}
		places[x.Changes[1]] = true
	}
	if len(places) != 200 || mean < .4 || mean > .6 {
		t.Errorf("%d places of 200, on average at %.2f of the gap", len(places), mean)
	}
}

// Changes before the publication and after the end are none that can be caught;
// the others are put in order.
func TestReadChanges(t *testing.T) {
	const text = `{"source":"a","published":"2026-03-02T08:00:00Z","observed_until":"2026-03-02T20:00:00Z",` +
		`"changes":["2026-03-02T20:00:00Z","2026-03-02T20:00:01Z","2026-03-02T08:00:00Z","1970-01-01T00:00:00Z","9999-01-01T00:00:00Z","2026-03-02T08:00:01Z"]}`
	got, err := Read(strings.NewReader(text), ByUnit, 0)
	if err != nil || len(got[0].Changes) != 2 || got[0].Changes[0].Second() != 1 || got[0].Changes[1].Hour() != 20 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGroupsAndList(t *testing.T) {
	var list []Timeline
	for i := range FeedEntries + 2 {
		l := line("a")
		l.Published = start.Add(time.Duration(i) * time.Minute)
		l.Group = []string{"odd", "even"}[i%2]
		list = append(list, l)
	}
	list[1].Listed = start.Add(2 * time.Minute)
	names, groups := Groups(list)
	if !reflect.DeepEqual(names, []string{"odd", "even"}) || len(groups["odd"]) != FeedEntries/2+1 {
		t.Errorf("groups %v, %d are odd", names, len(groups["odd"]))
	}
	List(list)
	for i, want := range map[int]time.Time{0: list[FeedEntries].Published, 1: start.Add(2 * time.Minute), 2: list[2].Until, FeedEntries + 1: list[0].Until} {
		if !list[i].Listed.Equal(want) {
			t.Errorf("article %d is listed until %v, want %v", i, list[i].Listed, want)
		}
	}
}

// FuzzRead holds that no file panics, and that what is read can be simulated on.
func FuzzRead(f *testing.F) {
	f.Add(whole)
	f.Add(`{"source":"a","published":"2026-03-02T08:00:00Z","observed_until":"2026-03-02T20:00:00Z","not_before":"1700-01-01T00:00:00Z","change_not_before":["0001-01-01T00:00:00Z"],"changes":["2026-03-02T09:00:00Z"]}`)
	f.Add("\n{}\nnull")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Read(strings.NewReader(text), ByUnit, 30)
		if err != nil {
			return
		}
		List(list)
		for _, x := range list {
			for i, at := range x.Changes {
				if !at.After(x.Published) || at.After(x.Until) || i > 0 && at.Before(x.Changes[i-1]) {
					t.Fatalf("change %d of %+v", i, x)
				}
			}
		}
		r, err := Run(t.Context(), list, schedule.NewsSniffer{}, Options{})
		if err != nil || r.Caught < 0 || r.Caught > 1 || r.Articles != len(list) {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// corpus gives real timelines, known to 20 minutes at worst or to the hour; each
// looked at for 30 days.
func corpus(t *testing.T) map[string][]Timeline {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	f, err := os.Open("../../../shared/data/timelines-dev.jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no corpus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Read(plain, ByUnit, 30)
	if err != nil {
		t.Fatal(err)
	}
	_, groups := Groups(all)
	return groups
}

func TestCorpus(t *testing.T) {
	groups := corpus(t)
	const front = "headline or summary shown on the front page, every 20m0s"
	for name, want := range map[string]int{front: 29048, "headline or summary shown on the front page, every 1h0m0s": 18532,
		"announced update of the page, every 1m0s": 19299, "merged edit of the post (title or text), every 1m0s": 2295} {
		if got := len(groups[name]); got != want {
			t.Errorf("%s: %d articles, want %d", name, got, want)
		}
	}
	var sample []Timeline
	for i, x := range groups[front] {
		if i%10 < 3 {
			sample = append(sample, x)
		}
	}
	sniffer := watched(t, sample, schedule.NewsSniffer{}, Options{})
	learned, err := Tune(t.Context(), sample, schedule.NewLearned(), sniffer.FetchesPerArticle, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d articles, %.2f visits: News Sniffer %.1f %%, learned %.1f %% with %.2f", len(sample), sniffer.FetchesPerArticle, 100*sniffer.Caught, 100*learned.Caught, learned.FetchesPerArticle)
	if learned.Caught < sniffer.Caught+.10 {
		t.Errorf("learned catches %.3f, News Sniffer %.3f", learned.Caught, sniffer.Caught)
	}
}
