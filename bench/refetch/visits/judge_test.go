package visits

import (
	"testing"
	"time"

	"stet/bench/corpus"
	"stet/bench/refetch/noise"
	"stet/internal/news"
)

func TestPhaseOf(t *testing.T) {
	for slot, want := range map[int]int{1: 0, 3: 0, 4: 1, 10: 1, 11: 2, 99: 2} {
		if got := PhaseOf(slot); got != want {
			t.Errorf("refetch %d is of phase %d, want %d", slot, got, want)
		}
	}
}

// The history of one article is told as the store would tell it, and each
// version is judged against the edits that were made.
func TestJudging(t *testing.T) {
	first := []string{"The ferry sails on Monday.", "Fares stay as they are.", "The pier is new."}
	word := Timed{Slot: 2, Edit: noise.Edit{Kind: noise.EditWord, Old: "on Monday.", New: "on Friday.", Block: first[0], Became: "The ferry sails on Friday."}}
	removal := Timed{Slot: 2, Edit: noise.Edit{Kind: noise.EditRemoval, Old: first[2], Block: first[2]}}
	headline := Timed{Slot: 2, Edit: noise.Edit{Kind: noise.EditHeadline, Old: "Ferry returns", New: "Ferry stays"}}
	edited := []string{word.Became, first[1], first[2]}
	tests := []struct {
		name     string
		edits    []Timed
		slot     int // of the second version
		headline string
		blocks   []string
		want     Figures
		count    EditCount // of all kinds
	}{
		{"an edit found at once", []Timed{word}, 2, "Ferry returns", edited, Figures{True: 1}, EditCount{Made: 1, Found: 1}},
		{"an edit found by the next visit", []Timed{word}, 3, "Ferry returns", edited, Figures{True: 1}, EditCount{Made: 1, Found: 1}},
		{"an edit found late", []Timed{word}, 4, "Ferry returns", edited, Figures{True: 1}, EditCount{Made: 1, Late: 1}},
		{"a version before the edit", []Timed{word}, 1, "Ferry returns", append([]string{"Advert."}, first...), Figures{False: [Phases]int{1}}, EditCount{Made: 1, Missed: 1}},
		{"a version without an edit", nil, 5, "Ferry returns", append([]string{"Advert."}, first...), Figures{False: [Phases]int{0, 1}}, EditCount{}},
		{"furniture beside an edit", []Timed{word}, 2, "Ferry returns", append([]string{"Advert.", "Another."}, edited...), Figures{True: 1, Tainted: 1, Extra: 2}, EditCount{Made: 1, Found: 1}},
		{"another headline beside an edit", []Timed{word}, 2, "Ferry stays", edited, Figures{True: 1, Tainted: 1, Extra: 2}, EditCount{Made: 1, Found: 1}},
		{"a removal", []Timed{removal}, 2, "Ferry returns", first[:2], Figures{True: 1}, EditCount{Made: 1, Found: 1}},
		{"a headline", []Timed{headline}, 2, "Ferry stays", first, Figures{True: 1}, EditCount{Made: 1, Found: 1}},
		{"two edits in one version", []Timed{word, removal}, 2, "Ferry returns", edited[:2], Figures{True: 1}, EditCount{Made: 2, Found: 2}},
		{"an edit of what was never in the text", []Timed{{Slot: 2, Edit: noise.Edit{Kind: noise.EditRemoval, Old: "Elsewhere.", Block: "Elsewhere."}}}, 2, "Ferry returns", append([]string{"Advert."}, first...), Figures{False: [Phases]int{1}}, EditCount{Made: 1, Missed: 1, Outside: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f Figures
			j := judging{f: &f, article: &Article{Name: "ferry", Page: anyPage(t)}, pending: append([]Timed(nil), tt.edits...)}
			j.version(versionAt(0, "Ferry returns", first))
			j.version(versionAt(tt.slot, tt.headline, tt.blocks))
			j.end()
			if f.False != tt.want.False || f.True != tt.want.True || f.Tainted != tt.want.Tainted || f.Extra != tt.want.Extra {
				t.Errorf("false %v, true %d, tainted %d, extra %d; want %+v", f.False, f.True, f.Tainted, f.Extra, tt.want)
			}
			var sum EditCount
			for _, c := range f.Edits {
				sum = EditCount{sum.Made + c.Made, sum.Found + c.Found, sum.Late + c.Late, sum.Missed + c.Missed, sum.Outside + c.Outside}
			}
			if sum != tt.count {
				t.Errorf("edits %+v, want %+v", sum, tt.count)
			}
		})
	}
}

func versionAt(slot int, headline string, blocks []string) news.Version {
	v := news.Version{Content: news.Content{Headline: headline}, Seen: news.Seen{First: beginning().Add(time.Duration(slot)*Period + Lead)}}
	for _, s := range blocks {
		v.Content.Blocks = append(v.Content.Blocks, news.Block{Kind: news.Paragraph, Text: s})
	}
	return v
}

func anyPage(t *testing.T) *noise.Page {
	t.Helper()
	c := corpus.Own(1, 1)[0]
	p, err := noise.NewPage(noise.NewSource(1, "en"), c.HTML, c.Paragraphs, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlan(t *testing.T) {
	c := corpus.Own(1, 2)[0]
	for _, visits := range []int{5, 12, 15, 40} {
		p, err := noise.NewPage(noise.NewSource(2, "en"), c.HTML, c.Paragraphs, 2, 2)
		if err != nil {
			t.Fatal(err)
		}
		a := &Article{Name: "a", Page: p}
		Plan([]*Host{{Articles: []*Article{a}}}, 3, visits, 2)
		if len(a.Edits) == 0 {
			t.Errorf("%d visits: no edits", visits)
		}
		for i, e := range a.Edits {
			if e.Slot < 2 || e.Slot > visits-2 || i > 0 && e.Slot < a.Edits[i-1].Slot {
				t.Errorf("%d visits: edit %d in slot %d", visits, i, e.Slot)
			}
		}
	}
}

// What comes out does not depend on how many worlds there are.
func TestShares(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: visits pages twice")
	}
	run := func(shares int) Figures {
		var hosts []*Host
		for i, c := range corpus.Own(4, 3) {
			p, err := noise.NewPage(noise.NewSource(uint64(i), "en"), c.HTML, c.Paragraphs, 2, uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			hosts = append(hosts, &Host{Name: c.File, Articles: []*Article{{Name: c.File, Path: "/a", Page: p}}})
		}
		f, err := Run(t.Context(), hosts, Options{Visits: 4, Shares: shares})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	one, three := run(1), run(3)
	if one.False != three.False || one.Fetches != three.Fetches || one.Extra != three.Extra || one.Articles != 4 || three.Articles != 4 {
		t.Errorf("one world:    %+v\nthree worlds: %+v", one, three)
	}
}
