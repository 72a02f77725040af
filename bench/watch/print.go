package main

import (
	"fmt"
	"io"
	"time"
)

// print writes the table, and with verbose each fault.
func (r report) print(w io.Writer, verbose bool) {
	fmt.Fprintf(w, "%s; %v from %s\n\n", r.Press, r.Took.Round(time.Second), r.Start.Format(time.DateTime))
	fmt.Fprintf(w, "%-12s %9s %6s %7s %7s %7s %6s %7s %8s %8s %8s %9s %9s\n", "policy", "articles", "edits", "caught", "missed",
		"to see", "false", "bounds", "median", "p90", "fetches", "a piece", "breaches")
	for _, x := range r.Results {
		s := x.Score
		fmt.Fprintf(w, "%-12s %4d/%-4d %6d %7d %7d %7d %6d %7d %7.0fs %7.0fs %8d %9.1f %9d\n", x.Policy, s.Found, s.Articles, s.Edits, s.Caught, s.Missed,
			s.Standing, s.False, s.Bounds, s.Median.Seconds(), s.P90.Seconds(), x.Fetches.All(), perArticle(x), len(x.Breaches))
	}
	for _, x := range r.Results {
		// What would make the table too wide.
		f, l := x.Fetches, x.Lag
		fmt.Fprintf(w, "\n%s: fetches: %d articles, %d feeds, %d sitemaps, %d robots.txt, %d other; %d answered 304, %d answered 503\n", x.Policy,
			f.Articles, f.Feeds, f.Sitemaps, f.Robots, f.Other, f.NotModified, f.Refused)
		fmt.Fprintf(w, "%s: new articles seen after %.0f s (median); %d first texts overwritten before\n", x.Policy, x.Score.Newness.Seconds(), x.Score.Late)
		fmt.Fprintf(w, "%s: lag: store and lists differ by %v and %d at the most, in %d samples (%d passed over); longest lag %v\n", x.Policy,
			l.Largest.Round(time.Millisecond), l.Counts, l.Samples, l.Moved, l.Longest.Round(time.Second))
		if verbose {
			x.printFaults(w)
		}
	}
}

// perArticle is how many times an article was asked for, on average.
func perArticle(x result) float64 {
	return float64(x.Fetches.Articles) / float64(max(x.Score.Found, 1))
}

// millis is how times of faults are written.
const millis = "15:04:05.000"

// printFaults names what went wrong.
func (x result) printFaults(w io.Writer) {
	for _, b := range x.Breaches {
		fmt.Fprintf(w, "breach: %s\n", b)
	}
	for _, m := range x.Score.Overwritten {
		fmt.Fprintf(w, "missed: %s %s%s: %s\n", m.At.Format(millis), m.Host, m.Path, m.What)
	}
	for _, s := range x.Score.Wrong {
		fmt.Fprintf(w, "wrong: %s to %s %s%s: %s %q\n", s.After.Format(millis), s.Before.Format(millis), s.Host, s.Path, s.Type, s.Headline)
	}
}
