package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"stet/internal/news"
)

// Rules of the chains of texts. A chain begins with a key frame, which stands for
// itself, and goes on with differences, each against the version before. All
// frames are zstd (RFC 8878) of the canonical form (news.Content.Canonical).
const (
	// MaxChain is the most versions of a chain, the key frame among them: no text
	// takes more than so many rows to read.
	MaxChain = 16
	// maxDelta is the most that a difference may take, in percent of what a key
	// frame would: beyond, it is not worth what it costs to read.
	maxDelta = 60
	// smallDelta: a difference that takes not even this part of the text, in
	// percent, is not measured against a key frame, for texts hardly ever pack to
	// so little.
	smallDelta = 8
)

// The numbers of encodings, in the database for ever.
const (
	encodedPlain      = 0 // key frame without a dictionary
	encodedDictionary = 1 // key frame with a trained dictionary, named by the row
	encodedDelta      = 2 // difference: the version before is the raw dictionary, with the id 0
)

// A frame is a text as a row has it.
type frame struct {
	encoding   int
	dictionary int64 // 0 = none
	body       []byte
}

// A link is a version's text as it is stored.
type link struct {
	frame
	id, articleID int64
	number        int
	digest        news.Digest
	extractor     string
}

const linkColumns = `v.id, v.article_id, v.number, v.digest, v.extractor, v.encoding, coalesce(v.dictionary, 0), v.body`

func linkInto(x *link) []any {
	return []any{&x.id, &x.articleID, &x.number, bytes32{(*[32]byte)(&x.digest)}, &x.extractor, &x.encoding, &x.dictionary, &x.body}
}

func scanLink(r row) (x link, err error) { return x, r.Scan(linkInto(&x)...) }

// Queries of a chain. They take an article and a number; linksBefore moreover the
// number after which it ends.
const (
	linkOf      = `SELECT ` + linkColumns + ` FROM version v WHERE v.article_id = $1 AND v.number = $2`
	linksBefore = `SELECT ` + linkColumns + ` FROM version v WHERE v.article_id = $1 AND v.number < $2 AND v.number > $3 ORDER BY v.number DESC`
)

// A damage is ErrDamaged with what is wrong.
type damage string

func damaged(format string, args ...any) error { return damage(fmt.Sprintf(format, args...)) }

// Error begins with that of ErrDamaged.
func (d damage) Error() string { return ErrDamaged.Error() + ": " + string(d) }

// Unwrap tells that it is ErrDamaged.
func (d damage) Unwrap() error { return ErrDamaged }

// restsOn says of a text that the version of that id, on which it rests, has the
// damage.
func restsOn(id int64, d damage) error {
	return damaged("rests on version %d, which is damaged: %s", id, string(d))
}

// links gives the chain up to x, from its key frame on. One that is broken begins
// with a difference.
func (t *tx) links(ctx context.Context, x link) (chain []link, err error) {
	chain = []link{x}
	if x.encoding != encodedDelta {
		return chain, nil
	}
	rows, err := t.QueryContext(ctx, linksBefore, x.articleID, x.number, x.number-MaxChain)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() && chain[0].encoding == encodedDelta {
		before, err := scanLink(rows)
		if err != nil {
			return nil, err
		}
		if before.number != chain[0].number-1 {
			break
		}
		chain = append([]link{before}, chain...)
	}
	return chain, rows.Err()
}

// text reads the text of x, as its canonical form, and checks it against its
// digest; length is that of the chain up to it. What cannot be read is ErrDamaged,
// with the reason.
func (t *tx) text(ctx context.Context, x link) (text []byte, length int, err error) {
	chain, err := t.links(ctx, x)
	if err != nil {
		return nil, 0, err
	}
	// The digest of the last text vouches for all before it; only when it does not
	// fit they are looked at one by one.
	text, err = t.unroll(ctx, chain, false)
	if err == nil && news.Sum(text) != x.digest {
		_, err = t.unroll(ctx, chain, true)
	}
	return text, len(chain), err
}

// unroll reads a chain; with check it stops at the first link that has another
// digest.
func (t *tx) unroll(ctx context.Context, chain []link, check bool) (text []byte, err error) {
	for i, x := range chain {
		text, err = t.open(ctx, x.frame, text)
		if err == nil && check && news.Sum(text) != x.digest {
			err = damaged("it has another digest")
		}
		if d := damage(""); i < len(chain)-1 && errors.As(err, &d) {
			err = restsOn(x.id, d)
		}
		if err != nil {
			return nil, err
		}
	}
	return text, nil
}

// open reads one frame; base is the text before, nil when there is none.
func (t *tx) open(ctx context.Context, f frame, base []byte) ([]byte, error) {
	if f.encoding != encodedDictionary {
		return t.s.openFrame(f, base, nil)
	}
	d, err := t.dictionary(ctx, f.dictionary)
	if err != nil {
		return nil, err
	}
	return t.s.openFrame(f, base, d)
}

