package newsroom

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How editors work, at tempo 1. The figures are in the range of what is known of
// newspapers, but for the time scale: minutes where those have hours, so that a
// run of 20 minutes sees the life of an article.
const (
	inPlace     = 0.4              // share of the articles that are there when the run begins
	oldest      = time.Hour        // age of the oldest of them
	lastArrival = 0.85             // share of the run after which none is published
	editsAlone  = 1.5              // edits that an article gets of itself, on average; most articles get fewer, some many
	editScale   = 4 * time.Minute  // of the Lomax distribution of their age …
	editTail    = 1.3              // … and its exponent
	branching   = 0.4              // edits that each edit brings about, on average
	branchDelay = 90 * time.Second // how long after it, on average
	quick       = 0.15             // share of edits that are overwritten soon:
	quickFrom   = 20 * time.Second // so soon at the earliest
	quickUntil  = 110 * time.Second
	minStand    = 10 * time.Second // no text stands for less
	maxEdits    = 30               // of one article
	fewestParas = 4                // an article is not cut to fewer
	mostParas   = 7
)

// A style is what the articles of one paper have in common.
type style struct {
	announcing
	markup  []string
	trouble Trouble
}

// A composer writes articles from the newsroom's stock: paragraphs of its
// articles, each with a sentence of its own behind it, so that no two are the
// same. All that it draws comes from the caller's source.
type composer struct {
	o        PressOptions
	stock    map[string][]string // of press.txt, by kind
	articles []*article          // those whose texts are taken: English paragraphs
}

