package store

import (
	"errors"
	"strings"
	"testing"

	"stet/internal/news"
	"stet/internal/search"
)

// meaning is an appraisal of that significance and those kinds.
func meaning(points float64, kinds ...news.Kind) news.Appraisal {
	a := news.Appraisal{Rules: 1, Language: "en", Kinds: kinds, Significance: points, Trivial: points < 10, Disclosure: news.Silent}
	for _, k := range kinds {
		a.Findings = append(a.Findings, news.Finding{Kind: k, Edit: "c-0badf00d", Old: "12", New: "15", Of: "people", What: "dead"})
	}
	a.Reasons = []news.Reason{{Name: "number", Points: points, Count: len(kinds)}}
	return a
}

// changed makes an article with three versions; its changes are entries 1 to 3.
func (b *bench) changed() news.Article {
	a := b.article("ferry")
	l := b.lease()
	for _, text := range []string{"12 dead", "15 dead", "16 dead"} {
		b.publish(l, a.ID, content("Ferry", text))
	}
	return a
}

func testAppraisals(t *testing.T, b *bench) {
	a := b.changed()
	basis := Basis{1, "w"}
	b.must(b.BeginAppraisals(b.ctx, basis))
	want := meaning(62.5, news.KindHeadline, news.KindNumber)
	b.must(b.PutAppraisals(b.ctx, basis, 2, []Appraised{{2, want}}))
	got, err := b.Appraisal(b.ctx, 2)
	b.must(err)
	equal(t, "appraisal", got, want)
	if at, err := b.Cursor(b.ctx, basis.Cursor()); at != 2 || err != nil {
		t.Errorf("cursor at %d, %v", at, err)
	}
	for _, id := range []int64{1, 3, 99} {
		_, err := b.Appraisal(b.ctx, id)
		wantErr(t, "no appraisal", err, ErrNotFound)
	}
	rows, _, err := b.VersionList(b.ctx, VersionQuery{Page: Page{Size: 10}})
	b.must(err)
	want.Findings, want.Reasons = nil, nil
	if len(rows) != 3 || rows[0].Appraisal != nil || rows[2].Appraisal != nil || rows[1].Appraisal == nil {
		t.Fatalf("rows %+v", rows)
	}
	equal(t, "appraisal in the list", *rows[1].Appraisal, want)
	all, err := b.ArticleAppraisals(b.ctx, a.ID)
	b.must(err)
	equal(t, "appraisals of the article", all, map[int]news.Appraisal{1: want})

	last := meaning(3, news.KindTypography) // of the newest version: in the lists of articles
	b.must(b.PutAppraisals(b.ctx, basis, 3, []Appraised{{2, meaning(0)}, {3, last}}))
	last.Findings, last.Reasons = nil, nil
	articles, _, err := b.ArticleList(b.ctx, ArticleQuery{Page: Page{Size: 10}})
	b.must(err)
	equal(t, "appraisal in the list of articles", *articles[0].Appraisal, last)
	_, err = b.IndexChanges(b.ctx, 10)
	b.must(err)
	rows, _, _, err = b.Search(b.ctx, search.Query{Terms: []search.Term{{Text: "ferry"}}}, Page{Size: 10})
	b.must(err)
	equal(t, "appraisal in the search", *rows[0].Appraisal, last)
	got, err = b.Appraisal(b.ctx, 2)
	b.must(err)
	if len(got.Kinds) != 0 || got.Significance != 0 {
		t.Errorf("an appraisal made anew: %+v", got)
	}
}

