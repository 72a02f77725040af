package appraise

import (
	"cmp"
	"slices"
	"strings"

	"stet/internal/diff"
)

// Limits of what is a sentence rewritten: one that came where another went.
const (
	rewrittenShare  = 0.3  // of the content words of the shorter must be in the longer
	rewrittenLonger = 0.2  // of the longer, too
	minShared       = 2    // content words that they must share, at least
	minOpening      = 5    // tokens with a number in which two sentences that begin alike agree
	partShare       = 0.35 // of its content words must be in what changed of its neighbour, for a sentence to be part of that
	minPart         = 3    // content words of that
	maxRewritten    = 24   // sentences of one side of a place that are compared
	sameShare       = 0.5  // of the words of the shorter must stay in a sentence that moved; below it is another
	movedShare      = 0.6  // of the words of the longer, to be the same in another place
)

// changedRows is the script without its equal rows, whose sentences nobody asks
// for, and how many of them stand before each row that is left.
func changedRows(s diff.Script) (diff.Script, map[string]int) {
	rows, before, equal := make([]diff.Edit, 0, 16), map[string]int{}, 0
	for _, x := range s.Edits {
		if x.Op == diff.Equal {
			equal++
			continue
		}
		rows = append(rows, x)
		before[x.ID] = equal
	}
	s.Edits = rows
	return s, before
}

// A placed is a sentence and the number of its place: those with the same have
// nothing between them that stayed.
type placed struct {
	e     edited
	place int
}

// pairPlaces pairs sentences that went with those that came in the same place and
// share a fair part of their words: to a reader each pair is one sentence,
// edited. The pairs stand where the new sentence stood.
func pairPlaces(p *page, all []placed) []edited {
	all = withoutParts(p, all)
	out := make([]edited, 0, len(all))
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].place == all[from].place {
			to++
		}
		out = append(out, pairUp(p, all[from:to])...)
		from = to
	}
	return out
}

// withoutParts leaves out sentences that came or went beside an edited one and
// say what that one said on the other side only: one sentence was cut in two, or
// two were made one.
func withoutParts(p *page, all []placed) []placed {
	part := func(i, k int) bool {
		if k < 0 || k >= len(all) || !all[k].e.both() || all[i].e.both() || all[i].place-all[k].place > 1 || all[k].place-all[i].place > 1 {
			return false
		}
		one, from := all[i].e.old, all[k].e.new
		if one.text == "" {
			one, from = all[i].e.new, all[k].e.old
		}
		words := sayingWords(one.toks, p.lex)
		left := slices.DeleteFunc(slices.Clone(from.toks), func(t token) bool { return !t.changed })
		shared, size := 0, 0
		for word, n := range sayingWords(left, p.lex) {
			shared += min(n, words[word])
		}
		for _, n := range words {
			size += n
		}
		return shared >= minPart && float64(shared) >= partShare*float64(size)
	}
	var out []placed
	for i, x := range all {
		if !part(i, i-1) && !part(i, i+1) {
			out = append(out, x)
		}
	}
	return out
}

// A likePair is a sentence that went and one that came, by their indexes, and
// the share of words that they have in common.
type likePair struct {
	o, n  int
	share float64
}

// pairUp pairs the sentences of one place, the likest first.
func pairUp(p *page, all []placed) []edited {
	taken := make([]int, len(all)) // index of the partner, plus one
	for _, x := range likePairs(p, all) {
		if taken[x.o] == 0 && taken[x.n] == 0 {
			taken[x.o], taken[x.n] = x.n+1, x.o+1
		}
	}
	var out []edited
	for i, x := range all {
		switch {
		case taken[i] == 0:
			out = append(out, x.e)
		case x.e.old.text == "":
			out = append(out, oneSentence(p, all[taken[i]-1].e, x.e))
		}
	}
	return out
}

