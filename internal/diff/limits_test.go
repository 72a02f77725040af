package diff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func paragraphsOf(texts ...string) news.Content {
	var c news.Content
	for _, s := range texts {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: s})
	}
	return c
}

// megabyte makes a text of the greatest size from a generator of words, and
// long one of a quarter of it.
func megabyte(next func(i int) string) string { return textOfSize(news.MaxText, next) }
func long(next func(i int) string) string     { return textOfSize(news.MaxText/4, next) }

func textOfSize(size int, next func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(next(i))
	}
	return b.String()
}

// TestAdversarial: whatever two contents of the greatest size say, the answer
// is exact and takes about a second (the test allows more, for slow machines).
func TestAdversarial(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	few := func(int) string { return string(rune('a'+rng.IntN(3))) + " " }
	many := func(int) string { return fmt.Sprint("w", rng.IntN(1_000_000), " ") }
	blocks := func(next func(i int) string) news.Content {
		c := news.Content{}
		for i := range news.MaxBlocks {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: next(i)})
		}
		return c
	}
	back := func(i int) string { return fmt.Sprintf("paragraph %d of those that stand in reverse", i) }
	cases := []struct {
		name     string
		old, new news.Content
	}{
		{"one block of three words at random", paragraphsOf(megabyte(few)), paragraphsOf(megabyte(few))},
		{"one block of many words at random", paragraphsOf(megabyte(many)), paragraphsOf(megabyte(many))},
		{"sentences of few words", paragraphsOf(long(func(i int) string { return few(i) + "B. " })), paragraphsOf(long(func(i int) string { return few(i) + "C. " }))},
		{"one letter", paragraphsOf(long(func(int) string { return "x" })), paragraphsOf(long(func(int) string { return "xy" }))},
		{"one word over and over", paragraphsOf(long(func(int) string { return "x " })), paragraphsOf("y " + long(func(int) string { return "x " }) + "z")},
		{"the same sentence 100,000 times", paragraphsOf(strings.Repeat("It rained. ", 95_000)), paragraphsOf("It snowed. " + strings.Repeat("It rained. ", 90_000) + "It snowed.")},
		{"5,000 blocks of the same sentence", blocks(func(int) string { return "It rained." }), blocks(func(int) string { return "It rained!" })},
		{"combining marks", paragraphsOf(long(func(i int) string { return "e\u0301\u0323" + strings.Repeat(" ", i&1) })), paragraphsOf(long(func(i int) string { return "e\u0323" + strings.Repeat(" ", i&1) }))},
		{"invalid UTF-8 and bidi", paragraphsOf(long(func(i int) string { return "\xff\u202ea \xc3 " })), paragraphsOf(long(func(i int) string { return "\xfe\u202eb \xc3 " }))},
		{"quotation marks", paragraphsOf(long(func(int) string { return " \"a" })), paragraphsOf(long(func(int) string { return "“a " }))},
		{"numbers", paragraphsOf(long(func(i int) string { return fmt.Sprint(i%900+100, " ") })), paragraphsOf(long(func(i int) string { return fmt.Sprint(i%899+100, ".") }))},
		{"addresses", paragraphsOf(long(func(int) string { return "a@b" })), paragraphsOf(long(func(int) string { return "http://" }))},
		{"blocks reversed", blocks(back), blocks(func(i int) string { return back(news.MaxBlocks - i) })},
		{"blocks alike", blocks(func(i int) string { return "the same " + few(i) + many(i) }), blocks(func(i int) string { return "the same " + few(i) + many(i) })},
		{"blocks of three sorts", blocks(few), blocks(few)},
		{"empty blocks", blocks(func(int) string { return "" }), blocks(func(i int) string { return strings.Repeat("a", i&1) })},
		{"all removed", blocks(many), news.Content{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			s := Compare(c.old, c.new)
			took := time.Since(start)
			t.Logf("%v, approximate %v, %d changes", took, s.Approximate, s.Changes())
			if took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if strings.Contains(c.name, "invalid") {
				checkInvalid(t, c.old, c.new, s)
			} else {
				checkExact(t, c.old, c.new, s)
			}
		})
	}
}

// TestBudget: what the budget does not allow is left undone and said so.
func TestBudget(t *testing.T) {
	w := budget{left: 3}
	if !w.spend(3) || w.short || w.spend(1) || !w.short {
		t.Errorf("a budget of 3: %+v", w)
	}
}

// TestMaxGap: a gap with MaxGap pairs is aligned in full, a larger one by its
// rare words, which is approximate.
func TestMaxGap(t *testing.T) {
	side := func(n int, end string) (us []unit) {
		in := newNames()
		for i := range n {
			tx := cut(fmt.Sprintf("unit%d has some words and %s", i, end), in, new([]piece))
			us = append(us, unit{key: int32(1000*len(end) + i), bag: tx.bag})
		}
		return us
	}
	n := 300 // squared: MaxGap
	for _, more := range []int{0, 1} {
		w := budget{left: 1 << 30}
		old, new := side(n, "x"), side(n+more, "yy")
		got := fill(nil, old, new, 0, 0, weigh(old, new, 1<<12), &w)
		if w.short != (more > 0) {
			t.Errorf("%d × %d units: short = %v", n, n+more, w.short)
		}
		if len(got) != n {
			t.Errorf("%d × %d units: %d links", n, n+more, len(got))
		}
	}
}

