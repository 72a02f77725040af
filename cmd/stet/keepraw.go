package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/store"
	"stet/internal/track"
)

// forever is the rule of a source whose raw captures are never given up.
const forever = "forever"

const day = 24 * time.Hour

// parseKeep reads how long raw captures are kept: days, as 90d, another duration,
// or forever, which is 0; so is nothing.
func parseKeep(text string) (time.Duration, error) {
	if text == "" || text == forever {
		return 0, nil
	}
	keep, err := time.ParseDuration(text)
	if count, ok := strings.CutSuffix(text, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(count, 10, 16)
		keep = time.Duration(n) * day
	}
	if err != nil || keep < store.MinKeepRaw || keep > store.MaxKeepRaw {
		return 0, usage("such as 90d, or forever", "keep-raw %q: want %s to %s, or forever", text, keepText(store.MinKeepRaw), keepText(store.MaxKeepRaw))
	}
	return keep, nil
}

// keepText is what parseKeep reads.
func keepText(keep time.Duration) string {
	switch {
	case keep == 0:
		return forever
	case keep%day == 0:
		return fmt.Sprintf("%dd", keep/day)
	}
	return strings.TrimSuffix(strings.TrimSuffix(keep.String(), "0s"), "0m")
}

func pruneCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove what the rules say is no longer kept",
		Long: `Remove what is no longer needed: raw captures that are older than the rule of their
source allows (stet sources set --keep-raw), figures of hours long past, blocks that
one article alone had. stet serve and stet watch do this by themselves, a little
after each visit; this does it now. Can run beside stet serve. Exit code 4 when
something could not be removed, and is left for the next time.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return runPrune(cmd, s) })
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}

func runPrune(cmd *cobra.Command, s *store.Store) error {
	row := struct {
		Rows     int      `json:"rows"`
		Blobs    int      `json:"blobs"`
		Problems []string `json:"problems"`
	}{Problems: []string{}}
	for n := store.MaxPrune; n >= store.MaxPrune; row.Rows += n {
		var err error
		if n, err = s.Prune(cmd.Context(), time.Now().Add(-track.RecurTime)); err != nil {
			return err
		}
	}
	for after, more := int64(0), true; more; {
		d, err := s.DropRaw(cmd.Context(), after, store.MaxDrop)
		row.Blobs += d.Blobs
		row.Problems = append(row.Problems, d.Problems...)
		if err != nil {
			return err
		}
		after, more = d.Next, d.Next != 0
	}
	newOutput(cmd).row(row, func(w io.Writer) {
		fmt.Fprintf(w, "%d rows removed, %d raw captures given up\n", row.Rows, row.Blobs)
		for _, problem := range row.Problems {
			fmt.Fprintf(w, "problem: %s\n", problem)
		}
	})
	if len(row.Problems) > 0 {
		return &failure{code: exitCheck, err: errors.New("some raw captures could not be given up"), hint: "stet verify tells more of them"}
	}
	return nil
}
