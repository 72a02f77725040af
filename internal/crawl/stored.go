package crawl

import "net/http"

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
