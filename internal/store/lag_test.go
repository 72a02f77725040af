package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"stet/internal/news"
)

// The lag counts what waits, in all and by source, also while the host rests.
func TestLag(t *testing.T) {
	b := newBench(t)
	second, err := b.AddSource(b.ctx, news.Source{Key: "second", Name: "The Second"})
	b.must(err)
	b.article("a")
	_, err = b.AddRequest(b.ctx, "https://courier.example.org/q", "courier.example.org", "")
	b.must(err)
	b.clock.pass(time.Hour)
	for i, host := range []string{"two.example.org", "three.example.org", "courier.example.org"} {
		_, _, err = b.AddArticle(b.ctx, second.ID, address(fmt.Sprintf("https://%s/%d", host, i)), "", "import", time.Time{}, b.clock.t.Add(-time.Duration(i)*time.Minute))
		b.must(err)
	}
	_, _, err = b.AddArticle(b.ctx, second.ID, address("https://two.example.org/later"), "", "import", time.Time{}, b.clock.t.Add(time.Microsecond))
	b.must(err)
	b.must(b.ReleaseHost(b.ctx, b.lease(), b.clock.t.Add(time.Hour)))
	want := map[int64]Lag{
		b.src.ID:  {Feeds: 1, Articles: 1, Longest: time.Hour},
		second.ID: {Articles: 3, Longest: 2 * time.Minute},
	}
	all, sources, err := b.Lag(b.ctx)
	b.must(err)
	if all != (Lag{Requests: 1, Feeds: 1, Articles: 4, Longest: time.Hour}) || all.Due() != 6 {
		t.Errorf("lag of all %+v", all)
	}
	if len(sources) != 2 || sources[b.src.ID] != want[b.src.ID] || sources[second.ID] != want[second.ID] {
		t.Errorf("lag by source %+v, want %+v", sources, want)
	}
	b.clock.pass(-2 * time.Hour)
	if all, sources, err := b.Lag(b.ctx); err != nil || all != (Lag{}) || len(sources) != 0 {
		t.Errorf("before: %+v, %v, %v", all, sources, err)
	}
}

// width records the next version of the article, whose text before was last seen
// that long before.
func (b *bench) width(l Lease, a news.Article, w time.Duration, number int) {
	v := b.visit(l, a.ID, news.OK).withVersion(number, content("Headline", fmt.Sprint("text ", number)))
	if w > 0 {
		v.Changes[0].After = v.Capture.At.Add(-w)
	}
	b.record(v)
}

// The bounds leave first versions out, and changes whose T1 is not known; the
// recent ones are those of the last 30 days, to the microsecond.
func TestBounds(t *testing.T) {
	b := newBench(t)
	if recent, ever, err := b.Bounds(b.ctx, b.src.ID); err != nil || recent != (Bounds{}) || ever != (Bounds{}) {
		t.Errorf("without changes: %+v, %+v, %v", recent, ever, err)
	}
	a, old := b.article("a"), b.article("old")
	l := b.lease()
	b.width(l, old, 0, 0)
	b.width(l, old, 100*time.Hour, 1)
	b.clock.pass(time.Microsecond)
	b.width(l, old, 50*time.Hour, 2)
	b.clock.pass(RecentTime - time.Microsecond)
	l = b.later()
	b.clock.pass(-MaxLease - time.Minute)
	b.width(l, a, 0, 0)
	for i := range 9 {
		b.width(l, a, time.Duration(i+1)*time.Minute, i+1)
	}
	b.width(l, a, 0, 10)
	recent, ever, err := b.Bounds(b.ctx, b.src.ID)
	b.must(err)
	if want := (Bounds{10, 5 * time.Minute, 9 * time.Minute}); recent != want {
		t.Errorf("recent %+v, want %+v", recent, want)
	}
	if want := (Bounds{11, 6 * time.Minute, 50 * time.Hour}); ever != want {
		t.Errorf("ever %+v, want %+v", ever, want)
	}
}

// The quantiles are by nearest rank: of any widths, the part that is not greater
// is at least the quantile, and with one less it would be too small.
func TestBoundsAreRanks(t *testing.T) {
	for n := 1; n <= 200; n++ {
		var widths []time.Duration
		for i := range n {
			widths = append(widths, time.Duration((i*37)%n))
		}
		got := boundsOf(slices.Clone(widths))
		for percent, q := range map[int]time.Duration{50: got.Median, 90: got.P90} {
			upTo := int(q) + 1 // the widths are 0 to n-1 in some order, if 37 and n have no common divisor
			if n%37 != 0 && (upTo*100 < percent*n || (upTo-1)*100 >= percent*n) {
				t.Errorf("of %d, %d %% is %d", n, percent, q)
			}
		}
	}
}

// Every visit that shows the article moves the bounds: a sighting, a return, a
// sighting with a confirming capture; a failure moves nothing.
func TestEverySightingMovesTheBounds(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	b.publish(l, a.ID, content("A", "one"))
	zero := 0
	for _, tt := range []struct {
		name string
		v    func(v *Visit)
		last func(v Visit) time.Time // want
	}{
		{"unchanged", func(v *Visit) { v.Sighting, v.Capture.Outcome = true, news.Unchanged }, func(v Visit) time.Time { return v.Capture.At }},
		{"ok", func(v *Visit) { v.Sighting = true }, func(v Visit) time.Time { return v.Capture.At }},
		{"confirmed", func(v *Visit) {
			second := v.Capture
			second.At = second.At.Add(5 * time.Second)
			v.Sighting, v.Confirm = true, &second
		}, func(v Visit) time.Time { return v.Confirm.At }},
		{"confirmed by what differs", func(v *Visit) {
			second := v.Capture
			second.At = second.At.Add(5 * time.Second)
			v.Sighting, v.Confirm, v.Differs = true, &second, true
		}, func(v Visit) time.Time { return v.Capture.At }},
		{"return", func(v *Visit) { v.Return = &zero }, func(v Visit) time.Time { return v.Capture.At }},
	} {
		b.clock.pass(time.Minute)
		v := b.visit(l, a.ID, news.OK)
		tt.v(&v)
		b.record(v)
		if x := b.visiting(a.ID); !x.Current.Seen.Last.Equal(tt.last(v)) {
			t.Errorf("%s: last seen %v, want %v", tt.name, x.Current.Seen.Last, tt.last(v))
		}
	}
	before := b.visiting(a.ID).Current.Seen
	b.clock.pass(time.Minute)
	b.record(b.visit(l, a.ID, news.Failed))
	if x := b.visiting(a.ID); x.Current.Seen != before {
		t.Errorf("after a failure: %+v, want %+v", x.Current.Seen, before)
	}
}
