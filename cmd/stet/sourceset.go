package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"stet/internal/news"
	"stet/internal/store"
)

func sourcesSetCommand(c *Config) *cobra.Command {
	var browser, budget, keepRaw string
	cmd := &cobra.Command{
		Use:   "set KEY",
		Short: "Set the use of a browser, the budget of visits, and how long raw captures are kept, of a source",
		Long: `Set how a browser is used for the pages of a source: off, the page as the server
sends it; dom, what its scripts have made of it; screenshot, that and a picture
of each page. Needs Chromium; docs/operating.md says what it costs.

Or set how many visits an hour its articles may have; off, as many as are
polite. Over its budget, all waits of the source grow.

Or set how long the raw bytes of its captures are kept. Older ones are given up,
but for those of the first version and the newest of each article; captures and
versions stay. docs/captures.md says more.`,
		Example: "  stet sources set courier --browser dom\n  stet sources set courier --budget 120\n  stet sources set courier --budget off\n  stet sources set courier --keep-raw 90d",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			mode, ok := map[string]string{"": "", "off": "", news.RenderDOM: news.RenderDOM, news.RenderScreenshot: news.RenderScreenshot}[browser]
			if !ok {
				return usage("", "browser %q: want off, dom or screenshot", browser)
			}
			perHour, err := parseBudget(budget)
			if err != nil {
				return err
			}
			keep, err := parseKeep(keepRaw)
			if err != nil {
				return err
			}
			if browser == "" && budget == "" && keepRaw == "" {
				return usage("give --browser, --budget or --keep-raw", "nothing to set")
			}
			return withStore(cmd, c, func(s *store.Store) error {
				var errs []error
				if browser != "" {
					errs = append(errs, s.SetRender(cmd.Context(), args[0], mode))
				}
				if budget != "" {
					errs = append(errs, s.SetBudget(cmd.Context(), args[0], perHour))
				}
				if keepRaw != "" {
					errs = append(errs, s.SetKeepRaw(cmd.Context(), args[0], keep))
				}
				return showSet(cmd, s, args[0], errors.Join(errs...))
			})
		},
	}
	cmd.Flags().StringVar(&browser, "browser", "", "`USE`: off, dom or screenshot")
	cmd.Flags().StringVar(&budget, "budget", "", "visits an hour: `N` or off")
	cmd.Flags().StringVar(&keepRaw, "keep-raw", "", "how long raw bytes of captures are kept: a `TIME` such as 90d, or forever")
	return cmd
}

// parseBudget reads visits an hour; off and nothing are 0.
func parseBudget(text string) (float64, error) {
	if text == "" || text == "off" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n <= news.MaxBudget) {
		return 0, usage("such as 120, or off", "budget %q: want visits an hour, up to %.0f", text, news.MaxBudget)
	}
	return n, nil
}

// showSet prints how a source is set now.
func showSet(cmd *cobra.Command, s *store.Store, key string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return usage("stet sources lists them", "%w", err)
	}
	if err != nil {
		return err
	}
	src, err := s.Source(cmd.Context(), key)
	if err != nil {
		return err
	}
	row := struct {
		Key     string  `json:"key"`
		Browser string  `json:"browser"`
		Budget  float64 `json:"budget"`
		KeepRaw string  `json:"keep_raw"`
	}{key, browserUse(src.Render), src.Budget, keepText(src.KeepRaw)}
	newOutput(cmd).row(row, func(w io.Writer) {
		fmt.Fprintf(w, "%s: browser %s; budget %s; raw captures %s\n", row.Key, row.Browser, budgetText(row.Budget), row.KeepRaw)
	})
	return nil
}

func budgetText(perHour float64) string {
	if perHour == 0 {
		return "off"
	}
	return fmt.Sprintf("%g visits an hour", perHour)
}
