package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/store"
)

// withStore runs do on the store that must be there.
func withStore(cmd *cobra.Command, c *Config, do func(*store.Store) error) error {
	s, err := openStore(cmd.Context(), store.Options{Dir: c.Data, MustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	return asError(do(s))
}

// asError gives an error without an exit code the one of our own faults.
func asError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := err.(*failure); ok {
		return err
	}
	return &failure{code: exitError, err: err}
}

func sourcesCommand() *cobra.Command {
	var c Config
	var feeds bool
	cmd := &cobra.Command{
		Use:     "sources",
		Short:   "List the sources, or their feeds",
		Example: "  stet sources\n  stet sources --feeds --json",
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
	c.dataFlag(cmd.Flags())
	cmd.Flags().BoolVar(&feeds, "feeds", false, "list the feeds with how their last visit went")
	return cmd
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
}

func listFeeds(cmd *cobra.Command, s *store.Store) error {
	rows, err := s.Feeds(cmd.Context(), 0)
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, f := range rows {
		row := feedRow{f.ID, f.URL, f.Format, f.Title, f.LastOutcome, f.LastReason, f.Entries, f.Failures, f.LastOK, f.Due}
		out.row(row, func(w io.Writer) {
			fmt.Fprintf(w, "%4d  %-11s %-11s %5d entries  %s  %s\n", f.ID, f.Format, f.LastOutcome, f.Entries, f.URL, f.LastReason)
		})
	}
	return nil
}

func opmlCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "opml", Short: "Import or export the list of feeds as OPML", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var in, out Config
	imp := &cobra.Command{
		Use:     "import FILE",
		Short:   "Add the feeds of an OPML file",
		Long:    "Add the feeds of an OPML file (\"-\": standard input). Feeds that are there\nalready stay as they are. What is skipped is said on standard error.",
		Example: "  stet opml import subscriptions.opml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := readDocument(cmd, &in, args[0], "", 0)
			if err != nil {
				return err
			}
			return importOPML(cmd, in, d.body)
		},
	}
	in.dataFlag(imp.Flags())
	exp := &cobra.Command{
		Use:   "export",
		Short: "Write the feeds as OPML",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &out, func(s *store.Store) error { return exportOPML(cmd, s) })
		},
	}
	out.dataFlag(exp.Flags())
	cmd.AddCommand(imp, exp)
	return cmd
}

func importOPML(cmd *cobra.Command, c Config, body []byte) error {
	outlines, skipped, err := feed.ParseOPML(body)
	if err != nil {
		return usage("", "opml: %w", err)
	}
	s, err := openStore(cmd.Context(), store.Options{Dir: c.Data})
	if err != nil {
		return err
	}
	defer s.Close()
	added := 0
	for _, o := range outlines {
		a, err := news.ParseAddress(o.URL, nil)
		if err != nil {
			skipped = append(skipped, err.Error())
			continue
		}
		if _, err := s.AddRequest(cmd.Context(), a.URL, a.Host, o.Title); err != nil {
			return asError(err)
		}
		added++
	}
	for _, m := range skipped {
		fmt.Fprintf(cmd.ErrOrStderr(), "skipped: %s\n", m)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d feeds asked for; stet serve looks at them when it runs\n", added)
	return nil
}

func exportOPML(cmd *cobra.Command, s *store.Store) error {
	sources, err := s.Sources(cmd.Context())
	if err != nil {
		return err
	}
	var outlines []feed.Outline
	for _, src := range sources {
		feeds, err := s.Feeds(cmd.Context(), src.ID)
		if err != nil {
			return err
		}
		for _, f := range feeds {
			title := f.Title
			if title == "" {
				title = src.Name
			}
			outlines = append(outlines, feed.Outline{Title: title, URL: f.URL, Home: src.Home, Category: src.Name})
		}
	}
	return feed.WriteOPML(cmd.OutOrStdout(), "Feeds watched by stet", time.Now(), outlines)
}

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
	fmt.Fprintf(cmd.OutOrStdout(), "filter %d added\n", f.ID)
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
