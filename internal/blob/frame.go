package blob

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/klauspost/compress/zstd"

	"stet/internal/news"
)

// The skippable frame before a frame that rests on a base; see the package
// comment.
const (
	noteMagic = 0x184D2A53
	noteMark  = "stet"
	noteSize  = 8 + len(noteMark) + len(news.Digest{}) + 1
)

// A note tells what a frame rests on. The zero note is that of a whole one.
type note struct {
	base  news.Digest
	depth int // bases below: 0, or 1 to MaxDepth
}

// appendTo writes the skippable frame.
func (n note) appendTo(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, noteMagic)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(noteSize-8))
	dst = append(dst, noteMark...)
	dst = append(dst, n.base[:]...)
	return append(dst, byte(n.depth))
}

// readNote splits an object into its note and its frame. Anything that does not
// begin with a note of ours is a whole frame, whatever else it is.
func readNote(object []byte) (note, []byte, error) {
	head := binary.LittleEndian.AppendUint32(nil, noteMagic)
	if !bytes.HasPrefix(object, head) {
		return note{}, object, nil
	}
	if len(object) < noteSize || binary.LittleEndian.Uint32(object[4:]) != uint32(noteSize-8) || string(object[8:12]) != noteMark {
		return note{}, nil, fmt.Errorf("%w: what it says of its base cannot be read", ErrDamaged)
	}
	n := note{depth: int(object[noteSize-1])}
	copy(n.base[:], object[12:])
	if n.depth < 1 || n.depth > MaxDepth || n.base.IsZero() {
		return note{}, nil, fmt.Errorf("%w: depth %d, want 1 to %d", ErrDamaged, n.depth, MaxDepth)
	}
	return n, object[noteSize:], nil
}

// encodeOn makes the frame of data with base as raw dictionary. The window holds
// both, so that the whole base can be referred to; of one beyond some 4 MiB the
// encoder forgets parts, which costs bytes and no more.
func encodeOn(data, base []byte) ([]byte, error) {
	window := max(zstd.MinWindowSize, 1<<bits.Len(uint(len(data)+len(base))))
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDictRaw(0, base), zstd.WithWindowSize(window),
		zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return enc.EncodeAll(data, nil), enc.Close()
}

// decodeOn reads a frame that rests on base.
func decodeOn(frame, base []byte) ([]byte, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderDictRaw(0, base), zstd.WithDecoderMaxMemory(MaxBlob), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	return dec.DecodeAll(frame, nil)
}
