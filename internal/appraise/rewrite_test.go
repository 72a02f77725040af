package appraise

import (
	"slices"
	"strings"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

// TestRewritten has changes between whole sentences: what is one edited, what
// went and came, what only looks so.
func TestRewritten(t *testing.T) {
	const (
		wind   = "The wind had already torn two roofs from the sheds behind the fish market."
		notes  = "If you need this in an accessible format, write to the harbour office. Tell us which format."
		minute = "On 8 May the council agreed that the quay may be sold to the ferry company."
	)
	tests := []struct {
		name     string
		old, new []string
		want     []news.Kind
	}{
		{"rewritten where it stood, another day", []string{minute, wind},
			[]string{"On 9 May the council decided to keep its promise and ask the islanders first.", wind},
			[]news.Kind{news.KindNumber, news.KindWording}},
		{"rewritten where it stood, by its words", []string{"Repairs will close the swing bridge on Monday.", wind},
			[]string{"From 6am on Friday the swing bridge is shut for repairs of its engine.", wind},
			[]news.Kind{news.KindNumber, news.KindWording}},
		{"another sentence in its place", []string{minute, wind},
			[]string{"Nobody was hurt when the crane fell, and its driver walked home.", wind},
			[]news.Kind{news.KindRemoval, news.KindAddition}},
		{"like sentences with one between that stayed", []string{"Repairs will close the swing bridge on Monday.", wind},
			[]string{wind, "From 6am on Friday the swing bridge is shut for repairs of its engine."},
			[]news.Kind{news.KindRemoval, news.KindAddition}},
		{"one sentence made two", []string{"All catches of the year before are used by the office to find how many boats may sail, so that it is sure of the stock."},
			[]string{"The office will use catches of the year before to find how many boats may sail. It does this so that it is sure of the stock."},
			[]news.Kind{news.KindWording}},
		{"a note below a line of offers", []string{wind, "View online Download CSV 7.2 KB"}, []string{wind, "View online Download CSV 7.2 KB", notes}, []news.Kind{news.KindLinks}},
		{"typography beside words", []string{"The “old” pier is shut.", wind},
			[]string{"The \"old\" pier is shut.", strings.Replace(wind, "torn", "ripped", 1)},
			[]news.Kind{news.KindWording}},
		{"typography alone", []string{"The “old” pier is shut.", wind}, []string{"The \"old\" pier is shut.", wind},
			[]news.Kind{news.KindTypography}},
		{"a paragraph parted", []string{minute + " " + wind}, []string{minute, wind}, []news.Kind{news.KindTypography}},
		{"words parted", []string{"The crew worked andslept on deck for a week."}, []string{"The crew worked and slept on deck for a week."},
			[]news.Kind{news.KindTypography}},
		{"items numbered anew", []string{"2. Close the valve", "3. Open the hatch", wind}, []string{"1. Close the valve", "2. Open the hatch", wind},
			[]news.Kind{news.KindTypography}},
		{"an address within a sentence", []string{"The plan is at https://quay.example.org/plan-1.html for everybody."},
			[]string{"The plan is at https://quay.example.org/new/plan.html for everybody."}, []news.Kind{news.KindTypography}},
		{"decoded wrongly", []string{"The crew of Britain���s oldest ferry sailed to Málaga."}, []string{"The crew of Britain’s oldest ferry sailed to Málaga."},
			[]news.Kind{news.KindTypography}},
		{"an excerpt that stands below goes", []string{"The wind had already torn two roofs from the sheds", minute, wind}, []string{minute, wind},
			[]news.Kind{news.KindTypography}},
		{"a file with its title", []string{wind}, []string{wind, "Plan of the new quay, 2nd edition", "PDF, 160 KB, 5 pages"}, []news.Kind{news.KindLinks}},
		{"a note on a file's formats", []string{wind, "PDF, 160 KB, 5 pages"}, []string{wind, "PDF, 160 KB, 5 pages", notes}, []news.Kind{news.KindLinks}},
		{"the same note below no file", []string{wind}, []string{wind, notes}, []news.Kind{news.KindAddition}},
		{"a date said twice, then once", []string{"Open from 4am on 10 October 2031 for all who land before 4am on 10 October 2031."},
			[]string{"Open for all who land before 4am on 10 October 2031."}, []news.Kind{news.KindWording}},
		{"the mark of a footnote", []string{"The word was first used by sailors of the north."},
			[]string{"The word was first used by sailors of the north [2]."}, []news.Kind{news.KindWording}},
		{"a long passage with numbers and names put in", []string{"The ferry sails at noon."},
			[]string{"The ferry, which was built by the yard of Port Ellery in 1931 and carried up to 240 people and their cattle on each of its crossings to Sandray, sails at noon."},
			[]news.Kind{news.KindWording}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old, new := article("Quay", append([]string{leadText}, tt.old...)...), article("Quay", append([]string{leadText}, tt.new...)...)
			got := change(old, new)
			if !slices.Equal(got.Kinds, tt.want) {
				t.Errorf("kinds %v, want %v\n%+v", got.Kinds, tt.want, got.Findings)
			}
		})
	}
}

