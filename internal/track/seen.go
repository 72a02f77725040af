package track

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"stet/internal/compare"
	"stet/internal/news"
	"stet/internal/store"
)

// Alternation: a text that AlternateCopies versions within AlternateTime show
// already is a sighting when it returns once more, not a version. One that then
// holds for HoldTime is a version after all.
const (
	AlternateCopies = 2
	AlternateTime   = 7 * 24 * time.Hour
	HoldTime        = 24 * time.Hour
)

// seen records a page that shows the article.
func (t *Tracker) seen(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	if a.Current == nil {
		return t.first(ctx, a, l)
	}
	if other, err := t.merged(ctx, a, l); other != 0 || err != nil {
		return t.leave(ctx, a, l, other, err)
	}
	c, err := t.comparison(ctx, a, l)
	if err != nil {
		return store.Visit{}, err
	}
	if t.replays {
		return t.concludeArchived(ctx, c)
	}
	if c.suspect() {
		if err := t.confirm(ctx, &c); err != nil {
			return store.Visit{}, err
		}
	}
	if len(c.result.Lone) > 0 {
		if err := t.witness(ctx, &c); err != nil {
			return store.Visit{}, err
		}
	}
	return t.conclude(ctx, c)
}

// A comparison is a visit's look, or two, held against what is known.
type comparison struct {
	a       store.Visiting
	looks   []look
	earlier []look // one that is recorded, and held: see concludeArchived
	failed  *look  // the second look, when it did not show the article
	known   compare.Known
	result  compare.Verdict
	copies  int      // versions of the last AlternateTime that have the new text
	number  int      // of the newest of them
	flooded []uint64 // keys of blocks that a sibling's page was seen to win or lose as well
	redone  bool     // the witness's text moved to the same new home: the template has changed
}

// comparison compares one look with what is known.
func (t *Tracker) comparison(ctx context.Context, a store.Visiting, l look) (comparison, error) {
	c := comparison{a: a, looks: []look{l}}
	var err error
	if c.known, err = t.known(ctx, a, l); err != nil {
		return c, err
	}
	return c, t.judge(ctx, &c)
}

// judge compares what there is, knowing of the source's furniture what matters
// here.
func (t *Tracker) judge(ctx context.Context, c *comparison) error {
	c.result = c.known.Judge(c.compared()...)
	if len(c.result.Open) > 0 {
		if err := t.template(ctx, c); err != nil {
			return err
		}
		c.result = c.known.Judge(c.compared()...)
	}
	if !c.result.Changed {
		return nil
	}
	var err error
	c.copies, c.number, err = t.o.Store.CountIdentity(ctx, c.a.ID, c.result.Content.Identity(), c.looks[0].got.Add(-AlternateTime))
	return err
}

func (c *comparison) compared() []compare.Look {
	var out []compare.Look
	for _, l := range slices.Concat(c.earlier, c.looks) {
		out = append(out, compare.Look{Page: l.page, At: l.got})
	}
	return out
}

// suspect reports whether the difference must be looked at twice. A text that
// was there before is suspect too: an old copy in a cache, or a test.
func (c *comparison) suspect() bool {
	return len(c.result.Suspect) > 0 || c.result.Changed && c.copies > 0
}

// template finds out which of the blocks that came or went are furniture of the
// source: those that many of its articles have, and short ones while its
// template changes.
func (t *Tracker) template(ctx context.Context, c *comparison) error {
	var keys []uint64
	for _, b := range c.result.Open {
		keys = append(keys, news.Key(b.Text))
	}
	counts, err := t.o.Store.Recurring(ctx, c.a.SourceID, keys)
	if err != nil {
		return err
	}
	stood := map[uint64]bool{}
	for _, b := range c.known.Content.Blocks {
		stood[news.Key(b.Text)] = true
	}
	c.known.Template = map[uint64]bool{}
	for i, b := range c.result.Open {
		n := counts[keys[i]]
		if stood[keys[i]] {
			n-- // this article
		}
		if compare.Template(b.Text, n) || slices.Contains(c.flooded, keys[i]) {
			c.known.Template[keys[i]] = true
		}
	}
	if c.redone || c.result.Home == 0 {
		return nil
	}
	open, err := t.o.Store.OpenEvents(ctx, c.a.SourceID, news.TemplateChanged)
	c.known.Redesign = err == nil && len(open) > 0 && c.looks[0].got.Sub(open[0].Last).Abs() < TemplateTime
	return err
}

