package appraise

import (
	"slices"
	"strings"
	"testing"
)

// needed are the lists that rules ask for.
func needed() []string {
	return []string{
		"elision", "stopwords", "numerals", "ordinals", "scale", "joiner", "fraction", "months", "weekdays", "clock", "percent", "money",
		"people", "units", "articles", "parts", "files", "filesizes", "filenotes", "pagenotes", "dial", "titles", "particles", "organisations", "stopcaps",
	}
}

func TestWordFiles(t *testing.T) {
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := wordFiles.ReadFile("words/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		l, err := parseWords(f.Name(), string(data))
		if err != nil {
			t.Errorf("%s: %v", f.Name(), err)
			continue
		}
		if !strings.Contains(string(data), "written by hand for stet") {
			t.Errorf("%s does not say where it is from", f.Name())
		}
		for _, name := range needed() {
			x := l.lists[name]
			if x == nil || len(x.phrases) == 0 && x.none == "" {
				t.Errorf("%s: no list %q, and no reason for that", f.Name(), name)
			}
		}
	}
}

func TestParseWords(t *testing.T) {
	l, err := parseWords("xx", "# a comment\n[colours warm]\nred = 1; dark  Red = 2 # two words\n[colours cold]\nblue = sky\n[shapes]\nnone: drawn by nobody\n")
	if err != nil {
		t.Fatal(err)
	}
	toks := tokens("A Dark red house", l)
	p, n := l.at("colours", toks, 1)
	if n != 2 || p.number != 2 || p.class != "warm" {
		t.Errorf("found %+v of %d tokens, want the phrase of two", p, n)
	}
	if p, _ := l.word("colours", "blue"); p.class != "cold" || p.value != "sky" {
		t.Errorf("blue is %+v", p)
	}
	if l.knows("shapes") || l.lists["shapes"].none != "drawn by nobody" || l.has("other", "red") {
		t.Error("lists without words must be empty, and say why")
	}
}

func TestParseWordsRefuses(t *testing.T) {
	for _, text := range []string{"red\n", "[a]\nred; blue; Red\n", "[a]\nred\n[a b]\nred\n"} {
		if _, err := parseWords("xx", text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestTokens(t *testing.T) {
	fr := &lexicon{lists: map[string]*list{}}
	if err := fr.section("elision").read("l; qu", "", fr); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text string
		lex  *lexicon
		want string
	}{
		{"Don't pay £1,200.50!", &lexicon{}, "don't pay £ 1 , 200 . 50 !"},
		{"L'homme qu’il", fr, "l' homme qu' il"},
		{"10am A4 o’clock’", &lexicon{}, "10 am a4 o'clock '"},
		{"十二人 said", &lexicon{}, "十 二 人 said"},
		{"ABCという", &lexicon{}, "abc と い う"},
		{"قالَ أحمد", &lexicon{}, "قال احمد"},
		{"١٢ شخصًا", &lexicon{}, "١٢ شخصا"},
	}
	for _, tt := range tests {
		var keys []string
		for _, k := range tokens(tt.text, tt.lex) {
			keys = append(keys, k.key)
		}
		if got := strings.Join(keys, " "); got != tt.want {
			t.Errorf("tokens(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestLanguages(t *testing.T) {
	for name := range lexicons() {
		if !slices.Contains([]string{"en", "de", "fr", "es", "ar", "zh"}, name) {
			t.Errorf("%s is not a language of ours", name)
		}
	}
}
