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
