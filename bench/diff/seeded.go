package main

import (
	"fmt"
	"slices"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// A seeded pair is an article and what a draft made of it.
type seeded struct {
	pair
	truth truth
}

// A classed is what the tools came to on one class of known edits.
type classed struct {
	Class  string  `json:"class"`
	Pairs  int     `json:"pairs"`
	Words  int     `json:"words_truly_marked"`
	Moved  int     `json:"words_truly_moved"`
	Shapes int     `json:"splits_and_merges"`
	Tools  []known `json:"tools"`
	Broken int     `json:"laws_broken"`             // pairs that stet's script does not apply to, or not back, exactly
	Found  int     `json:"splits_and_merges_found"` // by stet
	More   int     `json:"pairs_marked_more"`       // in which stet marks more words than wikidiff2
	MoreOf int     `json:"pairs_of_both"`           // that stet and wikidiff2 both compared
}

// A known is what one tool came to where the edits are known.
type known struct {
	Tool   string `json:"tool"`
	Marked int    `json:"words_marked"`
	Moved  int    `json:"words_moved"`        // at most those that truly moved, in each pair
	Excess int    `json:"words_moved_excess"` // shown as moved beyond those
	Cut    int    `json:"words_cut"`
	each   []measure
}

// articles gives the first version of each URL that known edits can be made
// in: of minEdited to maxWords words, minParagraphs paragraphs, and a script
// that separates words by spaces.
func articles(versions []article) []article {
	var out []article
	for i, a := range versions {
		first := i == 0 || versions[i-1].URL != a.URL
		if first && len(a.Paragraphs) >= minParagraphs && within(a, minEdited) && spaced(a) {
			out = append(out, a)
		}
	}
	return out
}

func spaced(a article) bool { return 2*len(strings.Fields(a.text())) > len(a.words()) }

// seed makes the pairs of a class: of articles evenly spaced, going on to the
// next where an article has nothing that the edit can be done to.
func seed(c class, all []article, n int, seed uint64) []seeded {
	var out []seeded
	for _, a := range stride(all, n) {
		if p, ok := seedOne(c, a, all, seed); ok {
			out = append(out, p)
		}
	}
	return out
}

func seedOne(c class, a article, donors []article, seed uint64) (seeded, bool) {
	d, old := newDraft(a, donors, generator(seed, c.name, a.URL))
	if !c.edit(d) {
		return seeded{}, false
	}
	now, t := d.finish(a.URL)
	return seeded{pair{old, now}, t}, true
}

func compareSeeded(tools []*tool, all []article, n int, number uint64) ([]classed, error) {
	var out []classed
	for _, c := range classes() {
		r, err := compareClass(c.name, tools, seed(c, all, n, number))
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func compareClass(name string, tools []*tool, pairs []seeded) (classed, error) {
	r := classed{Class: name, Pairs: len(pairs)}
	for _, p := range pairs {
		r.Words, r.Moved, r.Shapes = r.Words+p.truth.marked, r.Moved+p.truth.moved, r.Shapes+len(p.truth.shapes)
	}
	for _, t := range tools {
		k, err := compareKnown(t, pairs)
		if err != nil {
			return r, err
		}
		r.Tools = append(r.Tools, k)
		if t.name == "stet" {
			r.Found, r.Broken = checkScripts(pairs)
		}
	}
	stet, wiki := r.tool("stet"), r.tool("wikidiff2")
	if stet != nil && wiki != nil {
		r.MoreOf = len(pairs)
		r.More = countMore(stet.each, wiki.each)
	}
	return r, nil
}

func (c classed) tool(name string) *known {
	i := slices.IndexFunc(c.Tools, func(k known) bool { return k.Tool == name })
	if i < 0 {
		return nil
	}
	return &c.Tools[i]
}

func compareKnown(t *tool, pairs []seeded) (known, error) {
	k := known{Tool: t.name}
	for _, p := range pairs {
		chunks, _, err := t.compare(p.pair)
		if err != nil {
			return k, fmt.Errorf("%s, %s: %w", t.name, p.old.URL, err)
		}
		m, whole := measureChunks(chunks, p.old.text(), p.new.text())
		if !whole {
			return k, fmt.Errorf("%s, %s: chunks do not make the texts", t.name, p.old.URL)
		}
		found := min(m.moved, p.truth.moved)
		k.Marked, k.Moved, k.Excess, k.Cut = k.Marked+m.marked, k.Moved+found, k.Excess+m.moved-found, k.Cut+m.cut
		k.each = append(k.each, m)
	}
	return k, nil
}

// checkScripts counts the splits and merges that stet's scripts show as such,
// with nothing marked beyond the truth, and the scripts that break the law.
func checkScripts(pairs []seeded) (found, broken int) {
	for _, p := range pairs {
		old, now := p.old.content(), p.new.content()
		s := diff.Compare(old, now)
		m, _ := measureChunks(stetChunks(s, old.Headline), p.old.text(), p.new.text())
		for _, x := range p.truth.shapes {
			if m.marked <= p.truth.marked && slices.ContainsFunc(s.Edits, x.is) {
				found++
			}
		}
		if !lawful(old, now, s) {
			broken++
		}
	}
	return found, broken
}

// is reports whether a row is the split or merge.
func (x shape) is(e diff.Edit) bool {
	return slices.Equal(e.Old, x.old) && slices.Equal(e.New, x.new)
}

// lawful reports whether the script gives each content from the other.
func lawful(old, now news.Content, s diff.Script) bool {
	a, err := diff.Apply(old, s)
	if err != nil || a.Headline != now.Headline || !slices.Equal(a.Blocks, now.Blocks) {
		return false
	}
	b, err := diff.Revert(now, s)
	return err == nil && b.Headline == old.Headline && slices.Equal(b.Blocks, old.Blocks)
}
