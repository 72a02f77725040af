package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Limits of the coders of differences.
const (
	// deltaCoders work at the same time, each with some 2 MB of memory; who comes
	// when all are at work waits.
	deltaCoders = 4
	// deltaWindow is the most bytes of base and text together that they take: the
	// fastest level remembers too few places of a longer base to find any again. What
	// is larger has a coder of its own, one at a time, which is not kept.
	deltaWindow = 256 << 10
	// MaxDelta is the most bytes of base and text together of a difference: beyond,
	// each version is a key frame. It bounds the memory of a coder.
	MaxDelta = 2 << 20
)

// A coder makes and reads differences: zstd frames whose raw dictionary is the
// text before. It is used by one at a time, again and again, for to make one costs
// more than a hundred frames.
type coder struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
	out bytes.Buffer
}

// newCoder makes a coder for so many bytes of base and text, at most MaxDelta.
func newCoder(window int) (*coder, error) {
	level := zstd.SpeedFastest // a higher one saves a few bytes and takes thrice the time
	if window > deltaWindow {
		level = zstd.SpeedBetterCompression
	}
	// No checksum of the frame: the digest of the text stands beside it.
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true), zstd.WithSingleSegment(true))
	if err != nil {
		return nil, err
	}
	dec, err := newDecoder()
	return &coder{enc: enc, dec: dec}, err
}

// newDecoder makes a decoder that gives no more than a text may have.
func newDecoder(o ...zstd.DOption) (*zstd.Decoder, error) {
	return zstd.NewReader(nil, append(o, zstd.WithDecoderMaxMemory(MaxContent), zstd.WithDecoderConcurrency(1))...)
}

// encode gives the frame of text over base, which has the id 0, so that any zstd
// can read it ("zstd -d -D base").
func (c *coder) encode(base, text []byte) ([]byte, error) {
	c.out.Reset()
	if err := c.enc.ResetWithOptions(&c.out, zstd.WithEncoderDictRaw(0, base)); err != nil {
		return nil, err
	}
	_, err := c.enc.Write(text)
	if err = errors.Join(err, c.enc.Close()); err != nil {
		return nil, err
	}
	return bytes.Clone(c.out.Bytes()), nil
}

func (c *coder) decode(base, body []byte) ([]byte, error) {
	if err := c.dec.ResetWithOptions(nil, zstd.WithDecoderDictRaw(0, base)); err != nil {
		return nil, err
	}
	return c.dec.DecodeAll(body, nil)
}

// close frees what the coder holds.
func (c *coder) close() { c.dec.Close() }

// coders are those of a store.
type coders struct {
	free  chan *coder // nil = not made yet
	large sync.Mutex
}

func newCoders() *coders {
	c := &coders{free: make(chan *coder, deltaCoders)}
	for range deltaCoders {
		c.free <- nil
	}
	return c
}

// use lends a coder for size bytes of base and text to f.
func (c *coders) use(size int, f func(*coder) error) (err error) {
	if size > deltaWindow {
		c.large.Lock()
		defer c.large.Unlock()
		x, err := newCoder(1 << bits.Len(uint(size)))
		if err != nil {
			return err
		}
		defer x.close()
		return f(x)
	}
	x := <-c.free
	defer func() { c.free <- x }()
	if x == nil {
		if x, err = newCoder(deltaWindow); err != nil {
			return err
		}
	}
	return f(x)
}

// encode gives the frame of text over base.
func (c *coders) encode(base, text []byte) (body []byte, err error) {
	err = c.use(len(base)+len(text), func(x *coder) (err error) {
		body, err = x.encode(base, text)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("encode a difference: %w", err)
	}
	return body, nil
}

// decode reads a frame over base. Its own size says little of what it holds, and
// a decoder needs no window for a base in memory, so any coder will do.
func (c *coders) decode(base, body []byte) (text []byte, err error) {
	err = c.use(0, func(x *coder) (err error) {
		text, err = x.decode(base, body)
		return err
	})
	return text, err
}

// close closes each coder once it is not at work; it may be called again.
func (c *coders) close() {
	for range deltaCoders {
		if x := <-c.free; x != nil {
			x.close()
		}
		c.free <- nil
	}
}
