package compare

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"stet/internal/news"
)

// A Memory is what is kept of an article's page between visits, beside its
// content and keys.
type Memory struct {
	Looks    int            `json:"looks"`              // at the page, all told
	Homes    []uint64       `json:"homes,omitempty"`    // where on the page the text stood, newest last
	Traces   []Trace        `json:"traces,omitempty"`   // blocks that came or went
	Entered  map[uint64]int `json:"entered,omitempty"`  // Looks when a block of the content entered it; not for those of the first version
	Ruled    []uint64       `json:"ruled,omitempty"`    // keys of the content's blocks that an ignore rule matches now
	Headline *Wording       `json:"headline,omitempty"` // that waits to be accepted
	Lead     *Wording       `json:"lead,omitempty"`     // standfirst that waits
	Blocks   []news.Block   `json:"blocks,omitempty"`   // the content's blocks as the page now cuts them, when that is not as the version has them
	Recut    bool           `json:"recut,omitempty"`    // the page cuts the blocks otherwise, and Blocks had no room for them
}

// A Wording is a headline or standfirst that is not accepted yet.
type Wording struct {
	Key   uint64    `json:"key"`
	Since time.Time `json:"since"`
	Run   int       `json:"run"` // looks in a row
}

// A Trace is a block that has come or gone and is not accepted, or that came
// and went before.
type Trace struct {
	Key    uint64    `json:"key"`
	Absent bool      `json:"absent,omitempty"` // a block of the content; its going is what is traced
	Text   string    `json:"text"`             // the beginning, news.MaxHeldText bytes
	Path   uint64    `json:"path,omitempty"`   // of elements, as extract.Block has it
	Prev   uint64    `json:"prev,omitempty"`   // key of the content's block before it
	Next   uint64    `json:"next,omitempty"`   // and after it
	First  time.Time `json:"first"`
	Since  time.Time `json:"since"`  // when the last run began
	Last   time.Time `json:"last"`   // when it was last so
	Born   int       `json:"born"`   // Memory.Looks when it was first so
	Before int       `json:"before"` // looks at the content before that
	Run    int       `json:"run"`    // looks in a row; 0 = it is not so now
	Seen   int       `json:"seen"`   // looks in which it was so
	Flaps  int       `json:"flaps"`  // runs that ended
}

// Encode gives the form that is stored, of at most MaxSize bytes. What does not
// fit is forgotten: when the blocks entered, then the blocks seen longest ago,
// then how the text is cut.
func (m Memory) Encode() []byte {
	for {
		b, err := json.Marshal(m)
		switch {
		case err != nil: // numbers, times within year 9999 and strings
			panic("compare: memory does not marshal: " + err.Error())
		case len(b) <= MaxSize:
			return b
		case len(m.Entered) > 0:
			m.Entered = newer(m.Entered)
		case len(m.Traces) > 0:
			m.Traces = slices.Clone(m.Traces)
			m.leave(len(m.Traces) * 3 / 4)
		default:
			m = Memory{Looks: m.Looks, Headline: m.Headline, Lead: m.Lead}
		}
	}
}

// newer gives the newer half of what entered.
func newer(entered map[uint64]int) map[uint64]int {
	keys := slices.SortedFunc(maps.Keys(entered), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(entered[b], entered[a]), cmp.Compare(a, b))
	})
	out := map[uint64]int{}
	for _, k := range keys[:len(keys)/2] {
		out[k] = entered[k]
	}
	return out
}

// Decode reads what Encode wrote; nothing gives an empty memory.
func Decode(b []byte) (m Memory, err error) {
	if len(b) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return Memory{}, fmt.Errorf("memory of a page: %w", err)
	}
	return m, nil
}

// trim forgets blocks beyond MaxTraces, and gives those.
func (m *Memory) trim() []Trace { return m.leave(MaxTraces) }

// leave forgets the blocks seen longest ago beyond n; those that wait to be
// accepted last.
func (m *Memory) leave(n int) []Trace {
	if len(m.Traces) <= n {
		return nil
	}
	slices.SortStableFunc(m.Traces, func(a, b Trace) int {
		if (a.Run > 0) != (b.Run > 0) {
			if a.Run > 0 {
				return -1
			}
			return 1
		}
		return b.Last.Compare(a.Last)
	})
	gone := slices.Clone(m.Traces[n:])
	m.Traces = m.Traces[:n]
	return gone
}

