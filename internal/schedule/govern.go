package schedule

import (
	"math"
	"sync"
	"time"
)

// Numbers of the governor.
const (
	easyShare  = .1               // lateness, as a share of the planned wait, that is let be
	governUp   = .15              // most that ln θ rises in an hour
	governGain = .5               // by how much in an hour, for each unit of lateness; twice as fast it falls, for each unit of room
	governFast = 10 * time.Minute // over which lateness is averaged, to see how it goes
	governSlow = time.Hour        // over which it is averaged to compare with, and visits are counted
	MaxStretch = 1e4
)

// A Governor keeps the visits of the learned policy within what can be made: a
// budget, or the pace of a host. Visits that come late, and ever later, are the sign
// that too many are planned: it raises θ, so that all waits of the source grow, the
// long ones by more. While a backlog shrinks it waits. When visits are punctual it
// lowers θ again, the faster the more room there is below the rate at which visits
// were made when they came late, down to the policy's own. It is safe for concurrent
// use.
type Governor struct {
	policy *Learned

	mu     sync.Mutex // protects states
	states map[int64]*governed
}

// governed is what is known of one source.
type governed struct {
	last       time.Time
	share      float64 // lateness as a share of the wait, over governFast
	fast, slow float64 // lateness in hours, over governFast and governSlow
	rate       float64 // visits an hour, over governSlow
	full       float64 // the same when visits were late; 0 = never
	log        float64 // ln of the stretch
}

// NewGovernor makes a governor of the policy.
func NewGovernor(p *Learned) *Governor { return &Governor{policy: p, states: map[int64]*governed{}} }

// Visited takes in a visit at a time, that had been planned after a wait and
// came so much too late. Source 0 is all together: for visits that the global
// budget held up.
func (g *Governor) Visited(source int64, at time.Time, wait, late time.Duration) {
	if wait <= 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.states[source]
	if s == nil {
		s = &governed{last: at}
		g.states[source] = s
	}
	dt := min(max(at.Sub(s.last), 0), time.Hour) // a clock that jumped teaches no more than an hour
	s.last = at
	s.take(dt, max(wait.Hours(), 0), max(late.Hours(), 0))
	g.policy.Stretch(source, math.Exp(s.log))
}

// take counts a visit, dt after the one before.
func (s *governed) take(dt time.Duration, wait, late float64) {
	fade := func(over time.Duration) float64 { return math.Exp(-max(dt.Hours(), 1e-5) / over.Hours()) }
	fast, slow := fade(governFast), fade(governSlow)
	s.share = s.share*fast + min(late/wait, 1)*(1-fast)
	s.fast = s.fast*fast + late*(1-fast)
	s.slow = s.slow*slow + late*(1-slow)
	s.rate = s.rate*slow + 1/governSlow.Hours()
	switch over := s.share - easyShare; {
	case over > 0 && s.fast >= .9*s.slow:
		s.full = max(s.full*fade(12*governSlow), s.rate)
		s.log += dt.Hours() * min(governGain*over, governUp)
	case over > 0: // the backlog shrinks
	default:
		room := 1.
		if s.full > 0 {
			room = max(1-s.rate/s.full, 0)
		}
		s.log -= dt.Hours() * 2 * governGain * max(room, .05)
	}
	s.log = min(max(s.log, 0), math.Log(MaxStretch))
}

// Stretch is by how much θ is raised for the source now, 1 and more.
func (g *Governor) Stretch(source int64) float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.states[source]; s != nil {
		return math.Exp(s.log)
	}
	return 1
}
