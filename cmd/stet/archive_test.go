package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// makeArchive is a command of the scripts: "archive DIR" makes a store with two
// sources. The post has two articles whose former extractor took a plea for
// text, with blocks held back, events, figures, reservations and a lie about 304; the bell has nothing yet.
func makeArchive(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: archive DIR")
	}
	ts.Check(fillArchive(ts.MkAbs(args[0])))
}

// plea is furniture of the post.
const plea = "Support the Lindhaven Post from two crowns a week, and keep the news of the harbour free for all of its readers."

// postPage is an article of the post as it was captured.
func postPage(headline, plea string, more ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><title>%[1]s</title><meta property="og:type" content="article"></head><body><main><article><h1>%[1]s</h1>`, headline)
	for _, p := range postText(more...) {
		fmt.Fprintf(&b, "<p>%s</p>\n", p)
	}
	fmt.Fprintf(&b, `<div class="plea"><p>%s</p></div></article></main><footer><p>The Lindhaven Post, Quay Street</p></footer></body></html>`, plea)
	return b.String()
}

func postText(more ...string) []string {
	return append([]string{
		"The harbour bridge will close on Monday while divers inspect the piers, the port office of Lindhaven said in a short note to the press.",
		"Buses will take the long way round by the mill, and the ferry will run every ten minutes from six in the morning until midnight.",
		"Shopkeepers on the north bank said that they had been told of the closure by their customers, and not by the port, and asked for help.",
	}, more...)
}

// fillArchive makes the store of archive.
func fillArchive(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer s.Close()
	src, err1 := s.AddSource(ctx, news.Source{Key: "post", Name: "The Lindhaven Post", Home: "https://post.example.org/"})
	_, err2 := s.AddSource(ctx, news.Source{Key: "bell", Name: "The Bell"})
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	f := filling{store: s, src: src, at: time.Now().Add(-time.Hour)}
	late := "Late in the evening the port office said that the closure would last ten days and not seven, because of the tides."
	err1 = f.article("bridge", postPage("Bridge to close", plea), postPage("Bridge to close", plea+" Thank you."), postPage("Bridge to close", plea, late))
	err2 = f.article("ferry", postPage("Ferry to run all night", plea, "The master of the ferry said that she would sleep on board."))
	_, err3 := s.OpenEvent(ctx, src.ID, news.HealthAlarm, "empty", f.at, "nearly all pages are without text")
	_, err4 := s.OpenEvent(ctx, src.ID, news.HealthAlarm, "success", f.at, "visits in vain")
	err5 := s.EndEvent(ctx, src.ID, news.HealthAlarm, "success", f.at.Add(time.Minute), "")
	return errors.Join(err1, err2, err3, err4, err5)
}

// A filling adds articles to a store.
type filling struct {
	store *store.Store
	src   news.Source
	at    time.Time
	lease store.Lease
}

// article adds an article with a version for each page. The former extractor
// read its text, and the plea as a paragraph of it.
func (f *filling) article(name string, pages ...string) error {
	ctx := context.Background()
	address, err := news.ParseAddress("https://post.example.org/"+name, nil)
	if err != nil {
		return err
	}
	a, _, err := f.store.AddArticle(ctx, f.src.ID, address, name, "import", time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	if f.lease.Token == "" {
		if f.lease, _, err = f.store.LeaseNamed(ctx, "post.example.org", store.MaxLease); err != nil {
			return err
		}
	}
	for n, page := range pages {
		if err := f.version(a, n, page); err != nil {
			return err
		}
	}
	return nil
}

func (f *filling) version(a news.Article, number int, page string) error {
	ctx := context.Background()
	raw, err := f.store.PutBlob(ctx, []byte(page), news.Digest{})
	if err != nil {
		return err
	}
	f.at = f.at.Add(time.Minute)
	content := extract.Read(extract.Page{Body: []byte(page)}).Content
	_, asked, _ := strings.Cut(page, `<div class="plea"><p>`)
	asked, _, _ = strings.Cut(asked, "</p>")
	content.Blocks = slices.DeleteFunc(content.Blocks, func(b news.Block) bool { return b.Text == asked })
	content.Blocks = append(content.Blocks, news.Block{Kind: news.Paragraph, Text: asked + " Read more."})
	figures := news.Pulse{Visits: 1, Seen: 1}
	figures.AddRead(100, 0.25)
	v := store.Visit{
		Lease: f.lease, ArticleID: a.ID, State: news.Live, Period: time.Hour, Pulse: &figures,
		Capture: news.Capture{URL: a.URL, FinalURL: a.URL, At: f.at, Outcome: news.OK, Status: 200, Raw: raw,
			Header: "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n", Extractor: "former-1"},
		Version: &news.Version{Number: number, Content: content, Extractor: "former-1"},
		Changes: []news.Change{{Type: news.VersionAppeared, Before: f.at}},
	}
	if number == 2 {
		reserved, lie := news.Reserves([]news.Reservation{news.NoArchive, news.TDM}, ""), true
		v.Reserved, v.Lie, v.Due = &reserved, &lie, f.at.Add(24*time.Hour)
		v.Event = &news.Event{Kind: news.TemplateChanged, Subject: "f00d", Note: "the page is built otherwise", Articles: 1}
		v.Held = []news.Held{{Key: 1, Text: "Four swans and a ferry", Why: "rotates"}, {Key: 2, Text: "Weather: rain", Why: "on many articles", Absent: true}}
	}
	_, err = f.store.RecordVisit(ctx, v)
	return err
}
