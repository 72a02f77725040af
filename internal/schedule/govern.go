package schedule

import (
	"math"
	"sync"
	"time"
)

// Numbers of the governor.
const (
	easyShare  = .05           // lateness, as a share of the planned wait, that is let be
	governUp   = .5            // most that ln θ rises in an hour
	governDown = .05           // most that it falls
	governMean = 2 * time.Hour // over which lateness is averaged
	MaxStretch = 1e4
)

// A Governor keeps the visits of the learned policy within what can be made: a
// budget, or the pace of a host. Visits that come late are the sign that too
// many are planned. It then raises θ, so that all waits of the source grow, the
// long ones by more, until the visits are punctual again; and lowers it slowly
// while there is room, down to the policy's own. It is safe for concurrent use.
type Governor struct {
	policy *Learned

	mu     sync.Mutex // protects states
	states map[int64]*governed
}

// governed is what is known of one source.
type governed struct {
	last time.Time
	late float64 // share of the wait, averaged
	log  float64 // ln of the stretch
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
	share := min(max(late.Seconds()/wait.Seconds(), 0), 1)
	// Each visit weighs at least a little, also when many come at once.
	w := 1 - math.Exp(-max(dt.Hours(), 1e-4)/governMean.Hours())
	s.late += (share - s.late) * w
	s.log += dt.Hours() * min(max(governUp*(s.late-easyShare)/.2, -governDown), governUp)
	s.log = min(max(s.log, 0), math.Log(MaxStretch))
	g.policy.Stretch(source, math.Exp(s.log))
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
