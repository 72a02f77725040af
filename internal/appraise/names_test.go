package appraise

import "testing"

func TestNamesEnglish(t *testing.T) {
	checkRule(t, "en", names, []ruleCase{
		{"The bridge was opened by Ann Smith in the rain.", "The bridge was opened by Ann Jones in the rain.", "Ann Smith>Ann Jones"},
		{"The bridge was opened by Mr Smith in the rain.", "The bridge was opened by Smith in the rain.", ""},
		{"The mayor opened the bridge in the rain today.", "The mayor, Ann Smith, opened the bridge in the rain today.", ">Ann Smith"},
		{"The bridge over the Avon was closed for days.", "The bridge was closed for days.", "Avon>"},
		{"The plan was drawn up by the NHS last year.", "The plan was drawn up by the BBC last year.", "NHS>BBC"},
		{"Smith told Jones to leave the hall at once.", "Jones was told by Smith to leave the hall.", ""},
		{"However the plan was dropped by the council.", "Meanwhile the plan was dropped by the council.", ""},
		{"The shop opens on Monday in the old town.", "The shop opens on Friday in the old town.", ""},
		{"He studied at the University of Leeds for years.", "He studied at the University of York for years.", "University of Leeds>University of York"},
		{"Hikers found the wreck on a remote beach.", "Divers found the wreck on a remote beach.", ""},
		{"Hassan van der Berg leads the small party.", "Hassan van der Meer leads the small party.", "Hassan van der Berg>Hassan van der Meer"},
		{"The government will publish the report soon.", "The Government will publish the report soon.", ""},
		{"It was sold to Harbour Foods for a small sum.", "It was sold to Harbour Foods Ltd for a small sum.", "Harbour Foods>Harbour Foods Ltd"},
		{"The report of the World Health Organization is out.", "The report of the WHO is out.", ""},
		{"The old ferry sank off the coast on a calm day.", "The old ferry sank off the British coast on a calm day.", ""},
		{"She said the talks with Paris had failed again.", "She said the talks with Rome had failed again.", "Paris>Rome"},
		{"Ships left the harbour under an escort.", "Boats left the harbour under an escort.", ""},
		{"Debt fell in August, the ONS said today.", "Debt fell in August, the Office for National Statistics said today.", ""},
		{"She wrote to https://example.org/a/Berlin_Wall first.", "She wrote to https://example.org/a/Prague_Wall first.", ""},
		{"He will meet Donald Tusk at the old palace.", "He will meet US President Donald Tusk at the old palace.", "Donald Tusk>US President Donald Tusk"},
		{"SHIPS LEAVE THE HARBOUR NOW", "SHIPS LEAVE THE DOCKS NOW", ""},
		{"Harbour Wall Falls Into Sea After Storm", "Harbour Wall Slides Into Sea After Storm", ""},
	})
}