// confirm looks again, over a fresh connection.
func (t *Tracker) confirm(ctx context.Context, c *comparison) error {
	second, err := t.look(ctx, c.a, true)
	if err != nil {
		return err
	}
	if second.outcome != news.OK {
		c.failed = &second
		return nil
	}
	c.looks = append(c.looks, second)
	return t.judge(ctx, c)
}

// conclude turns a comparison into the visit to record.
func (t *Tracker) conclude(ctx context.Context, c comparison) (store.Visit, error) {
	if c.failed != nil {
		return t.unconfirmed(ctx, c)
	}
	l, result := c.looks[0], c.result
	v, err := t.basis(ctx, c.a, l, result.Changed || result.Pending)
	if err != nil {
		return v, err
	}
	if len(c.looks) > 1 {
		second, err := t.capture(ctx, c.looks[1], c.a.ID, result.Changed || result.Pending)
		if err != nil {
			return v, err
		}
		v.Confirm, v.Differs = &second, result.Differs
	}
	v.Doubt = store.Doubt{}
	c.learn(&v)
	if err := t.event(ctx, &v, c); err != nil {
		return v, err
	}
	switch {
	case result.Changed:
		return t.changed(ctx, v, c)
	case result.Pending, result.Unclear:
		return t.pending(v, c)
	case len(c.looks) > 1:
		v.Capture.Reason = "what differed was not there at a second fetch"
	}
	return t.sighting(ctx, v, c.a, l)
}

// PendingRetry is how soon a page comes again that shows what may be an edit,
// if it was seen for longer.
const PendingRetry = 10 * time.Minute

// pending records that something differs of which two looks do not tell whether
// it is an edit: neither a sighting nor a version.
func (t *Tracker) pending(v store.Visit, c comparison) (store.Visit, error) {
	follow(&v, c.a, c.looks[0])
	t.plan(&v, c.a, c.looks[0], false)
	v.Capture.Reason = "what is gone was seen too seldom to tell whether it was the article's"
	if !c.result.Pending {
		return v, nil
	}
	v.Capture.Reason = "what came or went must hold for longer before it counts as an edit"
	if soon := c.looks[0].got.Add(PendingRetry); !v.Due.IsZero() && v.Due.After(soon) && !soon.Before(c.looks[0].fetch.NotBefore) {
		v.Due = soon
	}
	return v, nil
}

// unconfirmed records a difference that could not be looked at twice: neither
// a sighting nor a version, and soon another visit. The raw bytes are kept.
func (t *Tracker) unconfirmed(ctx context.Context, c comparison) (store.Visit, error) {
	a, l := c.a, c.looks[0]
	v, err := t.basis(ctx, a, l, true)
	if err != nil {
		return v, err
	}
	second, err := t.capture(ctx, *c.failed, a.ID, true)
	if err != nil {
		return v, err
	}
	v.Confirm = &second
	v.Capture.Reason = "a change that the second fetch could not confirm: " + string(c.failed.outcome)
	if v.Doubt.Outcome != news.OK {
		v.Doubt = store.Doubt{Outcome: news.OK, Since: v.Capture.At}
	}
	v.Doubt.Count++
	c.remember(&v)
	t.plan(&v, a, l, false)
	v.Due = t.retry(a, v, l)
	return v, nil
}

