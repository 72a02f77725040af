package store

import (
	"context"
	"fmt"

	"stet/internal/news"
)

// captureColumns: a capture that made a version is named by the version, one
// that showed it again names it itself; so neither row is ever updated.
const captureColumns = `c.id, c.article_id, c.url, c.final_url, c.at, c.outcome, c.reason, c.status, c.header, c.wire_size, c.raw,
	c.encoding, c.remote_addr, c.extractor, c.model, c.screenshot, coalesce(c.shown, (SELECT v.id FROM version v WHERE v.capture_id = c.id), 0)`

func scanCapture(r row) (c news.Capture, err error) {
	return c, r.Scan(&c.ID, &c.ArticleID, &c.URL, &c.FinalURL, when{&c.At}, &c.Outcome, &c.Reason, &c.Status, &c.Header, &c.WireSize,
		bytes32{(*[32]byte)(&c.Raw)}, &c.Encoding, &c.RemoteAddr, &c.Extractor,
		&c.Model, bytes32{(*[32]byte)(&c.Screenshot)}, &c.VersionID)
}

// insertCapture records a capture that showed the version shown, 0 for none. Its
// bytes cannot be given up from here on; ErrNotFound when they were just now.
func (t *tx) insertCapture(ctx context.Context, articleID int64, c news.Capture, shown int64) (int64, error) {
	if !c.Raw.IsZero() {
		gone, err := t.claimBlob(ctx, c.Raw)
		if err == nil && gone {
			err = fmt.Errorf("blob %s: %w", c.Raw, ErrNotFound)
		}
		if err != nil {
			return 0, err
		}
	}
	return t.id(ctx, `INSERT INTO capture (article_id, url, final_url, at, outcome, reason, status, header, wire_size, raw,
		encoding, remote_addr, extractor, model, screenshot, shown)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`,
		articleID, c.URL, c.FinalURL, micros(c.At), c.Outcome, c.Reason, c.Status, c.Header, c.WireSize, blob32(c.Raw),
		c.Encoding, c.RemoteAddr, c.Extractor, c.Model, blob32(c.Screenshot), optional(shown))
}

// Captures lists the newest captures of an article first, at most limit.
func (s *Store) Captures(ctx context.Context, articleID int64, limit int) (cs []news.Capture, err error) {
	err = s.read(ctx, fmt.Sprintf("captures of article %d", articleID), func(t *tx) (err error) {
		cs, err = list(ctx, t, scanCapture, `SELECT `+captureColumns+` FROM capture c WHERE c.article_id = $1 ORDER BY c.id DESC LIMIT $2`,
			articleID, max(limit, 0))
		return err
	})
	return cs, err
}

// CaptureOf gives the capture of that id, as Version.CaptureID names it;
// ErrNotFound when there is none.
func (s *Store) CaptureOf(ctx context.Context, captureID int64) (c news.Capture, err error) {
	err = s.read(ctx, fmt.Sprintf("capture %d", captureID), func(t *tx) (err error) {
		c, err = one(ctx, t, scanCapture, `SELECT `+captureColumns+` FROM capture c WHERE c.id = $1`, captureID)
		return err
	})
	return c, err
}

// capturesWithRaw takes source, id, limit. So written, the order of the captures
// leads, and not the articles of the source.
const capturesWithRaw = `SELECT ` + captureColumns + ` FROM capture c WHERE c.id > $2 AND c.raw IS NOT NULL
	AND (SELECT a.source_id FROM article a WHERE a.id = c.article_id) = $1 ORDER BY c.id LIMIT $3`

// CapturesWithRaw lists the captures of a source whose bodies are kept, after
// that id, in the order of their ids, at most n: a walk over all that can be
// extracted anew goes on from the last id that it got.
func (s *Store) CapturesWithRaw(ctx context.Context, sourceID, afterID int64, n int) (cs []news.Capture, err error) {
	err = s.read(ctx, fmt.Sprintf("captures of source %d", sourceID), func(t *tx) (err error) {
		cs, err = list(ctx, t, scanCapture, capturesWithRaw, sourceID, afterID, max(n, 0))
		return err
	})
	return cs, err
}

// blobsNamed gives the digests of all blobs that captures name.
func (t *tx) blobsNamed(ctx context.Context) ([]news.Digest, error) {
	return list(ctx, t, scanDigest,
		`SELECT raw FROM capture WHERE raw IS NOT NULL UNION SELECT screenshot FROM capture WHERE screenshot IS NOT NULL`)
}
