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
	keys     []uint64       // their keys
	stands   map[uint64]int // core keys of the content → place among standing
	memory   Memory
	live     bool
	still    bool // two looks show the very same page: nothing on it rotates from fetch to fetch
	out      Verdict
	enter    map[uint64]bool // accepted to come
	leave    map[uint64]bool // accepted to go
	found    edits           // among what came and went
	turned   Memory          // of the blocks that came and went
	bags     map[uint64]bag  // words of blocks that were compared
	pairs    int             // of texts that were compared
}

// A glance is a look with what is asked of it again and again.
type glance struct {
	Look
	keys Keys
	core []extract.Block // of the content's core blocks, as the page has them
	at   map[uint64]int  // key → place among core
}

func newJudge(k Known, looks []Look) *judge {
	j := &judge{Known: k, memory: k.Memory, enter: map[uint64]bool{}, leave: map[uint64]bool{}, bags: map[uint64]bag{}}
	j.memory.Traces, j.memory.Entered = slices.Clone(k.Memory.Traces), maps.Clone(k.Memory.Entered)
	j.standing = k.Content.Blocks
	if k.Memory.Blocks != nil {
		j.standing = k.Memory.Blocks
	}
	for _, l := range looks {
		j.looks = append(j.looks, newGlance(l))
		j.live = j.live || isLive(l.Page.Content.Blocks)
	}
	j.live = j.live || isLive(j.standing)
	j.still = len(j.looks) > 1 && slices.Equal(j.looks[0].keys, j.looks[1].keys)
	if h := j.last().Page.Home; j.Redesign || j.memory.Recut || len(j.memory.Homes) > 0 && !slices.Contains(j.memory.Homes, h) {
		j.recut() // a new template, not an editor, cuts paragraphs otherwise
	}
	j.stands, j.keys = map[uint64]int{}, keysOf(j.standing)
	for i, b := range j.standing {
		if b.Core() {
			j.stands[j.keys[i]] = i
		}
	}
	return j
}

func newGlance(l Look) glance {
	g := glance{Look: l, keys: KeysOf(l.Page), core: coreOf(l.Page), at: map[uint64]int{}}
	for i := len(g.core) - 1; i >= 0; i-- { // the first, of a text that stands twice
		g.at[g.core[i].Key] = i
	}
	return g
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
}

// rule notes which blocks of the content a rule matches now: they stand, and
// what becomes of them is no news until the rule is withdrawn. Others that a rule matches are held back.
func (j *judge) rule(g glance) {
	shown := map[uint64]bool{} // without a rule
	for _, b := range g.Page.Blocks {
		_, in := j.stands[b.Key]
		switch {
		case b.Rule == 0:
			shown[b.Key] = true
		case in && !slices.Contains(j.memory.Ruled, b.Key) && len(j.memory.Ruled) < MaxTraces:
			j.memory.Ruled = append(slices.Clone(j.memory.Ruled), b.Key)
		case !in && !j.Known.Keys.Has(b.Key) && g.At.Equal(j.last().At):
			j.out.Held = append(j.out.Held, held(b.Key, b.Text, fmt.Sprintf("ignore rule %d", b.Rule), 1, g.At, g.At, false))
		}
	}
	withdrawn := func(k uint64) bool { return shown[k] }
	if slices.ContainsFunc(j.memory.Ruled, withdrawn) {
		j.memory.Ruled = slices.DeleteFunc(slices.Clone(j.memory.Ruled), withdrawn)
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
	out, places := map[uint64]*extract.Block{}, j.placesOn(g)
	for i := range g.core {
		b := &g.core[i]
		if _, in := j.stands[b.Key]; in || b.Rule != 0 {
			continue
		}
		if j.Known.Keys.Has(b.Key) && j.trace(b.Key, false) < 0 {
			continue
		}
		if !j.aside(b.Block, places[i], g, false) {
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
	fell, places := j.fallen(g), j.placesIn(g)
	for i, b := range j.standing {
		k := j.keys[i]
		if at, in := j.stands[k]; !in || at != i {
			continue // soft, or it stands twice
		}
		if g.keys.Has(k) || fell[k] || !j.Known.Keys.Has(k) && j.trace(k, true) < 0 && !j.just(k) {
			continue
		}
		if !j.aside(b, places[i], g, true) {
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
	type sided struct {
		key    uint64
		absent bool
	}
	traced := map[sided]bool{}
	for _, t := range j.memory.Traces {
		traced[sided{t.Key, t.Absent}] = true
	}
	begin := func(key uint64, b news.Block, p place, absent bool) {
		if traced[sided{key, absent}] {
			return
		}
		traced[sided{key, absent}] = true
		j.memory.Traces = append(j.memory.Traces, Trace{
			Key: key, Absent: absent, Text: clip(b.Text), Path: p.path, Prev: p.prev, Next: p.next,
			First: g.At, Since: g.At, Last: g.At, Born: j.memory.Looks, Before: j.known(key), Run: 1, Seen: 1, Flaps: min(look, 1),
		})
	}
	if len(came) > 0 {
		for i, p := range j.placesOn(g) { // in the order of the page
			if b := g.core[i]; came[b.Key] != nil {
				begin(b.Key, b.Block, p, false)
			}
		}
	}
	if len(went) > 0 {
		for i, p := range j.placesIn(g) {
			if b := j.standing[i]; b.Core() && went[j.keys[i]] {
				begin(j.keys[i], b, p, true)
			}
		}
	}
}

// known is at how many looks before this one a block of the content was known.
func (j *judge) known(key uint64) int {
	return max(j.memory.Looks-1-j.memory.Entered[key], j.Looks-1+len(j.looks)-1, 1)
}

// placesOn gives the places of the core blocks of a look among the content's
// blocks that the page still has.
func (j *judge) placesOn(g glance) []place {
	keys := make([]uint64, len(g.core))
	for i, b := range g.core {
		keys[i] = b.Key
	}
	places := between(keys, func(i int) bool { _, in := j.stands[keys[i]]; return in })
	for i, b := range g.core {
		places[i].path = b.Path
	}
	return places
}

// placesIn gives the places of the content's blocks among those that the page
// still has.
func (j *judge) placesIn(g glance) []place {
	places := between(j.keys, func(i int) bool { return j.standing[i].Core() && g.keys.Has(j.keys[i]) })
	paths := make(map[uint64]uint64, len(g.core))
	for _, b := range g.core {
		paths[b.Key] = b.Path
	}
	for i, p := range places { // where its neighbours stand, it stood
		places[i].path = paths[p.prev]
		if p.prev == 0 {
			places[i].path = paths[p.next]
		}
	}
	return places
}

// between gives for each of a row of blocks the nearest before and after it
// that fixed names.
func between(keys []uint64, fixed func(i int) bool) []place {
	places := make([]place, len(keys))
	prev, next := uint64(0), uint64(0)
	for i := range keys {
		if places[i].prev = prev; fixed(i) {
			prev = keys[i]
		}
	}
	for i := len(keys) - 1; i >= 0; i-- {
		if places[i].next = next; fixed(i) {
			next = keys[i]
		}
	}
	return places
}
