package web

import (
	"strings"

	"stet/internal/news"
)

// Limits of what is shown of findings.
const (
	EvidenceLength = 120 // characters of the words before and after in a finding
	FeedFindings   = 3   // findings at the head of an entry of a feed
	FeedEvidence   = 60  // characters of both sides of the evidence there; longer ones are left out
)

// A findingRow is a finding with the place that it leads to.
type findingRow struct {
	Kind   string
	Tongue tongue // of the words before and after
	What   string // what a number counts, whose a quotation is
	Old    string
	New    string
	Href   string // of the change; empty when the page does not show it
	Field  string // name of the field; empty in the body
	Whole  string // in place of Old and New where they are the same: what moved
}

// evidence makes the rows of findings in a text of that language; at gives the id of a change, empty when the
// page does not show it.
func evidence(findings []news.Finding, lang tongue, at func(news.Finding) string) []findingRow {
	out := make([]findingRow, 0, len(findings))
	for _, f := range findings {
		row := findingRow{Kind: kindOf(f), Tongue: lang, What: visible(f.What), Old: visible(cut(f.Old, EvidenceLength)), New: visible(cut(f.New, EvidenceLength))}
		if f.Kind == news.KindMove && news.Fold(f.Old) == news.Fold(f.New) {
			row.Whole, row.Old, row.New = row.New, "", ""
		}
		if id := at(f); id != "" {
			row.Href = "#" + id
		}
		if f.Field != "" && string(f.Kind) != f.Field {
			row.Field = fieldName(f.Field)
		}
		out = append(out, row)
	}
	return out
}

// sorts are the kinds with what Finding.Of says more of them, as readers know them.
var sorts = map[news.Kind]map[string]string{
	news.KindNumber:      {"people": "number of people", "money": "amount of money", "percent": "percentage", "date": "date", "time": "time"},
	news.KindQuotation:   {"changed": "quotation changed", "added": "quotation added", "removed": "quotation removed"},
	news.KindNegation:    {"negated": "negated", "affirmed": "affirmed", "modality": "certainty"},
	news.KindAttribution: {"verb": "verb of speaking", "speaker": "speaker", "added": "attribution added", "removed": "attribution removed"},
}

// kindOf names the kind of a finding, as closely as it is known.
func kindOf(f news.Finding) string {
	if s := sorts[f.Kind][f.Of]; s != "" {
		return s
	}
	return nameOf(f.Kind).badge
}

// fieldName calls a field that is newer than this package by its own name.
func fieldName(field string) string {
	if n, ok := fieldNames[field]; ok {
		return n
	}
	return field
}

// told is the head of a feed's entry: the weightiest findings in words, and whether
// the page admits the change.
func told(a news.Appraisal) string {
	var out []string
	for _, k := range a.Kinds {
		line := nameOf(k).phrase
		for _, f := range a.Findings {
			if f.Kind == k {
				line += evidenceText(f)
				break
			}
		}
		if len(out) < FeedFindings {
			out = append(out, line)
		}
	}
	if b := disclosures[a.Disclosure].badge; b.Text != "" {
		out = append(out, b.Text)
	}
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, "; ") + ". "
}

// evidenceText is the evidence of a finding in plain text, when it is short: what a
// whole sentence says, the entry's text says.
func evidenceText(f news.Finding) string {
	if len([]rune(f.Old+f.New)) > FeedEvidence || f.Old+f.New == "" {
		return ""
	}
	text := ": "
	switch {
	case f.Old == "":
		text += "added " + visible(f.New)
	case f.New == "":
		text += "removed " + visible(f.Old)
	default:
		text += visible(f.Old) + " → " + visible(f.New)
	}
	if f.What != "" && f.Kind == news.KindNumber {
		text += " (" + visible(f.What) + ")"
	}
	return text
}

// kindTags are the kinds as categories of a feed's entry: the words of the
// glossary, which do not change with what readers are shown.
func kindTags(a news.Appraisal) []string {
	var out []string
	for _, k := range a.Kinds {
		out = append(out, string(k))
	}
	return out
}
