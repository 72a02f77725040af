package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stet/internal/appraise"
)

// weightsFlag adds --significance.
func (c *Config) weightsFlag(fs *pflag.FlagSet) {
	fs.Var((*weightsValue)(&c.Significance), "significance", "points of reasons for the significance of a change, as `NAME=POINTS,…`; see stet weights")
}

// A weightsValue is weights as a flag: "number-people=40,wording=2".
type weightsValue appraise.Weights

func (v *weightsValue) Type() string { return "NAME=POINTS,…" }

// String lists the weights by name.
func (v *weightsValue) String() string {
	if v == nil {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(*v)) {
		parts = append(parts, name+"="+strconv.FormatFloat((*v)[name], 'g', -1, 64))
	}
	return strings.Join(parts, ",")
}

// Set reads the weights, and refuses names that are no reason's.
func (v *weightsValue) Set(s string) error {
	w := weightsValue{}
	for part := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, points, ok := strings.Cut(part, "=")
		n, err := strconv.ParseFloat(strings.TrimSpace(points), 64)
		if !ok || err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("%q: want NAME=POINTS", strings.TrimSpace(part))
		}
		w[strings.TrimSpace(name)] = n
	}
	if err := appraise.Weights(w).Check(); err != nil {
		return fmt.Errorf("%w (stet weights lists the names)", err)
	}
	*v = w
	return nil
}

// tableText writes a table of the config file as the flag of its name takes it;
// false for what is no table.
func tableText(v any) (string, bool) {
	table, ok := v.(map[string]any)
	if !ok {
		return "", false
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(table)) {
		parts = append(parts, fmt.Sprintf("%s=%v", name, table[name]))
	}
	return strings.Join(parts, ","), true
}

func weightsCommand() *cobra.Command {
	var c Config
	cmd := &cobra.Command{
		Use:   "weights",
		Short: "List the reasons of the significance with their points",
		Long: `List the reasons for which a change is significant, with the points that each
gives: by default, and as configured. The significance of a change is the sum of
its reasons, from 0 to 100; more findings for one reason give less each. Set points
in the table [significance] of the config file, or with --significance.`,
		Example: "  stet weights\n  stet weights --significance number-people=50",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			printWeights(newOutput(cmd), c.Significance)
			return nil
		},
	}
	c.weightsFlag(cmd.Flags())
	return cmd
}

// A weightRow is a reason with its points.
type weightRow struct {
	Name    string  `json:"name"`
	Default float64 `json:"default"`
	Points  float64 `json:"points"`
}

func printWeights(out *output, w appraise.Weights) {
	defaults := appraise.DefaultWeights()
	names := slices.SortedFunc(maps.Keys(defaults), func(a, b string) int {
		if d := defaults[b] - defaults[a]; d != 0 {
			return int(d / max(d, -d))
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		row := weightRow{Name: name, Default: defaults[name], Points: defaults[name]}
		note := ""
		if p, ok := w[name]; ok {
			row.Points, note = p, fmt.Sprintf("  (default %g)", row.Default)
		}
		out.row(row, func(to io.Writer) { fmt.Fprintf(to, "%6g  %s%s\n", row.Points, name, note) })
	}
}
