// Package health tells when something is wrong with a source, from its hourly
// figures ([news.Pulse]) alone: extraction that broke, a wall, a redesign, a
// flood of changes.
//
// A source is compared with itself. For each [Measure] the figure of the last 24
// hours is held against those of the 14 days before, ending at the same hour of
// the day: the band is their median, and around it the larger of [Spread] robust
// standard deviations (1.4826 times the median absolute deviation) and the
// measure's floor, and to that what chance does to as few pages as there
// were. The figures of the same day one and two weeks ago widen the band, so
// that a weekend is no alarm; while neither is known, it is twice as wide. With
// fewer than [MinDays] days or [MinKnown] visits known nothing is said.
//
// What breaks at once is said at once: all of the last [MinBreak] or more pages
// empty, or visits in vain, where that has no chance in a million by the
// source's own past.
//
// An alarm goes on until the figure is well inside the band that it left
// ([Inner]), or, after a break, until most pages are well again; hours in
// alarm enter no band. What goes on for [Settle] is how the source is now: the
// alarm ends, and the band is made from it.
//
// [Judge] plays the history through from its beginning, and so needs no state
// beside it: the same figures give the same alarms.
package health

import (
	"time"

	"stet/internal/news"
)

// Limits of what is said. The tests state how often they let a false alarm through.
const (
	MinDays  = 3    // days that must be known
	MinKnown = 50   // visits, or pages read, that must be known of them
	MinDay   = 8    // visits, or pages read, without which a day is not known
	MinToday = 20   // the same for the day that is judged
	MinBreak = 8    // visits, or pages read, that make a break
	Spread   = 4.5  // width of the band on each side, in robust standard deviations
	Chance   = 4.0  // what is allowed for small numbers, in standard errors
	Inner    = 0.75 // share of the way from the usual to the edge of the band within which an alarm ends
	Unlikely = 1e-6 // a break has a smaller chance than that
)

// Times.
const (
	BandDays = 14                  // days that make the band
	Settle   = 14 * 24 * time.Hour // after it, the figure is the source's new normal
	// History is how far back Judge looks: to the beginning of the longest alarm,
	// of the band before it, and as far again for what those hang on.
	History = 60 * 24 * time.Hour
)

// A Measure is a figure that is watched.
type Measure string

// The measures, in the order in which alarms are given. All but Words are shares, 0 to 1.
const (
	Success   Measure = "success"   // of the visits, those that showed the article, or that it is unchanged
	Empty     Measure = "empty"     // of the pages read, those without text
	Words     Measure = "words"     // median words of the pages read that have text
	Furniture Measure = "furniture" // of the text of a page read, what is furniture
	Unchanged Measure = "unchanged" // of the visits that showed the article, those without a change
)

// An Alarm says that a figure has left its band.
type Alarm struct {
	Measure   Measure
	Value     float64   // of the last 24 hours; of a break, since it began
	Low, High float64   // the band, without what is allowed for small numbers
	Since     time.Time // beginning of the first hour that is outside, as far as can be told
	Note      string    // in words, for people
}

// Judge gives the alarms of a source that are on at that time. The history is
// its hourly figures, in any order; what is older than History or not yet begun
// is not looked at.
func Judge(history []news.Pulse, now time.Time) []Alarm {
	hours, start := lay(history, now)
	panel := newPanel(len(hours))
	for _, p := range hours {
		panel.step(p)
	}
	var alarms []Alarm
	for _, g := range panel {
		if g.alarm != nil {
			alarms = append(alarms, g.report(start))
		}
	}
	return alarms
}

// A panel has a gauge for each measure, in their order.
type panel []*gauge

func newPanel(hours int) (p panel) {
	for _, s := range scales() {
		p = append(p, newGauge(s, hours))
	}
	return p
}

// step takes the next hour. What keeps pages empty makes the rest of them short and their
// furniture much: one alarm is enough, and their bands are not to learn from it.
func (p panel) step(hour news.Pulse) {
	empty := false
	for _, g := range p {
		g.step(hour, empty && (g.measure == Words || g.measure == Furniture))
		empty = empty || g.measure == Empty && g.alarm != nil
	}
}

// lay puts the figures in a row of hours up to now, and gives when it begins.
func lay(history []news.Pulse, now time.Time) (hours []news.Pulse, start time.Time) {
	end := now.UTC().Truncate(time.Hour) // the last hour, begun
	start = end
	for _, p := range history {
		if h := p.Hour.UTC().Truncate(time.Hour); h.Before(start) {
			start = h
		}
	}
	if earliest := end.Add(-History); start.Before(earliest) {
		start = earliest
	}
	hours = make([]news.Pulse, int(end.Sub(start)/time.Hour)+1)
	for _, p := range history {
		h := p.Hour.UTC().Truncate(time.Hour)
		if h.Before(start) || h.After(end) {
			continue
		}
		hours[h.Sub(start)/time.Hour].Add(p)
	}
	return hours, start
}
