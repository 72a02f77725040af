package compare

import (
	"math"
	"testing"
)

func TestBeta(t *testing.T) {
	for a := 1; a < 40; a++ {
		for b := 1; b < 40; b++ {
			x, _ := math.Lgamma(float64(a))
			y, _ := math.Lgamma(float64(b))
			z, _ := math.Lgamma(float64(a + b))
			if got, want := beta(a, b), math.Exp(x+y-z); math.Abs(got-want) > 1e-9*want {
				t.Fatalf("beta(%d, %d) = %g, want %g", a, b, got, want)
			}
		}
	}
}

// rotated is a memory of texts that came and went, each at the place given.
func rotated(looks int, places ...place) Memory {
	m := Memory{Looks: looks}
	for i, p := range places {
		m.Traces = append(m.Traces, Trace{Key: uint64(100 + i), Path: p.path, Prev: p.prev, Next: p.next, Born: looks, Seen: 1, Flaps: 1})
	}
	return m
}

func TestMaxSlots(t *testing.T) {
	a, b, c, d := place{1, 1, 2}, place{1, 2, 3}, place{1, 3, 4}, place{1, 4, 5}
	elsewhere := place{2, 4, 5}
	for _, tt := range []struct {
		title string
		m     Memory
		at    place
		want  int
	}{
		{"a place where nothing rotates", rotated(9), a, 0},
		{"a place where two texts rotated", rotated(9, a, a), a, 2},
		{"a place beside that", rotated(9, a, a), b, 0},
		{"a fourth place when two of its path rotate", rotated(9, a, b, b), d, 0},
		{"a fourth place when three of its path rotate", rotated(9, a, b, c), d, MaxSlots},
		{"another path when three of one rotate", rotated(9, a, b, c), place{2, 9, 9}, 0},
		{"the same place told from another path", rotated(9, elsewhere), d, 1},
	} {
		if got := tt.m.rotating(tt.at); got != tt.want {
			t.Errorf("%s: %d texts, want %d", tt.title, got, tt.want)
		}
	}
}

func TestNeeds(t *testing.T) {
	here, quiet := place{1, 1, 2}, place{3, 8, 9}
	many := make([]place, 30)
	for i := range many {
		many[i] = here
	}
	for _, tt := range []struct {
		title string
		got   int
		want  int
	}{
		{"comes where nothing rotates", rotated(5).needToCome(here, prosePrior), 2},
		{"comes where nothing rotates, on a page seen often", rotated(500).needToCome(here, prosePrior), 2},
		{"comes where one advert was seen", rotated(9, here).needToCome(here, prosePrior), 4},
		{"comes where an endless row of adverts was seen", rotated(30, many...).needToCome(here, prosePrior), 5},
		{"comes elsewhere on that page", rotated(30, many...).needToCome(quiet, prosePrior), 4},
		{"goes, seen just below SureLooks", rotated(9).needToGo(here, SureLooks-1, 20), NewNeed},
		{"goes, seen SureLooks times", rotated(9).needToGo(here, SureLooks, 20), 2},
		{"goes where adverts rotate, seen twice: for ever", rotated(9, here).needToGo(here, 2, 20), 0},
		{"goes where adverts rotate, seen nine times", rotated(9, here).needToGo(here, 9, 20), 3},
		{"goes where adverts rotate, seen ten times", rotated(9, here).needToGo(here, 10, 20), 2},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %d looks, want %d", tt.title, tt.got, tt.want)
		}
	}
}

// However much rotates, no block needs more than MaxNeed looks to come nor more
// than half of that to go; more rotation never means fewer looks to come.
func TestNeedsAreBounded(t *testing.T) {
	for texts := range MaxTraces {
		for _, seen := range []int{1, 3, 9, 30} {
			m := Memory{Looks: 100}
			for i := range texts {
				m.Traces = append(m.Traces, Trace{Key: uint64(i), Path: 1, Prev: 1, Next: 2, Born: 100 - seen, Seen: seen, Flaps: 1})
			}
			p := place{1, 1, 2}
			come := m.needToCome(p, prosePrior)
			if come < 2 || come > MaxNeed {
				t.Fatalf("%d texts seen %d times: %d looks to come", texts, seen, come)
			}
			more := m
			more.Traces = append(more.Traces[:texts:texts], Trace{Key: 999, Path: 1, Prev: 1, Next: 2, Born: 100 - seen, Seen: seen, Flaps: 1})
			if n := more.needToCome(p, prosePrior); n < come {
				t.Fatalf("%d texts seen %d times: %d looks to come, one text more: %d", texts, seen, come, n)
			}
			if go1 := m.needToGo(p, seen, 20); go1 > MaxNeed/2 && go1 != NewNeed {
				t.Fatalf("%d texts: %d looks to go", texts, go1)
			}
		}
	}
	sticky := Memory{Looks: 20}
	for i := range MaxTraces {
		sticky.Traces = append(sticky.Traces, Trace{Key: uint64(i), Path: 1, Prev: 1, Next: 2, Born: 0, Seen: 20, Flaps: 1})
	}
	if n := sticky.needToCome(place{1, 1, 2}, prosePrior); n != MaxNeed {
		t.Errorf("texts that stay long: %d looks to come, want %d", n, MaxNeed)
	}
}

func TestClip(t *testing.T) {
	long := make([]byte, 299)
	for i := range long {
		long[i] = 'x'
	}
	for _, tt := range []struct{ in, want string }{
		{string(long) + "y", string(long) + "y"},
		{string(long) + "yz", string(long) + "y"},
		{string(long) + "é", string(long)},
		{string(long) + "天地", string(long)},
		{"", ""},
	} {
		if got := clip(tt.in); got != tt.want {
			t.Errorf("clip of %d bytes: %d bytes, want %d", len(tt.in), len(got), len(tt.want))
		}
	}
}

func TestKeys(t *testing.T) {
	old, one, two := Keys{1, 2, 3}, Keys{2, 3, 4, 5}, Keys{3, 4, 6}
	want := Keys{2, 3, 4} // 4: both; 2 and 3: known, and one still has them; 1: neither; 5 and 6: one alone
	got := both(old, one, two)
	if len(got) != len(want) {
		t.Fatalf("both = %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("both = %v, want %v", got, want)
		}
	}
}
