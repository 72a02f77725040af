package compare

import (
	"slices"
	"time"

	"stet/internal/news"
)

// accept decides which differences that hold at the last look are believed.
func (j *judge) accept() {
	edits := j.edits()
	j.found, j.turned = edits, j.memory.turned()
	var waiting []Trace
	for i := range j.memory.Traces {
		t := &j.memory.Traces[i]
		if t.Run == 0 {
			if !t.Last.Before(j.looks[0].At) { // one look had it, the other not
				j.setAside(*t, whyRotates)
			}
			continue
		}
		need, alone, why := j.need(*t, edits)
		switch {
		case need == 0:
			j.setAside(*t, why)
			j.out.Unclear = j.out.Unclear || why == whyOnce && !t.Since.Before(j.looks[0].At)
		case t.Run >= need && edits.run(*t) >= need:
			j.take(*t, alone)
		case t.Since.Equal(j.last().At) && len(j.looks) > 1:
			j.setAside(*t, whyRotates) // only the second look has it
		default:
			waiting = append(waiting, *t)
		}
	}
	j.replace()
	for _, t := range waiting {
		if !j.together(t, edits) {
			j.wait(t)
		}
	}
	j.move()
	j.drop()
}

// replace accepts the going of a block whose place is taken by one that is
// accepted to come: what is believed there was not furniture's turn.
func (j *judge) replace() {
	taken := map[place]bool{}
	for _, t := range j.memory.Traces {
		if j.enter[t.Key] {
			taken[place{0, t.Prev, t.Next}] = true
		}
	}
	for _, gone := range j.memory.Traces {
		if gone.Absent && gone.Run >= len(j.looks) && !j.leave[gone.Key] && taken[place{0, gone.Prev, gone.Next}] {
			j.take(gone, false)
		}
	}
}

// together accepts, when two looks show it, a block that came or went alone at
// the same look as an edit that is accepted: one save of an editor, who may have
// split a paragraph. Where texts rotate on the page, it must stand beside the
// edit.
func (j *judge) together(t Trace, edits edits) bool {
	if j.enter[t.Key] || j.leave[t.Key] {
		return true
	}
	if len(j.looks) < 2 || t.Run < len(j.looks) {
		return false
	}
	calm, p := len(j.turned.Traces) == 0, place{0, t.Prev, t.Next}
	for _, e := range edits {
		if j.enter[e.came.Key] && e.came.Since.Equal(t.Since) && (calm || p.beside(e.came) || p.beside(e.gone)) {
			j.take(t, true)
			return true
		}
	}
	return false
}

// need is for how many looks a trace must hold; 0 = it is furniture, for the
// reason given.
func (j *judge) need(t Trace, edits edits) (need int, alone bool, why string) {
	p := place{t.Path, t.Prev, t.Next}
	post := j.live && j.isPost(t)
	sure := 2
	if j.Looks >= SureLooks && t.Flaps == 0 {
		sure = 1
	}
	switch {
	case post && !t.Absent:
		return 1, false, ""
	case edits[t.Key] != nil:
		e := edits[t.Key]
		if sure = 2; max(j.Looks, e.gone.Before) >= SureLooks && e.gone.Flaps+e.came.Flaps == 0 { // the same for both sides
			sure = 1
		}
		if e.gone.Before < SureLooks && (j.turned.rotating(p) > 0 || j.prior(e.came.Text) == teaserPrior) {
			sure = max(sure, j.turned.needToCome(p, j.prior(e.came.Text))) // an advert may have followed another
		}
		return sure, false, ""
	case post:
		return sure, false, ""
	case t.Flaps >= FlapLimit:
		if t.Run >= HoldLooks && t.Last.Sub(t.Since) >= HoldTime && !t.Absent {
			return t.Run, true, ""
		}
		return 0, true, whyRotates
	case t.Absent:
		need, why = j.turned.needToGo(p, t.Before, len(j.stands)), whyOnce
		if need == NewNeed && j.still {
			need = 2
		}
		return need, true, why
	}
	return j.turned.needToCome(p, j.prior(t.Text)), true, ""
}

// Priors of furniture, by how much a text looks like it.
const (
	prosePrior  = 0.1
	shortPrior  = 0.5
	teaserPrior = 2.0
)

// prior is how much a text that came alone is doubted from the start, on a page
// that is not the same from fetch to fetch: a line that ends like no sentence
// most, for teasers are such.
func (j *judge) prior(text string) float64 {
	switch {
	case j.still:
		return prosePrior
	case !ended(text) && len(text) < longBlock:
		return teaserPrior
	case words(text) < ShortText:
		return shortPrior
	}
	return prosePrior
}

// take accepts a difference.
func (j *judge) take(t Trace, alone bool) {
	b := j.blockOf(t)
	if t.Absent {
		j.leave[t.Key] = true
		j.out.Removed = append(j.out.Removed, b)
	} else {
		j.enter[t.Key] = true
		j.out.Added = append(j.out.Added, b)
	}
	j.since(t.Since)
	j.out.Open = append(j.out.Open, b)
	if alone {
		j.out.Lone = append(j.out.Lone, b)
	}
}

