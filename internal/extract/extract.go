// Package extract turns the bytes of a captured page into an outcome and a
// content, for any news page and with no rule for any one source.
//
// It takes a [Page]: final address, status, a few headers, and the body freed
// of its Content-Encoding, in any charset. It gives a [Result]: what kind of
// page this is, in the words of [news.Outcome]; the article's content when it
// is one; and, whatever it is, every text block of the page with its key, so
// that a comparison can ask whether a text was anywhere on the page before.
//
// # Promises
//
// [Read] is a pure function of the page: no clock, no network, no randomness,
// no state. It never panics; what a library does to it is caught and counts as
// that library having nothing to say. Time and memory are bounded by the limits
// below, whatever the input. Text is the publisher's own: white space that HTML
// does not show is collapsed and nothing else is altered. When the way of
// reading changes, [Version] does, so that two captures are only ever compared
// after being read alike.
//
// # Order of decisions
//
//  1. Status, content type, redirect and truncation decide without parsing.
//  2. Bytes become text: valid UTF-8 is UTF-8, whatever header or meta say;
//     then byte-order mark, header, the page's own meta, the custom of the
//     page's language.
//  3. The text is parsed once; a document nested too deep for the parser is
//     flattened, all text kept, and parsed again.
//  4. The tree is cut into blocks.
//  5. Voters say which blocks are the article's: go-trafilatura,
//     go-readability and JSON-LD articleBody. A block is voted when at least
//     70 % of its word trigrams are in a voter's text; two votes make it body.
//     A voter that found less than a fifth of what another did is not counted.
//     Learned weights over votes, text and place overrule: on declared news
//     they only take out, elsewhere they also take in. What its place shows to
//     be no text (the headline again, a note about the author, a heading above
//     a link) is taken out after. Where this comes to too little, weaker
//     evidence is asked in turn: one vote, the main or article element, the
//     body that JSON-LD declares.
//  6. Soft blocks are told apart by shape and generic marks, never by source:
//     link lists, clocks, counters, adverts, newsletter and related boxes,
//     bylines, captions. They are no part of the core text.
//  7. Blocks that a rule of the user matches ([Ignore]) are no part of the
//     article; they stay in the list, with the rule.
//  8. The page as a whole is judged: a challenge, a consent or login wall, a
//     page that says it is missing, an index. A banner over a real article does
//     not hide it, because only what is left beside the banner counts.
//
// # Fields
//
// Beside the text, a content has what the page says of it. Pages say the same
// in several places that do not always agree: all of it is kept as claims, and
// one is believed. Of the headline, what is shown goes before what is declared;
// of names, the first origin that names a person; of dates, JSON-LD, meta, time
// elements, the text, and last a guess. What differs from one fetch to the next
// while the article stands still is not taken in: relative times are no dates,
// image addresses lose cache-busters and expiring signatures. docs/formats.md
// describes every field and origin.
//
// What a page reserves for its publisher (noindex, noarchive, text and data
// mining) is no field of the content: [Reserved] reads it, for itself.
//
// # Limits
//
// [MaxHTML] bytes are parsed, [MaxPageBlocks] blocks listed. The voters are
// not linear: go-trafilatura is asked up to 1,500 blocks, 20,000 elements and
// 1 MB of text, go-readability up to 20,000 blocks, 50,000 elements and 4 MB;
// beyond, the page's own structure decides. A content holds what news.MaxText
// and news.MaxBlocks allow. [MaxIgnore] rules are applied, each in one walk over
// the first [MaxSelected] elements that asks each of its [MaxParts] parts at most
// once about an element, and in one look at the first [MaxIgnoredText] bytes of each block. Whatever is cut off sets news.Content.Cut.
//
// # Sources
//
// HTML Living Standard (parsing, innerText), Encoding Standard, schema.org
// Article and its JSON-LD, the Open Graph protocol, RFC 6596 (canonical links),
// BCP 47 (languages), RFC 9110 (statuses).
package extract

import (
	"fmt"
	"net/url"

	"stet/internal/news"
)

// Version is the number of this way of reading. It grows whenever the same
// page may read differently than before.
const Version = 3

// Limits of one page.
const (
	MaxHTML       = 8 << 20 // bytes of HTML that are parsed
	MaxPageBlocks = 20000   // blocks listed in Result.Blocks
)

// Extractor names the extractor and its version, as stored with each capture.
func Extractor() string { return fmt.Sprintf("stet-%d", Version) }

// A Page is what a visit brought back.
type Page struct {
	URL          *url.URL // final address, after redirects; nil = unknown
	Asked        *url.URL // address asked for; nil = the same
	Status       int      // HTTP status; 0 = a file
	ContentType  string   // header, may be empty
	LastModified string   // header, may be empty
	Body         []byte   // free of Content-Encoding, any charset; not altered
	Truncated    bool     // the body was cut short in transfer
	Ignore       []Ignore // rules on which blocks to keep out, at most MaxIgnore

	RobotsTag      []string // X-Robots-Tag headers, for Reserved
	TDMReservation string   // tdm-reservation header, for Reserved
	TDMPolicy      string   // tdm-policy header, for Reserved
}

// A Block is a text block of the page, in document order.
type Block struct {
	news.Block
	Key  uint64 // news.Key of the text
	Body bool   // voted part of the article's body
	Soft bool   // link list, clock, counter, teaser …: never core text
	Rule int64  // ID of the ignore rule that keeps it out of the article; 0 = none
	// Path is a hash of the names of the elements from the body's child down to
	// the block's own, without classes and places: equal for paragraphs side by
	// side. It is 0 for a text that the page only declares.
	Path uint64
}

// A Result is what was read in a page.
type Result struct {
	Outcome news.Outcome
	Reason  string // in words, for people; empty when OK
	// Content is the article when Outcome is OK, else zero. Its blocks are the
	// body blocks that are not soft, and the captions among them.
	Content news.Content
	// Blocks are all text blocks of the page, at most MaxPageBlocks, also
	// when the page is no article; nil when it was not parsed.
	Blocks []Block
	// Extra holds the keys of every variant of headline and standfirst that
	// the page gives, shown or not.
	Extra []uint64
	// Target is where a page sends its reader that holds nothing but the way
	// there; absolute, and empty unless Outcome is Moved.
	Target string
	// Canonical is the address by which the page names itself, absolute and
	// within the registrable domain of the page's own; empty otherwise.
	Canonical string
	// Home is the Path of the lowest element that holds nearly all core text; 0
	// when there is none.
	Home uint64
}

// Read reads a page. It never fails: what cannot be read is an outcome.
func Read(p Page) (r Result) {
	if o, why := classifyResponse(p); o != news.OK {
		return Result{Outcome: o, Reason: why}
	}
	d := newDocument(p)
	if d == nil {
		return Result{Outcome: news.Failed, Reason: "the page cannot be parsed"}
	}
	d.voteBody()
	r = d.result()
	if o, why := d.classifyPage(); o != news.OK {
		r.Outcome, r.Reason, r.Content, r.Target = o, why, news.Content{}, d.target
	}
	return r
}
