package news

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of one Content; what is beyond them is cut off and said so in
// [Content.Cut].
const (
	MaxText   = 1 << 20 // bytes of text in all blocks
	MaxBlocks = 5000
)

// A BlockKind is what sort of text a block is.
type BlockKind string

// The kinds of block.
const (
	Paragraph BlockKind = "p"
	Heading   BlockKind = "h"
	ListItem  BlockKind = "li"
	Quotation BlockKind = "quote"
	TableRow  BlockKind = "row"
	Post      BlockKind = "post"    // the heading line of a live-blog post; ID names the post
	Caption   BlockKind = "caption" // soft: see Block.Core
)

// A Block is one paragraph-like piece of the body, as published: white space
// that HTML does not show is collapsed, nothing else is changed.
type Block struct {
	Kind BlockKind `json:"kind"`
	Text string    `json:"text"`
	ID   string    `json:"id,omitempty"` // of the live-blog post around it
	At   time.Time `json:"at,omitzero"`  // when that post says it was written; only on its heading
}

// Core reports whether a difference in the block can make a version. Captions
// are soft: they are stored, and make none.
func (b Block) Core() bool { return b.Kind != Caption }

// Content is what extraction read in a page.
type Content struct {
	Headline   string    `json:"headline"`
	Standfirst string    `json:"standfirst,omitempty"`
	Byline     []string  `json:"byline,omitempty"`
	Section    string    `json:"section,omitempty"`
	Published  time.Time `json:"published,omitzero"`
	Modified   time.Time `json:"modified,omitzero"`
	Language   string    `json:"language,omitempty"`   // BCP 47
	Correction string    `json:"correction,omitempty"` // notice of a correction or clarification
	Paywalled  bool      `json:"paywalled,omitempty"`  // the page says that it is not free to read, or holds only a part
	Image      Image     `json:"image,omitzero"`       // the lead image
	Blocks     []Block   `json:"blocks"`
	Links      []Link    `json:"links,omitempty"`  // in the blocks, in order, at most MaxLinks
	Claims     []Claim   `json:"claims,omitempty"` // what each origin says of a field, best first
	Cut        bool      `json:"cut,omitempty"`    // a limit was met; the rest of the text is not here
}

// An Image is the picture that a page leads with.
type Image struct {
	URL     string `json:"url"` // absolute
	Caption string `json:"caption,omitempty"`
	Alt     string `json:"alt,omitempty"`
}

// A Link is a way out of the text.
type Link struct {
	URL  string `json:"url"` // absolute, http or https
	Text string `json:"text,omitempty"`
}

// MaxLinks is how many links of a text are kept.
const MaxLinks = 500

// A Claim is what one origin on a page says of a field: pages say the same
// thing in several places and do not always agree. The field of the content is
// what they were reconciled to.
type Claim struct {
	Field  string `json:"field"`  // headline, standfirst, byline, section, published, modified, language
	Origin string `json:"origin"` // see docs/formats.md: json-ld, og, meta, h1, title, time, text, http …
	Value  string `json:"value"`  // dates in RFC 3339
}

// MaxClaims is how many claims of a page are kept.
const MaxClaims = 64

// Canonical is the one serialisation of the content: JSON in the order of the
// fields, times in UTC. It is what is stored and what Version.Digest covers.
func (c Content) Canonical() []byte {
	c.Published, c.Modified = utc(c.Published), utc(c.Modified)
	blocks := make([]Block, len(c.Blocks)) // a content shares its blocks with its copies
	for i, b := range c.Blocks {
		b.At = utc(b.At)
		blocks[i] = b
	}
	c.Blocks = blocks
	b, err := json.Marshal(c)
	if err != nil { // strings, times within year 9999, and slices of them: cannot fail
		panic("news: content does not marshal: " + err.Error())
	}
	return b
}

