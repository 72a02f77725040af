package main

import (
	"syscall"
	"time"
)

// An effort is time spent: by the clock, and by the processor for this process.
// On a machine that others use too the second says more.
type effort struct{ wall, cpu time.Duration }

// A begun is when work began.
type begun struct {
	at  time.Time
	cpu time.Duration
}

// begin and end frame the work that is measured.
func begin() begun { return begun{time.Now(), processor()} }

func (b begun) end() effort { return effort{time.Since(b.at), processor() - b.cpu} }

func (e *effort) add(o effort) { e.wall, e.cpu = e.wall+o.wall, e.cpu+o.cpu }

// processor is the processor time of this process so far.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // where it is not to be had, rates by processor are of no use, and all others stand
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// addRate adds how many of something were done, by clock and by processor.
func (b *bench) addRate(what string, n int, e effort) {
	b.add(what+", versions", float64(n)/e.wall.Seconds(), "/s")
	b.add(what+", versions", float64(n)/max(e.cpu.Seconds(), leastTime), "/CPU-s")
}

// leastTime, in seconds, keeps rates finite where a clock has not moved.
const leastTime = 1e-6
