package archive

import (
	"errors"
	"fmt"
	"strings"
)

// copyInto reads COPY table (columns) FROM stdin; the rows follow, a line each
// (PostgreSQL 15, COPY, text format).
func (d *dump) copyInto() error {
	in, err := d.target()
	if err != nil {
		return d.give(err)
	}
	rest, met, _ := d.src.until(nil, ";", 2*MaxName)
	if !met {
		return errCut
	}
	d.src.restOfLine()
	options := strings.ToUpper(string(rest))
	if !strings.HasSuffix(strings.TrimSpace(options), "FROM STDIN") {
		if i := strings.Index(options, "FROM STDIN"); i < 0 || in == nil && !strings.Contains(options[i:], "CSV") {
			return nil // COPY … TO, or from a file: no rows here
		}
		return errors.Join(errors.New("COPY with options is not read"), d.overCopy())
	}
	if in == nil {
		return d.overCopy()
	}
	return d.begin(in, true)
}

// endOfCopy is the line that ends the rows of COPY.
const endOfCopy = `\.`

// overCopy passes over the rows of a table that is not wanted.
func (d *dump) overCopy() error {
	for {
		if d.src.peek() == 0 && d.src.r.Buffered() == 0 {
			return errCut
		}
		if strings.TrimRight(d.src.restOfLine(), "\r") == endOfCopy {
			return nil
		}
	}
}

// copyRow reads one line of COPY; false when the statement ends.
func (d *dump) copyRow() (row, bool, error) {
	d.in.line = d.src.line
	if d.src.peeks(endOfCopy) {
		d.src.restOfLine()
		d.in = nil
		return row{}, false, nil
	}
	d.many++
	cells, err := d.copyCells()
	if err != nil {
		return row{}, false, err
	}
	return d.full(cells)
}

// copyCells reads the values of one line.
func (d *dump) copyCells() ([]cell, error) {
	var out []cell
	var bad error
	size := 0
	for {
		v, end, err := d.copyCell()
		if errors.Is(err, errCut) {
			return nil, err
		}
		if size += len(v.text); size > MaxRow {
			v, err = cell{}, fmt.Errorf("row longer than %d bytes", MaxRow)
		}
		if out = append(out, v); len(out) > MaxColumns {
			out, err = out[:MaxColumns], fmt.Errorf("more than %d values", MaxColumns)
		}
		if err != nil && bad == nil {
			bad = err
		}
		if end == '\n' {
			return out, bad
		}
	}
}

// copyCell reads one value and the tab or line feed after it. \N is NULL.
func (d *dump) copyCell() (cell, byte, error) {
	if d.src.peeks(`\N`) {
		d.src.skip(2)
		end, ok := d.src.next()
		if !ok {
			return cell{}, 0, errCut
		}
		if end == '\t' || end == '\n' {
			return cell{}, end, nil
		}
		return cell{}, end, errors.New(`\N inside a value`)
	}
	var b []byte
	var long error
	for {
		part, met, whole := d.src.until(b, "\t\n\\", MaxValue)
		if b = part; !met {
			return cell{}, 0, errCut
		}
		if !whole {
			long = errTooLong
		}
		c, _ := d.src.next()
		if c != '\\' {
			return cell{d.charset.text(b), true}, c, long
		}
		if c, met = d.src.next(); !met {
			return cell{}, 0, errCut
		}
		if b = append(b, d.copyEscape(c)); len(b) > MaxValue {
			b, long = b[:MaxValue], errTooLong
		}
	}
}

// copyEscape is what stands after a back slash in COPY: a letter, up to three
// octal digits, or x and two hexadecimal ones.
func (d *dump) copyEscape(c byte) byte {
	switch {
	case c == 'v':
		return '\v'
	case c >= '0' && c <= '7':
		return d.digits(c-'0', 8, 2)
	case c == 'x' && digit(d.src.peek()) < 16:
		return d.digits(0, 16, 2)
	case c == 'Z':
		return c
	}
	return unescaped(c)
}

func (d *dump) digits(value, base byte, most int) byte {
	for range most {
		n := digit(d.src.peek())
		if n >= base {
			break
		}
		d.src.next()
		value = value*base + n
	}
	return value
}

// digit is the value of a digit; 255 of anything else.
func digit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}
