package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"text/tabwriter"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
)

//go:embed labels.jsonl
var labelLines []byte

// A label is what people say of a real change, from reading both texts: which
// kinds it holds, and how much it matters, from 0 (trivial) to 3 (would be news).
// The texts are in the corpus; here are their names only.
type label struct {
	URL        string      `json:"url"`
	Version    int         `json:"version"` // of the newer text
	Kinds      []news.Kind `json:"kinds"`
	Importance int         `json:"importance"`
	Sure       bool        `json:"sure"`
	day        string      // of the newer text
	got        news.Appraisal
}

// held reports whether a label is of the half that no rule was mended by.
func (l label) held() bool {
	h := fnv.New32a()
	io.WriteString(h, l.URL)
	return h.Sum32()%2 == 1
}

// readLabels gives the labels.
func readLabels() ([]label, error) {
	var out []label
	in := bufio.NewScanner(bytes.NewReader(labelLines))
	for in.Scan() {
		var l label
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("label %d: %w", len(out)+1, err)
		}
		out = append(out, l)
	}
	return out, in.Err()
}

// appraiseLabels appraises the labelled changes; those that the corpus lacks
// are left out.
func appraiseLabels(labels []label, versions []article) []label {
	at := map[string]int{}
	for i, v := range versions {
		at[fmt.Sprint(v.URL, " ", v.Version)] = i
	}
	var out []label
	for _, l := range labels {
		i, ok := at[fmt.Sprint(l.URL, " ", l.Version)]
		if !ok || i == 0 || versions[i-1].URL != l.URL {
			continue
		}
		old, now := versions[i-1].content(), versions[i].content()
		old.Language, now.Language = versions[i-1].Language, versions[i].Language
		l.got = appraise.Change(old, now, diff.Compare(old, now), appraise.Dates{}, appraise.DefaultWeights())
		l.day = versions[i].SeenAt[:min(10, len(versions[i].SeenAt))]
		out = append(out, l)
	}
	return out
}

// A verdict is how often a kind was found rightly, wrongly and not at all.
type verdict struct {
	Kind    news.Kind `json:"kind"`
	Right   int       `json:"right"`
	Wrong   int       `json:"wrong"`
	Missing int       `json:"missing"`
}

func (v verdict) precision() float64 { return part(v.Right, v.Right+v.Wrong) }
func (v verdict) recall() float64    { return part(v.Right, v.Right+v.Missing) }

func part(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// verdicts holds the kinds found against those labelled.
func verdicts(labels []label) []verdict {
	var out []verdict
	for _, k := range news.Kinds {
		v := verdict{Kind: k}
		for _, l := range labels {
			switch want, got := slices.Contains(l.Kinds, k), l.got.Has(k); {
			case want && got:
				v.Right++
			case got:
				v.Wrong++
			case want:
				v.Missing++
			}
		}
		out = append(out, v)
	}
	return out
}

// outranked counts the pairs of a trivial (0) and an important (3) change, and
// those of them in which the trivial one has the greater significance or as
// much.
func outranked(labels []label, sameDay bool) (wrong, pairs int) {
	for _, a := range labels {
		for _, b := range labels {
			if a.Importance != 0 || b.Importance != 3 || sameDay && a.day != b.day {
				continue
			}
			pairs++
			if a.got.Significance >= b.got.Significance {
				wrong++
			}
		}
	}
	return wrong, pairs
}

// A judged half is what was met of some of the labels.
type judged struct {
	Title    string    `json:"title"`
	Changes  int       `json:"changes"`
	Kinds    []verdict `json:"kinds"`
	Wrong    int       `json:"outranked"` // pairs of one day
	Pairs    int       `json:"pairs"`
	AllWrong int       `json:"outranked_all"` // pairs of any days
	AllPairs int       `json:"pairs_all"`
}

// judge gives what was met of all labels, of those that their reader was sure
// of, and of the half that no rule was mended by.
func judge(labels []label) []judged {
	held := slices.DeleteFunc(slices.Clone(labels), func(l label) bool { return !l.held() })
	sure := slices.DeleteFunc(slices.Clone(labels), func(l label) bool { return !l.Sure })
	var out []judged
	for _, part := range []struct {
		title  string
		labels []label
	}{{"labelled changes, all", labels}, {"labelled changes, those that their reader was sure of", sure}, {"labelled changes, the half that no rule was mended by", held}} {
		j := judged{Title: part.title, Changes: len(part.labels), Kinds: verdicts(part.labels)}
		j.Wrong, j.Pairs = outranked(part.labels, true)
		j.AllWrong, j.AllPairs = outranked(part.labels, false)
		out = append(out, j)
	}
	return out
}

func printLabels(w io.Writer, halves []judged) {
	for _, j := range halves {
		fmt.Fprintf(w, "\n%s: %d\n\n", j.Title, j.Changes)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(t, "kind\tlabelled\tright\twrong\tmissing\tprecision\trecall\t")
		for _, v := range j.Kinds {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%.2f\t%.2f\t\n", v.Kind, v.Right+v.Missing, v.Right, v.Wrong, v.Missing, v.precision(), v.recall())
		}
		t.Flush()
		fmt.Fprintf(w, "a trivial change not below an important one of its day: %d of %d pairs (%.1f %%); of any day: %d of %d (%.1f %%)\n",
			j.Wrong, j.Pairs, 100*part(j.Wrong, max(j.Pairs, 1)), j.AllWrong, j.AllPairs, 100*part(j.AllWrong, max(j.AllPairs, 1)))
	}
}

// listLabels prints where a label and the appraisal differ.
func listLabels(w io.Writer, labels []label) {
	for _, l := range labels {
		var extra, missing []news.Kind
		for _, k := range news.Kinds {
			switch want, got := slices.Contains(l.Kinds, k), l.got.Has(k); {
			case got && !want:
				extra = append(extra, k)
			case want && !got:
				missing = append(missing, k)
			}
		}
		fmt.Fprintf(w, "%s %d: importance %d, significance %.1f; wrong %v, missing %v, sure %v\n", l.URL, l.Version, l.Importance, l.got.Significance, extra, missing, l.Sure)
		for _, f := range l.got.Findings {
			if slices.Contains(extra, f.Kind) {
				fmt.Fprintf(w, "    %s %s: %q -> %q (%s)\n", f.Kind, f.Of, f.Old, f.New, f.What)
			}
		}
	}
}
