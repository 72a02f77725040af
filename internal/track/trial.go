package track

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// Limits and thresholds of a trial.
const (
	TrialVersions = 200  // versions looked at unless asked otherwise
	MaxTrial      = 5000 // most versions looked at
	MaxSamples    = 10   // samples of what a rule matches
	MaxSampleText = 160  // bytes of the text of a sample
	MaxDistinct   = 5000 // different texts remembered for the samples; those after are only counted
	WarnShare     = 0.10 // share of all articles' text above which a rule takes out much
	GutShare      = 0.50 // share of one article's text above which a rule takes the heart out of it
)

// trialID stands for the rule that is tried; rules of the store have positive
// ones.
const trialID = -1

// A Trial is what an ignore rule would do, by the newest versions of a source.
type Trial struct {
	Versions int      // looked at
	Pages    int      // of those, whose captures read as an article today, without the rule
	Matched  int      // pages on which the rule matches a block
	Blocks   int      // blocks that it matches, over all pages
	Core     int      // core blocks and captions that it takes out of articles, over all pages
	Text     int      // bytes of text of all articles, without the rule
	Taken    int      // bytes of it that the rule takes out
	Gutted   int      // articles that lose more than GutShare of their text
	Changes  int      // from one version to the next, that could be judged: both pages are here
	Hidden   int      // changes whose whole difference is in blocks that it matches
	Samples  []Sample // of what it matches, on most pages first, at most MaxSamples
}

// A Sample is a block that a rule matches.
type Sample struct {
	Text  string // at most MaxSampleText bytes
	Pages int    // that have it
	Core  bool   // without the rule it is in an article
}

// Share is the share of the text of all articles that the rule takes out, 0 to 1.
func (t Trial) Share() float64 { return float64(t.Taken) / float64(max(t.Text, 1)) }

// TakesMuch reports whether the rule takes out more than WarnShare of the text.
func (t Trial) TakesMuch() bool { return t.Share() > WarnShare }

// Guts reports whether the rule takes the heart out of most articles.
func (t Trial) Guts() bool { return 2*t.Gutted > t.Pages }

// TryIgnore tries a rule on the captures of the newest n versions of a source, 1
// to MaxTrial; what is outside is brought to the nearest bound. The source's
// own rules hold as ever, and what they keep out the new one has no part in.
// Hidden articles are left out. Nothing is recorded. A rule that cannot be read
// is an error, ErrNotFound says that there is no such source.
func TryIgnore(ctx context.Context, st *store.Store, sourceID int64, rule news.Ignore, n int) (Trial, error) {
	t, err := newTrying(ctx, st, sourceID, rule)
	if err != nil {
		return Trial{}, fmt.Errorf("try ignore rule: %w", err)
	}
	if err := t.run(ctx, min(max(n, 1), MaxTrial)); err != nil {
		return Trial{}, fmt.Errorf("try ignore rule on source %q: %w", t.key, err)
	}
	t.result.Samples = t.samples()
	return t.result, nil
}

// ErrRules says that a source has as many ignore rules as are applied.
var ErrRules = fmt.Errorf("%d ignore rules hold for it already, and no more are applied to a page", extract.MaxIgnore)

// A trying is one run of TryIgnore.
type trying struct {
	archive
	with   []extract.Ignore  // the rules and the one that is tried
	key    string            // of the source
	text   *regexp.Regexp    // the pattern of a rule without a selector; else nil
	seen   map[int64]reading // by version
	texts  map[uint64]*Sample
	result Trial
}

// A reading is a version and what the rule matches on its page.
type reading struct {
	article bool            // the page is one today
	matched map[uint64]bool // keys of the blocks
	content news.Content    // as recorded
}

func newTrying(ctx context.Context, st *store.Store, sourceID int64, rule news.Ignore) (*trying, error) {
	tried, err := extract.ParseIgnore(rule.Selector, rule.Pattern)
	if err != nil {
		return nil, err
	}
	tried.ID = trialID
	src, err := sourceByID(ctx, st, sourceID)
	if err != nil {
		return nil, err
	}
	rules, bad, err := rulesOf(ctx, st, sourceID)
	if err = errors.Join(bad, err); err != nil {
		return nil, err
	}
	if len(rules) >= extract.MaxIgnore {
		return nil, fmt.Errorf("source %q: %w", src.Key, ErrRules)
	}
	t := &trying{
		archive: archive{st, rules}, with: append(slices.Clone(rules), tried), key: src.Key,
		seen: map[int64]reading{}, texts: map[uint64]*Sample{},
	}
	if strings.TrimSpace(rule.Selector) == "" {
		t.text, err = regexp.Compile(rule.Pattern)
	}
	return t, err
}

// run looks at the newest n versions, and then at the changes that they made.
func (t *trying) run(ctx context.Context, n int) error {
	rows, err := t.newest(ctx, n)
	if err != nil {
		return err
	}
	t.result.Versions = len(rows)
	for _, row := range rows {
		if _, err := t.reading(ctx, row.ID, true); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if err := t.change(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// newest lists the newest n versions, the last recorded first.
func (t *trying) newest(ctx context.Context, n int) (rows []store.VersionRow, err error) {
	q := store.VersionQuery{SourceKey: t.key, Page: store.Page{Size: store.MaxPageSize}}
	for len(rows) < n {
		more, ends, err := t.st.VersionList(ctx, q)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
		if q.Before = ends.Older; q.Before == 0 {
			break
		}
	}
	return rows[:min(len(rows), n)], nil
}

// change judges the change that a version made.
func (t *trying) change(ctx context.Context, row store.VersionRow) error {
	now := t.seen[row.ID]
	if row.Number == 0 || !now.article {
		return nil
	}
	v, err := t.st.VersionByNumber(ctx, row.ArticleID, row.Number-1)
	if err != nil {
		return err
	}
	before, err := t.reading(ctx, v.ID, false)
	if err != nil || !before.article {
		return err
	}
	t.result.Changes++
	if t.without(now, before) == t.without(before, now) {
		t.result.Hidden++
	}
	return nil
}

// without is the identity of a recorded text less what the rule matches: on its
// page, on the other side's (what has gone is on the older page alone), and for a
// pattern alone in the recorded text, which may be another than today's.
func (t *trying) without(r, other reading) news.Digest {
	c := r.content
	c.Blocks = slices.DeleteFunc(slices.Clone(c.Blocks), func(b news.Block) bool {
		key := news.Key(b.Text)
		return r.matched[key] || other.matched[key] || t.text != nil && t.text.MatchString(b.Text)
	})
	return c.Identity()
}
