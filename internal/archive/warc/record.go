package warc

import (
	"fmt"
	"net/textproto"
	"strings"
	"time"
)

// Limits of a WARC record.
const (
	MaxHeader = 64 << 10   // bytes of a record's header, its version line included
	MaxBlock  = 11_000_000 // bytes of a block that is kept: 10 MB, which is the most that is read of any page, and HTTP headers
)

// The types of records that are told apart here; others have names of their own.
const (
	TypeInfo     = "warcinfo"
	TypeResponse = "response"
	TypeRequest  = "request"
	TypeRevisit  = "revisit"
)

// Profiles of revisits: the payload was the same as before, or the server said that
// nothing was modified.
const (
	ProfileSame        = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	ProfileNotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// A Record is one record of a WARC file.
type Record struct {
	Offset   int64                // where to begin reading to get it: bytes of the file as it is stored
	Version  string               // "WARC/1.1"
	Type     string               // lower case
	ID       string               // as given, mostly "<urn:uuid:…>"
	Target   string               // URI that was asked for, without the brackets that WARC 1.0 allows
	Date     time.Time            // UTC; of the beginning of the capture
	IP       string               // of the server; empty = not given
	Fields   textproto.MIMEHeader // all named fields
	Block    []byte               // of responses and revisits; nil for other types
	Profile  string               // of a revisit
	Of       string               // revisit: the URI that was captured earlier; empty = not given
	OfDate   time.Time            // revisit: when that was; zero = not given
	Shortcut string               // why the block was cut short ("length", "time"); empty = it was not
}

// NotModified reports whether a revisit tells of a server's word that nothing was
// modified.
func (r Record) NotModified() bool { return strings.HasSuffix(r.Profile, "/server-not-modified") }

// A Fault is something wrong in a file, by which one record was lost.
type Fault struct {
	Offset int64 // of the record, in the file as it is stored
	Reason string
}

func (f Fault) String() string { return fmt.Sprintf("offset %d: %s", f.Offset, f.Reason) }

// dateForms are those of WARC-Date: WARC 1.1 allows fractions, which Go reads
// wherever there are seconds, and coarser dates.
var dateForms = [...]string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02", "20060102150405"}

// parseDate reads a WARC-Date.
func parseDate(s string) (time.Time, error) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("date %.40q cannot be read", s)
}

// newRecord reads what the fields say.
func newRecord(version string, fields textproto.MIMEHeader) (r Record, err error) {
	bare := func(name string) string { return strings.Trim(fields.Get(name), "<> ") }
	r = Record{
		Version: version, Fields: fields, Type: strings.ToLower(fields.Get("WARC-Type")), ID: fields.Get("WARC-Record-ID"),
		Target: bare("WARC-Target-URI"), IP: fields.Get("WARC-IP-Address"), Profile: fields.Get("WARC-Profile"),
		Of: bare("WARC-Refers-To-Target-URI"), Shortcut: fields.Get("WARC-Truncated"),
	}
	if r.Type == "" {
		return r, fmt.Errorf("record without a type")
	}
	if d := fields.Get("WARC-Refers-To-Date"); d != "" {
		if r.OfDate, err = parseDate(d); err != nil {
			return r, err
		}
	}
	if r.Date, err = parseDate(fields.Get("WARC-Date")); err != nil && r.keeps() {
		return r, err
	}
	return r, nil
}

// keeps reports whether the block of such a record is given.
func (r Record) keeps() bool { return r.Type == TypeResponse || r.Type == TypeRevisit }
