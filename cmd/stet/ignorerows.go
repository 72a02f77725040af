package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/news"
	"stet/internal/store"
	"stet/internal/track"
)

// An ignoreRow is a rule as JSON.
type ignoreRow struct {
	ID        int64     `json:"id"`
	Source    string    `json:"source,omitempty"` // key; absent = all sources
	Selector  string    `json:"selector,omitempty"`
	Pattern   string    `json:"pattern,omitempty"`
	Note      string    `json:"note,omitempty"`
	CreatedAt time.Time `json:"created_at"`
}

// An addedRow is a rule that was added, with its trial.
type addedRow struct {
	ignoreRow
	Trial *trialRow `json:"trial,omitempty"`
}

func newIgnoreRow(g news.Ignore, source string) ignoreRow {
	return ignoreRow{g.ID, source, g.Selector, g.Pattern, g.Note, g.CreatedAt}
}

// line writes the rule on a line.
func (r ignoreRow) line(w io.Writer) {
	fmt.Fprintf(w, "%4d  ", r.ID)
	if r.Source == "" {
		fmt.Fprint(w, "all sources")
	} else {
		fmt.Fprint(w, r.Source)
	}
	if r.Selector != "" {
		fmt.Fprintf(w, "  inside %s", r.Selector)
	}
	if r.Pattern != "" {
		fmt.Fprintf(w, "  matching /%s/", r.Pattern)
	}
	if r.Note != "" {
		fmt.Fprintf(w, "  (%s)", r.Note)
	}
	fmt.Fprintln(w)
}

// ignoreRows lists the rules that hold for the source of that key, or all.
func ignoreRows(cmd *cobra.Command, s *store.Store, source string) ([]ignoreRow, error) {
	sources, err := s.Sources(cmd.Context())
	if err != nil {
		return nil, err
	}
	keys := map[int64]string{}
	for _, src := range sources {
		if source == "" || src.Key == source {
			keys[src.ID] = src.Key
		}
	}
	if source != "" && len(keys) == 0 {
		return nil, usage("stet sources lists them", "source %q: %w", source, store.ErrNotFound)
	}
	var rows []ignoreRow
	for _, id := range append([]int64{0}, sortedKeys(keys)...) {
		rules, err := s.Ignores(cmd.Context(), id)
		if err != nil {
			return nil, err
		}
		for _, g := range rules {
			if g.SourceID == id {
				rows = append(rows, newIgnoreRow(g, keys[id]))
			}
		}
	}
	slices.SortFunc(rows, func(a, b ignoreRow) int { return int(a.ID - b.ID) })
	return rows, nil
}

func sortedKeys(m map[int64]string) (ids []int64) {
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func listIgnores(cmd *cobra.Command, s *store.Store, source string) error {
	rows, err := ignoreRows(cmd, s, source)
	if err != nil {
		return err
	}
	out := newOutput(cmd)
	for _, r := range rows {
		out.row(r, r.line)
	}
	if len(rows) == 0 && !out.json {
		fmt.Fprintln(cmd.ErrOrStderr(), "no ignore rules")
	}
	return nil
}

// A trialRow is a trial as JSON; see docs/formats.md.
type trialRow struct {
	Versions int         `json:"versions"`
	Pages    int         `json:"pages"`
	Matched  int         `json:"matched"`
	Blocks   int         `json:"blocks"`
	Core     int         `json:"core"`
	Share    float64     `json:"share"`
	Gutted   int         `json:"gutted"`
	Changes  int         `json:"changes"`
	Hidden   int         `json:"hidden"`
	Samples  []sampleRow `json:"samples"`
}

type sampleRow struct {
	Text  string `json:"text"`
	Pages int    `json:"pages"`
	Core  bool   `json:"core"`
}

func newTrialRow(t track.Trial) trialRow {
	row := trialRow{t.Versions, t.Pages, t.Matched, t.Blocks, t.Core, t.Share(), t.Gutted, t.Changes, t.Hidden, []sampleRow{}}
	for _, s := range t.Samples {
		row.Samples = append(row.Samples, sampleRow(s))
	}
	return row
}

func writeTrial(w io.Writer, t track.Trial) {
	fmt.Fprintf(w, "%6d pages read, of the newest %d versions\n", t.Pages, t.Versions)
	if t.Pages == 0 {
		fmt.Fprintln(w, "nothing to try it on: no raw captures of articles are kept")
		return
	}
	fmt.Fprintf(w, "%6d pages on which it matches, %d blocks in all\n", t.Matched, t.Blocks)
	fmt.Fprintf(w, "%6d blocks that it takes out of articles, %.1f %% of their text\n", t.Core, 100*t.Share())
	fmt.Fprintf(w, "%6d of %d changes that it would have hidden\n", t.Hidden, t.Changes)
	if t.TakesMuch() {
		fmt.Fprintf(w, "warning: that is more than %.0f %% of the text; %d of %d articles would lose more than half\n", 100*track.WarnShare, t.Gutted, t.Pages)
	}
	for _, s := range t.Samples {
		mark := "furniture"
		if s.Core {
			mark = "text     "
		}
		fmt.Fprintf(w, "  %s on %d: %s\n", mark, s.Pages, s.Text)
	}
}
