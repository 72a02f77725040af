package web

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"stet/internal/news"
	"stet/internal/search"
	"stet/internal/store"
)

// A row is a version in a list.
type row struct {
	Href      string // where its headline leads (K16)
	Title     string
	Headline  []piece // with its change, when it changed
	Snippet   []piece
	Lead      string
	Badges    []badge
	Source    string
	SourceKey string
	URL       string
	At        time.Time
	Number    int
	Versions  int
	Tongue    tongue
}

// A badge is a short remark on a version.
type badge struct {
	Text, Why string
	More      string // of the text, for those who hear the page
	Class     string
	Since     time.Time // when what it tells began; zero = not told
}

// listPage is the list of versions: of all, of a search.
type listPage struct {
	layout
	Heading string
	Rows    []row
	Found   string // how many a search found, in words
	Pager   pager
	Search  bool   // it answers Query
	Problem string // why the query could not be read
	Changes bool   // first versions are left out
}

// versionList is the front page and /versions, as a page, a feed or a table.
func (s *Site) versionList(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if q.Has("q") { // the oldest address of the search (K2)
		return redirect(w, r, http.StatusMovedPermanently, "/versions/search?"+url.Values{"q": q["q"][:1]}.Encode())
	}
	changes := q.Get("changes") == "1"
	rows, ends, err := s.versionsAt(r, store.VersionQuery{ChangedOnly: changes})
	if err != nil {
		return err
	}
	query := ""
	if changes {
		query = "changes=1"
	}
	if _, f := formatOf(path.Base(r.URL.Path)); f != webPage {
		return s.sendList(w, r, f, rows, listFeed{
			Title:       s.name + ": newest versions",
			Description: "The newest versions of all articles that " + s.name + " watches",
			Path:        "/versions", Query: query,
		})
	}
	l, err := s.layout(r, "changes", "What changed in the news")
	if err != nil {
		return err
	}
	l.Feeds = feedsAt("Newest versions of all articles", "/versions", query)
	return s.showList(w, r, listPage{layout: l, Heading: "What changed", Pager: newPager(r, ends), Changes: changes}, rows)
}

// versionsAt is the page of a list of versions that a request asks for.
func (s *Site) versionsAt(r *http.Request, q store.VersionQuery) (rows []store.VersionRow, ends store.Ends, err error) {
	list := func(p store.Page) (_ store.Ends, err error) {
		q.Page = p
		rows, ends, err = s.store.VersionList(r.Context(), q)
		return ends, err
	}
	page, err := pageOf(r, ListSize, list)
	if err != nil {
		return nil, ends, err
	}
	if _, err = list(page); err == nil && pastEnd(len(rows), page, ends) {
		err = missing("such page of the list")
	}
	return rows, ends, err
}

// search is /versions/search. A query that is an address is looked up.
func (s *Site) search(w http.ResponseWriter, r *http.Request) error {
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	_, f := formatOf(path.Base(r.URL.Path))
	if f == webPage && isAddress(text) {
		return redirect(w, r, http.StatusFound, "/lookup?"+url.Values{"url": {text}}.Encode())
	}
	got, complaint, err := s.find(r, text)
	if err != nil {
		return err
	}
	query := url.Values{"q": {text}}.Encode()
	if f != webPage {
		if complaint != "" {
			return refuse(http.StatusBadRequest, "The search cannot be read", complaint)
		}
		return s.sendList(w, r, f, got.rows, listFeed{
			Title:       s.name + ": search for " + text,
			Description: "Articles that match the search " + text,
			Path:        "/versions/search", Query: query,
		})
	}
	l, err := s.layout(r, "changes", "Search: "+cut(text, TitleLength))
	if err != nil {
		return err
	}
	l.Query = text
	l.Feeds = feedsAt("This search", "/versions/search", query)
	p := listPage{layout: l, Heading: "Search", Found: foundText(got.total), Pager: newPager(r, got.ends), Search: true, Problem: complaint}
	return s.showList(w, r, p, got.rows)
}

// foundText tells how many a search found (K19).
func foundText(n int) string {
	if n > store.MaxFound {
		return "More than " + plural(store.MaxFound, "result", "results")
	}
	return "About " + plural(n, "result", "results")
}

// found is a page of what a search found.
type found struct {
	rows  []store.VersionRow
	total int
	ends  store.Ends
}

// find runs a query; complaint says in words what is wrong with it.
func (s *Site) find(r *http.Request, text string) (got found, complaint string, err error) {
	q, err := search.Parse(text)
	if err != nil {
		return got, err.Error(), nil
	}
	list := func(p store.Page) (_ store.Ends, err error) {
		got.rows, got.total, got.ends, err = s.store.Search(r.Context(), q, p)
		return got.ends, err
	}
	page, err := pageOf(r, ListSize, list)
	if err != nil || q.Empty() {
		return got, "", err
	}
	if _, err = list(page); err == nil && pastEnd(len(got.rows), page, got.ends) {
		err = missing("such page of the list")
	}
	return got, "", err
}

