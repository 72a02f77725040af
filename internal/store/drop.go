package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/blob"
	"stet/internal/news"
)

// Bounds of how long raw captures of a source are kept, when not for ever.
const (
	MinKeepRaw = time.Hour
	MaxKeepRaw = 100 * 365 * 24 * time.Hour
)

// MaxDrop is the most articles that one call of DropRaw looks after.
const MaxDrop = 100

// dropTime is how long the deleting of one blob may take. Nobody else can write
// meanwhile.
const dropTime = 10 * time.Second

// SetKeepRaw says how long raw bytes of captures of a source are kept, from
// MinKeepRaw to MaxKeepRaw, 0 = for ever; DropRaw gives up older ones. ErrNotFound
// when there is no such source.
func (s *Store) SetKeepRaw(ctx context.Context, key string, keep time.Duration) error {
	op := fmt.Sprintf("set keeping of raw captures of source %q", key)
	if keep != 0 && (keep < MinKeepRaw || keep > MaxKeepRaw) {
		return fmt.Errorf("%s: %v: want %v to %v, or 0", op, keep, MinKeepRaw, MaxKeepRaw)
	}
	return s.write(ctx, op, func(t *tx) error {
		return t.exec(ctx, `UPDATE source SET keep_raw = $2 WHERE key = $1`, key, optional(keep.Microseconds()))
	})
}

// A Drop tells that a blob was given up.
type Drop struct {
	At   time.Time
	Why  string // the rule, in words
	Gone bool   // the bytes are deleted; else they are about to be
}

// Dropped tells when and why a blob was given up; ErrNotFound when it was not.
func (s *Store) Dropped(ctx context.Context, d news.Digest) (drop Drop, err error) {
	err = s.read(ctx, fmt.Sprintf("giving up of blob %s", d), func(t *tx) (err error) {
		drop, err = one(ctx, t, func(r row) (x Drop, err error) { return x, r.Scan(when{&x.At}, &x.Why, &x.Gone) },
			`SELECT dropped_at, why, gone FROM dropped WHERE digest = $1`, d[:])
		return err
	})
	return drop, err
}

// A Dropping is what one call of DropRaw did.
type Dropping struct {
	Blobs    int      // given up
	Next     int64    // go on after this article; 0 = there is no more
	Problems []string // in words: what could not be given up now, and will be tried again
}

// DropRaw gives up raw bytes of captures that are older than the rule of their
// source allows (SetKeepRaw), of the next articles after that id, at most n and
// MaxDrop. Begin with 0, and go on with Next while it is not 0.
//
// Captures themselves stay, with the digest of their bytes. Kept are the bytes of
// the capture of version 0 and of the newest capture that has some, of each
// article; and those that any capture which is not as old names too, also of
// another article, or as a picture.
//
// Blobs that rest on one that is given up are written whole first. The order of
// steps, each of them durable before the next:
//
//  1. a row in table dropped says that the blob is to go. From now on nothing new
//     rests on it; a capture that names it again takes the row back;
//  2. what rests on it is written whole;
//  3. in one transaction: the row says that it is gone, and it is deleted.
//
// A crash in between loses nothing: rows of the first step that are found at the
// beginning of a walk are taken back.
func (s *Store) DropRaw(ctx context.Context, after int64, n int) (d Dropping, err error) {
	if after == 0 {
		err = s.takeBack(ctx)
	}
	var aged []agedArticle
	if err == nil {
		aged, err = s.agedArticles(ctx, after, min(max(n, 1), MaxDrop))
	}
	for _, a := range aged {
		if err == nil {
			err = s.dropArticle(ctx, a, &d)
		}
		d.Next = a.id
	}
	if len(aged) < min(max(n, 1), MaxDrop) {
		d.Next = 0
	}
	if err != nil {
		return d, fmt.Errorf("drop raw captures: %w", err)
	}
	return d, nil
}

// takeBack undoes the first step of a walk that did not come further.
func (s *Store) takeBack(ctx context.Context) error {
	return s.write(ctx, "take back", func(t *tx) error {
		_, err := t.ExecContext(ctx, `DELETE FROM dropped WHERE gone = 0`)
		return err
	})
}

// An agedArticle has bytes that may be too old.
type agedArticle struct {
	id   int64
	keep time.Duration
}

// The captures of an article a that its rule does not protect; keptBy is when one,
// o of the article p and the source q, does protect its bytes.
const (
	firstOf  = `coalesce((SELECT v.capture_id FROM version v WHERE v.article_id = %[1]s.id AND v.number = 0), 0)`
	newestOf = `(SELECT max(k.id) FROM capture k WHERE k.article_id = %[1]s.id AND k.raw IS NOT NULL)`
	agedOf   = `c.article_id = a.id AND c.raw IS NOT NULL AND c.at < $2 - s.keep_raw AND c.id <> ` + firstOf + ` AND c.id < ` + newestOf + `
		AND NOT EXISTS (SELECT 1 FROM dropped d WHERE d.digest = c.raw AND d.gone = 1)`
	keptBy = `q.keep_raw IS NULL OR o.at >= $2 - q.keep_raw OR o.id = ` + firstOf + ` OR o.id = ` + newestOf
)

// agedQuery takes article id, now, limit.
func agedQuery() string {
	return `SELECT a.id, s.keep_raw FROM article a JOIN source s ON s.id = a.source_id
		WHERE a.id > $1 AND s.keep_raw IS NOT NULL AND EXISTS (SELECT 1 FROM capture c WHERE ` + fmt.Sprintf(agedOf, "a") + `)
		ORDER BY a.id LIMIT $3`
}

