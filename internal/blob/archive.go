package blob

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"

	"stet/internal/news"
)

// When a blob is kept as what differs from another.
const (
	// MaxDepth is the most bases below a blob: so many objects more are read to
	// read it.
	MaxDepth = 8
	// MaxShare is the share of its whole form below which the form on a base is
	// kept. A base must not be deleted before what rests on it, which has a price
	// that a little gain does not pay.
	MaxShare = 0.6
)

// ending is that of the names of objects; an object without it is plain.
const ending = ".zst"

// An Archive keeps blobs in a Store. It is safe for concurrent use.
type Archive struct {
	store Store
	enc   *zstd.Encoder
	dec   *zstd.Decoder
}

// NewArchive keeps blobs in s.
func NewArchive(s Store) (*Archive, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxBlob), zstd.WithDecoderConcurrency(0))
	if err != nil {
		return nil, errors.Join(err, enc.Close())
	}
	return &Archive{s, enc, dec}, nil
}

// Close frees memory; the Store needs none.
func (a *Archive) Close() error {
	a.dec.Close()
	return a.enc.Close()
}

// Name is the name of the object that the blob is written to.
func Name(d news.Digest) string { return plainName(d) + ending }

// plainName spreads objects over 256 folders.
func plainName(d news.Digest) string {
	name := d.String()
	if name == "" { // the absent digest names nothing
		name = strings.Repeat("0", 2*len(d))
	}
	return name[:2] + "/" + name
}

// A Draft is a blob in the form that it is to be written in. Between making and
// writing it the caller may note down that the base is needed.
type Draft struct {
	Digest news.Digest
	Base   news.Digest // what it rests on; zero = nothing
	Stored bool        // it is there already, whole and on that base

	object []byte
}

// Size is how many bytes Write writes.
func (d Draft) Size() int { return len(d.object) }

// Draft finds the form of a blob of at most MaxBlob bytes (ErrTooLarge). like is
// a blob that it may resemble, zero for none; it is read, and may be missing. A
// blob that is there and whole stays in the form that it has, a damaged one is
// made anew.
func (a *Archive) Draft(ctx context.Context, data []byte, like news.Digest) (Draft, error) {
	d := Draft{Digest: news.Sum(data)}
	if len(data) > MaxBlob {
		return d, fmt.Errorf("blob %s: %d bytes, more than %d: %w", d.Digest, len(data), MaxBlob, ErrTooLarge)
	}
	if err := ctx.Err(); err != nil {
		return d, fmt.Errorf("blob %s: %w", d.Digest, err)
	}
	if _, n, err := a.read(ctx, d.Digest, MaxDepth+1); err == nil {
		d.Base, d.Stored = n.base, true
		return d, nil
	}
	return a.compress(ctx, d, data, like)
}

// Whole is a Draft that rests on nothing, whatever is there.
func (a *Archive) Whole(data []byte) Draft {
	return Draft{Digest: news.Sum(data), object: a.enc.EncodeAll(data, nil)}
}

func (a *Archive) compress(ctx context.Context, d Draft, data []byte, like news.Digest) (Draft, error) {
	d.object = a.enc.EncodeAll(data, nil)
	if like.IsZero() || like == d.Digest {
		return d, nil
	}
	base, n, err := a.read(ctx, like, MaxDepth+1)
	if err != nil || n.depth >= MaxDepth { // a base that cannot be read is not used
		return d, ctx.Err()
	}
	frame, err := encodeOn(data, base)
	if err != nil {
		return d, fmt.Errorf("blob %s on %s: %w", d.Digest, like, err)
	}
	if float64(noteSize+len(frame)) < MaxShare*float64(len(d.object)) {
		d.Base = like
		d.object = append(note{like, n.depth + 1}.appendTo(nil), frame...)
	}
	return d, nil
}

// Write writes a Draft; it is durable when Write returns nil.
func (a *Archive) Write(ctx context.Context, d Draft) error {
	if !d.Stored {
		return a.store.Put(ctx, Name(d.Digest), d.object)
	}
	return a.store.Settle(ctx, Name(d.Digest))
}

