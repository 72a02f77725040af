package compare

import (
	"slices"
	"strings"

	"stet/internal/news"
)

// recut takes over how the page now cuts the text: where the blocks between two
// that both have say the same, put together, as before, they are the same text
// in other pieces.
func (j *judge) recut() {
	page, old := newRow(j.last().Page.Content.Blocks), newRow(j.standing)
	var out []news.Block
	changed := false
	for i := 0; i < len(old.blocks); {
		end := i
		for end < len(old.blocks) && !page.has(old.keys[end]) {
			end++
		}
		if end == i {
			end++
			out = append(out, old.blocks[i])
		} else if pieces := j.samePieces(page, old, i, end); pieces != nil {
			out, changed = append(out, pieces...), true
		} else {
			out = append(out, old.blocks[i:end]...)
		}
		i = end
	}
	if changed {
		j.standing, j.memory.Blocks = out, out
	}
}

// A row is blocks in order with their keys.
type row struct {
	blocks []news.Block
	keys   []uint64
	first  map[uint64]int // where a key is first
}

func newRow(blocks []news.Block) row {
	r := row{blocks, keysOf(blocks), make(map[uint64]int, len(blocks))}
	for i, k := range slices.Backward(r.keys) {
		r.first[k] = i
	}
	return r
}

func (r row) has(k uint64) bool { _, ok := r.first[k]; return ok }

// samePieces gives the page's blocks that stand where old[from:end] stood, if
// they say the same and all looks have them. Captions alone are no text.
func (j *judge) samePieces(page, old row, from, end int) []news.Block {
	start := 0
	if from > 0 {
		start = page.first[old.keys[from-1]] + 1
	}
	stop := start
	for stop < len(page.blocks) && !old.has(page.keys[stop]) {
		stop++
	}
	if stop == start || end < len(old.blocks) && (stop == len(page.blocks) || page.keys[stop] != old.keys[end]) {
		return nil
	}
	text := joined(page.blocks[start:stop])
	if text == "" || text != joined(old.blocks[from:end]) {
		return nil
	}
	for _, g := range j.looks {
		for _, k := range page.keys[start:stop] {
			if !g.keys.Has(k) {
				return nil
			}
		}
	}
	return page.blocks[start:stop]
}

// joined is the text of core blocks without any white space.
func joined(blocks []news.Block) string {
	var b strings.Builder
	for _, x := range blocks {
		if x.Core() {
			b.WriteString(strings.ReplaceAll(news.Fold(x.Text), " ", ""))
		}
	}
	return b.String()
}
