package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stet/internal/appraise"
	"stet/internal/diff"
	"stet/internal/news"
	"stet/internal/store"
)

// ferry is an article before and after an edit of many kinds: a number, a negation, a
// sentence that moved to another paragraph, a caption, a link, a claim.
func ferry() (was, is news.Content) {
	was = text2content("en", "Ferry to stop for a week", "The crew was told on Monday",
		"At least 12 people were hurt when the ferry struck the mole. The captain had been at sea for thirty-one years and knew the harbour well.",
		"The owners said on Tuesday that the ferry would sail again within the week, whatever the weather.",
		"Divers went down twice and found the rudder bent like a spoon.",
		"The harbour office answers questions on working days between nine and noon.",
		"A bus runs along the bay until the ferry is back.",
		"Tickets that were bought before Monday stay good until the end of the summer.")
	is = text2content("en", was.Headline, was.Standfirst, "")
	is.Blocks = slices.Clone(was.Blocks)
	is.Blocks[0].Text = "At least 15 people were hurt when the ferry struck the mole."
	is.Blocks[1].Text = "The owners said on Tuesday that the ferry would not sail again within the week, whatever the weather."
	is.Blocks[3].Text += " The captain had been at sea for thirty-one years and knew the harbour well."
	was.Image, is.Image = news.Image{URL: "https://pics.example.org/a.jpg", Caption: "The ferry at noon"}, news.Image{URL: "https://pics.example.org/a.jpg", Caption: "The ferry at dusk"}
	was.Links, is.Links = []news.Link{{URL: "https://a.example.org/old", Text: "the report"}}, []news.Link{{URL: "https://a.example.org/new", Text: "the report"}}
	was.Claims, is.Claims = []news.Claim{{Field: "modified", Origin: "json-ld", Value: "2026-03-02T08:00:00Z"}}, []news.Claim{{Field: "modified", Origin: "json-ld", Value: "2026-03-02T09:30:00Z"}}
	return was, is
}

// meanings adds an article with such an edit, one of which the page says nothing,
// and one whose text hides what it says.
func (d *desk) meanings() *desk {
	src := d.source("meaning", "The Meaning")
	id := d.found("ferry", src, "https://meaning.example.org/ferry")
	was, is := ferry()
	d.see(id, was, false)
	d.wait(time.Hour)
	d.see(id, is, false)

	id = d.found("quiet", src, "https://meaning.example.org/quiet")
	was = text2content("en", "Mill to open", "", "The mill will open with 40 workers on Friday, the owners said.", "It was shut for two years.")
	was.Modified = d.at
	is = text2content("en", "Mill to open", "", "The mill will open with 30 workers on Friday, the owners said.", "It was shut for two years.")
	is.Modified = was.Modified
	d.see(id, was, false)
	d.wait(time.Hour)
	d.see(id, is, false)

	id = d.found("bidi", src, "https://meaning.example.org/bidi")
	d.see(id, text2content("en", "Bank pays 100 euros", "", "The bank will pay 100 euros to each of them, it said."), false)
	d.wait(time.Hour)
	d.see(id, text2content("en", "Bank pays \u202e100 euros", "", "The bank will pay \u2066900\u2069 euros to each\u200b of them, it said."), false)
	return d
}

// appraised keeps an appraisal beside every change, as the follower does.
func (d *desk) appraised(change func(*news.Appraisal)) *desk {
	d.t.Helper()
	ctx, basis := context.Background(), store.Basis{Rules: appraise.Rules, Weights: "test"}
	d.must(d.store.BeginAppraisals(ctx, basis))
	log, err := d.store.Changes(ctx, 0, 1000)
	d.must(err)
	for _, c := range log {
		if c.Type != news.VersionAppeared || c.Number == 0 {
			continue
		}
		is, err := d.store.Version(ctx, c.VersionID)
		d.must(err)
		was, err := d.store.VersionByNumber(ctx, c.ArticleID, c.Number-1)
		d.must(err)
		a := appraise.Change(was.Content, is.Content, diff.Compare(was.Content, is.Content), appraise.Dates{}, nil)
		if change != nil {
			change(&a)
		}
		d.must(d.store.PutAppraisals(ctx, basis, c.Seq, []store.Appraised{{Seq: c.Seq, Appraisal: a}}))
	}
	return d
}