// since notes when an accepted difference was first seen.
func (j *judge) since(at time.Time) {
	if j.out.Since.IsZero() || at.Before(j.out.Since) {
		j.out.Since = at
	}
	if at.After(j.out.Latest) {
		j.out.Latest = at
	}
}

// wait leaves a difference to be decided at the next look.
func (j *judge) wait(t Trace) {
	j.out.Pending = true
	j.out.Open = append(j.out.Open, j.blockOf(t))
	if len(j.looks) == 1 {
		j.suspect("a block came or went that may be furniture")
	}
}

func (j *judge) suspect(why string) {
	if !slices.Contains(j.out.Suspect, why) {
		j.out.Suspect = append(j.out.Suspect, why)
	}
}

func (j *judge) setAside(t Trace, why string) {
	if t.Flaps == 1 && !t.Absent && why == whyRotates {
		j.out.Flapped = append(j.out.Flapped, t.Key)
	}
	j.out.Held = append(j.out.Held, held(t.Key, t.Text, why, 1, t.First, t.Last, t.Absent))
}

// blockOf is the block that a trace is about, whole if the page has it.
func (j *judge) blockOf(t Trace) news.Block {
	if i, in := j.stands[t.Key]; in {
		return j.standing[i]
	}
	for n := len(j.looks) - 1; n >= 0; n-- {
		if i, in := j.looks[n].at[t.Key]; in {
			return j.looks[n].core[i].Block
		}
	}
	return news.Block{Kind: news.Paragraph, Text: t.Text}
}

// drop forgets the traces of what is accepted to come. A block that is accepted
// to go stays in mind: its place has turned over once, and it may come back.
func (j *judge) drop() {
	j.memory.Traces = slices.DeleteFunc(j.memory.Traces, func(t Trace) bool { return j.enter[t.Key] })
	for i := range j.memory.Traces {
		if t := &j.memory.Traces[i]; t.Absent && j.leave[t.Key] {
			t.Absent, t.Run, t.Flaps = false, 0, t.Flaps+1
		}
	}
	for k := range j.leave {
		delete(j.memory.Entered, k)
	}
	for k := range j.enter {
		if j.memory.Entered == nil {
			j.memory.Entered = map[uint64]int{}
		}
		j.memory.Entered[k] = j.memory.Looks
	}
}

// An edit is a block gone and a similar one come in its place.
type edit struct{ gone, came Trace }

// edits are edits by the keys of both their blocks.
type edits map[uint64]*edit

// run is for how many looks both sides of the edit have held that a trace is part
// of; of a block alone, its own.
func (e edits) run(t Trace) int {
	if x := e[t.Key]; x != nil {
		return min(x.gone.Run, x.came.Run)
	}
	return t.Run
}

// edits finds the edits among what came and went. What only one of two looks at
// the page has is part of none.
func (j *judge) edits() edits {
	out := edits{}
	for _, gone := range j.memory.Traces {
		if !gone.Absent || gone.Run == 0 || out[gone.Key] != nil {
			continue
		}
		if came := j.successor(gone, out); came != nil {
			e := &edit{gone, *came}
			out[gone.Key], out[came.Key] = e, e
		}
	}
	return out
}

// successor is the block that came in the place of one that went and is most
// like it; nil when none is.
func (j *judge) successor(gone Trace, taken edits) (best *Trace) {
	like := Similar
	words := j.bag(gone)
	for i := range j.memory.Traces {
		came := &j.memory.Traces[i]
		if came.Absent || came.Run < len(j.looks) || taken[came.Key] != nil {
			continue
		}
		if gone.Prev|gone.Next != 0 && !(place{0, gone.Prev, gone.Next}).beside(*came) {
			continue
		}
		if j.pairs++; j.pairs > MaxPairs {
			return best
		}
		if s := similarity(words, j.bag(*came)); s >= like {
			best, like = came, s
		}
	}
	return best
}

// bag is the words of the block that a trace is about.
func (j *judge) bag(t Trace) bag {
	b, ok := j.bags[t.Key]
	if !ok {
		b = bagOf(j.blockOf(t).Text)
		j.bags[t.Key] = b
	}
	return b
}

// move accepts another order of the blocks that both have, when all looks show
// the same one and there are two.
func (j *judge) move() {
	if j.Redesign || j.live {
		return
	}
	var first []uint64
	for i, g := range j.looks {
		had, has := j.order(g)
		if slices.Equal(had, has) || len(had) != len(has) && j.Looks < SureLooks { // an advert may stand twice
			return
		}
		if i > 0 && !slices.Equal(first, has) {
			return
		}
		first = has
	}
	if len(j.looks) == 1 {
		j.suspect("blocks stand in another order")
		j.out.Pending = true
		return
	}
	j.out.Moved = true
	j.since(j.looks[0].At)
}

// order gives the core blocks that content and look have in common, in the
// order of each; a text that stands twice is there twice.
func (j *judge) order(g glance) (had, has []uint64) {
	in := map[uint64]bool{}
	for _, b := range g.core {
		if _, ok := j.stands[b.Key]; ok && j.trace(b.Key, true) < 0 { // what comes and goes may stand anywhere
			in[b.Key] = true
			has = append(has, b.Key)
		}
	}
	for _, b := range j.standing {
		if k := news.Key(b.Text); b.Core() && in[k] {
			had = append(had, k)
		}
	}
	return had, has
}