// A place is where among the content's blocks another stands.
type place struct{ path, prev, next uint64 }

// same reports whether two blocks stand at one place: between the same two
// blocks of the content.
func (p place) same(t Trace) bool { return p.prev == t.Prev && p.next == t.Next }

// beside reports whether two blocks stand beside one block of the content.
func (p place) beside(t Trace) bool {
	return p.prev != 0 && p.prev == t.Prev || p.next != 0 && p.next == t.Next
}

// rate weighs the texts that came and went by how near they are to a place: at
// it, on its path, elsewhere on the page.
func (m Memory) rate(p place) (sum float64) {
	for _, t := range m.Traces {
		switch {
		case t.Flaps == 0:
		case p.same(t):
			sum++
		case t.Path == p.path:
			sum += nearPath
		default:
			sum += nearPage
		}
	}
	return sum
}

// Weights of what rotates elsewhere than at a place.
const (
	nearPath = 0.5
	nearPage = 0.25
)

// turned is the memory of the blocks that came and went, without the others.
func (m Memory) turned() Memory {
	m.Traces = slices.DeleteFunc(slices.Clone(m.Traces), func(t Trace) bool { return t.Flaps == 0 })
	return m
}

// rotating counts the texts that came and went at a place: at that place, or,
// when MaxSlots places of its path rotate, at all of them.
func (m Memory) rotating(p place) int {
	here, path := 0, 0
	var slots []place
	for _, t := range m.Traces {
		if t.Flaps == 0 {
			continue
		}
		if p.same(t) {
			here++
		}
		if t.Path == p.path {
			path++
			if !slices.ContainsFunc(slots, func(s place) bool { return s.same(t) }) {
				slots = append(slots, place{t.Path, t.Prev, t.Next})
			}
		}
	}
	if len(slots) >= MaxSlots {
		return max(here, path)
	}
	return here
}

// flapped counts the blocks that came and went.
func (m Memory) flapped() (n int) {
	for _, t := range m.Traces {
		n += min(t.Flaps, 1)
	}
	return n
}

// stay is the chance that a text that comes and goes is there at the next look
// too, by all that did so; a quarter when nothing is known.
func (m Memory) stay() float64 {
	seen, looks := 1.0, 4.0
	for _, t := range m.Traces {
		if t.Flaps > 0 && !t.Absent {
			seen += float64(t.Seen - 1)
			looks += float64(max(m.Looks-t.Born, t.Seen) - 1)
		}
	}
	return min(seen/looks, 0.9)
}

// Odds: how often a block comes, or goes, by an edit at a look; and the odds of
// furniture below which a difference is believed.
const (
	comes  = 0.01
	goes   = 0.002
	accept = 0.3

	teaserStay = 0.5 // of a line like a teaser: lists of them are drawn from few
)

// needToCome is for how many looks in a row a block alone must have held where
// it came; prior is how many texts like it are thought to have rotated in ten
// looks before any was seen.
func (m Memory) needToCome(p place, prior float64) int {
	rate := (m.rate(p) + prior) / (float64(m.Looks) + 10)
	stay := m.stay()
	if prior >= teaserPrior {
		stay = max(stay, teaserStay)
	}
	need := 2
	for odds := rate * stay / comes; odds > accept && need < MaxNeed; need++ {
		odds *= stay
	}
	return need
}

// needToGo is for how many looks in a row a block must have been away that was
// seen at that many looks before, on a page with so many blocks; 0 = for ever,
// since it is no more likely to be the article's than furniture.
func (m Memory) needToGo(p place, seen, blocks int) int {
	furniture := (float64(m.flapped()) + 0.2) / (float64(blocks) + 10)
	switch {
	case m.rotating(p) > 0:
		furniture = 0.5
	case seen < SureLooks && m.flapped() > 0:
		return 0
	case seen < SureLooks:
		return NewNeed
	}
	need := 1
	for odds := 1.0; odds > accept; {
		if need++; need > MaxNeed/2 {
			return 0
		}
		odds = furniture * beta(seen+1, need+1) / goes
	}
	return need
}

// beta is Euler's beta function of whole numbers.
func beta(a, b int) float64 {
	x := 1.0 / float64(a)
	for i := 1; i < b; i++ {
		x *= float64(i) / float64(a+i)
	}
	return x
}
