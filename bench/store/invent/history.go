package invent

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"stet/internal/archive"
)

// Options say what is invented.
type Options struct {
	Seed     uint64
	Articles int       // over which Years are spread
	Hosts    int       // sources, a host each; 0 = DefaultHosts
	Start    time.Time // of the first article; zero = DefaultStart
}

// What is taken when Options say nothing.
const (
	DefaultHosts = 500
	Years        = 6 // from the first article to the last
)

// DefaultStart is when the first article appears.
func DefaultStart() time.Time { return time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC) }

// The laws of the articles; see the package comment for where they come from.
const (
	medianSentences = 21  // of a first version
	sigmaSentences  = 0.7 // of its logarithm
	maxSentences    = 400
	medianExtra     = 1.55 // versions after the first, before rounding
	sigmaExtra      = 1.2
	maxExtra        = 60
	hostSkew        = 1.1 // the k-th host has 1/k^hostSkew of the first one's articles
	medianGap       = 4 * time.Hour
	sigmaGap        = 2.0
	minGap          = 10 * time.Minute
	maxGap          = 20 * 24 * time.Hour
	shareDated      = 0.5 // of sources that give the date of the last edit
)

// A Generator invents histories.
type Generator struct {
	m *Model
	o Options
}

// NewGenerator gives one that speaks as the model does.
func NewGenerator(m *Model, o Options) *Generator {
	if o.Hosts <= 0 {
		o.Hosts = DefaultHosts
	}
	if o.Start.IsZero() {
		o.Start = DefaultStart()
	}
	o.Articles = max(o.Articles, 1)
	return &Generator{m, o}
}

// History invents article i, whatever was invented before it: equal seeds,
// models and options give equal histories, in any order, and by many at once.
func (g *Generator) History(i int) archive.History {
	h, _ := g.history(i)
	return h
}

// history gives also what was done to the article's text.
func (g *Generator) history(i int) (archive.History, edits) {
	r := rand.New(rand.NewPCG(g.o.Seed, uint64(i)))
	host := rand.NewZipf(r, hostSkew, 1, uint64(g.o.Hosts-1)).Uint64()
	step := Years * 365 * 24 * time.Hour / time.Duration(g.o.Articles)
	at := g.o.Start.Add(time.Duration(i)*step + time.Duration(r.Int64N(int64(step)+1))).Truncate(time.Second)
	a := newArticle(g.m, r)
	a.dated = float64(host%100) < 100*shareDated
	a.published, a.modified = at.Add(-time.Duration(r.IntN(1800))*time.Second), at
	h := archive.History{
		Source:    archive.Source{Key: fmt.Sprintf("news%d", host), Name: fmt.Sprintf("News %d", host), Home: fmt.Sprintf("https://news%d.example.org/", host)},
		URL:       fmt.Sprintf("https://news%d.example.org/%s/%s-%d", host, at.Format("2006/01/02"), a.slug(), i),
		Language:  "en",
		Published: a.published,
		Origin:    "invent",
	}
	h.Versions = append(h.Versions, archive.Version{Content: a.content(), At: at})
	for range extra(r) {
		at = at.Add(gap(r))
		a.modified = at
		a.edit()
		h.Versions = append(h.Versions, archive.Version{Content: a.content(), At: at})
	}
	return h, a.done
}

// extra is how many versions follow the first.
func extra(r *rand.Rand) int { return min(int(logNormal(r, medianExtra, sigmaExtra)), maxExtra) }

// gap is the time between two versions.
func gap(r *rand.Rand) time.Duration {
	d := time.Duration(logNormal(r, float64(medianGap), sigmaGap))
	return min(max(d, minGap), maxGap).Truncate(time.Second)
}

// logNormal draws from the log-normal law of that median.
func logNormal(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}
