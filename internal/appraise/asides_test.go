package appraise

import (
	"strings"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

// asidesOf is what a rule for whole pages finds: kinds, or kinds and what of them.
func asidesOf(language string, old, new news.Content, rule func(*page, func(news.Finding))) string {
	var got []string
	p := &page{old: old, new: new, script: diff.Compare(old, new), lex: lexicons()[language]}
	rule(p, func(f news.Finding) { got = append(got, strings.TrimSpace(string(f.Kind)+" "+f.Of)) })
	return strings.Join(got, "; ")
}

func TestAsides(t *testing.T) {
	const first = "The harbour council meets every week."
	tests := []struct{ language, old, new, want string }{
		{"en", "Tides are told each Monday (last updated 3 May 2031).", "Tides are told each Monday (last updated 10 May 2031).", "stamp"},
		{"en", "Tides are told each Monday (last updated 3 May 2031).", "Tides are told each Friday (last updated 3 May 2031).", ""},
		{"en", "The tide tables were updated by 3 clerks in town.", "The tide tables were updated by 4 clerks in town.", ""},
		{"en", "Ships | reviewed | 202 | 212", "Ships | reviewed | 220 | 250", ""},
		{"en", "The ferry sails at noon.", "The ferry sails at noon. See the timetable (PDF, 20 KB, 2 pages)", "links"},
		{"en", "See the timetable (PDF, 20 KB) of the ferry today.", "See the timetable (PDF, 24 KB) of the ferry today.", "links"},
		{"en", "See the timetable (PDF, 20 KB) of the ferry today.", "See the timetable (PDF, 20 KB) of the train today.", ""},
		{"en", "The clerk sent a PDF to 20 towns.", "The clerk sent a PDF to 24 towns.", ""},
		{"en", "The quay at dusk, as all of us know it.", `The quay at dusk, as all of us know it. <img src="/quay.png" alt="Boats at the quay">`, "image"},
		{"en", `The quay at dusk, as we know it. {{< fig src="/a/quay.png" alt="Boats" >}}`, `The quay at dusk, as we know it. {{< fig src="/b/quay.png" alt="Boats" >}}`, ""},
		{"de", "Die Gezeiten stehen hier (zuletzt aktualisiert am 3. Mai 2031).", "Die Gezeiten stehen hier (zuletzt aktualisiert am 9. Mai 2031).", "stamp"},
		{"fr", "Voici les marées du port (mis à jour le 3 mai 2031).", "Voici les marées du port (mis à jour le 9 mai 2031).", "stamp"},
		{"es", "Estas son las mareas (actualizado el 3 de mayo de 2031).", "Estas son las mareas (actualizado el 9 de mayo de 2031).", "stamp"},
		{"zh", "潮汐表在这里（更新于2031年5月3日）供大家查看。", "潮汐表在这里（更新于2031年5月9日）供大家查看。", "stamp"},
	}
	for _, tt := range tests {
		if got := asidesOf(tt.language, article("", first, tt.old), article("", first, tt.new), asides); got != tt.want {
			t.Errorf("%s: %q → %q: found %q, want %q", tt.language, tt.old, tt.new, got, tt.want)
		}
	}
}

// TestAsidesOfHeadline: a headline may tell when the page was updated.
func TestAsidesOfHeadline(t *testing.T) {
	old, new := article("Tides at Arle - updated 3 May 2031"), article("Tides at Arle - updated 9 May 2031")
	if got := asidesOf("en", old, new, asides); got != "stamp" {
		t.Errorf("found %q, want a stamp", got)
	}
}

// TestFileTitles: what stands before a line that only offers a file is its title.
func TestFileTitles(t *testing.T) {
	const text, file = "The council meets every week in the town hall.", "PDF, 20 KB, 2 pages"
	tests := []struct {
		old, new []string
		want     bool
	}{
		{[]string{text, "Ferry times to 3 May", file}, []string{text, "Ferry times to 9 May", file}, true},
		{[]string{text}, []string{text, "Ferry times", file}, true},
		{[]string{text, "Ferry Times", file}, []string{text, "Ferry times", file}, false},
		{[]string{text, "Ferry times to 3 May", text}, []string{text, "Ferry times to 9 May", text}, false},
	}
	for _, tt := range tests {
		a := change(article("", tt.old...), article("", tt.new...))
		if a.Has(news.KindLinks) != tt.want {
			t.Errorf("%q → %q: found %v, links should be %v", tt.old, tt.new, a.Kinds, tt.want)
		}
		if a.Has(news.KindAddition) {
			t.Errorf("%q → %q: the title of a file is taken for text", tt.old, tt.new)
		}
	}
}

func TestReversals(t *testing.T) {
	const first, last = "The harbour council meets every week in the old town hall.", "Boats are for hire at the quay all summer."
	tests := []struct{ language, old, new, want string }{
		{"en", "Guests aged over 12 need to show a ticket from the office before boarding the ferry.",
			"Now that the storms are over, you are no longer required to show a ticket before boarding, although many still do.", "negation negated"},
		{"en", "You do not have to register your boat with the harbour office in spring.",
			"Owners from every town on the coast must now register a boat with the harbour office of Arle or be fined.", "negation affirmed"},
		{"en", "Guests aged over 12 need to show a ticket from the office before boarding the ferry.",
			"The ferry will not sail while the winds stay as strong as they were all week.", ""},
		{"en", "Guests from all towns show a yellow ticket outside.",
			"Once on board you need not show any yellow ticket outside, says a new order of the harbour office.", "negation negated"},
		{"en", "Guests from all towns show a yellow ticket inside.",
			"Once on board you need not show any yellow ticket outside, says a new order of the harbour office.", ""},
		{"en", "No boat had been lost before 3 May 2031 in the harbour.",
			"All of the piers were rebuilt after the flood, and reopened before 3 May 2031 with a fair.", ""},
		{"de", "Gäste müssen vor der Fahrt eine Karte im Büro am Hafen kaufen und vorzeigen.",
			"Weil die Stürme vorbei sind, brauchen Reisende nun nicht mehr eine Karte im Büro am Hafen kaufen.", "negation negated"},
	}
	for _, tt := range tests {
		old := article("", first, tt.old, last)
		new := article("", tt.new, first, last)
		if got := asidesOf(tt.language, old, new, reversals); got != tt.want {
			t.Errorf("%s: %q → %q: found %q, want %q", tt.language, tt.old, tt.new, got, tt.want)
		}
	}
}

// TestAddressesOnly holds what is an address and nothing else.
func TestAddressesOnly(t *testing.T) {
	tests := map[string]bool{
		"https://example.org/a": true, "[](https://example.org/a.png)": true, "www.example.org": true,
		"https://example.org/a and more": false, "[map](https://example.org/a)": false, "": false, " ": false,
	}
	for text, want := range tests {
		if got := addressesOnly(text); got != want {
			t.Errorf("addressesOnly(%q) = %v, want %v", text, got, want)
		}
	}
}
