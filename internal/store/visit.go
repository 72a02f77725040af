package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"stet/internal/news"
)

// RecordVisit records all that one visit to an article taught, and gives the
// entries that it added to the change log.
//
// ErrLeaseLost when somebody else holds the host; ErrConflict when
// Version.Number is not the article's count or its text is that of the newest
// version, so another visit recorded that version first; ErrNotFound when there
// is no such article, or no blob that a capture names. A Visit that contradicts
// itself is an error and records nothing.
//
// When the clock stepped back, a change whose After is not before its Before is
// recorded with After unknown: nothing false is said, and no change is lost.
func (s *Store) RecordVisit(ctx context.Context, v Visit) (log []news.Change, err error) {
	op := fmt.Sprintf("record visit to article %d", v.ArticleID)
	if err := v.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	// A body on the disk before the row that names it: a crash in between leaves
	// a body too many, never one too few.
	if err := s.haveBlobs(ctx, v); err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	r := recording{Visit: v}
	if v.Version != nil { // what takes long is done before the database is locked
		if r.text, err = s.encodeNext(ctx, v.ArticleID, *v.Version); err != nil {
			return nil, fmt.Errorf("%s: %w", op, err)
		}
	}
	err = s.write(ctx, op, func(t *tx) error {
		log, err = t.recordVisit(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return log, nil
}

// A recording is a visit with the text of its new version, ready to be written.
type recording struct {
	Visit
	text encoded
}

// check finds what contradicts itself.
func (v Visit) check() error {
	told := 0
	for _, b := range []bool{v.Sighting, v.Return != nil, v.Version != nil} {
		told += bit(b)
	}
	appeared := 0
	for _, c := range v.Changes {
		appeared += bit(c.Type == news.VersionAppeared)
	}
	switch {
	case told > 1:
		return errors.New("more than one of sighting, return and version")
	case v.Version != nil && appeared != 1, v.Version == nil && appeared != 0:
		return fmt.Errorf("%d changes tell of a version, want one for a version and none without", appeared)
	case v.Capture.At.IsZero(), v.Confirm != nil && v.Confirm.At.IsZero():
		return errors.New("capture without a time")
	case v.Differs && v.Confirm == nil:
		return errors.New("differs from no second capture")
	case v.State == news.Duplicate && v.DuplicateOf == 0:
		return errors.New("duplicate of nothing")
	case v.DuplicateOf == v.ArticleID:
		return errors.New("duplicate of itself")
	case len(v.Changes) > MaxChanges:
		return fmt.Errorf("%d changes, more than %d", len(v.Changes), MaxChanges)
	case len(v.Memory) > MaxMemory:
		return fmt.Errorf("memory of %d bytes, more than %d", len(v.Memory), MaxMemory)
	}
	return v.checkFindings()
}

// MaxChanges is the most entries that one visit adds to the change log.
const MaxChanges = 16

// MaxMemory is the most bytes of Visit.Memory.
const MaxMemory = 64 << 10

// haveBlobs checks that the bodies and pictures that the captures name are kept.
func (s *Store) haveBlobs(ctx context.Context, v Visit) error {
	for _, c := range []*news.Capture{&v.Capture, v.Confirm} {
		if c == nil {
			continue
		}
		for _, d := range []news.Digest{c.Raw, c.Screenshot} {
			if d.IsZero() {
				continue
			}
			found, err := s.blobs.Has(ctx, d)
			if err == nil && !found {
				err = ErrNotFound
			}
			if err != nil {
				return fmt.Errorf("blob %s: %w", d, err)
			}
		}
	}
	return nil
}

func (t *tx) recordVisit(ctx context.Context, v recording) ([]news.Change, error) {
	if err := t.holds(ctx, v.Lease); err != nil {
		return nil, err
	}
	before, err := t.standing(ctx, v.ArticleID)
	if err != nil {
		return nil, err
	}
	after := before
	// Capture first, then the version that names it, then what follows from
	// both: the foreign keys allow no other order.
	captureID, versionID, err := t.recordShown(ctx, v, &after)
	if err != nil {
		return nil, err
	}
	if err := t.recordBaseline(ctx, v.Visit, captureID); err != nil {
		return nil, err
	}
	if err := t.recordStanding(ctx, v.Visit, before.state, &after); err != nil {
		return nil, err
	}
	if err := errors.Join(t.recordReserved(ctx, v.Visit), t.recordHonesty(ctx, v.Visit)); err != nil {
		return nil, err
	}
	log, err := t.appendChanges(ctx, v.Visit, versionID)
	if err != nil {
		return nil, err
	}
	held, err := t.recordFindings(ctx, v.Visit, before.sourceID)
	if err != nil {
		return nil, err
	}
	d := visitTally(v.Visit, before, after)
	d.held = held
	if err := t.count(ctx, before.sourceID, d); err != nil {
		return nil, err
	}
	if after.hostID != v.Lease.HostID { // the release of the lease would not see it
		return log, t.ready(ctx, after.hostID, t.planned(v.Due))
	}
	return log, nil
}

// recordStanding writes where the article is to be found, and how it stands.
func (t *tx) recordStanding(ctx context.Context, v Visit, earlier news.State, a *standing) error {
	if err := t.recordAddresses(ctx, v, a); err != nil {
		return err
	}
	a.conclude(v, earlier)
	return t.updateArticle(ctx, v, *a)
}

// last is the time of the later capture.
func (v Visit) last() time.Time {
	if v.Confirm != nil && v.Confirm.At.After(v.Capture.At) {
		return v.Confirm.At
	}
	return v.Capture.At
}

// shownLast is when what is recorded was seen last.
func (v Visit) shownLast() time.Time {
	if v.Differs {
		return v.Capture.At
	}
	return v.last()
}

// captures is how many there were.
func (v Visit) captures() int { return 1 + bit(v.Confirm != nil) }

// recordShown records the captures and the version that they showed: a new one,
// an older one again, the same again, or none. versionID is that of a new one.
func (t *tx) recordShown(ctx context.Context, v recording, a *standing) (captureID, versionID int64, err error) {
	shown, err := t.seenAgain(ctx, v.Visit, a)
	if err != nil {
		return 0, 0, err
	}
	if captureID, err = t.insertCapture(ctx, v.ArticleID, v.Capture, shown); err != nil {
		return 0, 0, err
	}
	if v.Version != nil {
		if versionID, err = t.recordVersion(ctx, v, captureID, a); err != nil {
			return 0, 0, err
		}
		shown = versionID
	}
	if v.Confirm != nil {
		_, err = t.insertCapture(ctx, v.ArticleID, *v.Confirm, shown)
	}
	return captureID, versionID, err
}

// seenAgain lets the seen window of a known version grow, and gives its id; 0
// when the visit did not show a known version.
func (t *tx) seenAgain(ctx context.Context, v Visit, a *standing) (shown int64, err error) {
	number := a.current
	switch {
	case v.Return != nil:
		number = *v.Return
	case !v.Sighting:
		return 0, nil
	}
	if number < 0 || number >= a.versions {
		return 0, fmt.Errorf("version %d seen again, of %d", number, a.versions)
	}
	var headline string
	_, err = one(ctx, t, func(r row) (int, error) { return 0, r.Scan(&shown, &headline) },
		`SELECT id, headline FROM version WHERE article_id = $1 AND number = $2`, v.ArticleID, number)
	if err != nil {
		return 0, err
	}
	if number != a.current {
		a.alternate(number)
		a.since, a.headline = v.Capture.At, headline
	}
	return shown, t.exec(ctx, `UPDATE seen SET sightings = sightings + $2, last_at = CASE WHEN last_at < $3 THEN $3 ELSE last_at END
		WHERE version_id = $1`, shown, v.captures(), micros(v.shownLast()))
}

// recordVersion records the new version, shown by the capture.
func (t *tx) recordVersion(ctx context.Context, v recording, captureID int64, a *standing) (int64, error) {
	n := *v.Version
	if n.Number != a.versions {
		return 0, fmt.Errorf("%w: version %d of an article that has %d", ErrConflict, n.Number, a.versions)
	}
	if err := t.differs(ctx, v.ArticleID, a.versions-1, v.text.identity); err != nil {
		return 0, err
	}
	n.ArticleID, n.CaptureID = v.ArticleID, captureID
	n.Seen = news.Seen{First: v.Capture.At, Last: v.shownLast(), Sightings: v.captures()}
	id, err := t.insertVersion(ctx, n, v.text, a.sourceID)
	if err != nil {
		return 0, err
	}
	a.versions++
	a.current, a.since, a.changedAt, a.headline = n.Number, v.Capture.At, v.Capture.At, n.Content.Headline
	a.alternates, a.returns = nil, 0 // what is new ends the alternation
	return id, nil
}

// differs checks that the text is not that of the newest version: no decision
// on present knowledge makes a version of that. (It may be the text of an older
// one that the article shows: one that came back and held.)
func (t *tx) differs(ctx context.Context, articleID int64, newest int, identity news.Digest) error {
	same, err := t.id(ctx, `SELECT count(*) FROM version WHERE article_id = $1 AND number = $2 AND identity = $3`,
		articleID, newest, identity[:])
	if err == nil && same > 0 {
		err = fmt.Errorf("%w: the new text is that of version %d, the newest", ErrConflict, newest)
	}
	return err
}

// recordBaseline keeps the keys sorted and each once, as they are looked up. A
// memory without keys leaves the keys that are there as they are.
func (t *tx) recordBaseline(ctx context.Context, v Visit, captureID int64) error {
	if v.Keys == nil && v.Memory == nil {
		return nil
	}
	keys := slices.Clone(v.Keys)
	slices.Sort(keys)
	blob := make([]byte, 0, 8*len(keys))
	for _, k := range slices.Compact(keys) {
		blob = binary.BigEndian.AppendUint64(blob, k)
	}
	var memory any // NULL keeps
	if v.Memory != nil {
		memory = v.Memory
	}
	set := `memory = coalesce(excluded.memory, b.memory), model = CASE WHEN excluded.model = '' THEN b.model ELSE excluded.model END`
	if v.Keys != nil {
		set += `, capture_id = excluded.capture_id, extractor = excluded.extractor, keys = excluded.keys`
	}
	_, err := t.ExecContext(ctx, `INSERT INTO baseline AS b (article_id, capture_id, extractor, keys, memory, model) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (article_id) DO UPDATE SET `+set, v.ArticleID, captureID, v.Extractor, blob, memory, v.Model)
	return err
}

// recordAddresses notes where the article answered, where it is visited from now
// on, and to whom its addresses belong when it is a duplicate.
func (t *tx) recordAddresses(ctx context.Context, v Visit, a *standing) (err error) {
	for _, d := range v.Addresses {
		if err := t.address(ctx, v.ArticleID, d, "visit"); err != nil {
			return err
		}
	}
	if v.MoveTo != "" {
		d, err := news.ParseAddress(v.MoveTo, nil)
		if err != nil {
			return fmt.Errorf("move to: %w", err)
		}
		if err := t.address(ctx, v.ArticleID, d, "visit"); err != nil {
			return err
		}
		if a.hostID, err = t.host(ctx, d.Host); err != nil {
			return err
		}
	}
	if v.DuplicateOf != 0 {
		_, err = t.ExecContext(ctx, `UPDATE address SET article_id = $2 WHERE article_id = $1`, v.ArticleID, v.DuplicateOf)
	}
	return err
}
