package archive

import (
	"errors"
	"fmt"
	"strings"
)

// word is the next word in upper case; empty when none stands here.
func (d *dump) word() string {
	var w []byte
	for c := d.src.peek(); letter(c) || c >= '0' && c <= '9'; c = d.src.peek() {
		d.src.next()
		if len(w) <= MaxName {
			w = append(w, c)
		}
	}
	return strings.ToUpper(string(w))
}

// name is the next name, in any of the three ways of quoting, without what
// stands before its last dot.
func (d *dump) name() (string, error) {
	for {
		if err := d.space(); err != nil {
			return "", err
		}
		n, err := d.simpleName()
		if err != nil {
			return "", err
		}
		if d.src.peek() != '.' {
			return n, nil
		}
		d.src.next()
	}
}

func (d *dump) simpleName() (string, error) {
	c := d.src.peek()
	if c == '`' || c == '"' || c == '\'' { // MySQL's ANSI_QUOTES, and SQLite quotes names as strings
		d.src.next()
		text, err := d.quoted(c, nil, MaxName)
		return string(text), err
	}
	var w []byte
	for c := d.src.peek(); letter(c) || c >= '0' && c <= '9' || c == '$' || c >= 0x80; c = d.src.peek() {
		d.src.next()
		if w = append(w, c); len(w) > MaxName {
			return "", fmt.Errorf("name longer than %d bytes", MaxName)
		}
	}
	if len(w) == 0 {
		return "", errors.New("name missing")
	}
	return string(w), nil
}

// names reads a list of names up to the closing bracket; the opening one is
// next.
func (d *dump) names() ([]string, error) {
	d.src.next()
	var out []string
	for {
		n, err := d.name()
		if err != nil {
			return nil, err
		}
		if out = append(out, n); len(out) > MaxColumns {
			return nil, fmt.Errorf("more than %d columns", MaxColumns)
		}
		if err := d.space(); err != nil {
			return nil, err
		}
		switch c, ok := d.src.next(); {
		case !ok:
			return nil, errCut
		case c == ')':
			return out, nil
		case c != ',':
			return nil, fmt.Errorf("list of columns: %q where a comma should be", c)
		}
	}
}

// insert reads INSERT … INTO table (columns) VALUES; the rows follow.
func (d *dump) insert() error {
	for {
		if err := d.space(); err != nil {
			return err
		}
		if c := d.src.peek(); !letter(c) {
			break
		}
		if w := d.word(); w == "INTO" {
			break
		}
	}
	in, err := d.target()
	if err != nil || in == nil {
		return d.give(err)
	}
	for {
		if err := d.space(); err != nil {
			return err
		}
		switch d.word() {
		case "VALUES":
			return d.begin(in, false)
		case "OVERRIDING", "SYSTEM", "USER", "VALUE": // of PostgreSQL's identity columns
		default:
			return d.give(fmt.Errorf("table %s: INSERT without VALUES", in.table))
		}
	}
}

