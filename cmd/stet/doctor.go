package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/blob"
	"stet/internal/browser"
	"stet/internal/crawl"
	"stet/internal/store"
)

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
		Long:  "Look at clock, data directory, disk, names, contact address and Chromium, and\nsay what to do about what is wrong. Exit code 4 when something is.",
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
		{"data", func(ctx context.Context) (string, error) { return checkData(ctx, &c) }},
		{"disk", func(context.Context) (string, error) { return checkDisk(c.Data) }},
		{"contact", func(context.Context) (string, error) {
			if c.Contact == "" {
				return "", errors.New("none set: give --contact (or STET_CONTACT) a page or mailbox that sites can complain to")
			}
			return crawl.UserAgent(version, c.Contact), nil
		}},
		{"browser", c.checkBrowser},
	}
	if c.Blobs != "" {
		checks = append(checks, check{"blobs", c.checkBlobs})
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

// checkBrowser looks for Chromium. Without it something is wrong only when a
// source needs it, or a path was given.
func (c Config) checkBrowser(ctx context.Context) (string, error) {
	users, err := c.wantBrowser(ctx)
	if err != nil {
		return "", err
	}
	client, err := c.client(realTime, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	defer client.Close()
	b, err := browser.New(browser.Options{Path: c.Chromium, Client: client})
	switch {
	case err != nil && len(users) > 0:
		return "", fmt.Errorf("%w (needed by %s)", err, strings.Join(users, ", "))
	case err != nil && c.Chromium != "":
		return "", err
	case err != nil:
		return "no Chromium; no source needs one", nil
	}
	b.Close()
	return browserAs(os.Geteuid(), users)
}

// browserAs says whether a Chromium that was found would run in its sandbox,
// which it refuses to for root.
func browserAs(user int, users []string) (string, error) {
	switch {
	case user != 0:
		return "Chromium is found, and runs in its sandbox", nil
	case len(users) > 0:
		return "", fmt.Errorf("found Chromium, which would run without its sandbox, as root: run stet under an account of its own (it is needed by %s)", strings.Join(users, ", "))
	}
	return "Chromium is found; it would run without its sandbox, as root: run stet under an account of its own before a source uses it", nil
}

// wantBrowser gives the sources that need a browser; none where there is no
// store, or one that the check of the data says more about.
func (c Config) wantBrowser(ctx context.Context) ([]string, error) {
	s, err := store.Open(ctx, c.at(store.Options{MustExist: true}))
	if err != nil {
		return nil, ctx.Err()
	}
	defer s.Close()
	return browserUsers(ctx, s)
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

// checkBlobs writes to the place of raw captures, reads and deletes.
func (c Config) checkBlobs(ctx context.Context) (string, error) {
	s, err := blob.Open(c.Blobs, blob.Options{Env: os.Getenv})
	if err == nil {
		err = blob.Probe(ctx, s)
	}
	if err != nil {
		return "", err
	}
	return "can be written and read", nil
}

func checkData(ctx context.Context, c *Config) (string, error) {
	dir := c.Data
	s, err := store.Open(ctx, c.at(store.Options{MustExist: true}))
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
	lag, err := lagLine(ctx, s)
	if err != nil {
		return "", err
	}
	index, err := searchLine(ctx, s)
	return dir + ": opens; " + lag + "; " + index, err
}

// searchLine tells how far the search index is behind.
func searchLine(ctx context.Context, s *store.Store) (string, error) {
	l, err := s.SearchLag(ctx)
	if err != nil || l.Entries == 0 {
		return "the search index is up to date", err
	}
	return fmt.Sprintf("the search index is %d changes behind, the oldest for %s: stet serve catches up", l.Entries, l.Oldest.Round(time.Second)), nil
}

// lagLine tells how far visits are behind, and the source that is furthest.
func lagLine(ctx context.Context, s *store.Store) (string, error) {
	all, lags, err := s.Lag(ctx)
	if err != nil || all.Due() == 0 {
		return "no visit is due", err
	}
	line := fmt.Sprintf("%d visits are due, the oldest for %s", all.Due(), all.Longest.Round(time.Second))
	rows, err := s.Sources(ctx)
	worst := ""
	for _, r := range rows {
		if l, late := lags[r.ID]; late && l.Longest == all.Longest && worst == "" {
			worst = fmt.Sprintf(", of %s, which has %d", r.Key, l.Due())
		}
	}
	return line + worst, err
}
