package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"stet/internal/schedule"
	"stet/internal/simulate"
	"stet/internal/store"
)

// clairvoyant is the name of the bound among the policies.
const clairvoyant = "clairvoyant"

// comparedPolicies are those that are compared unless asked otherwise.
var comparedPolicies = []string{"learned", "newssniffer", "newsdiffs", "diffengine", "diffengine-shipped", "newsdiff",
	"every:1h", "every:6h", "backoff:1.5", "backoff:2", clairvoyant}

func simulateCommand() *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:   "simulate FILE…",
		Short: "Let policies watch articles whose changes are known",
		Long: `Let each policy of visiting again watch the articles of a file, whose changes
are known, and say what it would have caught, how late, and at what cost. Files are
timelines, a JSON object a line (docs/formats.md), gzip or plain; - is standard
input. --from-store takes the history of your own store instead, and --world an
invented one, with signals as good or poor as asked for, so that policies can
be tried on fast edits, false signals, pages that differ at every visit
(--noise) and hosts that allow few visits (--host-gap).

Without --budget each policy has its native setting. With --budget N its one
knob is turned until it makes N visits an article, the first included, so that
policies are compared at equal cost; several budgets, with commas, one after
the other. Policies: learned, newssniffer, newsdiffs, diffengine (as meant),
diffengine-shipped (with its fault), newsdiff (every poll, while listed),
every:DURATION, backoff:FACTOR, and clairvoyant, the bound that none can pass.

caught: share of the changes that a visit saw before the next change;
overwritten: the same, of those that another change followed; delay: from a
change to the visit that caught it; wasted: visits that found no change.`,
		Example: "  stet simulate timelines.jsonl.gz\n  stet simulate --by unit --budget 6,12,24,48 timelines.jsonl.gz\n  stet simulate --from-store --policy learned,newssniffer\n  stet simulate --world mixed --noise 0.02 --budget 12",
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSimulate(cmd, o, args)
		},
	}
	fs := cmd.Flags()
	fs.StringSliceVar(&o.policies, "policy", comparedPolicies, "`POLICY,…` to compare")
	fs.Float64SliceVar(&o.budgets, "budget", nil, "visits an article, `N,…`, that each policy is tuned to")
	fs.StringVar(&o.by, "by", "", "results for each source, or each unit of change: `source|unit`")
	fs.Float64Var(&o.days, "days", 30, "count changes and visits of so many days from an article's publication; 0 = as long as its timeline goes")
	fs.DurationVar(&o.gap, "host-gap", 0, "least time between two visits to one source")
	fs.StringVar(&o.world, "world", "", "instead of a file an invented world, whose sources tell of their edits so well: `good|mixed|poor|none`")
	fs.Float64Var(&o.invent.Noise, "noise", 0, "of the world: `share` of the pages that differ at every visit")
	fs.Uint64Var(&o.invent.Seed, "seed", 1, "of the world: another `number` gives another one")
	fs.Float64Var(&o.invent.Days, "arrivals", simulate.WorldDays, "of the world: articles are published for so many `days`")
	fs.BoolVar(&o.fromStore, "from-store", false, "the history of your own store instead of a file")
	o.config.dataFlag(fs)
	return cmd
}

// maxArrivals bounds the days of a world: about 1.3 million articles.
const maxArrivals = 1000

type simulateOptions struct {
	policies  []string
	budgets   []float64
	by        string
	days      float64
	gap       time.Duration
	fromStore bool
	world     string
	invent    simulate.WorldOptions
	config    Config
}

func (o simulateOptions) check(args []string) error {
	switch {
	case !slices.Contains([]simulate.By{simulate.ByNothing, simulate.BySource, simulate.ByUnit}, simulate.By(o.by)):
		return usage("", "by %q: want source or unit", o.by)
	case !(o.days >= 0 && o.days < 1e5):
		return usage("", "days %v: want 0 to 100000", o.days)
	case o.gap < 0:
		return usage("", "host-gap %v is negative", o.gap)
	case o.world != "" && !slices.Contains(simulate.Qualities(), simulate.Quality(o.world)):
		return usage("", "world %q: want good, mixed, poor or none", o.world)
	case !(o.invent.Noise >= 0 && o.invent.Noise <= 1):
		return usage("", "noise %v: want a share from 0 to 1", o.invent.Noise)
	case !(o.invent.Days > 0 && o.invent.Days <= maxArrivals):
		return usage("", "arrivals %v: want more than 0, at most %d days", o.invent.Days, maxArrivals)
	case o.world != "" && (o.fromStore || len(args) > 0), o.fromStore && len(args) > 0:
		return usage("", "a file, --from-store and --world: want one of them")
	case !o.fromStore && o.world == "" && len(args) == 0:
		return usage("a file of timelines, - for standard input, --from-store or --world", "nothing to simulate on")
	}
	for _, b := range o.budgets {
		if !(b >= 1 && b <= 1e6) {
			return usage("the first visit is counted", "budget %v: want 1 to 1000000 visits an article", b)
		}
	}
	for _, name := range o.policies {
		if name == clairvoyant {
			continue
		}
		if _, err := schedule.Named(name); err != nil {
			return usage("or clairvoyant", "%w", err)
		}
	}
	return nil
}

