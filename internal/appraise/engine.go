package appraise

import (
	"slices"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// find gathers the findings of all rules, in the order of the script.
func find(p *page) []news.Finding {
	var f findings
	f.fields(p)
	f.lead(p)
	f.links(p)
	for _, e := range sentences(p) {
		f.sentence(e)
	}
	corrections(p, f.add)
	asides(p, f.add)
	reversals(p, f.add)
	f.marks(p)
	return f.all
}

// findings are what was found so far.
type findings struct{ all []news.Finding }

// add keeps a finding. When there are MaxFindings, only the first of a kind is
// let in, for the last of the kind that has most.
func (f *findings) add(x news.Finding) {
	x.Old, x.New = evidence(x.Old), evidence(x.New)
	x.What = evidence(x.What)
	if len(f.all) >= MaxFindings && !f.replace(x.Kind) {
		return
	}
	f.all = append(f.all, x)
}

// facing keeps a finding that has both sides. In a sentence written anew what
// only came or only went is no change of what was said.
func (f *findings) facing(x news.Finding) {
	if x.Old != "" && x.New != "" {
		f.add(x)
	}
}

// replace makes room for a kind of which nothing was found.
func (f *findings) replace(k news.Kind) bool {
	count := map[news.Kind]int{}
	most := k
	for _, x := range f.all {
		count[x.Kind]++
		if count[x.Kind] > count[most] {
			most = x.Kind
		}
	}
	if count[k] > 0 {
		return false
	}
	for i := len(f.all) - 1; i >= 0; i-- {
		if f.all[i].Kind == most {
			f.all = slices.Delete(f.all, i, i+1)
			return true
		}
	}
	return false
}

// kindsOf are the kinds of the findings, the weightiest first.
func kindsOf(all []news.Finding) []news.Kind {
	out := []news.Kind{}
	for _, k := range news.Kinds {
		if slices.ContainsFunc(all, func(x news.Finding) bool { return x.Kind == k }) {
			out = append(out, k)
		}
	}
	return out
}

// sentences are the actions of the script that do something, as rules look at
// them.
func sentences(p *page) []edited {
	var all []placed
	rows, before := changedRows(p.script)
	place, equal := 0, 0
	for _, a := range diff.Actions(rows) {
		if before[a.Edit] != equal {
			place, equal = place+1, before[a.Edit]
		}
		if a.Type == diff.Unchanged && !a.Moved && len(a.Runs) == 1 && a.Runs[0].Op == diff.Equal {
			place++
			continue
		}
		e := newEdited(p, a.Runs)
		e.edit, e.moved, e.oldAt, e.newAt = a.Edit, a.Moved, a.Old, a.New
		e.old.kind, e.new.kind = kindAt(p.old, a.Old), kindAt(p.new, a.New)
		switch {
		case !e.both():
			all = append(all, placed{e, place})
		case e.moved && !e.keeps(sameShare, shorter):
			for _, x := range e.apart() {
				place++
				all = append(all, placed{x, place})
			}
			place++
		default:
			all = append(all, placed{e, place + 1})
			place += 2
		}
	}
	return pairPlaces(p, all)
}

// kindAt is the kind of the block in which the first place is.
func kindAt(c news.Content, at []diff.Place) news.BlockKind {
	if len(at) == 0 || at[0].Block >= len(c.Blocks) {
		return ""
	}
	return c.Blocks[at[0].Block].Kind
}

// sentence applies the rules to one sentence.
func (f *findings) sentence(e edited) {
	if e.old.kind == news.Caption || e.new.kind == news.Caption {
		f.add(e.find(news.KindImage, "", "", e.old.changedText(), e.new.changedText()))
		return
	}
	if e.moved && e.both() && e.keeps(movedShare, longer) {
		f.move(e)
	}
	if strings.TrimSpace(e.old.text) == strings.TrimSpace(e.new.text) {
		return
	}
	if sameWords(e) || sameButSpaces(e) || renumbered(e) {
		f.typography(e)
		return
	}
	if e.both() && addressed(e) || damaged(e) {
		f.add(e.find(news.KindTypography, "", "", e.old.changedText(), e.new.changedText()))
		return
	}
	if ofFile(e) {
		f.add(e.find(news.KindLinks, "", "", e.old.text, e.new.text))
		return
	}
	if !e.both() && e.page.still(e) {
		return
	}
	if k, ok := lines(e); ok {
		f.add(e.find(k, "", "", e.old.text, e.new.text))
		return
	}
	f.words(e)
}

// typography finds a difference in marks, spaces and capitals alone, unless the
// marks make a quotation or another number of it.
func (f *findings) typography(e edited) {
	from := len(f.all)
	if !sameLetters(e) {
		quotations(e, f.add)
		numbers(e, f.add)
	}
	if len(f.all) == from {
		f.add(e.find(news.KindTypography, "", "", e.old.text, e.new.text))
	}
}

// words applies the rules that look at words. Wording comes last: it is what no
// other rule of the sentence accounts for.
func (f *findings) words(e edited) {
	from := len(f.all)
	f.whole(e)
	quotations(e, f.add)
	if !e.both() {
		return
	}
	numbers(e, f.outsideLong(e))
	if e.anew {
		names(e, f.facing)
	} else {
		names(e, f.outsideLong(e))
	}
	negations(e, f.add)
	attributions(e, f.add)
	f.wording(e, f.all[min(from, len(f.all)):])
}
