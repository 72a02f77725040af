package compare_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/compare"
	"stet/internal/news"
)

// draw draws a page at random, of few texts so that they meet again.
func draw(d *dice, live bool) string {
	pool := strings.Fields("A B C D E A' B' C' A+B B+C a b ad1 ad2 ad3 中A 中A' ไA |c |d ~X ~A ~ad1 7!Y 7!B meta:M")
	var page []string
	if d.roll(4) == 0 {
		page = append(page, []string{"H=", "H=k", "S=", "S=k", "@2", "@0"}[d.roll(6)])
	}
	for range d.roll(9) {
		token := pool[d.roll(len(pool))]
		if live && d.roll(2) == 0 && len(token) < 3 {
			token = fmt.Sprintf("p%d:%s", d.roll(4), token)
		}
		page = append(page, token)
	}
	return strings.Join(page, " ")
}

// random is an article of n random visits. The page of its last is the last of
// pages.
func random(seed, n int) (a *article, pages []string) {
	d := diceOf(fmt.Sprint("history", seed))
	live := seed%4 == 0
	pages = []string{draw(d, live)}
	a = newPress().follow(pages[0], 1)
	for range n {
		page := pages[len(pages)-1]
		if d.roll(3) == 0 {
			page = draw(d, live)
		}
		pages = append(pages, page)
		looks := page
		if d.roll(3) == 0 {
			looks += " / " + page
		}
		a.known.Redesign = d.roll(8) == 0
		a.judge(looks)
	}
	return a, pages
}

const histories = 1000

// A page that says what is known already, and has nothing that waits, is never a
// change however often it is looked at.
func TestSamePageNeverChanges(t *testing.T) {
	for seed := range histories {
		d := diceOf(fmt.Sprint("same", seed))
		page := draw(d, seed%4 == 0)
		a := newPress().follow(page, 1+d.roll(4))
		for range 3 {
			if v := a.judge(page + " / " + page); v.Changed || v.Pending || len(v.Suspect) > 0 {
				t.Fatalf("history %d, page %q: %s", seed, page, a.read(v))
			}
		}
	}
}

// The laws that hold of every verdict on whatever pages.
func TestLaws(t *testing.T) {
	changes := 0
	for seed := range histories {
		a, pages := random(seed, 4+seed%5)
		d := diceOf(fmt.Sprint("next", seed))
		next := draw(d, seed%4 == 0)
		if d.roll(2) == 0 {
			next = pages[0]
		}
		looks := []compare.Look{a.look(a.page(next))}
		if d.roll(2) == 0 {
			if d.roll(2) == 0 {
				next = draw(d, seed%4 == 0)
			}
			looks = append(looks, a.look(a.page(next)))
		}
		before, _ := json.Marshal(a.known)
		v := a.known.Judge(looks...)
		if after, _ := json.Marshal(a.known); string(after) != string(before) {
			t.Fatalf("history %d: judging altered what was known", seed)
		}
		one, _ := json.Marshal(v)
		for range 3 {
			if two, _ := json.Marshal(a.known.Judge(looks...)); string(two) != string(one) {
				t.Fatalf("history %d: another verdict on the same pages:\n%s\n%s", seed, one, two)
			}
		}
		for _, broken := range laws(a.known, v, len(looks), looks[len(looks)-1].At) {
			t.Errorf("history %d, pages %q, then %q: %s (%s)", seed, pages, next, broken, a.read(v))
		}
		if v.Changed {
			changes++
		}
	}
	if changes < histories/20 || changes > histories*19/20 {
		t.Errorf("%d of %d histories end in a change: they show little", changes, histories)
	}
}

// laws says which laws a verdict breaks.
func laws(k compare.Known, v compare.Verdict, looks int, last time.Time) (broken []string) {
	check := func(ok bool, law string) {
		if !ok {
			broken = append(broken, law)
		}
	}
	if !v.Changed {
		check(v.Content.Identity() == k.Content.Identity(), "unchanged, and the content is another")
		check(v.Since.IsZero() && v.Latest.IsZero() && !v.Moved && !v.Headline && !v.Standfirst && !v.Grown && len(v.Added)+len(v.Removed)+v.Posts == 0, "unchanged, and something is accepted")
	} else {
		check(!v.Since.IsZero() && !v.Latest.Before(v.Since) && !v.Latest.After(last), "a change without times, or out of order")
	}
	now, was := core(v.Content.Blocks), core(k.Content.Blocks)
	for _, b := range v.Added {
		check(now[news.Key(b.Text)] && !was[news.Key(b.Text)], "what is added is not in the content, or was")
	}
	for _, b := range v.Removed {
		check(!now[news.Key(b.Text)], "what is removed is still in the content")
	}
	added, removed := core(v.Added), core(v.Removed)
	blocks := k.Content.Blocks
	if k.Memory.Blocks != nil {
		blocks = k.Memory.Blocks
	}
	if v.Memory.Blocks == nil && !v.Changed || v.Changed && !slices.ContainsFunc(v.Content.Blocks, isPiece) && !slices.ContainsFunc(blocks, isPiece) {
		for key := range now {
			check(was[key] || added[key] || core(blocks)[key], "a block is in the content that was not accepted to come")
		}
		for key := range core(blocks) {
			check(now[key] || removed[key] || !v.Changed, "a block left the content that was not accepted to go")
		}
	}
	check(slices.IsSorted(v.Keys) && len(slices.Compact(slices.Clone(v.Keys))) == len(v.Keys), "keys are not ascending")
	check(looks == 2 || !v.Differs, "one look differs from another")
	check(len(v.Memory.Traces) <= compare.MaxTraces, "too many traces")
	check(len(v.Memory.Homes) <= compare.MaxHomes, "too many homes")
	check(v.Memory.Looks == k.Memory.Looks+looks, "looks are miscounted")
	check(len(v.Lone) <= len(v.Open) && len(v.Added)+len(v.Removed) <= len(v.Open), "what is accepted is not told as open")
	check(looks == 2 || !v.Moved, "a move was believed at one look")
	check(looks == 1 || !slices.Contains(v.Suspect, "most of the text is gone"), "suspect after two looks")
	for _, t := range v.Memory.Traces {
		check(len(t.Text) <= news.MaxHeldText && t.Run <= t.Seen && t.Seen > 0 && !t.Last.Before(t.Since) && !t.Since.Before(t.First), "a trace contradicts itself")
	}
	return broken
}

// isPiece reports whether a block is one that pages cut in several ways.
func isPiece(b news.Block) bool {
	for _, x := range []string{"A", "B", "C"} {
		if b.Text == text(x) || strings.HasPrefix(b.Text, text(x)+" ") {
			return true
		}
	}
	return false
}

func core(blocks []news.Block) map[uint64]bool {
	m := map[uint64]bool{}
	for _, b := range blocks {
		if b.Core() {
			m[news.Key(b.Text)] = true
		}
	}
	return m
}
