package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

func ageCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "age ARTICLE/NUMBER | FILE…",
		Short: "Show which version brought in each sentence of a text",
		Long: `Show for each sentence of a text which version brought it in, and which last
altered its words. With ARTICLE/NUMBER the versions are those of the store from 0
to that one; else they are the arguments in order, from 0: pages, text files, "-",
addresses or versions, as stet diff takes them.

A sentence that was edited, moved, split or merged keeps the version that first
brought it in. One that was taken out and came back is marked with the version
that lacked it and the one that had it again. The last line says which share of
the words of version 0 still stands.`,
		Example: "  stet age 17/4\n  stet age morning.html noon.html evening.html\n  stet age --json 17/4",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.check(); err != nil {
				return err
			}
			versions, err := versionsOf(cmd, &c, args)
			if err != nil {
				return err
			}
			showAges(newOutput(cmd), versions)
			return nil
		},
	}
	c.dataFlag(cmd.Flags())
	c.netFlags(cmd.Flags())
	return cmd
}

// versionsOf reads the arguments of stet age.
func versionsOf(cmd *cobra.Command, c *Config, args []string) ([]news.Content, error) {
	if m := versionArg.FindStringSubmatch(args[0]); m != nil && len(args) == 1 {
		return storedVersions(cmd, c, m[1], m[2])
	}
	var out []news.Content
	for _, arg := range args {
		content, err := readContent(cmd, c, arg, false)
		if err != nil {
			return nil, err
		}
		out = append(out, content)
	}
	return out, nil
}

// storedVersions is the versions of an article up to one.
func storedVersions(cmd *cobra.Command, c *Config, article, number string) (out []news.Content, err error) {
	id, err1 := strconv.ParseInt(article, 10, 64)
	last, err2 := strconv.Atoi(number)
	if err := errors.Join(err1, err2); err != nil {
		return nil, usage("", "%s/%s: %w", article, number, err)
	}
	err = withStore(cmd, c, func(s *store.Store) error {
		v, err := s.VersionByNumber(cmd.Context(), id, last)
		for n := 0; n < last && err == nil; n++ {
			var earlier news.Version
			earlier, err = s.VersionByNumber(cmd.Context(), id, n)
			out = append(out, earlier.Content)
		}
		if errors.Is(err, store.ErrNotFound) {
			return &failure{code: exitNothing, err: fmt.Errorf("article %d has no version %d", id, last)}
		}
		out = append(out, v.Content)
		return err
	})
	return out, err
}

// An ageReport is what stet age prints as JSON.
type ageReport struct {
	Versions  int        `json:"versions"`
	Survival  float64    `json:"survival"`
	Sentences []diff.Age `json:"sentences"`
}

func showAges(out *output, versions []news.Content) {
	r := ageReport{len(versions), diff.Survival(versions), diff.Ages(versions)}
	if r.Sentences == nil {
		r.Sentences = []diff.Age{}
	}
	out.row(r, func(w io.Writer) {
		fmt.Fprintln(w, "since  edited  sentence")
		for i, a := range r.Sentences {
			if i > 0 && a.Place.Block != r.Sentences[i-1].Place.Block {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "%5d  %6s  %s\n", a.Since, edited(a), sentenceLine(a))
		}
		fmt.Fprintf(w, "\n%.0f %% of the words of version 0 stand in version %d\n", 100*r.Survival, r.Versions-1)
	})
}

// edited is the version that last altered a sentence, if one did.
func edited(a diff.Age) string {
	if a.Edited == a.Since {
		return "-"
	}
	return strconv.Itoa(a.Edited)
}

func sentenceLine(a diff.Age) string {
	text := strings.Join(strings.Fields(diff.Visible(a.Text)), " ")
	if a.Back > 0 {
		return fmt.Sprintf("%s [gone in %d, back in %d]", text, a.Gone, a.Back)
	}
	return text
}
