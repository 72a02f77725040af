package appraise

import "testing"

func TestNumbersGerman(t *testing.T) {
	checkRule(t, "de", numbers, []ruleCase{
		{"Bei dem Brand starben zwölf Menschen in der Stadt.", "Bei dem Brand starben 15 Menschen in der Stadt.", "zwölf>15 people Menschen"},
		{"Die Brücke kostete 1.200 Euro im Jahr.", "Die Brücke kostete 1200 Euro im Jahr.", ""},
		{"Die Brücke kostete 1,5 Millionen Euro im Jahr.", "Die Brücke kostete 2,5 Millionen Euro im Jahr.", "1,5 Millionen Euro>2,5 Millionen Euro money"},
		{"Die Wahl ist am 3. Mai 2031 im Rathaus.", "Die Wahl ist am 4. Mai 2031 im Rathaus.", "3. Mai 2031>4. Mai 2031 date"},
		{"Die Wahl ist am 12.5.2031 im Rathaus.", "Die Wahl ist am 12. Mai 2031 im Rathaus.", ""},
		{"Der Rat tagt um 14 Uhr im alten Saal.", "Der Rat tagt um 14.30 Uhr im alten Saal.", "14 Uhr>14.30 Uhr time"},
		{"Im Ort leben zweiundzwanzig Familien am Fluss.", "Im Ort leben 22 Familien am Fluss.", ""},
		{"Im Ort leben dreihundertfünf Familien am Fluss.", "Im Ort leben 306 Familien am Fluss.", "dreihundertfünf>306 people Familien"},
		{"Die Mieten stiegen um 4,5 Prozent im Ort.", "Die Mieten stiegen um 5 Prozent im Ort.", "4,5 Prozent>5 Prozent percent"},
		{"Ein Mann wurde bei dem Sturm verletzt.", "Zwei Männer wurden bei dem Sturm verletzt.", "Ein>Zwei people Männer"},
	})
}

func TestNumbersFrench(t *testing.T) {
	checkRule(t, "fr", numbers, []ruleCase{
		{"L'incendie a fait douze morts dans la ville.", "L'incendie a fait 15 morts dans la ville.", "douze>15 people morts"},
		{"Le pont a coûté 1 200 euros à la commune.", "Le pont a coûté 1200 € à la commune.", ""},
		{"Le pont a coûté 1,5 million d'euros à la ville.", "Le pont a coûté 2,5 millions d'euros à la ville.", "1,5 million d'euros>2,5 millions d'euros money"},
		{"Le vote aura lieu le 1er mai 2031 à la mairie.", "Le vote aura lieu le 2 mai 2031 à la mairie.", "1er mai 2031>2 mai 2031 date"},
		{"La réunion commence à 14h30 dans la salle.", "La réunion commence à 15 heures dans la salle.", "14h30>15 heures time"},
		{"Quatre-vingt-dix-sept élèves ont quitté la salle.", "Près de 97 élèves ont quitté la salle.", ""},
		{"Le village compte deux cent cinq habitants.", "Le village compte 206 habitants.", "deux cent cinq>206 people habitants"},
		{"La réunion est prévue lundi dans la salle.", "La réunion est prévue mardi dans la salle.", "lundi>mardi date"},
		{"Les loyers ont augmenté de 4,5 % dans la ville.", "Les loyers ont augmenté de 4,5% dans la ville.", ""},
	})
}

func TestNumbersSpanish(t *testing.T) {
	checkRule(t, "es", numbers, []ruleCase{
		{"El incendio dejó doce muertos en la ciudad.", "El incendio dejó 15 muertos en la ciudad.", "doce>15 people muertos"},
		{"El puente costó 1.200 euros al pueblo.", "El puente costó 1200 euros al pueblo.", ""},
		{"El puente costó 5 millones de euros al pueblo.", "El puente costó 6 millones de euros al pueblo.", "5 millones de euros>6 millones de euros money"},
		{"La votación es el 12 de mayo de 2031 en la sala.", "La votación es el 13 de mayo de 2031 en la sala.", "12 de mayo de 2031>13 de mayo de 2031 date"},
		{"El pueblo tiene treinta y dos vecinos en invierno.", "El pueblo tiene 32 vecinos en invierno.", ""},
		{"La reunión empieza a las 14:00 en la sala.", "La reunión empieza a las 15:30 en la sala.", "14:00>15:30 time"},
		{"Unos dos mil vecinos salieron a la calle.", "Unos tres mil vecinos salieron a la calle.", "dos mil>tres mil people vecinos"},
		{"Los precios subieron un 4,5% en la ciudad.", "Los precios subieron un 5 por ciento en la ciudad.", "4,5%>5 por ciento percent"},
	})
}

