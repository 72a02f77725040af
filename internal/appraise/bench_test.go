package appraise

import (
	"fmt"
	"slices"
	"testing"

	"stet/internal/diff"
	"stet/internal/news"
)

// longArticle has forty paragraphs of invented news.
func longArticle() news.Content {
	c := article("Island ferry to run all night")
	for i := range 40 {
		text := fmt.Sprintf("The harbour office in ward %d counted %d boats on Monday, said Ann Smith, who has kept its books for %d years. "+
			"Most of them belong to families that fish for herring between the two lighthouses. "+
			"A new quay would cost %d million crowns, and nobody knows yet who is to pay for it.", i+1, 37*i+5, i%9+2, i+3)
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: text})
	}
	return c
}

// BenchmarkChangeLong edits three of forty paragraphs, takes one out and adds one.
func BenchmarkChangeLong(b *testing.B) {
	old := longArticle()
	new := longArticle()
	new.Blocks[3].Text = "The harbour office in ward 4 counted 120 boats on Tuesday, said Ann Jones, who has kept its books for five years. Nobody else does."
	new.Blocks[20].Text += " The council may decide in May."
	new.Blocks[31].Text = new.Blocks[31].Text[:60]
	new.Blocks = slices.Delete(new.Blocks, 10, 11)
	new.Blocks = append(new.Blocks, news.Block{Kind: news.Paragraph, Text: "The last ferry leaves at 23:40 on every day of the week but Sunday."})
	s := diff.Compare(old, new)
	for b.Loop() {
		Change(old, new, s, Dates{}, nil)
	}
}