// agedBlobs takes article id, now: the newest first, so that chains are taken down
// from their end.
func agedBlobs() string {
	return `SELECT c.raw FROM article a JOIN source s ON s.id = a.source_id JOIN capture c ON ` + fmt.Sprintf(agedOf, "a") + `
		WHERE a.id = $1 AND NOT EXISTS (SELECT 1 FROM capture x WHERE x.screenshot = c.raw)
		AND NOT EXISTS (SELECT 1 FROM capture o JOIN article p ON p.id = o.article_id JOIN source q ON q.id = p.source_id
			WHERE o.raw = c.raw AND (` + fmt.Sprintf(keptBy, "p") + `))
		GROUP BY c.raw ORDER BY max(c.id) DESC`
}

func (s *Store) agedArticles(ctx context.Context, after int64, n int) (aged []agedArticle, err error) {
	err = s.read(ctx, "articles", func(t *tx) (err error) {
		aged, err = list(ctx, t, func(r row) (a agedArticle, err error) {
			var keep int64
			err = r.Scan(&a.id, &keep)
			a.keep = time.Duration(keep) * time.Microsecond
			return a, err
		}, agedQuery(), after, micros(t.now), n)
		return err
	})
	return aged, err
}

// dropArticle gives up what is too old of one article. What the place of the blobs
// cannot do is a problem of that blob; an error is one of the database.
func (s *Store) dropArticle(ctx context.Context, a agedArticle, d *Dropping) error {
	marked, err := s.markAged(ctx, a)
	for _, digest := range marked {
		if err != nil {
			break
		}
		var gone bool
		var fault error
		if fault, err = s.freeBase(ctx, digest); fault == nil && err == nil {
			gone, fault, err = s.deleteDropped(ctx, digest)
		}
		if fault != nil && ctx.Err() == nil && len(d.Problems) < MaxProblems {
			d.Problems = append(d.Problems, fmt.Sprintf("blob %s: %v", digest, fault))
		}
		d.Blobs += bit(gone)
		err = errors.Join(err, ctx.Err())
	}
	return err
}

// markAged is the first step.
func (s *Store) markAged(ctx context.Context, a agedArticle) (marked []news.Digest, err error) {
	err = s.write(ctx, fmt.Sprintf("article %d", a.id), func(t *tx) (err error) {
		if marked, err = list(ctx, t, scanDigest, agedBlobs(), a.id, micros(t.now)); err != nil {
			return err
		}
		why := fmt.Sprintf("raw captures of this source are kept for %s", days(a.keep))
		for _, d := range marked {
			_, err = t.ExecContext(ctx, `INSERT INTO dropped (digest, dropped_at, why, gone) VALUES ($1, $2, $3, 0) ON CONFLICT (digest) DO NOTHING`,
				d[:], micros(t.now), why)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return marked, err
}

// days is a time of keeping in words.
func days(d time.Duration) string {
	if n := d / (24 * time.Hour); d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d days", n)
	}
	return d.String()
}

// freeBase is the second step: it writes whole what rests on the blob.
func (s *Store) freeBase(ctx context.Context, base news.Digest) (fault, err error) {
	var resting []news.Digest
	err = s.read(ctx, "what rests on it", func(t *tx) (err error) {
		resting, err = list(ctx, t, scanDigest, `SELECT digest FROM blob_base WHERE base = $1`, base[:])
		return err
	})
	for _, d := range resting {
		if fault != nil || err != nil {
			break
		}
		if fault = s.makeWhole(ctx, d, base); fault != nil {
			continue
		}
		err = s.write(ctx, "free", func(t *tx) error {
			_, err := t.ExecContext(ctx, `DELETE FROM blob_base WHERE digest = $1 AND base = $2`, d[:], base[:])
			return err
		})
	}
	return fault, err
}

// makeWhole writes a blob whole if it rests on base. One that is not there rests
// on nothing; its writer, if there is one, looks again after writing.
func (s *Store) makeWhole(ctx context.Context, d, base news.Digest) error {
	on, err := s.blobs.Base(ctx, d)
	if errors.Is(err, blob.ErrNotFound) || err == nil && on != base {
		return nil
	}
	var data []byte
	if err == nil {
		data, err = s.blobs.Get(ctx, d)
	}
	if err == nil {
		err = s.blobs.Write(ctx, s.blobs.Whole(data))
	}
	if err != nil {
		return fmt.Errorf("it stays for %s: %w", d, err)
	}
	return nil
}

// deleteDropped is the third step. The transaction keeps away who would want the
// blob again; not gone when somebody did meanwhile.
func (s *Store) deleteDropped(ctx context.Context, d news.Digest) (gone bool, fault, err error) {
	err = s.write(ctx, "delete", func(t *tx) error {
		gone, fault = false, nil
		err := t.exec(ctx, `UPDATE dropped SET gone = 1 WHERE digest = $1 AND gone = 0
			AND NOT EXISTS (SELECT 1 FROM blob_base b WHERE b.base = $1)`, d[:])
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err == nil {
			_, err = t.ExecContext(ctx, `DELETE FROM blob_base WHERE digest = $1`, d[:])
		}
		if err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, dropTime)
		defer cancel()
		fault = s.blobs.Delete(limited, d)
		gone = fault == nil
		return fault
	})
	if fault != nil {
		err = nil
	}
	return gone, fault, err
}
