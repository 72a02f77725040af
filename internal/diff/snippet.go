package diff

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// minSnippet is the shortest snippet that can say anything, in characters.
const minSnippet = 20

// Snippet gives the strongest change with what is around it, in at most max
// characters (never less than 20), for lists of articles. Changes of the body
// come before those of the fields; a number, a quotation and lost text weigh
// more; a passage that moved weighs no more than unchanged text. Left-out text is marked by "…" in an equal run. Nil if nothing differs
// but dates and the like.
func Snippet(s Script, max int) []Run {
	if max < minSnippet {
		max = minSnippet
	}
	var best []Run
	at, top := 0, -1
	try := func(runs []Run) {
		for k := 0; k < len(runs); k++ {
			if runs[k].Op == Equal || runs[k].Move != "" {
				continue
			}
			if w := weight(runs, k); w > top {
				best, at, top = runs, k, w
			}
			k += replacing(runs, k)
		}
	}
	for _, e := range s.Edits {
		if e.Changed() {
			try(e.Runs)
		}
	}
	for i := 0; i < len(s.Fields) && best == nil; i++ {
		if !forMachines(s.Fields[i].Field) {
			try(s.Fields[i].Runs)
		}
	}
	if best == nil {
		return movedSnippet(s, max)
	}
	return excerpt(best, at, max)
}

// replacing is 1 if run k is a deletion that the next run replaces, else 0.
func replacing(runs []Run, k int) int {
	if k+1 < len(runs) && runs[k].Op == Delete && runs[k].Move == "" && runs[k+1].Op == Insert && runs[k+1].Move == "" {
		return 1
	}
	return 0
}

// movedSnippet is of the first row that has no change but in place or kind: the
// passage that moved, or the beginning of the block.
func movedSnippet(s Script, max int) []Run {
	for _, e := range s.Edits {
		if e.Changed() && len(e.Runs) > 0 {
			return excerpt(e.Runs, firstMoved(e.Runs), max)
		}
	}
	return nil
}

// firstMoved is the first run of a passage that moved; 0 if there is none.
func firstMoved(runs []Run) int {
	return max(0, slices.IndexFunc(runs, func(r Run) bool { return r.Move != "" }))
}

// weight ranks the change that begins at run k.
func weight(runs []Run, k int) int {
	text, w := runs[k].Text, 0
	if runs[k].Op == Delete {
		w += 5
		if replacing(runs, k) == 1 {
			if foldsEqual(text, runs[k+1].Text) {
				return 0
			}
			text += " " + runs[k+1].Text
		}
	}
	if strings.ContainsAny(text, "0123456789") {
		w += 10
	}
	if strings.ContainsAny(text, "\"“”«»„") {
		w += 10
	}
	return w + min(countWords(text), 30)
}

// A scrap is a token of a run, with its length in characters.
type scrap struct {
	Run
	size int
}

func scraps(runs []Run) []scrap {
	var out []scrap
	for _, r := range runs {
		for _, t := range cut(r.Text, names{}).toks {
			if s := t.gap + t.body; s != "" {
				out = append(out, scrap{Run{Op: r.Op, Text: s, Move: r.Move}, utf8.RuneCountInString(s)})
			}
		}
	}
	return out
}

// excerpt is the change at run k and as much around it as fits.
func excerpt(runs []Run, k, max int) []Run {
	room := max - 2 // for an ellipsis at each end
	end := k + 1 + replacing(runs, k)
	core := fit(runs[k:end], room)
	for _, c := range core {
		room -= c.size
	}
	before, after := scraps(runs[:k]), scraps(runs[end:])
	left, right := len(before), 0
	for grew := true; grew; {
		grew = false
		if left > 0 && before[left-1].size <= room {
			left--
			room, grew = room-before[left].size, true
		}
		if right < len(after) && after[right].size <= room {
			room, grew = room-after[right].size, true
			right++
		}
	}
	var all []scrap
	if left > 0 {
		all = append(all, scrap{Run{Op: Equal, Text: "…"}, 1})
	}
	all = append(append(append(all, before[left:]...), core...), after[:right]...)
	if right < len(after) {
		all = append(all, scrap{Run{Op: Equal, Text: "…"}, 1})
	}
	return together(all)
}

// fit cuts each run of a change to its share of the room, between tokens.
func fit(runs []Run, room int) []scrap {
	var out []scrap
	for i, r := range runs {
		share := room / (len(runs) - i)
		whole := utf8.RuneCountInString(r.Text) <= share
		for _, s := range scraps([]Run{r}) {
			if !whole && s.size >= share {
				out, room = append(out, scrap{Run{Op: r.Op, Text: "…", Move: r.Move}, 1}), room-1
				break
			}
			out = append(out, s)
			share, room = share-s.size, room-s.size
		}
	}
	return out
}

// together joins neighbours with the same operation and move.
func together(all []scrap) []Run {
	out := make([]Run, len(all))
	for i, s := range all {
		out[i] = s.Run
	}
	return joined(out)
}
