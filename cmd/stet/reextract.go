package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"stet/internal/store"
	"stet/internal/track"
)

func reextractCommand() *cobra.Command {
	var c Config
	var source string
	var all, forget bool
	cmd := &cobra.Command{
		Use:   "reextract --source KEY | --all",
		Short: "Read the captures of all versions anew, as today's extractor does",
		Long: `Read the raw capture of every version of a source again, with today's extractor
and ignore rules, and keep the text beside the recorded one where it is another:
a derived text, which stet diff --derived shows. Recorded versions, their numbers
and the change log are never altered. Work that is stopped goes on where it was
when it is asked for again; it can run beside stet serve.

With --clear the derived texts are forgotten, and none are made.`,
		Example: "  stet reextract --source courier\n  stet diff --derived 17/3\n  stet reextract --all --clear",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if all == (source != "") {
				return usage("stet sources lists them", "want either --source KEY or --all")
			}
			return withStore(cmd, &c, func(s *store.Store) error { return runReextract(cmd, s, source, forget) })
		},
	}
	c.dataFlag(cmd.Flags())
	cmd.Flags().StringVar(&source, "source", "", "the source, by its key")
	cmd.Flags().BoolVar(&all, "all", false, "all sources")
	cmd.Flags().BoolVar(&forget, "clear", false, "forget the derived texts instead")
	return cmd
}

// runReextract goes over the source of that key, or over all when it is empty.
func runReextract(cmd *cobra.Command, s *store.Store, key string, forget bool) error {
	sources, err := s.Sources(cmd.Context())
	if err != nil {
		return err
	}
	if key != "" {
		src, err := sourceNamed(cmd, s, key)
		if err != nil {
			return err
		}
		sources = []store.SourceRow{src}
	}
	out := newOutput(cmd)
	for _, src := range sources {
		one := reextractSource
		if forget {
			one = clearSource
		}
		if err := one(cmd, s, src, out); err != nil {
			return err
		}
	}
	return nil
}

func clearSource(cmd *cobra.Command, s *store.Store, src store.SourceRow, out *output) error {
	n, err := s.ClearDerived(cmd.Context(), src.ID)
	if err != nil {
		return err
	}
	out.row(struct {
		Source  string `json:"source"`
		Cleared int    `json:"cleared"`
	}{src.Key, n}, func(w io.Writer) { fmt.Fprintf(w, "%s: %d derived texts forgotten\n", src.Key, n) })
	return nil
}

// A derivationRow is what reading a source anew came to, as JSON; see
// docs/formats.md.
type derivationRow struct {
	Source     string         `json:"source"`
	Versions   int            `json:"versions"`
	Derived    int            `json:"derived"`
	Same       int            `json:"same"`
	WithoutRaw int            `json:"without_raw"`
	Damaged    int            `json:"damaged"`
	NotArticle map[string]int `json:"not_article"`
}

func reextractSource(cmd *cobra.Command, s *store.Store, src store.SourceRow, out *output) error {
	p := newProgress(cmd.ErrOrStderr())
	d, err := track.Reextract(cmd.Context(), s, src.ID, func(done, total int) { p.show("%s: %d of %d", src.Key, done, total) })
	p.done()
	if err != nil {
		return err
	}
	row := derivationRow{src.Key, d.Versions, d.Derived, d.Same, d.WithoutRaw, d.Damaged, d.NotArticle}
	out.row(row, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %d versions, %d derived, %d read as recorded, %d without raw bytes", src.Key, d.Versions, d.Derived, d.Same, d.WithoutRaw)
		if d.Damaged > 0 {
			fmt.Fprintf(w, ", %d damaged", d.Damaged)
		}
		fmt.Fprintln(w)
		for _, why := range slices.Sorted(maps.Keys(d.NotArticle)) {
			fmt.Fprintf(w, "%8d no longer an article: %s\n", d.NotArticle[why], why)
		}
	})
	return nil
}