// likePairs are the pairs of one place that may be one sentence, the likest
// first.
func likePairs(p *page, all []placed) []likePair {
	var gone, come []int
	for i, x := range all {
		switch {
		case x.e.moved:
		case x.e.new.text == "" && len(gone) < maxRewritten:
			gone = append(gone, i)
		case x.e.old.text == "" && len(come) < maxRewritten:
			come = append(come, i)
		}
	}
	if len(gone) == 0 || len(come) == 0 {
		return nil
	}
	words := map[int]map[string]int{}
	for _, i := range slices.Concat(gone, come) {
		words[i] = sayingWords(all[i].e.old.toks, p.lex)
		if all[i].e.old.text == "" {
			words[i] = sayingWords(all[i].e.new.toks, p.lex)
		}
	}
	var out []likePair
	for _, o := range gone {
		for _, n := range come {
			share := sharedWords(words[o], words[n])
			if opensAlike(all[o].e.old.toks, all[n].e.new.toks) {
				share = max(share, rewrittenShare)
			}
			if share >= rewrittenShare {
				out = append(out, likePair{o, n, share})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b likePair) int { return cmp.Compare(b.share, a.share) })
	return out
}

// opensAlike reports whether two sentences begin with the same words but for
// numbers: "On 8 December the government …".
func opensAlike(o, n []token) bool {
	number := false
	for i := range minOpening {
		if i >= len(o) || i >= len(n) {
			return false
		}
		digits := o[i].sort == digitsToken && n[i].sort == digitsToken
		if number = number || digits; !digits && o[i].key != n[i].key {
			return false
		}
	}
	return number
}

// sayingWords counts the words and numbers of a sentence that are no function
// words.
func sayingWords(toks []token, l *lexicon) map[string]int {
	out := map[string]int{}
	for _, t := range toks {
		if t.sort != markToken && !l.has("stopwords", t.key) && !l.has("articles", t.key) {
			out[stem(t.key)]++
		}
	}
	return out
}

// sharedWords is the share of the words of the smaller set that the other has,
// none where they are too few to say anything.
func sharedWords(a, b map[string]int) float64 {
	shared, old, new := 0, 0, 0
	for word, n := range a {
		old += n
		shared += min(n, b[word])
	}
	for _, n := range b {
		new += n
	}
	least := min(old, new)
	if shared < minShared {
		return 0
	}
	if float64(shared) < rewrittenLonger*float64(max(old, new)) {
		return 0
	}
	return float64(shared) / float64(least)
}

// oneSentence makes one edited sentence of one that went and one that came: the
// words that they do not share changed. Its texts stay as they are, so its runs
// are the stretches that changed only.
func oneSentence(p *page, gone, come edited) edited {
	e := edited{page: p, old: gone.old, new: come.new, edit: come.edit, oldAt: gone.oldAt, newAt: come.newAt, anew: true}
	for _, side := range [...]*side{&e.old, &e.new} {
		side.toks = slices.Clone(side.toks)
		for i := range side.toks {
			side.toks[i].changed, side.toks[i].hunk = false, 0
		}
	}
	for hunk, g := range gapsOf(e.old.toks, e.new.toks) {
		e.runs = append(e.runs, mark(e.old, g.o, hunk, diff.Delete)...)
		e.runs = append(e.runs, mark(e.new, g.n, hunk, diff.Insert)...)
	}
	return e
}

// mark marks tokens as changed, and gives them as a run.
func mark(s side, in span, hunk int, op diff.Op) []diff.Run {
	if in.len() == 0 {
		return nil
	}
	for i := in.from; i < in.to; i++ {
		s.toks[i].changed, s.toks[i].hunk = true, hunk
	}
	return []diff.Run{{Op: op, Text: s.span(in.from, in.to)}}
}

// keeps reports whether a sentence that moved has so much of its words on both
// sides: of those of the shorter, or of the longer.
func (e edited) keeps(share float64, of func(a, b int) int) bool {
	kept, n := 0, wordCount(e.new.toks)
	for _, t := range e.new.toks {
		if t.sort != markToken && !t.changed {
			kept++
		}
	}
	return float64(kept) >= share*float64(of(wordCount(e.old.toks), n))
}

func shorter(a, b int) int { return min(a, b) }
func longer(a, b int) int  { return max(a, b) }

// apart are the two sentences of one that moved and is another now.
func (e edited) apart() []edited {
	gone := newEdited(e.page, []diff.Run{{Op: diff.Delete, Text: e.old.text}})
	come := newEdited(e.page, []diff.Run{{Op: diff.Insert, Text: e.new.text}})
	gone.edit, gone.oldAt, gone.old.kind = e.edit, e.oldAt, e.old.kind
	come.edit, come.newAt, come.new.kind = e.edit, e.newAt, e.new.kind
	return []edited{gone, come}
}

// addressed reports whether the sides differ in addresses of the web alone.
func addressed(e edited) bool {
	return withoutAddresses(e.old) == withoutAddresses(e.new)
}

// withoutAddresses is the keys of the words of a side outside addresses.
func withoutAddresses(s side) string {
	var b strings.Builder
	in := addresses(s)
	for i, t := range s.toks {
		if !in[i] && t.sort != markToken {
			b.WriteString(t.key)
			b.WriteByte(' ')
		}
	}
	return b.String()
}