// TestMeaningOfDiff: the head of a diff tells kinds, reasons and findings; each
// finding leads to its change, and each change tells its kinds.
func TestMeaningOfDiff(t *testing.T) {
	d := newDesk(t, nil).meanings()
	a := d.page(d.path("/articles/%d/diff/0/1", "ferry"))
	summary := texts(find(find(a.doc, "ul", "class=badges")[0], "li"))
	for _, want := range []string{"negation", "number", "picture", "links"} {
		if !slices.Contains(summary, want) {
			t.Errorf("the summary %q lacks %q", summary, want)
		}
	}
	why := find(a.doc, "details", "class=reasons")
	if len(why) != 1 || !strings.Contains(textOf(why[0]), "of 100") {
		t.Fatal("nothing says how the significance adds up")
	}
	for _, want := range []string{"number of people: 12 → 15", "negated", "picture"} {
		if !strings.Contains(textOf(why[0]), want) {
			t.Errorf("the findings lack %q:\n%s", want, textOf(why[0]))
		}
	}
	links := find(why[0], "a")
	for _, l := range links {
		if len(find(a.doc, "", "id="+strings.TrimPrefix(attr(l, "href"), "#"))) != 1 {
			t.Errorf("the finding %q leads to %s, which is not there", textOf(l), attr(l, "href"))
		}
	}
	if len(links) < 5 {
		t.Errorf("%d findings lead to their change", len(links))
	}
	labels := map[string]bool{}
	for _, s := range find(a.doc, "section", "data-change") {
		labels[attr(s, "aria-label")] = true
		if tags := find(s, "span", "class=tag"); strings.Contains(attr(s, "class"), "edited") && len(tags) == 0 {
			t.Errorf("change %q has no kinds in sight", attr(s, "aria-label"))
		}
	}
	if len(labels) < 3 || !slices.ContainsFunc(keysOf(labels), func(s string) bool {
		return strings.HasPrefix(s, "Change ") && strings.Contains(s, " of ") && strings.Contains(s, "number changed")
	}) {
		t.Errorf("the changes are called %q", keysOf(labels))
	}
	small := find(a.doc, "details", "class=why")
	if len(small) == 0 || !strings.Contains(textOf(small[0]), "12 → 15") {
		t.Errorf("the evidence beside the changes: %q", texts(small))
	}
	other := d.page(d.path("/articles/%d/diff/0/1?view=plain", "ferry"))
	for _, l := range find(find(other.doc, "details", "class=reasons")[0], "a") {
		if !strings.HasPrefix(attr(l, "href"), d.path("/articles/%d/diff/0/1#", "ferry")) {
			t.Errorf("in the plain view a finding leads to %s", attr(l, "href"))
		}
	}
}

func keysOf[K comparable, V any](m map[K]V) (out []K) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// movedScript is a script in which a sentence moved from the first paragraph to the
// third, where a word of it was edited.
func movedScript() diff.Script {
	run := func(op diff.Op, text, move string) diff.Run { return diff.Run{Op: op, Text: text, Move: move} }
	return diff.Script{Edits: []diff.Edit{
		{ID: "c-00000001", Op: diff.Replace, Old: []int{0}, New: []int{0}, Kind: news.Paragraph, OldKind: news.Paragraph,
			Runs: []diff.Run{run(diff.Equal, "One stays.", ""), run(diff.Delete, " Two <moves> ", "m1"), run(diff.Delete, "away", ""), run(diff.Delete, " today.", "m1")}},
		{Op: diff.Equal, Old: []int{1}, New: []int{1}, Kind: news.Paragraph, Runs: []diff.Run{run(diff.Equal, "Three stays.", "")}},
		{ID: "c-00000003", Op: diff.Replace, Old: []int{2}, New: []int{2}, Kind: news.Paragraph, OldKind: news.Paragraph,
			Runs: []diff.Run{run(diff.Insert, "Two <moves> ", "m1"), run(diff.Insert, "here", ""), run(diff.Insert, " today. ", "m1"), run(diff.Equal, "Four stays.", "")}},
	}, WordsMoved: 3}
}

