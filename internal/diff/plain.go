package diff

import (
	"fmt"
	"strings"
)

// Plain shows a script as text: [-removed-]{+added+}, a blank line between
// rows, the fields that differ first. Of the unchanged rows it shows context
// before and after each change, all with [Whole]. It is made to be read, not to
// be parsed: the texts may have the same marks in them.
func Plain(s Script, context int) string {
	var b strings.Builder
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "%s: %s\n", f.Field, PlainRuns(f.Runs))
	}
	if len(s.Fields) > 0 {
		b.WriteByte('\n')
	}
	for _, w := range windows(s.Edits, context) {
		if w.skipped > 0 {
			fmt.Fprintf(&b, "[… %s unchanged …]\n\n", paragraphs(w.skipped))
		}
		for _, e := range w.edits {
			b.WriteString(plainRow(e) + "\n\n")
		}
	}
	if s.Approximate {
		b.WriteString("[approximate: more may be marked than changed]\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func paragraphs(n int) string {
	if n == 1 {
		return "1 paragraph"
	}
	return fmt.Sprintf("%d paragraphs", n)
}

func plainRow(e Edit) string {
	if e.Origin() {
		return fmt.Sprintf("[moved to paragraph %d: %s]", e.New[0]+1, PlainRuns(e.Runs))
	}
	row := PlainRuns(e.Runs)
	if note := rowNote(e); note != "" {
		return "[" + note + "] " + row
	}
	return row
}

// rowNote says in words what the runs of a row do not show.
func rowNote(e Edit) string {
	switch {
	case e.MovedFrom != "":
		return fmt.Sprintf("moved from paragraph %d", e.Old[0]+1)
	case e.Op == Replace && e.Kind != e.OldKind:
		return fmt.Sprintf("%s became %s", e.OldKind, e.Kind)
	case e.Op == Replace && e.Post != e.OldPost:
		return "another post"
	case e.Typography:
		return "typography"
	}
	return ""
}

// PlainRuns shows runs as text: [-removed-]{+added+}. A paragraph break that
// was added or removed is shown by ¶.
func PlainRuns(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch r.Op {
		case Delete:
			b.WriteString("[-" + strings.ReplaceAll(r.Text, paragraphBreak, "¶") + "-]")
		case Insert:
			b.WriteString("{+" + strings.ReplaceAll(r.Text, paragraphBreak, "¶\n\n") + "+}")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}
