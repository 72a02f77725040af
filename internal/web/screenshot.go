package web

import (
	"bytes"
	"net/http"
	"time"

	"stet/internal/news"
)

// pictureMark is how every PNG begins (ISO/IEC 15948 §5.2).
const pictureMark = "\x89PNG\r\n\x1a\n"

// picturePolicy lets nothing run or load where a browser shows the picture as a
// document of its own.
const picturePolicy = "default-src 'none'; sandbox"

// screenshot is /captures/{id}/screenshot: the picture of the page of a capture,
// if one is kept. It shows what the article said, and so is gone for readers
// when the article is hidden, and asks search engines not to keep it (K29).
func (s *Site) screenshot(w http.ResponseWriter, r *http.Request) error {
	n, err := number(r.PathValue("id"))
	if err != nil {
		return missing("capture")
	}
	c, err := s.store.CaptureOf(r.Context(), int64(n))
	if err != nil {
		return orMissing(err, "capture")
	}
	a, _, err := s.store.Article(r.Context(), c.ArticleID)
	if err != nil {
		return orMissing(err, "capture")
	}
	if a.Hidden != "" {
		return hidden()
	}
	body, err := s.picture(r, c)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", picturePolicy)
	h.Set("Content-Disposition", `inline; filename="capture-`+id(c.ID).String()+`.png"`)
	h.Set("X-Robots-Tag", "noindex, noarchive")
	send(w, r, "image/png", time.Time{}, body)
	return nil
}

// picture reads the screenshot of a capture. What is no PNG is not sent as one:
// what browsers make of it, nobody can say.
func (s *Site) picture(r *http.Request, c news.Capture) ([]byte, error) {
	if c.Screenshot.IsZero() {
		return nil, missing("screenshot of this capture")
	}
	body, err := s.store.Blob(r.Context(), c.Screenshot)
	if err != nil {
		return nil, orMissing(err, "screenshot of this capture")
	}
	if !bytes.HasPrefix(body, []byte(pictureMark)) {
		return nil, missing("screenshot of this capture")
	}
	return body, nil
}

// screenshotPath is the address of the picture of a capture.
func screenshotPath(capture int64) string { return "/captures/" + id(capture).String() + "/screenshot" }
