package crawl

import (
	"hash/fnv"
	"time"
)

// Numbers of the learned gap; see the package comment.
const (
	// LatencyFactor times its usual answering time is how long a site rests
	// between two requests, so that we are never more than a sixth of its work.
	LatencyFactor = 5
	// LatencyWeight is the part of a new answering time in the usual one.
	LatencyWeight = 0.25
	// PenaltyGrowth lengthens the gap after 429 and 503, PenaltyDecay shortens
	// that again with each good answer: seven halve it.
	PenaltyGrowth = 2
	PenaltyDecay  = 0.9
	// MaxLearned is the longest gap that is learned. A worker sleeps through
	// gaps; longer rests are a matter of Retry-After and its back-off.
	MaxLearned = time.Minute
	// MaxExchange is the longest answering time that is believed. The limits
	// of a fetch allow less; a longer one tells that the clock was set.
	MaxExchange = 2 * time.Minute
)

// A tempo is what the answers of a gate have taught about its gap.
type tempo struct {
	usual   time.Duration // smoothed answering time; 0 = not known
	penalty time.Duration // the gap that 429 and 503 have brought; 0 = none
}

// gap is the learned gap, 0 to MaxLearned.
func (t *tempo) gap() time.Duration {
	return max(min(LatencyFactor*t.usual, MaxLearned), t.penalty)
}

// learn takes in an answer that took so long after the gap.
func (t *tempo) learn(a answer, took, gap time.Duration) {
	if (a.status != 0 || a.failure == FailTimeout) && took >= 0 && took <= MaxExchange {
		if t.usual == 0 {
			t.usual = took
		}
		t.usual += time.Duration(LatencyWeight * float64(took-t.usual))
	}
	switch {
	case a.status == 429 || a.status == 503:
		t.penalty = max(t.penalty, min(PenaltyGrowth*gap, MaxLearned))
	case a.status >= 200 && a.status < 500:
		t.penalty = time.Duration(PenaltyDecay * float64(t.penalty))
	}
}

// spread gives a name a time of its own from 0 to below most: always the same
// one, and those of many names lie evenly.
func spread(name string, most time.Duration) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(name)) // never fails
	// The high bits of FNV are poor for names that differ only at the end.
	x := h.Sum32() * 2654435769
	return time.Duration(float64(x) / (1 << 32) * float64(most))
}
