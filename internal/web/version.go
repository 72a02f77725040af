package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// versionPage is the text of one version.
type versionPage struct {
	layout
	Article news.Article
	Source  news.Source
	Version news.Version
	Text    []textBlock
	Remarks remarks
	Claims  []claimGroup
	Links   []news.Link
	Capture *news.Capture // that the text was read from
	Dropped *store.Drop   // that the raw bytes were given up; nil = they were not
	Picture string        // address of its screenshot; empty = none is kept
	Again   *again        // what a later extractor reads in it; nil = nothing is kept of that
	Tongue  tongue
	Byline  string
	Diff    string // what it changed; empty for the first
	Prev    string
	Next    string
	Strip   []stripItem
}

// An again is the text that a later extractor reads in the capture of a version.
type again struct {
	Extractor string
	At        time.Time
	Same      bool   // it says the same
	Shown     bool   // the page shows it
	Href      string // of the other of the two readings
}

// version is /versions/{id}, the address that feeds name (K5, K43).
func (s *Site) version(w http.ResponseWriter, r *http.Request) error {
	n, err := number(r.PathValue("id"))
	if err != nil {
		return missing("version")
	}
	v, err := s.store.Version(r.Context(), int64(n))
	if err != nil {
		return orMissing(err, "version")
	}
	a, src, done, err := s.articleOf(w, r, id(v.ArticleID).String())
	if done || err != nil {
		return err
	}
	return s.showVersion(w, r, a, src, v)
}

// articleVersion is /articles/{id}/versions/{number}. News Sniffer put the
// version's id there (K5). A number that the article has is taken as a number;
// anything else that is the id of one of its versions leads to its number. The
// id of a version is always greater than its number, so the two readings can
// only meet in a store's very first versions, and there the number wins.
func (s *Site) articleVersion(w http.ResponseWriter, r *http.Request) error {
	a, src, done, err := s.articleOf(w, r, r.PathValue("id"))
	if done || err != nil {
		return err
	}
	n, err := number(r.PathValue("number"))
	if err != nil {
		return missing("version")
	}
	if int64(n) < int64(a.Versions) {
		v, err := s.store.VersionByNumber(r.Context(), a.ID, int(n))
		if err != nil {
			return orMissing(err, "version")
		}
		return s.showVersion(w, r, a, src, v)
	}
	v, err := s.store.Version(r.Context(), int64(n))
	if err != nil {
		return orMissing(err, "version")
	}
	if v.ArticleID != a.ID {
		return missing("version of this article")
	}
	return redirect(w, r, http.StatusMovedPermanently, versionPath(a.ID, v.Number))
}

// showVersion shows the whole text. Search engines are asked not to keep it: it
// is the publisher's, and theirs to find (K29).
func (s *Site) showVersion(w http.ResponseWriter, r *http.Request, a news.Article, src news.Source, v news.Version) error {
	l, err := s.articleLayout(r, a, cut(v.Content.Headline, TitleLength)+" (version "+id(v.Number).String()+")")
	if err != nil {
		return err
	}
	reading, err := s.readAgain(r, &v)
	if err != nil {
		return err
	}
	l.NoIndex, l.Generator = true, generator(v.Extractor)
	p := versionPage{
		layout: l, Article: a, Source: src, Version: v, Tongue: tongueOf(v.Content.Language),
		Byline: strings.Join(v.Content.Byline, ", "), Again: reading,
		Text: textBlocks(v.Content), Remarks: remarksOf(v.Content), Claims: claimGroups(v.Content), Links: namedLinks(v.Content),
	}
	if p.Strip, err = s.strip(r, a, v.Number, 0, func(n int) string { return versionPath(a.ID, n) }); err != nil {
		return err
	}
	if v.Number > 0 {
		p.Diff, p.Prev = diffPath(a.ID, v.Number-1, v.Number), versionPath(a.ID, v.Number-1)
	}
	if v.Number+1 < a.Versions {
		p.Next = versionPath(a.ID, v.Number+1)
	}
	c, err := s.store.CaptureOf(r.Context(), v.CaptureID)
	switch {
	case err == nil:
		p.Capture = &c
		if p.Dropped, err = s.dropped(r, c.Raw); err != nil {
			return err
		}
		if !c.Screenshot.IsZero() {
			p.Picture = screenshotPath(c.ID)
		}
	case !isNotFound(err): // an imported version has none
		return err
	}
	return s.show(w, r, "version", p)
}

// dropped tells whether the raw bytes of a capture were given up.
func (s *Site) dropped(r *http.Request, raw news.Digest) (*store.Drop, error) {
	drop, err := s.store.Dropped(r.Context(), raw)
	if isNotFound(err) {
		return nil, nil
	}
	return &drop, err
}

// readAgain finds what a later extractor reads in the capture of a version, and
// puts it in place of the recorded text when "?reading=later" asks for it.
func (s *Site) readAgain(r *http.Request, v *news.Version) (*again, error) {
	later, at, err := s.store.DerivedVersion(r.Context(), v.ID)
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	reading := &again{Extractor: later.Extractor, At: at, Same: later.Content.Identity() == v.Content.Identity()}
	path := versionPath(v.ArticleID, v.Number)
	if reading.Shown = r.URL.Query().Get("reading") == "later"; reading.Shown {
		*v, reading.Href = later, path
	} else {
		reading.Href = path + "?reading=later"
	}
	return reading, nil
}

// A stripItem is a number in the strip of versions.
type stripItem struct {
	Number  int
	Href    string // empty: the current one
	Title   string // when it was first seen
	Gap     bool   // numbers left out
	Current bool
}

// strip lists the versions from first on with their times, the current one
// without a link (K32).
func (s *Site) strip(r *http.Request, a news.Article, current, first int, href func(int) string) ([]stripItem, error) {
	versions, err := s.store.ArticleVersions(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	seen := map[int]time.Time{}
	for _, v := range versions {
		seen[v.Number] = v.Seen.First
	}
	var out []stripItem
	for _, n := range window(current, first, a.Versions-1, 6, MaxStrip) {
		item := stripItem{Number: n, Gap: n == gap, Current: n == current}
		if !item.Gap && !item.Current {
			item.Href, item.Title = href(n), clock(seen[n])
		}
		out = append(out, item)
	}
	return out, nil
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