// openFrame is open, with the dictionary of the frame.
func (s *Store) openFrame(f frame, base []byte, d *dictionary) (text []byte, err error) {
	switch f.encoding {
	case encodedPlain:
		text, err = s.dec.DecodeAll(f.body, nil)
	case encodedDictionary:
		if d == nil {
			return nil, damaged("frame: dictionary %d is missing or damaged", f.dictionary)
		}
		text, err = d.dec.DecodeAll(f.body, nil)
	case encodedDelta:
		if base == nil {
			return nil, damaged("frame: the version before is missing")
		}
		text, err = s.coders.decode(base, f.body)
	default:
		return nil, damaged("frame: unknown encoding %d", f.encoding)
	}
	if err != nil {
		return nil, damaged("frame: %v", err)
	}
	return text, nil
}

// A chain encodes the versions of one article in order. It remembers the text of
// the one before, so that a whole history is encoded without reading it back.
// It is used by one at a time.
type chain struct {
	s          *Store
	dictionary *dictionary // for key frames; nil = none
	text       []byte      // canonical form of the version before; nil = none, or not to be built on
	length     int         // of the chain that ends with it
	extractor  string      // that read it
}

// encode gives the next version as it is written. A version that cannot be encoded
// leaves the chain as it was.
func (c *chain) encode(v news.Version) (encoded, error) {
	e, text, err := prepare(v)
	if err != nil {
		return e, err
	}
	if e.frame, err = c.next(text, v.Extractor); err != nil {
		return e, err
	}
	if e.encoding != encodedDelta {
		c.length = 0
	}
	c.text, c.extractor, c.length = text, v.Extractor, c.length+1
	return e, nil
}

// next gives the frame of the text: a difference where the rules of chains allow
// one, else a key frame. It was read back before it is given.
func (c *chain) next(text []byte, extractor string) (frame, error) {
	if c.text == nil || c.length >= MaxChain || c.extractor != extractor || len(c.text)+len(text) > MaxDelta {
		return c.keyFrame(text)
	}
	body, err := c.s.coders.encode(c.text, text)
	if err != nil {
		return frame{}, err
	}
	delta := frame{encoding: encodedDelta, body: body}
	if !c.s.readsBack(delta, text, c.text, nil) {
		return c.keyFrame(text)
	}
	if len(body)*100 <= len(text)*smallDelta {
		return delta, nil
	}
	key, err := c.keyFrame(text)
	if err != nil || !deltaPays(len(body), len(key.body)) {
		return key, err
	}
	return delta, nil
}

// deltaPays reports whether a difference of so many bytes is better than a key
// frame of so many.
func deltaPays(delta, key int) bool { return delta*100 <= key*maxDelta }

// keyFrame gives a frame that stands for itself; without the dictionary when that
// does not do.
func (c *chain) keyFrame(text []byte) (frame, error) {
	if d := c.dictionary; d != nil {
		f := frame{encodedDictionary, d.id, d.enc.EncodeAll(text, nil)}
		if c.s.readsBack(f, text, nil, d) {
			return f, nil
		}
	}
	f := frame{encoding: encodedPlain, body: c.s.enc.EncodeAll(text, nil)}
	if !c.s.readsBack(f, text, nil, nil) {
		return f, errors.New("the text does not read back from its frame")
	}
	return f, nil
}

// readsBack reports whether the frame gives the text: what is not right is never
// written.
func (s *Store) readsBack(f frame, text, base []byte, d *dictionary) bool {
	back, err := s.openFrame(f, base, d)
	return err == nil && bytes.Equal(back, text)
}

// chain gives the chain of an article, to go on with the version of that number
// and language. A text before it that cannot be read is not built on.
func (t *tx) chain(ctx context.Context, articleID int64, number int, language string) (*chain, error) {
	c := &chain{s: t.s}
	var err error
	if c.dictionary, err = t.newestDictionary(ctx, language); err != nil || number == 0 {
		return c, err
	}
	before, err := one(ctx, t, scanLink, linkOf, articleID, number-1)
	if err == nil {
		c.extractor = before.extractor
		c.text, c.length, err = t.text(ctx, before)
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDamaged) {
		return &chain{s: t.s, dictionary: c.dictionary}, nil
	}
	return c, err
}

// encodeNext encodes a version to come after those that the article has now.
// Versions are never altered, and the number of the new one is checked when it is
// recorded; so what it builds on here is what it builds on then.
func (s *Store) encodeNext(ctx context.Context, articleID int64, v news.Version) (e encoded, err error) {
	var c *chain
	err = s.read(ctx, "text before", func(t *tx) (err error) {
		c, err = t.chain(ctx, articleID, v.Number, v.Content.Language)
		return err
	})
	if err != nil {
		return e, err
	}
	return c.encode(v)
}

// A walk reads the texts of articles in the order of their chains, each frame once.
type walk struct {
	before link // whose text is at hand; id 0 = none
	text   []byte
}

// next gives the content of the next version.
func (w *walk) next(ctx context.Context, t *tx, x link) (c news.Content, err error) {
	var text []byte
	follows := x.encoding == encodedDelta && w.before.id != 0 && w.before.articleID == x.articleID && w.before.number == x.number-1
	if follows {
		text, err = t.open(ctx, x.frame, w.text)
	}
	if !follows || err != nil || news.Sum(text) != x.digest {
		text, _, err = t.text(ctx, x)
	}
	if err != nil {
		return c, fmt.Errorf("version %d of article %d: %w", x.number, x.articleID, err)
	}
	w.before, w.text = x, text
	return parseContent(text, x.digest)
}
