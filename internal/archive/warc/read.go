package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
)

// A Reader reads the records of one WARC file. It is not safe for concurrent use.
type Reader struct {
	file   *place
	packed bool
	member *member // the open gzip member; nil = none, or a plain file
	in     *bufio.Reader
	at     int64 // of the record being read, as in Record.Offset
	ended  bool  // nothing follows
}

// NewReader reads the file from the offset of a record on; 0 is its beginning. It
// tells by the first bytes whether the file is gzip. The errors are those of
// reading, and that it is neither.
func NewReader(file io.ReadSeeker, offset int64) (*Reader, error) {
	head := make([]byte, 5)
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read warc: %w", err)
	}
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read warc: %w", err)
	}
	head = head[:n]
	r := &Reader{file: &place{f: file}, packed: bytes.HasPrefix(head, gzipMagic)}
	switch {
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}), bytes.HasPrefix(head, []byte{0x5d, 0x2a, 0x4d, 0x18}):
		return nil, errors.New("read warc: the file is compressed with zstd: unpack it first")
	case n == 0:
		r.ended = true
	}
	if err := r.file.seek(offset); err != nil {
		return nil, fmt.Errorf("read warc: %w", err)
	}
	r.in = r.file.r
	return r, nil
}

// Offset is where the next record begins, or the member that holds it: a place from
// which NewReader goes on without losing anything.
func (r *Reader) Offset() int64 {
	if r.member != nil {
		return r.member.at
	}
	return r.file.at()
}

// Next gives the next record, or what is wrong with it: then the record is lost,
// and the next call goes on behind. The error is io.EOF at the end, else one of
// reading the file.
func (r *Reader) Next() (Record, *Fault, error) {
	for !r.ended {
		more, err := r.open()
		if err == nil && !more {
			continue
		}
		var rec Record
		if err == nil {
			rec, err = r.record()
		}
		switch w := (*wrong)(nil); {
		case err == nil:
			return rec, nil, nil
		case errors.As(err, &w):
			fault := &Fault{r.at, w.reason}
			return Record{}, fault, r.sync(w)
		case !errors.Is(err, io.EOF):
			return Record{}, nil, fmt.Errorf("read warc: %w", err)
		}
		r.ended = true
	}
	return Record{}, nil, io.EOF
}

// A wrong is what makes a record unreadable, with where to look for the next.
type wrong struct {
	reason string
	next   int64 // place from which the next record is looked for; -1 = the reader stands before it
}

func (w *wrong) Error() string { return w.reason }

// open goes to the next record: past line ends, into the next member. More is false
// when a member ended and the next must be opened; the error is io.EOF at the end.
func (r *Reader) open() (more bool, err error) {
	if r.packed && r.member == nil {
		return r.openMember()
	}
	if !r.packed {
		r.at = r.file.at()
	}
	for {
		b, err := r.in.ReadByte()
		switch {
		case err == io.EOF && r.packed:
			return false, r.closeMember()
		case err != nil:
			return false, r.broken(err)
		case b == '\r' || b == '\n':
			if !r.packed {
				r.at++
			}
			continue
		}
		return true, r.in.UnreadByte()
	}
}

// record reads a record from its version line on.
func (r *Reader) record() (Record, error) {
	version, fields, err := r.header()
	if err != nil {
		return Record{}, err
	}
	body := r.file.at() // where to look for the next record of a plain file when this one's length is wrong
	rec, err := newRecord(version, fields)
	size, serr := strconv.ParseInt(strings.TrimSpace(fields.Get("Content-Length")), 10, 64)
	if serr != nil || size < 0 {
		return rec, &wrong{fmt.Sprintf("content-length %.40q is no length", fields.Get("Content-Length")), body}
	}
	var w *wrong
	switch {
	case err != nil:
		w = &wrong{err.Error(), -1}
	case rec.keeps() && size > MaxBlock:
		w = &wrong{fmt.Sprintf("block of %d bytes, more than %d", size, MaxBlock), -1}
	}
	if rec.Block, err = r.block(size, w == nil && rec.keeps()); err != nil {
		return rec, r.short(err, size, body)
	}
	if err := r.tail(); err != nil {
		return rec, r.short(err, size, body)
	}
	if w == nil {
		w = checkDigests(rec)
	}
	if w != nil {
		return rec, w
	}
	rec.Offset = r.at
	return rec, nil
}

// header reads the version line and the named fields.
func (r *Reader) header() (version string, fields textproto.MIMEHeader, err error) {
	begin := r.file.at()
	head := make([]byte, 0, 1024)
	for {
		line, err := r.in.ReadSlice('\n')
		if head = append(head, line...); len(head) > MaxHeader {
			return "", nil, &wrong{fmt.Sprintf("header of more than %d bytes", MaxHeader), begin}
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if version == "" {
			if version = strings.TrimSpace(string(head)); !strings.HasPrefix(version, "WARC/") {
				return "", nil, &wrong{"no version line", begin}
			}
			head = head[:0]
		}
		if err != nil {
			return "", nil, r.cut(err, "the file ends in a header", begin)
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	return version, parseFields(head), nil
}

// parseFields reads named fields: case is ignored, a line that begins with white
// space goes on with the one before, and what is no field is left out.
func parseFields(head []byte) textproto.MIMEHeader {
	fields := textproto.MIMEHeader{}
	var name string
	for line := range bytes.Lines(head) {
		text := strings.TrimRight(string(line), "\r\n")
		if name != "" && strings.TrimLeft(text, " \t") != text {
			values := fields[name]
			values[len(values)-1] = strings.TrimSpace(values[len(values)-1] + " " + strings.TrimSpace(text))
			continue
		}
		key, value, ok := strings.Cut(text, ":")
		if key = strings.TrimSpace(key); !ok || key == "" {
			name = ""
			continue
		}
		name = textproto.CanonicalMIMEHeaderKey(key)
		fields[name] = append(fields[name], strings.TrimSpace(value))
	}
	return fields
}

// block reads the bytes of a block, or passes over them.
func (r *Reader) block(size int64, keep bool) ([]byte, error) {
	if !keep {
		n, err := io.CopyN(io.Discard, r.in, size)
		if err == io.EOF && n < size {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	block := make([]byte, size)
	_, err := io.ReadFull(r.in, block)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return block, err
}

// errLength says that something else follows a block than the next record.
var errLength = errors.New("the content-length is wrong: no record follows the block")

// tail reads the line ends behind a block, and looks whether the next record or the
// end follows.
func (r *Reader) tail() error {
	for {
		b, err := r.in.ReadByte()
		switch {
		case err == io.EOF && r.packed:
			return r.closeMember()
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case b == '\r' || b == '\n':
			continue
		}
		if err := r.in.UnreadByte(); err != nil {
			return err
		}
		if next, _ := r.in.Peek(5); string(next) != "WARC/" {
			return errLength
		}
		return nil
	}
}
