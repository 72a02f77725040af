package web

import (
	"net/http"
	"net/url"
	"strings"

	"stet/internal/diff"
	"stet/internal/news"
)

// A view is a form in which a diff is shown.
type view string

const (
	inlineView view = "inline"
	splitView  view = "split"
	plainView  view = "plain"
	goneView   view = "removed" // only what was taken out
)

// diffPage shows what differs between two versions of an article.
type diffPage struct {
	layout
	Article  news.Article
	Source   news.Source
	Tongue   tongue
	Older    news.Version
	Newer    news.Version
	Script   diff.Script
	When     []string // in words, when the change was made
	Visit    string   // the next, in words
	Means    diffMeaning
	Words    string // added and removed
	Grown    string // how many posts were added, when nothing else changed
	State    *badge // where the article stands, unless it is live
	Heading  heading
	Fields   []fieldRow
	Links    linkRows
	Claims   []claimRow
	Segments []segment // the body, inline
	Groups   []group   // the body, side by side
	Plain    string    // the body, or what was taken out of it, as plain text
	View     view
	Views    []viewLink
	All      bool   // unchanged paragraphs are not left out of the split view
	AllHref  string // address of the same with all
	Strip    []stripItem
	Prev     string // previous and next change, empty at the ends
	Next     string
	Same     bool // the two are equal
}

// A viewLink leads to another view of the same two versions.
type viewLink struct {
	Name    string
	Href    string
	Current bool
	Other   bool // where the key "s" leads
}

// diff is /articles/{id}/diff/{older}/{newer}: version numbers, any pair, also
// reversed or equal; unknown ones are answered in plain text (K8).
func (s *Site) diff(w http.ResponseWriter, r *http.Request) error {
	a, src, done, err := s.articleOf(w, r, r.PathValue("id"))
	if done || err != nil {
		return plainly(err)
	}
	older, err := s.numbered(r, a, r.PathValue("older"))
	if err != nil {
		return plainly(err)
	}
	newer, err := s.numbered(r, a, r.PathValue("newer"))
	if err != nil {
		return plainly(err)
	}
	p, err := s.diffPage(r, a, older, newer)
	if err != nil {
		return err
	}
	p.Source = src
	return s.show(w, r, "diff", p)
}

// plainly turns "there is none" into plain text, as News Sniffer said it.
func plainly(err error) error {
	if p, ok := err.(*problem); ok && p.Status == http.StatusNotFound {
		return &problem{Status: p.Status, Title: p.Title, Plain: true}
	}
	return err
}

// numbered finds the version that a part of the path names by number.
func (s *Site) numbered(r *http.Request, a news.Article, part string) (news.Version, error) {
	n, err := number(part)
	if err != nil || int64(n) >= int64(a.Versions) {
		return news.Version{}, missing("such version")
	}
	v, err := s.store.VersionByNumber(r.Context(), a.ID, int(n))
	return v, orMissing(err, "such version")
}

// diffPage compares the two versions and says all that stands around the body.
// Pairs that are not neighbours are kept from search engines: an article with
// n versions has n² of them.
func (s *Site) diffPage(r *http.Request, a news.Article, older, newer news.Version) (diffPage, error) {
	title := "'" + cut(newer.Content.Headline, TitleLength) + "' diff (" + id(older.Number).String() + "/" + id(newer.Number).String() + ")"
	l, err := s.articleLayout(r, a, title)
	if err != nil {
		return diffPage{}, err
	}
	log, err := s.store.ArticleChanges(r.Context(), a.ID)
	if err != nil {
		return diffPage{}, err
	}
	l.NoIndex, l.Generator = older.Number+1 != newer.Number, generator(newer.Extractor)
	script := diff.Compare(older.Content, newer.Content)
	p := diffPage{
		layout: l, Article: a, Older: older, Newer: newer, Script: script, Tongue: tongueOf(newer.Content.Language),
		Visit: nextVisit(a, l.Now), View: viewOf(r), All: r.URL.Query().Get("all") == "1",
		Same: script.Empty(),
	}
	change, adjacent := byNumber(log)[newer.Number]
	adjacent = adjacent && older.Number+1 == newer.Number
	if adjacent && change.Grown {
		p.Grown = "live: " + grew(change.Posts)
	}
	of := int64(0)
	if adjacent {
		of = newer.ID
	}
	appraisal, err := s.meaning(r.Context(), of, older.Content, newer.Content, script)
	if err != nil {
		return p, err
	}
	p.Means = newDiffMeaning(appraisal, script, p.Tongue, p.anchorBase(r), p.Grown != "")
	if b, ok := stateBadge(a.State, began(a, log), log); ok {
		p.State = &b
	}
	p.When = made(older, newer, change, adjacent)
	p.Views = viewLinks(r, p.View)
	p.AllHref = r.URL.Path + "?" + url.Values{"view": {string(p.View)}, "all": {"1"}}.Encode()
	p.Words = signed(script.WordsAdded, script.WordsRemoved)
	if p.Strip, err = s.strip(r, a, newer.Number, 1, func(n int) string { return diffPath(a.ID, n-1, n) }); err != nil {
		return p, err
	}
	if newer.Number > 1 {
		p.Prev = diffPath(a.ID, newer.Number-2, newer.Number-1)
	}
	if newer.Number+1 < a.Versions {
		p.Next = diffPath(a.ID, newer.Number, newer.Number+1)
	}
	p.body(older.Content, newer.Content, appraisal)
	return p, nil
}

