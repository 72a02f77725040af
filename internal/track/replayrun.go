package track

import (
	"context"
	"errors"
	"io"

	"golang.org/x/sync/errgroup"
)

// Run replays what next gives, until its io.EOF: several workers read pages, and
// batches are recorded in the order in which they came. done is told of each batch
// once it is on the disk. An error of next or done ends the work, after what was
// given before the error of next is recorded.
func (r *Replay) Run(ctx context.Context, next func() (Archived, error), done func([]Replayed) error) error {
	g, gctx := errgroup.WithContext(ctx)
	jobs := make(chan *job, r.o.Workers)
	order := make(chan *job, 2*r.o.Workers) // what is read and not recorded yet
	var ended error                         // of next; read after order is closed
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		for {
			a, err := next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					ended = err
				}
				return nil
			}
			j := &job{in: a, out: make(chan Reading, 1)}
			for _, to := range []chan *job{order, jobs} {
				select {
				case to <- j:
				case <-gctx.Done():
					return gctx.Err()
				}
			}
		}
	})
	for range r.o.Workers {
		g.Go(func() error {
			for j := range jobs {
				x, err := r.Read(gctx, j.in)
				if err != nil {
					return err
				}
				j.out <- x
			}
			return nil
		})
	}
	g.Go(func() error { return r.recordAll(gctx, order, done) })
	return errors.Join(g.Wait(), ended)
}

// A job is a response on its way to be recorded.
type job struct {
	in  Archived
	out chan Reading
}

// recordAll records in batches what comes in order.
func (r *Replay) recordAll(ctx context.Context, order <-chan *job, done func([]Replayed) error) error {
	var batch []Reading
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		out, err := r.Record(ctx, batch)
		batch, size = batch[:0], 0
		if err != nil {
			return err
		}
		return done(out)
	}
	for j := range order {
		select {
		case x := <-j.out:
			batch, size = append(batch, x), size+len(x.fetch.Wire)+len(x.fetch.Body)
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(batch) >= ReplayBatch || size >= ReplayBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return flush()
}
