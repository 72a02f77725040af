package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"stet/internal/newsroom"
	"stet/internal/store"
	"stet/internal/web"
)

// demoSpeed is how many times faster than ours the demo's clock runs.
const demoSpeed = 2400

// demoFeedEvery is the demo's time between visits to a feed.
const demoFeedEvery = 10 * time.Minute

func demoCommand() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch a small newspaper of stet's own for a day, in a minute",
		Long: `Serve a small fictional newspaper on this machine, watch it for a scripted day
with the real pipeline into a real database, and show the pages. Needs nothing
installed and no network. The newspaper knows what it changed, so the demo ends
by saying what was caught, missed and false.

One clock runs newspaper and pipeline, --speed times faster than ours. With
--once the day passes as fast as the machine can, then the strongest
changes and the score are printed: exit code 0 when every change was caught and none
is false, else 4.`,
		Example: "  stet demo\n  stet demo --once",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.speed < 0 {
				return usage("", "speed cannot be negative")
			}
			if o.once && !cmd.Flags().Changed("speed") {
				o.speed = 0
			}
			o.fixed = cmd.Flags().Changed("listen")
			return runDemo(cmd, o)
		},
	}
	cmd.Flags().BoolVar(&o.once, "once", false, "print the strongest changes and the score, and end")
	cmd.Flags().Float64Var(&o.speed, "speed", demoSpeed, "how many times faster than ours the day passes; 0 = as fast as it can")
	cmd.Flags().StringVar(&o.listen, "listen", defaultListen, "`ADDR` of the pages")
	cmd.Flags().StringVar(&o.data, "data", "", "keep the demo's data in this directory, which must be new; default: a temporary one")
	cmd.Flags().StringVar(&o.browser, "chromium", "", chromiumUsage)
	cmd.Flags().StringVar(&o.level, "log-level", "error", "debug, info, warn or error")
	return cmd
}

type demoOptions struct {
	once    bool
	speed   float64
	listen  string
	fixed   bool
	data    string
	level   string
	browser string // path of Chromium
}

// A dayClock is the one clock of the demo: it stands still while work is done
// and moves on when the one worker sleeps, so that the day is the same on a
// slow machine and on a fast one.
type dayClock struct {
	speed float64
	end   time.Time
	over  context.CancelFunc // called when end is reached

	mu  sync.Mutex // protects now
	now time.Time
}

