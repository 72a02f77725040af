package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"stet/internal/news"
)

// Limits of what ImportArticles takes.
const (
	MaxImports        = 1000    // articles in one call
	MaxImportVersions = 20_000  // versions of one article in one call; more of it come in a later one
	MaxImportExtra    = 4 << 20 // bytes of ImportVersion.Extra
	MaxOldID          = 200     // bytes of an old id
	MaxOrigin         = 32      // bytes of an origin
)

// importExtractor begins the name of the extractor of imported versions: who
// read their pages is not known, only by which way they came.
const importExtractor = "import/"

// An Import is the history of one article that was watched elsewhere, or a
// later part of it.
type Import struct {
	Source    news.Source // Key, Name, Home; made when there is none of that key
	Address   news.Address
	Aliases   []news.Address // other addresses that lead to it; one of another article stays with that
	Language  string
	Published time.Time // zero = not known
	Origin    string    // by which way it came: 1 to MaxOrigin of a-z, 0-9, '-', '.', '_'
	OldID     string    // its id there, at most MaxOldID bytes; "" = none
	Due       time.Time // first visit by us, of an article that is new; zero = none
	Versions  []ImportVersion
}

// An ImportVersion is one version of an Import.
type ImportVersion struct {
	Content  news.Content // headline and texts without NUL, valid UTF-8
	At       time.Time    // first seen, from 1970 on
	LastSeen time.Time    // not before At; zero = At
	OldID    string       // its id where it came from; "" = none
	Extra    string       // JSON of what else was said of it; "" = nothing
}

// An ImportMark is how far the import of a file has come.
type ImportMark struct {
	Origin   string
	File     news.Digest // names the file by its bytes
	Name     string      // of the file, for people
	Position string      // where the next batch begins, in the words of who reads; "" = the file has been read, and the row goes
}

// An Imported is what became of one Import.
type Imported struct {
	ArticleID int64 // 0 when refused
	New       bool  // the article was not known
	Added     int   // versions recorded
	Known     int   // versions that were there already
	Same      int   // those whose text is that of the one before: its seen window grew instead
	Refused   error // why nothing of it was recorded; nil = it was
}

