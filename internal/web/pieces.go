package web

import (
	"strings"

	"stet/internal/diff"
)

// visible is a text of others as pages show it: characters that reorder or hide text
// are written out.
func visible(s string) string { return diff.Visible(s) }

// maxNumber is the longest changed run that is marked as a number, in bytes; a
// whole sentence with a number in it is marked as text.
const maxNumber = 40

// hasDigit knows the digits of Latin, Arabic and Persian texts; a changed number
// is never a small change, whatever its length.
func hasDigit(s string) bool {
	return strings.ContainsAny(s, "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
}

// A piece is a run as the pages show it.
type piece struct {
	Op     diff.Op
	Text   string
	Number bool // digits that changed: outlined
	Break  bool // a paragraph break inside the run stands before the text

	// Of a passage that moved; then Op is Delete where it stood and Insert where it
	// stands.
	Move   string // its id
	Anchor string // names this end, on its first piece
	Other  string // id of the other end, on its first piece; empty when the page does not show that
}

// pieces prepares runs. Breaks between blocks of a split or merge get a piece
// each, so that they are shown as what they are; white space at the ends of a
// mark stands outside it, where it is not underlined or struck; and a space
// parts what was removed from what came in its place, also for who copies it.
func pieces(runs []diff.Run) []piece {
	var out []piece
	for _, r := range runs {
		if n := len(out); n > 0 && r.Op == diff.Insert && out[n-1].Op == diff.Delete {
			out = append(out, piece{Op: diff.Equal, Text: " "})
		}
		for i, text := range strings.Split(r.Text, "\n\n") {
			before, core, after := margins(text)
			if core == "" || r.Op == diff.Equal {
				before, core, after = "", text, ""
			}
			if before != "" {
				out = append(out, piece{Op: diff.Equal, Text: before})
			}
			if core != "" || i > 0 {
				out = append(out, piece{Op: r.Op, Text: visible(core), Break: i > 0, Move: r.Move,
					Number: r.Op != diff.Equal && r.Move == "" && len(core) <= maxNumber && hasDigit(core)})
			}
			if after != "" {
				out = append(out, piece{Op: diff.Equal, Text: after})
			}
		}
	}
	return out
}

// margins takes the spaces at the ends of a text off.
func margins(s string) (before, core, after string) {
	core = strings.TrimLeft(s, " ")
	before = s[:len(s)-len(core)]
	rest := strings.TrimRight(core, " ")
	return before, rest, core[len(rest):]
}

// anchorMoves names the two ends of each passage that moved and links them to each
// other; pieces are those that a page shows, in its order.
func anchorMoves(shown [][]piece) {
	ends := map[string]*piece{} // by anchor, the first of each
	for _, ps := range shown {
		for i := range ps {
			p := &ps[i]
			if p.Move == "" {
				continue
			}
			anchor := p.Move + map[diff.Op]string{diff.Delete: "-from", diff.Insert: ""}[p.Op]
			if ends[anchor] == nil {
				ends[anchor], p.Anchor = p, anchor
			}
		}
	}
	for anchor, p := range ends {
		other := strings.TrimSuffix(anchor, "-from")
		if other == anchor {
			other += "-from"
		}
		if ends[other] != nil {
			p.Other = other
		}
	}
}
