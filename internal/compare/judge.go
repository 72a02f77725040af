package compare

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"stet/internal/extract"
	"stet/internal/news"
)

// A judge is a comparison under way.
type judge struct {
	Known
	looks    []glance
	standing []news.Block   // the content's blocks, as the page cuts them
	stands   map[uint64]int // core keys of the content → place among standing
	memory   Memory
	live     bool
	still    bool // two looks show the very same page: nothing on it rotates from fetch to fetch
	out      Verdict
	enter    map[uint64]bool // accepted to come
	leave    map[uint64]bool // accepted to go
}

// A glance is a look with what is asked of it again and again.
type glance struct {
	Look
	keys Keys
	core []extract.Block // of the content's core blocks, as the page has them
}

func newJudge(k Known, looks []Look) *judge {
	j := &judge{Known: k, memory: k.Memory, enter: map[uint64]bool{}, leave: map[uint64]bool{}}
	j.memory.Traces, j.memory.Entered = slices.Clone(k.Memory.Traces), maps.Clone(k.Memory.Entered)
	j.standing = k.Content.Blocks
	if k.Memory.Blocks != nil {
		j.standing = k.Memory.Blocks
	}
	for _, l := range looks {
		j.looks = append(j.looks, glance{l, KeysOf(l.Page), coreOf(l.Page)})
		j.live = j.live || isLive(l.Page.Content.Blocks)
	}
	j.live = j.live || isLive(j.standing)
	j.still = len(j.looks) > 1 && slices.Equal(j.looks[0].keys, j.looks[1].keys)
	if h := j.last().Page.Home; j.Redesign || len(j.memory.Homes) > 0 && !slices.Contains(j.memory.Homes, h) {
		j.recut() // a new template, not an editor, cuts paragraphs otherwise
	}
	j.stands = map[uint64]int{}
	for i, b := range j.standing {
		if b.Core() {
			j.stands[news.Key(b.Text)] = i
		}
	}
	return j
}

// coreOf gives the core blocks of the page's content with their places on the
// page; text from the page's metadata has none.
func coreOf(r extract.Result) []extract.Block {
	byKey := make(map[uint64]extract.Block, len(r.Blocks))
	for _, b := range r.Blocks {
		if _, ok := byKey[b.Key]; !ok || b.Body {
			byKey[b.Key] = b
		}
	}
	var out []extract.Block
	for _, b := range r.Content.Blocks {
		if b.Core() {
			k := news.Key(b.Text)
			out = append(out, extract.Block{Block: b, Key: k, Path: byKey[k].Path, Rule: byKey[k].Rule})
		}
	}
	return out
}

func (j *judge) last() glance { return j.looks[len(j.looks)-1] }

// watch brings the traces up to date, look by look.
func (j *judge) watch() {
	j.memory.Traces = slices.DeleteFunc(j.memory.Traces, j.stale)
	for i, g := range j.looks {
		j.rule(g)
		j.memory.Looks++
		came, went := j.came(g), j.went(g)
		for n := range j.memory.Traces {
			t := &j.memory.Traces[n]
			now := came[t.Key] != nil || !t.Absent && j.there(t.Key, g)
			if t.Absent {
				now = went[t.Key]
			}
			t.see(now, g.At, j.memory.Looks)
		}
		j.newTraces(g, i, came, went)
		j.wordings(g, i)
	}
	j.memory.trim()
}

// rule notes which blocks of the content a rule matches now: they stand, and
// what becomes of them is no news. Others that a rule matches are held back.
func (j *judge) rule(g glance) {
	for _, b := range g.Page.Blocks {
		if b.Rule == 0 {
			continue
		}
		_, in := j.stands[b.Key]
		switch {
		case in && !slices.Contains(j.memory.Ruled, b.Key) && len(j.memory.Ruled) < MaxTraces:
			j.memory.Ruled = append(slices.Clone(j.memory.Ruled), b.Key)
		case !in && !j.Known.Keys.Has(b.Key) && g.At.Equal(j.last().At):
			j.out.Held = append(j.out.Held, held(b.Key, b.Text, fmt.Sprintf("ignore rule %d", b.Rule), 1, g.At, g.At, false))
		}
	}
}

// stale reports that a trace is overtaken: by the content, which has the block
// or has it no more, or by what is now known of the source.
func (j *judge) stale(t Trace) bool {
	_, in := j.stands[t.Key]
	return in != t.Absent || j.furniture(t.Key, t.Text, place{t.Path, t.Prev, t.Next}) != ""
}

// furniture is why a block is known to be the source's rather than the
// article's; empty when it is not.
//
// A new template brings and takes short lines (bylines, dates, labels) before
// and after the text; what stands within it is the article's.
func (j *judge) furniture(key uint64, text string, p place) string {
	switch {
	case slices.Contains(j.memory.Ruled, key):
		return whyRule
	case j.Template[key]:
		return whyTemplate
	case j.Redesign && (p.prev == 0 || p.next == 0) && words(text) < ShortText:
		return whyRedesign
	}
	return ""
}

// there reports whether a block that waits to enter is on the page, though
// extraction may have left it out this time.
func (j *judge) there(key uint64, g glance) bool {
	_, in := j.stands[key]
	return !in && g.keys.Has(key)
}

