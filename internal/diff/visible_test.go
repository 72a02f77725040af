package diff

import (
	"strings"
	"testing"
	"unicode/utf8"

	"stet/internal/news"
)

func TestVisible(t *testing.T) {
	scotland := "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Plain\ttext\nand “more” é 市 क्\u200dष می\u200cخواهم so\u00adft 👩\u200d👩\u200d👧 ❤\ufe0f", "Plain\ttext\nand “more” é 市 क्\u200dष می\u200cخواهم so\u00adft 👩\u200d👩\u200d👧 ❤\ufe0f"},
		{"pay \u202e001\u202c now", "pay ⟦U+202E⟧001⟦U+202C⟧ now"},
		{"\u2066a\u2069\u200e\u200f\u061c", "⟦U+2066⟧a⟦U+2069⟧⟦U+200E⟧⟦U+200F⟧⟦U+061C⟧"},
		{"a\u200bb\ufeffc\u2060d\u2028e", "a⟦U+200B⟧b⟦U+FEFF⟧c⟦U+2060⟧d⟦U+2028⟧e"},
		{"\x00\x1b[31m\r\u0085\x7f", "⟦U+0000⟧⟦U+001B⟧[31m⟦U+000D⟧⟦U+0085⟧⟦U+007F⟧"},
		{"x\U000e0041\U000e007fy", "x⟦U+E0041⟧⟦U+E007F⟧y"},
		{scotland + "🏴\U000e0067", scotland + "🏴⟦U+E0067⟧"},
		{"a\xffb\xc2", "a\ufffdb\ufffd"},
	} {
		if got := Visible(c.in); got != c.want {
			t.Errorf("%+q: got %+q, want %+q", c.in, got, c.want)
		}
	}
}

// viewsOf is every view for people of a script.
func viewsOf(s Script) map[string]string {
	return map[string]string{
		"plain": Plain(s, Whole), "html": HTML(s, Whole), "mail": Mail(s, Whole), "removed": RemovedOnly(s),
		"snippet": PlainRuns(Snippet(s, 80)),
	}
}

// FuzzViews checks that no view shows a text that could hide or reorder it.
func FuzzViews(f *testing.F) {
	f.Add("pay \u202e001 now. And go.", "pay 100 now.\nAnd go \xff\u0085.")
	f.Add("a\U000e0041 \u2067b", "\x1b[2J\ufeff\u200b")
	f.Fuzz(func(t *testing.T, a, b string) {
		old, new := paragraphsOf(strings.Split(a, "\n")...), paragraphsOf(strings.Split(b, "\n")...)
		old.Headline, new.Headline = a, b
		old.Image.URL, new.Image.Alt = a, b
		old.Links = []news.Link{{URL: a, Text: b}}
		for name, view := range viewsOf(Compare(old, new)) {
			if Visible(view) != view || !utf8.ValidString(view) {
				t.Errorf("%s: %+q", name, view)
			}
		}
	})
}
