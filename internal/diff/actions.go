package diff

import (
	"strings"

	"stet/internal/news"
)

// An Action is what became of a sentence: a link of the one alignment of
// sentences that follows from a script. Names and meaning are those of NewsEdits
// (A. Spangher et al., "NewsEdits: A News Article Revision Dataset and a Novel
// Document-Level Reasoning Challenge", NAACL 2022).
type Action struct {
	Type  ActionType `json:"type"`
	Moved bool       `json:"moved,omitempty"` // stands elsewhere (refactored), by itself or with its block; an Edited one may be moved too
	Edit  string     `json:"edit,omitempty"`  // id of the row that shows it; of the new end of a move
	Old   []Place    `json:"old,omitempty"`   // sentences of the older text; several in a merge
	New   []Place    `json:"new,omitempty"`   // sentences of the newer text; several in a split
	Runs  []Run      `json:"runs"`            // from the old sentences to the new ones, without Move
}

// An ActionType is what an action does.
type ActionType string

// The action types.
const (
	Unchanged ActionType = "unchanged" // but for typography
	Edited    ActionType = "edit"
	Addition  ActionType = "addition"
	Deletion  ActionType = "deletion"
)

// A Place is a sentence of a content.
type Place struct {
	Block    int `json:"block"`    // index of the block, from 0
	Sentence int `json:"sentence"` // index in the block, from 0; see [Sentences]
}

// MinLinked is the share of its words that the shorter of an old and a new
// sentence must have in the other, by the script, to be one sentence edited;
// below it they are a deletion and an addition. Sentences without words are
// measured by their characters.
const MinLinked = 0.4

// Actions gives what became of every sentence of both texts, headline and other
// fields aside, in the order of the script. Each sentence of either text is in
// exactly one action. An action has several sentences on one side at most. All
// sentences of a block that moved are Moved, those that came or went with it
// too; of a script whose rows contradict themselves, what has no block is left
// out.
func Actions(s Script) []Action {
	t := newAlignment(s)
	for k, e := range s.Edits {
		t.follow(k, e.Runs)
	}
	for _, p := range t.passages {
		t.carry(p)
	}
	t.settle()
	for k, e := range s.Edits {
		t.write(k, e.Runs)
	}
	for i := range t.actions {
		t.finish(i)
	}
	return t.actions
}

// settle makes an action of each group of linked sentences, in the order of
// the script.
func (t *alignment) settle() {
	t.choose()
	for _, row := range t.rows {
		for _, s := range row.order {
			switch {
			case s.of == Insert && t.new[s.at].action < 0:
				was, is := t.group(s.at)
				t.open(row, was, is)
			case s.of == Delete && len(t.old[s.at].kin) == 0:
				t.open(row, []int{s.at}, nil)
			}
		}
	}
}

// group is the old and the new sentences linked with a new one.
func (t *alignment) group(n int) (was, is []int) {
	was, is = t.new[n].kin, []int{n}
	if len(was) == 1 {
		is = t.old[was[0]].kin
	}
	return was, is
}

// open begins an action.
func (t *alignment) open(row sentenceRow, was, is []int) {
	a := Action{Edit: row.id, Moved: row.moved, Runs: []Run{}}
	for _, o := range was {
		t.old[o].action = len(t.actions)
		a.Old = append(a.Old, t.old[o].place)
	}
	for _, n := range is {
		t.new[n].action = len(t.actions)
		a.New = append(a.New, t.new[n].place)
	}
	apart := false
	for _, o := range was {
		for _, n := range is {
			l := t.links[pair{o, n}]
			a.Moved = a.Moved || 2*l.moved > l.words
			apart = apart || l.moved > 0
		}
	}
	t.actions, t.apart = append(t.actions, a), append(t.apart, apart)
}

// write gives each action its part of the runs of a row.
func (t *alignment) write(k int, runs []Run) {
	t.walk(t.rows[k], runs, func(run int, text string, o, n int) {
		from, to := -1, -1
		if o >= 0 {
			from = t.old[o].action
		}
		if n >= 0 {
			to = t.new[n].action
		}
		if from >= 0 && from == to {
			t.put(from, Equal, text)
			return
		}
		if from >= 0 {
			t.put(from, Delete, text)
		}
		if to >= 0 {
			t.put(to, Insert, text)
		}
	})
}

func (t *alignment) put(action int, op Op, s string) {
	runs := &t.actions[action].Runs
	*runs = append(*runs, Run{Op: op, Text: s})
}

// finish names what an action does, and puts its runs in order. What was found
// by a moved passage stands apart in the script, and is compared anew.
func (t *alignment) finish(i int) {
	a := &t.actions[i]
	old, new := textOf(a.Runs, Insert), textOf(a.Runs, Delete)
	switch {
	case len(a.Old) == 0:
		a.Type = Addition
	case len(a.New) == 0:
		a.Type = Deletion
	case news.Fold(old) == news.Fold(new):
		a.Type = Unchanged
	default:
		a.Type = Edited
	}
	a.Runs = gathered(a.Runs)
	if t.apart[i] {
		a.Runs = t.anew(old, new)
	}
}

// anew compares two texts for themselves.
func (t *alignment) anew(old, new string) []Run {
	names := names{}
	a, b := cut(old, names), cut(new, names)
	runs, _ := weave(compareTexts(a, b, names, &t.work), a, b)
	return gathered(runs)
}

// gathered joins neighbours of the same operation and puts the deletion of a
// change before its insertion.
func gathered(runs []Run) []Run {
	out := []Run{}
	var gone, come, same strings.Builder
	flush := func(op Op, b *strings.Builder) {
		if b.Len() > 0 {
			out = append(out, Run{Op: op, Text: b.String()})
			b.Reset()
		}
	}
	for _, r := range runs {
		switch r.Op {
		case Delete:
			flush(Equal, &same)
			gone.WriteString(r.Text)
		case Insert:
			flush(Equal, &same)
			come.WriteString(r.Text)
		default:
			flush(Delete, &gone)
			flush(Insert, &come)
			same.WriteString(r.Text)
		}
	}
	flush(Equal, &same)
	flush(Delete, &gone)
	flush(Insert, &come)
	return out
}
