package schedule

import (
	"iter"
	"math"
	"strings"
	"sync"
	"time"
)

// A Group is the articles that are taken to behave alike.
type Group struct {
	Source  int64
	Kind    string // of page: KindLive, or empty
	Section string // as news.Section gives it, folders with "/" between; may be empty
}

// KindLive are live blogs: pages whose posts are the article.
const KindLive = "live"

// wider is the group that this one leans on while it has few articles; false for
// the widest.
func (g Group) wider() (Group, bool) {
	switch i := strings.LastIndexByte(g.Section, '/'); {
	case i >= 0:
		g.Section = g.Section[:i]
	case g.Section != "":
		g.Section = ""
	case g.Source != 0:
		g.Source = 0
	case g.Kind != "":
		g.Kind = ""
	default:
		return g, false
	}
	return g, true
}

// A Lesson is what one visit teaches about other articles of the group.
type Lesson struct {
	Group     Group
	From, To  time.Time     // the wait
	Found     float64       // changes that it is taken to have found
	Expected  float64       // changes that were expected, of this article
	Bin       int           // of age, that what was found is dated to
	Exposure  [Bins]float64 // time watched: e-folds of age in each bin, times the article's zeal
	Signal    Channel       // that had announced an edit meanwhile; 0 = none
	Announced bool          // a feed that can announce edits listed the article
}

// A Channel is a way by which a source tells of edits.
type Channel int

// The channels. 0 is none.
const (
	FeedUpdated     Channel = 1 + iota // the updated time of a feed's entry moved
	SitemapModified                    // the lastmod of a sitemap's entry moved
	TitleDiffers                       // a feed or front page gives another title than before
	Pushed                             // a hub announced the entry (WebSub)
	channels        = iota
)

// Names of the channels, for people and for the store.
var channelNames = [...]string{"", "feed", "sitemap", "title", "push"}

// String is a word for the channel.
func (c Channel) String() string {
	if c < 0 || int(c) >= len(channelNames) {
		return "unknown"
	}
	return channelNames[c]
}

// Bins of age: up to 30 minutes, then doubling to 128 hours, then the rest.
const Bins = 10

// ParseChannel is the channel of a word; 0 for none that is known.
func ParseChannel(word string) Channel {
	for c, name := range channelNames {
		if name == word {
			return Channel(c)
		}
	}
	return 0
}

// slots of a curve: bins of age; the hours of the day and the days of the week,
// of a source; its channels; and how often edits were announced at all.
const (
	hourSlot    = Bins
	daySlot     = hourSlot + 24
	channelSlot = daySlot + 7
	recallSlot  = channelSlot + channels
	Slots       = recallSlot + 1
)

// Counts are what was found and what was expected, in each slot of a curve. Of
// the bins of age, "expected" is the time watched: e-folds of age.
type Counts struct{ Found, Expected [Slots]float64 }

// Weights of what is not known yet.
const (
	widerWeight   = 10   // e-folds watched that the wider group counts for
	priorWeight   = 20   // the same for the prior, in the widest
	priorRate     = .3   // edits per e-fold of age
	rhythmWeight  = 20   // edits expected that an even rhythm counts for
	longMemory    = 5000 // above so much in a slot its counts are halved, so that what is old fades
	signalMemory  = 200  // the same for signals: a publisher's software is replaced in a day
	recallWeight  = 20   // edits without a signal that are assumed before any were seen
	recallMost    = .9   // share that is believed at most, so that a channel that falls silent is found out
	recallTrusted = .7   // share of edits told of, from which on silence is believed
	rhythmWait    = 24   // hours: longer waits say little of when an edit was made
)

// A curve is what is known of one group.
type curve struct {
	Counts
	wider   *curve // nil for the widest
	rhythm  *rhythm
	lessons int
	changed bool // since Changed was last called
}

// Curves are what has been learned of groups and sources. They are safe for
// concurrent use.
type Curves struct {
	mu     sync.RWMutex // protects what follows
	groups map[Group]*curve
}

// NewCurves gives curves that have learned nothing.
func NewCurves() *Curves { return &Curves{groups: map[Group]*curve{}} }

// of finds or makes the curve of a group, and those it leans on.
func (c *Curves) of(g Group) *curve {
	if x := c.groups[g]; x != nil {
		return x
	}
	x := &curve{rhythm: even}
	if w, ok := g.wider(); ok {
		x.wider = c.of(w)
	}
	c.groups[g] = x
	return x
}

// rate is the edits per e-fold of age in a bin.
func (x *curve) rate(bin int) float64 {
	if x.wider == nil {
		return (x.Found[bin] + priorWeight*priorRate) / (x.Expected[bin] + priorWeight)
	}
	return (x.Found[bin] + widerWeight*x.wider.rate(bin)) / (x.Expected[bin] + widerWeight)
}

