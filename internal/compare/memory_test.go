package compare_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"stet/internal/compare"
	"stet/internal/news"
	"stet/internal/store"
)

// full is a memory at its limits, of texts that are as long as they may be.
func full(text string) compare.Memory {
	at := time.Date(2031, 3, 2, 23, 59, 59, 123456789, time.UTC)
	m := compare.Memory{Looks: 123456, Headline: &compare.Wording{Key: 1 << 63, Since: at, Run: 1}, Lead: &compare.Wording{Key: 3, Since: at, Run: 1}}
	for i := range compare.MaxTraces {
		k := ^uint64(i)
		m.Traces = append(m.Traces, compare.Trace{Key: k, Absent: true, Text: text, Path: k, Prev: k, Next: k,
			First: at, Since: at, Last: at.Add(time.Duration(i) * time.Second), Born: 123456, Before: 123456, Run: i % 2, Seen: 123456, Flaps: 1234})
		m.Ruled = append(m.Ruled, k)
	}
	for i := range compare.MaxHomes {
		m.Homes = append(m.Homes, ^uint64(i))
	}
	return m
}

func TestMemorySize(t *testing.T) {
	if compare.MaxSize > store.MaxMemory {
		t.Fatalf("a memory of %d bytes is more than the store takes, %d", compare.MaxSize, store.MaxMemory)
	}
	long := strings.Repeat("x", news.MaxHeldText)
	entered := full(long)
	entered.Entered = map[uint64]int{}
	for i := range news.MaxBlocks {
		entered.Entered[^uint64(i)] = i
	}
	cut := full(long)
	for i := range compare.MaxRecut / 200 {
		cut.Blocks = append(cut.Blocks, news.Block{Kind: news.Paragraph, Text: fmt.Sprintf("%04d", i) + strings.Repeat("y", 196)})
	}
	vast := full(long)
	vast.Blocks = []news.Block{{Kind: news.Paragraph, Text: strings.Repeat("z", news.MaxText)}}
	for _, tt := range []struct {
		title  string
		m      compare.Memory
		traces int // at least
		blocks bool
	}{
		{"all blocks with all their text fit", full(long), compare.MaxTraces, false},
		{"texts that JSON makes six times as long lose blocks", full(strings.Repeat("<", news.MaxHeldText)), 22, false},
		{"when 5,000 blocks entered is forgotten first", entered, compare.MaxTraces, false},
		{"another cut of the text goes before blocks seen long ago", cut, 48, true},
		{"a text that cannot fit is forgotten", vast, 0, false},
	} {
		b := tt.m.Encode()
		back, err := compare.Decode(b)
		if err != nil || len(b) > compare.MaxSize {
			t.Errorf("%s: %d bytes, %v", tt.title, len(b), err)
		}
		if len(back.Traces) < tt.traces || (len(back.Blocks) > 0) != tt.blocks || back.Looks != tt.m.Looks {
			t.Errorf("%s: %d blocks are left, cut %v", tt.title, len(back.Traces), len(back.Blocks) > 0)
		}
		if len(tt.m.Traces) != compare.MaxTraces {
			t.Errorf("%s: encoding altered the memory", tt.title)
		}
		if n := len(back.Traces); n > 0 && n < compare.MaxTraces/2 && back.Traces[n-1].Run == 0 {
			t.Errorf("%s: a block that waits was forgotten before one that does not", tt.title)
		}
	}
	if back, _ := compare.Decode(entered.Encode()); len(back.Entered) > 0 && back.Entered[^uint64(news.MaxBlocks-1)] == 0 {
		t.Error("what entered last is forgotten before what entered long ago")
	}
}

func TestMemoryRoundTrip(t *testing.T) {
	for seed := range histories {
		a, _ := random(seed, 6)
		m := a.known.Memory
		back, err := compare.Decode(m.Encode())
		if err != nil || !reflect.DeepEqual(back, m) {
			t.Fatalf("history %d: %v\n got %+v\nwant %+v", seed, err, back, m)
		}
	}
	if m, err := compare.Decode(nil); err != nil || !reflect.DeepEqual(m, compare.Memory{}) {
		t.Errorf("nothing decodes to %+v, %v", m, err)
	}
	for _, bad := range []string{"{", "[]", `{"looks":"x"}`, "\xff"} {
		if m, err := compare.Decode([]byte(bad)); err == nil || !strings.HasPrefix(err.Error(), "memory of a page: ") || !reflect.DeepEqual(m, compare.Memory{}) {
			t.Errorf("%q decodes to %+v, %v", bad, m, err)
		}
	}
}

