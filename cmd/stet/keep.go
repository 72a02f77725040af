package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
	"stet/internal/diff"
	"stet/internal/extract"
	"stet/internal/search"
	"stet/internal/store"
)

func searchCommand() *cobra.Command {
	var c Config
	var page int
	cmd := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Search the current text of all articles",
		Long:    "Search the current text of all articles, newest first. All words must be\nthere; \"a phrase\", -without, title:word, begin*, source:key, lang:ar,\nafter:2026-03-01, before:2026-03-05.",
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
	rows, total, err := s.Search(cmd.Context(), q, store.Page{Number: page, Size: 20})
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, r := range rows {
		out.row(hitRow{r.ArticleID, r.Number, r.Headline, r.SourceKey, r.URL, r.Seen.First}, func(w io.Writer) {
			fmt.Fprintf(w, "%d/%d  %s\n  %s, %s  %s\n", r.ArticleID, r.Number, r.Headline, r.SourceName, local(r.Seen.First), r.URL)
		})
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%d found\n", total)
	return nil
}

func verifyCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check every invariant of the store",
		Long:  "Check the whole store: database integrity, gapless version numbers, digests of\nall texts, raw captures re-hashed, change log and cursors, counters, full text.\nExit code 4 when something is wrong. Can run beside stet serve.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, &c, func(s *store.Store) error { return runVerify(cmd, s) })
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

func backupCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:     "backup DIR",
		Short:   "Copy the store to a new directory and verify the copy",
		Long:    "Copy database and raw captures to DIR, which must be empty or not exist, then\nopen and verify the copy: only then it counts. Can run beside stet serve. To go\nback to it, stop stet and use DIR as --data.",
		Example: "  stet backup /backup/stet-2026-03-01",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd, &c, func(s *store.Store) error {
				if err := s.Backup(cmd.Context(), args[0]); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "backed up to %s, and verified\n", args[0])
				return nil
			})
		},
	}
	c.dataFlag(cmd.Flags())
	return cmd
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program and of its algorithms",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			row := struct {
				Version   string `json:"version"`
				Commit    string `json:"commit,omitempty"`
				Go        string `json:"go"`
				Extractor string `json:"extractor"`
				Diff      int    `json:"diff"`
			}{version, commit(), runtime.Version(), extract.Extractor(), diff.Algorithm}
			newOutput(cmd).row(row, func(w io.Writer) {
				fmt.Fprintf(w, "stet %s %s\n%s, extractor %s, diff algorithm %d\n", row.Version, row.Commit, row.Go, row.Extractor, row.Diff)
			})
			return nil
		},
	}
}

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

// A check is one thing that stet doctor looks at.
type check struct {
	name string
	run  func(context.Context) (string, error)
}

func doctorCommand() *cobra.Command {
	var c Config
	var offline bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what would keep stet from working here",
		Long:  "Look at clock, data directory, disk, names and contact address, and say what to\ndo about what is wrong. Exit code 4 when something is.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.check(); err != nil {
				return err
			}
			return runDoctor(cmd, c, offline)
		},
	}
	c.dataFlag(cmd.Flags())
	c.watchFlags(cmd.Flags())
	cmd.Flags().BoolVar(&offline, "offline", false, "look only at this machine")
	return cmd
}

func runDoctor(cmd *cobra.Command, c Config, offline bool) error {
	out, bad := newOutput(cmd), 0
	for _, ch := range doctorChecks(c, offline) {
		found, err := ch.run(cmd.Context())
		row := struct {
			Check string `json:"check"`
			OK    bool   `json:"ok"`
			Found string `json:"found"`
		}{ch.name, err == nil, found}
		mark := "ok"
		if err != nil {
			mark, row.Found = "!!", err.Error()
			bad++
		}
		out.row(row, func(w io.Writer) { fmt.Fprintf(w, "%s  %-9s %s\n", mark, row.Check, row.Found) })
	}
	if bad > 0 {
		return &failure{code: exitCheck}
	}
	return nil
}

// minFree is the least free space that doctor is content with, in bytes.
const minFree = 1 << 30

func doctorChecks(c Config, offline bool) []check {
	checks := []check{
		{"clock", checkClock},
		{"data", func(ctx context.Context) (string, error) { return checkData(ctx, c.Data) }},
		{"disk", func(context.Context) (string, error) { return checkDisk(c.Data) }},
		{"contact", func(context.Context) (string, error) {
			if c.Contact == "" {
				return "", errors.New("none set: give --contact (or STET_CONTACT) a page or mailbox that sites can complain to")
			}
			return crawl.UserAgent(version, c.Contact), nil
		}},
	}
	if !offline {
		checks = append(checks, check{"names", checkNames})
	}
	return checks
}

func checkClock(context.Context) (string, error) {
	now := time.Now()
	if now.Year() < 2026 {
		return "", fmt.Errorf("the clock says %s: set it, or every time that stet records is wrong", now.Format(time.DateOnly))
	}
	return now.Format(time.RFC3339), nil
}

func checkDisk(dir string) (string, error) {
	free, err := freeSpace(existing(dir))
	if err != nil {
		return "", err
	}
	if free < minFree {
		return "", fmt.Errorf("%d MB free for %s: make room, stet needs 1 GB or more", free>>20, dir)
	}
	return fmt.Sprintf("%d GB free", free>>30), nil
}

func checkNames(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := (&net.Resolver{PreferGo: true}).LookupHost(ctx, "example.org"); err != nil {
		return "", fmt.Errorf("example.org cannot be resolved: no network or no name server (%w)", err)
	}
	return "example.org resolves", nil
}

// existing is the nearest directory above a path that is there.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func checkData(ctx context.Context, dir string) (string, error) {
	s, err := store.Open(ctx, store.Options{Dir: dir, MustExist: true})
	if errors.Is(err, store.ErrNoStore) {
		probe, err := os.CreateTemp(existing(dir), ".stet-*")
		if err != nil {
			return "", fmt.Errorf("no store in %s, and none can be made: %w", dir, err)
		}
		probe.Close()
		os.Remove(probe.Name())
		return dir + ": no store yet, it can be made", nil
	}
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := s.Ping(ctx); err != nil {
		return "", err
	}
	late, oldest, err := s.Overdue(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: opens; %d visits overdue, the oldest by %s", dir, late, oldest.Round(time.Second)), nil
}
