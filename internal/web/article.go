package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"stet/internal/news"
)

// articlePage is the history of one article.
type articlePage struct {
	layout
	Article   news.Article
	Source    news.Source
	Headline  string
	Tongue    tongue
	Calls     []string // what readers should know first
	Remarks   remarks  // of the version that was seen last
	Reserves  string   // what its page reserves, in words; empty = nothing
	Visit     string   // when it is visited next, in words (F24)
	Times     string   // how often it changed (F26)
	Feed      string
	Grew      string // how often posts were added; empty if never
	Timeline  []dot
	Mark      string         // at the end of the timeline: gone, moved …; empty = it can be read
	Headlines []headlineSpan // the newest first, at most MaxHeadlines
	Earlier   *earlier       // the others, folded away
	Versions  []versionLine  // oldest first, at most MaxTableRows
	Left      int            // versions not in the table
	Compare   bool           // there are two versions to compare
	FirstLast string         // address of the diff of first and latest
	Turns     []turnLine     // gone, returned, moved …, the newest first
	Held      []news.Held    // blocks held back, the last first
}

// A dot is a version on the timeline.
type dot struct {
	Number int
	Href   string
	Label  string // for those who hear the page
	Class  string // gap before, weight, headline: see stet.css
}

// earlier are the headlines that have no room at first sight.
type earlier struct {
	Headlines []headlineSpan
	Tongue    tongue
}

// A headlineSpan is a headline with the time that it stood.
type headlineSpan struct {
	Text     string
	From, To time.Time // To zero: still
	Stood    string
}

// A versionLine is a version in the table of an article.
type versionLine struct {
	Number   int
	Headline string
	Href     string // its text
	Diff     string // what it changed; empty for the first
	Was      time.Time
	Seen     news.Seen
	Period   string // since the version before (K27)
	Words    string // added and removed; of a live blog that only grew, its posts
	Label    string // the same for those who hear the page
	Means    *badge // what it touches; nil when that is not known
	Admitted *badge // whether the page admits it
	Older    bool   // ticked in the form
	Newer    bool
}

// articleOf finds the article that a path names by id. A hidden one is gone
// for readers; a duplicate is shown at the article that has its address.
func (s *Site) articleOf(w http.ResponseWriter, r *http.Request, part string) (a news.Article, src news.Source, done bool, err error) {
	n, err := number(part)
	if err != nil {
		return a, src, false, missing("article")
	}
	a, src, err = s.store.Article(r.Context(), int64(n))
	if err != nil {
		return a, src, false, orMissing(err, "article")
	}
	if a.Hidden != "" {
		return a, src, false, hidden()
	}
	passOn(w, a.Reserved)
	if a.State == news.Duplicate {
		if addr, err := news.ParseAddress(a.URL, nil); err == nil {
			if other, err := s.store.Lookup(r.Context(), addr.Key); err == nil && other != a.ID {
				return a, src, true, redirect(w, r, http.StatusMovedPermanently, articlePath(other))
			}
		}
	}
	return a, src, false, nil
}

