package simulate

import (
	"math"
	"math/rand/v2"
)

// A worldSource is a source of the invented world.
type worldSource struct {
	name   string
	perDay float64 // articles
	share  float64 // of them that change within the watch
	mean   float64 // edits of one that changes
	tempo  int     // 1 is the slowest, 4 the fastest
	zone   float64 // hours from UTC
}

// worldSources are the sources of the world. Names are invented. What they
// publish a day, what share of it changes and how often is of the order that studies of some
// twenty large newspapers and agencies report (NewsEdits; Tsoukaladelis and others),
// edits that their trackers missed added. The tempo is assumed.
var worldSources = [...]worldSource{
	{"Morning Courier", 118, .477, 8.28, 4, 0},
	{"Daily Lantern", 112, .477, 7.19, 3, 0},
	{"Harbour Times", 130, .449, 9.81, 4, -5},
	{"Evening Standardbearer", 86, .382, 6.54, 4, 0},
	{"Capital Post", 98, .458, 7.19, 4, -5},
	{"Telegraphist", 70, .239, 3.27, 2, 0},
	{"Northwire", 120, .497, 9.16, 3, 0},
	{"United Dispatch", 92, .477, 8.94, 4, -5},
	{"Prairie Broadcaster", 62, .554, 10.2, 3, -5},
	{"Lakeshore Star", 58, .554, 10.2, 2, -5},
	{"Cablenight", 64, .43, 3.27, 2, -5},
	{"Redbrick News", 52, .153, 4.36, 1, -5},
	{"Daily Postcard", 106, .258, 10.5, 3, 0},
	{"Maple Globe", 34, .344, 6.76, 2, -5},
	{"La Gazette du Fleuve", 26, .267, 4.36, 1, -5},
	{"Hillside Review", 28, .344, 5.45, 3, -5},
	{"Borough Gazette", 32, .296, 5.45, 2, -5},
	{"Pacific Observer", 18, .286, 5.67, 2, -8},
	{"Rhine Anzeiger", 12, .306, 5.45, 1, 1},
	{"Southern Cross Mail", 9, .325, 5.45, 3, 10},
	{"Highland Echo", 6, .286, 4.8, 1, 0},
	{"Island Examiner", 5, .306, 5.45, 2, 0},
}

// How edits come; hours of the newsroom's clock.
const (
	offspring  = .35 // edits that one edit brings, on average
	lomaxTail  = 1.6
	slowShare  = .02 // of the edits that come of themselves, these at any age up to slowAge
	slowAge    = 30 * 24.
	busySlower = .2 // exponent: how much longer the story of a busier article goes on
)

// Scales of the delays, by tempo: of edits that come of themselves, and of those
// that another brings.
var (
	ownScale   = [...]float64{1: 8, 2: 6.6, 3: 5.2, 4: 4}
	otherScale = [...]float64{1: 5, 2: 3.6, 3: 2.3, 4: 1}
)

// An editLaw is how the articles of a source are edited.
type editLaw struct {
	own          float64 // edits that come of themselves, of an average article
	shape        float64 // of the gamma distribution of propensities; its mean is 1
	scale, later float64
}

// law finds the shape by which the source's share of articles changes: with gamma
// propensities of shape s and mean number m, (1 + m/s)^-s are never edited.
func (s *worldSource) law() editLaw {
	l := editLaw{own: s.share * s.mean * (1 - offspring), scale: ownScale[s.tempo], later: otherScale[s.tempo]}
	low, high := math.Log(1e-3), math.Log(1e3)
	for range 50 {
		mid := (low + high) / 2
		if x := math.Exp(mid); 1-math.Pow(1+l.own/x, -x) < s.share {
			low = mid
		} else {
			high = mid
		}
	}
	l.shape = math.Exp(low)
	return l
}

// edits gives the ages at which one article is edited, in no order.
func (l editLaw) edits(r *rand.Rand) []float64 {
	busy := gamma(r, l.shape) / l.shape * l.own
	slower := math.Pow(max(busy, 1), busySlower)
	var ages []float64
	for range poisson(r, busy) {
		ages = append(ages, l.age(r)*slower)
	}
	for i := 0; i < len(ages) && len(ages) < MaxChanges; i++ {
		for range poisson(r, offspring) {
			ages = append(ages, ages[i]+lomax(r, l.later)*slower)
		}
	}
	return ages
}

// age draws the age at which an edit comes of itself.
func (l editLaw) age(r *rand.Rand) float64 {
	if r.Float64() < slowShare {
		return r.Float64() * slowAge
	}
	return lomax(r, l.scale)
}

// lomax draws from the Lomax distribution of tail lomaxTail.
func lomax(r *rand.Rand, scale float64) float64 {
	return scale * (math.Pow(1-r.Float64(), -1/lomaxTail) - 1)
}

// poisson draws a number of mean m.
func poisson(r *rand.Rand, m float64) int {
	n := 0
	for at := r.ExpFloat64(); at < m; at += r.ExpFloat64() {
		n++
	}
	return n
}

// gamma draws from the gamma distribution of a shape, and scale 1 (Marsaglia and
// Tsang 2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(1-r.Float64(), 1/shape)
	}
	d := shape - 1./3
	for {
		x := r.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v = v * v * v; v > 0 && math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