// utc gives a time as JSON can hold it; a year beyond that counts as unknown.
func utc(t time.Time) time.Time {
	t = t.UTC().Truncate(time.Second)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// Identity is a digest of what makes a version: the folded headline,
// standfirst and core blocks in order. Contents with equal identities are the
// same text; bylines, dates and captions do not enter.
func (c Content) Identity() Digest {
	h := sha256.New()
	var room []byte // for one text after another
	put := func(s string) {
		if room = room[:0]; plain(s) {
			room = append(room, s...)
		} else {
			room = appendFolded(room, s)
		}
		room = append(room, 0)
		h.Write(room)
	}
	put(c.Headline)
	put(c.Standfirst)
	for _, b := range c.Blocks {
		if b.Core() {
			put(b.Text)
		}
	}
	return Digest(h.Sum(nil))
}

// Text is the body as plain text, a line feed between blocks.
func (c Content) Text() string {
	var b strings.Builder
	for i, x := range c.Blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.Text)
	}
	return b.String()
}

// Fold gives the form of a text that is used to compare, never to show:
// Unicode NFC; soft hyphens, zero-width spaces, word joiners and byte-order
// marks left out; each run of white space one space, none at the ends; the
// many quotation marks, apostrophes, dashes and ellipses as their ASCII
// cousins. The joiners of Arabic and Indic scripts (ZWJ, ZWNJ) are kept: they
// change words.
func Fold(s string) string {
	if plain(s) {
		return s
	}
	return string(appendFolded(make([]byte, 0, len(s)), s))
}

// plain reports whether a text is its own folded form, by its bytes alone: no
// letter beyond ASCII, no grave accent, single spaces between words.
func plain(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c == '`' || '\t' <= c && c <= '\r' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return s == "" || last != ' '
}

// appendFolded appends the folded form of a text to b, which must be empty.
func appendFolded(b []byte, s string) []byte {
	if !utf8.ValidString(s) { // each byte of no meaning becomes U+FFFD, before marks are put together
		s = strings.Map(func(r rune) rune { return r }, s)
	}
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	space := false
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
			r = foldRune(r)
		} else if r == '`' {
			r = '\''
		}
		i += n
		switch {
		case r == dropped:
			continue
		case unicode.IsSpace(r):
			space = true
			continue
		case space && len(b) > 0:
			b = append(b, ' ')
		}
		space = false
		if r == '…' {
			b = append(b, "..."...)
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// dropped stands for a rune that the folded form lacks.
const dropped = -1

// foldRune is the folded form of a rune beyond ASCII.
func foldRune(r rune) rune {
	switch r {
	case '\u00ad', '\u200b', '\u2060', '\ufeff':
		return dropped
	case '‘', '’', '‚', '‛', '´', 'ʼ', '′', '＇':
		return '\''
	case '“', '”', '„', '‟', '«', '»', '″', '＂':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '－':
		return '-'
	}
	return r
}

// The parameters of 64-bit FNV-1a.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Key is the 64-bit FNV-1a hash of the folded text: the name of a block of a
// page when pages are compared.
func Key(text string) uint64 {
	if plain(text) {
		return hash(text)
	}
	var room [1024]byte // most texts fit, and need no memory of their own
	return hash(appendFolded(room[:0], text))
}

func hash[T string | []byte](text T) uint64 {
	h := uint64(fnvOffset)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * fnvPrime
	}
	return h
}

// A Digest is a SHA-256 value.
type Digest [sha256.Size]byte

// Sum is the digest of data.
func Sum(data []byte) Digest { return sha256.Sum256(data) }

// IsZero reports whether the digest is absent.
func (d Digest) IsZero() bool { return d == Digest{} }

// String is the digest in lower-case hexadecimal; empty when absent.
func (d Digest) String() string {
	if d.IsZero() {
		return ""
	}
	return hex.EncodeToString(d[:])
}

// ParseDigest reads what String wrote.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if s == "" {
		return d, nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(d) {
		return d, fmt.Errorf("digest %q: want %d hexadecimal digits", s, 2*len(d))
	}
	return Digest(b), nil
}
