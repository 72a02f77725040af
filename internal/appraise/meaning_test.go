package appraise

import (
	"strings"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

// rewrite makes an edited of two texts in a language.
func rewrite(language, old, new string) edited {
	p := &page{lex: lexicons()[language]}
	p.old.Blocks = []news.Block{{Kind: news.Paragraph, Text: old}}
	p.new.Blocks = []news.Block{{Kind: news.Paragraph, Text: new}}
	var runs []diff.Run
	if old != "" {
		runs = append(runs, diff.Run{Op: diff.Delete, Text: old})
	}
	if new != "" {
		runs = append(runs, diff.Run{Op: diff.Insert, Text: new})
	}
	e := newEdited(p, runs)
	e.oldAt, e.newAt = []diff.Place{{}}, []diff.Place{{}}
	return e
}

// A meaning is a sentence pair and what a rule must find in it: "of" or "of
// what", parted by "; ".
type meaning struct{ language, old, new, want string }

// checkMeanings runs a rule on sentence pairs.
func checkMeanings(t *testing.T, tests []meaning, rule func(edited, func(news.Finding))) {
	t.Helper()
	for _, tt := range tests {
		var got []string
		rule(rewrite(tt.language, tt.old, tt.new), func(f news.Finding) {
			got = append(got, strings.TrimSpace(f.Of+" "+f.What))
			if f.Old == "" && f.New == "" {
				t.Errorf("%s: %q → %q: a finding without words", tt.language, tt.old, tt.new)
			}
		})
		if g := strings.Join(got, "; "); g != tt.want {
			t.Errorf("%s: %q → %q:\n\t got %q\n\twant %q", tt.language, tt.old, tt.new, g, tt.want)
		}
	}
}

func TestMeaningLists(t *testing.T) {
	lists := []string{
		"contraction", "ending", "negation", "unnegated", "prefix", "unprefixed", "light", "modal", "attribution", "speech",
		"passive", "unattributed", "according", "doubt", "titling", "pronouns", "correction", "stamp", "related", "attachment", "byline", "caption", "credit",
	}
	for name, l := range lexicons() {
		for _, list := range lists {
			if x := l.lists[list]; x == nil || len(x.phrases) == 0 && x.none == "" {
				t.Errorf("%s: no list %q, and no reason for that", name, list)
			}
		}
	}
}

func TestNegations(t *testing.T) {
	checkMeanings(t, []meaning{
		{"en", "The bridge is safe for lorries.", "The bridge is not safe for lorries.", "negated"},
		{"en", "You can claim for a new boiler.", "You cannot claim for a new boiler.", "negated"},
		{"en", "The mayor won't resign over the report.", "The mayor will resign over the report.", "affirmed"},
		{"en", "Officers don’t believe she was alone.", "Officers believe she was alone.", "affirmed"},
		{"en", "The town has a plan for floods.", "The town does not have a plan for floods.", "negated"},
		{"en", "There will be refreshments in the hall.", "There will be no refreshments in the hall.", "negated"},
		{"en", "The search was lawful, the court ruled.", "The search was unlawful, the court ruled.", "negated"},
		{"en", "It is impossible to say who won.", "It is possible to say who won.", "affirmed"},
		{"en", "She travelled with a visa to Norland.", "She travelled without a visa to Norland.", "negated"},
		{"en", "The last day to send the form without a fee is 3 May.", "The last day to send the form was 4 May.", ""},
		{"en", "The works cannot be open on Sundays.", "The works can't be open on Sundays.", ""},
		{"en", "They are not able to vote here.", "They are unable to vote here.", ""},
		{"en", "People who do not have symptoms can go.", "People without symptoms can go.", ""},
		{"en", "He not only sings in the choir.", "He sings in the choir.", ""},
		{"en", "Send it by 3 May to the office.", "Send it no later than 3 May to the office.", ""},
		{"en", "She lives at No 10 in the street.", "She lives at number ten in the street.", ""},
		{"en", "It is not, he said, a loss.", "He said it is not a loss.", ""},
		{"en", "The road is closed to cars.", "The road, which has not been mended since the storm last winter, is closed to cars.", ""},
		{"en", "If the application is unsuccessful, write to us.", "If the application was not successful, write to us.", ""},
		{"de", "Die Brücke ist sicher für Lastwagen.", "Die Brücke ist nicht sicher für Lastwagen.", "negated"},
		{"de", "Es gab keine Verletzten bei dem Brand.", "Es gab Verletzte bei dem Brand.", "affirmed"},
		{"de", "Die Zahl der Gäste ist bekannt.", "Die Zahl der Gäste ist unbekannt.", "negated"},
		{"de", "Sie singt nicht nur im Chor.", "Sie singt im Chor.", ""},
		{"de", "Das Werk wird nie verkauft, heißt es.", "Das Werk wird verkauft, heißt es.", "affirmed"},
		{"fr", "Le pont est sûr pour les camions.", "Le pont n’est pas sûr pour les camions.", "negated"},
		{"fr", "Il ne viendra jamais à la mairie.", "Il viendra à la mairie.", "affirmed"},
		{"fr", "Aucun blessé n’est à signaler.", "Aucun blessé n'est à signaler.", ""},
		{"fr", "Elle chante non seulement dans le chœur.", "Elle chante dans le chœur.", ""},
		{"fr", "Il n’a que deux chats dans la maison.", "Il a deux chats dans la maison.", ""},
		{"fr", "La règle est utile pour la ville.", "La règle est inutile pour la ville.", "negated"},
		{"es", "El puente es seguro para camiones.", "El puente no es seguro para camiones.", "negated"},
		{"es", "Nunca hubo heridos en la plaza.", "Hubo heridos en la plaza.", "affirmed"},
		{"es", "No solo canta en el coro del pueblo.", "Canta en el coro del pueblo.", ""},
		{"es", "Viajó con permiso a la isla.", "Viajó sin permiso a la isla.", "negated"},
		{"es", "La decisión fue justa, dijo.", "La decisión fue injusta, dijo.", "negated"},
		{"ar", "الجسر آمن للشاحنات في المدينة", "الجسر ليس آمن للشاحنات في المدينة", "negated"},
		{"ar", "لن يستقيل رئيس البلدية اليوم", "يستقيل رئيس البلدية اليوم", "affirmed"},
		{"ar", "لا يزال الجسر مغلقا أمام السيارات", "الجسر مغلقا أمام السيارات", ""},
		{"ar", "القرار قانوني حسب المحكمة", "القرار غير قانوني حسب المحكمة", "negated"},
		{"ar", "سافر الوزير بدون تصريح", "سافر الوزير تصريح", "affirmed"},
		{"zh", "大桥对卡车是安全的。", "大桥对卡车是不安全的。", "negated"},
		{"zh", "市长没有辞职。", "市长辞职。", "affirmed"},
		{"zh", "他不仅在合唱团唱歌。", "他在合唱团唱歌。", ""},
		{"zh", "会议未通过这项决定。", "会议通过这项决定。", "affirmed"},
		{"zh", "非常安全的大桥", "安全的大桥", ""},
	}, negations)
}

func TestModality(t *testing.T) {
	checkMeanings(t, []meaning{
		{"en", "You should keep the receipts for a year.", "You must keep the receipts for a year.", "modality"},
		{"en", "The plant will close in May.", "The plant may close in May.", "modality"},
		{"en", "There are delays on the line.", "There could be delays on the line.", "modality"},
		{"en", "The vote is likely to be close tonight.", "The vote is to be close tonight.", "modality"},
		{"en", "You can apply by post.", "You need to apply by post.", "modality"},
		{"en", "You can use the old card until May.", "You should apply for a new card until May.", "modality"},
		{"en", "Guests will then continue taking the ferry.", "Guests should take the ferry.", "modality"},
		{"en", "The ferry will be at the quay on Monday.", "The ferry can reach the quay on Monday.", ""},
		{"en", "The bill would cut rents by half.", "The bill will cut rents by half.", "modality"},
		{"en", "She said the town will pay for it.", "She said the town would pay for it.", ""},
		{"en", "You must tell the office.", "You have to tell the office.", ""},
		{"en", "You will not be able to vote here.", "You cannot vote here.", ""},
		{"en", "You should read the guide.", "Read the guide.", ""},
		{"en", "The code will be updated on Monday.", "The code was updated on Monday.", ""},
		{"en", "It opens on 3 May at the hall.", "It opens in May at the hall.", ""},
		{"en", "Will Smith came to the hall.", "Smith came to the hall.", ""},
		{"en", "Trains may be late in the north.", "Trains might be late in the north.", ""},
		{"en", "You may want to check the map.", "Check the map.", ""},
		{"de", "Das Werk muss im Mai schließen.", "Das Werk soll im Mai schließen.", "modality"},
		{"de", "Das Werk kann im Mai schließen.", "Das Werk muss im Mai schließen.", "modality"},
		{"de", "Das Werk wird geschlossen.", "Das Werk wird wahrscheinlich geschlossen.", "modality"},
		{"de", "Er kann im Mai kommen.", "Er könnte im Mai kommen.", ""},
		{"de", "Der Rat muss zahlen.", "Der Rat musste zahlen.", ""},
		{"fr", "L’usine doit fermer en mai.", "L’usine peut fermer en mai.", "modality"},
		{"fr", "L’homme a tué son voisin, dit la radio.", "L’homme aurait tué son voisin, dit la radio.", "modality"},
		{"fr", "Vous devez garder le reçu.", "Vous pouvez garder le reçu.", "modality"},
		{"fr", "Le train est probablement en retard.", "Le train est en retard.", "modality"},
		{"fr", "Le conseil doit payer.", "Le conseil devra payer.", ""},
		{"es", "La planta debe cerrar en mayo.", "La planta puede cerrar en mayo.", "modality"},
		{"es", "El hombre ha matado a su vecino.", "El hombre habría matado a su vecino.", "modality"},
		{"es", "El tren llega tarde probablemente al norte.", "El tren llega tarde al norte.", "modality"},
		{"es", "El pueblo tiene que pagar.", "El pueblo debe pagar.", ""},
		{"es", "La ciudad puede pagar.", "La ciudad podría pagar.", ""},
		{"ar", "يجب إغلاق المصنع في مايو", "يمكن إغلاق المصنع في مايو", "modality"},
		{"ar", "سوف يغلق المصنع في مايو", "قد يغلق المصنع في مايو", "modality"},
		{"ar", "ربما يغلق المصنع في مايو", "يغلق المصنع في مايو", "modality"},
		{"ar", "ينبغي حفظ الوصل عاما كاملا", "يجب حفظ الوصل عاما كاملا", "modality"},
		{"ar", "يتعين حفظ الوصل عاما كاملا", "يجب حفظ الوصل عاما كاملا", ""},
		{"zh", "工厂将在五月关闭。", "工厂可能在五月关闭。", "modality"},
		{"zh", "居民应该保留收据。", "居民必须保留收据。", "modality"},
		{"zh", "居民可以在线申请。", "居民必须在线申请。", "modality"},
		{"zh", "列车预计晚点。", "列车晚点。", "modality"},
		{"zh", "社会需求很大的工厂。", "需求很大的工厂。", ""},
	}, negations)
}
