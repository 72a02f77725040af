package schedule

import (
	"cmp"
	"slices"
	"time"
)

// How a feed's window is guarded.
const (
	WindowPart = 3                  // 1/WindowPart of the window may fill between two polls
	FillTime   = 7 * 24 * time.Hour // the fastest filling seen is believed e times slower after so long without one
	MaxListed  = 1000               // entries remembered; of a longer document a sample
	minWindow  = 10                 // a first document with fewer entries is taken for one that grows, not for a window
)

// guard remembers how fast the window filled. A document that only grows is no
// window yet, and one to which entries return in number is none at all.
func (p *FeedPace) guard(f found, at time.Time, gap time.Duration) {
	if len(f.now) == 0 {
		return
	}
	full := max(p.Window, len(f.now))
	came := min(f.fresh, f.left)
	fill := time.Duration(0)
	switch {
	case f.returned*WindowPart > full:
		p.Fill = 0
		return
	case f.outrun || f.first && full >= minWindow:
		if !f.oldest.IsZero() {
			fill = at.Sub(f.oldest) / WindowPart
		}
		if f.outrun {
			fill = sooner(fill, gap/WindowPart)
		}
	case came*WindowPart > full && gap > 0:
		fill = time.Duration(float64(gap) * float64(full) / float64(WindowPart*came))
	}
	if part := float64(full) * f.scale / WindowPart; came > 0 && p.Fast*FastTime.Hours() > part { // over several polls
		fill = sooner(fill, time.Duration(part/p.Fast*float64(time.Hour)))
	}
	if fill > 0 {
		p.Fill = sooner(p.Fill, max(fill, MinFeed))
	}
}

// sooner is the shorter of two times of which 0 is none.
func sooner(a, b time.Duration) time.Duration {
	if a <= 0 || b > 0 && b < a {
		return b
	}
	return a
}

// A found is what a document shows against those before it.
type found struct {
	first    bool        // no document is known before it
	now      []uint64    // names of its entries, each once
	listed   []uint64    // the names to remember
	scale    float64     // entries for each that is looked at
	fresh    int         // entries that were never listed
	returned int         // entries that had left
	left     int         // entries of the last document that are not in this one
	news     []time.Time // times of taken entries that came or were updated; zero = not known
	outrun   bool        // nothing of the last document is left, and nothing is known
	oldest   time.Time   // time of the oldest entry; zero when not each has a believable one
}

// find compares a document with what was listed before.
func (p FeedPace) find(poll FeedPoll) found {
	from := poll.Last
	if from.IsZero() {
		from = poll.At.Add(-MaxLearned)
	}
	entries, scale := sample(poll.Entries)
	f := found{first: len(p.Listed) == 0, scale: scale}
	place := make(map[uint64]int, len(p.Listed))
	for i, id := range p.Listed {
		place[id] = i
	}
	here, dated := make(map[uint64]bool, len(entries)), true
	for _, e := range entries {
		here[e.ID] = true
		f.now = append(f.now, e.ID)
		i, known := place[e.ID]
		switch {
		case !known:
			f.fresh++
		case i >= p.Window:
			f.returned++
		}
		believed := e.At.After(from) && !e.At.After(poll.At)
		switch {
		case !believed:
			dated, e.At = false, time.Time{}
		case f.oldest.IsZero() || e.At.Before(f.oldest):
			f.oldest = e.At
		}
		if e.Taken && (believed || !known && !f.first) {
			f.news = append(f.news, e.At)
		}
	}
	if !dated {
		f.oldest = time.Time{}
	}
	p.remember(&f, here)
	f.outrun = p.Window > 0 && f.left == p.Window && f.fresh == len(f.now) && f.fresh > 0
	return f
}

// remember counts the entries that left the document, and gives the names to
// keep: what is here, then what is not.
func (p FeedPace) remember(f *found, here map[uint64]bool) {
	f.listed = slices.Clone(f.now)
	for i, id := range p.Listed {
		switch {
		case here[id]:
			continue
		case i < p.Window:
			f.left++
		}
		if len(f.listed) < MaxListed {
			f.listed = append(f.listed, id)
		}
	}
}

// sample gives each entry once, and of more than MaxListed those with the
// least names, which are as good as any and mostly the same at the next poll.
// scale is how many entries each stands for.
func sample(all []FeedEntry) (some []FeedEntry, scale float64) {
	some = slices.SortedStableFunc(slices.Values(all), func(a, b FeedEntry) int { return cmp.Compare(a.ID, b.ID) })
	some = slices.CompactFunc(some, func(a, b FeedEntry) bool { return a.ID == b.ID })
	if n := len(some); n > MaxListed {
		return some[:MaxListed], float64(n) / MaxListed
	}
	return some, 1
}
