package search

import (
	"slices"
	"strings"

	"stet/internal/news"
)

// MaxGone is how many bytes of sentences that no longer stand a document may
// hold; those of the oldest versions come first, and what finds no room is not found.
const MaxGone = 1 << 20

// MaxDraft is how many bytes of sentences a [Draft] may come to before it forgets
// those that are more than MaxGone; the newest version is at most news.MaxText.
const MaxDraft = MaxGone + 2*news.MaxText

// MaxFormer is how many headlines that an article had before are held.
const MaxFormer = 100

// Gap stands between words of [Fields] that did not follow one another in any
// text, so that no phrase is found across it. It is for private use, and no word
// of a query.
const Gap = "\ue000"

// Fields are the words of an article, each sentence in one of them: the index's
// document. A sentence that was there twice is held once.
type Fields struct {
	Headline []string // of the newest version
	Former   []string // other headlines that it had
	Stayed   []string // of the first version, and still there; the standfirst counts as a block
	Added    []string // came later, and still there
	Removed  []string // of the first version, and gone
	Passed   []string // came later, and went again
}

// A Field names one of Fields.
type Field int

// The fields, in the order of [Fields.All].
const (
	Headline Field = iota
	Former
	StayedText
	AddedText
	RemovedText
	PassedText
)

// All gives the fields in the order of their names.
func (f Fields) All() [6][]string {
	return [...][]string{f.Headline, f.Former, f.Stayed, f.Added, f.Removed, f.Passed}
}

// Fields are those in which a term of the scope is looked for; title: only the
// headlines among them, or, where the scope has none, the newest headline.
func (s Scope) Fields(title bool) []Field {
	switch {
	case s == AnyText && title || s == Headlines:
		return []Field{Headline, Former}
	case s == AnyText:
		return []Field{Headline, Former, StayedText, AddedText, RemovedText, PassedText}
	case s == Removed && title:
		return []Field{Former}
	case s == Removed:
		return []Field{Former, RemovedText, PassedText}
	case title:
		return []Field{Headline}
	case s == Added:
		return []Field{AddedText, PassedText}
	}
	return []Field{Headline, StayedText, AddedText}
}

// A Draft is a document in the making: its versions are added one after the
// other, so that no more than one of them need be in memory. The zero Draft has
// none.
type Draft struct {
	versions int
	headings []string               // headlines of all versions, none twice, the newest last
	seen     map[uint64]*sentence   // by what it folds to
	blocks   map[uint64][]*sentence // sentences of each block, by what it folds to: most blocks come again
	order    []*sentence            // in which they came
	size     int                    // bytes of them
}

// A sentence is one that some version had.
type sentence struct {
	text        string
	first, last int // versions that had it first, and last
	after       *sentence
}

// Add adds the next version.
func (d *Draft) Add(c news.Content) {
	if d.seen == nil {
		d.seen, d.blocks = map[uint64]*sentence{}, map[uint64][]*sentence{}
	}
	d.heading(c.Headline)
	d.block(c.Standfirst)
	for _, b := range c.Blocks {
		d.block(b.Text)
	}
	d.versions++
	if d.size > MaxDraft {
		d.forget()
	}
}

// forget drops what is gone and beyond MaxGone: an article that is another text
// at each visit must not fill the memory.
func (d *Draft) forget() {
	gone := 0
	d.size, d.blocks = 0, map[uint64][]*sentence{}
	d.order = slices.DeleteFunc(d.order, func(s *sentence) bool {
		if s.last < d.versions-1 {
			if gone+len(s.text) > MaxGone {
				delete(d.seen, news.Key(s.text))
				return true
			}
			gone += len(s.text)
		}
		d.size += len(s.text)
		return false
	})
}

func (d *Draft) heading(text string) {
	key := news.Key(text)
	d.headings = slices.DeleteFunc(d.headings, func(s string) bool { return news.Key(s) == key })
	if d.headings = append(d.headings, text); len(d.headings) > MaxFormer+1 {
		d.headings = d.headings[1:]
	}
}

// block adds the sentences of a block.
func (d *Draft) block(text string) {
	key := news.Key(text)
	parts, known := d.blocks[key]
	if !known {
		parts = d.sentences(text)
		d.blocks[key] = parts
	}
	for _, s := range parts {
		s.last = d.versions
	}
}

// sentences gives those of a block. What came in is put where it first stood:
// after the sentence before it, so that phrases go over what came in together.
func (d *Draft) sentences(text string) (out []*sentence) {
	var before *sentence
	for _, part := range sentencesOf(text) {
		key := news.Key(part)
		s := d.seen[key]
		if s == nil {
			s = &sentence{text: strings.Clone(part), first: d.versions, after: before}
			d.seen[key] = s
			d.order = append(d.order, s)
			d.size += len(part)
		}
		out, before = append(out, s), s
	}
	return out
}

// Fields makes the words of what was added; language is that of the article.
func (d *Draft) Fields(language string) Fields {
	var f Fields
	if d.versions == 0 {
		return f
	}
	c := newCutter(language)
	newest := len(d.headings) - 1
	f.Headline = c.words(nil, d.headings[newest])
	for _, h := range slices.Backward(d.headings[:newest]) {
		f.Former = c.words(gap(f.Former), h)
	}
	into := [2][2]*[]string{{&f.Passed, &f.Removed}, {&f.Added, &f.Stayed}} // by stands, of the first
	last := map[*[]string]*sentence{}
	gone := 0
	for _, s := range d.order {
		stands := s.last == d.versions-1
		if !stands {
			if gone+len(s.text) > MaxGone {
				continue
			}
			gone += len(s.text)
		}
		field := into[index(stands)][index(s.first == 0)]
		if s.after == nil || last[field] != s.after {
			*field = gap(*field)
		}
		*field = c.words(*field, s.text)
		last[field] = s
	}
	return f
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

// gap ends what was said before.
func gap(words []string) []string {
	if len(words) == 0 || words[len(words)-1] == Gap {
		return words
	}
	return append(words, Gap)
}