// Wide reports whether the page needs more than a reading column.
func (p diffPage) Wide() bool { return p.View == splitView }

// anchorBase stands before the anchors of changes: nothing where they are on the
// page itself, else the address of the page that has them.
func (p diffPage) anchorBase(r *http.Request) string {
	if p.View == plainView || p.View == goneView {
		return r.URL.Path
	}
	return ""
}

// body fills what the chosen view shows.
func (p *diffPage) body(older, newer news.Content, a news.Appraisal) {
	n := p.fields(newer.Headline, older.Headline)
	p.Links, p.Claims = linksOf(p.Script, n), claimsOf(p.Script)
	if p.Links.N > 0 {
		n++
	}
	rows := diffRows(p.Script, n, a, p.Tongue)
	switch p.View {
	case splitView:
		if !p.All {
			rows = shorten(rows)
		}
		p.anchors(rows, func(r *diffRow) [][]piece { return [][]piece{r.Old, r.New} })
		p.Groups = newGrouper(older, newer).groups(rows, false)
	case plainView:
		p.Plain = diff.Plain(p.Script, 1)
	case goneView:
		p.Plain = diff.RemovedOnly(p.Script)
	default:
		p.anchors(rows, func(r *diffRow) [][]piece { return [][]piece{r.Pieces} })
		g := newGrouper(older, newer)
		p.Segments = segments(rows)
		for i, seg := range p.Segments {
			p.Segments[i].Groups = g.groups(seg.Rows, seg.Folded)
		}
	}
}

// anchors names the ends of passages that moved, in what a view shows of each row.
func (p *diffPage) anchors(rows []diffRow, of func(*diffRow) [][]piece) {
	var shown [][]piece
	for i := range rows {
		shown = append(shown, of(&rows[i])...)
	}
	anchorMoves(shown)
}

// made says when the change was made: T1 and T2, and what lies between.
func made(older, newer news.Version, c news.Change, adjacent bool) []string {
	was, is := id(older.Number).String(), id(newer.Number).String()
	if !adjacent {
		d := newer.Seen.First.Sub(older.Seen.First)
		word := " later."
		if d < 0 {
			word = " earlier."
		}
		return []string{
			"Version " + was + " was first seen " + clock(older.Seen.First) + ".",
			"Version " + is + " was first seen " + clock(newer.Seen.First) + ", " + span(d) + word,
		}
	}
	if c.After.IsZero() {
		return []string{"Version " + is + " was first seen " + clock(c.Before) + "; when version " + was + " was last seen is unknown."}
	}
	before := "Version " + was + " was last seen " + clock(c.After) + "."
	if c.After.Before(older.Seen.First) { // the new words were held back while that version came about
		before = "What is new in version " + is + " was last not there " + clock(c.After) + "."
	}
	return []string{
		before,
		"Version " + is + " was first seen " + clock(c.Before) + ".",
		"The change was made in the " + strings.TrimPrefix(strings.TrimPrefix(span(c.Before.Sub(c.After)), "less than a "), "1 ") + " between.",
	}
}

// viewOf takes an unknown view as inline: an old link with a view of the future
// or past still shows the diff.
func viewOf(r *http.Request) view {
	switch v := view(r.URL.Query().Get("view")); v {
	case splitView, plainView, goneView:
		return v
	}
	return inlineView
}

// viewLinks lists the views; one of them is where the key "s" leads.
func viewLinks(r *http.Request, current view) []viewLink {
	links := []viewLink{
		{Name: "Inline", Href: r.URL.Path},
		{Name: "Side by side", Href: r.URL.Path + "?view=split"},
		{Name: "Plain", Href: r.URL.Path + "?view=plain"},
		{Name: "Removed", Href: r.URL.Path + "?view=removed"},
	}
	at := map[view]int{inlineView: 0, splitView: 1, plainView: 2, goneView: 3}[current]
	links[at].Current = true
	links[map[bool]int{true: 1, false: 0}[current == inlineView]].Other = true
	return links
}
