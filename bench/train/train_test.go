package main

import (
	"math"
	"path/filepath"
	"testing"

	"stet/internal/extract"
)

// TestFitFindsOdds fits to rows whose best weights are known: the logarithm of
// the odds of each group, but for the little that the ridge takes.
func TestFitFindsOdds(t *testing.T) {
	var rows []extract.Row
	for i := range 4000 {
		with := float64(i % 2)
		body := i%4 < 2 && i%8 < 6 // 1 in 2 of the plain rows at most, fewer of the rest
		rows = append(rows, extract.Row{Features: []float64{1, with}, Body: body, Weight: 1})
	}
	count := map[float64][2]float64{}
	for _, r := range rows {
		c := count[r.Features[1]]
		c[1]++
		if r.Body {
			c[0]++
		}
		count[r.Features[1]] = c
	}
	odds := func(c [2]float64) float64 { return math.Log(c[0] / (c[1] - c[0])) }
	w := fit(rows)
	if math.Abs(w[0]-odds(count[0])) > 0.01 || math.Abs(w[0]+w[1]-odds(count[1])) > 0.01 {
		t.Errorf("weights %v, want %v and %v", w, odds(count[0]), odds(count[1])-odds(count[0]))
	}
}

func TestSolveNeedsPivots(t *testing.T) {
	x := solve([][]float64{{0, 2, 0}, {1, 0, 1}, {0, 1, 4}}, []float64{4, 5, 14})
	for i, want := range []float64{2, 2, 3} {
		if math.Abs(x[i]-want) > 1e-9 {
			t.Errorf("x = %v", x)
		}
	}
}

func TestFoldOf(t *testing.T) {
	seen := map[int]bool{}
	for _, h := range []string{"a.example.org", "b.example.org", "c.example.org", "d.example.org", "e.example.org", "f.example.org", "g.example.org", "h.example.org", "i.example.org"} {
		f := foldOf(h)
		if f != foldOf(h) || f < 0 || f >= folds {
			t.Errorf("%s: fold %d", h, f)
		}
		seen[f] = true
	}
	if len(seen) < 2 {
		t.Error("all hosts are in one fold")
	}
}

func TestLoadRefuses(t *testing.T) {
	if _, err := load(filepath.Join(t.TempDir(), "none.tar.zst")); err == nil {
		t.Error("an archive that is not there was read")
	}
}
