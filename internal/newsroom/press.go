package newsroom

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Limits of a press.
const (
	MaxPapers        = 250    // one for each address 127.0.0.1 to 127.0.0.250
	MaxPressArticles = 20_000 // in all
)

// Troubles of the papers of a press. They last from the beginning unless they
// say otherwise; shares are of the length of the run.
const (
	SlowTime     = 3 * time.Second  // what a slow paper keeps its readers waiting
	CrawlDelay   = 5 * time.Second  // what robots.txt of a shy paper asks for
	BusyRetry    = 30 * time.Second // Retry-After of a busy paper
	DownTime     = 2 * time.Minute  // how long a paper that goes down stays so
	shortShare   = 10               // none of these is longer than a tenth of the run,
	busyFrom     = 0.3              // a busy paper is so from this share
	busyUntil    = 0.45             // to this one
	downFrom     = 0.5              // a paper goes down after this share
	counterWords = "Readers so far: "
	counterMark  = counterWords + "####."
)

// A Trouble is what is wrong with one paper of a press.
type Trouble string

// The troubles, in the order in which papers get them.
const (
	Slow     Trouble = "slow"     // keeps every reader waiting for SlowTime
	Busy     Trouble = "busy"     // answers 503 with Retry-After for a while
	Shy      Trouble = "shy"      // asks for a Crawl-delay
	Down     Trouble = "down"     // closes every connection for a while
	Restless Trouble = "restless" // counts its readers in a paragraph of every article
	Liar     Trouble = "liar"     // answers 304 to every conditional request for an article
)

// Troubles are all of them, in their order.
func Troubles() []Trouble { return []Trouble{Slow, Busy, Shy, Down, Restless, Liar} }

// PressOptions are what a press needs.
type PressOptions struct {
	Papers   int           // from 1 to MaxPapers
	Articles int           // in all, from Papers to MaxPressArticles
	Seed     uint64        // the same seed and options: the same texts at the same times
	Start    time.Time     // when the run begins; zero = now
	Length   time.Duration // of the run; no article is published or edited after it
	Tempo    float64       // how many times faster than by itself editors work; 0 = 1
	Pace     time.Duration // that guests are to keep between two requests to one paper
	Troubles []Trouble     // nil = all; each befalls one paper, if there are enough
	Now      func() time.Time
	Log      *slog.Logger
}

// A Press is many small papers, each on a loopback address of its own, whose
// articles are published and edited while it runs, in real time, by a seeded
// random process ([composer]). It knows every text with its time, so what a
// watcher recorded can be scored ([Press.Score]), and it notes how its guests
// behave ([Manners]). It is safe for concurrent use.
//
// Papers differ: one in two has ETags; by turns they announce articles by RSS
// and a news sitemap with lastmod, by Atom, by RSS and a news sitemap without
// any word of edits, by Atom and such a sitemap with lastmod.
type Press struct {
	o       PressOptions
	members []*member
	counter *regexp.Regexp // what restless papers print for counterMark
}

// NewPress composes the papers. The error names the option that is wrong.
func NewPress(o PressOptions) (*Press, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("press: %w", err)
	}
	o.setDefaults()
	p := &Press{o: o, counter: regexp.MustCompile(counterWords + `[0-9]+\.`)}
	c, err := newComposer(o)
	if err != nil {
		return nil, fmt.Errorf("press: %w", err)
	}
	for i := range o.Papers {
		m, err := p.member(i, c)
		if err != nil {
			return nil, fmt.Errorf("press: paper %d: %w", i, err)
		}
		p.members = append(p.members, m)
	}
	return p, nil
}

func (o *PressOptions) check() error {
	switch {
	case o.Papers < 1 || o.Papers > MaxPapers:
		return fmt.Errorf("%d papers: want 1 to %d", o.Papers, MaxPapers)
	case o.Articles < o.Papers || o.Articles > MaxPressArticles:
		return fmt.Errorf("%d articles: want %d to %d", o.Articles, o.Papers, MaxPressArticles)
	case o.Length <= 0:
		return fmt.Errorf("length %v: want more than 0", o.Length)
	case o.Pace < 0 || o.Tempo < 0:
		return fmt.Errorf("pace %v, tempo %g: want no negative one", o.Pace, o.Tempo)
	}
	for _, t := range o.Troubles {
		if !slices.Contains(Troubles(), t) {
			return fmt.Errorf("trouble %q is not known", t)
		}
	}
	return nil
}

