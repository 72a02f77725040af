package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"stet/internal/store"
)

// Limits of what a reader of JSON lines holds.
const (
	MaxLine    = 32 << 20 // bytes of a line; a longer one is a fault
	maxHistory = 32 << 20 // bytes of lines of one article that are given together; more of them are a later part of its history
)

// OriginJSONLines is the origin of what came by JSON lines.
const OriginJSONLines = "jsonl"

// JSONLines reads versions as JSON lines: see docs/moving.md for the members.
// Lines of one article that follow each other are one history; when the article
// comes back further on, that is a later part of its history.
type JSONLines struct {
	in     *bufio.Reader
	file   io.Closer // nil when somebody else closes it
	source Source    // in place of what lines say, if it has a key
	offset int64     // of the next line
	line   int       // its number

	group group
	next  *record // the line behind the group, which is of another article
	start place   // where the group begins
	after place   // where next begins
	err   error   // why there is no more
	buf   []byte
}

// A group is the lines of one article so far.
type group struct {
	History
	source string // as the lines spell it
	size   int
}

type place struct {
	offset int64
	line   int
}

func (p place) String() string { return fmt.Sprintf("%d/%d", p.offset, p.line) }

// NewJSONLines reads from r, which is at its beginning, from the position on that
// an earlier reader gave; "" = from the beginning. source.Key, if it is not empty,
// stands in place of the sources that the lines name.
func NewJSONLines(r io.Reader, source Source, position string) (*JSONLines, error) {
	j := &JSONLines{in: bufio.NewReaderSize(r, 1<<18), source: source, line: 1}
	if position != "" {
		offset, line, ok := strings.Cut(position, "/")
		var errs [2]error
		j.offset, errs[0] = strconv.ParseInt(offset, 10, 64)
		j.line, errs[1] = strconv.Atoi(line)
		if !ok || errors.Join(errs[:]...) != nil || j.offset < 0 {
			return nil, fmt.Errorf("position %.40q of a file of JSON lines: not one of ours", position)
		}
		if _, err := io.CopyN(io.Discard, j.in, j.offset); err != nil {
			return nil, fmt.Errorf("resume at byte %d: %w", j.offset, err)
		}
	}
	j.start = place{j.offset, j.line}
	return j, nil
}

// OpenJSONLines is NewJSONLines on a file, plain or compressed with gzip or zstd.
func OpenJSONLines(path string, source Source, position string) (*JSONLines, error) {
	f, err := OpenFile(path)
	if err != nil {
		return nil, err
	}
	j, err := NewJSONLines(f, source, position)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	j.file = f
	return j, nil
}

// Position implements Reader.
func (j *JSONLines) Position() string { return j.start.String() }

// Close implements Reader.
func (j *JSONLines) Close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// Next implements Reader. When the file is cut short, the article that it
// ends in is not given.
func (j *JSONLines) Next() (History, error) {
	for j.err == nil {
		if j.next != nil {
			j.begin()
		}
		begins := place{j.offset, j.line}
		x, n, err := j.record(begins)
		if f, ok := IsFault(err); ok {
			return History{}, f
		}
		if err != nil {
			j.err = err
			break
		}
		if x == nil {
			continue
		}
		if len(j.group.Versions) > 0 && !j.takes(x, n) {
			j.next, j.after = x, begins
			return j.give(begins), nil
		}
		if len(j.group.Versions) == 0 {
			j.start = begins
		}
		j.group.add(x, j.source, n)
	}
	if j.err == io.EOF && len(j.group.Versions) > 0 {
		return j.give(place{j.offset, j.line}), nil
	}
	return History{}, j.err
}

// begin starts a group with the line that ended the last one.
func (j *JSONLines) begin() {
	j.group.add(j.next, j.source, 0)
	j.start, j.next = j.after, nil
}

// takes reports whether a line belongs to the group, and there is room for it.
func (j *JSONLines) takes(x *record, n int) bool {
	g := &j.group
	return x.url == g.URL && x.source == g.source && len(g.Versions) < store.MaxImportVersions && g.size+n <= maxHistory
}

// give hands out the group; what is to be read next begins there.
func (j *JSONLines) give(next place) History {
	h := j.group.History
	j.group = group{}
	j.start = next
	return h
}

func (g *group) add(x *record, want Source, n int) {
	if len(g.Versions) == 0 {
		g.source = x.source
		g.History = History{Source: want, URL: x.url, Origin: OriginJSONLines}
		if want.Key == "" {
			g.Source = Source{Key: sourceKey(x.source), Name: x.source}
		}
	}
	g.size += n
	g.Versions = append(g.Versions, x.version)
	g.Aliases = append(g.Aliases, x.aliases...)
	if x.language != "" {
		g.Language = x.language
	}
	if !x.published.IsZero() {
		g.Published = x.published
	}
	if x.articleID != "" {
		g.OldID = x.articleID
	}
}

// record reads one line; nil when it is empty. n is its length.
func (j *JSONLines) record(at place) (x *record, n int, err error) {
	line, err := j.readLine()
	fault := func(err error) error { return &Fault{Where: fmt.Sprintf("line %d", at.line), Err: err} }
	switch {
	case errors.Is(err, errLongLine):
		return nil, 0, fault(err)
	case err != nil:
		return nil, 0, err
	}
	if at.offset == 0 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return nil, 0, nil
	}
	r, err := parseRecord(line, j.source)
	if err != nil {
		return nil, 0, &Fault{Where: fmt.Sprintf("line %d", at.line), Subject: r.url, Err: err}
	}
	return &r, len(line), nil
}

var errLongLine = fmt.Errorf("longer than %d bytes", MaxLine)

// readLine reads a line, which stands until the next call. Of a line that is too
// long nothing is kept. io.EOF comes alone, after the last line; an end in the
// middle of a line is one when the file as such is whole.
func (j *JSONLines) readLine() (line []byte, err error) {
	j.buf = j.buf[:0]
	long := false
	for {
		part, err := j.in.ReadSlice('\n')
		j.offset += int64(len(part))
		if long = long || len(j.buf)+len(part) > MaxLine; !long {
			j.buf = append(j.buf, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && (err != io.EOF || len(j.buf) == 0 && !long):
			return nil, err
		}
		j.line++
		if long {
			return nil, errLongLine
		}
		return j.buf, nil
	}
}