// TestMaxMoves: of more than MaxMoves blocks left over, those with the most
// words are tried.
func TestMaxMoves(t *testing.T) {
	for _, n := range []int{MaxMoves, MaxMoves + 1} {
		var us []unit
		var at []int
		for i := range n {
			us = append(us, unit{bag: []int32{1, 2, 3, 4, 5}})
			at = append(at, i)
		}
		us[0].bag = us[0].bag[:4]
		w := budget{left: 1}
		got := longest(us, at, &w)
		if len(got) != MaxMoves || w.short != (n > MaxMoves) {
			t.Errorf("%d blocks: %d tried, short %v", n, len(got), w.short)
		}
		if n > MaxMoves && got[0] == 0 {
			t.Error("the shortest block was kept")
		}
	}
}

// TestMoveWords: a block that moved and changed needs MinMoveWords distinct
// words; one that only moved needs none.
func TestMoveWords(t *testing.T) {
	stay := []string{"Nothing here has changed at all.", "Nor has this other line."}
	for _, c := range []struct {
		old, new string
		moves    int
	}{
		{"one two three four", "one two three five", 1},
		{"one two three", "one two five", 0},
		{"one one one two two", "one one one two three", 0},
		{"Advertisement", "Advertisement", 1},
	} {
		s := Compare(paragraphsOf(c.old, stay[0], stay[1]), paragraphsOf(stay[0], stay[1], c.new))
		n := 0
		for _, e := range s.Edits {
			if e.Op == Move && !e.Origin() {
				n++
			}
		}
		if n != c.moves {
			t.Errorf("%q to %q: %d moves, want %d", c.old, c.new, n, c.moves)
		}
	}
}

// TestMaxParts: a block may be split into MaxParts blocks in one edit.
func TestMaxParts(t *testing.T) {
	for n := MaxParts; n <= MaxParts+1; n++ {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf("Part%d is said here.", i))
		}
		old, new := paragraphsOf(strings.Join(parts, " ")), paragraphsOf(parts...)
		s := Compare(old, new)
		checkLaws(t, old, new, s)
		if got := len(s.Edits[0].New); (got == n) != (n == MaxParts) {
			t.Errorf("split into %d: first edit has %d new blocks", n, got)
		}
	}
}

// TestIsland: a lone short word between two larger changes is given up; one
// longer than MaxIsland, or between small changes, is kept.
func TestIsland(t *testing.T) {
	start, end := "The paper said on Monday that nobody knew ", " when the long inquiry would begin or end."
	for _, c := range []struct{ old, new, want string }{
		{"red cats and blue dogs", "tall men and wide cars", "[-red cats and blue dogs-]{+tall men and wide cars+}"},
		{"red cats with blue dogs", "tall men with wide cars", "[-red cats-]{+tall men+} with [-blue dogs-]{+wide cars+}"},
		{"cats and dogs", "men and cars", "[-cats-]{+men+} and [-dogs-]{+cars+}"},
		{"red cats 7 blue dogs", "tall men 7 wide cars", "[-red cats-]{+tall men+} 7 [-blue dogs-]{+wide cars+}"},
		{"cats, dogs", "men, cars", "[-cats, dogs-]{+men, cars+}"},
	} {
		s := Compare(paragraphsOf(start+c.old+end), paragraphsOf(start+c.new+end))
		if got := PlainRuns(s.Edits[0].Runs); got != start+c.want+end {
			t.Errorf("got %s\nwant %s", got, start+c.want+end)
		}
	}
}

// TestKept: a sentence that keeps less than MinKept of its words is shown whole.
func TestKept(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"a1 a2 a3 k1 k2 a4 a5 a6", "b1 b2 b3 k1 k2 b4 b5 b6", "[-a1 a2 a3-]{+b1 b2 b3+} k1 k2 [-a4 a5 a6-]{+b4 b5 b6+}"},
		{"a1 a2 a3 k1 k2 a4 a5 a6 a7", "b1 b2 b3 k1 k2 b4 b5 b6 b7", "[-a1 a2 a3 k1 k2 a4 a5 a6 a7-]{+b1 b2 b3 k1 k2 b4 b5 b6 b7+}"},
	} {
		s := Compare(news.Content{Headline: c.old}, news.Content{Headline: c.new})
		if got := PlainRuns(s.Fields[0].Runs); got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
}

// TestGreedy: where the work runs out, long equal stretches are still found.
func TestGreedy(t *testing.T) {
	same := "It rained. "
	s := Compare(paragraphsOf(strings.Repeat(same, 95_000)), paragraphsOf("It snowed. "+strings.Repeat(same, 90_000)+"It snowed."))
	if marked := s.WordsAdded + s.WordsRemoved; !s.Approximate || marked > 2*5_000+50 {
		t.Errorf("approximate %v, %d words marked of %d", s.Approximate, marked, s.WordsOld)
	}
	w := budget{}
	at := func(n int) []int32 {
		out := make([]int32, n)
		for i := range out {
			out[i] = int32(i + 1)
		}
		return out
	}
	for _, n := range []int{greedyRun - 1, greedyRun} {
		search := search{w: &w}
		search.greedy(append([]int32{100}, at(n)...), append([]int32{101, 102}, at(n)...), 0, 0)
		if (len(search.found) == n) != (n == greedyRun) {
			t.Errorf("a stretch of %d: %d matches", n, len(search.found))
		}
	}
	for gap := greedySight - 1; gap <= greedySight; gap++ {
		search := search{w: &w}
		search.greedy(at(greedyRun), append(make([]int32, gap), at(greedyRun)...), 0, 0)
		if (len(search.found) > 0) != (gap < greedySight) {
			t.Errorf("behind %d others: %d matches", gap, len(search.found))
		}
	}
}
