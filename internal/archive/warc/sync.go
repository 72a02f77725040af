package warc

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// gzipMagic begins a gzip member that is deflated.
var gzipMagic = []byte{0x1f, 0x8b, 0x08}

// Sizes of buffers.
const (
	readSize = 64 << 10
	scanSize = 32 << 10 // looked through at once for the next record
)

// A place is a file that is read in order, and knows where it stands.
type place struct {
	f    io.ReadSeeker
	r    *bufio.Reader
	read int64 // offset of what the buffer reads next
}

// at is the offset of the next byte.
func (p *place) at() int64 { return p.read - int64(p.r.Buffered()) }

// seek goes to an offset.
func (p *place) seek(offset int64) error {
	if _, err := p.f.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	p.read = offset
	if p.r == nil {
		p.r = bufio.NewReaderSize((*unbuffered)(p), readSize)
	} else {
		p.r.Reset((*unbuffered)(p))
	}
	return nil
}

// unbuffered counts what the buffer of a place reads.
type unbuffered place

func (u *unbuffered) Read(b []byte) (int, error) {
	n, err := u.f.Read(b)
	u.read += int64(n)
	return n, err
}

// A member is an open member of a gzip file.
type member struct {
	at int64
	z  *gzip.Reader
}

// openMember opens the member that begins here.
func (r *Reader) openMember() (bool, error) {
	r.at = r.file.at()
	z, err := gzip.NewReader(r.file.r)
	if err == io.EOF {
		return false, io.EOF
	}
	if err != nil {
		return false, r.broken(err)
	}
	z.Multistream(false) // a member's end is the end of what can be wrong in it
	r.member, r.in = &member{r.at, z}, bufio.NewReaderSize(z, readSize)
	return false, nil
}

// closeMember ends the open member, of which all was read.
func (r *Reader) closeMember() error {
	err := r.member.z.Close()
	r.member, r.in = nil, r.file.r
	return err
}

// broken tells what a read came to: damage of the packing is a fault of the record,
// all else the file's.
func (r *Reader) broken(err error) error {
	if r.packed && isDamage(err) {
		return &wrong{"damaged gzip: " + err.Error(), r.at + 1}
	}
	return err
}

func isDamage(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF)
}

// cut tells of a record that ended early.
func (r *Reader) cut(err error, reason string, next int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && !r.packed {
		return &wrong{reason, next}
	}
	return r.broken(err)
}

// short tells of a record whose block is not as long as its header says.
func (r *Reader) short(err error, size int64, next int64) error {
	switch {
	case errors.Is(err, errLength):
		return &wrong{errLength.Error(), next}
	case errors.Is(err, io.ErrUnexpectedEOF) && r.memberEnded():
		return &wrong{fmt.Sprintf("block shorter than the %d bytes of its content-length", size), next}
	}
	return r.cut(err, fmt.Sprintf("the file ends before the %d bytes of a block", size), next)
}

// memberEnded reports whether the open member was read to its sound end.
func (r *Reader) memberEnded() bool {
	if r.member == nil {
		return false
	}
	_, err := r.member.z.Read(make([]byte, 1))
	return err == io.EOF
}

// sync goes to where the next record may begin after one that could not be read.
func (r *Reader) sync(w *wrong) error {
	if w.next < 0 {
		return nil
	}
	if r.packed && r.member != nil {
		if _, err := io.Copy(io.Discard, r.in); err == nil {
			return r.closeMember() // sound packing: the next record is the next member
		} else if !isDamage(err) {
			return fmt.Errorf("read warc: %w", err)
		}
		w.next = r.member.at + 1
	}
	r.member = nil
	next, err := r.find(w.next)
	if err == io.EOF {
		r.ended = true
		return nil
	}
	if err == nil {
		err = r.file.seek(next)
	}
	r.in = r.file.r
	if err != nil {
		return fmt.Errorf("read warc: %w", err)
	}
	return nil
}

// find gives the first offset from there on where a record seems to begin; io.EOF
// when there is none.
func (r *Reader) find(from int64) (int64, error) {
	mark, lead := []byte("\nWARC/"), int64(1)
	if r.packed {
		mark, lead = gzipMagic, 0
	}
	for {
		at, err := r.scan(from, mark)
		if err != nil {
			return 0, err
		}
		if at += lead; !r.packed || r.unpacks(at) {
			return at, nil
		}
		from = at + 1
	}
}

// scan gives the offset of the first place of a mark.
func (r *Reader) scan(from int64, mark []byte) (int64, error) {
	if _, err := r.file.f.Seek(from, io.SeekStart); err != nil {
		return 0, err
	}
	buf := make([]byte, scanSize)
	held := 0
	for {
		n, err := io.ReadFull(r.file.f, buf[held:])
		window := buf[:held+n]
		if i := bytes.Index(window, mark); i >= 0 {
			return from + int64(i), nil
		}
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		if err != nil {
			return 0, err
		}
		held = copy(buf, window[len(window)-len(mark)+1:]) // a mark may lie across
		from += int64(len(window) - held)
	}
}

// unpacks reports whether a gzip member begins there that holds a record.
func (r *Reader) unpacks(at int64) bool {
	if _, err := r.file.f.Seek(at, io.SeekStart); err != nil {
		return false
	}
	z, err := gzip.NewReader(bufio.NewReader(r.file.f))
	if err != nil {
		return false
	}
	head := make([]byte, 5)
	_, err = io.ReadFull(z, head)
	return err == nil && string(head) == "WARC/"
}
