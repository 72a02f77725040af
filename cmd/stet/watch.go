package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

func watchCommand() *cobra.Command {
	var c Config
	var every, length time.Duration
	var name string
	cmd := &cobra.Command{
		Use:   "watch URL...",
		Short: "Watch pages, feeds or sites here, and print their changes as they come",
		Long: `Find out what is at each URL (article, feed, site or section page), watch it
until stopped, and print each change as it is found, with its diff. Needs no
web pages. What was seen is kept in the data directory: stet serve shows it.

By default articles are visited again when a change is likely. --every
visits them, and their feeds, at a fixed distance. Ctrl-C stops; --for stops by
itself. With --json each change is a line.`,
		Example: "  stet watch https://news.example.org/story\n  stet watch --every 2m --for 1h https://news.example.org/rss.xml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, urls []string) error {
			if every < 0 || length < 0 {
				return usage("", "every and for cannot be negative")
			}
			if every > 0 {
				c.Policy, c.FeedEvery = schedule.Every(every).Name(), every
				if c.AllowNet == "" {
					c.FeedEvery = max(every, news.MinFeedPeriod)
				}
			}
			if err := c.check(); err != nil {
				return err
			}
			ctx := cmd.Context()
			if length > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, length)
				defer cancel()
			}
			return runWatch(ctx, cmd, c, urls, name)
		},
	}
	c.dataFlag(cmd.Flags())
	c.watchFlags(cmd.Flags())
	cmd.Flags().DurationVar(&every, "every", 0, "visit articles at this distance, and feeds too if they are allowed that often, instead of by --policy and --feed-every")
	cmd.Flags().DurationVar(&length, "for", 0, "stop after this time")
	cmd.Flags().StringVar(&name, "name", "", "name of the source; default: what its feed calls it")
	return cmd
}

func runWatch(ctx context.Context, cmd *cobra.Command, c Config, urls []string, name string) error {
	log, err := c.log(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	s, err := openStore(context.WithoutCancel(ctx), c.at(store.Options{Exclusive: true}))
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := c.tracker(context.WithoutCancel(ctx), s, realTime, 100*time.Millisecond, log)
	if err != nil {
		return err
	}
	head, err := s.Head(context.WithoutCancel(ctx))
	if err != nil {
		return &failure{code: exitError, err: err}
	}
	var ids []int64
	for _, u := range urls {
		r, err := request(context.WithoutCancel(ctx), s, u, name)
		if err != nil {
			return err
		}
		ids = append(ids, r.ID)
	}
	run, halt := context.WithCancel(ctx)
	defer halt()
	ended := make(chan error, 1)
	go func() { ended <- t.Run(run) }()

	p := printer{store: s, out: newOutput(cmd), weights: c.Significance, after: head}
	results, err := waitRequests(run, s, ids)
	if err == nil {
		err = reportRequests(cmd.ErrOrStderr(), results)
	}
	for err == nil && run.Err() == nil {
		err = p.print(context.WithoutCancel(ctx))
		select {
		case rerr := <-ended:
			ended <- nil
			if rerr != nil {
				err = &failure{code: exitError, err: rerr}
			}
			halt()
		case <-time.After(100 * time.Millisecond):
		}
	}
	halt()
	err = errors.Join(err, <-ended)
	if err == nil {
		err = p.print(context.WithoutCancel(ctx)) // what came last
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "stopped: %d versions, %d other changes seen\n", p.versions, p.others)
	return err
}

// reportRequests tells what is watched. Nothing to watch ends the command.
func reportRequests(w io.Writer, rows []store.Request) error {
	watched := 0
	for _, r := range rows {
		switch r.State {
		case store.RequestDone:
			watched++
			fmt.Fprintf(w, "watching %s: %s\n", r.URL, r.Result)
		case store.RequestFailed:
			fmt.Fprintf(w, "cannot watch %s: %s\n", r.URL, r.Result)
		default:
			return nil // stopped before it was known
		}
	}
	if watched == 0 {
		return &failure{code: exitNothing, err: errors.New("nothing to watch")}
	}
	return nil
}

// A printer writes the change log as it grows.
type printer struct {
	store            *store.Store
	out              *output
	weights          appraise.Weights
	after            int64
	versions, others int
}

// A changeRow is a change as JSON.
type changeRow struct {
	Seq          int64           `json:"seq"`
	Type         news.ChangeType `json:"type"`
	Article      int64           `json:"article"`
	URL          string          `json:"url"`
	Headline     string          `json:"headline"`
	Number       *int            `json:"number,omitempty"`
	After        time.Time       `json:"after,omitzero"`
	Before       time.Time       `json:"before"`
	WordsAdded   int             `json:"words_added"`
	WordsRemoved int             `json:"words_removed"`
	Silent       bool            `json:"silent,omitempty"`
	Grown        bool            `json:"grown,omitempty"` // a live blog: only posts were added
	Posts        int             `json:"posts,omitempty"` // of a live blog that were added
	Note         string          `json:"note,omitempty"`
	Diff         string          `json:"diff,omitempty"` // plain, see docs/formats.md
	Appraisal    *news.Appraisal `json:"appraisal,omitempty"`
}

func (p *printer) print(ctx context.Context) error {
	for {
		changes, err := p.store.Changes(ctx, p.after, 100)
		if err != nil {
			return &failure{code: exitError, err: err}
		}
		if len(changes) == 0 {
			return nil
		}
		for _, c := range changes {
			if err := p.one(ctx, c); err != nil {
				return &failure{code: exitError, err: err}
			}
			p.after = c.Seq
		}
	}
}

func (p *printer) one(ctx context.Context, c news.Change) error {
	a, _, err := p.store.Article(ctx, c.ArticleID)
	if err != nil {
		return err
	}
	row := changeRow{
		Seq: c.Seq, Type: c.Type, Article: c.ArticleID, URL: a.URL, Headline: a.Headline, After: c.After, Before: c.Before,
		WordsAdded: c.WordsAdded, WordsRemoved: c.WordsRemoved, Silent: c.Silent, Grown: c.Grown, Posts: c.Posts, Note: c.Note,
	}
	if c.Type != news.VersionAppeared {
		p.others++
		p.out.row(row, func(w io.Writer) {
			fmt.Fprintf(w, "%s  %s  %s\n  %s %s\n\n", local(c.Before), c.Type, a.Headline, a.URL, c.Note)
		})
		return nil
	}
	p.versions++
	row.Number = &c.Number
	v, err := p.store.VersionByNumber(ctx, c.ArticleID, c.Number)
	if err != nil {
		return err
	}
	row.Headline = v.Content.Headline
	if c.Number > 0 {
		old, err := p.store.VersionByNumber(ctx, c.ArticleID, c.Number-1)
		if err != nil {
			return err
		}
		script, a := appraisal(old.Content, v.Content, p.weights)
		row.Diff, row.Appraisal = diff.Plain(script, 0), &a
	}
	p.out.row(row, func(w io.Writer) {
		fmt.Fprintf(w, "%s  version %d  %s\n  %s\n", local(c.Before), c.Number, row.Headline, a.URL)
		if c.Number > 0 {
			fmt.Fprintf(w, "  changed after %s; %d words added, %d removed\n", local(c.After), c.WordsAdded, c.WordsRemoved)
			sayAppraisal(w, *row.Appraisal)
			fmt.Fprintf(w, "\n%s", row.Diff)
		}
		fmt.Fprintln(w)
	})
	return nil
}

func local(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }
