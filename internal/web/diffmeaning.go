package web

import (
	"slices"
	"strings"
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

// A diffMeaning is what the head of a diff says of the change.
type diffMeaning struct {
	Significance badge
	Kinds        []kindCount
	Admitted     *badge // whether the page admits the change; nil = nothing to remark
	Sentence     string // the same in a sentence
	Sum          string // "62 of 100"
	Reasons      []reasonRow
	Findings     []findingRow
}

// newDiffMeaning prepares an appraisal for the head of a diff of texts in that
// language; base stands before
// the anchors of its changes. Of a live blog that only grew nothing is said of what it
// admits.
func newDiffMeaning(a news.Appraisal, s diff.Script, lang tongue, base string, grown bool) diffMeaning {
	at := anchorsOf(s)
	m := diffMeaning{
		Significance: significanceBadge(a), Kinds: countKinds(a), Sum: id(points(a)).String() + " of 100",
		Reasons: reasonRows(a), Findings: evidence(a.Findings, lang, func(f news.Finding) string { return at[anchorOf(f)] }),
	}
	for i := range m.Findings {
		if m.Findings[i].Href != "" {
			m.Findings[i].Href = base + m.Findings[i].Href
		}
	}
	if !grown {
		m.Sentence = disclosures[a.Disclosure].sentence
		if b, ok := disclosureBadge(news.Change{}, &a); ok {
			m.Admitted = &b
		}
	}
	return m
}

// anchorOf is the id of the change that a finding is in.
func anchorOf(f news.Finding) string {
	if f.Edit != "" {
		return f.Edit
	}
	return "c-" + f.Field
}

// anchorsOf are the ids that the page of a script has: a finding of an older
// comparison may name another.
func anchorsOf(s diff.Script) map[string]string {
	at := map[string]string{}
	add := func(id string) { at[id] = id }
	for _, f := range s.Fields {
		add("c-" + f.Field)
	}
	for _, e := range s.Edits {
		if e.ID != "" {
			add(e.ID)
		}
	}
	if len(s.Links) > 0 {
		add("c-links")
	}
	return at
}

// A linkRow is a link that came or went.
type linkRow struct {
	Gone bool
	Text string
	URL  string
}

// linkRows are the links that came or went, and which change they are together.
type linkRows struct {
	N    int // 0 = they are not counted
	Rows []linkRow
}

// linksOf lists what changed in the links; before is how many changes were counted
// already.
func linksOf(s diff.Script, before int) (out linkRows) {
	for _, x := range s.Links {
		if x.Item == nil || x.Op == diff.Equal {
			continue
		}
		text := strings.TrimSpace(x.Item.Text)
		if text == "" {
			text = x.Item.URL
		}
		out.Rows = append(out.Rows, linkRow{x.Op == diff.Delete, visible(text), visible(x.Item.URL)})
	}
	// Whether links count is the script's to say: numbers of changes must end at
	// what it gives as their sum.
	counted := len(s.Fields)
	for _, e := range s.Edits {
		if e.Changed() {
			counted++
		}
	}
	if len(out.Rows) > 0 && s.Changes() > counted {
		out.N = before + 1
	}
	return out
}

// A claimRow is something that the page says of itself and that came or went.
type claimRow struct {
	Gone                 bool
	Field, Origin, Value string
}

// claimsOf lists what changed in the claims of a page.
func claimsOf(s diff.Script) (out []claimRow) {
	for _, x := range s.Claims {
		if x.Item == nil || x.Op == diff.Equal {
			continue
		}
		value := x.Item.Value
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			value = clock(t)
		}
		out = append(out, claimRow{x.Op == diff.Delete, fieldName(x.Item.Field), x.Item.Origin, visible(value)})
	}
	return out
}

// plainKinds are told by the marks of a row alone: their evidence is not repeated
// beside it.
var plainKinds = []news.Kind{news.KindRemoval, news.KindAddition, news.KindWording, news.KindMove, news.KindTypography, news.KindLead}

// An editMeaning is what was found in one edit.
type editMeaning struct {
	kinds    []news.Kind
	findings []news.Finding // but for those of plainKinds
}

// byEdit divides the findings of an appraisal by edits.
func byEdit(a news.Appraisal) map[string]editMeaning {
	out := map[string]editMeaning{}
	for edit, kinds := range kindsByEdit(a) {
		out[edit] = editMeaning{kinds: kinds}
	}
	for _, f := range a.Findings {
		if !slices.Contains(plainKinds, f.Kind) {
			m := out[f.Edit]
			m.findings = append(m.findings, f)
			out[f.Edit] = m
		}
	}
	return out
}

// tell adds to a row what was found in its edit.
func (r *diffRow) tell(m editMeaning, lang tongue, total int) {
	r.Findings = evidence(m.findings, lang, func(news.Finding) string { return "" })
	told := map[string]news.Kind{"removed": news.KindRemoval, "added": news.KindAddition, "moved": news.KindMove}[r.Class]
	for _, k := range m.kinds {
		if k != told { // the class of the row says it already
			r.Kinds = append(r.Kinds, badge{Text: nameOf(k).badge, Why: phrase(k)})
		}
	}
	r.Aria = "Change " + id(r.N).String() + " of " + id(total).String() + ": " + r.Label
	if r.Class == "edited" && len(m.kinds) > 0 {
		r.Aria = "Change " + id(r.N).String() + " of " + id(total).String() + ": " + phrases(m.kinds)
	}
}
