package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Seen is one entry of a watcher's change log.
type Seen struct {
	Path string // of the article, old or new
	Type string // version, gone, returned, moved
	// The change was made after After (the old state was last seen) and not
	// later than Before (the new one was first seen). After is zero for the
	// first version of an article.
	After, Before time.Time
	// The text of a version: Paragraphs as in Truth. Standfirst may be empty
	// for a watcher that does not tell it from the paragraphs.
	Headline   string
	Standfirst string
	Paragraphs []string
	Kinds      []string // what the watcher says that the change touches
}

// A Score says how well a watcher did.
type Score struct {
	Changes         int      `json:"changes"` // texts after the first of their article
	Caught          int      `json:"caught"`  // of those, with right bounds
	False           int      `json:"false"`   // versions and losses that the watcher reported and nobody made
	Deletions       int      `json:"deletions"`
	DeletionsCaught int      `json:"deletions_caught"`
	Returns         int      `json:"returns"`
	ReturnsCaught   int      `json:"returns_caught"`
	Kinds           int      `json:"kinds"`                  // that the truths of the changes caught name
	KindsFound      int      `json:"kinds_found"`            // of those, that the watcher named too
	KindsMissed     []string `json:"kinds_missed,omitempty"` // the others: time, path and kind
	Articles        int      `json:"articles"`               // whose first version was caught
	Versions        int      `json:"versions"`               // reported
	BoundsWrong     int      `json:"bounds_wrong"`           // right change, but made outside of After < At ≤ Before
	Missed          []Truth  `json:"missed,omitempty"`       // expected and not caught, in time order
	Wrong           []Seen   `json:"wrong,omitempty"`        // false, or with wrong bounds
}

// String is one line for people.
func (s Score) String() string {
	return fmt.Sprintf("caught %d of %d changes, %d false, %d deletions of %d; %d of %d kinds named; %d articles, %d versions",
		s.Caught, s.Changes, s.False, s.DeletionsCaught, s.Deletions, s.KindsFound, s.Kinds, s.Articles, s.Versions)
}

// Score compares a watcher's change log, in any order, with the truth. Each
// truth is caught at most once. A version is right when it is of the right
// article, has the truth's text (white space folded) and bounds around the
// truth's time. The first version of an article is right when it is what the
// article said at Before; texts that the article had before it are missed. A
// second "first version" of one article (the same work tracked twice) is false,
// as is whatever is of an article that is none.
// Reports that an article has moved are neither right nor wrong.
func (p *Paper) Score(seen []Seen) Score {
	c := scoring{paper: p, truths: p.Truths(), first: map[*article]bool{}}
	c.caught = make([]bool, len(c.truths))
	seen = slices.Clone(seen)
	slices.SortStableFunc(seen, func(a, b Seen) int { return a.Before.Compare(b.Before) })
	for _, s := range seen {
		c.take(s)
	}
	c.sum()
	return c.score
}

// scoring is a score in the making.
type scoring struct {
	paper  *Paper
	truths []Truth
	caught []bool // beside truths
	first  map[*article]bool
	score  Score
}

func (c *scoring) take(s Seen) {
	a := c.paper.byPath[s.Path]
	if s.Type == "version" {
		c.score.Versions++
	}
	switch {
	case s.Type == "moved":
	case a == nil:
		c.wrong(s)
	case s.Type == "version" && s.After.IsZero():
		c.takeFirst(a, s)
	default:
		c.takeChange(a, s)
	}
}

// takeFirst looks for the newest text of the article at s.Before.
func (c *scoring) takeFirst(a *article, s Seen) {
	now := -1
	for i, t := range c.truths {
		if t.Path == a.path && t.Expect == ExpectVersion && !t.At.After(s.Before) {
			now = i
		}
	}
	if now < 0 || c.first[a] || !s.shows(c.truths[now]) {
		c.wrong(s)
		return
	}
	c.first[a] = true
	c.caught[now] = true
	c.score.Articles++
}

// takeChange looks for a truth that s is about, right bounds before wrong ones.
func (c *scoring) takeChange(a *article, s Seen) {
	near := false
	for i, t := range c.truths {
		if c.caught[i] || t.Path != a.path || t.Expect != s.Type || s.Type == ExpectVersion && !s.shows(t) {
			continue
		}
		if s.After.Before(t.At) && !t.At.After(s.Before) {
			c.caught[i] = true
			c.kinds(t, s)
			return
		}
		near = true
	}
	if near {
		c.score.BoundsWrong++
		c.score.Wrong = append(c.score.Wrong, s)
		return
	}
	c.wrong(s)
}

// kinds counts the kinds that the truth names, and those of them that s names.
func (c *scoring) kinds(t Truth, s Seen) {
	for _, k := range t.Kinds {
		c.score.Kinds++
		if slices.Contains(s.Kinds, k) {
			c.score.KindsFound++
		} else {
			c.score.KindsMissed = append(c.score.KindsMissed, t.At.Format("Mon 15:04 ")+t.Path+": "+k)
		}
	}
}

func (c *scoring) wrong(s Seen) {
	if s.Type == "version" || s.Type == "gone" {
		c.score.False++
	}
	c.score.Wrong = append(c.score.Wrong, s)
}

// sum counts the truths once all that was seen is taken.
func (c *scoring) sum() {
	for i, t := range c.truths {
		switch {
		case t.Expect == ExpectNothing:
			continue
		case !c.caught[i]:
			c.score.Missed = append(c.score.Missed, t)
		}
		one := 0
		if c.caught[i] {
			one = 1
		}
		switch {
		case t.Expect == ExpectGone:
			c.score.Deletions++
			c.score.DeletionsCaught += one
		case t.Expect == ExpectReturned:
			c.score.Returns++
			c.score.ReturnsCaught += one
		case !t.First:
			c.score.Changes++
			c.score.Caught += one
		}
	}
}

// shows reports whether s has the text of t. A standfirst at the head of the
// paragraphs is as good as one in its own field.
func (s Seen) shows(t Truth) bool {
	if fold(s.Headline) != fold(t.Headline) {
		return false
	}
	got := foldAll(append([]string{s.Standfirst}, s.Paragraphs...))
	want := foldAll(append([]string{t.Standfirst}, t.Paragraphs...))
	if len(got) > 1 && got[0] == got[1] && got[0] == fold(t.Standfirst) {
		got = got[1:] // once in its field and once in the body
	}
	return slices.Equal(got, want)
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// foldAll folds each line and leaves out the empty ones.
func foldAll(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l = fold(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
