package visits

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"stet/bench/refetch/noise"
	"stet/internal/news"
)

// Phases are the parts of an article's life that are counted apart: refetches
// 1–3, 4–10, and later ones.
const Phases = 3

// PhaseOf gives the phase of a slot from 1 on.
func PhaseOf(slot int) int {
	switch {
	case slot <= 3:
		return 0
	case slot <= 10:
		return 1
	}
	return 2
}

// Figures are what a run came to.
type Figures struct {
	Articles  int                           `json:"articles"`
	NeverSeen []string                      `json:"never_seen,omitempty"` // articles without any version
	Lost      []string                      `json:"lost,omitempty"`       // articles that do not count as live at the end
	Visits    int                           `json:"visits"`               // planned, the first included
	Fetches   int                           `json:"fetches"`              // of pages; robots.txt not counted
	Refetches [Phases]int                   `json:"refetches"`
	False     [Phases]int                   `json:"false"` // versions that show none of the edits
	Edits     map[noise.EditKind]*EditCount `json:"edits,omitempty"`
	True      int                           `json:"true_versions"`    // that show an edit
	Tainted   int                           `json:"tainted_versions"` // of these, with other blocks beside it
	Extra     int                           `json:"extra_blocks"`     // in them, came or went though nobody edited them
	Blocks    map[string]int                `json:"blocks"`           // false and extra blocks by kind of furniture
	Stray     int                           `json:"stray_blocks"`     // furniture in the newest versions
	Faults    []Fault                       `json:"faults,omitempty"`
	Events    []news.Event                  `json:"events,omitempty"` // of the sources
}

// An EditCount says what became of the edits of one kind.
type EditCount struct {
	Made    int `json:"made"`
	Found   int `json:"found"`   // by a version of the same slot or the next
	Late    int `json:"late"`    // by a later one
	Missed  int `json:"missed"`  // by none
	Outside int `json:"outside"` // of those late or missed, in a text that no version had held
}

// A Fault is a version that says more than was edited, or an edit that was not
// found in time.
type Fault struct {
	Article string        `json:"article"`
	Slot    int           `json:"slot"`
	What    string        `json:"what"` // "false", "extra", "late", "missed"
	Came    []FaultyBlock `json:"came,omitempty"`
	Went    []FaultyBlock `json:"went,omitempty"`
	Kinds   []string      `json:"kinds,omitempty"` // furniture that the page has
}

// A FaultyBlock is one that came or went though nobody edited it.
type FaultyBlock struct {
	Furniture string `json:"furniture"` // its kind; "article" when it is none of ours
	Text      string `json:"text"`
}

func (f *Figures) add(o Figures) {
	f.Articles, f.Visits, f.Fetches = f.Articles+o.Articles, f.Visits+o.Visits, f.Fetches+o.Fetches
	f.NeverSeen, f.Lost, f.Faults = append(f.NeverSeen, o.NeverSeen...), append(f.Lost, o.Lost...), append(f.Faults, o.Faults...)
	for i := range Phases {
		f.Refetches[i], f.False[i] = f.Refetches[i]+o.Refetches[i], f.False[i]+o.False[i]
	}
	f.True, f.Tainted, f.Extra, f.Stray = f.True+o.True, f.Tainted+o.Tainted, f.Extra+o.Extra, f.Stray+o.Stray
	f.Events = append(f.Events, o.Events...)
	for k, c := range o.Edits {
		e := f.edit(k)
		*e = EditCount{e.Made + c.Made, e.Found + c.Found, e.Late + c.Late, e.Missed + c.Missed, e.Outside + c.Outside}
	}
	for k, n := range o.Blocks {
		f.block(k, n)
	}
}

func (f *Figures) edit(k noise.EditKind) *EditCount {
	if f.Edits == nil {
		f.Edits = map[noise.EditKind]*EditCount{}
	}
	if f.Edits[k] == nil {
		f.Edits[k] = &EditCount{}
	}
	return f.Edits[k]
}

func (f *Figures) block(kind string, n int) {
	if f.Blocks == nil {
		f.Blocks = map[string]int{}
	}
	f.Blocks[kind] += n
}

func (f *Figures) sort() {
	slices.Sort(f.NeverSeen)
	slices.Sort(f.Lost)
	slices.SortStableFunc(f.Faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.Article, b.Article), cmp.Compare(a.Slot, b.Slot))
	})
}

// maxEvents is how many events of a source are counted.
const maxEvents = 1000

// judge reads what was recorded of a site's articles and counts.
func (w *world) judge(ctx context.Context, s *site, f *Figures) error {
	events, err := w.store.Events(ctx, s.source, maxEvents)
	if err != nil {
		return err
	}
	f.Events = append(f.Events, events...)
	for _, a := range s.Articles {
		f.Articles++
		f.Fetches += s.fetches[a.Path]
		f.Visits += w.o.Visits
		for slot := 1; slot < w.o.Visits; slot++ {
			f.Refetches[PhaseOf(slot)]++
		}
		art, _, err := w.store.Article(ctx, s.ids[a.Path])
		if err != nil {
			return err
		}
		if art.State != news.Live {
			f.Lost = append(f.Lost, a.Name+": "+string(art.State))
		}
		j := judging{f: f, article: a, pending: slices.Clone(a.Edits)}
		for number := range art.Versions {
			v, err := w.store.VersionByNumber(ctx, art.ID, number)
			if err != nil {
				return err
			}
			j.version(v)
		}
		if art.Versions == 0 {
			f.NeverSeen = append(f.NeverSeen, a.Name)
			continue // its edits cannot be found, and say nothing about comparing
		}
		j.end()
	}
	return nil
}

