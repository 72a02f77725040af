package diff

import (
	"fmt"
	"strings"
)

// Plain shows a script as text: [-removed-]{+added+}, a blank line between
// rows, the fields that differ first, the links that differ last. A passage
// that moved is [~m1: text~] where it stood and {~m1: text~} where it stands,
// with the same number. Of the unchanged rows it shows context before and after
// each change, all with [Whole]. It is made to be read, not to be parsed: the
// texts may have the same marks in them. What is not seen is written out, see
// [Visible].
func Plain(s Script, context int) string {
	var b strings.Builder
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "%s: %s\n", Visible(f.Field), PlainRuns(f.Runs))
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
	b.WriteString(plainLinks(s))
	if s.Approximate {
		b.WriteString("[approximate: more may be marked than changed]\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// MaxShownLinks is how many of the links that differ the views for people show.
const MaxShownLinks = 20

// linkRuns is the links that differ, one run each, and how many more there are.
func linkRuns(s Script) (runs []Run, more int) {
	for _, l := range s.Links {
		if l.Item == nil {
			continue
		}
		if len(runs) == MaxShownLinks {
			more++
			continue
		}
		runs = append(runs, Run{Op: l.Op, Text: strings.TrimSpace(l.Item.Text + " <" + l.Item.URL + ">")})
	}
	return runs, more
}

func plainLinks(s Script) string {
	runs, more := linkRuns(s)
	if len(runs) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("links:\n")
	for k := range runs {
		b.WriteString(PlainRuns(runs[k:k+1]) + "\n")
	}
	if more > 0 {
		fmt.Fprintf(&b, "[… %d more …]\n", more)
	}
	return b.String() + "\n"
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
		return Visible(fmt.Sprintf("%s became %s", e.OldKind, e.Kind))
	case e.Op == Replace && e.Post != e.OldPost:
		return "another post"
	case e.Typography:
		return "typography"
	}
	return ""
}

// PlainRuns shows runs as text, with the marks of [Plain]. A paragraph break
// that was added, removed or moved is shown by ¶.
func PlainRuns(runs []Run) string {
	var b strings.Builder
	for _, r := range joined(runs) {
		text := Visible(r.Text)
		switch {
		case r.Op == Delete && r.Move != "":
			b.WriteString("[~" + Visible(r.Move) + ": " + strings.ReplaceAll(text, paragraphBreak, "¶") + "~]")
		case r.Op == Delete:
			b.WriteString("[-" + strings.ReplaceAll(text, paragraphBreak, "¶") + "-]")
		case r.Op == Insert && r.Move != "":
			b.WriteString("{~" + Visible(r.Move) + ": " + strings.ReplaceAll(text, paragraphBreak, "¶\n\n") + "~}")
		case r.Op == Insert:
			b.WriteString("{+" + strings.ReplaceAll(text, paragraphBreak, "¶\n\n") + "+}")
		default:
			b.WriteString(text)
		}
	}
	return b.String()
}