// article is /articles/{id}, and its feeds.
func (s *Site) article(w http.ResponseWriter, r *http.Request) error {
	part, f := formatOf(r.PathValue("id"))
	a, src, done, err := s.articleOf(w, r, part)
	if done || err != nil {
		return err
	}
	if f != webPage {
		return s.sendArticle(w, r, f, a, src)
	}
	versions, err := s.store.ArticleVersions(r.Context(), a.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(versions, func(a, b news.Version) int { return cmp.Compare(a.Number, b.Number) })
	log, err := s.store.ArticleChanges(r.Context(), a.ID)
	if err != nil {
		return err
	}
	l, err := s.articleLayout(r, a, "'"+cut(headlineOf(a), TitleLength)+"' article")
	if err != nil {
		return err
	}
	if len(versions) > 0 {
		l.Generator = generator(versions[len(versions)-1].Extractor)
	}
	changes := byNumber(log)
	means, err := s.appraisals(r, a)
	if err != nil {
		return err
	}
	p := articlePage{
		layout: l, Article: a, Source: src, Headline: headlineOf(a), Tongue: tongueOf(a.Language),
		Calls: calls(a, log, means, l.Now), Visit: nextVisit(a, l.Now), Feed: l.Feeds[0].Href, Mark: turns[a.State].word, Turns: turnLines(log), Reserves: reserves(a),
		Timeline: timeline(a.ID, versions, changes), Headlines: headlines(versions),
		Versions: lines(a.ID, versions, changes, means), Left: max(0, len(versions)-MaxTableRows), Compare: len(versions) > 1,
	}
	p.Times, p.Grew = howOften(len(versions), changes)
	if err := s.articleText(r, &p, versions); err != nil {
		return err
	}
	if n := len(p.Headlines); n > MaxHeadlines {
		p.Headlines, p.Earlier = p.Headlines[:MaxHeadlines], &earlier{p.Headlines[MaxHeadlines:], p.Tongue}
	}
	if len(versions) > 2 {
		p.FirstLast = diffPath(a.ID, 0, len(versions)-1)
	}
	return s.show(w, r, "article", p)
}

// articleText adds what the version that was seen last says beside its
// headline, and the blocks that were held back.
func (s *Site) articleText(r *http.Request, p *articlePage, versions []news.Version) (err error) {
	if p.Article.Held > 0 {
		if p.Held, err = s.store.HeldBlocks(r.Context(), p.Article.ID); err != nil {
			return err
		}
	}
	if len(versions) == 0 {
		return nil
	}
	shown := slices.MaxFunc(versions, func(a, b news.Version) int { return a.Seen.Last.Compare(b.Seen.Last) })
	v, err := s.store.Version(r.Context(), shown.ID)
	if err != nil {
		return err
	}
	p.Remarks = remarksOf(v.Content)
	return nil
}

// howOften tells how often an article changed, and how often posts were added
// to it: the first version is no change (F26), growth no edit.
func howOften(versions int, changes map[int]news.Change) (changed, grew string) {
	times := func(n int) string {
		if n == 1 {
			return "once"
		}
		return count(n) + " times"
	}
	grown := 0
	for n, c := range changes {
		if n > 0 && c.Grown {
			grown++
		}
	}
	if grown > 0 {
		grew = times(grown)
	}
	return times(versions - 1 - grown), grew
}

// articleLayout is the layout of all pages of an article (K28).
func (s *Site) articleLayout(r *http.Request, a news.Article, title string) (layout, error) {
	l, err := s.layout(r, "articles", title)
	l.Original = a.URL
	l.Feeds = feedsAt("Changes to this article", articlePath(a.ID), "")
	return l, err
}

// headlineOf never gives nothing: a link without words cannot be followed.
func headlineOf(a news.Article) string {
	if a.Headline == "" {
		return a.URL
	}
	return a.Headline
}

// byNumber finds the log's entry for each version.
func byNumber(log []news.Change) map[int]news.Change {
	m := make(map[int]news.Change, len(log))
	for _, c := range log {
		if c.Type == news.VersionAppeared {
			m[c.Number] = c
		}
	}
	return m
}

// nextVisit says when the article is visited next, and only what is true (F24).
func nextVisit(a news.Article, now time.Time) string {
	switch {
	case a.Due.IsZero():
		return "It is not visited any more."
	case !a.Due.After(now):
		return "Its next visit is due now."
	case a.State == news.StateGone:
		return "It is visited again " + clock(a.Due) + ", in case it returns."
	}
	return "Its next visit is due in " + span(a.Due.Sub(now)) + ", " + clock(a.Due) + "."
}

// articleVersions is /articles/{id}/versions: the history is on the article's
// own page (K12).
func (s *Site) articleVersions(w http.ResponseWriter, r *http.Request) error {
	a, _, done, err := s.articleOf(w, r, r.PathValue("id"))
	if done || err != nil {
		return err
	}
	return redirect(w, r, http.StatusMovedPermanently, articlePath(a.ID)+"#versions")
}

// compare takes the form of the article's page to the diff that it asks for.
func (s *Site) compare(w http.ResponseWriter, r *http.Request) error {
	a, _, done, err := s.articleOf(w, r, r.PathValue("id"))
	if done || err != nil {
		return err
	}
	older, err1 := number(r.URL.Query().Get("older"))
	newer, err2 := number(r.URL.Query().Get("newer"))
	if err1 != nil || err2 != nil {
		return refuse(http.StatusBadRequest, "Choose two versions", "Go back and mark one version in each column.")
	}
	return redirect(w, r, http.StatusFound, diffPath(a.ID, int(older), int(newer)))
}
