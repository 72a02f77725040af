package track

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"
	"time"

	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/schedule"
)

// pace plans the next visit to a feed: by the operator's period if there is one,
// else by what the feed's polls have taught. A good visit teaches in both cases: a
// window can be outrun at a fixed period, too.
func (t *Tracker) pace(f *news.Feed, poll schedule.FeedPoll) time.Duration {
	p := schedule.FeedPace(f.Pace)
	wait := p.Wait(poll.Lifetime, f.ID)
	if f.Failures == 0 {
		outrun := false
		p, wait, outrun = p.Polled(poll, f.ID)
		f.Pace = news.FeedPace(p)
		if outrun && !f.Outrun(poll.At) { // said once, not at each poll
			t.o.Log.Warn("entries may have been missed: nothing is left of what the feed listed before",
				"feed", f.URL, "entries", len(poll.Entries), "last", poll.Last)
		}
		if outrun {
			f.OutrunAt = poll.At
		}
	}
	if f.Period > 0 {
		wait = f.Period
	}
	return afterFailures(wait, f.Failures)
}

// afterFailures is a wait, doubled with each failure in a row, up to
// MaxFeedPeriod.
func afterFailures(wait time.Duration, failures int) time.Duration {
	long := wait
	for range min(failures, 10) {
		long *= 2
	}
	return max(wait, min(long, MaxFeedPeriod))
}

// entryID names an entry: by its article, whose address is spelled in many ways,
// else by its GUID. Zero is for an entry that has neither.
func entryID(e feed.Entry, a news.Address) uint64 {
	name := a.Key
	if name == "" {
		name = e.GUID
	}
	if name == "" {
		return 0
	}
	sum := sha256.Sum256([]byte(name))
	return max(binary.BigEndian.Uint64(sum[:]), 1)
}

// lifetime is how long a response may stand without being asked for again, by its
// own word (RFC 9111, 4.2.1): max-age, else Expires. 0 = it does not say;
// no-cache and no-store say nothing of how often to ask. At most feed.MaxTTL.
func lifetime(h http.Header, now time.Time) time.Duration {
	for _, directive := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			return seconds(strings.Trim(strings.TrimSpace(value), `"`))
		}
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // their clock against their clock
	}
	return max(0, min(expires.Sub(now), feed.MaxTTL))
}

// seconds reads a delta-seconds; 0 for what is none.
func seconds(s string) time.Duration {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(feed.MaxTTL/time.Second) {
		return feed.MaxTTL // more digits than a number has
	}
	return time.Duration(n) * time.Second
}
