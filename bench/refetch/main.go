// Command refetch measures what the pipeline makes of pages whose furniture
// changes at every fetch while the article does not: how many versions it
// records though nothing was edited, and how many real edits it finds beside
// the noise. See README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"os/signal"
	"runtime"
	"strings"

	"golang.org/x/net/html"

	"stet/bench/corpus"
	"stet/bench/refetch/noise"
	"stet/bench/refetch/visits"
	"stet/internal/extract"
	"stet/internal/news"
)

// options are the flags.
type options struct {
	data    string
	set     string
	pages   int
	visits  int
	level   int
	seed    uint64
	perHost int
	edits   int
	only    string
	shares  int
	verbose bool
	json    bool
	log     bool
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "../shared/data", "`folder` of the corpus; without it, pages of our own")
	flag.StringVar(&o.set, "set", corpus.Dev, "`name` of the set in it")
	flag.IntVar(&o.pages, "pages", 100, "how many pages")
	flag.IntVar(&o.visits, "visits", 15, "visits of each article, the first included")
	flag.IntVar(&o.level, "level", 2, "0 = pages as they are, 1 = page chrome changes, 2 = furniture in the body too")
	flag.Uint64Var(&o.seed, "seed", 1, "of all that is drawn")
	flag.IntVar(&o.perHost, "per-host", 0, "put this many pages on each host; 0 = each with its own source")
	flag.IntVar(&o.edits, "edits", 3, "edits of each article; 0 = only untouched articles")
	flag.StringVar(&o.only, "only", "", "only pages whose file name has this in it")
	flag.IntVar(&o.shares, "shares", runtime.GOMAXPROCS(0), "worlds at once; changes no figure")
	flag.BoolVar(&o.verbose, "v", false, "name each false version, with the blocks that came and went, and each edit not found")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.BoolVar(&o.log, "log", false, "show the pipeline's talk")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "refetch:", err)
		os.Exit(1)
	}
}

// A report is what one command prints.
type report struct {
	Pages     int             `json:"pages"`
	Unfit     int             `json:"unfit"` // pages passed over: no article, or paragraphs not found
	Visits    int             `json:"visits"`
	Level     int             `json:"level"`
	Seed      uint64          `json:"seed"`
	PerHost   int             `json:"per_host"`
	Hosts     int             `json:"hosts"`
	Untouched visits.Figures  `json:"untouched"`
	Edited    *visits.Figures `json:"edited,omitempty"`
}

func run(ctx context.Context, o options) error {
	pages, err := corpus.Load(o.data, o.set)
	if errors.Is(err, corpus.ErrAbsent) {
		fmt.Fprintln(os.Stderr, err, "- using pages of our own")
		pages, err = corpus.Own(o.pages, o.seed), nil
	}
	if err != nil {
		return err
	}
	r := report{Visits: o.visits, Level: o.level, Seed: o.seed, PerHost: o.perHost}
	var hosts []*visits.Host
	hosts, r.Pages, r.Unfit = place(pages, o)
	r.Hosts = len(hosts)
	vo := visits.Options{Visits: o.visits, Shares: o.shares}
	if o.log {
		vo.Log = os.Stderr
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		vo.Progress = func(slot int) { fmt.Fprintf(os.Stderr, "\rvisit %d of %d ", slot, o.visits) }
	}
	if r.Untouched, err = visits.Run(ctx, hosts, vo); err != nil {
		return err
	}
	if o.edits > 0 {
		visits.Plan(hosts, o.edits, o.visits, o.seed)
		edited, err := visits.Run(ctx, hosts, vo)
		if err != nil {
			return err
		}
		r.Edited = &edited
	}
	if o.json {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	r.print(os.Stdout, o.verbose)
	return nil
}

// place makes articles of the pages that are fit and puts them on hosts.
func place(pages []corpus.Page, o options) (hosts []*visits.Host, fit, unfit int) {
	byName := map[string]*visits.Host{}
	sources := map[string]*noise.Source{}
	for i, p := range pages {
		if fit == o.pages {
			break
		}
		if !strings.Contains(p.File, o.only) {
			continue
		}
		name := hostOf(p.URL)
		if o.perHost > 0 {
			name = fmt.Sprintf("host %d", fit/o.perHost)
		}
		language := language(p.HTML)
		key := name + " " + language
		if sources[key] == nil {
			sources[key] = noise.NewSource(hash(key)^o.seed, language)
		}
		page, err := noise.NewPage(sources[key], p.HTML, p.Paragraphs, o.level, hash(p.File)^o.seed)
		if err != nil || !article(page, p.URL) {
			unfit++
			continue
		}
		if byName[name] == nil {
			byName[name] = &visits.Host{Name: name}
			hosts = append(hosts, byName[name])
		}
		path := fmt.Sprintf("/%d%s", i, pathOf(p.URL))
		byName[name].Articles = append(byName[name].Articles, &visits.Article{Name: p.File, Path: path, Page: page})
		fit++
	}
	return hosts, fit, unfit
}

// article reports whether stet takes the page for an article before anything is
// put into it: what it does not is no matter of comparing.
func article(p *noise.Page, address string) bool {
	raw, err := p.Plain()
	if err != nil {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && extract.Read(extract.Page{URL: u, Status: 200, ContentType: "text/html; charset=utf-8", Body: raw}).Outcome == news.OK
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return address
}

func pathOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.EscapedPath()
	}
	return "/"
}

// language is the lang attribute of the html element.
func language(raw []byte) string {
	z := html.NewTokenizer(strings.NewReader(string(raw)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if t := z.Token(); t.Data == "html" {
				for _, a := range t.Attr {
					if a.Key == "lang" {
						return a.Val
					}
				}
				return ""
			}
		}
	}
}
