package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/store"
)

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
	s, err := openStore(cmd.Context(), c.at(store.Options{}))
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
	row := struct {
		Added   int      `json:"added"`
		Skipped []string `json:"skipped"`
	}{added, append([]string{}, skipped...)}
	newOutput(cmd).row(row, func(w io.Writer) {
		fmt.Fprintf(w, "%d feeds asked for; stet serve looks at them when it runs\n", added)
	})
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
