package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"stet/internal/store"
)

// A problem is an answer other than the page that was asked for. Handlers
// return it as an error; anything else they return is our own fault: 500, and
// a line in the log.
type problem struct {
	Status int
	Title  string // empty: a standard one
	Text   string // what the reader can do
	Plain  bool   // as text/plain
	Onward string // address of the list that the page would be of; empty: none
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Text) }

// refuse makes the error for an answer that is the asker's to mend.
func refuse(status int, title, text string) error {
	return &problem{Status: status, Title: title, Text: text}
}

// missing is the answer to what does not exist.
func missing(what string) error {
	return refuse(http.StatusNotFound, "There is no "+what+" here",
		"The address may be mistyped. Search for words of the headline, or look the article up by its own address.")
}

// hidden is the answer for an article that may not be shown. Why is kept in
// the store; readers learn that it is a matter of law (F30).
func hidden() error {
	return refuse(http.StatusGone, "This article cannot be shown for legal reasons",
		"Its versions are kept out of lists, search and feeds. Other articles are not affected.")
}

// orMissing turns the store's "not found" into a page that says so.
func orMissing(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return missing(what)
	}
	return err
}

// problemPage is the page of a problem. It needs nothing of the store, which may
// be what failed.
type problemPage struct {
	layout
	Heading string
	Text    string
	Onward  string
	Status  int
}

// fail answers with the page of an error.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	var p *problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &tooLarge):
		p = &problem{Status: http.StatusRequestEntityTooLarge, Title: "That is too much text",
			Text: fmt.Sprintf("A form may hold at most %d bytes.", tooLarge.Limit)}
	case errors.Is(err, context.DeadlineExceeded):
		p = &problem{Status: http.StatusServiceUnavailable, Title: "That took too long", Text: "Ask for less at once: fewer words, a shorter time. Or try again when there is less to do here."}
	default:
		if r.Context().Err() == nil { // else the reader is gone, and it is nobody's fault
			s.log.ErrorContext(r.Context(), "web: request", "method", r.Method, "path", r.URL.Path, "err", err)
		}
		p = &problem{Status: http.StatusInternalServerError}
	}
	if p.Status == http.StatusInternalServerError {
		p = &problem{Status: p.Status, Title: "Something went wrong here",
			Text: "The fault is ours, and it is in the log. Nothing was lost. Try again in a minute; if it stays, tell whoever runs this instance."}
	}
	w.Header().Set("Cache-Control", "no-store")
	if p.Plain {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(p.Status)
		fmt.Fprintln(w, p.Title)
		return
	}
	page := problemPage{layout: s.bareLayout(r, p.Title), Heading: p.Title, Text: p.Text, Onward: p.Onward, Status: p.Status}
	body, rerr := s.pages.render("problem", page)
	if rerr != nil {
		s.log.Error("web: error page", "err", rerr)
		body = []byte(p.Title)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