// target reads the table and the columns of a statement that writes; nil when
// the table is not wanted.
func (d *dump) target() (*row, error) {
	line := d.src.line
	table, err := d.name()
	if err != nil {
		return nil, err
	}
	key := strings.ToLower(table)
	if !d.wanted[key] {
		return nil, nil
	}
	in := &row{table: key, columns: d.columns[key], line: line}
	if err := d.space(); err != nil {
		return nil, err
	}
	if d.src.peek() == '(' {
		if in.columns, err = d.names(); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// give passes over the rest of a statement that cannot be read.
func (d *dump) give(err error) error {
	if errors.Is(err, errCut) {
		return err
	}
	if err2 := d.over(); err2 != nil {
		return err2
	}
	return err
}

// begin starts the rows of a statement.
func (d *dump) begin(in *row, copied bool) error {
	if len(in.columns) == 0 {
		err := fmt.Errorf("table %s: rows without names of columns: no CREATE TABLE before them", in.table)
		if copied {
			return errors.Join(err, d.overCopy())
		}
		return d.give(err)
	}
	d.in, d.copied, d.many = in, copied, 0
	return nil
}

// create reads the names of the columns from CREATE TABLE.
func (d *dump) create() error {
	for range 4 { // CREATE [OR REPLACE] [TEMPORARY, UNLOGGED] TABLE
		if err := d.space(); err != nil {
			return err
		}
		if !letter(d.src.peek()) {
			break
		}
		if d.word() == "TABLE" {
			return d.createTable()
		}
	}
	return d.over()
}

func (d *dump) createTable() error {
	if err := d.space(); err != nil {
		return err
	}
	if d.src.peeks("IF ") {
		for range 3 { // IF NOT EXISTS
			d.word()
			if err := d.space(); err != nil {
				return err
			}
		}
	}
	table, err := d.name()
	if err != nil {
		return d.give(err)
	}
	key := strings.ToLower(table)
	if err := d.space(); err != nil {
		return err
	}
	if !d.wanted[key] || d.src.peek() != '(' {
		return d.over()
	}
	d.src.next()
	columns, err := d.definitions()
	if err != nil {
		return d.give(fmt.Errorf("table %s: %w", table, err))
	}
	d.columns[key] = columns
	return d.over()
}

// definitions reads the names of the columns between the brackets of CREATE
// TABLE, the opening one being read.
func (d *dump) definitions() ([]string, error) {
	var out []string
	for {
		if err := d.space(); err != nil {
			return nil, err
		}
		if d.src.peek() == ')' {
			d.src.next()
			return out, nil
		}
		bare := letter(d.src.peek())
		n, err := d.simpleName()
		if err != nil {
			return nil, err
		}
		if !bare || !constraint(n) {
			if out = append(out, n); len(out) > MaxColumns {
				return nil, fmt.Errorf("more than %d columns", MaxColumns)
			}
		}
		end, err := d.overPart()
		if err != nil {
			return nil, err
		}
		if end == ')' {
			return out, nil
		}
	}
}

// constraint reports whether a word begins what is no column.
func constraint(word string) bool {
	switch strings.ToUpper(word) {
	case "PRIMARY", "KEY", "UNIQUE", "INDEX", "FULLTEXT", "SPATIAL", "CONSTRAINT", "FOREIGN", "CHECK", "EXCLUDE", "LIKE", "PERIOD":
		return true
	}
	return false
}

// overPart passes over one part of a list in brackets and gives the comma or
// bracket that ends it.
func (d *dump) overPart() (byte, error) {
	for depth := 0; ; {
		c, ok := d.src.next()
		switch {
		case !ok:
			return 0, errCut
		case c == '\'' || c == '"' || c == '`':
			if _, err := d.quoted(c, nil, 0); err != nil && !errors.Is(err, errTooLong) {
				return 0, err
			}
		case c == '-' && d.src.peek() == '-':
			d.src.restOfLine()
		case c == '/' && d.src.peek() == '*':
			if _, err := d.overComment(); err != nil {
				return 0, err
			}
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case (c == ',' || c == ')') && depth == 0:
			return c, nil
		}
	}
}

// set reads the settings that bear on strings.
func (d *dump) set() error {
	if err := d.space(); err != nil {
		return err
	}
	name := d.word()
	switch name {
	case "NAMES", "CLIENT_ENCODING", "STANDARD_CONFORMING_STRINGS":
	default:
		return d.over()
	}
	text, met, _ := d.src.until(nil, ";", MaxName)
	if !met {
		return errCut
	}
	d.src.next()
	value := strings.Trim(strings.TrimLeft(string(text), " \t\r\n="), " \t'\"")
	value = strings.TrimPrefix(value, "TO ")
	switch name {
	case "NAMES":
		value, _, _ = strings.Cut(value, " ")
		return d.charset.set(strings.Trim(value, "'\""))
	case "CLIENT_ENCODING":
		return d.charset.set(value)
	case "STANDARD_CONFORMING_STRINGS":
		d.escapes = strings.EqualFold(value, "off")
	}
	return nil
}
