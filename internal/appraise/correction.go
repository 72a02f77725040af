package appraise

import (
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// maxNotice is how many words of a block are read for a notice: longer ones begin
// with what they are, too.
const maxNotice = 60

// corrections finds notices of a correction or clarification that were added or
// changed: those that extraction found, and blocks and sentences that read as
// one. Each is found once. To take one away corrects nothing.
func corrections(p *page, add func(news.Finding)) {
	said := map[string]bool{}
	tell := func(edit, field, old, new string) {
		of := "changed"
		if old == "" {
			of = "added"
		}
		key := keyOf(old) + "\x00" + keyOf(new)
		if new != "" && !said[key] {
			said[key] = true
			add(news.Finding{Kind: news.KindCorrection, Edit: edit, Field: field, Of: of, Old: old, New: new})
		}
	}
	for _, x := range p.script.Fields {
		if x.Field == "correction" && !x.Typography && !p.standing(x) {
			tell("", x.Field, x.Old, x.New)
		}
	}
	if !p.lex.knows("correction") {
		return
	}
	for _, x := range p.script.Edits {
		if !x.Changed() || x.Typography || x.Op == diff.Move && len(x.Runs) == 1 {
			continue
		}
		old, new := noticeIn(textOf(x.Runs, diff.Insert), p.lex), noticeIn(textOf(x.Runs, diff.Delete), p.lex)
		if new != "" && keyOf(old) != keyOf(new) && !p.told(new) {
			tell(x.ID, "", old, new)
		}
	}
}

// standing reports whether a notice that extraction reports on one side only
// stands as a block on the other side, too.
func (p *page) standing(x diff.FieldEdit) bool {
	return x.Old == "" && holdsBlock(p.old, x.New)
}

func holdsBlock(c news.Content, notice string) bool {
	folded := news.Fold(notice)
	for _, b := range c.Blocks {
		if b.Text != "" && news.Fold(b.Text) == folded {
			return true
		}
	}
	return false
}

// told reports whether the notice of a row is what extraction found, which is
// told as a field.
func (p *page) told(new string) bool {
	for _, x := range p.script.Fields {
		if x.Field == "correction" && !x.Typography &&
			strings.Contains(news.Fold(x.New), news.Fold(new)) {
			return true
		}
	}
	return false
}

// textOf is the text of runs without those of one operation.
func textOf(runs []diff.Run, leave diff.Op) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Op != leave {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

// noticeIn is the part of a row that reads as a notice: the row from its label
// on, or from the first sentence that says what was corrected.
func noticeIn(text string, l *lexicon) string {
	if !speaksOf(text, l) {
		return ""
	}
	for rest := text; rest != ""; {
		sentence, after := cutSentence(rest)
		if isNotice(tokens(sentence, l), l) {
			return strings.TrimSpace(rest)
		}
		rest = after
	}
	return ""
}

// speaksOf reports whether a text has a phrase of the list at all.
func speaksOf(text string, l *lexicon) bool {
	toks := tokens(text, l)
	for i := range toks {
		if p, n := l.at("correction", toks, i); n > 0 && p.class != "weak" {
			return true
		}
	}
	return false
}

// cutSentence parts a text after its first sentence.
func cutSentence(text string) (sentence, rest string) {
	pieces := diff.Sentences(text)
	if len(pieces) < 2 {
		return text, ""
	}
	return pieces[0], text[len(pieces[0]):]
}

// isNotice reports whether a sentence tells of a correction of this text.
func isNotice(toks []token, l *lexicon) bool {
	start := noticeStart(toks, l)
	if start >= len(toks) {
		return false
	}
	weak, subject := false, false
	if p, n := l.at("correction", toks, start); n > 0 {
		after := start + n
		labelled := after == len(toks) || toks[after].sort != wordToken || dated(toks[after:], l)
		switch {
		case p.class == "begin" || p.class == "label" && labelled:
			return true
		case p.class == "note" && labelled:
			start = after + firstWord(toks[after:])
			if p, n := l.at("correction", toks, start); n > 0 && p.class == "begin" {
				return true
			}
		}
	}
	for i := start; i < len(toks) && i < maxNotice; i++ {
		switch p, n := l.at("correction", toks, i); {
		case n == 0:
		case p.class == "within":
			return true
		case p.class == "weak":
			weak = true
		case p.class == "subject":
			subject = true
		}
	}
	return weak && subject
}

// noticeStart is the first token that is not a mark, nor of a date that leads a
// line of a history of changes.
func noticeStart(toks []token, l *lexicon) int {
	i := 0
	for i < len(toks) && (toks[i].sort != wordToken || l.has("months", toks[i].key) || l.has("weekdays", toks[i].key)) {
		i++
	}
	return i
}

// dated reports whether a date follows: "Correction, 3 May", "Correction May 3".
func dated(toks []token, l *lexicon) bool {
	return len(toks) > 1 && (l.has("months", toks[0].key) || l.has("weekdays", toks[0].key)) && toks[1].sort != wordToken
}