// A text too long for its cut to be remembered is still followed: an edit of one
// piece is an edit of the paragraph that it was cut from.
func TestMaxRecut(t *testing.T) {
	for _, tt := range []struct {
		paragraphs int
		kept       bool
	}{{compare.MaxRecut / 200, true}, {compare.MaxRecut / 80, false}} {
		var pieces []string
		for i := range tt.paragraphs {
			pieces = append(pieces, fmt.Sprintf("R%d", i))
		}
		cut := strings.Join(pieces, " ") + " @2"
		edited := strings.Replace(cut, " R3 ", " R3' ", 1)
		whole := strings.TrimSuffix(strings.Replace(cut, "R3 R4 ", "R3+R4 ", 1), " @2")
		a := newPress().follow(whole, 5)
		v := a.judge(cut)
		if v.Changed || v.Pending || (v.Memory.Blocks != nil) != tt.kept || a.line(v.Content.Blocks) != whole {
			t.Fatalf("%d paragraphs: cut otherwise: %s", tt.paragraphs, a.read(v)[:60])
		}
		if v = a.judge(cut); v.Changed || v.Pending {
			t.Fatalf("%d paragraphs: the same cut again: %s", tt.paragraphs, a.read(v)[:60])
		}
		if v = a.judge(edited + " / " + edited); !v.Changed || a.line(v.Content.Blocks)+" @2" != edited {
			t.Errorf("%d paragraphs: edit of a piece: %s", tt.paragraphs, a.read(v)[:60])
		}
	}
}

func TestReread(t *testing.T) {
	a := newPress().follow("A B C ~X", 3)
	a.judge("A B D C ~X") // D waits
	newer := a.page("A B X D C")
	k := a.known.Reread(newer)
	if got := a.line(k.Content.Blocks); got != "A B X C" {
		t.Errorf("the newer extractor reads %q, want what waits left out", got)
	}
	k.Looks = 3
	if v := k.Judge(a.look(newer)); a.read(v) != "changed +D | A B X D C" {
		t.Errorf("what waited has come: %s", a.read(v))
	}
	if v := k.Judge(a.look(a.page("A B X C"))); a.read(v) != "same | A B X C" {
		t.Errorf("a page without what waited: %s", a.read(v))
	}
	if !k.Keys.Has(news.Key(text("X"))) || !k.Keys.Has(news.Key(text("A"))) || k.Memory.Blocks != nil {
		t.Error("what the page held is forgotten")
	}
	a.known.Memory = compare.Memory{}
	k = a.known.Reread(a.page("A B"))
	if v := k.Judge(a.look(a.page("A B"))); v.Changed || v.Pending {
		t.Errorf("an extractor that leaves a block out makes a change: %s", a.read(v))
	}
}

func TestFirst(t *testing.T) {
	p := newPress()
	page := p.page("A X |X2 B @7")
	template := map[uint64]bool{news.Key(text("X")): true, news.Key(text("|X2")): true}
	v := compare.First(template, p.look(page))
	if got := p.read(v); got != "changed (X: many articles of the source have it) | A |X2 B" {
		t.Errorf("first page: %s", got)
	}
	if v.Memory.Looks != 1 || len(v.Memory.Homes) != 1 || !v.Keys.Has(news.Key(text("X"))) || !v.Since.Equal(p.at) || !v.Latest.Equal(p.at) {
		t.Errorf("first page: memory %+v, since %v, latest %v", v.Memory, v.Since, v.Latest)
	}
	if v := compare.First(nil, p.look(p.page("@0"))); len(v.Content.Blocks) != 0 || len(v.Memory.Homes) != 0 {
		t.Errorf("empty first page: %s", p.read(v))
	}
}

// A verdict that joins edits says when the first and when the last of them was first
// seen; and whether the second look shows what the first does not.
func TestTimes(t *testing.T) {
	for _, tt := range []struct {
		title         string
		first         string
		seen          int
		visits        []string
		since, latest int // visits back, 0 = the last
		differs       bool
	}{
		{"One edit at one look", "A B C", 3, []string{"A B' C"}, 0, 0, false},
		{"One edit at two looks", "A B C", 2, []string{"A B' C / A B' C"}, 0, 0, false},
		{"One edit that waited", "A B C", 2, []string{"A B' C", "A B' C"}, 1, 1, false},
		{"A headline joins what waited", "A B C", 2, []string{"A B' C", "A B' C H=k / A B' C H=k"}, 1, 0, false},
		{"An edit joins a headline that waited", "A B C", 2, []string{"A B C H=k", "A B' C H=k / A B' C H=k"}, 1, 0, false},
		{"Another headline at the second look", "A B C", 3, []string{"A B' C / A B' C H=k"}, 0, 0, true},
		{"An edit at the second look", "A B C", 3, []string{"A B' C / A B' C'"}, 0, 0, true},
		{"A paragraph gone at the second look", "A B C D", 3, []string{"A' B C D / A' B D"}, 0, 0, true},
		{"A block that had gone is there at the second look", "A B C D", 3, []string{"A B C", "A' B C / A' B C D"}, 0, 0, false},
		{"A headline that only the first look shows", "A B C", 3, []string{"A B' C H=k / A B' C"}, 0, 0, false},
		{"A block that only the first look shows", "A B C", 3, []string{"A B' C ad1 / A B' C"}, 0, 0, false},
	} {
		a := newPress().follow(tt.first, tt.seen)
		var ats []string
		var v compare.Verdict
		for _, visit := range tt.visits {
			ats = append(ats, a.at.Add(a.every+time.Second).Format(time.TimeOnly))
			v = a.judge(visit)
		}
		n := len(ats) - 1
		got := fmt.Sprint(v.Changed, v.Since.Format(time.TimeOnly), v.Latest.Format(time.TimeOnly), v.Differs)
		if want := fmt.Sprint(true, ats[n-tt.since], ats[n-tt.latest], tt.differs); got != want {
			t.Errorf("%s: %s, want %s (%s)", tt.title, got, want, a.read(v))
		}
	}
}
