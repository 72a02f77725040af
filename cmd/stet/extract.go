package main

import (
	"encoding/json"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
)

// An extraction is what stet extract prints: outcome and content of a page.
type extraction struct {
	Outcome    news.Outcome `json:"outcome"`
	Reason     string       `json:"reason,omitempty"`
	URL        string       `json:"url"`
	Canonical  string       `json:"canonical"`
	Headline   string       `json:"headline"`
	Standfirst string       `json:"standfirst"`
	Byline     []string     `json:"byline"`
	Section    string       `json:"section,omitempty"`
	Published  time.Time    `json:"published,omitzero"`
	Modified   time.Time    `json:"modified,omitzero"`
	Language   string       `json:"language"`
	Paywall    bool         `json:"paywall,omitempty"`
	Correction string       `json:"correction,omitempty"`
	Blocks     []news.Block `json:"blocks"`
	Cut        bool         `json:"cut,omitempty"` // a limit was met, see docs/operating.md
	Extractor  string       `json:"extractor"`
}

func extractCommand() *cobra.Command {
	var c Config
	var at string
	cmd := &cobra.Command{
		Use:     "extract FILE|URL",
		Short:   "Print what a page is and the article that it holds, as JSON",
		Long:    "Print what kind of page a file or address is, and the article's headline,\nstandfirst, byline, dates, language and text blocks, as JSON. Exit code 3 when\nit is no whole article: its outcome says what it is. Needs no database.",
		Example: "  stet extract story.html --url https://news.example.org/story\n  stet extract https://news.example.org/story",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.check(); err != nil {
				return err
			}
			d, err := readDocument(cmd, &c, args[0], at, crawl.Article)
			if err != nil {
				return err
			}
			r := d.page()
			e := json.NewEncoder(cmd.OutOrStdout())
			e.SetEscapeHTML(false)
			if asLine, _ := cmd.Flags().GetBool("json"); !asLine {
				e.SetIndent("", "  ")
			}
			if err := e.Encode(extracted(d, r)); err != nil {
				return &failure{code: exitError, err: err}
			}
			if r.Outcome != news.OK {
				return &failure{code: exitNothing}
			}
			return nil
		},
	}
	c.netFlags(cmd.Flags())
	cmd.Flags().StringVar(&at, "url", "", "address that a file came from")
	return cmd
}

func extracted(d document, r extract.Result) extraction {
	c := r.Content
	e := extraction{
		Outcome: r.Outcome, Reason: r.Reason, Canonical: r.Canonical, Headline: c.Headline, Standfirst: c.Standfirst,
		Byline: c.Byline, Section: c.Section, Published: c.Published, Modified: c.Modified, Language: c.Language,
		Paywall: r.Paywall, Correction: r.Correction, Blocks: c.Blocks, Cut: c.Cut, Extractor: extract.Extractor(),
	}
	if d.url != nil {
		e.URL = d.url.String()
	}
	if e.Byline == nil {
		e.Byline = []string{}
	}
	if e.Blocks == nil {
		e.Blocks = []news.Block{}
	}
	return e
}
