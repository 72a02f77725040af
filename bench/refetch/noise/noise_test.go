package noise

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stet/bench/corpus"
	"stet/internal/news"
)

func own(t *testing.T, level int, seed uint64) (*Page, corpus.Page) {
	t.Helper()
	c := corpus.Own(3, seed)[seed%3]
	p, err := NewPage(NewSource(seed, "en"), c.HTML, c.Paragraphs, level, seed)
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

func draw(t *testing.T, p *Page, fetch int, edits ...Edit) []byte {
	t.Helper()
	b, err := p.Draw(fetch, edits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// articleOf gives the article's paragraphs that a drawn page shows, in order,
// folded.
func articleOf(t *testing.T, p *Page, drawn []byte) []string {
	t.Helper()
	tr, err := (&Page{raw: drawn, keys: p.keys}).parse()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range tr.paragraphs {
		out = append(out, news.Fold(text(n)))
	}
	return out
}

func TestDrawLeavesTheArticle(t *testing.T) {
	for seed := range uint64(12) {
		for level := range 3 {
			p, c := own(t, level, seed)
			var want []string
			for _, s := range c.Paragraphs {
				want = append(want, news.Fold(s))
			}
			for fetch := range 4 {
				if got := articleOf(t, p, draw(t, p, fetch)); !slices.Equal(got, want) {
					t.Errorf("seed %d, level %d, fetch %d: the article reads\n%q\nwant\n%q", seed, level, fetch, got, want)
				}
			}
		}
	}
}

func TestDrawIsOneForASeed(t *testing.T) {
	a, _ := own(t, 2, 5)
	b, _ := own(t, 2, 5)
	if !bytes.Equal(draw(t, a, 3), draw(t, b, 3)) {
		t.Error("equal seeds and fetches gave different pages")
	}
	if bytes.Equal(draw(t, a, 3), draw(t, a, 4)) {
		t.Error("two fetches at level 2 gave equal pages")
	}
	p, _ := own(t, 0, 5)
	if plain, err := p.Plain(); err != nil || !bytes.Equal(draw(t, p, 3), plain) {
		t.Errorf("level 0 is not the page itself (%v)", err)
	}
}

func TestEdits(t *testing.T) {
	for _, kind := range EditKinds() {
		t.Run(string(kind), func(t *testing.T) {
			planned := 0
			for seed := range uint64(10) {
				p, _ := own(t, 2, seed)
				e, ok := p.Plan(kind, nil, seed)
				if !ok {
					continue
				}
				planned++
				has := func(edits ...Edit) (old, new bool) {
					page := news.Fold(string(bytes.ReplaceAll(draw(t, p, 1, edits...), []byte("&#34;"), []byte(`"`))))
					page = strings.NewReplacer("&#39;", "'", "&amp;", "&").Replace(page)
					return e.Old != "" && strings.Contains(page, news.Fold(e.Old)), e.New != "" && strings.Contains(page, news.Fold(e.New))
				}
				if old, new := has(); new || old != (e.Old != "") {
					t.Errorf("seed %d: before the edit the page has old %v, new %v", seed, old, new)
				}
				if old, new := has(e); old || new != (e.New != "") {
					t.Errorf("seed %d: after the edit the page has old %v, new %v", seed, old, new)
				}
			}
			if planned < 8 {
				t.Errorf("%d of 10 pages had a place for it", planned)
			}
		})
	}
}

func TestEditsKeepApart(t *testing.T) {
	p, _ := own(t, 1, 4)
	first, ok := p.Plan(EditWord, nil, 1)
	if !ok {
		t.Fatal("no place for a word")
	}
	for seed := range uint64(20) {
		if e, ok := p.Plan(EditRemoval, []Edit{first}, seed); ok && e.at >= first.at-1 && e.at <= first.at+1 {
			t.Errorf("paragraph %d is removed, beside %d whose word was replaced", e.at, first.at)
		}
	}
}

func TestFurnitureIsNamed(t *testing.T) {
	p, c := own(t, 2, 7)
	draw(t, p, 0)
	if len(p.notes) == 0 || len(p.Kinds()) == 0 {
		t.Fatal("no furniture was noted")
	}
	for _, s := range c.Paragraphs {
		if k := p.Furniture(s); k != "" {
			t.Errorf("a paragraph of the article counts as %s", k)
		}
	}
	for key, kind := range p.notes {
		if kind == "" || key == news.Key("") {
			t.Errorf("noted %q for key %x", kind, key)
		}
	}
}

func TestTooFewParagraphs(t *testing.T) {
	page := func(n int) []byte {
		return []byte("<html><body><article><h1>A headline</h1>" + strings.Join([]string{"<p>one</p>", "<p>two</p>", "<p>three</p>", "<p>four</p>"}[:n], "") + "</article></body></html>")
	}
	four := []string{"one", "two", "three", "four"}
	if _, err := NewPage(NewSource(1, "en"), page(MinParagraphs), four, 1, 1); err != nil {
		t.Errorf("%d paragraphs: %v", MinParagraphs, err)
	}
	if _, err := NewPage(NewSource(1, "en"), page(MinParagraphs-1), four, 1, 1); err == nil {
		t.Errorf("%d paragraphs were enough", MinParagraphs-1)
	}
}

// Every language has every section that furniture is made of, and no template
// names one that it lacks.
func TestWords(t *testing.T) {
	want := wordsOf(fallback)
	for _, language := range []string{"en", "de", "fr", "es", "ja"} {
		w := wordsOf(language)
		r := rand.New(rand.NewPCG(1, 1))
		for section := range want {
			if len(w[section]) == 0 {
				t.Errorf("%s has no %s", language, section)
			}
			for range 50 {
				if s := w.say(r, section); s == "" || strings.ContainsAny(s, "{}") {
					t.Errorf("%s: %s gave %q", language, section, s)
				}
			}
		}
		for section, lines := range w {
			for _, line := range lines {
				for _, part := range strings.Split(line, "{")[1:] {
					name, _, ok := strings.Cut(part, "}")
					if builtin := name == "n" || name == "big" || name == "time"; !ok || !builtin && len(w[name]) == 0 {
						t.Errorf("%s: a line of %s has no filling for {%s}", language, section, name)
					}
				}
			}
		}
	}
	if wordsOf("tlh")["teaser"][0] != want["teaser"][0] || wordsOf("de-AT")["more"][0] == want["more"][0] {
		t.Error("a language is not found by its first subtag, or the fallback is not English")
	}
}
