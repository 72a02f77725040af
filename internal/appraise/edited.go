package appraise

import (
	"strings"
	"unicode/utf8"

	"stet/internal/diff"
	"stet/internal/news"
)

// An edited is what rules look at: the two texts of a sentence that was edited,
// of one that is new or gone (the other text is empty), or of a field.
type edited struct {
	edit  string // id of the row; empty in a field
	field string // name of the field; empty in the body
	moved bool
	anew  bool // went and came: little of the old text is left in the new

	old, new     side
	runs         []diff.Run // from the old text to the new one
	oldAt, newAt []diff.Place
	page         *page
}

// A side is one text of an edited.
type side struct {
	text string
	toks []token
	kind news.BlockKind // of the block that holds it
}

// A page is what the sentences stand in.
type page struct {
	old, new news.Content
	script   diff.Script
	lex      *lexicon // of both contents; without lists when the language has none

	names map[string]bool // words that the bodies use as names; see capitals
}

// newEdited cuts the texts of runs and marks the tokens that changed.
func newEdited(p *page, runs []diff.Run) edited {
	e := edited{runs: runs, page: p}
	e.old = newSide(runs, diff.Insert, p.lex)
	e.new = newSide(runs, diff.Delete, p.lex)
	return e
}

// newSide makes the text of one side, leaving the other side's operation out.
func newSide(runs []diff.Run, leave diff.Op, l *lexicon) side {
	var b strings.Builder
	for _, r := range runs {
		if r.Op != leave {
			b.WriteString(r.Text)
		}
	}
	s := side{text: b.String()}
	s.toks = tokens(s.text, l)
	end, k, hunk := 0, 0, 0
	for i, r := range runs {
		if r.Op == diff.Equal {
			hunk++
		}
		if r.Op == leave {
			continue
		}
		end += len(r.Text)
		changed := r.Op != diff.Equal && !retyped(runs, i)
		for ; k < len(s.toks) && s.toks[k].at < end; k++ {
			s.toks[k].changed, s.toks[k].hunk = changed, hunk
		}
	}
	return s
}

// retyped reports whether the other side of run i has the same but for
// typography: the script marks such words, and rules must not take them for
// others.
func retyped(runs []diff.Run, i int) bool {
	for _, k := range [2]int{i - 1, i + 1} {
		if k >= 0 && k < len(runs) && runs[k].Op != diff.Equal && runs[k].Op != runs[i].Op {
			return strings.EqualFold(news.Fold(runs[k].Text), news.Fold(runs[i].Text))
		}
	}
	return false
}

// both reports whether the sentence stands on both sides.
func (e edited) both() bool { return e.old.text != "" && e.new.text != "" }

// lex is the word lists of the page.
func (e edited) lex() *lexicon { return e.page.lex }

// find makes a finding of this edit.
func (e edited) find(k news.Kind, of, what, old, new string) news.Finding {
	return news.Finding{Kind: k, Edit: e.edit, Field: e.field, Of: of, What: what, Old: old, New: new}
}

// changedText is what changed of a side: its changed stretches, from word to
// word, joined by " … ".
func (s side) changedText() string {
	var parts []string
	for i := 0; i < len(s.toks); i++ {
		if !s.toks[i].changed {
			continue
		}
		from := i
		for i+1 < len(s.toks) && s.toks[i+1].changed {
			i++
		}
		parts = append(parts, s.text[s.toks[from].at:s.toks[i].end()])
	}
	return strings.Join(parts, " … ")
}

// span is the text of tokens from up to, not including, to.
func (s side) span(from, to int) string {
	if from >= to {
		return ""
	}
	return s.text[s.toks[from].at:s.toks[to-1].end()]
}

// clip cuts a text to at most so many bytes, at the end of a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// evidence is a text as a finding shows it: with an ellipsis where it was cut.
func evidence(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= MaxEvidence {
		return s
	}
	return strings.TrimSpace(clip(s, MaxEvidence-len("…"))) + "…"
}
