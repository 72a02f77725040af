// Package compare decides whether a page shows an edit of its article: it
// holds what the publisher changed apart from what a page changes by itself.
//
// It takes what is [Known] of an article (the content that stands, the keys of
// everything its last page held, and a [Memory] of what came and went) and one
// or two looks at the page, read by package extract. It gives a [Verdict]: the
// content as it now stands, whether that is a change, what is held back and
// why, and the memory for the next time. It is pure: no clock, no store.
//
// # Law
//
// The content of an article changes only by accepted differences. A block
// enters it when its coming is accepted, leaves it when its going is accepted,
// and otherwise stands, whatever extraction now thinks of it. So a
// version may hold an advert that its first page had and later ones have not:
// to take it out with the next edit would show readers a removal that is none.
// A verdict without a change gives the content as it was, however the page now
// cuts, orders or repeats it.
//
// # What differs
//
//   - A block has come when it is core text now and the whole earlier page
//     lacked it. It has gone when the whole new page lacks it. That extractors
//     change their minds about blocks that are there all along is no change.
//   - Where the text stands elsewhere on the page than before, paragraphs cut or
//     joined otherwise (the same text between the same neighbours) have neither
//     come nor gone: that is a new template's doing.
//   - Blocks that an ignore rule matches, and blocks that many articles of the
//     source have (Known.Template), are furniture.
//   - In a live blog, old posts that fall off one end while new ones come at the
//     other stay, and order is nothing.
//   - Captions neither come nor go: a change takes over those of its page.
//
// # How sure
//
// Every block that has come or gone and is not accepted yet has a [Trace]: for
// how many looks in a row it has held, and how often it came and went before.
// It is accepted when it has held for as many looks as it needs:
//
//   - one, when the difference is the edit of a paragraph (one block gone, a
//     similar one come in its place), a headline or standfirst, or the going of a
//     post of a live blog, and the text that it replaces was seen at SureLooks
//     or more; a new post needs one always;
//   - two, when it is such a difference of a text that is less well known, or came
//     and went before; when a headline or standfirst is gone; when blocks stand in
//     another order, which both looks of one visit must show; when a block comes
//     or goes alone at the same look as an edit that is accepted, beside it or on
//     a page where nothing rotates; or when a block alone comes or goes where
//     nothing was seen to rotate. Short lines, and most of all those that end
//     like no sentence, are doubted more from the start, unless two looks show the
//     very same page;
//   - NewNeed, when a block alone goes that was seen at fewer than SureLooks,
//     unless two looks show the very same page: the first page of an article may
//     have held adverts that look like its text. Where anything on the page was
//     seen to come and go, such a block stays for good;
//   - more, up to MaxNeed, where texts were seen that came and went again: as
//     many as it takes until furniture would hardly have stayed for so long. A
//     block that would have to be away for more than half of that stands. The
//     rate at which such texts come and how long they stay are counted per
//     place (between the same neighbours) or, once MaxSlots places rotate, for
//     all places of its path;
//   - HoldLooks and HoldTime for a block that came and went itself FlapLimit
//     times or more.
//
// A verdict on one look that is Suspect asks for a second, over a fresh
// connection. What the second contradicts is remembered as having come and
// gone; what it confirms has held for two looks.
//
// # Sources
//
// The rule of whole-page presence and of the second fetch: docs/design.md §4. The
// number of looks needed is the odds form of Bayes' rule on
// two hypotheses, edit or furniture; for blocks that go, with a uniform prior on
// how often furniture is shown, which gives a beta function.
package compare

import (
	"slices"
	"time"

	"stet/internal/extract"
	"stet/internal/news"
)

// Model names this way of comparing and its version, as stored with what it
// made.
func Model() string { return "furniture-1" }

// Limits and thresholds.
const (
	SureLooks    = 3              // looks at a text after which an edit of it needs no second fetch
	NewNeed      = 5              // looks for which a block alone must be away that is not well known
	MaxNeed      = 12             // most looks that a block alone may need
	FlapLimit    = 3              // times that a block came and went from which it must hold for HoldTime
	HoldLooks    = 8              // looks, and
	HoldTime     = 24 * time.Hour // time, that it must then have held
	MaxSlots     = 3              // rotating places of one path from which all of the path is thought to rotate
	MaxTraces    = 96             // blocks remembered; those seen longest ago go first
	Similar      = 0.5            // share of words that the two sides of an edit have in common
	ShrinkTo     = 0.6            // share of the text below which what is left is suspect
	ShortText    = 12             // words below which a block that comes alone is doubted more from the start, and a line before or after the text that comes with a new template is part of that
	MaxHomes     = 4              // places of the text on the page that are remembered
	MaxPairs     = 20000          // pairs of texts that are compared to find edits; further ones count as alone
	MaxSize      = 64 << 10       // bytes of an encoded memory
	MaxRecut     = 24 << 10       // bytes of a text up to which another cut of it is remembered
	templateIn   = 3              // articles, beside this, that have a block from which it is furniture
	longBlock    = 200            // bytes from which templateLong articles must have it: agencies' copy is shared
	templateLong = 8
)

