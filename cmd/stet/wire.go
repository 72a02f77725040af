package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"stet/internal/blob"
	"stet/internal/browser"
	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
	"stet/internal/track"

	"github.com/spf13/cobra"
)

// A clock is what the parts take their time from. The demo has a faster one.
type clock struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
}

// realTime leaves the parts to their own default: the clock on the wall.
var realTime = clock{}

// openStore opens the store in dir; the errors that a user can mend say how.
func openStore(ctx context.Context, o store.Options) (*store.Store, error) {
	s, err := store.Open(ctx, o)
	if err == nil {
		return s, nil
	}
	f := &failure{code: exitError, err: err}
	switch {
	case errors.Is(err, store.ErrLocked):
		f.hint = "stop it first, or name another directory with --data; stet add works beside it"
	case errors.Is(err, blob.ErrPlace):
		f.code, f.hint = exitUsage, "--blobs is a directory, or s3://BUCKET/PREFIX?endpoint=HOST:PORT; docs/captures.md tells more"
	case errors.Is(err, store.ErrUnfinished):
		f.hint = "stet copy --from … --to … again goes on where it stopped"
	case errors.Is(err, store.ErrNewer):
		f.hint = "use the newer stet, or restore a backup made by this one"
	case errors.Is(err, store.ErrNoStore):
		f.hint = "stet watch URL or stet serve makes one; --data names its directory"
	case errors.Is(err, os.ErrPermission), strings.Contains(err.Error(), "readonly database"):
		f.hint = "the directory must belong to the user who runs stet; --data names another"
	}
	return nil, f
}

// userAgent is what sites see.
func (c *Config) userAgent() string { return crawl.UserAgent(version, c.Contact) }

// client builds the one client that fetches.
func (c *Config) client(k clock, log *slog.Logger) (*crawl.Client, error) {
	allow, err := crawl.ParseAllowNet(c.AllowNet)
	if err != nil {
		return nil, usage("", "allow-net: %w", err)
	}
	pace := c.Pace
	if pace == 0 {
		pace = time.Nanosecond // zero means the default there; here it was asked for
	}
	return crawl.New(crawl.Options{UserAgent: c.userAgent(), Allow: allow, Pace: pace, Now: k.now, Sleep: k.sleep, Log: log})
}

// A pipeline is a tracker with the browser that it uses.
type pipeline struct {
	*track.Tracker
	browser *browser.Browser // nil = there is no Chromium
}

// Run runs the tracker until ctx ends, and then ends Chromium.
func (p pipeline) Run(ctx context.Context) error {
	if p.browser != nil {
		defer p.browser.Close()
	}
	return p.Tracker.Run(ctx)
}

// tracker builds the pipeline on a store.
func (c *Config) tracker(ctx context.Context, s *store.Store, k clock, idle time.Duration, log *slog.Logger) (pipeline, error) {
	client, err := c.client(k, log)
	if err != nil {
		return pipeline{}, err
	}
	policy, err := schedule.Named(c.Policy)
	if err != nil {
		return pipeline{}, usage("", "%w", err)
	}
	reserved, err := track.ParseReservedPolicy(c.Reserved)
	if err != nil {
		return pipeline{}, usage("", "%w", err)
	}
	budget, err := parseBudget(c.Budget)
	if err != nil {
		return pipeline{}, err
	}
	b, err := c.browser(ctx, s, client, log)
	if err != nil {
		return pipeline{}, asError(err)
	}
	t, err := track.New(track.Options{
		Store: s, Client: client, Browser: b, Policy: policy, Budget: budget, FeedPeriod: c.FeedEvery, Workers: c.Workers, Raw: track.Raw(c.Raw), Reserved: reserved, PushBase: c.pushBase,
		Now: k.now, Sleep: k.sleep, Idle: idle, Log: log,
		Name:    machineName(),
		Patient: k.now == nil, // a full disk must not end a server; the demo's faults are to be seen
	})
	return pipeline{t, b}, err
}

