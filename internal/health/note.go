package health

import (
	"fmt"
	"math"
)

// note says the alarm in words. n is how many visits or pages it rests on.
func note(a Alarm, n int) string {
	since := a.Since.Format("since 15:04 UTC on 2 January")
	of := func(share float64) string { return fmt.Sprintf("%.0f of %d", math.Round(share*float64(n)), n) }
	switch a.Measure {
	case Success:
		return fmt.Sprintf("%s visits showed an article, %s; usually %s or more", of(a.Value), since, percent(a.Low))
	case Empty:
		return fmt.Sprintf("%s pages had no text, %s; usually %s or fewer", of(a.Value), since, percent(a.High))
	case Words:
		return fmt.Sprintf("half of %d pages have fewer than %.0f words, %s; usually %.0f to %.0f", n, math.Ceil(a.Value), since, a.Low, a.High)
	case Furniture:
		return fmt.Sprintf("%s of the text of %d pages is furniture, %s; usually %s to %s", percent(a.Value), n, since, percent(a.Low), percent(a.High))
	}
	changed := math.Round((1 - a.Value) * float64(n))
	return fmt.Sprintf("%.0f of %d visits found a change, %s; usually %s to %s", changed, n, since, percent(1-a.High), percent(1-a.Low))
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
