package web

import (
	"slices"
	"strconv"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// A diffRow is a row of the body of a diff: an unchanged block or an edit.
type diffRow struct {
	Row      int    // from 1: "p1" names it (K36)
	ID       string // of the edit; empty for an unchanged block
	N        int    // of the change, from 1; 0 = unchanged, or the old end of a move
	Class    string // removed, added, moved, edited; empty = unchanged
	Label    string // what happened, in words
	Link     string // id of the other end of a move
	LinkTo   string // words of the link
	Kind     news.BlockKind
	Pieces   []piece
	Old      []piece // left in the split view
	New      []piece // right
	Post     string  // id of the live-blog post around it; empty = none
	Aria     string  // name of the change, for those who hear the page
	Kinds    []badge // what it touches
	Findings []findingRow
	Skipped  int // unchanged rows left out here; then all else is empty
}

// Unchanged reports whether both sides are equal.
func (r diffRow) Unchanged() bool { return r.Class == "" }

// Whole reports whether the block is on one side only: it is not struck
// through, because people come to read it.
func (r diffRow) Whole() bool { return r.Class != "edited" && r.Class != "" }

// diffRows makes the rows of a script of texts in that language; before is how many changes were counted
// already.
func diffRows(s diff.Script, before int, a news.Appraisal, lang tongue) []diffRow {
	out := make([]diffRow, 0, len(s.Edits))
	n, total, means := before, s.Changes(), byEdit(a)
	for i, e := range s.Edits {
		row := diffRow{Row: i + 1, ID: e.ID, Kind: e.Kind, Pieces: pieces(e.Runs), Post: postOf(e)}
		if e.Changed() {
			n++
			row.N = n
		}
		switch {
		case e.Op == diff.Equal:
			row.ID = ""
			row.Old, row.New = row.Pieces, row.Pieces
		case e.Origin():
			origin(&row, e)
		case e.MovedFrom != "":
			row.Class, row.New = "moved", pieces(diff.NewRuns(e.Runs))
			row.Link, row.LinkTo = e.MovedFrom, "moved here from "+place(e.Old)
			row.Label = name(e.Kind) + changedWords(e.Runs)
		case e.Op == diff.Delete:
			row.Class, row.Old = "removed", row.Pieces
			row.Label = "− " + name(e.Kind) + " removed (was " + place(e.Old) + ")"
		case e.Op == diff.Insert:
			row.Class, row.New = "added", row.Pieces
			row.Label = "+ " + name(e.Kind) + " added"
		default:
			row.Class, row.Label = "edited", edited(e)
			row.Old, row.New = pieces(diff.OldRuns(e.Runs)), pieces(diff.NewRuns(e.Runs))
		}
		if row.N > 0 {
			row.tell(means[row.ID], lang, total)
		}
		out = append(out, row)
	}
	return out
}

// origin is the place that a moved block left: its text is read at the other
// end, so here stand a few of its words.
func origin(row *diffRow, e diff.Edit) {
	row.Class, row.Old = "moved", row.Pieces
	row.Link, row.LinkTo = e.MovedTo, "moved to "+place(e.New)
	row.Label = name(e.Kind) + " “" + visible(cut(textOfRuns(e.Runs), 60)) + "”"
	row.Pieces = nil
}

// names are the kinds of block as readers know them.
var names = map[news.BlockKind]string{
	news.Paragraph: "Paragraph", news.Heading: "Heading", news.ListItem: "List item", news.Quotation: "Quotation",
	news.TableRow: "Table row", news.Post: "Live-blog post", news.Caption: "Caption",
}

// name calls a kind that is newer than this package a block.
func name(k news.BlockKind) string {
	if n, ok := names[k]; ok {
		return n
	}
	return "Block"
}

// place is where blocks stand, counted from 1.
func place(blocks []int) string {
	if len(blocks) == 0 {
		return "another place"
	}
	return "paragraph " + strconv.Itoa(blocks[0]+1)
}

// edited says what happened to a block that is on both sides.
func edited(e diff.Edit) string {
	switch {
	case len(e.New) > 1:
		return name(e.OldKind) + " split in " + strconv.Itoa(len(e.New))
	case len(e.Old) > 1:
		return strconv.Itoa(len(e.Old)) + " paragraphs joined"
	case e.OldKind != "" && e.OldKind != e.Kind:
		return name(e.OldKind) + " is now a " + strings.ToLower(name(e.Kind))
	case e.Typography:
		return name(e.Kind) + ": only signs or spaces differ"
	case e.Kind == news.Post && e.Post == e.OldPost && !marks(e.Runs):
		return name(e.Kind) + ": its time changed"
	}
	return name(e.Kind) + " edited"
}

// changedWords tells, for a moved block, whether it was edited on the way.
func changedWords(runs []diff.Run) string {
	if marks(runs) {
		return ", edited,"
	}
	return ""
}

// marks reports whether anything was removed or added in the runs.
func marks(runs []diff.Run) bool {
	return slices.ContainsFunc(runs, func(r diff.Run) bool { return r.Op != diff.Equal })
}

// A segment is a part of the inline view: rows to show, or unchanged rows to
// fold away.
type segment struct {
	Folded bool
	Rows   []diffRow
	Groups []group // the rows by the posts of a live blog
}

// segments folds each run of more than FoldOver unchanged rows, but for one
// row beside each change.
func segments(rows []diffRow) []segment {
	var out []segment
	show := func(folded bool, rows []diffRow) {
		if len(rows) > 0 {
			out = append(out, segment{Folded: folded, Rows: rows})
		}
	}
	for i := 0; i < len(rows); {
		j := i
		for j < len(rows) && rows[j].Unchanged() == rows[i].Unchanged() {
			j++
		}
		lo, hi := i, j
		if i > 0 {
			lo++
		}
		if j < len(rows) {
			hi--
		}
		if rows[i].Unchanged() && j-i > FoldOver && hi-lo >= FoldAtLeast {
			show(false, rows[i:lo])
			show(true, rows[lo:hi])
			show(false, rows[hi:j])
		} else {
			show(false, rows[i:j])
		}
		i = j
	}
	return out
}

// shorten puts one row in place of each fold, for the split view: a table
// cannot fold.
func shorten(rows []diffRow) []diffRow {
	var out []diffRow
	for _, s := range segments(rows) {
		if s.Folded {
			out = append(out, diffRow{Skipped: len(s.Rows)})
			continue
		}
		out = append(out, s.Rows...)
	}
	return out
}