// add counts in a slot.
func (x *curve) add(slot int, found, expected float64) {
	x.changed = true
	x.Found[slot] += found
	x.Expected[slot] += expected
	memory := float64(longMemory)
	if slot >= channelSlot {
		memory = signalMemory
	}
	if x.Expected[slot] > memory {
		x.Found[slot] /= 2
		x.Expected[slot] /= 2
	}
}

// Learn takes in the lesson of a visit. An empty lesson teaches nothing.
func (c *Curves) Learn(l Lesson) {
	if l.To.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for x := c.of(l.Group); x != nil; x = x.wider {
		for bin, e := range l.Exposure {
			if e > 0 {
				x.add(bin, 0, e)
			}
		}
		x.add(l.Bin, l.Found, 0)
	}
	s := c.of(Group{Source: l.Group.Source})
	s.learnRhythm(l)
	if l.Signal > 0 && l.Signal <= channels {
		s.add(channelSlot+int(l.Signal)-1, flag(l.Found > 0), 1)
	}
	if l.Announced && l.Found > 0 {
		s.add(recallSlot, flag(l.Signal > 0), 1)
	}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Truth is how likely a signal of the channel means an edit of which we do not
// know: the share of those signals of the source that led to a change; ½ before
// the first.
func (c *Curves) Truth(source int64, ch Channel) float64 {
	if ch <= 0 || ch > channels {
		return 0
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	x := c.groups[Group{Source: source}]
	if x == nil {
		return .5
	}
	i := channelSlot + int(ch) - 1
	return (.5 + x.Found[i]) / (1 + x.Expected[i]) // Jeffreys: what has never been true is soon not believed
}

// All gives what is known of each group, in no order.
func (c *Curves) All() iter.Seq2[Group, Counts] {
	return func(yield func(Group, Counts) bool) {
		c.mu.RLock()
		defer c.mu.RUnlock()
		for g, x := range c.groups {
			if !yield(g, x.Counts) {
				return
			}
		}
	}
}

// Changed gives what is known of the groups that have learned something since it
// was last called, to be stored.
func (c *Curves) Changed() map[Group]Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[Group]Counts{}
	for g, x := range c.groups {
		if x.changed {
			out[g], x.changed = x.Counts, false
		}
	}
	return out
}

// Load sets what is known of a group, as Changed gave it. Counts that are
// negative or no numbers are refused: the group then starts anew.
func (c *Curves) Load(g Group, n Counts) bool {
	for i := range Slots {
		if !(n.Found[i] >= 0 && n.Expected[i] >= 0) || math.IsInf(n.Found[i]+n.Expected[i], 0) {
			return false
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.of(g)
	x.Counts, x.changed = n, false
	x.rhythm = x.newRhythm()
	return true
}

// A view is what the policy needs of one group at one time.
type view struct {
	rate   [Bins]float64
	rhythm *rhythm
	untold float64 // share of the edits of which no signal tells, where one could
}

func (c *Curves) view(g Group) view {
	c.mu.RLock()
	x, source := c.groups[g], c.groups[Group{Source: g.Source}]
	if x == nil || source == nil {
		c.mu.RUnlock()
		c.mu.Lock()
		x, source = c.of(g), c.of(Group{Source: g.Source})
		c.mu.Unlock()
		c.mu.RLock()
	}
	defer c.mu.RUnlock()
	v := view{rhythm: source.rhythm, untold: source.untold()}
	for bin := range v.rate {
		v.rate[bin] = x.rate(bin)
	}
	return v
}

// untold is the share of the source's edits that come without a signal, where a
// feed could have told of them; 1 while that is not known, or too few are told of.
func (x *curve) untold() float64 {
	told := x.Found[recallSlot] / (x.Expected[recallSlot] + recallWeight)
	if told < recallTrusted {
		return 1
	}
	return 1 - min(told, recallMost)
}

// binOf is the bin of an age in hours.
func binOf(a float64) int {
	bin, upper := 0, .5
	for a >= upper && bin < Bins-1 {
		bin, upper = bin+1, 2*upper
	}
	return bin
}

// edge is the upper end of a bin, in hours.
func edge(bin int) float64 {
	if bin >= Bins-1 {
		return math.Inf(1)
	}
	return .5 * float64(int(1)<<bin)
}

// watch calls f with each bin between two ages and the e-folds of age spent in it.
func watch(from, to float64, f func(bin int, span float64)) {
	for bin := binOf(from); from < to; bin++ {
		end := min(to, edge(bin))
		f(bin, math.Log((end+clock0)/(from+clock0)))
		from = end
	}
}
