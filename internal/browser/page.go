package browser

import (
	"crypto/sha256"
	"fmt"

	"stet/internal/crawl"
)

// read waits for the page to rest and writes it into p.
func (t *tab) read(p *Page) error {
	why, err := t.rest()
	if err != nil {
		return err
	}
	t.lead(p)
	if t.over(p) {
		return nil
	}
	if why != "" {
		t.fail(p, crawl.FailTimeout, why)
		return nil
	}
	tree, err := t.tree()
	if err != nil {
		return err
	}
	if len(tree) > MaxTree {
		t.fail(p, crawl.FailTooLarge, fmt.Sprintf("the page became larger than %d bytes", MaxTree))
		return nil
	}
	t.render(p, []byte(tree))
	if t.request.Screenshot {
		t.shoot(p)
	}
	return nil
}

// lead puts the last document into p, with the way that led to it: where
// scripts went on, a document before it is a hop.
func (t *tab) lead(p *Page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := t.docs[len(t.docs)-1]
	var hops []crawl.Hop
	for i, d := range t.docs {
		hops = append(hops, d.Hops...)
		if i+1 < len(t.docs) {
			hops = append(hops, crawl.Hop{URL: d.Final, Status: d.Status, Location: t.docs[i+1].URL})
		}
	}
	p.Document, p.Fetch = last, last
	p.Fetch.URL, p.Fetch.Start, p.Fetch.Hops = t.docs[0].URL, t.docs[0].Start, hops
	p.Note = t.noticed
}

// over tells whether the way ended where there is nothing to show.
func (t *tab) over(p *Page) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.broken != "" {
		t.failed(p, FailBrowser, t.broken)
	}
	return t.broken != "" || t.stopped
}

// render makes p.Fetch the page as it is shown. What the headers say of the
// document alone is taken from them: its encoding and length, and that it is
// unchanged since.
func (t *tab) render(p *Page, tree []byte) {
	t.took(p)
	f, h := &p.Fetch, p.Fetch.Header.Clone()
	for _, name := range []string{"Content-Encoding", "Content-Length", "Transfer-Encoding", "ETag", "Last-Modified"} {
		h.Del(name)
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set(RenderedHeader, fmt.Sprintf("browser=%q; document-sha256=%x", t.product, sha256.Sum256(p.Document.Body)))
	f.Header, f.Body, f.Wire, f.Delimited = h, tree, tree, true
	p.Rendered = true
}

// took sets the times: all that passed since the first request was sent.
func (t *tab) took(p *Page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	first, last := t.docs[0], t.docs[len(t.docs)-1]
	p.Fetch.End = last.End.Add(t.b.now().Sub(t.beginning))
	p.Fetch.Took = p.Fetch.End.Sub(first.End.Add(-first.Took))
}

// fail makes p.Fetch a failure of the browser's time with the page.
func (t *tab) fail(p *Page, why crawl.Failure, reason string) {
	t.lead(p)
	t.took(p)
	t.failed(p, why, reason)
}

func (t *tab) failed(p *Page, why crawl.Failure, reason string) {
	p.Fetch.Failure, p.Fetch.Reason, p.Fetch.Body = why, reason, nil
}
