package main

import (
	"testing"

	"stet/internal/diff"
)

func fixturePair() pair {
	second := "The board of the harbour met on Tuesday to hear what the ferry costs to run in a winter like this one."
	third := "Passengers had asked for a later crossing, and for a shelter at the northern pier before the first frost."
	fourth := "Nobody at the meeting could say when the new engine is to arrive from the yard, nor what it is to cost."
	old := article{URL: "https://example.org/ferry", Title: "Ferry to sail later", Paragraphs: []string{
		"The ferry is to sail at nine from Monday, its owner says.", second, third, fourth}}
	now := article{URL: old.URL, Title: old.Title, Paragraphs: []string{
		"The ferry is to sail at ten from Monday, its owner says.", third, fourth, second}}
	return pair{old, now}
}

// TestTools has every tool that is here compare a pair whose answer is known:
// a word replaced and a paragraph moved.
func TestTools(t *testing.T) {
	p := fixturePair()
	words := len(wordsOf(p.old.Paragraphs[1]))
	movers := map[string]bool{"stet": true, "wikidiff2": true}
	for _, m := range makers() {
		t.Run(m.name, func(t *testing.T) {
			tool, err := m.start(".")
			if err != nil {
				t.Skipf("skipped: %v", err)
			}
			chunks, took, err := tool.compare(p)
			if err != nil || took <= 0 {
				t.Fatalf("took %v: %v", took, err)
			}
			got, whole := measureChunks(chunks, p.old.text(), p.new.text())
			if !whole {
				t.Errorf("chunks %v do not make the texts", chunks)
			}
			if movers[m.name] {
				if want := (measure{marked: 2, moved: words}); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
			} else if got.moved != 0 || got.marked < 2+words {
				t.Errorf("got %+v, want none moved and at least %d marked", got, 2+words)
			}
			if same, _, err := tool.compare(pair{p.old, p.old}); err != nil {
				t.Error(err)
			} else if got, whole := measureChunks(same, p.old.text(), p.old.text()); got != (measure{}) || !whole {
				t.Errorf("a text differs from itself: %+v, whole %v", got, whole)
			}
			if err := tool.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestStetChunks: the ends of a moved row make both texts, whatever was edited
// in it, and the headline is compared too.
func TestStetChunks(t *testing.T) {
	p := fixturePair()
	p.new.Title = "Ferry to sail earlier"
	p.new.Paragraphs[3] = "The board of the harbour met on Friday to hear what the ferry costs to run in a winter like this one."
	old := p.old.content()
	got, whole := measureChunks(stetChunks(diff.Compare(old, p.new.content()), old.Headline), p.old.text(), p.new.text())
	want := measure{marked: 6, moved: len(wordsOf(p.old.Paragraphs[1])) - 1}
	if got != want || !whole {
		t.Errorf("got %+v, whole %v, want %+v", got, whole, want)
	}
}

func TestStartAll(t *testing.T) {
	tests := []struct {
		name, tools string
		want        int
		fails       bool
	}{
		{"one", "stet", 1, false},
		{"not known", "stet,guess", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tools, err := startAll(t.Output(), options{dir: ".", tools: tt.tools})
			if len(tools) != tt.want || (err != nil) != tt.fails {
				t.Errorf("%d tools, %v", len(tools), err)
			}
		})
	}
}

func TestAnswerRead(t *testing.T) {
	tests := []struct {
		name   string
		chunks [][]any
		fails  bool
	}{
		{"two parts", [][]any{{"=", "a"}, {"-", "b"}, {"+", "c"}}, false},
		{"moved", [][]any{{"-", "b", true}}, false},
		{"no text", [][]any{{"="}}, true},
		{"no such operation", [][]any{{"!", "a"}}, true},
		{"text is a number", [][]any{{"=", 1.0}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := (answer{Chunks: tt.chunks}).read(); (err != nil) != tt.fails {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
