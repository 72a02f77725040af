package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// A report is what one command prints.
type report struct {
	Texts    string   `json:"texts"` // that were invented from, or taken
	Articles int      `json:"articles"`
	Versions int      `json:"versions"`
	Seed     uint64   `json:"seed"`
	Sample   int      `json:"sample"`
	Figures  []figure `json:"figures"`
}

// A figure is one number.
type figure struct {
	Measure string  `json:"measure"`
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
}

// add puts a figure into the report of the measure that is being taken.
func (b *bench) add(what string, value float64, unit string) {
	b.report.Figures = append(b.report.Figures, figure{b.measure, what, value, unit})
}

// addTimes adds the median and the 99th percentile of times, in microseconds.
func (b *bench) addTimes(what string, times []time.Duration) {
	// No mean: one wait for the disk would be most of it.
	slices.Sort(times)
	at := func(share float64) float64 {
		return float64(times[int(share*float64(len(times)-1))].Nanoseconds()) / 1e3
	}
	b.add(what+", p50", at(0.50), "µs")
	b.add(what+", p99", at(0.99), "µs")
}

// print writes the table.
func (r report) print(w io.Writer) {
	fmt.Fprintf(w, "%d articles, %d versions, of %s; seed %d, sample of %d articles\n", r.Articles, r.Versions, r.Texts, r.Seed, r.Sample)
	measure := ""
	for _, f := range r.Figures {
		if f.Measure != measure {
			measure = f.Measure
			fmt.Fprintf(w, "\n%s\n", measure)
		}
		fmt.Fprintf(w, "  %-52s %14s %s\n", f.What, number(f.Value), f.Unit)
	}
}

// number writes a figure with as many digits as mean something.
func number(v float64) string {
	switch {
	case v >= 100 || v <= -100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}
