package compare_test

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/compare"
	"stet/internal/extract"
	"stet/internal/news"
)

// A press prints the pages of one story from a line of words each, and reads
// verdicts back as such words. A page is written as its blocks in order:
//
//	A      a paragraph; A' and A” are edits of it, a is one of few words
//	A+B    the texts of both as one paragraph
//	~X     a text that is on the page only, no part of the article
//	|c     a caption
//	p1:    the heading of the post p1 of a live blog; p1:A is a paragraph in it
//	7!X    a text that ignore rule 7 keeps out
//	meta:A a text that the page only declares: it stands in no element
//	H=x    the headline, S=x the standfirst (H=h and S=s unless told)
//	@5     where on the page the text stands (@1 unless told)
//	中A ไA the same in Chinese and in Thai
type press struct {
	tokens map[uint64]string // key → token
	at     time.Time
}

func newPress() *press {
	return &press{tokens: map[uint64]string{}, at: time.Date(2031, 3, 2, 6, 0, 0, 0, time.UTC)}
}

// dice is a small generator of numbers, the same on every run.
type dice uint64

func (d *dice) roll(n int) int {
	*d = *d*6364136223846793005 + 1442695040888963407
	return int(uint64(*d>>33) % uint64(n))
}

func diceOf(s string) *dice {
	h := fnv.New64a()
	h.Write([]byte(s))
	d := dice(h.Sum64())
	return &d
}

var (
	syllables = strings.Fields("ba co du fe gi ha jo ku la me ni po ra su te vi wo ya zu bre cla dro fli gru ple sto tri")
	hanzi     = []rune("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈")
	thai      = []rune("กขคงจชซดตถทธนบปผพฟภมยรลวสหอฮะาิีึืุูเแโใไ")
)

// text is the text of a token: its words follow from its name, and each mark
// of an edit changes two of them.
func text(token string) string {
	name := strings.TrimRight(token, "'")
	size := 18
	if r := name[0]; r >= 'a' && r <= 'z' && !strings.HasPrefix(name, "ad") {
		size = 6
	}
	d := diceOf(name)
	words := make([]string, size)
	for i := range words {
		words[i] = word(d, name)
	}
	for n := range len(token) - len(name) {
		words[3+n], words[9%size+n%2] = word(diceOf(token), name), word(diceOf(token+"x"), name)
	}
	switch {
	case strings.HasPrefix(name, "中"):
		return strings.Join(words, "") + "。"
	case strings.HasPrefix(name, "ไ"):
		return strings.Join(words, "")
	}
	return token + " " + strings.Join(words, " ") + "."
}

func word(d *dice, name string) string {
	var b strings.Builder
	for range 2 + d.roll(2) {
		switch {
		case strings.HasPrefix(name, "中"):
			b.WriteRune(hanzi[d.roll(len(hanzi))])
		case strings.HasPrefix(name, "ไ"):
			b.WriteRune(thai[d.roll(len(thai))])
		default:
			b.WriteString(syllables[d.roll(len(syllables))])
		}
	}
	return b.String()
}

// Where elements of the pages stand.
const (
	pathText  = 0x10
	pathAside = 0x20
)

// page prints a page.
func (p *press) page(line string) extract.Result {
	r := extract.Result{Outcome: news.OK, Home: 1}
	r.Content.Headline, r.Content.Standfirst = text("h"), text("s")
	posts := map[string]bool{}
	for _, token := range strings.Fields(line) {
		switch {
		case strings.HasPrefix(token, "H="), strings.HasPrefix(token, "S="):
			value := ""
			if len(token) > 2 {
				value = text(token[2:])
			}
			if token[0] == 'H' {
				r.Content.Headline = value
			} else {
				r.Content.Standfirst = value
			}
		case token[0] == '@':
			fmt.Sscan(token[1:], &r.Home)
		default:
			p.put(&r, token, posts)
		}
	}
	return r
}

// put prints one block.
func (p *press) put(r *extract.Result, token string, posts map[string]bool) {
	b := extract.Block{Block: news.Block{Kind: news.Paragraph}, Body: true, Path: pathText}
	name, chosen := token, true
	switch {
	case token[0] == '~':
		name, chosen, b.Body, b.Path = token[1:], false, false, pathAside
	case token[0] == '|':
		b.Kind = news.Caption
	case strings.HasPrefix(token, "meta:"):
		name, b.Path = token[5:], 0
	case strings.Contains(token, "!"):
		rule, rest, _ := strings.Cut(token, "!")
		fmt.Sscan(rule, &b.Rule)
		name, chosen = rest, false
	case strings.Contains(token, ":"):
		id, rest, _ := strings.Cut(token, ":")
		b.ID = id
		name = rest
		if rest == "" {
			name, b.Kind = "heading"+token, news.Post
		}
	}
	var parts []string
	for part := range strings.SplitSeq(name, "+") {
		parts = append(parts, text(part))
	}
	b.Text = strings.Join(parts, " ")
	b.Key = news.Key(b.Text)
	p.tokens[b.Key] = strings.TrimPrefix(strings.TrimPrefix(token, "~"), "meta:")
	if _, rest, ok := strings.Cut(p.tokens[b.Key], "!"); ok {
		p.tokens[b.Key] = rest
	}
	r.Blocks = append(r.Blocks, b)
	if chosen {
		r.Content.Blocks = append(r.Content.Blocks, b.Block)
	}
}

