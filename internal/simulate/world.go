package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"stet/internal/schedule"
)

// A Quality says how well the sources of a world tell of their edits.
type Quality string

// The qualities. Of a mixed world a third of the sources each is good, poor, and
// silent but for its feed.
const (
	QualityNone  Quality = "none"
	QualityPoor  Quality = "poor"
	QualityMixed Quality = "mixed"
	QualityGood  Quality = "good"
)

// Qualities are all of them.
func Qualities() []Quality {
	return []Quality{QualityNone, QualityPoor, QualityMixed, QualityGood}
}

// WorldOptions say what world is made. The zero value is the base world.
type WorldOptions struct {
	Seed    uint64
	Days    float64 // for which articles are published; 0 = WorldDays
	Watch   float64 // days for which each is watched; 0 = WorldWatch
	Density float64 // articles a day, as a share of what the sources publish; 0 = 1
	Signals Quality // empty = none
	Noise   float64 // share of the pages that differ at every visit, from 0 to 1
}

// What a world is made of, unless asked otherwise; days.
const (
	WorldDays  = 38
	WorldWatch = 30
)

// worldStart is when its first article is published: a Monday.
var worldStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// World invents articles and what became of them, so that policies can be
// compared on edits that overwrite each other within minutes, which no recorded
// timelines show. The same options give the same world; noise and signals change
// nothing else in it. Articles come by source, in the order of publication.
//
// The sources differ in how much they publish, in what share of their articles
// changes, how often, and how fast ([worldSources]); each article differs from
// its siblings by a propensity that is gamma distributed. Of the edits, some
// come of themselves, soon after publication for the most part, and each may
// bring others after it. All of that runs by the source's working day.
//
// Signals of two kinds are simulated. Each source's feed shows some edits of
// the articles that it lists, within minutes. A sitemap, where the source has one,
// is polled every quarter of an hour; each poll is a request, charged to
// the policies that listen (Timeline.Polls).
func World(o WorldOptions) []Timeline {
	var out []Timeline
	for i := range worldSources {
		out = append(out, o.source(i)...)
	}
	List(out)
	for i, t := range out {
		tell := rand.New(rand.NewPCG(o.Seed, streamSignals<<32|uint64(i)))
		out[i].Noisy = tell.Float64() < o.Noise
		o.tell(&out[i], tell, t.Group)
		out[i].Group = ""
	}
	return out
}

// Streams of random numbers, so that one part of the world does not change with
// another.
const (
	streamArrivals = iota + 1
	streamEdits
	streamSignals
)

// or is a number, or what stands for none.
func or(x, instead float64) float64 {
	if x > 0 {
		return x
	}
	return instead
}

// source makes the articles of a source.
func (o WorldOptions) source(i int) []Timeline {
	s := &worldSources[i]
	arrivals := rand.New(rand.NewPCG(o.Seed, streamArrivals<<32|uint64(i)))
	edits := rand.New(rand.NewPCG(o.Seed, streamEdits<<32|uint64(i)))
	day := workday{zone: s.zone}
	law := s.law()
	end := 24 * or(o.Days, WorldDays)
	watch := 24 * or(o.Watch, WorldWatch)
	rate := s.perDay / 24 * or(o.Density, 1)
	var out []Timeline
	for at := 0.0; ; {
		at += arrivals.ExpFloat64() / rate
		born := day.real(at + day.own(0))
		if born >= end {
			return out
		}
		t := Timeline{Source: s.name, Group: s.name, Published: worldTime(born), Until: worldTime(born + watch)}
		for _, age := range law.edits(edits) {
			if e := day.real(day.own(born) + age); e < born+watch {
				t.Changes = append(t.Changes, worldTime(e))
			}
		}
		t.Changes = apart(t.Published, t.Changes)
		out = append(out, t)
	}
}

// worldTime is a time in hours of the world, to the second.
func worldTime(h float64) time.Time {
	return worldStart.Add(time.Duration(h*3600) * time.Second)
}

// editApart is the least time between two edits: what comes sooner is taken for
// part of the one before.
const editApart = 5 * time.Minute

