// Package whatlanggo stands in for github.com/RadhiFadlillah/whatlanggo, which
// guesses the language of a text by comparing it with the letter runs of 80
// languages.
//
// go-trafilatura asks it about every text that it finds and cannot be told not
// to; that took a tenth of the time of reading a page. stet never looks at the
// answer: a page's language is what the page declares. This package has the
// part of the interface that go-trafilatura names, and knows no language. The
// replace directive in stet's go.mod puts it in place; without that line stet
// builds and works the same, only slower.
package whatlanggo

// Lang is a language; none is known.
type Lang int

// DetectLang finds no language.
func DetectLang(string) Lang { return -1 }

// Iso6391 is the code of the language: empty, for none is known.
func (Lang) Iso6391() string { return "" }
