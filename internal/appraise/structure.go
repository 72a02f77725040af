package appraise

import (
	"slices"
	"strings"
	"unicode"

	"stet/internal/diff"
	"stet/internal/news"
)

// fields finds what the fields of the script show.
func (f *findings) fields(p *page) {
	for _, x := range p.script.Fields {
		e := newEdited(p, x.Runs)
		e.field = x.Field
		k := fieldKind(x, sameWords(e))
		if k == "" {
			continue
		}
		f.add(e.find(k, "", "", x.Old, x.New))
		if k == news.KindHeadline || k == news.KindStandfirst {
			f.inField(e)
		}
	}
}

// inField applies the rules for words to a field that stands on both sides.
func (f *findings) inField(e edited) {
	quotations(e, f.add)
	if !e.both() {
		return
	}
	numbers(e, f.add)
	names(e, f.add)
	negations(e, f.add)
	attributions(e, f.add)
}

// fieldKind is the kind of a change of a field; empty for the notice of a
// correction, which has its own rule.
func fieldKind(x diff.FieldEdit, same bool) news.Kind {
	switch x.Field {
	case "headline", "standfirst":
		if x.Typography || same {
			return news.KindTypography
		}
		return news.Kind(x.Field)
	case "byline":
		return news.KindByline
	case "image", "caption", "alt":
		return news.KindImage
	case "correction":
		return ""
	}
	return news.KindStamp
}

// links finds links that lead elsewhere from the same words.
func (f *findings) links(p *page) {
	gone := map[string]string{}
	for _, x := range p.script.Links {
		if x.Op == diff.Delete && x.Item != nil && x.Item.Text != "" {
			gone[x.Item.Text] = x.Item.URL
		}
	}
	for _, x := range p.script.Links {
		if x.Op != diff.Insert || x.Item == nil {
			continue
		}
		if old, ok := gone[x.Item.Text]; ok && old != x.Item.URL {
			f.add(news.Finding{Kind: news.KindLinks, Field: "links", What: x.Item.Text, Old: old, New: x.Item.URL})
			delete(gone, x.Item.Text)
		}
	}
}

// sameLetters reports whether the sides differ only in what folding takes away,
// and capitals.
func sameLetters(e edited) bool {
	return strings.EqualFold(news.Fold(e.old.text), news.Fold(e.new.text))
}

// sameWords reports whether the sides differ in marks, spaces and capitals at
// most. Signs that say something ("%", "£", "+") are words here.
func sameWords(e edited) bool {
	o, n := e.old.toks, e.new.toks
	for i, k := 0, 0; ; i, k = i+1, k+1 {
		for i < len(o) && idle(o[i]) {
			i++
		}
		for k < len(n) && idle(n[k]) {
			k++
		}
		if i == len(o) || k == len(n) {
			return i == len(o) && k == len(n)
		}
		if o[i].key != n[k].key {
			return false
		}
	}
}

// sameButSpaces reports whether the sides have the same letters and signs in
// the same order, and differ in where words are parted.
func sameButSpaces(e edited) bool {
	glue := func(s side) string {
		var b strings.Builder
		for _, t := range s.toks {
			if !idle(t) {
				b.WriteString(t.key)
			}
		}
		return b.String()
	}
	for _, s := range [...]side{e.old, e.new} {
		for i, t := range s.toks {
			if t.changed && t.sort == digitsToken && i > 0 && s.toks[i-1].sort == digitsToken {
				return false // "1 200", "12 00"
			}
		}
	}
	return glue(e.old) == glue(e.new)
}

// damaged reports whether the sides differ only where one has signs of a text
// decoded wrongly: what is not ASCII is not compared then.
func damaged(e edited) bool {
	if !strings.ContainsRune(e.old.text, unicode.ReplacementChar) && !strings.ContainsRune(e.new.text, unicode.ReplacementChar) {
		return false
	}
	ascii := func(s string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return -1
			}
			return r
		}, s))
	}
	return e.both() && ascii(e.old.text) == ascii(e.new.text)
}

// marks leaves typography out beside changes of words, where it says nothing to
// a reader, and finds it where nothing else was found in rows that differ: in
// spaces, in where paragraphs are parted.
func (f *findings) marks(p *page) {
	said := func(x news.Finding) bool {
		switch x.Kind {
		case news.KindTypography, news.KindHeadline, news.KindLinks, news.KindStamp, news.KindImage, news.KindByline:
			return false
		}
		return true
	}
	if slices.ContainsFunc(f.all, said) {
		f.all = slices.DeleteFunc(f.all, func(x news.Finding) bool { return x.Kind == news.KindTypography && x.Field == "" })
	}
	if len(f.all) > 0 {
		return
	}
	for _, x := range p.script.Edits {
		if x.Op != diff.Equal {
			e := newEdited(p, x.Runs)
			e.edit = x.ID
			f.add(e.find(news.KindTypography, "", "", e.old.text, e.new.text))
			return
		}
	}
}

// idle reports whether a token is punctuation.
func idle(t token) bool {
	return t.sort == markToken && unicode.IsPunct(firstRune(t.text)) && !strings.Contains("%‰&@#/*", t.text)
}

// whole finds a sentence that is new or gone.
func (f *findings) whole(e edited) {
	switch {
	case e.old.text == "":
		f.add(e.find(news.KindAddition, "", "", "", e.new.text))
	case e.new.text == "":
		f.add(e.find(news.KindRemoval, "", "", e.old.text, ""))
	}
}

// move finds a sentence that stands elsewhere; the sentences of one row once.
func (f *findings) move(e edited) {
	for _, x := range f.all {
		if x.Kind == news.KindMove && x.Edit == e.edit {
			return
		}
	}
	f.add(e.find(news.KindMove, "", "", e.old.text, e.new.text))
}
