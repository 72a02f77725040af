package news

import (
	"math/bits"
	"time"
)

// PulseKept is how long a [Pulse] is kept.
const PulseKept = 120 * 24 * time.Hour

// WordBins is how many bins the word counts of a [Pulse] fall into.
const WordBins = 16

// A Pulse is what the visits of one hour to the articles of a source came to;
// or what one visit adds to it.
type Pulse struct {
	SourceID  int64
	Hour      time.Time     // its beginning, UTC
	Visits    int           // to articles
	Seen      int           // that showed the article, or that it is unchanged
	Read      int           // whose page was read for its body
	Empty     int           // of those read: fewer than EmptyWords words
	Blocked   int           // that were kept out
	Failed    int           // that got no page: DNS, connection, time-out, 5xx
	Changes   int           // entries of the change log, without first versions and growth
	Words     int           // of all bodies read
	Bins      [WordBins]int // how many bodies read had that many words: see WordBin
	Furniture float64       // sum over the pages read of the share of their text that is furniture, 0 to 1 each
}

// EmptyWords is how many words a body must have not to count as empty.
const EmptyWords = 40

// AddRead notes that a page was read for a body of that many words, and which share
// of the text of the page was furniture, 0 to 1.
func (p *Pulse) AddRead(words int, furniture float64) {
	p.Read++
	p.Words += max(words, 0)
	p.Bins[WordBin(words)]++
	if furniture > 0 { // and a number
		p.Furniture += min(furniture, 1)
	}
	if words < EmptyWords {
		p.Empty++
	}
}

// WordBin is the bin of a count of words: 0 for none, and n for 2^(n-1) words
// and more, but fewer than 2^n; the last has no upper end.
func WordBin(words int) int {
	return min(bits.Len(uint(max(words, 0))), WordBins-1)
}

// Add adds the figures of q; source and hour stay.
func (p *Pulse) Add(q Pulse) {
	p.Visits += q.Visits
	p.Seen += q.Seen
	p.Read += q.Read
	p.Empty += q.Empty
	p.Blocked += q.Blocked
	p.Failed += q.Failed
	p.Changes += q.Changes
	p.Words += q.Words
	p.Furniture += q.Furniture
	for i, n := range q.Bins {
		p.Bins[i] += n
	}
}

// MedianWords estimates the median of the words of the bodies read, from the
// bins: exact to within the bin it falls into; 0 when none was read.
func (p Pulse) MedianWords() float64 {
	total := 0
	for _, n := range p.Bins {
		total += n
	}
	middle, below := float64(total)/2, 0.0
	for i, n := range p.Bins {
		if n > 0 && below+float64(n) >= middle {
			if i == 0 {
				return 0
			}
			low := float64(int(1) << (i - 1))
			return low + low*(middle-below)/float64(n)
		}
		below += float64(n)
	}
	return 0
}
