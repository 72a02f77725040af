package main

import (
	"context"
	"slices"
	"time"

	"stet/internal/news"
	"stet/internal/simulate"
	"stet/internal/store"
)

// ownTimelines are the histories of a store as timelines. A change is put at a
// place between its bounds that depends on the address alone: where it really was
// nobody knows, and at the end it would be just when a visit of ours came.
func ownTimelines(ctx context.Context, s *store.Store, by simulate.By, days float64) ([]simulate.Timeline, error) {
	var out []simulate.Timeline
	for h, err := range s.Histories(ctx) {
		if err != nil {
			return nil, err
		}
		if !h.LastOK.After(h.FoundAt) {
			continue // seen once: it tells nothing
		}
		out = append(out, ownTimeline(h, by, days))
	}
	return out, nil
}

func ownTimeline(h store.History, by simulate.By, days float64) simulate.Timeline {
	t := simulate.Timeline{Source: h.SourceKey, Kind: h.Kind, Section: news.Section(h.URL), Published: h.FoundAt, Born: h.Published, Until: h.LastOK}
	if by != simulate.ByNothing {
		t.Group = h.SourceKey
	}
	t.CountFor(days)
	draw := simulate.Between(h.URL)
	for _, b := range h.Changes {
		from := b.After
		if from.Before(h.FoundAt) { // T1 is not known
			from = time.Time{}
		}
		if at := draw(from, b.Before); at.After(t.Published) && !at.After(t.Until) {
			t.Changes = append(t.Changes, at)
		}
	}
	slices.SortFunc(t.Changes, time.Time.Compare)
	return t
}
