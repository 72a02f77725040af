package main

import (
	"slices"
	"strings"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

func TestCells(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 0}, {"bell", 4}, {"é", 1}, {"e\u0301", 1}, {"市议会", 6}, {"ﾃｽﾄ", 3}, {"テスト", 6}, {"한국", 4}, {"ก่อน", 3},
		{"پولیس", 5}, {"हिन्दी", 5}, {"👩‍👩‍👧", 2}, {"❤\ufe0f", 2}, {"⟦U+202E⟧", 8},
	} {
		if got := cells(c.text); got != c.want {
			t.Errorf("%q takes %d cells, want %d", c.text, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"one two three", []string{"one two", "three"}},
		{"12345678", []string{"12345678"}},
		{"123456789 x", []string{"12345678", "9 x"}},
		{"市议会通过了", []string{"市议会通", "过了"}},
		{"a 市议会通", []string{"a", "市议会通"}},
		{"กี่กี่กี่กี่กี่กี่กี่กี่กี่", []string{"กี่กี่กี่กี่กี่กี่กี่กี่", "กี่"}},
	} {
		got := wrap(c.text, 8)
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// TestSplitColumns: the right column begins at the same cell in any script, and
// text that runs from right to left stays in its column.
func TestSplitColumns(t *testing.T) {
	for _, pair := range [][2]string{
		{"The market opens at nine on Monday.", "The market opens at ten on Monday."},
		{"市议会星期一通过了新的预算，市长说这是一个好消息，大家都应该高兴。", "市议会星期二通过了新的预算，市长说这是一个好消息，大家都应该高兴。"},
		{"قالت البلدية إن الجسر سيغلق يوم الاثنين لمدة أسبوع كامل.", "قالت البلدية إن الجسر سيغلق يوم الثلاثاء لمدة أسبوع كامل."},
		{"नगर परिषद ने सोमवार को नया बजट पारित किया।", "नगर परिषद ने मंगलवार को नया बजट पारित किया।"},
		{"สภาเทศบาลผ่านงบประมาณใหม่เมื่อวันจันทร์", "สภาเทศบาลผ่านงบประมาณใหม่เมื่อวันอังคาร"},
	} {
		var b strings.Builder
		showSplit(&b, diff.Compare(textContent([]byte(pair[0])), textContent([]byte(pair[1]))))
		line, _, _ := strings.Cut(b.String(), "\n")
		left, right := line, ""
		for i := range line {
			if cells(line[:i]) == splitWidth+2 {
				left, right = line[:i], line[i:]
				break
			}
		}
		if !strings.HasSuffix(left, "  ") || right == "" || strings.HasPrefix(right, " ") {
			t.Errorf("columns of %q: %q | %q", pair[0], left, right)
		}
		if strings.Contains(pair[0], "ق") != strings.HasPrefix(left, "\u2068") {
			t.Errorf("isolation of %q", left)
		}
	}
}

// TestActionTexts: texts of sentences of several blocks do not run together.
func TestActionTexts(t *testing.T) {
	r := sentenceReader{content: news.Content{Blocks: []news.Block{{Text: "One. Two."}, {Text: "Three."}}}}
	if got := r.text([]diff.Place{{Block: 0, Sentence: 1}, {Block: 1, Sentence: 0}, {Block: 0, Sentence: 0}}); got != "Two. Three. One." {
		t.Errorf("got %q", got)
	}
	if got := r.text(nil); got != "" {
		t.Errorf("got %q", got)
	}
}
