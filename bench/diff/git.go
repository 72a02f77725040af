package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// gitContext is as many lines of context as no text has.
const gitContext = "--unified=1000000"

// startGit gives git's word diff: two files and a process for each pair, and
// the time of both.
func startGit(string) (*tool, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, fmt.Errorf("git: %w", err)
	}
	dir, err := os.MkdirTemp("", "bench-diff-")
	if err != nil {
		return nil, err
	}
	compare := func(p pair) ([]chunk, time.Duration, error) { return compareGit(dir, p) }
	return &tool{name: "git", compare: compare, close: func() error { return os.RemoveAll(dir) }, slow: true}, nil
}

func compareGit(dir string, p pair) ([]chunk, time.Duration, error) {
	for name, a := range map[string]article{"old": p.old, "new": p.new} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(a.text()+"\n"), 0o600); err != nil {
			return nil, 0, err
		}
	}
	cmd := exec.Command("git", "diff", "--no-index", "--no-color", "--word-diff=porcelain", gitContext, "old", "new")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	start := time.Now()
	out, err := cmd.Output()
	took := time.Since(start)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 {
		return gitChunks(string(out)), took, nil // 1: they differ
	}
	if err != nil {
		return nil, took, fmt.Errorf("git diff: %w", err)
	}
	return []chunk{{op: equal, text: p.new.text()}}, took, nil
}

// gitChunks reads the porcelain form: after the head a line for each chunk,
// its operation first, and "~" for a line feed in the texts.
func gitChunks(out string) []chunk {
	var chunks []chunk
	_, body, _ := strings.Cut(out, "\n@@")
	_, body, _ = strings.Cut(body, "\n")
	for l := range strings.Lines(body) {
		l = strings.TrimSuffix(l, "\n")
		switch {
		case l == "~":
			chunks = append(chunks, glue())
		case strings.HasPrefix(l, " "):
			chunks = append(chunks, chunk{op: equal, text: l[1:]})
		case strings.HasPrefix(l, deleted), strings.HasPrefix(l, added):
			chunks = append(chunks, chunk{op: l[:1], text: l[1:]})
		}
	}
	return chunks
}