// Put is Draft and Write.
func (a *Archive) Put(ctx context.Context, data []byte, like news.Digest) (Draft, error) {
	d, err := a.Draft(ctx, data, like)
	if err == nil {
		err = a.Write(ctx, d)
	}
	return d, err
}

// Get gives the bytes of that name. ErrNotFound; ErrDamaged when they are not
// what the name says, or what they rest on is missing or damaged.
func (a *Archive) Get(ctx context.Context, d news.Digest) ([]byte, error) {
	data, _, err := a.read(ctx, d, MaxDepth+1)
	return data, err
}

// read also tells what the blob rests on. It must be less deep than below, which
// ends the reading whatever objects say of each other.
func (a *Archive) read(ctx context.Context, d news.Digest, below int) ([]byte, note, error) {
	object, plain, err := a.object(ctx, d)
	if err != nil {
		return nil, note{}, err
	}
	if plain {
		return checked(d, object, note{})
	}
	n, frame, err := readNote(object)
	if err == nil && n.depth >= below {
		err = fmt.Errorf("%w: its depth is %d, want less than %d", ErrDamaged, n.depth, below)
	}
	if err != nil {
		return nil, n, err
	}
	data, err := a.decode(ctx, n, frame)
	if err != nil {
		return nil, n, err
	}
	return checked(d, data, n)
}

// decode reads a frame, and first what it rests on.
func (a *Archive) decode(ctx context.Context, n note, frame []byte) (data []byte, err error) {
	if n.depth == 0 {
		data, err = a.dec.DecodeAll(frame, nil)
	} else {
		base, _, baseErr := a.read(ctx, n.base, n.depth)
		switch {
		case errors.Is(baseErr, ErrNotFound):
			return nil, fmt.Errorf("%w: it rests on %s, which is missing", ErrDamaged, n.base)
		case baseErr != nil:
			return nil, fmt.Errorf("it rests on %s: %w", n.base, baseErr)
		}
		data, err = decodeOn(frame, base)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return data, nil
}

func checked(d news.Digest, data []byte, n note) ([]byte, note, error) {
	if news.Sum(data) != d {
		return nil, n, fmt.Errorf("%w: its bytes have another digest", ErrDamaged)
	}
	return data, n, nil
}

// object reads the object of a blob, whichever of its two names it has.
func (a *Archive) object(ctx context.Context, d news.Digest) (object []byte, plain bool, err error) {
	object, err = a.store.Get(ctx, Name(d))
	if !errors.Is(err, ErrNotFound) {
		return object, false, err
	}
	object, err = a.store.Get(ctx, plainName(d))
	return object, true, err
}

// Base is what the object of a blob says that it rests on, zero for nothing;
// ErrNotFound when there is no blob of that name.
func (a *Archive) Base(ctx context.Context, d news.Digest) (news.Digest, error) {
	object, plain, err := a.object(ctx, d)
	if err != nil || plain {
		return news.Digest{}, err
	}
	n, _, err := readNote(object)
	return n.base, err
}

// Has reports whether there is an object for the blob; it is not read.
func (a *Archive) Has(ctx context.Context, d news.Digest) (bool, error) {
	for _, name := range []string{Name(d), plainName(d)} {
		if found, err := a.store.Has(ctx, name); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// Delete removes a blob. What rests on it cannot be read any more: see Whole.
func (a *Archive) Delete(ctx context.Context, d news.Digest) error {
	return errors.Join(a.store.Delete(ctx, Name(d)), a.store.Delete(ctx, plainName(d)))
}

// Each calls f with every object and the digest that its name claims; a zero
// digest for objects that are none of ours.
func (a *Archive) Each(ctx context.Context, f func(name string, d news.Digest) error) error {
	return a.store.Each(ctx, func(name string, _ int64) error {
		_, file, _ := strings.Cut(name, "/")
		d, err := news.ParseDigest(strings.TrimSuffix(file, ending))
		if err != nil || name != Name(d) && name != plainName(d) {
			d = news.Digest{}
		}
		return f(name, d)
	})
}
