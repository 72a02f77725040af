package diff

// Myers' greedy algorithm in linear space: find a point on a shortest path by
// searching from both ends, then solve the two halves.

// A search is one run of the algorithm with its working space.
type search struct {
	w        *budget
	fwd, bwd []int // furthest x on each diagonal, shifted by zero
	zero     int
	found    []pair
}

// unreached marks a diagonal that has no point inside the grid.
const unreached = -1 << 30

// myers gives a longest common subsequence of a and b. Parts for which the
// budget is spent are matched by greedy, and so by fewer.
func myers(a, b []int32, w *budget) []pair {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	size := len(a) + len(b) + 5
	for i := range w.room {
		if len(w.room[i]) < size {
			w.room[i] = make([]int, 2*size)
		}
	}
	s := &search{w: w, fwd: w.room[0], bwd: w.room[1], zero: size / 2}
	s.solve(a, b, 0, 0)
	return s.found
}

func (s *search) solve(a, b []int32, ao, bo int) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		s.found = append(s.found, pair{ao, bo})
		a, b, ao, bo = a[1:], b[1:], ao+1, bo+1
	}
	tail := 0
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
		tail++
	}
	if len(a) > 0 && len(b) > 0 {
		// Neither side is empty and both ends differ, so at least two steps are
		// needed, one of them on either side of the split: both halves are smaller.
		if x, y, ok := s.split(a, b); ok {
			s.solve(a[:x], b[:y], ao, bo)
			s.solve(a[x:], b[y:], ao+x, bo+y)
		} else {
			s.greedy(a, b, ao, bo)
		}
	}
	for i := range tail {
		s.found = append(s.found, pair{ao + len(a) + i, bo + len(b) + i})
	}
}

// split finds a point (x, y) on a shortest path from (0, 0) to the far corner.
func (s *search) split(a, b []int32) (x, y int, ok bool) {
	n, m := len(a), len(b)
	delta := n - m
	followed := 0 // equal values passed in the round before
	for d := 0; d <= (n+m+1)/2; d++ {
		if !s.w.spend(2*(d+1) + followed) {
			return 0, 0, false
		}
		followed = 0
		s.open(s.fwd, d)
		for k := -d; k <= d; k += 2 {
			x := s.step(s.fwd, k, d, n, m)
			for x >= 0 && x < n && x-k < m && a[x] == b[x-k] {
				x++
				followed++
			}
			s.fwd[s.zero+k] = x
			if r := delta - k; delta&1 != 0 && r > -d && r < d && x+s.bwd[s.zero+r] >= n {
				return x, x - k, true
			}
		}
		s.open(s.bwd, d)
		for k := -d; k <= d; k += 2 {
			x := s.step(s.bwd, k, d, n, m)
			for x >= 0 && x < n && x-k < m && a[n-1-x] == b[m-1-x+k] {
				x++
				followed++
			}
			s.bwd[s.zero+k] = x
			if r := delta - k; delta&1 == 0 && r >= -d && r <= d && x+s.fwd[s.zero+r] >= n {
				return n - x, m - x + k, true
			}
		}
	}
	return 0, 0, false
}

// open makes the two diagonals that round d looks at for the first time.
func (s *search) open(v []int, d int) {
	v[s.zero-d-1], v[s.zero+d+1] = unreached, unreached
}

// step is the furthest x on diagonal k in round d before equal values are
// followed: one down from diagonal k+1 or one right from k-1.
func (s *search) step(v []int, k, d, n, m int) int {
	if d == 0 {
		return 0
	}
	best := unreached
	if x := v[s.zero+k+1]; x >= 0 && x-k <= m {
		best = x
	}
	if x := v[s.zero+k-1] + 1; x > 0 && x <= n && x > best {
		best = x
	}
	return best
}

// What greedy takes for equal: stretches of at least greedyRun values, of which
// the next is at most greedySight away.
const (
	greedySight = 32
	greedyRun   = 8
)

// greedy matches stretches that are equal, and goes from each to the nearest
// values that are, on whichever side, if any are in sight. Shorter stretches are
// chance where this much differs. It takes at most about greedySight steps a value.
func (s *search) greedy(a, b []int32, ao, bo int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		skip := 0
		for ; skip < greedySight; skip++ {
			if j+skip < len(b) && a[i] == b[j+skip] {
				j += skip
				break
			}
			if i+skip < len(a) && a[i+skip] == b[j] {
				i += skip
				break
			}
		}
		run := 0
		for i+run < len(a) && j+run < len(b) && a[i+run] == b[j+run] {
			run++
		}
		for k := range run {
			if run >= greedyRun {
				s.found = append(s.found, pair{ao + i + k, bo + j + k})
			}
		}
		i, j = i+max(run, 1), j+max(run, 1)
	}
}
