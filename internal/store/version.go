package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"stet/internal/news"
)

// MaxContent is the largest content of a version, in bytes of its canonical
// form: news.MaxText of text that JSON escapes at its worst, and room beside.
const MaxContent = 8 << 20

// zstdJSON is the encoding number of bodies that are a zstd frame of the
// canonical form.
const zstdJSON = 0

// versionColumns are all but the text.
const versionColumns = `v.id, v.article_id, v.number, v.headline, v.digest, v.capture_id, v.extractor, n.first_at, n.last_at, n.sightings`

func versionInto(v *news.Version) []any {
	return []any{&v.ID, &v.ArticleID, &v.Number, &v.Content.Headline, bytes32{(*[32]byte)(&v.Digest)}, &v.CaptureID, &v.Extractor,
		when{&v.Seen.First}, when{&v.Seen.Last}, &v.Seen.Sightings}
}

// scanVersion reads versionColumns.
func scanVersion(r row) (v news.Version, err error) { return v, r.Scan(versionInto(&v)...) }

// version reads a version with its text; where is a condition on v.
func (t *tx) version(ctx context.Context, where string, args ...any) (news.Version, error) {
	scan := func(r row) (v news.Version, err error) {
		var encoding int
		var body []byte
		if err = r.Scan(append(versionInto(&v), &encoding, &body)...); err == nil {
			v.Content, err = t.s.decodeContent(encoding, body, v.Digest)
		}
		return v, err
	}
	return one(ctx, t, scan, `SELECT `+versionColumns+`, v.encoding, v.body FROM version v JOIN seen n ON n.version_id = v.id WHERE `+where, args...)
}

// decodeContent reads a body and checks that it is what was recorded.
func (s *Store) decodeContent(encoding int, body []byte, want news.Digest) (c news.Content, err error) {
	if encoding != zstdJSON {
		return c, fmt.Errorf("%w: unknown encoding %d", ErrDamaged, encoding)
	}
	text, err := s.dec.DecodeAll(body, nil)
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if news.Sum(text) != want {
		return c, fmt.Errorf("%w: it has another digest", ErrDamaged)
	}
	if err = json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return c, nil
}

// encoded is a text as it is written.
type encoded struct {
	digest, identity news.Digest
	words            int
	body             []byte
}

// encode makes the form of a version's text, and checks it against its digest
// and MaxContent.
func (s *Store) encode(v news.Version) (encoded, error) {
	text := v.Content.Canonical()
	if len(text) > MaxContent {
		return encoded{}, fmt.Errorf("content of %d bytes, more than %d", len(text), MaxContent)
	}
	digest := news.Sum(text)
	if !v.Digest.IsZero() && v.Digest != digest {
		return encoded{}, fmt.Errorf("digest %v is not that of the content, %v", v.Digest, digest)
	}
	return encoded{digest, v.Content.Identity(), words(v.Content), s.enc.EncodeAll(text, nil)}, nil
}

// versionRow and seenRow are compiled once (see hot.go).
const (
	versionRow = `INSERT INTO version (article_id, source_id, number, capture_id, digest, identity, headline, words, extractor, encoding, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`
	seenRow = `INSERT INTO seen (version_id, first_at, last_at, sightings) VALUES ($1, $2, $3, $4)`
)

// insertVersion records v and what it was seen by; its capture is in place.
func (t *tx) insertVersion(ctx context.Context, v news.Version, e encoded, sourceID int64) (id int64, err error) {
	id, err = t.id(ctx, versionRow, v.ArticleID, sourceID, v.Number, v.CaptureID, e.digest[:], e.identity[:], v.Content.Headline, e.words,
		v.Extractor, zstdJSON, e.body)
	if err != nil {
		return 0, err
	}
	_, err = t.ExecContext(ctx, seenRow, id, micros(v.Seen.First), micros(v.Seen.Last), v.Seen.Sightings)
	return id, err
}

// words counts the words of the body, as white space divides them.
func words(c news.Content) (n int) {
	for _, b := range c.Blocks {
		n += countFields(b.Text)
	}
	return n
}

// Version gives a version with its text; ErrNotFound when there is none. A text
// that is not what was recorded is an error.
func (s *Store) Version(ctx context.Context, id int64) (v news.Version, err error) {
	err = s.read(ctx, fmt.Sprintf("version %d", id), func(t *tx) (err error) {
		v, err = t.version(ctx, `v.id = $1`, id)
		return err
	})
	return v, err
}

// VersionByNumber is Version by its place in the history of an article.
func (s *Store) VersionByNumber(ctx context.Context, articleID int64, number int) (v news.Version, err error) {
	err = s.read(ctx, fmt.Sprintf("version %d of article %d", number, articleID), func(t *tx) (err error) {
		v, err = t.version(ctx, `v.article_id = $1 AND v.number = $2`, articleID, number)
		return err
	})
	return v, err
}

// ArticleVersions lists the versions of an article by number, without their
// texts: of the content only the headline is there.
func (s *Store) ArticleVersions(ctx context.Context, id int64) (vs []news.Version, err error) {
	err = s.read(ctx, fmt.Sprintf("versions of article %d", id), func(t *tx) (err error) {
		vs, err = list(ctx, t, scanVersion, `SELECT `+versionColumns+` FROM version v JOIN seen n ON n.version_id = v.id
			WHERE v.article_id = $1 ORDER BY v.number`, id)
		return err
	})
	return vs, err
}

// CountIdentity counts the versions of the article that have this text (see
// news.Content.Identity) and were last seen at or after since, and gives the
// number of the newest of them; -1 when there is none.
func (s *Store) CountIdentity(ctx context.Context, articleID int64, identity news.Digest, since time.Time) (n, number int, err error) {
	from := int64(0)
	if since.After(time.UnixMicro(0)) {
		from = since.UnixMicro()
	}
	err = s.read(ctx, fmt.Sprintf("count texts of article %d", articleID), func(t *tx) error {
		return t.QueryRowContext(ctx, `SELECT count(*), coalesce(max(v.number), -1) FROM version v JOIN seen n ON n.version_id = v.id
			WHERE v.article_id = $1 AND v.identity = $2 AND n.last_at >= $3`, articleID, identity[:], from).Scan(&n, &number)
	})
	return n, number, err
}
