package diff

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"stet/internal/news"
)

// HTML shows a script as a fragment of HTML for feed readers and mail: <ins>
// and <del> and a few words, no classes, styles or scripts. Of the unchanged
// rows it shows context before and after each change, all with [Whole]. It is
// safe for any text: markup is escaped, bytes that are not UTF-8 and characters
// that HTML or XML forbid become U+FFFD, and each row finds its own direction.
func HTML(s Script, context int) string {
	var b strings.Builder
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "<p dir=\"auto\"><strong>%s:</strong> %s</p>\n", escape(title(f.Field)), HTMLRuns(f.Runs))
	}
	for _, w := range windows(s.Edits, context) {
		if w.skipped > 0 {
			fmt.Fprintf(&b, "<p><em>… %s unchanged …</em></p>\n", paragraphs(w.skipped))
		}
		for _, e := range w.edits {
			b.WriteString(htmlRow(e) + "\n")
		}
	}
	if s.Approximate {
		b.WriteString("<p><em>Approximate: more may be marked than changed.</em></p>\n")
	}
	return b.String()
}

// title is a field's name with a capital; the names are ASCII.
func title(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func htmlRow(e Edit) string {
	if e.Origin() {
		return fmt.Sprintf("<p dir=\"auto\"><em>Moved to paragraph %d:</em> %s</p>", e.New[0]+1, HTMLRuns(e.Runs))
	}
	text := HTMLRuns(e.Runs)
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

// HTMLRuns shows runs as phrasing content: <ins>, <del> and escaped text, as
// safe as [HTML]. An added or removed paragraph break is shown by ¶.
func HTMLRuns(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		t := escape(r.Text)
		switch r.Op {
		case Delete:
			b.WriteString("<del>" + strings.ReplaceAll(t, paragraphBreak, "¶ ") + "</del>")
		case Insert:
			b.WriteString("<ins>" + strings.ReplaceAll(t, paragraphBreak, "¶<br><br>") + "</ins>")
		default:
			b.WriteString(strings.ReplaceAll(t, paragraphBreak, "<br><br>"))
		}
	}
	return b.String()
}

// escape makes any text safe in HTML and in XML that carries it.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r < ' ', r >= 0x7f && r < 0xa0, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return utf8.RuneError
		}
		return r
	}, s))
}
