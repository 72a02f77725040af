package archive

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a dump. A row beyond them is a fault; the rest goes on.
const (
	MaxValue   = 16 << 20 // bytes of one value, as much as MySQL's MEDIUMTEXT holds
	MaxRow     = 64 << 20 // bytes of all values of a row
	MaxColumns = 1000     // of a table
	MaxName    = 256      // bytes of the name of a table or column
)

// A cell is one value of a row; SQL NULL is not set.
type cell struct {
	text string // valid UTF-8 without NUL
	set  bool
}

// A row is one row of a table that was asked for.
type row struct {
	table   string // as asked for
	line    int    // in a dump: where the row begins; in a database: its number
	columns []string
	cells   []cell
}

// A dump reads the rows of some tables out of SQL text as mysqldump,
// mariadb-dump, pg_dump and sqlite3 write it: INSERT … VALUES with any number of
// rows, and COPY … FROM stdin. Everything else is passed over, as are other
// tables.
//
// A row that cannot be read is a *Fault. A dump that ends where it should not is
// a fault, too, the last one, and [dump.cut] then holds.
type dump struct {
	src     *dumpSource
	dialect dialect
	escapes bool                // a back slash escapes in plain strings
	wanted  map[string]bool     // by lower-case name
	columns map[string][]string // by lower-case name, as CREATE TABLE says
	charset charset

	in     *row // the statement that is being read gives rows like this one
	copied bool // … by COPY
	many   int  // rows that it gave

	header bool // the dump began with its program's own line …
	footer bool // … and has the line by which that program ends
	cut    bool // it was cut short
	ended  bool
}

// newDump reads SQL text; tables are the names of those that are wanted.
func newDump(r io.Reader, d dialect, tables []string) *dump {
	out := &dump{src: newDumpSource(r), dialect: d, escapes: d == mysql, wanted: map[string]bool{}, columns: map[string][]string{}}
	for _, t := range tables {
		out.wanted[strings.ToLower(t)] = true
	}
	return out
}

// errCut ends the reading of a statement at the end of the bytes.
var errCut = errors.New("cut short")

// next gives the next row; io.EOF at the end, a *Fault for a bad row.
func (d *dump) next() (row, error) {
	for !d.ended {
		r, ok, err := d.step()
		switch {
		case d.src.err != nil:
			return row{}, fmt.Errorf("dump, line %d: %w", d.src.line, d.src.err)
		case errors.Is(err, errCut):
			return row{}, d.cutShort()
		case err != nil:
			return row{}, d.named(err)
		case ok:
			return r, nil
		}
	}
	return row{}, io.EOF
}

// step reads one row or one statement.
func (d *dump) step() (row, bool, error) {
	switch {
	case d.in == nil:
		return row{}, false, d.statement()
	case d.copied:
		return d.copyRow()
	}
	return d.tuple()
}

// named is the error of a step: a fault, but for what makes all that follows
// unreadable.
func (d *dump) named(err error) error {
	var charset *charsetError
	if errors.As(err, &charset) {
		return fmt.Errorf("dump, line %d: %w", d.src.line, err)
	}
	if f, ok := IsFault(err); ok {
		return f
	}
	return d.fault(err)
}

// fault names a bad row or statement by its line.
func (d *dump) fault(err error) *Fault {
	f := &Fault{Where: fmt.Sprintf("line %d", d.src.line), Err: err}
	if d.in != nil {
		f.Where = fmt.Sprintf("line %d", d.in.line)
		f.Subject = "table " + d.in.table
	}
	return f
}

// cutShort ends the dump before its end.
func (d *dump) cutShort() *Fault {
	d.cut, d.ended = true, true
	why := errors.New("dump cut short: its last line is missing")
	if d.in != nil {
		why = fmt.Errorf("dump cut short after %d rows of a statement", d.many)
	} else if d.src.torn {
		why = errors.New("dump cut short: its compressed stream is damaged")
	}
	return d.fault(why)
}

// statement reads up to the rows of the next wanted statement, or over one that
// is not wanted.
func (d *dump) statement() error {
	if err := d.space(); err != nil {
		return err
	}
	c := d.src.peek()
	if c == 0 && d.src.r.Buffered() == 0 {
		return d.finish()
	}
	if c == '\\' { // psql's own commands: \connect, \restrict
		d.src.restOfLine()
		return nil
	}
	if !letter(c) {
		return d.over()
	}
	switch word := d.word(); word {
	case "INSERT", "REPLACE":
		return d.insert()
	case "COPY":
		return d.copyInto()
	case "CREATE":
		return d.create()
	case "SET":
		return d.set()
	case "DELIMITER":
		return d.delimited()
	}
	return d.over()
}

