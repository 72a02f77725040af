package newsroom

import (
	"cmp"
	"slices"
	"time"
)

// A PressSeen is one entry of the change log of a watcher of a press.
type PressSeen struct {
	Host string // HOST:PORT of the paper
	Seen
}

// A PressScore says how well a watcher did, up to a moment of the run.
type PressScore struct {
	Articles int           `json:"articles"`  // published by then
	Found    int           `json:"found"`     // of those: a text was recorded
	Edits    int           `json:"edits"`     // texts after the first of their article, made by then
	Caught   int           `json:"caught"`    // of those: recorded, with right bounds
	Missed   int           `json:"missed"`    // of those: overwritten without being recorded
	Standing int           `json:"standing"`  // of those: not recorded yet, and still there to be seen
	False    int           `json:"false"`     // recorded versions and losses that nobody made
	Bounds   int           `json:"bounds"`    // right texts with bounds that do not hold the time when they were made
	Late     int           `json:"late"`      // first texts that were overwritten before their article was found
	Median   time.Duration `json:"median_ns"` // of the time from the making of a caught edit to its being seen
	P90      time.Duration `json:"p90_ns"`
	Newness  time.Duration `json:"newness_ns"` // median time from the publication of an article during the run to its being seen

	// The faults by themselves, for people.
	Overwritten []PressTruth `json:"overwritten,omitempty"`
	Wrong       []PressSeen  `json:"wrong,omitempty"`
}

// A PressTruth is a text of an article of one of the papers.
type PressTruth struct {
	Host string
	Truth
}

// Score compares a watcher's change log, in any order, with what the papers
// showed until a moment, under the rules of [Paper.Score]. What a restless paper
// counts is no text. An entry of a host that is none of the papers is false.
func (p *Press) Score(seen []PressSeen, until time.Time) PressScore {
	byHost := map[string][]Seen{}
	for _, s := range seen {
		s.Paragraphs = slices.Clone(s.Paragraphs)
		for i, text := range s.Paragraphs {
			s.Paragraphs[i] = p.counter.ReplaceAllLiteralString(text, counterMark)
		}
		byHost[s.Host] = append(byHost[s.Host], s.Seen)
	}
	var total PressScore
	var delays, newness []time.Duration
	for _, m := range p.members {
		c := m.score(byHost[m.host], until)
		delete(byHost, m.host)
		total.take(m.host, c, &delays, &newness)
	}
	for host, left := range byHost {
		for _, s := range left {
			total.False++
			total.Wrong = append(total.Wrong, PressSeen{host, s})
		}
	}
	total.Median, total.P90 = quantile(delays, 0.5), quantile(delays, 0.9)
	total.Newness = quantile(newness, 0.5)
	return total
}

// score takes what was seen of one paper; truths after until are none yet.
func (m *member) score(seen []Seen, until time.Time) *scoring {
	truths := slices.DeleteFunc(m.paper.Truths(), func(t Truth) bool { return t.Expect != ExpectVersion || t.At.After(until) })
	c := &scoring{paper: m.paper, truths: truths, first: map[*article]bool{}, caught: make([]bool, len(truths)), when: make([]time.Time, len(truths))}
	seen = slices.Clone(seen)
	slices.SortStableFunc(seen, func(a, b Seen) int { return a.Before.Compare(b.Before) })
	for _, s := range seen {
		c.take(s)
	}
	return c
}

// take adds the score of one paper.
func (s *PressScore) take(host string, c *scoring, delays, newness *[]time.Duration) {
	start := c.paper.start
	s.Found += len(c.first)
	s.False += c.score.False
	s.Bounds += c.score.BoundsWrong
	for _, w := range c.score.Wrong {
		s.Wrong = append(s.Wrong, PressSeen{host, w})
	}
	over := overwritten(c.truths)
	for i, t := range c.truths {
		switch {
		case t.First && c.caught[i] && t.At.After(start):
			*newness = append(*newness, c.when[i].Sub(t.At))
		case t.First && !c.caught[i] && over[i]:
			s.Late++
		case !t.First && c.caught[i]:
			s.Caught++
			*delays = append(*delays, c.when[i].Sub(t.At))
		case !t.First && over[i]:
			s.Missed++
			s.Overwritten = append(s.Overwritten, PressTruth{host, t})
		case !t.First:
			s.Standing++
		}
		if t.First {
			s.Articles++
		} else {
			s.Edits++
		}
	}
}

// overwritten tells, for texts in time order, which have another of the same
// article after them.
func overwritten(truths []Truth) []bool {
	out, later := make([]bool, len(truths)), map[string]bool{}
	for i, t := range slices.Backward(truths) {
		out[i] = later[t.Path]
		later[t.Path] = true
	}
	return out
}

// quantile is the smallest of the durations that the share q is not above; 0 of
// none.
func quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	d = slices.SortedFunc(slices.Values(d), cmp.Compare)
	return d[min(int(q*float64(len(d))), len(d)-1)]
}
