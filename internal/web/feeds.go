package web

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"

	"stet/internal/diff"
	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/store"
)

// listFeed describes the feed of a list.
type listFeed struct {
	Title, Description string
	Path, Query        string // of the list, without ending
}

// sendList answers with a list of versions as a feed or table. Title, link and
// guid of each entry are as News Sniffer had them (K43, K46).
func (s *Site) sendList(w http.ResponseWriter, r *http.Request, f format, rows []store.VersionRow, about listFeed) error {
	if f == csvTable {
		return sendVersionCSV(w, r, rows)
	}
	base, err := s.baseOf(r)
	if err != nil {
		return err
	}
	d := feed.Document{
		Title: about.Title, Description: about.Description, Home: base + withQuery(about.Path, about.Query),
		Self: base + withQuery(about.Path+"."+string(f), about.Query),
	}
	for _, row := range rows {
		is, err := s.store.Version(r.Context(), row.ID)
		if err != nil {
			return err
		}
		e := feed.Entry{
			URL: base + "/versions/" + id(row.ID).String(), Author: row.SourceName,
			Title: fmt.Sprintf("v%d: %s", row.Number, visible(row.Headline)), Published: row.Seen.First, Updated: row.Seen.First,
		}
		if row.Number == 0 {
			e.Summary, e.HTML = first(is, row.URL)
		} else if err := s.describe(r, &e, row.ArticleID, is, row.Change, base); err != nil {
			return err
		}
		finish(&e, is.Content)
		d.Entries = append(d.Entries, e)
	}
	return writeFeed(w, r, f, d)
}

// sendArticle answers with the changes of one article (K44): a version's guid
// is the address of the diff that made it; first versions are left out.
func (s *Site) sendArticle(w http.ResponseWriter, r *http.Request, f format, a news.Article, src news.Source) error {
	rows, _, err := s.store.VersionList(r.Context(), store.VersionQuery{
		Page: store.Page{Size: ListSize}, ArticleID: a.ID, ChangedOnly: f != csvTable,
	})
	if err != nil {
		return err
	}
	if f == csvTable {
		return sendVersionCSV(w, r, rows)
	}
	base, err := s.baseOf(r)
	if err != nil {
		return err
	}
	d := feed.Document{
		Title: "'" + headlineOf(a) + "': latest versions", Description: "Changes to the " + src.Name + " article " + a.URL,
		Home: base + articlePath(a.ID), Self: base + articlePath(a.ID) + "." + string(f), Language: tongueOf(a.Language).Lang,
	}
	for _, row := range rows {
		is, err := s.store.Version(r.Context(), row.ID)
		if err != nil {
			return err
		}
		e := feed.Entry{
			URL: base + diffPath(a.ID, row.Number-1, row.Number), Author: src.Name,
			Title: fmt.Sprintf("v%d: %s", row.Number, visible(row.Headline)), Published: row.Seen.First, Updated: row.Seen.First,
		}
		if err := s.describe(r, &e, a.ID, is, row.Change, base); err != nil {
			return err
		}
		finish(&e, is.Content)
		d.Entries = append(d.Entries, e)
	}
	return writeFeed(w, r, f, d)
}

// finish gives an entry its identity: the address it leads to (K43, K44).
func finish(e *feed.Entry, c news.Content) {
	e.GUID, e.Permalink, e.Language = e.URL, true, tongueOf(c.Language).Lang
}

// describe fills an entry with what the version changed: as HTML with its own
// styles, since readers of feeds know no sheet, and as plain text.
func (s *Site) describe(r *http.Request, e *feed.Entry, article int64, is news.Version, c news.Change, base string) error {
	was, err := s.store.VersionByNumber(r.Context(), article, is.Number-1)
	if err != nil {
		return err
	}
	script := diff.Compare(was.Content, is.Content)
	a, err := s.meaning(r.Context(), is.ID, was.Content, is.Content, script)
	if err != nil {
		return err
	}
	e.Categories = kindTags(a)
	e.Summary = told(a) + diff.PlainRuns(diff.Snippet(script, SnippetLength))
	if c.Grown {
		e.Summary = "Live: " + grew(c.Posts) + ". " + diff.PlainRuns(diff.Snippet(script, SnippetLength))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<p>%s <a href="%s">Show the whole diff</a></p>`, html.EscapeString(strings.Join(made(was, is, c, true), " ")),
		html.EscapeString(base+diffPath(article, is.Number-1, is.Number)))
	b.WriteString(marked.Replace(diff.HTML(script, 1)))
	e.HTML = b.String()
	return nil
}

// marked gives the tags of a diff their styles, and signs in the text for
// readers of feeds that drop tags. All text between is escaped, so that these
// tags are ours.
var marked = strings.NewReplacer(
	"<del>", `<del style="background:#ffd8a8;color:#1b1b1b;text-decoration:line-through">[−`, "</del>", "−]</del>",
	"<ins>", `<ins style="background:#b6d9ff;color:#1b1b1b;text-decoration:underline">{+`, "</ins>", "+}</ins>",
)

// first describes a first version.
func first(v news.Version, url string) (summary, body string) {
	summary = lead(v.Content)
	return summary, fmt.Sprintf(`<p>First version, seen %s.</p><p>%s</p><p><a href="%s">The article at its source</a></p>`,
		clock(v.Seen.First), html.EscapeString(summary), html.EscapeString(url))
}

// writeFeed sends a feed in the order given, newest first. It was updated when
// its newest entry was; an empty feed has no such time, and is a feed all the
// same (F45).
func writeFeed(w http.ResponseWriter, r *http.Request, f format, d feed.Document) error {
	for _, e := range d.Entries {
		if e.Updated.After(d.Updated) {
			d.Updated = e.Updated
		}
	}
	out := feedFormats[f]
	var b bytes.Buffer
	if err := feed.Write(&b, out.format, d); err != nil {
		return err
	}
	send(w, r, out.kind, d.Updated.Truncate(time.Second), b.Bytes())
	return nil
}
