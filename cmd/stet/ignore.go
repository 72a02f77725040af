package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
	"stet/internal/track"
)

func ignoreCommand() *cobra.Command {
	var c Config
	var source string
	cmd := &cobra.Command{
		Use:   "ignore",
		Short: "List, try, add or remove the rules that keep furniture out of articles",
		Long: `List, try, add or remove ignore rules: blocks of a source's pages that a rule
matches are no part of its articles. A rule has a CSS selector of an element
around the block, a pattern (RE2) in the block's text, or both, when both must
hold. What was recorded before a rule stays as it is.`,
		Example: `  stet ignore list --source courier
  stet ignore try --source courier --selector '.newsletter'
  stet ignore add --source courier --pattern '^Read also:' --note 'teasers among the text'
  stet ignore remove 3`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return listIgnores(cmd, s, source) })
		},
	}
	c.dataFlag(cmd.PersistentFlags())
	cmd.AddCommand(ignoreListCommand(&c), ignoreTryCommand(&c), ignoreAddCommand(&c), ignoreRemoveCommand(&c))
	cmd.Flags().StringVar(&source, "source", "", "only those that hold for this source, by its key")
	return cmd
}

func ignoreListCommand(c *Config) *cobra.Command {
	var source string
	cmd := &cobra.Command{
		Use: "list", Short: "List the rules", Example: "  stet ignore list\n  stet ignore list --source courier --json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, c, func(s *store.Store) error { return listIgnores(cmd, s, source) })
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "only those that hold for this source, by its key")
	return cmd
}

func ignoreRemoveCommand(c *Config) *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "Remove a rule, by its number", Example: "  stet ignore list\n  stet ignore remove 3", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("stet ignore list lists them", "ignore rule %q: want its number", args[0])
			}
			return withStore(cmd, c, func(s *store.Store) error {
				err := s.RemoveIgnore(cmd.Context(), id)
				if errors.Is(err, store.ErrNotFound) {
					return usage("stet ignore list lists them", "%w", err)
				}
				return err
			})
		},
	}
}

// An ignoring is what try and add are asked for.
type ignoring struct {
	source   string
	rule     news.Ignore
	captures int
	untried  bool
	force    bool
}

func (g *ignoring) flags(fs *pflag.FlagSet) {
	fs.StringVar(&g.source, "source", "", "the source, by its key")
	fs.StringVar(&g.rule.Selector, "selector", "", "`CSS` of an element around the block")
	fs.StringVar(&g.rule.Pattern, "pattern", "", "`RE2` found in the block's text")
	fs.IntVar(&g.captures, "captures", track.TrialVersions, "how many of the newest versions' captures to try it on")
}

// check refuses what cannot be meant, before the store is opened.
func (g *ignoring) check() error {
	if g.source == "" {
		return usage("stet sources lists them", "--source is needed: a rule is made for the pages of one source")
	}
	if g.captures < 1 || g.captures > track.MaxTrial {
		return usage("", "captures %d: want 1 to %d", g.captures, track.MaxTrial)
	}
	if _, err := extract.ParseIgnore(g.rule.Selector, g.rule.Pattern); err != nil {
		return usage("such as --selector '.newsletter' or --pattern '^Read also:'", "%w", err)
	}
	return nil
}

func ignoreTryCommand(c *Config) *cobra.Command {
	var g ignoring
	cmd := &cobra.Command{
		Use:   "try",
		Short: "Say what a rule would do, and add nothing",
		Long: `Read the stored captures of the source's newest versions again, with the rule and
without, and say what it matches, what it would take out of articles, and which
recorded changes it would have hidden. Nothing is recorded. Needs raw captures.`,
		Example: "  stet ignore try --source courier --selector 'aside, .newsletter'\n  stet ignore try --source courier --pattern '^Read also:' --captures 1000",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := g.check(); err != nil {
				return err
			}
			return withStore(cmd, c, func(s *store.Store) error { return tryIgnore(cmd, s, g) })
		},
	}
	g.flags(cmd.Flags())
	return cmd
}

func ignoreAddCommand(c *Config) *cobra.Command {
	var g ignoring
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Try a rule, and add it",
		Long: `Try a rule as stet ignore try does, say what it would do, and add it. A rule that
takes out more than half of the text of most articles is refused, unless --force
is given.`,
		Example: "  stet ignore add --source courier --selector '.newsletter' --note 'a plea'\n  stet ignore add --source courier --pattern '^Read also:' --no-try",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := g.check(); err != nil {
				return err
			}
			return withStore(cmd, c, func(s *store.Store) error { return addIgnore(cmd, s, g) })
		},
	}
	g.flags(cmd.Flags())
	cmd.Flags().StringVar(&g.rule.Note, "note", "", "why, for people")
	cmd.Flags().BoolVar(&g.untried, "no-try", false, "add it without a trial")
	cmd.Flags().BoolVar(&g.force, "force", false, "add it even if it takes out most of the text")
	return cmd
}

// sourceNamed gives the source of that key.
func sourceNamed(cmd *cobra.Command, s *store.Store, key string) (store.SourceRow, error) {
	src, err := s.Source(cmd.Context(), key)
	if errors.Is(err, store.ErrNotFound) {
		return src, usage("stet sources lists them", "%w", err)
	}
	return src, err
}

func tryIgnore(cmd *cobra.Command, s *store.Store, g ignoring) error {
	src, err := sourceNamed(cmd, s, g.source)
	if err != nil {
		return err
	}
	t, err := track.TryIgnore(cmd.Context(), s, src.ID, g.rule, g.captures)
	if errors.Is(err, track.ErrRules) {
		return usage("stet ignore remove ID makes room", "%w", err)
	}
	if err != nil {
		return err
	}
	newOutput(cmd).row(newTrialRow(t), func(w io.Writer) { writeTrial(w, t) })
	return nil
}

func addIgnore(cmd *cobra.Command, s *store.Store, g ignoring) error {
	src, err := sourceNamed(cmd, s, g.source)
	if err != nil {
		return err
	}
	rules, err := s.Ignores(cmd.Context(), src.ID)
	if err != nil {
		return err
	}
	if len(rules) >= extract.MaxIgnore {
		return usage("stet ignore remove ID makes room", "add ignore rule: source %q: %w", src.Key, track.ErrRules)
	}
	added := addedRow{}
	if !g.untried {
		t, err := track.TryIgnore(cmd.Context(), s, src.ID, g.rule, g.captures)
		if err != nil {
			return err
		}
		row := newTrialRow(t)
		added.Trial = &row
		writeTrial(cmd.ErrOrStderr(), t)
		if t.Guts() && !g.force {
			return usage("make it narrower; --force adds it as it is", "add ignore rule: it takes more than half of the text out of %d of %d articles", t.Gutted, t.Pages)
		}
	}
	g.rule.SourceID = src.ID
	rule, err := s.AddIgnore(cmd.Context(), g.rule)
	if err != nil {
		return err
	}
	added.ignoreRow = newIgnoreRow(rule, src.Key)
	newOutput(cmd).row(added, func(w io.Writer) { fmt.Fprintf(w, "ignore rule %d added\n", rule.ID) })
	return nil
}