// ImportArticles records the histories of articles, and the mark (nil = none),
// all in one transaction: an article is there with all its versions of the batch,
// or without. What is recorded is what visits would have left, with a capture
// for each version that has a time and no page.
//
//   - Versions are in order of time. One whose canonical form is that of the one
//     before is no version: the seen window grows. A window that reaches beyond
//     the next version ends there.
//   - A change is bounded by when the version before was last seen and this one
//     first; its words are counted by how often each word stands on either
//     side, so that words which only moved count as neither added nor removed.
//   - An article that is known by the address keeps what it has: versions with the
//     same text at the same time are known; those that are later than its newest one
//     are added. A history that contradicts it, being other or earlier, is refused;
//     so is an addition to an article that our own visits have seen, or that
//     is not live.
//   - A version from the future is refused with its whole history.
//
// An Import that is refused is an outcome, not an error. The search index and
// the appraisals follow by the change log.
func (s *Store) ImportArticles(ctx context.Context, batch []Import, mark *ImportMark) (done []Imported, err error) {
	op := fmt.Sprintf("import %d articles", len(batch))
	if len(batch) > MaxImports {
		return nil, fmt.Errorf("%s: more than %d", op, MaxImports)
	}
	ready := make([]importing, len(batch)) // what takes long is done before the database is locked
	for i := range batch {
		ready[i] = s.importing(&batch[i])
	}
	err = s.write(ctx, op, func(t *tx) error {
		done, err = t.importBatch(ctx, ready)
		if err == nil && mark != nil {
			err = t.mark(ctx, *mark)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// ImportArticle is ImportArticles for one article.
func (s *Store) ImportArticle(ctx context.Context, in Import) (Imported, error) {
	done, err := s.ImportArticles(ctx, []Import{in}, nil)
	if err != nil {
		return Imported{}, err
	}
	return done[0], nil
}

// An importing is an Import ready to be written.
type importing struct {
	*Import
	texts   []importText
	refused error
}

// An importText is a version ready to be written.
type importText struct {
	*ImportVersion
	text           encoded
	first, last    time.Time
	added, removed int // words against the one before, in the same Import
	same           int // records with this very text that followed
}

func (s *Store) importing(in *Import) importing {
	p := importing{Import: in, refused: in.check()}
	if p.refused != nil {
		return p
	}
	p.texts = make([]importText, 0, len(in.Versions))
	for i := range in.Versions {
		text, err := s.importText(&in.Versions[i])
		if err != nil {
			p.refused = fmt.Errorf("version %d: %w", i, err)
			return p
		}
		p.add(text)
	}
	return p
}

// importText serialises and compresses one version.
func (s *Store) importText(v *ImportVersion) (x importText, err error) {
	x = importText{ImportVersion: v, first: v.At.UTC().Truncate(time.Microsecond), last: v.LastSeen.UTC().Truncate(time.Microsecond)}
	if x.last.Before(x.first) {
		x.last = x.first
	}
	x.text, err = s.encode(news.Version{Content: v.Content})
	return x, err
}

// add puts a text behind those that are there.
func (p *importing) add(x importText) {
	if n := len(p.texts); n > 0 {
		before := &p.texts[n-1]
		if before.text.digest == x.text.digest {
			if before.last.Before(x.last) {
				before.last = x.last
			}
			before.same++
			return
		}
		if before.last.After(x.first) {
			before.last = x.first
		}
		x.added, x.removed = bagOfWords(before.Content, x.Content)
	}
	p.texts = append(p.texts, x)
}

// check finds what cannot be recorded.
func (in *Import) check() error {
	switch {
	case in.Address.Key == "" || in.Address.Host == "":
		return fmt.Errorf("address %q: not parsed", in.Address.URL)
	case !goodKey(in.Source.Key):
		return fmt.Errorf("source %q: want 1 to %d of a-z, 0-9, '-', '.', '_'", in.Source.Key, MaxKey)
	case !goodKey(in.Origin) || len(in.Origin) > MaxOrigin:
		return fmt.Errorf("origin %q: want 1 to %d of a-z, 0-9, '-', '.', '_'", in.Origin, MaxOrigin)
	case len(in.Versions) == 0 || len(in.Versions) > MaxImportVersions:
		return fmt.Errorf("%d versions: want 1 to %d", len(in.Versions), MaxImportVersions)
	case len(in.OldID) > MaxOldID || !storable(in.OldID):
		return fmt.Errorf("old id of %d bytes: want text of at most %d", len(in.OldID), MaxOldID)
	}
	for i := range in.Versions {
		if err := in.Versions[i].check(); err != nil {
			return fmt.Errorf("version %d: %w", i, err)
		}
		if i > 0 && in.Versions[i].At.Before(in.Versions[i-1].At) {
			return fmt.Errorf("version %d: seen before the one before it", i)
		}
	}
	return nil
}

func (v *ImportVersion) check() error {
	switch {
	case v.At.IsZero():
		return errors.New("without a time")
	case v.At.Before(time.UnixMicro(0)) || v.At.Year() > 9999:
		return fmt.Errorf("seen at %s: want the years 1970 to 9999", v.At.Format(time.RFC3339))
	case len(v.OldID) > MaxOldID || !storable(v.OldID):
		return fmt.Errorf("old id of %d bytes: want text of at most %d", len(v.OldID), MaxOldID)
	case len(v.Extra) > MaxImportExtra || !storable(v.Extra):
		return fmt.Errorf("%d bytes beside the text: want text of at most %d", len(v.Extra), MaxImportExtra)
	case !storable(v.Content.Headline):
		return errors.New("headline is no text")
	}
	return nil
}

// storable reports whether both databases take the text.
func storable(s string) bool {
	return utf8.ValidString(s) && !strings.Contains(s, "\x00")
}
