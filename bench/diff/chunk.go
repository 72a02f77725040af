package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// The operations of a chunk: in both texts, in the old or in the new one only.
const (
	equal   = "="
	deleted = "-"
	added   = "+"
)

// A chunk is a stretch of text as a tool shows it. What every tool gives is
// reduced to a list of these, in which the equal and deleted ones make the old
// text and the equal and added ones the new.
type chunk struct {
	op    string
	text  string
	moved bool // deleted here, and added elsewhere as moved; or the reverse
}

// A measure is what a list of chunks comes to.
//
// A word is a segment of UAX #29 with a letter or a digit. Words are cut in
// the whole text of a side, never in a chunk alone: a word of which a tool
// marks two letters is one word marked, for whoever reads it.
type measure struct {
	marked int // words of both sides of which a letter or digit is deleted or added, and not as moved
	moved  int // words of the new text that are shown as moved and not marked
	cut    int // words of both sides that a boundary between chunks is inside of
}

// measureChunks lays the chunks over both texts of a pair and counts. A
// boundary is inside a word if letters or digits of the same word are on both
// sides of it. It reports whether the chunks make both texts, but for white
// space, of which tools keep what they like; where they do not, it counts in
// the texts that the chunks do make.
func measureChunks(chunks []chunk, old, now string) (measure, bool) {
	was, oldOK := lay(chunks, added, old)
	is, newOK := lay(chunks, deleted, now)
	if !oldOK {
		old = joined(chunks, added)
		was, _ = lay(chunks, added, old)
	}
	if !newOK {
		now = joined(chunks, deleted)
		is, _ = lay(chunks, deleted, now)
	}
	a, b := measureSide(old, was), measureSide(now, is)
	return measure{marked: a.marked + b.marked, moved: b.moved, cut: a.cut + b.cut}, oldOK && newOK
}

// A span is where a chunk stands in the text of one side.
type span struct {
	chunk
	from, to int // bytes
}

// lay finds where the chunks of one side stand in its text, the others being left
// out; neighbours of one kind are one. It fails if they are not the
// text, white space aside.
func lay(chunks []chunk, without, text string) (spans []span, ok bool) {
	at := 0
	for _, c := range chunks {
		if c.op == without {
			continue
		}
		from, to, ok := find(text, at, c.text)
		if !ok {
			return nil, false
		}
		if from == to {
			continue
		}
		at = to
		if k := len(spans) - 1; k >= 0 && spans[k].op == c.op && spans[k].moved == c.moved {
			spans[k].to = to
			continue
		}
		spans = append(spans, span{c, from, to})
	}
	return spans, strings.TrimSpace(text[at:]) == ""
}

// find gives the place of a chunk's text at or after a place in a text.
func find(text string, at int, part string) (from, to int, ok bool) {
	from, to = -1, at
	for _, r := range part {
		if unicode.IsSpace(r) {
			continue
		}
		to += len(text[to:]) - len(strings.TrimLeftFunc(text[to:], unicode.IsSpace))
		is, n := utf8.DecodeRuneInString(text[to:])
		if n == 0 || is != r {
			return 0, 0, false
		}
		if from < 0 {
			from = to
		}
		to += n
	}
	if from < 0 {
		return at, at, true // white space only
	}
	return from, to, true
}

func joined(chunks []chunk, without string) string {
	var b strings.Builder
	for _, c := range chunks {
		if c.op != without {
			b.WriteString(c.text)
		}
	}
	return b.String()
}

func measureSide(text string, spans []span) (m measure) {
	k := 0 // first span that is not before the word
	for it := words.FromString(text); it.Next(); {
		from, to := it.Start(), it.End()
		for k < len(spans) && spans[k].to <= from {
			k++
		}
		marked, moved, parts := parts(text, spans[k:], from, to)
		switch {
		case marked:
			m.marked++
		case moved:
			m.moved++
		}
		if parts > 1 {
			m.cut++
		}
	}
	return m
}

// parts looks at the spans over one word: in how many of them letters or
// digits of it stand, and whether any of those is marked or moved.
func parts(text string, spans []span, from, to int) (marked, moved bool, n int) {
	for _, s := range spans {
		if s.from >= to {
			break
		}
		if !wordy(text[max(from, s.from):min(to, s.to)]) {
			continue
		}
		n++
		marked = marked || s.op != equal && !s.moved
		moved = moved || s.moved
	}
	return marked, moved, n
}

// wordy reports whether a text has a letter or a digit.
func wordy(s string) bool { return strings.ContainsFunc(s, isWordy) }

func isWordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// wordsOf are the words of a text in order.
func wordsOf(text string) []string {
	var out []string
	for it := words.FromString(text); it.Next(); {
		if wordy(it.Value()) {
			out = append(out, it.Value())
		}
	}
	return out
}

// glue is a separator between chunks of different paragraphs.
func glue() chunk { return chunk{op: equal, text: "\n"} }

// valid makes a text UTF-8, as the tools that speak JSON see it.
func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }
