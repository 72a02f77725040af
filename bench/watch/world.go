package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/newsroom"
	"stet/internal/schedule"
	"stet/internal/store"
	"stet/internal/track"
)

// A world is a press, and a pipeline with a store that watches it by one
// policy.
type world struct {
	policy  schedule.Policy
	press   *newsroom.Press
	store   *store.Store
	client  *crawl.Client
	tracker *track.Tracker
	dir     string
}

// newWorld makes a world and asks it to watch all feeds of its press. The papers
// do not answer yet.
func newWorld(ctx context.Context, policy schedule.Policy, start time.Time, o options) (w *world, err error) {
	w = &world{policy: policy}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	w.press, err = newsroom.NewPress(newsroom.PressOptions{Papers: o.hosts, Articles: o.articles, Seed: o.seed, Start: start,
		Length: o.time, Tempo: o.tempo, Pace: o.pace, Troubles: o.troubles, Log: o.log})
	if err != nil {
		return w, err
	}
	if err := w.press.Listen(); err != nil {
		return w, err
	}
	if w.dir, err = os.MkdirTemp("", "stet-watch-"); err != nil {
		return w, err
	}
	if w.store, err = store.Open(ctx, store.Options{Dir: w.dir, Exclusive: true}); err != nil {
		return w, err
	}
	// Each paper by its own address and port: the guard lets through nothing else.
	allow, err := crawl.ParseAllowNet(w.press.Allow())
	if err != nil {
		return w, err
	}
	w.client, err = crawl.New(crawl.Options{UserAgent: crawl.UserAgent("bench", ""), Allow: allow, Pace: o.pace, Log: quiet(o.log)})
	if err != nil {
		return w, err
	}
	w.tracker, err = track.New(track.Options{Store: w.store, Client: w.client, Policy: policy, Budget: o.budget, FeedPeriod: o.feeds, Workers: o.workers, Log: o.log})
	if err != nil {
		return w, err
	}
	return w, w.ask(ctx)
}

// ask asks for every feed to be watched. The feeds themselves, not the front
// pages: which of the documents that a site offers are found is another matter.
func (w *world) ask(ctx context.Context) error {
	for _, feed := range w.press.Feeds() {
		a, err := news.ParseAddress(feed, nil)
		if err != nil {
			return err
		}
		if _, err := w.store.AddRequest(ctx, a.URL, a.Host, ""); err != nil {
			return err
		}
	}
	return nil
}

// close ends what newWorld made, as far as it came.
func (w *world) close() {
	if w.client != nil {
		w.client.Close()
	}
	if w.store != nil {
		w.store.Close()
	}
	if w.dir != "" {
		os.RemoveAll(w.dir)
	}
}

// watch serves the papers and runs the pipeline until ctx ends.
func (w *world) watch(ctx context.Context) (lag lagCheck, err error) {
	// Papers and pipeline end together: a fetch that the end cuts short is neither
	// a capture nor a breach.
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.press.Serve(ctx) })
	g.Go(func() error { return w.tracker.Run(ctx) })
	g.Go(func() (err error) {
		lag, err = w.checkLag(ctx)
		return err
	})
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return lag, fmt.Errorf("%s: %w", w.policy.Name(), err)
	}
	return lag, nil
}

// score fills in the result.
func (w *world) score(ctx context.Context, end time.Time, r *result) error {
	seen, err := w.observed(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", w.policy.Name(), err)
	}
	r.Policy, r.Score = w.policy.Name(), w.press.Score(seen, end)
	r.Fetches, r.Breaches = w.press.Fetches(), w.press.Breaches()
	return nil
}

// observed reads the change log as the score wants it: what the store recorded,
// not what the pipeline said.
func (w *world) observed(ctx context.Context) (seen []newsroom.PressSeen, err error) {
	for after := int64(0); ; {
		log, err := w.store.Changes(ctx, after, 500)
		if err != nil || len(log) == 0 {
			return seen, err
		}
		for _, c := range log {
			after = c.Seq
			x, err := w.observe(ctx, c)
			if err != nil {
				return nil, err
			}
			seen = append(seen, x)
		}
	}
}

func (w *world) observe(ctx context.Context, c news.Change) (newsroom.PressSeen, error) {
	a, _, err := w.store.Article(ctx, c.ArticleID)
	if err != nil {
		return newsroom.PressSeen{}, err
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return newsroom.PressSeen{}, err
	}
	x := newsroom.PressSeen{Host: u.Host, Seen: newsroom.Seen{Path: u.Path, Type: string(c.Type), After: c.After, Before: c.Before}}
	if c.Type != news.VersionAppeared {
		return x, nil
	}
	v, err := w.store.Version(ctx, c.VersionID)
	if err != nil {
		return x, err
	}
	x.Headline, x.Standfirst = v.Content.Headline, v.Content.Standfirst
	for _, b := range v.Content.Blocks {
		if b.Core() { // captions make no versions
			x.Paragraphs = append(x.Paragraphs, b.Text)
		}
	}
	return x, nil
}

// tellEvery is the time between two lines about the run.
const tellEvery = 15 * time.Second

// tell says now and then how far the worlds are.
func tell(ctx context.Context, w io.Writer, worlds []*world) {
	for tick := time.NewTicker(tellEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case now := <-tick.C:
			line := now.Format(time.TimeOnly)
			for _, x := range worlds {
				n, err := x.store.Totals(ctx)
				if err != nil {
					continue // the run is ending, or its own reader will say
				}
				line += fmt.Sprintf("  %s: %d articles, %d versions, %d fetches, %d breaches", x.policy.Name(), n.Articles, n.Versions,
					x.press.Fetches().All(), len(x.press.Breaches()))
			}
			fmt.Fprintln(w, line)
		}
	}
}