// line reads blocks back.
func (p *press) line(blocks []news.Block) string {
	var out []string
	for _, b := range blocks {
		out = append(out, p.tokens[news.Key(b.Text)])
	}
	return strings.Join(out, " ")
}

// read gives a verdict in words: what was decided, a bar, the text that stands.
func (p *press) read(v compare.Verdict) string {
	var out []string
	say := func(is bool, what string) {
		if is {
			out = append(out, what)
		}
	}
	say(v.Changed, "changed")
	say(v.Headline, "headline")
	say(v.Standfirst, "standfirst")
	say(v.Moved, "moved")
	say(v.Grown, "grown")
	say(v.Posts > 0, fmt.Sprint("posts:", v.Posts))
	var came, went, held []string
	for _, b := range v.Added {
		came = append(came, "+"+p.tokens[news.Key(b.Text)])
	}
	for _, b := range v.Removed {
		went = append(went, "-"+p.tokens[news.Key(b.Text)])
	}
	for _, h := range v.Held {
		name := p.tokens[h.Key]
		if h.Absent {
			name = "no-" + name
		}
		held = append(held, fmt.Sprintf("(%s: %s)", name, h.Why))
	}
	for _, list := range [][]string{came, went, held} {
		slices.Sort(list)
		out = append(out, list...)
	}
	say(v.Pending, "pending")
	say(v.Unclear, "unclear")
	say(len(v.Suspect) > 0, "suspect")
	say(len(out) == 0, "same")
	return strings.Join(out, " ") + " | " + p.line(v.Content.Blocks)
}

// An article is followed from visit to visit as the tracker does.
type article struct {
	*press
	known  compare.Known
	every  time.Duration
	grows  int // versions after the first
	second int // visits that took a second look
}

// follow begins with the first page of an article, seen n times.
func (p *press) follow(first string, n int) *article {
	a := &article{press: p, every: time.Hour}
	l := a.look(p.page(first))
	a.learn(compare.First(nil, l))
	a.known.Looks, a.grows = 1, 0
	for a.known.Looks < n {
		a.judge(first)
	}
	return a
}

func (p *press) look(page extract.Result) compare.Look {
	p.at = p.at.Add(time.Second)
	return compare.Look{Page: page, At: p.at}
}

// judge compares one look, or two with a slash between them, and learns from it.
func (a *article) judge(looks string) compare.Verdict {
	a.at = a.at.Add(a.every)
	var pages []compare.Look
	for line := range strings.SplitSeq(looks, "/") {
		pages = append(pages, a.look(a.page(line)))
	}
	v := a.known.Judge(pages...)
	a.learn(v)
	return v
}

// visit looks once, and again when the first look is suspect.
func (a *article) visit(one, two string) compare.Verdict {
	a.at = a.at.Add(a.every)
	first := a.look(a.page(one))
	v := a.known.Judge(first)
	if len(v.Suspect) > 0 {
		a.second++
		v = a.known.Judge(first, a.look(a.page(two)))
	}
	a.learn(v)
	return v
}

// learn keeps what a verdict says for the next visit.
func (a *article) learn(v compare.Verdict) {
	m, err := compare.Decode(v.Memory.Encode())
	if err != nil {
		panic(err)
	}
	a.known.Keys, a.known.Memory = v.Keys, m
	switch {
	case v.Changed:
		a.known.Content, a.known.Looks = v.Content, 1
		a.grows++
	case !v.Pending && !v.Unclear:
		a.known.Looks++
	}
}

// A story is told in pages; after each stands what is made of it.
type story struct {
	title string
	first string
	seen  int // looks at the first page; 0 = 1
	setup func(*article)
	steps []string // looks, verdict, looks, verdict …
}

func (s story) run(t *testing.T) {
	t.Run(s.title, func(t *testing.T) {
		a := newPress().follow(s.first, max(s.seen, 1))
		if s.setup != nil {
			s.setup(a)
		}
		for i := 0; i < len(s.steps); i += 2 {
			if got := a.read(a.judge(s.steps[i])); got != s.steps[i+1] {
				t.Errorf("visit %d, page %q:\n got %s\nwant %s", i/2+1, s.steps[i], got, s.steps[i+1])
			}
		}
	})
}
