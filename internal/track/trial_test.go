package track

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/store"
)

// plea is furniture that the former extractor took for text.
const plea = "Support the Lindhaven Post from two crowns a week, and keep the news of the harbour free for all of its readers."

// asks is a page with a plea of the source in a box among its text.
func asks(headline, plea string, more ...string) string {
	return strings.Replace(story(headline, more...), "<p>Shopkeepers", `<div class="plea"><p>`+plea+"</p></div><p>Shopkeepers", 1)
}

// withPlea is what was recorded of such a page.
func withPlea(headline, plea string, more ...string) news.Content {
	c := asRead(headline, more...)
	c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: plea})
	return c
}

// pleading is a source with two articles: of one the plea changed, then plea
// and text, then text alone; the other stands, and has its plea elsewhere.
func pleading(t *testing.T) *shelf {
	s := newShelf(t)
	a := s.article("bridge")
	s.publish(a, asks("Bridge to close", plea), withPlea("Bridge to close", plea))
	s.publish(a, asks("Bridge to close", plea+" Thank you."), withPlea("Bridge to close", plea+" Thank you."))
	s.publish(a, asks("Bridge to close", plea, extra), withPlea("Bridge to close", plea, extra))
	s.publish(a, asks("Bridge to close", plea), withPlea("Bridge to close", plea))
	s.publish(s.article("mill"), story("The mill turns again", "The miller of Lindhaven said on Friday that the wheel, which had stood for eleven years, turned again at last."), asRead("The mill turns again"))
	return s
}

