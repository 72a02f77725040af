package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Limits of what Bounds reads of a source.
const (
	MaxWidths  = 2_000               // changes, the newest: enough for ranks that are true to two in a hundred
	MaxWalk    = 10_000              // versions among which they are looked for, the newest; first ones, which no change made, among them
	RecentTime = 30 * 24 * time.Hour // what is recent
)

// Bounds tell how well known are the times of changes: the width of (T1, T2], in
// which the publisher made them. All are of changes that made a version after the
// first and have a T1.
type Bounds struct {
	Changes     int
	Median, P90 time.Duration // by nearest rank; 0 without changes
}

// changeBounds takes source, MaxWalk, MaxWidths. It walks along an index of
// versions, which has no texts.
const changeBounds = `SELECT c.after_at, c.before_at FROM (SELECT id FROM version WHERE source_id = $1 ORDER BY id DESC LIMIT $2) v
	CROSS JOIN change c WHERE c.version_id = v.id AND c.number > 0 AND c.after_at IS NOT NULL LIMIT $3`

// Bounds gives the bounds of the changes of a source: of those of the last 30
// days (RecentTime), and of all. Both look at its newest MaxWidths changes.
func (s *Store) Bounds(ctx context.Context, sourceID int64) (recent, ever Bounds, err error) {
	err = s.read(ctx, fmt.Sprintf("bounds of changes of source %d", sourceID), func(t *tx) error {
		found, err := list(ctx, t, scanSpan, changeBounds, sourceID, MaxWalk, MaxWidths)
		var young, all []time.Duration
		for _, c := range found {
			width := c.last.Sub(c.first)
			if all = append(all, width); c.last.After(t.now.Add(-RecentTime)) {
				young = append(young, width)
			}
		}
		recent, ever = boundsOf(young), boundsOf(all)
		return err
	})
	return recent, ever, err
}

// boundsOf puts the widths in order.
func boundsOf(widths []time.Duration) Bounds {
	if len(widths) == 0 {
		return Bounds{}
	}
	slices.Sort(widths)
	rank := func(percent int) time.Duration { return widths[(len(widths)*percent+99)/100-1] }
	return Bounds{len(widths), rank(50), rank(90)}
}
