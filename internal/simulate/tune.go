package simulate

import (
	"context"
	"math"

	"stet/internal/schedule"
)

// Precision is how near a tuned policy comes to the wanted number of visits, as
// a share; some cannot come nearer than a step of their table.
const Precision = .005

// maxTries bounds the runs of one tuning.
const maxTries = 24

// Tune turns the knob of the policy until it makes so many visits an article on
// average, the first included, and gives what it then caught: the run that came
// nearest. Some policies cannot be so frugal, or so busy.
func Tune(ctx context.Context, timelines []Timeline, policy schedule.Tunable, visits float64, o Options) (Result, error) {
	var best Result
	miss := math.Inf(1)
	low, high, knob, slope := math.Inf(-1), math.Inf(1), 0., -.8 // of the logarithm of the knob
	var lastKnob, lastMiss float64
	for try := range maxTries {
		r, err := Run(ctx, timelines, policy.Tune(math.Exp(knob)), o)
		if err != nil {
			return r, err
		}
		off := math.Log(max(r.FetchesPerArticle, 1e-9) / visits)
		if math.Abs(off) < miss {
			best, miss = r, math.Abs(off)
		}
		if miss < Precision {
			break
		}
		if off > 0 { // too many visits: longer waits
			low = knob
		} else {
			high = knob
		}
		if try > 0 && knob != lastKnob {
			if s := (off - lastMiss) / (knob - lastKnob); s < -.05 && s > -5 {
				slope = s
			}
		}
		lastKnob, lastMiss = knob, off
		knob = nextKnob(knob-off/slope, low, high)
		if high-low < 1e-4 || math.Abs(knob) > 16 {
			break
		}
	}
	return best, nil
}

// nextKnob keeps a guess within what is known.
func nextKnob(guess, low, high float64) float64 {
	switch {
	case guess > low && guess < high:
		if math.IsInf(low, -1) {
			return max(guess, high-3)
		}
		if math.IsInf(high, 1) {
			return min(guess, low+3)
		}
		// Not too near an end that is known to be wrong.
		margin := (high - low) / 20
		return min(max(guess, low+margin), high-margin)
	case math.IsInf(low, -1):
		return high - 1
	case math.IsInf(high, 1):
		return low + 1
	}
	return (low + high) / 2
}

// Clairvoyant is what a policy that knows the future would catch with so many
// visits an article: one for each change, at once, the first visits aside. With
// 0 it makes as many as there are changes.
func Clairvoyant(timelines []Timeline, visits float64) Result {
	r := Result{Policy: "clairvoyant", Articles: len(timelines)}
	overwritten := 0
	for i := range timelines {
		n := timelines[i].counting()
		r.Changes += n
		overwritten += min(n, max(len(timelines[i].Changes)-1, 0))
	}
	if r.Changes == 0 {
		r.FetchesPerArticle = float64(min(r.Articles, 1))
		return r
	}
	need := float64(r.Changes) / float64(r.Articles)
	r.FetchesPerArticle = 1 + need
	r.Caught = 1
	if visits > 0 && visits < r.FetchesPerArticle {
		r.FetchesPerArticle = max(visits, 1)
		r.Caught = (r.FetchesPerArticle - 1) / need
	}
	if overwritten > 0 {
		r.CaughtOverwritten = min(r.Caught, 1)
	}
	return r
}
