package health

import (
	"math"
	"math/rand/v2"
	"time"

	"stet/internal/news"
)

// A world makes the figures of a source that is well: by hour of the day and day
// of the week, with good and bad days, in which pages come in bunches.
type world struct {
	r        *rand.Rand
	visits   float64 // a day
	success  float64
	empty    float64
	words    float64 // median
	share    float64 // furniture
	changes  float64 // a visit
	weekend  float64 // what the weekend does to words and changes; 1 = nothing
	restless float64 // how much days differ from each other
	hours    []news.Pulse
	at       time.Time
}

// newWorld draws a source: some are small, some fail often, some have many
// pages without text.
func newWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 7))
	return &world{
		r: r, at: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC),
		visits:  math.Exp(math.Log(10) + r.Float64()*math.Log(200)), // 10 to 2000
		success: 1 - 0.15*r.Float64()*r.Float64(), empty: 0.3 * r.Float64() * r.Float64(),
		words: 150 + 700*r.Float64(), share: 0.2 + 0.5*r.Float64(), changes: 0.005 + 0.1*r.Float64()*r.Float64(),
		weekend: 1, restless: 0.05 + 0.3*r.Float64(),
	}
}

// hour makes the figures of the next hour; spoil may change how its visits go.
func (w *world) hour(good func(*world) world) {
	w.r.Uint64()                                               // the days have a generator of their own; this one goes on beside it
	day := rand.New(rand.NewPCG(uint64(w.at.Unix()/86400), 0)) // the same for all hours of a day
	mood := math.Exp(w.restless * day.NormFloat64())
	now := *w
	if wd := w.at.Weekday(); wd == time.Saturday || wd == time.Sunday {
		now.words *= w.weekend
		now.changes *= w.weekend
		now.visits *= 0.6
	}
	now.empty *= mood
	if now.r.IntN(20) == 0 { // an hour of galleries
		now.empty = min(5*now.empty, 0.7)
	}
	if good != nil {
		now = good(&now)
	}
	rhythm := 1 + 0.8*math.Sin(2*math.Pi*float64(w.at.Hour()-8)/24)
	now.share += 0.15 * (mood - 1)
	now.success -= 0.1 * max(0, mood-1)
	p := news.Pulse{Hour: w.at}
	for range poisson(w.r, now.visits*rhythm/24) {
		now.visit(&p, mood)
	}
	w.hours = append(w.hours, p)
	w.at = w.at.Add(time.Hour)
}

func (w *world) visit(p *news.Pulse, mood float64) {
	p.Visits++
	if w.r.Float64() >= w.success {
		p.Failed++
		return
	}
	p.Seen++
	if w.r.Float64() < w.changes*mood {
		p.Changes++
	}
	words := int(w.words * mood * math.Exp(0.7*w.r.NormFloat64()))
	if w.r.Float64() < w.empty {
		words = 0
	}
	p.AddRead(words, w.share+0.1*w.r.NormFloat64())
}

// poisson draws a number with that mean.
func poisson(r *rand.Rand, mean float64) int {
	n, t := 0, r.ExpFloat64()
	for t < mean {
		n++
		t += r.ExpFloat64()
	}
	return n
}

// days lets the world go on.
func (w *world) days(n float64, good func(*world) world) {
	for range int(n * 24) {
		w.hour(good)
	}
}

// now is the last moment of the hours so far.
func (w *world) now() time.Time { return w.at.Add(-time.Second) }

// steady is a source of that many days with n good visits each hour.
func steady(days, n int) *world {
	w := &world{at: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), r: rand.New(rand.NewPCG(1, 1))}
	for range days * 24 {
		w.plain(n, n)
	}
	return w
}

// idle adds hours without a visit.
func (w *world) idle(hours int) *world {
	w.at = w.at.Add(time.Duration(hours) * time.Hour)
	return w
}

// plain adds an hour of n pages, of which some have text.
func (w *world) plain(n, full int) {
	p := news.Pulse{Hour: w.at, Visits: n, Seen: n}
	for i := range n {
		p.AddRead(400*bit(i < full), 0.5)
	}
	w.hours = append(w.hours, p)
	w.at = w.at.Add(time.Hour)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
