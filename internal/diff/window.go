package diff

// Whole as the context of a view shows all unchanged rows.
const Whole = -1

// A window is a stretch of rows to show, after some rows that are not shown.
type window struct {
	skipped int // unchanged rows left out before it
	edits   []Edit
}

// windows picks the rows that differ and context unchanged rows before and
// after each. The last window may have no rows, only some left out.
func windows(edits []Edit, context int) []window {
	if context < 0 {
		return []window{{0, edits}}
	}
	show := make([]bool, len(edits))
	reach := -1 // last row that the context of an earlier change reaches
	for i, e := range edits {
		if e.Op == Equal {
			show[i] = i <= reach
			continue
		}
		for k := i; k >= 0 && k >= i-context && !show[k]; k-- {
			show[k] = true
		}
		reach = i + context
	}
	var out []window
	w := window{}
	for i, e := range edits {
		switch {
		case show[i]:
			w.edits = append(w.edits, e)
		case len(w.edits) > 0:
			out = append(out, w)
			w = window{skipped: 1}
		default:
			w.skipped++
		}
	}
	if w.skipped > 0 || len(w.edits) > 0 {
		out = append(out, w)
	}
	return out
}