// Template reports whether a block of this text that n other articles of the
// source have is thought to be furniture.
func Template(text string, n int) bool {
	return n >= templateLong || n >= templateIn && len(text) < longBlock
}

// A Known is what is known of an article when a new page of it is compared.
type Known struct {
	Content  news.Content    // that stands
	Keys     Keys            // of everything the last good page held
	Memory   Memory          // of what came and went
	Looks    int             // that showed the content
	Template map[uint64]bool // keys of blocks that are furniture of the source
	Redesign bool            // the source's template has changed: short texts that come or go are its doing
}

// A Look is one reading of an article's page.
type Look struct {
	Page extract.Result
	At   time.Time
}

// A Verdict is what comparing came to.
type Verdict struct {
	Changed bool     // the content differs from the one that stood
	Suspect []string // why a second look is wanted before anything is published, in words; empty = it is not
	Unclear bool     // a block is gone that was seen too seldom to tell whether it was the article's
	Pending bool     // something differs that is neither accepted nor set aside yet

	Content    news.Content // as it now stands
	Headline   bool         // accepted differences
	Standfirst bool
	Added      []news.Block
	Removed    []news.Block
	Moved      bool
	Grown      bool      // a live blog, and nothing but posts was added
	Posts      int       // posts that were added
	Since      time.Time // when the earliest accepted difference was first seen
	Latest     time.Time // when the latest was: from then on all were there
	Differs    bool      // the second look shows what the first does not: an edit may have come between

	Lone     []news.Block // accepted blocks that came or went alone, not as an edit nor as a post: a sibling's page may show them too
	Open     []news.Block // all blocks that came or went, accepted or not
	Flapped  []uint64     // keys of blocks that were seen to come and go for the first time: other articles may have them too
	Held     []news.Held  // what was set aside at this visit
	Home     uint64       // where on the page the text stands now, if it never stood there before; 0 = nowhere new
	FromHome uint64       // where it stood last
	Keys     Keys         // of everything the page holds, for the next time
	Memory   Memory
}

// Judge compares one or two looks at a page with what is known.
func (k Known) Judge(looks ...Look) Verdict {
	j := newJudge(k, looks)
	j.watch()
	j.accept()
	return j.verdict()
}

// First gives the verdict on the first page of an article.
func First(template map[uint64]bool, l Look) Verdict {
	v := Verdict{Changed: true, Content: l.Page.Content, Since: l.At, Latest: l.At, Keys: KeysOf(l.Page)}
	v.Content.Blocks = nil
	for _, b := range l.Page.Content.Blocks {
		if k := news.Key(b.Text); b.Kind == news.Paragraph && template[k] {
			v.Held = append(v.Held, held(k, b.Text, whyTemplate, 1, l.At, l.At, false))
			continue
		}
		v.Content.Blocks = append(v.Content.Blocks, b)
	}
	v.Memory = Memory{Looks: 1, Homes: homes(nil, l.Page.Home)}
	return v
}

// homes is the list with h as its newest.
func homes(list []uint64, h uint64) []uint64 {
	if h == 0 || slices.Contains(list, h) {
		return list
	}
	list = append(slices.Clone(list), h)
	return list[max(0, len(list)-MaxHomes):]
}

// Why a block was set aside, in words.
const (
	whyTemplate = "many articles of the source have it"
	whyRotates  = "it comes and goes"
	whyOnce     = "seen only once, in a place that rotates"
	whyRule     = "an ignore rule matches it"
	whyRedesign = "came or went with a new template"
)

func held(key uint64, text, why string, times int, first, last time.Time, absent bool) news.Held {
	return news.Held{Key: key, Text: clip(text), Why: why, Times: times, First: first, Last: last, Absent: absent}
}

// clip cuts a text to what is kept of it.
func clip(s string) string {
	if len(s) <= news.MaxHeldText {
		return s
	}
	n := news.MaxHeldText
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// Reread gives what is known when the page that it stands on is read again, by
// a newer extractor. What was held back stays out.
func (k Known) Reread(page extract.Result) Known {
	out := map[uint64]bool{}
	for _, t := range k.Memory.Traces {
		out[t.Key] = !t.Absent
	}
	k.Content = page.Content
	k.Content.Blocks = nil
	for _, b := range page.Content.Blocks {
		if !out[news.Key(b.Text)] {
			k.Content.Blocks = append(k.Content.Blocks, b)
		}
	}
	k.Memory.Blocks, k.Memory.Recut = nil, false
	k.Keys = KeysOf(page).union(k.Keys)
	return k
}
