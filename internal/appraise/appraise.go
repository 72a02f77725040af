package appraise

import (
	"time"

	"stet/internal/diff"
	"stet/internal/news"
)

// Rules is the number of the rules. It grows whenever the same change may be
// appraised otherwise, so that stored appraisals can be told apart and renewed.
const Rules = 2

// Limits of one appraisal.
const (
	MaxFindings = 200 // beyond them nothing is found but the first of a kind, in the place of another
	MaxEvidence = 300 // bytes of each of Finding.Old, Finding.New and Finding.What
)

// Dates are what is known of an article's modification beside its content.
type Dates struct {
	OldLastmod, NewLastmod time.Time // of its sitemap entry, around the change; zero = unknown
}

// Change appraises the change from the older to the newer content, whose script
// is s.
func Change(old, new news.Content, s diff.Script, d Dates, w Weights) news.Appraisal {
	p := &page{old: old, new: new, script: s, lex: lexiconOf(new)}
	all := find(p)
	reasons, points, trivial := significance(all, s, w)
	return news.Appraisal{
		Rules: Rules, Language: p.lex.language,
		Kinds: kindsOf(all), Findings: all,
		Reasons: reasons, Significance: points, Trivial: trivial,
		Disclosure: disclosure(old, new, s, d, all),
	}
}
