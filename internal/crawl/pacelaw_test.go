package crawl

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The law: whatever many visitors do to the hosts of a few domains, never two
// requests to one domain at a time, never less than the gap between them, never
// one within a window that the host asked for.
func TestPaceLaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const domains, visitors, visits = 5, 12, 60
		p := bubblePacer()
		p.most = 2 // forget gates all the time
		type record struct {
			inside atomic.Int32
			mu     sync.Mutex
			last   time.Time
			until  [2]time.Time // by host
		}
		var records [domains]record
		var made, refused atomic.Int32
		var wg sync.WaitGroup
		for v := range visitors {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(v), 7))
				for range visits {
					i := r.IntN(domains)
					rec, gap := &records[i], time.Duration(i+1)*time.Second
					turn, no, err := p.enter(context.Background(), place{fmt.Sprint("domain", i), fmt.Sprint("host", i, v%2)}, gap)
					if err != nil {
						t.Error(err)
						return
					}
					if turn == nil {
						refused.Add(1)
						time.Sleep(time.Until(no.until))
						continue
					}
					made.Add(1)
					if rec.inside.Add(1) != 1 {
						t.Error("two at a time")
					}
					rec.mu.Lock()
					if !rec.last.IsZero() && time.Since(rec.last) < gap {
						t.Errorf("only %v apart, want %v", time.Since(rec.last), gap)
					}
					if time.Now().Before(rec.until[v%2]) {
						t.Error("asked within a window")
					}
					time.Sleep(time.Duration(r.IntN(1500)) * time.Millisecond)
					status, after := 200, ""
					if r.IntN(10) == 0 {
						status, after = 429, fmt.Sprint(r.IntN(30))
					}
					rec.last = time.Now()
					rec.inside.Add(-1)
					rec.until[v%2], _ = turn.leave(busy(status, after))
					rec.mu.Unlock()
					time.Sleep(time.Duration(r.IntN(4000)) * time.Millisecond)
				}
			})
		}
		wg.Wait()
		if made.Load() < visits || refused.Load() == 0 {
			t.Errorf("%d made, %d refused: nothing was tested", made.Load(), refused.Load())
		}
	})
}
