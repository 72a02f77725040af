package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

// trainSamples is how many texts are learnt from unless told otherwise: more bring
// little and take longer.
const trainSamples = 1000

func dictionaryCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "dictionary",
		Short: "Train or list the dictionaries that texts are packed with",
		Long: `A dictionary holds phrases that many articles have, so that a text alone packs
better: by a sixth, for the texts that begin a chain. It is learnt from the
texts of this store, kept in it for ever, and used for what is recorded from
then on; what is stored stays as it is. Train one when a language has a few
hundred articles, and perhaps another when there are a hundred times as many.`,
		Example: "  stet dictionary train --language en\n  stet dictionary list",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.dataFlag(cmd.PersistentFlags())
	cmd.AddCommand(dictionaryTrainCommand(&c), dictionaryListCommand(&c))
	return cmd
}

func dictionaryTrainCommand(c *Config) *cobra.Command {
	var language string
	var samples int
	cmd := &cobra.Command{
		Use:     "train",
		Short:   "Learn a dictionary from the store's own texts",
		Long:    "Learn a dictionary from the newest texts of articles of one language, or of all,\nspread over the whole store. Takes seconds, and can run beside stet serve.",
		Example: "  stet dictionary train --language de --samples 2000",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if samples < store.MinSamples || samples > store.MaxSamples {
				return usage("", "--samples %d: want %d to %d", samples, store.MinSamples, store.MaxSamples)
			}
			return withStore(cmd, c, func(s *store.Store) error {
				d, err := s.TrainDictionary(cmd.Context(), language, samples)
				if errors.Is(err, store.ErrFewSamples) {
					return &failure{code: exitError, err: err, hint: "watch more articles first, or train one for all languages"}
				}
				if err == nil {
					showDictionary(newOutput(cmd), d)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&language, "language", "", "language of the texts, such as en (default: all, for those that have none of their own)")
	cmd.Flags().IntVar(&samples, "samples", trainSamples, "how many articles to learn from, at most")
	return cmd
}

func dictionaryListCommand(c *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the dictionaries, with how many versions name each",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, c, func(s *store.Store) error {
				ds, err := s.Dictionaries(cmd.Context())
				out := newOutput(cmd)
				for _, d := range ds {
					showDictionary(out, d)
				}
				return err
			})
		},
	}
}

// showDictionary writes a dictionary as a row; see docs/formats.md.
func showDictionary(out *output, d store.Dictionary) {
	row := struct {
		ID        int64  `json:"id"`
		Language  string `json:"language"`
		Bytes     int    `json:"bytes"`
		TrainedAt string `json:"trained_at"`
		Samples   int    `json:"samples"`
		Versions  int    `json:"versions"`
	}{d.ID, d.Language, d.Size, d.TrainedAt.Format("2006-01-02T15:04:05Z07:00"), d.Samples, d.Versions}
	out.row(row, func(w io.Writer) {
		language := d.Language
		if language == "" {
			language = "all languages"
		}
		fmt.Fprintf(w, "dictionary %d: %s, %d bytes, learnt from %d texts on %s, named by %d versions\n",
			d.ID, language, d.Size, d.Samples, d.TrainedAt.Format("2006-01-02"), d.Versions)
	})
}
