package appraise

import "testing"

func TestNamesGerman(t *testing.T) {
	checkRule(t, "de", names, []ruleCase{
		{"Die Brücke wurde von Anna Schmidt im Regen eröffnet.", "Die Brücke wurde von Anna Weber im Regen eröffnet.", "Anna Schmidt>Anna Weber"},
		{"Die Brücke wurde von der Feuerwehr im Regen gesperrt.", "Die Brücke wurde von der Polizei im Regen gesperrt.", ""},
		{"Das sagte Minister Weber nach der langen Sitzung.", "Das sagte Minister Kraus nach der langen Sitzung.", "Weber>Kraus"},
		{"Den Plan hat die NATO im letzten Jahr vorgelegt.", "Den Plan hat die EU im letzten Jahr vorgelegt.", "NATO>EU"},
		{"Der Hafen wurde am Montag wegen Sturm geschlossen.", "Der Hafen wurde am Dienstag wegen Sturm geschlossen.", ""},
		{"Ihm drohen nun mehrere Jahre Haft im Ausland.", "Ihm drohen nun mehrere Jahre Arrest im Ausland.", ""},
		{"Das ist ein Mangel an Geduld im ganzen Rat.", "Das ist ein Mangel an Mut im ganzen Rat.", ""},
		{"Gestern sprach Ursula von der Leyen im Rat.", "Gestern sprach Ursula von der Heide im Rat.", "Ursula von der Leyen>Ursula von der Heide"},
		{"Am Abend wurde im Ort noch lange gefeiert.", "Am Morgen wurde im Ort noch lange gefeiert.", ""},
	})
}

func TestNamesFrench(t *testing.T) {
	checkRule(t, "fr", names, []ruleCase{
		{"Le pont a été ouvert par Anne Dupont sous la pluie.", "Le pont a été ouvert par Anne Martin sous la pluie.", "Anne Dupont>Anne Martin"},
		{"Le pont a été ouvert par Mme Dupont sous la pluie.", "Le pont a été ouvert par Dupont sous la pluie.", ""},
		{"Les discussions avec Rome ont encore échoué.", "Les discussions avec Madrid ont encore échoué.", "Rome>Madrid"},
		{"Hier le port a été fermé par la tempête.", "Lundi le port a été fermé par la tempête.", ""},
		{"Il a étudié à l'université de Lille pendant six ans.", "Il a étudié à l'université de Nantes pendant six ans.", "Lille>Nantes"},
		{"Des marins ont quitté le port dans la nuit.", "Plusieurs marins ont quitté le port dans la nuit.", ""},
	})
}

func TestNamesSpanish(t *testing.T) {
	checkRule(t, "es", names, []ruleCase{
		{"El puente fue abierto por Ana López bajo la lluvia.", "El puente fue abierto por Ana Ruiz bajo la lluvia.", "Ana López>Ana Ruiz"},
		{"Las conversaciones con Roma han fracasado otra vez.", "Las conversaciones con Lisboa han fracasado otra vez.", "Roma>Lisboa"},
		{"Ayer el puerto fue cerrado por la tormenta.", "Hoy el puerto fue cerrado por la tormenta.", ""},
		{"El plan fue aprobado por la ONU el año pasado.", "El plan fue aprobado por la OTAN el año pasado.", "ONU>OTAN"},
		{"Marineros dejaron el puerto en la noche.", "Pescadores dejaron el puerto en la noche.", ""},
		{"La obra fue pagada por el Banco de Galicia entera.", "La obra fue pagada por el Banco de Asturias entera.", "Banco de Galicia>Banco de Asturias"},
	})
}

func TestNamesWithoutCapitals(t *testing.T) {
	checkRule(t, "zh", names, []ruleCase{
		{"总统拜登周一访问了这座城市。", "总统林肯周一访问了这座城市。", "拜登>林肯"},
		{"他会见了法国总统马克龙，历时三天。", "他会见了德国总理朔尔茨，历时三天。", "马克龙>朔尔茨"},
		{"会议由李强总理主持，历时三天。", "会议由王毅总理主持，历时三天。", "李强>王毅"},
		{"这座桥去年建成，耗资不少。", "那座楼去年建成，耗资不少。", ""},
	})
	checkRule(t, "ar", names, []ruleCase{
		{"قال الرئيس سعيد إن الجسر سيفتح اليوم", "قال الرئيس محمود إن الجسر سيفتح اليوم", "سعيد>محمود"},
		{"قال العامل إن الجسر سيفتح اليوم للناس", "قال الحارس إن الجسر سيفتح اليوم للناس", ""},
	})
	checkRule(t, "fi", names, []ruleCase{
		{"Sillan avasi Anna Virtanen sateessa eilen.", "Sillan avasi Anna Korhonen sateessa eilen.", ""},
	})
}
