package web

import (
	"net/http"
	"net/url"
	"strconv"

	"stet/internal/store"
)

// pageOf reads where in a list a page begins: ?before= and ?after=, cursors that
// pages link to, or ?page=, which old addresses have and which counts from 1 (K1).
// The place of a numbered page is found by a walk over the lines before it, by list,
// so only the first MaxPage are.
func pageOf(r *http.Request, size int, list func(store.Page) (store.Ends, error)) (store.Page, error) {
	q, p := r.URL.Query(), store.Page{Size: size}
	for name, cursor := range map[string]*int64{"before": &p.Before, "after": &p.After} {
		if v := q.Get(name); v != "" {
			n, err := number(v)
			if err != nil || n == 0 {
				return p, refuse(http.StatusBadRequest, "There is no such place in a list", "Places are told by numbers from 1. Go on from the newest page.")
			}
			*cursor = int64(n)
		}
	}
	if p.Before > 0 || p.After > 0 || q.Get("page") == "" {
		return p, nil
	}
	n, err := strconv.Atoi(q.Get("page"))
	switch {
	case err != nil || n < 1:
		return p, refuse(http.StatusBadRequest, "There is no such page", "Pages are numbered from 1.")
	case n > MaxPage:
		return p, &problem{Status: http.StatusNotFound, Title: "This page has no number any more", Onward: listAddress(r, "", 0),
			Text: "The first " + count(MaxPage) + " pages of a list can be asked for by number. What is older is found by “Older” from page to page, or by a search."}
	case n > 1:
		ends, err := list(store.Page{Size: (n - 1) * size})
		if err == nil && ends.Older == 0 {
			err = missing("such page of the list")
		}
		p.Before = ends.Older
		return p, err
	}
	return p, nil
}

// listAddress is the address of the request's list at another place. The rest of the
// query is kept, so that a search stays one.
func listAddress(r *http.Request, name string, cursor int64) string {
	q := url.Values{}
	for k, v := range r.URL.Query() {
		if k != "page" && k != "before" && k != "after" {
			q[k] = v
		}
	}
	if name != "" {
		q.Set(name, strconv.FormatInt(cursor, 10))
	}
	return withQuery(r.URL.Path, q.Encode())
}

// A pager leads from a page to those beside it. Empty addresses lead nowhere.
type pager struct {
	Newest string // the first page; empty on that page
	Newer  string
	Older  string
}

func newPager(r *http.Request, ends store.Ends) (p pager) {
	if ends.Newer != 0 {
		p.Newest, p.Newer = listAddress(r, "", 0), listAddress(r, "after", ends.Newer)
	}
	if ends.Older != 0 {
		p.Older = listAddress(r, "before", ends.Older)
	}
	return p
}

// First reports whether no newer page is there.
func (p pager) First() bool { return p.Newest == "" }

// pastEnd reports whether an address asks for a page where the list has none. An
// empty list has one page, and so has a stretch of which nothing may be shown.
func pastEnd(rows int, p store.Page, ends store.Ends) bool {
	return rows == 0 && (p.Before > 0 || p.After > 0) && ends.Older == 0
}