// TestMovedPassages: both ends of a passage that moved are marked, say so to those
// who listen, and lead to each other, in both views; only what was edited on the way
// is a removal or an addition.
func TestMovedPassages(t *testing.T) {
	d := newDesk(t, nil)
	for _, view := range []view{inlineView, splitView} {
		p := diffPage{Script: movedScript(), View: view}
		p.body(news.Content{Headline: "Same"}, news.Content{Headline: "Same"}, news.Appraisal{})
		page, err := d.site.pages.render("diff", p)
		d.must(err)
		doc, err := html.Parse(strings.NewReader(string(page)))
		d.must(err)
		ends := find(doc, "span", "class=passage")
		if len(ends) != 4 {
			t.Fatalf("view %s marks %d stretches, want 4", view, len(ends))
		}
		for i, want := range []struct{ id, word, other, class string }{
			{"m1-from", "[moved away: ", "m1", "passage away"}, {"", "[moved away: ", "", "passage away"},
			{"m1", "[moved here: ", "m1-from", "passage"}, {"", "[moved here: ", "", "passage"},
		} {
			e := ends[i]
			if sr := find(e, "span", "class=sr"); len(sr) != 2 || sr[0].FirstChild.Data != want.word {
				t.Errorf("view %s: stretch %d says nothing to those who listen", view, i)
			}
			if attr(e, "id") != want.id || attr(e, "class") != want.class {
				t.Errorf("view %s: stretch %d is %q %q, want %q %q", view, i, attr(e, "id"), attr(e, "class"), want.id, want.class)
			}
			if links := find(doc, "a", "href=#"+want.other); want.other != "" && (len(links) != 1 || attr(links[0], "aria-label") == "") {
				t.Errorf("view %s: %d links lead to %s", view, len(links), want.other)
			}
		}
		var marks []string
		for _, m := range append(find(doc, "del"), find(doc, "ins")...) {
			marks = append(marks, textOf(m))
		}
		if strings.Join(marks, " ") != "away here" {
			t.Errorf("view %s: removed and added %q", view, marks)
		}
	}
}

// TestAlsoChanged: links, claims and the picture are listed beside the text.
func TestAlsoChanged(t *testing.T) {
	d := newDesk(t, nil).meanings()
	main := textOf(find(d.page(d.path("/articles/%d/diff/0/1", "ferry")).doc, "main")[0])
	for _, want := range []string{"Also changed", "CaptionThe ferry at noon dusk", "the report https://a.example.org/old", "the report https://a.example.org/new",
		"What the page declares: 2 differences", "Modified (json-ld)", "2 Mar 2026, 09:30"} {
		if !strings.Contains(main, want) {
			t.Errorf("the page lacks %q:\n%s", want, main)
		}
	}
}

// TestRemovedView: only what was taken out, without script.
func TestRemovedView(t *testing.T) {
	d := newDesk(t, nil).meanings()
	a := d.page(d.path("/articles/%d/diff/0/1?view=removed", "quiet"))
	pre := find(a.doc, "pre")
	if len(pre) != 1 || !strings.Contains(textOf(pre[0]), "40") || strings.Contains(textOf(pre[0]), "30") {
		t.Errorf("removed: %q", texts(pre))
	}
	if cur := find(find(a.doc, "nav", "class=views")[0], "b"); len(cur) != 1 || textOf(cur[0]) != "Removed" {
		t.Error("the view is not the current one")
	}
	id := d.found("grows", d.source("grower", "The Grower"), "https://grower.example.org/grows")
	d.see(id, text2content("en", "Mill to open", "", "The mill will open on Friday."), false)
	d.wait(time.Hour)
	d.see(id, text2content("en", "Mill to open", "", "The mill will open on Friday.", "It was shut for two years, its owners said."), false)
	if main := textOf(find(d.page(d.path("/articles/%d/diff/0/1?view=removed", "grows")).doc, "main")[0]); !strings.Contains(main, "Nothing was taken out.") {
		t.Errorf("what only grew:\n%s", main)
	}
	if same := d.page(d.path("/articles/%d/diff/1/1?view=removed", "quiet")); !strings.Contains(textOf(find(same.doc, "main")[0]), "one and the same version") {
		t.Error("nothing was removed, and the page does not say so")
	}
}

