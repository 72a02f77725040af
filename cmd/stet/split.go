package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"

	"stet/internal/diff"
)

// splitWidth is the width of each column of the split view, in cells of a
// terminal.
const splitWidth = 60

// showSplit writes a script side by side: what it shows of the older text on
// the left, of the newer one on the right.
func showSplit(w io.Writer, s diff.Script) {
	for _, f := range s.Fields {
		fmt.Fprintf(w, "%s\n", diff.Visible(f.Field))
		splitRow(w, diff.PlainRuns(diff.OldRuns(f.Runs)), diff.PlainRuns(diff.NewRuns(f.Runs)))
	}
	for _, r := range diff.SideBySide(s) {
		splitRow(w, diff.PlainRuns(r.Left), diff.PlainRuns(r.Right))
	}
	for _, l := range s.Links {
		if l.Item == nil {
			continue
		}
		text := diff.PlainRuns([]diff.Run{{Op: l.Op, Text: "<" + l.Item.URL + ">"}})
		if l.Op == diff.Delete {
			splitRow(w, text, "")
		} else {
			splitRow(w, "", text)
		}
	}
}

func splitRow(w io.Writer, left, right string) {
	l, r := wrap(left, splitWidth), wrap(right, splitWidth)
	for i := range max(len(l), len(r)) {
		cell, other := at(l, i), at(r, i)
		line := isolated(cell) + strings.Repeat(" ", splitWidth-cells(cell)+2) + isolated(other)
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	fmt.Fprintln(w)
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// isolated keeps text that runs from right to left in its own column, on
// terminals that reorder (UAX #9: first strong isolate, pop directional
// isolate).
func isolated(s string) string {
	for _, r := range s {
		if p, _ := bidi.LookupRune(r); p.Class() == bidi.R || p.Class() == bidi.AL {
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}

// wrap breaks a text into lines of at most width cells, at spaces where there
// are any, and never inside what a reader takes for one character.
func wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	flush := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line, used = "", 0
	}
	for _, word := range strings.Fields(text) {
		if n := cells(word); used > 0 && used+1+n <= width {
			line, used = line+" "+word, used+1+n
			continue
		}
		flush()
		for it := graphemes.FromString(word); it.Next(); {
			n := clusterCells(it.Value())
			if used+n > width {
				flush()
			}
			line, used = line+it.Value(), used+n
		}
	}
	flush()
	return lines
}

// cells is how many cells of a terminal a text takes.
func cells(s string) int {
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		n += clusterCells(it.Value())
	}
	return n
}

// clusterCells is how many cells one grapheme cluster takes: none for marks
// that stand on letters, two for wide letters (UAX #11) and for emoji, else one
// for each letter.
func clusterCells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == '\ufe0f':
			return 2 // asks for the emoji, which is wide
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc) || r >= 0x1160 && r <= 0x11ff:
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	if strings.ContainsRune(s, '\u200d') && n > 2 && wide([]rune(s)[0]) {
		return 2 // several emoji joined to one
	}
	return n
}

func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}
