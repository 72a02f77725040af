package web

import (
	"context"
	"strings"
	"sync"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

// A preview is what a list shows of a version beside its row: it follows from
// the version and the one before, which never change, so it may be kept.
type preview struct {
	Tongue   tongue
	Headline []diff.Run // when the headline changed
	Snippet  []diff.Run // the strongest change elsewhere, at most SnippetLength characters
	Lead     string     // of a first version: standfirst, or how the text begins
	// Appraisal is what the change means, made here when none is kept beside it.
	Appraisal *news.Appraisal
}

// maxPreviews is how many previews are kept, a few hundred bytes each.
const maxPreviews = 4096

type previews struct {
	mu   sync.Mutex // protects kept
	kept map[int64]preview
}

func newPreviews() *previews { return &previews{kept: map[int64]preview{}} }

func (p *previews) get(versionID int64) (preview, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v, ok := p.kept[versionID]
	return v, ok
}

// put keeps a preview. When there is no room all are dropped: the lists that
// are read most fill it again at once.
func (p *previews) put(versionID int64, v preview) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) >= maxPreviews {
		clear(p.kept)
	}
	p.kept[versionID] = v
}

// preview makes a preview or finds the one kept.
func (s *Site) preview(ctx context.Context, row store.VersionRow) (preview, error) {
	if p, ok := s.previews.get(row.ID); ok {
		return p, nil
	}
	is, err := s.store.Version(ctx, row.ID)
	if err != nil {
		return preview{}, err
	}
	p := preview{Tongue: tongueOf(is.Content.Language), Lead: lead(is.Content)}
	if row.Number > 0 {
		was, err := s.store.VersionByNumber(ctx, row.ArticleID, row.Number-1)
		if err != nil {
			return preview{}, err
		}
		script := diff.Compare(was.Content, is.Content)
		p.compare(script)
		if row.Appraisal == nil {
			a := appraise.Change(was.Content, is.Content, script, appraise.Dates{}, s.weights)
			p.Appraisal = &a
		}
		if row.Change.Grown { // no edit: it is shown as text, without marks
			p.Lead, p.Snippet = newPosts(was.Content, is.Content), nil
		}
	}
	s.previews.put(row.ID, p)
	return p, nil
}

// compare takes the headline out before it looks for the strongest change: a
// list shows the headline anyway, and one thing twice helps nobody.
func (p *preview) compare(script diff.Script) {
	p.Lead = ""
	rest := script
	rest.Fields = nil
	for _, f := range script.Fields {
		if f.Field == "headline" {
			p.Headline = f.Runs
		} else {
			rest.Fields = append(rest.Fields, f)
		}
	}
	p.Snippet = diff.Snippet(rest, SnippetLength)
}

// newPosts are the beginnings of the posts that only the newer text has, in its order.
func newPosts(was, is news.Content) string {
	known := postsOf(was, is)
	var titles []string
	for _, b := range is.Blocks {
		if b.Kind == news.Post && b.ID != "" && known[b.ID].class() == "added" {
			titles = append(titles, b.Text)
		}
	}
	return cut(strings.Join(titles, " · "), SnippetLength)
}

// textOfRuns is the text of runs, without marks.
func textOfRuns(runs []diff.Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// lead is how a first version begins, having no change to show.
func lead(c news.Content) string {
	if c.Standfirst != "" {
		return cut(c.Standfirst, SnippetLength)
	}
	for _, b := range c.Blocks {
		if b.Kind == news.Paragraph {
			return cut(b.Text, SnippetLength)
		}
	}
	return ""
}
