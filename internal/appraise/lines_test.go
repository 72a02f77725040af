package appraise

import (
	"testing"

	"stet/internal/news"
)

func TestLines(t *testing.T) {
	tests := []struct {
		language, old, new string
		want               news.Kind
	}{
		{"en", "Last updated: 14:05", "Last updated: 15:10", news.KindStamp},
		{"en", "Published 3 May 2031", "Published 3 May 2031, updated 4 May 2031", news.KindStamp},
		{"en", "2 hours ago", "3 hours ago", news.KindStamp},
		{"en", "3 May 2031", "4 May 2031", news.KindStamp},
		{"en", "", "Updated on Monday 3 May at 2pm BST", news.KindStamp},
		{"en", "The town was updated on 3 May 2031.", "The town was updated on 4 May 2031.", ""},
		{"en", "Updated 30% of homes", "Updated 40% of homes", ""},
		{"en", "Published guidance for 3 towns", "Published guidance for 4 towns", ""},
		{"en", "1 day | 3 May 2031", "1 day | 4 May 2031", ""},
		{"en", "Read more: The river rises", "Read more: The river falls", news.KindLinks},
		{"en", "Related content", "", news.KindLinks},
		{"en", "", "See also", news.KindLinks},
		{"en", "PDF, 234KB, 3 pages", "PDF, 240KB, 4 pages", news.KindLinks},
		{"en", "View online Download CSV 4.2 MB", "View online Download CSV 4.21 MB", news.KindLinks},
		{"en", "Annual report 2031 (ODS, 12.9 MB)", "", news.KindLinks},
		{"en", "HTML", "", news.KindLinks},
		{"en", "", "This file is in an OpenDocument format", news.KindLinks},
		{"en", "HTML for beginners", "", ""},
		{"en", "", "The clerk will send the plan of the harbour to all.", ""},
		{"en", "UPDATE - May 2031", "UPDATE", news.KindStamp},
		{"en", "May 2031 update", "", news.KindStamp},
		{"en", "Information correct as at 3 May 2031.", "Information correct as at 4 May 2031.", news.KindStamp},
		{"en", "Update 1", "Update 2", ""},
		{"en", "UPDATE", "", ""},
		{"en", "", "More information: the harbour plan", news.KindLinks},
		{"en", "", "https://example.org/plans/harbour", news.KindLinks},
		{"en", "[](https://example.org/a/quay.jpg)", "", news.KindTypography},
		{"en", "", "See https://example.org/plans for the harbour", ""},
		{"en", "", "By Ann Smith and Jo Brown", news.KindByline},
		{"en", "By Ann Smith", "By Ann Smith, Arle Correspondent", news.KindByline},
		{"en", "", "By Monday 3 May", ""},
		{"en", "", "By the river", ""},
		{"en", "", "By Ann Smith and her brother", ""},
		{"en", "", "Photo: the quay at low tide", news.KindImage},
		{"en", "Screenshot of the ferry timetable", "", news.KindImage},
		{"en", "", "The quay at low tide (Jo Brown/Getty Images)", news.KindImage},
		{"en", "", "The quay bought Getty Images", ""},
		{"en", "", "The quay at low tide. Jo Brown (Getty Images)", news.KindImage},
		{"en", "", "![The quay](/a/quay.png)", news.KindImage},
		{"en", "", "![enabled] (the flag) is gone", ""},
		{"en", "", "Image of the mayor suffers after the vote.", ""},
		{"en", "Watch the video", "Listen to the video", news.KindLinks},
		{"en", "Read more about the rules before you travel to Norland.", "Read more about the laws before you travel to Norland.", ""},
		{"en", "Watch out for signs of fever in all of your family", "", ""},
		{"en", "The report has 3 pages.", "The report has 4 pages.", ""},
		{"en", "Send a PDF of the 3 pages to us.", "Send a PDF of the 4 pages to us.", ""},
		{"de", "Zuletzt aktualisiert am 3. Mai 2031 um 14:05 Uhr", "Zuletzt aktualisiert am 3. Mai 2031 um 15:10 Uhr", news.KindStamp},
		{"de", "Stand: 3.5.2031", "Stand: 4.5.2031", news.KindStamp},
		{"de", "vor 2 Stunden", "vor 3 Stunden", news.KindStamp},
		{"de", "", "Von Anna Schmidt und Jan Braun", news.KindByline},
		{"de", "", "Von der Küste bis zum Wald", ""},
		{"de", "", "Foto: der Hafen bei Ebbe", news.KindImage},
		{"fr", "", "Par Anne Petit", news.KindByline},
		{"fr", "", "Photo : le port à marée basse", news.KindImage},
		{"es", "", "Por Ana Gil y Juan Sol", news.KindByline},
		{"es", "", "Foto: el puerto con marea baja", news.KindImage},
		{"ar", "", "بقلم: سالم حداد", news.KindByline},
		{"ar", "", "الصورة: الميناء في المساء", news.KindImage},
		{"zh", "", "记者：李明", news.KindByline},
		{"zh", "", "图片：港口的傍晚", news.KindImage},
		{"de", "Lesen Sie auch: Der Fluss steigt", "Lesen Sie auch: Der Fluss fällt", news.KindLinks},
		{"de", "Vor 2 Jahren stieg der Fluss.", "Vor 3 Jahren stieg der Fluss.", ""},
		{"fr", "Mis à jour le 3 mai 2031 à 14h05", "Mis à jour le 3 mai 2031 à 15h10", news.KindStamp},
		{"fr", "Publié il y a 2 heures", "Publié il y a 3 heures", news.KindStamp},
		{"fr", "Lire aussi : la rivière monte", "Lire aussi : la rivière baisse", news.KindLinks},
		{"fr", "Rapport (PDF, 234 Ko)", "Rapport (PDF, 240 Ko)", news.KindLinks},
		{"fr", "Il y a 2 blessés.", "Il y a 3 blessés.", ""},
		{"es", "Actualizado el 3 de mayo de 2031 a las 14:05", "Actualizado el 3 de mayo de 2031 a las 15:10", news.KindStamp},
		{"es", "hace 2 horas", "hace 3 horas", news.KindStamp},
		{"es", "Lea también: el río sube", "Lea también: el río baja", news.KindLinks},
		{"es", "Informe (PDF, 234 KB)", "Informe (PDF, 240 KB)", news.KindLinks},
		{"es", "Hace 2 años subió el río.", "Hace 3 años subió el río.", ""},
		{"ar", "آخر تحديث: 14:05", "آخر تحديث: 15:10", news.KindStamp},
		{"ar", "نشر في 3 مايو 2031", "نشر في 4 مايو 2031", news.KindStamp},
		{"ar", "منذ 2 ساعات", "منذ 3 ساعات", news.KindStamp},
		{"ar", "اقرأ أيضا: النهر يرتفع", "اقرأ أيضا: النهر ينخفض", news.KindLinks},
		{"ar", "ارتفع النهر منذ 2 ساعات", "ارتفع النهر منذ 3 ساعات", ""},
		{"zh", "更新时间：2031年5月3日 14:05", "更新时间：2031年5月3日 15:10", news.KindStamp},
		{"zh", "2小时前", "3小时前", news.KindStamp},
		{"zh", "相关阅读：河水上涨", "相关阅读：河水下降", news.KindLinks},
		{"zh", "报告（PDF，234KB）", "报告（PDF，240KB）", news.KindLinks},
		{"zh", "2小时前河水上涨。", "3小时前河水上涨。", ""},
	}
	for _, tt := range tests {
		if got, _ := lines(rewrite(tt.language, tt.old, tt.new)); got != tt.want {
			t.Errorf("%s: lines(%q → %q) = %q, want %q", tt.language, tt.old, tt.new, got, tt.want)
		}
	}
}

// TestLineIsLink: what is a link from end to end leads elsewhere, whatever it says.
func TestLineIsLink(t *testing.T) {
	e := rewrite("en", "Mayor of Arle steps down", "")
	if _, ok := lines(e); ok {
		t.Error("a line without a link is text")
	}
	e.page.old.Links = []news.Link{{URL: "https://example.org/a", Text: "Mayor of Arle steps down"}}
	if k, _ := lines(e); k != news.KindLinks {
		t.Errorf("a line that is a link is %q", k)
	}
}
