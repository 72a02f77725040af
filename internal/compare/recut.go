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
	page := j.last().Page.Content.Blocks
	old := j.standing
	in := map[uint64]bool{}
	for _, b := range page {
		in[news.Key(b.Text)] = true
	}
	had := map[uint64]bool{}
	for _, b := range old {
		had[news.Key(b.Text)] = true
	}
	var out []news.Block
	changed := false
	for i := 0; i < len(old); {
		if in[news.Key(old[i].Text)] {
			out = append(out, old[i])
			i++
			continue
		}
		end := i
		for end < len(old) && !in[news.Key(old[end].Text)] {
			end++
		}
		if pieces := j.samePieces(page, old, had, i, end); pieces != nil {
			out, changed = append(out, pieces...), true
		} else {
			out = append(out, old[i:end]...)
		}
		i = end
	}
	if changed {
		j.standing, j.memory.Blocks = out, out
	}
}

// samePieces gives the page's blocks that stand where old[from:end] stood, if
// they say the same and all looks have them.
func (j *judge) samePieces(page, old []news.Block, had map[uint64]bool, from, end int) []news.Block {
	start := 0
	if from > 0 {
		start = indexOf(page, old[from-1]) + 1
	}
	stop := start
	for stop < len(page) && !had[news.Key(page[stop].Text)] {
		stop++
	}
	if stop == start || end < len(old) && (stop == len(page) || news.Key(page[stop].Text) != news.Key(old[end].Text)) {
		return nil
	}
	if joined(page[start:stop]) != joined(old[from:end]) {
		return nil
	}
	for _, g := range j.looks {
		for _, b := range page[start:stop] {
			if !g.keys.Has(news.Key(b.Text)) {
				return nil
			}
		}
	}
	return page[start:stop]
}

func indexOf(list []news.Block, b news.Block) int {
	k := news.Key(b.Text)
	return slices.IndexFunc(list, func(x news.Block) bool { return news.Key(x.Text) == k })
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
