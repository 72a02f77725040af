package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/search"
	"stet/internal/store"
)

func searchCommand() *cobra.Command {
	var c Config
	var page int
	cmd := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Search the current text of all articles",
		Long:    "Search the current text of all articles, newest article first. All words must be\nthere; \"a phrase\", -without, title:word, begin*, source:key, lang:ar,\nafter:2026-03-01, before:2026-03-05.",
		Example: "  stet search 'bridge \"town council\" -football'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return runSearch(cmd, s, args, page) })
		},
	}
	c.dataFlag(cmd.Flags())
	cmd.Flags().IntVar(&page, "page", 1, "page of 20 results")
	return cmd
}

type hitRow struct {
	Article   int64     `json:"article"`
	Number    int       `json:"number"`
	Headline  string    `json:"headline"`
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	FirstSeen time.Time `json:"first_seen"`
}

func runSearch(cmd *cobra.Command, s *store.Store, args []string, page int) error {
	text := ""
	for _, a := range args {
		text += " " + a
	}
	q, err := search.Parse(text)
	if err != nil {
		return usage("", "%w", err)
	}
	if q.Empty() {
		return usage("", "the query %q asks for nothing", text)
	}
	for { // bring the index up to date: nobody may be running to do it
		if n, err := s.IndexChanges(cmd.Context(), 500); err != nil || n == 0 {
			if err != nil {
				return err
			}
			break
		}
	}
	rows, total, err := searchPage(cmd.Context(), s, q, page)
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, r := range rows {
		out.row(hitRow{r.ArticleID, r.Number, r.Headline, r.SourceKey, r.URL, r.Seen.First}, func(w io.Writer) {
			fmt.Fprintf(w, "%d/%d  %s\n  %s, %s  %s\n", r.ArticleID, r.Number, r.Headline, r.SourceName, local(r.Seen.First), r.URL)
		})
	}
	if total > store.MaxFound {
		fmt.Fprintf(cmd.ErrOrStderr(), "more than %d found\n", store.MaxFound)
		return nil
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%d found\n", total)
	return nil
}

// searchPage goes from page to page to that of the number, from 1.
func searchPage(ctx context.Context, s *store.Store, q search.Query, number int) (rows []store.VersionRow, total int, err error) {
	p := store.Page{Size: 20}
	for n := 1; ; n++ {
		rows, total, ends, err := s.Search(ctx, q, p)
		if err != nil || n >= number {
			return rows, total, err
		}
		if p.Before = ends.Older; p.Before == 0 {
			return nil, total, nil
		}
	}
}
