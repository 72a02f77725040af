package diff

// countRuns adds the words of a row or field to the counts of the script, and
// gives how many of them are the same on both sides where they stand. Words of a
// passage that moved are neither added nor removed; like those of a moved block
// they are counted as moved, once.
func (c *comparison) countRuns(runs []Run) (same int) {
	var rest []Run
	away, here := 0, 0
	for _, r := range runs {
		switch {
		case r.Move == "":
			rest = append(rest, r)
		case r.Op == Delete:
			away += countWords(r.Text)
		default:
			here += countWords(r.Text)
		}
	}
	added, removed, same := tally(rest)
	c.count(removed+same+away, added+same+here, added, removed)
	c.script.WordsMoved += here
	return same
}
