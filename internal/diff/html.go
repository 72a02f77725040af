package diff

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"stet/internal/news"
)

// HTML shows a script as a fragment of HTML for feed readers: <ins> and <del>
// and a few words, no classes, styles or scripts. A passage that moved is put in
// words at both places. Of the unchanged rows it shows context before and after
// each change, all with [Whole]. It is safe for any text: markup is escaped,
// what is not seen is written out ([Visible]), bytes that are not UTF-8 and
// characters that HTML or XML forbid become U+FFFD, and each row finds its own
// direction.
func HTML(s Script, context int) string { return tags().view(s, context) }

// Mail shows a script as [HTML] does, for mail: programs that read mail drop
// <ins>, <del> and style sheets, so each mark has its own style, and stands in
// the text too, as in [Plain].
func Mail(s Script, context int) string { return styles().view(s, context) }

// Marks are what an HTML view puts before and after a text.
type marks struct{ beforeGone, afterGone, beforeCome, afterCome string }

func tags() marks { return marks{"<del>", "</del>", "<ins>", "</ins>"} }

// styles are those of the pages' colours, which are told apart with any eyes.
func styles() marks {
	return marks{
		`<span style="background:#ffd8a8;color:#1b1b1b;text-decoration:line-through">[−`, "−]</span>",
		`<span style="background:#b6d9ff;color:#1b1b1b;text-decoration:underline">{+`, "+}</span>",
	}
}

func (m marks) view(s Script, context int) string {
	var b strings.Builder
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "<p dir=\"auto\"><strong>%s:</strong> %s</p>\n", escape(title(f.Field)), m.runs(f.Runs))
	}
	for _, w := range windows(s.Edits, context) {
		if w.skipped > 0 {
			fmt.Fprintf(&b, "<p><em>… %s unchanged …</em></p>\n", paragraphs(w.skipped))
		}
		for _, e := range w.edits {
			b.WriteString(m.row(e) + "\n")
		}
	}
	b.WriteString(m.links(s))
	if s.Approximate {
		b.WriteString("<p><em>Approximate: more may be marked than changed.</em></p>\n")
	}
	return b.String()
}

func (m marks) links(s Script) string {
	runs, more := linkRuns(s)
	if len(runs) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<p><strong>Links:</strong></p>\n<ul>\n")
	for k := range runs {
		fmt.Fprintf(&b, "<li dir=\"auto\">%s</li>\n", m.runs(runs[k:k+1]))
	}
	if more > 0 {
		fmt.Fprintf(&b, "<li><em>… %d more …</em></li>\n", more)
	}
	return b.String() + "</ul>\n"
}

// title is a field's name with a capital; the names are ASCII.
func title(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (m marks) row(e Edit) string {
	if e.Origin() {
		return fmt.Sprintf("<p dir=\"auto\"><em>Moved to paragraph %d:</em> %s</p>", e.New[0]+1, m.runs(e.Runs))
	}
	text := m.runs(e.Runs)
	if note := rowNote(e); note != "" {
		text = "<em>" + escape(title(note)) + ":</em> " + text
	}
	switch e.Kind {
	case news.Heading, news.Post:
		return "<h3 dir=\"auto\">" + text + "</h3>"
	case news.ListItem:
		return "<ul><li dir=\"auto\">" + text + "</li></ul>"
	case news.Quotation:
		return "<blockquote dir=\"auto\"><p>" + text + "</p></blockquote>"
	}
	return "<p dir=\"auto\">" + text + "</p>"
}

// runs shows runs as phrasing content: the marks, escaped text and words for
// passages that moved. An added, removed or moved paragraph break is shown by ¶.
func (m marks) runs(runs []Run) string {
	var b strings.Builder
	for _, r := range joined(runs) {
		t := escape(r.Text)
		gone := strings.ReplaceAll(t, paragraphBreak, "¶ ")
		come := strings.ReplaceAll(t, paragraphBreak, "¶<br><br>")
		switch {
		case r.Op == Delete && r.Move != "":
			b.WriteString("<em>[moved away, " + escape(r.Move) + ": " + gone + "]</em>")
		case r.Op == Delete:
			b.WriteString(m.beforeGone + gone + m.afterGone)
		case r.Op == Insert && r.Move != "":
			b.WriteString("<em>[moved here, " + escape(r.Move) + ": " + come + "]</em>")
		case r.Op == Insert:
			b.WriteString(m.beforeCome + come + m.afterCome)
		default:
			b.WriteString(strings.ReplaceAll(t, paragraphBreak, "<br><br>"))
		}
	}
	return b.String()
}

// escape makes any text safe in HTML and in XML that carries it.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
			return utf8.RuneError
		}
		return r
	}, Visible(s)))
}
