package health

import (
	"math"
	"slices"
)

// A band is where a figure is expected, on the measure's scale.
type band struct {
	low, usual, high float64
	allowed          float64 // part of the band, on each side, that is for small numbers
	worst            float64 // how often, on the worst day, a single thing was as all are in a break
}

// band is what n things at that hour are held against; false when too little is
// known.
func (g *gauge) band(at, n int) (b band, ok bool) {
	values, week, known, spread := g.past(at)
	if len(values) < MinDays || known < MinKnown {
		return b, false
	}
	b.worst = slices.Max(values)
	if g.breaksAt == 0 {
		b.worst = 1 - slices.Min(values)
	}
	b.worst = max(b.worst, 2/float64(known+4)) // never is not known of anything
	b.usual = median(values)
	apart := make([]float64, len(values))
	for i, v := range values {
		apart[i] = math.Abs(v - b.usual)
	}
	half := max(Spread*1.4826*median(apart), g.floor)
	b.allowed = Chance * g.chance(b.usual, spread, n)
	if len(week) == 0 { // the first week: nobody knows its weekend
		half, b.allowed = 2*half, 2*b.allowed
	}
	b.low, b.high = b.usual, b.usual
	for _, v := range week {
		b.low, b.high = min(b.low, v), max(b.high, v)
	}
	b.low, b.high = b.low-half-b.allowed, b.high+half+b.allowed
	return b, true
}

// past gives the values of the days that are known of those before the day that
// ends at that hour; of these, those of the same day of the week; of how many
// things they are, and how much those differ within a day.
func (g *gauge) past(at int) (values, week []float64, known int, spread float64) {
	for i := 1; i <= BandDays && at-24*i > 0; i++ {
		d := g.days[at-24*i]
		if d.n < MinDay {
			continue
		}
		values = append(values, d.value)
		known += d.n
		spread = max(spread, d.spread)
		if i%7 == 0 {
			week = append(week, d.value)
		}
	}
	return values, week, known, spread
}

// outside reports whether the value has left the band on a side that counts.
func (g *gauge) outside(v float64, b band) bool {
	return g.low && v < b.low || g.high && v > b.high
}
