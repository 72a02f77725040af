package schedule

import (
	"math"
	"time"
)

// Bounds of the wait between two polls of a feed.
const (
	MinFeed     = time.Minute      // shortest, where the publisher lets a copy stand no longer than that
	FeedFloor   = 5 * time.Minute  // shortest where the publisher says nothing
	MaxFeed     = 6 * time.Hour    // longest, of a feed that is dead as far as anybody can see
	MaxLifetime = time.Hour        // longest lifetime of a copy that is waited for: some servers say a year
	FirstFeed   = 10 * time.Minute // wait after the first poll of a feed without believable dates
)

// How a feed's pace is learned.
const (
	FeedWaiting   = 1.0 / 24             // a poll is due when entries are expected to have waited so long for it, in entry-hours: 2.5 minutes of one entry
	SlowTime      = 7 * 24 * time.Hour   // what was seen so long ago counts 1/e in the slow rate
	FastTime      = time.Hour            // and in the fast one
	MaxLearned    = 24 * time.Hour       // a longer gap (we were off, the feed failed, a clock was set) teaches no rate
	MaxRate       = 1e6                  // new entries per hour that are believed
	FeedJitter    = 0.05                 // share of the wait by which feeds of one pace part
	priorHours    = 1.0                  // of watching that the first guess is worth
	priorFeedRate = 2 * FeedWaiting * 36 // new entries per hour that make a wait of FirstFeed
)

// A FeedPace is what polls of a feed have taught: a few numbers, and the names of
// the entries that it listed. The zero value is that of a feed never polled.
// The fields are plain, so that a store can keep them; values that no poll
// leaves behind (negative, not a number) are read as if never learned.
//
// Two rates are kept: one of the last weeks and one of the last hour. The
// larger holds, and the fast one fades while nothing comes; so a burst is
// followed closely, and a quiet feed is left in peace. A poll is due when the
// waiting of all entries expected since the last one adds up to FeedWaiting:
// with the rate r that is after √(2·FeedWaiting/r). No other spacing makes entries
// wait less on the average for as many polls, whichever rates the feeds have: the
// waiting of r entries an hour at the distance d is r·d/2, the polls are 1/d,
// and at the least of their weighted sum r·d²/2 is the same for all feeds.
//
// Rates are learned from what was new in each document. Dates given by entries
// only say when, between the last poll and this one, an entry came, or that
// one known before was updated; a date outside of that (the future, 1970, another
// zone) says nothing, and a new entry is taken to have come at any time between.
//
// A feed shows its last entries only, its window. Whatever the rates, the next
// poll comes before 1/WindowPart of the window has filled at the fastest seen. When
// nothing listed before is left, the window was outrun: entries may have
// come and gone unseen.
type FeedPace struct {
	Slow   float64       // new entries per hour, by the last weeks
	Hours  float64       // of watching that Slow rests on, faded; 0 = never polled
	Fast   float64       // new entries per hour, by the last hour before the last good poll
	Fill   time.Duration // shortest time in which 1/WindowPart of the window filled; 0 = never seen to
	Window int           // how many of Listed were in the last document
	Listed []uint64      // names of entries, hashed: the last document's, then those that left it, the latest first; at most MaxListed
}

// A FeedPoll is a poll that went well.
type FeedPoll struct {
	At        time.Time
	Last      time.Time     // the good poll before; zero = none
	Unchanged bool          // the server said so: the document is as it was, and Entries is not looked at
	Entries   []FeedEntry   // of the document, in any order
	Lifetime  time.Duration // how long the publisher lets a copy stand; 0 = unsaid
}

// A FeedEntry is an entry of a polled document.
type FeedEntry struct {
	ID    uint64    // what names it, hashed
	At    time.Time // by its own word; zero = unsaid, or not to be believed
	Taken bool      // it passes the filters: only such entries are waited for
}

// Polled learns from a poll. It gives the new pace, how long to wait for the next
// poll of the feed (see [FeedPace.Wait]; spread by id), and whether the window was
// outrun. It is deterministic and never errs.
func (p FeedPace) Polled(poll FeedPoll, id int64) (next FeedPace, wait time.Duration, outrun bool) {
	p = p.sound()
	gap := time.Duration(0)
	if !poll.Last.IsZero() {
		gap = max(poll.At.Sub(poll.Last), 0)
	}
	if gap > 0 && gap <= MaxLearned {
		p.fade(gap)
	}
	if !poll.Unchanged {
		found := p.find(poll)
		p.learn(found, poll.At, gap)
		outrun = found.outrun
		p.guard(found, poll.At, gap)
		p.Window, p.Listed = len(found.now), found.listed
	}
	return p, p.Wait(poll.Lifetime, id), outrun
}