func (s *shelf) try(rule news.Ignore, n int) Trial {
	s.t.Helper()
	got, err := TryIgnore(s.t.Context(), s.st, s.src.ID, rule, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

// By selector or by pattern, a trial finds the blocks and the changes that are
// nothing but them; and records nothing.
func TestTryIgnore(t *testing.T) {
	s := pleading(t)
	before := s.everything()
	for _, rule := range []news.Ignore{{Selector: ".plea"}, {Pattern: "^Support the"}, {Selector: "article div", Pattern: "crowns"}} {
		got := s.try(rule, TrialVersions)
		if got.Versions != 5 || got.Pages != 5 || got.Matched != 4 || got.Blocks != 4 || got.Core != 4 || got.Changes != 3 || got.Hidden != 1 {
			t.Errorf("%+v: %+v", rule, got)
		}
		if got.Taken != 4*len(plea)+len(" Thank you.") || got.Gutted != 0 || got.Guts() || !got.TakesMuch() {
			t.Errorf("%+v: takes %d of %d bytes, guts %d: %+v", rule, got.Taken, got.Text, got.Gutted, got)
		}
		want := []Sample{{Text: plea, Pages: 3, Core: true}, {Text: plea + " Thank you.", Pages: 1, Core: true}}
		if fmt.Sprint(got.Samples) != fmt.Sprint(want) {
			t.Errorf("%+v: samples %+v", rule, got.Samples)
		}
	}
	if s.everything() != before {
		t.Error("recorded versions are not what they were")
	}
}

// What a rule matches outside of articles it takes from none.
func TestTryIgnoreFurniture(t *testing.T) {
	s := pleading(t)
	got := s.try(news.Ignore{Selector: "footer"}, TrialVersions)
	if got.Matched != 5 || got.Core != 0 || got.Taken != 0 || got.Hidden != 0 || got.TakesMuch() || len(got.Samples) != 1 || got.Samples[0].Core {
		t.Errorf("%+v", got)
	}
	if got := s.try(news.Ignore{Selector: ".no-such"}, TrialVersions); got.Matched+got.Blocks+got.Hidden+len(got.Samples) != 0 || got.Pages != 5 {
		t.Errorf("matches nothing: %+v", got)
	}
}

// A rule that matches the articles themselves is told by what they lose.
func TestTryIgnoreGuts(t *testing.T) {
	s := pleading(t)
	if got := s.try(news.Ignore{Selector: "article"}, TrialVersions); !got.Guts() || got.Gutted != 5 || got.Taken != got.Text {
		t.Errorf("%+v", got)
	}
	if got := s.try(news.Ignore{Pattern: "[Mm]ill"}, TrialVersions); got.Guts() || got.Taken == 0 {
		t.Errorf("%+v", got)
	}
}

// The newest n versions count; the older side of their oldest change is read
// and does not.
func TestTryIgnoreNewest(t *testing.T) {
	s := pleading(t)
	for n, want := range map[int]Trial{-1: {Pages: 1}, 1: {Pages: 1}, 2: {Pages: 2, Matched: 1, Changes: 1}, 4: {Pages: 4, Matched: 3, Changes: 3, Hidden: 1}, MaxTrial + 1: {Pages: 5, Matched: 4, Changes: 3, Hidden: 1}} {
		got := s.try(news.Ignore{Selector: ".plea"}, n)
		if got.Versions != want.Pages || got.Pages != want.Pages || got.Matched != want.Matched || got.Changes != want.Changes || got.Hidden != want.Hidden {
			t.Errorf("newest %d: %+v", n, got)
		}
	}
}

// A former extractor wrote the plea otherwise than the page has it today: a
// pattern still finds it in what was recorded, a selector cannot.
func TestTryIgnoreFormerText(t *testing.T) {
	s := newShelf(t)
	a := s.article("bridge")
	s.publish(a, asks("Bridge to close", plea), withPlea("Bridge to close", plea+" Read more"))
	s.publish(a, asks("Bridge to close", plea), withPlea("Bridge to close", plea+" Read on"))
	for rule, want := range map[news.Ignore]int{{Pattern: "^Support"}: 1, {Selector: ".plea"}: 0, {Selector: ".plea", Pattern: "^Support"}: 0} {
		if got := s.try(rule, 10); got.Changes != 1 || got.Hidden != want {
			t.Errorf("%+v: %+v", rule, got)
		}
	}
}

// Versions without raw bytes, and pages that are articles no longer, are looked
// at and say nothing.
func TestTryIgnoreUnread(t *testing.T) {
	s := newShelf(t)
	a := s.article("bridge")
	s.publish(a, "", asRead("Bridge to stay"))
	s.publish(a, asks("Bridge to close", plea), withPlea("Bridge to close", plea))
	s.publish(a, "<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>", asRead("Bridge to open"))
	if got := s.try(news.Ignore{Selector: ".plea"}, 10); got.Versions != 3 || got.Pages != 1 || got.Matched != 1 || got.Changes != 0 {
		t.Errorf("%+v", got)
	}
}

// A rule that is there already holds in a trial: the new one has no part in it.
func TestTryIgnoreBesideRules(t *testing.T) {
	s := pleading(t)
	if _, err := s.st.AddIgnore(t.Context(), news.Ignore{SourceID: s.src.ID, Selector: ".plea"}); err != nil {
		t.Fatal(err)
	}
	if got := s.try(news.Ignore{Pattern: "^Support"}, 10); got.Matched != 0 || got.Taken != 0 {
		t.Errorf("%+v", got)
	}
	for range extract.MaxIgnore - 2 {
		if _, err := s.st.AddIgnore(t.Context(), news.Ignore{SourceID: s.src.ID, Selector: "nav"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.try(news.Ignore{Selector: "footer"}, 10); got.Matched != 5 { // the last that there is room for
		t.Errorf("%+v", got)
	}
	if _, err := s.st.AddIgnore(t.Context(), news.Ignore{Selector: "nav"}); err != nil {
		t.Fatal(err)
	}
	if _, err := TryIgnore(t.Context(), s.st, s.src.ID, news.Ignore{Selector: "footer"}, 10); !errors.Is(err, ErrRules) {
		t.Errorf("one rule too many: %v", err)
	}
}

func TestTryIgnoreBad(t *testing.T) {
	s := newShelf(t)
	for _, rule := range []news.Ignore{{}, {Selector: "p:hover"}, {Pattern: "("}, {Selector: "div["}} {
		if _, err := TryIgnore(t.Context(), s.st, s.src.ID, rule, 1); err == nil {
			t.Errorf("%+v: no error", rule)
		}
	}
	if _, err := TryIgnore(t.Context(), s.st, 99, news.Ignore{Selector: "p"}, 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no source: %v", err)
	}
	if got := s.try(news.Ignore{Selector: "p"}, 1); got.Versions != 0 || got.Guts() || got.TakesMuch() {
		t.Errorf("no versions: %+v", got)
	}
}

func TestTrialThresholds(t *testing.T) {
	for _, tt := range []struct {
		trial       Trial
		guts, takes bool
	}{
		{Trial{Pages: 4, Gutted: 2, Text: 100, Taken: 10}, false, false},
		{Trial{Pages: 4, Gutted: 3, Text: 100, Taken: 11}, true, true},
	} {
		if tt.trial.Guts() != tt.guts || tt.trial.TakesMuch() != tt.takes {
			t.Errorf("%+v: guts %v, takes much %v", tt.trial, tt.trial.Guts(), tt.trial.TakesMuch())
		}
	}
	// An article that loses just GutShare is not gutted.
	half := func(texts ...string) (r extract.Result) {
		for _, text := range texts {
			r.Content.Blocks = append(r.Content.Blocks, news.Block{Kind: news.Paragraph, Text: text})
		}
		return r
	}
	tr := &trying{texts: map[uint64]*Sample{}}
	tr.count(half("abcd", "efgh"), half("abcd"))
	tr.count(half("abcd", "efghi"), half("abcd"))
	if tr.result.Gutted != 1 {
		t.Errorf("%d gutted, want 1", tr.result.Gutted)
	}
}

func TestSampleLimits(t *testing.T) {
	for _, text := range []string{strings.Repeat("ä", MaxSampleText/2), "a" + strings.Repeat("ä", MaxSampleText)} {
		got := sampleText(text)
		if !utf8.ValidString(got) || len(got) > MaxSampleText || (got == text) != (len(text) <= MaxSampleText) {
			t.Errorf("%d bytes became %d: %s", len(text), len(got), got)
		}
	}
	tr := &trying{texts: map[uint64]*Sample{}}
	blocks := make([]extract.Block, MaxDistinct+1)
	for i := range blocks {
		blocks[i] = extract.Block{Key: uint64(i), Rule: trialID}
	}
	tr.matches(blocks, nil)
	tr.matches(blocks, nil)
	if len(tr.texts) != MaxDistinct || tr.result.Blocks != 2*len(blocks) || len(tr.samples()) != MaxSamples || tr.texts[0].Pages != 2 {
		t.Errorf("%d texts, %d blocks, %d samples", len(tr.texts), tr.result.Blocks, len(tr.samples()))
	}
}
