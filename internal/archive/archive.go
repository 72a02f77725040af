// Package archive moves histories of articles between stet and the files of
// others, and between one stet and another.
//
// A [Reader] reads one format and gives whole histories, one article after
// another; an importer ([Import]) records them in a store in batches, so that a
// history is there whole or not at all. A bad record is a [Fault]: it is named,
// counted and skipped, and the rest goes on. What a record says that stet has no
// place for is kept beside its version, and comes back by [Export].
//
// To import the same file again adds nothing: a version is known by the text and
// the time of the article that it belongs to. So an import that was cut short is
// begun again and goes on where its last batch ended.
//
// Readers stream: what they hold is bounded by the named limits of this package,
// not by the size of the file. None of them uses the network.
package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// A Source is the publisher of a history, as an importer knows it.
type Source struct {
	Key  string // as news.Source.Key; "" = made from the host of the address
	Name string // as readers know it; "" = the key
	Home string // address of its front page, or empty
}

// A History is all versions of one article, as an importer found them.
type History struct {
	Source    Source
	URL       string
	Title     string    // of the article, for lists; "" = of the newest version
	Language  string    // BCP 47; "" = not known
	Published time.Time // by the publisher's word; zero = not known
	Origin    string    // which importer: "jsonl", "newsedits" …; short, lower case
	OldID     string    // its id where it came from; "" = none
	Versions  []Version // in order of time
	Aliases   []string  // other addresses that it was known under, old permalinks too
}

// A Version is one text of a History.
type Version struct {
	Content  news.Content
	At       time.Time       // first seen
	LastSeen time.Time       // zero = At
	OldID    string          // its id where it came from; "" = none
	Extra    json.RawMessage // what else the record said, kept and given back by export; nil = nothing
}

// A Reader gives the histories of a file one after another.
type Reader interface {
	// Next gives the next history; io.EOF at the end. A *Fault is one bad record:
	// it was skipped, and Next may be called again. Any other error ends the
	// import.
	Next() (History, error)
	// Position says where the next history begins, in the reader's own form, so
	// that another reader of the same file can be told to resume there.
	Position() string
	// Close frees what the reader holds.
	Close() error
}

// A Fault is one bad record of a file that is imported.
type Fault struct {
	Where   string // the place in the file: "line 17", "entry 4711"
	Subject string // the article or version, if that much was read; "" = not known
	Err     error  // what is wrong with it
}

// Error is the fault in one line.
func (f *Fault) Error() string {
	if f.Subject == "" {
		return fmt.Sprintf("%s: %v", f.Where, f.Err)
	}
	return fmt.Sprintf("%s: %s: %v", f.Where, f.Subject, f.Err)
}

// Unwrap gives what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// IsFault gives the bad record that an error tells of, if it tells of one.
func IsFault(err error) (f *Fault, ok bool) {
	return f, errors.As(err, &f)
}
