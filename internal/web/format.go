package web

import (
	"strconv"
	"strings"

	"stet/internal/feed"
)

// A format is what an address asks for by its ending.
type format string

const (
	webPage  format = ""
	rss      format = "rss"
	atom     format = "atom"
	jsonFeed format = "json"
	csvTable format = "csv"
)

// feedFormats are the endings that package feed writes, with the media type
// that each is sent as.
var feedFormats = map[format]struct {
	format feed.Format
	kind   string
}{
	rss:      {feed.RSS, "text/xml; charset=utf-8"}, // as News Sniffer sent it
	atom:     {feed.Atom, "application/atom+xml; charset=utf-8"},
	jsonFeed: {feed.JSONFeed, "application/feed+json; charset=utf-8"},
}

// formatOf takes the ending off the last part of a path: "12.rss" → "12", rss.
func formatOf(part string) (string, format) {
	i := strings.LastIndexByte(part, '.')
	if i < 0 {
		return part, webPage
	}
	switch f := format(part[i+1:]); f {
	case rss, atom, jsonFeed, csvTable:
		return part[:i], f
	}
	return part, webPage
}

// An id is a number in a path: an article, a version, a feed, a version's
// place. At most 18 digits, no sign, no leading zeros but "0" itself.
type id int64

func (n id) String() string { return strconv.FormatInt(int64(n), 10) }

// number reads an id. The leading zero is refused so that each thing has one
// address.
func number(s string) (id, error) {
	if s == "" || len(s) > 18 || strings.Trim(s, "0123456789") != "" || (len(s) > 1 && s[0] == '0') {
		return 0, missing("page")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return id(n), err
}

// window gives the numbers first…last, all of them if they are at most whole,
// else the ends and those within near of the current one, and a gap between.
func window(current, first, last, near, whole int) []int {
	var out []int
	for n := first; n <= last; n++ {
		if last-first < whole || n == first || n == last || (n >= current-near && n <= current+near) {
			out = append(out, n)
			continue
		}
		if len(out) > 0 && out[len(out)-1] != gap {
			out = append(out, gap)
		}
		switch { // leap over the rest of the gap
		case n < current-near:
			n = current - near - 1
		default:
			n = last - 1
		}
	}
	return out
}

// gap stands in a window for the numbers left out.
const gap = -1