// isAddress reports whether a query is rather an address to look up. Only with
// a scheme: "example.org" may be words of an article.
func isAddress(text string) bool {
	l := strings.ToLower(text)
	return (strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://")) && !strings.ContainsAny(text, " \"")
}

// showList fills the rows.
func (s *Site) showList(w http.ResponseWriter, r *http.Request, p listPage, rows []store.VersionRow) (err error) {
	if p.Rows, err = s.rows(r, rows); err != nil {
		return err
	}
	return s.show(w, r, "list", p)
}

// rows fills what the rows of a list show. Contents are read once for each
// version, then kept as previews; the log tells of gone and returned.
func (s *Site) rows(r *http.Request, in []store.VersionRow) ([]row, error) {
	out := make([]row, 0, len(in))
	for _, v := range in {
		p, err := s.preview(r.Context(), v)
		if err != nil {
			return nil, err
		}
		log, err := s.store.ArticleChanges(r.Context(), v.ArticleID)
		if err != nil {
			return nil, err
		}
		out = append(out, row{
			Href: rowHref(v), Title: visible(cut(v.Headline, TitleLength)), Headline: pieces(p.Headline),
			Snippet: pieces(p.Snippet), Lead: visible(p.Lead), Badges: badges(v, p, log),
			Source: v.SourceName, SourceKey: v.SourceKey, URL: v.URL, At: v.Seen.First,
			Number: v.Number, Versions: v.Versions, Tongue: p.Tongue,
		})
	}
	return out, nil
}

// rowHref is where a version in a list leads: to what it changed; the first
// version to what came after it, else to its article (K16).
func rowHref(v store.VersionRow) string {
	switch {
	case v.Number > 0:
		return diffPath(v.ArticleID, v.Number-1, v.Number)
	case v.Versions > 1:
		return diffPath(v.ArticleID, 0, 1)
	}
	return articlePath(v.ArticleID)
}

// badges are the remarks on a version, the weightiest first.
func badges(v store.VersionRow, p preview, log []news.Change) []badge {
	var out []badge
	add := func(when bool, b badge) {
		if when {
			out = append(out, b)
		}
	}
	state, ok := stateBadge(v.State, time.Time{}, log)
	add(ok, state)
	if v.Number == 0 {
		return append(out, badge{Text: "first version"})
	}
	if v.Change.Grown {
		return append(out, badge{Text: "live: " + grew(v.Change.Posts), Why: "Posts were added to a live blog, and nothing that stood was edited"})
	}
	a := v.Appraisal
	if a == nil {
		a = p.Appraisal
	}
	admitted, ok := disclosureBadge(v.Change, a)
	if a != nil {
		out = append(out, significanceBadge(*a))
	}
	add(ok, admitted)
	if a != nil {
		out = append(out, kindBadges(a.Kinds)...)
	}
	add(v.Change.WordsAdded+v.Change.WordsRemoved > 0,
		badge{Text: signed(v.Change.WordsAdded, v.Change.WordsRemoved) + " words", Why: "Words added and removed"})
	return out
}

// articleListPage is /articles.
type articleListPage struct {
	layout
	Rows  []articleRow
	Pager pager
}

// An articleRow is an article in the list of articles.
type articleRow struct {
	store.ArticleRow
	Href   string
	Title  string
	Tongue tongue
	Badge  *badge // where it stands, unless it is live
	Means  *badge // what its newest version changed
}

// articleList is /articles, and /articles.csv.
func (s *Site) articleList(w http.ResponseWriter, r *http.Request) error {
	var rows []store.ArticleRow
	var ends store.Ends
	list := func(p store.Page) (_ store.Ends, err error) {
		rows, ends, err = s.store.ArticleList(r.Context(), store.ArticleQuery{Page: p})
		return ends, err
	}
	page, err := pageOf(r, ArticleSize, list)
	if err != nil {
		return err
	}
	if _, err := list(page); err != nil {
		return err
	}
	if pastEnd(len(rows), page, ends) {
		return missing("such page of the list")
	}
	if _, f := formatOf(path.Base(r.URL.Path)); f == csvTable {
		return sendArticleCSV(w, r, rows)
	}
	l, err := s.layout(r, "articles", "Articles")
	if err != nil {
		return err
	}
	p := articleListPage{layout: l, Pager: newPager(r, ends)}
	for _, a := range rows {
		title := a.Headline
		if title == "" {
			title = a.URL
		}
		href := articlePath(a.ID)
		if a.Versions > 1 { // its latest diff (K21)
			href = diffPath(a.ID, a.Versions-2, a.Versions-1)
		}
		row := articleRow{ArticleRow: a, Href: href, Title: visible(cut(title, TitleLength)), Tongue: tongueOf(a.Language)}
		if b, ok := stateBadge(a.State, began(a.Article, nil), nil); ok {
			row.Badge = &b
		}
		if a.Appraisal != nil && len(a.Appraisal.Kinds) > 0 {
			row.Means = &badge{Text: listed(a.Appraisal.Kinds), Why: significanceBadge(*a.Appraisal).Why}
		}
		p.Rows = append(p.Rows, row)
	}
	return s.show(w, r, "articles", p)
}

// The addresses of an article, of a version by number, and of a diff. They are
// kept for ever: feeds give them as guids.
func articlePath(article int64) string { return "/articles/" + id(article).String() }

func versionPath(article int64, n int) string {
	return articlePath(article) + "/versions/" + id(n).String()
}

func diffPath(article int64, older, newer int) string {
	return articlePath(article) + "/diff/" + id(older).String() + "/" + id(newer).String()
}