// A judging goes through the versions of one article.
type judging struct {
	f       *Figures
	article *Article
	pending []Timed // edits not found yet
	last    *news.Version
}

func (j *judging) version(v news.Version) {
	old := j.last
	j.last = &v
	if old == nil {
		return
	}
	slot := slotOf(v.Seen.First)
	var shown []Timed
	j.pending = slices.DeleteFunc(j.pending, func(e Timed) bool {
		if e.Slot > slot || !shows(v.Content, e.Edit) || e.Kind == noise.EditRemoval && !holds(old.Content, e.Old) {
			return false
		}
		shown = append(shown, e)
		return true
	})
	came, went := j.unexplained(old.Content, v.Content, shown)
	fault := Fault{Article: j.article.Name, Slot: slot, Came: came, Went: went, Kinds: j.article.Page.Kinds()}
	switch {
	case len(shown) == 0:
		fault.What = "false"
		j.f.False[PhaseOf(slot)]++
	case len(came)+len(went) > 0:
		fault.What = "extra"
		j.f.Tainted++
		j.f.Extra += len(came) + len(went)
	}
	if fault.What != "" {
		j.f.Faults = append(j.f.Faults, fault)
		for _, b := range slices.Concat(came, went) {
			j.f.block(b.Furniture, 1)
		}
	}
	if len(shown) > 0 {
		j.f.True++
	}
	for _, e := range shown {
		j.found(e, slot)
	}
}

func (j *judging) found(e Timed, slot int) {
	c := j.f.edit(e.Kind)
	c.Made++
	if slot <= e.Slot+1 {
		c.Found++
		return
	}
	c.Late++
	j.f.Faults = append(j.f.Faults, Fault{Article: j.article.Name, Slot: e.Slot, What: "late", Came: []FaultyBlock{{string(e.Kind), e.New}}, Went: []FaultyBlock{{string(e.Kind), e.Old}}})
}

// end counts the edits that no version shows, and furniture that the newest
// version holds.
func (j *judging) end() {
	for _, e := range j.pending {
		c := j.f.edit(e.Kind)
		c.Made++
		c.Missed++
		what := "missed"
		if e.Block != "" && !holds(j.last.Content, e.Block) {
			c.Outside++
			what = "missed, outside of the text"
		}
		j.f.Faults = append(j.f.Faults, Fault{Article: j.article.Name, Slot: e.Slot, What: what, Came: []FaultyBlock{{string(e.Kind), e.New}}, Went: []FaultyBlock{{string(e.Kind), e.Old}}})
	}
	for _, s := range texts(j.last.Content) {
		if j.article.Page.Furniture(s) != "" {
			j.f.Stray++
		}
	}
}

// texts are those that make a version, without the headline.
func texts(c news.Content) []string {
	out := []string{c.Standfirst}
	for _, b := range c.Blocks {
		if b.Core() {
			out = append(out, b.Text)
		}
	}
	return out
}

// holds reports whether a text of the content has this in it.
func holds(c news.Content, want string) bool {
	want = news.Fold(want)
	return slices.ContainsFunc(texts(c), func(s string) bool { return strings.Contains(news.Fold(s), want) })
}

// shows reports whether a content is as an edit left it.
func shows(c news.Content, e noise.Edit) bool {
	switch e.Kind {
	case noise.EditHeadline:
		return strings.Contains(news.Fold(c.Headline), news.Fold(e.New))
	case noise.EditRemoval:
		return !holds(c, e.Old)
	}
	return holds(c, e.New)
}

// unexplained are the texts that came and went between two contents and belong
// to none of the edits.
func (j *judging) unexplained(old, now news.Content, edits []Timed) (came, went []FaultyBlock) {
	in := func(c news.Content) map[uint64]bool {
		m := map[uint64]bool{news.Key(c.Headline): true, news.Key(""): true}
		for _, s := range texts(c) {
			m[news.Key(s)] = true
		}
		return m
	}
	list := func(c news.Content, other map[uint64]bool, explained func(Timed, string) bool) (out []FaultyBlock) {
		for _, s := range append([]string{c.Headline}, texts(c)...) {
			if other[news.Key(s)] || slices.ContainsFunc(edits, func(e Timed) bool { return explained(e, news.Fold(s)) }) {
				continue
			}
			kind := j.article.Page.Furniture(s)
			if kind == "" {
				kind = "article"
			}
			out = append(out, FaultyBlock{kind, s})
		}
		return out
	}
	came = list(now, in(old), func(e Timed, s string) bool { return e.New != "" && strings.Contains(s, news.Fold(e.New)) })
	went = list(old, in(now), func(e Timed, s string) bool {
		return e.Block != "" && s == news.Fold(e.Block) || e.Old != "" && strings.Contains(s, news.Fold(e.Old))
	})
	return came, went
}
