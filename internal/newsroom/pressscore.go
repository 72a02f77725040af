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
	Bounds   int           `json:"bounds"`    // of those caught: with bounds that do not hold the time of the edit
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
// showed until a moment. Each text is caught at most once:
//
//   - The first version of an article must have a text that the article had.
//   - A later one must have a text that was made within its bounds; or, for
//     watchers hold back what they are not sure of yet, must show what one edit
//     changed, within its bounds, and not a line that the article never had. Of
//     several edits between two versions the newest is caught; the texts
//     between were overwritten. Shown so, but with other bounds, it is caught
//     and its bounds are wrong; those of a liar are its own.
//   - What a restless paper counts is no text.
//
// All else is false: the same text once more, a line that nobody wrote, an
// article that is none, a loss.
func (p *Press) Score(seen []PressSeen, until time.Time) PressScore {
	byHost := map[string][]Seen{}
	for _, s := range seen {
		s.Paragraphs = slices.Clone(s.Paragraphs)
		for i, text := range s.Paragraphs {
			s.Paragraphs[i] = p.counter.ReplaceAllLiteralString(text, counterMark)
		}
		byHost[s.Host] = append(byHost[s.Host], s.Seen)
	}
	t := tallying{start: p.o.Start}
	for _, m := range p.members {
		t.take(m.reckon(byHost[m.host], until))
		delete(byHost, m.host)
	}
	for host, left := range byHost { // of hosts that are no paper of ours
		for _, s := range left {
			t.score.False++
			t.score.Wrong = append(t.score.Wrong, PressSeen{host, s})
		}
	}
	t.score.Median, t.score.P90 = quantile(t.delays, 0.5), quantile(t.delays, 0.9)
	t.score.Newness = quantile(t.newness, 0.5)
	return t.score
}

// A reckoning is what a watcher made of one paper.
type reckoning struct {
	m      *member
	truths []Truth
	when   []time.Time     // beside truths: Before of what caught them; zero = nothing did
	last   map[string]Seen // the newest version so far, by path
	wrong  []Seen
	bounds int // of wrong
}

// reckon takes what was seen of one paper; texts of after until are none yet.
func (m *member) reckon(seen []Seen, until time.Time) *reckoning {
	truths := slices.DeleteFunc(m.paper.Truths(), func(t Truth) bool { return t.Expect != ExpectVersion || t.At.After(until) })
	c := &reckoning{m: m, truths: truths, when: make([]time.Time, len(truths)), last: map[string]Seen{}}
	seen = slices.Clone(seen)
	slices.SortStableFunc(seen, func(a, b Seen) int { return a.Before.Compare(b.Before) })
	for _, s := range seen {
		if s.Type != "moved" {
			c.takeSeen(s)
		}
	}
	return c
}

func (c *reckoning) takeSeen(s Seen) {
	last, known := c.last[s.Path]
	if s.Type == ExpectVersion && c.m.paper.byPath[s.Path] != nil {
		c.last[s.Path] = s
	}
	i, inBounds := -1, true
	switch {
	case s.Type != ExpectVersion || known == s.After.IsZero(): // a second first version, or a change of nothing
	case known:
		i, inBounds = c.findChange(last, s)
	default:
		i = c.find(s, func(t Truth) bool { return !t.At.After(s.Before) })
	}
	if i >= 0 {
		c.when[i] = s.Before
	}
	if i < 0 || !inBounds {
		c.wrong = append(c.wrong, s)
	}
	if !inBounds {
		c.bounds++
	}
}

// findChange is the truth that a version after the first shows, and whether it
// was made within its bounds; -1 when it shows none.
func (c *reckoning) findChange(last, s Seen) (i int, inBounds bool) {
	made := func(t Truth) bool { return !t.At.After(s.Before) }
	within := func(t Truth) bool {
		// A liar's word that nothing changed is what a watcher has to go by.
		return made(t) && (s.After.Before(t.At) || c.m.style.trouble == Liar)
	}
	always := func(Truth) bool { return true }
	if i = c.find(s, within); i < 0 {
		i = c.findEdit(last, s, within, made)
	}
	if i >= 0 {
		return i, true
	}
	if i = c.find(s, always); i < 0 {
		i = c.findEdit(last, s, always, always)
	}
	return i, i < 0
}

// find is the newest text not caught yet that s shows and that is fit; -1 = none.
func (c *reckoning) find(s Seen, fit func(Truth) bool) int {
	for i, t := range slices.Backward(c.truths) {
		if t.Path == s.Path && c.when[i].IsZero() && fit(t) && s.shows(t) {
			return i
		}
	}
	return -1
}

// findEdit is the newest fit edit not caught yet of which s shows all and the
// version before it did not; -1 when there is none, or s has a line that none
// of the made texts of the article has.
func (c *reckoning) findEdit(last, s Seen, fit, made func(Truth) bool) int {
	had, found := map[string]bool{}, -1
	was, is := lineSet(last), lineSet(s)
	var before map[string]bool
	for i, t := range c.truths {
		if t.Path != s.Path || !made(t) {
			continue
		}
		lines := lineSet(Seen{Headline: t.Headline, Standfirst: t.Standfirst, Paragraphs: t.Paragraphs})
		for l := range lines {
			had[l] = true
		}
		if c.when[i].IsZero() && fit(t) && shown(before, lines, is) && !shown(before, lines, was) {
			found = i
		}
		before = lines
	}
	for l := range is {
		if !had[l] {
			return -1
		}
	}
	return found
}

// lineSet is the folded lines of a text; the headline is told from the others.
func lineSet(of Seen) map[string]bool {
	set := map[string]bool{"# " + fold(of.Headline): true}
	for _, l := range foldAll(append([]string{of.Standfirst}, of.Paragraphs...)) {
		set[l] = true
	}
	return set
}

// shown reports whether a text has what an edit brought, and not what it took.
func shown(before, after, text map[string]bool) bool {
	if before == nil { // no edit: the first text
		return false
	}
	for l := range after {
		if !before[l] && !text[l] {
			return false
		}
	}
	for l := range before {
		if !after[l] && text[l] {
			return false
		}
	}
	return true
}

// tallying is a score in the making.
type tallying struct {
	start           time.Time
	score           PressScore
	delays, newness []time.Duration
}

// take adds one paper.
func (y *tallying) take(c *reckoning) {
	s := &y.score
	s.Found += len(c.last)
	s.False += len(c.wrong) - c.bounds
	s.Bounds += c.bounds
	for _, w := range c.wrong {
		s.Wrong = append(s.Wrong, PressSeen{c.m.host, w})
	}
	// What was overwritten can be caught no more; what still stands may yet be.
	over := overwritten(c.truths)
	for i, t := range c.truths {
		if t.First {
			y.takeFirst(t, c.when[i], over[i])
		} else {
			y.takeEdit(PressTruth{c.m.host, t}, c.when[i], over[i])
		}
	}
}

func (y *tallying) takeFirst(t Truth, when time.Time, over bool) {
	y.score.Articles++
	switch {
	case !when.IsZero() && t.At.After(y.start):
		y.newness = append(y.newness, when.Sub(t.At))
	case when.IsZero() && over:
		y.score.Late++
	}
}

func (y *tallying) takeEdit(t PressTruth, when time.Time, over bool) {
	s := &y.score
	s.Edits++
	switch {
	case !when.IsZero():
		s.Caught++
		if !when.Before(t.At) { // else it is said to be seen before it was made: wrong bounds
			y.delays = append(y.delays, when.Sub(t.At))
		}
	case over:
		s.Missed++
		s.Overwritten = append(s.Overwritten, t)
	default:
		s.Standing++
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
