package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/store"
)

func copyCommand() *cobra.Command {
	var from, to, blobs, toBlobs string
	cmd := &cobra.Command{
		Use:   "copy --from STORE --to STORE",
		Short: "Move a store between SQLite and PostgreSQL, or to another machine",
		Long: `Copy a whole store to another: every row with its id, and the raw captures.
A STORE is sqlite:///DIR, the data directory of an embedded database, or
postgres://USER@HOST/NAME. The search index is made anew, and the copy is
verified before it may be opened.

The source may be in use; what is copied is its state at one moment. Run it
again to take along what has come since, or to go on after it was broken off:
both stores are compared row by row. A target with a history of its own is
refused.`,
		Example: "  stet copy --from sqlite:///var/lib/stet --to postgres://stet@db.example.org/stet\n" +
			"  stet copy --from postgres://stet@db.example.org/stet --to sqlite:///backup/stet",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			source, err := storeAt(from, blobs)
			if err != nil {
				return err
			}
			target, err := storeAt(to, toBlobs)
			if err != nil {
				return err
			}
			if source.Dir == target.Dir && source.DB == target.DB {
				return usage("", "--from and --to name the same store")
			}
			source.MustExist, target.Exclusive, target.Receiving = true, true, true
			return runCopy(cmd, source, target)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&from, "from", "", "`STORE` to copy")
	fs.StringVar(&to, "to", "", "`STORE` to copy to; made when there is none")
	fs.StringVar(&blobs, "from-captures", "", "where the raw captures of the source are: `DIR`; default: with an SQLite database beside it, else in --data")
	fs.StringVar(&toBlobs, "to-captures", "", "the same of the target")
	cmd.MarkFlagRequired("from") // the name is right
	cmd.MarkFlagRequired("to")
	return cmd
}

// storeAt reads the address of a store.
func storeAt(address, captures string) (o store.Options, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return o, usage("such as sqlite:///var/lib/stet", "the address of a store cannot be read")
	}
	switch {
	case u.Scheme == "sqlite" && u.Host == "" && filepath.IsAbs(u.Path):
		o.Dir = filepath.Clean(u.Path)
		if captures != "" {
			return o, usage("", "the captures of an SQLite store are in its directory")
		}
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		if o.DB, o.Dir = address, captures; o.Dir == "" {
			o.Dir = dataDir()
		}
	default:
		return o, usage("such as sqlite:///var/lib/stet or postgres://stet@127.0.0.1/stet", "store %q", u.Redacted())
	}
	return o, nil
}

func runCopy(cmd *cobra.Command, source, target store.Options) (err error) {
	ctx := cmd.Context()
	from, err := openStore(ctx, source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := openStore(ctx, target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	p := newProgress(cmd.ErrOrStderr())
	report, err := from.CopyTo(ctx, to, func(done, total int) { p.show("copy: row %d of %d", done, total) })
	p.done()
	if err != nil {
		return asError(err)
	}
	found, err := settleCopy(ctx, cmd, to)
	if err != nil {
		return asError(err)
	}
	row := struct {
		Rows     map[string]int `json:"rows"`
		Written  int            `json:"written"`
		Removed  int            `json:"removed"`
		Blobs    int            `json:"blobs"`
		Problems []string       `json:"problems"`
	}{report.Rows, report.Written, report.Removed, report.Blobs, append([]string{}, found.Problems...)}
	newOutput(cmd).row(row, func(w io.Writer) {
		fmt.Fprintf(w, "%d articles, %d versions, %d captures, %d changes; %d rows written, %d removed, %d raw captures copied\n",
			report.Rows["article"], report.Rows["version"], report.Rows["capture"], report.Rows["change"], report.Written, report.Removed, report.Blobs)
		for _, p := range found.Problems {
			fmt.Fprintln(w, p)
		}
		fmt.Fprintf(w, "verified: %d problems\n", len(found.Problems))
	})
	if len(found.Problems) > 0 {
		return &failure{code: exitCheck, err: fmt.Errorf("the copy has %d problems", len(found.Problems))}
	}
	return nil
}

// settleCopy makes the search index of a copy and verifies the whole.
func settleCopy(ctx context.Context, cmd *cobra.Command, to *store.Store) (store.Report, error) {
	p := newProgress(cmd.ErrOrStderr())
	defer p.done()
	for n, all := 1, 0; n > 0; all += n {
		var err error
		if n, err = to.IndexChanges(ctx, 500); err != nil {
			return store.Report{}, err
		}
		p.show("index: %d changes", all)
	}
	return to.Verify(ctx, func(done, total int) { p.show("verify: %d of %d", done, total) })
}
