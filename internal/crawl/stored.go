package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Decode undoes the Content-Encoding of a body that was kept as it was sent,
// within the limits of an article. Several Content-Encoding headers are joined
// by commas. The error says what is wrong with the body; it may be cut short,
// for one.
func Decode(wire []byte, contentEncoding string) ([]byte, error) {
	h := http.Header{"Content-Encoding": {contentEncoding}}
	body, err := decode(wire, encodings(h), MaxDecoded)
	if err != nil {
		return nil, err
	}
	return body, nil
}

// Unpack decodes the body of a fetch whose Wire came from elsewhere than the network:
// it sets Body, or the failure. Archives may have decoded a body and kept its
// Content-Encoding; where it begins like a page of text and cannot be decoded, the
// coding is taken out of the header.
func Unpack(f *Fetch) {
	var err error
	if len(f.Wire) > MaxWire {
		f.fail(FailTooLarge, fmt.Sprintf("body of %d bytes, over %d", len(f.Wire), MaxWire))
		return
	}
	f.Body, err = decode(f.Wire, encodings(f.Header), MaxDecoded)
	if errors.Is(err, errEncoding) && bytes.HasPrefix(bytes.TrimLeft(f.Wire, "\ufeff \t\r\n"), []byte("<")) {
		f.Header = f.Header.Clone()
		f.Header.Del("Content-Encoding")
		f.Body, err = f.Wire, nil
	}
	if err != nil {
		f.fail(bodyFailure(context.Background(), err))
	}
}
