package track

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// errBusy says that another process works on a host, or must leave it alone.
var errBusy = errors.New("another process visits it, or it is to be left alone")

// Record records a batch in one transaction, in its order. A host that another
// process visits is waited for, up to BusyTime. An error means that nothing of the
// batch was recorded.
func (r *Replay) Record(ctx context.Context, batch []Reading) (done []Replayed, err error) {
	for began := time.Now(); ; {
		err = r.o.Store.Together(ctx, func(s *store.Store) error {
			done = done[:0]
			b := r.begin(s)
			for _, x := range batch {
				p, err := b.response(ctx, x)
				if err != nil {
					return err
				}
				done = append(done, p)
			}
			return b.release(ctx)
		})
		if !errors.Is(err, errBusy) || time.Since(began) > BusyTime {
			break
		}
		if serr := sleep(ctx, busyRest); serr != nil {
			return nil, serr
		}
	}
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	return done, nil
}

// Close ends what the replay leaves open: template changes that nothing tells of any
// more.
func (r *Replay) Close(ctx context.Context) error {
	for id := range r.templates {
		if err := r.t.endTemplates(ctx, id, r.o.Now()); err != nil {
			return fmt.Errorf("replay: %w", err)
		}
	}
	return nil
}

// A batch is the recording of responses in one transaction.
type batch struct {
	*Replay
	t      *Tracker // on the view
	s      *store.Store
	leases map[string]store.Lease
}

func (r *Replay) begin(s *store.Store) *batch {
	t := *r.t
	t.o.Store = s
	return &batch{r, &t, s, map[string]store.Lease{}}
}

// lease gives the lease of a host. It is taken and given back within the
// transaction, so a crash leaves none.
func (b *batch) lease(ctx context.Context, host string) (store.Lease, error) {
	if l, ok := b.leases[host]; ok {
		return l, nil
	}
	l, ok, err := b.s.LeaseNamed(ctx, host, LeaseTime)
	if err == nil && !ok {
		err = fmt.Errorf("host %s: %w", host, errBusy)
	}
	if err == nil {
		b.leases[host] = l
	}
	return l, err
}

