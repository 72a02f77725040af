package store

import (
	"context"
	"fmt"
	"time"

	"stet/internal/news"
)

// A Derived is the text of a version as another extractor reads the capture that
// made it.
type Derived struct {
	VersionID int64
	Extractor string
	Content   news.Content
}

// MaxDerived is the most texts that one call of PutDerived takes.
const MaxDerived = 1000

// PutDerived keeps texts beside the versions that they derive from, each in
// place of an earlier one, all or none. The versions stay as they were recorded.
// ErrNotFound when there is no such version.
func (s *Store) PutDerived(ctx context.Context, texts []Derived) error {
	op := fmt.Sprintf("put %d derived texts", len(texts))
	if len(texts) > MaxDerived {
		return fmt.Errorf("%s: more than %d", op, MaxDerived)
	}
	ready := make([]encoded, len(texts)) // what takes long is done before the database is locked
	for i, d := range texts {
		var err error
		if ready[i], err = s.encode(news.Version{Content: d.Content}); err != nil {
			return fmt.Errorf("%s: version %d: %w", op, d.VersionID, err)
		}
	}
	return s.write(ctx, op, func(t *tx) error {
		for i, d := range texts {
			if err := t.putDerived(ctx, d, ready[i]); err != nil {
				return fmt.Errorf("version %d: %w", d.VersionID, err)
			}
		}
		return nil
	})
}

func (t *tx) putDerived(ctx context.Context, d Derived, e encoded) error {
	return t.exec(ctx, `INSERT INTO derived (version_id, extractor, digest, identity, headline, words, encoding, body, made_at)
		SELECT v.id, $2, $3, $4, $5, $6, $7, $8, $9 FROM version v WHERE v.id = $1
		ON CONFLICT (version_id) DO UPDATE SET extractor = excluded.extractor, digest = excluded.digest, identity = excluded.identity,
			headline = excluded.headline, words = excluded.words, encoding = excluded.encoding, body = excluded.body, made_at = excluded.made_at`,
		d.VersionID, d.Extractor, e.digest[:], e.identity[:], d.Content.Headline, e.words, e.encoding, e.body, micros(t.now))
}

// DerivedVersion is Version with the derived text, its digest and its extractor
// in place of the recorded ones, and the time at which it was derived.
// ErrNotFound when nothing was derived from that version.
func (s *Store) DerivedVersion(ctx context.Context, versionID int64) (v news.Version, at time.Time, err error) {
	scan := func(r row) (v news.Version, err error) {
		var f frame
		if err = r.Scan(append(versionInto(&v), &f.encoding, &f.body, when{&at})...); err == nil {
			v.Content, err = s.decodeContent(f, v.Digest)
		}
		return v, err
	}
	err = s.read(ctx, fmt.Sprintf("text derived from version %d", versionID), func(t *tx) (err error) {
		v, err = one(ctx, t, scan, `SELECT v.id, v.article_id, v.number, d.headline, d.digest, v.capture_id, d.extractor,
			n.first_at, n.last_at, n.sightings, d.encoding, d.body, d.made_at
			FROM derived d JOIN version v ON v.id = d.version_id JOIN seen n ON n.version_id = v.id WHERE d.version_id = $1`, versionID)
		return err
	})
	return v, at, err
}

// ClearDerived forgets the derived texts of a source, and gives how many there
// were.
func (s *Store) ClearDerived(ctx context.Context, sourceID int64) (n int, err error) {
	err = s.write(ctx, fmt.Sprintf("clear derived texts of source %d", sourceID), func(t *tx) error {
		res, err := t.ExecContext(ctx, `DELETE FROM derived WHERE version_id IN (SELECT id FROM version WHERE source_id = $1)`, sourceID)
		if err != nil {
			return err
		}
		gone, err := res.RowsAffected()
		n = int(gone)
		return err
	})
	return n, err
}

// derived reads every derived text anew.
func (v *verifier) derived(ctx context.Context) error {
	rows, err := v.QueryContext(ctx, `SELECT version_id, digest, identity, headline, words, encoding, body FROM derived ORDER BY version_id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var x verifyRow
		err := rows.Scan(&x.id, bytes32{(*[32]byte)(&x.digest)}, bytes32{(*[32]byte)(&x.identity)}, &x.headline, &x.words, &x.encoding, &x.body)
		if err != nil {
			return err
		}
		say := func(what string) { v.problem("text derived from version %d: %s", x.id, what) }
		if text, err := v.s.openFrame(x.frame, nil, nil); err != nil {
			say(err.Error())
		} else {
			v.text(x, text, say)
		}
		v.step("derived texts")
	}
	return rows.Err()
}
