package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

// lost records a visit after which the article stands so.
func (b *bench) lost(l Lease, id int64, outcome news.Outcome, state news.State, change news.ChangeType) {
	b.t.Helper()
	b.clock.pass(time.Hour)
	v := b.visit(l, id, outcome)
	v.State, v.Changes = state, []news.Change{{Type: change, Note: "x"}}
	b.record(v)
}

func testStates(t *testing.T, b *bench) {
	l := b.lease()
	for i, tt := range []struct {
		state   news.State
		change  news.ChangeType
		outcome news.Outcome
	}{
		{news.Away, news.ArticleMoved, news.Moved},
		{news.Barred, news.ArticleBarred, news.Blocked},
		{news.Paywalled, news.ArticlePaywall, news.Paywall},
	} {
		a := b.article(fmt.Sprint("a", i))
		b.publish(l, a.ID, content("A", "x"))
		live := b.clock.t
		equal(t, "live since", b.visiting(a.ID).StateAt, live)
		b.lost(l, a.ID, tt.outcome, tt.state, tt.change)
		since := b.clock.t
		b.clock.pass(time.Hour)
		again := b.visit(l, a.ID, tt.outcome)
		again.State = ""
		b.record(again)
		x := b.visiting(a.ID)
		if x.State != tt.state || !x.StateAt.Equal(since) || !x.GoneAt.IsZero() || x.Due.IsZero() || !x.LastOK.Equal(live) {
			t.Errorf("%s: %+v", tt.state, x)
		}
		again.State, again.StateAt = tt.state, live.Add(time.Minute)
		b.record(again)
		equal(t, "since, as it was found out later", b.visiting(a.ID).StateAt, live.Add(time.Minute))
		rows, _, err := b.ArticleList(b.ctx, ArticleQuery{Page: Page{Size: 9}, State: tt.state})
		b.must(err)
		if len(rows) != 1 || rows[0].Article.ID != a.ID {
			t.Errorf("articles %s: %+v", tt.state, rows)
		}
		b.lost(l, a.ID, news.Gone, news.StateGone, news.ArticleGone)
		x = b.visiting(a.ID)
		if !x.StateAt.Equal(b.clock.t) || !x.GoneAt.Equal(b.clock.t) {
			t.Errorf("gone after %s: %+v", tt.state, x)
		}
		b.lost(l, a.ID, tt.outcome, tt.state, tt.change)
		b.clock.pass(time.Hour)
		back := b.visit(l, a.ID, news.OK)
		back.State, back.Sighting, back.Changes = "", true, []news.Change{{Type: news.ArticleReturned}}
		b.record(back)
		x = b.visiting(a.ID)
		if x.State != news.Live || !x.StateAt.Equal(b.clock.t) || !x.GoneAt.IsZero() {
			t.Errorf("returned from %s: %+v", tt.state, x)
		}
	}
	n, err := b.Totals(b.ctx)
	b.must(err)
	if n.Gone != 0 || n.Changes != 12 {
		t.Errorf("totals: %+v", n)
	}
	never := b.article("never")
	b.lost(l, never.ID, news.Blocked, news.Barred, news.ArticleBarred)
	b.publish(l, never.ID, content("At last", "x"))
	equal(t, "the first version ends it", b.visiting(never.ID).State, news.Live)
}

func testGrown(t *testing.T, b *bench) {
	a := b.article("live")
	l := b.lease()
	b.publish(l, a.ID, content("Live", "09:00 It begins."))
	b.clock.pass(time.Hour)
	v := b.visit(l, a.ID, news.OK).withVersion(1, content("Live", "10:00 It goes on.", "09:00 It begins."))
	v.Changes[0].Grown, v.Changes[0].Posts = true, 1
	if log := b.record(v); !log[0].Grown || log[0].Posts != 1 {
		t.Errorf("log: %+v", log)
	}
	log, err := b.Changes(b.ctx, 1, 9)
	b.must(err)
	if len(log) != 1 || !log[0].Grown || log[0].Posts != 1 {
		t.Errorf("read again: %+v", log)
	}
	row, err := b.Source(b.ctx, "courier")
	b.must(err)
	if row.Changes != 0 || row.Versions != 2 || !row.LastChange.IsZero() {
		t.Errorf("counts: %+v", row)
	}
	b.publish(l, a.ID, content("Live", "10:00 It goes on.", "09:00 It began."))
	row, err = b.Source(b.ctx, "courier")
	b.must(err)
	if row.Changes != 1 || !row.LastChange.Equal(b.clock.t) {
		t.Errorf("counts after an edit: %+v", row)
	}
}

