package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// A dialect says how a dump spells its strings.
type dialect int

const (
	mysql    dialect = iota // a back slash escapes in strings; names stand in back quotes
	standard                // PostgreSQL and SQLite: a back slash is itself
)

// dumpBuffer is how many bytes of a dump are read at once.
const dumpBuffer = 64 << 10

// A dumpSource is a dump as bytes, with the line that is being read.
type dumpSource struct {
	r    *bufio.Reader
	line int   // from 1
	err  error // why the bytes ended, when it was neither the end nor a cut
	torn bool  // the compressed stream ended before its end
}

func newDumpSource(r io.Reader) *dumpSource {
	return &dumpSource{r: bufio.NewReaderSize(r, dumpBuffer), line: 1}
}

// fail keeps why the bytes ended. A stream that is cut or damaged is the
// file's fault; what else the disk says is an error.
func (s *dumpSource) fail(err error) {
	var pathError *os.PathError
	switch {
	case err == io.EOF:
	case errors.As(err, &pathError):
		s.err = err
	default:
		s.torn = true
	}
}

// next is the next byte, and whether there is one.
func (s *dumpSource) next() (byte, bool) {
	c, err := s.r.ReadByte()
	if err != nil {
		s.fail(err)
		return 0, false
	}
	if c == '\n' {
		s.line++
	}
	return c, true
}

// peek is the byte that next will give; 0 at the end.
func (s *dumpSource) peek() byte {
	b, err := s.r.Peek(1)
	if err != nil {
		s.fail(err)
		return 0
	}
	return b[0]
}

// peeks reports whether the next bytes are those of text.
func (s *dumpSource) peeks(text string) bool {
	b, _ := s.r.Peek(len(text)) // an error comes again at the next read
	return string(b) == text
}

// skip passes over n bytes that were peeked at and hold no line feed.
func (s *dumpSource) skip(n int) {
	s.r.Discard(n) //nolint:errcheck // they are in the buffer
}

// until appends to dst what stands before the first of the stop bytes, at most
// until dst has max bytes; the rest is passed over. It reports whether a stop
// byte was met, and whether all of the text was kept. The stop byte is next.
func (s *dumpSource) until(dst []byte, stops string, max int) (text []byte, met, whole bool) {
	whole = true
	for {
		if s.peek() == 0 && s.r.Buffered() == 0 {
			return dst, false, whole
		}
		b, _ := s.r.Peek(s.r.Buffered())
		n := bytes.IndexAny(b, stops)
		met = n >= 0
		if !met {
			n = len(b)
		}
		s.line += bytes.Count(b[:n], []byte{'\n'})
		if room := max - len(dst); n > room {
			dst, whole = append(dst, b[:room]...), false
		} else {
			dst = append(dst, b[:n]...)
		}
		s.skip(n)
		if met {
			return dst, true, whole
		}
	}
}

// restOfLine passes over the rest of the line and gives its first bytes.
func (s *dumpSource) restOfLine() string {
	const most = 256 // bytes: what is looked for is at the beginning
	text, _, _ := s.until(nil, "\n", most)
	s.next()
	return string(text)
}

// A dumpFile is a file of tables with its beginning.
type dumpFile struct {
	*File
	text *bufio.Reader // what it holds, not compressed
	head []byte        // its first bytes, not compressed
}

// headBytes are enough to tell what a file is.
const headBytes = 4096

// openDump opens a file and looks at its beginning.
func openDump(path string) (*dumpFile, error) {
	f, err := OpenFile(path)
	if err != nil {
		return nil, fmt.Errorf("dump: %w", err)
	}
	d := &dumpFile{File: f, text: bufio.NewReaderSize(f, dumpBuffer)}
	d.head, _ = d.text.Peek(headBytes) // shorter in a short file; errors come again when it is read
	if err := d.refuse(path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return d, nil
}

// refuse tells of files that are no text, and what to do about it.
func (d *dumpFile) refuse(path string) error {
	if bytes.HasPrefix(d.head, []byte("PGDMP")) {
		return fmt.Errorf("dump %s: is in pg_dump's own format: turn it into SQL by pg_restore -f FILE", path)
	}
	if d.isSQLite() {
		return nil
	}
	if len(d.head) == 0 {
		return fmt.Errorf("dump %s: is empty", path)
	}
	if bytes.IndexByte(d.head, 0) >= 0 {
		return fmt.Errorf("dump %s: is no SQL text", path)
	}
	return nil
}

// isSQLite reports whether the file is an SQLite database (SQLite file format,
// section 1.3).
func (d *dumpFile) isSQLite() bool { return bytes.HasPrefix(d.head, []byte("SQLite format 3\x00")) }

// dialect guesses the dialect from the programs' own first lines.
func (d *dumpFile) dialect() dialect {
	for _, mark := range []string{"PostgreSQL database dump", "PRAGMA foreign_keys", "BEGIN TRANSACTION;"} {
		if bytes.Contains(d.head, []byte(mark)) {
			return standard
		}
	}
	return mysql
}