// sighting fills in that the article shows the version that it showed before.
func (t *Tracker) sighting(ctx context.Context, v store.Visit, a store.Visiting, l look) (store.Visit, error) {
	follow(&v, a, l)
	v.Sighting, v.Doubt = true, store.Doubt{}
	v.Capture.VersionID = a.Current.ID
	t.plan(&v, a, l, false)
	if err := t.returned(ctx, &v, a, l); err != nil {
		return v, err
	}
	if a.Current.Number == a.Versions-1 || l.got.Sub(a.CurrentSince) < HoldTime {
		return v, nil
	}
	// The text came back and has held since: it is a version after all.
	newest, err := t.o.Store.VersionByNumber(ctx, a.ID, a.Versions-1)
	if err != nil {
		return v, err
	}
	version(&v, a, &newest, compare.Verdict{Content: a.Current.Content}, bounds{after: newest.Seen.Last, before: a.CurrentSince})
	v.Sighting, v.Capture.VersionID = false, 0
	return v, nil
}

// returned notes that an article which was gone, moved or kept from us is there
// again: since the last visit that found it so.
func (t *Tracker) returned(ctx context.Context, v *store.Visit, a store.Visiting, l look) error {
	if !away(a.State) {
		return nil
	}
	captures, err := t.o.Store.Captures(ctx, a.ID, returnCaptures)
	if err != nil {
		return err
	}
	last := a.StateAt
	for _, c := range captures {
		if keeps(a.State, c.Outcome) && c.At.After(last) {
			last = c.At
		}
	}
	v.State, v.GoneAt, v.StateAt = news.Live, time.Time{}, l.got
	v.Changes = append(v.Changes, news.Change{Type: news.ArticleReturned, After: last, Before: l.got})
	t.plan(v, a, l, true)
	return nil
}

// returnCaptures is how many captures are searched for the last one that found
// an article gone; older ones are within the time when it was known to be so.
const returnCaptures = 50

// first records the first version of an article, unless its page says that it
// is an article we know already.
func (t *Tracker) first(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	other, err := t.duplicate(ctx, a, l)
	if other != 0 || err != nil {
		return t.leave(ctx, a, l, other, err)
	}
	v, err := t.basis(ctx, a, l, true)
	if err != nil {
		return v, err
	}
	c := comparison{a: a, looks: []look{l}}
	if v.Recur, err = t.firstVerdict(ctx, &c); err != nil {
		return v, err
	}
	c.learn(&v)
	v.Doubt = store.Doubt{}
	follow(&v, a, l)
	version(&v, a, nil, c.result, bounds{before: l.got})
	t.plan(&v, a, l, true)
	return v, nil
}

// firstVerdict reads the first page of an article, without what many articles of
// the source have. It gives the keys of its blocks.
func (t *Tracker) firstVerdict(ctx context.Context, c *comparison) ([]uint64, error) {
	var keys []uint64
	for _, b := range c.looks[0].page.Content.Blocks {
		if b.Core() {
			keys = append(keys, news.Key(b.Text))
		}
	}
	counts, err := t.o.Store.Recurring(ctx, c.a.SourceID, keys)
	if err != nil {
		return nil, err
	}
	template := map[uint64]bool{}
	for _, b := range c.looks[0].page.Content.Blocks {
		if k := news.Key(b.Text); compare.Template(b.Text, counts[k]) {
			template[k] = true
		}
	}
	c.result = compare.First(template, c.compared()[0])
	return keys, nil
}

// learn keeps what ok looks teach beside the text. Of looks that contradict each
// other no validators are kept: the next visit must get the page whole.
func (c *comparison) learn(v *store.Visit) {
	a, l := c.a, c.looks[0]
	v.State = news.Live
	if away(a.State) {
		v.State = a.State // until returned says otherwise
	}
	c.remember(v)
	v.Addresses, v.Published, v.Language = l.addresses(), l.page.Content.Published, l.page.Content.Language
	v.Body, v.ETag, v.LastModified = news.Digest{}, "", ""
	if !c.result.Pending && (c.result.Changed || len(c.looks) == 1) {
		v.Body, v.ETag, v.LastModified = l.body, l.fetch.Header.Get("ETag"), l.fetch.Header.Get("Last-Modified")
	}
}

