package compare_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/compare"
	"stet/internal/news"
)

func TestTemplate(t *testing.T) {
	short, long := strings.Repeat("x", 199), strings.Repeat("x", 200)
	for _, tt := range []struct {
		title string
		text  string
		n     int
		want  bool
	}{
		{"A short text on two other articles may be the article's", short, 2, false},
		{"on three it is furniture", short, 3, true},
		{"A long text on three may be an agency's", long, 3, false},
		{"on seven too", long, 7, false},
		{"on eight it is furniture", long, 8, true},
		{"No text is furniture that is on no other article", "", 0, false},
	} {
		if got := compare.Template(tt.text, tt.n); got != tt.want {
			t.Errorf("%s: got %v", tt.title, got)
		}
	}
}

func TestModel(t *testing.T) {
	if compare.Model() == "" {
		t.Error("the model has no name")
	}
}

// visitsUntil counts the looks at a page until it changes the article; -1 = not
// within n.
func visitsUntil(a *article, page string, n int) int {
	for i := 1; i <= n; i++ {
		if a.judge(page).Changed {
			return i
		}
	}
	return -1
}

func TestLooksNeeded(t *testing.T) {
	for _, tt := range []struct {
		title string
		first string
		seen  int
		page  string
		want  int
	}{
		{"an edit of a text seen once", "A B C", 1, "A B' C", 2},
		{"an edit just below SureLooks", "A B C", compare.SureLooks - 1, "A B' C", 2},
		{"an edit at SureLooks", "A B C", compare.SureLooks, "A B' C", 1},
		{"a headline just below SureLooks", "A", compare.SureLooks - 1, "A H=k", 2},
		{"a headline at SureLooks", "A", compare.SureLooks, "A H=k", 1},
		{"a block alone that comes", "A B C", 1, "A B X C", 2},
		{"a block alone that goes, seen once", "A B C D E", 1, "A B D E", compare.NewNeed},
		{"a block alone that goes just below SureLooks", "A B C D E", compare.SureLooks - 1, "A B D E", compare.NewNeed},
		{"a block alone that goes at SureLooks, of a text hardly known", "A B C D E", compare.SureLooks, "A B D E", 2},
		{"a block alone that goes, seen long", "A B C D E", 40, "A B D E", 2},
	} {
		a := newPress().follow(tt.first, tt.seen)
		if got := visitsUntil(a, tt.page, 2*compare.MaxNeed); got != tt.want {
			t.Errorf("%s: accepted after %d looks, want %d", tt.title, got, tt.want)
		}
	}
}

// A block that came and went itself FlapLimit times must hold for HoldLooks
// looks and HoldTime, whichever is later.
func TestFlapLimit(t *testing.T) {
	flapping := func(times int) *article {
		a := newPress().follow("A B C D", 3)
		for range times {
			a.judge("A B X C D")
			a.judge("A B C D")
		}
		return a
	}
	for _, tt := range []struct {
		title string
		times int
		every time.Duration
		want  int
	}{
		{"below the limit, it may hold for less than a day", compare.FlapLimit - 1, time.Minute, 11},
		{"at the limit, it must hold for a day", compare.FlapLimit, 4 * time.Hour, 8},
		{"at the limit, a day of few looks is not enough", compare.FlapLimit, 48 * time.Hour, compare.HoldLooks},
		{"at the limit, many looks within a day are not enough", compare.FlapLimit, time.Hour, 25},
	} {
		a := flapping(tt.times)
		a.every = tt.every
		got := visitsUntil(a, "A B X C D", 60)
		if got != tt.want {
			t.Errorf("%s: accepted after %d looks, want %d", tt.title, got, tt.want)
		}
	}
}

// Words of two sides of an edit: ten, of which some stay.
func TestSimilar(t *testing.T) {
	words := strings.Fields("one two three four five six seven eight nine ten")
	other := strings.Fields("ka kb kc kd ke kf kg kh ki kj")
	for _, tt := range []struct {
		stay int
		want bool
	}{{10 * compare.Similar, true}, {10*compare.Similar - 1, false}} {
		a := newPress().follow("A B C", 3)
		first, later := a.page("A B C"), a.page("A B C")
		put := func(i int, words []string) {
			p := []*struct {
				text *string
				key  *uint64
			}{{&first.Blocks[1].Text, &first.Blocks[1].Key}, {&later.Blocks[1].Text, &later.Blocks[1].Key}}[i]
			*p.text = strings.Join(words, " ") + "."
			*p.key = news.Key(*p.text)
		}
		put(0, words)
		put(1, append(append([]string{}, words[:tt.stay]...), other[tt.stay:]...))
		first.Content.Blocks[1].Text, later.Content.Blocks[1].Text = first.Blocks[1].Text, later.Blocks[1].Text
		v := compare.First(nil, a.look(first))
		known := compare.Known{Content: v.Content, Keys: v.Keys, Memory: v.Memory, Looks: 3}
		if got := known.Judge(a.look(later)); got.Changed != tt.want {
			t.Errorf("%d of 10 words stay: an edit %v, want %v", tt.stay, got.Changed, tt.want)
		}
	}
}

