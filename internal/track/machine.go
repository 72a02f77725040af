package track

import (
	"context"
	"fmt"
	"time"

	"stet/internal/store"
)

// beat tells the other machines that this one lives, and takes over from those
// that do not.
func (t *Tracker) beat(ctx context.Context) error {
	freed, err := t.o.Store.Beat(ctx, t.o.Name)
	if err != nil {
		return fmt.Errorf("track: %w", err)
	}
	if freed > 0 {
		t.o.Log.Warn("a machine is not heard of any more", "hosts given to others", freed)
	}
	return nil
}

// keepBeating beats until ctx ends, on real time. A beat that fails is made up for
// by the next: who cannot beat cannot record either, and loses its leases.
func (t *Tracker) keepBeating(ctx context.Context) error {
	tick := time.NewTicker(store.BeatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := t.beat(ctx); err != nil && ctx.Err() == nil {
			if !t.o.Patient {
				return err
			}
			t.o.Log.Error("our own fault", "error", err)
		}
	}
}

// depart tells the others that this machine is done.
func (t *Tracker) depart(ctx context.Context) {
	if err := t.o.Store.Leave(ctx); err != nil {
		t.o.Log.Error("our own fault", "error", err)
	}
}
