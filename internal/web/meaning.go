package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

// Limits of what is shown of an appraisal.
const (
	ListKinds  = 4 // kinds on a row of a list; the others are counted
	LabelKinds = 3 // kinds in the label of an edit
)

// A kindName is what a kind of change is called.
type kindName struct {
	badge  string
	phrase string // what happened
}

// kindNames are the kinds as readers know them.
var kindNames = map[news.Kind]kindName{
	news.KindCorrection:  {"correction notice", "correction notice"},
	news.KindHeadline:    {"headline", "headline changed"},
	news.KindNegation:    {"negation", "negation or certainty changed"},
	news.KindNumber:      {"number", "number changed"},
	news.KindQuotation:   {"quotation", "quotation changed"},
	news.KindAttribution: {"attribution", "attribution changed"},
	news.KindName:        {"name", "name changed"},
	news.KindLead:        {"lead", "first paragraph rewritten"},
	news.KindStandfirst:  {"standfirst", "standfirst changed"},
	news.KindRemoval:     {"removal", "text removed"},
	news.KindAddition:    {"addition", "text added"},
	news.KindWording:     {"wording", "wording changed"},
	news.KindMove:        {"move", "passage moved"},
	news.KindByline:      {"byline", "byline changed"},
	news.KindImage:       {"picture", "picture or caption changed"},
	news.KindLinks:       {"links", "links changed"},
	news.KindStamp:       {"date or stamp", "date or stamp changed"},
	news.KindTypography:  {"typography", "only signs or spaces differ"},
}

// nameOf calls a kind that is newer than this package by its own name.
func nameOf(k news.Kind) kindName {
	if n, ok := kindNames[k]; ok {
		return n
	}
	return kindName{string(k), string(k)}
}

// disclosures are the remarks on whether a page admits a change.
var disclosures = map[news.Disclosure]struct {
	badge    badge // without text: none
	sentence string
}{
	news.Silent: {badge{Text: "silent edit", Why: "The text changed; none of the page's own dates moved, and no notice was added", Class: "warn"},
		"The page does not admit the change: none of its own dates moved, and no notice was added."},
	news.Disclosed: {sentence: "A date on the page moved with the text."},
	news.Noticed: {badge{Text: "correction notice added", Why: "The page says that it was corrected or clarified", Class: "warn"},
		"A notice of a correction or clarification was added to the page."},
	news.Bumped: {badge{Text: "date moved, text did not", Why: "A date on the page moved, and no word of the text changed", Class: "warn"},
		"A date on the page moved, and no word of the text changed."},
}

// disclosureBadge is the remark on whether the page admits a change, as it was
// appraised; of a change that was not, as it was recorded.
func disclosureBadge(c news.Change, a *news.Appraisal) (badge, bool) {
	d := news.NotKnown
	if a != nil {
		d = a.Disclosure
	} else if c.Silent {
		d = news.Silent
	}
	b := disclosures[d].badge
	return b, b.Text != ""
}

// points is the significance as a whole number from 0 to 100.
func points(a news.Appraisal) int { return int(math.Round(min(max(a.Significance, 0), 100))) }

// significanceBadge shows the significance as a number and as a bar: its class
// is the step of ten, for the policy of the pages allows no style attributes.
func significanceBadge(a news.Appraisal) badge {
	n := points(a)
	b := badge{Text: "significance " + id(n).String(), More: " of 100", Why: "Significance " + id(n).String() + " of 100", Class: "sig s" + id((n+5)/10).String()}
	if a.Trivial {
		b.Text, b.More = "trivial", ", significance "+id(n).String()+" of 100"
	}
	return b
}

// kindBadges are the weightiest kinds, at most ListKinds, and how many more there
// are.
func kindBadges(kinds []news.Kind) []badge {
	var out []badge
	for i, k := range kinds {
		if i == ListKinds {
			var rest []string
			for _, k := range kinds[i:] {
				rest = append(rest, nameOf(k).badge)
			}
			return append(out, badge{Text: "+" + id(len(rest)).String(), More: " more kinds: " + strings.Join(rest, ", "), Why: strings.Join(rest, ", ")})
		}
		out = append(out, badge{Text: nameOf(k).badge, Why: phrase(k)})
	}
	return out
}

// phrase is what happened, as a sentence begins.
func phrase(k news.Kind) string {
	p := nameOf(k).phrase
	return strings.ToUpper(p[:1]) + p[1:]
}

// phrases are what happened in an edit, at most LabelKinds.
func phrases(kinds []news.Kind) string {
	var out []string
	for _, k := range kinds[:min(len(kinds), LabelKinds)] {
		out = append(out, nameOf(k).phrase)
	}
	return strings.Join(out, ", ")
}

// A kindCount is a kind with the number of its findings.
type kindCount struct {
	Kind  string
	Why   string
	Count int
}

// countKinds counts the findings of each kind, the weightiest kind first.
func countKinds(a news.Appraisal) []kindCount {
	n := map[news.Kind]int{}
	for _, f := range a.Findings {
		n[f.Kind]++
	}
	out := make([]kindCount, 0, len(a.Kinds))
	for _, k := range a.Kinds {
		out = append(out, kindCount{nameOf(k).badge, phrase(k), n[k]})
	}
	return out
}

// A reasonRow is a term of the significance.
type reasonRow struct {
	Name   string
	Points string // with its sign
	Count  int
}

func reasonRows(a news.Appraisal) []reasonRow {
	var out []reasonRow
	for _, r := range a.Reasons {
		out = append(out, reasonRow{strings.ReplaceAll(r.Name, "-", " "), decimal(r.Points), r.Count})
	}
	return out
}

// kindsByEdit are the kinds found in each edit, the weightiest first.
func kindsByEdit(a news.Appraisal) map[string][]news.Kind {
	has := map[string]map[news.Kind]bool{}
	for _, f := range a.Findings {
		if has[f.Edit] == nil {
			has[f.Edit] = map[news.Kind]bool{}
		}
		has[f.Edit][f.Kind] = true
	}
	out := map[string][]news.Kind{}
	for edit, found := range has {
		for _, k := range news.Kinds {
			if found[k] {
				out[edit] = append(out[edit], k)
			}
		}
	}
	return out
}

// meaning is the appraisal of what lies between two contents: the one that is kept
// beside the change of version id, when it is there and of these rules, else made
// now. id is 0 for versions that do not follow each other.
func (s *Site) meaning(ctx context.Context, id int64, was, is news.Content, script diff.Script) (news.Appraisal, error) {
	if id != 0 {
		// One made by other rules may name changes that this comparison does not
		// have; the follower is about to make it anew.
		a, err := s.store.Appraisal(ctx, id)
		if err == nil && a.Rules == appraise.Rules {
			return a, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return a, err
		}
	}
	return appraise.Change(was, is, script, appraise.Dates{}, s.weights), nil
}

// appraisals are those of an article's changes, by the number of the version.
func (s *Site) appraisals(r *http.Request, a news.Article) (map[int]news.Appraisal, error) {
	if a.Versions < 2 {
		return nil, nil
	}
	return s.store.ArticleAppraisals(r.Context(), a.ID)
}

// listed are the weightiest kinds in a line, at most ListKinds.
func listed(kinds []news.Kind) string {
	var out []string
	for _, b := range kindBadges(kinds) {
		out = append(out, b.Text)
	}
	return strings.Join(out, ", ")
}

// decimal writes points with their sign and at most one place after the point.
func decimal(x float64) string {
	s := strconv.FormatFloat(math.Abs(math.Round(x*10)/10), 'f', -1, 64)
	if x < 0 {
		return "−" + s
	}
	return "+" + s
}
