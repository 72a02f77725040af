package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stet/internal/news"
)

// told is a version with those blocks.
func told(headline string, blocks ...string) news.Content {
	c := news.Content{Headline: headline}
	for _, b := range blocks {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: b})
	}
	return c
}

func drafted(language string, versions ...news.Content) Fields {
	var d Draft
	for _, v := range versions {
		d.Add(v)
	}
	return d.Fields(language)
}

// show writes fields with | for Gap and / between fields.
func show(f Fields) string {
	var out []string
	for _, words := range f.All() {
		out = append(out, strings.ReplaceAll(strings.Join(words, " "), " "+Gap+" ", "|"))
	}
	return strings.Join(out, "/")
}

func TestDocument(t *testing.T) {
	intro := told("Tea", "One.")
	intro.Standfirst = "Zero."
	tests := []struct {
		name     string
		versions []news.Content
		want     string
	}{
		{"no version", nil, "/////"},
		{"one", []news.Content{told("Tea time", "One two. Three.", "Four.")}, "tea time//one two three|four///"},
		{"the standfirst", []news.Content{intro}, "tea//zero|one///"},
		{"added", []news.Content{told("Tea", "One two."), told("Tea", "One two. Three.")}, "tea//one two/three//"},
		{"removed", []news.Content{told("Tea", "One. Two."), told("Tea", "Two.")}, "tea//two//one/"},
		{"passed", []news.Content{told("Tea", "One."), told("Tea", "One. Two."), told("Tea", "One.")}, "tea//one///two"},
		{"came back", []news.Content{told("Tea", "One. Two."), told("Tea", "One."), told("Tea", "One. Two.")}, "tea//one two///"},
		{"other typography", []news.Content{told("Tea", "“One” – two."), told("Tea", `"One" - two.`)}, "tea//one two///"},
		{"headlines", []news.Content{told("Tea", "x"), told("Milk", "x"), told("Tea", "x"), told("Water", "x")}, "water/tea|milk/x///"},
		{"twice in a text", []news.Content{told("Tea", "One.", "One.", "Two.")}, "tea//one|two///"},
		{"abbreviations", []news.Content{told("Tea", "Mr. Amber said No. 3. He left."), told("Tea", "He left.")}, "tea//he left//mr amber said no 3/"},
		{"no phrase over what was between", []news.Content{told("Tea", "One. Two. Three."), told("Tea", "Two.")}, "tea//two//one|three/"},
	}
	for _, tt := range tests {
		if got := show(drafted("en", tt.versions...)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// in reports whether the words stand one after the other in a field.
func in(field, words []string) bool {
	for i := 0; i+len(words) <= len(field); i++ {
		if slices.Equal(field[i:i+len(words)], words) {
			return true
		}
	}
	return false
}

func inScope(f Fields, s Scope, words []string) bool {
	return slices.ContainsFunc(s.Fields(false), func(k Field) bool { return in(f.All()[k], words) })
}

// TestDocumentLaws: over random histories, every sentence is found where it
// belongs: in any text; in the newest if and only if it stands there; in what was
// removed if and only if it does not.
func TestDocumentLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 5))
	for range 300 {
		var versions []news.Content
		had := map[string]bool{}
		for range 1 + r.IntN(5) {
			var blocks []string
			for range r.IntN(4) {
				var b []string
				for range 1 + r.IntN(3) {
					s := fmt.Sprintf("Word%d came by word%d.", r.IntN(9), r.IntN(2))
					b, had[s] = append(b, s), true
				}
				blocks = append(blocks, strings.Join(b, " "))
			}
			versions = append(versions, told("Tea", blocks...))
		}
		f, newest := drafted("", versions...), versions[len(versions)-1].Text()
		for s := range had {
			words, stands := Words(s, ""), strings.Contains(newest, s)
			if !inScope(f, AnyText, words) || inScope(f, Current, words) != stands || inScope(f, Removed, words) == stands {
				t.Fatalf("%q, which stands: %v, in %s", s, stands, show(f))
			}
			if later := !strings.Contains(versions[0].Text(), s); inScope(f, Added, words) != later {
				t.Fatalf("%q, which came later: %v, in %s", s, later, show(f))
			}
		}
	}
}

// TestDraftLimits: what is gone is held up to MaxGone, the oldest first; what
// stands is held whole.
func TestDraftLimits(t *testing.T) {
	line := func(n int) string { return fmt.Sprintf("N%07d %s.", n, strings.Repeat("x", 1024-10)) } // 1 KiB
	block := func(from, to int) (out []string) {
		for n := from; n < to; n++ {
			out = append(out, line(n))
		}
		return out
	}
	const fit = MaxGone / 1024
	for _, tt := range []struct{ lines, want int }{{fit, fit}, {fit + 1, fit}} {
		f := drafted("", told("A", block(0, tt.lines)...), told("A", "End."))
		if got := len(slices.DeleteFunc(f.Removed, func(w string) bool { return !strings.HasPrefix(w, "n") })); got != tt.want {
			t.Errorf("%d lines gone: %d are held, want %d", tt.lines, got, tt.want)
		}
	}
	var d Draft
	for n := range 40 { // another text at each visit, of half a megabyte
		d.Add(told("A", block(n*512, n*512+512)...))
		if d.size > MaxDraft {
			t.Fatalf("after %d versions: %d bytes", n+1, d.size)
		}
	}
	f := d.Fields("")
	if !slices.Contains(f.Removed, "n0000000") || !slices.Contains(f.Added, "n0020000") || len(f.Added) != 512*3-1 {
		t.Errorf("the oldest or the newest lines are missing: %d words stand", len(f.Added))
	}
	var h Draft
	for n := range MaxFormer + 2 {
		h.Add(told(fmt.Sprint("h", n)))
	}
	if f := h.Fields(""); slices.Contains(f.Former, "h0") || !slices.Contains(f.Former, "h1") || f.Headline[0] != fmt.Sprint("h", MaxFormer+1) {
		t.Errorf("headlines: %v", f.Former)
	}
}

func TestScopes(t *testing.T) {
	for _, s := range Scopes() {
		q, err := Parse("tea in:" + strings.ToUpper(string(s)))
		if err != nil || q.Scope != s || q.String() != "tea in:"+string(s) {
			t.Errorf("%s: %+v, %v", s, q, err)
		}
		if len(s.Fields(true)) == 0 || len(s.Fields(false)) < len(s.Fields(true)) {
			t.Errorf("%s: fields %v, of titles %v", s, s.Fields(false), s.Fields(true))
		}
	}
	if _, err := ParseScope("everywhere"); err == nil {
		t.Error("an unknown scope: no error")
	}
}
