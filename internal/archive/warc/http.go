package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
)

// MaxHTTPHeader is the most bytes of the header of an HTTP message in a block.
const MaxHTTPHeader = 1 << 20

// A Response is an HTTP response as a block has it.
type Response struct {
	Status     int
	StatusLine string // "200 OK"
	Proto      string // "HTTP/1.1"
	Header     http.Header
	Body       []byte // with its Content-Encoding, without transfer codings
	Cut        string // why the body is not whole; empty = it is, as far as can be told
}

// ParseResponse takes the block of a response, or of a revisit, apart. It is
// lenient in what old servers and old archives differ in: line ends without CR,
// lines that are no field, a coding in the header that the body has not. The error
// says why it is no HTTP response at all.
func ParseResponse(block []byte) (Response, error) {
	head, body := splitHead(block)
	if len(head) > MaxHTTPHeader {
		return Response{}, fmt.Errorf("http header of more than %d bytes", MaxHTTPHeader)
	}
	line, rest, _ := bytes.Cut(head, []byte("\n"))
	r, err := parseStatus(strings.TrimSpace(string(line)))
	if err != nil {
		return r, err
	}
	r.Header = http.Header(parseFields(rest))
	r.Body = body
	if strings.Contains(strings.ToLower(r.Header.Get("Transfer-Encoding")), "chunked") {
		r.unchunk()
	} else if n, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64); err == nil &&
		n > int64(len(body)) && len(body) > 0 && r.Header.Get("Content-Encoding") == "" { // else the archive may have unpacked it
		r.Cut = fmt.Sprintf("%d of %d bytes", len(body), n)
	}
	r.Header.Del("Transfer-Encoding")
	return r, nil
}

// splitHead parts a message at its first empty line.
func splitHead(block []byte) (head, body []byte) {
	for at := 0; ; {
		i := bytes.IndexByte(block[at:], '\n')
		if i < 0 {
			return block, nil
		}
		line := block[at : at+i]
		if at += i + 1; len(bytes.TrimRight(line, "\r")) == 0 {
			return block[:at], block[at:]
		}
	}
}

func parseStatus(line string) (r Response, err error) {
	proto, status, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(proto, "HTTP/") {
		return r, fmt.Errorf("no http response: begins with %.20q", line)
	}
	status = strings.TrimSpace(status)
	number, _, _ := strings.Cut(status, " ")
	if r.Status, err = strconv.Atoi(number); err != nil || r.Status < 100 || r.Status > 999 {
		return r, fmt.Errorf("http status %.20q is none", status)
	}
	r.Proto, r.StatusLine = proto, status
	return r, nil
}

// unchunk undoes the chunked coding if the body has it. A body that begins with no
// chunk was unpacked by the archive.
func (r *Response) unchunk() {
	size, _, ok := bytes.Cut(r.Body, []byte("\n"))
	size, _, _ = bytes.Cut(size, []byte(";"))
	if _, err := strconv.ParseUint(strings.TrimSpace(string(size)), 16, 32); err != nil || !ok {
		return
	}
	body, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(r.Body)))
	switch {
	case err == nil:
		r.Body = body
	case errors.Is(err, io.ErrUnexpectedEOF):
		r.Body, r.Cut = body, "the last chunk is missing"
	}
}
