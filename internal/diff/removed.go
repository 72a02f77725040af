package diff

import (
	"strings"
	"unicode"
)

// RemovedContext is how many characters [RemovedOnly] shows before and after
// what was taken out; the last word of them is shown whole.
const RemovedContext = 36

// minHidden is the shortest text that an ellipsis stands for, in characters.
const minHidden = 12

// RemovedOnly shows what was taken out, and nothing else: of each row, field and
// list of links that lost something a paragraph of text with the lost words in
// [-…-], a few words of the older text around them, and "…" for the rest. What
// moved, and what differs in typography only, is not taken out. Empty if nothing
// was.
func RemovedOnly(s Script) string {
	var b strings.Builder
	write := func(name string, runs []Run) {
		if loss := losses(runs); loss != nil {
			b.WriteString(name + PlainRuns(loss) + "\n\n")
		}
	}
	for _, f := range s.Fields {
		if !forMachines(f.Field) {
			write(Visible(f.Field)+": ", f.Runs)
		}
	}
	for _, e := range s.Edits {
		if !e.Origin() {
			write("", e.Runs)
		}
	}
	for _, l := range s.Links {
		if l.Op == Delete && l.Item != nil {
			write("link: ", whole(Delete, strings.TrimSpace(l.Item.Text+" <"+l.Item.URL+">")))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// forMachines reports whether a field is a mark for machines: nothing to read.
func forMachines(field string) bool {
	switch field {
	case "published", "modified", "language", "image", "paywalled", "cut":
		return true
	}
	return false
}

// losses is what was taken out of the old text of runs, with a few words
// around it; nil = nothing.
func losses(runs []Run) []Run {
	all := scraps(oldText(runs))
	show := make([]bool, len(all))
	any := false
	for i, s := range all {
		if s.Op != Delete {
			continue
		}
		any = true
		reach(all, show, i, -1)
		reach(all, show, i, 1)
	}
	if !any {
		return nil
	}
	loss := together(shown(all, show))
	loss[0].Text = strings.TrimLeftFunc(loss[0].Text, unicode.IsSpace)
	last := &loss[len(loss)-1]
	last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace)
	return loss
}

// shown is what is to be shown, with "…" for each longer stretch between.
func shown(all []scrap, show []bool) []scrap {
	var out []scrap
	for i := 0; i < len(all); i++ {
		from, size := i, 0
		for ; i < len(all) && !show[i]; i++ {
			size += all[i].size
		}
		if size >= minHidden {
			gap := all[from].Text[:len(all[from].Text)-len(strings.TrimLeftFunc(all[from].Text, unicode.IsSpace))]
			out = append(out, scrap{Run{Op: Equal, Text: gap + "…"}, 0})
		} else {
			out = append(out, all[from:i]...)
		}
		if i < len(all) {
			out = append(out, all[i])
		}
	}
	return out
}

// reach shows what stands at i, and the context beside it in one direction. It
// stops at what is taken out itself, which reaches on for itself.
func reach(all []scrap, show []bool, i, step int) {
	show[i] = true
	for size := 0; size < RemovedContext; {
		if i += step; i < 0 || i >= len(all) || all[i].Op == Delete {
			return
		}
		show[i] = true
		size += all[i].size
	}
}

// oldText is the old side of runs in which only what was taken out is deleted.
func oldText(runs []Run) []Run {
	var out []Run
	for k, r := range runs {
		if r.Op == Insert {
			continue
		}
		if r.Move != "" || strings.TrimSpace(r.Text) == "" || typographic(runs, k) {
			r.Op = Equal
		}
		if r.Op == Equal {
			r.Text = strings.ReplaceAll(r.Text, paragraphBreak, " ¶ ")
		}
		out = append(out, Run{Op: r.Op, Text: r.Text})
	}
	return out
}
