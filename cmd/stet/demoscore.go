package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/newsroom"
	"stet/internal/store"
)

// strongestChanges is how many changes the demo prints in a line each.
const strongestChanges = 10

// An appraised is a change that the demo caught, with what it means.
type appraised struct {
	change    news.Change
	headline  string
	appraisal news.Appraisal
}

// sayScore prints the strongest changes, and what was caught.
func sayScore(cmd *cobra.Command, s *store.Store, paper *newsroom.Paper, took time.Duration) error {
	ctx := context.WithoutCancel(cmd.Context())
	seen, changes, err := observed(ctx, s)
	if err != nil {
		return &failure{code: exitError, err: err}
	}
	score := paper.Score(seen)
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		e := json.NewEncoder(cmd.OutOrStdout())
		if err := e.Encode(score); err != nil {
			return &failure{code: exitError, err: err}
		}
	} else if err := sayText(cmd.OutOrStdout(), s, score, changes, took); err != nil {
		return &failure{code: exitError, err: err}
	}
	if perfect(score) || cmd.Context().Err() != nil {
		return nil
	}
	return &failure{code: exitCheck, err: fmt.Errorf("the demo expected every change, no false one, and every deletion")}
}

func perfect(s newsroom.Score) bool {
	return s.Caught == s.Changes && s.False == 0 && s.BoundsWrong == 0 && s.DeletionsCaught == s.Deletions && s.ReturnsCaught == s.Returns
}

// sayText prints the changes, the most significant first, then what was missed and
// the score.
func sayText(w io.Writer, s *store.Store, score newsroom.Score, changes []appraised, took time.Duration) error {
	slices.SortStableFunc(changes, func(a, b appraised) int { return cmp.Compare(b.appraisal.Significance, a.appraisal.Significance) })
	if len(changes) > 0 {
		if err := sayStrongest(w, s, changes[0]); err != nil {
			return err
		}
	}
	for i, c := range changes[:min(len(changes), strongestChanges)] {
		if i == 0 {
			fmt.Fprintf(w, "The most significant of %d changes:\n\n", len(changes))
		}
		fmt.Fprintf(w, "%s  %s\n    %s\n", c.change.Before.Format("Mon 15:04"), c.headline, appraisalLine(c.appraisal))
	}
	fmt.Fprintln(w)
	for _, m := range score.Missed {
		fmt.Fprintf(w, "missed: %s %s: %s\n", m.At.Format("Mon 15:04"), m.Path, m.What)
	}
	for _, f := range score.Wrong {
		fmt.Fprintf(w, "wrong: %s %s: %s %q\n", f.Before.Format("Mon 15:04"), f.Path, f.Type, f.Headline)
	}
	fmt.Fprintf(w, "%s (in %.0f s)\n", score, took.Seconds())
	return nil
}

// sayStrongest prints one change with its diff.
func sayStrongest(w io.Writer, s *store.Store, c appraised) error {
	ctx := context.Background()
	v, err := s.Version(ctx, c.change.VersionID)
	if err != nil {
		return err
	}
	old, err := s.VersionByNumber(ctx, v.ArticleID, v.Number-1)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "The strongest change, %s, found between %s and %s:\n", v.Content.Headline,
		c.change.After.Format("15:04"), c.change.Before.Format("15:04"))
	sayAppraisal(w, c.appraisal)
	fmt.Fprintf(w, "\n%s\n", diff.Plain(diff.Compare(old.Content, v.Content), 0))
	return nil
}

// observed reads the change log as the newspaper's score wants it, and the changes
// of texts with what they mean.
func observed(ctx context.Context, s *store.Store) (seen []newsroom.Seen, changes []appraised, err error) {
	for after := int64(0); ; {
		log, err := s.Changes(ctx, after, 500)
		if err != nil || len(log) == 0 {
			return seen, changes, err
		}
		for _, c := range log {
			after = c.Seq
			x, err := observe(ctx, s, c)
			if err != nil {
				return nil, nil, err
			}
			if c.Type == news.VersionAppeared && c.Number > 0 {
				a, err := s.Appraisal(ctx, c.VersionID)
				if err != nil {
					return nil, nil, err
				}
				for _, k := range a.Kinds {
					x.Kinds = append(x.Kinds, string(k))
				}
				changes = append(changes, appraised{c, x.Headline, a})
			}
			seen = append(seen, x)
		}
	}
}

func observe(ctx context.Context, s *store.Store, c news.Change) (newsroom.Seen, error) {
	a, _, err := s.Article(ctx, c.ArticleID)
	if err != nil {
		return newsroom.Seen{}, err
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return newsroom.Seen{}, err
	}
	x := newsroom.Seen{Path: u.Path, Type: string(c.Type), After: c.After, Before: c.Before}
	if c.Type != news.VersionAppeared {
		return x, nil
	}
	v, err := s.Version(ctx, c.VersionID)
	if err != nil {
		return x, err
	}
	x.Headline, x.Standfirst = v.Content.Headline, v.Content.Standfirst
	for _, b := range v.Content.Blocks {
		if b.Core() {
			x.Paragraphs = append(x.Paragraphs, b.Text)
		}
	}
	return x, nil
}
