package warc

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"
)

// A Writer writes a WARC/1.1 file, a gzip member for each record. It is not safe for
// concurrent use.
type Writer struct {
	w io.Writer
	z *gzip.Writer // nil = plain
}

// NewWriter writes to w; packed in gzip, or plain.
func NewWriter(w io.Writer, packed bool) *Writer {
	x := &Writer{w: w}
	if packed {
		x.z = gzip.NewWriter(w)
	}
	return x
}

// An Exchange names what was asked for, when, and from where.
type Exchange struct {
	Target string
	Date   time.Time
	IP     string // empty = not known
}

// Info writes the record that begins a file: who made it, by "name: value" lines.
func (w *Writer) Info(date time.Time, lines ...string) error {
	body := strings.Join(lines, "\r\n") + "\r\n"
	_, err := w.record(TypeInfo, "application/warc-fields", Exchange{Date: date}, []byte(body))
	return err
}

// Response writes an HTTP response as it came: status line, fields, body. It gives
// the digest of the body, which a later revisit names.
func (w *Writer) Response(x Exchange, message []byte) (payload string, err error) {
	_, body := splitHead(message)
	payload = digest(body)
	_, err = w.record(TypeResponse, "application/http;msgtype=response", x, message, "WARC-Payload-Digest: "+payload)
	return payload, err
}

// Request writes an HTTP request as it was sent.
func (w *Writer) Request(x Exchange, message []byte) error {
	_, err := w.record(TypeRequest, "application/http;msgtype=request", x, message)
	return err
}

// Revisit writes that a response, of which head is the status line and the fields,
// was that of an earlier exchange: its body had the same digest, or the server said
// that nothing was modified (status 304).
func (w *Writer) Revisit(x, earlier Exchange, payload string, head []byte) error {
	profile := ProfileSame
	if r, err := ParseResponse(head); err == nil && r.Status == 304 {
		profile = ProfileNotModified
	}
	_, err := w.record(TypeRevisit, "application/http;msgtype=response", x, head, "WARC-Profile: "+profile,
		"WARC-Payload-Digest: "+payload, "WARC-Refers-To-Target-URI: "+earlier.Target, "WARC-Refers-To-Date: "+formDate(earlier.Date))
	return err
}

// formDate writes a date to the microsecond, which WARC 1.1 allows.
func formDate(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z07:00") }

func digest(data []byte) string {
	sum := sha1.Sum(data)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// record writes one record with its fields, and gives its id.
func (w *Writer) record(kind, media string, x Exchange, block []byte, fields ...string) (id string, err error) {
	id = newID()
	var b bytes.Buffer
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	b.WriteString("WARC/1.1\r\n")
	line("WARC-Type", kind)
	line("WARC-Record-ID", id)
	line("WARC-Target-URI", x.Target)
	line("WARC-Date", formDate(x.Date))
	line("WARC-IP-Address", x.IP)
	for _, f := range fields {
		b.WriteString(f + "\r\n")
	}
	line("WARC-Block-Digest", digest(block))
	line("Content-Type", media)
	line("Content-Length", fmt.Sprint(len(block)))
	b.WriteString("\r\n")
	if strings.ContainsAny(x.Target+x.IP, "\r\n") {
		return "", fmt.Errorf("write warc: target %q has a line end", x.Target)
	}
	b.Write(block)
	b.WriteString("\r\n\r\n")
	return id, w.put(b.Bytes())
}

// put writes a record, as a member of its own.
func (w *Writer) put(record []byte) error {
	if w.z == nil {
		_, err := w.w.Write(record)
		return wrapWrite(err)
	}
	w.z.Reset(w.w)
	if _, err := w.z.Write(record); err != nil {
		return wrapWrite(err)
	}
	return wrapWrite(w.z.Close())
}

func wrapWrite(err error) error {
	if err != nil {
		return fmt.Errorf("write warc: %w", err)
	}
	return nil
}

// newID names a record by a random UUID (RFC 9562, version 4).
func newID() string {
	var u [16]byte
	rand.Read(u[:]) // never fails
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
