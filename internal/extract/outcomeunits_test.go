package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stet/internal/news"
)

func TestPhraseTable(t *testing.T) {
	for _, n := range notices {
		lex := lexicons()[n.class]
		if lex == nil || len(lex.head) < 20 || len(lex.text) < 5 {
			t.Errorf("class %s has too few phrases", n.class)
		}
	}
	class := ""
	for i, line := range strings.Split(phrasesText, "\n") {
		switch language, list, ok := strings.Cut(line, ": "); {
		case strings.HasPrefix(line, "["):
			class = line
		case line == "" || strings.HasPrefix(line, "#"):
		case !ok || len(language) != 2 || class == "":
			t.Errorf("line %d: %q", i+1, line)
		default:
			for _, s := range strings.Split(list, ";") {
				if len(newPhrase(s)) == 0 {
					t.Errorf("line %d: an empty phrase", i+1)
				}
			}
		}
	}
}

func TestVendorTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range vendorMarks() {
		s := string(m.mark)
		if s != strings.ToLower(s) || len(s) < 6 || seen[s] || m.vendor == "" || !slices.Contains([]string{"wall", "widget", "consent"}, m.kind) {
			t.Errorf("mark %q of %q: %q", s, m.vendor, m.kind)
		}
		seen[s] = true
	}
	lines := 0
	for line := range strings.Lines(vendorsText) {
		if !strings.HasPrefix(line, "#") {
			lines++
		}
	}
	if lines != len(seen) {
		t.Errorf("%d lines, %d marks", lines, len(seen))
	}
	pad := strings.Repeat(" ", maxMarkup-len("gokuprops"))
	if vendorOf([]byte(pad+"gokuProps"), "wall") != "AWS WAF" || vendorOf([]byte(pad+" gokuProps"), "wall") != "" {
		t.Error("maxMarkup is not the edge")
	}
}

func TestPhrases(t *testing.T) {
	for _, c := range []struct {
		phrase, text string
		want         bool
	}{
		{"page introuvable", "Page INTROUVABLE !", true},
		{"não encontrada", "Página nao encontrada", true},
		{"you re human", "Show that you’re human.", true},
		{"eror", "terror", false},
		{"页面不存在", "抱歉，您访问的页面不存在。", true},
		{"خطا 404", "خطأ 404", true},
		{"we and our … partners", "We and our 842 partners", true},
		{"we … partners", "We " + strings.Repeat("a", maxGap-1) + " partners", true},
		{"we … partners", "We " + strings.Repeat("a", maxGap) + " partners", false},
		{"a … c", "a c a b c", true},
	} {
		if got := says(foldWords(c.text), []phrase{newPhrase(c.phrase)}); got != c.want {
			t.Errorf("%q in %q: %v", c.phrase, c.text, got)
		}
	}
	head := lexicons()["missing"].head
	for text, want := range map[string]bool{
		"Page not found":                     true,
		"Sorry, we can’t find that page":     true,
		"404":                                true,
		"404: the number that became a joke": false,
		"Page not found: court fines town for deleting its minutes": false,
		"Seite nicht gefunden": true,
		"页面不存在：市政府因删除会议记录被罚款": false,
	} {
		if got := covered(foldWords(text), head) >= wholeShare; got != want {
			t.Errorf("%q is a notice as a whole: %v", text, got)
		}
	}
}

func TestProseBesideANotice(t *testing.T) {
	for _, c := range []struct {
		heading string
		most    int
		outcome news.Outcome
	}{
		{"Page not found", maxMissing, news.Soft404},
		{"Access denied", maxBeside, news.Blocked},
		{"Scheduled maintenance", maxBeside, news.Failed},
	} {
		d := newDocument(answer([]byte("<html><body><h1>" + c.heading + "</h1></body></html>")))
		d.hear()
		if o, _ := d.headedBy(c.most); o != c.outcome {
			t.Errorf("%s with %d letters of prose: %s", c.heading, c.most, o)
		}
		if o, _ := d.headedBy(c.most + 1); o != news.OK {
			t.Errorf("%s with %d letters of prose: %s", c.heading, c.most+1, o)
		}
	}
	d := newDocument(answer([]byte("<html><body><p>The page you requested is elsewhere.</p></body></html>")))
	d.hear()
	if o, _ := d.statedBy(maxStated); o != news.Soft404 {
		t.Errorf("a statement with maxStated letters beside: %s", o)
	}
	if o, _ := d.statedBy(maxStated + 1); o != news.OK {
		t.Errorf("a statement with more than maxStated letters beside: %s", o)
	}
}

