package schedule

import (
	"math"
	"time"
)

// A rhythm is a source's working day and week: how fast its own clock runs in
// each hour of the week, UTC. A week has 168 of its hours, too. It is never
// altered once made.
type rhythm struct {
	at [week + 1]float64 // its own hours since the week began
}

const week = 7 * 24

// even is the rhythm of a source of which nothing is known.
var even = func() *rhythm {
	var r rhythm
	for i := range r.at {
		r.at[i] = float64(i)
	}
	return &r
}()

// hours is a time in hours since a Monday.
func hours(t time.Time) float64 {
	const monday = 4 * 24 // 5 January 1970
	return float64(t.UnixMilli())/3.6e6 - monday
}

// turn gives the hours of the source's clock at a time of ours.
func (r *rhythm) turn(t float64) float64 {
	w := math.Floor(t / week)
	h := t - w*week
	i := min(int(h), week-1)
	return w*week + r.at[i] + (h-float64(i))*(r.at[i+1]-r.at[i])
}

// back is the inverse of turn.
func (r *rhythm) back(t float64) float64 {
	w := math.Floor(t / week)
	h := t - w*week
	low, high := 0, week
	for high-low > 1 {
		if mid := (low + high) / 2; r.at[mid] <= h {
			low = mid
		} else {
			high = mid
		}
	}
	return w*week + float64(low) + (h-r.at[low])/(r.at[high]-r.at[low])
}

// age is the age of an article by the source's clock, in its hours; never
// negative.
func (v view) age(born, t time.Time) float64 {
	if !t.After(born) {
		return 0
	}
	return max(v.rhythm.turn(hours(t))-v.rhythm.turn(hours(born)), 0)
}

// wait is how many of our hours from a time on are so many of the source's.
func (v view) wait(from time.Time, d float64) float64 {
	if math.IsInf(d, 1) {
		return d
	}
	at := hours(from)
	return v.rhythm.back(v.rhythm.turn(at)+d) - at
}

// learnRhythm counts a visit to the hours and days of its wait: what was found
// and expected is divided among them as the rhythm has it now.
func (x *curve) learnRhythm(l Lesson) {
	from, to := hours(l.From), hours(l.To)
	own := x.rhythm.turn(to) - x.rhythm.turn(from)
	if to-from > rhythmWait || !(own > 0) {
		return
	}
	for at := from; at < to; {
		end := min(math.Floor(at)+1, to)
		share := (x.rhythm.turn(end) - x.rhythm.turn(at)) / own
		i := int(math.Floor(at)) % week
		i = (i + week) % week
		hour, day := hourSlot+i%24, daySlot+i/24
		// Against what would be expected of an even hour, or day.
		x.add(hour, l.Found*share, l.Expected*share/x.factor(hour))
		x.add(day, l.Found*share, l.Expected*share/x.factor(day))
		at = end
	}
	if x.lessons++; x.lessons%100 == 0 {
		x.rhythm = x.newRhythm()
	}
}

// factor is by how much an hour of the day, or a day of the week, is busier than
// others.
func (x *curve) factor(slot int) float64 {
	return (x.Found[slot] + rhythmWeight) / (x.Expected[slot] + rhythmWeight)
}

// newRhythm gives the rhythm that the counts tell of.
func (x *curve) newRhythm() *rhythm {
	var r rhythm
	for i := range week {
		r.at[i+1] = r.at[i] + max(x.factor(hourSlot+i%24)*x.factor(daySlot+i/24), .01)
	}
	for i, scale := 1, week/r.at[week]; i <= week; i++ {
		r.at[i] *= scale
	}
	return &r
}

// quietShare is how fast the source's clock may run in an hour, of the mean, that
// is quiet.
const quietShare = .5

// quiet is the quiet hour that is nearest to a time, within half a day; the time
// itself when the source has none. An hour is quiet that has not much more than the
// least work of the day.
func (r *rhythm) quiet(t float64) float64 {
	pace := func(shift int) float64 {
		at := math.Floor(t) + float64(shift)
		return r.turn(at+1) - r.turn(at)
	}
	least := math.Inf(1)
	for shift := -12; shift < 12; shift++ {
		least = min(least, pace(shift))
	}
	for away := 0; away <= 12; away++ {
		for _, shift := range [...]int{away, -away} {
			if p := pace(shift); p <= quietShare && p <= 1.5*least {
				return t + float64(shift)
			}
		}
	}
	return t
}