// TestMovedRewritten: a sentence that moved and says something else went, and
// another came; one that lost little is a move.
func TestMovedRewritten(t *testing.T) {
	lex := lexiconOf(article("", leadText))
	tests := []struct {
		name     string
		old, new string
		keeps    bool
	}{
		{"whole", "Ann Smith has kept the books of the harbour.", "Ann Smith has kept the books of the harbour.", true},
		{"less", "Book your place by telephone or letter, says the office.", "Book your place by telephone, says the office.", true},
		{"another", "We want to thank the whole crew that helps us.", "Hello, we want to say how glad all of my neighbours are.", false},
	}
	for _, tt := range tests {
		p := &page{lex: lex}
		gone, come := newEdited(p, []diff.Run{{Op: diff.Delete, Text: tt.old}}), newEdited(p, []diff.Run{{Op: diff.Insert, Text: tt.new}})
		e := oneSentence(p, gone, come)
		if got := e.keeps(sameShare, shorter) && e.keeps(movedShare, longer); got != tt.keeps {
			t.Errorf("%s: the same is %v", tt.name, got)
		}
	}
}

// TestShared stands on the edges of what is a sentence rewritten.
func TestShared(t *testing.T) {
	words := func(s string) map[string]int {
		out := map[string]int{}
		for _, w := range strings.Fields(s) {
			out[w]++
		}
		return out
	}
	tests := []struct {
		old, new string
		pairs    bool
	}{
		{"a b c d e f g h i j", "a b c k l m n o p q", true},  // 0.3
		{"a b c d e f g h i j", "a b k l m n o p q r", false}, // 0.2
		{"a b", "a b c d e f g h i j", true},                  // 0.2 of the longer
		{"a b", "a b c d e f g h i j k", false},
		{"a b", "a c", false}, // one word is too few
	}
	for _, tt := range tests {
		if got := sharedWords(words(tt.old), words(tt.new)) >= rewrittenShare; got != tt.pairs {
			t.Errorf("%q, %q: %v, want %v", tt.old, tt.new, got, tt.pairs)
		}
	}
}

// TestLeadCut: a first paragraph that broke off and ends with its whole
// sentences now is not rewritten; one that lost a sentence is.
func TestLeadCut(t *testing.T) {
	second := " Engineers found cracks in nine of the beams that carry the tracks of the trams."
	tests := []struct {
		name string
		old  string
		want bool
	}{
		{"broke off", leadText + " Engineers found cracks in nine of the beams that carry", false},
		{"ended", leadText + second, true},
	}
	for _, tt := range tests {
		got := change(article("Bridge", tt.old, otherText), article("Bridge", leadText, otherText))
		if got.Has(news.KindLead) != tt.want {
			t.Errorf("%s: %v", tt.name, got.Kinds)
		}
	}
}

// TestLeadNote: a note on the page itself, before the lead, is none.
func TestLeadNote(t *testing.T) {
	note := "This page has been updated with the times of the ferry during the works."
	got := change(article("Bridge", note, leadText, otherText), article("Bridge", leadText, otherText))
	if want := []news.Kind{news.KindRemoval}; !slices.Equal(got.Kinds, want) {
		t.Errorf("kinds %v, want %v", got.Kinds, want)
	}
}

// TestNamesNot are capitals that came or went and are no names.
func TestNamesNot(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{"acronym spelled out beside it", "Each visitor needs a lateral flow test before the visit.", "Each visitor needs a lateral flow test (LFT) before the visit."},
		{"behind a dash between spaces", "Questions of readers, 9 May - read the answers.", "Questions of readers, 9 May - Consult the list with the answers."},
		{"parted otherwise", "It was paid for by the Harbour Watch of the town.", "It was paid for by the HarbourWatch of the town."},
	}
	for _, tt := range tests {
		got := change(article("Quay", leadText, tt.old), article("Quay", leadText, tt.new))
		if got.Has(news.KindName) {
			t.Errorf("%s: %+v", tt.name, got.Findings)
		}
	}
}

// TestNumbersNot are digits that count nothing.
func TestNumbersNot(t *testing.T) {
	tests := []struct{ name, old, new string }{
		{"postal code", "Come to the hall, Quay Street 20, Port Ellery.", "Come to the hall, Quay Street 20, 07712 Port Ellery."},
		{"short telephone number", "If the water rises, leave and tell the coast guard.", "If the water rises, leave and call 112."},
		{"footnote", "The word was first used by sailors.", "The word was first used by sailors [12]."},
	}
	for _, tt := range tests {
		got := change(article("Quay", leadText, tt.old), article("Quay", leadText, tt.new))
		if got.Has(news.KindNumber) {
			t.Errorf("%s: %+v", tt.name, got.Findings)
		}
	}
	got := change(article("Quay", leadText, "They had to call many people."), article("Quay", leadText, "They had to call 112 people."))
	if !got.Has(news.KindNumber) {
		t.Errorf("people called: %+v", got.Findings)
	}
}
