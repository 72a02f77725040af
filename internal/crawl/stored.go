package crawl

import "net/http"

// Decode undoes the Content-Encoding of a body that was kept as it was sent,
// within the limits of a fetch.
func Decode(wire []byte, contentEncoding string) ([]byte, error) {
	h := http.Header{"Content-Encoding": {contentEncoding}}
	return decode(wire, encodings(h), MaxDecoded)
}