// apart sorts edits, and drops those that come too soon after another.
func apart(born time.Time, edits []time.Time) []time.Time {
	slices.SortFunc(edits, time.Time.Compare)
	last := born
	return slices.DeleteFunc(edits, func(t time.Time) bool {
		if t.Sub(last) < editApart {
			return true
		}
		last = t
		return false
	})
}

// A workday is the clock of a newsroom: it runs dayNight times as fast at the
// height of the day as in the depth of the night.
type workday struct {
	zone float64 // hours from UTC
}

const (
	dayNight = 7
	noon     = 14 // the busiest hour, local time
)

// own gives the newsroom's hours at a time in hours; its days have 24, too.
func (w workday) own(t float64) float64 {
	const swing = (dayNight - 1.) / (dayNight + 1)
	return t + swing*24/(2*math.Pi)*math.Sin(2*math.Pi*(t+w.zone-noon)/24)
}

// real is the inverse of own.
func (w workday) real(own float64) float64 {
	low, high := own-12, own+12
	for range 50 {
		if mid := (low + high) / 2; w.own(mid) < own {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// A channelLaw is how well a channel tells of edits.
type channelLaw struct{ recall, precision float64 }

// Sitemaps, good and poor; and feeds, which show little.
var (
	goodSitemap = channelLaw{.9, .8}
	poorSitemap = channelLaw{.45, .2}
)

// How signals come.
const (
	sitemapEvery  = 15 * time.Minute
	feedEvery     = 5 * time.Minute
	feedRecallMin = .1 // a source's feed shows from this share of its edits
	feedRecallMax = .3 // to this
	feedPrecision = .8
)

// sitemap is the law of the sitemap of source i, if it has one.
func (o WorldOptions) sitemap(i int) (channelLaw, bool) {
	switch {
	case o.Signals == QualityGood, o.Signals == QualityMixed && i%3 == 0:
		return goodSitemap, true
	case o.Signals == QualityPoor, o.Signals == QualityMixed && i%3 == 1:
		return poorSitemap, true
	}
	return channelLaw{}, false
}

// tell lets the source tell of the edits of an article.
func (o WorldOptions) tell(t *Timeline, r *rand.Rand, source string) {
	if o.Signals == "" || o.Signals == QualityNone {
		return
	}
	i := slices.IndexFunc(worldSources[:], func(s worldSource) bool { return s.name == source })
	s := &worldSources[i]
	t.Announced = true
	feed := channelLaw{feedRecallMin + (feedRecallMax-feedRecallMin)*float64(i*7%22)/21, feedPrecision}
	t.hear(r, s, feed, schedule.FeedUpdated, feedEvery, t.Listed)
	if law, ok := o.sitemap(i); ok {
		t.hear(r, s, law, schedule.SitemapModified, sitemapEvery, t.Until)
		t.Polls = 24 * float64(time.Hour/sitemapEvery) / s.perDay
	}
	slices.SortStableFunc(t.Signals, func(a, b Signal) int { return a.At.Compare(b.At) })
}

// hear adds the signals of a channel, true and false, as the polls of its
// document show them, until a time. False ones come at the ages of edits, to any article: as
// many as the precision leaves room for.
func (t *Timeline) hear(r *rand.Rand, s *worldSource, law channelLaw, ch schedule.Channel, every time.Duration, until time.Time) {
	var at []time.Time
	for _, c := range t.Changes {
		if r.Float64() < law.recall {
			at = append(at, c)
		}
	}
	day := workday{zone: s.zone}
	born := t.Published.Sub(worldStart).Hours()
	for range poisson(r, s.share*s.mean*law.recall*(1-law.precision)/law.precision) {
		at = append(at, worldTime(day.real(day.own(born)+s.law().age(r))))
	}
	slices.SortFunc(at, time.Time.Compare)
	var last time.Time
	for _, c := range at {
		shown := c.Truncate(every).Add(every)
		if shown.After(until) || shown.Equal(last) {
			continue
		}
		last = shown
		t.Signals = append(t.Signals, Signal{At: shown, Channel: ch})
	}
}