// TestSilentEdit: whether the page admits a change is told on the lists, the article
// and the diff, by the appraisal before the record.
func TestSilentEdit(t *testing.T) {
	d := newDesk(t, nil).meanings()
	pages := map[string]string{"/versions?changes=1": "silent edit", d.path("/articles/%d/diff/0/1", "quiet"): "does not admit the change"}
	for path, want := range pages {
		if main := textOf(find(d.page(path).doc, "main")[0]); strings.Count(main, want) != 1 {
			t.Errorf("%s tells %q %d times", path, want, strings.Count(main, want))
		}
	}
	article := d.path("/articles/%d", "quiet")
	if main := textOf(find(d.page(article).doc, "main")[0]); strings.Contains(main, "silent") {
		t.Error("the article knows of a silent edit before it was appraised")
	}
	d.appraised(nil)
	if main := textOf(find(d.page(article).doc, "main")[0]); !strings.Contains(main, "1 silent edit") || !strings.Contains(main, "number") {
		t.Errorf("the article does not tell of its silent edit:\n%s", main)
	}
	for disclosure, want := range map[news.Disclosure]string{news.Bumped: "date moved, text did not", news.Noticed: "correction notice added"} {
		d.appraised(func(a *news.Appraisal) { a.Disclosure = disclosure })
		main := textOf(find(d.page("/versions?changes=1").doc, "main")[0])
		if strings.Count(main, want) < 3 || strings.Contains(main, "silent edit") {
			t.Errorf("%s: the list does not tell %q", disclosure, want)
		}
	}
}

// TestKeptAppraisal: what is kept beside the change is shown, findings and all,
// unless other rules made it.
func TestKeptAppraisal(t *testing.T) {
	d := newDesk(t, nil).meanings()
	d.appraised(func(a *news.Appraisal) {
		a.Significance, a.Reasons = 41, []news.Reason{{Name: "lucky-day", Points: 41}}
	})
	path := d.path("/articles/%d/diff/0/1", "quiet")
	if main := textOf(find(d.page(path).doc, "main")[0]); !strings.Contains(main, "lucky day") || !strings.Contains(main, "41 of 100") {
		t.Errorf("the appraisal that is kept is not shown:\n%s", main)
	}
	for _, list := range []string{"/", "/sources/meaning", "/versions"} {
		if main := textOf(find(d.page(list).doc, "main")[0]); strings.Count(main, "significance 41") != 3 {
			t.Errorf("%s shows the significance %d times, want 3", list, strings.Count(main, "significance 41"))
		}
	}
	if main := textOf(find(d.page("/articles").doc, "main")[0]); !strings.Contains(main, "number") {
		t.Errorf("the list of articles tells no kinds:\n%s", main)
	}
	back := d.page(d.path("/articles/%d/diff/1/0", "quiet"))
	if main := textOf(find(back.doc, "main")[0]); strings.Contains(main, "lucky day") || !strings.Contains(main, "30 → 40") {
		t.Error("the other way round the same appraisal is shown, or none")
	}
}

