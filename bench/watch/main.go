// Command watch lets the real pipeline watch a press of small papers on
// loopback in real time, once for each policy of re-visits, all at the same
// time and over the same edits, and counts what each caught and with how many
// fetches. See README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"stet/internal/newsroom"
	"stet/internal/schedule"
)

// options are the flags.
type options struct {
	time     time.Duration
	policies []string
	hosts    int
	articles int
	seed     uint64
	tempo    float64
	pace     time.Duration
	feeds    time.Duration
	workers  int
	budget   float64
	troubles []newsroom.Trouble // nil = all
	verbose  bool
	json     bool
	log      *slog.Logger
	progress io.Writer
}

// settle is how long the worlds may take to open their stores and addresses
// before the run begins for all of them.
const settle = time.Second

// errManners means that a guest was no good one.
var errManners = errors.New("manners were broken")

func main() {
	o := options{progress: os.Stderr, log: slog.New(slog.DiscardHandler)}
	var policies string
	var talk bool
	flag.DurationVar(&o.time, "time", 20*time.Minute, "length of the run")
	flag.StringVar(&policies, "policies", "newssniffer,learned", "`names` of the policies, each with a press and a store of its own")
	flag.IntVar(&o.hosts, "hosts", 50, "papers")
	flag.IntVar(&o.articles, "articles", 400, "articles of all papers together")
	flag.Uint64Var(&o.seed, "seed", 1, "of all that is published and edited")
	flag.Float64Var(&o.tempo, "tempo", 1, "how many times faster editors work")
	flag.DurationVar(&o.pace, "pace", 2*time.Second, "between two requests to one paper")
	flag.DurationVar(&o.feeds, "feed-every", time.Minute, "time between visits to a feed; 0 = learned for each")
	flag.IntVar(&o.workers, "workers", 16, "hosts worked on at once, by each policy")
	flag.Float64Var(&o.budget, "budget", 0, "visits to articles an hour, for each policy; 0 = as many as are polite")
	flag.BoolVar(&o.verbose, "v", false, "name each edit that was missed, each false version and each breach")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.BoolVar(&talk, "log", false, "show the pipelines' talk")
	flag.Parse()
	o.policies = strings.Split(policies, ",")
	if talk {
		o.log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := show(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "watch:", err)
		os.Exit(1)
	}
}

// show runs and prints. It errs with errManners after printing when somebody
// broke them.
func show(ctx context.Context, w io.Writer, o options) error {
	r, err := run(ctx, o)
	if err != nil {
		return err
	}
	if o.json {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		err = e.Encode(r)
	} else {
		r.print(w, o.verbose)
	}
	return errors.Join(err, r.manners())
}

// manners errs with errManners when a policy's guest was no good one.
func (r report) manners() (err error) {
	for _, x := range r.Results {
		if len(x.Breaches) > 0 {
			err = errors.Join(err, fmt.Errorf("%s: %d times: %w", x.Policy, len(x.Breaches), errManners))
		}
	}
	return err
}

// A report is what one command prints.
type report struct {
	Press   string        `json:"press"`
	Start   time.Time     `json:"start"`
	Took    time.Duration `json:"took_ns"` // of the run; shorter than asked for when it was interrupted
	Results []result      `json:"results"`
}

// A result is what one policy did.
type result struct {
	Policy   string              `json:"policy"`
	Score    newsroom.PressScore `json:"score"`
	Fetches  newsroom.Fetches    `json:"fetches"`
	Breaches []newsroom.Breach   `json:"breaches"`
	Lag      lagCheck            `json:"lag"`
}

// run lets all policies watch at the same time.
func run(ctx context.Context, o options) (report, error) {
	// One start for all: a press draws its times from the seed as distances from
	// it, so every policy meets the same edits at the same moments.
	start := time.Now().Add(settle)
	worlds := make([]*world, len(o.policies))
	r := report{Start: start, Results: make([]result, len(o.policies))}
	for i, name := range o.policies {
		policy, err := schedule.Named(name)
		if err != nil {
			return r, err
		}
		w, err := newWorld(ctx, policy, start, o)
		if err != nil {
			return r, err
		}
		defer w.close()
		worlds[i] = w
	}
	r.Press = worlds[0].press.Plan()
	fmt.Fprintf(o.progress, "%s; %v until %s\n", r.Press, o.time, start.Add(o.time).Format(time.TimeOnly))
	watching, stop := context.WithDeadline(ctx, start.Add(o.time))
	defer stop()
	g, watching := errgroup.WithContext(watching)
	for i, w := range worlds {
		g.Go(func() (err error) {
			r.Results[i].Lag, err = w.watch(watching)
			return err
		})
	}
	go tell(watching, o.progress, worlds)
	if err := g.Wait(); err != nil {
		return r, err
	}
	// What was made after the end nobody could see.
	end := time.Now()
	if planned := start.Add(o.time); end.After(planned) {
		end = planned
	}
	r.Took = end.Sub(start)
	for i, w := range worlds {
		if err := w.score(context.WithoutCancel(ctx), end, &r.Results[i]); err != nil {
			return r, err
		}
	}
	return r, nil
}
