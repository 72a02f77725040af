package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

func reindexCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Make the search index anew",
		Long: `Make every document of the search index anew from the stored versions. Nothing
else changes, and readers go on with the documents that are there. It can run
beside stet serve. When it is stopped, stet serve, or the next search from the
command line, does the rest.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return runReindex(cmd, s) })
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}

func runReindex(cmd *cobra.Command, s *store.Store) error {
	ctx, began := cmd.Context(), time.Now()
	if err := s.SetCursor(ctx, store.SearchCursor, 0); err != nil {
		return err
	}
	lag, err := s.SearchLag(ctx)
	if err != nil {
		return err
	}
	p, done := newProgress(cmd.ErrOrStderr()), 0
	err = catchUpIndex(ctx, s, func(n int) {
		done += n
		p.show("reindex: %d of %d changes", done, max(done, lag.Entries))
	})
	p.done()
	if err != nil {
		return err
	}
	newOutput(cmd).row(struct {
		Changes int     `json:"changes"`
		Seconds float64 `json:"seconds"`
	}{done, time.Since(began).Seconds()}, func(w io.Writer) {
		fmt.Fprintf(w, "the search index holds the texts of %d changes, in %s\n", done, time.Since(began).Round(time.Millisecond))
	})
	return nil
}
