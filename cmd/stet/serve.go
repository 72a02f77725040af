package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"stet/internal/crawl"
	"stet/internal/store"
	"stet/internal/track"
	"stet/internal/web"
)

// defaultListen is where the pages are, unless asked otherwise; when the port
// is taken, the next free one of the ten after it is used.
const defaultListen = "127.0.0.1:8080"

// stopTime is how long requests under way may take to end.
const stopTime = 10 * time.Second

func serveCommand() *cobra.Command {
	var c Config
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Watch in the background and show the pages",
		Long: `Watch what has been added, and show it at http://127.0.0.1:8080/. Prints a
one-time link for the administrator, who can add what is to be watched there;
stet add does the same from the command line. Nothing is fetched until
something is added.

Pages are shown to this machine only. To show them to others, give --listen and
either --base-url (then the administrator's link is for you alone: keep it) or
put a reverse proxy in front.`,
		Example: "  stet serve --contact https://example.org/about-our-bot\n  stet serve --data /var/lib/stet --listen 0.0.0.0:8080 --base-url https://stet.example.org",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.check(); err != nil {
				return err
			}
			o.fixed = cmd.Flags().Changed("listen")
			return runServe(cmd, c, o)
		},
	}
	fs := cmd.Flags()
	c.dataFlag(fs)
	c.watchFlags(fs)
	fs.StringVar(&o.listen, "listen", defaultListen, "`ADDR` of the pages")
	fs.StringVar(&o.base, "base-url", "", "public address of the pages, used in feeds")
	fs.StringVar(&o.name, "name", "stet", "name of this instance, shown on its pages")
	fs.BoolVar(&o.noPush, "no-push", false, "ask no hub to push, though --base-url could be reached by one")
	fs.StringSliceVar(&o.roles, "roles", []string{"crawl", "follow", "web"}, "parts to run")
	return cmd
}

type serveOptions struct {
	listen, base, name string
	roles              []string
	noPush             bool
	fixed              bool // listen was asked for: no other port will do
}

func (o serveOptions) has(role string) bool { return slices.Contains(o.roles, role) }

func (o serveOptions) check(c Config) error {
	for _, r := range o.roles {
		if !slices.Contains([]string{"crawl", "follow", "web"}, r) {
			return usage("", "role %q: want crawl, follow or web", r)
		}
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return usage("such as 127.0.0.1:8080", "listen %q: %w", o.listen, err)
	}
	ip, err := netip.ParseAddr(host)
	public := host != "localhost" && (err != nil || !ip.IsLoopback())
	if o.has("web") && public {
		if o.base == "" {
			return usage("give --base-url https://… as the public sees it, or listen on 127.0.0.1 behind a proxy", "listen %s shows the pages and the administrator's form to others", o.listen)
		}
		if c.AllowNet != "" {
			return usage("leave one of them out", "listen %s and allow-net together would let strangers reach your private network", o.listen)
		}
	}
	return nil
}

// pushBase is the address that hubs are given to push to: the public one, when it
// has TLS, or is in a network that may be visited; empty = no hub is asked.
func pushBase(o serveOptions, c Config) string {
	u, err := url.Parse(o.base)
	if o.noPush || err != nil || u.Host == "" {
		return ""
	}
	base := u.Scheme + "://" + u.Host
	if u.Scheme == "https" {
		return base
	}
	at, err := netip.ParseAddrPort(u.Host)
	allowed, aerr := crawl.ParseAllowNet(c.AllowNet)
	if u.Scheme != "http" || err != nil || aerr != nil {
		return ""
	}
	for _, a := range allowed {
		if a.Port == at.Port() && a.Prefix.Contains(at.Addr().Unmap()) {
			return base
		}
	}
	return ""
}

func runServe(cmd *cobra.Command, c Config, o serveOptions) error {
	if err := o.check(c); err != nil {
		return err
	}
	log, err := c.log(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	ctx, talk := cmd.Context(), cmd.ErrOrStderr()
	s, err := openStore(ctx, c.at(store.Options{Exclusive: o.has("crawl")}))
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintf(talk, "data: %s\n", c.Data)
	g, ctx := errgroup.WithContext(ctx)
	if o.has("crawl") {
		c.pushBase = pushBase(o, c)
		t, err := c.tracker(ctx, s, realTime, track.MaxIdle, log)
		if err != nil {
			return err
		}
		if c.Contact == "" {
			fmt.Fprintln(talk, "no contact set: sites cannot reach you; give --contact a page or mailbox")
		}
		g.Go(func() error { return t.Run(ctx) })
	}
	if o.has("follow") {
		g.Go(func() error { return followSearch(ctx, s) })
		g.Go(func() error { return c.followAppraisals(ctx, s, track.AppraiseRest, log) })
	}
	if o.has("web") {
		site, err := web.New(web.Options{
			Store: s, BaseURL: o.base, Name: o.name, Contact: c.Contact, Version: version, UserAgent: c.userAgent(), Weights: c.Significance, Log: log,
		})
		if err != nil {
			return usage("", "%w", err)
		}
		at, err := startPages(ctx, g, site, o.listen, !o.fixed, log)
		if err != nil {
			return err
		}
		announce(talk, at, o.base, site)
	}
	// A library's tables of dates, built when the program starts, leave more
	// garbage than all of stet uses when idle: give it back now, not some day.
	debug.FreeOSMemory()
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return &failure{code: exitError, err: err}
	}
	fmt.Fprintln(talk, "stopped")
	return nil
}

func announce(w io.Writer, at, base string, site *web.Site) {
	if base == "" {
		base = at
	}
	fmt.Fprintf(w, "pages: %s/\nadministrator, once within %d minutes: %s%s\nctrl-C stops\n",
		at, int(web.AdminLinkLife.Minutes()), strings.TrimSuffix(base, "/"), site.AdminLink())
}

// startPages serves the pages in g until ctx ends, and gives their address.
func startPages(ctx context.Context, g *errgroup.Group, site *web.Site, listen string, next bool, log *slog.Logger) (string, error) {
	l, err := listenNear(listen, next)
	if err != nil {
		return "", &failure{code: exitError, err: err, hint: "another program has the port; name another with --listen"}
	}
	server := &http.Server{
		Handler: site.Handler(), ReadHeaderTimeout: web.ReadHeaderTimeout, ReadTimeout: web.ReadTimeout,
		WriteTimeout: web.WriteTimeout, IdleTimeout: web.IdleTimeout, MaxHeaderBytes: web.MaxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("pages: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		return server.Shutdown(stop)
	})
	return "http://" + l.Addr().String(), nil
}

// listenNear listens on an address; with next, on one of the ten ports after
// it when that one is taken.
func listenNear(address string, next bool) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil || !next {
		return l, err
	}
	at, perr := netip.ParseAddrPort(address)
	if perr != nil {
		return nil, err
	}
	for i := range uint16(10) {
		if l, err := net.Listen("tcp", netip.AddrPortFrom(at.Addr(), at.Port()+i+1).String()); err == nil {
			return l, nil
		}
	}
	return nil, err
}