// remember keeps what is known of the page's blocks now.
func (c *comparison) remember(v *store.Visit) {
	v.Keys, v.Extractor = c.result.Keys, reader(c.a.Render)
	v.Memory, v.Model = c.result.Memory.Encode(), compare.Model()
	v.Held = c.result.Held
	for _, b := range c.result.Added {
		v.Recur = append(v.Recur, news.Key(b.Text))
	}
	v.Recur = append(v.Recur, c.result.Flapped...)
	v.Furniture = c.flooded
}

// changed records another text: a known one that came back once too often, or
// that the newest version has, is a sighting of that; all else is a version.
func (t *Tracker) changed(ctx context.Context, v store.Visit, c comparison) (store.Visit, error) {
	a, l, n, number := c.a, c.looks[0], c.copies, c.number
	newest, err := t.o.Store.VersionByNumber(ctx, a.ID, a.Versions-1)
	if err != nil {
		return v, err
	}
	if newest.Content.Identity() == c.result.Content.Identity() {
		n, number = AlternateCopies, newest.Number
	}
	if n >= AlternateCopies && number == a.Current.Number {
		return t.sighting(ctx, v, a, l)
	}
	v.Lie = lied(a, l)
	follow(&v, a, l)
	if n >= AlternateCopies {
		v.Return = &number
		v.Capture.Reason = "alternates: a text that was here before"
		t.plan(&v, a, l, false)
	} else {
		b, err := t.bounds(ctx, c)
		if err != nil {
			return v, err
		}
		version(&v, a, &newest, c.result, b)
		t.plan(&v, a, l, true)
	}
	return v, t.returned(ctx, &v, a, l)
}

// lied tells whether a page of another text came under the very validators that
// were held, so that a condition would have kept it from us; nil when it was
// asked for under conditions, or there is nothing to compare. A strong and a weak
// validator of the same name are one, as in a condition (RFC 9110, 13.1.2).
func lied(a store.Visiting, l look) *bool {
	held, sent := a.ETag, l.fetch.Header.Get("ETag")
	if held == "" {
		held, sent = a.LastModified, l.fetch.Header.Get("Last-Modified")
	}
	if !l.whole || held == "" || sent == "" {
		return nil
	}
	same := strings.TrimPrefix(held, "W/") == strings.TrimPrefix(sent, "W/")
	return &same
}

// known gives what the article's page was, read by today's extractor. When
// the baseline is an older extractor's, the capture that made the current
// version is read again, so that an extractor's upgrade is never a change.
// Without its raw bytes the baseline stands as it is: block keys are the
// page's own text, which upgrades seldom touch.
//
// When the source's pages were read without a browser and are now read with one,
// or the other way round, what the new page says is taken for what it said.
func (t *Tracker) known(ctx context.Context, a store.Visiting, l look) (compare.Known, error) {
	k := compare.Known{Content: a.Current.Content, Keys: a.Baseline, Looks: a.Current.Seen.Sightings}
	if a.Model == compare.Model() {
		var err error
		if k.Memory, err = compare.Decode(a.Memory); err != nil {
			return k, err
		}
	}
	if a.BaselineExtractor == reader(a.Render) {
		return k, nil
	}
	if strings.HasSuffix(a.BaselineExtractor, "+browser") != (a.Render != "") {
		return k.Reread(l.page), nil
	}
	c, err := t.o.Store.CaptureOf(ctx, a.Current.CaptureID)
	if err != nil {
		return k, err
	}
	if page, ok := t.reread(ctx, c); ok {
		k = k.Reread(page)
	}
	return k, nil
}

// isFront reports whether an address is a site's front page.
func isFront(a news.Address) bool {
	u, err := url.Parse(a.URL)
	return err == nil && u.Path == "/" && u.RawQuery == ""
}
