// Package newsroom is a small newspaper, served on loopback, whose articles
// change during one scripted day. It is the demo of stet and its end-to-end
// test: the newsroom knows what it did and when ([Paper.Truths]), so what a
// watcher caught can be scored ([Paper.Score]).
//
// # What it serves
//
// [Paper.Handler] answers for a whole paper: front page, section pages, the
// articles, a style sheet and pictures, and what announces the articles: RSS,
// Atom, JSON Feed, a news sitemap, robots.txt. Absolute addresses are made from
// the Host header of the request, so it can be mounted anywhere.
//
// What a reader gets depends on three things only: the script, the time by
// [Options.Now], and how many requests came before. The script alone decides
// the text of an article. The number of the request decides the furniture
// (adverts, teasers, counters, class names), which differs each time.
//
// # The script
//
// Each file of the folder articles is one article: its head, its first text,
// and its moments, in the form that [parseArticle] describes. Adding an article
// is adding a file. A request at time t meets, in this order:
//
//  1. an article that is not yet published, or is gone: 404, 410, or the way home;
//  2. an article that has moved, asked for at its old path: 301;
//  3. trouble (a wall, a captcha, an error, a body cut short) that lasts at t;
//  4. the text after all moments not later than t, in the template of the hour:
//     the paper is redesigned after [redesignAt].
//
// # Pace
//
// The script promises a punctual watcher that nothing is lost. Such a watcher
// polls feeds every 10 minutes; visits an article again 30 minutes after it
// recorded a version, after each unchanged visit waits 1.2 times longer, and
// comes at once when an entry's updated time moves. So each text stands for at
// least [minState] plus a fifth of the time since the text before it, unless it
// is announced; tests hold the script to that and let such a watcher run.
//
// Sources of form: RSS 2.0, RFC 4287 (Atom), JSON Feed 1.1, sitemaps.org 0.9
// with the news extension, RFC 9309, RFC 9110 (validators, Retry-After),
// schema.org NewsArticle and LiveBlogPosting, the Open Graph protocol.
//
// # The press
//
// [Press] is many such papers in real time, whose articles are drawn from a
// seed, some of them in trouble; [Manners] watches how their guests behave.
//
// All texts, names, places and events are invented.
package newsroom

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

// Times of the script that belong to the whole paper.
const (
	day        = 34 * time.Hour
	redesignAt = 16 * time.Hour // the second template from here on

	// minState is the shortest time that a text may stand, before the fifth of
	// the time since the text before it is added (see the package comment).
	minState = time.Hour
	// minAnnounced is the shortest time that an announced text may stand.
	minAnnounced = time.Hour
	// minTrouble is the shortest that trouble may last, so that it is met.
	minTrouble = 2 * time.Hour

	slowWait   = 4 * time.Second // what the slow article keeps its reader waiting
	retryAfter = 10 * time.Minute
)

// Name is what the paper is called.
const Name = "The Havermouth Lantern"

//go:embed articles/*.txt
var articleFiles embed.FS

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Options are what a paper needs from its surroundings.
type Options struct {
	// Start is when the scripted day begins; the zero time means Now at New.
	// The texts read best when that is six in the morning. Its zone is the one
	// in which pages give times.
	Start time.Time
	// Now is the clock; nil means time.Now. It may run at any speed.
	Now func() time.Time
	// Log gets one line for each request, at debug level; nil means none.
	Log *slog.Logger
	// Slow waits for the slow article; nil means time.Sleep. The duration is
	// in the reader's time, not in that of Now.
	Slow func(time.Duration)
}

// A Paper is the newspaper during its scripted day. It is safe for concurrent
// use.
type Paper struct {
	name     string
	start    time.Time
	now      func() time.Time
	log      *slog.Logger
	slow     func(time.Duration)
	articles []*article          // by time of publication, then path
	byPath   map[string]*article // old and new paths
	sections []string            // in order of the navigation
	pages    *template.Template
	stock    stock
	requests atomic.Uint64
}

// New opens the paper. It panics when the script that is built in is wrong;
// the package's tests say where.
func New(o Options) *Paper {
	p, err := open(o, articleFiles)
	if err != nil {
		panic("newsroom: " + err.Error())
	}
	return p
}

// open reads the script from the folder articles of files.
func open(o Options, files fs.FS) (*Paper, error) {
	p := blank(o)
	names, err := fs.Glob(files, "articles/*.txt")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := p.add(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return p, p.compose()
}

// blank is a paper without articles.
func blank(o Options) *Paper {
	p := &Paper{name: Name, start: o.Start, now: o.Now, log: o.Log, slow: o.Slow, stock: readStock(), byPath: map[string]*article{}}
	if p.now == nil {
		p.now = time.Now
	}
	if p.start.IsZero() {
		p.start = p.now()
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if p.slow == nil {
		p.slow = time.Sleep
	}
	return p
}

// compose puts the paper together once it has its articles.
func (p *Paper) compose() (err error) {
	slices.SortFunc(p.articles, func(a, b *article) int {
		return cmp.Or(cmp.Compare(a.published(), b.published()), cmp.Compare(a.path, b.path))
	})
	for _, s := range sectionOrder {
		if slices.ContainsFunc(p.articles, func(a *article) bool { return a.section == s }) {
			p.sections = append(p.sections, s)
		}
	}
	p.pages, err = parsePages()
	return err
}

// add parses one article and takes it into the paper.
func (p *Paper) add(data []byte) error {
	a, err := parseArticle(data)
	if err != nil {
		return err
	}
	return p.take(a)
}

// take takes an article into the paper.
func (p *Paper) take(a *article) error {
	if !slices.Contains(sectionOrder, a.section) {
		return fmt.Errorf("section %q is not one of the paper's", a.section)
	}
	p.articles = append(p.articles, a)
	for _, path := range a.paths() {
		if p.byPath[path] != nil {
			return fmt.Errorf("path %s is taken by another article", path)
		}
		p.byPath[path] = a
	}
	return nil
}

// Day is the length of the scripted day: nothing changes after it.
func Day() time.Duration { return day }

// Home is the path of the front page.
func (p *Paper) Home() string { return "/" }

// Feeds are the paths of the documents that announce articles, each advertised
// by a <link rel="alternate"> of every page or by robots.txt.
func (p *Paper) Feeds() []string {
	return []string{pathRSS, pathAtom, pathJSON, pathSitemap}
}

// Start is when the scripted day begins.
func (p *Paper) Start() time.Time { return p.start }

// since is how far the day has gone.
func (p *Paper) since() time.Duration { return p.now().Sub(p.start) }