func (b *batch) release(ctx context.Context) error {
	for _, l := range b.leases {
		if err := b.s.ReleaseHost(ctx, l, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// response records one response. What is wrong with it alone refuses it alone.
func (b *batch) response(ctx context.Context, x Reading) (p Replayed, err error) {
	leases := maps.Clone(b.leases)
	err = b.s.Together(ctx, func(*store.Store) (err error) {
		p, err = b.one(ctx, x)
		return err
	})
	if err == nil || ctx.Err() != nil || errors.Is(err, errBusy) {
		return p, err
	}
	b.leases = leases // those that it took are undone with it
	b.o.Log.Error("our own fault", "url", x.URL, "at", x.At, "error", err)
	return x.refuse("our own fault: " + err.Error()), nil
}

// refuse is what becomes of a response that cannot be used.
func (x Reading) refuse(reason string) Replayed {
	return Replayed{Archived: x.Archived, Fate: WasRefused, Reason: reason}
}

// one records a response for the article that it is of: that which redirects led
// here from, or has its address, or both.
func (b *batch) one(ctx context.Context, x Reading) (Replayed, error) {
	switch {
	case x.refused != "":
		return x.refuse(x.refused), nil
	case redirects(x.Archived):
		return b.redirected(x), nil
	}
	a, found, err := b.known(ctx, b.s, x.address.Key)
	if err != nil {
		return Replayed{}, err
	}
	if from, hops := b.way(x); len(hops) > 0 {
		old, known, err := b.known(ctx, b.s, from.Key)
		if err != nil {
			return Replayed{}, err
		}
		if known && (!found || old.ID != a.ID) {
			p, err := b.visit(ctx, old, x.by(from, hops))
			if err != nil || !found {
				return p, err
			}
		}
	}
	if !found {
		return b.add(ctx, x)
	}
	return b.visit(ctx, a, x)
}

// by is the response as the end of redirects. The page is read again, as it says
// something else when it was asked for by another address.
func (x Reading) by(from news.Address, hops []crawl.Hop) Reading {
	x.fetch.URL, x.fetch.Hops, x.page = from.URL, hops, nil
	return x
}

// add adds an article, and records its first visit.
func (b *batch) add(ctx context.Context, x Reading) (Replayed, error) {
	if x.Same != nil {
		return x.refuse("it refers to an earlier response of an address that is not known"), nil
	}
	p := Replayed{Archived: x.Archived, Fate: NoArticle, Reason: b.noArticle(x)}
	if p.Reason != "" {
		return p, nil
	}
	row, _, err := b.s.AddArticle(ctx, x.source.ID, x.address, x.page.Content.Headline, "warc", x.page.Content.Published, time.Time{})
	if err != nil {
		return p, err
	}
	a, err := b.s.Visiting(ctx, row.ID)
	if err != nil {
		return p, err
	}
	a.Due, a.Render = time.Time{}, "" // nobody asked for it to be watched
	p, err = b.visit(ctx, a, x)
	p.Added = true
	return p, err
}

// visit records a response as a visit to an article.
func (b *batch) visit(ctx context.Context, a store.Visiting, x Reading) (Replayed, error) {
	p := Replayed{Archived: x.Archived, Fate: WasOlder, Reason: "the article was visited later"}
	if !x.At.After(a.LastVisit) {
		_, err := b.s.CaptureAt(ctx, a.ID, x.At)
		if err == nil {
			p.Fate, p.Reason = WasKnown, ""
		}
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return p, err
	}
	l, no, err := b.look(ctx, a, x)
	if err != nil || no != "" {
		return x.refuse(no), err
	}
	v, err := b.taught(ctx, a, l)
	if err != nil {
		return p, err
	}
	if v.Lease, err = b.lease(ctx, a.Honesty.Host); err != nil {
		return p, err
	}
	if _, err = b.s.RecordVisit(ctx, v); err != nil {
		return p, err
	}
	b.t.log(a, v)
	p.Fate, p.Reason = fateOf(v), v.Capture.Reason
	return p, b.lookAfterTemplates(ctx, a.SourceID, x.At)
}

// taught is the visit to record. The policy decides nothing and learns nothing: the
// gaps between an archive's responses are not ours.
func (b *batch) taught(ctx context.Context, a store.Visiting, l look) (store.Visit, error) {
	v, err := b.t.taught(ctx, a, l)
	if err != nil {
		return v, err
	}
	b.t.settle(&v, a, l)
	v.ArticleID, v.Due, v.Period, v.Trace = a.ID, a.Due, a.Period, a.Trace
	if b.o.Watch && v.Due.IsZero() && v.State != news.StateGone && v.DuplicateOf == 0 {
		v.Due = b.o.Now()
	}
	return v, nil
}

// fateOf is what a visit that was recorded came to.
func fateOf(v store.Visit) Fate {
	switch {
	case v.Version != nil:
		return MadeVersion
	case v.Sighting, v.Return != nil:
		return WasSighting
	case v.Capture.Outcome == news.OK && v.DuplicateOf == 0:
		return WasHeld
	}
	return ShowedNone
}

// look is what a response was found to be; no says why it cannot be used.
func (b *batch) look(ctx context.Context, a store.Visiting, x Reading) (l look, no string, err error) {
	if x.Same != nil {
		return b.again(ctx, a, x)
	}
	rules, err := b.rules(ctx, b.s, a.SourceID)
	if err != nil {
		return l, "", err
	}
	l = classifyBy(x.fetch, a, func() extract.Result {
		if x.page != nil && x.source.ID == a.SourceID {
			return *x.page
		}
		return b.extract(x.fetch, rules)
	})
	b.t.reserve(&l, a)
	return l, "", nil
}

// again is the look of a revisit: the response was that which was captured earlier.
// When the article still shows what that showed, it is a sighting of it; else its raw
// bytes are read again.
func (b *batch) again(ctx context.Context, a store.Visiting, x Reading) (l look, no string, err error) {
	l = look{fetch: x.fetch, asked: x.At, got: x.At, outcome: news.Unchanged}
	if of, err := news.ParseAddress(x.Same.URL, nil); x.Same.URL != "" && (err != nil || of.Key != x.address.Key) {
		return l, "it refers to a response of another address", nil
	}
	if x.Same.At.IsZero() {
		tag, date := x.Header.Get("ETag"), x.Header.Get("Last-Modified")
		if a.Current != nil && (tag != "" && tag == a.ETag || tag == "" && date != "" && date == a.LastModified) {
			return l, "", nil
		}
		return l, "it does not say to which response it refers", nil
	}
	c, err := b.s.CaptureAt(ctx, a.ID, x.Same.At.UTC().Truncate(time.Microsecond))
	if errors.Is(err, store.ErrNotFound) {
		return l, "it refers to a response that was not recorded", nil
	}
	if err != nil || a.Current != nil && c.VersionID == a.Current.ID {
		return l, "", err
	}
	f, ok, err := b.t.fetchAgain(ctx, c)
	if err != nil || !ok {
		return l, "it refers to a response of which no raw bytes are kept", err
	}
	f.Start, f.End = x.At, x.At
	rules, err := b.rules(ctx, b.s, a.SourceID)
	if err != nil {
		return l, "", err
	}
	l = classify(f, a, rules)
	b.t.reserve(&l, a)
	return l, "", nil
}

// fetchAgain is the fetch that made a capture, by its raw bytes; false when they are
// not kept, or are not what they were.
func (t *Tracker) fetchAgain(ctx context.Context, c news.Capture) (f crawl.Fetch, ok bool, err error) {
	if c.Raw.IsZero() {
		return f, false, nil
	}
	wire, err := t.o.Store.Blob(ctx, c.Raw)
	if err != nil {
		return f, false, ctx.Err()
	}
	line, _, _ := strings.Cut(c.Header, "\r\n")
	proto, status, _ := strings.Cut(line, " ")
	f = crawl.Fetch{URL: c.URL, Final: c.FinalURL, Status: c.Status, StatusLine: status, Proto: proto, Header: headerOf(c.Header), Wire: wire, Start: c.At, End: c.At}
	crawl.Unpack(&f)
	return f, f.Failure == "", nil
}

// concludeArchived concludes a comparison of an archived look. One that is suspect
// waits for the next, with which it is then judged as with a second fetch.
func (t *Tracker) concludeArchived(ctx context.Context, c comparison) (store.Visit, error) {
	earlier, held, err := t.heldLook(ctx, c.a)
	if err != nil {
		return store.Visit{}, err
	}
	if held {
		c.earlier = []look{earlier}
		if err := t.judge(ctx, &c); err != nil {
			return store.Visit{}, err
		}
		return t.conclude(ctx, c)
	}
	if c.suspect() {
		return t.hold(ctx, c)
	}
	return t.conclude(ctx, c)
}

// hold records a look that the next one must confirm. Nothing is learned from it:
// the next is held against what stood before.
func (t *Tracker) hold(ctx context.Context, c comparison) (store.Visit, error) {
	v, err := t.basis(ctx, c.a, c.looks[0], true)
	v.Capture.Reason = "differs in what the next look must confirm"
	v.Doubt = store.Doubt{Outcome: news.OK, Count: 1, Since: v.Capture.At}
	return v, err
}

// heldLook gives the look that waits for another one.
func (t *Tracker) heldLook(ctx context.Context, a store.Visiting) (l look, held bool, err error) {
	if a.Doubt.Outcome != news.OK || a.Doubt.Count == 0 {
		return l, false, nil
	}
	c, err := t.o.Store.CaptureAt(ctx, a.ID, a.Doubt.Since)
	if errors.Is(err, store.ErrNotFound) {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	f, ok, err := t.fetchAgain(ctx, c)
	if err != nil || !ok {
		return l, false, err
	}
	rules, err := t.rules.of(ctx, t.o.Store, a.SourceID, t.o.Now(), t.o.Log)
	if err != nil {
		return l, false, err
	}
	l = classify(f, a, rules)
	return l, l.outcome == news.OK, nil
}

// lookAfterTemplates ends, in the archive's time, the change of a template that no
// article has told of for long.
func (b *batch) lookAfterTemplates(ctx context.Context, sourceID int64, at time.Time) error {
	if at.Sub(b.templates[sourceID]) < templateStep {
		return nil
	}
	b.templates[sourceID] = at
	return b.t.endTemplates(ctx, sourceID, at)
}

// mustURL is the URL of an address that was parsed.
func mustURL(a news.Address) *url.URL {
	u, err := url.Parse(a.URL)
	if err != nil {
		return &url.URL{}
	}
	return u
}