func TestProseIsCountedInLetters(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "жук": 3, "页面": 6, "カタカナ": 12} {
		if got := letters(text); got != want {
			t.Errorf("letters(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestRedirectStub(t *testing.T) {
	page := func(head string) Result {
		return Read(answer([]byte("<html><head>" + head + "</head><body><p>One moment.</p></body></html>")))
	}
	refresh := func(seconds int) string {
		return fmt.Sprintf(`<meta http-equiv="refresh" content="%d;url=/n/1">`, seconds)
	}
	if r := page(refresh(maxRefresh)); r.Outcome != news.Moved || !strings.Contains(r.Reason, "https://www.example.org/n/1") {
		t.Errorf("a refresh after maxRefresh: %s (%s)", r.Outcome, r.Reason)
	}
	if r := page(refresh(maxRefresh + 1)); r.Outcome == news.Moved {
		t.Errorf("a refresh after maxRefresh+1: %s (%s)", r.Outcome, r.Reason)
	}
	move := `location.href="/n/1";`
	script := func(n int) string { return "<script>" + move + strings.Repeat("/", n-len(move)) + "</script>" }
	if r := page(script(maxMover)); r.Outcome != news.Moved {
		t.Errorf("scripts of maxMover bytes: %s (%s)", r.Outcome, r.Reason)
	}
	if r := page(script(maxMover + 1)); r.Outcome == news.Moved {
		t.Errorf("scripts of maxMover+1 bytes: %s (%s)", r.Outcome, r.Reason)
	}
	for target, want := range map[string]news.Outcome{
		"https://www.example.net/a": news.Moved, "/": news.Gone, "/login": news.Blocked, "https://consent.example.org/x": news.Consent,
		"/news/2031/02/ferry-returns": news.NotArticle, "/404": news.Gone,
	} {
		if r := page(`<meta http-equiv="refresh" content="0;url=` + target + `">`); r.Outcome != want || r.Reason == "" {
			t.Errorf("a refresh to %s: %s (%s), want %s", target, r.Outcome, r.Reason, want)
		}
	}
}

func TestTeasersOfAnIndex(t *testing.T) {
	page := func(n int) Result {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<h3><a href="/n/%d">The harbour of Oldharbour, part %d</a></h3><p>%s</p>`, i, i, sentence)
		}
		return Read(answer([]byte("<html><body><main><h1>Harbour</h1>" + b.String() + "</main></body></html>")))
	}
	if r := page(minTeasers); r.Reason != "an index page" {
		t.Errorf("%d teasers: %s (%s)", minTeasers, r.Outcome, r.Reason)
	}
	if r := page(minTeasers - 1); r.Reason == "an index page" {
		t.Errorf("%d teasers: %s (%s)", minTeasers-1, r.Outcome, r.Reason)
	}
}

// FuzzPhrases wants folding to settle at once, and shares between 0 and 1.
func FuzzPhrases(f *testing.F) {
	for _, s := range []string{"Page not found", "خطأ 404", "页面不存在", "ﬁ ǅ ẞ \xff…"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := foldWords(s)
		if again := foldWords(folded); again != folded {
			t.Errorf("%q folds to %q, then to %q", s, folded, again)
		}
		for class, lex := range lexicons() {
			if share := covered(folded, lex.head); share < 0 || share > 1 {
				t.Errorf("%s covers %v of %q", class, share, s)
			}
		}
	})
}