// machineName names this process for the people who run several.
func machineName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s, process %d", host, os.Getpid())
}

// browser finds Chromium, which is started only when a page needs it: a source
// may be set to use it at any time. Nil when there is none; that is worth a
// warning when it is wanted, and no reason not to watch what needs none.
func (c *Config) browser(ctx context.Context, s *store.Store, client *crawl.Client, log *slog.Logger) (*browser.Browser, error) {
	users, err := browserUsers(ctx, s)
	if err != nil {
		return nil, err
	}
	wanted := len(users) > 0 || c.Chromium != ""
	o := browser.Options{Path: c.Chromium, Client: client}
	if wanted { // else what it says of itself interests nobody
		o.Log = log
	}
	b, err := browser.New(o)
	if err != nil && wanted {
		log.Warn("pages that need a browser are not shown in one", "sources", strings.Join(users, ", "), "error", err)
	}
	return b, nil
}

// browserUsers gives the keys of the sources whose pages need a browser.
func browserUsers(ctx context.Context, s *store.Store) (keys []string, err error) {
	rows, err := s.Sources(ctx)
	for _, r := range rows {
		if r.Render != "" {
			keys = append(keys, r.Key)
		}
	}
	return keys, err
}

// indexStep is how many entries of the log the search index takes at a time:
// writers wait for their rows.
const indexStep = 100

// catchUpIndex brings the search index up to the end of the log; took is told of
// each step.
func catchUpIndex(ctx context.Context, s *store.Store, took func(entries int)) error {
	for {
		n, err := s.IndexChanges(ctx, indexStep)
		if err != nil || n == 0 {
			return err
		}
		took(n)
	}
}

// followSearch keeps the search index up with the change log until ctx ends.
func followSearch(ctx context.Context, s *store.Store) error {
	return s.Elected(ctx, store.SearchCursor, func(ctx context.Context) error { return indexAll(ctx, s) })
}

func indexAll(ctx context.Context, s *store.Store) error {
	for {
		if err := catchUpIndex(ctx, s, func(int) {}); err != nil && ctx.Err() == nil {
			return fmt.Errorf("index: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

// appraiseRest is how long the follower that appraises rests at the end of the
// log in the demo, where a second is forty minutes.
const appraiseRest = 20 * time.Millisecond

// followAppraisals keeps the appraisals up with the change log until ctx ends.
func (c *Config) followAppraisals(ctx context.Context, s *store.Store, rest time.Duration, log *slog.Logger) error {
	a, err := track.NewAppraiser(s, c.Significance, log)
	if err != nil {
		return usage("stet weights lists the names", "significance: %w", err)
	}
	return s.Elected(ctx, "appraise", func(ctx context.Context) error { return a.Run(ctx, rest) })
}

// catchUp appraises all that the change log holds.
func (c *Config) catchUp(ctx context.Context, s *store.Store, log *slog.Logger) error {
	a, err := track.NewAppraiser(s, c.Significance, log)
	if err == nil {
		_, err = a.CatchUp(ctx)
	}
	return asError(err)
}

// request asks for an address to be watched.
func request(ctx context.Context, s *store.Store, raw, name string) (store.Request, error) {
	a, err := news.ParseAddress(raw, nil)
	if err != nil {
		return store.Request{}, usage("such as https://news.example.org/", "%w", err)
	}
	return s.AddRequest(ctx, a.URL, a.Host, name)
}

// withStore runs do on the store that must be there.
func withStore(cmd *cobra.Command, c *Config, do func(*store.Store) error) error {
	s, err := openStore(cmd.Context(), c.at(store.Options{MustExist: true}))
	if err != nil {
		return err
	}
	defer s.Close()
	return asError(do(s))
}

// asError gives an error without an exit code the one of our own faults.
func asError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := err.(*failure); ok {
		return err
	}
	return &failure{code: exitError, err: err}
}