func TestShrinkTo(t *testing.T) {
	for _, tt := range []struct {
		size int // bytes that are left of 1000
		want bool
	}{{1000 * compare.ShrinkTo, false}, {1000*compare.ShrinkTo - 1, true}} {
		a := newPress().follow("A", 3)
		first, later := a.page("A"), a.page("A")
		long := strings.Repeat("same ", 200)
		first.Blocks[0].Text, later.Blocks[0].Text = long[:999]+".", long[:tt.size-1]+"."
		for _, r := range []*struct {
			b *string
			k *uint64
			c *string
		}{{&first.Blocks[0].Text, &first.Blocks[0].Key, &first.Content.Blocks[0].Text},
			{&later.Blocks[0].Text, &later.Blocks[0].Key, &later.Content.Blocks[0].Text}} {
			*r.k, *r.c = news.Key(*r.b), *r.b
		}
		v := compare.First(nil, a.look(first))
		known := compare.Known{Content: v.Content, Keys: v.Keys, Memory: v.Memory, Looks: 3}
		got := known.Judge(a.look(later))
		if !got.Changed || (len(got.Suspect) > 0) != tt.want {
			t.Errorf("%d of 1000 bytes left: changed %v, suspect %q, want suspect %v", tt.size, got.Changed, got.Suspect, tt.want)
		}
		if got := known.Judge(a.look(later), a.look(later)); len(got.Suspect) > 0 {
			t.Errorf("%d of 1000 bytes left at two looks: still suspect %q", tt.size, got.Suspect)
		}
	}
}

func TestShortText(t *testing.T) {
	for _, tt := range []struct {
		title string
		text  string
		want  bool // comes
	}{
		{"a word below", strings.Repeat("wort ", compare.ShortText-1), false},
		{"as many words", strings.Repeat("wort ", compare.ShortText), true},
		{"two letters below, in a script without spaces", strings.Repeat("天", 2*compare.ShortText-2), false},
		{"as many letters", strings.Repeat("天", 2*compare.ShortText), true},
		{"Thai, below", strings.Repeat("ก", 2*compare.ShortText-2), false},
		{"Thai, as many", strings.Repeat("ก", 2*compare.ShortText), true},
	} {
		a := newPress().follow("A B", 3)
		a.known.Redesign = true
		page := a.page("A B X") // after the text, where templates put lines
		page.Blocks[2].Text, page.Content.Blocks[2].Text = tt.text, tt.text
		page.Blocks[2].Key = news.Key(tt.text)
		if got := a.known.Judge(a.look(page), a.look(page)); got.Changed != tt.want {
			t.Errorf("%s: comes %v, want %v", tt.title, got.Changed, tt.want)
		}
	}
}

func TestMaxHomes(t *testing.T) {
	a := newPress().follow("A @1", 1)
	for home := 2; home <= compare.MaxHomes+1; home++ {
		v := a.judge(fmt.Sprintf("A @%d", home))
		if v.Home != uint64(home) || v.FromHome != uint64(home-1) || v.Changed {
			t.Errorf("home %d: new %d from %d, changed %v", home, v.Home, v.FromHome, v.Changed)
		}
	}
	if v := a.judge("A @2"); v.Home != 0 {
		t.Error("a home among the last MaxHomes is told as new")
	}
	if v := a.judge("A @1"); v.Home != 1 || len(v.Memory.Homes) != compare.MaxHomes {
		t.Errorf("a home before the last MaxHomes: new %d, %d remembered", v.Home, len(v.Memory.Homes))
	}
	if v := a.judge("A @0"); v.Home != 0 {
		t.Error("a page without a home is told as moved")
	}
}

// A text of which every paragraph is edited has no neighbours to go by: each
// that went is compared with each that came, n(n+1)/2 in all, up to MaxPairs.
func TestMaxPairs(t *testing.T) {
	for _, tt := range []struct {
		paragraphs int
		want       bool // all are edits
	}{{199, true}, {200, false}} { // 19,900 and 20,100 pairs
		var was, now []string
		for i := range tt.paragraphs {
			was, now = append(was, fmt.Sprintf("P%d", i)), append(now, fmt.Sprintf("P%d'", tt.paragraphs-1-i))
		}
		a := newPress().follow(strings.Join(was, " "), compare.SureLooks)
		v := a.judge(strings.Join(now, " "))
		if all := !v.Pending && len(v.Added) == tt.paragraphs; all != tt.want || !v.Changed {
			t.Errorf("%d paragraphs: %d edits, pending %v", tt.paragraphs, len(v.Added), v.Pending)
		}
	}
}

// Beyond MaxTraces, what waits is forgotten in such a way that it counts as new
// when it is there again.
func TestMaxTraces(t *testing.T) {
	for _, n := range []int{compare.MaxTraces, compare.MaxTraces + 10} {
		a := newPress().follow("A B", 9)
		page := "A"
		for i := range n {
			page += fmt.Sprintf(" X%d", i)
		}
		page += " B"
		v := a.judge(page)
		if !v.Pending || v.Changed || len(v.Memory.Traces) != compare.MaxTraces {
			t.Errorf("%d blocks come: pending %v, changed %v, %d remembered", n, v.Pending, v.Changed, len(v.Memory.Traces))
		}
		if v = a.judge(page + " / " + page); len(v.Added) != n || a.line(v.Content.Blocks) != page {
			t.Errorf("%d blocks that come: %d accepted at two more looks", n, len(v.Added))
		}
		whole := a.known.Looks
		for range 9 {
			a.judge(page)
		}
		if a.known.Looks < whole+8 {
			t.Errorf("%d blocks: the new text is not the same when seen again", n)
		}
		if v = a.judge("A B / A B"); len(v.Removed) != n {
			t.Errorf("%d blocks that go: %d accepted", n, len(v.Removed))
		}
	}
}