func TestNumbersArabic(t *testing.T) {
	checkRule(t, "ar", numbers, []ruleCase{
		{"قتل 12 شخصا في الحريق الكبير بالمدينة", "قتل 15 شخصا في الحريق الكبير بالمدينة", "12>15 people شخصا"},
		{"قتل ١٢ شخصا في الحريق الكبير بالمدينة", "قتل 12 شخصا في الحريق الكبير بالمدينة", ""},
		{"أصيب خمسة وعشرون شخصا في الحادث اليوم", "أصيب 25 شخصا في الحادث اليوم", ""},
		{"أصيب خمسة أشخاص في الحادث على الطريق", "أصيب سبعة أشخاص في الحادث على الطريق", "خمسة>سبعة people أشخاص"},
		{"تعقد الجلسة في 12 مايو 2031 في القاعة", "تعقد الجلسة في 12 أيار 2031 في القاعة", ""},
		{"تعقد الجلسة في 12 مايو 2031 في القاعة", "تعقد الجلسة في 13 مايو 2031 في القاعة", "12 مايو 2031>13 مايو 2031 date"},
		{"بلغت الكلفة 5 ملايين دولار في العام الماضي", "بلغت الكلفة 6 ملايين دولار في العام الماضي", "5 ملايين دولار>6 ملايين دولار money"},
	})
}

func TestNumbersChinese(t *testing.T) {
	checkRule(t, "zh", numbers, []ruleCase{
		{"火灾造成12人死亡，桥已经关闭。", "火灾造成15人死亡，桥已经关闭。", "12>15 people 人死亡"},
		{"火灾造成十二人死亡，桥已经关闭。", "火灾造成12人死亡，桥已经关闭。", ""},
		{"火灾造成十二人死亡，桥已经关闭。", "火灾造成十五人死亡，桥已经关闭。", "十二>十五 people 人死亡"},
		{"会议将于5月3日在市政厅举行。", "会议将于5月4日在市政厅举行。", "5月3日>5月4日 date"},
		{"这座桥耗资500万元，去年建成。", "这座桥耗资600万元，去年建成。", "500万元>600万元 money"},
		{"这座桥耗资3万5千元，去年建成。", "这座桥耗资35000元，去年建成。", ""},
		{"物价上涨百分之十二，市民不满。", "物价上涨12%，市民不满。", ""},
		{"会议下午3点在市政厅开始举行。", "会议15:00在市政厅开始举行。", ""},
		{"这是一样的桥，桥已经关闭很久。", "这是同样的桥，桥已经关闭很久。", ""},
	})
}

func TestNumbersWithoutLanguage(t *testing.T) {
	checkRule(t, "fi", numbers, []ruleCase{
		{"Palossa kuoli 12 ihmistä kaupungissa.", "Palossa kuoli 15 ihmistä kaupungissa.", "12>15 count"},
		{"Silta maksoi 1,200 euroa kaupungille.", "Silta maksoi 1200 euroa kaupungille.", ""},
		{"Kokous pidetään 2031-05-12 salissa.", "Kokous pidetään 2031-05-13 salissa.", "2031-05-12>2031-05-13 date"},
		{"Kokous alkaa 14:05 vanhassa salissa.", "Kokous alkaa 14:30 vanhassa salissa.", "14:05>14:30 time"},
		{"Palossa kuoli kolme ihmistä kaupungissa.", "Palossa kuoli neljä ihmistä kaupungissa.", ""},
	})
}
