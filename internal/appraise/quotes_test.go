package appraise

import (
	"strings"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

func TestQuotesIn(t *testing.T) {
	tests := []struct{ text, want string }{
		{`He said “we won” and left.`, "we won"},
		{`"We won," he said, "at last."`, "We won,|at last."},
		{`The ‘old’ town and the workers’ hall`, "old"},
		{`It is ‘the workers’ last chance’, he said.`, "the workers’ last chance"},
		{`In the '90s rock 'n' roll didn't die.`, ""},
		{`She's sure that it's 5" wide and 3' long.`, ""},
		{`'I don't know,' said the driver's son.`, "I don't know,"},
		{`Sie sagte: „Wir kommen.“`, "Wir kommen."},
		{`Sie sagte: »Wir kommen.«`, "Wir kommen."},
		{`Elle a dit : « Nous venons. »`, " Nous venons. "},
		{`Dijo: «Ya venimos» y se fue.`, "Ya venimos"},
		{`他说：“我们来了。”`, "我们来了。"},
		{`他說：「我們來了。」`, "我們來了。"},
		{`قال: "سوف نأتي" وغادر`, "سوف نأتي"},
		{`“This goes on in the next paragraph.`, "This goes on in the next paragraph."},
		{`He said ‘never again and left.`, ""},
		{`Hon sade: ”Vi kommer.”`, "Vi kommer."},
		{`“He called it ‘mad’ twice,” she said.`, "He called it ‘mad’ twice,"},
		{`5 > "ten"`, "ten"},
		{`"`, ""},
		{`This ends what the paragraph before began.”`, "This ends what the paragraph before began."},
		{`The plank is 5” wide.`, ""},
		{`The plank of 5”`, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, q := range quotesIn(tt.text) {
			got = append(got, tt.text[q.in.from:q.in.to])
		}
		if g := strings.Join(got, "|"); g != tt.want {
			t.Errorf("quotesIn(%q) = %q, want %q", tt.text, g, tt.want)
		}
	}
}

func TestQuotations(t *testing.T) {
	checkMeanings(t, []meaning{
		{"en", `“We will win the vote,” said Ann Smith.`, `“We may win the vote,” said Ann Smith.`, "changed Ann Smith"},
		{"en", `Smith called it “a very great day” on Monday.`, `Smith called it “a great day” on Monday.`, "changed"},
		{"en", `The mayor said it was "not our fault at all".`, `The mayor said it was sad.`, "removed The mayor"},
		{"en", `The firm declined to comment.`, `The firm declined to comment, but Bob Hill said: “We are sorry for the harm.”`, "added Bob Hill"},
		{"en", `"We won," he said.`, `“We won,” he said.`, ""},
		{"en", `“We won”, he said.`, `“We won,” she said.`, ""},
		{"en", `“We will win,” he said, “the vote.”`, `“We will win the vote,” he said.`, ""},
		{"en", `Select ‘Manage my account’ to go on.`, `Go on to the next page.`, ""},
		{"en", `The film is called “The Long Way to the Sea”, he said.`, `The film is about the sea, he said.`, ""},
		{"en", `The ‘smart’ road opened.`, `The road opened.`, ""},
		{"en", `The ‘smart’ road opened.`, `The ‘clever’ road opened.`, "changed"},
		{"en", `The dog's bone and the workers' hall.`, `The cat's bone and the workers' room.`, ""},
		{"en", ``, `“We are very sorry for the harm that was done,” the firm wrote.`, "added"},
		{"en", `"It is the end of a long road," according to Ann Hill.`, ``, "removed Ann Hill"},
		{"en", ``, `“We will never know what happened to her that night.”`, "added"},
		{"en", `“We can’t go on.”`, ``, "removed"},
		{"en", `She said it was a disgrace to the town.`, `She said it was “a disgrace to the town”.`, ""},
		{"en", `The guide ‘Finding and choosing a private provider of many tests’ was read.`, `The guide was read.`, ""},
		{"en", `The bureau is an office for buyers.`, `The bureau is an office "devoted to giving buyers more control over their money" for all.`, "added"},
		{"en", `“The Ministry of Sea & Trade must go,” he said.`, `“The Ministry of Sea and Trade must go,” he said.`, ""},
		{"de", `„Wir gewinnen die Wahl“, sagte Anna Schmidt.`, `„Wir gewannen die Wahl“, sagte Anna Schmidt.`, "changed Anna Schmidt"},
		{"de", `„Wir gewinnen“, sagte sie.`, `»Wir gewinnen«, sagte sie.`, ""},
		{"de", `Der Rat schwieg dazu.`, `Der Rat sagte dazu: „Das war ein schwerer Fehler.“`, "added Der Rat"},
		{"de", `Er las das Buch „Der lange Weg ans Meer“ vor.`, `Er las das Buch vor.`, ""},
		{"de", ``, `„Es tut uns sehr leid um das schöne alte Haus am Markt.“`, "added"},
		{"fr", `« Nous gagnerons demain », a déclaré Anne Petit.`, `« Nous gagnons demain », a déclaré Anne Petit.`, "changed Anne Petit"},
		{"fr", `« Nous gagnerons », dit-elle.`, `“Nous gagnerons”, dit-elle.`, ""},
		{"fr", `Le maire a dit : « C’est une honte pour la ville. »`, `Le maire a parlé.`, "removed Le maire"},
		{"fr", `Le film intitulé « La longue route de la mer » sort.`, `Le film sort.`, ""},
		{"fr", ``, `« Nous sommes désolés pour tout le mal que cela a fait. »`, "added"},
		{"es", `«Ganaremos las elecciones», dijo Ana Gil.`, `«Ganamos las elecciones», dijo Ana Gil.`, "changed Ana Gil"},
		{"es", `«Ganaremos», dijo.`, `"Ganaremos", dijo.`, ""},
		{"es", `El alcalde habló.`, `El alcalde dijo: «Es una vergüenza para el pueblo».`, "added El alcalde"},
		{"es", `La película «El largo camino al mar» se estrena.`, `La película se estrena.`, ""},
		{"es", `«Sentimos mucho todo el daño que esto ha causado aquí.»`, ``, "removed"},
		{"ar", `قال: "سوف نفوز بالانتخابات"`, `قال: "لن نفوز بالانتخابات"`, "changed"},
		{"ar", `قالت الشركة: "نحن آسفون جدا"`, `اعتذرت الشركة`, "removed الشركة"},
		{"ar", `قال: "سوف نفوز"`, `قال: «سوف نفوز»`, ""},
		{"ar", `فيلم بعنوان "الطريق الطويل" يعرض`, `فيلم يعرض`, ""},
		{"ar", ``, `قالت الشركة: «نحن آسفون جدا»`, "added الشركة"},
		{"zh", `市长说：“我们会赢。”`, `市长说：“我们可能会赢。”`, "changed 市长"},
		{"zh", `市长说：“我们会赢。”`, `市长说：「我们会赢。」`, ""},
		{"zh", `公司拒绝评论。`, `公司表示：“我们非常抱歉。”`, "added 公司"},
		{"zh", `电影“漫长的路”上映。`, `电影上映。`, ""},
		{"zh", ``, `市长说：“这是全城的耻辱。”`, "added 市长"},
	}, quotations)
}

// TestQuotationOfSeveralSentences: a sentence in the middle of a quotation has no
// marks of its own.
func TestQuotationOfSeveralSentences(t *testing.T) {
	old := news.Content{Language: "en", Blocks: []news.Block{
		{Kind: news.Paragraph, Text: "“We are sad. It was a very great loss. We go on,” said Ann Hill."},
		{Kind: news.Quotation, Text: "Nobody told us of the danger in that house."},
		{Kind: news.Paragraph, Text: "The house stood by the river for two hundred years."},
	}}
	new := old
	new.Blocks = []news.Block{
		{Kind: news.Paragraph, Text: "“We are sad. It was a very heavy loss. We go on,” said Ann Hill."},
		{Kind: news.Quotation, Text: "Somebody told us of the danger in that house."},
		{Kind: news.Paragraph, Text: "The house stood by the sea for two hundred years."},
	}
	var got []string
	for _, f := range Change(old, new, diff.Compare(old, new), Dates{}, nil).Findings {
		if f.Kind == news.KindQuotation {
			got = append(got, f.Of+": "+f.Old+" → "+f.New)
		}
	}
	want := "changed: It was a very great loss. → It was a very heavy loss.|" +
		"changed: Nobody told us of the danger in that house. → Somebody told us of the danger in that house."
	if g := strings.Join(got, "|"); g != want {
		t.Errorf("got %q\nwant %q", g, want)
	}
}

// TestQuotationCutShort: a sentence taken out of a quotation that stays is found;
// a quotation that goes as a whole is found once.
func TestQuotationCutShort(t *testing.T) {
	found := func(before, after string) (got string) {
		old := news.Content{Language: "en", Blocks: []news.Block{{Kind: news.Paragraph, Text: before}}}
		new := news.Content{Language: "en", Blocks: []news.Block{{Kind: news.Paragraph, Text: after}}}
		for _, f := range Change(old, new, diff.Compare(old, new), Dates{}, nil).Findings {
			if f.Kind == news.KindQuotation {
				got += f.Of + ": " + f.Old + f.New + "|"
			}
		}
		return got
	}
	const whole = "The river rose. Ann Hill said: “We are sad about the loss. Nobody warned us of the danger in the house. We go on as before.”"
	if got := found(whole, strings.Replace(whole, " Nobody warned us of the danger in the house.", "", 1)); got != "removed: Nobody warned us of the danger in the house.|" {
		t.Errorf("cut short: %q", got)
	}
	if got := found(whole, "The river rose."); got != "removed: We are sad about the loss.|" {
		t.Errorf("gone: %q", got)
	}
}

// TestQuotationMoved: a quotation that stands elsewhere is neither gone nor new.
func TestQuotationMoved(t *testing.T) {
	said := "“We are very sorry for all the harm that was done,” the firm said."
	other := "The river rose by two metres in the night, and the lower town had to be left by all who live there."
	old := news.Content{Language: "en", Blocks: []news.Block{{Kind: news.Paragraph, Text: said}, {Kind: news.Paragraph, Text: other}}}
	new := news.Content{Language: "en", Blocks: []news.Block{{Kind: news.Paragraph, Text: other + " " + said}}}
	for _, f := range Change(old, new, diff.Compare(old, new), Dates{}, nil).Findings {
		if f.Kind == news.KindQuotation {
			t.Errorf("found %+v", f)
		}
	}
}

// FuzzQuotesIn: spans are in order, apart, inside the text; without a mark that
// opens them only where the text begins.
func FuzzQuotesIn(f *testing.F) {
	for _, s := range []string{`“a” "b" 'c' ‘d’ «e» „f“`, "'", "“", "\xff“\xff”", `""""`, "‘the s’ s’ ‘", "0!”"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, q := range quotesIn(text) {
			if q.from < last || q.in.from < q.from || q.in.from == q.from && q.from > 0 || q.in.to < q.in.from || q.to < q.in.to || q.to > len(text) {
				t.Fatalf("%q: quote %+v after byte %d", text, q, last)
			}
			last = q.to
		}
	})
}

// TestQuotationLessOften: what stood twice and stands once was taken out once; what
// stands as often has not gone.
func TestQuotationLessOften(t *testing.T) {
	const quoted = "“We are very sorry for the harm,” said Ann Hill."
	for often, want := range map[int]string{1: "", 2: "removed"} {
		e := rewrite("en", quoted, "")
		e.page.old, e.page.new = article(""), article("", quoted)
		for range often {
			e.page.old.Blocks = append(e.page.old.Blocks, article("", quoted).Blocks...)
		}
		got := ""
		quotations(e, func(f news.Finding) { got += f.Of })
		if got != want {
			t.Errorf("of %d and then one: found %q, want %q", often, got, want)
		}
	}
}
