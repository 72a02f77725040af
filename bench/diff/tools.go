package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// maxAnswer is the longest line that a script may answer, in bytes.
const maxAnswer = 64 << 20

// A tool compares pairs, one at a time.
type tool struct {
	name string
	// compare gives the chunks of a pair and how long the comparison took,
	// without what is done to make chunks of it.
	compare func(pair) ([]chunk, time.Duration, error)
	close   func() error
	slow    bool // is measured in one pass
}

// A maker starts a tool, or says why it is not to be had.
type maker struct {
	name  string
	start func(dir string) (*tool, error)
	apt   []string // packages of Debian that it needs
	node  bool     // needs the packages of node/package-lock.json
}

// makers are the tools in the order of the tables.
func makers() []maker {
	return []maker{
		{name: "stet", start: startStet},
		{name: "wikidiff2", start: script(false, "wikidiff2", "php", "php", "compare.php"), apt: []string{"php-cli", "php-wikidiff2"}},
		{name: "jsdiff", start: script(true, "jsdiff", "node", "node", "compare.mjs", "jsdiff"), node: true},
		{name: "jsdiff-space", start: script(true, "jsdiff-space", "node", "node", "compare.mjs", "jsdiff-space"), node: true},
		{name: "dmp", start: script(true, "dmp", "node", "node", "compare.mjs", "dmp"), node: true},
		{name: "newssniffer", start: script(false, "newssniffer", "ruby", "ruby", "compare.rb"), apt: []string{"ruby", "ruby-diff-lcs"}},
		{name: "git", start: startGit, apt: []string{"git"}},
	}
}

// script starts a program of the folder sub of the bench's, and tries it on a
// pair, so that a missing extension or package is known at once.
func script(slow bool, name, sub, program string, args ...string) func(string) (*tool, error) {
	return func(dir string) (*tool, error) {
		s, err := startScript(filepath.Join(dir, sub), program, args)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, _, err := s.compare(pair{}); err != nil {
			return nil, fmt.Errorf("%s: %w", name, errors.Join(err, s.close()))
		}
		return &tool{name: name, compare: s.compare, close: s.close, slow: slow}, nil
	}
}

// A running is a program that answers a line for each line it is asked.
type running struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startScript(dir, program string, args []string) (*running, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxAnswer)
	return &running{cmd, in, lines}, nil
}

func (s *running) close() error { return errors.Join(s.in.Close(), s.cmd.Wait()) }

// An answer is what a script says of one pair.
type answer struct {
	Chunks [][]any `json:"chunks"` // operation, text, and true if moved
	MS     float64 `json:"ms"`
	Error  string  `json:"error"`
}

func (s *running) compare(p pair) ([]chunk, time.Duration, error) {
	if err := json.NewEncoder(s.in).Encode(map[string][]string{"old": p.old.lines(), "new": p.new.lines()}); err != nil {
		return nil, 0, err
	}
	if !s.out.Scan() {
		return nil, 0, errors.Join(s.out.Err(), io.ErrUnexpectedEOF)
	}
	var a answer
	if err := json.Unmarshal(s.out.Bytes(), &a); err != nil {
		return nil, 0, fmt.Errorf("answer %.80q: %w", s.out.Text(), err)
	}
	if a.Error != "" {
		return nil, 0, errors.New(a.Error)
	}
	chunks, err := a.read()
	return chunks, time.Duration(a.MS * float64(time.Millisecond)), err
}

func (a answer) read() ([]chunk, error) {
	out := make([]chunk, len(a.Chunks))
	for i, parts := range a.Chunks {
		if len(parts) < 2 {
			return nil, fmt.Errorf("chunk %v: want an operation and a text", parts)
		}
		op, isOp := parts[0].(string)
		text, isText := parts[1].(string)
		if !isOp || !isText || op != equal && op != deleted && op != added {
			return nil, fmt.Errorf("chunk %v: want an operation and a text", parts)
		}
		out[i] = chunk{op: op, text: text}
		if len(parts) > 2 {
			out[i].moved, _ = parts[2].(bool)
		}
	}
	return out, nil
}

// ready starts a tool; if that fails and it may, it installs what is missing
// and tries again.
func (m maker) ready(dir string, mayInstall bool) (*tool, error) {
	t, err := m.start(dir)
	if err == nil || !mayInstall {
		return t, err
	}
	if err := m.install(dir); err != nil {
		return nil, err
	}
	return m.start(dir)
}

// advice says what the tool needs.
func (m maker) advice() string {
	if m.node {
		return "needs node and npm; -install runs npm ci"
	}
	return "needs " + strings.Join(m.apt, ", ") + " of Debian; -install gets them"
}

// install gets what a tool needs, as root from Debian's packages, and what the
// lock file names from npm.
func (m maker) install(dir string) error {
	if len(m.apt) > 0 && os.Geteuid() == 0 {
		args := append([]string{"install", "-y", "--no-install-recommends"}, m.apt...)
		if err := command("", "apt-get", args...); err != nil {
			return err
		}
	}
	if !m.node {
		return nil
	}
	return command(filepath.Join(dir, "node"), "npm", "ci", "--ignore-scripts")
}

func command(dir, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %v: %w", program, args, err)
	}
	return nil
}
