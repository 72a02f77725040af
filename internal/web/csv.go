package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"stet/internal/store"
)

// sendVersionCSV answers with versions as a table (RFC 4180, UTF-8).
func sendVersionCSV(w http.ResponseWriter, r *http.Request, rows []store.VersionRow) error {
	table := [][]string{{"version_id", "article_id", "number", "headline", "source", "url", "first_seen", "last_seen",
		"sightings", "words_added", "words_removed", "headline_changed", "silent", "state", "grown", "posts"}}
	for _, v := range rows {
		table = append(table, []string{
			id(v.ID).String(), id(v.ArticleID).String(), strconv.Itoa(v.Number), v.Headline, v.SourceKey, v.URL,
			iso(v.Seen.First), iso(v.Seen.Last), strconv.Itoa(v.Seen.Sightings),
			strconv.Itoa(v.Change.WordsAdded), strconv.Itoa(v.Change.WordsRemoved),
			strconv.FormatBool(v.Change.Headline), strconv.FormatBool(v.Change.Silent), string(v.State),
			strconv.FormatBool(v.Change.Grown), strconv.Itoa(v.Change.Posts),
		})
	}
	return sendCSV(w, r, table)
}

// sendArticleCSV answers with articles as a table.
func sendArticleCSV(w http.ResponseWriter, r *http.Request, rows []store.ArticleRow) error {
	table := [][]string{{"article_id", "headline", "source", "url", "state", "versions", "found", "published", "changed"}}
	for _, a := range rows {
		table = append(table, []string{
			id(a.ID).String(), a.Headline, a.SourceKey, a.URL, string(a.State), strconv.Itoa(a.Versions),
			isoOrEmpty(a.FoundAt), isoOrEmpty(a.Published), isoOrEmpty(a.ChangedAt),
		})
	}
	return sendCSV(w, r, table)
}

// isoOrEmpty leaves a cell empty where the time is unknown, rather than to say
// year 1.
func isoOrEmpty(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return iso(t)
}

// sendCSV writes a table whole before it is sent, and as a download: a browser
// must not guess a type from cells that others wrote.
func sendCSV(w http.ResponseWriter, r *http.Request, table [][]string) error {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	for _, line := range table {
		for i := range line {
			line[i] = disarm(line[i])
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	w.Header().Set("Content-Disposition", `attachment; filename="stet.csv"`)
	send(w, r, "text/csv; charset=utf-8; header=present", time.Time{}, b.Bytes())
	return nil
}

// disarm keeps spreadsheets from reading a text as a formula: a text that
// begins like one gets an apostrophe before it.
func disarm(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return "'" + s
	}
	return s
}