// finish is the end of the bytes between two statements.
func (d *dump) finish() error {
	if d.src.torn || d.header && !d.footer {
		return errCut
	}
	d.ended = true
	return nil
}

// space passes over white space and comments. The comments of the programs that
// write dumps say where a dump begins and ends, and in which encoding it is.
func (d *dump) space() error {
	for {
		switch c := d.src.peek(); {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			d.src.next()
		case c == '-' && d.src.peeks("--"), c == '#' && d.dialect == mysql:
			d.comment(d.src.restOfLine())
		case c == '/' && d.src.peeks("/*"):
			if err := d.blockComment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

func (d *dump) comment(text string) {
	switch {
	case strings.Contains(text, "MySQL dump "), strings.Contains(text, "MariaDB dump "), strings.HasSuffix(strings.TrimSpace(text), "PostgreSQL database dump"):
		d.header, d.footer = true, false
	case strings.HasPrefix(text, "-- Dump completed"), strings.Contains(text, "PostgreSQL database dump complete"):
		d.footer = true
	}
}

// blockComment passes over a comment. MySQL reads what stands in /*!NNNNN … */;
// of that only SET NAMES matters here.
func (d *dump) blockComment() error {
	var text []byte
	for {
		part, met, _ := d.src.until(nil, "*", MaxName)
		if len(text) < MaxName {
			text = append(text, part...)
		}
		if !met {
			return errCut
		}
		d.src.next()
		if d.src.peek() == '/' && len(text) > 0 {
			d.src.next()
			break
		}
	}
	said, ok := strings.CutPrefix(string(text), "/")
	said, conditional := strings.CutPrefix(said, "!")
	if !ok || !conditional {
		return nil
	}
	words := strings.Fields(strings.TrimLeft(said, "0123456789"))
	if len(words) > 2 && strings.EqualFold(words[0], "SET") && strings.EqualFold(words[1], "NAMES") {
		return d.charset.set(words[2])
	}
	return nil
}

// over passes over the rest of a statement.
func (d *dump) over() error {
	for {
		c, ok := d.src.next()
		switch {
		case !ok:
			return errCut
		case c == ';':
			return nil
		case c == '\'' || c == '"' || c == '`':
			if _, err := d.quoted(c, nil, 0); err != nil && !errors.Is(err, errTooLong) {
				return err
			}
		case c == '$' && d.dialect == standard:
			if err := d.dollarQuoted(); err != nil {
				return err
			}
		case c == '-' && d.src.peek() == '-', c == '#' && d.dialect == mysql:
			d.src.restOfLine()
		case c == '/' && d.src.peek() == '*':
			if _, err := d.overComment(); err != nil {
				return err
			}
		}
	}
}

// overComment passes over a comment of which the slash is read.
func (d *dump) overComment() (bool, error) {
	d.src.next()
	for {
		if _, met, _ := d.src.until(nil, "*", 0); !met {
			return false, errCut
		}
		d.src.next()
		if d.src.peek() == '/' {
			d.src.next()
			return true, nil
		}
	}
}

// dollarQuoted passes over a body between $tag$ and $tag$, if one begins here.
func (d *dump) dollarQuoted() error {
	var tag []byte
	for letter(d.src.peek()) || d.src.peek() >= '0' && d.src.peek() <= '9' {
		c, _ := d.src.next()
		if tag = append(tag, c); len(tag) > MaxName {
			return nil
		}
	}
	if d.src.peek() != '$' {
		return nil // a parameter or part of a name
	}
	d.src.next()
	end := string(tag) + "$"
	for {
		if _, met, _ := d.src.until(nil, "$", 0); !met {
			return errCut
		}
		d.src.next()
		if d.src.peeks(end) {
			d.src.skip(len(end))
			return nil
		}
	}
}

// delimited passes over what mysqldump writes between DELIMITER ;; and
// DELIMITER ; – triggers and routines, whose inner statements are none of the
// dump's.
func (d *dump) delimited() error {
	if strings.TrimSpace(d.src.restOfLine()) == ";" {
		return nil
	}
	for {
		if d.src.peek() == 0 && d.src.r.Buffered() == 0 {
			return errCut
		}
		if strings.EqualFold(strings.TrimSpace(d.src.restOfLine()), "DELIMITER ;") {
			return nil
		}
	}
}

// resync passes over the rest of a statement that makes no sense, up to a line
// that ends one.
func (d *dump) resync() error {
	var last byte
	for {
		c, ok := d.src.next()
		switch {
		case !ok:
			return errCut
		case c == '\n' && last == ';':
			return nil
		case c != '\r':
			last = c
		}
	}
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
