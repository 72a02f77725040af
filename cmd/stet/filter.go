package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"stet/internal/news"
	"stet/internal/store"
)

func filterCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "filter", Short: "List, add or remove the filters that keep entries out", Args: cobra.NoArgs}
	var c Config
	c.dataFlag(cmd.PersistentFlags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return withStore(cmd, &c, func(s *store.Store) error { return listFilters(cmd, s) })
	}
	var source string
	var keep bool
	add := &cobra.Command{
		Use:     "add url|title|category PATTERN",
		Short:   "Add a filter",
		Long:    "Add a filter: entries whose address, title or category matches the regular\nexpression (RE2, unanchored) are not taken in; with --keep only such are.",
		Example: "  stet filter add url '/sport/'\n  stet filter add --source courier --keep category '^Politics$'",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, &c, func(s *store.Store) error {
				f := news.Filter{Field: news.Field(args[0]), Pattern: args[1], Keep: keep}
				return addFilter(cmd, s, f, source)
			})
		},
	}
	add.Flags().StringVar(&source, "source", "", "only for this source, by its key; default: all")
	add.Flags().BoolVar(&keep, "keep", false, "take in only what matches")
	remove := &cobra.Command{
		Use:   "remove ID",
		Short: "Remove a filter",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("stet filter lists them", "filter %q: want its number", args[0])
			}
			return withStore(cmd, &c, func(s *store.Store) error { return s.RemoveFilter(cmd.Context(), id) })
		},
	}
	cmd.AddCommand(add, remove)
	return cmd
}

func addFilter(cmd *cobra.Command, s *store.Store, f news.Filter, source string) error {
	if source != "" {
		src, err := s.Source(cmd.Context(), source)
		if err != nil {
			return usage("stet sources lists them", "source %q: %w", source, err)
		}
		f.SourceID = src.ID
	}
	f, err := s.AddFilter(cmd.Context(), f)
	if err != nil {
		return usage("", "%w", err)
	}
	row := filterRow{f.ID, f.SourceID, f.Field, f.Pattern, f.Keep}
	newOutput(cmd).row(row, func(w io.Writer) { fmt.Fprintf(w, "filter %d added\n", f.ID) })
	return nil
}

type filterRow struct {
	ID      int64      `json:"id"`
	Source  int64      `json:"source,omitempty"`
	Field   news.Field `json:"field"`
	Pattern string     `json:"pattern"`
	Keep    bool       `json:"keep"`
}

func listFilters(cmd *cobra.Command, s *store.Store) error {
	rows, err := s.Filters(cmd.Context())
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, f := range rows {
		out.row(filterRow{f.ID, f.SourceID, f.Field, f.Pattern, f.Keep}, func(w io.Writer) {
			verb := "drop"
			if f.Keep {
				verb = "keep"
			}
			scope := "all sources"
			if f.SourceID != 0 {
				scope = fmt.Sprintf("source %d", f.SourceID)
			}
			fmt.Fprintf(w, "%4d  %s %-8s %s  (%s)\n", f.ID, verb, f.Field, f.Pattern, scope)
		})
	}
	if len(rows) == 0 && !out.json {
		fmt.Fprintln(cmd.ErrOrStderr(), "no filters")
	}
	return nil
}
