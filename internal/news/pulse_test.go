package news

import (
	"math"
	"testing"
	"testing/quick"
)

func TestWordBin(t *testing.T) {
	for words, want := range map[int]int{-5: 0, 0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 7: 3, 8: 4, 1<<14 - 1: 14, 1 << 14: 15, 1 << 40: 15} {
		if got := WordBin(words); got != want {
			t.Errorf("WordBin(%d) = %d, want %d", words, got, want)
		}
	}
}

func TestAddRead(t *testing.T) {
	var p Pulse
	p.AddRead(EmptyWords-1, 0.5)
	p.AddRead(EmptyWords, 7)
	p.AddRead(-1, -7)
	p.AddRead(100, math.NaN())
	if p.Read != 4 || p.Empty != 2 || p.Words != 2*EmptyWords-1+100 || p.Furniture != 1.5 || p.Bins[0] != 1 || p.Bins[6] != 2 || p.Bins[7] != 1 {
		t.Errorf("%+v", p)
	}
}

// TestMedianWords: the estimate lies in the bin of the true median.
func TestMedianWords(t *testing.T) {
	if got := (Pulse{}).MedianWords(); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
	law := func(words uint16, times uint8, small uint8) bool {
		var p Pulse
		for range int(times) + 1 {
			p.AddRead(int(words)%(1<<14), 0)
		}
		for range int(small) % (int(times) + 1) {
			p.AddRead(0, 0)
		}
		m := p.MedianWords()
		bin := WordBin(int(words) % (1 << 14))
		return bin == 0 && m == 0 || bin > 0 && m >= float64(int(1)<<(bin-1)) && m <= float64(int(1)<<bin)
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
}

// TestPulseAdd: two visits added are the visits counted together.
func TestPulseAdd(t *testing.T) {
	law := func(a, b []uint16) bool {
		var p, q, both Pulse
		for _, n := range a {
			p.AddRead(int(n), 0.5)
			both.AddRead(int(n), 0.5)
		}
		for _, n := range b {
			q.AddRead(int(n), 0.5)
			both.AddRead(int(n), 0.5)
		}
		q.Visits, q.Seen, q.Blocked, q.Failed, q.Changes = 1, 2, 3, 4, 5
		both.Visits, both.Seen, both.Blocked, both.Failed, both.Changes = 1, 2, 3, 4, 5
		p.Add(q)
		return p == both
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
}
