package extract

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed phrases.txt
var phrasesText string

// maxGap is the number of bytes that "…" in a phrase may stand for.
const maxGap = 60

// wholeShare is the share of a title that phrases must make up for the title
// to be a notice. A headline that only quotes one has more to say.
const wholeShare = 0.55

// A phrase is a run of folded words, in parts where it has gaps.
type phrase []string

// A lexicon holds the phrases of a class of notice in all languages.
type lexicon struct{ head, text []phrase }

// lexicons reads phrases.txt, once.
var lexicons = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{}
	var into *[]phrase
	for line := range strings.Lines(phrasesText) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			class, where, _ := strings.Cut(strings.TrimSuffix(name, "]"), " ")
			if out[class] == nil {
				out[class] = &lexicon{}
			}
			into = &out[class].head
			if where == "text" {
				into = &out[class].text
			}
			continue
		}
		if _, list, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
			for _, s := range strings.Split(list, ";") {
				*into = append(*into, newPhrase(s))
			}
		}
	}
	return out
})

func newPhrase(s string) phrase {
	var p phrase
	for _, part := range strings.Split(s, "…") {
		part = strings.TrimRight(foldWords(part), " ")
		if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(part, " ")); spaceless(first) {
			part = strings.TrimLeft(part, " ") // begins anywhere
		}
		if part != "" {
			p = append(p, part)
		}
	}
	return p
}

// foldWords gives the words of a text in lower case, without accents, with one
// space before each and one at the end. Characters of scripts without spaces
// follow each other as written; letters that writers of Arabic, Russian and
// German exchange are made the same.
func foldWords(s string) string {
	var b strings.Builder
	gap := true
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd")) { // broken bytes keep what follows from being put in form
		switch {
		case unicode.Is(unicode.M, r) || r == 'ـ' || r == '\u00ad':
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if gap {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(alike1(unicode.ToLower(r)))
		default:
			gap = true
		}
	}
	return b.String() + " "
}

// alike1 maps letters that are written for each other onto one.
func alike1(r rune) rune {
	switch r {
	case 'ى':
		return 'ي'
	case 'ł':
		return 'l'
	case 'ø':
		return 'o'
	}
	return r
}

// find gives the place of the phrase in folded text from a byte on, or -1.
func (p phrase) find(text string, from int) (start, end int) {
	for {
		at := strings.Index(text[from:], p[0])
		if at < 0 {
			return -1, -1
		}
		start = from + at
		if end = p.rest(text, start+len(p[0])); end >= 0 {
			return start, end
		}
		from = start + 1
	}
}

// rest matches the later parts of a phrase after byte end.
func (p phrase) rest(text string, end int) int {
	for _, part := range p[1:] {
		at := strings.Index(clip(text[end:], maxGap+len(part)), part)
		if at < 0 {
			return -1
		}
		end += at + len(part)
	}
	return end
}

// covered is the share of the folded text that is made of the phrases.
func covered(text string, phrases []phrase) float64 {
	var mark []bool
	for _, p := range phrases {
		for start, end := p.find(text, 0); start >= 0; start, end = p.find(text, end) {
			if mark == nil {
				mark = make([]bool, len(text))
			}
			for i := start; i < end; i++ {
				mark[i] = true
			}
		}
	}
	n := 0
	for _, m := range mark {
		if m {
			n++
		}
	}
	return min(1, float64(n)/float64(max(1, len(strings.TrimSpace(text)))))
}

// says reports whether folded text holds one of the phrases.
func says(text string, phrases []phrase) bool {
	for _, p := range phrases {
		if start, _ := p.find(text, 0); start >= 0 {
			return true
		}
	}
	return false
}

// words counts words; in scripts without spaces, two characters count as one.
func wordCount(s string) int {
	n := 0
	for _, w := range strings.Fields(foldWords(s)) {
		if r, _ := utf8.DecodeRuneInString(w); spaceless(r) {
			n += (utf8.RuneCountInString(w) + 1) / 2
			continue
		}
		n++
	}
	return n
}
