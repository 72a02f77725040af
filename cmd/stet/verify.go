package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

func verifyCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check every invariant of the store",
		Long:  "Check the whole store: database integrity, gapless version numbers, digests of\nall texts, raw captures re-hashed, change log and cursors, counters, full text.\nExit code 4 when something is wrong. Can run beside stet serve.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := withStore(cmd, &c, func(s *store.Store) error { return runVerify(cmd, s) })
			return asDamage(cmd.Context(), err)
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}

func runVerify(cmd *cobra.Command, s *store.Store) error {
	p := newProgress(cmd.ErrOrStderr())
	r, err := s.Verify(cmd.Context(), func(done, total int) { p.show("verify: %d of %d", done, total) })
	p.done()
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	out.row(struct {
		Checked  map[string]int `json:"checked"`
		Problems []string       `json:"problems"`
	}{r.Checked, append([]string{}, r.Problems...)}, func(w io.Writer) {
		for _, what := range slices.Sorted(maps.Keys(r.Checked)) {
			fmt.Fprintf(w, "%8d %s\n", r.Checked[what], what)
		}
		for _, problem := range r.Problems {
			fmt.Fprintf(w, "problem: %s\n", problem)
		}
		if len(r.Problems) == 0 {
			fmt.Fprintln(w, "all is well")
		}
	})
	if len(r.Problems) > 0 {
		return &failure{code: exitCheck, err: fmt.Errorf("%d problems", len(r.Problems)), hint: "restore a backup, or keep this directory and report what you see"}
	}
	return nil
}

// asDamage says of a store that is there and cannot be read through that the
// check failed: a monitor waits for that exit code.
func asDamage(ctx context.Context, err error) error {
	var f *failure
	if !errors.As(err, &f) || f.code != exitError || ctx.Err() != nil ||
		errors.Is(err, store.ErrNoStore) || errors.Is(err, store.ErrNewer) || errors.Is(err, os.ErrPermission) {
		return err
	}
	return &failure{code: exitCheck, err: f.err, hint: "the database is damaged, or is none: restore a backup"}
}
