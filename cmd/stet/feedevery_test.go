package main

import (
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func TestFeedPaceInWords(t *testing.T) {
	now := time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	feed := news.Feed{LastVisit: now, Due: now.Add(17 * time.Minute), Pace: news.FeedPace{Slow: 1.25, Hours: 100, Fast: 0.5}}
	with := func(change func(*news.Feed)) string {
		f := feed
		change(&f)
		var b strings.Builder
		newFeedRow(f, now).pace(&b)
		return b.String()
	}
	for name, tt := range map[string]struct {
		change func(*news.Feed)
		want   string
	}{
		"learned":  {func(*news.Feed) {}, "      visited at its own pace, next 17m0s after the last; about 1.2 new entries an hour expected\n"},
		"fixed":    {func(f *news.Feed) { f.Period = time.Hour }, "      visited every 1h0m0s; about 1.2 new entries an hour expected\n"},
		"paused":   {func(f *news.Feed) { f.Due, f.Pace = time.Time{}, news.FeedPace{} }, "      paused\n"},
		"long ago": {func(f *news.Feed) { f.Pace.Hours, f.OutrunAt = 0, now.Add(-news.OutrunTime) }, "      visited at its own pace, next 17m0s after the last\n"},
		"new":      {func(f *news.Feed) { f.Pace.Hours, f.LastVisit = 0, f.Due }, "      visited at its own pace, next 0s after the last\n"},
		"of late":  {func(f *news.Feed) { f.Pace.Hours, f.OutrunAt = 0, now }, "      visited at its own pace, next 17m0s after the last\n      !! entries may have been missed: at " + local(now) + " nothing was left of what it listed before\n"},
	} {
		if got := with(tt.change); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, tt.want)
		}
	}
}
