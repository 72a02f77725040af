package web

import (
	"net/http"
	"slices"
	"strings"

	"stet/internal/news"
)

// reservations are what pages reserve, as readers know it.
func reservations(r news.Reservation) string {
	switch r {
	case news.NoIndex:
		return "asks not to be listed by search engines (noindex)"
	case news.NoArchive:
		return "asks that no copy be shown (noarchive)"
	case news.TDM:
		return "reserves text and data mining (TDMRep)"
	}
	return string(r)
}

// reserves tells what the page of an article reserves, and since when it is known
// to; empty when that is nothing.
func reserves(a news.Article) string {
	var parts []string
	for _, what := range a.Reserved.What {
		parts = append(parts, reservations(what))
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, ", ")
	if i := len(parts) - 1; i > 0 {
		text = strings.Join(parts[:i], ", ") + " and " + parts[i]
	}
	if !a.ReservedAt.IsZero() {
		text += ", since " + clock(a.ReservedAt) + " or before"
	}
	return "Its publisher's page " + text + "."
}

// passOn asks of search engines for our pages of an article what its publisher
// asks for his.
func passOn(w http.ResponseWriter, r news.Reserved) {
	var asked []string
	for _, what := range []news.Reservation{news.NoIndex, news.NoArchive} {
		if slices.Contains(r.What, what) {
			asked = append(asked, string(what))
		}
	}
	if len(asked) > 0 {
		w.Header().Set("X-Robots-Tag", strings.Join(asked, ", "))
	}
}
