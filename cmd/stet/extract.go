package main

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
)

// An extraction is what stet extract prints: outcome and content of a page, as
// docs/formats.md describes it.
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
	Correction string       `json:"correction,omitempty"`
	Paywalled  bool         `json:"paywalled,omitempty"`
	Image      news.Image   `json:"image,omitzero"`
	Blocks     []news.Block `json:"blocks"`
	Text       string       `json:"text"` // of the core blocks, a blank line between them
	Links      []news.Link  `json:"links"`
	Claims     []news.Claim `json:"claims"`
	Reserved   *reservedRow `json:"reserved,omitempty"`
	Cut        bool         `json:"cut,omitempty"` // a limit was met, see docs/operating.md
	Extractor  string       `json:"extractor"`
}

// A reservedRow is what a page reserves.
type reservedRow struct {
	What   []news.Reservation `json:"what"`
	Policy string             `json:"tdm_policy,omitempty"`
}

func newReservedRow(r news.Reserved) *reservedRow {
	if len(r.What) == 0 {
		return nil
	}
	return &reservedRow{r.What, r.Policy}
}

func extractCommand() *cobra.Command {
	var c Config
	var at string
	cmd := &cobra.Command{
		Use:     "extract FILE|URL",
		Short:   "Print what a page is and the article that it holds, as JSON",
		Long:    "Print what kind of page a file or address is, and the article's headline,\nstandfirst, byline, dates, language, text blocks, lead image, links, claims and what the\npage reserves for its publisher, as JSON (see docs/formats.md). Exit code 3 when it is no whole article: its\noutcome says what it is. Needs no database.",
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
		Byline: listed(c.Byline), Section: c.Section, Published: c.Published, Modified: c.Modified, Language: c.Language,
		Correction: c.Correction, Paywalled: c.Paywalled, Image: c.Image, Blocks: listed(c.Blocks), Text: coreText(c),
		Links: listed(c.Links), Claims: listed(c.Claims), Cut: c.Cut, Extractor: extract.Extractor(),
		Reserved: newReservedRow(extract.Reserved(d.read())),
	}
	if d.url != nil {
		e.URL = d.url.String()
	}
	return e
}

// listed makes an absent list an empty one, as JSON shows it.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// coreText is the text that makes versions, without captions.
func coreText(c news.Content) string {
	var texts []string
	for _, b := range c.Blocks {
		if b.Core() {
			texts = append(texts, b.Text)
		}
	}
	return strings.Join(texts, "\n\n")
}
