// Package dateparser stands in for github.com/markusmobius/go-dateparser,
// which reads dates in the words of 200 languages and builds 33 MB of tables,
// in a third of a second, whenever a program that links it starts.
//
// go-htmldate links it for its extensive search of a page's text. stet never
// asks for that search (htmldate.Options.SkipExtensiveSearch; a guess from the
// running text is worth less than no date), so the tables would be paid for at
// every start and never read. This package has the part of the interface that
// go-htmldate names, and finds no date. The replace directive in stet's go.mod
// puts it in place; without that line stet builds and works the same, with
// more memory and a slower start.
package dateparser

import (
	"errors"
	"time"
)

// ParserType is a way of reading a date.
type ParserType uint8

// The ways that go-htmldate names.
const (
	CustomFormat ParserType = iota
	AbsoluteTime
)

// PreferredDateSource says which side of today an incomplete date is on.
type PreferredDateSource uint8

// Past is the side that go-htmldate names.
const Past PreferredDateSource = 1

// Configuration is how dates are to be read.
type Configuration struct {
	PreferredDateSource PreferredDateSource
	StrictParsing       bool
	CurrentTime         time.Time
}

// Parser reads dates.
type Parser struct{ ParserTypes []ParserType }

// Date is a date that was read.
type Date struct{ Time time.Time }

var errNone = errors.New("dateparser: no tables, no date")

// Parse finds no date.
func (*Parser) Parse(*Configuration, string, ...string) (Date, error) { return Date{}, errNone }