func testMemory(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	v := b.visit(l, a.ID, news.OK).withVersion(0, content("A", "x"))
	v.Keys, v.Extractor = []uint64{1}, "test/1"
	b.record(v)
	if x := b.visiting(a.ID); x.Memory != nil || x.Model != "" {
		t.Errorf("memory before there is one: %+v", x)
	}
	sight := func(memory []byte, model string, keys []uint64) Visiting {
		b.clock.pass(time.Minute)
		v := b.visit(l, a.ID, news.Unchanged)
		v.Sighting, v.Memory, v.Model, v.Keys, v.Extractor = true, memory, model, keys, "test/2"
		b.record(v)
		return b.visiting(a.ID)
	}
	whole := []byte(strings.Repeat("m", MaxMemory))
	x := sight(whole, "model/1", nil)
	if string(x.Memory) != string(whole) || x.Model != "model/1" || x.BaselineExtractor != "test/1" || len(x.Baseline) != 1 {
		t.Errorf("memory alone: %d bytes, %+v", len(x.Memory), x.Baseline)
	}
	x = sight(nil, "", []uint64{2, 3})
	if len(x.Memory) != MaxMemory || x.Model != "model/1" || x.BaselineExtractor != "test/2" || len(x.Baseline) != 2 {
		t.Errorf("keys alone: %d bytes, %+v", len(x.Memory), x.Baseline)
	}
	x = sight([]byte{}, "model/2", nil)
	if len(x.Memory) != 0 || x.Model != "model/2" {
		t.Errorf("an empty memory: %d bytes, %q", len(x.Memory), x.Model)
	}
	fresh := b.article("fresh")
	v = b.visit(l, fresh.ID, news.OK).withVersion(0, content("A", "x"))
	v.Memory, v.Capture.Model = []byte("m"), "model/2"
	b.record(v)
	x = b.visiting(fresh.ID)
	if string(x.Memory) != "m" || len(x.Baseline) != 0 || x.SourceKey != "courier" {
		t.Errorf("a memory before any keys: %+v", x)
	}
	cs, err := b.Captures(b.ctx, fresh.ID, 1)
	b.must(err)
	equal(t, "model of the capture", cs[0].Model, "model/2")
}

func testHeld(t *testing.T, b *bench) {
	a := b.article("a")
	l := b.lease()
	hold := func(held ...news.Held) news.Article {
		b.clock.pass(time.Minute)
		v := b.visit(l, a.ID, news.OK)
		v.State, v.Held = news.New, held
		b.record(v)
		return b.visiting(a.ID).Article
	}
	first := b.clock.t.Add(time.Minute)
	long := strings.Repeat("x", news.MaxHeldText-1) + "é and more"
	equal(t, "two held back", hold(news.Held{Key: 1 << 63, Text: long, Why: "rotates"}, news.Held{Key: 7, Text: "Read also", Why: "on many articles", Absent: true}).Held, 2)
	equal(t, "one again, and the other way", hold(news.Held{Key: 1 << 63, Why: "rule 3", Times: 2}, news.Held{Key: 7, Text: "Read also", Why: "rotates"}).Held, 3)
	got, err := b.HeldBlocks(b.ctx, a.ID)
	b.must(err)
	second := b.clock.t
	equal(t, "blocks", got, []news.Held{
		{Key: 1 << 63, Text: strings.Repeat("x", news.MaxHeldText-1), Why: "rule 3", Times: 3, First: first, Last: second},
		{Key: 7, Text: "Read also", Why: "rotates", Times: 1, First: second, Last: second},
		{Key: 7, Text: "Read also", Why: "on many articles", Times: 1, First: first, Last: first, Absent: true},
	})
	b.verify()
	var many []news.Held
	for i := range MaxHeld + 10 {
		many = append(many, news.Held{Key: uint64(1000 + i), Text: fmt.Sprint("teaser ", i), Why: "rotates"})
	}
	x := hold(many...)
	got, err = b.HeldBlocks(b.ctx, a.ID)
	b.must(err)
	if len(got) != MaxHeld || x.Held != MaxHeld+13 {
		t.Errorf("%d blocks kept, %d counted", len(got), x.Held)
	}
	x = hold(many[MaxHeld:]...)
	equal(t, "those that are not kept are counted each time", x.Held, MaxHeld+23)
	row, err := b.Source(b.ctx, "courier")
	b.must(err)
	equal(t, "of the source", row.Held, MaxHeld+23)
}

// recurs records a visit that names these keys.
func (b *bench) recurs(l Lease, id int64, keys ...uint64) {
	b.t.Helper()
	v := b.visit(l, id, news.OK)
	v.State, v.Recur = news.New, keys
	b.record(v)
}

func testRecurring(t *testing.T, b *bench) {
	l := b.lease()
	x, y := b.article("x"), b.article("y")
	b.recurs(l, x.ID, 1, 2, 1<<63)
	b.recurs(l, x.ID, 1, 2, 1)
	b.recurs(l, y.ID, 1, 1<<63)
	other, err := b.AddSource(b.ctx, news.Source{Key: "aurora"})
	b.must(err)
	many := make([]uint64, 2*recurBatch+1) // more than one query; what is asked for comes last
	for i := range many {
		many[i] = uint64(100 + i)
	}
	got, err := b.Recurring(b.ctx, b.src.ID, append(many, 1, 2, 1<<63))
	b.must(err)
	equal(t, "recurring", got, map[uint64]int{1: 2, 2: 1, 1 << 63: 2})
	got, err = b.Recurring(b.ctx, other.ID, []uint64{1, 2})
	b.must(err)
	equal(t, "on another source", len(got), 0)
	got, err = b.Recurring(b.ctx, b.src.ID, nil)
	b.must(err)
	equal(t, "nothing asked", len(got), 0)
}

