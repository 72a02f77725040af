package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"stet/internal/news"
)

// FigureDays is how many days of a source's figures its page shows, today among
// them. Days are those of UTC.
const FigureDays = 14

// figures are those of a source, day by day and drawn.
type figures struct {
	Days   []figureDay // the newest first; none when nothing was visited
	Sparks []spark
}

// A figureDay is what the visits of a day came to, in words. A share of nothing
// is told as "–".
type figureDay struct {
	Day       time.Time
	Visits    string
	Success   string // share of the visits that showed the article, or that it is unchanged
	Words     string // median of the bodies read
	Empty     string // share of the bodies read that hold next to no words
	Furniture string // mean share of a page's text that is furniture
	Changes   string
}

// figuresSince is the beginning of the first day that is shown.
func figuresSince(now time.Time) time.Time {
	return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-FigureDays)
}

// figuresOf sums the hours of each day.
func figuresOf(hours []news.Pulse, now time.Time) figures {
	if len(hours) == 0 {
		return figures{}
	}
	since := figuresSince(now)
	days := make([]news.Pulse, FigureDays)
	for _, p := range hours {
		if i := int(p.Hour.Sub(since) / (24 * time.Hour)); !p.Hour.Before(since) && i < FigureDays {
			days[i].Add(p)
		}
	}
	var f figures
	for i := FigureDays - 1; i >= 0; i-- {
		f.Days = append(f.Days, dayOf(since.AddDate(0, 0, i), days[i]))
	}
	for _, m := range measures {
		values := make([]float64, FigureDays)
		for i, p := range days {
			values[i] = m.of(p)
		}
		f.Sparks = append(f.Sparks, newSpark(m, values))
	}
	return f
}

func dayOf(day time.Time, p news.Pulse) figureDay {
	told := make([]string, len(measures))
	for i, m := range measures {
		told[i] = m.tell(m.of(p))
	}
	return figureDay{day, told[0], told[1], told[2], told[3], told[4], told[5]}
}

// A measure is a figure of a day; NaN when there is nothing to measure.
type measure struct {
	name  string
	share bool // from 0 to 1, told in per cent
	of    func(news.Pulse) float64
}

// measures are the figures in the order of the fields of figureDay.
var measures = []measure{
	{"Visits", false, func(p news.Pulse) float64 { return float64(p.Visits) }},
	{"Success", true, func(p news.Pulse) float64 { return share(float64(p.Seen), p.Visits) }},
	{"Median words", false, func(p news.Pulse) float64 {
		if p.Read == 0 {
			return math.NaN()
		}
		return p.MedianWords()
	}},
	{"Empty", true, func(p news.Pulse) float64 { return share(float64(p.Empty), p.Read) }},
	{"Furniture", true, func(p news.Pulse) float64 { return share(p.Furniture, p.Read) }},
	{"Changes", false, func(p news.Pulse) float64 { return float64(p.Changes) }},
}

// share is a part of a whole; of nothing it is unknown.
func share(part float64, whole int) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / float64(whole)
}

// tell writes a value for people.
func (m measure) tell(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case m.share:
		return strconv.Itoa(int(math.Round(100*v))) + " %"
	}
	return count(int(math.Round(v)))
}

// A spark is a figure drawn small: one point for each day, the oldest first,
// lines between neighbours that are known. Coordinates are those of its view box.
type spark struct {
	Name  string
	Last  string // value of the last day that is known
	Title string // the whole in words, for those who do not see it
	Lines []string
	Dots  []sparkDot // days without known neighbours
}

// A sparkDot is a point that no line leads to.
type sparkDot struct{ X, Y string }

// Measures of the drawing, in its own units; stet.css gives it its size.
const (
	sparkWidth  = 130
	sparkHeight = 32
	sparkMargin = 3
)

// newSpark draws a share between 0 and 1, anything else between 0 and its highest.
func newSpark(m measure, values []float64) spark {
	low, high, last := math.Inf(1), 0.0, math.NaN()
	for _, v := range values {
		if !math.IsNaN(v) {
			low, high, last = min(low, v), max(high, v), v
		}
	}
	s := spark{Name: m.name, Last: m.tell(last)}
	if math.IsNaN(last) {
		s.Title = m.name + ": nothing known of the last " + strconv.Itoa(len(values)) + " days"
		return s
	}
	s.Title = fmt.Sprintf("%s, last %d days: lowest %s, highest %s, latest %s", m.name, len(values), m.tell(low), m.tell(high), s.Last)
	top := high
	if m.share || top == 0 {
		top = 1
	}
	s.draw(values, top)
	return s
}

// draw makes a line of each run of known days.
func (s *spark) draw(values []float64, top float64) {
	var run []sparkDot
	end := func() {
		switch len(run) {
		case 0:
		case 1:
			s.Dots = append(s.Dots, run[0])
		default:
			points := make([]string, len(run))
			for i, d := range run {
				points[i] = d.X + "," + d.Y
			}
			s.Lines = append(s.Lines, strings.Join(points, " "))
		}
		run = nil
	}
	for i, v := range values {
		if math.IsNaN(v) {
			end()
			continue
		}
		x := sparkMargin + float64(i)*(sparkWidth-2*sparkMargin)/float64(max(len(values)-1, 1))
		y := sparkMargin + (1-min(v/top, 1))*(sparkHeight-2*sparkMargin)
		run = append(run, sparkDot{strconv.FormatFloat(x, 'f', 1, 64), strconv.FormatFloat(y, 'f', 1, 64)})
	}
	end()
}

// An eventLine is an event of a source in words.
type eventLine struct {
	Text string
	Word string // alarm, outage …
	Open bool
}

// MaxEvents is how many events the page of a source lists.
const MaxEvents = 20

// eventLines tells events, in the order given.
func eventLines(events []news.Event) []eventLine {
	out := make([]eventLine, 0, len(events))
	for _, e := range events {
		out = append(out, eventLine{eventText(e), string(e.Kind), e.Ended.IsZero()})
	}
	return out
}

// eventText tells one event: what, when, why.
func eventText(e news.Event) string {
	text := string(e.Kind)
	switch e.Kind {
	case news.TemplateChanged:
		text = "Template changed on " + clock(e.First)
	case news.HealthAlarm, news.Outage:
		name := map[news.EventKind]string{news.HealthAlarm: "Alarm", news.Outage: "Outage"}[e.Kind]
		text = name + " since " + clock(e.First)
		if !e.Ended.IsZero() {
			text = name + " from " + clock(e.First) + " to " + clock(e.Ended)
		}
	}
	if e.Note != "" {
		text += ": " + strings.TrimRight(e.Note, ".")
	}
	if e.Articles > 0 {
		text += " (" + plural(e.Articles, "article", "articles") + ")"
	}
	return text + "."
}
