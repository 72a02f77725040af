package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
)

// maxEvidenceLines is how many findings the text for people shows of a change;
// JSON has all.
const maxEvidenceLines = 6

// appraisal compares two contents and says what the change means.
func appraisal(was, is news.Content, w appraise.Weights) (diff.Script, news.Appraisal) {
	s := diff.Compare(was, is)
	return s, appraise.Change(was, is, s, appraise.Dates{}, w)
}

// sayAppraisal writes what a change means: a line with significance, kinds and
// disclosure, and one for each finding that is more than its kind.
func sayAppraisal(w io.Writer, a news.Appraisal) {
	fmt.Fprintf(w, "  %s\n", appraisalLine(a))
	lines := 0
	for _, f := range a.Findings {
		if text := findingText(f); text != "" && lines < maxEvidenceLines {
			fmt.Fprintf(w, "    %s\n", text)
			lines++
		}
	}
}

// explain writes all that an appraisal rests on: the reasons of the significance
// and every finding, with the edit or field where it is.
func explain(w io.Writer, a news.Appraisal) {
	fmt.Fprintln(w, appraisalLine(a))
	for _, r := range a.Reasons {
		fmt.Fprintf(w, "%+7.2f  %s", r.Points, r.Name)
		if r.Count > 1 {
			fmt.Fprintf(w, " × %d", r.Count)
		}
		fmt.Fprintln(w)
	}
	for _, f := range a.Findings {
		fmt.Fprintf(w, "%s  %s\n", f.Edit+f.Field, evidence(f))
	}
}

// appraisalLine is an appraisal in one line.
func appraisalLine(a news.Appraisal) string {
	var kinds []string
	for _, k := range a.Kinds {
		kinds = append(kinds, string(k))
	}
	text := fmt.Sprintf("significance %.0f of 100", math.Round(a.Significance))
	if a.Trivial {
		text += ", trivial"
	}
	if len(kinds) > 0 {
		text += ": " + strings.Join(kinds, ", ")
	}
	if a.Disclosure != news.NotKnown {
		text += "; " + string(a.Disclosure)
	}
	return text
}

// findingText is a finding of the kinds whose evidence is short; what was written
// anew is in the diff.
func findingText(f news.Finding) string {
	switch f.Kind {
	case news.KindNumber, news.KindName, news.KindNegation, news.KindAttribution, news.KindQuotation, news.KindCorrection:
		return evidence(f)
	}
	return ""
}

// evidence is a finding with the words that show it.
func evidence(f news.Finding) string {
	text := string(f.Kind)
	if f.Of != "" {
		text += ", " + f.Of
	}
	switch old, new := diff.Visible(f.Old), diff.Visible(f.New); {
	case old == "" && new == "":
	case old == "":
		text += ": added " + new
	case new == "":
		text += ": removed " + old
	default:
		text += ": " + old + " → " + new
	}
	if f.What != "" {
		text += " (" + diff.Visible(f.What) + ")"
	}
	return text
}
