package track

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/health"
	"stet/internal/news"
	"stet/internal/store"
)

// How often a source's health is looked at, after a visit to one of its
// articles, and how often what is no longer needed is removed.
const (
	HealthTime = 15 * time.Minute
	PruneTime  = 24 * time.Hour
	RecurTime  = 14 * 24 * time.Hour // a block that one article alone has is remembered so long
)

// DropArticles is how many articles lose raw captures that are too old in one step,
// of which there is one after a visit while there are more.
const DropArticles = 5

// dropDone is no article: no walk over them is going on.
const dropDone = -1

// A watch remembers when what was looked at.
type watch struct {
	mu     sync.Mutex // protects what follows
	health map[int64]time.Time
	prune  time.Time
	drop   chan int64 // where the giving up of raw captures goes on; taken while a step of it runs
}

func newWatch() *watch {
	w := &watch{health: map[int64]time.Time{}, drop: make(chan int64, 1)}
	w.drop <- dropDone
	return w
}

// due tells what is due now, and that it is being done.
func (w *watch) due(sourceID int64, now time.Time) (healthDue, pruneDue bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if healthDue = !now.Before(w.health[sourceID].Add(HealthTime)); healthDue {
		w.health[sourceID] = now
	}
	if pruneDue = !now.Before(w.prune.Add(PruneTime)); pruneDue {
		w.prune = now
	}
	return healthDue, pruneDue
}

// lookAfter opens and ends the events of a source, and now and then removes what
// is no longer needed.
func (t *Tracker) lookAfter(ctx context.Context, sourceID int64) error {
	now := t.o.Now()
	checkup, prune := t.watch.due(sourceID, now)
	if prune {
		for n := store.MaxPrune; n >= store.MaxPrune; {
			var err error
			if n, err = t.o.Store.Prune(ctx, now.Add(-RecurTime)); err != nil {
				return err
			}
		}
	}
	if err := t.dropRaw(ctx, prune); err != nil {
		return err
	}
	if !checkup {
		return nil
	}
	return errors.Join(t.alarms(ctx, sourceID, now), t.endTemplates(ctx, sourceID, now))
}

// dropRaw takes the next step of giving up raw captures by the rules of their
// sources; begin begins at the first article when no walk is going on.
func (t *Tracker) dropRaw(ctx context.Context, begin bool) error {
	var next int64
	select {
	case next = <-t.watch.drop:
	default: // another worker is at it
		return nil
	}
	if next == dropDone && begin {
		next = 0
	}
	var err error
	if next != dropDone {
		var d store.Dropping
		d, err = t.o.Store.DropRaw(ctx, next, DropArticles)
		for _, problem := range d.Problems {
			t.o.Log.Warn("raw capture cannot be given up", "problem", problem)
		}
		if next = d.Next; next == 0 || err != nil {
			next = dropDone
		}
	}
	t.watch.drop <- next
	return err
}

// alarms holds a source's figures against its own band.
func (t *Tracker) alarms(ctx context.Context, sourceID int64, now time.Time) error {
	pulses, err := t.o.Store.Pulses(ctx, sourceID, now.Add(-health.History))
	if err != nil {
		return err
	}
	alarms := health.Judge(pulses, now)
	for _, a := range alarms {
		if _, err := t.o.Store.OpenEvent(ctx, sourceID, news.HealthAlarm, string(a.Measure), a.Since, a.Note); err != nil {
			return err
		}
	}
	open, err := t.o.Store.OpenEvents(ctx, sourceID, news.HealthAlarm)
	if err != nil {
		return err
	}
	for _, e := range open {
		if slices.ContainsFunc(alarms, func(a health.Alarm) bool { return string(a.Measure) == e.Subject }) {
			continue
		}
		if err := t.o.Store.EndEvent(ctx, sourceID, news.HealthAlarm, e.Subject, now, ""); err != nil {
			return err
		}
	}
	return nil
}

// endTemplates ends the template event of a source that no article has told of
// for TemplateTime.
func (t *Tracker) endTemplates(ctx context.Context, sourceID int64, now time.Time) error {
	open, err := t.o.Store.OpenEvents(ctx, sourceID, news.TemplateChanged)
	if err != nil {
		return err
	}
	for _, e := range open {
		if now.Sub(e.Last) < TemplateTime {
			continue
		}
		if err := t.o.Store.EndEvent(ctx, sourceID, news.TemplateChanged, e.Subject, e.Last, ""); err != nil {
			return err
		}
	}
	return nil
}

// pulse is what a visit adds to the figures of its source.
func pulse(a store.Visiting, l look, v store.Visit) *news.Pulse {
	p := news.Pulse{Visits: 1}
	switch l.outcome {
	case news.OK:
		p.Seen = 1
		p.AddRead(len(strings.Fields(l.page.Content.Text())), l.furniture())
	case news.Unchanged:
		p.Seen = 1
	case news.Blocked, news.Consent, news.Paywall:
		p.Blocked = 1
	case news.Failed, news.Truncated:
		p.Failed = 1
	case news.NotArticle:
		if a.Current != nil { // it was one: extraction, or the page, is broken
			p.AddRead(0, 1)
		}
	}
	for _, c := range v.Changes {
		if (c.Type != news.VersionAppeared || c.Number > 0) && !c.Grown {
			p.Changes++
		}
	}
	return &p
}

// furniture is the share of the page's text that is not the article's.
func (l look) furniture() float64 {
	all, article := 0, 0
	for _, b := range l.page.Blocks {
		if all += len(b.Text); b.Body && !b.Soft {
			article += len(b.Text)
		}
	}
	if all == 0 {
		return 0
	}
	return 1 - float64(article)/float64(all)
}
