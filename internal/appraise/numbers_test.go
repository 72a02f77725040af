package appraise

import (
	"fmt"
	"strings"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

// pageOf is the page of two texts of one paragraph in a language.
func pageOf(language, old, new string) *page {
	a := news.Content{Language: language, Headline: "Council", Blocks: []news.Block{{Kind: news.Paragraph, Text: old}}}
	b := a
	b.Blocks = []news.Block{{Kind: news.Paragraph, Text: new}}
	return &page{old: a, new: b, script: diff.Compare(a, b), lex: lexiconOf(b)}
}

// shown is what a rule finds in the edited sentences of two paragraphs.
func shown(language, old, new string, rule func(edited, func(news.Finding))) string {
	var out []string
	for _, e := range sentences(pageOf(language, old, new)) {
		if !e.both() {
			continue
		}
		rule(e, func(x news.Finding) {
			out = append(out, strings.TrimRight(fmt.Sprintf("%s>%s %s %s", x.Old, x.New, x.Of, x.What), " "))
		})
	}
	return strings.Join(out, "; ")
}

type ruleCase struct{ old, new, want string }

func checkRule(t *testing.T, language string, rule func(edited, func(news.Finding)), tests []ruleCase) {
	t.Helper()
	for _, tt := range tests {
		if got := shown(language, tt.old, tt.new, rule); got != tt.want {
			t.Errorf("%s: %q → %q:\n got %q\nwant %q", language, tt.old, tt.new, got, tt.want)
		}
	}
}

func TestNumbersEnglish(t *testing.T) {
	checkRule(t, "en", numbers, []ruleCase{
		{"At least 12 people were killed in the fire.", "At least 15 people were killed in the fire.", "12>15 people people"},
		{"The death toll rose to 12.", "The death toll rose to 15.", "12>15 people toll"},
		{"Three men were arrested on the bridge.", "Four men were arrested on the bridge.", "Three>Four people men"},
		{"About 3 men were arrested on the bridge.", "About three men were arrested on the bridge.", ""},
		{"The council paid £1,200 for the chairs.", "The council paid £1200 for the chairs.", ""},
		{"The council paid £1,200 for the chairs.", "The council paid £1,250 for the chairs.", "£1,200>£1,250 money"},
		{"The bridge cost $5 million to build.", "The bridge cost $5m to build.", ""},
		{"The bridge cost $5 million to build.", "The bridge cost $5 billion to build.", "$5 million>$5 billion money"},
		{"Rents rose by 4% in the town.", "Rents rose by 4.5 per cent in the town.", "4%>4.5 per cent percent"},
		{"The vote is on 12 May 2031 at noon.", "The vote is on May 12, 2031 at noon.", ""},
		{"The vote is on 12 May 2031 in the hall.", "The vote is on 13 May 2031 in the hall.", "12 May 2031>13 May 2031 date"},
		{"The vote is on 2031-05-12 in the hall.", "The vote is on 12 May 2031 in the hall.", ""},
		{"The meeting begins at 2pm in the hall.", "The meeting begins at 14:00 in the hall.", ""},
		{"The meeting begins at 10.30am in the hall.", "The meeting begins at 11am in the hall.", "10.30am>11am time"},
		{"It was the 21st complaint against the firm.", "It was the 22nd complaint against the firm.", "21st>22nd count complaint"},
		{"The road is closed for 5 to 10 days from now.", "The road is closed for 5 to 12 days from now.", "10>12 count days"},
		{"The ship is open on Monday for visitors.", "The ship is open on Tuesday for visitors.", "Monday>Tuesday date"},
		{"The town will decide in March whether to sell.", "The town will decide in April whether to sell.", "March>April date"},
		{"Call 020 7946 0000 to book a place.", "Call 020 7946 0123 to book a place.", ""},
		{"See https://example.org/a/12 for the full list.", "See https://example.org/a/13 for the full list.", ""},
		{"Read version 2.1.3 of the handbook first.", "Read version 2.1.4 of the handbook first.", ""},
		{"3. Fill in the form and send it back.", "4. Fill in the form and send it back.", ""},
		{"The form (PDF, 234KB, 3 pages) is on this site.", "The form (PDF, 235KB, 4 pages) is on this site.", ""},
		{"One person was hurt when the wall fell.", "Two people were hurt when the wall fell.", "One>Two people people"},
		{"No one in the town was told of it.", "Nobody in the town was told of it.", ""},
		{"The crew rescued twenty-one sailors and a dog.", "The crew rescued two hundred and five sailors and a dog.", "twenty-one>two hundred and five count sailors"},
		{"The fire destroyed homes in the valley.", "The fire destroyed 40 homes in the valley.", ">40 count homes"},
		{"The fire destroyed 40 homes in the valley.", "The fire destroyed homes in the valley.", "40> count homes"},
		{"The 12 men and 5 women met in the hall.", "The 5 women and 12 men met in the hall.", ""},
		{"The 3 men and 5 women met in the hall.", "The 5 men and 3 women met in the hall.", "3>5 people men; 5>3 people women"},
		{"You may apply for the grant by letter.", "You can apply for the grant by letter.", ""},
		{"The firm sold half a million units last year.", "The firm sold 500,000 units last year.", ""},
		{"In 2019 the port was sold to a rival.", "In 2020 the port was sold to a rival.", "2019>2020 date"},
		{"Dozens of people came to the harbour.", "Hundreds of people came to the harbour.", "Dozens>Hundreds people people"},
		{"She was jailed for three years by the court.", "She was jailed for three and a half years by the court.", "three>three and a half count years"},
		{"The museum opens daily from 10am to 5pm.", "The museum opens daily, 10am-5pm.", ""},
		{"Police said a woman in her 30s was hurt.", "Police said a woman in her 40s was hurt.", "30s>40s people woman"},
		{"The plan by 18F is open to all.", "The plan by TTS is open to all.", ""},
		{"The range is closed from 17 to 23 September.", "The range is closed from 18 to 23 September.", "17>18 date"},
		{"Days 1 and 2 need a COVID- 19 test each time.", "Days 1 and 2 need a COVID-19 test each time.", ""},
		{"The rules for under-16s were changed again.", "The rules for under-18s were changed again.", "16s>18s count"},
		{"It is open from 4:00 - 7:00pm all week.", "It is open from 4pm - 7pm all week.", ""},
		{"It is open 7.30 to 9 am all week.", "It is open 7:30am to 9am all week.", ""},
		{"It is open 4 to 7pm all week.", "It is open 5 to 7pm all week.", "4>5 time"},
		{"It is shut on Saturday 6 and Sunday 7 November.", "It is shut on Saturday 6 November and Sunday 7 November.", ""},
		{"COVID-19 closed the school for a week.", "COVID-20 closed the school for a week.", ""},
	})
}

func TestPlainDigits(t *testing.T) {
	for in, want := range map[string]string{"12": "12", "١٢": "12", "۱۲": "12", "१२": "12", "１２": "12", "𝟏𝟐": "12", "๑๒": "12"} {
		if got := plainDigits(in); got != want {
			t.Errorf("plainDigits(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNumbersMany(t *testing.T) {
	many := strings.Repeat("7 ", maxNumbers)
	if got := shown("en", "We saw "+many+"ships and 9 birds.", "We saw "+many+"ships and 8 birds.", numbers); got != "" {
		t.Errorf("number %d is looked at: %q", maxNumbers+1, got)
	}
	few := strings.Repeat("7 ", maxNumbers-1)
	if got := shown("en", "We saw "+few+"ships and 9 birds.", "We saw "+few+"ships and 8 birds.", numbers); got != "9>8 count birds" {
		t.Errorf("number %d: %q", maxNumbers, got)
	}
}
