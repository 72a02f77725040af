package health

import (
	"math"
	"slices"

	"stet/internal/news"
)

// A figure is what some hours say of a measure: n things, and for a share the
// sum of theirs; for words, how many pages with text had how many.
type figure struct {
	n    int
	sum  float64
	bins [news.WordBins]int
}

func (f *figure) add(g figure, sign int) {
	f.n += sign * g.n
	f.sum += float64(sign) * g.sum
	for i, n := range g.bins {
		f.bins[i] += sign * n
	}
}

// A scale is how a measure is read off and judged.
type scale struct {
	measure  Measure
	read     func(news.Pulse) figure
	low      bool    // too low is an alarm
	high     bool    // too high is one
	floor    float64 // the band is at least that wide on each side, on the scale
	breaksAt float64 // the share that all have when it breaks; -1 = it does not
}

// scales are the five measures. The floors are what sources do from day to day
// without anything being wrong.
func scales() []scale {
	share := func(n int, sum float64) figure { return figure{n: max(n, 0), sum: sum} }
	return []scale{
		{measure: Success, low: true, floor: 0.1, breaksAt: 0, read: func(p news.Pulse) figure { return share(p.Visits, float64(p.Seen)) }},
		{measure: Empty, high: true, floor: 0.1, breaksAt: 1, read: func(p news.Pulse) figure { return share(p.Read, float64(p.Empty)) }},
		{measure: Words, low: true, high: true, floor: 0.6, breaksAt: -1, read: texts},
		{measure: Furniture, low: true, high: true, floor: 0.1, breaksAt: -1, read: func(p news.Pulse) figure { return share(p.Read, p.Furniture) }},
		{measure: Unchanged, low: true, high: true, floor: 0.1, breaksAt: -1, read: func(p news.Pulse) figure { return share(p.Seen, float64(max(p.Seen-p.Changes, 0))) }},
	}
}

// texts counts the pages whose words fall into no bin below that of
// news.EmptyWords: the empty ones have a measure of their own, and a median
// between two heaps would jump from one to the other.
func texts(p news.Pulse) (f figure) {
	for i := news.WordBin(news.EmptyWords); i < news.WordBins; i++ {
		f.bins[i] = max(p.Bins[i], 0)
		f.n += f.bins[i]
	}
	return f
}

// value is where the figure stands on the scale: a share as it is; words by
// their logarithm to base 2, because half as many are as far as twice as many.
func (s scale) value(f figure) float64 {
	if f.n == 0 {
		return 0
	}
	if s.measure == Words {
		return math.Log2(1 + news.Pulse{Bins: f.bins}.MedianWords())
	}
	return f.sum / float64(f.n)
}

// shown is the value as people read it.
func (s scale) shown(v float64) float64 {
	if s.measure == Words {
		return math.Exp2(max(v, 0)) - 1
	}
	return min(max(v, 0), 1)
}

// spread is how much the words of the pages differ from each other: their
// standard deviation in bins, and at least one. Shares have none.
func (s scale) spread(f figure) float64 {
	if s.measure != Words || f.n == 0 {
		return 1
	}
	var sum, squares float64
	for i, k := range f.bins {
		sum += float64(k * i)
		squares += float64(k * i * i)
	}
	mean := sum / float64(f.n)
	return max(1, math.Sqrt(max(0, squares/float64(f.n)-mean*mean)))
}

// chance is the standard error of the value of n things. For a share two
// successes and two failures are supposed to have been there besides (Agresti
// and Coull), so that none in a hundred is not held to be never; a median varies
// 1.25 times as much as a mean.
func (s scale) chance(usual, spread float64, n int) float64 {
	if s.measure == Words {
		return 1.25 * spread / math.Sqrt(float64(n))
	}
	p := (usual*float64(n) + 2) / float64(n+4)
	return math.Sqrt(p * (1 - p) / float64(n+4))
}

// median sorts the values; they must not be none.
func median(values []float64) float64 {
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}
