package track

import (
	"bufio"
	"context"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"stet/internal/compare"
	"stet/internal/diff"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// Visits that do not show the article come again after FirstRetry, and each
// time twice as late, at most LastRetry apart.
const (
	FirstRetry = 10 * time.Minute
	LastRetry  = 24 * time.Hour
)

// Doubt becomes belief: an article is gone when GoneVisits in a row found it
// so over at least GoneTime. A page that merely looks like "not found"
// (soft-404), or that leads to another site, must do so for SoftTime. While
// nothing else of the source is seen, it must be so for DownTime.
const (
	GoneVisits = 3
	GoneTime   = time.Hour
	SoftTime   = 24 * time.Hour
	DownTime   = 7 * 24 * time.Hour
	BarredTime = 24 * time.Hour // that a captcha, 401, 403, 429 or robots.txt must keep us out, or a paywall show a stub
)

// Visits to an article that shows nothing end: NewVisits after it was found,
// when it never showed anything; QuietTime after it was last seen, else.
const (
	NewVisits = 16
	QuietTime = 220 * 24 * time.Hour
)

// notSeen records a visit that did not show the article: no version, and a
// doubt that grows. Trouble between visits that found the article absent
// neither adds to the doubt nor takes from it. Raw bytes are kept of the visit
// that began it.
func (t *Tracker) notSeen(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	d := a.Doubt
	switch {
	case absent(d.Outcome) && !absent(l.outcome):
	case absent(d.Outcome) == absent(l.outcome) && d.Outcome != news.OK && d.Count > 0:
		if !absent(l.outcome) && d.Outcome != l.outcome { // trouble of another kind proves nothing of this
			d.Since = l.got
		}
		if !absent(l.outcome) || l.outcome != news.Gone { // the weaker word stays: a page may look missing before it is
			d.Outcome = l.outcome
		}
		d.Count++
	default:
		d = store.Doubt{Outcome: l.outcome, Count: 1, Since: l.got}
	}
	v, err := t.basis(ctx, a, l, d.Count == 1 && d != a.Doubt)
	if err != nil {
		return v, err
	}
	v.Doubt = d
	t.plan(&v, a, l, false)
	if l.reach == reachFail { // it tells of the host, and nothing of how often the article changes
		v.Period = a.Period
	}
	if a.State == news.StateGone {
		return v, nil
	}
	out := t.isOut(a)
	if state, change := confirmed(a, d, l, out); state != a.State {
		v.State, v.StateAt = state, d.Since
		v.Changes = append(v.Changes, news.Change{Type: change, After: a.LastOK, Before: d.Since, Note: l.reason})
		t.plan(&v, a, l, true) // begins the back-off anew: it may return
		return v, nil
	}
	v.Due = t.retry(a, v, l)
	return v, nil
}

// confirmed is the state of an article after a visit that did not show it, and
// the change that says so. While its host is out, however well others of the
// source are, only DownTime makes it gone.
func confirmed(a store.Visiting, d store.Doubt, l look, out bool) (news.State, news.ChangeType) {
	if a.State == news.New || d.Count < GoneVisits {
		return a.State, ""
	}
	long := l.got.Sub(d.Since)
	switch {
	case absent(l.outcome) && out && long < DownTime:
	case absent(l.outcome) && believed(d, l.got) && sourceAlive(a, d, l.got):
		if d.Outcome == news.Moved {
			return news.Away, news.ArticleMoved
		}
		return news.StateGone, news.ArticleGone
	case l.outcome == news.Blocked && d.Outcome == news.Blocked && long >= BarredTime:
		return news.Barred, news.ArticleBarred
	case l.outcome == news.Paywall && d.Outcome == news.Paywall && long >= BarredTime:
		return news.Paywalled, news.ArticlePaywall
	}
	return a.State, ""
}

// away reports whether a state says that the article is not shown to us.
func away(s news.State) bool {
	return s == news.StateGone || s == news.Away || s == news.Barred || s == news.Paywalled
}

// keeps reports whether a visit with that outcome found an article still in that
// state.
func keeps(s news.State, o news.Outcome) bool {
	switch s {
	case news.Barred:
		return o == news.Blocked
	case news.Paywalled:
		return o == news.Paywall
	}
	return absent(o)
}

// absent reports whether an outcome speaks for the article being gone. Only
// such visits add up; trouble of other kinds does not.
func absent(o news.Outcome) bool {
	return o == news.Gone || o == news.Soft404 || o == news.Moved
}

func believed(d store.Doubt, now time.Time) bool {
	need := GoneTime
	if d.Outcome != news.Gone {
		need = SoftTime
	}
	return absent(d.Outcome) && d.Count >= GoneVisits && now.Sub(d.Since) >= need
}

// sourceAlive reports that the source is not down as a whole: another article
// of it was seen since the doubt began, or there is no other to ask; or its
// feeds are well and have been for SoftTime; or DownTime has passed.
func sourceAlive(a store.Visiting, d store.Doubt, now time.Time) bool {
	long := now.Sub(d.Since)
	return a.SourceOKAt.IsZero() || a.SourceOKAt.After(d.Since) ||
		long >= SoftTime && a.FeedOKAt.After(d.Since) || long >= DownTime
}

// retry is when to look again after a visit that showed nothing, or could not
// confirm what it saw: soon, ever later, and for an article that is known no
// later than the policy says (v is planned already). A zero time ends the
// visits.
func (t *Tracker) retry(a store.Visiting, v store.Visit, l look) time.Time {
	quiet := a.LastOK
	if quiet.IsZero() {
		quiet = a.FoundAt
	}
	if a.State == news.New && a.Captures+1 >= NewVisits && !t.isOut(a) || l.got.Sub(quiet) > QuietTime {
		return time.Time{}
	}
	wait := FirstRetry
	for range min(v.Doubt.Count-1, 20) {
		wait = min(2*wait, LastRetry)
	}
	due := l.got.Add(wait)
	if a.Current != nil && (v.Due.Before(due) && !v.Due.IsZero() || v.Due.IsZero() && v.Doubt.Count > GoneVisits) {
		due = v.Due
	}
	if !due.IsZero() && due.Before(l.fetch.NotBefore) {
		due = l.fetch.NotBefore
	}
	return due
}

// bounds are T1 and T2 of a change.
type bounds struct{ after, before time.Time }

// boundCaptures is how many captures are searched for the last one without an edit
// that was held back for a while; when it is further back, T1 is unknown. An edit
// that waits is mostly there within [compare.MaxNeed] visits of two captures.
const boundCaptures = 50

// bounds gives T1 and T2 of the edits that were accepted: from the last look that
// showed none of them to the first that showed all. What waited was there while the
// text that stands was seen, so the seen window tells nothing of it.
func (t *Tracker) bounds(ctx context.Context, c comparison) (bounds, error) {
	b := bounds{after: c.a.Current.Seen.Last, before: c.result.Latest}
	if !c.result.Since.Before(c.looks[0].got) {
		return b, nil
	}
	captures, err := t.o.Store.Captures(ctx, c.a.ID, boundCaptures)
	b.after = lastWithout(captures, c.result.Since)
	return b, err
}

// lastWithout is when the last capture was asked for that showed a version and came
// before the one whose response was there at since; zero when there is none. The
// captures are those of one article, newest first. What was asked for last before
// since is the capture that had come then, wherever it stands: clocks are set back.
func lastWithout(captures []news.Capture, since time.Time) time.Time {
	first := -1
	for i, c := range captures {
		if !c.At.After(since) && (first < 0 || c.At.After(captures[first].At)) {
			first = i
		}
	}
	for _, c := range captures[first+1:] {
		if first >= 0 && c.VersionID != 0 && c.At.Before(captures[first].At) {
			return c.At
		}
	}
	return time.Time{}
}

// version adds the article's next version to the visit, and its entry to the
// change log; old is the version before, nil for the first.
func version(v *store.Visit, a store.Visiting, old *news.Version, result compare.Verdict, b bounds) {
	c := result.Content
	seen := news.Seen{First: b.before, Last: v.Capture.At, Sightings: 1}
	v.Version = &news.Version{ArticleID: a.ID, Number: a.Versions, Content: c, Digest: news.Sum(c.Canonical()), Extractor: extract.Extractor(), Seen: seen}
	change := news.Change{Type: news.VersionAppeared, Number: a.Versions, After: b.after, Before: b.before, Grown: result.Grown, Posts: result.Posts}
	if old != nil {
		s := diff.Compare(old.Content, c)
		change.WordsAdded, change.WordsRemoved = s.WordsAdded, s.WordsRemoved
		change.Headline = news.Fold(old.Content.Headline) != news.Fold(c.Headline)
		change.Silent = silent(old.Content, c)
	}
	v.Changes = append(v.Changes, change)
}

// silent reports that the text differs while the page's own modified date,
// given on both sides, does not.
func silent(old, now news.Content) bool {
	return !old.Modified.IsZero() && old.Modified.Equal(now.Modified)
}

// headerOf reads back the text that capture kept.
func headerOf(text string) http.Header {
	_, lines, _ := strings.Cut(text, "\r\n")
	h, err := textproto.NewReader(bufio.NewReader(strings.NewReader(lines + "\r\n"))).ReadMIMEHeader()
	if err != nil && h == nil {
		return http.Header{}
	}
	return http.Header(h)
}