// came gives the core blocks of a look that the content has not and the whole
// earlier page had not, or that are waiting.
func (j *judge) came(g glance) map[uint64]*extract.Block {
	out := map[uint64]*extract.Block{}
	for i := range g.core {
		b := &g.core[i]
		if _, in := j.stands[b.Key]; in || b.Rule != 0 {
			continue
		}
		if j.Known.Keys.Has(b.Key) && j.trace(b.Key, false) < 0 {
			continue
		}
		if !j.aside(b.Block, j.placeOn(g, i), g, false) {
			out[b.Key] = b
		}
	}
	return out
}

// went gives the content's core blocks that the whole page of a look lacks.
// What the earlier page lacked already, and what is no longer waited for, is
// not news.
func (j *judge) went(g glance) map[uint64]bool {
	out := map[uint64]bool{}
	fell := j.fallen(g)
	for k, i := range j.stands {
		if g.keys.Has(k) || fell[k] || !j.Known.Keys.Has(k) && j.trace(k, true) < 0 && !j.just(k) {
			continue
		}
		if !j.aside(j.standing[i], j.placeIn(i, g), g, true) {
			out[k] = true
		}
	}
	return out
}

// just reports that a block was there at the look before, though not at the
// earlier visit.
func (j *judge) just(k uint64) bool {
	for _, g := range j.looks[:len(j.looks)-1] {
		if g.keys.Has(k) {
			return true
		}
	}
	return false
}

// aside sets furniture of the source aside.
func (j *judge) aside(b news.Block, p place, g glance, absent bool) bool {
	key := news.Key(b.Text)
	why := j.furniture(key, b.Text, p)
	if why == "" {
		return false
	}
	if g.At.Equal(j.last().At) {
		j.out.Held = append(j.out.Held, held(key, b.Text, why, 1, g.At, g.At, absent))
	}
	return true
}

// trace is the place of a block's trace, or -1.
func (j *judge) trace(key uint64, absent bool) int {
	return slices.IndexFunc(j.memory.Traces, func(t Trace) bool { return t.Key == key && t.Absent == absent })
}

// see notes at one look whether it is so.
func (t *Trace) see(now bool, at time.Time, look int) {
	switch {
	case !now && t.Run > 0:
		t.Run, t.Flaps = 0, t.Flaps+1
	case now:
		if t.Run == 0 {
			t.Since = at
		}
		t.Run, t.Seen, t.Last = t.Run+1, t.Seen+1, at
	}
}

// newTraces begins the traces of what differs for the first time.
//
// What only the second of two looks shows is as doubtful as what only the first
// does.
func (j *judge) newTraces(g glance, look int, came map[uint64]*extract.Block, went map[uint64]bool) {
	flaps := min(look, 1)
	begin := func(key uint64, b news.Block, p place, absent bool) {
		if j.trace(key, absent) >= 0 {
			return
		}
		j.memory.Traces = append(j.memory.Traces, Trace{
			Key: key, Absent: absent, Text: clip(b.Text), Path: p.path, Prev: p.prev, Next: p.next,
			First: g.At, Since: g.At, Last: g.At, Born: j.memory.Looks, Before: j.known(key), Run: 1, Seen: 1, Flaps: flaps,
		})
	}
	for i, b := range g.core { // in the order of the page
		if came[b.Key] != nil {
			begin(b.Key, b.Block, j.placeOn(g, i), false)
		}
	}
	for i, b := range j.standing {
		if k := news.Key(b.Text); b.Core() && went[k] {
			begin(k, b, j.placeIn(i, g), true)
		}
	}
}

// known is at how many looks before this one a block of the content was known.
func (j *judge) known(key uint64) int {
	return max(j.memory.Looks-1-j.memory.Entered[key], j.Looks-1+len(j.looks)-1, 1)
}

// placeOn is the place of the i-th core block of a look among the content's
// blocks that the page still has.
func (j *judge) placeOn(g glance, i int) place {
	p := place{path: g.core[i].Path}
	for n := i - 1; n >= 0 && p.prev == 0; n-- {
		if _, in := j.stands[g.core[n].Key]; in {
			p.prev = g.core[n].Key
		}
	}
	for n := i + 1; n < len(g.core) && p.next == 0; n++ {
		if _, in := j.stands[g.core[n].Key]; in {
			p.next = g.core[n].Key
		}
	}
	return p
}

// placeIn is the place of the i-th block of the content among those that the
// page still has.
func (j *judge) placeIn(i int, g glance) place {
	var p place
	for n := i - 1; n >= 0 && p.prev == 0; n-- {
		if k := news.Key(j.standing[n].Text); j.standing[n].Core() && g.keys.Has(k) {
			p.prev = k
		}
	}
	for n := i + 1; n < len(j.standing) && p.next == 0; n++ {
		if k := news.Key(j.standing[n].Text); j.standing[n].Core() && g.keys.Has(k) {
			p.next = k
		}
	}
	for _, b := range g.core { // where its neighbours stand, it stood
		if b.Key == p.prev || p.prev == 0 && b.Key == p.next {
			p.path = b.Path
		}
	}
	return p
}
