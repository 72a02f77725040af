package newsroom

import (
	"cmp"
	"slices"
	"time"
)

// What a watcher should make of a truth.
const (
	ExpectVersion  = "version"  // a version of the article
	ExpectGone     = "gone"     // the article is gone
	ExpectReturned = "returned" // it is back, with the text that it had
	ExpectNothing  = "nothing"  // no version and no loss, whatever is served
)

// A Truth is one thing that happens during the day, and what a watcher should
// make of it.
type Truth struct {
	At    time.Time
	Until time.Time // when trouble ends; zero for what does not end
	Path  string    // of the article when it was published; "/" for the whole paper
	What  string    // for people: "number changed"
	// Expect is one of ExpectVersion, ExpectGone, ExpectReturned, ExpectNothing.
	Expect string
	// First says that the article is published at At: its version is no change.
	First bool
	// Headline, Standfirst and Paragraphs are the article's text from At on.
	// Paragraphs are all blocks in reading order, subheadings, list items,
	// quotations and the headings of live-blog posts too; captions, bylines and
	// the clocks of posts are not among them. All empty for the whole paper.
	Headline   string
	Standfirst string
	Paragraphs []string
	// Kinds are what a reader would say that an edit touches, by the words of the
	// program that watches: number, headline … There may be more; empty = not said.
	Kinds []string
}

// Truths is everything that happens, in time order. An article that is in
// place when the day begins was published before Start.
func (p *Paper) Truths() []Truth {
	out := []Truth{{At: p.start.Add(redesignAt), Path: p.Home(), What: "the whole paper is redesigned", Expect: ExpectNothing}}
	for _, a := range p.articles {
		out = append(out, p.truthsOf(a)...)
	}
	slices.SortStableFunc(out, func(a, b Truth) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Path, b.Path))
	})
	return out
}

func (p *Paper) truthsOf(a *article) []Truth {
	var out []Truth
	for _, m := range a.moments {
		t := Truth{
			At: p.start.Add(m.at), Path: a.path, What: m.what, Expect: m.kind.expect(), First: m.kind == published,
			Headline: m.text.headline, Standfirst: m.text.standfirst, Paragraphs: m.text.lines(), Kinds: m.kinds,
		}
		if m.kind.lasts() {
			t.Until = p.start.Add(m.until)
		}
		out = append(out, t)
		if m.kind == missing {
			t.At, t.Until, t.What, t.Expect = t.Until, time.Time{}, "back again", ExpectReturned
			out = append(out, t)
		}
	}
	return out
}
