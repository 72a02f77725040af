package health

import (
	"math"
	"time"

	"stet/internal/news"
)

// A gauge plays the hours of one measure through.
type gauge struct {
	scale
	hours  []figure // as they were
	counts []bool   // hours that enter bands
	cum    []figure // cum[i] is the sum of the first i hours that enter bands
	days   []day    // days[i] is the day before hour i
	alarm  *ongoing
}

// An ongoing alarm.
type ongoing struct {
	band
	since, opened int // hours
	sudden        bool
}

// A day is what the 24 hours before some hour came to, those that enter bands.
type day struct {
	n             int
	value, spread float64
}

func newGauge(s scale, hours int) *gauge {
	return &gauge{scale: s, hours: make([]figure, 0, hours), counts: make([]bool, 0, hours), cum: make([]figure, 1, hours+1), days: make([]day, 1, hours+1)}
}

// step takes the next hour. What is explained by another alarm is neither judged
// nor learnt from.
func (g *gauge) step(p news.Pulse, explained bool) {
	g.hours = append(g.hours, g.read(p))
	g.counts = append(g.counts, !explained && g.alarm == nil)
	g.cum, g.days = append(g.cum, figure{}), append(g.days, day{})
	at := len(g.hours)
	g.sumFrom(at - 1)
	switch {
	case explained:
		g.alarm = nil
	case g.alarm != nil:
		g.goOn(at)
	case g.hours[at-1].n > 0:
		g.judge(at)
	}
}

// sumFrom makes sums and days true from that hour on.
func (g *gauge) sumFrom(hour int) {
	for i := hour; i < len(g.hours); i++ {
		g.cum[i+1] = g.cum[i]
		if g.counts[i] {
			g.cum[i+1].add(g.hours[i], 1)
		}
		f := g.cum[i+1]
		f.add(g.cum[max(i+1-24, 0)], -1)
		g.days[i+1] = day{n: f.n, value: g.value(f), spread: g.spread(f)}
	}
}

// raw is the figure of the hours from up to before at, as they were.
func (g *gauge) raw(from, at int) (f figure) {
	for i := max(from, 0); i < at; i++ {
		f.add(g.hours[i], 1)
	}
	return f
}

// judge opens an alarm when there is reason to.
func (g *gauge) judge(at int) {
	if since, n := g.run(at); n >= MinBreak {
		if b, ok := g.band(at, n); ok && math.Pow(b.worst, float64(n)) < Unlikely && n > 2*g.longest(since) {
			g.open(ongoing{band: b, since: since, opened: at, sudden: true})
			return
		}
	}
	today := g.days[at]
	if today.n < MinToday {
		return
	}
	b, ok := g.band(at, today.n)
	if !ok || !g.outside(today.value, b) {
		return
	}
	since := at // the latest hours that are outside, each for itself
	for i := at - 1; i >= 0 && i >= at-24 && (g.hours[i].n == 0 || g.outside(g.value(g.hours[i]), b)); i-- {
		if g.hours[i].n > 0 {
			since = i
		}
	}
	g.open(ongoing{band: b, since: min(since, at-1), opened: at})
}

// run is the latest hours in which all things were as they are when the measure
// breaks: when it began, and how many things there were.
func (g *gauge) run(at int) (since, n int) {
	if g.breaksAt < 0 {
		return at, 0
	}
	since = at
	for i := at - 1; i >= 0 && i >= at-7*24; i-- {
		f := g.hours[i]
		if f.n == 0 {
			continue
		}
		if !g.counts[i] || f.sum != g.breaksAt*float64(f.n) {
			break
		}
		since, n = i, n+f.n
	}
	return since, n
}

// longest is how many things the longest run was that passed by itself, in the
// days of the band before that hour: bad pages come in bunches.
func (g *gauge) longest(at int) (most int) {
	n := 0
	for i := max(at-24*BandDays, 0); i < at; i++ {
		f := g.hours[i]
		if f.n > 0 && f.sum != g.breaksAt*float64(f.n) {
			n = 0
		}
		if g.counts[i] && f.sum == g.breaksAt*float64(f.n) {
			n += f.n
			most = max(most, n)
		}
	}
	return most
}

func (g *gauge) open(a ongoing) {
	g.alarm = &a
	for i := a.since; i < len(g.counts); i++ {
		g.counts[i] = false
	}
	g.sumFrom(a.since)
}

// goOn ends the alarm when it is over.
func (g *gauge) goOn(at int) {
	a := g.alarm
	switch {
	case time.Duration(at-a.opened)*time.Hour >= Settle:
		g.alarm = nil
		for i := a.since; i < at; i++ {
			g.counts[i] = true
		}
		g.sumFrom(a.since)
	case g.recovered(at):
		g.alarm = nil
	}
}

// recovered reports whether the figure is well again. After a break the latest
// pages say so; else the day does, well inside the band.
func (g *gauge) recovered(at int) bool {
	a := g.alarm
	if a.sudden {
		var f figure
		for i := at - 1; i >= a.since && f.n < MinBreak; i-- {
			f.add(g.hours[i], 1)
		}
		return f.n >= MinBreak && math.Abs(f.sum/float64(f.n)-g.breaksAt) > 0.5
	}
	f := g.raw(at-24, at)
	if f.n < MinToday {
		return false
	}
	inner := a.band
	inner.low = a.usual - Inner*(a.usual-a.low)
	inner.high = a.usual + Inner*(a.high-a.usual)
	return !g.outside(g.value(f), inner)
}

// report gives the alarm as it is at the end of the hours; the first began at
// start.
func (g *gauge) report(start time.Time) Alarm {
	a := g.alarm
	f := g.raw(len(g.hours)-24, len(g.hours))
	if a.sudden || f.n == 0 {
		f = g.raw(a.since, len(g.hours))
	}
	r := Alarm{
		Measure: g.measure, Since: start.Add(time.Duration(a.since) * time.Hour),
		Value: g.shown(g.value(f)), Low: g.shown(a.low + a.allowed), High: g.shown(a.high - a.allowed),
	}
	if !g.low {
		r.Low = 0
	}
	if !g.high {
		r.High = 1
	}
	r.Note = note(r, f.n)
	return r
}
