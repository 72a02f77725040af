package appraise

import (
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

func TestIsNotice(t *testing.T) {
	tests := []struct {
		language, text string
		want           bool
	}{
		{"en", "Correction: the river is called Arle.", true},
		{"en", "Correction, 3 May: the river is called Arle.", true},
		{"en", "Clarification", true},
		{"en", "This article was amended on 3 May 2031 to correct the name of the river.", true},
		{"en", "An earlier version of this article said that nine were hurt.", true},
		{"en", "12 May 2031: Corrected the figure in the second table.", true},
		{"en", "Updated to correct the date of the hearing.", true},
		{"en", "Editor’s note: this story has been corrected to give the right name.", true},
		{"en", "A previous version of this report misstated the age of the mayor.", true},
		{"en", "[Edit: an earlier version of this post wrongly gave the year as 2030.]", true},
		{"en", "The headline on this story was amended to make clear that nobody died.", true},
		{"en", "This version includes a correction to Table 4.", true},
		{"en", "Corrects spelling of the mayor’s name.", true},
		{"en", "The form was updated on 3 May to amend an error in its sums.", true},
		{"en", "The year of the flood has now been corrected.", true},
		{"en", "We will correct errors in your form when you call.", false},
		{"en", "A correction was made on 3 May: the river is called Arle.", true},
		{"en", "This post originally stated that the ferry sank.", true},
		{"en", "The report was updated to correct the error.", true},
		{"en", "This post was originally published on the harbour blog.", false},
		{"en", "If you plan to sail, you should read this guidance.", false},
		{"en", "This guidance will be updated to reflect the new rules.", false},
		{"en", "Editor's note: join our workshop on 3 June.", false},
		{"en", "Updated guidance on visas.", false},
		{"en", "Added translation.", false},
		{"en", "The correction of the accounts took a year.", false},
		{"en", "You can read previous versions of this guidance in the archive.", false},
		{"en", "Find out how to correct an error in a return.", false},
		{"en", "An earlier version of this article appeared in a magazine.", false},
		{"en", "The prison has corrected its rules.", false},
		{"de", "Korrektur: Der Fluss heißt Arle.", true},
		{"de", "In einer früheren Version dieses Artikels hieß es, neun seien verletzt worden.", true},
		{"de", "Dieser Artikel wurde am 3. Mai korrigiert.", true},
		{"de", "Anmerkung der Redaktion: In einer früheren Fassung stand ein falsches Datum.", true},
		{"de", "Die Korrektur der Bilanz dauerte ein Jahr.", false},
		{"de", "Aktualisierung der Hinweise zu Visa.", false},
		{"fr", "Rectificatif : la rivière s’appelle Arle.", true},
		{"fr", "Une version précédente de cet article indiquait que neuf personnes étaient blessées.", true},
		{"fr", "Cet article a été modifié : le nom était erroné.", true},
		{"fr", "La correction des comptes a pris un an.", false},
		{"fr", "Mise à jour des conseils aux voyageurs.", false},
		{"es", "Fe de errores: el río se llama Arle.", true},
		{"es", "Una versión anterior de este artículo decía que hubo nueve heridos.", true},
		{"es", "Este artículo ha sido corregido para dar el nombre del río.", true},
		{"es", "La corrección de las cuentas duró un año.", false},
		{"es", "Actualización de los consejos.", false},
		{"ar", "تصحيح: اسم النهر آرل", true},
		{"ar", "ورد في نسخة سابقة من هذا المقال خطأ في الاسم", true},
		{"ar", "تم تصحيح اسم النهر في هذا الخبر", true},
		{"ar", "نهر آرل يمر بالمدينة", false},
		{"ar", "تحديث النصائح للمسافرين", false},
		{"zh", "更正：河名应为阿尔。", true},
		{"zh", "本文较早版本误写了河名。", true},
		{"zh", "编者按：本文已作修正。", true},
		{"zh", "市长修正了计划。", false},
		{"zh", "更新了旅行建议。", false},
	}
	for _, tt := range tests {
		l := lexicons()[tt.language]
		if got := isNotice(tokens(tt.text, l), l); got != tt.want {
			t.Errorf("%s: isNotice(%q) = %v, want %v", tt.language, tt.text, got, tt.want)
		}
	}
}

func TestNotices(t *testing.T) {
	const notice = "Correction: the river is called Arle, not Erle."
	text := []news.Block{{Kind: news.Paragraph, Text: "The river rose by two metres in the night."}}
	with := append(text[:1:1], news.Block{Kind: news.Paragraph, Text: notice})
	longer := append(text[:1:1], news.Block{Kind: news.Paragraph, Text: notice + " It rose by one metre."})
	content := func(correction string, blocks []news.Block) news.Content {
		return news.Content{Language: "en", Correction: correction, Blocks: blocks}
	}
	tests := []struct {
		name     string
		old, new news.Content
		want     string // Of of the findings
	}{
		{"a field of its own", content("", text), content(notice, text), "added"},
		{"a block that extraction found, too", content("", text), content(notice, with), "added"},
		{"a block alone", content("", text), content("", with), "added"},
		{"a notice that grew", content(notice, with), content(notice, longer), "changed"},
		{"a notice taken away", content(notice, with), content("", text), ""},
		{"only found later", content("", with), content(notice, with), ""},
		{"the same", content(notice, with), content(notice, with), ""},
	}
	for _, tt := range tests {
		got := ""
		p := &page{old: tt.old, new: tt.new, script: diff.Compare(tt.old, tt.new), lex: lexicons()["en"]}
		corrections(p, func(f news.Finding) { got += f.Of })
		if got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, got, tt.want)
		}
	}
}
