package web

import (
	"net/http"
	"regexp"

	"stet/internal/news"
)

// addFilter keeps a filter for one source or all. It works on entries from now
// on: articles that are watched already stay.
func (s *Site) addFilter(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	f, err := filterOf(r)
	if err != nil {
		return err
	}
	if key := r.PostFormValue("source"); key != "" {
		src, err := s.store.Source(r.Context(), key)
		if err != nil {
			return orMissing(err, "source")
		}
		f.SourceID = src.ID
	}
	if _, err := s.store.AddFilter(r.Context(), f); err != nil {
		return err
	}
	return redirect(w, r, http.StatusSeeOther, "/admin#filters")
}

// filterOf reads a filter and checks it, so that no filter that cannot work is
// kept (K49).
func filterOf(r *http.Request) (news.Filter, error) {
	pattern, err := text(r, "pattern")
	if err != nil {
		return news.Filter{}, err
	}
	f := news.Filter{Field: news.Field(r.PostFormValue("field")), Pattern: pattern, Keep: r.PostFormValue("keep") == "1"}
	switch f.Field {
	case news.FieldURL, news.FieldTitle, news.FieldCategory:
	default:
		return f, refuse(http.StatusBadRequest, "A filter tests the address, the title or the category", "Choose one of them.")
	}
	if pattern == "" || len(pattern) > news.MaxPattern {
		return f, refuse(http.StatusBadRequest, "A filter needs a pattern", "From 1 to "+count(news.MaxPattern)+" bytes.")
	}
	if _, err := regexp.Compile(pattern); err != nil {
		return f, refuse(http.StatusBadRequest, "The pattern cannot be read", err.Error()+".")
	}
	return f, nil
}

// removeFilter lets entries in again, from the next visit to their feed.
func (s *Site) removeFilter(w http.ResponseWriter, r *http.Request) error {
	n, err := number(r.PathValue("id"))
	if err != nil {
		return missing("filter")
	}
	if err := s.store.RemoveFilter(r.Context(), int64(n)); err != nil {
		return orMissing(err, "filter")
	}
	return redirect(w, r, http.StatusSeeOther, "/admin#filters")
}

// hide keeps an article from readers, by its number or address (F30). Nothing
// is deleted.
func (s *Site) hide(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	which, err := text(r, "article")
	if err != nil {
		return err
	}
	reason, err := text(r, "reason")
	if err != nil {
		return err
	}
	if reason == "" {
		return refuse(http.StatusBadRequest, "Give a reason", "It is kept with the article.")
	}
	n, err := number(which)
	if err != nil {
		addr, err := addressOf(which)
		if err != nil {
			return missing("article")
		}
		found, err := s.store.Lookup(r.Context(), addr.Key)
		if err != nil {
			return orMissing(err, "article")
		}
		n = id(found)
	}
	if err := s.store.Hide(r.Context(), int64(n), reason); err != nil {
		return orMissing(err, "article")
	}
	return redirect(w, r, http.StatusSeeOther, "/admin#hide")
}