func (c *dayClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on by d, taking d/speed of our time.
func (c *dayClock) Sleep(ctx context.Context, d time.Duration) error {
	if c.speed > 0 {
		t := time.NewTimer(time.Duration(float64(d) / c.speed))
		defer t.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now = c.now.Add(d); !c.now.Before(c.end) {
		c.now = c.end
		c.over()
	}
	return ctx.Err()
}

// goOn lets the clock run on, as fast as ours and without an end.
func (c *dayClock) goOn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speed, c.end = 1, c.now.AddDate(100, 0, 0)
}

func runDemo(cmd *cobra.Command, o demoOptions) error {
	c := Config{LogLevel: o.level, Policy: "learned", FeedEvery: demoFeedEvery, Pace: 2 * time.Second, Workers: 1, Raw: "changed", Chromium: o.browser}
	log, err := c.log(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	dir, clean, err := demoData(o.data)
	if err != nil {
		return err
	}
	defer clean()
	day, over := context.WithCancel(cmd.Context())
	defer over()
	began := time.Now()
	start := time.Date(began.Year(), began.Month(), began.Day(), 6, 0, 0, 0, time.UTC).AddDate(0, 0, -2)
	k := &dayClock{speed: o.speed, now: start, end: start.Add(newsroom.Day()), over: over}
	// The slow article keeps its reader waiting in our time; seconds at each
	// visit would make up most of the demo.
	slow := func(d time.Duration) { time.Sleep(d / 40) }
	paper := newsroom.New(newsroom.Options{Start: start, Now: k.Now, Log: log, Slow: slow})

	g, ctx := errgroup.WithContext(cmd.Context())
	home, err := servePaper(ctx, g, paper)
	if err != nil {
		return err
	}
	c.AllowNet = home.Hostname() + "/32:" + home.Port()
	s, err := openStore(ctx, store.Options{Dir: dir, Now: k.Now, Exclusive: true})
	if err != nil {
		return err
	}
	defer s.Close()
	if !o.once {
		g.Go(func() error { return followSearch(ctx, s) })
		g.Go(func() error { return c.followAppraisals(ctx, s, appraiseRest, log) })
		if err := demoPages(ctx, g, cmd.ErrOrStderr(), s, c, k, o, log); err != nil {
			return err
		}
	}
	if err := watchDay(day, cmd.ErrOrStderr(), s, c, k, home, paper, log); err != nil {
		return err
	}
	if err := c.catchUp(context.WithoutCancel(ctx), s, log); err != nil {
		return err
	}
	err = sayScore(cmd, s, paper, time.Since(began))
	if o.once || cmd.Context().Err() != nil {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "the day is over; the newspaper is watched on in our own time until ctrl-C")
	k.goOn()
	t, terr := c.tracker(ctx, s, clock{now: k.Now, sleep: k.Sleep}, time.Second, log)
	if terr != nil {
		return errors.Join(err, terr)
	}
	g.Go(func() error { return t.Run(ctx) })
	return errors.Join(g.Wait(), err)
}

// demoData gives the directory to use and a function that removes it again if
// it is temporary.
func demoData(dir string) (string, func(), error) {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "stet-demo-")
		if err != nil {
			return "", nil, &failure{code: exitError, err: err}
		}
		return tmp, func() { os.RemoveAll(tmp) }, nil
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return "", nil, usage("name one that is empty or does not exist", "the demo's data directory %s is not empty", dir)
	}
	return dir, func() {}, nil
}

// servePaper serves the newspaper on a free loopback port until ctx ends.
func servePaper(ctx context.Context, g *errgroup.Group, paper *newsroom.Paper) (*url.URL, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, &failure{code: exitError, err: err}
	}
	server := &http.Server{Handler: paper.Handler(), ReadHeaderTimeout: web.ReadHeaderTimeout}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("newspaper: %w", err)
		}
		return nil
	})
	return url.Parse("http://" + l.Addr().String() + paper.Home())
}

func demoPages(ctx context.Context, g *errgroup.Group, talk io.Writer, s *store.Store, c Config, k *dayClock, o demoOptions, log *slog.Logger) error {
	site, err := web.New(web.Options{Store: s, Now: k.Now, Name: "stet demo", Version: version, UserAgent: c.userAgent(), Log: log})
	if err != nil {
		return &failure{code: exitError, err: err}
	}
	at, err := startPages(ctx, g, site, o.listen, !o.fixed, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(talk, "pages: %s/\nctrl-C stops\n", at)
	return nil
}

// watchDay asks the pipeline to watch the newspaper's feeds, and runs it to the
// end of the day.
func watchDay(ctx context.Context, talk io.Writer, s *store.Store, c Config, k *dayClock, home *url.URL, paper *newsroom.Paper, log *slog.Logger) error {
	for _, path := range paper.Feeds() {
		if _, err := request(ctx, s, home.ResolveReference(&url.URL{Path: path}).String(), ""); err != nil {
			return err
		}
	}
	t, err := c.tracker(ctx, s, clock{now: k.Now, sleep: k.Sleep}, time.Hour, log)
	if err != nil {
		return err
	}
	shown, hide := context.WithCancel(ctx)
	defer hide()
	go showDay(shown, talk, s, k)
	if err := t.Run(ctx); err != nil {
		return &failure{code: exitError, err: err}
	}
	return nil
}

// showDay draws the time of the demo's day on a terminal.
func showDay(ctx context.Context, talk io.Writer, s *store.Store, k *dayClock) {
	p := newProgress(talk)
	defer p.done()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(200 * time.Millisecond):
		}
		if t, err := s.Totals(ctx); err == nil {
			p.show("%s  %d articles, %d versions", k.Now().Format("Mon 15:04"), t.Articles, t.Versions)
		}
	}
}