// sound makes a pace good to reckon with, and a new one of the zero value.
func (p FeedPace) sound() FeedPace {
	rate := func(r float64) float64 {
		if !(r > 0) { // not a number, too
			return 0
		}
		return min(r, MaxRate)
	}
	p.Slow, p.Fast, p.Hours = rate(p.Slow), rate(p.Fast), min(rate(p.Hours), SlowTime.Hours())
	if p.Hours == 0 {
		p.Slow, p.Hours = priorFeedRate, priorHours
	}
	p.Fill = max(p.Fill, 0)
	p.Window = max(min(p.Window, len(p.Listed)), 0)
	return p
}

// fade lets a time pass in which nothing is known to have come.
func (p *FeedPace) fade(gap time.Duration) {
	keep := math.Exp(-gap.Hours() / SlowTime.Hours())
	hours := p.Hours*keep + SlowTime.Hours()*(1-keep)
	p.Slow, p.Hours = p.Slow*p.Hours*keep/hours, hours
	p.Fast *= math.Exp(-gap.Hours() / FastTime.Hours())
	p.Fill = time.Duration(min(float64(p.Fill)*math.Exp(gap.Hours()/FillTime.Hours()), float64(2*MaxFeed)))
}

// learn adds what came to the rates. An entry weighs in the fast one by its own
// time when that is believable, else by the mean over the gap; a first
// document weighs in the fast one only, which forgets it within hours.
func (p *FeedPace) learn(f found, at time.Time, gap time.Duration) {
	if gap > MaxLearned || gap <= 0 && !f.first {
		return
	}
	fast, tau := 0.0, FastTime.Hours()
	for _, t := range f.news {
		switch {
		case !t.IsZero():
			fast += math.Exp(-at.Sub(t).Hours()/tau) / tau
		case gap > 0:
			fast += -math.Expm1(-gap.Hours()/tau) / gap.Hours()
		}
	}
	p.Fast = min(p.Fast+fast*f.scale, MaxRate)
	if gap > 0 {
		p.Slow = min(p.Slow+float64(len(f.news))*f.scale/p.Hours, MaxRate)
	}
}

// Wait is how long after a good poll the next is due: when entries are expected to
// have waited FeedWaiting, and 1/WindowPart of the window may have filled.
//
// It is not less than the lifetime that the publisher gives its copies, of
// which at most MaxLifetime is obeyed, or FeedFloor when none is given. A
// lifetime under FeedFloor lets us ask as often, but not under MinFeed. Where
// entries would be lost a longer one yields, down to FeedFloor: a lifetime says
// how stale a copy may be, not that what it lists may be missed. It is
// never more than MaxFeed, and moved by up to FeedJitter, by the feed's id.
func (p FeedPace) Wait(lifetime time.Duration, id int64) time.Duration {
	p = p.sound()
	low := FeedFloor
	if lifetime > 0 {
		low = max(MinFeed, min(lifetime, MaxLifetime))
	}
	wait := max(low, p.untilWaited())
	if p.Fill > 0 && p.Fill < wait {
		low = min(low, FeedFloor)
		wait = max(p.Fill, low)
	}
	bounded := max(float64(low)/(1-FeedJitter), min(float64(wait), float64(MaxFeed)/(1+FeedJitter)))
	wait = time.Duration(bounded * (1 + FeedJitter*spread(id)))
	return min(max(wait, low), MaxFeed)
}

// Rate is how many new entries an hour are expected right after the last poll.
func (p FeedPace) Rate() float64 { p = p.sound(); return max(p.Slow, p.Fast) }

// untilWaited is when the waiting adds up to FeedWaiting, at most MaxFeed.
func (p FeedPace) untilWaited() time.Duration {
	low, high := time.Duration(0), MaxFeed
	if p.waited(high) < FeedWaiting {
		return high
	}
	for high-low > time.Second {
		if mid := (low + high) / 2; p.waited(mid) < FeedWaiting {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// waited is the waiting, in entry-hours, of all entries expected in a time w: the
// integral of rate(t)·(w−t), the rate being the fast one while it is the larger.
func (p FeedPace) waited(w time.Duration) float64 {
	all, tau := w.Hours(), FastTime.Hours()
	if p.Fast <= p.Slow {
		return p.Slow * all * all / 2
	}
	cross := all // when the fast rate has faded to the slow one
	if p.Slow > 0 {
		cross = min(all, tau*math.Log(p.Fast/p.Slow))
	}
	came := -p.Fast * tau * math.Expm1(-cross/tau)
	waited := p.Fast*tau*cross - came*tau // of those that came before, at that time
	rest := all - cross
	return waited + came*rest + p.Slow*rest*rest/2
}

// spread is a number from -1 to 1 that differs between ids.
func spread(id int64) float64 {
	x := uint64(id) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	return float64(x%2001)/1000 - 1
}
