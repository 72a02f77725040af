package web

import (
	"context"
	"strings"
	"sync"

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
	Numbers  bool       // a number changed
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
		p.compare(was.Content, is.Content)
		if row.Change.Grown { // no edit: it is shown as text, without marks
			p.Lead, p.Snippet, p.Numbers = newPosts(was.Content, is.Content), nil, false
		}
	}
	s.previews.put(row.ID, p)
	return p, nil
}

// compare takes the headline out before it looks for the strongest change: a
// list shows the headline anyway, and one thing twice helps nobody.
func (p *preview) compare(was, is news.Content) {
	script := diff.Compare(was, is)
	p.Lead, p.Numbers = "", numbersChanged(script)
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

// numbersChanged reports whether digits were removed or added inside texts
// that are on both sides.
func numbersChanged(s diff.Script) bool {
	for _, f := range s.Fields {
		if (f.Field == "headline" || f.Field == "standfirst") && digitsIn(f.Runs) {
			return true
		}
	}
	for _, e := range s.Edits {
		if (e.Op == diff.Replace || e.MovedFrom != "") && digitsIn(e.Runs) {
			return true
		}
	}
	return false
}

func digitsIn(runs []diff.Run) bool {
	for _, r := range runs {
		if r.Op != diff.Equal && hasDigit(r.Text) {
			return true
		}
	}
	return false
}

// maxNumber is the longest changed run that is marked as a number, in bytes; a
// whole sentence with a number in it is marked as text.
const maxNumber = 40

// hasDigit knows the digits of Latin, Arabic and Persian texts; a changed number
// is never a small change, whatever its length.
func hasDigit(s string) bool {
	return strings.ContainsAny(s, "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
}

// A piece is a run as the pages show it.
type piece struct {
	Op     diff.Op
	Text   string
	Number bool // digits that changed: outlined
	Break  bool // a paragraph break inside the run stands before the text
}

// pieces prepares runs. Breaks between blocks of a split or merge get a piece
// each, so that they are shown as what they are; white space at the ends of a
// mark stands outside it, where it is not underlined or struck; and a space
// parts what was removed from what came in its place, also for who copies it.
func pieces(runs []diff.Run) []piece {
	var out []piece
	for _, r := range runs {
		if n := len(out); n > 0 && r.Op == diff.Insert && out[n-1].Op == diff.Delete {
			out = append(out, piece{Op: diff.Equal, Text: " "})
		}
		for i, text := range strings.Split(r.Text, "\n\n") {
			before, core, after := margins(text)
			if core == "" || r.Op == diff.Equal {
				before, core, after = "", text, ""
			}
			if before != "" {
				out = append(out, piece{Op: diff.Equal, Text: before})
			}
			if core != "" || i > 0 {
				out = append(out, piece{Op: r.Op, Text: core, Break: i > 0, Number: r.Op != diff.Equal && len(core) <= maxNumber && hasDigit(core)})
			}
			if after != "" {
				out = append(out, piece{Op: diff.Equal, Text: after})
			}
		}
	}
	return out
}

// margins takes the spaces at the ends of a text off.
func margins(s string) (before, core, after string) {
	core = strings.TrimLeft(s, " ")
	before = s[:len(s)-len(core)]
	rest := strings.TrimRight(core, " ")
	return before, rest, core[len(rest):]
}
