package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// How often a page is looked at while it comes to rest, and how long such a
// look may take: scripts that do not let go must not hold us.
const (
	lookEvery   = 200 * time.Millisecond
	lookTimeout = 2 * time.Second
)

// A view is what a page shows at one moment.
type view struct {
	Length int    // of its text
	State  string // of the document: loading, interactive, complete; empty = it did not answer
}

// view looks at the page, for as long as that may take.
func (t *tab) view(limit time.Duration) view {
	ctx, cancel := context.WithTimeout(t.ctx, limit)
	defer cancel()
	v, err := eval[view](ctx, t, "({Length: document.body ? document.body.innerText.length : 0, State: document.readyState})")
	if err != nil {
		return view{}
	}
	return v
}

// A calm is how long the text of a page has been the same.
type calm struct {
	length int
	known  bool
	since  time.Time
}

// see compares with what was seen before; a page that does not answer is a
// change.
func (c *calm) see(v view, now time.Time) {
	if known := v.State != ""; known != c.known || v.Length != c.length {
		*c = calm{v.Length, known, now}
	}
}

func (c calm) still(now time.Time) bool { return c.known && now.Sub(c.since) >= QuietTime }

// rest waits until the page is at rest, or is over. It gives the reason when
// it did not come to rest in time; the error is that the tab is lost.
func (t *tab) rest() (string, error) {
	var text calm
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-t.ctx.Done():
			return "", errors.New("the tab or Chromium ended")
		}
		s := t.standing()
		if s.over {
			return "", nil
		}
		if s.asking {
			continue // the host decides how long that takes
		}
		var v view
		if !s.leading {
			v = t.view(lookTimeout)
		}
		end := t.b.now().Sub(s.beginning) >= t.b.limits.render
		if end && v.State == "" && !s.leading {
			v = t.view(SaveTimeout) // the machine may be slow, and not the page
		}
		now := t.b.now()
		text.see(v, now)
		quiet := v.State == "complete" && s.busy == 0 && now.Sub(s.active) >= QuietTime
		still := text.still(now)
		if quiet && still {
			return "", nil
		}
		if end {
			return t.late(v, quiet, still), nil
		}
	}
}

// late decides about a page at the limit of its time.
func (t *tab) late(v view, quiet, still bool) string {
	if v.State != "complete" && v.State != "interactive" || !quiet && !still {
		return fmt.Sprintf("the page did not come to rest within %v", t.b.limits.render)
	}
	why := "its text kept changing"
	if still {
		why = "it kept asking for more"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.noticed = fmt.Sprintf("taken after %v, though %s", t.b.limits.render, why)
	return ""
}

// A standing is the progress at one moment.
type standing struct {
	over, asking, leading bool
	busy                  int
	active, beginning     time.Time
}

func (t *tab) standing() standing {
	t.mu.Lock()
	defer t.mu.Unlock()
	busy, now := 0, t.b.now()
	for _, since := range t.busy {
		if now.Sub(since) < Patience {
			busy++
		}
	}
	return standing{t.stopped || t.broken != "", t.asking, t.leading, busy, t.active, t.beginning}
}

// eval runs a script of ours beside those of the page, in a world where they
// cannot have changed what the names mean.
func eval[T any](ctx context.Context, t *tab, script string) (T, error) {
	var value T
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: t.frame, WorldName: "stet"})
	if err != nil {
		return value, err
	}
	byValue := true
	res, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: script,
		ContextID: world.ExecutionContextID, ReturnByValue: &byValue, Silent: &byValue})
	if err != nil {
		return value, err
	}
	if res.ExceptionDetails != nil {
		return value, fmt.Errorf("script: %s", res.ExceptionDetails.Text)
	}
	return value, json.Unmarshal(res.Result.Value, &value)
}