func newComposer(o PressOptions) (*composer, error) {
	c := &composer{o: o, stock: map[string][]string{}}
	data, err := assetFiles.ReadFile("assets/press.txt")
	if err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if kind, text, ok := strings.Cut(lines.Text(), "|"); ok && !strings.HasPrefix(kind, "#") {
			kind = strings.TrimSpace(kind)
			c.stock[kind] = append(c.stock[kind], strings.TrimSpace(text))
		}
	}
	names, err := fs.Glob(articleFiles, "articles/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := c.read(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

// read takes the article of a file into the stock, if it is plain English.
func (c *composer) read(name string) error {
	data, err := articleFiles.ReadFile(name)
	if err != nil {
		return err
	}
	a, err := parseArticle(data)
	if err != nil {
		return err
	}
	// Lists, quotations and posts are left to the scripted day: here paragraphs
	// are shuffled and cut, and the rest would lose its sense.
	t := &a.moments[0].text
	t.blocks = slices.DeleteFunc(t.blocks, func(b block) bool { return b.kind != paragraph })
	if a.language == "en" && len(t.blocks) >= fewestParas {
		c.articles = append(c.articles, a)
	}
	return nil
}

func one[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// paperName draws the name of a paper.
func (c *composer) paperName(r *rand.Rand) string {
	return "The " + strings.TrimPrefix(one(r, c.stock["place"]), "the ") + " " + one(r, c.stock["paper"])
}

// fill puts something else for each sign in a template of the stock.
func (c *composer) fill(r *rand.Rand, template string) string {
	var b strings.Builder
	for _, x := range template {
		switch x {
		case '#':
			b.WriteString(strconv.Itoa(11 + r.IntN(9000)))
		case '@':
			b.WriteString(c.person(r))
		case '&':
			b.WriteString(one(r, c.stock["place"]))
		default:
			b.WriteRune(x)
		}
	}
	return b.String()
}

func (c *composer) person(r *rand.Rand) string {
	return one(r, c.stock["given"]) + " " + one(r, c.stock["family"])
}

// A draft is an article as its editors see it.
type draft struct {
	headline, turn, standfirst string
	paras                      []para
}

// A para is a paragraph: what the stock has, and the sentence behind it.
type para struct{ stock, template, sentence string }

func (d draft) text() text {
	t := text{headline: d.headline + ": " + d.turn, standfirst: d.standfirst}
	for _, p := range d.paras {
		t.blocks = append(t.blocks, block{kind: paragraph, text: strings.TrimSpace(p.stock + " " + p.sentence)})
	}
	return t
}

// draft writes a first text.
func (c *composer) draft(r *rand.Rand, s style) draft {
	from := one(r, c.articles).moments[0].text
	d := draft{headline: from.headline, turn: c.fill(r, one(r, c.stock["turn"])), standfirst: from.standfirst}
	for _, b := range from.blocks[:min(len(from.blocks), mostParas)] {
		template := one(r, c.stock["sentence"])
		d.paras = append(d.paras, para{b.text, template, c.fill(r, template)})
	}
	if s.trouble == Restless { // in the second paragraph, with words before and after it
		d.paras[1].stock += " " + counterMark
	}
	return d
}

// edit changes the draft in one way and says which.
func (c *composer) edit(r *rand.Rand, d *draft) (what, kind string) {
	d.paras = slices.Clone(d.paras)
	p := &d.paras[r.IntN(len(d.paras))]
	switch x := r.Float64(); {
	case x < 0.35:
		p.sentence = c.fill(r, p.template)
		return "figures and names in a sentence are changed", "number"
	case x < 0.65:
		p.template = one(r, c.stock["sentence"])
		p.sentence = c.fill(r, p.template)
		return "a sentence is replaced", "wording"
	case x < 0.80:
		d.turn = c.fill(r, one(r, c.stock["turn"]))
		return "the headline is changed", "headline"
	case x < 0.90 && len(d.paras) > fewestParas && !strings.Contains(p.stock, counterMark):
		i := slices.Index(d.paras, *p)
		d.paras = slices.Delete(d.paras, i, i+1)
		return "a paragraph is taken out", "removal"
	}
	first, second := one(r, c.stock["sentence"]), one(r, c.stock["sentence"])
	d.paras = slices.Insert(d.paras, 1+r.IntN(len(d.paras)), para{c.fill(r, first), second, c.fill(r, second)})
	return "a paragraph is added", "addition"
}

// article writes article n of a paper, with all that becomes of it.
func (c *composer) article(r *rand.Rand, s style, n int) *article {
	at := c.arrival(r)
	d := c.draft(r, s)
	a := &article{
		path:    fmt.Sprintf("/%s/%s-%d", strings.ToLower(one(r, sectionOrder)), slugOf(d.headline), n),
		section: "", language: "en", byline: c.person(r), feeds: s.feeds, markup: s.markup,
		moments: []moment{{at: at, kind: published, what: "published", text: d.text()}},
	}
	section, _, _ := strings.Cut(a.path[1:], "/")
	a.section = strings.ToUpper(section[:1]) + section[1:]
	for _, age := range c.ages(r) {
		if when := at + age; when >= 0 && when < c.o.Length {
			a.moments = append(a.moments, c.moment(r, a, &d, when, s.edits))
		}
	}
	return a
}

// moment edits the draft until the article says what it never said before: a
// text that comes back would be another matter.
func (c *composer) moment(r *rand.Rand, a *article, d *draft, at time.Duration, announced float64) moment {
	for {
		next := *d
		what, kind := c.edit(r, &next)
		t := next.text()
		if slices.ContainsFunc(a.moments, func(m moment) bool { return m.text.same(t) }) {
			continue
		}
		*d = next
		m := moment{at: at, kind: edited, what: what, kinds: []string{kind}, text: t, announced: r.Float64() < announced}
		if !m.announced && r.IntN(2) == 0 { // half of what no feed tells the page does not tell either
			m.kind = silent
		}
		return m
	}
}

// arrival draws when an article is published; negative = before the run.
func (c *composer) arrival(r *rand.Rand) time.Duration {
	if r.Float64() < inPlace {
		return -c.paced(time.Duration(1 + r.Float64()*float64(oldest)))
	}
	return time.Duration(r.Float64() * lastArrival * float64(c.o.Length))
}

// paced is a time of the editors at their tempo.
func (c *composer) paced(d time.Duration) time.Duration {
	return time.Duration(float64(d) / c.o.Tempo)
}

// ages draws how old an article is at each of its edits, ascending: those that
// it gets of itself, and those that they bring about.
func (c *composer) ages(r *rand.Rand) []time.Duration {
	var ages []time.Duration
	for range poisson(r, editsAlone*r.ExpFloat64()) { // exponential: few articles get many
		lomax := float64(editScale) * (math.Pow(1-r.Float64(), -1/editTail) - 1)
		ages = append(ages, time.Duration(min(lomax, float64(24*time.Hour))))
	}
	for i := 0; i < len(ages) && len(ages) < maxEdits; i++ {
		for range poisson(r, branching) {
			ages = append(ages, ages[i]+time.Duration(r.ExpFloat64()*float64(branchDelay)))
		}
		if r.Float64() < quick {
			ages = append(ages, ages[i]+quickFrom+time.Duration(r.Float64()*float64(quickUntil-quickFrom)))
		}
	}
	// Edits that fall too close together are one: the later is left out.
	slices.SortFunc(ages, cmp.Compare)
	var out []time.Duration
	last := time.Duration(0)
	for _, age := range ages {
		if age-last >= minStand && len(out) < maxEdits {
			out = append(out, c.paced(age))
			last = age
		}
	}
	return out
}

// poisson draws a Poisson number (Knuth); mean is small.
func poisson(r *rand.Rand, mean float64) int {
	n, limit := 0, math.Exp(-mean)
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}
