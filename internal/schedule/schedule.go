// Package schedule decides when an article is visited again, and when a feed is
// polled again ([FeedPace]).
//
// A [Policy] is a function: what is known of an article and of the visit that
// has just ended go in, the time of the next visit comes out. It has no clock,
// no random numbers and no input or output; the few numbers that it wants to
// remember of an article are in [Trace], which the store keeps with the article.
//
// # The learned policy
//
// [Learned] looks again when the edits that it expects to have been made since
// the last visit reach a threshold θ, the same for all articles. An archive
// wants every version before the next one overwrites it; for that aim equal
// expected unseen edits at every visit are the best division of a number of
// visits among articles, whatever their rates (the yield of the last visit is
// then the same everywhere). An article of age a is edited at the rate
//
//	λ(a) = r(a)/(a + ½ h) · (k + found)/(k + expected)
//
// where r, the edits of an average article per e-fold of its age, is learned in
// ten bins of age for each [Group] (kind of page, source, section), a group
// with few articles leaning on the wider one ([Curves]); found counts the changes
// of this article and expected those of an average one watched over the same
// time, both fading as the article ages. Ages run by the source's own working
// day and week ([Curves] again): its nights pass quickly.
//
// Besides there are the policies of older trackers, to be compared on one
// history: see [Named].
//
// # Signals
//
// A signal (a feed that says "updated", a sitemap's lastmod, another title on
// the front page, a push) makes it likelier that there is an unseen edit. How
// much likelier is learned for each source and channel: of the visits that a
// signal led to, how many found a change. So a channel that tells the truth
// brings the visit at once, and one that cries wolf loses its voice. A signal is
// weighed in the units of θ, by the rate of the article ([Learned.Pulled]).
//
// Learned as well is what share of a source's edits is told of at all. Where
// that is most of them, silence lets an article wait: until a signal comes only
// the other edits are expected. In the invented world of package simulate that
// is worth 2 points at 12 visits where signals are mixed, 9 at 8 where they are good.
package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// History is what is known of an article when a visit ends, before that visit
// is counted in.
type History struct {
	Found     time.Time     // when stet first knew of it
	Published time.Time     // by the publisher's word; zero = unknown
	Listed    time.Time     // until when its feed lists it; zero = not known
	Last      time.Time     // the visit before; zero = this is the first
	Changed   time.Time     // when its newest version was first seen; zero = no version yet
	Period    time.Duration // the wait that led to this visit; 0 = it was the first
	Group     Group
	Announced bool // a feed that can announce edits lists the article
	Trace     Trace
}

// MaxHead is how long before it was found an article may claim to have been
// published. Older and future dates (1970, a wrong zone) say nothing of its age.
const MaxHead = 30 * 24 * time.Hour

// Born is when the age of the article begins: its publication, if that can be
// believed, else when it was found.
func (h History) Born() time.Time {
	if h.Published.IsZero() || h.Published.After(h.Found) || h.Found.Sub(h.Published) > MaxHead {
		return h.Found
	}
	return h.Published
}

// A Trace is what the learned policy remembers of one article.
type Trace struct {
	Found    float64 // changes found, fading
	Expected float64 // changes that an average article of the group would have shown meanwhile, fading
	Streak   int     // visits in a row that found a change that no signal had told of
}

// Visit is how the visit that has just ended went.
type Visit struct {
	At      time.Time
	Changed bool    // it made a version, the first one included
	Signal  Channel // that told of an edit since the visit before; 0 = none
}

// Plan is when to come back. A zero Due means never.
type Plan struct {
	Due    time.Time
	Period time.Duration // Due minus the time of the visit
	Trace  Trace         // to be kept with the article
	Lesson Lesson        // what the visit teaches about other articles, for Learn
}

// A Policy decides when to come back. Next must be deterministic, and safe for
// concurrent use.
type Policy interface {
	Name() string
	Next(h History, v Visit) Plan
}

// A Tunable policy has one knob. Tune gives the policy with all its waits about
// k times as long, 1 being its native setting; k must be positive.
type Tunable interface {
	Policy
	Tune(k float64) Policy
}

// A Learner is a policy that one article teaches about others. Learn takes in
// the lesson of a visit once it is recorded.
type Learner interface {
	Policy
	Learn(Lesson)
}

// Names are the names that Named knows, with "every:" for all durations.
func Names() []string {
	return []string{"learned", "newssniffer", "newsdiffs", "diffengine", "diffengine-shipped", "newsdiff", "backoff:FACTOR", "every:DURATION"}
}

// Named finds a policy by its name:
//
//   - learned: see the package comment.
//   - newssniffer, newsdiffs, diffengine, diffengine-shipped, newsdiff: those of
//     older trackers, see their types.
//   - backoff:F, for instance backoff:1.5: half an hour after a change, and F
//     times longer after each visit without one; for ever.
//   - every:D, for instance every:15m: at a fixed distance, for ever.
func Named(name string) (Policy, error) {
	for _, p := range []Policy{NewLearned(), NewsSniffer{}, NewsDiffs{}, Diffengine{}, Diffengine{Shipped: true}, Newsdiff{}} {
		if p.Name() == name {
			return p, nil
		}
	}
	kind, value, _ := strings.Cut(name, ":")
	switch kind {
	case "every":
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("policy %q: want a positive duration after every:, such as every:15m", name)
		}
		return Every(d), nil
	case "backoff":
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || !(f > 1) || f > 100 {
			return nil, fmt.Errorf("policy %q: want a factor above 1 and at most 100 after backoff:, such as backoff:1.5", name)
		}
		return Backoff{Factor: f}, nil
	}
	return nil, fmt.Errorf("policy %q: want one of %s", name, strings.Join(Names(), ", "))
}
