package diff

import "strings"

// A Row is a row of the side-by-side view. Equal rows have the text in both
// columns, removed and moved-away ones on the left only, added and moved-here
// ones on the right only, changed pairs the old text on the left and the new on
// the right. Runs of a passage that moved keep their Move on either side.
type Row struct {
	ID         string `json:"id,omitempty"` // of the edit; empty in equal rows
	Op         Op     `json:"op"`
	Left       []Run  `json:"left,omitempty"`  // equal and deleted runs
	Right      []Run  `json:"right,omitempty"` // equal and inserted runs
	LeftIndex  int    `json:"left_index"`      // first old block, from 0; -1 = none
	RightIndex int    `json:"right_index"`     // first new block, from 0; -1 = none
	Edit       *Edit  `json:"-"`               // what the row shows, in the script given: kind, ends of moves …
}

// SideBySide gives a row for each edit, in the order of the script.
func SideBySide(s Script) []Row {
	moved := map[string]*Edit{} // id of the old end → new end
	for i := range s.Edits {
		if e := &s.Edits[i]; e.MovedFrom != "" {
			moved[e.MovedFrom] = e
		}
	}
	out := make([]Row, 0, len(s.Edits))
	for i := range s.Edits {
		e := &s.Edits[i]
		r := Row{ID: e.ID, Op: e.Op, LeftIndex: first(e.Old), RightIndex: first(e.New), Edit: e}
		runs := e.Runs
		if e.Origin() {
			if to := moved[e.ID]; to != nil {
				runs = to.Runs // so that what was lost on the way is marked
			}
			r.RightIndex = -1
		}
		if e.MovedFrom != "" {
			r.LeftIndex = -1
		}
		if r.LeftIndex >= 0 {
			r.Left = OldRuns(runs)
		}
		if r.RightIndex >= 0 {
			r.Right = NewRuns(runs)
		}
		out = append(out, r)
	}
	return out
}

func first(at []int) int {
	if len(at) == 0 {
		return -1
	}
	return at[0]
}

// joined puts neighbours of one operation and one move together, which are apart
// where sentences meet.
func joined(runs []Run) []Run {
	out := make([]Run, 0, len(runs))
	for i := 0; i < len(runs); {
		r, from := runs[i], i
		for i++; i < len(runs) && runs[i].Op == r.Op && runs[i].Move == r.Move; i++ {
		}
		if i-from > 1 {
			var b strings.Builder
			for _, part := range runs[from:i] {
				b.WriteString(part.Text)
			}
			r.Text = b.String()
		}
		out = append(out, r)
	}
	return out
}
