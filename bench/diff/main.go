// Command diff measures comparisons of prose: stet's and those that others
// use, how fast they are, how little they mark, and how near to the truth that
// is where the edits are known. See README.md.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// options are the flags.
type options struct {
	data, dir     string
	tools         string
	pairs, seeded int
	passes        int
	seed          uint64
	install, json bool
	labels        bool
	list          string
}

// A report is all that was measured.
type report struct {
	Pairs  int       `json:"pairs"`
	Tools  []row     `json:"tools,omitempty"`
	Ratios []ratio   `json:"ratios,omitempty"`
	Seeded []classed `json:"seeded,omitempty"` // the sum of all classes last
	Labels []judged  `json:"labels,omitempty"`
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "../shared/data", "`folder` of the corpus")
	flag.StringVar(&o.dir, "dir", filepath.Join("bench", "diff"), "`folder` of the scripts for node, PHP and Ruby")
	flag.StringVar(&o.tools, "tools", "", "comma-separated `names` of tools; all that can be had if empty")
	flag.IntVar(&o.pairs, "pairs", 600, "real pairs, evenly spaced in the corpus; 0 leaves that table out")
	flag.IntVar(&o.seeded, "seeded", 150, "articles that known edits are made in, for each class; 0 leaves that table out")
	flag.IntVar(&o.passes, "passes", 3, "timed passes of each tool that is not slow; the median is reported")
	flag.Uint64Var(&o.seed, "seed", 1, "of the known edits")
	flag.BoolVar(&o.install, "install", false, "install what the tools need: Debian's packages as root, npm's from the lock file")
	flag.BoolVar(&o.labels, "labels", true, "hold the kinds and significance of changes against labels made by hand")
	flag.StringVar(&o.list, "list", "", "`half` of the labels, mended or held, of which to list each difference instead")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.Parse()
	if err := run(os.Stdout, os.Stderr, o); err != nil {
		fmt.Fprintln(os.Stderr, "diff:", err)
		os.Exit(1)
	}
}

func run(w, log io.Writer, o options) (err error) {
	if o.passes < 1 || o.pairs < 0 || o.seeded < 0 {
		return fmt.Errorf("passes %d, pairs %d, seeded %d: want at least 1, 0 and 0", o.passes, o.pairs, o.seeded)
	}
	versions, err := loadVersions(o.data)
	if err != nil {
		return err
	}
	labels, err := readLabels()
	if err != nil {
		return err
	}
	if o.list != "" {
		labels = appraiseLabels(labels, versions)
		listLabels(w, slices.DeleteFunc(labels, func(l label) bool { return l.held() != (o.list == "held") }))
		return nil
	}
	tools, err := startAll(log, o)
	if err != nil {
		return err
	}
	defer func() {
		for _, t := range tools {
			err = errors.Join(err, t.close())
		}
	}()
	var r report
	if o.pairs > 0 {
		pairs := stride(consecutive(versions), o.pairs)
		r.Pairs = len(pairs)
		if r.Tools, err = comparePairs(tools, pairs, o.passes); err != nil {
			return err
		}
		r.Ratios = ratios(r.Tools)
	}
	if !o.json {
		printPairs(w, r)
	}
	if o.seeded > 0 {
		if r.Seeded, err = compareSeeded(tools, articles(versions), o.seeded, o.seed); err != nil {
			return err
		}
		r.Seeded = append(r.Seeded, total(r.Seeded))
	}
	if o.labels {
		r.Labels = judge(appraiseLabels(labels, versions))
	}
	if !o.json {
		printSeeded(w, r, o.seeded)
		printLabels(w, r.Labels)
		return nil
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// startAll starts the tools asked for, and says which cannot be had.
func startAll(log io.Writer, o options) ([]*tool, error) {
	var tools []*tool
	wanted := strings.FieldsFunc(o.tools, func(r rune) bool { return r == ',' })
	for _, name := range wanted {
		if !slices.ContainsFunc(makers(), func(m maker) bool { return m.name == name }) {
			return nil, fmt.Errorf("tool %q: not known", name)
		}
	}
	for _, m := range makers() {
		if len(wanted) > 0 && !slices.Contains(wanted, m.name) {
			continue
		}
		t, err := m.ready(o.dir, o.install)
		if err != nil {
			fmt.Fprintf(log, "without %s: %v (%s)\n", m.name, err, m.advice())
			continue
		}
		tools = append(tools, t)
	}
	if len(tools) == 0 {
		return nil, errors.New("no tool can be had")
	}
	return tools, nil
}
