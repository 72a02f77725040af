package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

func sourcesCommand() *cobra.Command {
	var c Config
	var feeds bool
	cmd := &cobra.Command{
		Use:     "sources",
		Short:   "List the sources or their feeds; show or set one; set the period of a feed, pause, resume or remove it",
		Example: "  stet sources\n  stet sources show courier\n  stet sources set courier --browser dom\n  stet sources --feeds --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &c, func(s *store.Store) error {
				if feeds {
					return listFeeds(cmd, s)
				}
				return listSources(cmd, s)
			})
		},
	}
	c.dataFlag(cmd.PersistentFlags())
	cmd.Flags().BoolVar(&feeds, "feeds", false, "list the feeds with how their last visit went")
	cmd.AddCommand(
		sourcesShowCommand(&c), sourcesSetCommand(&c), sourcesEveryCommand(&c),
		feedAction(&c, "pause", "Stop visiting a feed; its articles are visited on", func(ctx context.Context, s *store.Store, id int64) error {
			return s.PauseFeed(ctx, id, true)
		}),
		feedAction(&c, "resume", "Visit a paused feed again", func(ctx context.Context, s *store.Store, id int64) error {
			return s.PauseFeed(ctx, id, false)
		}),
		feedAction(&c, "remove", "Forget a feed; its articles are kept and visited on", func(ctx context.Context, s *store.Store, id int64) error {
			return s.RemoveFeed(ctx, id)
		}),
	)
	return cmd
}

// feedAction is a command on one feed, named by its number.
func feedAction(c *Config, name, short string, do func(context.Context, *store.Store, int64) error) *cobra.Command {
	return &cobra.Command{
		Use:     name + " FEED",
		Short:   short,
		Example: "  stet sources --feeds\n  stet sources " + name + " 3",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("stet sources --feeds lists them", "feed %q: want its number", args[0])
			}
			return withStore(cmd, c, func(s *store.Store) error { return do(cmd.Context(), s, id) })
		},
	}
}

type sourceRow struct {
	Key      string    `json:"key"`
	Name     string    `json:"name"`
	Home     string    `json:"home"`
	Feeds    int       `json:"feeds"`
	Articles int       `json:"articles"`
	Versions int       `json:"versions"`
	Changes  int       `json:"changes"`
	LastOK   time.Time `json:"last_ok,omitzero"`
}

func listSources(cmd *cobra.Command, s *store.Store) error {
	rows, err := s.Sources(cmd.Context())
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, r := range rows {
		row := sourceRow{r.Key, r.Name, r.Home, r.Feeds, r.Articles, r.Versions, r.Changes, r.LastOK}
		out.row(row, func(w io.Writer) {
			fmt.Fprintf(w, "%-20s %3d feeds %6d articles %6d versions  %s\n", r.Key, r.Feeds, r.Articles, r.Versions, r.Name)
		})
	}
	if len(rows) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "no sources yet: stet add URL")
	}
	return nil
}

type feedRow struct {
	ID       int64        `json:"id"`
	URL      string       `json:"url"`
	Format   string       `json:"format"`
	Title    string       `json:"title"`
	Outcome  news.Outcome `json:"outcome"`
	Reason   string       `json:"reason,omitempty"`
	Entries  int          `json:"entries"`
	Failures int          `json:"failures"`
	LastOK   time.Time    `json:"last_ok,omitzero"`
	Due      time.Time    `json:"due,omitzero"`
	Period   string       `json:"period"`             // "auto" or a duration
	Rate     float64      `json:"rate"`               // new entries per hour that are expected, as learned
	OutrunAt time.Time    `json:"outrun_at,omitzero"` // entries may have been missed
	wait     time.Duration
	warn     bool
	Push     *pushRow `json:"push,omitempty"` // its subscription at the hub that it names
}

func newFeedRow(f news.Feed, now time.Time) feedRow {
	row := feedRow{
		f.ID, f.URL, f.Format, f.Title, f.LastOutcome, f.LastReason, f.Entries, f.Failures, f.LastOK, f.Due,
		every(f.Period), 0, f.OutrunAt, max(f.Due.Sub(f.LastVisit), 0), f.Outrun(now), nil,
	}
	if f.Pace.Hours > 0 {
		row.Rate = schedule.FeedPace(f.Pace).Rate()
	}
	return row
}

// pace writes how often the feed is visited, and the warning when that was not
// often enough.
func (f feedRow) pace(w io.Writer) {
	switch {
	case f.Due.IsZero():
		fmt.Fprint(w, "      paused")
	case f.Period != auto:
		fmt.Fprintf(w, "      visited every %s", f.Period)
	default:
		fmt.Fprintf(w, "      visited at its own pace, next %v after the last", f.wait.Round(time.Second))
	}
	if f.Rate > 0 {
		fmt.Fprintf(w, "; about %.2g new entries an hour expected", f.Rate)
	}
	fmt.Fprintln(w)
	if f.warn {
		fmt.Fprintf(w, "      !! entries may have been missed: at %s nothing was left of what it listed before\n", local(f.OutrunAt))
	}
}

// line writes the feed on a line.
func (f feedRow) line(w io.Writer) {
	fmt.Fprintf(w, "%4d  %-11s %-11s %5d entries  %s  %s\n", f.ID, f.Format, f.Outcome, f.Entries, f.URL, f.Reason)
}

func listFeeds(cmd *cobra.Command, s *store.Store) error {
	rows, err := s.Feeds(cmd.Context(), 0)
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, f := range rows {
		row := newFeedRow(f, time.Now())
		out.row(row, row.line)
	}
	return nil
}
