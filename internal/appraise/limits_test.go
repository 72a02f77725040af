package appraise

import (
	"strings"
	"testing"

	"stet/internal/news"
)

// TestNumberLimits has each limit of numbers at its edge.
func TestNumberLimits(t *testing.T) {
	digits := strings.Repeat("7", maxDigits-1)
	checkRule(t, "en", numbers, []ruleCase{
		// maxDigits
		{"The code is " + digits + "1 for now.", "The code is " + digits + "2 for now.", digits + "1>" + digits + "2 count"},
		{"The code is " + digits + "11 for now.", "The code is " + digits + "12 for now.", ""},
		// minPhone
		{"Call 01 23 451 for more.", "Call 01 23 452 for more.", ""},
		{"Call 01 23 41 for more.", "Call 01 23 42 for more.", "41>42 count"},
		// minYear, maxYear
		{"It was 1900 when they met.", "It was 1901 when they met.", "1900>1901 date"},
		{"It was 1898 when they met.", "It was 1899 when they met.", "1898>1899 count"},
		{"It was 2099 when they met.", "It was 2100 when they met.", "2099>2100 date"},
		{"It was 2101 when they met.", "It was 2102 when they met.", "2101>2102 count"},
		// countedAfter
		{"We saw 3 very old and tired men.", "We saw 4 very old and tired men.", "3>4 count very old"},
		{"We saw 3 very old tired grey men.", "We saw 4 very old tired grey men.", "3>4 people men"},
		{"We saw 3 very old tired grey happy men.", "We saw 4 very old tired grey happy men.", "3>4 count very"},
		// countedWords
		{"We saw 3 old red boats.", "We saw 4 old red boats.", "3>4 count old red boats"},
		{"We saw 3 very old red boats.", "We saw 4 very old red boats.", "3>4 count very"},
		// countedBefore
		{"The toll in all of it is 3 now.", "The toll in all of it is 4 now.", "3>4 people toll"},
		{"The toll in all of it now is 3 now.", "The toll in all of it now is 4 now.", "3>4 count"},
	})
}

func TestNameLimits(t *testing.T) {
	for s, want := range map[string]bool{
		"U": false, "UK": true, strings.Repeat("A", maxAcronym): true, strings.Repeat("A", maxAcronym+1): false, "BBC's": true, "Bbc": false,
	} {
		if got := acronym(s); got != want {
			t.Errorf("acronym(%q) = %v", s, got)
		}
	}
	r := namer{&page{}, lexicons()["en"]}
	for s, want := range map[string]bool{
		"Old Ferry Sinks Near Port":       true,  // four of four
		"The Wall Falls Down Soon now":    true,  // minTitled words of four letters
		"Harbour Ferry Sinks there alone": false, // less than titleCase of them
		"Old Ferry Sinks Near":            false, // less than minTitled
		"Old Ferry Sinks Near Port.":      false, // a sentence
	} {
		if got := r.titled(side{text: s, toks: tokens(s, r.lex)}); got != want {
			t.Errorf("titled(%q) = %v", s, got)
		}
	}
	checkRule(t, "de", names, []ruleCase{ // minInflected
		{"Der Plan von Anna Blum gefiel allen im Rat.", "Anna Blums Plan gefiel allen im Rat.", ""},
		{"Der Plan von Anna Lee gefiel allen im Rat.", "Der Plan von Anna Lees gefiel allen im Rat.", "Anna Lee>Anna Lees"},
	})
	one, many := strings.Repeat("Ann Lee, ", maxNames-1), strings.Repeat("Ann Lee, ", maxNames)
	checkRule(t, "en", names, []ruleCase{
		{"We met " + one + "and Tom Hill.", "We met " + one + "and Tom Moor.", "Tom Hill>Tom Moor"},
		{"We met " + many + "and Tom Hill.", "We met " + many + "and Tom Moor.", ""},
	})
}

func TestBesideTitleLimits(t *testing.T) {
	checkRule(t, "zh", names, []ruleCase{
		{"总统马克龙来到这座城市。", "总统林肯来到这座城市。", "马克龙>林肯"},
		{"总统甲乙丙丁来到这座城市。", "总统戊己庚辛来到这座城市。", "甲乙丙丁>戊己庚辛"}, // maxTitled
		{"总统甲乙丙丁子来到这座城市。", "总统戊己庚辛丑来到这座城市。", ""},
		{"总统甲来到这座城市。", "总统乙来到这座城市。", ""}, // minTitleHan
	})
}

func TestLeadLimits(t *testing.T) {
	words := func(n int, end string) string {
		return strings.TrimSpace(strings.Repeat("boats ", n)) + end
	}
	tests := []struct {
		text string
		want bool
	}{
		{words(minLeadWords, "."), true},
		{words(minLeadWords-1, "."), false},
		{words(minBareWords, ""), true},
		{words(minBareWords-1, ""), false},
		{words(minLeadWords, ".”"), true},
	}
	for _, tt := range tests {
		c := news.Content{Blocks: []news.Block{{Kind: news.Paragraph, Text: tt.text}}}
		if got := leadOf(c, &lexicon{}) != ""; got != tt.want {
			t.Errorf("lead of %q: %v", tt.text, got)
		}
	}
	twenty := "harbour bridge winter traffic engineers deck repair island ferry town buses council storm fishing boats shore northern residents holidays work"
	for n, want := range map[int]bool{2: false, 3: true} { // leadChanged of 20 words is 3
		other := twenty
		for _, w := range strings.Fields(twenty)[:n] {
			other = strings.Replace(other, w, w+"x", 1)
		}
		if got := change(article("Bridge", twenty+"."), article("Bridge", other+".")).Has(news.KindLead); got != want {
			t.Errorf("%d of 20 words make a new lead: %v", n, got)
		}
	}
}

func TestGuessLimits(t *testing.T) {
	function := func(n int) string { return strings.Repeat("the ", n) }
	tests := []struct {
		text string
		want string
	}{
		{function(minGuess), "en"},
		{function(minGuess - 1), ""},
		{function(18) + strings.Repeat("zz ", 82), "en"}, // guessShare
		{function(17) + strings.Repeat("zz ", 83), ""},
		{function(15) + strings.Repeat("der ", 10), "en"}, // guessLead
		{function(14) + strings.Repeat("der ", 10), ""},
		{strings.Repeat("zz ", guessTokens) + function(9*guessTokens), ""},
	}
	for _, tt := range tests {
		if got := guess(news.Content{Blocks: []news.Block{{Text: tt.text}}}); got != tt.want {
			t.Errorf("guess of %.40q is %q, want %q", tt.text, got, tt.want)
		}
	}
}
