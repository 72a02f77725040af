package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// A timing is one pass over all pairs.
type timing struct {
	Total  float64 `json:"total_s"`
	Median float64 `json:"median_ms"`
	P99    float64 `json:"p99_ms"`
}

// A row is what one tool came to on real pairs.
type row struct {
	Tool   string `json:"tool"`
	Passes int    `json:"passes"`
	timing
	Marked   int `json:"words_marked"`
	Moved    int `json:"words_moved"`
	Cut      int `json:"words_cut"`
	Failures int `json:"pairs_not_given_back"` // of which the chunks do not make both texts

	each []measure // of each pair
}

// comparePairs has each tool compare all pairs. The timed passes of the tools
// take turns, so that a busy minute of the machine falls on all of them.
func comparePairs(tools []*tool, pairs []pair, passes int) ([]row, error) {
	rows := make([]row, len(tools))
	for i, t := range tools {
		warm, err := measureChunksOf(t, pairs)
		if err != nil {
			return nil, err
		}
		rows[i] = warm
	}
	timings := make([][]timing, len(tools))
	for pass := range passes {
		for i, t := range tools {
			if t.slow && pass > 0 {
				continue
			}
			took, err := timePass(t, pairs)
			if err != nil {
				return nil, err
			}
			timings[i] = append(timings[i], took)
		}
	}
	for i := range rows {
		rows[i].Passes, rows[i].timing = len(timings[i]), middle(timings[i])
	}
	return rows, nil
}

// measureChunksOf counts what a tool marks in each pair; it warms the tool up.
func measureChunksOf(t *tool, pairs []pair) (row, error) {
	r := row{Tool: t.name}
	for _, p := range pairs {
		chunks, _, err := t.compare(p)
		if err != nil {
			return r, fmt.Errorf("%s, %s: %w", t.name, p.new.URL, err)
		}
		m, whole := measureChunks(chunks, p.old.text(), p.new.text())
		r.each = append(r.each, m)
		r.Marked, r.Moved, r.Cut = r.Marked+m.marked, r.Moved+m.moved, r.Cut+m.cut
		if !whole {
			r.Failures++
		}
	}
	return r, nil
}

// timePass times one pass.
func timePass(t *tool, pairs []pair) (timing, error) {
	runtime.GC() // what other tools left behind is not this one's
	took := make([]float64, len(pairs))
	total := 0.0
	for i, p := range pairs {
		_, d, err := t.compare(p)
		if err != nil {
			return timing{}, fmt.Errorf("%s, %s: %w", t.name, p.new.URL, err)
		}
		took[i] = float64(d) / float64(time.Millisecond)
		total += d.Seconds()
	}
	slices.Sort(took)
	return timing{Total: total, Median: quantile(took, 0.5), P99: quantile(took, 0.99)}, nil
}

// quantile is the value of sorted ones below which a share of them is; 0 of
// none.
func quantile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// middle is the median of each figure over the passes.
func middle(passes []timing) timing {
	of := func(get func(timing) float64) float64 {
		var all []float64
		for _, p := range passes {
			all = append(all, get(p))
		}
		slices.Sort(all)
		return quantile(all, 0.5)
	}
	return timing{
		Total:  of(func(t timing) float64 { return t.Total }),
		Median: of(func(t timing) float64 { return t.Median }),
		P99:    of(func(t timing) float64 { return t.P99 }),
	}
}

// A ratio compares two tools in one figure.
type ratio struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// ratios are those of stet to the tools that it is held against.
func ratios(rows []row) []ratio {
	find := func(name string) *row {
		i := slices.IndexFunc(rows, func(r row) bool { return r.Tool == name })
		if i < 0 {
			return nil
		}
		return &rows[i]
	}
	stet := find("stet")
	if stet == nil {
		return nil
	}
	var out []ratio
	for _, name := range []string{"wikidiff2", "newssniffer"} {
		if r := find(name); r != nil {
			out = append(out,
				ratio{"stet/" + name + ", total time", stet.Total / r.Total},
				ratio{"stet/" + name + ", median time", stet.Median / r.Median},
				ratio{"stet/" + name + ", p99 time", stet.P99 / r.P99})
		}
	}
	for _, name := range []string{"jsdiff", "wikidiff2"} {
		if r := find(name); r != nil {
			out = append(out, ratio{"stet/" + name + ", words marked", float64(stet.Marked) / float64(r.Marked)})
		}
	}
	if r := find("wikidiff2"); r != nil {
		out = append(out, ratio{"share of pairs where stet marks more words than wikidiff2", marksMore(stet.each, r.each)})
	}
	return out
}

// marksMore is the share of pairs in which a marks more words than b.
func marksMore(a, b []measure) float64 {
	return float64(countMore(a, b)) / float64(max(1, len(a)))
}

func countMore(a, b []measure) (n int) {
	for i := range a {
		if a[i].marked > b[i].marked {
			n++
		}
	}
	return n
}
