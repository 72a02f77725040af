package appraise

import (
	"slices"
	"strings"
	"unicode"

	"stet/internal/news"
)

// Limits of names.
const (
	minAcronym   = 2   // capitals of an acronym
	maxAcronym   = 6   // beyond them it is a word that shouts
	titleCase    = 0.7 // share of capitalised words from which a text of minTitled words is in title case
	minTitled    = 4
	minInflected = 4  // bytes of a word that may have an "s" more or less
	maxNames     = 64 // names of one side of a sentence that are looked at
	maxTitled    = 4  // characters beside a title that are taken for a name where names have no capitals
	minTitleHan  = 2
)

// A name is a name in a text.
type name struct {
	from, to int // its tokens, without titles before it
	done     bool
}

// names finds names that came, went or were altered in an edited sentence: those
// with a word that is not on the other side. A name that only stands elsewhere
// in the sentence, or lost its title, is none.
func names(e edited, add func(news.Finding)) {
	if !e.lex().knows("stopcaps") {
		return
	}
	if !e.lex().has("spelling", "capitals") {
		besideTitle(e, add)
	}
	r := namer{e.page, e.lex()}
	allOld, allNew := r.names(e.old), r.names(e.new)
	old, new := withoutRespelled(e, onlyHere(e.old, allOld, e.new), onlyHere(e.new, allNew, e.old))
	old, new = withoutAcronym(e.old, old, e.new), withoutAcronym(e.new, new, e.old)
	for _, n := range old {
		is := facing(e.old, n, e.new, new)
		if is == "" {
			is = sharing(e.old, n, e.new, allNew)
		}
		add(e.find(news.KindName, "", "", e.old.span(n.from, n.to), is))
	}
	for _, n := range new {
		if !n.done {
			add(e.find(news.KindName, "", "", sharing(e.new, n, e.old, allOld), e.new.span(n.from, n.to)))
		}
	}
}

// facing is the first name of the other side, not yet taken, that stands in the
// place of n.
func facing(s side, n name, other side, all []name) string {
	for k := range all {
		if !all[k].done && hunkOf(s, n) == hunkOf(other, all[k]) {
			all[k].done = true
			return other.span(all[k].from, all[k].to)
		}
	}
	return ""
}

// sharing is the name of the other side that has a word in common with n.
func sharing(s side, n name, other side, all []name) string {
	for _, o := range all {
		for _, t := range other.toks[o.from:o.to] {
			for _, u := range s.toks[n.from:n.to] {
				if capital(t.text) && stem(t.key) == stem(u.key) {
					return other.span(o.from, o.to)
				}
			}
		}
	}
	return ""
}

// hunkOf is the hunk of the first changed token of a name.
func hunkOf(s side, n name) int {
	for _, t := range s.toks[n.from:n.to] {
		if t.changed {
			return t.hunk
		}
	}
	return -1
}

// onlyHere keeps names with a changed word that the other side lacks.
func onlyHere(s side, all []name, other side) []name {
	have := map[string]bool{}
	for _, t := range other.toks {
		have[stem(t.key)] = true
	}
	var out []name
	for _, n := range all {
		for _, t := range s.toks[n.from:n.to] {
			if t.changed && t.sort == wordToken && capital(t.text) && !have[stem(t.key)] && !inflected(stem(t.key), have) {
				out = append(out, n)
				break
			}
		}
	}
	return out
}

// inflected reports whether the other side has the word with or without an "s" at
// its end: a genitive in German, a plural.
func inflected(key string, have map[string]bool) bool {
	if len(key) < minInflected {
		return false
	}
	short, ok := strings.CutSuffix(key, "s")
	return have[key+"s"] || ok && have[short]
}

// stem is the key of a word without the mark of a genitive.
func stem(key string) string {
	if s, ok := strings.CutSuffix(key, "'s"); ok {
		return s
	}
	return strings.TrimSuffix(key, "'")
}

// withoutRespelled takes out pairs of which one is the initials of the other.
func withoutRespelled(e edited, old, new []name) (o, n []name) {
	gone := map[int]bool{}
	for _, x := range old {
		same := false
		for k, y := range new {
			a, b := e.old.toks[x.from:x.to], e.new.toks[y.from:y.to]
			if !gone[k] && (unparted(a) == unparted(b) || initials(a) == stem(joinKeys(b)) || initials(b) == stem(joinKeys(a))) {
				gone[k], same = true, true
				break
			}
		}
		if !same {
			o = append(o, x)
		}
	}
	for k, y := range new {
		if !gone[k] {
			n = append(n, y)
		}
	}
	return o, n
}

// unparted is the letters of a name, however it is parted: "Mobile Gov",
// "MobileGov".
func unparted(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		if t.sort != markToken {
			b.WriteString(stem(t.key))
		}
	}
	return b.String()
}

// withoutAcronym takes out names whose acronym the other side has: there the name
// is explained, or was.
func withoutAcronym(s side, all []name, other side) []name {
	var out []name
	for _, n := range all {
		if n.to == n.from+1 && (spelledOut(s.toks[n.from], s) || spelledOut(s.toks[n.from], other)) {
			continue
		}
		short := initials(s.toks[n.from:n.to])
		if !slices.ContainsFunc(other.toks, func(t token) bool { return stem(t.key) == short && acronym(t.text) }) {
			out = append(out, n)
		}
	}
	return out
}

// spelledOut reports whether a side has words side by side, in small letters or
// not, whose first letters are the acronym.
func spelledOut(t token, s side) bool {
	letters := []rune(stem(t.key))
	if !acronym(t.text) || len(letters) < 3 {
		return false
	}
	at := 0
	for _, u := range s.toks {
		switch {
		case u.sort != wordToken || acronym(u.text):
			at = 0
		case firstRune(u.key) == letters[at]:
			at++
		case firstRune(u.key) == letters[0]:
			at = 1
		default:
			at = 0
		}
		if at == len(letters) {
			return true
		}
	}
	return false
}

// initials are the first letters of the capitalised words of a name, in lower
// case.
func initials(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		switch {
		case len(toks) > 1 && acronym(t.text): // "EU Settlement Scheme", "EUSS"
			b.WriteString(t.key)
		case capital(t.text):
			b.WriteRune(unicode.ToLower(firstRune(t.text)))
		}
	}
	if b.Len() < minAcronym {
		return "\x00" // the initials of nothing
	}
	return b.String()
}

func capital(s string) bool { return unicode.IsUpper(firstRune(s)) }
