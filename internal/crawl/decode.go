package crawl

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// Limits of a body.
const (
	MaxWire        = 10_000_000 // bytes as sent
	MaxDecoded     = 20_000_000 // bytes after decoding
	MaxFeed        = 5_000_000  // bytes of a feed after decoding
	MaxSitemap     = 50_000_000 // bytes of a sitemap, as sent and after decoding: its own standard's limit
	MaxRatio       = 200        // decoded bytes per sent byte, beyond the first RatioFree
	RatioFree      = 1_000_000  // decoded bytes that may have come from any number of sent bytes
	MaxZstdWindow  = 8 << 20    // RFC 9659
	MaxEncodings   = 2          // encodings on top of each other
	acceptEncoding = "gzip, br, zstd"
)

var (
	errTooLarge = errors.New("body is too large")
	errRatio    = errors.New("body expands too much")
	errEncoding = errors.New("body cannot be decoded")
)

// encodings lists the Content-Encoding of a header in the order in which they
// were applied, identity left out.
func encodings(h http.Header) []string {
	var list []string
	for _, line := range h.Values("Content-Encoding") {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if name != "" && name != "identity" {
				list = append(list, name)
			}
		}
	}
	return list
}

// decode undoes the encodings of a body, giving at most limit bytes. Errors
// wrap errTooLarge, errRatio, errEncoding or io.ErrUnexpectedEOF; with
// errTooLarge the first limit bytes are returned. No encoding: the wire bytes
// themselves, not a copy.
func decode(wire []byte, names []string, limit int64) ([]byte, error) {
	if len(names) > MaxEncodings {
		return nil, fmt.Errorf("%w: %d encodings on top of each other", errEncoding, len(names))
	}
	if len(wire) == 0 {
		return nil, nil
	}
	if len(names) == 0 {
		if int64(len(wire)) > limit {
			return wire[:limit], fmt.Errorf("%w: over %d bytes", errTooLarge, limit)
		}
		return wire, nil
	}
	var r io.Reader = bytes.NewReader(wire)
	for i := len(names) - 1; i >= 0; i-- { // the last one applied comes off first
		layer, err := newLayer(names[i], r)
		if err != nil {
			return nil, err
		}
		defer layer.Close()
		// Every layer has the limits: a bomb may hide below one that shrinks.
		r = &bounded{r: layer, name: names[i], limit: limit, free: max(RatioFree, MaxRatio*int64(len(wire)))}
	}
	data, err := io.ReadAll(r)
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, err
	}
	return data, err
}

// newLayer opens the decoder of one encoding.
func newLayer(name string, r io.Reader) (io.ReadCloser, error) {
	switch name {
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, decodeError(name, err)
		}
		return z, nil
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(MaxZstdWindow),
			zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, decodeError(name, err)
		}
		return z.IOReadCloser(), nil
	}
	return nil, fmt.Errorf("%w: content-encoding %q is unknown", errEncoding, clip(name, 40))
}

// decodeError names the layer, and keeps apart what ended early from what is
// wrong, and our own limits from both.
func decodeError(name string, err error) error {
	switch {
	case errors.Is(err, errTooLarge), errors.Is(err, errRatio), errors.Is(err, errEncoding):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%s: %w", name, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("%w: %s: %w", errEncoding, name, err)
}

// bounded is a decoder that stops at the limits of size and ratio.
type bounded struct {
	r     io.Reader
	name  string
	limit int64 // bytes that may come out
	free  int64 // bytes that may come out before the ratio counts
	n     int64 // bytes that came out
}

// Read gives no byte beyond the limits: those before them are good.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if over := b.n - min(b.limit, b.free); over > 0 {
		b.n -= over
		n -= int(over)
		if b.free < b.limit {
			return n, fmt.Errorf("%w: %s: more than %d:1", errRatio, b.name, MaxRatio)
		}
		return n, fmt.Errorf("%w: over %d bytes", errTooLarge, b.limit)
	}
	if err != nil && err != io.EOF {
		err = decodeError(b.name, err)
	}
	return n, err
}
