package main

import (
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
	"stet/internal/feed"
)

func feedCommand() *cobra.Command {
	var c Config
	var at string
	var links, discover bool
	cmd := &cobra.Command{
		Use:   "feed FILE|URL",
		Short: "Read a feed and print its entries as JSON lines",
		Long: `Read RSS, Atom, JSON Feed, a sitemap, sitemap index or news sitemap, and print
an entry a line as JSON; what had to be mended goes to standard error. With
--links the links of a section page are the entries; with --discover the feeds
that a page offers are printed.`,
		Example: "  stet feed rss.xml\n  stet feed --discover https://news.example.org/",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.check(); err != nil {
				return err
			}
			want := crawl.Feed
			if links || discover {
				want = crawl.Article
			}
			d, err := readDocument(cmd, &c, args[0], at, want)
			if err != nil {
				return err
			}
			return printFeed(cmd, d, links, discover)
		},
	}
	c.netFlags(cmd.Flags())
	cmd.Flags().StringVar(&at, "url", "", "address that a file came from: relative links are resolved against it")
	cmd.Flags().BoolVar(&links, "links", false, "take the links of a section page as entries")
	cmd.Flags().BoolVar(&discover, "discover", false, "print the feeds that a page offers")
	cmd.MarkFlagsMutuallyExclusive("links", "discover")
	return cmd
}

func printFeed(cmd *cobra.Command, d document, links, discover bool) error {
	out := newOutput(cmd)
	base := d.url
	if base == nil {
		base = &url.URL{}
	}
	if discover {
		for _, c := range feed.Discover(d.body, d.contentType, nil, base) {
			out.row(c, func(w io.Writer) { fmt.Fprintf(w, "%s\t%s\t%s\n", c.URL, c.Origin, c.Title) })
		}
		return nil
	}
	doc := feed.Document{}
	if links {
		doc = feed.Links(d.body, d.contentType, base)
	} else {
		var err error
		if doc, err = feed.Parse(d.body, d.contentType, d.url); err != nil {
			return &failure{code: exitNothing, err: err, hint: "--discover looks for the feeds of a page, --links for its articles"}
		}
	}
	for _, e := range doc.Entries {
		out.encode(e)
	}
	for _, e := range doc.Sitemaps {
		out.encode(struct {
			Sitemap string    `json:"sitemap"`
			Updated time.Time `json:"updated,omitzero"`
		}{e.URL, e.Updated})
	}
	for _, m := range doc.Mended {
		fmt.Fprintf(cmd.ErrOrStderr(), "mended: %s\n", m)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d entries\n", doc.Format, len(doc.Entries)+len(doc.Sitemaps))
	return nil
}