func testPrune(t *testing.T, b *bench) {
	l := b.lease()
	x, y := b.article("x"), b.article("y")
	start := b.clock.t
	pulse := func(id int64) {
		v := b.visit(l, id, news.Failed)
		v.State, v.Pulse = news.New, &news.Pulse{Visits: 1}
		b.record(v)
	}
	pulse(x.ID)
	b.recurs(l, x.ID, 1, 2)
	b.recurs(l, y.ID, 2)
	b.clock.pass(recurDay)
	b.recurs(l, x.ID, 1, 3)
	known := func() string {
		m, err := b.Recurring(b.ctx, b.src.ID, []uint64{1, 2, 3})
		b.must(err)
		return fmt.Sprint(m)
	}
	prune := func(before time.Time) int {
		n, err := b.Prune(b.ctx, before)
		b.must(err)
		return n
	}
	equal(t, "nothing older", prune(start), 0)
	equal(t, "seen again within a day: the earlier time stands", prune(start.Add(time.Microsecond)), 1)
	equal(t, "what is on several articles stays", known(), "map[2:2 3:1]")
	b.clock.pass(time.Microsecond)
	b.recurs(l, x.ID, 3)
	equal(t, "to the day", prune(b.clock.t), 1)

	b.clock.t = start.Truncate(time.Hour).Add(news.PulseKept)
	equal(t, "figures are kept as long as promised", prune(start), 0)
	b.clock.pass(time.Microsecond)
	equal(t, "and no longer", prune(start), 1)

	for left := MaxPrune + 1; left > 0; left -= 2000 {
		keys := make([]uint64, min(left, 2000))
		for i := range keys {
			keys[i] = uint64(left*10 + i + 1e6)
		}
		b.recurs(l, x.ID, keys...)
	}
	soon := b.clock.t.Add(time.Hour)
	for _, want := range []int{MaxPrune, 1, 0} {
		equal(t, "pruned at a time", prune(soon), want)
	}
}

func testSiblings(t *testing.T, b *bench) {
	l := b.lease()
	look := func(name string, keys []uint64) int64 {
		a := b.article(name)
		b.clock.pass(time.Minute)
		v := b.visit(l, a.ID, news.OK).withVersion(0, content(name, "x"))
		v.Keys = keys
		b.record(v)
		return a.ID
	}
	first, second := look("first", []uint64{1}), look("second", []uint64{1})
	third, bare := look("third", []uint64{1}), look("bare", nil)
	gone := look("gone", []uint64{1})
	b.lost(l, gone, news.Gone, news.StateGone, news.ArticleGone)
	moved := look("moved", []uint64{1})
	v := b.visit(l, moved, news.OK)
	v.Sighting, v.MoveTo = true, "https://new.example.net/moved"
	b.record(v)
	b.article("never")
	for _, tt := range []struct {
		of   int64
		n    int
		want []int64
	}{{first, 9, []int64{third, second}}, {first, 1, []int64{third}}, {third, 9, []int64{second, first}}, {bare, 9, []int64{third, second, first}},
		{first, 0, nil}, {first, -1, nil}, {moved, 9, nil}, {99, 9, nil}} {
		got, err := b.Siblings(b.ctx, tt.of, tt.n)
		b.must(err)
		equal(t, fmt.Sprintf("%d siblings of article %d", tt.n, tt.of), got, tt.want)
	}
}

func testCapturesWithRaw(t *testing.T, b *bench) {
	l := b.lease()
	a := b.article("a")
	for i := range 3 {
		b.publish(l, a.ID, content("A", fmt.Sprint("bare ", i)))
		b.record(b.withBody(b.visit(l, a.ID, news.OK).withVersion(2*i+1, content("A", fmt.Sprint("kept ", i))), fmt.Sprint("body ", i)))
	}
	ids := func(source, after int64, n int) string {
		cs, err := b.CapturesWithRaw(b.ctx, source, after, n)
		b.must(err)
		s := ""
		for _, c := range cs {
			s += fmt.Sprint(c.ID, " ")
			if c.Raw.IsZero() || c.VersionID != c.ID {
				t.Errorf("capture %+v", c)
			}
		}
		return s
	}
	equal(t, "all", ids(b.src.ID, 0, 9), "2 4 6 ")
	equal(t, "some", ids(b.src.ID, 0, 2), "2 4 ")
	equal(t, "the rest", ids(b.src.ID, 4, 2), "6 ")
	equal(t, "of another source", ids(b.src.ID+1, 0, 9), "")
}
