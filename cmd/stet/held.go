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

func heldCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "held ARTICLE",
		Short: "List the blocks that were held back from the versions of an article",
		Long: `List the blocks of an article's pages that came or went without that being an
edit, and so made no version: what they say, why they were held back, how often,
and when first and last. ARTICLE is its number or its address.`,
		Example: "  stet held 17\n  stet held https://news.example.org/story --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return listHeld(cmd, s, args[0]) })
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}

// articleNamed gives the article of that number, or that was seen under that
// address.
func articleNamed(cmd *cobra.Command, s *store.Store, name string) (news.Article, error) {
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		address, perr := news.ParseAddress(name, nil)
		if perr != nil {
			return news.Article{}, usage("such as 17 or https://news.example.org/story", "article %q: want its number or its address: %w", name, perr)
		}
		id, err = s.Lookup(cmd.Context(), address.Key)
	}
	var a news.Article
	if err == nil {
		a, _, err = s.Article(cmd.Context(), id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return a, &failure{code: exitNothing, err: fmt.Errorf("article %s is not watched: %w", name, store.ErrNotFound)}
	}
	return a, err
}

// A heldRow is a block that was held back, as JSON.
type heldRow struct {
	Text  string    `json:"text"`
	What  string    `json:"what"` // "came" or "went"
	Why   string    `json:"why"`
	Times int       `json:"times"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

func listHeld(cmd *cobra.Command, s *store.Store, name string) error {
	a, err := articleNamed(cmd, s, name)
	if err != nil {
		return err
	}
	blocks, err := s.HeldBlocks(cmd.Context(), a.ID)
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, h := range blocks {
		row := heldRow{h.Text, "came", h.Why, h.Times, h.First, h.Last}
		if h.Absent {
			row.What = "went"
		}
		out.row(row, func(w io.Writer) {
			fmt.Fprintf(w, "%s  %s, %d times, %s to %s\n  %s\n", row.Why, row.What, row.Times, local(row.First), local(row.Last), row.Text)
		})
	}
	if len(blocks) < a.Held {
		fmt.Fprintf(cmd.ErrOrStderr(), "and %d times other blocks, which are only counted\n", a.Held-len(blocks))
	}
	if a.Held == 0 && !out.json {
		fmt.Fprintln(cmd.ErrOrStderr(), "nothing was held back")
	}
	return nil
}
