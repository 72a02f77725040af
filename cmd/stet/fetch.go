package main

import (
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
)

// A fetchRow is a fetch as JSON.
type fetchRow struct {
	URL        string              `json:"url"`
	Final      string              `json:"final"`
	Status     int                 `json:"status"`
	Failure    crawl.Failure       `json:"failure,omitempty"`
	Reason     string              `json:"reason,omitempty"`
	Hops       []crawl.Hop         `json:"hops,omitempty"`
	Robots     string              `json:"robots"`
	RemoteAddr string              `json:"remote_addr,omitempty"`
	WireBytes  int                 `json:"wire_bytes"`
	BodyBytes  int                 `json:"body_bytes"`
	FirstByte  float64             `json:"first_byte_s"`
	Took       float64             `json:"took_s"`
	NotBefore  time.Time           `json:"not_before,omitzero"`
	Down       time.Time           `json:"down,omitzero"`
	Header     map[string][]string `json:"header,omitempty"`
}

func fetchCommand() *cobra.Command {
	var c Config
	var body bool
	cmd := &cobra.Command{
		Use:     "fetch URL",
		Short:   "Make one polite GET and say what came of it",
		Long:    "Make one polite GET, as a visit would: robots.txt asked first, addresses\nguarded, redirects followed, the body decoded. Prints outcome, hops, headers\nand timing; with --body the decoded body instead.",
		Example: "  stet fetch https://news.example.org/story\n  stet fetch --allow-net 127.0.0.1/32:8099 http://127.0.0.1:8099/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.check(); err != nil {
				return err
			}
			log, err := c.log(cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			client, err := c.client(realTime, log)
			if err != nil {
				return err
			}
			f, err := client.Get(cmd.Context(), crawl.Request{URL: args[0]})
			if err != nil {
				return &failure{code: exitError, err: err}
			}
			if body && f.Failure == "" {
				_, err := cmd.OutOrStdout().Write(f.Body)
				return err
			}
			printFetch(newOutput(cmd), f)
			if f.Failure != "" || f.Status/100 != 2 {
				return &failure{code: exitNothing}
			}
			return nil
		},
	}
	c.netFlags(cmd.Flags())
	cmd.Flags().BoolVar(&body, "body", false, "print the decoded body instead")
	return cmd
}

func printFetch(out *output, f crawl.Fetch) {
	robots := "allowed"
	if !f.Robots.Allowed {
		robots = "not asked"
		if f.Robots.Why != "" {
			robots = f.Robots.Why
		}
	}
	row := fetchRow{
		URL: f.URL, Final: f.Final, Status: f.Status, Failure: f.Failure, Reason: f.Reason, Hops: f.Hops,
		Robots: robots, RemoteAddr: f.RemoteAddr, WireBytes: len(f.Wire), BodyBytes: len(f.Body),
		FirstByte: f.FirstByte.Seconds(), Took: f.Took.Seconds(), NotBefore: f.NotBefore, Down: f.Down, Header: f.Header,
	}
	out.row(row, func(w io.Writer) {
		for _, h := range f.Hops {
			fmt.Fprintf(w, "%d  %s → %s\n", h.Status, h.URL, h.Location)
		}
		if f.Failure != "" {
			fmt.Fprintf(w, "failed: %s: %s\n", f.Failure, f.Reason)
		}
		if f.Status != 0 {
			fmt.Fprintf(w, "%s %s  %s\n", f.Proto, f.StatusLine, f.Final)
		}
		fmt.Fprintf(w, "robots: %s\n", robots)
		if !f.NotBefore.IsZero() {
			fmt.Fprintf(w, "not before: %s\n", f.NotBefore.Format(time.RFC3339))
		}
		if !f.Down.IsZero() {
			fmt.Fprintf(w, "down since: %s\n", f.Down.Format(time.RFC3339))
		}
		if f.Status == 0 {
			return
		}
		fmt.Fprintf(w, "from: %s\nbytes: %d as sent, %d decoded\ntime: first byte %.3f s, all %.3f s\n\n",
			f.RemoteAddr, row.WireBytes, row.BodyBytes, row.FirstByte, row.Took)
		names := make([]string, 0, len(f.Header))
		for name := range f.Header {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			for _, v := range f.Header[name] {
				fmt.Fprintf(w, "%s: %s\n", name, v)
			}
		}
	})
}
