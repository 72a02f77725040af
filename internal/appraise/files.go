package appraise

import (
	"stet/internal/diff"
	"stet/internal/news"
)

// Limits of what belongs to a file that a page offers.
const (
	maxFileNotes = 4   // blocks of notes below the line that offers it
	maxFileTitle = 300 // bytes of its title
)

// ofFile reports whether a sentence is only about a file that the page offers:
// its title, a line that is no sentence right above the one with its type and
// size; or a note below that one on formats that more people can read.
func ofFile(e edited) bool {
	is := func(s side, at []diff.Place, c news.Content) bool {
		if s.text == "" {
			return true
		}
		if len(at) == 0 || at[0].Block >= len(c.Blocks) {
			return false
		}
		return e.aloneAbove(s, at, c) || e.notesFile(at[0].Block, c)
	}
	return is(e.old, e.oldAt, e.page.old) && is(e.new, e.newAt, e.page.new)
}

// aloneAbove reports whether a sentence is all of a title with a file below it.
func (e edited) aloneAbove(s side, at []diff.Place, c news.Content) bool {
	return len(s.text) <= maxFileTitle && !endsLine(s.toks) && wholeBlock(s, at, c) && e.titlesFile(at, c)
}

// notesFile reports whether a block is a note on the formats of a file above it.
func (e edited) notesFile(block int, c news.Content) bool {
	for k := block; k >= 0 && block-k <= maxFileNotes; k-- {
		text := c.Blocks[k].Text
		if k < block && e.fileLine(text) {
			return true
		}
		if len(phrasesOf(tokens(clip(text, 2*MaxEvidence), e.lex()), "filenotes", e.lex())) == 0 {
			return false
		}
	}
	return false
}

// fileLine reports whether a block offers a file and says nothing else, its size
// and how to get it among that: "View online, download CSV 7.2 KB".
func (e edited) fileLine(text string) bool {
	if len(text) > MaxEvidence {
		return false
	}
	toks := tokens(text, e.lex())
	if len(toks) == 0 || wordCount(toks) > maxFileLine {
		return false
	}
	return e.offersFile(toks) || e.offersSize(toks)
}

// offersSize reports whether all words of a line are of offers and of sizes.
func (e edited) offersSize(toks []token) bool {
	offer, size := false, false
	for i := 0; i < len(toks); {
		p, n := e.lex().at("attachment", toks, i)
		switch {
		case n > 0:
			offer, size = offer || p.class == "offer", size || p.class == "size"
			i += n
			continue
		case toks[i].sort == wordToken:
			return false
		}
		i++
	}
	return offer && size
}
