package track

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// Limits of work on stored captures.
const (
	walkStep   = 200 // captures listed at a time
	derivedLot = 50  // texts kept with one transaction: what an interruption makes to be read again
	MaxReasons = 40  // different reasons that a Derivation counts apart
)

// A Derivation is what reading the versions of a source anew came to.
type Derivation struct {
	Versions   int            // of the source
	Derived    int            // read otherwise than recorded; that text is kept beside the version
	Same       int            // read as recorded: nothing is kept
	WithoutRaw int            // no raw bytes are kept
	Damaged    int            // the raw bytes are not what they were: stet verify says more
	NotArticle map[string]int // read as no article today, by "outcome: reason"; beyond MaxReasons by "other"
}

// Reextract reads the capture of every version of a source with today's
// extractor and the source's ignore rules of today, and keeps the text beside
// the version where it is another (Identity), in place of one that was derived
// earlier. Versions, their numbers and texts stay as they were recorded. progress, which
// may be nil, is told how many versions are done.
//
// A derived text is what one page says by itself: what comparison with
// earlier pages held back is in it. A text that was derived in the same way
// already is not derived again, so work that was cut short goes on where it
// was. ErrNotFound when there is no such source.
func Reextract(ctx context.Context, st *store.Store, sourceID int64, progress store.Progress) (Derivation, error) {
	src, err := sourceByID(ctx, st, sourceID)
	if err != nil {
		return Derivation{}, fmt.Errorf("reextract: %w", err)
	}
	rules, bad, err1 := rulesOf(ctx, st, sourceID)
	by, err2 := derivedBy(ctx, st, sourceID)
	if err := errors.Join(bad, err1, err2); err != nil {
		return Derivation{}, fmt.Errorf("reextract source %q: %w", src.Key, err)
	}
	d := deriving{
		archive: archive{st, rules}, extractor: by, progress: progress,
		done: Derivation{Versions: src.Versions, NotArticle: map[string]int{}},
	}
	if err := d.walk(ctx, sourceID); err != nil {
		return d.done, fmt.Errorf("reextract source %q: %w", src.Key, err)
	}
	d.done.WithoutRaw = max(d.done.Versions-d.met, 0)
	return d.done, nil
}

// An archive reads stored captures again.
type archive struct {
	st    *store.Store
	rules []extract.Ignore
}

// read reads the raw bytes of a capture. False when they are not kept, or are
// not what they were; the error is of the context alone.
func (a archive) read(ctx context.Context, c news.Capture) (page extract.Page, found bool, err error) {
	if c.Raw.IsZero() {
		return page, false, nil
	}
	wire, err := a.st.Blob(ctx, c.Raw)
	if err != nil {
		return page, false, ctx.Err()
	}
	body, err := crawl.Decode(wire, c.Encoding)
	if err != nil {
		return page, false, nil
	}
	header := http.Header{}
	if c.Header != "" {
		header = headerOf(c.Header)
	}
	page = pageOf(crawl.Fetch{URL: c.URL, Final: c.FinalURL, Status: c.Status, Body: body, Header: header})
	page.Ignore = a.rules
	return page, true, nil
}

// derivedBy names today's way of reading a source: the extractor, and where
// ignore rules hold a digest of them, so that a text derived under other rules
// is known to be old.
func derivedBy(ctx context.Context, st *store.Store, sourceID int64) (string, error) {
	rules, err := st.Ignores(ctx, sourceID)
	if err != nil || len(rules) == 0 {
		return extract.Extractor(), err
	}
	h := fnv.New32a()
	for _, g := range rules {
		fmt.Fprintf(h, "%s\x00%s\x00", g.Selector, g.Pattern)
	}
	return fmt.Sprintf("%s+ignore-%08x", extract.Extractor(), h.Sum32()), nil
}

// sourceByID gives a source by its number.
func sourceByID(ctx context.Context, st *store.Store, id int64) (store.SourceRow, error) {
	rows, err := st.Sources(ctx)
	if err != nil {
		return store.SourceRow{}, err
	}
	for _, r := range rows {
		if r.ID == id {
			return r, nil
		}
	}
	return store.SourceRow{}, fmt.Errorf("source %d: %w", id, store.ErrNotFound)
}

// A deriving is one run of Reextract.
type deriving struct {
	archive
	extractor string
	progress  store.Progress
	lot       []store.Derived // read, not kept yet
	met       int             // versions whose raw bytes are kept
	done      Derivation
}

// walk goes over all captures with raw bytes. What was read before an error or
// the end of the context is kept.
func (d *deriving) walk(ctx context.Context, sourceID int64) error {
	for last := int64(0); ; {
		captures, err := d.st.CapturesWithRaw(ctx, sourceID, last, walkStep)
		if err != nil || len(captures) == 0 {
			return errors.Join(err, d.keep(ctx))
		}
		for _, c := range captures {
			if err := d.capture(ctx, c); err != nil {
				return errors.Join(err, d.keep(ctx))
			}
			last = c.ID
		}
	}
}

// capture derives the text of the version that a capture made, if it made one.
func (d *deriving) capture(ctx context.Context, c news.Capture) error {
	if c.VersionID == 0 {
		return nil
	}
	v, err := d.st.Version(ctx, c.VersionID)
	if err != nil {
		return err
	}
	if v.CaptureID != c.ID { // it only showed the version again
		return nil
	}
	if err := d.version(ctx, v, c); err != nil {
		return err
	}
	d.met++
	if d.progress != nil {
		d.progress(d.met, max(d.done.Versions, d.met))
	}
	if len(d.lot) >= derivedLot {
		return d.keep(ctx)
	}
	return nil
}

func (d *deriving) version(ctx context.Context, v news.Version, c news.Capture) error {
	old, _, err := d.st.DerivedVersion(ctx, v.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	stale := err == nil
	if stale && old.Extractor == d.extractor {
		d.count(old.Content.Identity() == v.Content.Identity())
		return nil
	}
	page, found, err := d.read(ctx, c)
	if err != nil {
		return err
	}
	if !found {
		d.done.Damaged++
		return nil
	}
	r := extract.Read(page)
	if r.Outcome != news.OK {
		d.notArticle(r)
		return nil
	}
	same := r.Content.Identity() == v.Content.Identity()
	d.count(same)
	if !same || stale { // an old text must not stand where there would be none today
		d.lot = append(d.lot, store.Derived{VersionID: v.ID, Extractor: d.extractor, Content: r.Content})
	}
	return nil
}

// count counts a version that was read.
func (d *deriving) count(same bool) {
	if same {
		d.done.Same++
		return
	}
	d.done.Derived++
}

// notArticle counts a page by its reason, of which a remote side may have made
// up as many as there are pages.
func (d *deriving) notArticle(r extract.Result) {
	why := fmt.Sprintf("%s: %s", r.Outcome, r.Reason)
	if _, known := d.done.NotArticle[why]; !known && len(d.done.NotArticle) >= MaxReasons {
		why = "other"
	}
	d.done.NotArticle[why]++
}

// keep writes what was read, also when the context has ended meanwhile.
func (d *deriving) keep(ctx context.Context) error {
	if len(d.lot) == 0 {
		return nil
	}
	err := d.st.PutDerived(context.WithoutCancel(ctx), d.lot)
	d.lot = d.lot[:0]
	return err
}
