package track

import (
	"context"

	"stet/internal/crawl"
	"stet/internal/extract"
	"stet/internal/news"
)

// reread reads the raw bytes of an ok capture again. False when they are not
// kept, or are not what they were: verify finds that, a visit goes on.
func (t *Tracker) reread(ctx context.Context, c news.Capture) (extract.Result, bool) {
	if c.Raw.IsZero() {
		return extract.Result{}, false
	}
	wire, err := t.o.Store.Blob(ctx, c.Raw)
	if err != nil {
		t.o.Log.Warn("raw capture cannot be read again", "capture", c.ID, "error", err)
		return extract.Result{}, false
	}
	body, err := crawl.Decode(wire, c.Encoding)
	if err != nil {
		t.o.Log.Warn("raw capture cannot be decoded again", "capture", c.ID, "error", err)
		return extract.Result{}, false
	}
	page := extract.Read(pageOf(crawl.Fetch{URL: c.URL, Final: c.FinalURL, Status: c.Status, Body: body, Header: headerOf(c.Header)}))
	return page, page.Outcome == news.OK
}
