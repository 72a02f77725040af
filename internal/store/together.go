package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// Together runs f on a view of the store whose reads and writes are one transaction:
// all that f records is acknowledged, or none of it is, when Together returns; and
// what was written so far is what f reads. An error of f undoes everything, and is
// returned. What f itself does Together, with its view, is undone alone.
//
// It is for many small events that come faster than the disk can acknowledge each.
// The view is for one goroutine and ends with f. Others who write wait meanwhile, so
// f should take milliseconds, and must not use the store but by its view. f may be run
// again from the start. Blobs are outside of it: what is undone leaves them.
func (s *Store) Together(ctx context.Context, f func(*Store) error) error {
	const op = "record together"
	if s.joint != nil {
		return s.joint.run(ctx, op, func(*tx) error { return f(s) })
	}
	return s.write(ctx, op, func(t *tx) error {
		view := *s
		view.joint = &joint{t: t, view: &view}
		err := f(&view)
		return cmp.Or(view.joint.failed, err)
	})
}

// A joint is the one transaction of a view.
type joint struct {
	t     *tx
	view  *Store
	depth int // savepoints that are open
	// failed is what others did at the same time that keeps all of it from being
	// committed, whatever f makes of it: it is run again.
	failed error
}

// run runs f as a part of the transaction that can be undone alone.
func (j *joint) run(ctx context.Context, op string, f func(*tx) error) (err error) {
	j.depth++
	defer func() { j.depth-- }()
	name := fmt.Sprintf("part%d", j.depth)
	if _, err := j.t.ExecContext(ctx, "SAVEPOINT "+name); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	err = f(&tx{j.t.Tx, j.view, j.view.now().UTC().Truncate(time.Microsecond), j.t.hot})
	if err != nil {
		if j.view.d.again(err) {
			j.failed = err
		}
		_, rerr := j.t.ExecContext(context.WithoutCancel(ctx), "ROLLBACK TO SAVEPOINT "+name)
		err = errors.Join(err, ignoreDone(rerr))
	}
	_, rerr := j.t.ExecContext(context.WithoutCancel(ctx), "RELEASE SAVEPOINT "+name)
	if err = errors.Join(err, ignoreDone(rerr)); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// ignoreDone forgets that the transaction is over already, which the end of its
// context does: then the reason is told by others.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// captureAt takes article, time.
const captureAt = `SELECT ` + captureColumns + ` FROM capture c WHERE c.article_id = $1 AND c.at = $2 ORDER BY c.id DESC LIMIT 1`

// CaptureAt gives the capture of an article that was made at exactly that time;
// ErrNotFound when there is none.
func (s *Store) CaptureAt(ctx context.Context, articleID int64, at time.Time) (c news.Capture, err error) {
	err = s.read(ctx, fmt.Sprintf("capture of article %d at %v", articleID, at), func(t *tx) (err error) {
		c, err = one(ctx, t, scanCapture, captureAt, articleID, micros(at))
		return err
	})
	return c, err
}
