package compare_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"stet/internal/compare"
)

// blocksOf are the tokens that a byte of a fuzzed history may stand for; the rest
// end a page, or repeat it as a second look.
var blocksOf = strings.Fields("A B C D A' B' C' D' A+B B+C C+D a b ad1 ad2 ad3 |c |d ~X ~A ~ad1 7!Y 7!A meta:M 中A 中A' ไA ไA' " +
	"p1: p1:A p1:B p2: p2:C p2:C' p3: p3:D H= H=k S= S=k @0 @2")

// scenario reads pages from bytes: one line a visit, looks parted by a slash.
func scenario(data []byte) []string {
	var visits []string
	line, looks := "", 1
	for _, x := range data {
		switch n := int(x) % (len(blocksOf) + 4); {
		case n < len(blocksOf):
			line += " " + blocksOf[n]
		case n == len(blocksOf) && looks == 1:
			line += " / "
			looks = 2
		case n == len(blocksOf)+1 && looks == 1:
			line += " /" + line
			looks = 2
		default:
			visits, line, looks = append(visits, line), "", 1
		}
	}
	return append(visits, line)
}

func FuzzJudge(f *testing.F) {
	f.Add([]byte{0, 1, 2, 45, 0, 1, 3, 2, 45, 0, 1, 3, 2})
	f.Add([]byte{28, 29, 45, 31, 32, 28, 29, 45, 34, 35, 31, 33})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 400 {
			return
		}
		visits := scenario(data)
		first, _, _ := strings.Cut(visits[0], "/")
		a := newPress().follow(first, 1+len(data)%4)
		for i, line := range visits[1:] {
			a.known.Redesign = i%5 == 4
			known := a.known
			v := a.judge(line)
			for _, broken := range laws(known, v, 1+strings.Count(line, "/"), a.at) {
				t.Errorf("visit %d of %q: %s (%s)", i+1, visits, broken, a.read(v))
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"looks":3,"traces":[{"key":7,"text":"x","first":"2031-03-02T06:00:00Z","since":"2031-03-02T06:00:00Z","last":"2031-03-02T06:00:00Z","run":1}],"entered":{"9":2}}`))
	f.Add(full("<&>").Encode())
	f.Add([]byte(`{"homes":[1,2,3,4,5,6,7],"headline":{"key":1},"blocks":[{"kind":"p","text":"x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := compare.Decode(data)
		if err != nil {
			if !reflect.DeepEqual(m, compare.Memory{}) {
				t.Errorf("an error, and %+v", m)
			}
			return
		}
		b := m.Encode()
		if len(b) > compare.MaxSize {
			t.Fatalf("%d bytes", len(b))
		}
		back, err := compare.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if one, two := back.Encode(), m.Encode(); string(one) != string(two) {
			t.Errorf("another form of the same memory:\n%s\n%s", one, two)
		}
		p := newPress() // whatever a memory says, it can be judged by
		page := p.page("A B x C")
		k := compare.Known{Content: page.Content, Keys: compare.KeysOf(page), Memory: back, Looks: 3}
		one, _ := json.Marshal(k.Judge(p.look(p.page("A B' C D"))).Content)
		if len(one) == 0 {
			t.Error("no content")
		}
	})
}

// long prints an article of n blocks among furniture, with the m-th edited.
func long(p *press, n, furniture, edited int) string {
	var b strings.Builder
	for i := range furniture {
		fmt.Fprintf(&b, "~F%d ", i)
	}
	for i := range n {
		fmt.Fprintf(&b, "L%d", i)
		if i == edited {
			b.WriteByte('\'')
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func BenchmarkJudge(b *testing.B) {
	for _, bb := range []struct {
		name              string
		blocks, furniture int
		rewritten         bool
	}{
		{"60-of-400", 60, 340, false},
		{"5000", 5000, 0, false},
		{"5000-rewritten", 5000, 0, true},
	} {
		p := newPress()
		was, now := p.page(long(p, bb.blocks, bb.furniture, -1)), p.page(long(p, bb.blocks, bb.furniture, bb.blocks/2))
		if bb.rewritten {
			now = p.page(strings.ReplaceAll(long(p, bb.blocks, bb.furniture, -1), "L", "N"))
		}
		v := compare.First(nil, p.look(was))
		k := compare.Known{Content: v.Content, Keys: v.Keys, Memory: v.Memory, Looks: 9}
		for _, pages := range []struct {
			name string
			look compare.Look
		}{{"same", p.look(was)}, {"edited", p.look(now)}} {
			b.Run(bb.name+"/"+pages.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					k.Judge(pages.look)
				}
			})
		}
	}
}
