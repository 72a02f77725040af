package track

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"stet/internal/extract"
	"stet/internal/news"
)

// reading reads the page of a version, once. The older side of a change may be
// beyond the versions looked at: then it is read, and not counted.
func (t *trying) reading(ctx context.Context, versionID int64, counted bool) (reading, error) {
	if known, ok := t.seen[versionID]; ok {
		return known, nil
	}
	v, err := t.st.Version(ctx, versionID)
	if err != nil {
		return reading{}, err
	}
	c, err := t.st.CaptureOf(ctx, v.CaptureID)
	if err != nil {
		return reading{}, err
	}
	r := reading{content: v.Content, matched: map[uint64]bool{}}
	page, found, err := t.read(ctx, c)
	if err != nil {
		return r, err
	}
	if found {
		t.page(page, &r, counted)
	}
	t.seen[versionID] = r
	return r, nil
}

// page reads a page with the rule and, where that matches something, without it.
func (t *trying) page(page extract.Page, r *reading, counted bool) {
	page.Ignore = t.with
	ruled := extract.Read(page)
	for _, b := range ruled.Blocks {
		if b.Rule == trialID {
			r.matched[b.Key] = true
		}
	}
	plain := ruled
	if len(r.matched) > 0 {
		page.Ignore = t.rules
		plain = extract.Read(page)
	}
	if r.article = plain.Outcome == news.OK; r.article && counted {
		t.count(plain, ruled)
	}
}

// count adds what the rule does to one article.
func (t *trying) count(plain, ruled extract.Result) {
	left := map[uint64]int{} // blocks that the article keeps
	for _, b := range ruled.Content.Blocks {
		left[news.Key(b.Text)]++
	}
	taken, text, lost := map[uint64]bool{}, 0, 0
	for _, b := range plain.Content.Blocks {
		key := news.Key(b.Text)
		text += len(b.Text)
		if left[key]--; left[key] < 0 {
			taken[key] = true
			t.result.Core++
			lost += len(b.Text)
		}
	}
	t.result.Pages++
	t.result.Text += text
	t.result.Taken += lost
	if float64(lost) > GutShare*float64(text) {
		t.result.Gutted++
	}
	t.matches(ruled.Blocks, taken)
}

// matches adds the blocks that the rule matches on one page.
func (t *trying) matches(blocks []extract.Block, taken map[uint64]bool) {
	here := map[uint64]bool{}
	for _, b := range blocks {
		if b.Rule != trialID {
			continue
		}
		t.result.Blocks++
		s := t.texts[b.Key]
		if s == nil && len(t.texts) < MaxDistinct {
			s = &Sample{Text: sampleText(b.Text)}
			t.texts[b.Key] = s
		}
		if s == nil {
			continue
		}
		s.Core = s.Core || taken[b.Key]
		if !here[b.Key] {
			s.Pages++
		}
		here[b.Key] = true
	}
	if slices.ContainsFunc(blocks, func(b extract.Block) bool { return b.Rule == trialID }) {
		t.result.Matched++
	}
}

// sampleText cuts a text to MaxSampleText bytes, between characters.
func sampleText(text string) string {
	if len(text) <= MaxSampleText {
		return text
	}
	end := MaxSampleText - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.TrimSpace(text[:end]) + "…"
}

// samples gives what stands on most pages first, and of that what is taken out
// of articles.
func (t *trying) samples() []Sample {
	var all []Sample
	for _, s := range t.texts {
		all = append(all, *s)
	}
	core := func(s Sample) int {
		if s.Core {
			return 0
		}
		return 1
	}
	slices.SortFunc(all, func(a, b Sample) int {
		return cmp.Or(cmp.Compare(b.Pages, a.Pages), cmp.Compare(core(a), core(b)), strings.Compare(a.Text, b.Text))
	})
	return all[:min(len(all), MaxSamples)]
}
