package diff

import "stet/internal/news"

// Algorithm is the number of the comparison algorithm. It grows whenever the
// same two contents may give another script, so that stored scripts and the
// addresses of their edits can be told apart.
const Algorithm = 2

// An Op is what an edit or a run does.
type Op string

// The operations. Runs have the first three only.
const (
	Equal   Op = "equal"
	Insert  Op = "insert"
	Delete  Op = "delete"
	Replace Op = "replace" // text, kind or post id differ; also splits and merges
	Move    Op = "move"    // two edits, one at each end, linked by MovedFrom and MovedTo
)

// A Run is a stretch of text that is in both texts, only in the new or only in
// the old one.
type Run struct {
	Op   Op     `json:"op"` // Equal, Insert or Delete
	Text string `json:"text"`
	// Move is the id ("m1", "m2" …) of the passage that the run is part of, when
	// the passage, less than a block, stands elsewhere on the other side: deleted
	// where it stood, inserted where it stands. What was edited on the way is in
	// runs beside it without Move.
	Move string `json:"move,omitempty"`
}

// break between two blocks in the runs of a split or a merge.
const paragraphBreak = "\n\n"

// An Edit is one row of the body. Rows are in the reading order of the new
// text; removed blocks, and those moved away, stand where they stood.
type Edit struct {
	// ID names the edit in addresses: "c-" and eight hexadecimal digits of the
	// hash of old and new text. Edits with the same texts get "-2", "-3" …; the
	// old end of a move has the id of the new end and "-from". Equal rows have
	// none.
	ID string `json:"id,omitempty"`
	Op Op     `json:"op"`

	// Old and New are the indexes of the blocks, from 0. A split has one old and
	// several new, a merge several old and one new. Both ends of a move have both.
	Old []int `json:"old,omitempty"`
	New []int `json:"new,omitempty"`

	Kind    news.BlockKind `json:"kind"`               // of the new block; of the old one in a deletion
	OldKind news.BlockKind `json:"old_kind,omitempty"` // of the old block, in Replace and Move only
	Post    string         `json:"post,omitempty"`     // live-blog post id, as Kind
	OldPost string         `json:"old_post,omitempty"` // as OldKind
	At      string         `json:"at,omitempty"`       // time of the live-blog post, RFC 3339, as Kind
	OldAt   string         `json:"old_at,omitempty"`   // as OldKind

	// Runs is the text of the row. In splits and merges "\n\n" stands between
	// blocks. At the old end of a move it is the old text, deleted.
	Runs []Run `json:"runs"`

	Typography bool   `json:"typography,omitempty"` // only quotes, dashes, spaces and the like differ
	MovedFrom  string `json:"moved_from,omitempty"` // at the new end of a move: id of the old end
	MovedTo    string `json:"moved_to,omitempty"`   // at the old end of a move: id of the new end
}

// A FieldEdit is a difference outside the body.
type FieldEdit struct {
	// Field is "headline", "standfirst", "byline", "section", "published",
	// "modified", "language", "correction", "image", "caption", "alt" (address,
	// caption and description of the lead image), "paywalled" or "cut" (the last
	// two "true" or "").
	Field string `json:"field"`
	// Old and New are the values as shown: names of a byline joined with ", ",
	// times as RFC 3339 in UTC; empty = absent.
	Old        string   `json:"old"`
	New        string   `json:"new"`
	Runs       []Run    `json:"runs"`
	OldNames   []string `json:"old_names,omitempty"` // the byline, name by name
	NewNames   []string `json:"new_names,omitempty"`
	Typography bool     `json:"typography,omitempty"`
}

// A ListEdit is a step in a list that is no text: so many equal items, one that
// was inserted, or one that was deleted.
type ListEdit[T any] struct {
	Op    Op  `json:"op"`              // Equal, Insert or Delete
	Count int `json:"count,omitempty"` // items of Equal
	Item  *T  `json:"item,omitempty"`  // of Insert and Delete
}

// A Script is all that differs between two contents.
//
// The counts are of words in headline, standfirst and body: UAX #29 words with
// a letter or a digit, so that one Han character, kana or Thai grapheme counts
// as a word. Typography counts none.
type Script struct {
	Algorithm int         `json:"algorithm"`
	Fields    []FieldEdit `json:"fields"`
	Edits     []Edit      `json:"edits"`
	// Links and Claims are empty when nothing differs in them.
	Links        []ListEdit[news.Link]  `json:"links,omitempty"`
	Claims       []ListEdit[news.Claim] `json:"claims,omitempty"`
	WordsAdded   int                    `json:"words_added"`
	WordsRemoved int                    `json:"words_removed"`
	WordsMoved   int                    `json:"words_moved"` // unchanged words inside moved blocks and passages
	WordsOld     int                    `json:"words_old"`
	WordsNew     int                    `json:"words_new"`
	Approximate  bool                   `json:"approximate,omitempty"` // a limit was met; more may be marked than changed
}

// Empty reports whether the contents are the same, also in what no view for
// people shows: claims.
func (s Script) Empty() bool { return s.Changes() == 0 && len(s.Claims) == 0 }

// Changes is the number of fields and rows that differ; a move counts once, and
// so do all links together. Claims count none.
func (s Script) Changes() int {
	n := len(s.Fields) + min(len(s.Links), 1)
	for _, e := range s.Edits {
		if e.Changed() {
			n++
		}
	}
	return n
}

// Changed reports whether the row counts as a change: all but equal rows and
// the old ends of moves, which are counted at their new ends.
func (e Edit) Changed() bool { return e.Op != Equal && !e.Origin() }

// Origin reports whether the row is the old end of a move.
func (e Edit) Origin() bool { return e.MovedTo != "" }

// OldRuns is the old side of runs: what is equal or deleted.
func OldRuns(runs []Run) []Run { return without(runs, Insert) }

// NewRuns is the new side of runs: what is equal or inserted.
func NewRuns(runs []Run) []Run { return without(runs, Delete) }

func without(runs []Run, op Op) []Run {
	out := make([]Run, 0, len(runs))
	for _, r := range runs {
		if r.Op != op {
			out = append(out, r)
		}
	}
	return out
}
