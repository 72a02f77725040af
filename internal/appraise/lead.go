package appraise

import (
	"strings"
	"unicode/utf8"

	"stet/internal/news"
)

// Limits of what is the lead.
const (
	minLeadWords = 8    // words of a first paragraph that is no label or date
	minBareWords = 14   // words of one that does not end as a sentence does
	leadChanged  = 0.13 // share of its content words that must differ to be a rewrite
)

// lead finds a first paragraph that was rewritten, replaced, taken out or
// preceded by another.
func (f *findings) lead(p *page) {
	old, new := leadOf(p.old, p.lex), leadOf(p.new, p.lex)
	if old == "" && new == "" || news.Fold(old) == news.Fold(new) || brokeOff(old, new) {
		return
	}
	a, b := contentWords(old, p.lex), contentWords(new, p.lex)
	apart, all := 0, 0
	for word, n := range a {
		all += n
		apart += max(0, n-b[word])
	}
	come, size := 0, 0
	for word, n := range b {
		size += n
		come += max(0, n-a[word])
	}
	if float64(max(apart, come)) < leadChanged*float64(max(all, size)) || max(apart, come) == 0 {
		return
	}
	edit := rowOf(p, new)
	if edit == "" {
		edit = rowOf(p, old) // the new lead stood already
	}
	f.add(news.Finding{Kind: news.KindLead, Edit: edit, Old: old, New: new})
}

// brokeOff reports whether the older paragraph was a text that breaks off, and
// the newer one is its whole sentences: nobody rewrote it.
func brokeOff(old, new string) bool {
	return new != "" && endsSentence(new) && !endsSentence(old) && strings.HasPrefix(news.Fold(old), news.Fold(new))
}

// leadOf is the first real paragraph of a content: not a heading, label, date,
// list item or note on the page itself.
func leadOf(c news.Content, l *lexicon) string {
	for _, b := range c.Blocks {
		if b.Kind != news.Paragraph && b.Kind != news.Quotation {
			continue
		}
		words := 0
		toks := tokens(clip(b.Text, 4*MaxEvidence), l)
		if len(phrasesOf(toks, "pagenotes", l)) > 0 {
			continue
		}
		for _, t := range toks {
			if t.sort == wordToken {
				words++
			}
		}
		if words >= minBareWords || words >= minLeadWords && endsSentence(b.Text) {
			return b.Text
		}
	}
	return ""
}

// endsSentence reports whether a text ends with the mark of a sentence.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, " \u00a0\"'”’»」)")
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…:。！？؟।", r)
}

// contentWords counts the words of a text that are neither function words nor
// figures: another figure in the lead is a number, not a rewrite.
func contentWords(s string, l *lexicon) map[string]int {
	out := map[string]int{}
	text := side{text: s, toks: tokens(s, l)}
	in := addresses(text)
	for i, t := range text.toks {
		if !in[i] && t.sort == wordToken && !l.has("stopwords", t.key) && !l.has("articles", t.key) {
			out[t.key]++
		}
	}
	return out
}

// rowOf is the id of the row that holds a block, found by its text.
func rowOf(p *page, text string) string {
	for _, x := range p.script.Edits {
		if x.ID == "" {
			continue
		}
		for _, k := range x.New {
			if k < len(p.new.Blocks) && p.new.Blocks[k].Text == text {
				return x.ID
			}
		}
		for _, k := range x.Old {
			if k < len(p.old.Blocks) && p.old.Blocks[k].Text == text {
				return x.ID
			}
		}
	}
	return ""
}
