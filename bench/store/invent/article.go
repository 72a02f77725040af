package invent

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stet/internal/news"
)

// The form of an article.
const (
	maxPerParagraph = 3  // sentences
	headlineWords   = 9  // at most
	cast            = 12 // names of its own
	shareOwn        = 70 // of a hundred names and numbers are the article's own
)

// An article is a text under edit.
type article struct {
	m          *Model
	r          *rand.Rand
	salt       uint64 // makes its names and numbers its own
	names      [cast]uint32
	headline   sentence
	byline     []string
	paragraphs []paragraph
	count      int // sentences in the paragraphs

	dated               bool // the page gives the date of its last edit
	published, modified time.Time
	done                edits
}

// A paragraph is some sentences; text is empty when they changed.
type paragraph struct {
	sentences []sentence
	text      string
}

// A sentence is words of the model, and how the article says them.
type sentence struct {
	steps []step
	text  string
}

func newArticle(m *Model, r *rand.Rand) *article {
	a := &article{m: m, r: r, salt: r.Uint64()}
	for i := range a.names {
		if len(m.names) > 0 {
			a.names[i] = m.names[r.IntN(len(m.names))]
		}
	}
	a.headline = a.newHeadline()
	a.byline = []string{a.person()}
	for n := min(max(int(logNormal(r, medianSentences, sigmaSentences)), 3), maxSentences); a.count < n; {
		a.addParagraph(len(a.paragraphs), n-a.count)
	}
	return a
}

// addParagraph puts a new one of at most n sentences before the i-th, and gives
// how many it has.
func (a *article) addParagraph(i, n int) int {
	var p paragraph
	for range min(1+a.r.IntN(maxPerParagraph), n) {
		p.sentences = append(p.sentences, a.said(a.m.sentence(a.r)))
	}
	a.paragraphs = slices.Insert(a.paragraphs, i, p)
	a.count += len(p.sentences)
	return len(p.sentences)
}

func (a *article) newHeadline() sentence {
	s := a.said(a.m.say(a.r, nil, begin(), 3+a.r.IntN(headlineWords-2)))
	s.text = strings.TrimRight(s.text, ".,;:")
	return s
}

// person is a name for the byline.
func (a *article) person() string {
	if len(a.m.names) == 0 {
		return "Staff"
	}
	first, last := a.m.names[a.r.IntN(len(a.m.names))], a.m.names[a.r.IntN(len(a.m.names))]
	return strings.TrimFunc(a.m.words[first]+" "+a.m.words[last], unicode.IsPunct)
}

// slug is the part of an address that tells of the headline.
func (a *article) slug() string {
	words := strings.FieldsFunc(strings.ToLower(a.headline.text), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	return strings.Join(words[:min(len(words), 5)], "-")
}

// said puts steps into the article's words.
func (a *article) said(steps []step) sentence {
	var room [1024]byte // most sentences fit
	b := room[:0]
	for i, s := range steps {
		if i > 0 {
			b = append(b, ' ')
		}
		b = a.appendWord(b, s.word)
	}
	return sentence{steps, string(b)}
}

// appendWord appends the word, or what the article has in its place: the same
// one through all of its versions.
func (a *article) appendWord(b []byte, id uint32) []byte {
	kind, w := a.m.kinds[id], a.m.words[id]
	if kind == common {
		return append(b, w...)
	}
	h := mix(a.salt ^ uint64(id))
	if h%100 >= shareOwn {
		return append(b, w...)
	}
	h = mix(h)
	if kind == name {
		return append(b, likewise(a.m.words[a.names[h%cast]], w)...)
	}
	for i := range len(w) {
		c := w[i]
		if c >= '0' && c <= '9' && (c != '0' || i > 0) {
			c = '1' + byte(h%9)
			h = mix(h)
		}
		b = append(b, c)
	}
	return b
}

// likewise gives the name with the signs that stand after the other word.
func likewise(name, word string) string {
	signs := word[len(strings.TrimRightFunc(word, unicode.IsPunct)):]
	return strings.TrimRightFunc(name, unicode.IsPunct) + signs
}

// mix scatters the bits of a number (the finisher of splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// content is the article as it stands.
func (a *article) content() news.Content {
	c := news.Content{Headline: capital(a.headline.text), Byline: a.byline, Published: a.published, Language: "en"}
	if a.dated {
		c.Modified = a.modified
	}
	c.Blocks = make([]news.Block, len(a.paragraphs))
	for i := range a.paragraphs {
		c.Blocks[i] = news.Block{Kind: news.Paragraph, Text: a.paragraphs[i].joined()}
	}
	return c
}

// joined is the text of the paragraph.
func (p *paragraph) joined() string {
	if p.text == "" {
		texts := make([]string, len(p.sentences))
		for i, s := range p.sentences {
			texts[i] = s.text
		}
		p.text = strings.Join(texts, " ")
	}
	return p.text
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
