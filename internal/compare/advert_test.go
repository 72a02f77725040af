package compare_test

import (
	"fmt"
	"testing"
)

// An advert that looks like a paragraph stands in the text and is another at
// every visit, or at some.
func TestRotatingAdverts(t *testing.T) {
	for _, tt := range []struct {
		title string
		first string
		page  func(visit, look int) string
		most  int // versions after the first
	}{
		{"an endless row of adverts, none twice", "A B ad0 C D",
			func(visit, look int) string { return fmt.Sprintf("A B ad%d C D", 2*visit+look+1) }, 0},
		{"an endless row of adverts that a second fetch repeats", "A B ad0 C D",
			func(visit, look int) string { return fmt.Sprintf("A B ad%d C D", visit+1) }, 1}, // the first is as an edit would be
		{"a pool of four, drawn at each look", "A B ad1 C D",
			func(visit, look int) string {
				return fmt.Sprintf("A B ad%d C D", diceOf(fmt.Sprint(visit, look)).roll(4))
			}, 1},
		{"a pool of two, or none", "A B C D",
			func(visit, look int) string {
				return [3]string{"A B C D", "A B ad1 C D", "A B ad2 C D"}[diceOf(fmt.Sprint(visit, look)).roll(3)]
			}, 1},
		{"an advert at the end that comes every other visit", "A B C D",
			func(visit, look int) string { return [2]string{"A B C D", "A B C D ad1"}[visit%2] }, 2},
		{"two places with a pool of six each", "A ad1 B ad7 C",
			func(visit, look int) string {
				d := diceOf(fmt.Sprint(visit, look))
				return fmt.Sprintf("A ad%d B ad%d C", d.roll(6), 6+d.roll(6))
			}, 0},
	} {
		t.Run(tt.title, func(t *testing.T) {
			a := newPress().follow(tt.first, 1)
			for visit := range 60 {
				a.visit(tt.page(visit, 0), tt.page(visit, 1))
			}
			if a.grows > tt.most {
				t.Errorf("%d changes in 60 visits, want at most %d", a.grows, tt.most)
			}
			// An edit of the text beside them is still caught within two visits.
			before := a.grows
			for visit := 60; visit < 62; visit++ {
				edited := func(look int) string {
					return "A'" + tt.page(visit, look)[1:]
				}
				a.visit(edited(0), edited(1))
			}
			if a.grows == before || a.known.Content.Blocks[0].Text != text("A'") {
				t.Errorf("an edit beside the adverts was not caught")
			}
			t.Logf("%d changes, %d second looks", before, a.second)
		})
	}
}