func testAppraisalBasis(t *testing.T, b *bench) {
	b.changed()
	old, next := Basis{1, "w"}, Basis{2, "w"}
	b.must(b.BeginAppraisals(b.ctx, old))
	b.must(b.PutAppraisals(b.ctx, old, 3, []Appraised{{2, meaning(20, news.KindNumber)}}))
	b.must(b.BeginAppraisals(b.ctx, old)) // started again: goes on
	if at, _ := b.Cursor(b.ctx, old.Cursor()); at != 3 {
		t.Errorf("started again, the cursor is at %d", at)
	}
	b.must(b.BeginAppraisals(b.ctx, next))
	for _, c := range []struct {
		basis Basis
		at    int64
	}{{old, 0}, {next, 0}} {
		if at, err := b.Cursor(b.ctx, c.basis.Cursor()); at != c.at || err != nil {
			t.Errorf("cursor %s at %d, %v", c.basis.Cursor(), at, err)
		}
	}
	err := b.PutAppraisals(b.ctx, old, 3, []Appraised{{2, meaning(90, news.KindNumber)}})
	wantErr(t, "a follower of the old rules", err, ErrConflict)
	if a, err := b.Appraisal(b.ctx, 2); err != nil || a.Significance != 20 {
		t.Errorf("the old appraisal stays until there is a new one: %+v, %v", a, err)
	}
	b.must(b.PutAppraisals(b.ctx, next, 2, []Appraised{{2, meaning(30, news.KindNumber)}}))
	if a, err := b.Appraisal(b.ctx, 2); err != nil || a.Significance != 30 {
		t.Errorf("made anew: %+v, %v", a, err)
	}
	if at, _ := b.Cursor(b.ctx, SearchCursor); at != 0 {
		t.Errorf("the cursor of the search moved to %d", at)
	}
}

func testAppraisalRefused(t *testing.T, b *bench) {
	b.changed()
	basis := Basis{1, "w"}
	err := b.PutAppraisals(b.ctx, basis, 1, nil)
	wantErr(t, "a follower that did not begin", err, ErrConflict)
	b.must(b.BeginAppraisals(b.ctx, basis))
	for _, seq := range []int64{1, 77} { // a first version, nothing
		err := b.PutAppraisals(b.ctx, basis, 3, []Appraised{{2, meaning(20)}, {seq, meaning(20)}})
		wantErr(t, "no change of a text", err, ErrNotFound)
	}
	if _, err := b.Appraisal(b.ctx, 2); !errors.Is(err, ErrNotFound) {
		t.Errorf("half of a batch was kept: %v", err)
	}
	if err := b.PutAppraisals(b.ctx, basis, 4, nil); err == nil {
		t.Error("a follower read past the end of the log")
	}
	if err := b.PutAppraisals(b.ctx, basis, 3, make([]Appraised, MaxAppraisals+1)); err == nil {
		t.Error("more than MaxAppraisals were taken")
	}
	many := make([]Appraised, MaxAppraisals)
	for i := range many {
		many[i] = Appraised{2, meaning(20)}
	}
	b.must(b.PutAppraisals(b.ctx, basis, 3, many))
	for _, bad := range []news.Appraisal{meaning(100.5), meaning(-1), {Disclosure: "perhaps"}} {
		if err := b.PutAppraisals(b.ctx, basis, 3, []Appraised{{2, bad}}); err == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
}

func testFindingsCapped(t *testing.T, b *bench) {
	b.changed()
	basis := Basis{1, "w"}
	b.must(b.BeginAppraisals(b.ctx, basis))
	for _, over := range []int{0, 1} {
		a := meaning(20, news.KindNumber, news.KindNumber)
		a.Kinds = a.Kinds[:1]
		whole, err := findingsJSON(a.Findings)
		b.must(err)
		a.Findings[1].Old += strings.Repeat("1", MaxFindingBytes-len(whole)+over)
		b.must(b.PutAppraisals(b.ctx, basis, 3, []Appraised{{2, a}}))
		got, err := b.Appraisal(b.ctx, 2)
		b.must(err)
		if len(got.Findings) != 2-over || len(got.Kinds) != 1 {
			t.Errorf("findings of %d bytes more than there is room for: %d kept", over, len(got.Findings))
		}
	}
}
