// Command store builds a store of any size and measures it: bytes beside those
// of git and xz, and how fast it takes in, is read, searched, claimed from and
// backed up. See README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	articles int
	seed     uint64
	dir      string
	db       string
	data     string
	real     bool
	sample   int
	learn    int
	only     []string // nil = all
	turns    int
	json     bool
	progress io.Writer
}

// measures are what can be measured, in the order in which it is done: what
// alters the store comes last.
func measures() []measure {
	return []measure{
		{"bytes", (*bench).bytes},
		{"calibrate", (*bench).calibrate},
		{"git", (*bench).git},
		{"xz", (*bench).xz},
		{"read", (*bench).read},
		{"pages", (*bench).pages},
		{"search", (*bench).search},
		{"claims", (*bench).claims},
		{"backup", (*bench).backup},
		{"visit", (*bench).visit},
	}
}

// A measure adds figures to the report.
type measure struct {
	name string
	run  func(*bench, context.Context) error
}

// main reads the flags; all that can go wrong comes back from show.
func main() {
	o := options{progress: os.Stderr}
	var only string
	flag.IntVar(&o.articles, "articles", 20_000, "how many; of real ones at most as many")
	flag.Uint64Var(&o.seed, "seed", 1, "of all that is drawn")
	flag.StringVar(&o.dir, "dir", "", "`folder` of the store, which is kept, and gone on with when it is there; empty = a temporary one")
	flag.StringVar(&o.db, "db", "", "`address` of an empty PostgreSQL database (postgres://…) to build in instead of SQLite; wants -dir, for the rest")
	flag.StringVar(&o.data, "data", "../shared/data", "`folder` of the corpus; without it, words of our own")
	flag.BoolVar(&o.real, "real", false, "the corpus's own histories instead of invented ones")
	flag.IntVar(&o.sample, "sample", 4000, "articles whose bytes are compared with zstd, git and xz")
	flag.IntVar(&o.learn, "dictionary", 1000, "`articles` that a dictionary is trained on, those imported first; 0 = none. The sample begins after them")
	flag.StringVar(&only, "only", "", "`names` of what to measure, with commas: "+strings.Join(names(), ",")+"; empty = all")
	flag.IntVar(&o.turns, "turns", 2000, "reads, pages, searches, leases, and an eighth as many visits of each kind")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.Parse()
	if only != "" {
		o.only = strings.Split(only, ",")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := show(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "store:", err)
		os.Exit(1)
	}
}

// names lists what can be measured.
func names() (all []string) {
	for _, m := range measures() {
		all = append(all, m.name)
	}
	return all
}

// check finds options that mean nothing.
func (o options) check() error {
	for _, name := range o.only {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("-only %q: want some of %s", name, strings.Join(names(), ","))
		}
	}
	if o.learn < 0 || o.learn%batchArticles != 0 {
		return fmt.Errorf("-dictionary %d: want a multiple of %d", o.learn, batchArticles)
	}
	if o.articles < 1 || o.sample < 1 || o.turns < 1 {
		return fmt.Errorf("-articles, -sample and -turns: want 1 and more")
	}
	if o.db != "" && o.dir == "" {
		return errors.New("-db wants -dir: what the database was built of is noted there")
	}
	return nil
}

// show builds, measures and prints; what was measured before something went
// wrong is printed too, for it may have taken hours.
func show(ctx context.Context, w io.Writer, o options) error {
	r, err := run(ctx, o)
	switch {
	case err != nil && len(r.Figures) == 0:
	case o.json:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		err = errors.Join(err, e.Encode(r))
	default:
		r.print(w)
	}
	return err
}

// run builds the store and takes the measures one after another.
func run(ctx context.Context, o options) (r report, err error) {
	if err := o.check(); err != nil {
		return r, err
	}
	b, err := newBench(ctx, o)
	if err != nil {
		return r, err
	}
	defer func() {
		if cerr := b.close(); err == nil {
			err = cerr
		}
	}()
	// A kept store that is complete passes through at once: nothing is missing in it.
	if err := b.build(ctx); err != nil {
		return b.report, err
	}
	for _, m := range measures() {
		if len(o.only) > 0 && !slices.Contains(o.only, m.name) {
			continue
		}
		b.measure = m.name
		fmt.Fprintf(o.progress, "%s …\n", m.name)
		began := time.Now()
		if err := m.run(b, ctx); err != nil {
			return b.report, fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(o.progress, "%s took %v\n", m.name, time.Since(began).Round(time.Second/10))
	}
	return b.report, nil
}
