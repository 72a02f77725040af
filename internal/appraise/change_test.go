package appraise

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"stet/internal/diff"
	"stet/internal/news"
)

// article is a content of a headline and paragraphs.
func article(headline string, paragraphs ...string) news.Content {
	c := news.Content{Headline: headline, Language: "en"}
	for _, p := range paragraphs {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
	}
	return c
}

func change(old, new news.Content) news.Appraisal {
	return Change(old, new, diff.Compare(old, new), Dates{}, nil)
}

const (
	leadText  = "The harbour bridge will close to all traffic for most of the winter while engineers repair the deck."
	otherText = "Residents of the island say that the ferry cannot carry everybody who works in the town."
	thirdText = "The council promised to run more buses from the northern shore until the work is done."
)

// TestChangeStructure has a case for each kind that needs no words.
func TestChangeStructure(t *testing.T) {
	base := article("Bridge to close", leadText, otherText, thirdText)
	edit := func(f func(*news.Content)) news.Content {
		c := base
		c.Blocks = slices.Clone(base.Blocks)
		f(&c)
		return c
	}
	tests := []struct {
		name string
		new  news.Content
		want []news.Kind
	}{
		{"headline", edit(func(c *news.Content) { c.Headline = "Bridge stays open" }), []news.Kind{news.KindHeadline}},
		{"headline's case", edit(func(c *news.Content) { c.Headline = "Bridge to  close" }), []news.Kind{news.KindTypography}},
		{"standfirst", edit(func(c *news.Content) { c.Standfirst = "Work begins soon" }), []news.Kind{news.KindStandfirst}},
		{"byline", edit(func(c *news.Content) { c.Byline = []string{"Ann Smith"} }), []news.Kind{news.KindByline}},
		{"section", edit(func(c *news.Content) { c.Section = "Transport" }), []news.Kind{news.KindStamp}},
		{"modified", edit(func(c *news.Content) { c.Modified = time.Unix(2e9, 0) }), []news.Kind{news.KindStamp}},
		{"lead replaced", edit(func(c *news.Content) {
			c.Blocks[0].Text = "Nobody knows yet what caused last night's storm to sink three fishing boats."
		}), []news.Kind{news.KindLead, news.KindRemoval, news.KindAddition}},
		{"paragraph added", edit(func(c *news.Content) {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: "Work will begin after the holidays."})
		}), []news.Kind{news.KindAddition}},
		{"paragraph removed", edit(func(c *news.Content) { c.Blocks = c.Blocks[:2] }), []news.Kind{news.KindRemoval}},
		{"paragraph moved", edit(func(c *news.Content) { c.Blocks[1], c.Blocks[2] = c.Blocks[2], c.Blocks[1] }), []news.Kind{news.KindMove}},
		{"words", edit(func(c *news.Content) {
			c.Blocks[2].Text = strings.Replace(thirdText, "promised to run", "pledged to run", 1)
		}), []news.Kind{news.KindWording}},
		{"caption", edit(func(c *news.Content) {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Caption, Text: "The bridge in 1950."})
		}), []news.Kind{news.KindImage}},
	}
	for _, tt := range tests {
		if got := change(base, tt.new).Kinds; !slices.Equal(got, tt.want) {
			t.Errorf("%s: kinds %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTypographyOnly(t *testing.T) {
	tests := []struct{ old, new string }{
		{"It's closed - for now.", "It’s closed – for now."},
		{"The bridge, which is old, is closed.", "The bridge which is old is closed."},
		{"The PDF (234KB) is here.", "The PDF (234 KB) is here."},
	}
	for _, tt := range tests {
		e := edited{old: side{text: tt.old, toks: tokens(tt.old, &lexicon{})}, new: side{text: tt.new, toks: tokens(tt.new, &lexicon{})}}
		if !sameWords(e) {
			t.Errorf("%q and %q have other words", tt.old, tt.new)
		}
	}
	for _, tt := range []struct{ old, new string }{{"5 is a lot", "5% is a lot"}, {"a day", "a days"}, {"one two", "two one"}} {
		e := edited{old: side{text: tt.old, toks: tokens(tt.old, &lexicon{})}, new: side{text: tt.new, toks: tokens(tt.new, &lexicon{})}}
		if sameWords(e) {
			t.Errorf("%q and %q have the same words", tt.old, tt.new)
		}
	}
}

func TestDecimalMarkIsNoTypography(t *testing.T) {
	a := change(article("Rates", "The rate rose by 1.5 points in a year of calm."), article("Rates", "The rate rose by 1,5 points in a year of calm."))
	b := change(article("Rates", "The rate rose to 1.500 in a year of calm trade."), article("Rates", "The rate rose to 1,500 in a year of calm trade."))
	if a.Has(news.KindNumber) || !b.Has(news.KindNumber) {
		t.Errorf("kinds %v, %v", a.Kinds, b.Kinds)
	}
}

func TestLead(t *testing.T) {
	tests := []struct {
		name     string
		old, new []string
		want     bool
	}{
		{"a comma", []string{leadText}, []string{strings.Replace(leadText, "winter while", "winter, while", 1)}, false},
		{"a function word", []string{leadText}, []string{strings.Replace(leadText, "for most of", "most of", 1)}, false},
		{"another second paragraph", []string{leadText, otherText}, []string{leadText, thirdText}, false},
		{"a label before it", []string{leadText}, []string{"News", leadText}, false},
		{"rewritten", []string{leadText}, []string{"The harbour bridge will stay open to buses and ambulances while engineers repair the deck."}, true},
		{"preceded", []string{leadText}, []string{otherText, leadText}, true},
		{"removed", []string{leadText, otherText}, []string{otherText}, true},
	}
	for _, tt := range tests {
		if got := change(article("Bridge", tt.old...), article("Bridge", tt.new...)).Has(news.KindLead); got != tt.want {
			t.Errorf("%s: lead %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestLinkTarget(t *testing.T) {
	p := &page{lex: &lexicon{}, script: diff.Script{Links: []diff.ListEdit[news.Link]{
		{Op: diff.Delete, Item: &news.Link{URL: "https://example.org/a", Text: "the plan"}},
		{Op: diff.Insert, Item: &news.Link{URL: "https://example.org/b", Text: "the plan"}},
		{Op: diff.Insert, Item: &news.Link{URL: "https://example.org/c", Text: "new words"}},
	}}}
	got := find(p)
	if len(got) != 1 || got[0].Kind != news.KindLinks || got[0].New != "https://example.org/b" {
		t.Errorf("found %+v", got)
	}
}

func TestMaxFindings(t *testing.T) {
	var f findings
	for range MaxFindings {
		f.add(news.Finding{Kind: news.KindWording})
	}
	f.add(news.Finding{Kind: news.KindWording})
	f.add(news.Finding{Kind: news.KindNumber})
	f.add(news.Finding{Kind: news.KindNumber})
	count := map[news.Kind]int{}
	for _, x := range f.all {
		count[x.Kind]++
	}
	if len(f.all) != MaxFindings || count[news.KindNumber] != 1 {
		t.Errorf("%d findings, of them %v", len(f.all), count)
	}
}

func TestEvidence(t *testing.T) {
	for n := MaxEvidence - 3; n < MaxEvidence+4; n++ {
		for _, s := range []string{strings.Repeat("x", n), strings.Repeat("é", n), "x" + strings.Repeat("桥", n)} {
			got := evidence(s)
			if len(got) > MaxEvidence || !utf8.ValidString(got) || (len(s) <= MaxEvidence) != (got == s) {
				t.Errorf("%d bytes give %d: %q", len(s), len(got), got)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct{ tag, text, want string }{
		{"en-GB", "", "en"},
		{"ZH_Hant", "", "zh"},
		{"fi", leadText, ""},
		{"", leadText + otherText, "en"},
		{"", "Die Brücke ist für den Verkehr gesperrt, und die Bewohner der Insel müssen mit der Fähre in die Stadt fahren, weil es noch keine neue Brücke gibt.", "de"},
		{"", "Le pont est fermé à la circulation pour les mois de l'hiver et les habitants de l'île doivent prendre le bac pour aller en ville.", "fr"},
		{"", "El puente está cerrado al tráfico y los vecinos de la isla tienen que ir en barco a la ciudad, que no tiene más que un puerto.", "es"},
		{"", "قال رئيس البلدية إن الجسر لا يزال مغلقا في وجه السيارات وإن السكان على الجزيرة لم يتمكنوا من الوصول إلى المدينة منذ يوم الجمعة بعد العاصفة", "ar"},
		{"", "这座桥在冬天的时候不对车辆开放，所以岛上的人要坐船到城里去，他们说这是不对的，也有人说是为了安全。", "zh"},
		{"", "Silta on suljettu liikenteeltä talven ajaksi ja saaren asukkaat joutuvat kulkemaan kaupunkiin lautalla.", ""},
		{"", "Bridge", ""},
	}
	for _, tt := range tests {
		if got := lexiconOf(news.Content{Language: tt.tag, Blocks: []news.Block{{Text: tt.text}}}).language; got != tt.want {
			t.Errorf("language of %q, %.30q is %q, want %q", tt.tag, tt.text, got, tt.want)
		}
	}
}

// checkLaws holds for every change.
func checkLaws(t *testing.T, old, new news.Content) {
	t.Helper()
	a := change(old, new)
	if len(a.Findings) > MaxFindings {
		t.Fatalf("%d findings", len(a.Findings))
	}
	for _, x := range a.Findings {
		if len(x.Old) > MaxEvidence || len(x.New) > MaxEvidence || len(x.What) > MaxEvidence {
			t.Fatalf("evidence of %d, %d, %d bytes", len(x.Old), len(x.New), len(x.What))
		}
		if !a.Has(x.Kind) {
			t.Fatalf("kind %s is not among %v", x.Kind, a.Kinds)
		}
	}
	if b := change(old, new); !reflect.DeepEqual(a, b) {
		t.Fatalf("two appraisals of one change:\n%+v\n%+v", a, b)
	}
	for _, c := range []news.Content{old, new} {
		if same := change(c, c); len(same.Findings) > 0 || len(same.Kinds) > 0 {
			t.Fatalf("a content has changes against itself: %+v", same.Findings)
		}
	}
}

func FuzzChange(f *testing.F) {
	for _, language := range []string{"en", "de", "fr", "es", "ar", "zh", ""} {
		f.Add(language, "At least 12 people died on 3 May, Ann Smith said.", "At least 15 died on 4 May 2031, Mr Smith of the BBC said.\n\nMore soon.")
	}
	f.Add("de", "zweihundertfünfundzwanzig und 1.200,5 Mio. €", "dreihundert um 14.30 Uhr")
	f.Add("zh", "百分之十二点五的十万零三人，2031年5月3日下午3点", "3万5千元")
	f.Add("ar", "خمسة وعشرون ألف شخص في ١٢ مايو", "٪١٢")
	f.Add("en", "1 to 2 to 3 to 4 May 5:5:5 +44 0 1-2-3 18F v1.2.3 twenty-", "\xff\u202e 9.9.9999 $ % 2pm.")
	f.Fuzz(func(t *testing.T, language, a, b string) {
		contents := [2]news.Content{}
		for i, text := range [2]string{a, b} {
			parts := strings.Split(text, "\n\n")
			contents[i] = article(parts[0], parts...)
			contents[i].Language = language
		}
		checkLaws(t, contents[0], contents[1])
	})
}

func TestLawsOnRandomTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the a 12 twelve £5 million Ann Smith of BBC not said “we will” may 3 May 2031 at 2pm , . ; 4% two hundred and people dead 十 二 人 Uhr der 桥 ( ) - to")
	text := func() string {
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(words[r.IntN(len(words))])
			if r.IntN(9) > 0 {
				b.WriteByte(' ')
			}
		}
		return b.String()
	}
	for i := range 300 {
		old := article(text(), text(), text())
		new := old
		new.Blocks = slices.Clone(old.Blocks)
		new.Blocks[r.IntN(2)].Text = text()
		old.Language = []string{"en", "de", "fr", "es", "ar", "zh", "", "fi"}[i%8]
		new.Language = old.Language
		checkLaws(t, old, new)
	}
}

// TestLongSentence has one sentence with as much as a content may hold.
func TestLongSentence(t *testing.T) {
	var a, b strings.Builder
	for i := range 40000 {
		fmt.Fprintf(&a, "Ann%d 12, ", i)
		fmt.Fprintf(&b, "Bob%d 13, ", i)
	}
	checkLaws(t, article("Long", a.String()), article("Long", b.String()))
}

func BenchmarkChange(b *testing.B) {
	old := article("Bridge to close", leadText, otherText, thirdText, "At least 12 people were hurt, Ann Smith said on 3 May.")
	new := article("Bridge to close", leadText, otherText, thirdText, "At least 15 people were hurt, Ann Jones said on 4 May.")
	s := diff.Compare(old, new)
	for b.Loop() {
		Change(old, new, s, Dates{}, nil)
	}
}
