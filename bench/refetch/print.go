package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"stet/bench/refetch/noise"
	"stet/bench/refetch/visits"
)

// print writes the tables, and with verbose each fault.
func (r report) print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%d pages on %d hosts (%d unfit), %d visits each, noise level %d, seed %d\n\n", r.Pages, r.Hosts, r.Unfit, r.Visits, r.Level, r.Seed)
	fmt.Fprintf(w, "%-12s %22s %22s %22s %10s %8s %8s\n", "", "refetches 1-3", "4-10", "> 10", "fetches/", "stray", "not")
	fmt.Fprintf(w, "%-12s %22s %22s %22s %10s %8s %8s\n", "", "false versions", "false versions", "false versions", "visit", "blocks", "live")
	row(w, "untouched", r.Untouched)
	if r.Edited != nil {
		row(w, "edited", *r.Edited)
		r.printEdits(w)
	}
	fmt.Fprintf(w, "\nfalse and extra blocks by kind, untouched | edited\n")
	kinds := map[string][2]int{}
	for k, n := range r.Untouched.Blocks {
		kinds[k] = [2]int{n, 0}
	}
	if r.Edited != nil {
		for k, n := range r.Edited.Blocks {
			kinds[k] = [2]int{kinds[k][0], n}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, "%-40s %6d %6d\n", k, kinds[k][0], kinds[k][1])
	}
	if verbose {
		faults(w, "untouched", r.Untouched)
		if r.Edited != nil {
			faults(w, "edited", *r.Edited)
		}
	}
}

func row(w io.Writer, name string, f visits.Figures) {
	fmt.Fprintf(w, "%-12s", name)
	for i := range visits.Phases {
		fmt.Fprintf(w, " %8d/%-5d %6.2f%%", f.False[i], f.Refetches[i], percent(f.False[i], f.Refetches[i]))
	}
	fmt.Fprintf(w, " %10.2f %8d %8d\n", float64(f.Fetches)/float64(max(f.Visits, 1)), f.Stray, len(f.Lost))
}

func (r report) printEdits(w io.Writer) {
	f := r.Edited
	fmt.Fprintf(w, "\n%-12s %6s %6s %8s %6s %7s %8s\n", "edit", "made", "found", "", "late", "missed", "outside")
	var sum visits.EditCount
	for _, k := range noise.EditKinds() {
		c := f.Edits[k]
		if c == nil {
			continue
		}
		editRow(w, string(k), *c)
		sum = visits.EditCount{Made: sum.Made + c.Made, Found: sum.Found + c.Found, Late: sum.Late + c.Late, Missed: sum.Missed + c.Missed, Outside: sum.Outside + c.Outside}
	}
	editRow(w, "all", sum)
	fmt.Fprintf(w, "versions that show an edit: %d; with other blocks beside it: %d (%.1f%%), %d such blocks\n", f.True, f.Tainted, percent(f.Tainted, f.True), f.Extra)
}

func editRow(w io.Writer, name string, c visits.EditCount) {
	fmt.Fprintf(w, "%-12s %6d %6d %7.1f%% %6d %7d %8d\n", name, c.Made, c.Found, percent(c.Found, c.Made), c.Late, c.Missed, c.Outside)
}

func percent(a, b int) float64 { return 100 * float64(a) / float64(max(b, 1)) }

// faults names each version or edit that went wrong.
func faults(w io.Writer, name string, f visits.Figures) {
	fmt.Fprintf(w, "\n%s\n", name)
	for _, s := range f.Lost {
		fmt.Fprintf(w, "not live: %s\n", s)
	}
	for _, x := range f.Faults {
		fmt.Fprintf(w, "%s, refetch %d: %s", x.Article, x.Slot, x.What)
		if len(x.Kinds) > 0 {
			fmt.Fprintf(w, "   (page has: %q)", x.Kinds)
		}
		fmt.Fprintln(w)
		for _, b := range x.Came {
			fmt.Fprintf(w, "  + [%s] %s\n", b.Furniture, b.Text)
		}
		for _, b := range x.Went {
			fmt.Fprintf(w, "  - [%s] %s\n", b.Furniture, b.Text)
		}
	}
}
