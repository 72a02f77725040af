package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

func addCommand() *cobra.Command {
	var c Config
	var name string
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "add URL...",
		Short: "Begin to watch a feed, a site, a section page or an article",
		Long: `Find out what is at each URL and begin to watch it: a feed; an article; or a
site or section page, whose feeds are looked for first.

While stet serve runs on the same data, it does the work and add tells what
came of it; otherwise add does it itself.`,
		Example: "  stet add https://news.example.org/\n  stet add --name Courier https://courier.example.org/rss.xml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, urls []string) error {
			if err := c.check(); err != nil {
				return err
			}
			return runAdd(cmd, c, urls, name, wait)
		},
	}
	c.dataFlag(cmd.Flags())
	c.watchFlags(cmd.Flags())
	cmd.Flags().StringVar(&name, "name", "", "name of the source; default: what its feed calls it")
	cmd.Flags().DurationVar(&wait, "wait", time.Minute, "how long to wait for the result")
	return cmd
}

func runAdd(cmd *cobra.Command, c Config, urls []string, name string, wait time.Duration) error {
	log, err := c.log(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), wait)
	defer cancel()
	s, err := store.Open(ctx, c.at(store.Options{Exclusive: true}))
	alone := err == nil
	if errors.Is(err, store.ErrLocked) {
		s, err = store.Open(ctx, c.at(store.Options{MustExist: true}))
	}
	if err != nil {
		return &failure{code: exitError, err: err}
	}
	defer s.Close()
	var ids []int64
	for _, u := range urls {
		r, err := request(ctx, s, u, name)
		if err != nil {
			return err
		}
		ids = append(ids, r.ID)
	}
	stop := func() error { return nil }
	if alone { // nobody else will do it
		t, err := c.tracker(ctx, s, realTime, 50*time.Millisecond, log)
		if err != nil {
			return err
		}
		run, halt := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- t.Run(run) }()
		stop = func() error { halt(); return <-ended }
	}
	results, werr := waitRequests(ctx, s, ids)
	return errors.Join(printRequests(cmd, results), stop(), werr)
}

// waitRequests waits until the requests are done with or ctx ends.
func waitRequests(ctx context.Context, s *store.Store, ids []int64) ([]store.Request, error) {
	for {
		var all []store.Request
		pending := 0
		for _, id := range ids {
			r, err := s.Request(context.WithoutCancel(ctx), id)
			if err != nil {
				return all, &failure{code: exitError, err: err}
			}
			if r.State == store.RequestPending {
				pending++
			}
			all = append(all, r)
		}
		if pending == 0 {
			return all, nil
		}
		select {
		case <-ctx.Done():
			return all, nil
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// printRequests says what came of each; one that failed makes the exit code 3.
func printRequests(cmd *cobra.Command, rows []store.Request) error {
	out, bad := newOutput(cmd), false
	for _, r := range rows {
		bad = bad || r.State == store.RequestFailed
		out.row(struct {
			URL    string             `json:"url"`
			State  store.RequestState `json:"state"`
			Result string             `json:"result"`
		}{r.URL, r.State, r.Result}, func(w io.Writer) {
			switch r.State {
			case store.RequestDone:
				fmt.Fprintf(w, "%s\n  watched: %s\n", r.URL, r.Result)
			case store.RequestFailed:
				fmt.Fprintf(w, "%s\n  not watched: %s\n", r.URL, r.Result)
			default:
				fmt.Fprintf(w, "%s\n  not looked at yet: it is waiting for its host's turn\n", r.URL)
			}
		})
	}
	if bad {
		return &failure{code: exitNothing}
	}
	return nil
}
