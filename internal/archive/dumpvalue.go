package archive

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// errTooLong says that a value is beyond a limit; it was passed over whole.
var errTooLong = fmt.Errorf("value longer than %d bytes", MaxValue)

// quoted appends what stands before the closing quote, the opening one being
// read. A doubled quote is one; back slashes escape as the dialect has it. What
// is beyond max bytes is passed over, and the error is errTooLong.
func (d *dump) quoted(quote byte, dst []byte, max int) ([]byte, error) {
	return d.escaped(quote, dst, max, quote == '\'' && d.escapes)
}

func (d *dump) escaped(quote byte, dst []byte, max int, escapes bool) ([]byte, error) {
	stops := string(quote)
	if escapes {
		stops += `\`
	}
	var err error
	for {
		part, met, whole := d.src.until(dst, stops, max)
		if dst = part; !met {
			return dst, errCut
		}
		if !whole {
			err = errTooLong
		}
		c, _ := d.src.next()
		if c == '\\' {
			if c, met = d.src.next(); !met {
				return dst, errCut
			}
			c = unescaped(c)
		} else if d.src.peek() == quote {
			d.src.next()
		} else {
			return dst, err
		}
		if len(dst) < max {
			dst = append(dst, c)
		} else {
			err = errTooLong
		}
	}
}

// unescaped is what a letter after a back slash stands for (MySQL 8.4, 11.1.1
// String literals; PostgreSQL 15, 4.1.2.2). MySQL's \% and \_ keep their slash
// only in patterns, which a dump has none of.
func unescaped(c byte) byte {
	switch c {
	case '0':
		return 0
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'Z':
		return 26
	}
	return c
}

// tuple reads one row of INSERT … VALUES; false when the statement ends.
func (d *dump) tuple() (row, bool, error) {
	if err := d.space(); err != nil {
		return row{}, false, err
	}
	switch c, ok := d.src.next(); {
	case !ok:
		return row{}, false, errCut
	case c == ',' && d.many > 0:
		return row{}, false, nil
	case c == ';':
		d.in = nil
		return row{}, false, nil
	case c != '(':
		err := d.lost(fmt.Errorf("%q where a row should begin", c))
		d.in = nil
		return row{}, false, err
	}
	d.many++
	d.in.line = d.src.line
	cells, err := d.cells()
	if err != nil {
		return row{}, false, err
	}
	return d.full(cells)
}

// lost ends a statement that makes no sense: the next one may.
func (d *dump) lost(why error) error {
	f := d.fault(why)
	if err := d.resync(); err != nil {
		return errors.Join(f, err)
	}
	return f
}

// full makes a row of the values, if they are as many as its columns.
func (d *dump) full(cells []cell) (row, bool, error) {
	if len(cells) != len(d.in.columns) {
		return row{}, false, fmt.Errorf("row of %d values for %d columns", len(cells), len(d.in.columns))
	}
	r := *d.in
	r.cells = cells
	return r, true, nil
}

// cells reads the values up to the closing bracket. A value that cannot be read
// makes the row bad; the rest of it is passed over.
func (d *dump) cells() ([]cell, error) {
	var out []cell
	var bad error
	size := 0
	for {
		v, err := d.value()
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
		end, cast, err := d.afterValue()
		if err != nil {
			return nil, err
		}
		if !cast && bad == nil {
			bad = errors.New("value that is no constant")
		}
		if end == ')' {
			return out, bad
		}
	}
}

// afterValue passes over a cast (::type) and gives the comma or bracket that
// ends the value. ok is false when anything else stands there.
func (d *dump) afterValue() (end byte, ok bool, err error) {
	if err := d.space(); err != nil {
		return 0, false, err
	}
	c := d.src.peek()
	ok = c == ',' || c == ')' || d.src.peeks("::")
	end, err = d.overPart()
	return end, ok, err
}

// value reads one value: a string, a number, a word or hexadecimal digits.
func (d *dump) value() (cell, error) {
	if err := d.space(); err != nil {
		return cell{}, err
	}
	c := d.src.peek()
	switch {
	case c == '\'' || c == '"' && d.dialect == mysql:
		d.src.next()
		return d.text(c, d.escapes)
	case c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9':
		return d.number()
	case letter(c):
		return d.wordValue()
	case c == 0 && d.src.r.Buffered() == 0:
		return cell{}, errCut
	}
	return cell{}, fmt.Errorf("%q where a value should be", c)
}

func (d *dump) text(quote byte, escapes bool) (cell, error) {
	b, err := d.escaped(quote, nil, MaxValue, escapes)
	if err != nil {
		return cell{}, err
	}
	return cell{d.charset.text(b), true}, nil
}

// number reads a number as it is spelt, or MySQL's 0x… as the bytes it is.
func (d *dump) number() (cell, error) {
	const most = 2*MaxValue + 2
	var b []byte
	for c := d.src.peek(); letter(c) || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+'; c = d.src.peek() {
		d.src.next()
		if len(b) <= most {
			b = append(b, c)
		}
	}
	if len(b) > most {
		return cell{}, errTooLong
	}
	if digits, ok := strings.CutPrefix(string(b), "0x"); ok {
		return d.hex(digits)
	}
	return cell{string(b), true}, nil
}

func (d *dump) hex(digits string) (cell, error) {
	b, err := hex.DecodeString(digits)
	if err != nil {
		return cell{}, fmt.Errorf("hexadecimal value: %w", err)
	}
	return cell{d.charset.text(b), true}, nil
}

// wordValue reads NULL, TRUE and FALSE, and strings with a letter or a name
// before them: E'…', X'…', N'…', B'…', _utf8'…'.
func (d *dump) wordValue() (cell, error) {
	w := d.word()
	if err := d.space(); err != nil {
		return cell{}, err
	}
	if d.src.peek() == '\'' && (w[0] == '_' || len(w) == 1) {
		d.src.next()
		v, err := d.text('\'', d.escapes || w == "E")
		if w == "X" && err == nil {
			return d.hex(v.text)
		}
		return v, err
	}
	switch w {
	case "NULL":
		return cell{}, nil
	case "TRUE":
		return cell{"1", true}, nil
	case "FALSE":
		return cell{"0", true}, nil
	}
	return cell{}, fmt.Errorf("value %.40s: no constant", w)
}
