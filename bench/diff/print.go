package main

import (
	"fmt"
	"io"
)

func printPairs(w io.Writer, r report) {
	if len(r.Tools) == 0 {
		return
	}
	flat := 0 // words that jsdiff marks
	for _, t := range r.Tools {
		if t.Tool == "jsdiff" {
			flat = t.Marked
		}
	}
	fmt.Fprintf(w, "%d real pairs\n\n", r.Pairs)
	fmt.Fprintf(w, "%-14s %9s %10s %9s %13s %10s %12s %10s %15s\n", "", "total s", "median ms", "p99 ms", "words marked", "to jsdiff", "words moved", "cut words", "not given back")
	for _, t := range r.Tools {
		ratio := "-"
		if flat > 0 {
			ratio = fmt.Sprintf("%.3f", float64(t.Marked)/float64(flat))
		}
		fmt.Fprintf(w, "%-14s %9.2f %10.3f %9.2f %13d %10s %12d %10d %15d\n", t.Tool, t.Total, t.Median, t.P99, t.Marked, ratio, t.Moved, t.Cut, t.Failures)
	}
	fmt.Fprintln(w)
	for _, x := range r.Ratios {
		fmt.Fprintf(w, "%-60s %.3f\n", x.Name, x.Value)
	}
	fmt.Fprintln(w)
}

func printSeeded(w io.Writer, r report, articles int) {
	if len(r.Seeded) == 0 {
		return
	}
	fmt.Fprintf(w, "known edits in up to %d articles a class; words marked for each truly removed or added (+ words of a pair where none is)\n\n", articles)
	fmt.Fprintf(w, "%-36s %6s %7s %7s", "", "pairs", "words", "moved")
	for _, t := range r.Seeded[0].Tools {
		fmt.Fprintf(w, " %13s", t.Tool)
	}
	fmt.Fprintln(w)
	for _, c := range r.Seeded {
		fmt.Fprintf(w, "%-36s %6d %7d %7d", c.Class, c.Pairs, c.Words, c.Moved)
		for _, t := range c.Tools {
			fmt.Fprintf(w, " %13s", economy(t.Marked, c.Words, c.Pairs))
		}
		fmt.Fprintln(w)
	}
	printShown(w, r.Seeded)
}

// printShown prints what stet and wikidiff2, which know moves, show beside the
// words.
func printShown(w io.Writer, classes []classed) {
	fmt.Fprintf(w, "\n%-36s %12s %12s %14s %12s %10s %10s %12s\n", "", "moved, stet", "wikidiff2", "beyond, stet", "split/merge", "cut words", "law broken", "stet marks more")
	for _, c := range classes {
		stet, wiki := c.tool("stet"), c.tool("wikidiff2")
		if stet == nil {
			continue
		}
		other, more := "-", "-"
		if wiki != nil {
			other, more = share(wiki.Moved, c.Moved), share(c.More, c.MoreOf)
		}
		fmt.Fprintf(w, "%-36s %12s %12s %14d %12s %10d %10d %12s\n", c.Class, share(stet.Moved, c.Moved), other, stet.Excess, share(c.Found, c.Shapes), stet.Cut, c.Broken, more)
	}
}

// economy is words marked for each true one; where none is true, those of a
// pair.
func economy(marked, words, pairs int) string {
	if words == 0 {
		return fmt.Sprintf("+%.1f", float64(marked)/float64(max(1, pairs)))
	}
	return fmt.Sprintf("%.3f", float64(marked)/float64(words))
}

func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(whole))
}

// total adds the classes up.
func total(classes []classed) classed {
	sum := classed{Class: "all"}
	for _, c := range classes {
		sum.Pairs, sum.Words, sum.Moved, sum.Shapes = sum.Pairs+c.Pairs, sum.Words+c.Words, sum.Moved+c.Moved, sum.Shapes+c.Shapes
		sum.Broken, sum.Found, sum.More, sum.MoreOf = sum.Broken+c.Broken, sum.Found+c.Found, sum.More+c.More, sum.MoreOf+c.MoreOf
		for _, t := range c.Tools {
			k := sum.tool(t.Tool)
			if k == nil {
				sum.Tools = append(sum.Tools, known{Tool: t.Tool})
				k = &sum.Tools[len(sum.Tools)-1]
			}
			k.Marked, k.Moved, k.Excess, k.Cut = k.Marked+t.Marked, k.Moved+t.Moved, k.Excess+t.Excess, k.Cut+t.Cut
		}
	}
	return sum
}
