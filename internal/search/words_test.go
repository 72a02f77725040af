package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	tests := []struct{ name, text, language, want string }{
		{"nothing", " – … ", "en", ""},
		{"lower case, stems", "The Bridges were CLOSED.", "en-GB", "the bridg were close"},
		{"no language, no stems", "The Bridges", "", "the bridges"},
		{"a language without stems", "Mosty zamknięte", "pl", "mosty zamkniete"},
		{"an odd tag", "Bridges", "en_US", "bridg"},
		{"accents", "café Łódź Straße Ærø", "", "cafe lodz strasse aero"},
		{"composed or not", "cafe\u0301 café", "", "cafe cafe"},
		{"German umlauts", "Häuser laufen", "de", "haus lauf"},
		{"Turkish i", "IŞIK İstanbul", "tr", "isik istanbul"},
		{"the same elsewhere", "IŞIK İstanbul", "en", "isik istanbul"},
		{"numbers and apostrophes", "12.5% of Amber’s", "en", "12 5 of amber s"},
		{"soft hyphen", "har\u00adbour", "", "harbour"},
		{"full width, ligature", "ＡＢＣ１２ ﬁne", "", "abc12 fine"},
		{"Cyrillic keeps its letters", "Чёрный йод", "uk", "черный йод"},
		{"stress mark", "за\u0301мок", "uk", "замок"},
		{"Arabic", "الكِتابُ", "fa", "الكتاب"},
		{"Arabic, stems", "الكِتاب", "ar", "كتاب"},
		{"Greek", "Ελλάς", "", "ελλασ"},
		{"Hindi keeps its vowel signs", "हिन्दी किताब", "hi", "हिन्दी किताब"},
		{"joiner", "می\u200cخواهم", "fa", "میخواهم"},
		{"Chinese", "图书馆", "zh", "图书 书馆 馆"},
		{"one character", "图", "zh", "图"},
		{"runs", "读书,茶", "zh", "读书 书 茶"},
		{"Japanese sound mark", "サーバー", "ja", "サー ーバ バー ー"},
		{"mixed scripts", "GDP增长3个", "zh", "gdp 增长 长 3 个"},
		{"Thai", "วันจ", "th", "วั ัน นจ จ"},
		{"invalid and NUL", "a\xffb\x00c", "", "a b c"},
		{"private use is no word", "a\ue000b\ue001all", "", "a b all"},
		{"as long as can be", strings.Repeat("é", MaxWord) + " x", "", strings.Repeat("e", MaxWord) + " x"},
		{"too long", strings.Repeat("é", MaxWord+1), "", strings.Repeat("e", MaxWord)},
	}
	for _, tt := range tests {
		if got := strings.Join(Words(tt.text, tt.language), " "); got != tt.want {
			t.Errorf("%s: Words(%q, %s) = %q, want %q", tt.name, tt.text, tt.language, got, tt.want)
		}
	}
}

// stemmed are the languages with stems, and one without.
var stemmed = strings.Fields("ar az da nl en fi fr de hu ga it nb nn no pt ro ru es sv ta tr xx")

func TestStemmed(t *testing.T) {
	for _, tag := range stemmed {
		want := tag
		if tag == "xx" {
			want = ""
		}
		if got := Stemmed(strings.ToUpper(tag) + "-Latn-001"); got != want {
			t.Errorf("Stemmed(%s) = %q, want %q", tag, got, want)
		}
	}
}

// FuzzWords: whatever a text holds, its words are what the index can take, and a
// word by itself is the word that it is in the text.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"The mayor's café, 12.5", "图书馆 サーバー ab", "Łódź\xff\x00ﬁ", "والكتب הַבַּיִת हिन्दी", "ИЗЪЁН", "ıİ ssß", strings.Repeat("aé", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tag := range stemmed {
			words := Words(text, tag)
			for _, w := range words {
				if w == "" || !utf8.ValidString(w) || utf8.RuneCountInString(w) > MaxWord || strings.ContainsFunc(w, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) }) {
					t.Fatalf("Words(%q, %s) has %q", text, tag, w)
				}
			}
			if again := Words(text, tag); !slices.Equal(words, again) {
				t.Fatalf("Words(%q, %s) = %q, and then %q", text, tag, words, again)
			}
		}
	})
}

func TestForms(t *testing.T) {
	tests := []struct {
		name      string
		term      Term
		languages string
		want      string
	}{
		{"in no language", Term{Text: "Bridges"}, "-", "bridges"},
		{"in two", Term{Text: "laufen"}, "- de", "laufen|lauf"},
		{"none twice", Term{Text: "tea"}, "- de en", "tea"},
		{"several words are a phrase", Term{Text: "town councils", Phrase: true}, "- en", "town councils|town council"},
		{"a number with a point", Term{Text: "12.5"}, "-", "12 5"},
		{"punctuation", Term{Text: "…"}, "en", ""},
		{"no languages", Term{Text: "tea"}, "", ""},
		{"Chinese, one character", Term{Text: "图"}, "-", "图*"},
		{"two", Term{Text: "图书"}, "-", "图书"},
		{"three", Term{Text: "图书馆"}, "- en", "图书 书馆"},
		{"in a phrase", Term{Text: "tea 图书 tea", Phrase: true}, "-", "tea 图书 书 tea"},
		{"at its end", Term{Text: "tea 图", Phrase: true}, "-", "tea 图*"},
		{"the same character again", Term{Text: "图书 书", Phrase: true}, "-", "图书 书 书*"},
		{"prefix", Term{Text: "Bridg", Prefix: true}, "-", "bridg*"},
		{"prefix of Chinese", Term{Text: "图书", Prefix: true}, "-", "图书*"},
	}
	for _, tt := range tests {
		tags := strings.Fields(tt.languages)
		for i := range tags {
			tags[i] = strings.TrimPrefix(tags[i], "-")
		}
		var got []string
		for _, f := range tt.term.Forms(tags) {
			s := strings.Join(f.Words, " ")
			if f.Prefix {
				s += "*"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
}

// A prefix finds every word that begins so, though its stem is shorter.
func TestPrefixFindsStems(t *testing.T) {
	for _, tt := range []struct{ language, begin, words string }{
		{"en", "immigrat", "immigrate immigration immigrated immigrating"},
		{"en", "runni", "running"},
		{"en", "cit", "city cities citizen"},
		{"en", "city", "city citywide"},
		{"en", "may", "may mayor mayoral"},
		{"en", "relations", "relations relationship"},
		{"de", "regierun", "regierung regierungen"},
		{"fr", "immigrat", "immigration immigrations"},
		{"es", "nacion", "nación naciones nacional"},
		{"ru", "правит", "правительство правит"},
	} {
		forms := Term{Text: tt.begin, Prefix: true}.Forms([]string{tt.language})
		for word := range strings.FieldsSeq(tt.words) {
			held := Words(word, tt.language)[0]
			found := slices.ContainsFunc(forms, func(f Form) bool {
				return f.Words[0] == held || f.Prefix && strings.HasPrefix(held, f.Words[0])
			})
			if !found {
				t.Errorf("%s* does not find %s, which is held as %s: %v", tt.begin, word, held, forms)
			}
		}
	}
}
