package noise

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed words/*.txt
var files embed.FS

// fallback is the language of furniture on pages in a language without words
// of its own.
const fallback = "en"

// maxNesting ends the expansion of a template that names itself.
const maxNesting = 5

// words are the templates of furniture in one language, by section.
type words map[string][]string

// wordsOf reads the templates for a language (BCP 47; only the first subtag
// counts).
func wordsOf(language string) words {
	name, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	text, err := files.ReadFile("words/" + name + ".txt")
	if err != nil {
		if text, err = files.ReadFile("words/" + fallback + ".txt"); err != nil {
			panic("noise: " + err.Error()) // the file is part of the program
		}
	}
	w, section := words{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if title, ok := strings.CutPrefix(line, "# "); ok {
			section = title
		} else if line != "" {
			w[section] = append(w[section], line)
		}
	}
	return w
}

// say draws a line of a section and fills its slots: {n} a small number, {big}
// a large one, {time} of the day, and {section} a line of that section.
func (w words) say(r *rand.Rand, section string) string { return w.expand(r, "{"+section+"}", 0) }

func (w words) expand(r *rand.Rand, text string, depth int) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed || depth > maxNesting {
			return b.String()
		}
		b.WriteString(w.slot(r, name, depth))
		text = after
	}
}

func (w words) slot(r *rand.Rand, name string, depth int) string {
	switch name {
	case "n":
		return fmt.Sprint(2 + r.IntN(58))
	case "big":
		return fmt.Sprint(100 + r.IntN(9900))
	case "time":
		return fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60))
	}
	lines := w[name]
	if len(lines) == 0 {
		return ""
	}
	return w.expand(r, lines[r.IntN(len(lines))], depth+1)
}

// A Source is what all pages of one publisher share: the language of its
// furniture and the texts that it has in stock.
type Source struct {
	seed  uint64
	words words
	stock map[string][]string // small pools by section
}

// Texts in stock of a source: of teasers there are many, of the rest few.
const (
	manyTexts = 40
	fewTexts  = 6
)

// NewSource draws a source. Equal seeds give equal sources.
func NewSource(seed uint64, language string) *Source {
	s := &Source{seed: seed, words: wordsOf(language), stock: map[string][]string{}}
	r := rand.New(rand.NewPCG(seed, 1))
	for _, section := range []string{"teaser", "summary", "ad", "sponsored", "newsletter", "comment", "consent", "ticker", "related", "popular", "more"} {
		n := fewTexts
		if section == "teaser" || section == "summary" {
			n = manyTexts
		}
		for range n {
			s.stock[section] = append(s.stock[section], s.words.say(r, section))
		}
	}
	return s
}

// A texter gives the next text of a kind of furniture.
type texter func(*rand.Rand) string

// few draws from the source's stock; endless makes a new text each time.
func (s *Source) few(section string) texter {
	return func(r *rand.Rand) string { return s.stock[section][r.IntN(len(s.stock[section]))] }
}

func (s *Source) endless(section string) texter {
	return func(r *rand.Rand) string { return s.words.say(r, section) }
}

// either is few or endless, drawn once.
func (s *Source) either(r *rand.Rand, section string) texter {
	if r.IntN(2) == 0 {
		return s.few(section)
	}
	return s.endless(section)
}
