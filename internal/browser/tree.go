package browser

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// MaxShot is the most bytes of a screenshot; MaxShotHeight its height in
// pixels, beyond which the page is cut.
const (
	MaxShot       = 10_000_000
	MaxShotHeight = 8_000
)

//go:embed tree.js
var treeScript string

// tree gives the document tree as HTML, at most MaxTree characters and one.
func (t *tab) tree() (string, error) {
	ctx, cancel := context.WithTimeout(t.ctx, SaveTimeout)
	defer cancel()
	return eval[string](ctx, t, fmt.Sprintf("(%s)(%d)", treeScript, MaxTree))
}

// shoot takes the picture of a page. A page without one is still a page.
func (t *tab) shoot(p *Page) {
	ctx, cancel := context.WithTimeout(t.ctx, SaveTimeout)
	defer cancel()
	png, err := picture(ctx, t.b.limits.shot)
	if err != nil {
		p.Note = "no screenshot: " + err.Error()
		return
	}
	p.Screenshot = png
}

// picture takes as much of the page as fits into so many bytes, from its top.
func picture(ctx context.Context, most int) ([]byte, error) {
	m, err := chromedp.Call(ctx, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	on := true
	for height := shotHeight(m.CSSContentSize); height >= 1; height /= 2 {
		shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatPng, CaptureBeyondViewport: &on,
			Clip: &page.Viewport{Width: Width, Height: height, Scale: 1}})
		if err != nil {
			return nil, err
		}
		if len(shot.Data) <= most {
			return shot.Data, nil
		}
	}
	return nil, errors.New("too large")
}

// shotHeight is how much of a page of that size is taken, in pixels.
func shotHeight(size *dom.Rect) float64 {
	if size == nil {
		return Height
	}
	return min(max(size.Height, 1), MaxShotHeight)
}