func runSimulate(cmd *cobra.Command, o simulateOptions, args []string) error {
	if err := o.check(args); err != nil {
		return err
	}
	var all []simulate.Timeline
	for _, name := range args {
		list, err := readTimelines(cmd.InOrStdin(), name, simulate.By(o.by), o.days)
		if err != nil {
			return &failure{code: exitError, err: err}
		}
		all = append(all, list...)
	}
	if o.world != "" {
		o.invent.Signals, o.invent.Watch = simulate.Quality(o.world), o.days
		all = append(all, simulate.World(o.invent)...)
	}
	if o.fromStore {
		err := withStore(cmd, &o.config, func(s *store.Store) (err error) {
			all, err = ownTimelines(cmd.Context(), s, simulate.By(o.by), o.days)
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return &failure{code: exitNothing, err: errors.New("no timelines")}
	}
	simulate.List(all)
	names, groups := simulate.Groups(all)
	out := newOutput(cmd)
	for i, name := range names {
		if err := o.group(cmd, out, name, groups[name], i > 0); err != nil {
			return &failure{code: exitError, err: err}
		}
	}
	return nil
}

// group simulates on one group: all policies at each budget.
func (o simulateOptions) group(cmd *cobra.Command, out *output, name string, list []simulate.Timeline, more bool) error {
	budgets := o.budgets
	if len(budgets) == 0 {
		budgets = []float64{0}
	}
	if !out.json {
		if more {
			fmt.Fprintln(out.w)
		}
		heading(out.w, name, list)
	}
	for _, b := range budgets {
		results, err := o.compare(cmd, list, b)
		if err != nil {
			return err
		}
		for _, r := range results {
			r.Group = name
			out.row(r, func(w io.Writer) { resultRow(w, r) })
		}
	}
	return nil
}

// heading says what is simulated on.
func heading(w io.Writer, name string, list []simulate.Timeline) {
	n := simulate.Clairvoyant(list, 0).Changes
	if name != "" {
		fmt.Fprintf(w, "%s: ", name)
	}
	fmt.Fprintf(w, "%d articles, %d changes\n", len(list), n)
	fmt.Fprintf(w, "%-20s %10s %8s %12s %9s %9s %9s %8s\n", "policy", "visits/art", "caught", "overwritten", "median", "p90", "mean", "wasted")
}

func resultRow(w io.Writer, r simulate.Result) {
	fmt.Fprintf(w, "%-20s %10.2f %7.1f%% %11.1f%% %9s %9s %9s %7.1f%%\n", r.Policy, r.FetchesPerArticle, 100*r.Caught, 100*r.CaughtOverwritten,
		span(r.DelayMedian), span(r.DelayP90), span(r.DelayMean), 100*r.Wasted)
}

// span is a number of seconds for people: "4m10s", "3h20m", "2.5d".
func span(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	case d < 48*time.Hour:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return fmt.Sprintf("%.1fd", d.Hours()/24)
}

// compare runs the policies, as many at once as there are processors, and gives
// their results in order.
func (o simulateOptions) compare(cmd *cobra.Command, list []simulate.Timeline, budget float64) ([]simulate.Result, error) {
	results := make([]simulate.Result, len(o.policies))
	bar := newProgress(cmd.ErrOrStderr())
	defer bar.done()
	var mu sync.Mutex // protects bar
	g, ctx := errgroup.WithContext(cmd.Context())
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range o.policies {
		g.Go(func() (err error) {
			results[i], err = one(ctx, list, name, budget, simulate.Options{HostGap: o.gap, Progress: func(done float64) {
				mu.Lock()
				defer mu.Unlock()
				bar.show("%s %.0f visits: %.0f%%", name, budget, 100*done)
			}})
			return err
		})
	}
	return results, g.Wait()
}

// one runs a policy at its native setting, or tuned to the budget.
func one(ctx context.Context, list []simulate.Timeline, name string, budget float64, o simulate.Options) (simulate.Result, error) {
	if name == clairvoyant {
		return simulate.Clairvoyant(list, budget), nil
	}
	p, err := schedule.Named(name)
	if err != nil {
		return simulate.Result{}, err
	}
	if t, ok := p.(schedule.Tunable); ok && budget > 0 {
		r, err := simulate.Tune(ctx, list, t, budget, o)
		r.Policy = name
		return r, err
	}
	r, err := simulate.Run(ctx, list, p, o)
	r.Policy = name
	return r, err
}

// readTimelines reads a file, which may be compressed with gzip.
func readTimelines(in io.Reader, name string, by simulate.By, days float64) ([]simulate.Timeline, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	var head [2]byte
	n, err := io.ReadFull(in, head[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	in = io.MultiReader(bytes.NewReader(head[:n]), in)
	if head == [2]byte{0x1f, 0x8b} {
		if in, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	list, err := simulate.Read(in, by, days)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}