func (o *PressOptions) setDefaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Start.IsZero() {
		o.Start = o.Now()
	}
	if o.Tempo == 0 {
		o.Tempo = 1
	}
	if o.Troubles == nil {
		o.Troubles = Troubles()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// trouble gives the trouble of paper i: troubles are spread evenly.
func (o *PressOptions) trouble(i int) Trouble {
	if len(o.Troubles) == 0 {
		return ""
	}
	stride := max(1, o.Papers/len(o.Troubles))
	if i%stride == 0 && i/stride < len(o.Troubles) {
		return o.Troubles[i/stride]
	}
	return ""
}

// short cuts a time of trouble to what fits into the run, in whole seconds of at
// least one, as header fields have them.
func (o *PressOptions) short(d time.Duration) time.Duration {
	return max(min(d, o.Length/shortShare).Truncate(time.Second), time.Second)
}

// Each paper announces its articles in one of these ways.
type announcing struct {
	feeds []string // as in the head of an article
	edits float64  // share of the edits that are announced
}

func announcings() []announcing {
	return []announcing{{[]string{"rss", "sitemap"}, 0.6}, {[]string{"atom"}, 0.6}, {[]string{"rss", "sitemap"}, 0}, {[]string{"atom", "sitemap"}, 0.6}}
}

// member composes paper i.
func (p *Press) member(i int, c *composer) (*member, error) {
	a := announcings()[i%len(announcings())]
	s := style{announcing: a, markup: []string{"jsonld", "og"}, trouble: p.o.trouble(i)}
	if s.trouble == Liar || i/2%2 == 0 && s.trouble != Restless {
		s.markup = append(s.markup, "etag")
	}
	paper := blank(Options{Start: p.o.Start, Now: p.o.Now, Log: p.o.Log})
	// Each paper draws from its own source, so that none depends on another.
	r := rand.New(rand.NewPCG(p.o.Seed, uint64(i)))
	paper.name = c.paperName(r)
	for n := range p.articlesOf(i) {
		if err := paper.take(c.article(r, s, n)); err != nil {
			return nil, err
		}
	}
	if err := paper.compose(); err != nil {
		return nil, err
	}
	return newMember(paper, s, p.o), nil
}

// articlesOf is how many articles paper i has.
func (p *Press) articlesOf(i int) int {
	n := p.o.Articles / p.o.Papers
	if i < p.o.Articles%p.o.Papers {
		n++
	}
	return n
}

// Feeds are the addresses of all documents that announce articles; none before
// [Press.Listen].
func (p *Press) Feeds() []string {
	var out []string
	for _, m := range p.members {
		if m.host == "" {
			continue
		}
		for _, f := range m.style.feeds {
			out = append(out, "http://"+m.host+feedPath(f))
		}
	}
	return out
}

func feedPath(name string) string {
	return map[string]string{"rss": pathRSS, "atom": pathAtom, "json": pathJSON, "sitemap": pathSitemap}[name]
}

// Breaches are those of all papers, by paper and time.
func (p *Press) Breaches() []Breach {
	var out []Breach
	for _, m := range p.members {
		for _, b := range m.manners.Breaches() {
			b.Host = m.host
			out = append(out, b)
		}
	}
	return out
}

// Fetches counts the requests to all papers.
func (p *Press) Fetches() Fetches {
	var sum Fetches
	for _, m := range p.members {
		sum.add(m.counted())
	}
	return sum
}

// Plan describes the press in a line for people.
func (p *Press) Plan() string {
	articles, edits := 0, 0
	var troubles []string
	for _, m := range p.members {
		articles += len(m.paper.articles)
		for _, a := range m.paper.articles {
			edits += len(a.moments) - 1
		}
		if m.style.trouble != "" {
			troubles = append(troubles, string(m.style.trouble))
		}
	}
	return fmt.Sprintf("%d papers, %d articles, %d edits; in trouble: %s", len(p.members), articles, edits, strings.Join(troubles, ", "))
}
