package crawl

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// MaxAnswer is how much of the answer to a form is read, in bytes; the rest is
// cut off.
const MaxAnswer = 64 << 10

// Post sends a form, which must not be empty, to an address: by the pace of its
// host, through the address guard, within the limits of a fetch, over a
// connection of its own, and never twice. The Fetch is as that of [Client.Get];
// the error is that of ctx or of the clock's Sleep.
func (c *Client) Post(ctx context.Context, rawURL string, form url.Values) (Fetch, error) {
	f := Fetch{URL: rawURL}
	if len(form) == 0 {
		return f, fmt.Errorf("post to %s: the form is empty", clip(rawURL, 200))
	}
	err := c.follow(ctx, &chain{request: Request{URL: rawURL, Want: reply}, form: form.Encode()}, &f)
	c.log.LogAttrs(ctx, slog.LevelDebug, "post", slog.String("url", f.URL), slog.Int("status", f.Status),
		slog.String("failure", string(f.Failure)), slog.String("reason", f.Reason))
	if err != nil {
		return f, fmt.Errorf("post to %s: %w", clip(rawURL, 200), err)
	}
	return f, nil
}

// build makes the request, without its header.
func (ch *chain) build(ctx context.Context, u *url.URL) (*http.Request, error) {
	if ch.form == "" {
		return http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	}
	return http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(ch.form))
}

// keepsForm refuses a redirect that would make a GET of a form, which answers
// another question (RFC 9110, 15.4).
func (ch *chain) keepsForm(f *Fetch) {
	if ch.form == "" || f.Failure != "" {
		return
	}
	switch f.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		f.fail(FailRedirects, fmt.Sprintf("HTTP %d does not carry a form on", f.Status))
	}
}

// cut reports whether a body past its limit is cut off rather than refused.
func (w Want) cut() bool { return w == robots || w == reply }
