package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/news"
	"stet/internal/store"
)

// auto is the period of a feed whose pace is learned.
const auto = "auto"

// A feedEvery is the value of --feed-every: 0 = auto.
type feedEvery time.Duration

// String is "auto" or the duration.
func (v *feedEvery) String() string { return every(time.Duration(*v)) }

// Type names the value in messages.
func (v *feedEvery) Type() string { return "duration" }

// Set reads "auto" or a duration.
func (v *feedEvery) Set(s string) error {
	if s == auto {
		*v = 0
		return nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d == 0 {
		return errors.New("want auto or a duration, such as 10m")
	}
	*v = feedEvery(d)
	return nil
}

// every is a period in words.
func every(period time.Duration) string {
	if period == 0 {
		return auto
	}
	return period.String()
}

func sourcesEveryCommand(c *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "every FEED PERIOD",
		Short: "Visit a feed at a fixed distance, or auto: at its own pace",
		Long: `Say how often a feed is visited, whatever --feed-every was when it was added. A
duration is kept to; auto learns from how many entries come, and when.`,
		Example: "  stet sources --feeds\n  stet sources every 3 15m\n  stet sources every 3 auto",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("stet sources --feeds lists them", "feed %q: want its number", args[0])
			}
			var v feedEvery
			if err := v.Set(args[1]); err != nil {
				return usage("", "period %q: %w", args[1], err)
			}
			if v != 0 && time.Duration(v) < news.MinFeedPeriod {
				return usage("", "period %v: want at least %v", time.Duration(v), news.MinFeedPeriod)
			}
			return withStore(cmd, c, func(s *store.Store) error {
				if err := s.SetFeedPeriod(cmd.Context(), id, time.Duration(v)); err != nil {
					return err
				}
				row := struct {
					ID     int64  `json:"id"`
					Period string `json:"period"`
				}{id, v.String()}
				newOutput(cmd).row(row, func(w io.Writer) { fmt.Fprintf(w, "feed %d: %s\n", row.ID, row.Period) })
				return nil
			})
		},
	}
}
