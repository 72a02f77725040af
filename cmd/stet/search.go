package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/search"
	"stet/internal/store"
)

const searchHelp = `Search the texts of all articles, newest article first. All words must be there:

  bridge closed       both words, in any of their forms where stemming is known
  "bridge closed"     the phrase
  -bridge             without the word; -"two words" too
  title:bridge        in the headline; headline:bridge too
  bridg*              words that begin so
  source:courier      of the source, by its key
  lang:ar             in the language (BCP 47, its start is enough)
  after:2026-03-01    newest version first seen on or after the day (UTC)
  before:2026-03-05   before the day
  version:1           with a version of this number

Words are looked for in the newest text, or, by in:NAME or --scope NAME, in
  any         any text that an article ever had
  removed     sentences and headlines that no longer stand
  added       sentences that the first version did not have
  headlines   all headlines that it had

Articles are counted up to 1000.`

func searchCommand() *cobra.Command {
	var c Config
	var page int
	var scope string
	cmd := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Search the texts of all articles",
		Long:    searchHelp,
		Example: "  stet search 'bridge \"town council\" -football'\n  stet search --scope removed 'negligence source:courier'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return runSearch(cmd, s, args, scope, page) })
		},
	}
	c.dataFlag(cmd.Flags())
	cmd.Flags().StringVar(&scope, "scope", "", "texts to look in: current, any, removed, added or headlines (default: as the query says, or current)")
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

func runSearch(cmd *cobra.Command, s *store.Store, args []string, scope string, page int) error {
	text := strings.Join(args, " ")
	q, err := search.Parse(text)
	if err == nil && scope != "" {
		q.Scope, err = search.ParseScope(scope)
	}
	if err != nil {
		return usage("", "%w", err)
	}
	if q.Empty() {
		return usage("", "the query %q asks for nothing", text)
	}
	if err := catchUpIndex(cmd.Context(), s, func(int) {}); err != nil { // nobody may be running to do it
		return err
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
