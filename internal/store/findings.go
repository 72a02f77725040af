package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"stet/internal/news"
)

// MaxSubject is the longest subject of an event, in characters.
const MaxSubject = 200

// checkFindings finds what contradicts itself in what a visit taught beside the
// article's own history.
func (v Visit) checkFindings() error {
	for _, c := range v.Changes {
		if c.Grown && c.Type != news.VersionAppeared {
			return fmt.Errorf("change %q says that the article grew", c.Type)
		}
	}
	for _, h := range v.Held {
		if h.Times < 0 || !h.First.IsZero() && !h.Last.IsZero() && h.Last.Before(h.First) {
			return fmt.Errorf("block %x held back %d times, from %v to %v", h.Key, h.Times, h.First, h.Last)
		}
	}
	if e := v.Event; e != nil && !e.Ended.IsZero() {
		return errors.New("event that ended: see EndEvent")
	}
	return nil
}

// recordFindings records what the visit taught beside the article's own history:
// blocks held back, blocks that recur, an event, figures. It gives by how much
// the count of blocks held back grew.
func (t *tx) recordFindings(ctx context.Context, v Visit, sourceID int64) (held int, err error) {
	if held, err = t.holdBack(ctx, v); err != nil {
		return 0, fmt.Errorf("blocks held back: %w", err)
	}
	if err := t.recur(ctx, v, sourceID); err != nil {
		return 0, fmt.Errorf("blocks that recur: %w", err)
	}
	if v.Event != nil {
		e := *v.Event
		e.SourceID, e.First, e.Last, e.Articles = sourceID, v.Capture.At, v.last(), max(e.Articles, 1)
		if _, err := t.tellEvent(ctx, e); err != nil {
			return 0, fmt.Errorf("event: %w", err)
		}
	}
	if v.Pulse != nil {
		p := *v.Pulse
		p.SourceID, p.Hour = sourceID, v.Capture.At.UTC().Truncate(time.Hour)
		if err := t.addPulse(ctx, p); err != nil {
			return 0, fmt.Errorf("figures: %w", err)
		}
	}
	return held, nil
}