// TestKindBadges: at most ListKinds and how many more; a bar in steps of ten.
func TestKindBadges(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "correction notice", 4: "correction notice headline negation number",
		5: "correction notice headline negation number +1", len(news.Kinds): "correction notice headline negation number +14"} {
		var got []string
		for _, b := range kindBadges(news.Kinds[:n]) {
			got = append(got, b.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d kinds: %q, want %q", n, got, want)
		}
	}
	for points, class := range map[float64]string{0: "sig s0", 4.4: "sig s0", 4.5: "sig s1", 62: "sig s6", 94.9: "sig s10", 100: "sig s10", 250: "sig s10", -3: "sig s0"} {
		if b := significanceBadge(news.Appraisal{Significance: points}); b.Class != class {
			t.Errorf("%g points: class %q, want %q", points, b.Class, class)
		}
	}
	if b := significanceBadge(news.Appraisal{Significance: 3, Trivial: true}); b.Text != "trivial" || !strings.Contains(b.More, "3 of 100") {
		t.Errorf("trivial: %+v", b)
	}
	for _, k := range news.Kinds {
		if kindNames[k].badge == "" || kindNames[k].phrase == "" {
			t.Errorf("kind %s has no name for readers", k)
		}
	}
	if got := nameOf("gossip").badge; got != "gossip" {
		t.Errorf("a kind of the future is called %q", got)
	}
}

// TestFeedsTellKinds: entries have the kinds as categories, and begin with what was
// found.
func TestFeedsTellKinds(t *testing.T) {
	d := newDesk(t, nil).meanings()
	var f struct {
		Items []struct {
			URL     string
			Summary string
			Tags    []string
		}
	}
	d.must(json.Unmarshal([]byte(d.get(d.path("/articles/%d.json", "quiet")).body), &f))
	if len(f.Items) != 1 || !slices.Contains(f.Items[0].Tags, "number") || !strings.HasPrefix(f.Items[0].Summary, "number changed: 40 → 30") {
		t.Errorf("%+v", f)
	}
	if body := d.get("/versions.rss").body; !strings.Contains(body, "<category>number</category>") {
		t.Error("RSS has no categories")
	}
}

// TestInvisible: characters that reorder or hide text are written out, on every page
// with the text of articles.
func TestInvisible(t *testing.T) {
	d := newDesk(t, nil).meanings().appraised(nil)
	for _, path := range []string{"/", "/articles", "/articles/%d", "/articles/%d/versions/1", "/articles/%d/diff/0/1", "/articles/%d/diff/0/1?view=split",
		"/articles/%d/diff/0/1?view=plain", "/articles/%d/diff/0/1?view=removed"} {
		if strings.Contains(path, "%d") {
			path = d.path(path, "bidi")
		}
		a := d.page(path)
		main := textOf(find(a.doc, "main")[0])
		if strings.ContainsAny(main, "\u202e\u2066\u2069\u200b") {
			t.Errorf("%s holds characters that are not seen", path)
		}
		if !strings.Contains(path, "removed") && !strings.Contains(main, "⟦U+202E⟧") {
			t.Errorf("%s does not show the override of direction", path)
		}
	}
}

// TestReasonsAddUp: points are shown with their sign.
func TestReasonsAddUp(t *testing.T) {
	for x, want := range map[float64]string{20: "+20", -7.25: "−7.3", 0.04: "+0", 33.333: "+33.3"} {
		if got := decimal(x); got != want {
			t.Errorf("decimal(%g) = %q, want %q", x, got, want)
		}
	}
}

// meaningPages are pages of the articles of meanings, for the browser.
func meaningPages(d *desk) []struct{ name, path string } {
	return []struct{ name, path string }{
		{"meaning-list", "/sources/meaning"},
		{"meaning-article", d.path("/articles/%d", "quiet")},
		{"meaning-diff", d.path("/articles/%d/diff/0/1", "ferry")},
		{"meaning-diff-split", d.path("/articles/%d/diff/0/1?view=split", "ferry")},
		{"meaning-diff-removed", d.path("/articles/%d/diff/0/1?view=removed", "ferry")},
		{"meaning-diff-silent", d.path("/articles/%d/diff/0/1", "quiet")},
		{"meaning-diff-invisible", d.path("/articles/%d/diff/0/1", "bidi")},
	}
}
