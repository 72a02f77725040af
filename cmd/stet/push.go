package main

import (
	"fmt"
	"io"
	"time"

	"stet/internal/news"
)

// A pushRow is a feed's subscription at a hub.
type pushRow struct {
	Hub      string                 `json:"hub"`
	State    news.SubscriptionState `json:"state"`
	Active   bool                   `json:"active"`           // the hub has promised to push
	Since    time.Time              `json:"since,omitzero"`   // it has been
	Until    time.Time              `json:"until,omitzero"`   // end of the lease
	Pushes   int                    `json:"pushes"`           // well signed, so far
	Last     time.Time              `json:"last,omitzero"`    // the last of them
	Failures int                    `json:"failures"`         // requests in a row that the hub did not confirm
	Reason   string                 `json:"reason,omitempty"` // of the last failure or refusal
}

// pushOf is the subscription of a feed among others; nil when it has none.
func pushOf(subs []news.Subscription, feedID int64, now time.Time) *pushRow {
	for _, s := range subs {
		if s.FeedID == feedID {
			return &pushRow{s.Hub, s.State, s.Active(now), s.Since, s.Expires, s.Pushes, s.PushedAt, s.Failing(), s.Reason}
		}
	}
	return nil
}

// write writes it on a line; nothing for nil.
func (p *pushRow) write(w io.Writer) {
	if p == nil {
		return
	}
	fmt.Fprintf(w, "      hub %s: ", p.Hub)
	switch {
	case p.Active:
		fmt.Fprintf(w, "pushes since %s, until %s if not renewed; %d so far", local(p.Since), local(p.Until), p.Pushes)
	case p.State == news.Denied:
		fmt.Fprint(w, "refused")
	case p.State == news.Verified:
		fmt.Fprintf(w, "its lease ended at %s", local(p.Until))
	default:
		fmt.Fprint(w, "asked to push, not confirmed yet")
	}
	if !p.Last.IsZero() {
		fmt.Fprintf(w, ", the last at %s", local(p.Last))
	}
	if p.Failures > 0 {
		fmt.Fprintf(w, "; %d requests failed", p.Failures)
	}
	if p.Reason != "" {
		fmt.Fprintf(w, ": %s", p.Reason)
	}
	fmt.Fprintln(w)
}
